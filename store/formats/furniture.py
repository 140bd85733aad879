"""Furniture: stretches of an article that are page and not story. Each pattern reads the text once."""

import re
from collections.abc import Iterator

from store.machine import STRICT, paragraph_end
from store.passage import Span

ENCLOSED = 4_000  # most characters between the two marks of a comment, a script or a chat message

_LINE = re.compile(
    r"[ \t]{0,20}+(?:advertisement|read more:[^\r\n]{0,500}"
    r"|sources?:(?:[^\r\n]{0,40}|[^\r\n]{0,100}[^\r\n.!?\s])"  # a credit; a longer sentence is story
    r"|[^\r\n]{0,120}contributed to this report\.?)[ \t]{0,20}(?![^\r\n])",
    re.IGNORECASE,
)
"""A line that is not story, to be matched at its head."""
_WITHIN = {
    "Watch more on": r"(?:Video[ \t]{1,20})?Watch more on [^.\r\n]{0,120}[»\"][ \t]{0,20}(?![^\r\n])",
    "JUST WATCHED": r"JUST WATCHED\b[^\r\n]{0,200}?\bReplay\b(?:[ \t]More Videos)?(?:[ \t]{0,20}\.\.\.)?"
    r"(?:[ \t]{0,20}MUST WATCH\b(?:[^\r\n]{0,200}?[ \t]\d\d:\d\d\b)?)?",
    "Photos:": r"(?:Hide Caption \d{1,3} of \d{1,3}\b(?:[ \t]Photos:){1,2}|\bPhotos:[ \t]Photos:)",
    "Hide Caption": r"Hide Caption \d{1,3} of \d{1,3}\b(?![ \t]Photos:)",
}
"""Patterns for stretches inside a line, each by words that it holds."""
_MARKS = re.compile(r"<\|im_start\|>|<\|im_end\|>|<!--|-->|<(?i:script)\b|</(?i:script)>")
_OPENING = {"<|im_start|>": "<|im_end|>", "<!--": "-->", "<script": "</script>"}


def furniture(text: str, body: int) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Spans of the text from `body` on: advertisement marks, credits, video prompts, gallery counts, chat messages,
    comments, scripts, and paragraphs that speak to a machine; the last are named in a warning."""
    found: dict[tuple[int, int], str] = {}
    spoken: list[tuple[int, int]] = []
    for line in re.compile(r"[^\r\n]+").finditer(text, body):
        start = line.start()
        page = _LINE.match(text, start)
        if page:
            found[page.span()] = "page"
        if (not spoken or start >= spoken[-1][1]) and STRICT.match(text, start):
            spoken.append((start, paragraph_end(text, line.end())))
    for words, pattern in _WITHIN.items():
        if words in text:
            found.update((match.span(), "page") for match in re.compile(pattern).finditer(text, body))
    found |= dict.fromkeys([*_enclosed(text, body), *spoken], "addressed")
    warnings: tuple[str, ...] = ()
    if spoken:
        first = " ".join(text[spoken[0][0] : spoken[0][0] + 60].split())
        many = f"{len(spoken)} paragraphs that speak" if len(spoken) > 1 else "a paragraph that speaks"
        warnings = (f"{many} to a machine: left out of the story ('{first}')",)
    return tuple(Span(start, end, "furniture", value) for (start, end), value in found.items()), warnings


def _enclosed(text: str, body: int) -> Iterator[tuple[int, int]]:
    """Stretches from the first opening mark to the closing one, where they are no more than ENCLOSED apart."""
    opened: dict[str, list[int]] = {}
    for mark in _MARKS.finditer(text, body):
        name = mark[0].lower()
        if name in _OPENING:
            opened.setdefault(_OPENING[name], []).append(mark.start())
            continue
        near = [start for start in opened.pop(name, []) if mark.start() - start <= ENCLOSED]
        if near:
            yield near[0], mark.end()
