"""Alignment: whether two sentences that answer a question agree, conflict, or the newer supersedes the older.

1. The value of each sentence is read from its answering words (`bot.reading.values`). A sentence without one is
   unrelated to every other, unless the answering words of both are the same.
2. Values of different units, of different rates or times, or of which one is narrowed to a place, are unrelated.
3. Values that may be one agree: rounded, a bound and a number within it.
4. Of different values of two days, the newer supersedes the older. Otherwise they contradict one another where the
   articles share no text and are of different outlets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Literal

from bot.reading import Candidate, Reading, Versions
from bot.reading.amounts import dimension, priced, same_amount
from bot.reading.claims import BEING, Claims, past, read
from bot.reading.guards.modality import yet_to
from bot.reading.kind import kind
from bot.reading.lists import stems, table
from bot.reading.speaker import speaker
from bot.reading.token import Token
from bot.reading.values import Value, about, keys_of, names_of, numeric, things_of, touches, value
from store.passage import Found, Passage, Query, days_of

Relation = Literal["agree", "supersedes", "contradicts", "unrelated"]
LONG = timedelta(days=730)  # most time between two reports on one thing
SAME = timedelta(days=2)  # most time between reports of about the same time
ALIKE = 4  # least content words that a plan and what is told as done have in common
WIDE, LATER = 24, 2  # passages among which newer articles are looked for, and most of these that are read
FAR = 0.5  # least share of the best passage's score that one of a newer article needs
RANK = 6.0  # about the weight of a passage's rank in the score of its sentences
OPEN = 3.0  # most, where no few words answer
BEHIND = 2.5  # most that the newest sentence may score less than the best
_LASTING = table("words.txt")["lasting"]
_TENSES = frozenset("is are was were do does did has have had will would can could".split())
_PRESENT = frozenset("is are do does has have".split())
_FIRST = re.compile(
    r"\b(?:at first|initially|originally|to begin with)\b|\bfirst (?:\w+ed|said|thought|gave|put)\b"
    r"|\b(?:first|before)\W*$",
    re.I,
)
"""How a question asks for the earliest report."""
_OPEN = re.compile(r"\b(?:what|how) (?:do|does|did|has|have|will)\b", re.I)
"""How a question asks for what somebody does, says or thinks."""
_WHO = re.compile(r"\W{0,9}who (?!(?:is|are|was|were|will|does|do|did)\b)(.*)", re.I)
_DID = re.compile(r"\W{0,9}(?:did|has|have) (.*)", re.I)
_WORD = re.compile(r"[\w’'-]+")
_DOES = re.compile(
    r"^\W*(?:have|has|had|did|do|does|is|are|was|were|will)\b|\bwhat (?:did|do|does|has|have|will)\b.*\bdo(?:ne)?\b",
    re.I,
)
"""How a question asks whether something is done, or what."""


def relation(question: str, one: Candidate, other: Candidate) -> Relation:
    """How the values that two sentences give for what is asked stand to one another; their order changes nothing."""
    older, newer = sorted((one, other), key=_day)
    first, second = value(question, older), value(question, newer)
    days = [days_of(row.passage.document.published or "9999-12-31")[0] for row in (older, newer)]
    if (days[1] - days[0] > LONG and days[1].year < 9999) or not _one_event(question, older, newer):
        return "unrelated"
    if first is None or second is None:
        if first is second and not numeric(question) and _denied(question, older, newer):
            if _ordered(older, newer):
                return "supersedes"
            return "contradicts" if independent(one, other) and together(one, other) else "unrelated"
        if _worded(question, older, newer):
            return "agree"
        if _blamed(question, older, newer):
            return "contradicts"
        return _carried_out(question, older, newer) if _DOES.search(question) else "unrelated"
    dated = _ordered(older, newer)
    same = _same(first, second, dated=dated)
    if same:
        return "agree"
    if same is None or _narrowed(first, second) or _elsewhere(first, newer) or _elsewhere(second, older):
        return "unrelated"
    if _polled(question, first, older) or _polled(question, second, newer):
        return "unrelated"
    if dated:
        apart = (second.ahead and not first.ahead) or (first.times and not _same_event(question, older, newer))
        return "unrelated" if apart else "supersedes"
    return "contradicts" if first.ahead == second.ahead and independent(one, other) else "unrelated"


def _same(first: Value, second: Value, *, dated: bool) -> bool | None:
    """Whether two values may be one, of which the second is the newer where they are `dated`; None: not comparable."""
    if first.amount and second.amount:
        return same_amount(first.amount, second.amount, dated=dated)
    if first.times and second.times:
        return any(one[0] <= two[1] and two[0] <= one[1] for one in first.times for two in second.times)
    return bool(first.holder & second.holder) if first.holder and second.holder else None


def _worded(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether the answering words of two sentences are the same but for those of the question."""
    asked = read(question)
    own = {token.key for token in asked.tokens}
    said = [{t.key for t in read(row.answering).tokens if t.content} - own for row in (one, other)]
    if not all(said) or not (said[0] <= said[1] or said[1] <= said[0]):
        return False
    return all(touches(asked, read(row.text)) for row in (one, other))


