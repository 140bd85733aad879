"""Claims: what a text asserts that can be looked up: its words in order, numbers, days, names and negations.

Rules only, English only: a text in another language has words, digits and names but nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from store.words import STOP, stem

_TOKEN = re.compile(
    r"\[\d{1,3}\]"  # a footnote of the article itself is no number
    r"|(?P<iso>\b\d{4}-\d\d-\d\d\b)|(?P<number>\d+(?:[,\u00a0\u202f]\d{3})*(?:[.:]\d+)?)"
    r"|(?P<letters>(?:[^\W\d_]\.){2,})|(?P<word>[^\W\d_](?:\w|['’](?=\w))*)|(?P<sign>[$€£%])|(?P<mark>[,;:()—–]|\s-\s)"
)
_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MONEY = {"dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£", "%": "%",
          "percent": "%", "a.m.": "a.m.", "p.m.": "p.m.", "am": "a.m.", "pm": "p.m."}  # fmt: skip

NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot unable nowhere hardly barely".split()
)
DENIALS = frozenset(
    "denied denies deny refused refuses refuse rejected rejects reject failed fails fail declined declines lacked"
    " lacks lack".split()
)
# Words after which a thing may yet be or not be, up to the end of their clause.
HEDGES = frozenset(
    "will would might may could should shall if unless whether possibly possible possibility possibilities perhaps"
    " probably likely supposed suspected suspect suspects alleged allegedly reportedly rumour rumours rumor rumors"
    " expected expects expect forecast forecasts predicted predicts projected feared fears supposedly".split()
)
# Stems of words after which a "to" tells of what is yet to come.
_AHEAD = frozenset(
    stem(word)
    for word in "plan expect intend aim hope propose recommend suggest urge promise pledge vow want threaten consider"
    " ask order set due prepare agree yet wait seek try attempt".split()
)
_PAST = frozenset("was were had has have did been".split())
_BEING = frozenset("is are was were be been".split())
# How much of a group a word takes in, from none of it to all.
PORTIONS = {
    **dict.fromkeys("none no".split(), 0),
    **dict.fromkeys("few some several part certain".split(), 1),
    **dict.fromkeys("many".split(), 2),
    **dict.fromkeys("half third thirds quarter quarters".split(), 3),
    **dict.fromkeys("most majority".split(), 4),
    **dict.fromkeys("nearly almost".split(), 5),
    **dict.fromkeys("all every each entire whole everyone everybody everything".split(), 6),
}
_MEASURES = {
    form: names.split()[0]
    for names in (
        "kilometre kilometres kilometer kilometers km|mile miles|metre metres meter meters|foot feet ft|inch inches"
        "|yard yards|centimetre centimetres centimeter centimeters cm|kilogram kilograms kg kilos|gram grams"
        "|milligram milligrams mg|ton tons tonne tonnes|ounce ounces|hour hours|day days|week weeks|month months"
        "|year years|minute minutes|second seconds|decade decades|century centuries|degree degrees|point points"
        "|barrel barrels|gallon gallons|litre litres liter liters|kiloton kilotons|megaton megatons|megawatt megawatts"
        "|gigaelectronvolt gigaelectronvolts gev|volt volts|knot knots|acre acres|hectare hectares|roubles rouble"
        "|kelvin|sigma|watt watts|byte bytes|nanosecond nanoseconds|light-year light-years|terabecquerel terabecquerels"
        "|sievert sieverts|millisievert millisieverts|% percent|$ dollar dollars|€ euro euros"
    ).split("|")
    for form in names.split()
}
_MEASURE_NAMES = frozenset(_MEASURES.values())
_OF_THEM = frozenset("of the these those his her its our their".split())
_SIZES = frozenset("square cubic nautical more full long straight further other whole additional".split())
# Words that neither name anyone nor say what was negated.
TITLES = frozenset(
    "captain capt president senator sen governor gov minister prime secretary lord lady admiral adm general gen rear"
    " mr mrs ms dr sir chief director king queen pope judge professor foreign".split()
)
_NAMELESS = TITLES | NEGATIONS | {*_DAYS, *_UNITS, *_TENS, *_SCALES}
# Irregular forms, which no stemmer joins; the commonest in news.
_IRREGULAR = {
    form: row.split()[0]
    for row in (
        "know knew known|begin began begun|bring brought|go went gone|take took taken|give gave given|find found"
        "|say said|tell told|make made|come came|see saw seen|lead led|leave left|sink sank sunk|rise rose risen"
        "|fall fell fallen|hold held|keep kept|meet met|send sent|put put|think thought|write wrote written|win won"
        "|lose lost|pay paid|build built|spend spent|sell sold|buy bought|strike struck|break broke broken"
        "|choose chose chosen|drive drove driven|fly flew flown|grow grew grown|hear heard|run ran|show shown"
        "|speak spoke spoken|stand stood|feel felt|fight fought|get got gotten|hide hid hidden|lie lay lain"
        "|draw drew drawn|drown drowned|become became|catch caught|teach taught|steal stole stolen|shoot shot"
        "|die dead death|sign signed|hit hit|mean meant|seek sought|withdraw withdrew withdrawn|resign quit"
    ).split("|")
    for form in row.split()[1:]
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: as written, folded, and the key under which it is compared."""

    raw: str
    folded: str
    key: str
    first: bool  # opens its sentence

    @property
    def content(self) -> bool:
        return bool(self.key) and self.folded not in STOP and self.folded not in NEGATIONS

    @property
    def capital(self) -> bool:
        initials = len(self.raw) > 1 and self.raw.isupper()  # "US" and "WHO" are names, whatever they fold to
        return self.raw[:1].isupper() and (initials or self.folded not in STOP)


