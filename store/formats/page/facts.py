"""Facts of a page: title, outlet, author, days, address, each from the surest place that names it.

A headline is taken as it stands over the story where the page's head has it too. An outlet is the site's name in a
`meta` element, else the publisher of the structured data, else what stands beside the headline in the page's title.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from store.formats.facts import OUTLET
from store.formats.page.dates import days
from store.formats.page.jsonld import Described, alike, text
from store.formats.page.metadata import metas
from store.formats.page.parse import Page, line
from store.formats.page.people import authors
from store.formats.page.story import Story

TITLE = 500  # most characters of a title that are looked at
_SECTIONS = frozenset(
    "news politics sport sports world business opinion home culture science health video live".split()
)


@dataclass(slots=True)
class PageFacts:
    """The facts of a page, with a sentence for each oddity."""

    title: str = ""
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    date_source: str | None = None
    url: str | None = None
    warnings: list[str] = field(default_factory=list)


def titles(page: Page) -> list[str]:
    """The titles that the head of a page gives, the surest first."""
    return [title[:TITLE] for title in (*metas(page, "title"), page.title) if title]


def addresses(page: Page, given: str = "") -> list[str]:
    """The addresses that a page may have, the surest first."""
    named = [content for name, content in page.metadata if name.lower() in ("og:url", "twitter:url", "parsely-link")]
    bases = [url for url in (given, page.saved_from, *named) if url.startswith("http")]
    links = [page.canonical, *named, given, page.saved_from]
    found = [urljoin(bases[0], link) if bases and link and ":" not in link[:8] else link for link in links]
    found = [link for link in found if re.match(r"https?://[^\s/]", link) and len(link) < 2000]
    return sorted(dict.fromkeys(found), key=lambda link: not _path(link))


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path.strip("/") or parts.query


def facts(page: Page, data: Described, story: Story, given: str = "") -> PageFacts:
    """The facts of a page with its structured data and its story; `given` is the address from outside the page."""
    found = PageFacts()
    links = addresses(page, given)
    own = [text(data.article.get(key)) for key in ("url", "mainEntityOfPage", "@id")]
    links += [link for link in own if re.match(r"https?://[^\s/]+/[^#]", link)]
    found.url = links[0].split("#")[0] if links else None
    found.outlet = _outlet(page, data, found.url or "")
    found.title = _title(page, data, story, found.outlet or "", found.url or "")
    if not found.outlet:
        found.outlet = _outlet_beside(page, " ".join(story.title.split()), _host(found.url or ""))
        found.title = without_outlet(found.title, found.outlet or "", found.url or "")
    found.author = authors(page, data, story, found.outlet or "")
    when = days(page, data, story, links)
    found.published, found.updated, found.date_source = when.published, when.updated, when.source
    found.warnings += when.warnings
    return found


def _outlet(page: Page, data: Described, url: str) -> str | None:
    """The name of the site, else of the publisher, else of what stands behind the title and in the address."""
    publishers = [text(node.get("name")) for node in data.people("publisher")]
    names = [name for name in (*metas(page, "outlet"), *publishers, data.site) if 0 < len(name) <= OUTLET]
    names = [
        name for name in names if not re.match(r"https?://|@|www\.", name) and name.lower() not in ("null", "none")
    ]
    if names:
        return names[0]
    try:
        host = re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").lower())
    except ValueError:
        host = ""
    behind = _parts(page.title)[-1:] if len(_parts(page.title)) > 1 else []
    return behind[0] if behind and len(_host(behind[0])) > 2 and _host(behind[0]) in host else None


def _outlet_beside(page: Page, headline: str, host: str) -> str | None:
    """The outlet in a title "Headline | Outlet" or "Outlet: Headline", where the page names it in another place too."""
    title, at = page.title, page.title.find(headline)
    if not headline or at < 0 or title == headline:
        return None
    rest = (title[:at] + title[at + len(headline) :]).strip(" |–—·•»:-")
    rest = _parts(rest)[-1 if not at else 0] if rest else ""
    if not rest or len(rest) > 40 or len(rest.split()) > 5 or rest.lower() in _SECTIONS:
        return None
    named = any(rest in block.text[:2000] and block.text != title for block in page.blocks)
    return rest if named or not at or _host(rest) in host else None


def _host(name: str) -> str:
    """A name as it would stand in a host's name."""
    return re.sub(r"^the|[\W_]", "", name.lower())


def _parts(title: str) -> list[str]:
    """A title cut at the signs that sites set before their names."""
    return [part.strip() for part in re.split(r"\s+[|–—·•»:-]\s+|\s*\|\s*", title) if part.strip()]


def without_outlet(title: str, outlet: str, url: str = "") -> str:
    """A title without the outlet's name, its section and such at its end or beginning."""
    host = re.sub(r"^www\.", "", url.split("/")[2].lower()) if url.count("/") > 2 else ""
    for _ in range(3):
        match = re.search(r"\s*(?:\||\s[–—·•»-])\s+([^|–—·•»]{2,80}|[^|]{2,60})$", title)
        if not match or not match.start():
            break
        tail = re.sub(r"[\W_]", "", match[1].lower())
        name = re.sub(r"[\W_]", "", outlet.lower())
        near = bool(name) and (tail in name or name in tail)
        section = bool(name) and match[0].strip().startswith("|") and len(match[1]) < match.start()
        if not near and not section and not (tail and tail in re.sub(r"\W", "", host)):
            break
        title = title[: match.start()].strip()
    topic = re.match(r"(\w+)\s+\|\s+(?=\S)", title)
    if topic and topic[1].lower() in _SECTIONS:
        title = title[topic.end() :]
    if outlet and re.match(re.escape(outlet) + r"\s*[|:–—-]\s", title, re.IGNORECASE):
        title = title[len(outlet) :].lstrip(" |:–—-") or title
    return title


def _title(page: Page, data: Described, story: Story, outlet: str, url: str) -> str:
    """The headline: as it stands over the story where another place has it too, else as those places have it."""
    given = [text(data.article.get("headline")) or text(data.article.get("name")), *titles(page)]
    given = [without_outlet(line(title), outlet, url) for title in given if title]
    given = [title for title in given if title and title.lower() != outlet.lower()]
    headline = " ".join(story.title.split())
    behind = [title for title in given if headline.endswith(" " + title)]  # a topic stands before it
    if behind:
        return behind[0]
    if headline and (not given or any(alike(headline, title) for title in given)):
        return without_outlet(headline, outlet, url) if not given or headline not in given else headline
    return given[0] if given else headline
