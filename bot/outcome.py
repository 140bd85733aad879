"""Whether the corpus answers a question: confidence from what retrieval found, and the outcome by two cuts."""

import difflib
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import prompts
from bot.conversation import Outcome, Quote, Sentence
from bot.reading import PASSED, Reader, Reading, Versions
from bot.reading.alignment import versions
from bot.settings import Settings
from store.outlets import comparable
from store.passage import Coverage, Filters, Passage, Query

WEIGHTS = {
    "coverage": 2.180,
    "lacking": 0.030,
    "answer": 0.328,
    "alone": 0.250,
    "support": -0.218,
    "likeness": 0.238,
    "said": 0.659,
    "age": -0.328,
}
AGREEMENT, BIAS = 3.094, -2.388
"""A logistic model over the evidence of a reading and of its search, fitted by `python -m evals.fit.confidence`."""
COURSE = 0.9
"""The confidence of a course of events: it is told from articles that hold its topic alone."""
UNSAID = -0.58
"""Added where no passage has the facts of what is asked to be so: .23, the threshold of an answer, wants .35 before."""
EACH = 0.5
"""Added where each of several things that are asked of has a sentence of its own."""
DEFINED = 1.0
"""Added where the best sentence surely says who or what is asked about: such a question has few words to be covered."""
UNKNOWN = -1.5
"""Added where the question has a name of several words whose last no article holds: an answer would be of others."""
SAID = 0.5
"""Added where a sentence says yes or no to what is asked to be so."""
TIMELY = 0.9
"""Added where the best sentence's article is of the time that the question tells from the as-of day, and taken away
where it is of another: its "Thursday" is not the one asked for."""


def confidence(reading: Reading) -> float:
    """How likely the corpus answers the question (0..1, by the order it gives, not calibrated per corpus)."""
    if not reading.found.passages:
        return 0.0
    if reading.moments:
        return COURSE
    evidence = sum(weight * float(getattr(reading, name)) for name, weight in WEIGHTS.items())
    added = UNSAID * (reading.stand == "unsaid") + SAID * (reading.stand in ("yes", "no")) + TIMELY * reading.timely
    added += DEFINED * reading.defined + UNKNOWN * any(" " in name for name in reading.unknown)
    added += EACH * (bool(reading.told) and not reading.closing)
    return 1 / (1 + math.exp(-(evidence + AGREEMENT * reading.found.agreement + added + BIAS)))


def judged(confidence: float, settings: Settings) -> Outcome:
    """The outcome that a confidence stands for."""
    if confidence >= settings.answer_at:
        return "answered"
    return "unsure" if confidence >= settings.refuse_below else "not_in_corpus"


def of_sentences(sentences: Sequence[Sentence], *, conflicting: bool = False, partly: bool = False) -> Outcome:
    """The outcome of what a writer wrote, by its sentences' verdicts; those that claim nothing count nowhere.

    `conflicting`: they tell values of which neither supersedes the other; `partly`: a part of what is asked is missing.
    """
    verdicts = {sentence.verdict for sentence in sentences}
    if PASSED & verdicts:
        if conflicting:
            return "conflicting"
        return "partly" if partly or "unsupported" in verdicts else "answered"
    return "unsure" if "unsupported" in verdicts or not sentences else "not_in_corpus"


def given(query: Query, quotes: Sequence[Quote], reading: Reading, reader: Reader) -> Reading:
    """The reading with the values that the quotes of a model's answer give before those of other sentences.

    A model is given passages that the reader passes over: one that it quotes is read now.
    """
    rows = list(reading.sentences)
    known = {row.passage.id for row in rows}
    unread = [one for one in reading.found.passages if one.id not in known and any(_holds(one, q) for q in quotes)]
    if unread:
        alike = tuple(replace(passage, score=1.0) for passage in unread)
        rows += reader.read_sentences(query, replace(reading.found, passages=alike)).sentences
    told = []
    for quote in quotes:
        inside = (row for row in rows if row.answer and _holds(row.passage, quote))
        inside = (row for row in inside if row.answer and quote.start <= row.answer[0] and row.answer[1] <= quote.end)
        told += [replace(row, start=quote.start, end=quote.end, text=quote.text) for row in islice(inside, 1)]
    return replace(reading, versions=versions(query, [*told, *rows]))


