"""JSON-LD: the one node of a page's structured data that describes the article itself."""

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ARTICLES = re.compile(r"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report|TechArticle|ScholarlyArticle)")
NODES = 20_000  # most nodes that are looked at
PAGES = ("WebPage", "ItemPage", "CollectionPage")
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """A post of a live blog: its headline, its time as written, its text."""

    headline: str
    when: str
    body: str


@dataclass(frozen=True, slots=True)
class Described:
    """What the structured data says: the node of the article, the one of its page, all nodes by their @id."""

    article: Node
    page: Node
    named: dict[str, Node]
    site: str = ""  # the name of the site
    broken: bool = False  # a block could not be parsed

    def value(self, key: str) -> str:
        """A property of the article, or of its page, as a line."""
        return text(self.article.get(key)) or text(self.page.get(key))

    def people(self, key: str) -> list[Node]:
        """The values of a property as nodes with a name, references followed."""
        return [node for value in listed(self.article.get(key)) if (node := self._node(value))]

    def _node(self, value: Any) -> Node:
        if isinstance(value, str):
            return {"name": value}
        if not isinstance(value, dict):
            return {}
        known = self.named.get(str(value.get("@id")), {})
        return value if "name" in value else {**known, **value}

    def updates(self) -> list[Update]:
        """The posts of a live blog, in the order of the data."""
        posts = [self._node(post) for post in listed(self.article.get("liveBlogUpdate")) if isinstance(post, dict)]
        return [
            Update(text(post.get("headline")), text(post.get("datePublished")), body(post.get("articleBody")))
            for post in posts
        ]


def described(blocks: list[str], titles: list[str], addresses: list[str]) -> Described:
    """What the blocks of JSON-LD of a page say of its article: the node whose headline or address is the page's."""
    top: list[Node] = []
    named: dict[str, Node] = {}
    broken = False
    for block in blocks:
        loaded = _loaded(block)
        broken |= loaded is None
        for node in _nodes(loaded):
            if isinstance(node.get("@id"), str):
                named[node["@id"]] = {**named.get(node["@id"], {}), **node}
            top.append(node)
    articles = [node for node in top if any(ARTICLES.fullmatch(kind) for kind in types(node))]
    pages = [node for node in top if any(kind in PAGES for kind in types(node))]

    def fit(node: Node) -> tuple[bool, bool, bool]:
        links = {text(node.get(key)).rstrip("/") for key in ("url", "mainEntityOfPage", "@id")}
        about = text(node.get("headline")) or text(node.get("name"))
        return (
            bool(about) and any(alike(about, title) for title in titles),
            any(link and link == address.rstrip("/") for link in links for address in addresses),
            "LiveBlogPosting" in types(node),
        )

    def strange(node: Node) -> bool:
        """Whether its headline shares too few words with the titles of the page: it is another story's."""
        words = _words(text(node.get("headline")))
        shared = min(2, len(words), len(known)) if min(len(words), len(known)) > 3 else 1
        return bool(words and known) and not any(fit(node)[:2]) and len(words & known) < shared

    known = _words(" ".join(titles))
    article = max((node for node in articles if not strange(node)), key=fit, default={})
    page = max(pages, key=fit, default={})
    if not article and not any(fit(page)[:2]):
        page = {}
    sites = [text(node.get("name")) for node in top if "WebSite" in types(node)]
    return Described(article, page, named, next(filter(None, sites), ""), broken)


def _words(title: str) -> set[str]:
    """The words of a title that may tell what it is about."""
    return set(re.findall(r"\w{3,}", title.lower())) - {"the", "and", "for", "with", "from", "after", "over", "that"}


def alike(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, signs, and what stands behind or before one of them."""
    first, second = (re.sub(r"[\W_]+", "", title.lower()) for title in (one, other))
    short, long = sorted((first, second), key=len)
    return len(short) > 3 and (long.startswith(short) or (len(short) > 9 and long.endswith(short)))


def types(node: Node) -> list[str]:
    """The types of a node, without their address."""
    return [str(kind).rpartition("/")[2] for kind in listed(node.get("@type"))]


def listed(value: Any) -> list[Any]:
    """A value, or the values of a list."""
    if isinstance(value, dict) and isinstance(value.get("@list"), list):
        value = value["@list"]
    return value if isinstance(value, list) else [] if value is None else [value]


def text(value: Any) -> str:
    """A value as one line: of a node its address or its name, of a list its first value; entities decoded."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("@value") or value.get("@id") or value.get("url") or value.get("name")
    return " ".join(html.unescape(str(value)).split()) if isinstance(value, str | int | float) else ""


def body(value: Any) -> str:
    """A value that is running text, its line breaks kept."""
    return html.unescape(value) if isinstance(value, str) else ""


def _loaded(block: str) -> Any:
    """A block's data; None where it is broken."""
    block = re.sub(
        r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*;?\s*\Z",
        "",
        block.strip(),
    )
    for attempt in (block, re.sub(r",(\s*[}\]])", r"\1", block.rstrip(";"))):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(data: Any) -> Iterator[Node]:
    """The nodes that stand for the page: top ones, those of lists and graphs, and the main entity of each."""
    waiting = deque([data])
    for _ in range(NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft(reversed(value[:NODES]))
        elif isinstance(value, dict):
            yield value
            waiting.extendleft(
                value[key] for key in ("mainEntity", "@graph") if isinstance(value.get(key), dict | list)
            )
