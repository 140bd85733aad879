"""Corrections: the notes in which a publisher says what was wrong with an article, with the days that they name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from store.formats.article import Article
from store.formats.days import day
from store.passage import Span

KIND = "correction"
NOTE = 900  # most characters of a note that are taken from a line without an end
MORE = 5  # most paragraphs that a note goes on for
LONGEST = 500  # most characters of a note's first sentence before a word of such notes
EDGE = 2_500  # characters at either end of a text where notes mostly stand
KEPT = ("front matter", "addressed")  # furniture that no note takes the place of


@cache
def _forms() -> dict[str, str]:
    """The patterns of the table by name; %name% in one stands for the rows of that name, which are alternatives."""
    forms: dict[str, str] = {}
    for row in Path(__file__).with_name("corrections.tsv").read_text("utf-8").splitlines():
        if not row.startswith("#"):
            name, form = row.split("\t")
            form = re.sub(r"%(\w+)%", lambda match: f"(?:{forms[match[1]]})", form)
            forms[name] = f"{forms[name]}|{form}" if name in forms else form
    return forms


@cache
def _form(name: str) -> re.Pattern[str]:
    """A pattern of the table, compiled when it is first needed."""
    return re.compile(_forms()[name], re.IGNORECASE)


_WORDS = [*"correct clarif amended retract errat corrigend amplification".split(), " version of ", "been updated to "]
"""Words of which nearly every note has one, in lower case."""
_MORE_WORDS = [
    *"amendment misst misspel misidentif misattr mischarac misquot misnam misrep overstat understat omitted".split(),
    *"mistaken erroneous wrongly inaccura inadvert originally initially previously withdrawn refile deletes".split(),
    *"(fix (remove (restore (change (amend error headline caption updated changed revised edited".split(),
    "for the record", "adds dropped",
]  # fmt: skip
"""Words of others, which are looked for at the beginning and the end of a text."""
_LINE = re.compile(r"[^\r\n]+")
_SIGN = re.compile(r"\S")
_SENTENCE = re.compile(r"(?<=[.!?…)\]])[\"”’]?[ \t]+(?=[A-Z(\[*•“\"])")
_BREAK = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?=\S)")
_CLOSED = re.compile(r"[.!?…:)\]][\"”’]?\s*$")


def corrected(article: Article) -> Article:
    """The article with its correction notes as spans, each of its day; a note is no furniture."""
    body = max((span.end for span in article.spans if span.value == "front matter"), default=0)
    notes = tuple(corrections(article.text, body, article.published))
    if not notes:
        return article
    spans = [span for span in article.spans if not any(_is_taken(span, note) for note in notes)]
    return replace(article, spans=(*spans, *notes))


def _is_taken(span: Span, note: Span) -> bool:
    """Whether a span takes a note, or its head, for furniture."""
    return span.kind == "furniture" and span.value not in KEPT and span.start <= note.start < span.end


def corrections(text: str, body: int = 0, published: str | None = None) -> Iterator[Span]:
    """The notes of a text from `body` on; a day without a year is the first such one from `published` on."""
    low = line_end = body
    for place in _places(text, body):
        if place < low:
            continue
        if place >= line_end:
            line_end = _line_end(text, place)
        end = _end(text, place, line_end) if _begins(text, place, line_end) else place
        if end > place:
            low = end
            yield Span(place, end, KIND, _day(text[place:end], published))


def _places(text: str, body: int) -> list[int]:
    """Where a note may begin, in order: the heads of the lines and sentences with a word of such notes."""
    small = text.lower()
    if len(small) != len(text):  # letters that are two in lower case
        small = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    places: set[int] = set()
    edges = [(body, body + EDGE), (max(body + EDGE, len(text) - EDGE), len(text))]
    searches = [
        *((word, body, len(text)) for word in _WORDS),
        *((word, *edge) for word in _MORE_WORDS for edge in edges),
    ]
    for word, first, last in searches:
        at = small.find(word, first, last)
        while at >= 0:
            near = max(body, at - LONGEST)
            line = max(near, text.rfind("\n", near, at) + 1, text.rfind("\r", near, at) + 1)
            starts = [match.end() for match in _SENTENCE.finditer(text, line, at)][-1:]
            if line > near or near == body:
                starts.append(line)
            places.update(_stepped(text, place) for place in starts)
            at = small.find(word, at + len(word), last)
    return sorted(places)


def _line_end(text: str, place: int) -> int:
    """The end of the line that holds a place."""
    match = _LINE.match(text, place)
    return match.end() if match else place


def _stepped(text: str, place: int) -> int:
    """The place of the first letter or sign from `place` on."""
    match = _SIGN.search(text, place)
    return match.start() if match else len(text)


def _begins(text: str, place: int, end: int) -> bool:
    """Whether a note begins at a place in a line."""
    head = _headed(text, place)
    if said := _stated(text, head, end):
        return not _form("published").match(text, said, end) or bool(_form("wrong").search(text, said, end))
    if _form("wire").match(text, place, end) or _form("label").fullmatch(text, head, end):
        return True
    if label := _form("labelled").match(text, head, end):
        if label["strong"] and label["sign"]:
            return True
        near = min(end, label.end() + LONGEST)
        if _form("statement").search(text, label.end(), near) or _form("loose").search(text, label.end(), near):
            return bool(_form("wrong").search(text, label.end(), end))
    is_first = not place or text[place - 1] in "\r\n"
    return is_first and bool(_form("aside").fullmatch(text, place, end) and _form("wrong").search(text, place, end))


def _headed(text: str, place: int) -> int:
    """The place behind the signs that may stand before a note."""
    lead = _form("lead").match(text, place)
    return lead.end() if lead else place


def _stated(text: str, place: int, end: int) -> int:
    """The end of the words of a statement, maybe behind the name of a section; 0 where none stands there."""
    for start in (place, *(match.end() for match in [_form("section").match(text, place, end)] if match)):
        if match := _form("statement").match(text, start, end):
            return match.end()
    return 0


def _end(text: str, start: int, line_end: int) -> int:
    """Where a note ends that begins at `start`, in a line that ends at `line_end`."""
    if text[start] == "(" and (close := text.find(")", start, start + NOTE)) > 0:
        return close + 1
    end = _wrapped(text, start, line_end)
    if end - start > NOTE or not text[:start].strip() + text[end:].strip():  # the story stands in the same line
        return _sentences(text, start, end)
    if _form("label").fullmatch(text, _headed(text, start), end):  # the note stands below its label
        following = _following(text, end)
        if following is None or not _form("wrong").search(text, *following):
            return start
        end = following[1]
    for _ in range(MORE):
        following = _following(text, end)
        if following is None or not _goes_on(text, *following):
            break
        end = following[1]
    return len(text[:end].rstrip())


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a note goes on with a further paragraph or sentence."""
    start = _headed(text, start)
    return bool(_stated(text, start, end) or _form("more").match(text, start, end))


