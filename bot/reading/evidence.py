"""The reader: which sentences of the passages found answer a question, with which words, and the evidence that they do.

The reading model scores every passage; the passage's rank and the model's span order the sentences.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from bot.reading import Candidate, Reading
from bot.reading.definition import defined, subject
from bot.reading.lists import listed
from bot.reading.onnx import ReadingModel, Scores
from bot.reading.overlap import covered, lacking, near, said, unknown
from store.embed import Embedding
from store.passage import Document, Found, Passage, Query, days_of
from store.split import sentences as cut
from store.words import DATELINE, STOP, stem, tokens

READ = 8  # most passages that the model reads
NEAR = 0.6  # least share of the best passage's score that a passage needs to be read
LONGEST = 30  # most tokens of the words that answer
MARKED = -3.0  # least logit of words that are said to answer
ALONE = 4  # best sentences that are read once more, each without its passage
NUMBER = 30  # most characters of a number, with the word that joins it to another

WEIGHTS = {
    "rank": 4.90,
    "span": 0.36,
    "headed": 2.0,
    "near": 1.29,
    "timed": 3.52,
    "defines": 4.0,
    "lead": 1.0,
    "note": -1.0,
    "other_year": -1.5,
}
"""Weights of a sentence's features, fitted by `python -m evals.fit.sentences`.

rank: its passage's score, of the best one's; span: logit of the words in it that answer best, less that of "not here";
headed: see `_headed`; near: see `near`; timed: 1 for an article of a time that the question names; defines: see
`defined`; lead: 1 where its article begins, falling with the distance from there (LEAD), as news tells the main thing
first; note: 1 for a correction, which repeats what its article says; other_year: see `_other_year`. The sets hold few
headings, questions for a definition, notes and sentences of other years, so these weights were set by hand.
"""
LEAD = 1_000.0  # characters after which what a sentence gains by standing early in its article falls to 1/e
ASKS = 0.7  # least share of the question's words, by rarity, in a heading that asks what the question does
QUOTES = ('"', "”", "’", "'", "»")  # marks that end somebody's words
JOINS = frozenset("a an and at by for from in nor of on or the to vs with".split()) | listed("joining")
"""Words without a capital that names and titles have ("The Ministry of Defence and Carrie")."""
REPLY = 4  # fewest words of a reply that is quoted without the question before it
APART = timedelta(days=14)  # least time between a time and an article that does not tell of it
LINE = 120  # most characters of a heading or a line of a list

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"\b(?:1[89]\d\d|20\d\d)\b")
_WORD = re.compile(r"\w[\w'’-]*")
# A caption ends in the full date of the picture, or says where in it somebody stands, or belongs to a gallery; a line
# of the page sends the reader elsewhere.
_PAGE = re.compile(
    r", (?:on |in )?(?:\w{3,6}day,? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\.? \d{1,2}, \d{4}"
    r"\.?[\"”]?$"
    r"|\((?:from )?(?:left|right|center|centre)\b|, (?:left|right|center|centre),|\bGetty Images\b|\bfile photo\b"
    r"|\bin pictures\b|^(?:check|click|read|see|sign up|subscribe)\b.*\b(?:here|more|newsletter)\b",
    re.I,
)
_ENDED = re.compile(r"[.!…。！؟।][\"'”’)\]»]*(?:\s?\[\d{1,3}\])*$")  # marks of notes may follow
_ASKS = re.compile(r"[?？؟][\"'”’)\]»]*$")
_ATTRIBUTION = re.compile(
    r"(?:[\w.'’-]{1,40} ){1,4}"
    r"(?:said|says|told \w{1,40}|tweeted|wrote|added|asked|replied|answered|explained|joked|noted|recalled)\."
    r"|(?:said|says|tweeted|wrote|added|asked|replied|explained) (?:[\w.'’-]{1,40} ){0,3}[\w'’-]{1,40}\."
)
_SPEAKER = re.compile(r"^\W?[A-Z][\w.'’ -]{0,30}: ")
_LIST = re.compile(r":\s*\n[^\n]+\n")
_LABEL = re.compile(r"[^\W\d]['’]?:[^\W\d]")
_MORE = re.compile(r"(?: [A-ZÀ-Þ][a-zß-ÿ][\w’-]{1,40}){1,4}")  # of a name
_PROMPT = re.compile(
    r"^[ \t]*(?:question|q|user|human)[ \t]*:[^\r\n]*(?:\r\n?|\n)?[ \t]*\b(?:answer|a|assistant|ai|bot)[ \t]*:[^\r\n]*",
    re.I | re.M,
)
"""A question with its answer on the line below, as a program is shown them."""
_LEAST = re.compile(
    r"(?:(?<=between )(?P<both>)|(?<!from )(?<![\d.,$€£]))[$€£]?\d[\d,.]*(?: (?:thousand|[mb]illion))?"
    r"(?(both) and |(?: to | ?[-–] ?))$",
    re.I,
)
"""The lower bound of a range, before its upper one; "from 12 to 19" may tell a change."""
_DIGITS = frozenset("0123456789$€£")
_ITEM = re.compile(r"(?:[-*•·]|\d{1,2}[.)])\s")


class ModelReader:
    """The reader by the reading model; see `read`."""

    id = "reader-5"

    def __init__(self, model: ReadingModel, embedding: Embedding) -> None:
        self.model = model
        self._embedding = embedding

    def read(self, query: Query, found: Found) -> Reading:
        """The sentences of the passages, best first, and the evidence that they answer; the passages are reranked.

        Raises ReaderMissing where the model cannot be loaded.
        """
        passages = readable(found)
        scores = self._scores(query, passages)
        rows = _ordered(query, found, scores)
        if not rows:
            return Reading(found, unknown=unknown(query, found))
        home = rows[0].passage
        coverage = covered(query, found, home.document, self._embedding)
        answer = scores[passages.index(home)].answer
        support = max(one.support[0] - one.support[1] for one in scores)
        alone = self.model.scores(query.text, [replace(row.passage, text=row.text) for row in rows[:ALONE]])
        vectors = self._embedding.matrix([query.text, rows[0].text])
        likeness = float(vectors[0] @ vectors[1])
        return Reading(
            reordered(found, scores),
            rows,
            coverage,
            lacking(query, found, home),
            answer,
            max(one.answer for one in alone),
            support,
            likeness,
            said(query, found, rows[:ALONE], self._embedding),
            defined(query.text, rows[0].text)[0] if subject(query.text) else 0.0,  # "He was 77." may be of another
            unknown(query, found),
            age(query, home.document),
            timely(query, home.document),
        )

    def read_sentences(self, query: Query, found: Found) -> Reading:
        """The same sentences and passages, without the evidence."""
        scores = self._scores(query, readable(found))
        return Reading(reordered(found, scores), _ordered(query, found, scores))

    def _scores(self, query: Query, passages: Sequence[Passage]) -> Sequence[Scores]:
        """The model's scores of each passage, without what is written for a program."""
        return self.model.scores(query.text, [replace(one, text=unprompted(one.text)) for one in passages])


