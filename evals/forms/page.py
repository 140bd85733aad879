"""The report as one HTML page: nothing is fetched and nothing runs; a case opens at a click, filters are plain CSS."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from string import Template

from bot.show.html import Html, el
from evals.forms import HEADINGS, by_tag, figures, heading, waits, warnings
from evals.report import STAGES, Report, times
from evals.row import Row, Shown

_SHOWN_SCORES = 3  # digits
WIDE, HIGH = 460, 230  # of a chart, in the units of its viewBox
LEFT, RIGHT, TOP, BOTTOM = 34, 432, 12, 190  # of its plot
STEPS = 100  # points of a line
STAGE_NAMES = {"retrieve": "passages found", "first_token": "first word", "total": "whole answer"}
QUARTERS = {step / 4: f"{step / 4:.2f}" for step in range(5)}
Points = Sequence[tuple[float, float]]  # both 0..1 of the plot, y upwards
Node = str | None


def page(report: Report) -> str:
    """The run as an HTML document. Every text in it is cleaned and escaped by `el`."""
    parts = [el("p", f"SKIPPED: {report.skipped}")] if report.skipped else [*_overview(report), *_cases(report)]
    warned = [el("p", said, class_="warning") for said in warnings(report)]
    body = el("body", el("h1", heading(report)), *warned, *parts)
    title = el("title", f"{report.suite}: evals of Footnote")
    return Template(_file("page.html")).substitute(title=title, style=_style(len(report.tags)), body=body)


def _style(tags: int) -> Html:
    """The style sheet, and a rule for each filter: what is picked hides what is not of it."""
    kinds = ["passed", "failed", *(f"t{number}" for number in range(tags))]
    rules = "".join(f"#{kind}:checked ~ .case:not(.{kind}) {{ display: none; }}\n" for kind in kinds)
    return el("style", Html(_file("page.css") + rules))


def _file(name: str) -> str:
    return resources.files("evals.forms").joinpath(name).read_text(encoding="utf-8")


def _overview(report: Report) -> Iterator[Html]:
    """The facts of the run's manifest in a line, figures and charts."""
    keys = [key for key in ("run", "began", "ended", "embedder", "git") if report.manifest.get(key)]
    if keys:
        yield el("p", " · ".join(f"{key} {report.manifest[key]}" for key in keys), class_="faint")
    name, tags = by_tag(report)
    yield el("h2", "Figures")
    yield el("div", _table(HEADINGS, figures(report)), _table(("tag", name, *HEADINGS[2:]), tags), class_="side")
    yield el("h2", "Confidence and time")
    yield el("div", _refusals(report), _waits(report), class_="side")
    caption = el("figcaption", el("b", "Confidence of each case: "), "full dots passed, rings failed")
    stages = _table(("milliseconds until", "median", "p95", "n"), waits(report))
    yield el("div", el("figure", _spread(report.rows), caption), stages, class_="side")


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Node:
    """A table; None without a row."""
    head = el("tr", *(el("th", text) for text in headings))
    lines = [el("tr", *(el("td", cell) for cell in row)) for row in rows]
    return el("table", el("thead", head), el("tbody", *lines)) if rows else None


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
    within = [
        shown for shown in row.citations
        if passage and home and (shown.document_id, shown.version) == (home.document_id, home.version)
        and passage.start <= shown.start and shown.end <= passage.end
    ]  # fmt: skip
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


def _refusals(report: Report) -> Html | None:
    """Precision and recall of refusing, and false refusals, over the cut of confidence; None without both kinds."""
    rows = [row for row in report.rows if not row.error]
    due = [row.confidence for row in rows if not row.answerable]
    answerable = [row.confidence for row in rows if row.answerable]
    if not due or not answerable:
        return None
    refused = [
        (cut, sum(value < cut for value in due), sum(value < cut for value in answerable))
        for cut in (step / STEPS for step in range(STEPS + 1))
    ]
    lines = {
        "refusal precision": [(cut, right / (right + wrong)) for cut, right, wrong in refused if right + wrong],
        "refusal recall": [(cut, right / len(due)) for cut, right, _ in refused],
        "false refusals": [(cut, wrong / len(answerable)) for cut, _, wrong in refused],
    }
    settings = report.manifest.get("settings")
    cuts = {name: settings.get(name) for name in ("refuse_below", "answer_at")} if isinstance(settings, Mapping) else {}
    marks = {name: float(cut) for name, cut in cuts.items() if isinstance(cut, int | float) and 0 <= cut <= 1}
    title = "Refusing, were confidence under the cut alone to decide"
    return _chart(title, "cut of confidence", lines, QUARTERS, marks)


