"""Small charts as SVG: what refusing at other cuts of confidence would give, and how long answers took."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evals.forms.markup import Html
from evals.forms.markup import element as el
from evals.report import STAGES, Report, times
from evals.row import Row

WIDE, HIGH = 460, 230
LEFT, RIGHT, TOP, BOTTOM = 34, 432, 12, 190  # of the plot, in the units of the viewBox
STEPS = 100  # points of a line
STAGE_NAMES = {"retrieve": "passages found", "first_token": "first word", "total": "whole answer"}
QUARTERS = {step / 4: f"{step / 4:.2f}" for step in range(5)}

Points = Sequence[tuple[float, float]]  # both 0..1 of the plot, y upwards


def refusals(report: Report) -> Html | None:
    """Precision and recall of refusing, and false refusals, over the cut of confidence; None without both kinds."""
    rows = [row for row in report.rows if not row.error]
    due = [row.confidence for row in rows if not row.answerable]
    answerable = [row.confidence for row in rows if row.answerable]
    if not due or not answerable:
        return None
    lines: dict[str, list[tuple[float, float]]] = {"refusal precision": [], "refusal recall": [], "false refusals": []}
    for step in range(STEPS + 1):
        cut = step / STEPS
        right, wrong = (sum(value < cut for value in values) for values in (due, answerable))
        if right + wrong:
            lines["refusal precision"].append((cut, right / (right + wrong)))
        lines["refusal recall"].append((cut, right / len(due)))
        lines["false refusals"].append((cut, wrong / len(answerable)))
    settings = report.manifest.get("settings")
    cuts = {name: settings.get(name) for name in ("refuse_below", "answer_at")} if isinstance(settings, Mapping) else {}
    marks = {name: float(cut) for name, cut in cuts.items() if isinstance(cut, int | float) and 0 <= cut <= 1}
    title = "Refusing, were confidence under the cut alone to decide"
    return _chart(title, "cut of confidence", lines, QUARTERS, marks)


def waits(report: Report) -> Html | None:
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


def spread(rows: Sequence[Row]) -> Html:
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
