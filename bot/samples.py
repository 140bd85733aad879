"""Sample questions: a corpus's own articles become questions that they may answer, by patterns and without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from bot.page import paragraphs
from store.passage import Document

READ = 1500  # characters of an article's beginning that are looked at
_NUMBER = r"(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds of|thousands of)"
_COUNTED = re.compile(
    rf"\b{_NUMBER} (?P<what>(?:[a-z]+ )?[a-z]{{3,}}(?:s|men|people|children))"
    r" (?P<did>died|drowned|survived|were (?:killed|injured|hurt|missing|arrested|rescued|evacuated|"
    r"trapped|displaced|saved|lost|wounded|detained|infected))\b"
)
_NAME = r"[A-Z][\w’'-]+(?: (?:[A-Z]\.|[a-z]{2,3}))?(?: [A-Z][\w’'-]+){1,2}"
_WHO = re.compile(
    rf"\b(?P<who>{_NAME}), (?:the|a|an|its|his|her|their) (?:[\w-]+ ){{0,3}}(?:president|minister|mayor|director|chief|"
    r"head|leader|foreman|captain|chairman|chairwoman|spokesman|spokeswoman|professor|scientist|engineer|astronomer|"
    r"physicist|economist|author|officer|manager|judge|senator|governor|king|queen|coach|prosecutor)\b"
)
_SAID = re.compile(rf"\b(?P<who>{_NAME}) (?:said|told|announced|warned|estimated|promised|admitted)\b")
_TITLE_NAME = re.compile(rf"\b(?P<what>{_NAME})\b")
_NO_PERSON = re.compile(
    r"^(?:The|A|An|In|On|At|But|And|It|He|She|They|This|That|Its|One|No|President|Prime|Minister|Sir|Lord|Lady|Mr|Mrs|"
    r"Ms|Dr|Captain|General|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


def candidates(documents: Iterable[Document]) -> Iterator[str]:
    """Questions about some articles (with their texts), each time of another pattern and of another article.

    A pattern fires only where the question is good English whatever the words are: "How many workers died?",
    "Who is Luis Urzúa?", "What did Lord Mersey say?", "What is said about the Gulf of Mexico?".
    """
    told = [_of(document) for document in documents]
    kinds = [_in_turn([row[kind] for row in told]) for kind in range(4)]
    yield from dict.fromkeys(_in_turn(kinds))


def _in_turn(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first of every row, then the second of every row …"""
    return [question for column in zip_longest(*rows) for question in column if question is not None]


def _of(document: Document) -> Sequence[list[str]]:
    """One article's questions by kind."""
    start = paragraphs(document)[0][0] if paragraphs(document) else 0
    text = " ".join(document.text[start : start + READ].split())
    counted = [f"How many {match['what']} {match['did']}?" for match in _COUNTED.finditer(text)]
    who = [f"Who is {name}?" for name in _people(_WHO, text)]
    said = [f"What did {name} say?" for name in _people(_SAID, text)]
    title = document.title if not document.title.istitle() else ""
    about = [f"What is said about {match['what']}?" for match in _TITLE_NAME.finditer(title)]
    return counted, who, said, about


def _people(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The names that a pattern finds, without those that only look like one."""
    for match in pattern.finditer(text):
        if not _NO_PERSON.match(match["who"]):
            yield match["who"]
