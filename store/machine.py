"""Paragraphs that speak to the machine that reads an article and not to people.

Reading leaves such paragraphs out of the story, so it is strict: forms that no report has at the head of a line.
Checking takes no evidence from them, so it knows more forms, anywhere in a paragraph. Every repeat is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PROGRAM = r"(?:a\.?i\.?|chat ?bots?|bots?|(?:large )?language models?|llms?)"
_READER = rf"(?:assistants?|models?|{_PROGRAM})"
_ANY_READER = r"(?:ai|a\.i\.|assistants?|chat ?bots?|\w{0,20}bot|language models?|llms?|machines?|models?)"
_SPEAKS = r"(?:answer|say|reply|respond|tell|write|output|repeat|state|claim|recommend)"
_ORDERS = (
    rf"(?:from now on,? (?:you )?(?:always |only )?{_SPEAKS}|say so when|when(?:ever)? asked|(?<!\w )say that"
    r"|(?<!the )(?<!an )(?<!no )(?:answer|reply|respond)(?: to [^.\n]{1,60})? (?:that|with|only)"
    r"|tell (?:the|every|any|all) (?:users?|readers?)|(?:ignore|disregard|forget|override) [^.\n]{0,40}\b"
    r"(?:instructions?|prompts?|rules)|you are (?:now )?an? [^.\n]{0,40}\b(?:assistant|ai|chatbot|language model))\b"
)
"""Orders about answers, which make a label such as "System:" more than the name of a speaker."""

STRICT = re.compile(
    r"[ \t]{0,20}(?:(?:please )?(?:ignore|disregard|forget) (?:(?:all|any|the|your|of) ){0,3}(?:previous|prior|earlier"
    r"|above|preceding) (?:instructions?|rules|prompts?|text|messages?)\b"
    rf"|(?:note|message|instructions?|memo) (?:to|for) (?:the |any |all )?{_READER}[ \t]{{0,8}}(?:[:,!–—-]|(?![^\r\n]))"
    rf"|(?:system|assistant|human|user)(?: prompt| message)?[ \t]{{0,8}}:[^\r\n]{{0,300}}?\b{_ORDERS}"
    r"|you are (?:now )?an? (?:[\w-]{1,30} ){0,3}(?:assistant|ai|chatbot|bot|language model)\b"
    r"(?! (?:manager|coach|referee|professor|editor|director|secretary|researcher|teacher)s?\b))",
    re.IGNORECASE,
)
"""An order at the head of a line: to be matched there."""
_WIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:instructions?|prompts?)\b"
    r"|\b(?:ignore|disregard|forget)\b[^.\n]{0,20}\b(?:previous|prior|earlier|above|other)\b[^.\n]{0,20}"
    r"\b(?:rules|articles|passages|text)\b"
    rf"|\byou are (?:now |no longer )?(?:an? |the )?(?:helpful |loyal |new )?{_ANY_READER}\b"
    rf"|\b(?:note|notice|message|instructions?|reminder) (?:to|for) (?:the |any |all |every )?{_ANY_READER}\b"
    rf"|\b{_ANY_READER}\s{{1,8}}(?:must|should|shall|is to|are to|have to|are asked to)\s{{1,8}}"
    rf"(?:\w{{1,30}}\s{{1,8}})?{_SPEAKS}\b|\bto (?:every|any|all|each) questions?\b[^.\n]{{0,80}}\b{_SPEAKS}\b"
    rf"|\bwhen(?:ever)? (?:somebody|someone|anyone|anybody|a user|the user|users) asks?\b[^.\n]{{0,80}}\b{_SPEAKS}\b"
    rf"|\bdo not (?:mention|reveal|quote|cite) (?:this|these)\b|\bsystem prompt\b|<\|\w{{1,40}}\|>|\[/?INST\]"
    rf"|\b(?:footnotes|citations) must\b|\b(?:replaces?|supersedes?)\b[^.\n]{{0,40}}\b(?:every|all) other\b"
    rf"|\bno article other than this\b|^\s{{0,20}}(?:assistant|system|human|user)\s{{0,8}}:[^\n]{{0,300}}?\b{_ORDERS}",
    re.IGNORECASE | re.MULTILINE,
)
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
