"""Differing: what a written sentence says that a span of an article does not, or says otherwise, by its kind.

Overlap is blind to a changed number, name, date or negation (Kryściński et al. 2020, FactCC), so each is looked up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations, pairwise, permutations
from typing import NamedTuple

from bot.reading.claims import (
    DENIALS,
    PORTIONS,
    Claims,
    Token,
    hedge,
    last,
    measure,
    measure_name,
    past,
    present,
    read,
    weekday_of,
)
from bot.reading.contraries import CONTRARIES
from bot.reading.near import worth
from store.words import STOP, background, stem

RUN = 2.0  # how much words may tell that follow one another and of which the span has none
SHORT, FEW = 2, 0.55  # of so few words beside the names, so large a share must be seen
KIND = 0.45  # the share of seen words that what a thing is said to be needs
CLOSE, OTHER = 0.85, 0.1  # the same for a close copy, and for one word in the place of another
HALF, ADDED = 0.5, 0.5  # so large a share in the same order, so much weight of words that stand nowhere
COPY = 0.6  # the share of words in the same order from which a sentence is the span's own wording
PREDICATE = 0.12  # the share of seen words behind the verb, names aside
CLAUSE = 0.25  # the share of seen words that each clause of its own needs

_ENDINGS = frozenset("s n an ian ean ese i is ish ans ians eans ine inian ne".split())  # of peoples and possessives
# Names of one thing that differ in more than their ending.
_SAME = {
    name: row.split("|")[0]
    for row in (
        "france|french", "netherlands|dutch", "spain|spanish", "switzerland|swiss", "sweden|swedish|swedes",
        "poland|polish|poles", "denmark|danish|danes", "turkey|turkish|turks", "greece|greek|greeks", "wales|welsh",
        "ireland|irish", "england|english", "scotland|scottish|scots", "finland|finnish|finns", "norway|norwegian",
        "britain|british|uk|u.k|britons", "us|u.s|usa|america|american|americans", "eu|e.u|european",
        "un|u.n", "tory|tories|conservative|conservatives", "republican|republicans|gop", "philippines|filipino",
        "china|chinese", "japan|japanese", "peru|peruvian", "thailand|thai",
    )
    for name in row.split("|")
}  # fmt: skip
_AVERSE = frozenset(
    "away instead rather too few little impossible short avoid avoids avoided avoiding unable".split()
)  # they deny without a negation
_NOT = re.compile(r"(?:un|im|in|ir|dis)(\w{4,})$")
_CLAUSES = re.compile(r"[,;:]\s+(?=(?:which|who|whose|where|while|and|but|because|so|as|with)\b)|;\s+| [–—] ")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_ESTIMATES = frozenset(
    map(stem, "estimate forecast plan project predict propose expect suppose intend target aim promise pledge".split())
)  # who writes so tells no fact
_DONE = frozenset(
    map(
        stem,
        "manage able help begin start continue go use force have allow choose decide vote agree take lead"
        " move return come cause enough get rush serve act work hurry turn bring prompt need".split(),
    )
)  # behind their "to" stands what was done
_WAYS = frozenset("by to from for against with without before after over under".split())  # who does what to whom
_EVEN = frozenset("and or the".split())  # what stands on both sides of them may change places
_WEIGHED = frozenset("considering contemplating discussing exploring mulling weighing".split())  # what is yet open
_AUXILIARIES = frozenset("is are was were be been being had has have got".split())
_EXTREME = re.compile(r"(?:\w{2,}(?:est)|worst|best|ever|record|unprecedented)$")
_PLAIN_EST = frozenset(
    "forest west east northwest southwest northeast southeast interest request test protest honest arrest guest rest"
    " harvest invest contest suggest modest latest nest quest chest pest vest conquest manifest digest".split()
)


class Word(NamedTuple):
    """A content word that evidence is wanted for: its key, how much it tells, and the keys that may stand for it."""

    key: str
    weight: float
    near: Mapping[str, float]


@cache
def weight(key: str) -> float:
    """How much a word tells: its idf in general news, in [0, 1]."""
    shares = background()
    return min(1.0, math.log(1 / shares.get(key, 1e-4)) / math.log(1e4))


def share(wanted: Sequence[Word], keys: frozenset[str], told: frozenset[str] = frozenset()) -> float:
    """The weighted share of some words that stands among the keys, itself or as a word near it."""
    total = sum(word.weight for word in wanted)
    held = sum(
        word.weight * (1.0 if word.key in keys or word.key in told else worth(word.near, keys) if word.near else 0.0)
        for word in wanted
    )
    return held / total if total else 0.0


def missing(
    words: str,
    claims: Claims,
    held: Sequence[Claims],
    context: Sequence[Claims],
    article: Sequence[Claims],
    published: str | None,
    capitals: frozenset[str],
    near: Mapping[str, Mapping[str, float]],
    whole: Sequence[Claims],
) -> Iterator[str]:
    """What keeps a span from supporting a sentence, each by its kind.

    `held` are the span's sentences, `context` those before it that its "he" or "it" may lean on, `article` the claims
    of its title, outlet and published day, `capitals` the names that the articles use, `near` the words that stand for
    one another, `whole` every sentence of the article, which tell who "Siraj" is in full.
    """
    facts = (*held, *article)
    if not _numbers_found(claims, facts) or not _counts_found(claims, facts):
        yield "number"
    if not _dates_found(claims, facts, published):
        yield "date"
    if (
        not _names_found(claims, held, (*context, *facts), capitals, whole)
        or _displaced(claims, held)
        or _of_another(claims, held)
    ):
        yield "name"
    if _denied(claims, held):
        yield "negation"
    elif claims.negated and not _echoed(claims, held):
        yield "denial"
    if _contrary(claims, held):
        yield "contrary"
    if _hedged(claims, held, near):
        yield "hedged"
    if _more_of_them(claims, held):
        yield "portion"
    if _swapped(claims, held, capitals) or _reversed(claims, held) or _exchanged(claims, held):
        yield "roles"
    if _switched(claims, held):
        yield "turned"
    told = frozenset(key for claim in facts for key in claim.keys)
    named = {claims.tokens[place].key for place, _ in claims.names}
    plain = [word for word in wanted(claims, near) if word.key not in named and word.key.isalpha()]
    if (plain and share(plain, told) < CLAUSE) or _extreme(claims, held, near):
        yield "clause"  # names alone support nothing
    predicate = [word for word in wanted(_predicate(claims), near) if word.key not in named and word.key.isalpha()]
    if len(predicate) > 1 and share(predicate, told) < PREDICATE:
        yield "clause"
    if 0 < len(plain) <= SHORT and share(plain, told) < FEW:
        yield "clause"
    kind = _what_it_is(claims, near)
    if _unseen_run(claims, told, near) > RUN or (kind and share(kind, told) < KIND):
        yield "clause"
    for clause in _CLAUSES.split(words):
        looked_for = wanted(read(clause), near)
        if len(looked_for) >= 3 and share(looked_for, told) < CLAUSE:
            yield "clause"


def wanted(claims: Claims, near: Mapping[str, Mapping[str, float]]) -> list[Word]:
    """The content words, each with the words that may stand for it; a name or a number only for itself."""
    names = {place for place, _ in claims.names if not claims.tokens[place].first}
    return [
        Word(token.key, weight(token.key), {} if place in names else near.get(token.folded, {}))
        for place, token in enumerate(claims.tokens)
        if token.content
    ]


def _unseen_run(claims: Claims, told: frozenset[str], near: Mapping[str, Mapping[str, float]]) -> float:
    """How much the words tell, names aside, that follow one another and of which the span has none."""
    names = {claims.tokens[place].key for place, _ in claims.names}
    longest = run = 0.0
    for word in wanted(claims, near):
        unseen = 0.0 if word.key in told or not word.key.isalpha() else word.weight * (1 - worth(word.near, told))
        run = run + unseen * (word.key not in names) if unseen >= word.weight / 2 and unseen else 0.0
        longest = max(longest, run)
    return longest


def _predicate(claims: Claims) -> Claims:
    """The words from the first verb on, as far as that can be told."""
    verbs = (at for at, token in enumerate(claims.tokens) if at and token.raw.islower() and past(token))
    start = next(verbs, 0)
    names = tuple((at - start, name) for at, name in claims.names if at >= start)
    return replace(claims, tokens=claims.tokens[start:], names=names)


def _what_it_is(claims: Claims, near: Mapping[str, Mapping[str, float]]) -> list[Word]:
    """The words after "is a" or "was the", up to the end of the group: what a thing is said to be."""
    words = [token.folded for token in claims.tokens]
    for place in range(1, len(words) - 1):
        if words[place - 1] in ("is", "was", "are", "were") and words[place] in ("a", "an", "the"):
            end = place + 1
            while end < len(words) and (claims.tokens[end].content or words[end] == "most"):
                end += 1
            names = {claims.tokens[at].key for at, _ in claims.names}
            group = replace(claims, tokens=claims.tokens[place + 1 : end], names=())
            return [word for word in wanted(group, near) if word.key not in names]
    return []


# -- more and less, all and some, may be and is ----------------------------------------------------


def _contrary(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a word stands there whose contrary, and none like itself, stands in the span's nearest sentence."""
    said = _forms(claims)
    rows = [pair for both in CONTRARIES for pair in (both, both[::-1]) if said & set(pair[0])]
    if not rows:
        return False
    there = frozenset().union(*map(_forms, held))
    close = _forms(max(held, key=lambda claim: len(set(claim.keys) & set(claims.keys))))
    return any(not there & set(own) and not said & set(other) and close & set(other) for own, other in rows)


