"""The articles that a course is told from: those on its topic, and those of the same story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.reading.values import names_of
from bot.timeline.topic import Topic
from store.passage import BEFORE, Document, Found, Passage, Query, days_of
from store.split import split
from store.words import DATELINE, stem, tokens

WIDE = 60  # passages looked at for a course
TRIED = 40  # most articles of which the opening is read
MOST = 18  # most articles that a course is told from
SPREAD = 9  # stretches of time over which they are spread
READ = 12  # passages that are read beside those that open articles, one of each at least
NEAR, NAMED = 0.3, 0.1
"""Least score of an article, of the best one of all; and where the topic has a name to look for."""
SHORT = 1_200  # characters of an article that tells of one thing
SURE = 0.45  # the score from which an article is of the story for sure
SHARED = 12  # most names of a story
RARE = 3.8  # least weight of such a name: few other articles hold it
STORY, OTHER = 0.45, 0.2
"""Least weight of these in an article without the topic's words, and in one with them that is not sure."""
BESIDE = timedelta(days=90)  # most time between an article of the same story and those on the topic

_INITIALS = frozenset(("eu", "uk", "un", "us"))
"""Names in the form in which claims hold them, not an index."""


class Library(Protocol):
    """The part of a corpus that a course is read from."""

    def search(self, query: Query) -> Found: ...

    def article(self, key: str, version: int | None = None) -> Document: ...


@dataclass(frozen=True, slots=True)
class Article:
    """An article, or a post of a live blog, with its passages, the one that opens it first where it is known."""

    passages: tuple[Passage, ...]
    opens: int | None  # where that begins in the article
    about: bool  # its title or its opening holds the topic; else only a sentence of it may
    throughout: bool = False  # every sentence may be of the topic: its title holds it, or it is short

    @property
    def document(self) -> Document:
        return self.passages[0].document

    @property
    def score(self) -> float:
        return max(passage.score for passage in self.passages)


def articles(topic: Topic, found: Found, query: Query, corpus: Library) -> tuple[list[Article], list[Passage]]:
    """The articles of a course, of copies one, and the passages of the copies that are left out."""
    best = max((passage.score for passage in found.passages), default=0.0)
    least = best * (NAMED if topic.names else NEAR)
    near = [group for group in _grouped(found.passages) if group[0].score >= least]
    on_topic = [_read(group, topic, corpus, -at) for at, group in enumerate(near[:TRIED], 1)]
    seeds = [article for article in on_topic if article.about]
    if not seeds:
        return [], []
    names, wider = _story(seeds, topic, query, corpus)
    if len(names) > 2:
        seeds = [one for one in seeds if one.score >= SURE * best or _share(names, one.passages) >= OTHER]
    known = {article.document.id for article in on_topic if article.about}
    others = [group for group in _grouped(wider.passages) if group[0].document.id not in known]
    like = [group for group in others if _beside(group[0].document, seeds) and _of_story(names, group)]
    read = [_read(group, topic, corpus, -TRIED - at) for at, group in enumerate(like[:TRIED], 1)]
    alike = [one for one in read if _of_story(names, one.passages[:1])]
    story = [replace(one, passages=one.passages[:1], about=True, throughout=True) for one in alike]
    kept = {article.document.id for article in (*seeds, *story)}
    mentions = [
        one for one in on_topic if one.document.id not in kept and any(topic.held(p.text) for p in one.passages)
    ]
    return _once([*seeds, *story, *mentions])


def _grouped(passages: Iterable[Passage]) -> list[list[Passage]]:
    """Passages by article, or by post; of one that stands in several copies the passage of the origin, if found."""
    groups = dict[tuple[str, str | None], list[Passage]]()
    for passage in passages:
        origin = next((one for one in passage.copies if one.document.id == passage.document.family), None)
        passage = replace(origin, score=passage.score, copies=(passage,)) if origin else passage
        groups.setdefault((passage.document.id, passage.document.published), []).append(passage)
    return list(groups.values())


