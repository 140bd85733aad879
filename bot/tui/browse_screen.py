"""The corpus (ctrl+b): its articles by day and outlet, searched, read, ticked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from textual import work

from bot.show.page import day
from bot.tui import keys
from bot.tui.draw.base import counted
from bot.tui.draw.rows import article_row
from bot.tui.engine import Engine
from bot.tui.listing import ListScreen
from store.errors import FootnoteError
from store.outlets import comparable
from store.passage import Document


@dataclass(slots=True)
class Browsing:
    """How the list was left, so that it opens so again."""

    articles: Sequence[tuple[Document, str]] = ()  # each with the words by which it is found
    words: str = ""
    at: int = 0
    by_outlet: bool = False
    ticked: dict[str, str] = field(default_factory=dict)  # titles by ids; of all articles where it is empty


def searchable(documents: Sequence[Document]) -> list[tuple[Document, str]]:
    """Articles with the words by which each is found: headline, outlet, author and day."""
    return [
        (
            one,
            f"{one.title} {one.outlet or ''} {one.author or ''} {one.published or ''} {day(one.published)}".casefold(),
        )
        for one in documents
    ]


def listed(articles: Sequence[tuple[Document, str]], words: str, *, by_outlet: bool) -> list[Document]:
    """The articles that have every one of the words, in their order or by outlet."""
    wanted = words.casefold().split()
    found = [one for one, told in articles if all(word in told for word in wanted)]
    return sorted(found, key=lambda one: comparable(one.outlet or "\uffff")) if by_outlet else found


class BrowseScreen(ListScreen[Document | None]):
    """Closes with the article to read, or with None; what is ticked stands in `browsing`."""

    AUTO_FOCUS = "#rows"
    BINDINGS = keys.bindings("browse")
    part: ClassVar[str] = "browse"
    lines: ClassVar[int] = 1

    def __init__(self, engine: Engine, browsing: Browsing, *, lively: bool) -> None:
        super().__init__(engine, partial(article_row, ticked=browsing.ticked), browsing.words, lively=lively)
        self.browsing = browsing

    def on_mount(self) -> None:
        self.rows.at = self.browsing.at
        self.note("loading the list …" if not self.browsing.articles else "")
        self.look(top=False)
        self.load()

    @work(group="load")
    async def load(self) -> None:
        """Lists the articles as they stand now."""
        try:
            documents = await self.engine.articles()
        except FootnoteError as error:
            self.note(f"{error.message} {error.next}")
            return
        self.browsing.articles = await asyncio.to_thread(searchable, documents)
        self.look(top=False)

    async def fill(self, *, top: bool) -> None:
        browsing, words = self.browsing, self.search.value
        if not browsing.articles:
            return
        found = await asyncio.to_thread(listed, browsing.articles, words, by_outlet=browsing.by_outlet)
        self.listed = browsing.words = words
        self.rows.fill(found, top=top)
        self.note("" if found else "No article has these words in its headline, outlet, author or day.")
        self.name_articles()

    def name_articles(self) -> None:
        """Draws how many articles there are, in which order, and how many are ticked."""
        order = "by outlet" if self.browsing.by_outlet else "newest first"
        ticked = len(self.browsing.ticked)
        asks = f" · {ticked:,} ticked: Esc asks only {'it' if ticked == 1 else 'these'}" if ticked else ""
        self.name_list(f"{counted(len(self.rows.items), 'article')} · {order}{asks}")

    def choose(self, item: Document) -> None:
        self.browsing.at = self.rows.at
        self.dismiss(item)

    def action_tick(self) -> None:
        document: Document | None = self.marked
        if document is not None:
            if document.id in self.browsing.ticked:
                del self.browsing.ticked[document.id]
            else:
                self.browsing.ticked[document.id] = document.title
            self.rows.move(1)
            self.name_articles()

    def action_order(self) -> None:
        self.browsing.by_outlet = not self.browsing.by_outlet
        self.look()
