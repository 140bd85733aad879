"""Paragraphs that speak to the machine that reads an article and not to people, by a table of patterns.

Reading leaves such paragraphs out of the story, so it is strict: forms that no report has at the head of a line.
Checking takes no evidence from them, so it knows more forms, anywhere in a paragraph. Every repeat is bounded.
"""

import re
from collections.abc import Iterator
from pathlib import Path


def _patterns() -> dict[str, str]:
    """The patterns of the table by name: "strict", "wide", and words that these are made of."""
    patterns: dict[str, str] = {}
    for row in Path(__file__).with_name("machine.tsv").read_text("utf-8").splitlines()[1:]:
        name, form = row.split("\t")
        form = re.sub(r"%(\w+)%", lambda named: f"(?:{patterns[named[1]]})", form)
        patterns[name] = f"{patterns[name]}|{form}" if name in patterns else form
    return patterns


_PATTERNS = _patterns()
STRICT = re.compile(rf"[ \t]{{0,20}}(?:{_PATTERNS['strict']})", re.IGNORECASE)
"""An order at the head of a line: to be matched there."""
_WIDE = re.compile(_PATTERNS["wide"], re.IGNORECASE | re.MULTILINE)
_GAP = re.compile(r"(?>\r\n|\r|\n)\s*[\r\n]\s*")


def speaks_to_machine(paragraph: str) -> bool:
    """Whether a paragraph is addressed to a program, for checking."""
    return bool(_WIDE.search(paragraph))


def paragraphs(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """The stretches of `text` from `start` on between blank lines, whatever its line ends are."""
    for gap in _GAP.finditer(text, start):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)


def paragraph_end(text: str, inside: int) -> int:
    """The end of the paragraph that holds the offset."""
    gap = _GAP.search(text, inside)
    return gap.start() if gap else max(inside, len(text.rstrip()))