def _waits(report: Report) -> Html | None:
    """The share of answers that had come after so many milliseconds, on a scale of powers of ten."""
    logs = {stage: sorted(math.log10(max(value, 0.1)) for value in times(report, stage)) for stage in STAGES}
    values = [value for of_stage in logs.values() for value in of_stage]
    if not values:
        return None
    low, high = math.floor(min(values)), math.ceil(max(values))
    span = max(1, high - low)
    lines = {}
    for stage, of_stage in logs.items():
        if of_stage:
            places = [round(step * (len(of_stage) - 1) / STEPS) for step in range(STEPS + 1)]
            points = [((of_stage[place] - low) / span, (place + 1) / len(of_stage)) for place in places]
            lines[STAGE_NAMES[stage]] = points
    ticks = {step / span: f"{10 ** (low + step):,g} ms" for step in range(span + 1)}
    return _chart("Share of answers that had come", "time since the question", lines, ticks, {})


def _spread(rows: Sequence[Row]) -> Html:
    """Each case's confidence as a dot: above those that the corpus answers, below those that it does not."""
    drawn = [el("text", "answerable", x=0, y=26), el("text", "to be refused", x=0, y=56)]
    for row in rows:
        if not row.error:
            kind = "dot right" if row.passed else "dot wrong"
            drawn.append(el("circle", cx=_dot(row.confidence), cy=22 if row.answerable else 52, r=4, class_=kind))
    drawn += [el("text", label, x=_dot(place), y=84, text_anchor="middle") for place, label in QUARTERS.items()]
    return el("svg", *drawn, viewBox=f"0 0 {WIDE} 92", role="img", aria_label="Confidence of each case")


def _chart(
    title: str, below: str, lines: Mapping[str, Points], ticks: Mapping[float, str], marks: Mapping[str, float]
) -> Html:
    """Lines over one scale from 0 to 1, with dashed marks across it and a legend under it."""
    drawn, legend = [el("title", title)], [el("b", title), " "]
    for share in (0.0, 0.5, 1.0):
        drawn.append(el("line", x1=LEFT, x2=RIGHT, y1=_y(share), y2=_y(share), class_="grid"))
        drawn.append(el("text", f"{share:.1f}", x=LEFT - 8, y=_y(share) + 4, text_anchor="end"))
    drawn += [el("text", label, x=_x(place), y=BOTTOM + 18, text_anchor="middle") for place, label in ticks.items()]
    drawn.append(el("text", below, x=(LEFT + RIGHT) / 2, y=HIGH - 4, text_anchor="middle"))
    drawn += [el("line", x1=_x(cut), x2=_x(cut), y1=TOP, y2=BOTTOM, class_="cut") for cut in marks.values()]
    for number, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{'L' if at else 'M'}{_x(x)} {_y(y)}" for at, (x, y) in enumerate(points))
        drawn.append(el("path", d=path, class_=f"line l{number}"))
        legend.append(el("span", name, class_=f"key k{number}"))
    if marks:
        legend.append(el("span", f"; dashed: {', '.join(f'{name} {cut:g}' for name, cut in marks.items())}"))
    svg = el("svg", *drawn, viewBox=f"0 0 {WIDE} {HIGH}", role="img", aria_label=title)
    return el("figure", svg, el("figcaption", *legend))


def _dot(confidence: float) -> str:
    return f"{92 + 340 * confidence:.1f}"


def _x(place: float) -> str:
    return f"{LEFT + (RIGHT - LEFT) * place:.1f}"


def _y(place: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * place, 1)
