"""Support: whether what a model wrote stands in the passages that it was given, and where.

Rules and word overlap only: no model and no network. The measures are those of the usual summary checkers: word
pairs and triples (Lin 2004, ROUGE-N), the longest common subsequence (ROUGE-L), the weighted share of unseen
words; numbers, names, dates and negations are then looked up one by one, since overlap is blind to them
(Kryściński et al. 2020, FactCC). `evals.fit.support` measures `score` on QAGS (Wang et al. 2020); the verdicts are
measured in tests/test_support.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot.claims import CONTRARIES, DENIALS, Claims, about, last, read, weekday_of
from bot.conversation import Verdict
from bot.locate import normal
from store.lexical import STOP, background, stem
from store.passage import Document, Passage
from store.split import sentences

NO_SOURCE, OTHERWISE = "no source", "the articles say otherwise"
WEIGHTS = {"seen": 0.55, "pairs": 0.15, "triples": 0.05, "common": 0.25}  # of `Window.fit`
OVERLAP = {"pairs": 0.3, "triples": 0.2, "common": 0.2, "seen": 0.2, "numbers": 0.1}  # of `score`
ENOUGH = 0.42  # from here on a window supports a paraphrase whose facts are all found
NEAR = 0.30  # from here on a window is about the same thing
CLAUSE = 0.25  # the share of seen words that each clause of its own needs
BETTER = 0.12  # by how much a passage that was not cited must fit better
TRIED = 8  # windows that are measured in full
SPARE = 0.08  # how far behind the best window one may be that has more of the facts

_MARKER = re.compile(r"\s*(?:[\[【(]\s*P?\d{1,3}(?:\s*[,;–-]\s*P?\d{1,3})*\s*[\]】)])+(?=\s*[.!?]?[\"'”’)]*\s*$)")
_LAYOUT = re.compile(r"^\s*(?:[-*•>]\s+|\d{1,2}[.)]\s+)|\*\*|__|`")
_SOURCES = r"(?:articles?|passages?|sources?|texts?|documents?|excerpts?|reports?|information|context)"
_SILENT = re.compile(
    rf"\b{_SOURCES}\b[^.;:]{{0,40}}\b(?:do|does|did)(?: not|n't) (?:say|mention|give|state|specify|contain|provide|tell"
    rf"|cover|report|include|answer|explain|name)\b|\b(?:not|nothing|no)\b[^.;:]{{0,40}}\bin the"
    rf" (?:\w+ )?{_SOURCES}\b|^i (?:do not|don't|cannot|can't|could not|couldn't) (?:find|know|tell|answer|say)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"[;:]|\b(?:but|however|although|though|only that|they do)\b", re.IGNORECASE)
_LEAD = re.compile(rf"\b(?:{_SOURCES}|following|here|summary|details?|points?|answer)\b", re.IGNORECASE)
_ENDINGS = frozenset("s n an ian ean ese i is ish ans ians eans ine inian ne".split())  # of peoples and possessives
_AVERSE = frozenset("away instead rather too few little impossible".split())  # they deny without a negation
_NOT = re.compile(r"(?:un|im|in|ir|dis)(\w{4,})$")
_CLAUSES = re.compile(r"[,;:]\s+(?=(?:which|who|whose|where|while|and|but|because|so|as|with)\b)|;\s+| [–—] ")


@dataclass(frozen=True, slots=True)
class Support:
    """A verdict with its evidence: `start` and `end` are offsets into the article's version, as a passage's are."""

    verdict: Verdict
    passage: Passage | None
    start: int = 0
    end: int = 0
    why: str = ""  # "", NO_SOURCE or OTHERWISE; set where the verdict is "unsupported"
    score: float = 0.0  # how well the span fits the sentence's words, 0..1


@dataclass(frozen=True, slots=True)
class Window:
    """One to three neighbouring sentences of a passage, with what they claim."""

    start: int
    end: int
    claims: tuple[Claims, ...]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    triples: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A window held against a sentence."""

    passage: Passage
    window: Window
    fit: float
    missing: tuple[str, ...] = ()  # what the sentence says and the window does not, or says otherwise


