"""Sample questions: a corpus's own articles become questions that they may answer, by patterns and without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from bot.show.page import paragraphs
from store.passage import Document

READ = 1500  # characters of an article's beginning that are looked at
_NUMBER = r"(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds of|thousands of)"
_COUNTED = re.compile(
    rf"\b{_NUMBER} (?P<what>(?:[a-z]+ )?(?:[a-z]{{3,}}s|men|women|people|children))"
    r" (?P<did>died|drowned|survived|were (?:killed|injured|hurt|missing|arrested|rescued|evacuated|"
    r"trapped|displaced|saved|lost|wounded|detained|infected))\b"
)
_NAME = r"[A-Z][\w’'-]+(?: (?:[A-Z]\.|of|de|da|van|von|al|bin|la|der))?(?: [A-Z][\w’'-]+){1,2}"
_WHO = re.compile(
    rf"\b(?P<who>{_NAME}), (?:the|a|an|its|his|her|their) (?:[\w-]+ ){{0,3}}(?:president|minister|mayor|director|chief|"
    r"head|leader|foreman|captain|chairman|chairwoman|spokesman|spokeswoman|professor|scientist|engineer|astronomer|"
    r"physicist|economist|author|officer|manager|judge|senator|governor|king|queen|coach|prosecutor)\b"
)
_SAID = re.compile(rf"\b(?P<who>{_NAME}) (?:said|told|announced|warned|estimated|promised|admitted)\b")
_SAID_BY = re.compile(rf"\b(?:said|says|told|according to) (?P<who>{_NAME})\b")
_ARTICLE = re.compile(
    r" of |(?:States|Kingdom|Nations|Union|Council|Court|Bank|Commission|Gulf|Agency|Party|Parliament|"
    r"Authority|Ministry|Organization|Organisation|Department|Office|House|Police|Navy|Army|Institute|University|Canal|River|Sea|Ocean)$"
)
_NAMED = re.compile(
    rf"(?<=[a-z,] )(?<!of )(?P<who>{_NAME})\b(?! [A-Z])"
)  # not at a sentence's head, where any word has a capital
_NO_NAME = re.compile(
    r"^(?:The|A|An|In|On|At|But|And|It|He|She|They|This|That|Its|One|No|President|Prime|Minister|Sir|Lord|Lady|Mr|Mrs|"
    r"Ms|Dr|Captain|General|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_OFFICES = frozenset("Minister President Secretary Chancellor Premier Archbishop Professor Judge Senator".split())


def candidates(documents: Iterable[Document]) -> Iterator[str]:
    """Questions about some articles (with their texts), each time of another pattern and of another article.

    A pattern fires only where the question is good English whatever the words are: "How many workers died?",
    "Who is Luis Urzúa?", "What did Margaret Chan say?", "What is said about the Suez Canal?".
    """
    told = [_of(document) for document in documents]
    kinds = [_in_turn([row[kind] for row in told]) for kind in range(4)]
    yield from dict.fromkeys(_in_turn(kinds))


def _in_turn(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first of every row, then the second of every row …"""
    return [question for column in zip_longest(*rows) for question in column if question is not None]


def _of(document: Document) -> Sequence[list[str]]:
    """One article's questions by kind."""
    start = next((start for start, _ in paragraphs(document)), 0)
    text = " ".join(document.text[start : start + READ].split())
    title = "" if document.title.istitle() else document.title
    counted = [f"How many {match['what']} {match['did']}?" for match in _COUNTED.finditer(text)]
    who = [f"Who is {name}?" for name in _names(_WHO, text)]
    said = [f"What did {_spoken(name)} say?" for pattern in (_SAID, _SAID_BY) for name in _names(pattern, text)]
    about = [f"What is said about {_spoken(name)}?" for where in (title, text) for name in _names(_NAMED, where)]
    return counted, who, said, about


def _names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """The names that a pattern finds, without those that only look like one."""
    for match in pattern.finditer(text):
        words = match["who"].split()
        if not _NO_NAME.match(match["who"]) and not any(word in _OFFICES or _shouted(word) for word in words):
            yield match["who"]


def _shouted(word: str) -> bool:
    return word.isupper() and len(word) > 4


def _spoken(name: str) -> str:
    return f"the {name}" if _ARTICLE.search(name) else name
