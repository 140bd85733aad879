"""A turn of the conversation as the screen holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.conversation import Answer, Citation, Closest, Failure, Mark, Outcome, Quote
from bot.tui.draw.base import Entry, name_of

if TYPE_CHECKING:
    from bot.reading import Reading

LETTERS = "abcdefghi"  # the names of passages that no footnote cites


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn; `text`, `citations` and `found` hold what has come of an answer in progress."""

    question: str
    answer: Answer | None = None
    text: str = ""
    standalone: str = ""
    citations: tuple[Citation, ...] = ()
    found: tuple[Closest, ...] = ()
    lost: bool = False  # whether it is a saved turn without an answer
    notices: tuple[str, ...] = ()
    paragraphs: Mapping[str, int] = field(default_factory=dict)
    """The paragraph in which the quote of each entry begins, counted from 1, where that is known."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """The reader's marks by the names of footnotes."""

    def ended(self, outcome: Outcome, model: str, failure: Failure | None = None) -> Answer:
        """The answer as far as it has come, without verdicts: it was stopped, or an error ended it."""
        return Answer(
            self.question, self.standalone or self.question, outcome, partial=self.text.strip(),
            citations=self.citations, closest=self.found, failure=failure, model=model,
        )  # fmt: skip

    @property
    def entries(self) -> Sequence[Entry]:
        """Its footnotes; without one the closest passages of a refusal, or the passages found so far."""
        if self.answer is None:
            return self.citations or self.found
        return self.answer.citations or self.answer.closest

    @property
    def quotes(self) -> dict[str, Quote]:
        """The quotes that can be opened, by number or letter; of a passage its marked sentence."""
        return {name_of(entry): _marked(entry) for entry in self.entries}


def _marked(entry: Entry) -> Quote:
    """The quote of a footnote, or the marked sentence of a passage."""
    quote = entry.quote
    if isinstance(entry, Citation) or not entry.marks:
        return quote
    low, high = entry.marks[0]
    return replace(quote, start=low, end=high, text=quote.text[low - quote.start : high - quote.start])


def found(reading: Reading) -> tuple[Closest, ...]:
    """The passages that are being read, the best one of each article, with the sentence that may answer marked."""
    best = {passage.document.id: passage for passage in reversed(reading.found.passages)}
    first = [passage for passage in reading.found.passages if best[passage.document.id] is passage]
    spans = {candidate.passage.id: (candidate.start, candidate.end) for candidate in reversed(reading.sentences)}
    return tuple(
        Closest(letter, Quote(one.document.id, one.document.version, one.start, one.end, one.text), one.document, marks)
        for letter, one in zip(LETTERS, first, strict=False)
        for marks in [(spans[one.id],) if one.id in spans else ()]
    )
