"""The pane beside the transcript: the sources of the chosen answer, and the article that one of them opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.tui import draw
from bot.tui.draw import OPENS, Listing, Shown
from bot.tui.engine import Article
from bot.tui.keys import bindings
from bot.tui.messages import Chosen

if TYPE_CHECKING:
    from store.passage import Document


class Listed(Static):
    """A source's line in the list; a click on it opens the source."""

    def __init__(self, content: Content, classes: str) -> None:
        super().__init__(content, markup=False, classes=classes)

    def on_click(self, event: events.Click) -> None:
        if OPENS in event.style.meta:
            self.post_message(Chosen(str(event.style.meta[OPENS])))


class Paragraph(Static):
    """One paragraph of an article; `mark` is where in it a quote begins, None where none does."""

    def __init__(self, content: Content, mark: int | None) -> None:
        self.text = content
        self.mark = mark
        super().__init__(content, markup=False, classes="paragraph")


class Reader(VerticalScroll):
    """A whole article, with a quote in it marked and in view."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reader")]

    def __init__(self) -> None:
        super().__init__(id="reader")
        self.name_shown = ""

    async def show(self, article: Article, span: tuple[int, int], name: str) -> None:
        self.name_shown = name
        await self.remove_children()
        drawn = draw.body(article, span)
        await self.mount(
            Static(draw.head(article), markup=False, classes="head"),
            *(Paragraph(content, mark) for content, mark in drawn),
        )
        self.call_after_refresh(self.to_mark)

    def to_mark(self) -> None:
        """Scrolls so that the quote begins in the upper third."""
        for paragraph in self.query(Paragraph):
            if paragraph.mark is not None and paragraph.size.width:
                before = paragraph.text[: paragraph.mark + 1]
                line = before.get_height({}, paragraph.size.width) - 1
                self.scroll_to(y=paragraph.virtual_region.y + line - self.size.height // 3, animate=False)
                return

    def action_open(self, name: str) -> None:
        self.post_message(Chosen(name))


class Side(Vertical):
    """A heading, the list and the reader."""

    def __init__(self) -> None:
        super().__init__(id="side")

    def compose(self) -> ComposeResult:
        yield Static("", id="heading", markup=False)
        yield VerticalScroll(id="list", can_focus=False)
        yield Reader()

    @property
    def reader(self) -> Reader:
        return self.query_one(Reader)

    def list_turn(self, key: int, shown: Shown | None, name: str) -> None:
        """Lists the sources of turn `key`; with the one called `name` open, without their quotes."""
        names = list(draw.named(shown)) if shown is not None else []
        if not names or shown is None:
            self._list("", [])
            return
        answer = shown.answer
        what = "SOURCES"
        if answer is not None and not answer.citations:
            what = "CLOSEST" if answer.outcome == "unsure" else "CLOSEST, NOT USED,"
        place = f"{names.index(name) + 1}/{len(names)}" if name in names else str(len(names))
        self._list(f"{what} of answer {key + 1} · {place}", draw.sources(shown, name, quotes=not name))

    def list_found(self, documents: Sequence[Document]) -> None:
        """Lists the articles that are being read for an answer."""
        self._list("FOUND, being read" if documents else "", draw.found(documents))

    def _list(self, heading: str, listed: list[Listing]) -> None:
        self.query_one("#heading", Static).update(Content(heading))
        place = self.query_one("#list", VerticalScroll)
        place.remove_children()
        for entry in listed:
            place.mount(Listed(entry.title, "title"), Listed(entry.below, "below"))
