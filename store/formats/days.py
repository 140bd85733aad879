"""Days: a written date becomes an ISO day where it names one beyond doubt, or an ISO month where it names no day."""

import re
from datetime import date
from urllib.parse import urlsplit

from store.words import MONTHS

NO_DATE = "is no date (write YYYY-MM-DD)"
TWO_DAYS = "may be two days (write YYYY-MM-DD)"

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]{0,2} )?"
_CLOCK = (
    r"(?:(?:T|,? (?:at )?)\d{1,2}(?:[:.]?\d{2}){0,2}(?:[.,]\d{1,9})? ?(?:[ap]\.?m\.?)? ?[a-z]{0,5} ?"
    r"(?:[+-]\d{1,2}:?(?:\d{2})?(?: [a-z]{2,5})?)?(?: ?[(\[][\w/ +:-]{1,40}[)\]])?)?"
)
_LABEL = re.compile(r"(?:first )?(?:published|posted)(?: on)?:? ", re.IGNORECASE)
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<y>\d{{4}})(?P<s>[-/. ])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?:Z|{_CLOCK})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:[T ]?\d{4,6}(?:Z|[+-]\d{2}:?\d{2})?)?",
        rf"{_WEEKDAY}(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -](?:of )?(?P<m>[a-z]{{3,9}})[.,]?[ -]"
        rf"(?P<y>\d{{4}}){_CLOCK}",
        rf"{_WEEKDAY}(?P<m>[a-z]{{3,9}})\.?[ -](?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ -](?P<y>\d{{4}})"
        rf"(?:,? [a-z]{{3,6}}day)?{_CLOCK}",
        rf"{_WEEKDAY}(?P<m>[a-z]{{3,9}}) (?P<d>\d{{1,2}}) \d{{1,2}}(?::\d\d){{1,2}}(?: [a-z]{{2,5}})? (?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})(?P<s>[ /-])(?P<m>[a-z]{{3,9}})\.?(?P=s)(?P<d>\d{{1,2}}){_CLOCK}",
        rf"(?P<m>\d{{1,2}})(?P<s>[-/.])(?P<d>\d{{1,2}})(?P=s)(?P<y>\d{{4}}){_CLOCK}",
    )
]
"""Ways to write a day; the last does not tell day and month apart."""


_MONTH_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})",
        r"(?P<m>\d{1,2})[-/. ](?P<y>\d{4})",
        r"(?P<m>[a-z]{3,9})\.?,?[ -](?P<y>\d{4})",
        r"(?P<y>\d{4})[ -](?P<m>[a-z]{3,9})\.?",
    )
]


_LOCAL_MONTHS = [
    month.split()
    for month in (
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
]
_LOCAL = re.compile(
    r"(?:\b(?:le|den|am|el) )?"
    r"(?:(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo),? )?(?:\b(?:le|den|am|el) )?"
    r"\b(?P<d>\d{1,2})(?:\.|er|º)? (?:de )?(?P<m>[^\W\d_]{3,10})\.?(?: del?)? (?P<y>\d{4})\b"
    r"(?:,? (?:à|um|a las) (?P<hour>\d{1,2}) ?[h:.] ?(?P<minute>\d\d)(?: uhr| ?h)?\b)?",
    re.IGNORECASE,
)
_LOCAL_WORDS = re.compile(
    r"\b(?:(?P<Published>publiée?|veröffentlicht|erschienen|publicado)|mise? à jour|modifiée?|aktualisiert|geändert"
    r"|actualizado)\b",
    re.IGNORECASE,
)


def in_english(line: str) -> str:
    """A line with its German, French and Spanish days, and the words that say what they are of, in English."""
    found = _LOCAL.sub(_english_day, line)
    return line if found == line else _LOCAL_WORDS.sub(lambda word: word.lastgroup or "Updated", found)


def _english_day(local: re.Match[str]) -> str:
    """A day in English; as it stands where its month is none, or two ("jui")."""
    name = local["m"].lower()
    numbers = {n for months in _LOCAL_MONTHS for n, month in enumerate(months) if month.startswith(name)}
    clock = f" at {local['hour']}:{local['minute']}" if local["hour"] else ""
    return f"{local['d']} {MONTHS[numbers.pop()].title()} {local['y']}{clock}" if len(numbers) == 1 else local[0]


_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?|[a-z]{3})[/-](\d\d?)(?=[/_.-]|$)|/((?:19|20)\d\d)(\d\d)(\d\d)/", re.IGNORECASE
)
_MONTH_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d?)(?=/|$)")


def path_day(link: str) -> str:
    """The day in the path of an address; nothing where it names none."""
    match = _PATH.search(_path_of(link))
    if not match:
        return ""
    year, month, number = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    return _iso(f"{year}-{_month(month):02}-{int(number):02}")


def path_month(link: str) -> str:
    """The month in the path of an address; nothing where it names none."""
    match = _MONTH_PATH.search(_path_of(link))
    return month(f"{match[1]}-{match[2]}") if match else ""


def _path_of(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def day_or_month(line: str) -> tuple[str, str]:
    """The ISO day that a line names, or the ISO month where that is all; nothing and the reason for another line."""
    found, complaint = day(line)
    return (found, "") if found else (month(line), "" if month(line) else complaint)


def month(line: str) -> str:
    """The ISO month that is all that a line names ("March 2019", "2019-03"); empty for another line."""
    match = next(filter(None, (form.fullmatch(line) for form in _MONTH_FORMS)), None)
    return _iso(f"{match['y']}-{_month(match['m']):02}-01")[:7] if match else ""


def day(line: str) -> tuple[str, str]:
    """The ISO day that a line names beyond doubt, or nothing and the reason; of a time the day as it is written."""
    line = in_english(line)
    line = line[label.end() :] if (label := _LABEL.match(line)) else line
    if re.fullmatch(r"\d{4}-?W\d{2}-?\d", line):
        return _iso(line), NO_DATE
    for form in _FORMS:
        match = form.fullmatch(line)
        if match:
            month, number = _month(match["m"]), int(match["d"])
            orders = {(month, number), (number, month)} if form is _FORMS[-1] else {(month, number)}
            days = list(filter(None, (_iso(f"{match['y']}-{m:02}-{d:02}") for m, d in orders)))
            if days:
                return (days[0], "") if len(days) == 1 else ("", TWO_DAYS)
    return "", NO_DATE


def _month(name: str) -> int:
    """The number of a month by its number, its English name or the beginning of it; 0 for other words."""
    if name.isdigit():
        return int(name)
    return next((number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower())), 0)


def _iso(line: str) -> str:
    """An ISO date as a day; empty for a day that does not exist."""
    try:
        return date.fromisoformat(line).isoformat()
    except ValueError:
        return ""