def readable(found: Found) -> list[Passage]:
    """The passages that the model reads: the first ones, without those far behind."""
    top = _top(found)
    return [passage for passage in found.passages[:READ] if passage.score >= NEAR * top]


def _top(found: Found) -> float:
    """The best passage's score; 1 where there is none."""
    return max((passage.score for passage in found.passages), default=0.0) or 1.0


def _blend(features: Mapping[str, float]) -> float:
    """A sentence's score by its features, or a passage's by those of its best span."""
    return sum(WEIGHTS[name] * value for name, value in features.items())


def reordered(found: Found, scores: Sequence[Scores]) -> Found:
    """What was found, its passages ordered as their best sentences are; those that were not read follow.

    `scores` are those of `readable(found)`.
    """
    top = _top(found)
    blended = {
        passage.id: _blend({"rank": passage.score / top, "span": best_span(read)[0]})
        for passage, read in zip(readable(found), scores, strict=True)
    }
    return replace(found, passages=tuple(sorted(found.passages, key=lambda p: -blended.get(p.id, -math.inf))))


def _ordered(query: Query, found: Found, scores: Sequence[Scores]) -> tuple[Candidate, ...]:
    """The sentences that can stand as an answer, else all, best first. `scores` are those of `readable(found)`."""
    rows = [row for row, _ in sentences(query, found, scores)]
    return tuple(sorted(list(filter(tells, rows)) or rows, key=lambda row: -row.score))


