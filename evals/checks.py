"""The checks of an eval: small pure functions that score what one case came to, from 0.0 to 1.0.

    check               what it says                                                applies to
    outcome             the kind of end is the expected one                         every case
    facts               every fact stands in the answer's sentences                 cases with facts
    absent              nothing that must not be said is said                       cases with absent facts
    shown               every fact stands in the sentences or the passage shown     cases with facts
    document            a citation comes from one of the case's documents           cases with documents
    quote_from          every citation comes from where it must                     citing answers to cases with it
    quotes              every quote shown stands in the record word for word        answers that show one
    R@8 … nDCG@10       the ranking of the documents that were found                cases with documents
    citation_precision  the share of citations that come from the case's documents  answers that cite, same cases
    citation_recall     the share of the case's documents that are cited            cases with documents
    support_recall      the share of sentences that their citations support         answers of any sentence that claims
    support_precision   the share of citations that their sentences need            answers that cite
    exact_match f1 contains  the answer against gold strings                        answerable cases with answers

A check that does not apply gives None, which counts nowhere. One that raises makes the run invalid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.conversation import REFUSALS, Answer, Sentence
from bot.reading import PASSED
from bot.reading.check import RuleChecker
from evals import words
from evals.case import ANSWERS, REFUSED, Case
from store.passage import Passage

Texts = Callable[[str, int], str | None]  # (document id, version) → the version's text, None where there is none


@dataclass(frozen=True, slots=True)
class Asked:
    """What one case came to: the answer, the passages that were found, and the record's texts."""

    case: Case
    answer: Answer
    passages: tuple[Passage, ...]
    texts: Texts


Check = Callable[[Asked], float | None]

_ALIKE = str.maketrans("‘’‚“”„‐‑–—", "'''\"\"\"----")


# -- the answer ----------------------------------------------------------------------------------


def outcome(asked: Asked) -> float:
    """Whether the answer ended as expected: "refused" is any refusal, "answered" any answer, else that very one."""
    if asked.case.outcome == REFUSED:
        return float(asked.answer.outcome in REFUSALS)
    if asked.case.outcome == "answered":
        return float(asked.answer.outcome in ANSWERS)
    return float(asked.answer.outcome == asked.case.outcome)


def facts(asked: Asked) -> float | None:
    """Whether each fact stands, in one of its spellings, in the answer's sentences. A refusal has none."""
    return float(not lacking(asked.case, said(asked.answer))) if asked.case.facts else None


def absent(asked: Asked) -> float | None:
    """Whether no spelling of what must not be said stands in the answer's sentences."""
    return float(not intruding(asked.case, said(asked.answer))) if asked.case.absent else None


def shown(asked: Asked) -> float | None:
    """Like `facts`, but the passage shown under the sentences counts too: what a reader has before him."""
    return float(not lacking(asked.case, displayed(asked.answer))) if asked.case.facts else None


def document(asked: Asked) -> float | None:
    """Whether at least one citation comes from one of the case's documents."""
    if not asked.case.documents:
        return None
    return float(any(citation.document.source in asked.case.documents for citation in asked.answer.citations))


def quote_from(asked: Asked) -> float | None:
    """Whether every citation comes from one of the documents that quotes must come from."""
    if not asked.case.quote_from or not asked.answer.citations:
        return None
    return float(all(citation.document.source in asked.case.quote_from for citation in asked.answer.citations))


def quotes(asked: Asked) -> float | None:
    """Whether `version.text[start:end] == quote` for every citation, closest passage and passage shown.

    A sentence that names a number without a citation fails too. None where nothing is quoted.
    """
    answer = asked.answer
    numbers = {citation.number for citation in answer.citations}
    dangling = any(number not in numbers for sentence in answer.sentences for number in sentence.citations)
    found = [_stands(*quote, asked.texts) for quote in _quoted(answer)]
    return float(all(found) and not dangling) if found or dangling else None


# -- the ranking ---------------------------------------------------------------------------------


def ranking(measure: str) -> Check:
    """The check that takes a measure of ir_measures (MacAvaney et al. 2022, by its name) over the documents found.

    A document ranks by its first passage; those in which the same passage stands follow it. The case's grades are
    the judgements.
    """

    def check(asked: Asked) -> float | None:
        grades = asked.case.grades
        if not grades:
            return None
        import ir_measures

        places = {source: 1.0 / place for place, source in enumerate(ranked(asked.passages), 1)} or {"": 0.0}
        wanted = [ir_measures.parse_measure(measure)]
        return float(next(ir_measures.iter_calc(wanted, {"case": dict(grades)}, {"case": places})).value)

    check.__doc__ = f"{measure} of the documents that were found, by ir_measures."
    return check


