"""Items: the things of a kind that sentences of several articles name, one sentence for each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from bot.reading import Candidate, Reading, told_together
from bot.reading.claims import read
from bot.reading.evidence import READ, WEIGHTS, tells
from bot.reading.figures import figures
from bot.reading.lists import stems
from bot.reading.several import around, marks, names
from bot.reading.speaker import speaker
from store.passage import Found, Passage
from store.split import sentences
from store.words import DATELINE, FULL_NAME, STOP, WEEKDAYS, month, stem, stems_of, surname

BATCHES = 3  # times that the reading model reads for a list
MOST = 6  # most sentences that are told of a list
OF_KIND = 2.0  # worth of the word for the kind in a sentence
HELD = 0.4  # least share, by rarity, of what is asked that a sentence, its title and its passage's names hold
NEAR = 6  # most words between a name and the noun behind it
SPREAD, FARTHER = 3.5, 6.0  # most by which a sentence may be worse than the best, and one with a name beside its noun
MORE = "The articles name more than these:"
UNCOUNTED = "No article was found that gives the number; {} quotes name one or more:"


def wide(look: Callable[[Callable[[Found], Found]], Reading]) -> list[Reading]:
    """The readings of a search's passages, READ of them at a time, their sentences scored as if read at once."""
    readings, top = list[Reading](), 0.0
    for at in range(0, BATCHES * READ, READ):
        reading = look(partial(_batch, at=at))
        if not reading.found.passages:
            break
        highest = max(passage.score for passage in reading.found.passages) or 1.0
        top = top or highest
        behind = WEIGHTS["rank"] * (1 / highest - 1 / top)
        rows = (replace(row, score=row.score - behind * row.passage.score) for row in reading.sentences)
        readings.append(replace(reading, sentences=tuple(rows)))
    return readings


def _batch(found: Found, at: int) -> Found:
    return replace(found, passages=found.passages[at : at + READ])


def told(surest: Reading, readings: Sequence[Reading], kind: frozenset[str], topic: str) -> Reading:
    """The surest reading, with a sentence for each thing of a kind where there are several."""
    read = [row for one in readings for row in one.sentences if names(around(row.passage), marks(topic))]
    asked = stems_of(topic)
    named = asked - stems_of(FULL_NAME.sub(" ", topic))  # the passages hold these
    rarity = {word: weight for word, weight in surest.found.rarity.items() if word in asked}
    least = HELD * sum(rarity.values())
    read = [row for row in read if sum(rarity.get(word, 0.0) for word in _said(row) | named) >= least]
    best = max((row.score for row in read), default=0.0)
    read = [row for row in read if row.score >= best - (FARTHER if _beside(row, kind) else SPREAD)]
    read.sort(key=lambda row: row.score + OF_KIND * bool(_beside(row, kind)), reverse=True)
    known = frozenset(map(surname, FULL_NAME.findall(topic)))
    return _listed(surest, readings, ((row, _items(row, kind) - known) for row in read))


def _said(row: Candidate) -> frozenset[str]:
    """The stems of a sentence and of the title over it."""
    return stems_of(f"{row.passage.document.title}\n{row.text}")


def quoted(surest: Reading, readings: Sequence[Reading], topic: str) -> Reading:
    """The surest reading, with a sentence of each person who is quoted on a topic, where there are several."""
    wanted = stems_of(topic) - {stem(word) for word in STOP}
    passages = {one.id: one for reading in (surest, *readings) for one in reading.found.passages}.values()
    about = [one for one in passages if names(around(one), marks(topic)) and wanted & stems_of(around(one))]
    return _listed(surest, readings, (pair for one in about for pair in _spoken(one)))


def _listed(surest: Reading, readings: Sequence[Reading], rows: Iterable[tuple[Candidate, frozenset[str]]]) -> Reading:
    """The surest reading with those of some sentences, each with its things, that tell of another one."""
    chosen, named = list[Candidate](), set[str]()
    for row, own in rows:
        if own - named:
            chosen.append(row)
            named |= own
    if len(chosen) < 2:
        return surest
    opening = MORE if len(chosen) > MOST else ""
    return told_together(surest, tuple(chosen[:MOST]), (surest, *readings), surest.sentences, opening=opening)


def _spoken(passage: Passage) -> Iterator[tuple[Candidate, frozenset[str]]]:
    """The sentences of a passage that somebody with a name of two words says, each with the last of these."""
    for start, end in sentences(passage.text):
        low, high = passage.start + start, passage.start + end
        row = Candidate(passage, low, high, passage.text[start:end])
        said = speaker(passage, low, high)
        full = [match[0] for match in FULL_NAME.finditer(said.text) if " " in match[0]] if said else []
        if full and tells(row):
            yield row, frozenset([surname(full[-1])])


def _items(row: Candidate, kind: frozenset[str]) -> frozenset[str]:
    """The names, or numbers, among the words that answer or beside the noun for the things, each by a key."""
    beside = _beside(row, kind)
    if row.answer is None and not beside:
        return frozenset()
    line = DATELINE.match(row.text)
    low, high = row.answer or (row.end, row.end)
    if line and high <= row.start + line.end():
        low, high = row.start + line.end(), row.end  # the answer is not the place where it was written
    low = max(low, row.start + (line.end() if line else 0))
    text = row.passage.text[low - row.passage.start : high - row.passage.start]
    if kind & stems("numbers"):
        return frozenset(one.number.readings[0] for one in figures(read(text).tokens, frozenset()))
    return frozenset(surname(match[0]) for match in FULL_NAME.finditer(text) if not _common(match[0])) | beside


def _beside(row: Candidate, kind: frozenset[str]) -> frozenset[str]:
    """The names that stand beside the noun for the things: "Captain A B", "the minister, A B", "A B, the captain"."""
    line = DATELINE.match(row.text)
    found = set[str]()
    for match in FULL_NAME.finditer(row.text, line.end() if line else 0):
        before, after = row.text[: match.start()].rstrip(" ,").split(), row.text[match.end() :]
        near = [*before[-1:], *before[-2:-1] * (before[-1:] == ["of"]), *match[0].split()[:-1]]
        near += after.split()[:NEAR] if after[:1] == "," else []
        if kind & stems_of(" ".join(near)):
            found |= set[str]() if _common(match[0]) else {surname(match[0])}
    return frozenset(found)


def _common(name: str) -> bool:
    """Whether a word with a capital is no name of a thing: it begins a sentence, or is a day or a month."""
    word = name.lower()
    return word in STOP or word in WEEKDAYS or bool(month(word))
