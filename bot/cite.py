"""Citing: a written line is looked up in the passages it names and becomes quotes with footnote numbers.

A quote is never believed: its text is always copied from the stored version at the place where it was found.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import lru_cache

from bot.conversation import Citation, Context, Quote, Sentence
from store.passage import Document, Found, Passage

_MARKED = re.compile(r"^(.*\S)\s*\[(\d{1,3})\]\s*$", re.DOTALL)
_ALIKE = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
                        "‐": "-", "‑": "-", "–": "-", "—": "-"})  # fmt: skip


@lru_cache(maxsize=64)
def normal(text: str) -> tuple[str, list[int]]:
    """A text with case, quotes, dashes and spaces made alike, and each of its characters' place in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letter = " "
        for folded in letter.translate(_ALIKE).casefold():
            letters.append(folded)
            places.append(place)
    return "".join(letters), places


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where `words` stand in `text`, alike but for case, quotes, dashes and spaces: a span, or None."""
    wanted = normal(words)[0].strip()
    held, places = normal(text)
    at = held.find(wanted) if wanted else -1
    if at < 0:
        return None
    end = places[at + len(wanted) - 1] + 1
    return places[at], end


class Citer:
    """Turns written lines into sentences with footnotes, numbered 1, 2, 3 in order of appearance."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self._numbers: dict[tuple[str, int, int, int], int] = {}

    async def follow(self, written: AsyncIterator[str]) -> AsyncIterator[Sentence]:
        """Each line of a writer's text as a sentence, as soon as the line is complete."""
        rest = ""
        async for chunk in written:
            *lines, rest = (rest + chunk).split("\n")
            for line in lines:
                if line.strip():
                    yield self.cite(line)
        if rest.strip():
            yield self.cite(rest)

    def cite(self, line: str) -> Sentence:
        """One line "words [n]" as a sentence: quoted where its words stand in passage n, else unsupported."""
        match = _MARKED.match(line)
        words, place = (match.group(1), int(match.group(2))) if match else (line.strip(), 0)
        sentence = Sentence(words, (), "unsupported")
        if 1 <= place <= len(self.found.passages):
            passage = self.found.passages[place - 1]
            span = locate(words, passage.text)
            if span is not None:
                number = self._number(passage, passage.start + span[0], passage.start + span[1])
                sentence = Sentence(words, (number,), "quoted")
        self.sentences.append(sentence)
        return sentence

    def _number(self, passage: Passage, start: int, end: int) -> int:
        """The footnote of a quote: the one that it has already, or the next."""
        document = passage.document
        key = (document.id, document.version, start, end)
        if key not in self._numbers:
            text = passage.text[start - passage.start : end - passage.start]
            quote = Quote(document.id, document.version, start, end, text)
            self._numbers[key] = len(self.citations) + 1
            self.citations.append(Citation(self._numbers[key], quote, document, self._also_in(quote, passage)))
        return self._numbers[key]

    def _also_in(self, quote: Quote, cited: Passage) -> tuple[Document, ...]:
        """Other articles among the passages in which the same words stand."""
        others = {document.id: document for document in cited.also_in}
        for passage in self.found.passages:
            if passage.document.id != quote.document and locate(quote.text, passage.text):
                others[passage.document.id] = passage.document
        return tuple(others.values())

    def context(self) -> Context | None:
        """The whole passage of the best cited sentence, with every quote that lies in it marked."""
        spans = {(c.quote.document, c.quote.start, c.quote.end): c.number for c in self.citations}
        for sentence in self.found.sentences:
            number = spans.get((sentence.passage.document.id, sentence.start, sentence.end))
            if number is not None:
                home = sentence.passage
                inside = [
                    (c.quote.start, c.quote.end) for c in self.citations
                    if c.quote.document == home.document.id and home.start <= c.quote.start and c.quote.end <= home.end
                ]  # fmt: skip
                return Context(number, home.start, home.end, home.text, tuple(sorted(inside)))
        return None
