"""The sentences of a course of events: articles on its topic, one or two events of each, in order of time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from bot.conversation import Moment
from bot.reading import Candidate, Reader, Reading
from bot.reading.assertion import asks
from bot.reading.claims import read
from bot.reading.evidence import names as names_in
from bot.reading.evidence import tells
from bot.reading.values import names_of, numeric
from bot.timeline.course import Course
from bot.timeline.when import earlier, happened, leans_back, moment
from store.passage import BEFORE, Document, Found, Passage, Query
from store.split import split
from store.words import STOP, stem, tokens

DEBUG = False
WIDE = 60  # passages looked at for a course
MOST = 24  # most articles that a course is told from
EACH = 3  # most passages of an article that are read
ABOUT = 0.5  # least share of a topic, by rarity, that an article on it holds
LIKELY = 0.42  # least score by which it is sure to be of the story
NEAR = 0.3  # least score of an article's best passage, of the best one of all
SHARED = 12  # most names of a story
RARE = 3.8  # least weight of such a name: few other articles hold it
STORY, OTHER = 0.35, 0.2  # least weight of these that an article without the topic's words has, and one with them
LEDE, DATED, TOPIC, AHEAD, LEANS, OPEN, EARLIER = 2.0, 1.0, 2.0, -1.0, -2.0, -1.0, -1.5  # added to a sentence's score
HEAD = 200  # characters of a post in which its first sentence begins
SECOND = 1.5  # most that a second sentence of an article may score below the first
ALIKE = 0.65  # least share of words that two reports of one event have in common
CLOSE = timedelta(days=3)  # most time between them

Search = Callable[[Query], Found]


class Library(Protocol):
    """The part of a corpus that a course is read from."""

    def search(self, query: Query) -> Found: ...

    def article(self, key: str, version: int | None = None) -> Document: ...


_DATELINE = re.compile(r"[^\W\d_]{2,}(?:[ .][^\W\d_]{2,}){0,3}(?:, [A-Z][\w. ]{1,30})?(?= ?[-–—(])")


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence that tells an event, with its time and how well it tells the course."""

    row: Candidate
    moment: Moment
    score: float

    @property
    def order(self) -> tuple[bool, str, str, str]:
        """The order in which events are told: by first day, last day and publication; those of no time last."""
        time = self.moment
        return time.first is None, time.first or "", time.last or "", self.row.passage.document.published or ""


def course(course: Course, query: Query, corpus: Library, reader: Reader) -> Reading:
    """The reading of a course: all that is told of it, in order; nothing told where no article is on its topic."""
    found = corpus.search(replace(query, text=course.head, history=(), k=WIDE))
    articles, copies = _articles(course, query, corpus.search, found)
    events = list[Event]()
    asked = replace(query, text=_question(course), history=())
    for number, passages in enumerate(articles, 1):
        opening = _opening(corpus, passages[0], -number)
        kept = dict.fromkeys([opening, *passages[:EACH]] if opening else passages[:EACH])
        reading = reader.read(asked, replace(found, passages=tuple(kept)))
        events += _events(course, reading)
    told = sorted(_joined(events), key=lambda event: event.order)
    shown = {event.row.passage.id: event.row.passage for event in told}
    return Reading(
        replace(found, passages=(*shown.values(), *copies)),
        tuple(event.row for event in sorted(told, key=lambda event: -event.score)),
        told=tuple(event.row for event in told),
        moments=tuple(event.moment for event in told),
    )


def _question(course: Course) -> str:
    """The question that the reader reads an article by."""
    return f"What is {course.topic}?" if course.kind == "change" else f"What happened with {course.topic}?"


# -- articles on the topic -----------------------------------------------------------------------------

Article = tuple[Passage, ...]
"""The passages of an article, or of a post of a live blog, that were found, best first."""


def _articles(course: Course, query: Query, search: Search, found: Found) -> tuple[list[Article], list[Passage]]:
    """The articles of a course, each copy of one once, and passages of the copies.

    Those that hold the topic come first; then those of the same story: they share its names, not the topic's words.
    """
    best = max((passage.score for passage in found.passages), default=0.0)
    named = bool(names_in(f"of {course.head}"))
    wanted = _wanted(course, found)
    seeds = [
        one for one in _grouped(found.passages) if one[0].score >= NEAR * best and _holds(wanted, one, named=named)
    ]
    names = Counter[str]()
    for article in seeds:
        names.update(dict.fromkeys(_names(article), article[0].score))
    counts = Counter(name for article in seeds for name in _names(article))
    common = [name for name, _ in names.most_common(SHARED) if counts[name] > 1]
    wider = search(replace(query, text=" ".join([course.head, *common]), history=(), k=WIDE))
    rare = {name: wider.rarity.get(name, 0.0) for name in common}
    whole = sum(article[0].score for article in seeds) or 1.0
    shares = {name: names[name] / whole * weight for name, weight in rare.items() if weight >= RARE}
    if len(seeds) > 2 and len(shares) > 2:
        seeds = [one for one in seeds if one[0].score >= LIKELY * best or _share(shares, one) >= OTHER] or seeds
    if DEBUG:
        print({k: round(v, 2) for k, v in shares.items()})
    ids = {article[0].document.id for article in seeds}
    story = [
        one for one in _grouped(wider.passages)
        if one[0].document.id not in ids and len(_names(one) & shares.keys()) > 1 and _share(shares, one) >= STORY
    ]  # fmt: skip
    return _once([*seeds, *story] if seeds else [])