def ranked(passages: tuple[Passage, ...]) -> list[str]:
    """The documents of passages, best first, each once."""
    every = (home.source for passage in passages for home in (passage.document, *passage.also_in))
    return list(dict.fromkeys(every))


# -- the citations -------------------------------------------------------------------------------


def citation_precision(asked: Asked) -> float | None:
    """Of the citations, the share that comes from the case's documents."""
    if not asked.case.grades or not asked.answer.citations:
        return None
    right = [citation.document.source in asked.case.grades for citation in asked.answer.citations]
    return sum(right) / len(right)


def citation_recall(asked: Asked) -> float | None:
    """Of the case's documents, the share that is cited, or named as holding a cited quote too.

    It is low without a fault where any one of several documents would have done.
    """
    if not asked.case.grades:
        return None
    homes = {home.source for citation in asked.answer.citations for home in (citation.document, *citation.also_in)}
    return len(homes & asked.case.grades.keys()) / len(asked.case.grades)


def support_recall(asked: Asked) -> float | None:
    """The share of sentences that are supported by the quotes of all their citations together.

    ALCE's citation recall (Gao et al. 2023, section 4) with the verdict of `bot.reading.check` in place of its
    entailment model, and the quotes that a reader sees in place of whole passages. Sentences that claim nothing are
    left out; one without a citation is not supported.
    """
    claims = [sentence for sentence in asked.answer.sentences if sentence.verdict != "none"]
    if not claims:
        return None
    return sum(_supports(one.text, _cited(asked.answer, one)) for one in claims) / len(claims)


def support_precision(asked: Asked) -> float | None:
    """The share of citations that their sentence needs.

    ALCE's citation precision, judged as in `support_recall`: a citation counts where its sentence is supported by
    all of its citations together, and by this one alone or not without it.
    """
    needed = []
    for sentence in asked.answer.sentences:
        cited = _cited(asked.answer, sentence)
        supported = _supports(sentence.text, cited)
        for place, quote in enumerate(cited):
            rest = cited[:place] + cited[place + 1 :]
            alone = supported and _supports(sentence.text, [quote])
            needed.append(supported and (alone or not _supports(sentence.text, rest)))
    return sum(needed) / len(needed) if needed else None


def _supports(text: str, cited: list[Passage]) -> bool:
    """Whether one of the quotes, or all of them read one after the other, carries a sentence."""
    if len(cited) > 1:
        joined = " ".join(quote.text for quote in cited)
        cited = [*cited, Passage(0, cited[0].document, 0, len(joined), joined)]
    return bool(cited) and RuleChecker().check(text, cited, ()).verdict in PASSED


def _cited(answer: Answer, sentence: Sentence) -> list[Passage]:
    """The quotes of a sentence's citations."""
    return [
        Passage(-one.number, one.document, one.quote.start, one.quote.end, one.quote.text)
        for one in answer.citations
        if one.number in sentence.citations
    ]


# -- gold strings --------------------------------------------------------------------------------


def exact_match(asked: Asked) -> float | None:
    """Whether the sentences are a gold answer, but for case, punctuation and articles (Rajpurkar et al. 2016)."""
    return words.exact(said(asked.answer), asked.case.answers) if asked.case.answers else None


def f1(asked: Asked) -> float | None:
    """The best F1 of the sentences' words against a gold answer's, each counted as often as it stands (same source)."""
    return words.word_f1(said(asked.answer), asked.case.answers) if asked.case.answers else None


def contains(asked: Asked) -> float | None:
    """Whether a gold answer stands in the sentences, word for word but for case, punctuation and articles."""
    return float(words.contains(said(asked.answer), asked.case.answers)) if asked.case.answers else None


RANKING = ("R@8", "Success@1", "Success@5", "RR", "nDCG@10")  # those that need no answer
CHECKS: Mapping[str, Check] = {
    "outcome": outcome,
    "facts": facts,
    "absent": absent,
    "shown": shown,
    "document": document,
    "quote_from": quote_from,
    "quotes": quotes,
    **{measure: ranking(measure) for measure in RANKING},
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "support_precision": support_precision,
    "support_recall": support_recall,
    "exact_match": exact_match,
    "f1": f1,
    "contains": contains,
}
# Those that a case must meet to have passed.
COUNTED = ("outcome", "facts", "absent", "document", "quote_from", "quotes")


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


def intruding(case: Case, text: str) -> list[str]:
    """The spellings of what must not be said that stand in a text."""
    there = plain(text)
    return [spelling for group in case.absent for spelling in group if holds(there, plain(spelling))]


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
