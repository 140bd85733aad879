"""The transcript: the turns of the conversation, each frozen into one Static when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from bot.tui import draw
from bot.tui.draw import OPENS, Shown
from bot.tui.keys import bindings
from bot.tui.messages import Asked, Chosen, Scrolled

MOUNTED = 50  # turns that are widgets at first; earlier ones are mounted as many at a time when asked for


class TurnView(Static):
    """One turn. Its key counts the conversation's turns from 0."""

    def __init__(self, key: int, shown: Shown, *, narrow: bool) -> None:
        self.key = key
        self.shown = shown
        self.narrow = narrow
        super().__init__(draw.turn(shown, narrow=narrow), classes="turn", markup=False)

    def show(self, narrow: bool | None = None, **changes: Any) -> None:
        """Draws the turn anew after some of it has changed."""
        self.narrow = self.narrow if narrow is None else narrow
        self.shown = replace(self.shown, **changes)
        self.update(draw.turn(self.shown, narrow=self.narrow))

    def on_click(self, event: events.Click) -> None:
        self.post_message(Chosen(str(event.style.meta.get(OPENS, "")), self.key))


class Welcome(Static):
    """What stands there before the first turn."""

    def on_click(self, event: events.Click) -> None:
        if OPENS in event.style.meta:
            self.post_message(Asked(str(event.style.meta[OPENS]), typed=False))


class Transcript(VerticalScroll):
    """The turns, oldest first; one of them is chosen, and its footnotes open by number."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("transcript")]

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self.turns: list[Shown] = []  # all of them; the last ones are widgets too
        self.chosen = -1
        self.narrow = False

    @property
    def views(self) -> list[TurnView]:
        return list(self.query(TurnView))

    def view(self, key: int) -> TurnView | None:
        return next((view for view in self.query(TurnView) if view.key == key), None)

    def on_mount(self) -> None:
        self.anchor()

    # -- turns -----------------------------------------------------------------------------------

    def welcome(self, content: Content) -> None:
        """Shows `content` in place of turns, for there are none."""
        held = self.query(Welcome)
        if held:
            held.first().update(content)
        else:
            self.mount(Welcome(content, markup=False))

    def fill(self, turns: Sequence[Shown]) -> None:
        """Shows a conversation from its last turns on."""
        self.remove_children()
        self.turns = list(turns)
        self.chosen = -1
        first = max(0, len(turns) - MOUNTED)
        self.mount(*self._earlier(first), *self._made(first, len(turns)))
        self.choose(len(turns) - 1)
        self.anchor()

    def add(self, shown: Shown) -> TurnView:
        """Shows one turn more, chooses it and follows it."""
        self.query(Welcome).remove()
        self.turns.append(shown)
        view = TurnView(len(self.turns) - 1, shown, narrow=self.narrow)
        self.mount(view)
        self.choose(view.key)
        self.anchor()
        return view

    def change(self, key: int, **changes: Any) -> None:
        """Draws a turn anew after some of it has changed."""
        self.turns[key] = replace(self.turns[key], **changes)
        if (view := self.view(key)) is not None:
            view.show(**changes)
        if not self.following:
            self.post_message(Scrolled())

    def fit(self, narrow: bool) -> None:
        """Draws every turn for another width."""
        if narrow != self.narrow:
            self.narrow = narrow
            for view in self.views:
                view.show(narrow)

    def _made(self, first: int, end: int) -> list[TurnView]:
        return [TurnView(key, self.turns[key], narrow=self.narrow) for key in range(first, end)]

    def _earlier(self, count: int) -> list[Static]:
        words = f"↑ {count} earlier turn{'' if count == 1 else 's'} (Home)"
        return [Static(words, id="earlier", markup=False)] if count else []

    # -- choosing and scrolling ------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether the end is in view, which is when the view keeps to it."""
        return self.virtual_size.height <= self.size.height or self.scroll_y >= self.max_scroll_y

    def choose(self, key: int) -> None:
        """Chooses a turn; its footnotes are those that the number keys open."""
        for view in self.views:
            view.set_class(view.key == key, "-chosen")
        self.chosen = key

    def action_choose(self, by: int) -> None:
        views = self.views
        if not views:
            return
        key = min(max(self.chosen + by, views[0].key), views[-1].key)
        self.choose(key)
        view = self.view(key)
        if view is not None:
            self.release_anchor()
            view.scroll_visible(animate=False, top=view.size.height >= self.size.height)
        self.post_message(Chosen("", key))

    def action_open(self, name: str) -> None:
        self.post_message(Chosen(name))

    def action_follow(self) -> None:
        self.anchor()
        self.scroll_end(animate=False)

    async def action_top(self) -> None:
        """To the first turn that is there; from there to the earlier ones."""
        views = self.views
        if self.scroll_offset.y == 0 and views and views[0].key:
            await self.query("#earlier").remove()
            first, end = max(0, views[0].key - MOUNTED), views[0].key
            await self.mount(*self._earlier(first), *self._made(first, end), before=views[0])
        self.release_anchor()
        self.scroll_home(animate=False)

    def page(self, by: int) -> None:
        self.release_anchor()
        (self.scroll_page_down if by > 0 else self.scroll_page_up)(animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.post_message(Scrolled())
