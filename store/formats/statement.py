"""Statements: what a text without metadata plainly says of itself, such as "By …" and "Published 3 April 2016".

A day without such words counts where it stands alone in a line over the story, or leads the story as its dateline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.formats.days import day

HEAD = 8  # paragraphs at the top in which a statement is looked for
LINE = 160  # most characters of a paragraph that is looked at whole
NAME = 60  # most characters of an author's name

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]{0,2}\s)?"
_DAY = (
    rf"(?i:{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th|\.)?[ -](?:of )?{_MONTH},?[ -]\d{{4}}|{_WEEKDAY}{_MONTH} \d{{1,2}}"
    r"(?:st|nd|rd|th)?,? \d{4}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)"
)
_CLOCK = r"\d{1,2}[:.]\d\d(?: ?[AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?"
_STATED = re.compile(
    r"(?:^|[|·•;,.–—(-] ?)(?i:(?P<what>(?:first )?published|posted|(?:last )?updated|modified)(?: on| at)?):?\s{1,3}"
    rf"(?:{_CLOCK},? (?:on )?)?(?P<day>{_DAY}|(?i:{_MONTH}),? \d{{4}}\b)"
)
_PLACE = r"[A-Z][\w.'’-]{1,30}(?: [A-Z][\w.'’-]{1,30}){0,3}"
_ALONE = re.compile(rf"(?:{_PLACE}, )?(?P<day>{_DAY})(?:,? (?:at )?{_CLOCK})?")
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:, {_PLACE})?(?:, ?| (?=\()))?\(?(?P<day>{_DAY})\)?(?: ?\([A-Z][\w.&' -]{{1,40}}\))?"
    r"[.:]? ?(?:[—–]|-{1,2} )(?= ?\S)"
)
_BYLINE = re.compile(
    r"(?:(?:Story|Words|Written|Text|Reported) )?[Bb][Yy]:? (?P<name>[^\W\d_][^\d\n|·•,]{1,90}?(?:, [^\d\n|·•,]{1,40}"
    r" and [^\d\n|·•,]{1,40})?)(?: ?[|·•,].*| in [A-Z].*|$)"
)
_BAR = re.compile(r"\s[|·•]\s")
_PICTURE = re.compile(r"(?i)\b(?:photo|photograph|picture|image|archive|file|credit|illustration|graphic)s?\b")
_PARTICLE = frozenset("and von van der den de del della di da dos du la le el al bin ben af av ter ten y e i".split())
_NO_NAME = re.compile(
    r"(?i)\b(?:administrator|admin|user|owner|office|microsoft|adobe|acrobat|author|unknown|anonymous|guest|default"
    r"|test|editor|newsroom|staff|desk|scanner|printer|windows|mac|apple|dell|lenovo|hp|pc|laptop|company|inc|ltd|the"
    r"|post|times|news|herald|gazette|tribune|courier|press|agency|media|daily|journal|magazine|ministry|university"
    r"|reuters|afp|bloomberg|associated|institute|council|department|foundation|association|service|services|group|team)\b"
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
    author = next(filter(None, map(byline, paragraphs[:HEAD])), None)
    days: dict[str, list[str]] = {"published": [], "updated": []}
    warnings: list[str] = []
    for line in [*_looked_at(paragraphs), *running]:
        for match in _STATED.finditer(line):
            iso, complaint = day(re.sub(r"\s+", " ", match["day"]))
            what = "published" if match["what"].lower().endswith(("published", "posted")) else "updated"
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


def _looked_at(paragraphs: list[str]) -> list[str]:
    """The short lines at the top and at the end, where an article speaks of itself, but for those about a picture."""
    ends = paragraphs[:HEAD] + (paragraphs[HEAD:][-2:])
    lines = [line for paragraph in ends for line in paragraph.split("\n")]
    return [line for line in lines if len(line) <= LINE and not _PICTURE.search(line)]


def _parts(paragraph: str) -> list[str]:
    """The first lines of a paragraph, short ones cut at bars and dots; those about a picture are left out."""
    parts: list[str] = []
    for line in paragraph.split("\n")[:4]:
        if not _PICTURE.search(line[:LINE]):
            parts += [part.strip() for part in (_BAR.split(line) if len(line) <= LINE else [line])]
    return parts


def _dateline(paragraphs: list[str]) -> list[str]:
    """The day that is all that a line over the story says, or that leads its first paragraph; none further down, where
    such lines are of pictures and other stories."""
    for paragraph in paragraphs[:HEAD]:
        for line in _parts(paragraph):
            match = _ALONE.fullmatch(line) or _DATELINE.match(line)
            if match:
                return list(filter(None, [day(re.sub(r"\s+", " ", match["day"]))[0]]))
        if len(paragraph) > LINE:
            break
    return []


def is_day(line: str) -> bool:
    """Whether a line is a day and nothing else."""
    return _ALONE.fullmatch(line.strip()) is not None


def byline(paragraph: str) -> str | None:
    """The name or names in a line "By …"."""
    for line in _parts(paragraph):
        match = _BYLINE.match(line) if len(line) <= LINE and not line.rstrip().endswith((".", "!", "?")) else None
        if match and (name := person(match["name"])):
            return name
    return None


def person(line: str) -> str | None:
    """A line as the name of a person, or of several; None for the name of a program, an account or a file."""
    line = re.sub(r"(?i)^by\s+(?=\S)", "", " ".join(line.split())).strip(" ,;")
    words = [word for word in re.split(r"[\s,;&]+", line) if word]
    if not 2 <= len(words) <= 12 or len(line) > NAME or _NO_NAME.search(line) or re.search(r"[\d_@/\\:<>()]", line):
        return None
    if not all(word[0].isupper() or word.lower() in _PARTICLE for word in words):
        return None
    if line.isupper():
        line = line.title()
    return line if sum(word[0].isupper() for word in words) >= 2 else None
