"""Statements: what a text without metadata plainly says of itself, such as "By …" and "Published 3 April 2016".

A day without such words counts where it stands alone in a line over the story, or leads the story as its dateline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from store.formats.article import Article
from store.formats.days import day, day_or_month, in_english, path_day, path_month
from store.formats.people import LINE, PICTURE, byline, parts

SHORT = 60  # most characters of a sentence that can stand over a story
HEAD = 8  # paragraphs at the top in which a statement is looked for

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]{0,2}\s)?"
_DAY = (
    rf"(?i:{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th|\.)?[ -](?:of )?{_MONTH},?[ -]\d{{4}}|{_WEEKDAY}{_MONTH} \d{{1,2}}"
    r"(?:st|nd|rd|th)?,? \d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)"
)
_CLOCK = r"\d{1,2}[:.]\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d\d:?\d\d| [A-Z]{2,4})?"
_STATED = re.compile(
    r"(?:^|[|·•;.–—(-] ?|, (?=[A-Z]|[^,.]*$))"
    r"(?i:(?:(?:this|the) (?:article|story|post|report|piece) (?:was|has been) )?"
    r"(?:originally )?(?P<what>(?:first )?published|(?:publication|release) date|"
    r"posted|(?:last )?updated|modified)(?: on| at)?):?\s{1,3}"
    rf"(?:{_CLOCK},? (?:on )?)?(?P<day>{_DAY}|(?i:{_MONTH}),? \d{{4}}\b)"
    rf"(?=\s*(?:(?:\d{{1,4}})?$|[|·•;.)(–—/-]|,? ?(?:at )?{_CLOCK}|,? [Bb]y [A-Z]"
    r"|,? (?i:at|last|updated|modified)\b|[A-Z]{3}\b))"
)
"""A line, or a part of it, that says when its article came out; no sentence that tells of a book or a study."""
_PLACE = r"[A-ZÀ-Þ][\w.'’-]{1,30}(?: [A-ZÀ-Þ][\w.'’-]{1,30}){0,3}"
_ALONE = re.compile(
    rf"(?P<label>(?i:(?:date(?:d| posted| published| of publication)?|released|issued|pub(?:lish)?\.? date|datum)"
    rf" ?[:–-] ?))?(?:{_PLACE}, ){{0,2}}(?P<day>{_DAY}|(?i:{_MONTH},? \d{{4}}))"
    r"(?i:,? (?:mon|tues|wednes|thurs|fri|satur|sun)day)?"
    rf"(?:(?:T|,? (?:at )?){_CLOCK})?(?:,? Updated\b.{{0,40}})?"
)
_EVENT = re.compile(r"^(?:time|where|venue|place|doors|tickets?|admission|entry|host)\b[^.\n]{0,20}:", re.I | re.M)
"""A line beside which "Date:" is that of an event."""
_DATELINE = re.compile(
    r"(?!(?:Correct\w*|Clarif\w+|Updated?|Editor\w*|Note|On|In|Since|From|By)\b)"
    rf"(?:{_PLACE}(?:, {_PLACE}){{0,2}}(?:, ?| (?=[(\d])| ))?\(?(?P<day>{_DAY})\)?"
    r"(?: ?\([A-Z][\w.&' /-]{1,40}\)| ?/[\w .]{2,30}/)?[.:]? ?(?:[—–]|-{1,2}) (?= ?\S)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of itself; days are ISO."""

    published: str | None = None
    updated: str | None = None
    date_source: str | None = None
    author: str | None = None
    warnings: tuple[str, ...] = ()


def statements(paragraphs: list[str], running: Iterable[str] = ()) -> Said:
    """The author and the days that the paragraphs of an article state, its title left out, or its running lines."""
    paragraphs = [in_english(one) if len(one) <= LINE else one for one in paragraphs]
    above = list(takewhile(lambda paragraph: len(paragraph) <= LINE, paragraphs[:HEAD]))  # below it may be a book's
    over = takewhile(lambda paragraph: len(paragraph) <= SHORT or paragraph[-1] not in ".!?", above)
    head = "\n".join(over).split("\n")
    author = next(filter(None, map(byline, above)), None)
    days: dict[str, list[str]] = {"published": [], "updated": []}
    warnings: list[str] = []
    for line in [*_looked_at(paragraphs), *running]:
        for match in _STATED.finditer(line):
            if match["what"].lower() == "posted" and line not in head:
                continue  # as a comment was
            what = "updated" if match["what"].lower().endswith(("updated", "modified")) else "published"
            iso, complaint = (day_or_month if what == "published" else day)(re.sub(r"\s+", " ", match["day"]))
            if iso:
                days[what].append(iso)
            elif what == "published":
                stated = match[0].lstrip(" |·•;,.–—(-")
                warnings.append(f"'{stated}' {complaint}; the article counts as undated")
    source = "statement"
    if not days["published"] and not warnings:
        source = "dateline"
        days["published"] = _dateline(paragraphs)
    published = dict.fromkeys(days["published"])
    if len(published) > 1:
        warnings.append(f"it states {len(published)} days of publication; the article counts as undated")
    first = next(iter(published)) if len(published) == 1 else None
    updated = max(days["updated"], default=None)
    return Said(first, updated, source if first else None, author, tuple(warnings))


def stated(article: Article, story: str) -> Article:
    """An article with the author and the days that its metadata lacks and its story, without its title, states; else
    with the day or the month in its address."""
    if article.published and article.author:
        return article
    story = story.replace("\r\n", "\n").replace("\r", "\n").strip()
    said = statements(re.split(r"\n\s*\n" if "\n\n" in story else r"\n", story))
    article = replace(article, author=article.author or said.author)
    if article.published:
        return article
    link = article.url or ""
    published, source = said.published or path_day(link) or path_month(link) or None, said.date_source or "address"
    return replace(
        article,
        published=published,
        updated=article.updated or said.updated,
        date_source=source if published else None,
        warnings=article.warnings + (() if published else said.warnings),
    )


def _looked_at(paragraphs: list[str]) -> list[str]:
    """The short lines at the top and at the end, where an article speaks of itself, but for those about a picture."""
    ends = paragraphs[:HEAD] + (paragraphs[HEAD:][-2:])
    lines = [line for paragraph in ends for line in paragraph.split("\n")]
    return [line for line in lines if len(line) <= LINE and not PICTURE.search(line)]


def _dateline(paragraphs: list[str]) -> list[str]:
    """The day that is all that a line over the story says, or that leads its first paragraph; none further down, where
    such lines are of pictures and other stories."""
    sentences = 0
    for paragraph in paragraphs[:HEAD]:
        for line in parts(paragraph):
            alone = _ALONE.fullmatch(line)
            if alone and alone["label"] and _EVENT.search("\n".join(paragraphs[:HEAD])):
                continue
            if written := alone["day"] if alone else dateline(line):
                return list(filter(None, [day_or_month(re.sub(r"\s+", " ", written))[0]]))
        sentences += len(paragraph) > SHORT and paragraph[-1] in ".!?”"
        if len(paragraph) > LINE or sentences > 1:
            break
    return []


def dateline(line: str) -> str:
    """The day, as it is written, of the dateline that leads a paragraph; empty where none does."""
    match = _DATELINE.match(line)
    return match["day"] if match else ""


def is_day(line: str) -> bool:
    """Whether a line is a day and nothing else."""
    return _ALONE.fullmatch(in_english(line.strip())) is not None
