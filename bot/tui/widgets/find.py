"""The line in which one writes what to find."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from bot.tui.keys import bindings


class Wanted(Input):
    """What to find; Enter and the arrow keys go from one match to the next."""

    BINDINGS = bindings("find")


class FindBar(Horizontal):
    """A name of what is searched, the field, and how many matches there are."""

    def __init__(self, *, lively: bool) -> None:
        super().__init__(id="finding")
        self.wanted = Wanted(id="find", compact=True, placeholder="words to find")
        self.wanted.cursor_blink = lively

    def compose(self) -> ComposeResult:
        yield Static("", id="find-in", markup=False)
        yield self.wanted
        yield Static("", id="find-count", markup=False)

    def told(self, where: str, count: str) -> None:
        """Draws what is searched, and what was found."""
        self.query_one("#find-in", Static).update(f"find in the {where}:")
        self.query_one("#find-count", Static).update(count)
