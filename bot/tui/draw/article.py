"""Content of an open article: the fixed head over it, and its paragraphs with the quote marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from bot.conversation import Mark, Quote
from bot.show.clean import columns, one_line
from bot.show.page import facts, noted, paragraph_of, paragraphs, within
from bot.tui.draw.base import ANSWER, BOLD, DIM, MARK, SIGNS, Part, does, label, marked, origin
from bot.tui.engine import Article

LONGEST = 2_000  # characters of a piece


@dataclass(frozen=True, slots=True)
class Opening:
    """What is open: a quote of a turn, its name, the turn's quotes by name, and what is said of it.

    An article that is opened without a question has an empty quote without a name.
    """

    article: Article
    quote: Quote
    name: str
    names: tuple[str, ...]
    said: str = ""  # who says the quote, as it is written behind its facts
    mark: Mark | None = None  # the reader's


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a part of a long one; `mark` is the offset at which the quote begins in it."""

    content: Content
    mark: int | None
    goes_on: bool  # whether the next piece is of the same paragraph


def head(opening: Opening, keys: Sequence[tuple[str, str, str]], room: int) -> Content:
    """The footnote with its article's headline; outlet, day and paragraph; the keys, as (key, action, command)."""
    document = opening.article.document
    mark = f"{SIGNS[opening.mark]} {opening.mark} · " if opening.mark else ""
    of = f"{label(opening.name)} of {len(opening.names)} · {mark}" if opening.name else ""
    told = f"{origin(document)}{_changed(opening.article)}{_where(opening)}{opening.said}"
    hints: list[Part] = []
    for key, action, command in keys:
        if command == "next_mark" and not opening.name.isdecimal():  # only footnotes are marked
            continue
        hints += [does(command, key, BOLD), does(command, f" {action}  ", DIM)]
    shown = Content.assemble(*hints).rstrip()
    beside = columns(told) + 3 + shown.cell_length <= room
    title = one_line(document.title, room - columns(of))
    return Content.assemble((of, BOLD), (title, BOLD), "\n", (told, DIM), " · " if beside else "\n", shown)


def _where(opening: Opening) -> str:
    """The paragraph of the quote among all, and its printed page."""
    every, quote = paragraphs(opening.article.document), opening.quote
    number = paragraph_of(quote, every) if opening.name else None
    page = "" if quote.page is None else f" · p. {quote.page}"
    return f"{page} · ¶{number} of {len(every)}" if number else page


def _changed(article: Article) -> str:
    """Whether the file reads otherwise today than the version that is shown."""
    current = next((number for number, _, current in article.versions if current), None)
    if current == article.document.version:
        return ""
    return " · the file has changed since" if current else " · no longer in the corpus"


def body(article: Article, quote: Quote) -> list[tuple[Content, int | None]]:
    """An article's paragraphs with a quote marked, its answering words underlined, boilerplate dimmed.

    Each comes with the offset where its mark begins, or None.
    """
    document = article.document
    boilerplate = [(span.start, span.end) for span in document.spans if span.kind == "furniture"]
    drawn: list[tuple[Content, int | None]] = []
    for start, end in paragraphs(document):
        if note := noted(document, (start, end)):
            drawn.append((Content.styled(note, BOLD), None))
        mark = within((quote.start, quote.end), (start, end))
        marks = (mark,) if mark[0] < mark[1] else ()
        content = marked(document.text[start:end], start, ())
        for low, high in (within(span, (start, end)) for span in boilerplate):
            if low < high:
                content = content.stylize(DIM, low - start, high - start)
        drawn.append((_lit(content, quote, marks, start), mark[0] - start if marks else None))
    return drawn


def pieces(drawn: Iterable[tuple[Content, int | None]]) -> list[Piece]:
    """The paragraphs of `body`, long ones cut between words, for a widget is laid out whole."""
    cut: list[Piece] = []
    for content, mark in drawn:
        text, start = content.plain, 0
        while start < len(text) or not start:
            end = start + LONGEST
            if end < len(text):
                end = text.rfind(" ", start + LONGEST // 2, end) + 1 or end
            at = mark - start if mark is not None and start <= mark < end else None
            cut.append(Piece(content[start:end], at, end < len(text)))
            start = end
    return cut


def _lit(content: Content, quote: Quote, marks: Sequence[tuple[int, int]], start: int) -> Content:
    """A paragraph with the part of the quote in it marked, and the words of the quote that answer."""
    for low, high in marks:
        content = content.stylize(MARK, low - start, high - start)
        if quote.answer:
            first, last = within(quote.answer, (low, high))
            if first < last:
                content = content.stylize(ANSWER, first - start, last - start)
    return content


def foot(article: Article) -> Content:
    """The facts that identify an article, under its last paragraph: file, id, version, author, address."""
    told = (one_line(article.document.source), *facts(article.document, article.versions))
    return Content("\n".join(told)).stylize(DIM)
