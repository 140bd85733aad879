"""A list of any length, of which only the lines in view are drawn."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from bot.tui.messages import RowChosen

Draw = Callable[[Any, int, bool], Sequence[Content]]
"""Draws an item in so many columns, the marked one or not, in as many lines as every row of the list has."""


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of one height with a mark that a screen moves; a click chooses."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--marked"}

    def __init__(self, draw: Draw, lines: int) -> None:
        super().__init__(id="rows")
        self._draw, self._lines = draw, lines
        self._items: Sequence[Any] = ()
        self.at = 0  # the index of the marked item

    @property
    def items(self) -> Sequence[Any]:
        return self._items

    @property
    def marked(self) -> Any:
        """The marked item, or None if there is none."""
        return self._items[self.at] if self._items else None

    def fill(self, items: Sequence[Any], *, top: bool) -> None:
        """Shows other items; the mark stays in its place unless it goes to the `top`."""
        self._items = items
        self.virtual_size = Size(0, self._lines * len(items))
        self.move(-self.at if top else 0)
        self.refresh()

    def move(self, by: int) -> None:
        """Moves the mark, and scrolls it into view."""
        self.at = max(0, min(len(self._items) - 1, self.at + by))
        self.scroll_to_region(
            Region(0, self.at * self._lines, 1, self._lines), animate=False, force=True, immediate=True
        )
        self.refresh()

    def page(self, by: int) -> None:
        """Moves the mark by pages."""
        self.move(by * max(1, self.size.height // self._lines - 1))

    def on_resize(self) -> None:
        if self._items:
            self.move(0)

    def on_click(self, event: events.Click) -> None:
        at = (event.y + self.scroll_offset.y) // self._lines
        if at < len(self._items):
            self.move(at - self.at)
            self.post_message(RowChosen())

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        at, line = divmod(y + self.scroll_offset.y, self._lines)
        if at >= len(self._items):
            return Strip.blank(width, self.rich_style)
        style = self.get_visual_style("rows--marked") if at == self.at else self.visual_style
        content = self._draw(self._items[at], width, at == self.at)[line]
        (strip,) = Visual.to_strips(self, content.truncate(width, ellipsis=True, pad=True), width, 1, style)
        return strip
