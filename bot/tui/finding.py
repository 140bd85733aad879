"""Finding: words in the transcript or in the open article, match by match."""

from textual import events, on
from textual.widget import Widget
from textual.widgets import Input

from bot.tui.reading import ReadingScreen
from bot.tui.widgets.reader import Reader
from bot.tui.widgets.transcript import Transcript


class FindingScreen(ReadingScreen):
    """The chat's picture, with a line in which one writes what to find."""

    searched: Transcript | Reader | None = None  # what the line finds in while it is open
    at = 0  # the index of the match that is marked
    came_from: Widget | None = None  # what had the focus before

    def typing(self, event: events.Event) -> bool:
        return self.focused is not self.find_bar.wanted and super().typing(event)

    def action_find(self) -> None:
        """Finds in the transcript; in the open article where that takes its place."""
        self.find_in(self.side.reader if self.reading and self.transcript.narrow else self.transcript)

    def action_find_here(self) -> None:
        self.find_in(self.side.reader)

    def find_in(self, searched: Transcript | Reader) -> None:
        if self.searched is None:
            self.came_from = self.focused
        elif self.searched is not searched:
            self.searched.show_hit(None)
        self.searched = searched
        self.add_class("-finding")
        self.set_focus(self.find_bar.wanted)
        self.find()

    @on(Input.Changed, "#find")
    def find(self) -> None:
        """Goes to the first match; in the transcript from the chosen answer on."""
        hits = self.hits
        first = self.transcript.chosen if self.searched is self.transcript else 0
        self.go(next((at for at, (key, *_) in enumerate(hits) if key >= first), 0))

    @on(Input.Submitted, "#find")
    def find_next(self) -> None:
        self.go(self.at + 1)

    def action_found(self, by: int) -> None:
        self.go(self.at + by)

    @property
    def hits(self) -> list[tuple[int, int, int]]:
        """The matches of what is written, as they stand now."""
        return [] if self.searched is None else self.searched.find(self.find_bar.wanted.value)

    def go(self, at: int) -> None:
        """Marks the match `at`, after the last one the first again."""
        if self.searched is not None:
            hits = self.hits
            self.at = at % len(hits) if hits else 0
            self.searched.show_hit(hits[self.at] if hits else None)
            words = self.find_bar.wanted.value.strip()
            count = f"{self.at + 1:,} of {len(hits):,}" if hits else "no match" if words else ""
            self.find_bar.told("answers" if self.searched is self.transcript else "article", count)

    def leave_find(self) -> None:
        """Closes the line; what had the focus has it again."""
        if self.searched is not None:
            self.searched.show_hit(None)
            self.searched = None
            self.remove_class("-finding")
            self.set_focus(self.came_from or self.prompt)

    def close_article(self) -> None:
        if self.searched is self.side.reader:
            self.leave_find()
        super().close_article()
