"""Guards over wording: each part is in the span, a copy has no words added, and quotation marks hold true."""

import re
from difflib import SequenceMatcher

from bot.reading import quotes
from bot.reading.claims import read
from bot.reading.comparison import Comparison, share, wanted
from bot.reading.lists import stems
from bot.reading.near import worth

LEAST, CLAUSE = 0.2, 0.25  # least weighted share of the words beside names that the span must have; of a clause's words
_BECAUSE = frozenset(("because", "owing", "thanks"))
SHORT, FEW = 2, 0.55  # the same where there are at most so many such words
_CLAUSES = re.compile(r"[,;:]\s+(?=(?:which|who|whose|where|while|and|but|because|so|as|with)\b)|;\s+| [–—] ")
CLOSE, OTHER = 0.85, 0.1
"""Share of words in the same order in a close copy; weight of a word there in the place of another."""
HALF, ADDED = 0.5, 0.5  # share of words in the same order in a copy; weight of added words that the article has nowhere


def unseen(compared: Comparison) -> bool:
    """Whether the span has next to nothing of what the sentence, or a clause of it, says of its names and numbers."""
    plain, told = compared.plain(compared.claims), frozenset(key for claims in compared.facts for key in claims.keys)
    if plain and share(plain, told) < (FEW if len(plain) <= SHORT else LEAST):
        return True
    clauses = (wanted(read(clause), compared.near) for clause in _CLAUSES.split(compared.words))
    return any(len(clause) >= 3 and share(clause, told) < CLAUSE for clause in clauses)


def added(compared: Comparison) -> bool:
    """Whether a sentence keeps to the span's wording and adds words to it of which the article has none.

    In a free paraphrase every word may be another; in a copy an addition is the writer's own, and so is, in a close
    one, a word in the place of another that means something else.
    """
    claims, article = compared.claims, compared.everywhere
    tokens = [token for token in claims.tokens if token.key]
    there = [token for row in compared.span for token in row.tokens if token.key]
    keys, told = [token.key for token in tokens], [token.key for token in there]
    edits = SequenceMatcher(None, keys, told, autojunk=False).get_opcodes()
    alike = sum(b - a for tag, a, b, _, _ in edits if tag == "equal") / (len(tokens) or 1)
    if alike < HALF:
        return False
    unseen = {
        word.key: word.weight * (1 - worth(word.near, article))
        for word in wanted(claims, compared.near)
        if word.key not in article and word.key.isalpha()
    }
    for tag, a, b, c, d in edits:
        here, place = [[t for t in row if t.content] for row in (tokens[a:b], there[c:d])]
        more = len(here) - len(place)
        one = len(here) == len(place) == 1 and here[0].raw.islower()
        if one and alike >= CLOSE and unseen.get(here[0].key, 0.0) >= OTHER:
            return True
        if tag != "equal" and more > 0 and sum(unseen.get(t.key, 0.0) for t in here if t.raw.islower()) >= ADDED:
            return True
    return False


def reasoned(compared: Comparison) -> bool:
    """Whether a sentence gives a reason ("because") and the span, in no words for it, gives none."""
    if all(token.folded not in _BECAUSE for token in compared.claims.tokens):
        return False
    return not any(token.key in stems("reasons") for row in compared.span for token in row.tokens)


def misquoted(compared: Comparison) -> bool:
    """Whether words in quotation marks stand nowhere in the article."""
    return quotes.misquoted(compared.words, compared.passages)
