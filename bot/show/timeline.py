"""A course of events as it is told: its steps in order of time, as lines, as CSV, and as a page of its own."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from string import Template

from bot.conversation import Answer, Citation, Moment
from bot.show.clean import clean, one_line
from bot.show.page import day, limits
from store.passage import Document, is_day

UNKNOWN = "order unknown"
GAP = 31  # least days between two events that are told as a gap
_FORMULA = re.compile(r"^[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would take for a formula."""
COLUMNS = "first last dated_by to_come sentence outlet title published url source document_id version start end".split()


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a course: when, what, and from which article; `gap` says how long nothing is told before it."""

    moment: Moment
    text: str
    citation: Citation
    gap: str = ""

    @property
    def when(self) -> str:
        return span(self.moment)

    @property
    def origin(self) -> str:
        """The outlet of the article and what a reader should know of the time: "Harbour Times · said to come"."""
        document = self.citation.document
        outlet = document.outlet or document.source
        dated = f"{'day' if is_day(document.published) else 'month'} of publication"
        dated = "" if self.moment.told or not self.moment.first else dated
        return " · ".join(filter(None, (one_line(outlet), dated, "told ahead" if self.moment.ahead else "")))


def steps(answer: Answer) -> list[Step]:
    """The events of an answer in order of time, those of no time last; of a model's answer its footnotes' quotes."""
    cited = {citation.number: citation for citation in answer.citations}
    told = [Step(moment, cited[moment.number].quote.text, cited[moment.number]) for moment in answer.course]
    told.sort(key=lambda step: (step.moment.first is None, step.moment.first or "", step.moment.last or ""))
    every, latest = list[Step](), None
    for step in told:
        first = date.fromisoformat(step.moment.first) if step.moment.first else None
        gap = _gap((first - latest).days) if first and latest else ""
        every.append(Step(step.moment, step.text, step.citation, gap))
        if step.moment.last:
            latest = max(latest or date.min, date.fromisoformat(step.moment.last))
    return every


def _gap(days: int) -> str:
    """That nothing is told for a time; nothing for a short one."""
    if days < GAP:
        return ""
    months = round(days / 30.44)
    count, unit = (months, "month") if months < 24 else (days // 365, "year")
    return f"nothing told for {count} {unit}{'' if count == 1 else 's'}"


def span(moment: Moment) -> str:
    """When an event took place: "14 Mar 2024", "Mar 2024", "28 Feb – 5 Mar 2024"; or that its order is unknown."""
    if not (moment.first and moment.last):
        return UNKNOWN
    first, last = date.fromisoformat(moment.first), date.fromisoformat(moment.last)
    if first == last:
        return day(moment.first)
    after = last + timedelta(days=1)
    if first.day == after.day == 1:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%b %Y}"
        if first.month == after.month == 1:
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if first.year != last.year:
        return f"{day(moment.first)} – {day(moment.last)}"
    return f"{first.day}{f' {first:%b}' if first.month != last.month else ''}–{day(moment.last)}"


def as_csv(answer: Answer) -> str:
    """The steps as CSV with a heading line; a cell that a spreadsheet would run gets an apostrophe before it."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for step in steps(answer):
        moment, quote, document = step.moment, step.citation.quote, step.citation.document
        by = ("sentence" if moment.told else "publication") if moment.first else ""
        row = (
            moment.first, moment.last, by, "yes" if moment.ahead else "no", clean(quote.text), document.outlet,
            document.title, document.published, document.url, document.source, document.id, quote.version,
            quote.start, quote.end,
        )  # fmt: skip
        writer.writerow([_FORMULA.sub(lambda sign: f"'{sign[0]}", "" if cell is None else str(cell)) for cell in row])
    return written.getvalue()


def as_html(answer: Answer, topic: str) -> str:
    """The steps as one page that needs no script, no other file and no network."""
    page = Template(Path(__file__).with_name("timeline.html").read_text(encoding="utf-8"))
    told = steps(answer)
    searched = answer.coverage
    about = [f"{searched.documents:,} articles searched", limits(answer.filters), *answer.notices]
    return page.substitute(
        title=_text(f"Timeline: {topic}"),
        about=_text(" · ".join(filter(None, about))),
        rows="\n".join(_rows(told)),
    )


def _rows(told: Sequence[Step]) -> Iterator[str]:
    for step in told:
        if step.gap:
            yield f'<li class="gap">{_text(step.gap)}</li>'
        kind = "unknown" if step.when == UNKNOWN else "event"
        yield (
            f'<li class="{kind}"><time>{_text(step.when)}</time><blockquote>{_text(step.text)}</blockquote>'
            f"<cite>{_source(step.citation.document)} · {_text(step.origin)}</cite></li>"
        )


def _source(document: Document) -> str:
    """The title of an article, a link where its address is one of the web."""
    title = _text(document.title or document.source)
    if re.fullmatch(r"https?://[^\s<>\"']+", document.url or ""):
        return f'<a href="{escape(document.url or "")}" rel="noopener noreferrer">{title}</a>'
    return title


def _text(words: str) -> str:
    """Text of an article or a question as a page shows it."""
    return escape(one_line(words))
