"""The story of a page: the region that holds it, without what is page, as lines with what each of them is."""

import re
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

from store.formats.corrections import corrections
from store.formats.page.jsonld import alike
from store.formats.page.lines import page_line, split_caption
from store.formats.page.parse import UNSEEN, Block, Page, Region

_ROWS = [row.split("\t") for row in Path(__file__).with_name("names.tsv").read_text("utf-8").splitlines()[1:]]
_NAMES = {what: frozenset(words.split()) for what, words in _ROWS}
"""Words of classes and ids that name a part of a page and not of a story, and pairs of such words."""
_BODY = re.compile(
    r"(?:^|[\s_-])(?:article|story|entry|post|news)(?:-|_|__|--)?(?:body|content|text|copy)(?:$|[\s_-])|"
    r"(?:^|\s)(?:body-copy|body__inner-container|available-content|td-post-content|field-name-body|"
    r"caas-body|storytext|maincontent|postArticle-content|gh-content|c-entry-content)(?:$|\s)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"\b(?:by-?line|author|dateline|date-?time|timestamp|posted-on|entry-meta|post-meta|meta)s?\b", re.I
)
_STANDFIRST = re.compile(
    r"standfirst|\bdek\b|subtitle|sub-?head|sub-?title|\blede\b|strapline|summary|intro|deck", re.I
)
_BOX = re.compile(r"\bfact|explainer|info-?box|pull|quote|key-?points|summary", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…:。！？][\"'”’)\]»」』]*$")
NOTED = 12  # most lines of a box or a footer that is kept for the correction in it
ROLES = ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "tooltip")


@dataclass(slots=True)
class Line:
    """A line of the article: a block of the page, what it is of the page if it is no story, and its post."""

    kind: str
    text: str
    number: int = -1  # the number of its block
    level: int = 0
    mark: str = ""
    furniture: str = ""
    post: int = -1


@dataclass(slots=True)
class Story:
    """The lines of a page's article, and where on the page they stand."""

    lines: list[Line] = field(default_factory=list)
    head: list[Block] = field(default_factory=list)  # lines around the headline: date, author
    title: str = ""  # the headline that stands over it
    span: range = range(0)  # the numbers of the blocks from the headline to the end of the story
    opening: int = 0  # the number of the block with which the running text begins
    dead: list[bool] = field(default_factory=list)  # of each block, whether it is page


def story(page: Page, titles: list[str], *, whole: bool = False) -> Story:
    """The story of a page with one of these titles; `whole` takes all of the page that is no page furniture."""
    weights = [_weight(block) for block in page.blocks]
    headline = _headline(page, titles)
    dead = _dead(page, weights, headline)
    alive = [0 if gone else weight for gone, weight in zip(dead, weights, strict=True)]
    sums = [0, *accumulate(alive)]
    found = Story(dead=dead)
    root = range(len(page.blocks)) if whole else _root(page, sums, headline)
    if headline >= 0:
        found.title = page.blocks[headline].text
        before = sums[min(headline, root.stop)] - sums[root.start] if headline > root.start else 0
        if before * 4 > sums[root.stop] - sums[root.start] or headline >= root.stop:
            headline = -1
    start = root.start if headline < 0 or whole else headline
    found.span = range(start, root.stop)
    found.opening = next(
        (n for n in range(max(root.start, start), root.stop) if alive[n] and _opens(page, page.blocks[n])), root.stop
    )
    zone = range(max(0, start - 6), min(len(page.blocks), found.opening))
    found.head = [page.blocks[n] for n in zone if page.blocks[n].kind not in ("caption", "row")]
    found.lines = _lines(page, found, root, alive, headline, whole=whole)
    return found


def _weight(block: Block) -> int:
    """How much running text a line is: its characters outside of links, where it looks like a sentence."""
    if block.kind == "heading" or block.linked * 2 > len(block.text):
        return 0
    plain = len(block.text) - block.linked
    return plain if plain >= 40 or (plain >= 12 and _ENDS.search(block.text)) else 0


def _opens(page: Page, block: Block) -> bool:
    """Whether running text can begin with this line."""
    page_only = page_line(block.text) or _is_byline(block.text, page.above(block.region)[:4])
    return block.kind not in ("caption", "heading", "row") and not page_only


def _is_byline(text: str, chain: list[Region]) -> bool:
    """Whether a line in these regions is one of author and day."""
    return len(text) <= 200 and any(_BYLINE.search(region.names) for region in chain) and not _ENDS.search(text)


def _words(names: str) -> list[str]:
    """The words of classes and ids, in lower case; a word inside another is cut at its capital."""
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", names[:400]).lower())


