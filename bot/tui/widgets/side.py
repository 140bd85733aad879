"""The pane beside the transcript: the sources of the chosen answer, and the article that one of them opens."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.conversation import Quote
from bot.tui import draw
from bot.tui.draw import OPENS, Listing, ShownTurn
from bot.tui.engine import Article
from bot.tui.keys import bindings
from bot.tui.messages import QuoteChosen
from store.passage import Document


class Listed(Static):
    """A source's line in the list; a click on it opens the source."""

    def on_click(self, event: events.Click) -> None:
        if OPENS in event.style.meta:
            self.post_message(QuoteChosen(str(event.style.meta[OPENS])))


class Paragraph(Static):
    """One paragraph of an article."""

    def __init__(self, content: Content, mark: int | None) -> None:
        self.text = content
        self.mark = mark  # the offset at which the quote begins in it; None if it holds no part of the quote
        super().__init__(content, markup=False, classes="paragraph")


class Reader(VerticalScroll):
    """A whole article, with a quote marked and in view."""

    BINDINGS = bindings("reader")

    name_shown = ""  # the number or letter of the quote

    async def show(self, article: Article, quote: Quote, name: str) -> None:
        self.name_shown = name
        await self.remove_children()
        paragraphs = [Paragraph(content, mark) for content, mark in draw.article_body(article, quote)]
        await self.mount(Static(draw.article_head(article), markup=False, classes="head"), *paragraphs)
        self.call_after_refresh(self.scroll_to_mark)

    def scroll_to_mark(self) -> None:
        """Scrolls so that the quote begins in the upper third."""
        for paragraph in self.query(Paragraph):
            if paragraph.mark is not None and paragraph.size.width:
                before = paragraph.text[: paragraph.mark + 1]
                line = before.get_height({}, paragraph.size.width) - 1
                self.scroll_to(y=paragraph.virtual_region.y + line - self.size.height // 3, animate=False)
                return


class Side(Vertical):
    """A heading, the list and the reader."""

    def __init__(self) -> None:
        super().__init__(id="side")
        self.reader = Reader(id="reader")

    def compose(self) -> ComposeResult:
        yield Static("", id="heading", markup=False)
        yield VerticalScroll(id="list", can_focus=False)
        yield self.reader

    def list_turn(self, key: int, turn: ShownTurn | None, opened: str) -> None:
        """Lists the sources of turn `key`; with the one called `opened` open, without their quotes."""
        names = list(turn.quotes) if turn is not None else []
        if turn is None or not names:
            self._list("", [])
            return
        kind = "SOURCES"
        if turn.answer is not None and not turn.answer.citations:
            kind = "CLOSEST" if turn.answer.outcome == "unsure" else "CLOSEST, NOT USED,"
        position = f"{names.index(opened) + 1}/{len(names)}" if opened in names else str(len(names))
        heading = f"{kind} of answer {key + 1} · {position}{draw.speaker(turn, opened)}"
        self._list(heading, draw.listings(turn, opened))

    def list_found(self, documents: Sequence[Document]) -> None:
        """Lists the articles that are being read for an answer."""
        self._list("FOUND, being read" if documents else "", draw.found_listings(documents))

    def _list(self, heading: str, listings: list[Listing]) -> None:
        self.query_one("#heading", Static).update(Content(heading))
        pane = self.query_one("#list", VerticalScroll)
        pane.remove_children()
        for title, below in listings:
            pane.mount(Listed(title, markup=False, classes="title"), Listed(below, markup=False, classes="below"))