def judge(sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
    """The verdict on one written sentence by the passages it cites, else by any that were found."""
    others = [passage for passage in found if passage not in cited]
    words = bare(sentence)
    for text in dict.fromkeys((sentence, words, words.strip("\"'“”‘’"))):
        if (quoted := _quoted(text, [*cited, *others])) is not None:
            return quoted
    if claims_nothing(words):
        return Support("none", None)
    claims = read(words)
    capitals = _capitals([*cited, *others])
    best = _best(words, claims, cited, capitals)
    other = _best(words, claims, others, capitals)
    if other and (best is None or _worth(other) > _worth(best) + BETTER):
        best = other
    if best is None or best.fit < NEAR:
        return Support("unsupported", None, why=NO_SOURCE, score=best.fit if best else 0.0)
    place = (best.passage, best.passage.start + best.window.start, best.passage.start + best.window.end)
    if best.missing and best.fit >= ENOUGH and "clause" not in best.missing:
        return Support("unsupported", *place, OTHERWISE, best.fit)
    if best.fit < ENOUGH or best.missing:
        return Support("unsupported", *place, NO_SOURCE, best.fit)
    return Support("supported", *place, "", best.fit)


def score(sentence: str, passages: Sequence[Passage]) -> float:
    """How much of a sentence's wording its passages hold, 0..1: a measure without verdicts, for `evals.fit.support`."""
    claims = read(bare(sentence))
    held = [claim for passage in passages for window in windows(passage.text) for claim in window.claims[:1]]
    return sum(OVERLAP[name] * value for name, value in overlap(claims, held).items())


def overlap(claims: Claims, held: Sequence[Claims]) -> dict[str, float]:
    """The measures of `score`, each in [0, 1]: against the best sentence, or against all of them together."""
    pairs, triples = frozenset(_grams(claims.keys, 2)), frozenset(_grams(claims.keys, 3))
    told = frozenset(key for claim in held for key in claim.keys)
    values = {value for claim in held for value, _ in claim.numbers} | {str(d) for claim in held for _, d in claim.days}
    everywhere = frozenset(gram for claim in held for gram in _grams(claim.keys, 3))
    found = [value in values for value, _ in claims.numbers]
    return {
        "pairs": max((len(pairs & frozenset(_grams(c.keys, 2))) for c in held), default=0) / (len(pairs) or 1),
        "triples": len(triples & everywhere) / (len(triples) or 1),
        "common": max((_common(claims.keys, claim.keys) for claim in held), default=0) / (len(claims.keys) or 1),
        "seen": _share(_wanted(claims), told, frozenset()),
        "numbers": sum(found) / len(found) if found else 1.0,
    }


def bare(sentence: str) -> str:
    """A sentence without the citation markers at its end, list bullets and emphasis."""
    return _MARKER.sub("", _LAYOUT.sub("", sentence)).strip()


def claims_nothing(words: str) -> bool:
    """Whether a sentence asserts nothing: a question, heading, lead-in, or "the articles do not say"."""
    tokens = read(words).tokens
    if not any(token.key for token in tokens) or words.startswith("#") or words.endswith("?"):
        return True
    if _SILENT.search(words) and not _BUT.search(words):
        return not read(words).numbers
    if words.endswith(":"):
        names = [place for place, _ in read(words).names if not tokens[place].first]
        return bool(_LEAD.search(words)) and len(tokens) <= 16 and not read(words).numbers and len(names) <= 2
    heading = len(tokens) <= 3 and words[-1].isalpha() and not read(words).numbers
    return heading and not any(token.capital for token in tokens[1:])


# -- quotes --------------------------------------------------------------------------------------


def _quoted(text: str, passages: Sequence[Passage]) -> Support | None:
    """The whole text as one or more whole sentences of a passage, alike but for case, quotes, dashes, spaces.

    Half an article's sentence is no quote: what stood before it may deny it.
    """
    wanted = normal(text)[0].strip()
    if not any(letter.isalnum() for letter in wanted):
        return None
    for passage in passages:
        pieces = _pieces(passage.text)
        for first, (start, _, head) in enumerate(pieces):
            if not wanted.startswith(head):
                continue
            for _, end, _ in pieces[first:]:
                held = normal(passage.text[start:end])[0].strip() if end - start <= 2 * len(text) + 20 else ""
                if held == wanted:
                    return Support("quoted", passage, passage.start + start, passage.start + end, score=1.0)
                if len(held) >= len(wanted) or not held:
                    break
    return None


@lru_cache(maxsize=512)
def _pieces(text: str) -> tuple[tuple[int, int, str], ...]:
    """A passage's sentences: start, end and normalised text."""
    return tuple((start, end, normal(text[start:end])[0].strip()) for start, end in sentences(text))


# -- alignment -----------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def windows(text: str) -> tuple[Window, ...]:
    """Every run of one to three sentences of a passage."""
    spans = [(start, end, read(text[start:end])) for start, end in sentences(text)]
    found = []
    for first in range(len(spans)):
        for size in range(1, min(3, len(spans) - first) + 1):
            part = spans[first : first + size]
            claims = tuple(claim for _, _, claim in part)
            keys = [claim.keys for claim in claims]
            found.append(Window(part[0][0], part[-1][1], claims, frozenset().union(*keys),
                                frozenset(g for k in keys for g in _grams(k, 2)),
                                frozenset(g for k in keys for g in _grams(k, 3))))  # fmt: skip
    return tuple(found)


def _grams(keys: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(keys[shift:] for shift in range(size)), strict=False)


@cache
def _weight(key: str) -> float:
    """How much a word tells: its idf in general news, in [0, 1]."""
    shares = background()
    return min(1.0, math.log(1 / shares.get(key, 1e-4)) / math.log(1e4))


@lru_cache(maxsize=512)
def _facts(title: str, outlet: str | None, published: str | None) -> tuple[Claims, ...]:
    """What an article's title, outlet and published day claim."""
    return read(title), read(outlet or ""), about(published)


def _article(document: Document) -> tuple[Claims, ...]:
    return _facts(document.title, document.outlet, document.published)


def _best(words: str, claims: Claims, passages: Sequence[Passage], capitals: frozenset[str]) -> Match | None:
    """The best window of some passages: the best fit, or one little worse in which more facts are found."""
    wanted, pairs = _wanted(claims), frozenset(_grams(claims.keys, 2))
    ranked = []
    for passage in passages:
        told = frozenset(key for claim in _article(passage.document) for key in claim.keys)
        for window in windows(passage.text):
            held = _share(wanted, window.keys, told) + 0.3 * len(pairs & window.pairs) / (len(pairs) or 1)
            if len(window.claims) == 1 or _adds(wanted, claims, window):
                ranked.append((held - 0.01 * len(window.claims), passage, window))
    ranked.sort(key=lambda row: (-row[0], row[2].end - row[2].start))
    fits = [(_fit(claims, window, passage.document), passage, window) for _, passage, window in ranked[:TRIED]]
    top = max((fit for fit, _, _ in fits), default=0.0)
    near = [
        Match(passage, window, fit, tuple(_missing(words, claims, window, passage, capitals)))
        for fit, passage, window in fits
        if fit >= top - SPARE
    ]
    return max(near, key=_worth, default=None)


def _adds(wanted: Sequence[tuple[str, float]], claims: Claims, window: Window) -> bool:
    """Whether a window's last sentence tells more of what is wanted than a name or number.

    A name may be named first and then be "he"; one that only a later sentence brings belongs to something else.
    """
    loose = {claims.tokens[place].key for place, _ in claims.names}
    before = {token.key for claim in window.claims[:-1] for token in claim.tokens}
    after = {token.key for token in window.claims[-1].tokens}
    return any(key in after and key not in before and key not in loose and key.isalpha() for key, _ in wanted)


def _worth(match: Match) -> float:
    return match.fit - 0.1 * min(3, len(match.missing))


def _share(wanted: Sequence[tuple[str, float]], keys: frozenset[str], told: frozenset[str]) -> float:
    total = sum(weight for _, weight in wanted)
    return sum(weight for key, weight in wanted if key in keys or key in told) / total if total else 0.0


def _wanted(claims: Claims) -> list[tuple[str, float]]:
    """The content words with their weights."""
    return [(token.key, _weight(token.key)) for token in claims.tokens if token.content]


def features(claims: Claims, window: Window, document: Document) -> dict[str, float]:
    """The measures of overlap, each in [0, 1]."""
    keys = claims.keys
    told = frozenset(key for claim in _article(document) for key in claim.keys)
    pairs, triples = frozenset(_grams(keys, 2)), frozenset(_grams(keys, 3))
    common = max(_common(keys, claim.keys) for claim in window.claims) / (len(keys) or 1)
    return {
        "seen": _share(_wanted(claims), window.keys, told),
        "pairs": len(pairs & window.pairs) / (len(pairs) or 1),
        "triples": len(triples & window.triples) / (len(triples) or 1),
        "common": common,
    }


def _fit(claims: Claims, window: Window, document: Document) -> float:
    return sum(WEIGHTS[name] * value for name, value in features(claims, window, document).items())


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence, by the bits of whole numbers (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, key in enumerate(left):
        places[key] = places.get(key, 0) | 1 << place
    full = (1 << len(left)) - 1
    bits = full
    for key in right:
        hits = bits & places.get(key, 0)
        bits = ((bits + hits) | (bits - hits)) & full
    return len(left) - bits.bit_count()


# -- facts ---------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _capitals_of(text: str) -> frozenset[str]:
    claims = [read(text[start:end]) for start, end in sentences(text)]
    return frozenset(name for claim in claims for place, name in claim.names if not claim.tokens[place].first)


def _capitals(passages: Sequence[Passage]) -> frozenset[str]:
    """The names of some passages: what they write with a capital within a sentence."""
    return frozenset().union(*(_capitals_of(passage.text) for passage in passages))


def _missing(words: str, claims: Claims, window: Window, passage: Passage, capitals: frozenset[str]) -> Iterator[str]:
    """What keeps a window from supporting a sentence, each by its kind."""
    facts = (*window.claims, *_article(passage.document))
    if not _numbers_found(claims, facts):
        yield "number"
    if not _dates_found(claims, facts, passage.document.published):
        yield "date"
    if not _names_found(claims, window, facts, capitals) or _displaced(claims, window):
        yield "name"
    if _denied(claims, window):
        yield "negation"
    if _contrary(claims, window):
        yield "negation"
    if _swapped(claims, window):
        yield "roles"
    told = frozenset(key for claim in facts for key in claim.keys)
    named = {claims.tokens[place].key for place, _ in claims.names}
    plain = [(key, weight) for key, weight in _wanted(claims) if key not in named and key.isalpha()]
    if len(plain) >= 2 and _share(plain, window.keys, told) < CLAUSE:
        yield "clause"  # names alone support nothing
    for clause in _CLAUSES.split(words):
        wanted = _wanted(read(clause))
        if len(wanted) >= 3 and _share(wanted, window.keys, told) < CLAUSE:
            yield "clause"


def _contrary(claims: Claims, window: Window) -> bool:
    """Whether a word stands there whose contrary, and not itself, stands in the window."""
    said = {token.folded for token in claims.tokens}
    held = {token.folded for claim in window.claims for token in claim.tokens}
    pairs = [pair for both in CONTRARIES for pair in (both, both[::-1])]
    return any(word in said and word not in held and other in held for word, other in pairs)


def _numbers_found(claims: Claims, facts: Sequence[Claims]) -> bool:
    """Whether each number stands there; with its sign ($, %, p.m.) where it has one."""
    held = frozenset().union(*(fact.numbers for fact in facts))
    values = {value for value, _ in held} | {str(day) for fact in facts for _, day in fact.days}
    return all((value, unit) in held if unit else value in values for value, unit in claims.numbers)


def _dates_found(claims: Claims, facts: Sequence[Claims], published: str | None) -> bool:
    """Whether each day, month and weekday stands there or follows from a weekday and the published day."""
    days = frozenset().union(*(fact.days for fact in facts))
    months = frozenset().union(*(fact.months for fact in facts))
    weekdays = frozenset().union(*(fact.weekdays for fact in facts))
    if published:
        own = frozenset().union(*(fact.weekdays for fact in facts[:-1]))  # the last is the published day itself
        derived = {last(weekday, published) for weekday in own}
        weekdays |= {weekday_of(day, published) for day in days}
        days, months = days | derived, months | {month for month, _ in derived}
        if own and claims.days & {_published(published)} and _published(published) not in derived | _stated(facts):
            return False  # the span names another weekday than the one the article came out on
    return claims.days <= days and claims.months <= months and claims.weekdays <= weekdays


def _published(day: str) -> tuple[int, int]:
    return int(day[5:7]), int(day[8:10])


def _stated(facts: Sequence[Claims]) -> frozenset[tuple[int, int]]:
    return frozenset().union(*(fact.days for fact in facts[:-1]))


def _names_found(claims: Claims, window: Window, facts: Sequence[Claims], capitals: frozenset[str]) -> bool:
    """Whether each name stands there, as itself, as its people ("Egyptian", "Egypt") or as initials ("NOAA")."""
    words = {token.folded.rstrip(".") for fact in facts for token in fact.tokens}
    initials = "".join(t.folded[0] if t.capital else "·" for c in window.claims for t in c.tokens
                       if t.key and t.folded not in STOP)  # fmt: skip
    for place, name in claims.names:
        if claims.tokens[place].first and not _named(claims, place, capitals):
            continue
        if name in words or any(_kin(name, word) for word in words):
            continue
        if claims.tokens[place].raw.isupper() and len(name) > 2 and name in initials:
            continue
        return False
    return all(_together(claims, left, right, facts) for (left, _), (right, _) in pairwise(claims.names))


def _together(claims: Claims, left: int, right: int, facts: Sequence[Claims]) -> bool:
    """Whether two names that stand side by side do so there too: "Evo Mamani" is neither Morales nor Mamani."""
    first, second = claims.tokens[left], claims.tokens[right]
    if right != left + 1 or (first.first and first.folded not in {t.folded for f in facts for t in f.tokens}):
        return True
    for fact in facts:
        keys = [token.key for token in fact.tokens if token.key]
        for place, key in enumerate(keys):
            if key == first.key and second.key in keys[place + 1 : place + 4]:
                return True
            if _kin(key, first.folded) and second.key in keys[place + 1 : place + 4]:
                return True
    return False


def _displaced(claims: Claims, window: Window) -> bool:
    """Whether the two words before a name have another name behind them in the window, and never this one.

    "the president of Chile" against "President Morales ... the president of Bolivia".
    """
    for place, name in claims.names:
        before = [token.folded for token in claims.tokens[max(0, place - 3) : place] if token.folded != "the"][-2:]
        if len(before) < 2 or "," in before or set(before) <= STOP:
            continue
        rivals = [other for held in window.claims for other in _behind(held, before)]
        if rivals and all(name not in row and not any(_kin(name, word) for word in row) for row in rivals):
            return True
    return False


def _behind(held: Claims, before: Sequence[str]) -> Iterator[list[str]]:
    """The names that follow two words wherever these stand, each with the words next to it."""
    words = [(token.folded, token.capital) for token in held.tokens if token.folded != "the"]
    for place in range(len(words) - 2):
        if [words[place][0], words[place + 1][0]] == before and words[place + 2][1]:
            yield [word.rstrip(".") for word, _ in words[place + 2 : place + 8]]


def _named(claims: Claims, place: int, capitals: frozenset[str]) -> bool:
    """Whether the word that opens a sentence is a name: known as one, or not a word of general news."""
    token = claims.tokens[place]
    following = claims.tokens[place + 1] if place + 1 < len(claims.tokens) else None
    return token.folded in capitals or bool(following and following.capital) or token.raw.isupper()


def _kin(name: str, word: str) -> bool:
    """Whether two names differ in their ending only: Egypt, Egyptian; Israel, Israeli."""
    short, long = sorted((name, word), key=len)
    if len(short) < 4 or len(long) - len(short) > 4:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= max(4, len(short) - 1) and long[same:] in _ENDINGS


def _denied(claims: Claims, window: Window) -> bool:
    """Whether the sentence denies what the window asserts, or asserts what it denies."""
    if any(_crossed(claims, held) for held in window.claims):
        others = [held for held in window.claims if not _crossed(claims, held)]
        if not others or _crossed_words(claims, window.claims, others):
            return True
    if claims.negated:
        return not _echoed(claims, window)
    return any(_asserted(claims, held) for held in window.claims)


def _crossed(one: Claims, other: Claims) -> bool:
    """Whether a word that one of them denies directly stands in the other, and never denied."""
    return any(_undenied(left, right) for left, right in ((one, other), (other, one)))


def _undenied(left: Claims, right: Claims) -> set[str]:
    """The words denied directly in `left` that `right` has, undenied throughout; none if `left` has them undenied."""
    hits = {left.tokens[hit].key for _, hit in left.negated if hit >= 0}
    free = {token.key for place, token in enumerate(left.tokens) if place not in left.denied}
    found = set()
    for key in hits - free:
        places = [place for place, token in enumerate(right.tokens) if token.key == key]
        if places and not any(place in right.denied for place in places):
            found.add(key)
    return found


def _crossed_words(claims: Claims, window: Sequence[Claims], others: Sequence[Claims]) -> bool:
    """Whether no other sentence of the window has the crossed words in the same sense."""
    words: set[str] = set()
    for held in window:
        words |= _undenied(claims, held) | _undenied(held, claims)
    return not any(words & set(held.keys) for held in others)


def _echoed(claims: Claims, window: Window) -> bool:
    """Whether something in the window denies a word that the sentence denies."""
    reached = {token.key for place, token in enumerate(claims.tokens) if place in claims.denied and token.content}
    words = {token.key for token in claims.tokens if token.folded in DENIALS}
    for held in window.claims:
        if any(token.folded in _AVERSE or token.key in words for token in held.tokens):
            return True
        if any(held.tokens[place].key in reached for place in held.denied if place < len(held.tokens)):
            return True
        negated = (_NOT.match(token.folded) for token in held.tokens)
        if any(match and stem(match.group(1)) in reached for match in negated):
            return True
    return False


def _asserted(claims: Claims, held: Claims) -> bool:
    """Whether a clause of a sentence that denies nothing says mostly what the window's sentence denies."""
    reach = {held.tokens[place].key for at, _ in held.negated for place in held.denied if place > at}
    if not reach or any(token.folded in _AVERSE or _NOT.match(token.folded) for token in claims.tokens):
        return False
    clause: list[tuple[str, float]] = []
    for token in (*claims.tokens, None):
        if token is None or token.folded in (",", "that", "and", "but"):
            if len(clause) >= 2 and _share(clause, frozenset(reach), frozenset()) >= 0.6:
                return True
            clause = []
        elif token.content:
            clause.append((token.key, _weight(token.key)))
    return False


# -- roles ---------------------------------------------------------------------------------------


def _swapped(claims: Claims, window: Window) -> bool:
    """Whether two names have changed places round a word that both texts share ("A beat B", "B beat A").

    For each such word the nearest name before it and after it in the window votes: for a swap where the sentence
    has that name on the other side only. A passive voice in one of the two texts turns the vote round.
    """
    places = {place for place, _ in claims.names}
    names = {claims.tokens[place].key for place in places}
    if len(names) < 2:
        return False
    votes = 0
    for place, token in enumerate(claims.tokens):
        if not token.content or place in places:
            continue
        before = {claims.tokens[p].key for p in places if p < place}
        after = {claims.tokens[p].key for p in places if p > place}
        if not (before - after) or not (after - before):
            continue
        spots = [(held, spot) for held in window.claims for spot, t in enumerate(held.tokens) if t.key == token.key]
        for held, spot in spots if len(spots) <= 2 else ():
            flip = _passive(claims, place) != _passive(held, spot)
            votes += _vote(held, spot, *((after, before) if flip else (before, after)))
    return votes > 0


def _vote(held: Claims, spot: int, before: set[str], after: set[str]) -> int:
    """How many of the two nearest names round a place stand on the wrong side, less those on the right one."""
    names = [(place, held.tokens[place].key) for place, _ in held.names if held.tokens[place].key in before | after]
    left = [key for place, key in names if place < spot][-1:]
    right = [key for place, key in names if place > spot][:1]
    votes = 0
    for key, good, bad in [(k, before, after) for k in left] + [(k, after, before) for k in right]:
        votes += (key in bad - good) - (key in good - bad)
    return votes


def _passive(claims: Claims, place: int) -> bool:
    """Whether a word is followed by "by" at once or nearly."""
    return any(token.folded == "by" for token in claims.tokens[place + 1 : place + 3])
