"""Spans: the one to three neighbouring sentences of a passage that fit a written sentence best.

The measures are those of the usual summary checkers: word pairs and triples (Lin 2004, ROUGE-N), the longest common
subsequence (ROUGE-L), the weighted share of words seen, for which a word near them counts in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.reading.assertion import asks, asserting
from bot.reading.claims import Claims, Token, about, read
from bot.reading.comparison import Comparison, Near, Word, common, grams, share, wanted
from bot.reading.guards import CONTRADICTS, SILENT, missing
from bot.reading.lists import listed
from bot.reading.near import kin, worth
from store.passage import Document, Passage
from store.split import sentences

WEIGHTS = {"seen": 0.55, "pairs": 0.15, "triples": 0.05, "common": 0.25}  # weights of the measures in a span's fit
TRIED = 8  # spans that are measured in full
SPARE = 0.08  # how far behind the best fit a span may be that has more of the facts
_PRONOUNS = listed("pronouns")
_BLANK = Token("", ",", "")


@dataclass(frozen=True, slots=True)
class Window:
    """One to three neighbouring sentences of a passage, with their claims; none that asserts nothing is among them."""

    start: int
    end: int
    claims: tuple[Claims, ...]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    triples: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A window that was compared with a sentence."""

    passage: Passage
    window: Window
    fit: float
    missing: tuple[str, ...] = ()  # kinds of fact for which the window fails the sentence
    otherwise: bool = False  # nothing of that stands elsewhere in the article, which tells of the same thing

    @property
    def worth(self) -> float:
        return self.fit - 0.1 * min(3, len(self.missing))


@dataclass(frozen=True, slots=True)
class Subject:
    """A written sentence that spans are looked for, with the passages found."""

    words: str
    claims: Claims
    found: Sequence[Passage]
    capitals: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, words: str, found: Sequence[Passage]) -> Subject:
        capitals = frozenset[str]().union(*(_capitals(passage.text) for passage in found))
        return cls(words, read(words), found, capitals)

    def whole(self, document: Document) -> tuple[Claims, ...]:
        """Every sentence of an article's passages that asserts anything."""
        own = [passage for passage in self.found if passage.document.id == document.id]
        return tuple(row for passage in own for row in _claims(passage.text))

    def compared(self, passage: Passage, window: Window, near: Near) -> Comparison:
        document = passage.document
        texts = tuple(other.text for other in self.found if other.document.id == document.id)
        return Comparison(
            self.words, self.claims, window.claims, _before(passage, window, self.found), _facts(document),
            document.published, self.whole(document), (document.title, *texts), self.capitals, near,
        )  # fmt: skip


@lru_cache(maxsize=512)
def windows(text: str) -> tuple[Window, ...]:
    """Every run of one to three sentences of a passage that assert something."""
    rows = [(start, end, read(text[start:end]) if asserts else None) for start, end, asserts in asserting(text)]
    found = []
    for first in range(len(rows)):
        for size in range(1, min(3, len(rows) - first) + 1):
            part = rows[first : first + size]
            claims = tuple(claims for _, _, claims in part if claims is not None)
            if len(claims) < size:
                break
            keys = [row.keys for row in claims]
            found.append(Window(part[0][0], part[-1][1], claims, frozenset().union(*keys),
                                frozenset(g for k in keys for g in grams(k, 2)),
                                frozenset(g for k in keys for g in grams(k, 3))))  # fmt: skip
    return tuple(found)


def best(subject: Subject, passages: Sequence[Passage], floor: float = -1.0) -> Match | None:
    """The best window of some passages: the best fit, or one little worse in which more facts stand.

    None where none fits better than `floor`.
    """
    claims = subject.claims
    content = [token.folded for token in claims.tokens if token.content and token.key.isalpha()]
    near = kin(content, [_told(passage.text) for passage in passages])
    words = wanted(claims, near)
    fits = [(_fit(claims, words, *row), *row) for row in _ranked(claims, words, passages)[:TRIED]]
    top = max((fit for fit, _, _ in fits), default=0.0)
    if top <= floor:
        return None
    close = [_matched(subject, passage, window, fit, near) for fit, passage, window in fits if fit >= top - SPARE]
    first = max(close, key=lambda match: match.worth, default=None)
    if first is None or first.missing:
        return first
    against = [match for match in close if match.fit > first.fit + 0.03 and CONTRADICTS & set(match.missing)]
    return max(against, key=lambda match: match.fit, default=first)


