"""The transcript: the turns of the conversation, each frozen into one Static when it is over."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual import events, on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from bot.conversation import Quote
from bot.tui.draw.base import FOUND, OPENS, counted, matches
from bot.tui.draw.shown import ShownTurn
from bot.tui.draw.turn import View, turn_content
from bot.tui.keys import bindings
from bot.tui.messages import Asked, QuoteChosen, TurnChosen

LONGEST_LINE = 96  # columns of running text that are easily read
AROUND = 4  # columns beside a turn's text: its edge, its padding, the scrollbar
MOUNTED = 50  # turns that become widgets at first, and at every request for earlier ones


class Welcome(Static):
    """The text of a transcript without turns; a click on a sample asks it."""

    def on_click(self, event: events.Click) -> None:
        if OPENS in event.style.meta:
            self.post_message(Asked(str(event.style.meta[OPENS]), typed=False))


class TurnView(Static):
    """One turn. Its key counts the conversation's turns from 0."""

    def __init__(self, key: int, content: Content) -> None:
        self.key = key
        super().__init__(content, classes="turn", markup=False)

    def on_click(self, event: events.Click) -> None:
        assert isinstance(self.parent, Transcript)
        self.parent.choose(self.key)
        self.post_message(TurnChosen())
        if OPENS in event.style.meta:
            self.post_message(QuoteChosen(str(event.style.meta[OPENS])))