def _read(group: Sequence[Passage], topic: Topic, corpus: Library, number: int) -> Article:
    """An article with its best passages and the one that opens it, which gets that number where it was not found."""
    document, best = group[0].document, tuple(group[:READ])
    if document.date_source == "post":
        return Article(best, None, topic.held(f"{document.title}\n{group[0].text}"), throughout=True)
    whole = corpus.article(document.id, document.version)
    start, end = next(iter(split(whole.text, whole.spans)))
    opening = next((passage for passage in group if passage.start == start), None)
    if opening is None:
        marks = tuple(span for span in whole.spans if span.kind != "furniture")
        before, text = whole.text[max(0, start - BEFORE) : start], whole.text[start:end]
        opening = Passage(number, document, start, end, text, group[0].score, before=before, spans=marks)
    passages = tuple(dict.fromkeys((replace(opening, score=group[0].score), *(p for p in best if p.id != opening.id))))
    about = topic.held(f"{document.title}\n{opening.text}")
    return Article(passages, start, about, topic.held(document.title) or len(whole.text) - start < SHORT)


def _once(every: Sequence[Article]) -> tuple[list[Article], list[Passage]]:
    """Of each family the origin, if it is there, else the earliest; at most MOST spread over time; and what is left."""
    families = dict[str, list[Article]]()
    for article in every:
        document = article.document
        post = document.date_source == "post"
        families.setdefault(
            f"{document.id} {document.published}" if post else document.family or document.id, []
        ).append(article)
    kept, copies = list[Article](), list[Passage]()
    for family, members in families.items():
        members.sort(key=lambda one: (one.document.id != family, one.document.published or "9999"))
        kept.append(members[0])
        copies += [passage for other in members[1:] for passage in other.passages]
    return _spread(kept), copies


def _spread(every: Sequence[Article]) -> list[Article]:
    """At most MOST articles: those about the topic first, the best of each stretch of time in turn."""
    days = sorted(article.document.published for article in every if article.document.published)
    if len(every) <= MOST or not days:
        return list(every[:MOST])
    first, last = days_of(days[0])[0].toordinal(), days_of(days[-1])[0].toordinal()
    taken = Counter[tuple[bool, int]]()
    ranked = list[tuple[bool, int, float, Article]]()
    for article in sorted(every, key=lambda one: -one.score):
        day = article.document.published
        at = (days_of(day)[0].toordinal() - first) * SPREAD // (last - first + 1) if day else -1
        ranked.append((not article.about, taken[article.about, at], -article.score, article))
        taken[article.about, at] += 1
    return [article for *_, article in sorted(ranked, key=lambda row: row[:3])[:MOST]]


# -- the story -----------------------------------------------------------------------------------------


def _story(seeds: Sequence[Article], topic: Topic, query: Query, corpus: Library) -> tuple[Mapping[str, float], Found]:
    """The rare names that several articles on a topic share, with their weights; and what is found by them."""
    weighed, counts = Counter[str](), Counter[str]()
    for article in seeds:
        named = _names(article.passages)
        weighed.update(dict.fromkeys(named, article.score))
        counts.update(named)
    common = [name for name, _ in weighed.most_common(SHARED) if counts[name] > 1]
    wider = corpus.search(replace(query, text=" ".join([topic.head, *common]), history=(), k=WIDE))
    whole = sum(article.score for article in seeds) or 1.0
    rarity = {name: wider.rarity.get(name, 0.0) for name in common}
    return {name: weighed[name] / whole * weight for name, weight in rarity.items() if weight >= RARE}, wider


def _names(passages: Sequence[Passage]) -> frozenset[str]:
    """The stems of the names in some passages, those of a dateline too."""
    found = frozenset[str]().union(*(names_of(passage.text) for passage in passages))
    lines = (DATELINE.match(passage.text) for passage in passages)
    return frozenset(
        map(
            stem,
            (*(found - _INITIALS), *(word for line in lines if line for word in tokens(line[0].partition("(")[0]))),
        )
    )


def _share(names: Mapping[str, float], passages: Sequence[Passage]) -> float:
    """How much of the weight of a story's names stands in some passages."""
    return sum(names[name] for name in _names(passages) & names.keys()) / sum(names.values())


def _of_story(names: Mapping[str, float], passages: Sequence[Passage]) -> bool:
    """Whether passages without the topic's words hold enough of the story's names, two at least."""
    return len(names) > 2 and len(_names(passages) & names.keys()) > 1 and _share(names, passages) >= STORY


def _beside(document: Document, seeds: Sequence[Article]) -> bool:
    """Whether an article is of about the time of those on the topic."""
    days = sorted(one.document.published for one in seeds if one.document.published)
    if not days or not document.published:
        return False
    first, day, last = (days_of(one)[0] for one in (days[0], document.published, days[-1]))
    return first - BESIDE <= day <= last + BESIDE
