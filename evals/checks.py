"""The checks of an eval: small pure functions that score one answer, 1.0 or 0.0.

    check      holds when                                                        applies to
    outcome    the kind of end is the expected one                               every case
    facts      every fact stands in the answer's sentences                       cases with facts
    shown      every fact stands in the sentences or the passage shown under it  cases with facts
    document   a citation comes from one of the case's documents                 cases with documents
    quotes     every quote shown stands in the record word for word              answers that show one

A check that does not apply gives None, which counts nowhere. One that raises makes the run invalid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from bot.conversation import REFUSALS, Answer
from evals.case import ANSWERS, REFUSED, Case

Texts = Callable[[str, int], str | None]  # (document id, version) → the version's text, None where there is none
Check = Callable[[Case, Answer, Texts], float | None]

_ALIKE = str.maketrans("‘’‚“”„‐‑–—", "'''\"\"\"----")


def outcome(case: Case, answer: Answer, texts: Texts) -> float:
    """Whether the answer ended as expected: "refused" is any refusal, "answered" any answer, else that very one."""
    if case.outcome == REFUSED:
        return float(answer.outcome in REFUSALS)
    if case.outcome == "answered":
        return float(answer.outcome in ANSWERS)
    return float(answer.outcome == case.outcome)


def facts(case: Case, answer: Answer, texts: Texts) -> float | None:
    """Whether each fact stands, in one of its spellings, in the answer's sentences. A refusal has none."""
    return float(not lacking(case, said(answer))) if case.facts else None


def shown(case: Case, answer: Answer, texts: Texts) -> float | None:
    """Like `facts`, but the passage shown under the sentences counts too: what a reader has before him."""
    return float(not lacking(case, displayed(answer))) if case.facts else None


def document(case: Case, answer: Answer, texts: Texts) -> float | None:
    """Whether at least one citation comes from one of the case's documents."""
    if not case.documents:
        return None
    return float(any(citation.document.source in case.documents for citation in answer.citations))


def quotes(case: Case, answer: Answer, texts: Texts) -> float | None:
    """Whether `version.text[start:end] == quote` for every citation, closest passage and passage shown.

    A sentence that names a number without a citation fails too. None where nothing is quoted.
    """
    numbers = {citation.number for citation in answer.citations}
    dangling = any(number not in numbers for sentence in answer.sentences for number in sentence.citations)
    found = [_stands(*quote, texts) for quote in _quoted(answer)]
    return float(all(found) and not dangling) if found or dangling else None


CHECKS: Mapping[str, Check] = {
    "outcome": outcome,
    "facts": facts,
    "shown": shown,
    "document": document,
    "quotes": quotes,
}
COUNTED = ("outcome", "facts", "document", "quotes")  # those that a case must meet to have passed


def passed(scores: Mapping[str, float | None]) -> float:
    """Whether every counted check that applies holds."""
    return float(all(scores[name] == 1.0 for name in COUNTED if scores.get(name) is not None))


def said(answer: Answer) -> str:
    """The answer's sentences, without their numbers."""
    return " ".join(sentence.text for sentence in answer.sentences)


def displayed(answer: Answer) -> str:
    """The sentences and the passage shown under them."""
    return said(answer) + ("\n" + answer.context.text if answer.context else "")


def lacking(case: Case, text: str) -> list[str]:
    """The facts, each by its first spelling, of which no spelling stands in a text."""
    there = plain(text)
    return [group[0] for group in case.facts if not any(holds(there, plain(fact)) for fact in group)]


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


def _quoted(answer: Answer) -> Iterator[tuple[str, int, int, int, str]]:
    """Everything that an answer shows as quoted: document, version, start, end, text."""
    quotes = [citation.quote for citation in answer.citations]
    for quote in [*quotes, *(closest.quote for closest in answer.closest)]:
        yield quote.document, quote.version, quote.start, quote.end, quote.text
    if answer.context:
        home = next((c.quote for c in answer.citations if c.number == answer.context.number), None)
        where = (home.document, home.version) if home else ("", 0)
        yield *where, answer.context.start, answer.context.end, answer.context.text


def _stands(document: str, version: int, start: int, end: int, quote: str, texts: Texts) -> bool:
    text = texts(document, version)
    return text is not None and 0 <= start < end and text[start:end] == quote
