"""Credits: the news agency that an article names as its origin."""

import re

AGENCIES = {
    "Reuters": ("reuters", "thomson reuters"),
    "Associated Press": ("ap", "associated press", "the associated press"),
    "Agence France-Presse": ("afp", "agence france-presse", "agence france presse"),
    "Press Association": ("pa", "pa media", "press association", "the press association"),
    "United Press International": ("upi", "united press international"),
    "dpa": ("dpa", "deutsche presse-agentur"),
    "EFE": ("efe", "agencia efe"),
    "ANSA": ("ansa",),
    "Kyodo": ("kyodo", "kyodo news"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "TASS": ("tass", "itar-tass"),
    "agencies": ("agencies", "agency", "news agencies", "wire services", "staff and agencies"),
}
"""Agencies by the forms of their names, in small letters."""
NEAR = 400  # characters at each end of an article in which a credit stands

_BY_FORM = {form: name for name, forms in AGENCIES.items() for form in forms}
_FORMS = "|".join(re.escape(form) for form in sorted(_BY_FORM, key=len, reverse=True))
_AND = re.compile(r"(?i)\band (?:other )?(?:news )?(agencies)\b[ \t.)]*(?![^\r\n])")
_DATELINE = re.compile(rf"(?<![^\r\n])[A-Z][^\r\n]{{2,60}}?\((?i:({_FORMS}))\)[ \t]{{0,3}}(?:[-–—]|$)", re.MULTILINE)
_LINE = re.compile(
    rf"(?i)(?<![^\r\n])[ \t]*(?:by |source: |\(c\) |© |[-–—] ?)?[(\[]?({_FORMS})[)\]]?[ \t.]*(?![^\r\n])"
)
"""A line that is nothing but a credit."""
_END = re.compile(rf"(?i)[.!?”\"'’][ \t]*(?:\(({_FORMS})\)|[-–—] ?({_FORMS}))[ \t.]*\Z")


def agency(name: str | None) -> str | None:
    """The agency of that name, in the form of AGENCIES; None where it is no agency's."""
    return _BY_FORM.get(" ".join((name or "").casefold().split()).removeprefix("by "))


def credit(text: str, outlet: str | None = None, author: str | None = None) -> str | None:
    """The agency that an article comes from by its outlet, its author, its dateline or a line of credit.

    A photograph's credit, or a person who told an agency something, is none.
    """
    named = agency(outlet) or agency(author)
    if named or not text:
        return named
    head, tail = text[:NEAR], text[max(0, len(text) - NEAR) :].rstrip()
    for pattern, part in ((_DATELINE, head), (_LINE, head), (_LINE, tail), (_END, tail), (_AND, tail), (_AND, head)):
        if match := pattern.search(part):
            return _BY_FORM[next(filter(None, match.groups())).casefold()]
    return None
