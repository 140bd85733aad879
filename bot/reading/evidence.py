"""The reader by words: scores the sentences of the passages found, and tells how much of the question they hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot.reading import Candidate, Reading
from bot.reading.kind import holds, kind
from store.embed import Embedding
from store.passage import Found, Passage, Query
from store.split import sentences as cut
from store.words import STOP, stem, terms, tokens

READ = 5  # passages whose sentences are scored
KEPT = 0.5  # least share of the best sentence's score that a further one needs
LIKE = 0.5  # least cosine at which a word stands in part for another
NAMED = 0.5  # weight of a name's rarity: an article about it may say nothing of the thing asked
ENOUGH = 8.0  # added to the weight of a question's words: about two rare ones

_WORD = re.compile(r"\w[\w'’-]*")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
# A picture's caption ends in the full date of the picture, or says where in it somebody stands.
_CAPTION = re.compile(
    r", (?:on |in )?(?:\w{3,6}day,? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\.? \d{1,2}, \d{4}"
    r"\.?[\"”]?$"
    r"|\((?:from )?(?:left|right|center|centre)\b|, (?:left|right|center|centre),|\bGetty Images\b|\bfile photo\b",
    re.I,
)
_ENDED = re.compile(r"[.!?…。！？؟।][\"'”’)\]»]*$")


class WordReader:
    """The reader by shared words and word vectors; see `read`."""

    id = "words-1"

    def __init__(self, embedding: Embedding) -> None:
        self._embedding = embedding

    def read(self, query: Query, found: Found) -> Reading:
        return read(query.text, query.history, found, self._embedding)


def read(question: str, history: Sequence[str], found: Found, embedding: Embedding) -> Reading:
    """The sentences of the first READ passages scored, best first, and how much of the question they hold.

    The score has weights set by hand: IDF-weighted share of the question's terms, cosine, rank of the passage, cue for
    the kind of answer, gain by the neighbours, shared word pairs, closeness to the article's head; fragments,
    questions, captions, headings and links lose.
    """
    rows = _candidates(found.passages[:READ])
    if not rows:
        return Reading(found)
    vectors = embedding.matrix([question, *(row.text for row in rows)])
    cosines = vectors[1:] @ vectors[0]
    asked = _Asked(question, history, found.idf)
    bags = [frozenset(map(stem, tokens(row.text))) for row in rows]
    top = max(passage.score for passage in found.passages) or 1.0
    scored = []
    for i, row in enumerate(rows):
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(rows) and rows[j].passage.id == row.passage.id]
        gains = {j: asked.coverage(bags[i] | bags[j]) - asked.coverage(bags[i]) for j in near}
        score = (
            0.5 * asked.coverage(bags[i])
            + 0.5 * float(cosines[i])
            + 0.15 * asked.cue(row.text)
            + 0.15 * gains.get(i - 1, 0.0)
            + 0.05 * gains.get(i + 1, 0.0)
            + 0.2 * asked.pairs(row.text)
            + 0.05 / (1 + row.start / 150)  # about one for each sentence from the head
            - (0.3 if len(row.text) < 30 else 0.0)
            - (0.0 if _ENDED.search(row.text) else 0.2)
            - (0.2 if row.text.rstrip("\"”’' ").endswith("?") else 0.0)
            - (0.2 if asked.kind != "date" and _CAPTION.search(row.text) else 0.0)
        )
        scored.append(
            (replace(row, score=score + 0.6 * row.passage.score / top), score + 0.3 * row.passage.score / top)
        )
    best = max(range(len(scored)), key=lambda i: scored[i][0].score)
    ordered = sorted((row for row, _ in scored), key=lambda row: -row.score)
    coverage, absent = covered(question, history, found, embedding)
    return Reading(found, tuple(ordered), coverage, absent, scored[best][1])


def covered(question: str, history: Sequence[str], found: Found, embedding: Embedding) -> tuple[float, int]:
    """The share of a question that the passages of the top article hold, and the number of names that they lack.

    Words count by their rarity, names by a part of it (NAMED). An absent word counts in part where one much like it
    stands ("telephone", "phone"), unless it is a name or a number. A question of few words proves less (ENOUGH), one of
    stop words alone nothing. More than two names count as two, and a year counts as two more.
    """
    top = found.passages[0].document
    texts = [passage.text for passage in found.passages if passage.document.id == top.id]
    words = tokens("\n".join([top.title, top.outlet or "", dated(top.published), *texts]))
    stems, named = {stem(word) for word in words}, names(question)
    among = named.union(*map(names, history))
    lacking = {
        t: w for text in (question, *history) for t, w in terms(text).items() if t not in stems and t not in among
    }
    near = _nearest(list(lacking.values()), sorted(set(words) - STOP), embedding)
    likeness = {term: value if value >= LIKE else 0.0 for term, value in zip(lacking, near, strict=True)}
    asked = {stem(token) for text in (question, *history) for token in tokens(text) if token not in STOP}
    weights = {
        term: weight * (NAMED if term in among else 1.0) for term, weight in found.rarity.items() if term in asked
    }
    mass = sum(weight * (1.0 if term in stems else likeness.get(term, 0.0)) for term, weight in weights.items())
    absent = named - stems
    years = any(_YEAR.fullmatch(term) for term in absent)
    return mass / (sum(weights.values()) + ENOUGH), min(2, len(absent)) + 2 * years


def dated(day: str | None) -> str:
    """An ISO day as a question may name it ("14 March 2024"); nothing for an undated article."""
    return date.fromisoformat(day).strftime("%d %B %Y").lstrip("0") if day else ""


def names(question: str) -> set[str]:
    """The stems of a question's names and numbers: words with a capital that do not begin it, and digits.

    None where all words have capitals.
    """
    words = _WORD.findall(question)
    if question.isupper() or any(word.istitle() and word.lower() in STOP for word in words[1:] if len(word) > 1):
        return set()
    kept = [word for i, word in enumerate(words) if word[0].isdigit() or (i and word[0].isupper() and word[1:])]
    return {stem(token) for word in kept for token in tokens(word) if token not in STOP}


def _nearest(asked: Sequence[str], words: Sequence[str], embedding: Embedding) -> list[float]:
    """The cosine of the likest word, for each word of the question that the article lacks."""
    if not asked or not words:
        return [0.0] * len(asked)
    vectors = embedding.matrix([*asked, *words])
    best: list[float] = (vectors[: len(asked)] @ vectors[len(asked) :].T).max(axis=1).tolist()
    return best


def _candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """The sentences of some passages; of equal ones the first."""
    seen: set[str] = set()
    rows = []
    for passage in passages:
        for start, end in cut(passage.text):
            text = passage.text[start:end]
            key = " ".join(text.split()).lower()
            if key not in seen:
                seen.add(key)
                rows.append(Candidate(passage, passage.start + start, passage.start + end, text))
    return rows


class _Asked:
    """A question as the scorer sees it."""

    def __init__(self, question: str, history: Sequence[str], idf: Mapping[str, float]) -> None:
        self.idf = idf
        self.total = sum(idf.values()) or 1.0
        words = [token for token in tokens(question) if token not in STOP]
        self.bigrams = set(pairwise(words))
        self.words = set(tokens(" ".join([question, *history])))
        self.text, self.kind = question, kind(question)

    def coverage(self, bag: frozenset[str]) -> float:
        """The share of the question's terms that a bag of stems holds, weighted by idf (0..1)."""
        return sum(weight for term, weight in self.idf.items() if term in bag) / self.total

    def pairs(self, text: str) -> float:
        """The share of the question's word pairs that stand in a sentence (0..1)."""
        words = [token for token in tokens(text) if token not in STOP]
        here = set(pairwise(words))
        return len(self.bigrams & here) / len(self.bigrams) if self.bigrams else 0.0

    def cue(self, text: str) -> float:
        """How far a sentence holds the kind of thing asked for and not named already (0..1)."""
        return holds(self.kind, text, self.text, self.words)