def _headline(page: Page, titles: list[str]) -> int:
    """The number of the heading that is the article's title, -1 where there is none."""
    headings = [(n, block) for n, block in enumerate(page.blocks) if block.kind == "heading"][:2000]
    for title in titles:
        for level in range(1, 4):
            for number, block in headings:
                if block.level == level and alike(block.text, title):
                    return number
    for number, block in enumerate(page.blocks[:60]):  # a headline that is only set large
        if 12 <= len(block.text) <= 200 and not block.linked and any(alike(block.text, title) for title in titles):
            block.kind, block.level = "heading", 1
            return number
    first = [number for number, block in headings if block.level == 1]
    return first[0] if len(first) == 1 or (first and not titles) else -1


def _dead(page: Page, weights: list[int], headline: int) -> list[bool]:
    """Of each block, whether it lies in a region that is page: navigation, comments, related stories, hidden text."""
    sums = [0, *accumulate(weights)]
    gone = [0] * (len(page.blocks) + 1)
    for region in page.regions:
        strong = _junk(region)
        if not strong or region.first >= region.last:
            continue
        if _has_note(page, region):
            continue
        if strong == "weak" and ((sums[region.last] - sums[region.first]) * 2 > sums[-1] or _holds(region, headline)):
            continue
        gone[region.first] += 1
        gone[region.last] -= 1
    return [depth > 0 for depth in accumulate(gone[:-1])]


def _has_note(page: Page, region: Region) -> bool:
    """Whether a region is a small box or footer with a correction in it, and no comments or the like."""
    if region.tag not in ("aside", "footer") or region.last - region.first > NOTED:
        return False
    if not _NAMES["strong"].intersection(_words(region.names)) <= {"footer"}:
        return False
    return any(any(corrections(block.text)) for block in page.blocks[region.first : region.last])


def _holds(region: Region, number: int) -> bool:
    return region.first <= number < region.last


def _junk(region: Region) -> str:
    """ "strong" or "weak" where a region is page by its tag, role or names; else nothing."""
    attributes = region.attributes
    if region.tag in ("nav", "footer", "menu", "search"):
        return "strong" if region.tag == "nav" else "weak"
    if "hidden" in attributes or attributes.get("aria-hidden") == "true" or UNSEEN.search(attributes.get("style", "")):
        return "weak"
    if attributes.get("role") in ROLES:
        return "weak"
    if region.tag in ("html", "body", "main") or "articleBody" in attributes.get("itemprop", ""):
        return ""
    names = region.names
    words = _words(names)
    pairs = {f"{one}-{two}" for one, two in pairwise(words)}
    if pairs & _NAMES["story"]:
        return ""
    if not _NAMES["strong"].isdisjoint(words) and not (region.tag == "article" and "comment" not in words):
        return "strong"
    if region.tag == "article":
        return ""
    if not _NAMES["word"].isdisjoint(words) or pairs & _NAMES["pair"]:
        return "weak"
    return "weak" if region.tag == "aside" and not _BOX.search(names) else ""


def _root(page: Page, sums: list[int], headline: int) -> range:
    """The blocks of the region that holds the story."""

    def weight(region: Region) -> int:
        return sums[region.last] - sums[region.first]

    total = sums[-1]
    marked = [r for r in page.regions if r.tag == "article" or "articleBody" in r.attributes.get("itemprop", "")]
    marked += [r for r in page.regions if r.tag not in ("article", "body", "html") and _BODY.search(r.names)]
    best = max(marked, key=lambda r: (weight(r) * (2 if _holds(r, headline) else 1), r.last - r.first), default=None)
    if best is None or not weight(best) or (weight(best) * 4 < total and not _holds(best, headline)):
        best = None
    if best is not None:  # a smaller region with nearly all of its text
        inner = [
            r for r in marked if best.first <= r.first and r.last <= best.last and weight(r) * 20 >= weight(best) * 19
        ]
        outer, best = best, min(inner, key=lambda r: r.last - r.first, default=best)
        others = [r for r in marked if r.tag == outer.tag and weight(r) and _beside(page, outer, r)]
        beside = sum(weight(r) for r in others if not any(o is not r and _inside(r, o) for o in others))
        if beside * 2 <= weight(outer) or _holds(outer, headline):
            return range(best.first, best.last)
    mains = [r for r in page.regions if r.tag == "main" or r.attributes.get("role") == "main"]
    mains = [r for r in mains if weight(r) * 2 >= total and weight(r)]
    if mains:
        best = max(mains, key=weight)
        return range(best.first, best.last)
    return _densest(page, sums)


