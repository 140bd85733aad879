"""Several: the readings of the parts of a question, joined to one that tells a sentence of each or that none does."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.reading import Candidate, Reading, told_together
from bot.reading.alignment import versions
from bot.reading.claims import read
from bot.reading.kind import kind
from bot.reading.speaker import speaker
from bot.reading.values import numeric, value
from store.passage import Found, Passage, Query
from store.words import FULL_NAME, month, stems_of, surname, terms, tokens

More = Literal["", "most", "least"]  # whether a question asks which of several things has most of something, or least
Sure = Callable[[Reading], float]  # a reading's confidence, in terms of that from which it would be an answer

POSSIBLE = 0.42  # least sureness of an answer that is none by itself
STEM = 4  # characters of a name that are the same in "Britain", "British" and "Britons"
TRIED = 6  # best sentences of a part that are compared with those of the others
WORTH = 2.0  # of each sign that a sentence tells of a part's thing and of no other's, beside the sentence's score
BESIDE = 2.0  # most by which a sentence's neighbour may be worse and be told with it
TOGETHER = 60  # most characters between the names of things that a sentence tells of together
GAP = 4  # most characters between two neighbours
ABSENT = "Of {} the articles say nothing."
UNSAID = "The articles do not say so of {}."
UNANSWERED = "The articles do not say: {}"
_WORD = re.compile(r"[^\W_][\w’'-]*")
_TELLS = re.compile(r"(?:how|what|who|why|where) (?:do|does|did|have|has|had)\b", re.I)
_SAYS = re.compile(r"\b(?:(?:say|think|hold|tell|claim|explain|blame)s?|said)\b")


@dataclass(frozen=True, slots=True)
class Half:
    """A question about one of several things, the thing in its words, and what was read for it."""

    query: Query
    item: str
    reading: Reading

    @property
    def words(self) -> frozenset[str]:
        return frozenset(terms(self.query.text))


def marks(item: str) -> frozenset[str]:
    """The beginnings of the last words of the names in a thing's words, in lower case."""
    found = FULL_NAME.findall(item)
    return frozenset(surname(name)[:STEM] for name in found if not month(name.split()[0].lower()))


def names(text: str, marks: frozenset[str]) -> bool:
    """Whether words of a text begin with all of some marks."""
    return marks <= {word[:STEM] for word in tokens(text)}


def around(passage: Passage) -> str:
    """A passage with the title over it and what stands before."""
    return f"{passage.document.title}\n{passage.before}\n{passage.text}"


def about(found: Found, item: str, other: str) -> Found:
    """What was found, only the passages that name a thing, in their text, their title or before."""
    own = marks(item) - marks(other)
    held = (one for one in found.passages if names(around(one), own))
    return replace(found, passages=tuple(held))


def answers(question: str, row: Candidate, items: Sequence[str]) -> bool:
    """Whether a sentence names all of several things, close by each other, and a number for each if one is asked."""
    numbers = len(read(row.text).numbers) if numbered(question) else len(items)
    return all(map(marks, items)) and _close(row.text, items) and numbers >= len(items)


def _close(text: str, items: Sequence[str]) -> bool:
    """Whether a text names things within TOGETHER characters; farther apart it tells something else of each."""
    words = [(match[0][:STEM].lower(), match.start()) for match in _WORD.finditer(text)]
    places = ([at for word, at in words if word == mark] for item in items for mark in marks(item))
    return any(max(ones) - min(ones) <= TOGETHER for ones in itertools.product(*places))


def one_name(found: Found, items: Sequence[str]) -> bool:
    """Whether two names joined are one ("Tom and Jerry"): each passage that has the last one has both, joined."""
    both = " and ".join(items)
    held = [passage.text for passage in found.passages if items[-1] in passage.text]
    return bool(held) and all(both in text for text in held)


def joined(whole: Reading, halves: Sequence[Half], more: More, sure: Sure) -> Reading:
    """The reading of a question of several things: a sentence for each, the things without one named.

    The whole question's own reading where no part finds anything, and where it is sure and a lacking part has no name.
    """
    certain, whole_sure = [sure(half.reading) for half in halves], sure(whole) >= 1
    told = _chosen(halves)
    for at, (half, row) in enumerate(zip(halves, told, strict=True)):
        if row and not _stands(half, row, certain[at]):
            told[at] = None
    found = [(half, row) for half, row in zip(halves, told, strict=True) if row]
    lacking = [half for half, row in zip(halves, told, strict=True) if row is None]
    absent = [half for half in lacking if marks(half.item) and not half.reading.found.passages]
    if not found or (whole_sure and not all(marks(half.item) for half in lacking)):
        return replace(whole, closing=" ".join(map(_missing, absent))) if whole_sure else whole
    surest = max((whole, *(half.reading for half, _ in found)), key=sure)
    rows = {(one.passage.document.id, one.start): one for half, row in found for one in _beside(half, row)}
    return told_together(
        surest, tuple(rows.values()), (whole, *(half.reading for half, _ in found)), whole.sentences,
        opening=_most(found, more) if more and not lacking else "",
        closing=" ".join(map(_missing, lacking)),
    )  # fmt: skip


