"""Spelling: a word that is in no article is mended to the one that was meant, if there is one near enough."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from store.lexical import LexicalReader
from store.passage import Passage
from store.words import STOP, folded, listed, stem, tokens, vocabulary

SHORT, LONG = 5, 8  # letters below which only swapped neighbours are mended, and from which two mistakes are
CHANGED = 2  # mistakes that a changed letter counts for
LIKENESSES = 20  # passages in which the right form of a misspelt word is looked for
_WORD = re.compile(r"[^\W\d_]+")
_LONE = re.compile(r"(?<![\w-])[a-z]{4,40}(?![\w-])")
_DERIVED = ("r", "er", "or", "y", "ly", "n", "al", "ic", "ist")
"""Endings that make another word of one: a router is no route."""


def doubtful(question: str) -> list[str]:
    """Words of an English question that may be misspelt: in lower case, and unknown to general news."""
    words, foreign = _WORD.findall(question), listed("foreign.txt")
    strange = sum(word.lower() in foreign or (word.islower() and not word.isascii()) for word in words)
    if strange > sum(word.lower() in STOP - foreign for word in words):
        return []
    return [word for word in _LONE.findall(question) if word not in STOP and stem(word) not in vocabulary()]


def mended(question: str, index: LexicalReader, passages: Callable[[Sequence[int]], Iterable[Passage]]) -> str:
    """The question with misspelt words as the corpus spells them, in lower case as they were typed."""
    unknown = filter(index.unknown, doubtful(question))
    meant = {word: right for word in unknown if (right := _meant(word, index, passages))}
    return re.sub(r"\w+", lambda match: meant.get(match.group(), match.group()), question)


def _meant(word: str, index: LexicalReader, passages: Callable[[Sequence[int]], Iterable[Passage]]) -> str | None:
    """The corpus's word for a misspelt one, in its most frequent form; names only one slip away."""
    near = passages(index.alike(word, mistakes(word), LIKENESSES))
    texts = (folded(f"{passage.document.title} {passage.text}") for passage in near)
    written = Counter(form for text in texts for form in _WORD.findall(text))
    forms = {tokens(form)[0]: form for form, _ in reversed(written.most_common())}
    small = {tokens(form)[0] for form in written if form.islower()}
    among = [token for token in forms if token in small or distance(word, token, changed=1) == 1]
    meant = nearest(word, among)
    return forms[meant].lower() if meant else None


def nearest(word: str, among: Iterable[str]) -> str | None:
    """Of some words (tokens) the one that a misspelt one was meant to be; None if none is near enough.

    It begins alike. Of several at one distance: the one of the same letters, then one that has a letter more, then
    the first given.
    """
    (wrong,) = tokens(word)
    most = mistakes(wrong)
    near = {}
    for token in among:
        swapped = sorted(wrong) == sorted(token)
        if token[0] != wrong[0] or abs(len(token) - len(wrong)) > most or wrong in {token + end for end in _DERIVED}:
            continue
        if swapped or len(wrong) >= SHORT:
            far = distance(wrong, token)
            if 0 < far <= most:
                near[token] = (far, not swapped, not _within(wrong, token))
    return min(near, key=lambda token: near[token]) if near else None


def mistakes(token: str) -> int:
    """How many mistakes a word may have."""
    return 2 if len(token) >= LONG else 1


def _within(word: str, other: str) -> bool:
    """Whether a word's letters stand in another one in that order."""
    rest = iter(other)
    return all(letter in rest for letter in word)


def distance(one: str, other: str, changed: int = CHANGED) -> int:
    """Letters to put in, leave out or swap with their neighbour to make one word of another; a change counts `changed`.

    A letter changed makes another word more often than a slip of the pen ("bees", "been"). Source: the optimal string
    alignment distance (Damerau 1964), with that weight.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + changed * (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
