"""The welcome of an empty transcript: the corpus in words, and sample questions to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from bot.show.clean import one_line
from bot.tui.draw import BOLD, DIM, OPENS, Part, counted, opens
from bot.tui.messages import Asked
from store.passage import Coverage, Filters


class Welcome(Static):
    """The text of a transcript without turns; a click on a sample asks it."""

    def on_click(self, event: events.Click) -> None:
        if OPENS in event.style.meta:
            self.post_message(Asked(str(event.style.meta[OPENS]), typed=False))


def described(coverage: Coverage) -> str:
    """A corpus in the header: "2,412 articles · 1990–2024"."""
    count = counted(coverage.documents, "article")
    if coverage.first is None or coverage.last is None:
        return f"{count} · undated" if coverage.documents else count
    first, last = coverage.first[:4], coverage.last[:4]
    return f"{count} · {first if first == last else f'{first}–{last}'}"


def limits(filters: Filters) -> str:
    """Filters in words; "" if they keep every article."""
    parts = {
        "since": filters.since, "until": filters.until, "only": ", ".join(filters.outlets),
        "not": ", ".join(filters.not_outlets), "in": ", ".join(filters.documents),
    }  # fmt: skip
    return ", ".join(f"{word} {value}" for word, value in parts.items() if value)


def welcome(coverage: Coverage, samples: Sequence[str], chosen: int) -> Content:
    """The corpus, its outlets and the sample questions, the chosen one marked."""
    parts: list[Part] = [(described(coverage), BOLD)]
    if coverage.undated and coverage.first:
        parts.append(f", {coverage.undated:,} undated")
    parts.append("\n")
    if coverage.outlets:
        names = [one_line(name) for name, _ in coverage.outlets[:6]]
        more = len(coverage.outlets) - len(names)
        parts.append((f"{', '.join(names)}{f' and {more} more' if more else ''}\n", DIM))
    if samples:
        parts.append("\nQuestions that it answers:\n")
    for index, sample in enumerate(samples):
        mark, style = ("▸", BOLD) if index == chosen else (" ", None)
        parts += [f" {mark} ", (one_line(sample), opens(sample, style)), "\n"]
    parts.append((f"\nEnter asks{' the one marked · ↑↓ choose' if samples else ''} · F1 keys", DIM))
    return Content.assemble(*parts)


def absent(message: str, step: str) -> Content:
    """The text in place of a missing corpus, with the next step."""
    return Content.assemble(
        ("No corpus yet.\n", BOLD), f"{one_line(message)}\n\n{one_line(step)}\n", ("in a shell; then: footnote", DIM)
    )
