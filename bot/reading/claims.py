"""Claims: what a sentence says that can be looked up: its words in order, numbers, days, names and negations.

Rules only, English only: a text in another language has words, digits and names but nothing else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.reading.assertion import Attitude, unasserted
from bot.reading.figures import ALONE, DIGITS, ISO, PARTS, Figure, Number, calendar, dated, figures, is_number, month_of
from bot.reading.lists import heads, listed, rows, stems
from bot.reading.token import NEGATIONS, Token, fold, negative
from store.passage import days_of, is_day
from store.words import SCALES, TENS, UNITS, WEEKDAYS, folded, stem

_TOKEN = re.compile(
    r"\[\d{1,3}\]"  # a footnote of the article itself is no number
    rf"|(?P<iso>{ISO})|(?P<range>(?<=[\d%])[-–—](?=[$€£]?\d))|(?P<number>{DIGITS})"
    r"|(?P<letters>(?:[^\W\d_]\.){2,20})|(?P<word>[^\W\d_](?:\w|['’](?=\w))*)|(?P<sign>[$€£¥₹₩%])"
    r"|(?P<mark>[,;:()—–]|--|\s-\s)"
)

_COMPOUND = re.compile(r"\b(?:United (?:States|Nations|Kingdom)|European Union)\b")
"""Names that are read as their initials."""

TITLES, _PAST, BEING = map(listed, ("titles", "past", "being"))
DENIALS, _HEDGES, _SIZES = map(listed, ("denials", "hedges", "sizes"))
_DENYING_NOTHING = frozenset(("more", "less", "fewer", "later", "sooner", ","))  # behind "no"
_NAMELESS = TITLES | NEGATIONS | {*WEEKDAYS, *UNITS, *TENS, *SCALES}


_IRREGULAR = {form: row.split()[0] for row in rows("irregular.txt") for form in row.split()[1:]}
_MEASURES = heads("measures.txt")
MEASURES = frozenset(_MEASURES.values())


@dataclass(frozen=True, slots=True)
class Claims:
    """What one sentence claims. Places count its tokens from 0."""

    tokens: tuple[Token, ...] = ()
    numbers: frozenset[Number] = frozenset()
    days: frozenset[tuple[int, int]] = frozenset()  # (month, day)
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    names: tuple[tuple[int, str], ...] = ()  # (place, folded name)
    negated: tuple[tuple[int, int], ...] = ()  # (place of a negation, place of the word that it hits or -1)
    denied: frozenset[int] = frozenset()  # every place that a negation may reach
    hedged: frozenset[int] = frozenset()  # every place that may yet be or not be
    dated: frozenset[tuple[int, int, int]] = frozenset()  # (month, day or 0, year) of a date that is told in full
    counted: frozenset[tuple[str, str]] = frozenset()  # (value, what there is so many of: a measure, or a word's key)
    unasserted: Mapping[Attitude, frozenset[int]] = field(default_factory=dict)
    """The places that the sentence asks, rumours or denies, by which of these."""

    @property
    def keys(self) -> list[str]:
        return [token.key for token in self.tokens if token.key]

    @property
    def values(self) -> frozenset[str]:
        """The likeliest value of each number."""
        return frozenset(number.readings[0] for number in self.numbers)


@lru_cache(maxsize=4_096)
def read(text: str) -> Claims:
    """The claims of one sentence."""
    text = _COMPOUND.sub(lambda match: "".join(word[0] for word in match[0].split()), folded(text))
    text = ALONE.sub(lambda match: PARTS.get(match[1].replace("⁄", "/"), match[1]), text)
    tokens, starts = _tokens(text)
    days, months, taken = calendar(tokens)
    weekdays = frozenset(WEEKDAYS.index(t.folded) for t in tokens if t.folded in WEEKDAYS and t.capital)
    numbers, negated = figures(tokens, taken), tuple(_negated(tokens))
    asserted = frozenset(one.number for one in numbers if [t.folded for t in tokens[one.start : one.end]] != ["one"])
    return Claims(
        tuple(tokens), asserted, days, months, weekdays, tuple(_names(tokens)),
        negated, _reach(tokens, negated), frozenset(_hedged(tokens)), frozenset(dated(tokens)),
        frozenset(_counted(tokens, numbers)), unasserted(text, starts),
    )  # fmt: skip


def _tokens(text: str) -> tuple[list[Token], list[int]]:
    """The tokens of a folded text, and where each starts in it."""
    tokens, starts = list[Token](), list[int]()
    at, worded = 0, False
    while match := _TOKEN.search(text, at):
        raw, kind, at = match.group(), match.lastgroup, match.end()
        if kind == "number" and " " in raw and "/" not in raw and tokens and month_of(tokens[-1]):
            raw = raw.split(" ")[0]  # "May 12 300 people"
            at = match.start() + len(raw)
        if kind is None:
            continue
        if kind in ("mark", "range"):
            tokens.append(Token(raw.strip(), "," if kind == "mark" else "–", ""))
        else:
            raw = raw.replace(".", "") if kind == "letters" and raw.isupper() else raw  # "U.S." is "US"
            word = fold(raw) if kind in ("word", "letters") else raw
            key = stem(_IRREGULAR.get(word, word)) if kind == "word" else re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word)
            tokens.append(Token(raw, word, key, not worded, kind == "number", kind == "iso"))
            worded = worded or bool(key)
        starts.append(match.start())
    return tokens, starts


def _names(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Capitalised words but for titles and the calendar; that at the beginning too: a caller knows better."""
    for place, token in enumerate(tokens):
        word = token.folded
        if token.capital and token.key and word not in _NAMELESS and not month_of(token):
            yield place, word.rstrip(".")


