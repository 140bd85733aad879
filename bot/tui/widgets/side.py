"""The pane beside the transcript: the sources of the chosen answer, and the article that one of them opens."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.tui.draw.base import OPENS, Row
from bot.tui.draw.shown import ShownTurn
from bot.tui.draw.sources import rows
from bot.tui.messages import QuoteChosen
from bot.tui.widgets.reader import Reader

INDENTED = 4  # columns of the list beside the facts of a source: their indent, the padding, the scrollbar


class Source(Vertical):
    """An article in the list; a click on it opens its first footnote, or the one that is clicked."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self._title = Static(row.title, markup=False, classes="title")
        self._below = Static(row.below, markup=False, classes="below")
        super().__init__(self._title, self._below, classes="source")

    def show(self, row: Row) -> None:
        """Draws another article, or the same one with more known of it."""
        if row != self.row:
            self.row = row
            self._title.update(row.title)
            self._below.update(row.below)

    def on_click(self, event: events.Click) -> None:
        self.post_message(QuoteChosen(str(event.style.meta.get(OPENS, self.row.name))))


class Side(Vertical):
    """A heading, the list and the reader."""

    def __init__(self) -> None:
        super().__init__(id="side")
        self.reader = Reader(id="article")
        self._sources: list[Source] = []
        self._listed: tuple[int, ShownTurn | None, str] | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="heading", markup=False)
        yield VerticalScroll(id="list", can_focus=False)
        yield self.reader

    def list_turn(self, key: int, turn: ShownTurn | None, opened: str) -> None:
        """Lists the sources of turn `key`, the open one in view."""
        if self._listed is None or self._listed[0] != key:
            self.query_one("#list").scroll_home(animate=False)
        self._listed = key, turn, opened
        pane = self.query_one("#list", VerticalScroll)
        drawn = rows(turn, opened, pane.size.width - INDENTED) if turn is not None else []
        heading = f"{_kind(turn)} of answer {key + 1}" if turn is not None and drawn else ""
        self.query_one("#heading", Static).update(Content(heading))
        # in place, for new widgets leave a gap for a moment
        for source, row in zip(self._sources, drawn, strict=False):
            source.show(row)
        added = [Source(row) for row in drawn[len(self._sources) :]]
        pane.mount(*added)
        for source in self._sources[len(drawn) :]:
            source.remove()
        self._sources = [*self._sources[: len(drawn)], *added]
        for source in self._sources:
            if source.row.opened:
                pane.call_after_refresh(pane.scroll_to_widget, source, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        if self._listed is not None:
            self.list_turn(*self._listed)


def _kind(turn: ShownTurn) -> str:
    """What the sources of a turn are."""
    answer = turn.answer
    if answer is None:
        return "SOURCES" if turn.citations else "FOUND, being read,"
    if answer.citations or not answer.closest:
        return "SOURCES"
    if answer.refused:
        return "CLOSEST" if answer.outcome == "unsure" else "CLOSEST, NOT USED,"
    return "FOUND, NOT USED,"
