"""The open article: a head that never scrolls away, and the whole text with the quote in view."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from bot.conversation import Mark
from bot.tui import keys
from bot.tui.draw.article import Opening, Piece, body, foot, head, pieces
from bot.tui.draw.base import DIM, DOES, FOUND, counted, matches
from bot.tui.messages import CommandGiven, More

AROUND = 60  # pieces on each side of what is shown that are widgets at first, and as many more at each edge


class Paragraph(Static):
    """One paragraph of an article, or a part of a long one; its key counts the pieces from 0."""

    def __init__(self, key: int, piece: Piece) -> None:
        self.key, self.text, self.mark = key, piece.content, piece.mark
        super().__init__(piece.content, markup=False, classes=f"paragraph{' -goes-on' if piece.goes_on else ''}")


class Headline(Static):
    """The head of the article; a click on one of its keys does what the key does."""

    def on_click(self, event: events.Click) -> None:
        if DOES in event.style.meta:
            self.post_message(CommandGiven(str(event.style.meta[DOES])))


class Text(VerticalScroll):
    """The paragraphs. The quote stays in view when the size changes, until the user scrolls away from it."""

    BINDINGS = keys.bindings("reader")

    at_quote = True  # whether the quote was in view when the text last moved
    laid_out = Size(0, 0)  # the size for which that is known

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if self.size == self.laid_out:
            at = self.quote_at
            self.at_quote = at is not None and 0 <= at - round(new) < self.size.height
            if new != old and (new <= 0 or new >= self.max_scroll_y):
                self.post_message(More(-1 if new <= 0 else 1))

    def action_scroll_home(self) -> None:
        self.post_message(More(-1, whole=True))

    def action_scroll_end(self) -> None:
        self.post_message(More(1, whole=True))

    @property
    def quote_at(self) -> int | None:
        """The line of the text at which the quote begins."""
        for paragraph in self.query(Paragraph):
            if paragraph.mark is not None and paragraph.size.width:
                before = paragraph.text[: paragraph.mark + 1]
                return paragraph.virtual_region.y + before.get_height({}, paragraph.size.width) - 1
        return None

    @on(events.Resize)
    def resized(self) -> None:
        if self.at_quote:
            self.call_after_refresh(self.to_quote)
        self.laid_out = self.size

    def to_quote(self) -> None:
        """Scrolls so that the quote begins in the upper third; without one to the top."""
        self.laid_out = self.size
        at = self.quote_at
        self.scroll_to(y=0 if at is None else at - self.size.height // 3, animate=False)

    def to_hit(self, paragraph: Paragraph, offset: int) -> None:
        """Scrolls so that an offset of a paragraph is in the upper third."""
        above = paragraph.text[: offset + 1].get_height({}, max(1, paragraph.size.width))
        self.scroll_to(y=paragraph.virtual_region.y + above - 1 - self.size.height // 3, animate=False)


class Reader(Vertical):
    """A whole article, with a quote marked and in view."""

    opening: Opening | None = None
    hit: Paragraph | None = None  # the paragraph in which a match is marked
    pieces: Sequence[Piece] = ()  # of the whole article; those from `first` to `end` are widgets
    first = end = 0

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.laying = asyncio.Lock()  # held while pieces become widgets

    def compose(self) -> ComposeResult:
        yield Headline("", id="head-of-article", markup=False)
        yield Text(id="reader")

    @property
    def text(self) -> Text:
        return self.query_one(Text)

    @property
    def name_shown(self) -> str:
        """The number or letter of the quote."""
        return self.opening.name if self.opening is not None else ""

    def mark(self, name: str, mark: Mark | None) -> None:
        """Shows the reader's mark of a footnote if it is the open one."""
        if self.opening is not None and self.opening.name == name:
            self.opening = replace(self.opening, mark=mark)
            self.draw_head()

    async def show(self, opening: Opening) -> None:
        """Shows an article, the pieces around the quote as widgets."""
        told = await asyncio.to_thread(lambda: pieces(body(opening.article, opening.quote)))  # half a second for 1 MB
        async with self.laying:
            self.opening, self.hit, self.pieces = opening, None, told
            self.draw_head()
            await self.mount_around(next((at for at, piece in enumerate(self.pieces) if piece.mark is not None), 0))
        self.text.at_quote = True
        self.text.call_after_refresh(self.text.to_quote)

    async def mount_around(self, at: int) -> None:
        """Makes widgets of the pieces around one, in place of those before."""
        self.first, self.end = max(0, at - AROUND), min(len(self.pieces), at + AROUND)
        await self.text.remove_children()
        await self.text.mount(*self.paragraphs(self.first, self.end), *self.edges())

    def paragraphs(self, first: int, end: int) -> list[Paragraph]:
        return [Paragraph(at, self.pieces[at]) for at in range(first, end)]

    def edges(self) -> list[Static]:
        """The article's facts under its last piece; before that how much more there is."""
        assert self.opening is not None
        left = len(self.pieces) - self.end
        told = Content.styled(f"↓ {counted(left, 'more paragraph')}", DIM) if left else foot(self.opening.article)
        return [Static(told, markup=False, classes="foot")]

    @on(More)
    async def more(self, message: More) -> None:
        """Makes more pieces widgets where the text was scrolled to an edge; the view stays where it is."""
        async with self.laying:
            await (self.to_edge if message.whole else self.extend)(message.by)

    async def to_edge(self, by: int) -> None:
        """Shows the article's beginning or end."""
        if not (self.first == 0 if by < 0 else self.end == len(self.pieces)):
            await self.mount_around(0 if by < 0 else len(self.pieces))
        self.text.call_after_refresh(self.text.scroll_home if by < 0 else self.text.scroll_end, animate=False)

    async def extend(self, by: int) -> None:
        """Adds widgets at an edge, if the view is still there."""
        text = self.text
        if by < 0 and self.first and text.scroll_y <= 0:
            kept = text.query_one(Paragraph)
            before, self.first = self.first, max(0, self.first - AROUND)
            await text.mount(*self.paragraphs(self.first, before), before=kept)
            text.call_after_refresh(lambda: text.scroll_to(y=kept.virtual_region.y, animate=False))
        elif by > 0 and self.end < len(self.pieces) and text.scroll_y >= text.max_scroll_y:
            before, self.end = self.end, min(len(self.pieces), self.end + AROUND)
            await text.query(".foot").remove()
            await text.mount(*self.paragraphs(before, self.end), *self.edges())

    def find(self, words: str) -> list[tuple[int, int, int]]:
        """The matches of words in the article: each the index of a piece and a span of it."""
        return [(at, *span) for at, piece in enumerate(self.pieces) for span in matches(words, piece.content.plain)]

    def show_hit(self, hit: tuple[int, int, int] | None) -> None:
        """Marks a match in place of the one before, and scrolls to it; None marks none."""
        if self.hit is not None:
            self.hit.update(self.hit.text)
        self.hit = None
        if hit is not None:
            self.run_worker(self.go_to(*hit), group="hit", exclusive=True)

    async def go_to(self, at: int, low: int, high: int) -> None:
        async with self.laying:
            if not self.first <= at < self.end:
                await self.mount_around(at)
        self.hit = next(one for one in self.text.query(Paragraph) if one.key == at)
        self.hit.update(self.hit.text.stylize(FOUND, low, high))
        self.text.call_after_refresh(self.text.to_hit, self.hit, low)

    @on(events.Resize)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def draw_head(self) -> None:
        """Draws the head for the width, with the keys as they act where the focus is."""
        if self.opening is not None and self.size.width:
            hints = keys.reader_keys(focused=self.text.has_focus)
            headline = self.query_one(Headline)
            headline.update(head(self.opening, hints, self.size.width - 2))
