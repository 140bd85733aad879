"""Small charts as SVG: what refusing at other cuts of confidence would give, and how long answers took."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from evals.forms.markup import element as el
from evals.report import STAGES, Report, times
from evals.row import Row

WIDE, HIGH = 460, 230
LEFT, RIGHT, TOP, BOTTOM = 34, 432, 12, 190  # of the plot, in the units of the viewBox
STEPS = 100  # points of a line
STAGE_NAMES = {"retrieve": "passages found", "first_token": "first word", "total": "whole answer"}

Points = Sequence[tuple[float, float]]  # both 0..1 of the plot, y upwards


def refusals(report: Report) -> Element | None:
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
    ticks = {step / 4: f"{step / 4:.2f}" for step in range(5)}
    cuts = {name: _cut(report, name) for name in ("refuse_below", "answer_at")}
    marks = {name: value for name, value in cuts.items() if value is not None}
    return _chart("Refusing, were confidence under the cut alone to decide", "cut of confidence", lines, ticks, marks)


def _cut(report: Report, name: str) -> float | None:
    settings = report.manifest.get("settings")
    value = settings.get(name) if isinstance(settings, Mapping) else None
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def waits(report: Report) -> Element | None:
    """The share of answers that had come after so many milliseconds, on a scale of powers of ten."""
    held = {stage: sorted(times(report, stage)) for stage in STAGES}
    values = [max(value, 0.1) for stage in held.values() for value in stage]
    if not values:
        return None
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    span = max(1, high - low)
    lines = {}
    for stage, sorted_ in held.items():
        if sorted_:
            places = [round(step * (len(sorted_) - 1) / STEPS) for step in range(STEPS + 1)]
            lines[STAGE_NAMES[stage]] = [
                ((math.log10(max(sorted_[place], 0.1)) - low) / span, (place + 1) / len(sorted_)) for place in places
            ]
    ticks = {step / span: f"{10 ** (low + step):,g} ms" for step in range(span + 1)}
    return _chart("Share of answers that had come", "time since the question", lines, ticks, {})


def spread(rows: Sequence[Row]) -> Element:
    """Each case's confidence as a dot: above those that the corpus answers, below those that it does not."""
    svg = el("svg", viewBox=f"0 0 {WIDE} 92", role="img", aria_label="Confidence of each case")
    for at, (answerable, name) in enumerate(((True, "answerable"), (False, "to be refused"))):
        y = 22 + 30 * at
        svg.append(el("text", name, x=0, y=y + 4))
        for row in rows:
            if row.answerable is answerable and not row.error:
                kind = "dot right" if row.passed else "dot wrong"
                svg.append(el("circle", cx=_dot(row.confidence), cy=y, r=4, class_=kind))
    for step in range(5):
        svg.append(el("text", f"{step / 4:.2f}", x=_dot(step / 4), y=84, text_anchor="middle"))
    return svg


def _chart(
    title: str, below: str, lines: Mapping[str, Points], ticks: Mapping[float, str], marks: Mapping[str, float]
) -> Element:
    """Lines over one scale from 0 to 1, with dashed marks across it and a legend under it."""
    svg = el("svg", el("title", title), viewBox=f"0 0 {WIDE} {HIGH}", role="img", aria_label=title)
    for share in (0.0, 0.5, 1.0):
        svg.append(el("line", x1=LEFT, x2=RIGHT, y1=_y(share), y2=_y(share), class_="grid"))
        svg.append(el("text", f"{share:.1f}", x=LEFT - 8, y=_y(share) + 4, text_anchor="end"))
    for place, label in ticks.items():
        svg.append(el("text", label, x=_x(place), y=BOTTOM + 18, text_anchor="middle"))
    svg.append(el("text", below, x=(LEFT + RIGHT) / 2, y=HIGH - 4, text_anchor="middle"))
    for place in marks.values():
        svg.append(el("line", x1=_x(place), x2=_x(place), y1=TOP, y2=BOTTOM, class_="cut"))
    legend = el("figcaption", el("b", title), " ")
    for number, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{'L' if at else 'M'}{_x(x)} {_y(y)}" for at, (x, y) in enumerate(points))
        svg.append(el("path", d=path, class_=f"line l{number}"))
        legend.append(el("span", name, class_=f"key k{number}"))
    if marks:
        legend.append(el("span", f"; dashed: {', '.join(f'{name} {cut:g}' for name, cut in marks.items())}"))
    return el("figure", svg, legend)


def _dot(confidence: float) -> str:
    return _short(92 + 340 * confidence)


def _x(place: float) -> str:
    return _short(LEFT + (RIGHT - LEFT) * place)


def _y(place: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * place, 1)


def _short(value: float) -> str:
    return f"{value:.1f}"
