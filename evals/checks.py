"""The checks of an eval: pure functions that score what one case came to, 0.0 to 1.0, in the order of METRICS.

A new metric is a function here under `@check` (see `evals.scoring`) and a row in evals/README.md.
"""

from functools import partial

from bot.conversation import REFUSALS, Answer, Quote, Sentence
from bot.reading import Checker
from evals import gold
from evals.case import ANSWERS, NOT_SAID, REFUSED, UNDATED
from evals.gold import displayed, found, lacking, plain, quoted, said
from evals.scoring import CHECKS as CHECKS
from evals.scoring import PASSED, Asked, Texts, check
from store.passage import Passage

SILENCE = "The articles do not say"  # the beginning of an answer that is neither yes nor no
RANKING = ("R@8", "Success@1", "Success@5", "RR", "nDCG@10")
"""The checks that need no answer, each a measure of ir_measures by its name."""


@check(
    lambda asked: True,
    why=lambda asked: f"{asked.answer.outcome}, not {asked.case.outcome} (confidence {asked.answer.confidence:.2f})",
)
def outcome(asked: Asked) -> float:
    """Whether the answer ended as expected.

    "refused" is any refusal, "answered" any answer, "not_said" a refusal or an answer that begins with SILENCE, else it
    is that very one.
    """
    if asked.case.outcome == REFUSED:
        return float(asked.answer.outcome in REFUSALS)
    if asked.case.outcome == NOT_SAID:
        return float(asked.answer.outcome in REFUSALS or _begins(asked.answer, SILENCE))
    if asked.case.outcome == "answered":
        return float(asked.answer.outcome in ANSWERS)
    return float(asked.answer.outcome == asked.case.outcome)


def _unsaid(asked: Asked) -> str:
    """The facts that were not said, and whether a reader sees them all the same."""
    seen = " (but shown in the passage)" if not lacking(asked.case.facts, displayed(asked.answer)) else ""
    return f"not said: {', '.join(lacking(asked.case.facts, said(asked.answer)))}{seen}"


@check(lambda asked: bool(asked.case.facts), why=_unsaid)
def facts(asked: Asked) -> float:
    """Whether each fact stands, in one of its spellings, in the answer's sentences. A refusal has none."""
    return float(not lacking(asked.case.facts, said(asked.answer)))


@check(
    lambda asked: bool(asked.case.absent),
    why=lambda asked: f"says: {', '.join(found(asked.case.absent, said(asked.answer)))}",
)
def absent(asked: Asked) -> float:
    """Whether no spelling of what must not be said stands in the answer's sentences."""
    return float(not found(asked.case.absent, said(asked.answer)))


@check(
    lambda asked: bool(asked.case.leads),
    why=lambda asked: f"does not lead with: {', '.join(group[0] for group in asked.case.leads)}",
)
def leads(asked: Asked) -> float:
    """Whether each fact of `leads` stands in the first sentence with a footnote or in its first quote ("Yes. [1]")."""
    first = next((one for one in asked.answer.sentences if one.citations), Sentence("", (), "none"))
    quoted = (one.quote.text for one in asked.answer.citations if one.number in first.citations[:1])
    return float(not lacking(asked.case.leads, " ".join((first.text, *quoted))))


@check(lambda asked: bool(asked.case.begins), why=lambda asked: f"does not begin with: {asked.case.begins}")
def begins(asked: Asked) -> float:
    """Whether the answer's text begins with these words: "Yes", "No"."""
    return float(_begins(asked.answer, asked.case.begins))


def _begins(answer: Answer, words: str) -> bool:
    text, beginning = plain(answer.text), plain(words)
    return text.startswith(beginning) and not text[len(beginning) :][:1].isalnum()


@check(
    lambda asked: bool(asked.case.missing),
    why=lambda asked: f"does not name what is missing: {', '.join(group[0] for group in asked.case.missing)}",
)
def missing(asked: Asked) -> float:
    """Whether the bot's own words (a notice, a refusal, a sentence without quotes) name what the articles lack."""
    plainly = (sentence.text for sentence in asked.answer.sentences if not sentence.citations)
    return float(not lacking(asked.case.missing, " ".join((*plainly, asked.answer.words, *asked.answer.notices))))


@check(lambda asked: bool(asked.case.facts))
def shown(asked: Asked) -> float:
    """Like `facts`, but the passage shown under the sentences counts too: what a reader has before him."""
    return float(not lacking(asked.case.facts, displayed(asked.answer)))


