"""Lines of a page that are no story by their words alone: time stamps, share and subscription lines, credits."""

import re
from pathlib import Path

CREDIT, CREDIT_END = "\ue000", "\ue001"
"""Characters around the words of a caption that the markup calls a credit."""

_ROWS = [row.split("\t") for row in Path(__file__).with_name("lines.tsv").read_text("utf-8").splitlines()[1:]]
_TIME_WORDS = frozenset(" ".join(form for what, form in _ROWS if what == "time").split())
_CLOCK = re.compile(r"\d[:.]\d\d|\d{4}|\d\D*[a-z]|[a-z]\D*\d|\byesterday|\btoday|\bjust now", re.IGNORECASE)
_SUBSCRIPTION, _PAGE = (
    re.compile("|".join(form for what, form in _ROWS if what == name), re.IGNORECASE)
    for name in ("subscription", "page")
)
_NAMES = r"[A-Z][\w.'’-]+(?:,? (?:and |& )?(?:[A-Z][\w.'’-]+|of|in|de|van|von|la|at|for|the)){0,14}"
_ROLE = r"(?:,? (?:[\w’'-]+ ){0,4}(?:writer|reporter|correspondent|editor|columnist|critic|bureau|staff))?"
_BY = re.compile(
    r"(?i:by|words|text|written by|reported by|reporting by|reporting from|story by|report:|interview by|interview:)"
    rf"[: ]+{_NAMES}{_ROLE}(?:; (?i:editing|additional reporting|writing|reporting) by {_NAMES})*\.?|"
    rf"[Ff]rom (?:[A-Z][\w.&-]* ?){{1,5}}['’]s {_NAMES}"
)
_AGENCY = (
    r"AP|AFP|EPA|PA|Reuters|REUTERS|Getty|Shutterstock|Alamy|Bloomberg|"
    r"[A-Z][\w-]+(?: ?(?:Images|Photo|via|News)|pix)\b"
)
_CREDIT = re.compile(
    r"(?:(?<=[\s.(\[|/–—-])|\A)[(\[]?(?:(?i:photo(?:s|graph|graphs|graphy)?|picture|image|images|pic|credit|credits|"
    r"video|illustration|file photo|foto)(?i: credit| by|:| courtesy|\.{2,3}|…)+\s*:?\s*\S|"
    r"(?:AP|AFP|EPA|Reuters) Photo\b|"
    r"(?:REUTERS|Reuters|AP Photo|AFP|EPA)/[A-Z]|Purchase Licensing Rights|\([^()]{3,60}/[^()]{2,60}\)\s*\Z|"
    r"(?<=[.!?] )[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3} ?/ ?[A-Z][\w .&'’-]{2,40}\Z|"
    r"©|\([cC]\)\s|(?i:courtesy of)\b|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,4} ?/ ?"
    rf"(?:{_AGENCY})|"
    r"(?:via )?(?:Getty Images|Shutterstock|Alamy)\b|FILE PHOTO\b|NO (?:RESALES|ARCHIVES)\b)",
)


_COUNT = re.compile(r"[(\[]?\d{1,3} ?(?:/|of) ?\d{1,3}[)\]]?[\s.:|–—-]+(?=[\"“'‘(]?[A-ZÀ-Þ])")
"""The number of a picture in a gallery, before its caption."""


def page_line(text: str) -> str:
    """What a line is of a page ("time stamp", "subscription", "page", "byline"); nothing where it may be story."""
    if len(text) > 400:
        return ""
    text = text.strip("[]")
    if len(text) <= 100 and _CLOCK.search(text) and _TIME_WORDS.issuperset(re.findall(r"[^\W\d_]+", text.lower())):
        return "time stamp"
    if _SUBSCRIPTION.match(text):
        return "subscription"
    if _PAGE.fullmatch(text):
        return "page"
    return "byline" if len(text) <= 150 and _BY.fullmatch(text) else ""


def split_caption(text: str) -> list[tuple[str, str]]:
    """A caption in parts, each with what it is: its words, then the credit."""
    text = text.replace("\n", " ")
    if count := _COUNT.match(text):
        return [(count[0].strip(), "gallery"), *split_caption(text[count.end() :])]
    if CREDIT in text:
        parts = re.split(f"{CREDIT}([^{CREDIT_END}]*){CREDIT_END}?", text)
        pairs = [(part.replace(CREDIT_END, "").strip(), "credit" if at % 2 else "") for at, part in enumerate(parts)]
        return [pair for pair in pairs if pair[0]]
    found = _CREDIT.search(text)
    if found and not found.start() and "/" not in text and len(text.split()) > 8:  # "Photo: " before a caption's words
        found = None
    if not found:
        return [(text, "")]
    return [
        pair for pair in ((text[: found.start()].strip(), ""), (text[found.start() :].strip(), "credit")) if pair[0]
    ]
