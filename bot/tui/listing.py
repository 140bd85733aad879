"""What the screens with a list share: a search field, rows, a line for messages, the keys."""

from typing import Any, ClassVar, TypeVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, Static

from bot.show.clean import one_line
from bot.tui import keys
from bot.tui.draw.base import key_line
from bot.tui.engine import Engine
from bot.tui.messages import RowChosen
from bot.tui.widgets.rows import Draw, Rows

Result = TypeVar("Result")


class ListScreen(Screen[Result]):
    """A list that is searched as one types. Letters go to the field but those that are commands over the rows."""

    BINDINGS = keys.bindings("list")
    part: ClassVar[str]  # its part in the table of keys
    lines: ClassVar[int]  # of a row

    def __init__(self, engine: Engine, draw: Draw, words: str = "", *, lively: bool) -> None:
        super().__init__()
        self.engine, self.lively = engine, lively
        self.search = Input(words, id="search", compact=True, placeholder="type to search", select_on_focus=False)
        self.search.cursor_blink = lively
        self.rows = Rows(draw, self.lines)
        self.listed: str | None = None  # the words for which the rows are filled

    def compose(self) -> ComposeResult:
        yield Static("", id="named", markup=False)
        yield self.search
        yield self.rows
        yield Static("", id="note", markup=False)
        yield Static("", id="keys", markup=False)

    @on(events.DescendantFocus)
    @on(events.Resize)
    def draw_keys(self) -> None:
        line = key_line(keys.list_line(self.part, rows=self.rows.has_focus), self.size.width)
        self.query_one("#keys", Static).update(line)

    def name_list(self, words: str) -> None:
        """Draws the line over the list."""
        self.query_one("#named", Static).update(one_line(words, max(1, self.app.size.width - 2)))

    def note(self, words: str) -> None:
        self.query_one("#note", Static).update(one_line(words))

    @property
    def marked(self) -> Any:
        """The marked item, or None where the list is empty."""
        return self.rows.marked

    def on_key(self, event: events.Key) -> None:
        """Gives what is typed over the rows to the search field, but the letters that are commands there.

        Once the field has got the first letter it gets all, for the next ones may be on their way to the rows.
        """
        typing = self.focused is self.search or event.key not in keys.letters(self.part)
        if event.character and event.is_printable and typing:
            self.set_focus(self.search)
            if event.character != "/" or self.search.value:
                self.search.insert_text_at_cursor(event.character)
            event.stop()
            event.prevent_default()

    def action_row(self, by: int) -> None:
        self.set_focus(self.rows)
        self.rows.move(by)

    def action_page(self, by: int) -> None:
        self.set_focus(self.rows)
        self.rows.page(by)

    @on(Input.Changed, "#search")
    def searched(self) -> None:
        if self.search.value != self.listed:
            self.note("")
            self.look()

    @work(group="look", exclusive=True)
    async def look(self, *, top: bool = True) -> None:
        """Lists what has the words in the field."""
        await self.fill(top=top)

    @on(Input.Submitted, "#search")
    @on(RowChosen)
    @work(group="look", exclusive=True)
    async def action_choose(self) -> None:
        """Does what Enter does with the marked row, once the rows are those of the words in the field."""
        if self.search.value != self.listed:
            await self.fill(top=True)
        if self.marked is not None:
            self.choose(self.marked)

    async def fill(self, *, top: bool) -> None:
        """Fills the rows with what has the words in the field, and notes those words in `listed`."""
        raise NotImplementedError

    def choose(self, item: Any) -> None:
        raise NotImplementedError
