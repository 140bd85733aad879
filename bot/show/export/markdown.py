"""A conversation as Markdown: every answer with its quotes and where they stand."""

import re
from collections.abc import Iterator

from bot.conversation import Answer, Citation, SavedConversation, SavedTurn
from bot.show.clean import clean, one_line
from bot.show.page import address, reference, remarks, settings
from bot.show.timeline import steps

_SIGNS = re.compile(r"([\\`*_<>\[\]#|~&])")
_BEGINS = re.compile(r"^([ \t]*)([-+=]|\d+(?=[.)]))", re.MULTILINE)  # a list, a heading's underline
_LINK = re.compile(r"https?://[^\s<>]+")


def written(saved: SavedConversation) -> str:
    """A conversation as a Markdown text. No sign in the text of an article acts as Markdown."""
    facts = "\n".join(f"- {name}: {escaped(value)}" for name, value in settings(saved))
    blocks = (block for turn in saved.turns for block in _turn(turn))
    return "\n\n".join((f"# {escaped(one_line(saved.title))}", facts, *blocks)) + "\n"


def _turn(turn: SavedTurn) -> Iterator[str]:
    yield f"## {escaped(one_line(turn.question))}"
    answer = turn.answer
    if answer is None:
        yield "No answer is saved."
        return
    failure = [f"{answer.failure.message} {answer.failure.next}"] if answer.failure else []
    if answer.drawn:
        yield "\n".join(_steps(answer))
    yield from (
        escaped(clean(text).strip()) for text in ("" if answer.drawn else answer.text, *failure) if text.strip()
    )
    yield from (escaped(remark) for remark in remarks(answer))
    for entry in answer.entries:
        told = [escaped(reference(entry.document))]
        if _LINK.fullmatch(at := address(entry.document, entry.quote)):
            told.append(f"<{at}>")
        if isinstance(entry, Citation) and entry.number in turn.marks:
            told.append(f"marked: {turn.marks[entry.number]}")
        name = f"[{entry.number}]" if isinstance(entry, Citation) else f"{entry.letter})"
        yield f"> {escaped(f'{name} “{one_line(entry.quote.text)}”')}\n> {' · '.join(told)}"


def _steps(answer: Answer) -> Iterator[str]:
    """The events of a course as a list, each with its time."""
    for step in steps(answer):
        if step.gap:
            yield f"- *{escaped(step.gap)}*"
        yield f"- **{escaped(step.when)}** {escaped(f'{one_line(step.text)} [{step.citation.number}] · {step.origin}')}"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _BEGINS.sub(_begin, _SIGNS.sub(r"\\\1", text))


def _begin(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}\\" if match[2][0].isdigit() else f"{match[1]}\\{match[2]}"
