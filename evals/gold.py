"""Gold: facts looked for in texts, answers compared as SQuAD does (Rajpurkar et al. 2016), rankings against grades."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.conversation import Answer, Quote

_ARTICLES = frozenset(("a", "an", "the"))
_ALIKE = str.maketrans("‘’‚“”„‐‑–—", "'''\"\"\"----")

Groups = Sequence[Sequence[str]]  # of each group one spelling is looked for


def lacking(groups: Groups, text: str) -> list[str]:
    """The groups, each by its first spelling, of which no spelling stands in a text."""
    there = plain(text)
    return [group[0] for group in groups if not any(holds(there, plain(spelling)) for spelling in group)]


def found(groups: Groups, text: str) -> list[str]:
    """The spellings that stand in a text."""
    there = plain(text)
    return [spelling for group in groups for spelling in group if holds(there, plain(spelling))]


def holds(text: str, fact: str) -> bool:
    """Whether a fact stands in a text (both plain): it begins where a word begins, and no digit follows its own.

    So "Rice" is not found in "price", nor "711" in "1,711", "7110" or "711.5"; "kilomet" is in "kilometres".
    """
    begin = r"(?<!\w)(?<!\d[.,])" if fact[:1].isdigit() else r"(?<!\w)" if fact[:1].isalnum() else ""
    end = r"(?![.,]?\d)" if fact[-1:].isdigit() else ""
    return re.search(begin + re.escape(fact) + end, text) is not None


def plain(text: str) -> str:
    """A text with case, spaces, quotes, dashes and ways to write one character made alike."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_ALIKE).casefold().split())


def words(text: str) -> list[str]:
    """A text's words as SQuAD compares them: lower case, no punctuation, no articles."""
    kept = "".join(
        " " if unicodedata.category(letter)[0] in "PSZC" else letter for letter in unicodedata.normalize("NFKC", text)
    )
    return [word for word in kept.casefold().split() if word not in _ARTICLES]


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether any answer stands in a text, word for word after `words`."""
    padded = f" {' '.join(words(text))} "
    return any(f" {' '.join(answer)} " in padded for answer in map(words, answers) if answer)


def exact(text: str, answers: Iterable[str]) -> float:
    """1 where a text is an answer, after `words`."""
    return float(words(text) in [words(answer) for answer in answers])


def word_f1(text: str, answers: Iterable[str]) -> float:
    """The best F1 of a text's words against any answer's, each counted as often as it stands."""
    return max((_shared(Counter(words(text)), Counter(words(answer))) for answer in answers), default=0.0)


def _shared(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def ranking(
    measures: Sequence[str], grades: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Measures of ir_measures: measure → query → value. `grades` and `ranked` (best first) are by query."""
    import ir_measures

    run = {query: {source: 1.0 / rank for rank, source in enumerate(ranked[query], 1)} or {"": 0.0} for query in grades}
    wanted = [ir_measures.parse_measure(name) for name in measures]
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(grades, 0.0) for name in measures}
    for metric in ir_measures.iter_calc(wanted, {query: dict(judged) for query, judged in grades.items()}, run):
        scores[str(metric.measure)][metric.query_id] = float(metric.value)
    return scores


def said(answer: Answer) -> str:
    """The answer's sentences, without their numbers."""
    return " ".join(sentence.text for sentence in answer.sentences)


def displayed(answer: Answer) -> str:
    """The sentences and the passage shown under them."""
    return said(answer) + ("\n" + answer.context.text if answer.context else "")


def quoted(answer: Answer) -> Iterator[Quote]:
    """The quotes of the citations, of the closest passages, and the passage shown."""
    yield from (citation.quote for citation in answer.citations)
    yield from (closest.quote for closest in answer.closest)
    if shown := answer.context:
        home = next((c.quote for c in answer.citations if c.number == shown.number), Quote("", 0, 0, 0, ""))
        yield replace(home, start=shown.start, end=shown.end, text=shown.text)
