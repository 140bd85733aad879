"""The report as one HTML page: nothing is fetched and nothing runs; a case opens at a click, filters are plain CSS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from xml.etree.ElementTree import Element

from bot.conversation import Context
from evals.forms import HEADINGS, by_tag, chart, figures, heading, waits, warnings
from evals.forms.markup import Node, put, written
from evals.forms.markup import element as el
from evals.report import Report
from evals.row import Row, Shown

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SHOWN_SCORES = 3  # digits


def page(report: Report) -> str:
    """The run as an HTML document. Every text in it is cleaned, and escaped by the writer of the tree."""
    tags = report.tags
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{report.suite}: evals of Footnote"),
        el("style", _style(len(tags))),
    )
    body = el("body", el("h1", heading(report)))
    put(body, *(el("p", said, class_="warning") for said in warnings(report)))
    if report.skipped:
        put(body, el("p", f"SKIPPED: {report.skipped}"))
    else:
        put(body, _manifest(report), *_overview(report), *_cases(report, tags))
    return written(el("html", head, body, lang="en"))


def _style(tags: int) -> str:
    """The style sheet, and a rule for each filter: what is picked hides what is not of it."""
    sheet = resources.files("evals.forms").joinpath("page.css").read_text(encoding="utf-8")
    kinds = ["passed", "failed", *(f"t{number}" for number in range(tags))]
    return sheet + "".join(f"#{kind}:checked ~ .case:not(.{kind}) {{ display: none; }}\n" for kind in kinds)


def _manifest(report: Report) -> Node:
    """The facts of the run's manifest, in a line."""
    told = [key for key in ("run", "began", "ended", "embedder", "git") if report.manifest.get(key)]
    said = " · ".join(f"{key} {report.manifest[key]}" for key in told)
    return el("p", said, class_="faint") if said else None


def _overview(report: Report) -> Iterator[Element]:
    """Figures and charts."""
    name, tags = by_tag(report)
    yield el("h2", "Figures")
    yield el(
        "div",
        _table(HEADINGS, figures(report)),
        _table(("tag", name, *HEADINGS[2:]), tags) if tags else None,
        class_="side",
    )
    yield el("h2", "Confidence and time")
    dots = el(
        "figure",
        chart.spread(report.rows),
        el("figcaption", el("b", "Confidence of each case: "), "full dots passed, rings failed"),
    )
    stages = waits(report)
    times = _table(("milliseconds until", "median", "p95", "n"), stages) if stages else None
    yield el("div", chart.refusals(report), chart.waits(report), class_="side")
    yield el("div", dots, times, class_="side")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Element:
    head = el("tr", *(el("th", text) for text in headings))
    lines = [el("tr", *(el("td", cell) for cell in row)) for row in rows]
    return el("table", el("thead", head), el("tbody", *lines))


# -- cases ---------------------------------------------------------------------------------------


def _cases(report: Report, tags: Sequence[str]) -> Iterator[Element]:
    """The filters, and after them every attempt at every case, in the suite's order."""
    yield el("h2", "Cases")
    right = sum(row.passed for row in report.rows)
    picks = [("all", f"all {len(report.rows)}"), ("passed", f"passed {right}"),
             ("failed", f"failed {len(report.rows) - right}")]  # fmt: skip
    picks += [(f"t{number}", tag) for number, tag in enumerate(tags)]
    for kind, label in picks:
        yield el(
            "input", type="radio", name="pick", id=kind, class_="pick", checked="checked" if kind == "all" else None
        )
        yield el("label", label, for_=kind)
    places = {tag: number for number, tag in enumerate(tags)}
    several = len(report.rows) > report.n
    yield from (_case(row, places, several=several) for row in report.rows)