def _denied(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether one sentence denies what another one of the same words tells ("no officer met the gunman")."""
    asked, first, second = read(question), read(one.text), read(other.text)
    own = {token.key for token in asked.tokens if token.content and not (token.capital or token.number)}
    own -= {asked.tokens[hit].key for _, hit in asked.negated if hit >= 0}
    shared = {token.key for token in first.tokens if token.content and not token.capital} & set(second.keys)
    shared &= own
    hits = [
        {claims.tokens[hit].key for _, hit in claims.negated if hit >= 0 and hit not in claims.hedged} & shared
        for claims in (first, second)
    ]
    return len(shared) > 1 and bool(hits[0]) != bool(hits[1])


def _blamed(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether two speakers of about the same time say that others did what is asked ("who shot down the jet")."""
    match = _WHO.match(question) or _DID.match(question)
    if not match or not (independent(one, other) and together(one, other)):
        return False
    said = [speaker(row.passage, row.start, row.end) for row in (one, other)]
    if not all(said) or said[0] == said[1]:
        return False
    did = [token for token in read(match[1]).tokens if token.content]
    shared = set(read(one.text).keys) & set(read(other.text).keys)
    if _DID.match(question):  # of the words from the verb on
        told = [{token.key for token in read(row.text).tokens if past(token)} for row in (one, other)]
        did = did[next((at for at, token in enumerate(did) if token.key in told[0] & told[1]), len(did)) :]
    if not did or not {token.key for token in did} <= shared:
        return False
    first, second = ({t.key for t in _doers(read(row.text), did[0].key) if t.content} for row in (one, other))
    return bool(first and second) and not first & second


def _doers(claims: Claims, verb: str) -> Sequence[Token]:
    """The words for who does what a verb says: those before it, or behind its "by"."""
    words = claims.tokens
    at = next((near for near, token in enumerate(words) if token.key == verb), 0)
    edges = [near for near, token in enumerate(words) if token.folded in ("that", "by") or not token.key]
    low = max((near + 1 for near in edges if near < at), default=0)
    high = at
    if any(token.folded in BEING for token in words[max(0, at - 2) : at]):  # it was shot down by them
        low = next((near + 1 for near in edges if near > at and words[near].folded == "by"), len(words))
        high = next((near for near in edges if near > low), len(words))
    while high > low and not words[high - 1].content:  # "had"
        high -= 1
    return words[low:high]


def _marked(question: str, row: Candidate) -> Candidate:
    """A sentence whose answering words give its number, tell who does what is asked, or that it is done or planned."""
    asked = [token for token in read(question).tokens if token.content and not token.capital]
    if given := value(question, row):
        return row if not given.words or " ".join(given.words) in row.answering else _with(row, given.words)
    if asked and _WHO.match(question):
        return _with(row, [token.raw for token in _doers(read(row.text), asked[0].key)])
    keys, words = {token.key for token in asked}, [match.span() for match in _WORD.finditer(row.text)]
    at = [place for place, span in enumerate(words) if keys & set(read(row.text[slice(*span)]).keys)]
    return _with(row, [row.text[words[max(0, at[0] - 2)][0] : words[at[-1]][1]]]) if at else row


def _with(row: Candidate, words: Sequence[str]) -> Candidate:
    """A sentence with some words in a row as those that answer; unchanged where they do not stand in it."""
    joined = r"\W+".join(map(re.escape, words))
    match = re.search(rf"(?<!\w){joined}(?!\w)", row.text) if words else None
    return replace(row, answer=(row.start + match.start(), row.start + match.end())) if match else row


def _carried_out(question: str, older: Candidate, newer: Candidate) -> Relation:
    """Whether what is asked is planned in one of two sentences and told as done in the other."""
    asked, first, second = read(question), read(older.text), read(newer.text)
    said, shared = {t.key for t in asked.tokens if t.content}, set(first.keys) & set(second.keys)
    if (
        not (older.answer or newer.answer)
        or len(said & shared) < 2
        or len({t.key for t in first.tokens if t.content} & shared) < ALIKE
    ):
        return "unrelated"
    done, undone = yet_to(second, [first]), yet_to(first, [second])
    if done == undone:
        return "unrelated"
    if _ordered(older, newer):
        return "supersedes" if done else "unrelated"
    return "contradicts" if independent(older, newer) else "unrelated"


def _ordered(older: Candidate, newer: Candidate) -> bool:
    """Whether one article is surely of a later day than the other: not of the month in which that one is."""
    first, second = _day(older), _day(newer)
    return bool(first and second) and not first.startswith(second) and not second.startswith(first)


def _polled(question: str, value: Value, row: Candidate) -> bool:
    """Whether a share is that of a poll: one of other people or of another question is no newer one.

    A poll beside it counts too, but where the sentence names the quantity that is asked for ("turnout").
    """
    if value.amount is None or value.amount.unit != "%":
        return False
    named = stems("quantities") & set(read(question).keys) & set(read(row.text).keys)
    return bool(keys_of(row.text if named else row.passage.text) & stems("polls"))


def _narrowed(first: Value, second: Value) -> bool:
    """Whether two values are of different places, months or times."""
    pairs = (first.places, second.places), (first.months, second.months)
    return first.window != second.window or any(one and other and not one & other for one, other in pairs)


def _one_event(question: str, older: Candidate, newer: Candidate) -> bool:
    """Whether two sentences may be about one thing: the question names it, or their passages share two other names."""
    asked = read(question)
    if numeric(question) and not (things_of(question) or dimension(question)):
        own = {token.key for token in asked.tokens if token.content}
        told = [own & set(read(row.text).keys) for row in (older, newer)]
        held = [own & keys_of(row.passage.text) for row in (older, newer)]
        if not told[0] & told[1] and not (all(told) and 3 * len(held[0] & held[1]) >= 2 * len(own)):
            return False
    if any(at for at, _ in asked.names):
        return True
    names = [names_of(f"{row.passage.document.title}\n{row.passage.text}") for row in (older, newer)]
    return len(names[0] & names[1]) >= 2


def _same_event(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether two sentences that name times have most words of the question in common that are no names."""
    own = {token.key for token in read(question).tokens if token.content and not (token.capital or token.number)}
    shared = own & set(read(one.text).keys) & set(read(other.text).keys)
    return 2 * len(shared) > len(own)


def _elsewhere(narrow: Value, other: Candidate) -> bool:
    """Whether a value is of a place that another sentence and the title of its article do not name."""
    if narrow.amount and narrow.amount.unit == "%":  # a share of other people
        return not narrow.places <= keys_of(other.text)
    told = keys_of(f"{other.passage.document.title}\n{other.passage.text}")
    return 2 * len(narrow.places & told) < len(narrow.places)


def independent(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences stand in articles of different outlets that share no text.

    Of two of which one is undated, either may be the other written anew: these only may not be copies.
    """
    first, second = one.passage.document, other.passage.document
    origins = [document.family or document.id for document in (first, second)]
    if first.published and second.published:
        origins = [document.kin or origin for document, origin in zip((first, second), origins, strict=True)]
    return origins[0] != origins[1] and (first.outlet is None or first.outlet != second.outlet)


def together(one: Candidate, other: Candidate) -> bool:
    """Whether two articles are of about the same time, or of no known one."""
    days = [row.passage.document.published for row in (one, other)]
    if not all(days):
        return True
    first, second = (days_of(day)[0] for day in days if day)
    return abs(second - first) <= SAME


def revises(newer: Candidate, older: Candidate) -> bool:
    """Whether the article of a newer sentence says that something is now told otherwise."""
    home = newer.passage
    return _day(older) < _day(newer) and bool(keys_of(f"{home.document.title}.\n{home.text}") & stems("revising"))


def versions(query: Query, rows: Sequence[Candidate]) -> Versions:
    """The best sentence of each article whose value differs from the best of all, in the order to tell them.

    Where the question names some days, only of articles of these: a report of other days does not answer it. None where
    it names a longer time.
    """
    rows = [row for row in rows if query.brief and (not query.around or query.covers(row.passage.document))]
    valued = (row for row in rows if value(query.text, row))
    if (first := next(valued, None)) and _reaches(first, rows[0]):
        rows.sort(key=lambda row: value(query.text, row) is None)
    told, known = rows[:1], {row.passage.document.id for row in rows[:1]}
    for row in rows[1:]:
        if row.passage.document.id in known:
            continue
        if all(relation(query.text, row, one) in ("supersedes", "contradicts") for one in told):
            told.append(row)
            known.add(row.passage.document.id)
        elif value(query.text, row):
            known.add(row.passage.document.id)  # its best sentence gives the same
    if len(told) < 2:
        return Versions()
    conflicting = any(relation(query.text, told[0], row) == "contradicts" for row in told[1:])
    earliest = bool(_FIRST.search(query.text)) and not conflicting
    told.sort(key=_day, reverse=not earliest)
    return Versions(tuple(_marked(query.text, row) for row in told), conflicting)


def _reaches(row: Candidate, best: Candidate) -> bool:
    """Whether a sentence that gives a value may lead in place of the best one: it is near, and of no older article."""
    return row is best or (row.score >= best.score - BEHIND and _day(row) >= _day(best))


def changing(question: str) -> bool:
    """Whether a question asks for what a newer article may give otherwise: a number, a day, or how something is now."""
    return numeric(question) or kind(question) == "date" or lasting(question)


def later(reading: Reading, wide: Found) -> Found:
    """The best passage of each of the first newer articles than that of the best sentence, of those not read.

    One that is far behind the best passage tells of something else.
    """
    known = {row.passage.document.id for row in reading.sentences}
    day, best = (
        max(map(_day, reading.sentences[:1]), default=""),
        max((one.score for one in wide.passages), default=0.0),
    )
    passages = dict[str, Passage]()
    for passage in wide.passages if day else ():
        document = passage.document
        if document.id not in known and (document.published or "") > day and passage.score >= FAR * best:
            passages.setdefault(document.id, passage)
    return replace(wide, passages=tuple(islice(passages.values(), LATER)))


def _joined(reading: Reading, more: Reading) -> Reading:
    """A reading with the sentences of newer articles behind its own, on one scale of passages."""
    tops = [max((one.score for one in each.found.passages), default=1.0) for each in (reading, more)]
    behind = RANK * (1 - tops[1] / (tops[0] or 1.0))
    rows = (*reading.sentences, *(replace(row, score=row.score - behind) for row in more.sentences))
    found = replace(reading.found, passages=(*reading.found.passages, *more.found.passages))
    return replace(reading, sentences=tuple(sorted(rows, key=lambda row: -row.score)), found=found)


def aligned(query: Query, reading: Reading, more: Reading | None = None) -> Reading:
    """The reading with the sentences that give different values, or with the newest of the same story first.

    The latter where a question asks how something is now, or how it ended. `more` is a reading of newer articles.
    """
    if not reading.sentences:
        return reading
    reading = replace(reading, sentences=priced(query.text, reading.sentences))
    joined, best = _joined(reading, more) if more else reading, reading.sentences[0]
    told = versions(query, joined.sentences)
    if told.rows:
        return replace(_holding(told.rows, reading, joined), versions=told)
    if not lasting(query.text):
        valued = next((row for row in joined.sentences if value(query.text, row) and not query.around), best)
        return _led(reading, joined, valued) if _day(valued) > _day(best) and _reaches(valued, best) else reading
    rows = {row.passage.document.id: row for row in reversed(joined.sentences) if _datable(query.text, row, best)}
    return _led(reading, joined, max(reversed(rows.values()), key=_day, default=best))


def _day(row: Candidate) -> str:
    """The day of a sentence's article; nothing of an undated one."""
    return row.passage.document.published or ""


def _holding(rows: Sequence[Candidate], reading: Reading, joined: Reading) -> Reading:
    """A reading where it holds the passages of some sentences, else the same joined with that of newer articles."""
    known = {passage.id for passage in reading.found.passages}
    return reading if all(row.passage.id in known for row in rows) else joined


def _led(reading: Reading, joined: Reading, row: Candidate) -> Reading:
    """A reading with one sentence of it, or of it joined with that of newer articles, put first."""
    if row is reading.sentences[0]:
        return reading
    kept, first = _holding([row], reading, joined), replace(row, score=reading.sentences[0].score)
    return replace(kept, sentences=(first, *(one for one in kept.sentences if one is not row)))


def _datable(question: str, row: Candidate, best: Candidate) -> bool:
    """Whether a dated sentence may tell of the same thing as the best one."""
    if row is best or not (row.passage.document.published and best.passage.document.published):
        return row is best
    asked, told, behind = read(question), read(row.text), best.score - row.score
    own = {token.key for token in asked.tokens if token.content}
    said = own & {token.key for at, token in enumerate(told.tokens) if at not in told.hedged}
    if said < own & set(told.keys):  # what is asked is only wanted, planned or feared
        return False
    answers = value(question, row) if numeric(question) or value(question, best) else row.answer
    near = behind <= BEHIND and bool(answers)
    if not near and (kind(question) is None or _OPEN.search(question)):  # no few words answer it
        near = behind <= OPEN and len(said) >= len(own & set(read(best.text).keys))
    older, newer = sorted((row, best), key=_day)
    return near and _one_event(question, older, newer) and about(asked, row, told, len(told.tokens))


def lasting(question: str) -> bool:
    """Whether a question asks how something is now, or how it ended ("How many have been found so far?")."""
    words = [token.folded for token in read(question).tokens]
    verb = next((word for word in words if word in _TENSES), "")
    said = f" {' '.join(words)} "
    return any(f" {cue} " in said for cue in _LASTING) or verb in _PRESENT
