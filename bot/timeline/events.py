"""The sentences of a course of events: one or two events of each of its articles, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.conversation import Moment
from bot.reading import Candidate, Reader, Reading
from bot.reading.assertion import asks
from bot.reading.claims import read
from bot.reading.evidence import tells
from bot.reading.values import value
from bot.timeline.articles import READ, WIDE, Article, Library, articles
from bot.timeline.course import Course
from bot.timeline.topic import Topic
from bot.timeline.when import earlier, happened, leans_back, moment, window, within
from store.passage import Query

LEDE, CHANGED = 2.0, 0.5  # added to the score of an article's first sentence, and where values are asked for
DATED, TOPIC = 1.0, 2.0  # of one that names its time, and of one with all words of the topic
AHEAD, LEANS, OPEN, EARLIER = -1.0, -2.0, -1.0, -1.5
"""Of one that tells what is to come, leans on the sentence before, has no verb in the past, or has "had" before it."""
VALUED = 2.0  # of one that gives a value of what is asked
FIGURE, MANY = 0.5, 4  # of each number in it, and most that count
FURTHER = 1.0  # as SECOND, where numbers are asked for
SECOND = 1.5  # most that a further sentence of an article may score below the first
FEW = 4  # events to which those of articles that only mention the topic are added without a time of their own
FAR = 8.0  # most that an event may score below the best
ALIKE = 0.65  # least share of words that two reports of one event have in common
CLOSE = timedelta(days=3)  # most time between them


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence that tells an event, with its time and how well it tells the course."""

    row: Candidate
    moment: Moment
    score: float
    opens: bool = False  # it is the first of its article

    @property
    def order(self) -> tuple[bool, str, str, str]:
        """The order in which events are told: by first day, last day and publication; those of no time last."""
        time = self.moment
        return time.first is None, time.first or "", time.last or "", self.row.passage.document.published or ""


def course(course: Course, query: Query, corpus: Library, reader: Reader) -> Reading | None:
    """The reading of a course: all that is told of it, in order; None where the question is better read as another.

    One event alone is no course, unless a timeline was asked for in so many words. Where no article is on a topic that
    is named, or of which a timeline was asked for, nothing is told.
    """
    found = corpus.search(replace(query, text=course.head, history=(), k=WIDE))
    topic = Topic(course.head, found.rarity)
    homes, copies = articles(topic, found, query, corpus)
    asked, each = replace(query, text=_question(course), history=()), READ // max(1, len(homes)) or 1
    events, mentions = list[Event](), list[Event]()
    for article in homes:
        passages = article.passages[: each + (article.opens is not None)]
        reading = reader.read_sentences(asked, replace(found, passages=passages))
        (events if article.about else mentions).extend(_events(course, topic, article, reading)[: max(2, each)])
    time = window(query.text, query.filters)
    told = [event for event in _joined(_telling(events, mentions)) if within(event.moment, time)]
    told.sort(key=lambda event: event.order)
    if not told and (course.kind == "chart" or (topic.names and not homes)):
        return Reading(replace(found, passages=found.passages[: query.k]))
    if len(told) < (1 if course.kind == "chart" else 2):
        return None
    shown = {event.row.passage.id: event.row.passage for event in told}
    return Reading(
        replace(found, passages=(*shown.values(), *copies)),
        tuple(event.row for event in sorted(told, key=lambda event: -event.score)),
        told=tuple(event.row for event in told),
        moments=tuple(event.moment for event in told),
    )


def _question(course: Course) -> str:
    """The question that the reader reads an article by."""
    return f"What is {course.topic}?" if course.values else f"What happened with {course.topic}?"


def _events(course: Course, topic: Topic, article: Article, reading: Reading) -> list[Event]:
    """The best sentence of an article, and those of other times that are nearly as good."""
    opens = min((row.start for row in reading.sentences if tells(row)), default=None)
    opens = opens if article.opens is not None else None
    counted = course.numbers
    events = list[Event]()
    for row in reading.sentences:
        claims, lede = read(row.text), row.start == opens
        done = happened(claims)
        if not tells(row) or asks(row.text) or not (done or not claims.hedged):
            continue
        if (counted and not claims.numbers) or not ((article.about and article.throughout) or topic.held(row.text)):
            continue
        when = moment(row, first=lede)
        score = row.score + (CHANGED if course.values else LEDE) * lede + DATED * when.told
        score += TOPIC * topic.share(row.text) + AHEAD * when.ahead + LEANS * leans_back(claims)
        score += OPEN * (not done) + EARLIER * (earlier(claims) and not when.told)
        if counted:
            score += VALUED * (value(_question(course), row) is not None) + FIGURE * min(MANY, len(claims.numbers))
        events.append(Event(row, when, score, lede))
    events.sort(key=lambda event: -event.score)
    seen, kept = set[str | None](), list[Event]()
    for event in events:
        other = counted or (event.moment.told and event.moment.first not in seen)
        if not kept or (other and event.score >= kept[0].score - (FURTHER if counted else SECOND)):
            kept.append(event)
            seen.add(event.moment.first)
    return kept


def _telling(events: Sequence[Event], mentions: Sequence[Event]) -> Iterator[Event]:
    """Events that are told about as well as the best; of articles that only mention the topic, dated ones as good."""
    scores = sorted(event.score for event in events)
    if scores:
        yield from (event for event in events if event.opens or event.score >= scores[-1] - FAR)
        middle = scores[len(scores) // 2]
        wanted = [event for event in mentions if event.moment.told or len(scores) < FEW]
        yield from (event for event in wanted if event.score >= middle)


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
    days = [date.fromisoformat(event.moment.first) for event in (one, other) if event.moment.first]
    if len(days) == 2 and abs(days[0] - days[1]) > CLOSE:
        return False
    words = [{token.key for token in claims.tokens if token.content} for claims in (first, second)]
    shared = len(words[0] & words[1]) / max(1, min(map(len, words)))
    return shared >= ALIKE and first.values == second.values and bool(first.negated) == bool(second.negated)