@check(
    lambda asked: bool(asked.case.documents),
    why=lambda asked: f"cites {_sources(asked) or 'nothing'}, not {' or '.join(asked.case.documents)}",
)
def document(asked: Asked) -> float:
    """Whether at least one citation comes from one of the case's documents."""
    return float(any(citation.document.source in asked.case.documents for citation in asked.answer.citations))


@check(
    lambda asked: bool(asked.case.quote_from and asked.answer.citations),
    why=lambda asked: f"cites {_sources(asked)}, and may only cite {' or '.join(asked.case.quote_from)}",
)
def quote_from(asked: Asked) -> float:
    """Whether every citation comes from one of the documents that quotes must come from."""
    return float(all(citation.document.source in asked.case.quote_from for citation in asked.answer.citations))


def _sources(asked: Asked) -> str:
    return ", ".join(dict.fromkeys(citation.document.source for citation in asked.answer.citations))


@check(
    lambda asked: bool(asked.case.each),
    why=lambda asked: f"cites {_sources(asked) or 'nothing'}, not each of {', '.join(asked.case.each)} as it should",
)
def each(asked: Asked) -> float:
    """Whether every document of `each` is cited, or named as holding a cited quote; with `in_order`, in this order."""
    homes = [{home.source for home in (one.document, *one.also_in)} for one in asked.answer.citations]
    places = [next((at for at, home in enumerate(homes) if source in home), -1) for source in asked.case.each]
    return float(-1 not in places and (not asked.case.in_order or places == sorted(places)))


@check(
    lambda asked: bool(asked.case.copies and asked.answer.citations),
    why=lambda asked: f"cites {_sources(asked)}, and counts copies as several",
)
def copies(asked: Asked) -> float:
    """Whether of articles that are copies of one another no more than one is cited, and counted as one origin."""
    cited = [one for one in asked.answer.citations if one.document.source in asked.case.copies]
    return float(len({one.document.source for one in cited}) < 2 and all(one.origins == 1 for one in cited))


@check(lambda one: bool(one.case.dated and _day(one)), why=lambda one: f"cites what is dated {_day(one)}")
def dated(asked: Asked) -> float:
    """Whether the first citation from the case's documents bears this day of publication; posts bear their own."""
    return float(_day(asked) == asked.case.dated)


def _day(asked: Asked) -> str:
    cited = (one.document for one in asked.answer.citations)
    return next((one.published or UNDATED for one in cited if one.source in asked.case.documents), "")


@check(
    lambda asked: _dangling(asked.answer) or any(quoted(asked.answer)),
    why=lambda asked: "a quote does not stand in the record",
)
def quotes(asked: Asked) -> float:
    """Whether `version.text[start:end] == quote` for every citation, closest passage and passage shown.

    A sentence that names a number without a citation fails too.
    """
    stand = all(_stands(quote, asked.texts) for quote in quoted(asked.answer))
    return float(stand and not _dangling(asked.answer))


@check(
    lambda asked: bool(asked.case.unquoted and any(quoted(asked.answer))),
    why=lambda asked: f"quotes or shows: {', '.join(_page_words(asked))}",
)
def unquoted(asked: Asked) -> float:
    """Whether no spelling of `unquoted` stands in a quote, a closest passage or the passage shown."""
    return float(not _page_words(asked))


@check(lambda asked: asked.since is not None, why=lambda asked: f"asked again: {'; '.join(_untold(asked))}")
def again(asked: Asked) -> float:
    """Whether what is new, gone, changed or the same since the first asking is told so."""
    return float(not _untold(asked))


def _untold(asked: Asked) -> list[str]:
    case, since = asked.case, asked.since
    assert since is not None
    new, gone = {one.document.source for one in since.new}, {one.document.source for one, _ in since.gone}
    faults = {
        f"new is {sorted(new)}": case.new and not new & {*case.new},
        f"gone is {sorted(gone)}": {*case.gone} - gone,
        f"the values are {since.values}": lacking(case.value, str(since.values)),
        "it is told as changed": case.same and since.changed,
    }
    return [fault for fault, wrong in faults.items() if wrong]


def _page_words(asked: Asked) -> list[str]:
    return found(asked.case.unquoted, "\n".join(quote.text for quote in quoted(asked.answer)))


def _dangling(answer: Answer) -> bool:
    named = {number for sentence in answer.sentences for number in sentence.citations}
    return not named <= {citation.number for citation in answer.citations}


