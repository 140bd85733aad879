"""Citing: written sentences are looked up in the passages and become quotes with footnote numbers and verdicts.

A quote is never believed: its text is always copied from the stored version at the place where it was found.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence

from bot.conversation import Citation, Context, Quote, Sentence, shown
from bot.errors import StreamCut
from bot.reading import NO_SOURCE, Checker, Reading, Support
from bot.reading.quotes import locate
from store.passage import Document, Passage
from store.split import sentences as cut

_LINE = re.compile(r"^(.*\S)\s*\[(\d{1,3})\]\s*$", re.DOTALL)
_NUMBERS = r"\s*[Pp]?\d{1,3}(?:\s*[-–,;&]\s*[Pp]?\d{1,3})*\s*"
_NAMED = r"(?:articles?|passages?|sources?|documents?|refs?\.?)\s*:?\s*"
_MARKER = re.compile(
    rf"[ \t]*(?:\[\^?({_NUMBERS})\]|【({_NUMBERS})】|［({_NUMBERS})］|[(\[]{_NAMED}[\[(]?({_NUMBERS})[\])]?[)\]]"
    rf"|\(({_NUMBERS})\)|(?<=[.!?,;\"”’)])([⁰¹²³⁴-⁹]+))",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"[ \t]*(?:[\[【［(][\s\w:.,;&^–\[(-]{0,24}|<[^<>]{0,24})?$"
)  # what may yet become a marker or a tag
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SOURCES = re.compile(
    r"^\W*(?:sources?|references|citations|footnotes|quellen|fuentes)\b\W*(?:[\[(\d]|:|$)|^\s*\[\^?\d{1,2}\]:",
    re.IGNORECASE,
)
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_RULE = re.compile(r"^[\s|:=_*-]*[-=_*]{3,}[\s|:=_*-]*$")  # a line drawn, or that below a table's head
_PREFIX = re.compile(r"^\s*(?:#{1,6}\s+|>\s+|[-*•]\s+|\d{1,2}[.)]\s+)")
_OPENING = re.compile(r"\s+[\"'“‘«(\[]$")
CUT_OFF = "cut off"
_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*\s*$")
_SHORT = "capt|dr|mr|mrs|ms|gen|gov|sen|rep|st|lt|col|adm|prof|no|vs|inc|corp|co|jr|sr|jan|feb|aug|sept?|oct|nov|dec"
_UNSURE = re.compile(rf"(?:\b[^\W\d_]|\b(?:[^\W\d_]\.)+[^\W\d_]|\d|\b(?:{_SHORT}))\.$", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|ul|ol|li|div|h\d|tr|td)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_DRESS = re.compile(
    r"\*\*|__|`+|</?(?:p|br|ul|ol|li|sup|sub|b|i|em|strong|div|span|h\d)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


class Citer:
    """Turns written text into sentences with footnotes, numbered 1, 2, 3 in order of appearance."""

    def __init__(self, reading: Reading, checker: Checker, *, strict: bool = False) -> None:
        """With `strict`, a sentence is held back until it is judged, and dropped where it is unsupported."""
        self.reading, self.found = reading, reading.found
        self.checker = checker
        self.strict = strict
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.unknown = 0  # markers that name no passage
        self._numbers: dict[tuple[str, int, int, int], int] = {}

    # -- a writer of verbatim lines --------------------------------------------------------------

    async def lines(self, written: AsyncIterator[str]) -> AsyncIterator[str]:
        """Each line "words [n]" of a writer that copies, as text with footnote numbers."""
        rest = ""
        async for chunk in written:
            *lines, rest = (rest + chunk).split("\n")
            for line in lines:
                if line.strip():
                    yield shown(self.cite(line)) + " "
        if rest.strip():
            yield shown(self.cite(rest)) + " "

    def cite(self, line: str) -> Sentence:
        """One line "words [n]" as a sentence: quoted where its words stand in passage n, else unsupported."""
        match = _LINE.match(line)
        words, place = (match.group(1), int(match.group(2))) if match else (line.strip(), 0)
        sentence = Sentence(words, (), "unsupported", NO_SOURCE)
        if 1 <= place <= len(self.found.passages):
            passage = self.found.passages[place - 1]
            span = locate(words, passage.text)
            if span is not None:
                number = self._number(passage, passage.start + span[0], passage.start + span[1])
                sentence = Sentence(words, (number,), "quoted")
        self.sentences.append(sentence)
        return sentence

    # -- a writer of prose -----------------------------------------------------------------------

    async def prose(self, written: AsyncIterator[str]) -> AsyncIterator[str]:
        """A model's text as it comes: its markers held back to each sentence's end and resolved there.

        A list of sources of its own is dropped. Yields pieces of text; joined, they are what is shown.
        """
        line, cut_short = _Line(self), None
        try:
            async for chunk in written:
                *whole, rest = chunk.replace("\r", "\n").split("\n")
                for part in whole:
                    for piece in line.feed(part, final=True):
                        yield piece
                    line = _Line(self, over=line.sources)
                for piece in line.feed(rest):
                    yield piece
        except StreamCut as error:  # what has come is judged all the same
            cut_short = error
        for piece in line.feed("", final=True, early=cut_short is not None):
            yield piece
        if cut_short is not None:
            raise cut_short

    def cut_off(self, words: str) -> Sentence:
        """What came of a sentence before the stream was cut: whatever stands behind it, it is not what was meant."""
        sentence = Sentence(words, (), "unsupported", CUT_OFF)
        if not self.strict:
            self.sentences.append(sentence)
        return sentence

    def judged(self, words: str, places: Sequence[int]) -> Sentence:
        """A sentence of prose with its verdict and footnotes; `places` are the passages that its markers name."""
        known = [self.found.passages[place - 1] for place in places if 1 <= place <= len(self.found.passages)]
        self.unknown += len(places) - len(known)
        best = self.checker.check(words, known, self.found.passages)
        sentence = Sentence(words, (), best.verdict, best.why)
        if best.verdict in ("quoted", "supported") and best.passage is not None:
            spans: list[Support] = [best, *best.others]
            numbers = [self._number(span.passage, span.start, span.end) for span in spans if span.passage]
            for other in known:
                more = self.checker.check(words, [other], [])
                if other.id != best.passage.id and more.verdict in ("quoted", "supported"):
                    numbers.append(self._number(other, more.start, more.end))
            sentence = Sentence(words, tuple(dict.fromkeys(numbers)), best.verdict)
        if not (self.strict and sentence.verdict == "unsupported"):
            self.sentences.append(sentence)
        return sentence

    # -- footnotes -------------------------------------------------------------------------------

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
        for sentence in self.reading.sentences:
            number = spans.get((sentence.passage.document.id, sentence.start, sentence.end))
            if number is not None:
                home = sentence.passage
                quotes = [c.quote for c in self.citations if c.quote.document == home.document.id]
                inside = [(q.start, q.end) for q in quotes if home.start <= q.start and q.end <= home.end]
                return Context(number, home.start, home.end, home.text, tuple(sorted(inside)))
        return None


class _Line:
    """One line of prose while it grows. Text flows up to the last whole word; a sentence ends when the next begins."""

    def __init__(self, citer: Citer, *, over: bool = False) -> None:
        """`over` where an earlier line began a list of sources: nothing of this one is shown."""
        self._citer = citer
        self._raw = ""
        self._ended = 0  # characters of clean text whose sentences are judged
        self._out = 0  # characters of clean text that were yielded
        self._early = False  # the stream ended too soon
        self.sources = over  # the line begins a list of sources, or stands under one

    def feed(self, more: str, *, final: bool = False, early: bool = False) -> Iterator[str]:
        """What can be shown after `more` has come; with `final` the line is over, with `early` before its end."""
        self._raw += more
        self._early = early
        if self.sources or (_SOURCES.match(self._raw) and (final or ":" in self._raw or len(self._raw) > 40)):
            self.sources = True
            return
        if not final and len(self._raw) < 14 and not self._out:  # it may yet be a heading or a list of sources
            return
        if final and (self._raw.strip().startswith("```") or _RULE.match(self._raw)):
            return
        if not final and self._raw.lstrip().startswith("|"):  # a table's row is read when it is whole
            return
        settled = self._raw if final else self._raw[: _held(self._raw)]
        text, markers = clean(settled, len(self._citer.found.passages))
        limit = len(text) if final else text.rfind(" ") + 1
        spans = _opened(text, cut(text, self._ended, limit))
        whole = spans if final else spans[:-1]
        for start, end in whole:
            yield from self._finish(text, start, end, markers, last=(start, end) == spans[-1])
        if spans and not final and not self._citer.strict:
            stop = spans[-1][1]
            if stop > self._out:
                yield text[self._out : stop]
                self._out = stop
        if final and spans:
            yield "\n"

    def _finish(
        self, text: str, start: int, end: int, markers: list[tuple[int, list[int]]], *, last: bool
    ) -> Iterator[str]:
        """The rest of a sentence, its footnotes, and a space before the next."""
        following = len(text) if last else end + len(text[end:]) - len(text[end:].lstrip())
        places = [place for at, named in markers if start < at <= following for place in named]
        words = text[start:end]
        if last and self._early and not _whole(words):
            sentence = self._citer.cut_off(words)
        else:
            sentence = self._citer.judged(words, list(dict.fromkeys(places)))
        self._ended = following
        if self._citer.strict:
            self._out = following
            if sentence.verdict != "unsupported":
                yield shown(sentence) + ("" if last else " ")
            return
        if end > self._out:
            yield text[self._out : end]
        yield shown(sentence)[len(sentence.text) :] + ("" if last else " ")
        self._out = following


def _whole(words: str) -> bool:
    """Whether the last sentence before a cut is over: a full stop ends it that belongs to no abbreviation or number."""
    end = _END.search(words)
    return end is not None and not _UNSURE.search(words[: end.start() + 1])


def _opened(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences with an opening quote or bracket given back to the sentence that it opens.

    Until the closing one has come, the splitter leaves it at the end of the sentence before.
    """
    for i, (start, end) in enumerate(spans[:-1]):
        opening = _OPENING.search(text, start, end)
        if opening:
            spans[i], spans[i + 1] = (start, opening.start()), (opening.end() - 1, spans[i + 1][1])
    return spans


