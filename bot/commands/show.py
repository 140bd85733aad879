"""`show`: a quote of a saved answer marked inside its article, or an article by its id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands.options import Given
from bot.conversation import Place
from bot.errors import NotThere
from bot.show import plain
from bot.show.clean import clean
from bot.show.page import facts, paragraphs, reference, within
from store.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Target:
    """The article to show, in some version, with the span of the quote that was asked for."""

    document: str
    version: int | None = None
    span: tuple[int, int] | None = None
    name: str = ""  # the quote's number or letter


def target(given: Given, what: str, version: int | None) -> Target:
    """The target that `2`, `a`, `s7:3/2` or an article's id names. Raises NotThere."""
    match = re.fullmatch(r"(?:s(\d{1,9}):(\d{1,6})/)?(\d{1,4}|[a-z])", what)
    if match is None:
        return Target(what, version)
    corpus, sessions, name = given.settings.corpus, given.sessions, match[3]
    if match[1]:
        turn = Place(int(match[1]), int(match[2]))
        sessions.check(turn.session, corpus)
    else:
        turn = sessions.last_turn(corpus)
    answer = sessions.answer(turn)
    quotes = {str(c.number): c.quote for c in answer.citations} | {c.letter: c.quote for c in answer.closest}
    if name not in quotes:
        said = f"The answer {turn} has no quote '{name}'; it has: {', '.join(quotes) or 'none'}."
        raise NotThere(said, f"See: footnote sessions show s{turn.session}")
    quote = quotes[name]
    return Target(quote.document, quote.version, (quote.start, quote.end), name)


def article(given: Given, corpus: Corpus, wanted: Target, *, raw: bool, pager: bool) -> None:
    """Prints an article, its quote marked. Raises BadPath where there is no such article or version."""
    terminal, document = given.terminal, corpus.article(wanted.document, wanted.version)
    if given.json:
        terminal.json(plain.show(document, wanted.span, wanted.name, corpus.versions(document.id)))
        return
    if raw:
        terminal.page(clean(document.text), pager=pager)
        return
    blocks = [reference(document), terminal.dim(" · ".join(facts(document, corpus.versions(document.id)))), ""]
    quoted = 0  # lines above the quote
    for paragraph in paragraphs(document):
        mark = within(wanted.span or (0, 0), paragraph)
        text = document.text[paragraph[0] : paragraph[1]]
        marks = [mark] if mark[0] < mark[1] else []
        if marks and not quoted:
            quoted = sum(block.count("\n") + 1 for block in blocks)
        blocks += [terminal.marked(text, paragraph[0], marks, ""), ""]
    terminal.page("\n".join(blocks), at=quoted, pager=pager)


def versions(given: Given, corpus: Corpus, wanted: Target) -> None:
    """Prints an article's versions. Raises BadPath where there is no such article."""
    document = corpus.article(wanted.document)
    known = corpus.versions(document.id)
    if given.json:
        head = {"schema_version": plain.SCHEMA_VERSION, "document_id": document.id}
        given.terminal.json({**head, "versions": plain.versions(known)})
        return
    for number, published, live in known:
        given.terminal.out(f"{number}  {published or 'undated'}{'  current' if live else ''}")
