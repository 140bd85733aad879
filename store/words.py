"""Words: one form for every way of writing a word, tokens, stems, stop words, and how common a word is in general news.

tantivy's own tokenizer and stemmer, loaded at first use, so that a question is read as the index reads an article.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from store.passage import NOW

if TYPE_CHECKING:
    from tantivy import TextAnalyzer


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list beside this module, or below its folder."""
    return frozenset((Path(__file__).parent / name).read_text(encoding="utf-8").split())


@cache
def contraries() -> tuple[tuple[frozenset[str], ...], ...]:
    """Pairs of sides: of a sentence with a word of one side one with a word of the other is the contrary."""
    lines = Path(__file__).with_name("contraries.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines if line and not line.startswith("#"))
    return tuple(tuple(frozenset(side.split()) for side in row) for row in rows)


STOP = listed("stop.txt")  # words of a question that say nothing about what the article holds

MONTHS = tuple("january february march april may june july august september october november december".split())
_NUMBERS = {form: n for n, name in enumerate(MONTHS, 1) for form in (name, name[:3])} | {"sept": 9}
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
UNITS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split()
)
TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
NAME = re.compile(r"\b[A-Z][\w’'-]{1,60}")  # a word with a capital; the first one of a sentence has it in any case
_CAPITAL = r"(?:(?:[A-Z]\.)+|[A-ZÀ-Þ]\w{0,2}\.(?= [A-ZÀ-Þ])|[A-ZÀ-Þ](?:[\w-]|['’](?=\w)(?!s\b))*)"
FULL_NAME = re.compile(rf"\b{_CAPITAL}(?: (?:(?:of|de|van|al) (?:the )?)?{_CAPITAL}| \d[\w-]*)*")
"""Words with capitals in a row, without a possessive: "Bank of England", "Gov. Ida Mora", "Apollo 13"."""
_AGENCY = r"(?:CNN|AP|AFP|UPI|Reuters)"
_DASH = r"(?: ?[–—]{1,2}| ?--| -) ?"
DATELINE = re.compile(
    r"(?:(?=[A-ZÀ-Þ .'’-]{4})[A-ZÀ-Þ][A-ZÀ-Þ.'’-]{1,25}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’-]{1,25}){0,4}"
    r"(?:, [A-Z][\w.'’ ]{1,25}){0,2}"
    rf"(?: ?\([^()]{{2,40}}\))?{_DASH}(?=[“\"‘']?[A-Z\d])"
    rf"|(?:[A-Z][^()–—\r\n]{{1,60}} )?\({_AGENCY}(?: [A-Z][a-z]+)?\)(?:{_DASH}| )"
    rf"|(?:[A-Z][^.–—\r\n]{{1,60}} )?{_AGENCY}(?: [A-Za-z]+)?{_DASH})"
)
"""The place and the agency that lead a story: "HULL, England (AP) — ", "(CNN) ", "Washington CNN — "."""

ENTITY = re.compile(r"&(?:amp;)?(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""A character reference, also one that is escaped twice, as in feeds: &amp;eacute;."""
INVISIBLE = re.compile(
    "\u00ad\n?|[\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
"""Soft hyphens (with the line break at which one shows), zero-width characters, marks of direction and variant."""
_MARK = re.compile("[\u0300-\u036f]+")
_HEAP = re.compile(r"([^\w\s!-~]{30})[^\w\s!-~]+")
"""Signs and combining marks in a row; NFKC takes the square of their number in time."""
_FOLDS = re.compile("[^\x00-\x7f‘’“”–—£€]|[‘’“”–—£€]{30}")
"""Of any other text `folded` leaves every character as it is."""
_SIGNS = dict.fromkeys("™℠", " ") | {
    chr(point): " " + unicodedata.normalize("NFKC", chr(point)).replace("\u2044", "/")
    for point in (*range(0xBC, 0xBF), *range(0x2150, 0x2160))
}
"""Signs that NFKC would join to the word or number before them: trade marks and fractions (3½ is not 31/2)."""
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")


def character(reference: str) -> str:
    """The character of a match of ENTITY."""
    return html.unescape(html.unescape(reference))


def folded(text: str) -> str:
    """The one form of a text for comparing words: NFKC, character references resolved, invisible characters left out.

    Its length may differ from the text's, so offsets into one are none into the other.
    """
    if "&" in text:
        text = ENTITY.sub(lambda match: character(match[0]), text)
    if text.isascii() or not _FOLDS.search(text):
        return text
    text = _HEAP.sub(r"\1", INVISIBLE.sub("", text))
    text = _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)
    return _MARK.sub("", unicodedata.normalize("NFKC", text))


def caseless(name: str) -> str:
    """The one form of a name for comparing: `folded`, in small letters."""
    return folded(name).casefold()


@cache
def analyzer(*, stemmed: bool) -> TextAnalyzer:
    """The analyzer of the lexical index: of its field of stems, or of that of exact words."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(60))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stemmed else builder).build()


def tokens(text: str) -> list[str]:
    """Lower-case words of a text without accents, in order."""
    return list(analyzer(stemmed=False).analyze(folded(text)))


@lru_cache(maxsize=100_000)
def stem(token: str) -> str:
    """The stem under which a word of `tokens` is indexed."""
    stems = analyzer(stemmed=True).analyze(token)
    return stems[0] if stems else token


def surname(name: str) -> str:
    """The last word of a name, by which it stands for the whole one."""
    return next(reversed(tokens(name)), "")


def stems_of(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(map(stem, tokens(text)))


def terms(text: str) -> dict[str, str]:
    """A question's content words: stem → the word as asked; without stop words unless there are only such."""
    words = tokens(text)
    content = {stem(token): token for token in words if token not in STOP}
    return content or {stem(token): token for token in words}


def month(word: str) -> int:
    """1 to 12 for a month's name in lower case, also abbreviated ("sept."); else 0."""
    return _NUMBERS.get(word.removesuffix("."), 0)


Terms = Mapping[str, tuple[str, float]]  # what a question is looked up by: stem → (the word as asked, its weight)


def weighted(question: str, history: Sequence[str] = ()) -> Terms:
    """Content words of a question and of earlier ones, which weigh 1 against its NOW."""
    weights: dict[str, tuple[str, float]] = {}
    for text, weight in [(question, 1.0), *((text, 1 / NOW) for text in history)]:
        for term, word in terms(text).items():
            as_asked, before = weights.get(term, (word, 0.0))
            weights[term] = (as_asked, min(1.0, before + weight))
    return weights


@cache
def background() -> dict[str, float]:
    """The share of passages of general news that hold a stem, for the commonest; see `evals.fit.background`."""
    lines = Path(__file__).with_name("background.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: int(count) / 100_000 for term, count in rows}


@cache
def vocabulary() -> frozenset[str]:
    """The stems of general news, the rare ones too; see `evals.fit.background`."""
    return listed("vocabulary.txt") | background().keys()
