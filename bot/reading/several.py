"""Several: the readings of the parts of a question, joined to one that tells a sentence of each or that none does."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.reading import Candidate, Reading
from bot.reading.values import Amount, numeric, value
from store.passage import Found, Passage
from store.words import STOP, stem, tokens

STEM = 4  # characters of a name that are the same in "Britain", "British" and "Britons"
ABSENT, UNSAID, UNANSWERED = (
    "Of {} the articles say nothing.",
    "Of {} the articles do not say so.",
    "The articles do not say: {}",
)
_NAME = re.compile(r"[A-ZÀ-Þ][\w-]*(?:['’]s)?\.?(?= |$)(?! (?:(?:of|de|van) (?:the )?)?[A-ZÀ-Þ])|[A-ZÀ-Þ][\w-]*$")


@dataclass(frozen=True, slots=True)
class Half:
    """A question about one of several things, the thing, and what was read for it."""

    question: str
    item: str
    reading: Reading


def marks(item: str) -> frozenset[str]:
    """The beginnings of the last words of the names in a thing's words, in lower case."""
    return frozenset(re.sub(r"['’]s$|\.$", "", match[0])[:STEM].lower() for match in _NAME.finditer(item))


def named(marks: frozenset[str], text: str) -> bool:
    """Whether words of a text begin with all of some marks."""
    words = {word[:STEM] for word in tokens(text)}
    return marks <= words


def about(found: Found, item: str, other: str) -> Found:
    """What was found, only the passages of which the text, the title or what stands before names a thing."""
    own = marks(item) - marks(other)
    held = (one for one in found.passages if named(own, f"{one.document.title}\n{one.before}\n{one.text}"))
    return replace(found, passages=tuple(held))


def answers(rows: Sequence[Candidate], items: Sequence[str]) -> bool:
    """Whether one of the sentences names all of several things."""
    return all(map(marks, items)) and any(all(named(marks(item), row.text) for item in items) for row in rows)


def joined(whole: Reading, halves: Sequence[Half], more: str, sure: Callable[[Reading], bool]) -> Reading:
    """The reading of a question of several things: a sentence for each, the things without one named.

    The whole question's own reading where it is sure and no thing is lacking, and where no part finds anything.
    """
    told: list[Candidate | None] = []
    for half in halves:
        taken = [row for row in told if row]
        told.append(_row(half, halves, taken) if sure(half.reading) else None)
    found = [(half, row) for half, row in zip(halves, told, strict=True) if row]
    lacking = [half for half, row in zip(halves, told, strict=True) if row is None]
    if not found or (lacking and sure(whole) and not all(marks(half.item) for half in lacking)):
        return whole
    weakest = min((half.reading for half, _ in found), key=lambda reading: reading.answer)
    rows = tuple(dict.fromkeys(row for _, row in found))
    passages = {one.id: one for one in (*(row.passage for row in rows), *whole.found.passages)}
    return replace(
        weakest,
        found=replace(weakest.found, passages=tuple(passages.values())),
        sentences=(*rows, *(row for row in whole.sentences if row not in rows)),
        told=rows,
        opening=_most(found, more) if more and not lacking else "",
        closing=" ".join(map(_missing, lacking)),
    )


def _row(half: Half, halves: Sequence[Half], taken: Sequence[Candidate]) -> Candidate | None:
    """The best sentence for a part that tells not only of another one."""
    others = [other.item for other in halves if other is not half]
    for row in half.reading.sentences:
        own = marks(half.item)
        foreign = any(marks(other) and named(marks(other), row.text) for other in others)
        if (foreign or row in taken) and not (own and named(own, row.text)):
            continue
        if row is half.reading.sentences[0] or row.answer:
            return row
    return None


def _missing(half: Half) -> str:
    """What is said of a thing of which no sentence was found."""
    if not marks(half.item):
        return UNANSWERED.format(half.question)
    return (UNSAID if half.reading.found.passages else ABSENT).format(half.item)


def _most(found: Sequence[tuple[Half, Candidate]], more: str) -> str:
    return ""