def _grouped(passages: Iterable[Passage]) -> list[Article]:
    """Passages by article, or by post; of one that stands in several copies the passage of the origin, if found."""
    articles = dict[tuple[str, str | None], list[Passage]]()
    for passage in passages:
        origin = next((one for one in passage.copies if one.document.id == passage.document.family), None)
        passage = replace(origin, score=passage.score, copies=(passage,)) if origin else passage
        articles.setdefault((passage.document.id, passage.document.published), []).append(passage)
    return [tuple(article) for article in articles.values()]


def _once(articles: Sequence[Article]) -> tuple[list[Article], list[Passage]]:
    """The first MOST articles, of each family the origin if it is there, else the earliest; and the passages left."""
    families = dict[str, list[Article]]()
    for article in articles:
        document = article[0].document
        key = document.family or f"{document.id} {document.published}"
        families.setdefault(key, []).append(article)
    kept, copies = list[Article](), list[Passage]()
    for family, members in families.items():
        members.sort(key=lambda one: (one[0].document.id != family, one[0].document.published or "9999"))
        kept.append(members[0])
        copies += [passage for other in members[1:] for passage in other]
    return kept[:MOST], copies


def _wanted(course: Course, found: Found) -> dict[str, float]:
    """The weight of the stems that an article on the topic holds: its names, else its content words."""
    own = names_in(f"of {course.head}") or {stem(token) for token in tokens(course.head) if token not in STOP}
    return {key: found.rarity[key] for key in own if key in found.rarity}


def _holds(wanted: Mapping[str, float], article: Article, *, named: bool) -> bool:
    """Whether an article's title and passages hold most of the weight of some stems, of names the rarest too."""
    text = "\n".join([article[0].document.title, *(passage.text for passage in article)])
    held = {stem(token) for token in tokens(text)}
    whole = sum(wanted.values())
    share = sum(weight for key, weight in wanted.items() if key in held) / whole if whole else 0.0
    rarest = max(wanted, key=lambda key: wanted[key], default="")
    return share >= ABOUT and (not named or rarest in held)


def _names(article: Article) -> frozenset[str]:
    """The stems of the names in the passages of an article, that of its dateline too."""
    found = frozenset[str]().union(*(names_of(passage.text) for passage in article))
    datelines = (_DATELINE.match(passage.text) for passage in article)
    return frozenset(map(stem, (*found, *(word for line in datelines if line for word in tokens(line[0])))))


def _share(shares: Mapping[str, float], article: Article) -> float:
    """How much of the weight of a story's names an article holds."""
    return sum(shares[name] for name in _names(article) & shares.keys()) / sum(shares.values())


def _opening(corpus: Library, passage: Passage, number: int) -> Passage | None:
    """The passage that opens an article, as one of the best in it; None for a post, and where it is among those."""
    if passage.document.date_source == "post":
        return None
    article = corpus.article(passage.document.id, passage.document.version)
    start, end = next(iter(split(article.text, article.spans)))
    marks = tuple(span for span in article.spans if span.kind != "furniture")
    before = article.text[max(0, start - BEFORE) : start]
    text = article.text[start:end]
    return Passage(number, passage.document, start, end, text, passage.score, before=before, spans=marks)


# -- their events --------------------------------------------------------------------------------------


def _events(course: Course, reading: Reading) -> list[Event]:
    """The best sentence of an article, and one of another time that is nearly as good."""
    own = {stem(token) for token in tokens(course.head) if token not in STOP}
    opens = min((row.start for row in reading.sentences if tells(row) and row.passage.id < 0), default=-1)
    events = list[Event]()
    for row in reading.sentences:
        claims, lede = read(row.text), row.start == opens
        done = happened(claims)
        if not tells(row) or asks(row.text) or not (done or not claims.hedged):
            continue
        if numeric(_question(course)) and " and " not in course.head and not claims.numbers:
            continue
        when = moment(row, first=lede)
        share = len({stem(token) for token in tokens(row.text)} & own) / max(1, len(own))
        leans = leans_back(claims)
        score = (
            row.score
            + (LEDE if course.kind != "change" else LEDE / 4) * lede
            + DATED * when.told
            + TOPIC * share
            + AHEAD * when.ahead
            + LEANS * leans
            + OPEN * (not done)
            + EARLIER * (earlier(claims) and not when.told)
        )
        events.append(Event(row, when, score))
    events.sort(key=lambda event: -event.score)
    others = (one for one in events[1:] if one.moment.told and one.moment.first != events[0].moment.first)
    return [*events[:1], *(one for one in list(others)[:1] if one.score >= events[0].score - SECOND)]


def _joined(events: Iterable[Event]) -> list[Event]:
    """Events without those that another report of about the same day tells in much the same words."""
    kept = list[Event]()
    for event in sorted(events, key=lambda one: -one.score):
        if not any(_same(event, other) for other in kept):
            kept.append(event)
    return kept


def _same(one: Event, other: Event) -> bool:
    """Whether two sentences tell one event: the same numbers, most of the same words, about the same time."""
    first, second = read(one.row.text), read(other.row.text)
    days = [event.moment.first for event in (one, other)]
    if all(days) and abs(date.fromisoformat(str(days[0])) - date.fromisoformat(str(days[1]))) > CLOSE:
        return False
    words = [{token.key for token in claims.tokens if token.content} for claims in (first, second)]
    shared = len(words[0] & words[1]) / max(1, min(map(len, words)))
    return shared >= ALIKE and first.values == second.values and bool(first.negated) == bool(second.negated)