@dataclass(frozen=True, slots=True)
class Claims:
    """What one sentence asserts. `numbers` hold (value, unit); `days` hold (month, day)."""

    tokens: tuple[Token, ...]
    numbers: frozenset[tuple[str, str]]
    days: frozenset[tuple[int, int]]
    months: frozenset[int]
    weekdays: frozenset[int]
    names: tuple[tuple[int, str], ...]  # (place among the tokens, folded name)
    negated: tuple[tuple[int, int], ...]  # (place of the negation, place of the word that it hits or -1)
    denied: frozenset[int]  # every place that a negation may reach
    hedged: frozenset[int]  # every place that may yet be or not be
    dated: frozenset[tuple[int, int, int]]  # (month, day or 0, year) of a date that is told in full
    counted: frozenset[tuple[str, str]]  # (value, what there is so many of: a measure, or a word's key)

    @property
    def keys(self) -> list[str]:
        return [token.key for token in self.tokens if token.key]


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A word in lower case without accents or a possessive ending."""
    word = word.replace("’", "'").casefold()
    word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return word[:-2] if word.endswith("'s") else word.removesuffix("'")


def _key(folded: str) -> str:
    return stem(_IRREGULAR.get(folded, folded))


@lru_cache(maxsize=4_096)
def read(text: str) -> Claims:
    """The claims of one sentence."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw, kind = match.group(), match.lastgroup
        if kind is None:
            continue
        if kind == "mark":
            tokens.append(Token(raw.strip(), ",", "", False))
            continue
        folded = fold(raw) if kind in ("word", "letters") else raw
        key = _key(folded) if kind == "word" else folded
        tokens.append(Token(raw, folded, key, not any(token.key for token in tokens)))
    days, months, taken = _calendar(tokens)
    weekdays = frozenset(_DAYS.index(t.folded) for t in tokens if t.folded in _DAYS and t.capital)
    numbers, negated = frozenset(_numbers(tokens, taken)), tuple(_negated(tokens))
    names, reach = tuple(_names(tokens)), _reach(tokens, negated)
    hedged, counted = frozenset(_hedged(tokens)), frozenset(_counted(tokens, taken))
    dated = frozenset(_dated(tokens))
    return Claims(tuple(tokens), numbers, days, months, weekdays, names, negated, reach, hedged, dated, counted)


def month_of(token: Token) -> int:
    """1 to 12 where the token is a month; "may" and "march" only with a capital; else 0."""
    word = token.folded.rstrip(".")
    if not token.raw[:1].isupper() or len(word) < 3:
        return 0
    for number, month in enumerate(_MONTHS, 1):
        if word == month or word == month[:3] or (word == "sept" and number == 9):
            return number
    return 0


