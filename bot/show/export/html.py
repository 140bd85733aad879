"""A conversation as one HTML page: nothing is fetched and nothing runs; an answer's number leads to its quote."""

import re
from collections.abc import Iterator
from importlib import resources

from bot import __version__
from bot.conversation import Answer, Citation, Closest, Quote, SavedConversation, SavedTurn
from bot.show.clean import one_line
from bot.show.html import Html, el
from bot.show.page import address, reference, remarks, settings
from bot.show.timeline import steps

_NUMBER = re.compile(r"\[(\d{1,3})\]")
_HEAD = Html(
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
)


def written(saved: SavedConversation) -> str:
    """A conversation as a page that is whole in itself, for light and dark."""
    style = resources.files("bot.show.export").joinpath("page.css").read_text("utf-8")
    facts = [part for name, value in settings(saved) for part in (el("dt", name), el("dd", value))]
    turns = (_turn(number, turn) for number, turn in enumerate(saved.turns, 1))
    title = one_line(saved.title)
    body = el("body", el("h1", title), el("dl", *facts), *turns, el("footer", f"Footnote {__version__}"))
    return f"{_HEAD}{el('title', title)}\n{el('style', Html(style))}\n{body}\n"


def _turn(number: int, turn: SavedTurn) -> Html:
    question = el("h2", one_line(turn.question))
    answer = turn.answer
    if answer is None:
        return el("section", question, el("p", "No answer is saved.", class_="faint"))
    failure = [el("p", f"{answer.failure.message} {answer.failure.next}", class_="fault")] if answer.failure else []
    quotes = (_entry(number, entry, turn) for entry in answer.entries)
    faint = (el("p", remark, class_="faint") for remark in remarks(answer))
    told = el("ol", *_steps(number, answer)) if answer.drawn else el("p", *_numbered(number, answer), class_="answer")
    return el("section", question, told, *failure, *faint, *quotes)


def _numbered(number: int, answer: Answer) -> Iterator[str]:
    """The words of an answer, each number a link to its quote."""
    known = {str(citation.number) for citation in answer.citations}
    for at, piece in enumerate(_NUMBER.split(one_line(answer.text))):
        if at % 2 == 0 or piece not in known:
            yield f"[{piece}]" if at % 2 else piece
        else:
            yield _link(number, piece)


def _steps(number: int, answer: Answer) -> Iterator[Html]:
    """The events of a course as a list, each with its time."""
    for step in steps(answer):
        if step.gap:
            yield el("li", step.gap, class_="faint")
        link, origin = _link(number, str(step.citation.number)), el("span", step.origin, class_="faint")
        yield el("li", el("time", step.when), " ", one_line(step.text), " ", link, " ", origin)


def _link(number: int, footnote: str) -> Html:
    return el("a", f"[{footnote}]", href=f"#{number}-{footnote}", class_="number")


def _entry(number: int, entry: Citation | Closest, turn: SavedTurn) -> Html:
    """A quote with the words that answer marked, where it stands, and the reader's mark."""
    cited = isinstance(entry, Citation)
    name = str(entry.number) if isinstance(entry, Citation) else entry.letter
    at = address(entry.document, entry.quote)
    source = el("a", reference(entry.document), href=at) if at else reference(entry.document)
    mark = turn.marks.get(entry.number) if isinstance(entry, Citation) else None
    marked = [" ", el("strong", f"marked: {mark}")] if mark else []
    label = el("span", f"[{name}] " if cited else f"{name}) ", class_="number")
    return el(
        "figure", el("blockquote", label, *_quoted(entry.quote)), el("figcaption", source, *marked),
        id=f"{number}-{name}", class_="cited" if cited else "closest",
    )  # fmt: skip


def _quoted(quote: Quote) -> Iterator[str]:
    low, high = (offset - quote.start for offset in quote.answer or (quote.start, quote.start))
    yield quote.text[:low]
    if low < high:
        yield el("mark", quote.text[low:high])
    yield quote.text[high:]