class Transcript(VerticalScroll):
    """The turns, oldest first; the number keys open the footnotes of the chosen one."""

    BINDINGS = bindings("transcript")

    def __init__(self) -> None:
        super().__init__(id="transcript")
        self.turns: list[ShownTurn] = []  # all of them; only the last ones are widgets too
        self.chosen = -1  # the key of the chosen turn; -1 if there is none
        self.narrow = False
        self._followed = True  # whether the last line was in view when the view last moved
        self._top = -1, 0  # the turn at the top of the view, and its lines above it
        self._laid_out = Size(0, 0)  # the size for which these two are known
        self._drawn_for = 0  # the columns for which the turns were last drawn
        self._plain: dict[int, tuple[ShownTurn, int, str]] = {}  # turns as text, each with what it was drawn from
        self._hit: tuple[int, int, int] | None = None  # the turn and the span in its text that a search is at
        self.opened = ""  # the name of the chosen turn's quote whose article is open

    @property
    def chosen_turn(self) -> ShownTurn | None:
        return self.turns[self.chosen] if 0 <= self.chosen < len(self.turns) else None

    @property
    def quotes(self) -> dict[str, Quote]:
        """The quotes of the chosen turn, by number or letter."""
        return self.chosen_turn.quotes if self.chosen_turn is not None else {}

    @property
    def views(self) -> list[TurnView]:
        return list(self.query(TurnView))

    def on_mount(self) -> None:
        self.anchor()

    def release_anchor(self) -> None:
        """Lets what is higher than the view be scrolled; all else stays at its bottom, where the anchor has it."""
        if self.max_scroll_y > 0:
            super().release_anchor()

    def scroll_to(self, *place: Any, **how: Any) -> None:
        if self.max_scroll_y > 0:
            super().scroll_to(*place, **how)

    def welcome(self, content: Content) -> None:
        """Shows `content` in place of turns."""
        if shown := self.query(Welcome):
            shown.first().update(content)
        else:
            self.mount(Welcome(content, markup=False))

    def leave_welcome(self) -> None:
        """Takes the text away that stands beside turns, or in place of them."""
        self.query(Welcome).remove()

    def fill(self, turns: Sequence[ShownTurn]) -> None:
        """Shows a conversation, its last turns as widgets."""
        self.remove_children()
        self.turns, self.opened, self._hit, self._plain = list(turns), "", None, {}
        first = max(0, len(turns) - MOUNTED)
        self.mount(*self._earlier(first), *self._views(first, len(turns)))
        self.choose(len(turns) - 1)
        self.anchor()

    def add(self, turn: ShownTurn) -> None:
        """Shows one more turn, chooses it and follows it."""
        self.leave_welcome()
        self.turns.append(turn)
        key = len(self.turns) - 1
        self.mount(*self._views(key, key + 1))
        self.choose(key)
        self.anchor()

    def change(self, *, drawn: bool = True, **changes: Any) -> None:
        """Replaces some fields of the last turn and draws it anew, or leaves that to the next change."""
        self.turns[-1] = replace(self.turns[-1], **changes)
        if drawn:
            self.views[-1].update(self._drawn(len(self.turns) - 1))

    def fit(self, narrow: bool) -> None:
        """Draws every turn for another width."""
        room = self.room
        if (narrow, room) != (self.narrow, self._drawn_for):
            self.narrow, self._drawn_for = narrow, room
            for view in self.views:
                view.update(self._drawn(view.key))

    @property
    def room(self) -> int:
        """The columns of a turn's text; while it is hidden, those that it had."""
        width = self.size.width or self._laid_out.width  # under an open article on a small screen it has none
        return max(1, min(LONGEST_LINE, width - AROUND))

    @on(events.Resize)
    def resized(self) -> None:
        """Draws the turns for another size, with the turn at the top of the view still there."""
        self.fit(self.narrow)
        if not self._followed:
            self.call_after_refresh(self._to_top, *self._top)
        self._laid_out = self.size or self._laid_out

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if self.size == self._laid_out:  # else the place is that of another size
            self._followed = self.following
            above = [view for view in self.views if view.virtual_region.y <= new]
            self._top = (above[-1].key, round(new) - above[-1].virtual_region.y) if above else (-1, 0)

    def _to_top(self, key: int, lines: int) -> None:
        """Scrolls so that a turn is at the top again, past as many of its lines as it still has."""
        for view in self.views:
            if view.key == key:
                region = view.virtual_region
                self.scroll_to(y=region.y + min(lines, region.height - 1), animate=False)

    def mark(self, name: str) -> None:
        """Marks the footnote of the chosen turn whose article is open; "" marks none."""
        if name != self.opened:
            self.opened = name
            self.redraw(self.chosen)

    def redraw(self, key: int) -> None:
        """Draws a turn anew if it is mounted."""
        for view in self.views:
            if view.key == key:
                view.update(self._drawn(key))

    def number(self, key: int, paragraphs: Mapping[str, int]) -> None:
        """Notes in which paragraphs the quotes of a turn stand."""
        self.turns[key] = replace(self.turns[key], paragraphs=paragraphs)
        if self.narrow:
            self.redraw(key)

    def _drawn(self, key: int) -> Content:
        opened = self.opened if key == self.chosen else ""
        content = turn_content(self.turns[key], View(self.room, self.narrow, opened))
        at, low, high = self._hit or (-1, 0, 0)
        return content.stylize(FOUND, low, high) if at == key else content

    def find(self, words: str) -> list[tuple[int, int, int]]:
        """The matches of words in all turns: each the turn's key and a span of its text."""
        return [(key, *span) for key in range(len(self.turns)) for span in matches(words, self._text(key))]

    def _text(self, key: int) -> str:
        turn = self.turns[key]
        drawn = self._plain.get(key)
        if drawn is None or drawn[:2] != (turn, self.room):
            drawn = self._plain[key] = turn, self.room, self._drawn(key).plain
        return drawn[2]

    def show_hit(self, hit: tuple[int, int, int] | None) -> None:
        """Marks a match in place of the one before, mounts its turn if need be, and scrolls to it; None marks none."""
        before, self._hit = self._hit, hit
        if before is not None:
            self.redraw(before[0])
        if hit is not None:
            self.release_anchor()
            self.mount_from(hit[0])
            self.redraw(hit[0])
            self.call_after_refresh(self._to_hit)

    def _to_hit(self) -> None:
        """Scrolls so that the match is in the upper third."""
        key, low, _ = self._hit or (-1, 0, 0)
        for view in self.views:
            if view.key == key and view.size.width:
                above = self._drawn(key)[: low + 1].get_height({}, view.size.width)
                self.scroll_to(y=view.virtual_region.y + above - 1 - self.size.height // 3, animate=False)

    def _views(self, first: int, end: int) -> list[TurnView]:
        return [TurnView(key, self._drawn(key)) for key in range(first, end)]

    def _earlier(self, count: int) -> list[Static]:
        return [Static(f"↑ {counted(count, 'earlier turn')} (Home)", classes="earlier", markup=False)] if count else []

    @property
    def following(self) -> bool:
        """Whether the last line is in view. The last row of the transcript is empty."""
        return self.virtual_size.height <= self.size.height or self.scroll_y + 1 >= self.max_scroll_y

    def choose(self, key: int) -> None:
        if key != self.chosen:
            self.mark("")
        for view in self.views:
            view.set_class(view.key == key, "-chosen")
        self.chosen = key

    def begin(self, key: int) -> None:
        """Scrolls so that a turn begins in view, if it is longer than the view."""
        for view in self.views:
            if view.key == key and view.size.height > self.size.height:
                self.release_anchor()
                self.scroll_to_widget(view, animate=False, top=True)

    def action_choose(self, by: int) -> None:
        views = self.views
        if not views:
            return
        view = views[min(max(self.chosen + by - views[0].key, 0), len(views) - 1)]
        self.choose(view.key)  # at once, for the next key may open a footnote of it
        self.release_anchor()
        view.scroll_visible(animate=False, top=view.size.height >= self.size.height)
        self.post_message(TurnChosen())

    def follow(self) -> None:
        """Scrolls to the end, and follows it as it grows."""
        self.anchor()
        self.scroll_end(animate=False)

    def action_top(self) -> None:
        """Scrolls to the first mounted turn; from there mounts the turns before it."""
        views = self.views
        if self.scroll_offset.y == 0 and views and views[0].key:
            self.mount_from(max(0, views[0].key - MOUNTED))
        self.release_anchor()
        self.scroll_home(animate=False)

    def mount_from(self, first: int) -> None:
        """Makes widgets of the turns from the key `first` on that are none yet."""
        views = self.views
        if views and first < views[0].key:
            self.query(".earlier").remove()
            self.mount(*self._earlier(first), *self._views(first, views[0].key), before=views[0])