def _ranked(claims: Claims, words: Sequence[Word], passages: Sequence[Passage]) -> list[tuple[Passage, Window]]:
    """The windows of some passages by their shares of words and word pairs, the shorter first of equal ones."""
    pairs = frozenset(grams(claims.keys, 2))
    ranked = []
    for passage in passages:
        told = _keys(passage.document)
        for window in windows(passage.text):
            score = share(words, window.keys, told) + 0.3 * len(pairs & window.pairs) / (len(pairs) or 1)
            if len(window.claims) == 1 or _adds(words, claims, window):
                ranked.append((score - 0.01 * len(window.claims), passage, window))
    ranked.sort(key=lambda row: (-row[0], row[2].end - row[2].start))
    return [row[1:] for row in ranked]


def _matched(subject: Subject, passage: Passage, window: Window, fit: float, near: Near) -> Match:
    """A window with the kinds of fact that it lacks; where it lacks some, the rest of its article is looked at."""
    compared = subject.compared(passage, window, near)
    lacks = tuple(missing(compared))
    if not lacks:
        return Match(passage, window, fit)
    wider = replace(compared, article=(*compared.whole, *compared.article))
    elsewhere = set(missing(wider))
    return Match(passage, window, fit, lacks, bool(elsewhere - SILENT) and "clause" not in elsewhere)


def _adds(words: Sequence[Word], claims: Claims, window: Window) -> bool:
    """Whether a window's last sentence tells more of the words wanted than a name or number.

    A name may be named first and then be "he"; one that only a later sentence brings belongs to something else.
    """
    loose = {claims.tokens[place].key for place, _ in claims.names}
    before = frozenset(token.key for row in window.claims[:-1] for token in row.tokens)
    after = frozenset(token.key for token in window.claims[-1].tokens)
    return any(
        word.key not in loose
        and (word.key in after or word.near)
        and word.key.isalpha()
        and worth(word.near, after) + (word.key in after) > worth(word.near, before) + (word.key in before)
        for word in words
    )


def _fit(claims: Claims, words: Sequence[Word], passage: Passage, window: Window) -> float:
    """How well a window fits a sentence, in [0, 1]: the weighted sum of the measures of overlap."""
    keys = claims.keys
    pairs, triples = frozenset(grams(keys, 2)), frozenset(grams(keys, 3))
    measures = {
        "seen": share(words, window.keys, _keys(passage.document)),
        "pairs": len(pairs & window.pairs) / (len(pairs) or 1),
        "triples": len(triples & window.triples) / (len(triples) or 1),
        "common": max(common(keys, row.keys) for row in window.claims) / (len(keys) or 1),
    }
    return sum(WEIGHTS[name] * value for name, value in measures.items())


def _headline(title: str) -> Claims:
    """The claims of a title; of one that asks only its names."""
    claims = read(title)
    if not asks(title):
        return claims
    named = dict(claims.names)
    return Claims(tuple(t if at in named else _BLANK for at, t in enumerate(claims.tokens)), names=claims.names)


@lru_cache(maxsize=512)
def _facts(document: Document) -> tuple[Claims, ...]:
    """The claims of an article's title, outlet and published day."""
    return _headline(document.title), read(document.outlet or ""), about(document.published)


@lru_cache(maxsize=512)
def _keys(document: Document) -> frozenset[str]:
    return frozenset(key for claims in _facts(document) for key in claims.keys)


def _before(passage: Passage, window: Window, passages: Sequence[Passage]) -> tuple[Claims, ...]:
    """The sentence before a window that says "he", "they" or the like; it may end the passage before."""
    if not any(token.folded in _PRONOUNS for claims in window.claims for token in claims.tokens):
        return ()
    own = [other.claims[0] for other in windows(passage.text) if len(other.claims) == 1 and other.end <= window.start]
    if own:
        return (own[-1],)
    earlier = [p for p in passages if p.document.id == passage.document.id and p.end <= passage.start]
    nearest = max(earlier, key=lambda p: p.end, default=None)
    return _claims(nearest.text)[-1:] if nearest else ()


@lru_cache(maxsize=512)
def _claims(text: str) -> tuple[Claims, ...]:
    """The claims of each sentence of a passage that asserts anything."""
    return tuple(row.claims[0] for row in windows(text) if len(row.claims) == 1)


@lru_cache(maxsize=512)
def _told(text: str) -> tuple[tuple[str, str], ...]:
    """The content words of a passage, each with its key; no names."""
    tokens = (token for row in _claims(text) for token in row.tokens if token.content and token.raw.islower())
    return tuple(dict.fromkeys((token.folded, token.key) for token in tokens if token.key.isalpha()))


@lru_cache(maxsize=512)
def _capitals(text: str) -> frozenset[str]:
    """The names of a passage: words with a capital within a sentence."""
    claims = [read(text[start:end]) for start, end in sentences(text)]
    return frozenset(name for row in claims for place, name in row.names if not row.tokens[place].first)