def _holds(passage: Passage, quote: Quote) -> bool:
    return passage.document.id == quote.document and passage.start <= quote.start and quote.end <= passage.end


def unsaid(told: Versions, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """A notice of each value that an answer keeps silent about, which quotes another value of the same."""
    said = {(quote.document, quote.start) for quote in quotes}
    silent = [row for row in told.rows if (row.passage.document.id, row.start) not in said]
    if len(silent) == len(told.rows):
        return ()
    articles = [(row.answering, row.passage.document) for row in silent]
    return tuple(
        f"{one.outlet or one.source} ({one.published or 'undated'}) gives another value: {words}"
        for words, one in articles
    )


def outside(
    filters: Filters, whole: Coverage, without_dates: Coverage, inside: Coverage, *, greets: bool = False
) -> str:
    """The reason in words why a question lies outside the corpus, or nothing.

    `whole` covers the corpus, `without_dates` the articles that pass every filter but the dates, `inside` all filters.
    Never claimed by date while undated articles exist: one of them may be of that time. One that only `greets` is told
    what can be asked.
    """
    if greets:
        return prompts.load("greeting").fill(searched=described(inside))
    known = [name for name, _ in whole.outlets]
    lacking = unknown_outlets(filters, known)
    if lacking and len(lacking) == len(filters.outlets):
        near = ", ".join(nearest(lacking[0], known)) or "none"
        return prompts.load("outside_outlet").fill(outlet=" or ".join(lacking), nearest=near, searched=described(whole))
    dated = (filters.since or filters.until) and without_dates.documents and not without_dates.undated
    if dated and not inside.documents:
        return prompts.load("outside_dates").fill(window=window(filters), searched=described(whole))
    return ""


def unknown_outlets(filters: Filters, known: list[str]) -> list[str]:
    """The outlets asked for that are none of the known ones."""
    return [name for name in filters.outlets if comparable(name) not in map(comparable, known)]


def nearest(name: str, known: list[str]) -> list[str]:
    """Up to three outlets whose names are like the one asked for; the most frequent ones where none is."""
    lower = {outlet.lower(): outlet for outlet in known}
    near = [lower[key] for key in lower if name.lower() in key or key in name.lower()]
    near += [lower[key] for key in difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.5)]
    return list(dict.fromkeys(near))[:3] or known[:3]


def window(filters: Filters) -> str:
    """A date filter in words."""
    if filters.since and filters.until:
        return f"from {filters.since} to {filters.until}"
    return f"since {filters.since}" if filters.since else f"until {filters.until}"


def described(coverage: Coverage) -> str:
    """A corpus's coverage in words: "3 articles (3 undated; CNN, TRTWorld)"."""
    facts = []
    if coverage.first and coverage.last:
        facts.append(coverage.first if coverage.first == coverage.last else f"{coverage.first} to {coverage.last}")
    if coverage.undated:
        facts.append(f"{coverage.undated} undated")
    parts = [", ".join(facts)] if facts else []
    if coverage.outlets:
        names = [name for name, _ in coverage.outlets[:4]]
        more = len(coverage.outlets) - len(names)
        parts.append(", ".join(names) + (f" and {more} more" if more else ""))
    count = f"{coverage.documents:,} article{'' if coverage.documents == 1 else 's'}"
    return f"{count} ({'; '.join(parts)})" if parts else count


def refusal(outcome: Outcome, coverage: Coverage, unknown: Sequence[str] = ()) -> str:
    """The text in place of an answer; `coverage` is of what passes the filters, `unknown` the names in no article."""
    if not coverage.documents:
        return prompts.load("no_article").fill()
    searched = described(coverage) + (f"; none names {' or '.join(unknown)}" if unknown else "")
    return prompts.load("unsure" if outcome == "unsure" else "not_in_corpus").fill(searched=searched)
