"""The nouns of an answer and of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from store.passage import Coverage, Document, Filters

Outcome = Literal[
    "answered", "partly", "conflicting", "unsure", "not_in_corpus", "outside_coverage", "stopped", "cut", "error"
]
Verdict = Literal["quoted", "supported", "unsupported", "none"]
Mark = Literal["checked", "wrong", "use"]
"""What a reader notes of a footnote: that it was looked up, that it does not hold, that it will be used."""
LONGEST = 10_000  # characters of a question
REFUSALS: frozenset[Outcome] = frozenset({"unsure", "not_in_corpus", "outside_coverage"})


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that stand in an article: `version.text[start:end] == text`, in characters."""

    document: str
    version: int
    start: int
    end: int
    text: str
    answer: tuple[int, int] | None = None
    """The words in it that answer the question, as offsets like `start`; None where none stand out."""
    page: int | None = None  # of a printed article, where it begins


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a quote, in the words of its article: `version.text[start:end] == text`; `anonymous` without a name."""

    text: str
    start: int
    end: int
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """One footnote: a quote with the facts of its article.

    `origins` counts the articles in which it stands, those that share other text too as one.
    """

    number: int
    quote: Quote
    document: Document  # without its text
    also_in: tuple[Document, ...] = ()
    origins: int = 1
    speaker: Speaker | None = None  # None where the article names nobody


@dataclass(frozen=True, slots=True)
class Moment:
    """When what a footnote says took place: its first and last ISO day, None where neither it nor its article tells."""

    number: int = 0
    first: str | None = None
    last: str | None = None
    told: bool = False  # by the quote itself; else it is the day on which its article, or post, was published
    ahead: bool = False  # the quote tells of what is to come, and was said on that day


@dataclass(frozen=True, slots=True)
class Context:
    """The whole passage round the best quote, with the spans in it to mark (offsets into the article)."""

    number: int
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, without markers, with the numbers of its footnotes; `why` it is unsupported."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    why: str = ""
    answer: tuple[int, int] | None = None
    """The words that answer the question, as offsets into `text`."""


def shown(sentence: Sentence) -> str:
    """A sentence as it is shown: its words, its footnotes, and in words what is wrong with it."""
    numbers = "".join(f" [{number}]" for number in sentence.citations)
    return f"{sentence.text}{numbers}{f' ({sentence.why})' if sentence.why else ''}"


@dataclass(frozen=True, slots=True)
class Closest:
    """A passage offered under a refusal: lettered, never used as an answer. `marks` as in Context."""

    letter: str
    quote: Quote
    document: Document
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an answer never came: what and where, and the next step."""

    message: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds from the question to the passages, the first word and the end."""

    retrieve: float = 0.0
    first_token: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a saved answer to the same question, in lines; `place` is that answer's, such as "s7:3"."""

    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question came to."""

    question: str
    standalone: str
    outcome: Outcome
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    context: Context | None = None
    closest: tuple[Closest, ...] = ()
    values: tuple[int, ...] = ()
    """The footnotes that give different values for what was asked, as told; none where all agree."""
    course: tuple[Moment, ...] = ()
    """When what each footnote says took place, where a course of events was asked for."""
    coverage: Coverage = field(default_factory=Coverage)
    filters: Filters = field(default_factory=Filters)
    around: tuple[tuple[str, str], ...] = ()  # first and last day of each time that the question names
    words: str = ""  # what a refusal says in place of an answer
    partial: str = ""  # what had come, footnote numbers included, of an answer that was stopped or failed
    failure: Failure | None = None
    model: str = "extract"
    confidence: float = 0.0  # 0..1, that the corpus answers the question
    usage: tuple[int, int] = (0, 0)  # input and output tokens
    dollars: float | None = None  # what they cost; None where the settings name no price
    timing: Timing = field(default_factory=Timing)
    notices: tuple[str, ...] = ()  # what a reader should know of how it was found
    since: Since | None = None  # of a saved question that was asked again

    @property
    def refused(self) -> bool:
        return self.outcome in REFUSALS

    @property
    def drawn(self) -> bool:
        """Whether it is shown as a picture of its course alone, which holds every sentence; a model's has its own."""
        return bool(self.course) and self.model == "extract"

    @property
    def entries(self) -> tuple[Citation | Closest, ...]:
        """Its footnotes, then the closest passages of a refusal."""
        return (*self.citations, *self.closest)

    @property
    def text(self) -> str:
        """The answer in words, each sentence followed by its numbers in brackets."""
        return " ".join(shown(sentence) for sentence in self.sentences) or self.words or self.partial


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was asked and answered so far. It is never changed in place: a cancelled answer leaves no trace."""

    turns: tuple[Turn, ...] = ()

    def add(self, turn: Turn) -> Conversation:
        return replace(self, turns=(*self.turns, turn))

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(turn.question for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn is saved."""

    session: int
    turn: int

    def __str__(self) -> str:
        return f"s{self.session}:{self.turn}"


@dataclass(frozen=True, slots=True)
class SavedTurn:
    """A turn as it is saved; the answer is None where it never came or was erased."""

    question: str
    asked: str  # when, UTC
    answer: Answer | None
    marks: Mapping[int, Mark] = field(default_factory=dict)
    """The reader's marks by the numbers of the footnotes."""


@dataclass(frozen=True, slots=True)
class SavedConversation:
    """A conversation as it is saved; its name is such as "s7"."""

    name: str
    title: str
    corpus: str
    turns: tuple[SavedTurn, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """One saved conversation as a list shows it, with the hit of a search."""

    id: int
    corpus: str
    title: str
    turns: int
    asked: str  # when the last question came, UTC
    hit: str = ""  # words around what was looked for
    marks: tuple[tuple[int, int], ...] = ()  # what was looked for, as offsets into `hit`
    turn: int = 0  # the number of the turn that has it; 0 for the title

    @property
    def name(self) -> str:
        return f"s{self.id}"


def leant_on(turns: Iterable[tuple[str, Answer | None]]) -> Conversation:
    """The turns that a next question may lean on: those that came to an answer, a part of one or a refusal."""
    told = ((question, answer) for question, answer in turns if answer is not None and answer.outcome != "error")
    return Conversation(tuple(Turn(question, answer) for question, answer in told))