def _beside(page: Page, region: Region, other: Region) -> bool:
    """Whether two regions are neighbours in one list, each perhaps in a wrapper of its own."""
    if other.first < region.last and region.first < other.last:
        return False
    if region.parent == other.parent:
        return True
    if min(region.parent, other.parent) < 0:
        return False
    one, two = page.regions[region.parent], page.regions[other.parent]
    return one.tag == two.tag and one.parent == two.parent


def _inside(region: Region, other: Region) -> bool:
    return (
        other.first <= region.first
        and region.last <= other.last
        and (other.first, other.last) != (region.first, region.last)
    )


def _densest(page: Page, sums: list[int]) -> range:
    """The smallest region with four fifths of the page's running text."""
    best = range(len(page.blocks))
    for region in page.regions:
        size = region.last - region.first
        whole = size > 1 or region.tag not in ("p", "li", "td", "th", "tr", "blockquote")
        if whole and size <= len(best) and (sums[region.last] - sums[region.first]) * 5 >= sums[-1] * 4:
            best = range(region.first, region.last)
    return best


def _lines(page: Page, found: Story, root: range, alive: list[int], headline: int, *, whole: bool) -> list[Line]:
    """The lines of a story: its headline, what introduces it, its text."""
    lines: list[Line] = []
    seen: set[str] = set()
    ended = 0  # the end of the region whose rest is page
    times = {mark.block for mark in page.marks if mark.tag == "time" and _is_whole(mark.text, page.blocks, mark.block)}
    for number in found.span:
        block = page.blocks[number]
        if found.dead[number] and number != headline:
            continue
        if number < ended and number != headline:
            continue
        chain = page.above(block.region)[:4]
        if number < root.start and number != headline and not _introduces(block, chain, alive[number]):
            continue
        words = split_caption(block.text)[0][0] if block.kind == "caption" else block.text
        key = " ".join(words.split()).lower()
        if key in seen and (len(key) >= 40 or block.kind in ("caption", "heading")):
            continue
        seen.add(key)
        if not whole and block.kind == "heading" and number > found.opening and ends_story(block.text):
            ended = next((region.last for region in page.above(block.region)[1:] if region.last > number + 1), 0)
            continue
        what = "" if number == headline else _what(page, block, chain, number in times)
        if what == "drop":
            continue
        lines.append(Line(block.kind, block.text, number, block.level, block.mark, what))
    return lines


def _introduces(block: Block, chain: list[Region], weight: int) -> bool:
    """Whether a line between the headline and the text is part of the story: a caption, a standfirst."""
    if block.kind == "caption" or any(_STANDFIRST.search(region.names) for region in chain[:3]):
        return True
    if block.kind == "heading":
        return len(block.text) >= 25 and block.level <= 3 and not block.linked and not ends_story(block.text)
    return bool(weight) and block.kind == "paragraph" and not any(_BYLINE.search(region.names) for region in chain[:2])


def _is_whole(text: str, blocks: list[Block], number: int) -> bool:
    """Whether a mark's text is the whole line."""
    if number >= len(blocks) or len(blocks[number].text) > 100:
        return False
    return " ".join(text.split()) == " ".join(blocks[number].text.split())


_ENDING = re.compile(
    r"(?:more (?:on|from|stories|about|news)|related|read (?:more|next|also)|most (?:read|popular|viewed)|trending|"
    r"comments?|\d+ (?:comments|responses|thoughts)|leave a (?:reply|comment)|share this|about the author|you may also|"
    r"you might|recommended|sign up|get our|our newsletter|newsletter|subscribe|latest (?:news|stories)|top stories|"
    r"also (?:read|in|interesting|of interest)|see also|around the web|from our (?:partners|sponsors)|advertisement|"
    r"tags|topics|"
    r"related topics|editor.s picks?|up next|don.t miss|discover more|elsewhere on|join the conversation)\b",
    re.IGNORECASE,
)


def ends_story(heading: str) -> bool:
    """Whether a heading opens a list of other things than the story."""
    return len(heading) <= 60 and bool(_ENDING.match(heading)) and not heading.endswith((".", "?"))


def _what(page: Page, block: Block, chain: list[Region], is_time: bool) -> str:
    """What a line is of the page; nothing for story, "drop" for what has no place in the text."""
    if is_time:
        return "time stamp"
    if block.kind == "row":
        return ""
    text = block.text
    if block.kind == "caption" and len(text) <= 60 and not _ENDS.search(text):
        tags = [region.tag for region in chain]
        if "figure" in tags and "figcaption" not in tags:
            return "credit"
    if block.linked * 5 >= len(text) * 4 and block.kind != "heading":
        return "link" if len(text) >= 40 else "drop"
    return "byline" if _is_byline(text, chain) else page_line(text)