def _wrapped(text: str, start: int, end: int) -> int:
    """The end of the paragraph of a line: a line of running text that does not close goes on in the next."""
    line_start = start
    while 40 <= end - line_start <= 100 and not _CLOSED.search(text, line_start, end):
        below = _BREAK.match(text, end)
        if below is None:
            break
        line_start = below.end()
        end = _line_end(text, line_start)
    return end


def _sentences(text: str, start: int, end: int) -> int:
    """The end of a note in a line that goes on with the story: its first sentence, and those that go on with it."""
    ends = [match.end() for match in _SENTENCE.finditer(text, start, min(end, start + NOTE))]
    low = start
    for stop in ends:
        if low > start and not (_goes_on(text, low, stop) or _form("on").match(text, low, stop)):
            break
        low = stop
    return len(text[: low if low > start else start + NOTE].rstrip())


def _following(text: str, end: int) -> tuple[int, int] | None:
    """The next line with words, with the lines in which it goes on."""
    line = re.compile(r"\s*(\S[^\r\n]*)").match(text, end)
    return (line.start(1), _wrapped(text, line.start(1), line.end(1))) if line else None


def _day(note: str, published: str | None) -> str:
    """The ISO day that the head of a note names, or that on which it says that something was changed."""
    found = _form("day").match(note, _headed(note, 0)) or _form("made").search(note)
    written = found["on"].rstrip(",") if found else ""
    if re.search(r"\d{4}", written):
        return day(" ".join(written.split()))[0]
    if not written or not published:
        return ""
    joint = ", " if written[-1].isdigit() or written[-3:-2].isdigit() else " "
    years = (int(published[:4]), int(published[:4]) + 1)
    return next((one for year in years if (one := day(f"{written}{joint}{year}")[0]) >= published), "")