def _negated(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Each negation with the word that it hits: the next one that is no function word, within its clause."""
    for place, token in enumerate(tokens):
        if not negative(token) and token.folded not in DENIALS:
            continue
        if token.raw[:1].isupper() and place and tokens[place - 1].capital:
            continue  # "Lions Not Sheep"
        following = tokens[place + 1].folded if place + 1 < len(tokens) else ""
        if token.key == "declin" and (following != "to" or is_number(tokens, place + 2)):
            continue  # "declined to 53,000"
        if following == "only" or (token.folded == "no" and following in _DENYING_NOTHING):
            continue  # "not only", "no more than", "No, it was not": nothing is denied
        hit = -1
        for near in range(place + 1 + (following == "longer"), min(place + 7, len(tokens))):
            if tokens[near].folded == ",":
                break
            if tokens[near].content or tokens[near].folded in ("more", "most", "all", "before", "after"):
                hit = near
                break
        yield place, hit


def _reach(tokens: Sequence[Token], negated: tuple[tuple[int, int], ...]) -> frozenset[int]:
    """The places that some negation may hit: up to ten words on within its clause, and four back.

    A word such as "denied" reaches further: over the thing denied.
    """
    reached: set[int] = set()
    for place, _ in negated:
        reached.update(range(max(0, place - 4), place))
        for near in range(place + 1, min(place + (11 if negative(tokens[place]) else 14), len(tokens))):
            if tokens[near].folded in (",", "but", "and", "because"):
                break
            reached.add(near)
    return frozenset(reached)


def _hedged(tokens: Sequence[Token]) -> Iterator[int]:
    """The places that a word such as "might", "if" or "plans to" reaches: on to the end of its clause."""
    for place, token in enumerate(tokens):
        ahead = hedge(token)
        if token.folded == "to" and place:
            before = tokens[max(0, place - 3) : place]
            ahead = tokens[place - 1].folded in BEING or any(word.key in stems("ahead") for word in before)
        if not ahead:
            continue
        for near in range(place + 1, min(place + 17, len(tokens))):
            if tokens[near].folded in (",", "but", "because", "since"):
                break
            if tokens[near].folded in ("that", "which", "who") and any(map(past, tokens[near + 1 : near + 2])):
                break
            yield near


def hedge(token: Token) -> bool:
    """Whether a word leaves open the thing that it is about: "might", "if"; "May" is a month."""
    return token.folded in _HEDGES and not (token.folded == "may" and month_of(token))


def present(token: Token) -> str:
    """The present of an irregular verb ("fallen" is of "fall"); any other word itself."""
    return _IRREGULAR.get(token.folded, token.folded)


def measure(token: Token) -> str:
    """The measure that a word names ("km" is "kilometre"), or nothing."""
    return _MEASURES.get(token.raw if token.raw in ("$", "€") else token.folded, "")


def past(token: Token) -> bool:
    """Whether a word looks like a verb in the past or in the perfect."""
    return token.folded in _PAST or (token.folded in _IRREGULAR and not token.capital) or token.folded.endswith("ed")


def _counted(tokens: Sequence[Token], numbers: Sequence[Figure]) -> Iterator[tuple[str, str]]:
    """(value, measure or word) of each number; of "10 to 20 kilometres" both are kilometres."""
    starts, waiting = {figure.start for figure in numbers}, ""
    for start, end, number in numbers:
        if tokens[start].raw[:1].isdigit() and not tokens[start].number:
            continue  # a date
        after = list(tokens[end : end + 4])
        while after and (after[0].folded in _SIZES):
            after = after[1:]
        if start and measure(tokens[start - 1]) in ("$", "€"):
            thing = measure(tokens[start - 1])
        elif end + 1 in starts and tokens[end].folded in ("to", "and", "or", "–"):
            waiting = number.readings[0]
            continue
        else:
            thing = next((measure(word) or word.key for word in after[:1] if word.key and not month_of(word)), "")
        for value in (number.readings[0], waiting) if thing else ():
            if value and not value.startswith("#"):
                yield value, thing
        waiting = ""


def about(day: str | None) -> Claims:
    """The claims that an article's published day makes: its day, month, year and weekday, of a month those it has."""
    if not day:
        return read("")
    when, _ = days_of(day)
    known = [when] if is_day(day) else []
    return Claims(
        numbers=frozenset({Number((str(when.year),))}), days=frozenset((one.month, one.day) for one in known),
        months=frozenset({when.month}), weekdays=frozenset(one.weekday() for one in known),
    )  # fmt: skip
