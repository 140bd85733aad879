"""A conversation of thirty turns over the sample corpus: outcome, standalone question and quotes of every turn."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import build
from bot.answer import Bot
from bot.conversation import REFUSALS, Answer, Conversation, Turn
from bot.events import Answered
from bot.settings import Settings
from store.passage import Filters
from store.words import STOP, stem, tokens

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]  # thirty questions to the reading model
ROOT = Path(__file__).resolve().parent.parent
TALK = tomllib.loads((ROOT / "tests" / "data" / "conversation.toml").read_text(encoding="utf-8"))
TURNS: list[dict[str, Any]] = TALK["turn"]
ANSWERS = frozenset({"answered", "partly", "conflicting"})


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    folder = tmp_path_factory.mktemp("corpus")
    build.sync(Settings(), folder).ingest([ROOT / TALK["corpus"]], yes=True)
    made = build.bot(Settings(), folder, lambda notice: None)
    yield made
    made.corpus.close()


@pytest.fixture(scope="module")
def answers(bot: Bot) -> list[Answer]:
    """The answers of all turns, each asked after those before it."""
    return asyncio.run(_held(bot))


async def _held(bot: Bot) -> list[Answer]:
    said = Conversation()
    for turn in TURNS:
        async for event in bot.answer(turn["question"], said, Filters(until=turn.get("until"))):
            if isinstance(event, Answered):
                said = said.add(Turn(turn["question"], event.answer))
    return [turn.answer for turn in said.turns]


def stems(text: str) -> set[str]:
    return {stem(token) for token in tokens(text) if token not in STOP}


def outcome(turn: dict[str, Any], answer: Answer) -> bool:
    """Whether the outcome is the one that is due; any refusal and any answer is as good."""
    due = {"answered": ANSWERS, "refused": REFUSALS}.get(turn["outcome"], {turn["outcome"]})
    return answer.outcome in due


def standalone(turn: dict[str, Any], answer: Answer) -> bool:
    """Whether the standalone question holds a word of each list; nothing may be added where there is none."""
    added = stems(answer.standalone) - stems(turn["question"])
    if not turn["standalone"]:
        return not added
    own = stems(turn["question"])
    return all(own & stems(" ".join(words)) or added & stems(" ".join(words)) for words in turn["standalone"])


def quotes(turn: dict[str, Any], answer: Answer) -> bool:
    """Whether what must be quoted is: one of the documents, each of `each`, and the facts in what was said."""
    cited = {citation.document.source for citation in answer.citations}
    wanted, each = set(turn.get("documents", ())), set(turn.get("each", ()))
    told = all(any(fact in answer.text for fact in spellings) for spellings in turn.get("facts", ()))
    begun = answer.text.startswith(turn.get("begins", ""))
    return (not wanted or bool(wanted & cited)) and each <= cited and told and begun


# Turns that fall short, by what fails; each is strict, so that one that is mended must be taken out.
MISSES = {
    "outcome": {
        19: "the older estimate is not found",
        25: "two counts of the same day are not held to conflict",
        26: "the answer is told by what one value has and the other lacks",
    },
    "standalone": {
        2: "a noun that only the story explains gets nothing beside two other words",
        8: "“it” is a whole event, which no question named",
        14: "nothing in it points back",
        26: "the answer is told by what one value has and the other lacks",
        28: "“that blockage” is an event in other words",
    },
    "quotes": {
        8: "the event is not found", 10: "the speaker stands in the article and is no name of the sentence",
        11: "the value of another speaker", 13: "the answer does not begin with yes",
        16: "the older estimates are in other articles",
        19: "the older estimate is not found",
        21: "the team is not the person named",
        23: "the answer does not begin with yes",
        25: "one of the two counts", 26: "the answer is told by what one value has and the other lacks",
        28: "a comparison needs both halves", 29: "a list over several sentences",
    },
}  # fmt: skip
HOLDS = {"outcome": outcome, "standalone": standalone, "quotes": quotes}


def cases() -> Iterator[Any]:
    for name, misses in MISSES.items():
        for number in range(1, len(TURNS) + 1):
            marks = [pytest.mark.xfail(reason=misses[number], strict=True)] if number in misses else []
            yield pytest.param(name, number, marks=marks, id=f"{name}-{number}")


@pytest.mark.parametrize(("name", "number"), cases())
def test_a_turn_of_the_conversation_holds(name: str, number: int, answers: list[Answer]) -> None:
    turn, answer = TURNS[number - 1], answers[number - 1]
    assert HOLDS[name](turn, answer), f"{turn['question']} => {answer.standalone} => {answer.outcome}: {answer.text}"


def test_every_quote_of_the_conversation_stands_in_its_article(bot: Bot, answers: list[Answer]) -> None:
    quoted = [citation.quote for answer in answers for citation in answer.citations]
    assert len(quoted) > len(TURNS)
    for quote in quoted:
        assert bot.corpus.article(quote.document, quote.version).text[quote.start : quote.end] == quote.text