def _calendar(tokens: list[Token]) -> tuple[frozenset[tuple[int, int]], frozenset[int], set[int]]:
    """Days, months, and the places of the numbers that are days of a month."""
    days, months, taken = set(), set(), set()
    for place, token in enumerate(tokens):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", token.raw):
            days.add((int(token.raw[5:7]), int(token.raw[8:])))
            months.add(int(token.raw[5:7]))
            continue
        month = month_of(token)
        if not month:
            continue
        months.add(month)
        for near in (place + 1, place - 1, place - 2):  # "April 20", "20 April", "20th of April"
            if 0 <= near < len(tokens) and (day := re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", tokens[near].raw)):
                if 1 <= int(day.group(1)) <= 31 and near not in taken:
                    days.add((month, int(day.group(1))))
                    taken.add(near)
                    break
            elif near == place - 1 and tokens[near].folded != "of":
                break
    return frozenset(days), frozenset(months), taken


def _dated(tokens: list[Token]) -> Iterator[tuple[int, int, int]]:
    """(month, day or 0, year) wherever the year stands behind the month: "April 20, 2010", "20 April 2010"."""
    words = [token for token in tokens if token.key]
    for place, token in enumerate(words):
        if not (month := month_of(token)):
            continue
        after = [word.raw for word in words[place + 1 : place + 3]]
        if after and re.fullmatch(r"\d\d?(?:st|nd|rd|th)?", after[0]):
            day, after = int(re.sub(r"\D", "", after[0])), after[1:]
        else:
            before = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", words[place - 1].raw) if place else None
            day = int(before[1]) if before else 0
        if after and re.fullmatch(r"1[5-9]\d\d|20\d\d", after[0]):
            yield month, day, int(after[0])


def _numbers(tokens: list[Token], taken: set[int]) -> Iterator[tuple[str, str]]:
    """(value, unit) of each number in digits or words; "one" is no number: it is a pronoun as often."""
    place = 0
    while place < len(tokens):
        start, value, place = place, *_number(tokens, place)
        if value is None:
            token = tokens[start]
            if token.folded in _ORDINALS:
                yield f"#{_ORDINALS.index(token.folded) + 3}", ""
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", token.raw):
                yield token.raw[:4], ""
            continue
        if start in taken or (tokens[start].folded == "one" and place == start + 1):
            continue
        before = tokens[start - 1].raw if start else ""
        after = [token.folded for token in tokens[place : place + 2]]
        unit = before if before in ("$", "€", "£") else _MONEY.get(after[0] if after else "", "")
        yield value, "%" if after == ["per", "cent"] else unit


def _number(tokens: list[Token], place: int) -> tuple[str | None, int]:
    """The number that begins at a token as a plain decimal, and the place after it."""
    raw, word = tokens[place].raw, tokens[place].folded
    if re.fullmatch(r"\d+(?:[,\u00a0\u202f]\d{3})*(?:[.:]\d+)?", raw):
        plain = re.sub(r"[,\u00a0\u202f]", "", raw)
        if ":" in plain:
            return plain, place + 1
        value = float(plain)
    elif word in _TENS:
        value = 10.0 * (_TENS.index(word) + 2)
        following = tokens[place + 1].folded if place + 1 < len(tokens) else ""
        if following in _UNITS[1:10]:
            value, place = value + _UNITS.index(following), place + 1
    elif word in _UNITS:
        value = float(_UNITS.index(word))
    elif word in _SCALES:
        value = float(_SCALES[word])
    else:
        return None, place + 1
    place += 1
    while place < len(tokens) and tokens[place].folded in _SCALES:
        value, place = value * _SCALES[tokens[place].folded], place + 1
    return f"{value:.6f}".rstrip("0").rstrip("."), place


def _names(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Capitalised words but for titles and the calendar; that at the beginning too: a caller knows better."""
    for place, token in enumerate(tokens):
        word = token.folded
        if token.capital and token.key and word not in _NAMELESS and not month_of(token):
            yield place, word.rstrip(".")


def negative(token: Token) -> bool:
    """Whether the word itself denies: "not", "never", "didn't", "without"."""
    return token.folded in NEGATIONS or token.folded.endswith("n't")


def _negated(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Each negation with the word that it hits: the next one that is no function word, within its clause."""
    for place, token in enumerate(tokens):
        if not negative(token) and token.folded not in DENIALS:
            continue
        if token.raw[:1].isupper() and place and tokens[place - 1].capital:
            continue  # "Lions Not Sheep"
        following = tokens[place + 1].folded if place + 1 < len(tokens) else ""
        if token.key == "declin" and (following != "to" or _number(tokens, min(place + 2, len(tokens) - 1))[0]):
            continue  # "declined to 53,000"
        if following == "only" or (token.folded == "no" and following in ("more", "less", "fewer", "later", "sooner")):
            continue  # "not only", "no more than": nothing is denied
        hit = -1
        for near in range(place + 1, min(place + 7, len(tokens))):
            if tokens[near].folded == ",":
                break
            if tokens[near].content or tokens[near].folded in ("more", "most", "all", "before", "after"):
                hit = near
                break
        yield place, hit


def _reach(tokens: list[Token], negated: tuple[tuple[int, int], ...]) -> frozenset[int]:
    """The places that some negation may hit: up to ten words on within its clause, and four back.

    A word such as "denied" reaches further: over what was said.
    """
    found: set[int] = set()
    for place, _ in negated:
        found.update(range(max(0, place - 4), place))
        for near in range(place + 1, min(place + (11 if negative(tokens[place]) else 14), len(tokens))):
            if tokens[near].folded in (",", "but", "and", "because"):
                break
            found.add(near)
    return frozenset(found)


def _hedged(tokens: list[Token]) -> Iterator[int]:
    """The places that a word such as "might", "if" or "plans to" reaches: on to the end of its clause."""
    for place, token in enumerate(tokens):
        ahead = hedge(token)
        if token.folded == "to" and place:
            before = tokens[max(0, place - 3) : place]
            ahead = tokens[place - 1].folded in _BEING or any(word.key in _AHEAD for word in before)
        if not ahead:
            continue
        for near in range(place + 1, min(place + 17, len(tokens))):
            if tokens[near].folded in (",", "but", "because", "since"):
                break
            if tokens[near].folded in ("that", "which", "who") and any(map(past, tokens[near + 1 : near + 2])):
                break
            yield near


def hedge(token: Token) -> bool:
    """Whether a word leaves open what it is about: "might", "if"; "May" is a month."""
    return token.folded in HEDGES and not (token.folded == "may" and month_of(token))


def present(token: Token) -> str:
    """The present of an irregular verb ("fallen" is of "fall"); any other word itself."""
    return _IRREGULAR.get(token.folded, token.folded)


def measure(token: Token) -> str:
    """The measure that a word names ("km" is "kilometre"), or nothing."""
    return _MEASURES.get(token.raw if token.raw in ("$", "€") else token.folded, "")


def past(token: Token) -> bool:
    """Whether a word looks like a verb in the past or in the perfect."""
    return token.folded in _PAST or (token.folded in _IRREGULAR and not token.capital) or token.folded.endswith("ed")


def measure_name(thing: str) -> bool:
    """Whether what is counted is a measure."""
    return thing in _MEASURE_NAMES


def _counted(tokens: list[Token], taken: set[int]) -> Iterator[tuple[str, str]]:
    """(value, measure or word) of each number; of "10 to 20 kilometres" both are kilometres."""
    place, waiting = 0, ""
    while place < len(tokens):
        start, value, place = place, *_number(tokens, place)
        if value is None or start in taken:
            continue
        after = tokens[place : place + 4]
        while after and (after[0].folded in _SIZES or after[0].folded in _OF_THEM):
            after = after[1:]
        if start and measure(tokens[start - 1]) in ("$", "€"):
            thing = measure(tokens[start - 1])
        elif after and after[0].folded in ("to", "and", "or", "–") and len(after) > 1 and _number(after, 1)[0]:
            waiting = value
            continue
        else:
            thing = next((measure(word) or word.key for word in after[:1] if word.key and not month_of(word)), "")
        if thing:
            yield value, thing
            if waiting:
                yield waiting, thing
        waiting = ""


def about(day: str | None) -> Claims:
    """The claims that an article's published day makes: its day, month, year and weekday."""
    if not day:
        return read("")
    when = date.fromisoformat(day[:10])
    return Claims((), frozenset({(str(when.year), "")}), frozenset({(when.month, when.day)}), frozenset({when.month}),
                  frozenset({when.weekday()}), (), (), *[frozenset[Any]()] * 4)  # fmt: skip


def last(weekday: int, day: str) -> tuple[int, int]:
    """The latest such weekday on or before an article's published day, as (month, day)."""
    when = date.fromisoformat(day[:10])
    found = when - timedelta(days=(when.weekday() - weekday) % 7)
    return found.month, found.day


def weekday_of(days: tuple[int, int], year: str) -> int:
    """The weekday of a day of a year (-1 where there is none such)."""
    try:
        return date(int(year[:4]), *days).weekday()
    except ValueError:
        return -1
