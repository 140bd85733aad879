"""Citing: each written sentence is looked up in the passages and gets quotes, footnote numbers and a verdict.

A quote is never believed: its text is always copied from the stored version at the place where it was found.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Sequence

from bot.conversation import Citation, Context, Quote, Sentence, shown
from bot.errors import StreamCut
from bot.reading import NO_SOURCE, PASSED, Candidate, Checker, Reading, Support
from bot.reading.quotes import answering, locate, plain
from bot.reading.speaker import speaker
from bot.reading.yesno import WORDS
from store.copies import Sayings, said
from store.passage import Document, Passage
from store.split import sentences as cut

WINDOW = 2800  # characters cut into sentences at once: longer text without a space is cut all the same
HELD = 480  # characters at the end of an unfinished line that may become a marker or a tag
_LINE = re.compile(r"^(.*\S)\s*\[(\d{1,3})\]\s*$", re.DOTALL)
_NAMES = (
    r"(?:articles?|passages?|sources?|documents?|docs?|refs?\.?|references?|cit(?:es?|ations?)|footnotes?|excerpts?"
    r"|snippets?|chunks?|texts?|results?|contexts?|quellen?|fuentes?|fn)"
)
_NAMED = rf"(?:(?:see|from|per|cf\.|via)\s)?{_NAMES}\s?[:=]?\s?"
_NUMBERS = (
    r"\s?[#№]?(?:[Pp]\.?\s?)?\d{1,3}(?:\s?(?:[-–—‑,;&+]|\band\b|\bund\b|\by\b|\bet\b|\]\s?[,;]?\s?\[)\s?"
    rf"(?:{_NAMES}\s?)?[#№]?(?:[Pp]\.?\s?)?\d{{1,3}}){{0,15}}\s?"
)
_DETAIL = r"(?:[†‡§][^\[\]【】\n]{0,60}|:\d{1,3}(?:†[^\[\]【】\n]{0,60})?|:?L\d{1,4}(?:-L?\d{1,4})?)?"
_OPENS, _CLOSES = r"(?:\\?[\[【［〔⟦]){1,3}\^?", r"(?:\\?[\]】］〕⟧]){1,3}"
_LINK = r"(?:\((?!\d)[^()\s]{1,300}(?:\s\"[^\"\n]{0,60}\")?\))?"
_BRACKETED = rf"{_OPENS}({_NUMBERS}){_DETAIL}{_CLOSES}{_LINK}"
_MARKER = re.compile(
    rf" ?(?:[$^]{{0,2}}\(\s?{_BRACKETED}\s?\)|[$^]{{0,2}}{_BRACKETED}[$^]{{0,2}}"
    rf"|[(\[]{_NAMED}[\[(]?({_NUMBERS})(?:[,:][^\[\]()\n]{{0,80}})?[\])]?[)\]]{_LINK}"
    rf"|[({{]{{1,2}}({_NUMBERS})[)}}]{{1,2}}"
    rf"|\$?\^[{{(]?({_NUMBERS})[)}}]?[\^$]|\\cite\{{({_NUMBERS})\}}"
    rf"|(?<=[.!?,;\"”’)])(?<![⁰¹²³⁴-⁹],)(?: ?\^(\d{{1,3}})\b|⁽?([⁰¹²³⁴-⁹]+(?:[⁻˒,⸴][⁰¹²³⁴-⁹]+)*)⁾?)"
    rf"|(?<=[\w.!?,;\"”’)]) ?([①-⑳]+)"
    r"|\((?:sources?|refs?|references?|quellen?|fuentes?)\s?:\s?[^()\[\]\n]{1,120}\))",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r" ?\((?:\w+\s)?articles?\b", re.IGNORECASE)  # of a treaty, maybe
_TAGGED = re.compile(
    rf"<(?:sup|cite|ref|citation|source|footnote|a)\b[^<>]{{0,200}}>\s?((?:\\?\[)?{_NUMBERS}(?:\\?\])?)\s?</\w{{1,8}}>",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r" ?(?:[\\$^]{0,2}(?:(?:\\?[\[【［〔⟦({]){1,3}+[\w\s:=.,;&+#№^†‡§–—‑-]{0,80}+"
    r"(?:\\?$|(?:\\?[\]】］〕⟧)}]){1,3}+[$^]{0,2}+(?:\((?=[^\d()\s])[^()\n]{0,380}+\)?)?+[,;]?\s?)?+){1,5}+"
    r"|\((?:sources?|refs?|references?|quellen?|fuentes?)\s?:[^()\n]{0,121}\)?"
    r"|<[^<>]{0,220}|<(?:sup|cite|ref|citation|source|footnote|a)\b[^<>]{0,200}>[^<>]{0,120}(?:<[^<>]{0,9})?"
    r"|[$\\]?[\\^](?!\s)\w{0,4}[{(\[]{0,2}[\d\s,;–-]{0,60}[)}]?[\^$]?\s?|\$|[⁽⁰¹²³⁴-⁹][⁰¹²³⁴-⁹⁻˒,⸴⁾]{0,80}|[①-⑳]{1,8})?$",
    re.IGNORECASE,
)  # the end of a line that may yet become a marker or a tag, with the space before it
_HIGH = str.maketrans(
    dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
    | {chr(0x245F + number): f" {number} " for number in range(1, 21)}
)
_RANGE = re.compile(r"(?<!\d)(\d{1,3})(?!\d)(?:\s?[-–—‑]\s?(\d{1,3})(?!\d))?")
_SOURCE_LIST = r"(?:sources?|references|citations|footnotes|quellen|fuentes)\b"
_SOURCES = re.compile(rf"\W{{0,30}}{_SOURCE_LIST}\W{{0,30}}(?:[\[(\d]|:|$)|\[\^?\d{{1,2}}\]:", re.IGNORECASE)
_UNDECIDED = re.compile(
    rf"\W{{0,30}}(?:\w{{0,10}}|{_SOURCE_LIST}\W{{0,30}})$|\[\^?\d{{0,2}}\]?$|<[^<>]{{0,200}}$", re.IGNORECASE
)
_LINES = re.compile(r"(?<=\n)")
_ROW = re.compile(r"^\|(.*)\|\s*$")
_RULED = " \t|:=_*-"  # characters of a line drawn, or of that below a table's head
_BLANKS = re.compile(r"[ \t]+")
_PREFIX = re.compile(r"^(?:#{1,6}\s+|>\s+|[-*•]\s+|\d{1,2}[.)]\s+)")
_OPENING = re.compile(r"\s[\"'“‘«(\[]$")
_END = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*\s*$")
_SHORT = "capt|dr|mr|mrs|ms|gen|gov|sen|rep|st|lt|col|adm|prof|no|vs|inc|corp|co|jr|sr|jan|feb|aug|sept?|oct|nov|dec"
_UNSURE = re.compile(rf"(?:\b[^\W\d_]|\b(?:[^\W\d_]\.)+[^\W\d_]|\d|\b(?:{_SHORT}))\.$", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|ul|ol|li|div|h\d|tr|td)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_DRESS = re.compile(
    r"\*\*|__|`+|</?(?:p|br|ul|ol|li|sup|sub|b|i|em|strong|div|span|h\d|a|cite)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE
)


class Citer:
    """Turns written text into sentences with footnotes, numbered 1, 2, 3 in order of appearance."""

    def __init__(self, reading: Reading, checker: Checker, *, strict: bool = False) -> None:
        """With `strict`, a sentence is held back until it is judged, and dropped where it is unsupported."""
        self.reading, self.passages, self.checker, self.strict = reading, reading.found.passages, checker, strict
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []

    def lead(self) -> Sentence | None:
        """What the reading says before its sentences, with footnotes; after a colon each sentence has its own."""
        if (stand := self.reading.stand) is not None:
            return self._said(WORDS[stand], () if stand == "unsaid" else self.reading.sentences[:1])
        return self._said(words := self.reading.opening, () if words.endswith(":") else self.reading.told)

    def ending(self) -> Sentence | None:
        """What the reading says behind its sentences."""
        return self._said(self.reading.closing, ())

    def _said(self, words: str, rows: Sequence[Candidate]) -> Sentence | None:
        """Words of our own with the footnotes of the sentences that bear them out; nothing where there are none."""
        if not words:
            return None
        numbers = tuple(dict.fromkeys(self._number(row.passage, row.start, row.end) for row in rows))
        self.sentences.append(Sentence(words, numbers, "supported" if numbers else "none"))
        return self.sentences[-1]

    async def lines(self, written: AsyncIterator[str]) -> AsyncIterator[Sentence]:
        """Each line "words [n]" of a writer that copies, as a sentence with footnote numbers."""
        rest = ""
        async for chunk in written:
            *lines, rest = (rest + chunk).split("\n")
            for line in filter(str.strip, lines):
                yield self.cite(line)
        if rest.strip():
            yield self.cite(rest)

    def cite(self, line: str) -> Sentence:
        """One line "words [n]" as a sentence: quoted where its words stand in passage n, else unsupported."""
        match = _LINE.match(line)
        words, places = (match[1], [int(match[2])]) if match else (line.strip(), [])
        sentence = Sentence(words, (), "unsupported", NO_SOURCE)
        for passage in self._known(places):
            if span := locate(words, passage.text):
                number = self._number(passage, passage.start + span[0], passage.start + span[1])
                quote = self.citations[number - 1].quote
                sentence = Sentence(words, (number,), "quoted", answer=answering(words, quote))
        self.sentences.append(sentence)
        return sentence

    async def prose(self, written: AsyncIterator[str]) -> AsyncIterator[str]:
        """A model's text as it comes: its markers held back to each sentence's end and resolved there.

        A list of sources of its own is dropped. Yields pieces of text; joined, they are what is shown.
        """
        line, cut_short = _Line(self), None
        try:
            async for chunk in written:
                for part in _LINES.split(chunk.replace("\r", "\n")):
                    async for piece in line.feed(part.rstrip("\n"), final=part.endswith("\n")):
                        yield piece
                    line = _Line(self, over=line.sources) if part.endswith("\n") else line
        except StreamCut as error:  # what has come is judged all the same
            cut_short, line.early = error, True
        async for piece in line.feed("", final=True):
            yield piece
        if cut_short is not None:
            raise cut_short

    async def judged(self, words: str, places: Sequence[int], *, cut_off: bool) -> Sentence:
        """A sentence of prose with its verdict and footnotes; `places` are the passages that its markers name.

        One that is cut off is unsupported, whatever its beginning rests on.
        """
        known, best, spans = self._known(places), Support("unsupported", why="cut off"), list[Support]()
        if not cut_off:
            best, spans = await asyncio.to_thread(self._checked, words, known)
        numbers = [self._number(span.passage, span.start, span.end) for span in spans if span.passage]
        answer = answering(words, self.citations[numbers[0] - 1].quote) if numbers else None
        sentence = Sentence(words, tuple(dict.fromkeys(numbers)), best.verdict, "" if numbers else best.why, answer)
        if not (self.strict and sentence.verdict == "unsupported"):
            self.sentences.append(sentence)
        return sentence

    def _known(self, places: Sequence[int]) -> list[Passage]:
        """The passages that markers name, counted from 1."""
        return [self.passages[place - 1] for place in places if 1 <= place <= len(self.passages)]

    def _checked(self, words: str, known: Sequence[Passage]) -> tuple[Support, list[Support]]:
        """The check's result, and all spans that carry the sentence, none where it is not carried."""
        if not any(letter.isalnum() for letter in words):  # a run of signs says nothing
            return Support("none"), []
        best = self.checker.check(words, known, self.passages)
        if best.verdict not in PASSED or best.passage is None:
            return best, []
        more = [self.checker.check(words, [other], []) for other in known if other.id != best.passage.id]
        carrying = (best, *(support for support in more if support.verdict in PASSED))
        return best, [span for support in carrying for span in (support, *support.others)]

    def _number(self, passage: Passage, start: int, end: int) -> int:
        """The footnote of a quote: its own if it has one, or the next; of a correction all is quoted."""
        if (note := passage.note) and note.end <= passage.end:
            start, end = note.start, note.end
        document, text = passage.document, passage.text[start - passage.start : end - passage.start]
        answer, page = self._answer(document.id, start, end), passage.page(start)
        quote = Quote(document.id, document.version, start, end, text, answer, page)
        number = next((one.number for one in self.citations if one.quote == quote), len(self.citations) + 1)
        if number > len(self.citations):
            also_in, origins = self._also_in(quote, passage)
            said = None if note else speaker(passage, start, end)
            self.citations.append(Citation(number, quote, document, also_in, origins, said))
        return number

    def _answer(self, document: str, start: int, end: int) -> tuple[int, int] | None:
        """The answering words of the best sentence that lies in a quote; first those by which reports differ."""
        rows = (*self.reading.versions.rows, *self.reading.sentences)
        spans = (row.answer for row in rows if row.passage.document.id == document)
        return next((span for span in spans if span and start <= span[0] and span[1] <= end), None)

    def _also_in(self, quote: Quote, cited: Passage) -> tuple[tuple[Document, ...], int]:
        """Other articles with the same words, and how many origins all have: one for those that share more."""
        others, origins = dict[str, Document](), {cited.document.kin or cited.document.id}
        for passage in (cited, *self.passages):
            if passage is not cited and not locate(quote.text, passage.text):
                continue
            origins.add(passage.document.kin or passage.document.id)
            copies = (copy.document for copy in passage.copies if _stands(quote.text, copy.text))
            others |= {document.id: document for document in (passage.document, *copies)}
        others.pop(quote.document, None)
        return tuple(others.values()), len(origins)

    def context(self) -> Context | None:
        """The whole passage of the best cited sentence, with every quote that lies in it marked."""
        for sentence in self.reading.sentences:
            home = sentence.passage
            cited = [one for one in self.citations if one.quote.document == home.document.id]
            spans = [(one.quote.start, one.quote.end) for one in cited]
            for one, (start, end) in zip(cited, spans, strict=True):
                within = plain(one.quote.text) in plain(sentence.text)  # a quote has the unseen characters round it
                if within and start < sentence.end and sentence.start < end:
                    marks = sorted(span for span in spans if home.start <= span[0] and span[1] <= home.end)
                    return Context(one.number, home.start, home.end, home.text, tuple(marks))
        return None


