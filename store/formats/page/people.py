"""The people who wrote an article: names alone, from the structured data, the `meta` elements or a byline."""

import re

from store.formats.page.jsonld import Described, text, types
from store.formats.page.metadata import foreign, metas
from store.formats.page.parse import Page
from store.formats.page.story import Story
from store.formats.people import people

_AUTHOR = re.compile(r"\b(?:post-)?(?:author|byline)s?\b")
_BY = re.compile(
    r"(?:by|words by|written by|reported by|interview by|text)[: ]|interview:|"
    r"(?:von|par|por|door|av) (?-i:[A-Z]\S+ [A-Z])",
    re.IGNORECASE,
)


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
        if mark.tag != "time" and _AUTHOR.search(" ".join(values)) and not foreign(page, mark.region):
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
