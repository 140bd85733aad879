"""Sample questions: a corpus's own articles become questions that they answer, by patterns and without a model."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.conversation import Answer
from bot.show.page import paragraphs
from store.outlets import is_known
from store.passage import Document

KINDS = 4  # of questions
READ = 1500  # characters of an article's beginning that are looked at
_NUMBER = r"(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds of|thousands of)"
_COUNTED = re.compile(
    rf"\b{_NUMBER} (?P<what>(?!others?\b|more\b)(?:[a-z]+ )?(?:(?!others\b)[a-z]{{3,}}s|men|women|people|children))"
    r" (?P<did>died|drowned|survived|were (?:killed|injured|hurt|missing|arrested|rescued|evacuated|"
    r"trapped|displaced|saved|lost|wounded|detained|infected))\b"
)
_OFFICES = "Minister President Secretary Chancellor Premier Archbishop Professor Judge Senator".split()
_NAME = (
    rf"(?!(?:The|{'|'.join(_OFFICES)})\b)"
    r"[A-Z][\w-]+(?: (?:[A-Z]\.|of|de|da|van|von|al|bin|la|der))?(?: [A-Z][\w-]+){1,2}"
    r"(?![\w’'-]| (?:of |and |& )?[A-Z])"  # not cut short, and no possessive
)
_WHO = re.compile(
    rf"\b(?P<who>{_NAME}), (?:the|a|an|its|his|her|their) (?:[\w-]+ ){{0,3}}(?:president|minister|mayor|director|chief|"
    r"head|leader|foreman|captain|chairman|chairwoman|spokesman|spokeswoman|professor|scientist|engineer|astronomer|"
    r"physicist|economist|author|officer|manager|judge|senator|governor|king|queen|coach|prosecutor)\b"
)
_SAID = re.compile(rf"\b(?P<who>{_NAME}) (?:said|told|announced|warned|estimated|promised|admitted)\b")
_SAID_BY = re.compile(rf"\b(?:said|says|told|according to) (?:[Tt]he )?(?P<who>{_NAME})")
_NAMED = re.compile(rf"(?<=[a-z,] )(?P<who>{_NAME})")  # not at a sentence's head, where any word has a capital
_NO_NAME = re.compile(
    r"^(?:The|A|An|In|On|At|But|And|It|He|She|They|This|That|Its|One|No|President|Prime|Minister|Sir|Lord|Lady|Mr|Mrs|"
    r"Ms|Dr|Captain|General|January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
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
    "Who is Luis Urzúa?", "What did Margaret Chan say?", "What is said about the Suez Canal?".
    """
    by_article = [_of(document) for document in documents]
    starts = [kind * len(by_article) // KINDS for kind in range(KINDS)]  # so that neighbours are not asked of together
    kinds = [
        _in_turn([samples[kind] for samples in (*by_article[at:], *by_article[:at])]) for kind, at in enumerate(starts)
    ]
    unique: dict[str, Sample] = {}
    for sample in _in_turn(kinds):
        unique.setdefault(sample.question, sample)
    return list(unique.values())


def _in_turn(rows: Sequence[Sequence[Sample]]) -> list[Sample]:
    """The first of every row, then the second of every row …"""
    return [sample for column in zip_longest(*rows) for sample in column if sample is not None]


def _of(document: Document) -> Sequence[list[Sample]]:
    """One article's questions by kind."""
    start = next((start for start, _ in paragraphs(document)), 0)
    text = " ".join(document.text[start : start + READ].split())
    title = "" if document.title.istitle() else document.title
    counted = [Sample(f"How many {match['what']} {match['did']}?", match[0]) for match in _COUNTED.finditer(text)]
    who = [sample for sample in _named("Who is {}?", _WHO, text) if not sample.question.startswith("Who is the ")]
    said = [sample for pattern in (_SAID, _SAID_BY) for sample in _named("What did {} say?", pattern, text)]
    about = [sample for part in (title, text) for sample in _named("What is said about {}?", _NAMED, part)]
    return counted, who, said, about


def _named(question: str, pattern: re.Pattern[str], text: str) -> Iterator[Sample]:
    """A question about each name that a pattern finds, with the article that it has there; none that is cut short."""
    for match in pattern.finditer(text):
        name = match["who"]
        before = _BEFORE.search(text, max(0, match.start("who") - 40), match.start("who"))
        word, article = (before[1], before[2]) if before else ("", None)
        article = article or word in ("the", "The")
        cut_short = word[:1].isupper() and not word.endswith(".") and word not in _OFFICES and not _NO_NAME.match(word)
        cut_short = (cut_short and not article) or word.endswith(("’s", "'s")) or word in ("of", "&")
        shouted = any(part.isupper() and len(part) > 4 for part in name.split())
        no_name = shouted or _NO_NAME.match(name) or not set(_OFFICES).isdisjoint(name.split())
        if not (cut_short or no_name or is_known(name) or (_WANTS_THE.search(name) and not article)):
            yield Sample(question.format(f"the {name}" if article else name), match[0])