def clean(raw: str, most: int) -> tuple[str, list[tuple[int, list[int]]]]:
    """A line without Markdown and markers, and the markers as (place in the clean text, passages named).

    Numbers in round brackets are a marker only where there are that many passages (`most`).
    """
    if row := _ROW.match(raw):
        raw = ": ".join(cell.strip() for cell in row[1].split("|") if cell.strip())
    raw = _DRESS.sub("", _PREFIX.sub("", _BLOCK.sub(" ", raw).lstrip() if "<" in raw else raw))
    text, markers, at = "", [], 0
    for match in _MARKER.finditer(raw):
        numbers = _named(next(group for group in match.groups() if group))
        if match.group(5) and not all(1 <= number <= most for number in numbers):
            continue
        text += raw[at : match.start()]
        markers.append((len(text), numbers))
        at = match.end()
    return text + raw[at:], markers


def _named(numbers: str) -> list[int]:
    """The numbers in a marker: "1, 3" and "1-3" as lists."""
    found: list[int] = []
    for part in re.split(r"[,;&]", numbers.translate(_HIGH).lower().replace("p", "")):
        low, _, high = part.replace("–", "-").partition("-")
        if low.strip():
            first, final = int(low), int(high) if high.strip() else int(low)
            found.extend(range(first, min(final, first + 20) + 1) if final >= first else [first])
    return found


def _held(raw: str) -> int:
    """How much of an unfinished line is settled: what may yet become a marker waits."""
    match = _OPEN.search(raw)
    return match.start() if match else len(raw)