def sentences(query: Query, found: Found, scores: Sequence[Scores]) -> Iterator[tuple[Candidate, dict[str, float]]]:
    """Each sentence of the passages read with its score, answering words and features; of equal ones the first.

    `scores` are those of `readable(found)`.
    """
    top = _top(found)
    seen = set[str]()
    for passage, read in zip(readable(found), scores, strict=True):
        for first, start, end, headed in _headed(passage, found.rarity):
            text = passage.text[first:end]
            if (key := " ".join(text.split()).lower()) in seen:
                continue
            seen.add(key)
            logit, low, high = answering(passage.text, read, start, end)
            defines, *words = defined(query.text, text)
            low, high = _trimmed(passage.text, *(first + at for at in words)) if defines else (low, high)
            known = low < high and not passage.note  # the words of a note may be the wrong ones
            best = (passage.start + low, passage.start + high) if known else None
            told = defines or (logit > MARKED and not subject(query.text))
            place, answer = (passage.start + first, passage.start + end), best if told else None
            row = Candidate(passage, *place, text, answer=answer, likeliest=best)
            features = {"rank": passage.score / top, "span": logit, "headed": headed, "near": near(query, found, row)}
            features |= {"timed": float(query.covers(passage.document)), "defines": defines}
            lead = 0.0 if passage.note else math.exp(-row.start / LEAD)
            features |= {"lead": lead, "note": float(bool(passage.note))}
            features["other_year"] = 0.0 if defines else _other_year(query, passage.document, text)
            yield replace(row, score=_blend(features)), features


def _headed(passage: Passage, rarity: Mapping[str, float]) -> Iterator[tuple[int, int, int, float]]:
    """The sentences of a passage, each with the share of the question that the heading or question above it holds.

    A sentence is given by where its quote begins, where it begins and where it ends: one that leans on the sentence
    before is quoted with it, and left out where that stands in the passage before or is a heading. A heading may end
    the passage before. Shares below ASKS are 0. A correction is one sentence: part of it may state what was wrong.
    """
    if note := passage.note:
        if (note.start, note.end) == (passage.start, passage.end):
            yield 0, 0, len(passage.text), 0.0
        return
    whole, share, previous = sum(rarity.values()) or 1.0, 0.0, (0, 0, "")  # the last that leans on none
    for text, place in ((passage.before, passage.start - len(passage.before)), (passage.text, passage.start)):
        for start, end in _joined(unprompted(text)):
            line = text[start:end]
            if (_open(line) and not _ITEM.match(line)) or _heads(passage, place + start, place + end):
                held = sum(rarity.get(term, 0.0) for term in set(map(stem, tokens(line)))) / whole
                share = held if held >= ASKS else 0.0
            leans = _leans(previous[2], line)
            if text is passage.text and not leans:
                yield start, start, end, share
            elif text is passage.text and previous[0] >= passage.start and not _heads(passage, *previous[:2]):
                yield previous[0] - passage.start, start, end, share
            previous = previous if leans else (place + start, place + end, line)


def unprompted(text: str) -> str:
    """A text in which questions with their answers that are written for a program are blank lines, each as long.

    They stand amid prose; a text that holds more of them than of anything else is a column of questions.
    """
    pairs = [pair.span() for pair in _PROMPT.finditer(text)]
    for start, end in pairs if 2 * sum(end - start for start, end in pairs) < len(text) else ():
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _leans(before: str, line: str) -> bool:
    """Whether a sentence says nothing without the one before: a reply ("No.", "Smith: Not yet."), or whose words those
    are ("Smith said.")."""
    if _ATTRIBUTION.fullmatch(line):
        return before.endswith(QUOTES)
    short = len(_WORD.findall(_SPEAKER.sub("", line))) < REPLY
    return short and bool(_ASKS.search(before) and _ENDED.search(line)) and not _ITEM.match(line)


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text; a lead-in that ends in a colon is one with the list below it, two lines or more."""
    spans, at = cut(text), 0
    while at < len(spans):
        last = at
        while text[spans[at][1] - 1] == ":" and last + 1 < len(spans) and _listed(text[slice(*spans[last + 1])]):
            last += 1
        last = last if last > at + 1 else at
        yield spans[at][0], spans[last][1]
        at = last + 1


def _heads(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch of the version lies in what its format gives as a heading."""
    return any(span.kind == "heading" and span.start <= start and end <= span.end for span in passage.spans)


def _open(line: str) -> bool:
    """Whether a line is short and does not end as sentences and lead-ins do."""
    return len(line) < LINE and "\n" not in line and not _ENDED.search(line) and not line.endswith(":")


def _listed(line: str) -> bool:
    """Whether a line can be one of a list; "?" ends a heading, and a label with no space behind it is a link's."""
    return bool(_ITEM.match(line)) or (_open(line) and not line.endswith("?") and not _LABEL.search(line))


