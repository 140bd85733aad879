"""What changed between two versions of an article, word by word."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.show.clean import ELLIPSIS
from bot.show.page import paragraphs
from store.passage import Document

AROUND = 8  # words shown on either side of a change
LONGEST = 4_000  # most words of a changed stretch that is compared word by word


def changes(before: Document, after: Document) -> Iterator[str]:
    """Each changed stretch of paragraphs: what is gone in `[-…-]`, what is new in `{+…+}`, a few words around it."""
    old, new = (
        [" ".join(version.text[start:end].split()) for start, end in paragraphs(version)] for version in (before, after)
    )
    for kind, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield _marked(" ".join(old[low:high]).split(), " ".join(new[first:last]).split())


def _marked(old: list[str], new: list[str]) -> str:
    """A changed stretch as one line."""
    if max(len(old), len(new)) > LONGEST:
        return " ".join(filter(None, (_gone(old), _added(new))))
    parts: list[str] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (kind, low, high, first, last) in enumerate(steps):
        if kind == "equal":
            head = 0 if number == 0 else AROUND
            tail = 0 if number == len(steps) - 1 else AROUND
            parts += _around(old[low:high], head, tail)
        else:
            parts += filter(None, (_gone(old[low:high]), _added(new[first:last])))
    return " ".join(parts)


def _around(words: list[str], head: int, tail: int) -> list[str]:
    """The first and the last words of a stretch that stayed."""
    if len(words) <= head + tail:
        return words
    return [*words[:head], ELLIPSIS, *words[len(words) - tail :]]


def _gone(words: list[str]) -> str:
    return f"[-{' '.join(words)}-]" if words else ""


def _added(words: list[str]) -> str:
    return f"{{+{' '.join(words)}+}}" if words else ""
