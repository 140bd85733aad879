"""Asking again: a saved question asked of the corpus as it stands today, and what changed since its saved answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from bot.conversation import Answer, Citation, Closest, Conversation, Place, Since, leant_on
from bot.events import Answered, Event
from bot.question import followup
from bot.reading.yesno import WORDS, statement
from bot.show import plain
from bot.show.clean import one_line
from bot.show.page import day, value
from store.passage import Filters
from store.words import folded, tokens

if TYPE_CHECKING:
    from bot.answer import Bot
    from store.corpus import Corpus

Turns = Sequence[tuple[str, Answer | None]]
UNFILTERED = Filters()
Why = Literal["forgotten", "removed", "changed", "filtered", "outranked"]
WHY: dict[Why, str] = {
    "forgotten": "its article was forgotten",
    "removed": "its file is no longer in the corpus",
    "changed": "its article has a new version without these words",
    "filtered": "its article does not pass the filters",
    "outranked": "it still stands in its article, and is no longer among the best",
}
"""Why a quote is gone from an answer, in the order in which the reasons are looked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers to one question: the quotes that only the later one has, and those that only the earlier one had.

    Where words answer, a quote that gives none of them and stands beside the others counts only as one that was lost.
    """

    before: Answer
    now: Answer
    new: tuple[Citation | Closest, ...]
    gone: tuple[tuple[Citation | Closest, Why], ...]

    @property
    def changed(self) -> bool:
        return bool(self.new or self.gone) or self.before.outcome != self.now.outcome

    @property
    def values(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words that answered and those that answer; empty where they are the same or one side has none."""
        before, now = _values(self.before), _values(self.now)
        same = _held(before, now) and _held(now, before)
        return ((), ()) if same or not (before and now and self.changed) else (before, now)


async def again(
    bot: Bot, turns: Turns, place: Place, asked: str, filters: Filters = UNFILTERED
) -> AsyncGenerator[Event]:
    """The events of the last of these turns asked again; the answer tells what changed since it was `asked`."""
    before = turns[-1][1]
    assert before is not None, "a turn without an answer has nothing to be compared with"
    filters = followup.carried(filters, leant_on(turns[-1:]))
    question, conversation = await asyncio.to_thread(_put, bot, turns)
    async with aclosing(bot.answer(question, conversation, filters)) as events:
        async for event in events:
            if isinstance(event, Answered):
                told = await asyncio.to_thread(difference, before, event.answer, bot.corpus)
                since = Since(str(place), tuple(lines(told, place, asked)))
                yield Answered(replace(event.answer, question=turns[-1][0], since=since))
            else:
                yield event


def _put(bot: Bot, turns: Turns) -> tuple[str, Conversation]:
    """The question of the last turn with the conversation to ask it in: its own if that leads to the same question.

    Else its standalone form, and no conversation. A question for the sources stands for the one that it repeated.
    """
    *before, (question, saved) = turns
    assert saved is not None
    earlier = leant_on(before)
    if followup.again(question, earlier):
        return _put(bot, before[: max(n for n, (_, answer) in enumerate(before, 1) if answer and answer.citations)])
    by_rules = saved.model == bot.writer.name and bot.writer.verbatim  # a model may put it in other words each time
    same = by_rules and bot.corpus.spelled(followup.put(question, earlier).standalone) == saved.standalone
    return (question, earlier) if same else (saved.standalone, Conversation())


def difference(before: Answer, now: Answer, corpus: Corpus) -> Difference:
    """The difference between two answers to one question; words count as the same wherever they stand."""
    had, has = ({_words(entry.quote.text) for entry in _entries(answer)} for answer in (before, now))
    new = tuple(entry for entry in _telling(now) if _words(entry.quote.text) not in had)
    lost = [entry for entry in _entries(before) if _words(entry.quote.text) not in has]
    told = _telling(before) if before.citations else ()
    gone = ((entry, _why(entry, now.filters, corpus)) for entry in lost)
    return Difference(before, now, new, tuple((one, why) for one, why in gone if why != "outranked" or one in told))


def _entries(answer: Answer) -> Sequence[Citation | Closest]:
    """The quotes that an answer shows: its footnotes, else the passages that may answer."""
    return answer.citations or (answer.closest if answer.outcome == "unsure" else ())


def _telling(answer: Answer) -> Sequence[Citation | Closest]:
    """The quotes that give the words that answer; all where nothing answers in so many words."""
    values = _values(answer)
    telling = [one for one in answer.citations if values and _held([value(one)], values)]
    return telling or _entries(answer)


def _words(text: str) -> str:
    return " ".join(folded(text).split())


def _why(entry: Citation | Closest, filters: Filters, corpus: Corpus) -> Why:
    """Why a quote is no longer shown."""
    key, quote = entry.document.id, entry.quote
    known = corpus.versions(key)
    live = next((number for number, _, current in known if current), None)
    if live is None:
        return "removed" if known else "forgotten"
    if live != quote.version and _words(quote.text) not in _words(corpus.article(key, live).text):
        return "changed"
    within = not filters.documents or {key, entry.document.root} & set(filters.documents)
    if not within or not corpus.coverage(replace(filters, documents=(key,))).documents:
        return "filtered"
    return "outranked"


def _values(answer: Answer) -> tuple[str, ...]:
    """The words that answer: yes or no if that was asked, else each of several values, else those of one sentence."""
    if statement(answer.standalone):
        return tuple(one.text for one in answer.sentences[:1] if one.text in WORDS.values())
    several = tuple(value(one) for number in answer.values for one in answer.citations if one.number == number)
    first = (one_line(one.text[slice(*one.answer)], 60) for one in answer.sentences if one.answer)
    return several or tuple(islice(first, 1))


def _held(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each value is one of the others, maybe in more or fewer words."""
    sets = [set(tokens(other)) for other in others]
    return all(any(own <= other or other <= own for other in sets) for own in (set(tokens(one)) for one in ones))


def lines(told: Difference, place: Place, asked: str) -> Iterator[str]:
    """What changed since a saved answer, in lines; one that says so where nothing did."""
    since = f"since {day(asked[:10])} ({place})"
    if not told.changed:
        yield f"nothing has changed {since}"
        return
    before, now = told.before.outcome, told.now.outcome
    yield f"{since}: {_said(before)}, as before" if before == now else f"{since}: {_said(before)} → {_said(now)}"
    if told.values[0]:
        yield f"value: {' → '.join('; '.join(each) for each in told.values)}"
    for entry in told.new:
        yield f"new: {_quoted(entry)}"
    for entry, why in told.gone:
        yield f"gone: {_quoted(entry)}: {WHY[why]}"


def _said(outcome: str) -> str:
    return outcome.replace("_", " ")


def _quoted(entry: Citation | Closest) -> str:
    document = entry.document
    return f"“{one_line(entry.quote.text, 100)}” ({document.outlet or document.source}, {day(document.published)})"


def as_json(told: Difference, place: Place, asked: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The JSON of `ask --again`; `answer` is that of `ask`."""
    named = [str(one.number) if isinstance(one, Citation) else one.letter for one in told.new]
    return {
        "schema_version": plain.SCHEMA_VERSION,
        "outcome": told.now.outcome,
        "again": str(place),
        "asked": asked,
        "changed": told.changed,
        "before": {"outcome": told.before.outcome, "answer": told.before.text},
        "values": dict(zip(("before", "now"), map(list, told.values), strict=True)),
        "new": named,
        "gone": [{**plain.quoted(entry), "why": why} for entry, why in told.gone],
        "answer": answer,
    }
