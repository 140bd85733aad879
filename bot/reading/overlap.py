"""Overlap: how much of a question stands in an article, in a passage of it, and near some of its sentences."""

import operator
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.reading import Candidate
from bot.reading.onnx import Floats
from store.embed import Embedding
from store.passage import Document, Found, Passage, Query, days_of, is_day
from store.words import FULL_NAME, STOP, stem, terms, tokens

LIKE = 0.5  # least cosine at which a word stands in part for another
NAMED = 0.5  # weight of a name's rarity: an article about it may say nothing of the thing asked
ENOUGH = 8.0  # added to the weight of a question's words: about two rare ones
AROUND = 120  # characters on either side of a sentence that are near it

_WORD = re.compile(r"\w[\w'’-]*")


def covered(query: Query, found: Found, home: Document, embedding: Embedding) -> float:
    """The share of a question that the passages of one article hold (0..1).

    Words count by their rarity, names by a part of it (NAMED). An absent word counts in part where one much like it
    stands ("telephone", "phone"), unless it is a name or a number. The words of a time are held by an article of that
    time. A question of few words proves less (ENOUGH), one of stop words alone nothing.
    """
    questions = (query.text, *query.history)
    texts = [passage.text for passage in found.passages if passage.document.id == home.id]
    when = query.when if query.covers(home) else ()
    words = tokens("\n".join([home.title, home.outlet or "", dated(home.published), *when, *texts]))
    stems, named = {stem(word) for word in words}, names(query.text)
    among = named.union(*map(names, query.history))
    lacking = {t: w for text in questions for t, w in terms(text).items() if t not in stems and t not in among}
    near = _nearest(list(lacking.values()), sorted(set(words) - STOP), embedding)
    likeness = {term: value if value >= LIKE else 0.0 for term, value in zip(lacking, near, strict=True)}
    asked = {stem(token) for text in questions for token in tokens(text) if token not in STOP}
    weights = {
        term: weight * (NAMED if term in among else 1.0) for term, weight in found.rarity.items() if term in asked
    }
    mass = sum(weight * (1.0 if term in stems else likeness.get(term, 0.0)) for term, weight in weights.items())
    return mass / (sum(weights.values()) + ENOUGH)


def lacking(query: Query, found: Found, passage: Passage) -> float:
    """The rarity of a question's words that a passage and its title lack, in all."""
    when = query.when if query.covers(passage.document) else ()
    held = {stem(word) for word in tokens("\n".join([passage.document.title, passage.text, *when]))}
    asked = {stem(word) for word in tokens(query.text) if word not in STOP}
    return sum(found.rarity.get(term, 0.0) for term in asked - held)


def said(query: Query, found: Found, rows: Sequence[Candidate], embedding: Embedding) -> float:
    """The share of a question's words other than names that stand near one of some sentences (0..1), the highest.

    Words count by their rarity, an absent one by its likeness to the likest word there.
    """
    asked = _plain(query.text)
    weights = [found.rarity.get(term, 0.0) for term in asked]
    if not sum(weights):
        return 1.0
    around = [_around(row) for row in rows]
    words = sorted(set().union(*around))
    vectors = embedding.matrix([*asked.values(), *words])
    place = {word: at for at, word in enumerate(words, len(asked))}
    shares = list[float]()
    for near in around:
        likest = _likest(vectors[: len(asked)], vectors[[place[word] for word in near]])
        stems = set(map(stem, near))
        held = [1.0 if term in stems else max(0.0, value) for term, value in zip(asked, likest, strict=True)]
        shares.append(sum(map(operator.mul, weights, held)) / sum(weights))
    return max(shares)


def _around(row: Candidate) -> list[str]:
    """The words of a sentence and of what stands near it, in order of the alphabet."""
    start, end = row.start - row.passage.start, row.end - row.passage.start
    return sorted(set(tokens(row.passage.text[max(0, start - AROUND) : end + AROUND])) - STOP)


def near(query: Query, found: Found, row: Candidate) -> float:
    """The share of a question's words other than names that stand near a sentence as they are (0..1), by rarity."""
    weights = {term: found.rarity.get(term, 0.0) for term in _plain(query.text)}
    stems = set(map(stem, _around(row)))
    return sum(weight for term, weight in weights.items() if term in stems) / (sum(weights.values()) or 1.0)


@lru_cache(maxsize=64)
def _plain(question: str) -> Mapping[str, str]:
    """The terms of a question other than names, each with its word."""
    named = names(question)
    return {term: word for term, word in terms(question).items() if term not in named}


def dated(day: str | None) -> str:
    """An ISO day or month as a question may name it ("14 March 2024"); nothing for an undated article."""
    return days_of(day)[0].strftime("%d %B %Y" if is_day(day) else "%B %Y").lstrip("0") if day else ""


def names(question: str) -> set[str]:
    """The stems of a question's names and numbers: words with a capital that do not begin it, and digits.

    None where all words have capitals.
    """
    words = _WORD.findall(question)
    if question.isupper() or any(word.istitle() and word.lower() in STOP for word in words[1:] if len(word) > 1):
        return set()
    kept = [word for i, word in enumerate(words) if word[0].isdigit() or (i and word[0].isupper() and word[1:])]
    return {stem(token) for word in kept for token in tokens(word) if token not in STOP}


def unknown(query: Query, found: Found) -> tuple[str, ...]:
    """The names in a question of which no article of the corpus holds the last word ("Ardern" of "Jacinda Ardern")."""
    absent, told = names(query.text) & found.absent, list[str]()
    for name in FULL_NAME.findall(query.text):
        words = name.split()
        if words[-1].isalpha() and stem(words[-1].lower()) in absent:
            told.append(" ".join(words[1:] if query.text.startswith(name) and words[0].lower() in STOP else words))
    return tuple(told)


def _nearest(asked: Sequence[str], words: Sequence[str], embedding: Embedding) -> list[float]:
    """The cosine of the likest word, for each word of the question that the article lacks."""
    if not asked:
        return []
    vectors = embedding.matrix([*asked, *words])
    return _likest(vectors[: len(asked)], vectors[len(asked) :])


def _likest(asked: Floats, words: Floats) -> list[float]:
    """The highest cosine of each of some vectors with any of others; 0 where there are none."""
    best: list[float] = (asked @ words.T).max(axis=1).tolist() if len(words) else [0.0] * len(asked)
    return best
