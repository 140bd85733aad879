"""The events that `Bot.answer()` yields, in the order in which they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.conversation import Answer, Citation
from store.passage import Coverage

if TYPE_CHECKING:
    from bot.reading import Reading


@dataclass(frozen=True, slots=True)
class Searching:
    """The question as it was asked and as it is looked up, and what is searched."""

    question: str
    standalone: str
    coverage: Coverage
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that were found, and what was read from them."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text, with footnote numbers of the answer, and the footnotes that are new in it."""

    text: str
    citations: tuple[Citation, ...] = ()
    answer: tuple[int, int] | None = None
    """The words that answer the question, as offsets into `text`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer; always the last event."""

    answer: Answer


Event = Searching | Retrieved | Delta | Answered
