"""A conversation as Markdown: every answer with its quotes and where they stand."""

import re
from collections.abc import Iterable, Iterator

from bot.conversation import Answer, Citation, Closest
from bot.show.clean import clean, one_line
from bot.show.page import reference

_SIGNS = re.compile(r"([\\`*_<>\[\]#|~&])")


def conversation(turns: Iterable[tuple[str, Answer | None]]) -> str:
    """Questions and answers, None for one that never came. No sign in the text of an article acts as Markdown."""
    return "\n\n".join(block for question, answer in turns for block in _turn(question, answer)) + "\n"


def _turn(question: str, answer: Answer | None) -> Iterator[str]:
    yield f"## {escaped(one_line(question))}"
    if answer is None:
        yield "No answer is saved."
        return
    failure = [f"{answer.failure.message} {answer.failure.next}"] if answer.failure else []
    yield from (escaped(clean(text).strip()) for text in (answer.text, *failure) if text.strip())
    entries: list[Citation | Closest] = [*answer.citations, *answer.closest]
    for entry in entries:
        name = f"[{entry.number}]" if isinstance(entry, Citation) else f"{entry.letter})"
        link = f" · <{entry.document.url}>" if re.fullmatch(r"https?://[^\s<>]+", entry.document.url or "") else ""
        yield f"> {escaped(f'{name} “{one_line(entry.quote.text)}”')}\n> {escaped(reference(entry.document))}{link}"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SIGNS.sub(r"\\\1", text)
