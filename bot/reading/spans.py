"""Spans: the one to three neighbouring sentences of a passage that fit a written sentence best.

A window's score is the weighted share of the sentence's words that it has, for which a word near them counts in part,
the share of its word triples (Lin 2004, ROUGE-3) and the longest common subsequence (ROUGE-L), less what the sentence
says in words that the article has nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bot.reading.assertion import asks, asserting
from bot.reading.claims import Claims, about, read
from bot.reading.comparison import Comparison, Near, Word, common, grams, share, wanted
from bot.reading.guards import CONTRADICTS, FACTS, SILENT, missing
from bot.reading.lists import listed
from bot.reading.near import kin, worth
from bot.reading.token import Token
from store.passage import Document, Passage
from store.split import sentences

SEEN, TRIPLES, COMMON = 0.3, 0.2, 0.5  # weights of the measures in a window's score
FOREIGN = 0.15  # what a word of full weight takes off that stands nowhere in the article
TRIED = 8  # most windows that the guards look at
SPARE = 0.08  # how far behind the best score a window may be that has more of the facts
MORE = 2  # most sentences elsewhere in its article that a window is read together with
REST = 0.7  # least weighted share of the words that a window lacks for these to bring them
_PRONOUNS = listed("pronouns")
_BLANK = Token("", ",", "")


@dataclass(frozen=True, slots=True)
class Window:
    """One to three neighbouring sentences of a passage, with their claims; none that asserts nothing is among them."""

    start: int
    end: int
    claims: tuple[Claims, ...]
    keys: frozenset[str]
    triples: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A window that was compared with a sentence."""

    passage: Passage
    window: Window
    score: float
    missing: frozenset[str] = frozenset()  # kinds of fact for which the window fails the sentence
    otherwise: bool = False  # nothing of that stands elsewhere in the article, which tells of the same thing
    others: tuple[tuple[Passage, Window], ...] = ()  # sentences elsewhere in the article with what the window lacks

    @property
    def spans(self) -> list[tuple[Passage, Window]]:
        return [(self.passage, self.window), *self.others]

    @property
    def worth(self) -> float:
        return self.score - 0.1 * min(3, len(self.missing))


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

    def everywhere(self, document: Document) -> frozenset[str]:
        """The keys of an article's passages found, title, outlet and day."""
        return frozenset(key for claims in (*self.whole(document), *_facts(document)) for key in claims.keys)

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
            triples = frozenset(gram for row in keys for gram in grams(row, 3))
            found.append(Window(part[0][0], part[-1][1], claims, frozenset().union(*keys), triples))
    return tuple(found)


def best(subject: Subject, passages: Sequence[Passage], floor: float = -1.0) -> Match | None:
    """The best window of some passages: the best score, or one little worse in which more facts stand.

    None where none scores better than `floor`.
    """
    content = [token.folded for token in subject.claims.tokens if token.content and token.key.isalpha()]
    near = kin(content, [_told(passage.text) for passage in passages])
    scores = sorted(_scores(subject, passages, near), key=lambda row: (-row[0], row[2].end - row[2].start))[:TRIED]
    if not scores or scores[0][0] <= floor:
        return None
    close = [_matched(subject, *row, near) for row in scores if row[0] >= scores[0][0] - SPARE]
    first = max(close, key=lambda match: match.worth)
    if first.missing:
        return first
    against = [match for match in close if match.score > first.score + 0.03 and CONTRADICTS & match.missing]
    return max(against, key=lambda match: match.score, default=first)


def _scores(subject: Subject, passages: Sequence[Passage], near: Near) -> Iterator[tuple[float, Passage, Window]]:
    """The windows of some passages, each with its score."""
    claims, keys, words = subject.claims, subject.claims.keys, wanted(subject.claims, near)
    triples, foreign = frozenset(grams(keys, 3)), dict[str, float]()
    for passage in passages:
        document = passage.document
        if document.id not in foreign:
            article = subject.everywhere(document)
            lacking = [word for word in words if word.key not in article and word.key.isalpha()]
            foreign[document.id] = sum(word.weight * (1 - worth(word.near, article)) for word in lacking)
        for window in windows(passage.text):
            if len(window.claims) > 1 and not _adds(words, claims, window):
                continue
            score = SEEN * share(words, window.keys, _keys(document)) - FOREIGN * foreign[document.id]
            score += TRIPLES * len(triples & window.triples) / (len(triples) or 1)
            score += COMMON * max(common(keys, row.keys) for row in window.claims) / (len(keys) or 1)
            yield score, passage, window


def _matched(subject: Subject, score: float, passage: Passage, window: Window, near: Near) -> Match:
    """A window with the kinds of fact that it lacks; where it lacks some, the rest of its article is looked at."""
    compared = subject.compared(passage, window, near)
    lacks = frozenset(missing(compared))
    if not lacks:
        return Match(passage, window, score)
    dated = compared.relative or any(row.days or row.months or row.weekdays for row in window.claims)
    kinds = FACTS if dated else FACTS | {"date"}  # another date contradicts
    for others in _others(subject, passage, window, near) if lacks & kinds and lacks <= kinds | {"wording"} else ():
        told = (row for _, other in others for row in other.claims)
        if not any(missing(replace(compared, span=(*window.claims, *told)))):
            return Match(passage, window, score, others=others)
    wider = replace(compared, article=(*compared.whole, *compared.article))
    return Match(passage, window, score, lacks, not SILENT.issuperset(missing(wider)))


def _others(
    subject: Subject, passage: Passage, window: Window, near: Near
) -> Iterator[tuple[tuple[Passage, Window], ...]]:
    """One sentence of a window's article, then one more, that together have most of the words that the window lacks.

    Each has one that is neither a name nor a number: these alone may belong to something else.
    """
    lacking = [word for word in wanted(subject.claims, near) if word.key not in window.keys]
    named = {subject.claims.tokens[place].key for place, _ in subject.claims.names}
    own = [other for other in subject.found if other.document.id == passage.document.id]
    singles = [(other, one) for other in own for one in windows(other.text) if len(one.claims) == 1]
    others, rest = list[tuple[Passage, Window]](), lacking
    while len(others) < MORE:
        plain = {word.key for word in rest if word.key.isalpha() and word.key not in named}
        rows = [row for row in singles if plain & row[1].keys]
        if not rows:
            return
        others.append(max(rows, key=lambda row: share(rest, row[1].keys)))
        rest = [word for word in rest if word.key not in others[-1][1].keys]
        if share(lacking, frozenset().union(*(other.keys for _, other in others))) >= REST:
            yield tuple(others)


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
