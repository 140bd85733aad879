"""Planted words: paragraphs of an article that speak to the machine that reads it and not to people.

What a model repeats from them is no evidence of anything, though it stands there word for word. Rules only; they know
the usual forms of such instructions, and a model that is steered by others is caught by nothing here.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MACHINE = r"(?:ai|a\.i\.|assistants?|chat ?bots?|\w*bot|language models?|llms?|machines?|models?)"
_SPEAKS = r"(?:answer|say|reply|respond|tell|write|output|repeat|state|claim|recommend)"
_ADDRESSES = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:ignore|disregard|forget)\b[^.\n]{0,20}\b(?:previous|prior|earlier|above|other)\b[^.\n]{0,20}"
    r"\b(?:rules|articles|passages|text)\b"
    rf"|\byou are (?:now |no longer )?(?:an? |the )?(?:helpful |loyal |new )?{_MACHINE}\b"
    rf"|\b(?:note|notice|message|instructions?|reminder) (?:to|for) (?:the |any |all |every )?{_MACHINE}\b"
    rf"|\b{_MACHINE}\s+(?:must|should|shall|is to|are to|have to|are asked to)\s+(?:\w+\s+)?{_SPEAKS}\b"
    rf"|\bto (?:every|any|all|each) questions?\b[^.\n]{{0,80}}\b{_SPEAKS}\b"
    rf"|\bwhen(?:ever)? (?:somebody|someone|anyone|anybody|a user|the user|users) asks?\b[^.\n]{{0,80}}\b{_SPEAKS}\b"
    rf"|\bdo not (?:mention|reveal|quote|cite) (?:this|these)\b|\bsystem prompt\b|<\|\w+\|>|\[/?INST\]"
    rf"|\b(?:footnotes|citations) must\b|\b(?:replaces?|supersedes?)\b[^.\n]{{0,40}}\b(?:every|all) other\b"
    rf"|\bno article other than this\b|^\s*(?:assistant|system|human)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?!\s*\n))+")


@lru_cache(maxsize=512)
def planted(text: str) -> tuple[tuple[int, int], ...]:
    """The paragraphs (start, end) of a text that speak to a machine."""
    return tuple(match.span() for match in _PARAGRAPH.finditer(text) if _ADDRESSES.search(match.group()))


def without(text: str) -> str:
    """A text with its planted paragraphs blanked, every other character in its place."""
    for start, end in planted(text):
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
