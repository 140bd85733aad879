"""Sample questions: a corpus's own articles become questions that they answer, by patterns and without a model."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from bot.conversation import Answer
from bot.reading.lists import table
from bot.show.page import paragraphs
from store.outlets import is_known
from store.passage import Document

KINDS = ("How many", "When", "Who", "Where", "Why", "How much", "What did", "What is")
"""How the questions of each kind begin, in the order in which they are asked."""
READ = 6000  # characters of an article's beginning that are looked at
_LISTS = {name: words.split() for name, (words,) in table(str(Path(__file__).with_suffix(".txt"))).items()}
_BASE = dict(zip(_LISTS["did"][::2], _LISTS["did"][1::2], strict=True))
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NO_NAME = re.compile(
    r"^(?:The|A|An|In|On|At|As|But|And|It|He|She|They|This|That|Its|One|No|President|Prime|Minister|Sir|Lord|Lady|Mr|"
    rf"Mrs|Ms|Dr|Captain|General|{_MONTHS}|{_DAYS})\b"
)
_OFFICES = "Minister President Secretary Chancellor Premier Archbishop Professor Judge Senator".split()
_NAME = (
    rf"(?!(?:The|{'|'.join(_OFFICES)})\b)"
    r"[A-Z][\w-]+(?: (?:[A-Z]\.|of|de|da|van|von|al|bin|la|der))?(?: [A-Z][\w-]+){1,2}"
    r"(?![\w’'-]| (?:of |and |& )?[A-Z])"  # not cut short, and no possessive
)
_ABOUT = r"(?:about |around |nearly |almost |at least |more than |over |some |up to )?"
_NUMBER = (
    rf"{_ABOUT}(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds of|thousands of)"
)
_WHAT = r"(?P<what>(?!others?\b|more\b|of\b)(?:[a-z]+ )?(?:(?!others\b)[a-z]{3,}s|men|women|people|children))\b"
_MONEY = rf"{_ABOUT}[$£€]\d[\d,.]*(?: (?:m|b|tr)illion)?"
_WHO = rf"\b(?P<who>{_NAME}) "
_SUBJECT = rf"\b(?P<who>{_NAME}|(?<=[a-z,] )[A-Z][a-z]{{3,}}) "
_DID = rf"{_SUBJECT}(?:(?:has|have|had) )?(?:already )?(?P<did>{'|'.join(_BASE)}) "
_IS = rf"{_SUBJECT}(?P<be>was|were|is|are|has|have|will) "
_WORD = r"(?!(?:he|she|it|they|her|him|his|its|their|them|this|that|these|those)\b)[a-z][a-z’'-]*"  # of whom, none says
_REST = rf"{_IS}(?P<rest>(?!the |an? |not |be |(?:\w+ )?{_NUMBER} ){_WORD}(?: {_WORD}){{0,4}}?) "
_PATTERNS = [
    (question, re.compile(pattern))
    for question, pattern in (
        (
            "How many {what} {suffered}{place}?",
            rf"\b{_NUMBER} {_WHAT} (?P<suffered>died|drowned|survived|were (?:{'|'.join(_LISTS['suffered'])}))\b"
            rf"(?: (?P<place>in|at|near|during) (?:[Tt]he )?(?P<who>{_NAME}|[A-Z][a-z]+\b(?! [A-Z])))?",
        ),
        ("How many {what} did {who} {base}?", rf"{_DID}{_NUMBER} {_WHAT}"),
        ("How many {what} {be} {who} {done}?", rf"{_IS}(?P<done>[a-z]+ed|won|sold|made|built|lost) {_NUMBER} {_WHAT}"),
        ("When {be} {who} {rest}?", rf"{_REST}(?:on (?:{_MONTHS}|{_DAYS})|in (?:{_MONTHS}|\d{{4}}))\b"),
        (
            "Who is {who}?",
            rf"\b(?P<who>{_NAME}), (?:the |an? |its |his |her |their )?(?:[\w’'-]+ ){{0,4}}"
            rf"(?:{'|'.join(_LISTS['office'])})\b",
        ),
        (
            "Where {be} {who} {rest}?",
            rf"{_REST.replace(_SUBJECT, _WHO)}(?:in|at|near) (?:the )?(?!{_MONTHS})(?:{_NAME}|[A-Z][a-z]+\b(?! [A-Z]))",
        ),
        ("Why {be} {who} {rest}?", rf"{_REST}(?:because|(?<!named )after|due to|over)\b"),
        ("How much did {who} {base}?", rf"{_DID}{_MONEY}"),
        ("What did {who} say?", rf"{_WHO}(?:said|told|announced|warned|estimated|promised|admitted)\b"),
        ("What did {who} say?", rf"\b(?:said|says|told|according to) (?:[Tt]he )?(?P<who>{_NAME})"),
        # not at a sentence's head, where any word has a capital
        ("What is said about {who}?", rf"(?<=[a-z,] )(?P<who>{_NAME})"),
    )
]
"""The questions, each with the pattern that fills its gaps."""
_WANTS_THE = re.compile(
    r"(?:[^sui]s|Kingdom|Union|Council|Court|Bank|Commission|Gulf|Agency|Party|Parliament|Authority|Ministry|Navy|Army|"
    r"Organi[sz]ation|Department|Office|House|Police|Institute|University|Canal|River|Sea|Ocean)$"
)
"""Names that are good English with "the" alone, and plurals."""
_BEFORE = re.compile(r"([\w’'.&-]*) ?(the )?$", re.I)  # the word before a name, and its article


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, and the words of its article that a quote under the answer must hold."""

    question: str
    words: str

    def answered_by(self, answer: Answer) -> bool:
        """Whether an answer stands, and quotes what the question was made from."""
        quotes = (" ".join(citation.quote.text.split()) for citation in answer.citations)
        return answer.outcome == "answered" and any(self.words in quote for quote in quotes)


