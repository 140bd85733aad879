"""Furniture: stretches of an article that are page and not story. Each pattern reads the text once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.machine import STRICT, paragraph_end
from store.passage import Span

ENCLOSED = 4_000
"""Most characters between the two marks of a comment, a script or a chat message."""

_START, _END = r"(?<![^\r\n])[ \t]{0,20}+", r"[ \t]{0,20}(?![^\r\n])"  # of a line
_PAGE = (
    re.compile(
        rf"{_START}(?:advertisement|read more:[^\r\n]{{0,500}}"
        r"|sources?:(?:[^\r\n]{0,40}|[^\r\n]{0,100}[^\r\n.!?\s])"  # a credit; a longer sentence is story
        rf"|[^\r\n]{{0,120}}contributed to this report\.?){_END}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:Video[ \t]{{1,20}})?Watch more on [^.\r\n]{{0,120}}[»\"]{_END}"),
    re.compile(
        r"JUST WATCHED\b[^\r\n]{0,200}?\bReplay\b(?:[ \t]More Videos)?(?:[ \t]{0,20}\.\.\.)?"
        r"(?:[ \t]{0,20}MUST WATCH\b(?:[^\r\n]{0,200}?[ \t]\d\d:\d\d\b)?)?"
    ),
    re.compile(r"Hide Caption \d{1,3} of \d{1,3}\b(?:[ \t]Photos:){0,2}|\bPhotos:[ \t]Photos:"),
)
_MARKS = re.compile(r"(<\|im_start\|>)|(<\|im_end\|>)|(<!--)|(-->)|(<script\b)|(</script>)", re.IGNORECASE)
"""Opening and closing marks in turn."""


def furniture(text: str, body: int) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Spans of the text from `body` on: advertisement marks, credits, video prompts, gallery counts, chat messages,
    comments, scripts, and paragraphs that speak to a machine; the last are named in a warning."""
    spoken = list(_spoken(text, body))
    found = {match.span(): "page" for pattern in _PAGE for match in pattern.finditer(text, body)}
    found |= dict.fromkeys([*_enclosed(text, body), *spoken], "addressed")
    warnings: tuple[str, ...] = ()
    if spoken:
        first = " ".join(text[spoken[0][0] : spoken[0][0] + 60].split())
        many = f"{len(spoken)} paragraphs that speak" if len(spoken) > 1 else "a paragraph that speaks"
        warnings = (f"{many} to a machine: left out of the story ('{first}')",)
    return tuple(Span(start, end, "furniture", value) for (start, end), value in found.items()), warnings


def _enclosed(text: str, body: int) -> Iterator[tuple[int, int]]:
    """Stretches from the first opening mark to the closing one, where they are no more than ENCLOSED apart."""
    opened: dict[int, list[int]] = {}
    for mark in _MARKS.finditer(text, body):
        kind, closing = divmod((mark.lastindex or 1) - 1, 2)
        if not closing:
            opened.setdefault(kind, []).append(mark.start())
            continue
        near = [start for start in opened.pop(kind, []) if mark.start() - start <= ENCLOSED]
        if near:
            yield near[0], mark.end()


def _spoken(text: str, body: int) -> Iterator[tuple[int, int]]:
    """From each line that speaks to a machine to the end of its paragraph."""
    match = STRICT.search(text, body)
    while match:
        end = paragraph_end(text, match.end())
        yield match.start(), end
        match = STRICT.search(text, end)
