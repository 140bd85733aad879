"""Content about the corpus as a whole: its counts, its filters, a transcript without turns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual.content import Content
from textual.style import Style

from bot.conversation import Session
from bot.show.clean import one_line
from bot.show.page import days
from bot.tui.draw.base import BOLD, DIM, Part, counted, opens
from bot.tui.keys import hint
from store.passage import Coverage, Filters
from store.progress import Progress

BAR = 30  # most columns of a bar of progress


def described(coverage: Coverage) -> str:
    """A corpus in words: "2,412 articles · 1990–2024"."""
    return " · ".join(filter(None, (counted(coverage.documents, "article"), years(coverage))))


def left_of(whole: Coverage, left: Coverage) -> str:
    """How many articles of a corpus its filters leave: "12 of 302 articles"."""
    return f"{left.documents:,} of {counted(whole.documents, 'article')}"


def years(coverage: Coverage) -> str:
    """The first and last year of a corpus; "" if it is empty."""
    if coverage.first is None or coverage.last is None:
        return "undated" if coverage.documents else ""
    first, last = coverage.first[:4], coverage.last[:4]
    return first if first == last else f"{first}–{last}"


def chips(
    filters: Filters, titles: Mapping[str, str], around: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, Filters]]:
    """Each filter in words, with the filters that stay when it is taken away; an article by its title if known.

    `around` are the times that the chosen question names, which weigh as long as the filters let them.
    """
    told: list[tuple[str, Filters]] = []
    rest: dict[str, Any]
    if filters.timeless:
        told.append(("any time", replace(filters, timeless=False)))
    else:
        told += [(f"about {days(window)}", replace(filters, timeless=True)) for window in around]
    if filters.undated:
        told.append(("and undated", replace(filters, undated=False)))
    for name, word in (("since", "since "), ("until", "until "), ("as_of", "as of ")):
        if value := getattr(filters, name):
            rest = {name: None}
            told.append((f"{word}{value}", replace(filters, **rest)))
    for name, word in (("outlets", ""), ("not_outlets", "not "), ("documents", "in ")):
        values: tuple[str, ...] = getattr(filters, name)
        for value in values:
            rest = {name: tuple(other for other in values if other != value)}
            told.append((f"{word}{titles.get(value, value)}", replace(filters, **rest)))
    return told


def welcome(coverage: Coverage, samples: Sequence[str], chosen: int, last: Session | None = None) -> Content:
    """The corpus, its outlets, the conversation before, and the sample questions, the chosen one marked."""
    parts: list[Part] = [(described(coverage), BOLD)]
    if coverage.undated and coverage.first:
        parts.append(f", {coverage.undated:,} undated")
    parts.append("\n")
    if coverage.outlets:
        names = [one_line(name) for name, _ in coverage.outlets[:6]]
        more = len(coverage.outlets) - len(names)
        parts.append((f"{', '.join(names)}{f' and {more} more' if more else ''}\n", DIM))
    if last is not None:
        told = f"{one_line(last.title, 60)} · {counted(last.turns, 'turn')} · {hint('sessions')} opens it"
        parts.append(f"\nLast conversation: {told}\n")
    if samples:
        parts.append("\nQuestions that it answers:\n")
    for index, sample in enumerate(samples):
        mark, style = ("▸", BOLD) if index == chosen else (" ", Style())
        parts += [f" {mark} ", opens(sample, one_line(sample), style), "\n"]
    parts.append((f"\nEnter asks{' the one marked · ↑↓ choose' if samples else ''} · {hint('help')} keys", DIM))
    return Content.assemble(*parts)


def absent(message: str, step: str) -> Content:
    """The text in place of a missing corpus, with the next step."""
    told = f"{one_line(message)}\n\n{one_line(step)}\n"
    return Content.assemble(("No corpus yet.\n", BOLD), told, ("in another shell, or /ingest PATH here", DIM))


def unusable(message: str, step: str) -> Content:
    """The text in place of a corpus that cannot be used, with the next step."""
    return Content.assemble(("The corpus cannot be used now.\n", BOLD), f"{one_line(message)}\n\n{one_line(step)}")


def ingest_line(step: Progress, seconds: float, room: int) -> Content:
    """How far a stage of an ingest is after so many seconds: a bar, its steps, their rate and the time left."""
    rate = step.done / seconds if seconds >= 1 else 0.0
    left = f" · {(step.total - step.done) / rate:,.0f} s left" if rate and step.done < step.total else ""
    told = f" {step.done:,} of {step.total:,}{f' · {rate:,.0f}/s' if rate else ''}{left}" if step.total else " …"
    stop = " · /ingest stop"
    width = max(0, min(BAR, room - len(f"ingest: {step.stage} {told}{stop}")))
    done = width * step.done // max(1, step.total)
    bar = ("━" * done, "$good"), ("─" * (width - done), DIM)
    return Content.assemble((f"ingest: {step.stage} ", BOLD), *bar, told, (stop, DIM))
