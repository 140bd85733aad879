"""Reading: the nouns of what was read from the passages found, and its two seams with their fakes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from bot.conversation import Moment, Verdict
from store.passage import Found, Passage, Query

NO_SOURCE, OTHERWISE = "no source", "the articles say otherwise"
TO_A_MACHINE = "an article says this to a machine"  # why a sentence is unsupported
Stand = Literal["yes", "no", "unsaid"]  # what the passages say to a question that asks whether something is so
PASSED: frozenset[Verdict] = frozenset(("quoted", "supported"))  # verdicts of a sentence that an article carries


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage that may answer; offsets are into the version's text."""

    passage: Passage
    start: int
    end: int
    text: str
    score: float = 0.0
    answer: tuple[int, int] | None = None
    """The words in it that answer, as offsets like `start`; None where none stand out."""
    likeliest: tuple[int, int] | None = None
    """The words in it that answer best, whether or not they stand out."""

    @property
    def answering(self) -> str:
        """The words that answer best; nothing where none stand out."""
        low, high = self.answer or (self.start, self.start)
        return self.passage.text[low - self.passage.start : high - self.passage.start]


@dataclass(frozen=True, slots=True)
class Versions:
    """Sentences of several articles that give different values for what was asked, in the order to tell them."""

    rows: tuple[Candidate, ...] = ()
    conflicting: bool = (
        False  # neither supersedes the other; else the newest comes first, or the first if that is asked
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from the passages of a search, for `bot.outcome` to judge by and a writer to choose from."""

    found: Found = field(default_factory=Found)
    sentences: tuple[Candidate, ...] = ()  # best first
    coverage: float = 0.0  # how much of the question the best sentence's article holds (0..1)
    lacking: float = 0.0  # rarity of the question's words that the best sentence's passage lacks, in all
    answer: float = 0.0  # log-odds that the best sentence's passage answers the question
    alone: float = 0.0  # log-odds that one of the best sentences answers it without its passage; the highest
    support: float = 0.0  # logit that a passage bears out the question as a claim, less that it refutes it; the highest
    likeness: float = 0.0  # cosine of the question and the best sentence
    said: float = 0.0  # how much of the question, names aside, stands near one of the best sentences (0..1)
    defined: float = 0.0  # how surely the best sentence says who or what is asked about (0..1)
    unknown: tuple[str, ...] = ()  # names in the question that no article of the corpus holds
    age: float = 0.0  # logarithm of one more than the days from this article to the day asked of, if any
    timely: int = 0  # 1 if it is of a time that the question tells from the as-of day ("yesterday"), -1 if far from it
    stand: Stand | None = None  # by the best sentence; None for other questions, and where it is not sure
    versions: Versions = field(default_factory=Versions)
    told: tuple[Candidate, ...] = ()  # sentences that answer only together, in the order to tell them; all are told
    opening: str = ""  # words before those sentences, that all of them bear out
    closing: str = ""  # words behind them: what the articles lack of what is asked
    moments: tuple[Moment, ...] = ()  # when each of these took place, where they are a course of events


def told_together(
    surest: Reading,
    rows: tuple[Candidate, ...],
    readings: Sequence[Reading],
    others: Sequence[Candidate],
    *,
    opening: str = "",
    closing: str = "",
) -> Reading:
    """The surest reading, in which some sentences of several readings are told together, before the other sentences."""
    passages = {row.passage.id: row.passage for row in rows}
    for passage in (one for reading in readings for one in reading.found.passages):
        passages.setdefault(passage.id, passage)
    return replace(
        surest,
        found=replace(surest.found, passages=tuple(passages.values())),
        sentences=(*rows, *others),
        versions=Versions(),
        told=rows,
        opening=opening,
        closing=closing,
    )


class Reader(Protocol):
    """Passages become a reading. Called in a thread; `id` names it and its version in the manifests of evals."""

    id: str

    def read(self, query: Query, found: Found) -> Reading: ...

    def read_sentences(self, query: Query, found: Found) -> Reading:
        """The same sentences and passages; the evidence may be left out."""
        ...


@dataclass(frozen=True, slots=True)
class Support:
    """What carries a sentence: a verdict, where, and in words why nothing does; `others` carry the rest of it."""

    verdict: Verdict
    passage: Passage | None = None
    start: int = 0
    end: int = 0
    why: str = ""
    score: float = 0.0  # how well the span fits the sentence, at most 1
    probability: float = 0.0  # by the reading model, that the span supports the sentence; 0 where it was not asked
    others: tuple[Support, ...] = ()
    missing: frozenset[str] = frozenset()  # kinds of fact for which the best span fails the sentence

    @property
    def text(self) -> str:
        """The words of the span; nothing where there is none."""
        home = self.passage
        return home.text[self.start - home.start : self.end - home.start] if home else ""


class Checker(Protocol):
    """Judges a written sentence by the passages that it cites, else by all that were found. Called in a thread."""

    id: str

    def check(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support: ...


class FakeReader:
    """Reads nothing but the passages' first lines, in their order; as sure as it is told to be."""

    id = "fake"

    def __init__(self, coverage: float = 1.0) -> None:
        self.coverage = coverage

    def read(self, query: Query, found: Found) -> Reading:
        firsts = [(passage, passage.text.split("\n")[0]) for passage in found.passages]
        rows = [Candidate(p, p.start, p.start + len(line), line, 1 / n) for n, (p, line) in enumerate(firsts, 1)]
        return Reading(found, tuple(rows), self.coverage, answer=10 * self.coverage)

    read_sentences = read


class FakeChecker:
    """Says of every sentence what it is told to."""

    id = "fake"

    def __init__(self, check: Callable[[str], Verdict] = lambda sentence: "supported") -> None:
        self._check = check

    def check(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
        home = next(iter([*cited, *found]), None)
        return Support(self._check(sentence), home, home.start, home.end) if home else Support("unsupported")
