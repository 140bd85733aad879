"""Removal twins: questions made of a corpus's own sentences, asked with and without the articles that answer them."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot import outcome
from bot.question import query
from bot.reading import onnx
from bot.reading.evidence import ModelReader
from bot.show.page import paragraphs
from store.corpus import Corpus
from store.passage import Document, Filters, Found
from store.split import sentences
from store.words import MONTHS, NAME, UNITS, WEEKDAYS

EASIER = 1.8  # log-odds by which questions of an article's own words are easier than people's: see `_lowered`
ASKED = 10  # most words of it in the question
LOW, HIGH = 0.10, 0.60  # bounds of a fitted threshold
FALSE = 0.05  # share of the answerable questions that may fall below it
PRIOR = 20  # how many pairs the default threshold counts for beside the fitted one

_WORDS = re.compile(r"\w+")
_DAY = rf"(?:{'|'.join(map(str.capitalize, (*MONTHS, *WEEKDAYS)))}|\d{{1,2}}|(?:1[89]|20)\d\d)\b"
_NUMBER = rf"(?:\d[\d,.]*\d|\d|{'|'.join(UNITS[2:13])})(?: (?:hundred|thousand|million|billion))?"
_SENTENCE = re.compile(r"[A-Z]\S*(?: \S+){7,29}(?<=[.!])")  # whole, of 8 to 30 words
_SPANS = {
    "When": re.compile(rf" (?:in|on) (?P<span>{_DAY}(?:,? {_DAY})*)"),
    "How many": re.compile(rf"(?<![$£€.,\d-])\b(?!(?:19|20)\d\d\b)(?P<span>{_NUMBER})(?= (?:[a-z]+ )?[a-z]{{3,}}s\b)"),
    "Who": re.compile(rf"^(?P<span>{NAME.pattern}(?: {NAME.pattern})+)(?= [a-z]{{3,}}(?:ed|s|d)\b)"),
}


@dataclass(frozen=True, slots=True)
class Twin:
    """A question, the article that answers it, and the words there that do."""

    question: str
    document: str
    span: str


def drawn(documents: Iterable[Document]) -> Iterator[Twin]:
    """Questions that articles (with their texts) answer: one of each article, then another of each, …"""
    for column in zip_longest(*map(_of, documents)):
        yield from filter(None, column)


def _of(document: Document) -> list[Twin]:
    """One article's questions, each time of another kind; the kind that it has first comes first."""
    kinds: dict[str, list[Twin]] = {}
    for low, high in paragraphs(document):
        for start, end in sentences(document.text, low, high):
            sentence = " ".join(document.text[start:end].split())
            for kind, pattern in _SPANS.items():
                if _SENTENCE.fullmatch(sentence) and (match := pattern.search(sentence)):
                    kinds.setdefault(kind, []).append(Twin(_asked(kind, sentence, match), document.id, match["span"]))
    return [twin for column in zip_longest(*kinds.values()) for twin in column if twin]


def _asked(kind: str, sentence: str, match: re.Match[str]) -> str:
    """A sentence as a question for a span of it: the words that stand nearest to the span."""
    before, after = sentence[: match.start()].split(), sentence[match.end() :].rstrip(".!").split()
    words = [*before[-ASKED:], *after] if kind == "When" else [*after, *before[-ASKED:]]
    return f"{kind} {' '.join(words[:ASKED]).strip(',;: ')}?"


class Asker:
    """Asks twins of a corpus, as the bot would."""

    def __init__(self, corpus: Corpus, k: int) -> None:
        self._corpus, self._k, self._reader = corpus, k, ModelReader(onnx.load(), corpus.embedding)
        self._all = [document.id for document in corpus.documents()]

    def pair(self, twin: Twin) -> tuple[float, float]:
        """The confidence over the whole corpus, and without the twin's article and all found that hold its span."""
        whole, found = self._confidence(twin.question)
        span, gone = _padded(twin.span), {twin.document}
        for passage in found.passages:
            if span in _padded(passage.text):
                gone |= {passage.document.id, *(document.id for document in passage.also_in)}
        rest = tuple(document for document in self._all if document not in gone)
        return whole, self._confidence(twin.question, rest)[0] if rest else 0.0

    def _confidence(self, question: str, inside: tuple[str, ...] = ()) -> tuple[float, Found]:
        asked = query(self._corpus.spelled(question), Filters(documents=inside), self._k)
        found = self._corpus.search(asked)
        return _lowered(outcome.confidence(self._reader.read(asked, found))), found


def _lowered(confidence: float) -> float:
    """A confidence as a person's question would have it, who does not know the article's words.

    EASIER stands where the default threshold is the fitted one over the sample briefs.
    """
    return confidence / (confidence + (1 - confidence) * math.exp(EASIER))


def fitted(answerable: Sequence[float], default: float) -> float:
    """The threshold under which at most FALSE of these confidences fall, drawn to the default where they are few."""
    own = min(HIGH, max(LOW, sorted(answerable)[int(FALSE * len(answerable))]))
    return round((len(answerable) * own + PRIOR * default) / (len(answerable) + PRIOR), 2)


def interval(count: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, z = count / n, 1.96
    middle, half = share + z * z / (2 * n), z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def _padded(text: str) -> str:
    """The words of a text in lower case with a space round each, in which other words can be looked up whole."""
    return f" {' '.join(_WORDS.findall(text.casefold()))} "
