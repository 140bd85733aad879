"""Items: the things of a kind that sentences of several articles name, one sentence for each."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.reading import Candidate, Reading
from bot.reading.evidence import READ, WEIGHTS
from bot.reading.several import marks, names
from bot.reading.speaker import speaker
from store.passage import Found, Query
from store.words import STOP, stem, tokens

BATCHES = 3  # times that the reading model reads for a list
MOST = 6  # most sentences that are told of a list
OF_KIND = 2.0  # worth of the word for the kind in a sentence
SPREAD = 3.5  # most by which a sentence may be worse than the best
MORE = "The articles name more than these {}."

_DATELINE = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ .'’-]+(?:, [A-Z][\w .]+)? [-–—] ")
_NAME = re.compile(r"[A-ZÀ-Þ][\w’'*.-]*(?: (?:(?:of|de|van|the|al|and) )*[A-ZÀ-Þ\d][\w’'*.-]*)*|\d[\d.,]*(?: \w+illion)?")


def wide(look: Callable[[Callable[[Found], Found]], Reading]) -> list[Reading]:
    """The readings of a search's passages, READ of them at a time."""
    readings = []
    for at in range(0, BATCHES * READ, READ):
        found: list[Found] = []

        def part(every: Found, at: int = at, found: list[Found] = found) -> Found:
            found.append(every)
            return replace(every, passages=every.passages[at : at + READ])

        reading = look(part)
        if not reading.found.passages:
            break
        top, own = found[0].passages[0].score or 1.0, reading.found.passages
        highest = max(passage.score for passage in own) or 1.0
        ranked = (replace(row, score=row.score - WEIGHTS["rank"] * row.passage.score * (1 / highest - 1 / top)) for row in reading.sentences)
        readings.append(replace(reading, sentences=tuple(ranked)))
    return readings


def told(query: Query, surest: Reading, readings: Sequence[Reading], kind: frozenset[str], *, speaks: bool) -> Reading:
    """The surest reading, with a sentence for each thing of a kind where there are several."""
    topic = marks(query.text.partition(" ")[2])
    rows = [row for reading in readings for row in reading.sentences if _about(row, topic)]
    named = [(row, frozenset(_items(row, kind, speaks=speaks))) for row in rows]
    fits = sorted(((_fit(row, kind), row, own) for row, own in named if own), key=lambda one: -one[0])
    chosen, held = list[Candidate](), set[str]()
    for fit, row, own in fits:
        if fit < fits[0][0] - SPREAD:
            break
        if own - held:
            chosen.append(row)
            held |= own
    if len(chosen) < 2:
        return surest
    shown = tuple(chosen[:MOST])
    passages = {row.passage.id: row.passage for row in shown}
    passages |= {one.id: one for reading in (surest, *readings) for one in reading.found.passages if one.id not in passages}
    return replace(
        surest,
        found=replace(surest.found, passages=tuple(passages.values())),
        sentences=(*shown, *surest.sentences),
        told=shown,
        closing=MORE.format(MOST) if len(chosen) > MOST else "",
    )


def _about(row: Candidate, topic: frozenset[str]) -> bool:
    passage = row.passage
    return names(f"{passage.document.title}\n{passage.before}\n{passage.text}", topic)


def _fit(row: Candidate, kind: frozenset[str]) -> float:
    return row.score + OF_KIND * bool(kind & {stem(token) for token in tokens(row.text)})


def _items(row: Candidate, kind: frozenset[str], *, speaks: bool) -> list[str]:
    """The names or numbers among the words that answer, each by its last word; the speaker's where one is asked for."""
    if speaks:
        said = speaker(row.passage, row.start, row.end)
        return [said.text.split()[-1].lower()] if said and not said.anonymous else []
    if row.answer is None and not kind & {stem(token) for token in tokens(row.text)}:
        return []
    dateline = _DATELINE.match(row.text)
    low, high = row.likeliest or (row.start, row.start)
    low = max(low, row.start + (dateline.end() if dateline else 0))
    text = row.passage.text[low - row.passage.start : max(low, high) - row.passage.start]
    found = (match[0] for match in _NAME.finditer(text))
    return [name.split()[-1].lower() for name in found if name.lower() not in STOP]
