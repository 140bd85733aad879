"""The report as one HTML page: nothing is fetched and nothing runs; a case opens at a click, filters are plain CSS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

from bot.conversation import Context
from evals.forms import HEADINGS, by_tag, chart, figures, heading, waits, warnings
from evals.forms.markup import Html, Node
from evals.forms.markup import element as el
from evals.report import Report
from evals.row import Row, Shown

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SHOWN_SCORES = 3  # digits


def page(report: Report) -> str:
    """The run as an HTML document. Every text in it is cleaned and escaped by `element`."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{report.suite}: evals of Footnote"),
        el("style", _style(len(report.tags))),
    )
    parts = [el("p", f"SKIPPED: {report.skipped}")] if report.skipped else [*_overview(report), *_cases(report)]
    warned = [el("p", said, class_="warning") for said in warnings(report)]
    body = el("body", el("h1", heading(report)), *warned, *parts)
    return f"<!DOCTYPE html>\n{el('html', head, body, lang='en')}\n"


def _style(tags: int) -> Html:
    """The style sheet, and a rule for each filter: what is picked hides what is not of it."""
    sheet = resources.files("evals.forms").joinpath("page.css").read_text(encoding="utf-8")
    kinds = ["passed", "failed", *(f"t{number}" for number in range(tags))]
    return Html(sheet + "".join(f"#{kind}:checked ~ .case:not(.{kind}) {{ display: none; }}\n" for kind in kinds))


def _overview(report: Report) -> Iterator[Html]:
    """The facts of the run's manifest in a line, figures and charts."""
    keys = [key for key in ("run", "began", "ended", "embedder", "git") if report.manifest.get(key)]
    if keys:
        yield el("p", " · ".join(f"{key} {report.manifest[key]}" for key in keys), class_="faint")
    name, tags = by_tag(report)
    yield el("h2", "Figures")
    yield el("div", _table(HEADINGS, figures(report)), _table(("tag", name, *HEADINGS[2:]), tags), class_="side")
    yield el("h2", "Confidence and time")
    yield el("div", chart.refusals(report), chart.waits(report), class_="side")
    caption = el("figcaption", el("b", "Confidence of each case: "), "full dots passed, rings failed")
    times = _table(("milliseconds until", "median", "p95", "n"), waits(report))
    yield el("div", el("figure", chart.spread(report.rows), caption), times, class_="side")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Node:
    """A table; None without a row."""
    head = el("tr", *(el("th", text) for text in headings))
    lines = [el("tr", *(el("td", cell) for cell in row)) for row in rows]
    return el("table", el("thead", head), el("tbody", *lines)) if rows else None


# -- cases ---------------------------------------------------------------------------------------


def _cases(report: Report) -> Iterator[Html]:
    """The filters, and after them every attempt at every case, in the suite's order."""
    yield el("h2", "Cases")
    total, right = len(report.rows), sum(row.passed for row in report.rows)
    kinds = {tag: f"t{number}" for number, tag in enumerate(report.tags)}
    labels = {"all": f"all {total}", "passed": f"passed {right}", "failed": f"failed {total - right}"}
    for kind, label in {**labels, **{kind: tag for tag, kind in kinds.items()}}.items():
        checked = "checked" if kind == "all" else None
        yield el("input", type="radio", name="pick", id=kind, class_="pick", checked=checked)
        yield el("label", label, for_=kind)
    for row in report.rows:
        went = "passed" if row.passed else "failed"
        attempt = f" ({row.attempt})" if total > report.n else ""
        summary = el(
            "summary", el("span", went, class_="verdict"), f" {row.id}{attempt} ", el("b", row.question),
            el("span", row.why, class_="why") if row.why else None,
        )  # fmt: skip
        inside = el("div", *_answer(row), *_quotes(row), _facts(row))
        yield el("details", summary, inside, class_=" ".join(["case", went, *(kinds[tag] for tag in row.tags)]))


def _answer(row: Row) -> Iterator[Html]:
    """The earlier questions, and the sentences with their numbers and verdicts; else the words of a refusal."""
    for question in row.turns:
        yield el("p", f"asked before: {question}", class_="faint")
    if row.standalone and row.standalone != row.question:
        yield el("p", f"looked up as: {row.standalone}", class_="faint")
    parts: list[Node] = []
    for sentence in row.sentences:
        numbers = [el("span", f"[{number}]", class_="number") for number in sentence.citations]
        if sentence.verdict in ("supported", "unsupported"):
            numbers.append(el("span", f"({sentence.verdict})", class_="faint"))
        parts += [sentence.text, *(part for number in numbers for part in (" ", number)), " "]
    yield el("p", *(parts or [row.answer]), class_="answer")


def _quotes(row: Row) -> Iterator[Html]:
    """Each citation or closest passage: what article it is and its words, marked in the passage where that is shown."""
    passage = row.passage
    home = next((shown for shown in row.citations if passage and shown.number == passage.number), None)
    within = [shown for shown in row.citations if passage and home and _inside(shown, home, passage)]
    if passage and within:
        yield from map(_article, within)
        yield el("blockquote", *_marked(passage.text, passage.start, [(shown.start, shown.end) for shown in within]))
    for shown in (*row.citations, *row.closest):
        if shown not in within:
            yield _article(shown)
            yield el("blockquote", el("mark", shown.quote) if shown in row.citations else shown.quote)


def _article(shown: Shown) -> Html:
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


def _facts(row: Row) -> Html:
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
    return el("dl", *(part for term, text in told.items() if text for part in (el("dt", term), el("dd", text))))