def _stands(half: Half, row: Candidate, sure: float) -> bool:
    """Whether a sentence is told for a part.

    One of which it is less sure gives what is asked of the part's thing, in a passage with all names of the part.
    """
    named = _of(half, row, title=False) or (sure >= POSSIBLE and (_of(half, row) or numbered(half.query.text)))
    whole = names(around(row.passage), marks(half.query.text.partition(" ")[2]))
    given = _counts(half, row) and (row.answer or not _crisp(half.query.text))
    return sure >= 1 or bool(named and whole and given)


def _crisp(question: str) -> bool:
    """Whether a few words answer a question: a number, a date, a name."""
    return bool(kind(question)) and not _TELLS.match(question)


def _chosen(halves: Sequence[Half]) -> list[Candidate | None]:
    """A sentence for each part, those that together fit best; two parts do not share the words that answer."""
    fits = [_fits(half, [other for other in halves if other is not half]) for half in halves]
    best = max(
        itertools.product(*([*fit, None] for fit in fits)),
        key=lambda rows: (
            not _shared(rows),
            sum(row is not None for row in rows),
            sum(fit[row] for fit, row in zip(fits, rows, strict=True) if row),
        ),
    )
    return list(best)


def _fits(half: Half, others: Sequence[Half]) -> Mapping[Candidate, float]:
    """How well the best sentences for a part tell of it and not of the others."""
    rows = list(half.reading.sentences[:TRIED])
    if newest := versions(half.query, half.reading.sentences).rows:
        rows = [replace(newest[0], score=rows[0].score)]
    foreign = frozenset[str]().union(*(other.words for other in others)) - half.words
    fits = {}
    for row in rows:
        text = stems_of(row.text)
        thing = _of(half, row) if marks(half.item) else _share(half.words - foreign, text)
        signs = thing + _share(half.words, text) - _share(foreign, text) + _speaks(half, row) + _counts(half, row)
        fits[row] = row.score + WORTH * signs
    return fits


def _share(words: frozenset[str], text: frozenset[str]) -> float:
    """The share of some words that a text holds."""
    return len(words & text) / max(1, len(words))


def numbered(question: str) -> bool:
    """Whether a question asks for a number, and not for what is said or done about one."""
    return numeric(question) and not _TELLS.match(question)


def _counts(half: Half, row: Candidate) -> bool:
    """Whether a sentence gives the number that a part asks for; true for a part that asks for none."""
    told = value(half.query.text, row) if numbered(half.query.text) else None
    return not numbered(half.query.text) or bool(told and told.amount)


def _speaks(half: Half, row: Candidate) -> bool:
    """Whether a part asks what its thing says, and that says a sentence."""
    said = speaker(row.passage, row.start, row.end) if _SAYS.search(half.query.text) else None
    return bool(said and terms(half.item).keys() & stems_of(said.text))


def _beside(half: Half, row: Candidate) -> list[Candidate]:
    """A sentence in which no few words answer, with its neighbour where that does hardly worse."""
    if _crisp(half.query.text) and row.answer is not None:
        return [row]
    near = [one for one in half.reading.sentences if one.score > row.score - BESIDE]
    near = [one for one in near if one.passage.id == row.passage.id]
    next_to = [one for one in near if 0 <= max(one.start - row.end, row.start - one.end) <= GAP]
    return sorted([row, *next_to[:1]], key=lambda one: one.start)


def _of(half: Half, row: Candidate, *, title: bool = True) -> bool:
    """Whether a sentence, or the title over it, has the names of a part's thing, else half of its content words."""
    wanted = terms(half.item).keys()
    own, said = marks(half.item), f"{row.passage.document.title if title else ''}\n{row.text}"
    return names(said, own) if own else bool(wanted) and 2 * len(wanted & stems_of(said)) >= len(wanted)


def _shared(rows: Sequence[Candidate | None]) -> bool:
    """Whether two parts are answered by the same words, or by a sentence in which no words stand out."""
    told = [(row.passage.document.id, row.start, row.answer) for row in rows if row]
    return len(set(told)) < len(told)


def _missing(half: Half) -> str:
    """What is said of a thing of which no sentence was found."""
    if not marks(half.item):
        return UNANSWERED.format(half.query.text)
    return (UNSAID if half.reading.found.passages else ABSENT).format(half.item)


def _most(found: Sequence[tuple[Half, Candidate]], more: More) -> str:
    """Which of two things has most or least by the numbers quoted; nothing where those do not compare for certain."""
    told = [(value(half.query.text, row), half.item) for half, row in found]
    amounts = [(one.amount, item) for one, item in told if one and one.amount and not (one.ahead or one.amount.vague)]
    if len(amounts) < len(told) or len({(one.unit, one.rate) for one, _ in amounts}) != 1:
        return ""
    ranked = sorted(amounts, key=lambda pair: pair[0].told)
    (least, low), (most, high) = ranked[0], ranked[-1]
    return f"By the numbers quoted, it is {high if more == 'most' else low}." if least.high < most.low else ""