def _ranking(asked: Asked, measure: str) -> float:
    """A measure of ir_measures (MacAvaney et al. 2022) over the documents found, judged by the case's grades."""
    return gold.ranking((measure,), {"case": asked.case.grades}, {"case": ranked(asked.passages)})[measure]["case"]


for _measure in RANKING:
    check(lambda asked: bool(asked.case.grades), name=_measure)(partial(_ranking, measure=_measure))


def ranked(passages: tuple[Passage, ...]) -> list[str]:
    """The documents of passages, best first, each once: those that hold the same passage follow its own."""
    return list(dict.fromkeys(home.source for one in passages for home in (one.document, *one.also_in)))


@check(lambda asked: bool(asked.case.grades and asked.answer.citations))
def citation_precision(asked: Asked) -> float:
    """Of the citations, the share that comes from the case's documents."""
    right = [citation.document.source in asked.case.grades for citation in asked.answer.citations]
    return sum(right) / len(right)


@check(lambda asked: bool(asked.case.grades))
def citation_recall(asked: Asked) -> float:
    """Of the case's documents, the share that is cited, or named as holding a cited quote too.

    It is low without a fault where any one of several documents would have done.
    """
    homes = {home.source for citation in asked.answer.citations for home in (citation.document, *citation.also_in)}
    return len(homes & asked.case.grades.keys()) / len(asked.case.grades)


@check(lambda asked: any(_cited(asked.answer, sentence) for sentence in asked.answer.sentences))
def support_precision(asked: Asked) -> float:
    """The share of citations that their sentence needs.

    ALCE's citation precision, judged as in `support_recall`: a citation counts where its sentence is supported by
    all of its citations together, and by this one alone or not without it.
    """
    needed = []
    for sentence in asked.answer.sentences:
        cited = _cited(asked.answer, sentence)
        supported = _supports(asked.checker, sentence.text, cited)
        for place, quote in enumerate(cited):
            rest = cited[:place] + cited[place + 1 :]
            alone = supported and _supports(asked.checker, sentence.text, [quote])
            needed.append(supported and (alone or not _supports(asked.checker, sentence.text, rest)))
    return sum(needed) / len(needed)


@check(lambda asked: any(sentence.verdict != "none" for sentence in asked.answer.sentences))
def support_recall(asked: Asked) -> float:
    """The share of the sentences that claim something that are supported by the quotes of all their citations together.

    ALCE's citation recall (Gao et al. 2023, section 4) with the verdict of the bot's checker in place of its entailment
    model, and the quotes that a reader sees in place of whole passages. A sentence without a citation is not supported.
    """
    claims = [sentence for sentence in asked.answer.sentences if sentence.verdict != "none"]
    return sum(_supports(asked.checker, one.text, _cited(asked.answer, one)) for one in claims) / len(claims)


def _supports(checker: Checker, text: str, cited: list[Passage]) -> bool:
    """Whether one of the quotes, or all of them read one after the other, carries a sentence."""
    if len(cited) > 1:
        joined = " ".join(quote.text for quote in cited)
        cited = [*cited, Passage(0, cited[0].document, 0, len(joined), joined)]
    return bool(cited) and checker.check(text, cited, ()).verdict in ("quoted", "supported")


def _cited(answer: Answer, sentence: Sentence) -> list[Passage]:
    return [
        Passage(-one.number, one.document, one.quote.start, one.quote.end, one.quote.text)
        for one in answer.citations
        if one.number in sentence.citations
    ]


def _has_answers(asked: Asked) -> bool:
    return bool(asked.case.answers)


@check(_has_answers)
def exact_match(asked: Asked) -> float:
    """Whether the sentences are a gold answer, but for case, punctuation and articles (Rajpurkar et al. 2016)."""
    return gold.exact(said(asked.answer), asked.case.answers)


@check(_has_answers)
def f1(asked: Asked) -> float:
    """The best F1 of the sentences' words against a gold answer's, each counted as often as it stands (same source)."""
    return gold.word_f1(said(asked.answer), asked.case.answers)


@check(_has_answers)
def contains(asked: Asked) -> float:
    """Whether a gold answer stands in the sentences, word for word but for case, punctuation and articles."""
    return float(gold.contains(said(asked.answer), asked.case.answers))


def _stands(quote: Quote, texts: Texts) -> bool:
    text = texts(quote.document, quote.version)
    return text is not None and 0 <= quote.start < quote.end and text[quote.start : quote.end] == quote.text


METRICS = (*CHECKS, PASSED)