def _case(row: Row, places: dict[str, int], *, several: bool) -> Element:
    went = "passed" if row.passed else "failed"
    kinds = " ".join([went, *(f"t{places[tag]}" for tag in row.tags)])
    attempt = f" ({row.attempt})" if several else ""
    summary = el(
        "summary",
        el("span", went, class_="verdict"), f" {row.id}{attempt} ", el("b", row.question),
        el("span", row.why, class_="why") if row.why else None,
    )  # fmt: skip
    inside = el("div", *_asked_before(row), *_answer(row), *_quotes(row), _facts(row))
    return el("details", summary, inside, class_=f"case {kinds}")


def _asked_before(row: Row) -> Iterator[Element]:
    for question in row.turns:
        yield el("p", f"asked before: {question}", class_="faint")
    if row.standalone and row.standalone != row.question:
        yield el("p", f"looked up as: {row.standalone}", class_="faint")


def _answer(row: Row) -> Iterator[Element]:
    """The sentences with their numbers and, where one is not a quote, its verdict; else the words of a refusal."""
    if not row.sentences:
        yield el("p", row.answer, class_="answer")
        return
    said = el("p", class_="answer")
    for sentence in row.sentences:
        put(said, sentence.text)
        for number in sentence.citations:
            put(said, " ", el("span", f"[{number}]", class_="number"))
        if sentence.verdict in ("supported", "unsupported"):
            put(said, " ", el("span", f"({sentence.verdict})", class_="faint"))
        put(said, " ")
    yield said


def _quotes(row: Row) -> Iterator[Element]:
    """Each citation or closest passage: what article it is and its words, marked in the passage where that is shown."""
    passage = row.passage
    home = next((shown for shown in row.citations if passage and shown.number == passage.number), None)
    within = [shown for shown in row.citations if passage and home and _inside(shown, home, passage)]
    if passage and within:
        yield from map(_article, within)
        yield el("blockquote", *_marked(passage.text, passage.start, [(shown.start, shown.end) for shown in within]))
    for shown in row.citations:
        if shown not in within:
            yield _article(shown)
            yield el("blockquote", el("mark", shown.quote))
    for shown in row.closest:
        yield _article(shown)
        yield el("blockquote", shown.quote)


def _article(shown: Shown) -> Element:
    """The article in which a quote stands, in a line."""
    facts = [shown.title, shown.outlet or "no outlet", shown.published or "undated", shown.source]
    return el("p", el("span", f"[{shown.number}]", class_="number"), " ", " · ".join(facts), class_="faint")


def _inside(shown: Shown, home: Shown, passage: Context) -> bool:
    """Whether a quote stands in the passage that is shown."""
    same = (shown.document_id, shown.version) == (home.document_id, home.version)
    return same and passage.start <= shown.start and shown.end <= passage.end


def _marked(text: str, start: int, marks: Iterable[Sequence[int]]) -> list[Node]:
    """A passage that begins at `start` in its article, with spans of the article marked."""
    pieces: list[Node] = []
    at = 0
    for low, high in sorted((max(0, low - start), min(high - start, len(text))) for low, high in marks):
        if at <= low < high:
            pieces += [text[at:low], el("mark", text[low:high])]
            at = high
    return [*pieces, text[at:]]


def _facts(row: Row) -> Element:
    """Expectation and result, as a list of terms."""
    wanted = row.expected
    scores = [f"{name} {value:.{_SHOWN_SCORES}g}" for name, value in row.scores.items() if value is not None]
    told = {
        "expected": wanted.outcome,
        "facts": "; ".join(" or ".join(group) for group in wanted.facts),
        "never said": "; ".join(" or ".join(group) for group in wanted.absent),
        "documents": ", ".join(wanted.documents),
        "quotes from": ", ".join(wanted.quote_from),
        "came": f"{row.outcome}, confidence {row.confidence:.2f}, {row.model}".rstrip(", "),
        "scores": ", ".join(scores),
        "milliseconds": ", ".join(f"{name} {value:,.0f}" for name, value in row.timing_ms.items()),
        "tags": ", ".join(row.tags),
        "error": row.error or "",
    }
    found = el("dl")
    for term, text in told.items():
        if text:
            put(found, el("dt", term), el("dd", text))
    return found