def candidates(documents: Iterable[Document]) -> list[Sample]:
    """Questions about some articles (with their texts), each time of another pattern and of another article.

    A pattern fires only where the question is good English whatever the words are: "How many workers died?",
    "When was Ann Lee elected?", "What did Margaret Chan say?", "What is said about the Suez Canal?".
    """
    by_article = [_of(document) for document in documents]
    kinds = []
    for kind in range(len(KINDS)):
        at = kind * len(by_article) // len(KINDS)  # so that neighbours are not asked of together
        kinds.append(_in_turn([samples[kind] for samples in (*by_article[at:], *by_article[:at])]))
    unique: dict[str, Sample] = {}
    for sample in _in_turn(kinds):
        unique.setdefault(sample.question, sample)
    return list(unique.values())


def _in_turn(rows: Sequence[Sequence[Sample]]) -> list[Sample]:
    """The first of every row, then the second of every row …"""
    return [sample for column in zip_longest(*rows) for sample in column if sample is not None]


def _of(document: Document) -> Sequence[list[Sample]]:
    """One article's questions by kind; its title only tells what it is about."""
    start = next((start for start, _ in paragraphs(document)), 0)
    text = " ".join(document.text[start : start + READ].split())
    title = "" if document.title.istitle() else document.title
    kinds: list[list[Sample]] = [[] for _ in KINDS]
    for question, pattern in _PATTERNS:
        kind = next(at for at, begins in enumerate(KINDS) if question.startswith(begins))
        for part in (title, text) if kind == len(KINDS) - 1 else (text,):
            kinds[kind] += filter(None, (_sample(question, match) for match in pattern.finditer(part)))
    return kinds


def _sample(question: str, match: re.Match[str]) -> Sample | None:
    """A question with its gaps filled; None where the name in it is none, or is cut short."""
    gaps = {name: value or "" for name, value in match.groupdict().items()}
    gaps["base"] = _BASE.get(gaps.get("did", ""), "")
    if name := gaps.get("who", ""):
        before = _BEFORE.search(match.string, max(0, match.start("who") - 40), match.start("who"))
        word, article = (before[1], before[2]) if before else ("", None)
        article = article or word in ("the", "The")
        cut_short = word[:1].isupper() and not word.endswith(".") and word not in _OFFICES and not _NO_NAME.match(word)
        cut_short = (cut_short and not article) or word.endswith(("’s", "'s")) or word in ("of", "&")
        shouted = any(part.isupper() and len(part) > 4 for part in name.split())
        no_name = shouted or _NO_NAME.match(name) or not set(_OFFICES).isdisjoint(name.split())
        if cut_short or no_name or is_known(name) or (_WANTS_THE.search(name) and not article):
            return None
        if article and question.startswith("Who"):
            return None
        gaps["who"] = f"the {name}" if article else name
    place = f" {gaps['place']} {gaps['who']}" if gaps.get("place") else ""
    return Sample(question.format(**{**gaps, "place": place}), match[0])
