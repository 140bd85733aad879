"""Planted words: paragraphs of an article that speak to the machine that reads it and not to people.

What a model repeats from them is no evidence of anything, though it stands there word for word. Rules only; they know
the usual forms of such instructions, and a model that is steered by others is caught by nothing here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from store.machine import paragraphs, speaks_to_machine


@lru_cache(maxsize=512)
def planted(text: str) -> tuple[tuple[int, int], ...]:
    """The paragraphs (start, end) of a text that speak to a machine."""
    return tuple((start, end) for start, end in paragraphs(text) if speaks_to_machine(text[start:end], strict=False))


def without(text: str) -> str:
    """A text with its planted paragraphs blanked, every other character in its place."""
    for start, end in planted(text):
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