def _stands(quote: str, text: str) -> bool:
    """Whether a quote stands in a copy of its passage, maybe with a word changed that is no figure and no name."""
    if locate(quote, text):
        return True
    sayings = Sayings(text)
    return all(one in sayings for one in said(quote))


class _Line:
    """One line of prose while it grows. Text flows up to the last whole word; a sentence ends when the next begins.

    Raw text waits in `_head` until the kind of line is known, then in `_rest` while it may become a marker; clean text
    waits in `_text` for its sentence's end. Each character is read a bounded number of times.
    """

    def __init__(self, citer: Citer, *, over: bool = False) -> None:
        """`over` where an earlier line began a list of sources: nothing of this one is shown."""
        self._citer = citer
        self._head: list[str] | None = [""]
        self._whole = False  # a table's row or a fence: read when it is whole
        self._rest = ""
        self._text = ""
        self._last = ""  # the character before the next one of the clean text
        self._markers: deque[tuple[int, list[int]]] = deque()  # place in all of the clean text, passages named
        self._gone = 0  # characters of clean text whose sentences were judged and let go
        self._out = 0  # characters of `_text` that were yielded
        self._begun = False
        self.early = False  # the line was cut short
        self.sources = over  # the line begins a list of sources, or stands under one

    async def feed(self, more: str, *, final: bool) -> AsyncIterator[str]:
        """The text that can be shown once `more` has come; `final`: the line is over."""
        if self._head is not None and not self.sources:
            more = self._opening(more, final=final)
        if self.sources or self._head is not None:
            return
        raw = _BLANKS.sub(" ", self._rest + more)
        settled = len(raw) if final else _settled(raw)
        self._rest = raw[settled:]
        clean = self._clean(raw[:settled])
        for low in range(0, max(1, len(clean)), WINDOW):
            self._text += clean[low : low + WINDOW]
            over = final and low + WINDOW >= len(clean)
            if over or " " in clean[low : low + WINDOW] or len(self._text) > WINDOW:
                async for piece in self._advance(final=over):
                    yield piece
        if final and self._begun:
            yield "\n"

    def _opening(self, more: str, *, final: bool) -> str:
        """The line's raw text so far once it is clear that it is prose; then `_head` is None."""
        assert self._head is not None
        self._head.append(more)
        ruled = len(self._head[0]) > 2 and not self._head[0].strip(_RULED)
        if not final and (self._whole or (ruled and not more.strip(_RULED))):
            return ""
        raw = "".join(self._head).lstrip()
        self._head = [raw]
        if raw.startswith("```") or not raw.strip(_RULED):
            self._whole = raw.startswith("`")
            return ""
        if final and (row := _ROW.match(raw)):
            raw = ": ".join(cell.strip() for cell in row[1].split("|") if cell.strip())
        raw = _BLOCK.sub(" ", raw).lstrip() if "<" in raw else raw
        self._whole = raw.startswith("|")
        if not final and (self._whole or len(raw) < 14 or _UNDECIDED.match(raw)):
            return ""
        self._head, self.sources = None, bool(_SOURCES.match(raw))
        return _PREFIX.sub("", raw)

    def _clean(self, raw: str) -> str:
        """Raw text without Markdown and markers; the markers are kept with their places.

        Numbers in round brackets or braces are a marker only where there are that many passages.
        """
        most = len(self._citer.passages)
        if "<" in raw:
            raw = _TAGGED.sub(r"[\1]", _BLOCK.sub(" ", raw))
        raw = self._last + _DRESS.sub("", raw)
        pieces, at = [], len(self._last)
        length = self._gone + len(self._text)
        for match in _MARKER.finditer(raw, at):
            numbers = named(next(filter(None, match.groups()), ""))
            loose = match[4] or _ARTICLE.match(match[0])
            if loose and not all(1 <= number <= most for number in numbers):
                continue
            pieces.append(raw[at : match.start()])
            length += len(pieces[-1])
            self._markers.append((length, numbers))
            at = match.end()
        text = "".join([*pieces, raw[at:]])
        self._last = text[-1:] or self._last
        return text

    async def _advance(self, *, final: bool) -> AsyncIterator[str]:
        """Judges the sentences that are over; shows what has come of the next one."""
        over = False
        while not over:
            text, forced = self._text, len(self._text) > WINDOW
            over = not forced
            limit = WINDOW if forced else len(text)
            spans = cut(text, 0, limit if final and not forced else text.rfind(" ", 0, limit) + 1)
            if forced and len(spans) < 2:
                spans = cut(text, 0, WINDOW)
            spans = _opened(text, spans)
            self._begun = self._begun or bool(spans)
            whole = spans if final and not forced else spans[:-1] or (spans if forced else [])
            done = 0
            for start, end in whole:
                last = final and over and (start, end) == spans[-1]
                done = len(text) if last else end + len(text[end:]) - len(text[end:].lstrip())
                async for piece in self._finish(text, start, end, done, last=last):
                    yield piece
            if spans and not final and over and not self._citer.strict and spans[-1][1] > self._out:
                yield text[self._out : spans[-1][1]]
                self._out = spans[-1][1]
            if forced and not done:
                done = WINDOW  # blanks
            self._text, self._gone, self._out = text[done:], self._gone + done, max(0, self._out - done)

    async def _finish(self, text: str, start: int, end: int, following: int, *, last: bool) -> AsyncIterator[str]:
        """The rest of a sentence, its footnotes, and a space before the next."""
        places: list[int] = []
        while self._markers and self._markers[0][0] <= self._gone + following:
            at, numbers = self._markers.popleft()
            places += numbers if at > self._gone + start else []
        words = text[start:end]
        cut_off = last and self.early and not _whole(words)
        sentence = await self._citer.judged(words, list(dict.fromkeys(places)), cut_off=cut_off)
        space = "" if last else " "
        if not self._citer.strict:
            yield text[self._out : end] + shown(sentence)[len(sentence.text) :] + space
        elif sentence.verdict != "unsupported":
            yield shown(sentence) + space
        self._out = following


def _whole(words: str) -> bool:
    """Whether the last sentence before a cut is over: its full stop belongs to no abbreviation or number."""
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


def named(numbers: str) -> list[int]:
    """The numbers in a marker: "1, 3" and "1-3" as lists."""
    listed: list[int] = []
    for low, high in _RANGE.findall(numbers.translate(_HIGH)):
        first, final = int(low), int(high or low)
        listed.extend(range(first, min(final, first + 20) + 1) if final >= first else [first])
    return listed


def _settled(raw: str) -> int:
    """The length of an unfinished line's settled part; an end that may become a marker, a tag or emphasis waits."""
    match = _OPEN.search(raw, max(0, len(raw) - HELD))
    stop = match.start() if match else len(raw)
    for sign in "*_":
        stop -= stop == len(raw) and (len(raw) - len(raw.rstrip(sign))) % 2
    return stop