def _forms(claims: Claims) -> frozenset[str]:
    """The words, and of a verb such as "fallen" its present too."""
    return frozenset(form for token in claims.tokens for form in (token.folded, present(token)))


def _hedged(claims: Claims, held: Sequence[Claims], near: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether a clause tells as a fact what the span says only may be, or is yet to be."""
    if claims.hedged or any(map(hedge, claims.tokens)) or not any(map(past, claims.tokens)):
        return False  # what a thing does in general may well be told as what it can do
    if _expected(claims, held) or _yet_to(claims, held):
        return True
    for clause in _clauses(claims):
        looked_for = wanted(clause, near)
        for claim in held:
            if not claim.hedged:
                continue
            reach = frozenset(claim.tokens[place].key for place in claim.hedged)
            free = frozenset(
                token.key for other in held for place, token in enumerate(other.tokens)
                if other is not claim or place not in claim.hedged
            )  # fmt: skip
            told = [word for word in looked_for if word.key not in free]
            much = sum(word.weight for word in told) >= 0.4 * sum(word.weight for word in looked_for)
            if told and much and share(looked_for, reach | free) >= 0.6 and share(told, reach) >= 0.6:
                return True
    return False


def _expected(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a number of a sentence stands in the span only in clauses of what may be or is yet to be."""
    numbers = {value for value, _ in claims.numbers if not _YEAR.fullmatch(value)}
    if not numbers or any(token.key in _ESTIMATES for token in claims.tokens):
        return False
    free, ahead = set[str](), set[str]()
    for claim in held:
        for clause in _clauses(claim):
            told = {value for value, _ in read(" ".join(token.raw for token in clause.tokens)).numbers}
            (ahead if clause.hedged else free).update(told)
    return bool(numbers & (ahead - free))


def _yet_to(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a verb in the past ("launched") stands in the span only behind a "to" or "will"."""
    for place, token in enumerate(claims.tokens):
        before = claims.tokens[place - 1].folded if place else ""
        if not token.content or not past(token) or token.key in _ESTIMATES or before in ("a", "an", "the", "to"):
            continue
        ahead = False
        for claim in held:
            spots = [at for at, word in enumerate(claim.tokens) if word.key == token.key]
            if any(_done(claim, at) or not at for at in spots):
                break
            ahead |= any(_ahead(claim, at) for at in spots)
        else:
            if ahead:
                return True
    return False


def _done(claims: Claims, place: int) -> bool:
    """Whether a verb is in the past and not "may be reduced", "to be reduced" or "alleged to have worked"."""
    if not past(claims.tokens[place]):
        return False
    return not (place > 1 and claims.tokens[place - 1].folded in ("be", "have") and _ahead(claims, place - 1))


def _ahead(claims: Claims, place: int) -> bool:
    """Whether a verb stands behind "to", but for "managed to" and its like, or behind a word such as "will"."""
    before, earlier = claims.tokens[place - 1], claims.tokens[max(0, place - 2) : place - 1]
    if before.folded in ("be", "have") and place > 1:
        return _ahead(claims, place - 1)
    if hedge(before) or before.folded in _WEIGHED:
        return True
    return before.folded == "to" and not any(token.key in _DONE for token in earlier)


def _clauses(claims: Claims) -> Iterator[Claims]:
    """A sentence's clauses, cut at commas, "that", "but", "and could": claims of tokens, names and hedged places."""
    start = 0
    for place in range(len(claims.tokens) + 1):
        if place == len(claims.tokens) or claims.tokens[place].folded in (",", "that", "but") or _joins(claims, place):
            names = tuple((at - start, name) for at, name in claims.names if start <= at < place)
            if place - start >= 2:
                hedged = frozenset(at - start for at in claims.hedged if start <= at < place)
                yield replace(claims, tokens=claims.tokens[start:place], names=names, hedged=hedged)
            start = place + 1


def _joins(claims: Claims, place: int) -> bool:
    """Whether a word is the "and" of "had seen it and could have come"."""
    return claims.tokens[place].folded == "and" and any(map(hedge, claims.tokens[place + 1 : place + 2]))


def _more_of_them(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a sentence says of more of a group ("all of the passengers") what the span says of fewer."""
    for place, token in enumerate(claims.tokens):
        before = claims.tokens[place - 1].folded if place else ""
        if PORTIONS.get(token.folded, 0) < 4 or before in ("at", "the"):
            continue
        group = next((word for word in claims.tokens[place + 1 : place + 7] if word.content), None)
        if group is None or group.raw[:1].isdigit():
            continue
        there = [_portion(claim, at) for claim in held for at, word in enumerate(claim.tokens) if word.key == group.key]
        if there and all(portion is not None and portion < PORTIONS[token.folded] for portion in there):
            return True
    return False


def _portion(claims: Claims, place: int) -> int | None:
    """How much of a group the words before its place take in; None where they do not say."""
    before = claims.tokens[max(0, place - 6) : place]
    found = [PORTIONS[token.folded] for token in before if token.folded in PORTIONS]
    return found[-1] if found else None


def _extreme(claims: Claims, held: Sequence[Claims], near: Mapping[str, Mapping[str, float]]) -> bool:
    """Whether a sentence calls a thing the largest, or the best ever, and the span calls nothing so."""
    keys = frozenset(token.key for claim in held for token in claim.tokens)
    extremes = [token for claim in held for token in claim.tokens if _is_extreme(token)]
    for token in claims.tokens:
        if not _is_extreme(token):
            continue
        base = {stem(token.folded[:-size]) for size in (2, 3, 4)} if len(token.folded) > 5 else set[str]()
        alike = worth(near.get(token.folded, {}), frozenset(other.key for other in extremes)) > 0
        if not (token.key in keys or base & keys or alike):
            return True
    return False


def _is_extreme(token: Token) -> bool:
    return bool(_EXTREME.match(token.folded)) and token.folded not in _PLAIN_EST and not token.raw[0].isupper()


# -- numbers, dates and names ----------------------------------------------------------------------


def _numbers_found(claims: Claims, facts: Sequence[Claims]) -> bool:
    """Whether each number stands there; with its sign ($, %, p.m.) where it has one."""
    held = frozenset().union(*(fact.numbers for fact in facts))
    units = {unit for _, unit in held}
    values = {value for value, _ in held} | {str(day) for fact in facts for _, day in fact.days}
    return all(
        value in values and (not unit or (value, unit) in held or ((value, "") in held and unit in units))
        for value, unit in claims.numbers
    )  # "55.3 percent against 44.7": the second number has the first one's unit


def _counts_found(claims: Claims, facts: Sequence[Claims]) -> bool:
    """Whether no number counts another thing than there: other measures ("miles"), or the things exchanged."""
    held = frozenset().union(*(fact.counted for fact in facts))
    words = {measure(token) or token.key for fact in facts for token in fact.tokens}
    things = {thing for _, thing in held}
    for value, thing in claims.counted:
        own = {other for number, other in held if number == value}
        if thing in own:
            continue
        if (
            measure_name(thing)
            and not (thing in words and not own)
            and (any(measure_name(other) for other in own) or thing not in words)
        ):
            return False
        if thing in things and own & {other for _, other in claims.counted | held} and not measure_name(thing):
            return False
    return True


def _dates_found(claims: Claims, facts: Sequence[Claims], published: str | None) -> bool:
    """Whether each day, month and weekday stands there or follows from a weekday and the published day."""
    days = frozenset().union(*(fact.days for fact in facts))
    months = frozenset().union(*(fact.months for fact in facts))
    weekdays = frozenset().union(*(fact.weekdays for fact in facts))
    if published:
        own = frozenset().union(*(fact.weekdays for fact in facts[:-1]))  # the last is the published day itself
        derived = {last(weekday, published) for weekday in own}
        weekdays = (own or weekdays) | {weekday_of(day, published) for day in days}
        days, months = days | derived, months | {month for month, _ in derived}
        if own and claims.days & {_published(published)} and _published(published) not in derived | _stated(facts):
            return False  # the span names another weekday than the one the article came out on
    there = [dated for fact in facts for dated in fact.dated]
    for month, day, year in claims.dated:
        years = {other[2] for other in there if other[:2] == (month, day)}
        if years and year not in years:
            return False
    return claims.days <= days and claims.months <= months and claims.weekdays <= weekdays


def _published(day: str) -> tuple[int, int]:
    return int(day[5:7]), int(day[8:10])


def _stated(facts: Sequence[Claims]) -> frozenset[tuple[int, int]]:
    return frozenset().union(*(fact.days for fact in facts[:-1]))


def _names_found(
    claims: Claims,
    held: Sequence[Claims],
    facts: Sequence[Claims],
    capitals: frozenset[str],
    whole: Sequence[Claims],
) -> bool:
    """Whether each name stands there, as itself, as its people ("Egyptian", "Egypt") or as initials ("NOAA").

    A first name may stand elsewhere in the article, before the family name that stands there.
    """
    words = {token.folded.rstrip(".") for fact in facts for token in fact.tokens}
    initials = _initials_of(held)
    for place, name in claims.names:
        if claims.tokens[place].first and not _named(claims, place, capitals):
            continue
        if name in words or any(_kin(name, word) for word in words):
            continue
        if _initials(claims.tokens[place], initials) or _in_full(claims, place, words, whole):
            continue
        return False
    return all(_together(claims, left, right, facts) for (left, _), (right, _) in pairwise(claims.names))


def _in_full(claims: Claims, place: int, words: set[str], whole: Sequence[Claims]) -> bool:
    """Whether a name is the first of a pair of which the span has the second, and the article has the pair."""
    names = dict(claims.names)
    following = names.get(place + 1, "")
    if following not in words:
        return False
    for row in whole:
        there = dict(row.names)
        if any(name == names[place] and there.get(at + 1) == following for at, name in there.items()):
            return True
    return False


def _initials_of(held: Sequence[Claims]) -> str:
    """The first letters of a span's names in their order, a dot for each other word of weight."""
    tokens = (token for claim in held for token in claim.tokens if token.key and token.folded not in STOP)
    return "".join(token.folded[0] if token.capital else "·" for token in tokens)


def _initials(token: Token, initials: str) -> bool:
    """Whether a word in capitals ("NOAA") is made of the first letters of names that follow one another."""
    letters = re.sub(r"['’]s$", "", token.raw)
    return letters.isupper() and len(letters) > 2 and letters.casefold() in initials


def _together(claims: Claims, left: int, right: int, facts: Sequence[Claims]) -> bool:
    """Whether two names that stand side by side do so there too: "Evo Mamani" is neither Morales nor Mamani."""
    first, second = claims.tokens[left], claims.tokens[right]
    if right != left + 1 or (first.first and first.folded not in {t.folded for f in facts for t in f.tokens}):
        return True
    if first.raw.endswith(("'s", "’s", "'", "’")):
        return True  # "Japan's Shoei": the one owns the other
    others = False
    for fact in facts:
        row = [token for token in fact.tokens if token.key]
        for place, token in enumerate(row):
            if token.key == first.key or _kin(token.key, first.folded):
                if second.key in [word.key for word in row[place + 1 : place + 4]]:
                    return True
                others |= place + 1 < len(row) and row[place + 1].capital
            elif token.key == second.key and place:
                others |= row[place - 1].capital
    return not others


def _displaced(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether the two words before a name have another name behind them in the span, and never this one.

    "the president of Chile" against "President Morales ... the president of Bolivia".
    """
    initials = _initials_of(held)
    for place, name in claims.names:
        if _initials(claims.tokens[place], initials):
            continue
        before = [token.folded for token in claims.tokens[max(0, place - 3) : place] if token.folded != "the"][-2:]
        if len(before) < 2 or "," in before or set(before) <= STOP or before[-1] in _EVEN:
            continue
        rivals = [other for row in held for other in _behind(row, before)]
        if any(token.folded in row[:1] for row in rivals for token in claims.tokens[place + 1 : place + 2]):
            continue  # "Siraj" in full
        if rivals and all(name not in row and not any(_kin(name, word) for word in row) for row in rivals):
            return True
    return False


def _behind(claims: Claims, before: Sequence[str]) -> Iterator[list[str]]:
    """The names that follow two words wherever these stand, each with the words next to it."""
    words = [(token.folded, token.capital) for token in claims.tokens if token.key and token.folded != "the"]
    for place in range(len(words) - 2):
        if [words[place][0], words[place + 1][0]] == before and words[place + 2][1]:
            yield [word.rstrip(".") for word, _ in words[place + 2 : place + 8]]


def _of_another(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a part ("the commander", "mayor") is given to one name here and to another, side by side, there."""
    for place, token in enumerate(claims.tokens):
        if not token.content or token.raw[:1].isupper() or not token.key.isalpha():
            continue
        own = _beside(claims, place, copula=True)
        if not own:
            continue
        there = [_beside(claim, at) for claim in held for at, word in enumerate(claim.tokens) if word.key == token.key]
        everywhere = {name for row in held for _, name in row.names}
        if there and all(names and not names & own for names in there) and own & everywhere:
            return True
    return False


def _beside(claims: Claims, place: int, *, copula: bool = False) -> set[str]:
    """The names that a word is an apposition to: "Scobee, the commander"; with `copula` also "Scobee was the …"."""
    names = dict(claims.names)
    words = [token.folded for token in claims.tokens]
    at = place - 1
    while at >= 0 and place - at <= 4 and words[at] not in (",", "the", "a", "an"):
        if at in names:
            return set()
        at -= 1
    if at < 2 or words[at] not in ("the", "a", "an"):
        return set()
    link, end = words[at - 1], at - 1
    if not (claims.tokens[end].raw == "," or (copula and link in ("was", "is"))):
        return set()
    start = end
    while start and words[start - 1] != "," and end - start < 7:
        start -= 1
    return {name for spot, name in names.items() if start <= spot < end}


def _named(claims: Claims, place: int, capitals: frozenset[str]) -> bool:
    """Whether the word that opens a sentence is a name: known as one, or next to one."""
    token = claims.tokens[place]
    following = claims.tokens[place + 1] if place + 1 < len(claims.tokens) else None
    return token.folded in capitals or bool(following and following.capital) or token.raw.isupper()


def _kin(name: str, word: str) -> bool:
    """Whether two names are of one thing: Egypt, Egyptian; France, French."""
    if name in _SAME and _SAME[name] == _SAME.get(word):
        return True
    short, long = sorted((name, word), key=len)
    if len(short) < 4 or len(long) - len(short) > 4:
        return False
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= max(4, len(short) - 1) and long[same:] in _ENDINGS


# -- negation --------------------------------------------------------------------------------------


def _denied(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether the sentence denies what the span asserts, or asserts what it denies."""
    if not claims.negated and any(token.folded in _AVERSE for token in claims.tokens):
        return False
    if any(_crossed(claims, row) for row in held):
        others = [row for row in held if not _crossed(claims, row)]
        if not others or _crossed_words(claims, held, others):
            return True
    return not claims.negated and any(_asserted(claims, row) for row in held)


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


def _crossed_words(claims: Claims, held: Sequence[Claims], others: Sequence[Claims]) -> bool:
    """Whether no other sentence of the span has the crossed words in the same sense."""
    words: set[str] = set()
    for row in held:
        words |= _undenied(claims, row) | _undenied(row, claims)
    return not any(words & set(row.keys) for row in others)


def _echoed(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether something in the span denies a word that the sentence denies."""
    reached = {token.key for place, token in enumerate(claims.tokens) if place in claims.denied and token.content}
    words = {token.key for token in claims.tokens if token.folded in DENIALS}
    for row in held:
        if any(token.folded in _AVERSE or token.key in words for token in row.tokens):
            return True
        if any(row.tokens[place].key in reached for place in row.denied if place < len(row.tokens)):
            return True
        negated = (_NOT.match(token.folded) for token in row.tokens)
        if any(match and stem(match.group(1)) in reached for match in negated):
            return True
    return False


def _asserted(claims: Claims, row: Claims) -> bool:
    """Whether a clause of a sentence that denies nothing says mostly what the span's sentence denies."""
    reach = frozenset(row.tokens[place].key for at, _ in row.negated for place in row.denied if place > at)
    if not reach or any(token.folded in _AVERSE or _NOT.match(token.folded) for token in claims.tokens):
        return False
    opening = min(at for at, _ in row.negated)
    before = {token.key for token in row.tokens[:opening]} - reach
    clause: list[Word] = []
    for token in (*claims.tokens, None):
        if token is None or token.folded in (",", "that", "and", "but"):
            if len(clause) >= 2 and share(clause, reach) >= 0.6:
                return True
            clause = []
        elif token.content and token.key not in before:
            clause.append(Word(token.key, weight(token.key), {}))
    return False


# -- roles -----------------------------------------------------------------------------------------


def _swapped(claims: Claims, held: Sequence[Claims], capitals: frozenset[str]) -> bool:
    """Whether two names have changed places round a word that both texts share ("A beat B", "B beat A").

    For each such word the nearest name before it and after it in the span votes: for a swap where the sentence
    has that name on the other side only. A passive voice in one of the two texts turns the vote round.
    """
    places = {
        place for place, name in claims.names
        if len(name) > 1 and (not claims.tokens[place].first or _named(claims, place, capitals))
    }  # fmt: skip
    names = {claims.tokens[place].key for place in places}
    if len(names) < 2:
        return False
    votes = 0
    for place, token in enumerate(claims.tokens):
        if not token.content or place in places or _number_word(token):
            continue
        before = {claims.tokens[p].key for p in places if p < place}
        after = {claims.tokens[p].key for p in places if p > place}
        if not (before - after) or not (after - before):
            continue
        if _whose(claims, place):
            continue
        spots = [
            (row, spot)
            for row in held
            for spot, t in enumerate(row.tokens)
            if t.key == token.key and not _whose(row, spot)
        ]
        for row, spot in spots if len(spots) <= 2 else ():
            flip = _passive(claims, place) != _passive(row, spot)
            votes += _vote(row, spot, *((after, before) if flip else (before, after)))
    return votes > 0


def _vote(row: Claims, spot: int, before: set[str], after: set[str]) -> int:
    """How many of the two nearest names round a place stand on the wrong side, less those on the right one."""
    names = [(place, row.tokens[place].key) for place, _ in row.names if row.tokens[place].key in before | after]
    left = [key for place, key in names if place < spot][-1:]
    right = [key for place, key in names if place > spot][:1]
    votes = 0
    for key, good, bad in [(k, before, after) for k in left] + [(k, after, before) for k in right]:
        votes += (key in bad - good) - (key in good - bad)
    return votes


def _passive(claims: Claims, place: int) -> bool:
    """Whether a word is followed by "by", at once or after a particle ("carried out by")."""
    after = [token.folded for token in claims.tokens[place + 1 : place + 3]]
    return after[:1] == ["by"] or (after[1:] == ["by"] and after[0] in ("out", "up", "off", "down", "for", "on"))


def _number_word(token: Token) -> bool:
    return token.raw[:1].isdigit() or bool(read(token.folded).numbers)


def _exchanged(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether a number of one name here is the number of another name of the sentence there."""
    names = {name for _, name in claims.names}
    if len(names) < 2 or len(claims.numbers) < 2:
        return False
    there = [row for claim in held for row in _owners(claim)]
    known = {name for claim in held for _, name in claim.names}
    for number, own in _owners(claims):
        rivals = [others for other, others in there if other == number and others]
        if (
            own
            and own[-1] in known
            and rivals
            and all(own[-1] not in others and names & set(others) for others in rivals)
        ):
            return True
    return False


def _switched(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether in the span's own wording two words have changed places, or one small word that says who does what.

    "Renters with landlords" and "landlords with renters"; "removed X tags and put on Y" and the other way round;
    "sold by" and "sold to".
    """
    keys, near = claims.keys, set(_triples(claims))
    for row in held:
        there = row.keys
        steps = _steps(keys, there)
        alike = sum(end - start for tag, start, end, _, _ in steps if tag == "equal")
        replaced = [(a, b, set(keys[a:b]), set(there[c:d])) for tag, a, b, c, d in steps if tag == "replace"]
        for (_, end, left, was_left), (start, _, right, was_right) in combinations(replaced, 2):
            exchanged = (left & was_right) - STOP and (right & was_left) - STOP
            if exchanged and alike >= COPY * len(keys) and not set(keys[end:start]) <= _EVEN:
                return True
        moved = [(keys[a:b], there[c:d]) for tag, a, b, c, d in steps if tag in ("delete", "insert")]
        for (mine, _), (_, theirs) in permutations(moved, 2):
            if mine != theirs and sorted(mine) == sorted(theirs) and set(mine) - STOP and set(mine) & _WAYS:
                return True
        own = set(_triples(row))
        for first, between, second in near - own:
            if (second, between, first) in own and between not in _EVEN:
                return True
            if between in _WAYS and any((first, other, second) in own for other in _WAYS):
                return True
    return False


def added(
    claims: Claims, held: Sequence[Claims], article: frozenset[str], near: Mapping[str, Mapping[str, float]]
) -> bool:
    """Whether a sentence keeps to the span's wording and adds words to it of which the article has none.

    In a free paraphrase every word may be another; in a copy an addition is the writer's own, and so is, in a close
    one, a word in the place of another that means something else.
    """
    tokens = [token for token in claims.tokens if token.key]
    there = [token for claim in held for token in claim.tokens if token.key]
    steps = _steps([token.key for token in tokens], [token.key for token in there])
    alike = sum(b - a for tag, a, b, _, _ in steps if tag == "equal") / (len(tokens) or 1)
    if alike < HALF:
        return False
    unseen = {
        word.key: word.weight * (1 - worth(word.near, article))
        for word in wanted(claims, near)
        if word.key not in article and word.key.isalpha()
    }
    for tag, a, b, c, d in steps:
        here, place = [[t for t in row if t.content] for row in (tokens[a:b], there[c:d])]
        more = len(here) - len(place)
        one = len(here) == len(place) == 1 and here[0].raw.islower()
        if one and alike >= CLOSE and unseen.get(here[0].key, 0.0) >= OTHER:
            return True
        if tag != "equal" and more > 0 and sum(unseen.get(t.key, 0.0) for t in here if t.raw.islower()) >= ADDED:
            return True
    return False


def _steps(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """How one row of words becomes another: (what is done, from, to, from, to) as difflib tells it."""
    steps = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [(str(tag), a, b, c, d) for tag, a, b, c, d in steps]


def _triples(claims: Claims) -> Iterator[tuple[str, str, str]]:
    """Two content words and the one small word that stands between them."""
    tokens = [token for token in claims.tokens if token.folded != "the"]
    for first, between, second in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if first.content and second.content and between.key and not between.content:
            yield first.key, between.folded, second.key


def _owners(claims: Claims) -> Iterator[tuple[str, list[str]]]:
    """Each number with the names before it: those since the number before, or since the last semicolon."""
    names, since, before = dict(claims.names), list[str](), list[str]()
    for place, token in enumerate(claims.tokens):
        if token.raw == ";":
            since, before = [], []
        elif place in names:
            since.append(names[place])
        elif token.raw[:1].isdigit() and not _age(claims, place):
            before = since or before
            since = []
            yield token.folded, before


def _age(claims: Claims, place: int) -> bool:
    """Whether a number is an age before its name: "the 19-year-old pilot Zara Rutherford"."""
    return [token.folded for token in claims.tokens[place + 1 : place + 3]] in (["year", "old"], ["year", "olds"])


def _whose(claims: Claims, place: int) -> bool:
    """Whether a word is followed by "of": "engineers of Morton Thiokol" are "Morton Thiokol engineers"."""
    return any(token.folded == "of" for token in claims.tokens[place + 1 : place + 2])


def _reversed(claims: Claims, held: Sequence[Claims]) -> bool:
    """Whether what was done to a thing here ("overruled their managers") is what it did there, in the same form."""
    for place, token in enumerate(claims.tokens):
        if not _active(claims, place):
            continue
        after, before = _sides(claims, place)
        for row in held:
            for spot, word in enumerate(row.tokens):
                if word.folded != token.folded or not _active(row, spot):
                    continue
                right, left = _sides(row, spot)
                if after & left and not after & right and not before & left:
                    return True
    return False


def _active(claims: Claims, place: int) -> bool:
    """Whether a word looks like a verb in the past that is neither passive nor a participle before its noun."""
    token = claims.tokens[place]
    if not token.folded.endswith("ed") or token.raw[:1].isupper() or place == 0:
        return False
    before = claims.tokens[place - 1].folded
    return (
        before not in _AUXILIARIES
        and before not in STOP - {"they", "he", "she", "it", "who", "which", "that"}
        and not _passive(claims, place)
    )


def _sides(claims: Claims, place: int) -> tuple[set[str], set[str]]:
    """The words after a place and before it, within its clause: three to each side."""
    sides: list[set[str]] = []
    for step in (1, -1):
        found: set[str] = set()
        at = place + step
        while 0 <= at < len(claims.tokens) and len(found) < 2 and claims.tokens[at].folded not in (",", "and", "after"):
            if claims.tokens[at].content:
                found.add(claims.tokens[at].key)
            at += step
        sides.append(found)
    return sides[0], sides[1]
