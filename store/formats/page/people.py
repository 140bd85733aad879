"""The people who wrote an article: names alone, from the structured data, the `meta` elements or a byline."""

import re

from store.formats.page.jsonld import Described, text, types
from store.formats.page.metadata import foreign, metas
from store.formats.page.parse import Page
from store.formats.page.story import Story

_ORGANISATION = re.compile(
    r"\b(?:staff|news|press|agency|agencies|desk|team|editors?|editorial|newsroom|board|correspondents?|reporters?|"
    r"writers?|reuters|afp|bloomberg|associated|media|magazine|times|post|herald|daily|journal|gazette|radio|tv|"
    r"service|services|wire|admin|administrator|contributors?|network|online|group|company|inc|ltd|bbc|cnn|npr|guest|"
    r"super user|webmaster|redaktion|redaction|redazione|anonymous|unknown)\b",
    re.IGNORECASE,
)
_BEHIND_NAMES = re.compile(
    r"\s+(?:in|for|at|of) (?=(?-i:[A-Z]))|\s[|–—-]\s|\b(?:published|updated|posted|photo\w*|pictures?|illustrat\w+)\b",
    re.IGNORECASE,
)
_AUTHOR = re.compile(r"\b(?:post-)?(?:author|byline)s?\b")
_BY = re.compile(r"(?:by|words by|written by|reported by|interview by|text)[: ]|interview:", re.IGNORECASE)
_LABEL = re.compile(
    r"\s*(?:(?:words by|written by|reported by|story by|posted by|interview by|by|author|text)\b|interview:|"
    r"(?:von|par|por)(?= (?-i:[A-Z]\S+ [A-Z])))[: ]*",
    re.IGNORECASE,
)
_CONNECT = re.compile(r"\s*(?:,|;|\||/|•|·|&|\band\b|\bwith\b|\n)\s*", re.IGNORECASE)


def authors(page: Page, data: Described, story: Story, outlet: str) -> str | None:
    """The names of the people who wrote the article."""
    nodes = [node for key in ("author", "creator") for node in data.people(key)]
    persons = [text(node.get("name")) for node in nodes if "Organization" not in types(node)]
    for candidates in (persons, metas(page, "author"), _bylines(page, story)):
        names = people(candidates, outlet)
        if names:
            return ", ".join(names)
    return None


def _bylines(page: Page, story: Story) -> list[str]:
    """Lines beside the headline that name an author, by their markup or their words; below the text by markup alone."""
    above = range(max(0, story.span.start - 8), story.opening + 1)
    below = range(story.opening + 1, story.span.stop + 6)
    marked: dict[range, list[str]] = {above: [], below: []}
    for mark in page.marks:
        values = (mark.attributes.get(key, "") for key in ("class", "rel", "itemprop"))
        if mark.tag != "time" and _AUTHOR.search(" ".join(values)) and not foreign(page, mark):
            for zone, texts in marked.items():
                texts += [mark.text] if mark.block in zone else []
    for region in page.regions:
        if region.first in above and 0 < region.last - region.first <= 3 and _AUTHOR.search(region.names):
            marked[above] += [page.blocks[number].text for number in range(region.first, region.last)][:1]
    lines = [block.text for block in story.head if _BY.match(block.text)]
    for texts in (marked[above], lines[:1], marked[below]):
        if named := [text for text in texts if people([text], "")]:
            return named[:3]
    return []


def people(lines: list[str], outlet: str) -> list[str]:
    """The names of persons in author lines: no "By", no roles, addresses or organisations."""
    names: list[str] = []
    for author in lines[:20]:
        author = re.sub(r"\s*[\(\[<][^)\]>]*[)\]>]", "", re.sub(r"[^\S\n]+", " ", author.strip())[:300])
        author = re.split(r"\s\d", _BEHIND_NAMES.split(author)[0])[0]
        author = author[label.end() :] if (label := _LABEL.match(author)) else author
        for part in _CONNECT.split(author):
            name = re.sub(r"(?i)^by\s+", "", part).strip(" .,:")
            known = {other.lower() for other in names}
            if _is_person(name) and name.lower() not in known | {outlet.lower()}:
                names.append(_capitals(name))
    return names


def _is_person(name: str) -> bool:
    """Whether a line can be a person's name alone."""
    if re.search(r"[\d@:/#_]|\.(?:com|org|net)\b", name) or _ORGANISATION.search(name) or not 2 < len(name) <= 60:
        return False
    words = name.split()
    return 2 <= len(words) <= 6 and words[0][0].isupper() and words[-1][0].isupper()


def _capitals(name: str) -> str:
    """A name that is written in capitals, as names are."""
    return name.title() if name.isupper() else name