def tells(row: Candidate) -> bool:
    """Whether a sentence can stand as an answer: no question, heading, fragment, name, caption or line of page."""
    ended = _ENDED.search(row.text) or _ITEM.match(row.text) or _LIST.search(row.text)
    begun = not row.text.split(maxsplit=1)[0].islower()  # "iPhones are" begins a sentence, "reaches out" does not
    named = all(word[0].isupper() or word[0].isdigit() or word in JOINS for word in _WORD.findall(row.text))
    told = not named or row.text.isupper() or _ITEM.match(row.text)  # "Boris Johnson and Carrie." tells nothing
    page = _PAGE.search(row.text) or _pictured(row.text) or _heads(row.passage, row.start, row.end)
    return bool(ended and told) and begun and not page


def _pictured(text: str) -> bool:
    """Whether a sentence is a caption: names, and then what they do in the picture ("Ana Reis waves to the crowd.")."""
    words = _WORD.findall(text)
    verb = next((word for word in words if not (word[0].isupper() or word in JOINS)), "")
    return verb in listed("pictured") and words[0].lower() not in STOP | listed("adverbs")


def _other_year(query: Query, document: Document, text: str) -> float:
    """1 for a sentence that names years, but none of a time that the question names, or else of its publication."""
    times = query.around or ([(document.published, document.published)] if document.published else ())
    named = _YEAR.findall(text)
    wanted = (first[:4] <= year <= last[:4] for year in named for first, last in times)
    return float(bool(named and times) and not any(wanted))


def age(query: Query, document: Document) -> float:
    """Logarithm of one more than the days from an article's publication to the day that a question asks of.

    0 for a question of no day, for an undated article, and for one of the time that the question names.
    """
    if not (query.recent and query.filters.as_of and document.published) or query.covers(document):
        return 0.0
    days = date.fromisoformat(query.filters.as_of) - days_of(document.published)[0]
    return math.log1p(abs(days.days))


def timely(query: Query, document: Document) -> int:
    """1 for an article of a time that the question tells from the as-of day, -1 for one days away from it, else 0."""
    if not (query.when and query.around and document.published):
        return 0
    if query.covers(document):
        return 1
    last = max(last for _, last in query.around)
    return -1 if abs(date.fromisoformat(last) - days_of(document.published)[0]) > APART else 0


def best_span(scores: Scores, start: int = 0, end: int | None = None) -> tuple[float, int, int]:
    """The best answering words between two characters of a passage: their logit, first and last character."""
    inside = scores.offsets[:, 0] >= start
    if end is not None:
        inside &= scores.offsets[:, 1] <= end
    kept = np.flatnonzero(inside)
    if not len(kept):
        return -30.0, start, start
    sums = scores.start[kept][:, None] + scores.end[kept][None, :]
    allowed = np.tri(len(kept), k=LONGEST - 1) - np.tri(len(kept), k=-1)  # 1 from each token to those that may end
    sums = np.where(allowed > 0, sums, -np.inf)
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    return float(sums[first, last]), int(scores.offsets[kept[first], 0]), int(scores.offsets[kept[last], 1])


def answering(text: str, scores: Scores, start: int, end: int) -> tuple[float, int, int]:
    """The words of a sentence of a passage that answer, numbers, ranges and names whole: `best_span` widened."""
    logit, low, high = best_span(scores, start, end)
    low, high = _whole(text, low, high, start)
    return logit, *_trimmed(text, _ranged(text, low), high)


def _whole(text: str, low: int, high: int, start: int) -> tuple[int, int]:
    """Where words that answer begin and end, in a sentence from `start` on, widened where they cut a number ("136" of
    "1,136") or a name in two, without a dateline before them.
    """
    line = DATELINE.match(text, start)
    low = line.end() if line and low < line.end() < high else low
    if text[max(low, text.rfind(" ", low, high) + 1) : high][:1].isupper() and (more := _MORE.match(text, high)):
        high = more.end()
    for number in _NUMBER.finditer(text, max(0, low - NUMBER), high + NUMBER):
        low = number.start() if number.start() < low < number.end() else low
        high = number.end() if number.start() < high < number.end() else high
    return low, high


def _ranged(text: str, low: int) -> int:
    """Where words that answer begin: of a range with its lower bound, where they begin with its upper one."""
    least = _LEAST.search(text, max(0, low - NUMBER), low) if text[low : low + 1] in _DIGITS else None
    return least.start() if least else low


def _trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    """Where words that answer begin and end without commas or half a pair of quotation marks at their ends."""
    while low < high:
        words = text[low:high]
        opened, closed = words.count("“"), words.count("”")
        lone = '"' * (words.count('"') % 2) + "“" * (opened > closed) + "”" * (closed > opened)
        if words[-1] in f" ,;:{lone}":
            high -= 1
        elif words[0] in f" ,;:{lone}":
            low += 1
        else:
            break
    return low, high
