"""The open article: a head that never scrolls away, and the whole text with the quote in view."""

from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from bot.conversation import Mark
from bot.tui import keys
from bot.tui.draw.article import Opening, body, foot, head
from bot.tui.draw.base import DOES, FOUND, matches
from bot.tui.messages import CommandGiven


class Paragraph(Static):
    """One paragraph of an article."""

    def __init__(self, content: Content, mark: int | None) -> None:
        self.text = content
        self.mark = mark  # the offset at which the quote begins in it; None if it holds no part of the quote
        super().__init__(content, markup=False, classes="paragraph")


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
        """Shows an article; one that is already open only moves its mark."""
        self.opening, self.hit = opening, None
        text, drawn = self.text, body(opening.article, opening.quote)
        await text.remove_children()
        facts = Static(foot(opening.article), markup=False, classes="foot")
        await text.mount(*(Paragraph(content, mark) for content, mark in drawn), facts)
        text.at_quote = True
        self.draw_head()
        text.call_after_refresh(text.to_quote)

    def find(self, words: str) -> list[tuple[int, int, int]]:
        """The matches of words in the article: each a paragraph's index and a span of it."""
        paragraphs = enumerate(self.text.query(Paragraph))
        return [(at, *span) for at, paragraph in paragraphs for span in matches(words, paragraph.text.plain)]

    def show_hit(self, hit: tuple[int, int, int] | None) -> None:
        """Marks a match in place of the one before, and scrolls to it; None marks none."""
        if self.hit is not None:
            self.hit.update(self.hit.text)
        self.hit = None
        if hit is not None:
            at, low, high = hit
            self.hit = self.text.query(Paragraph)[at]
            self.hit.update(self.hit.text.stylize(FOUND, low, high))
            self.text.to_hit(self.hit, low)

    @on(events.Resize)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def draw_head(self) -> None:
        """Draws the head for the width, with the keys as they act where the focus is."""
        if self.opening is not None and self.size.width:
            hints = keys.reader_keys(focused=self.text.has_focus)
            headline = self.query_one(Headline)
            headline.update(head(self.opening, hints, self.size.width - 2))
