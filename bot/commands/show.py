"""`show`: a quote of a saved answer marked inside its article, or an article by its id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation import Place
from bot.errors import NotThere
from bot.sessions import Sessions
from bot.show import plain
from bot.show.clean import clean
from bot.show.page import facts, paragraphs, reference, within
from bot.show.terminal import Terminal
from store.corpus import Corpus
from store.errors import BadPath


@dataclass(frozen=True, slots=True)
class Target:
    """The article to show, in some version, with the span of the quote that was asked for."""

    document: str
    version: int | None = None
    span: tuple[int, int] | None = None
    name: str = ""  # the quote's number or letter


def target(what: str, sessions: Sessions, corpus: str, version: int | None) -> Target:
    """The target that `2`, `a`, `s7:3/2` or an article's id names. Raises NotThere."""
    match = re.fullmatch(r"(?:s(\d{1,9}):(\d{1,6})/)?(\d{1,4}|[a-z])", what)
    if match is None:
        return Target(what, version)
    if match[1]:
        turn = Place(int(match[1]), int(match[2]))
        sessions.check(turn.session, corpus)
    else:
        turn = sessions.last_turn(corpus)
    answer = sessions.answer(turn)
    name = match[3]
    named = [(str(c.number), c.quote) for c in answer.citations] + [(c.letter, c.quote) for c in answer.closest]
    for known, quote in named:
        if known == name:
            return Target(quote.document, quote.version, (quote.start, quote.end), name)
    names = ", ".join(known for known, _ in named) or "none"
    raise NotThere(
        f"The answer {turn} has no quote '{name}'; it has: {names}.", f"See: footnote sessions show s{turn.session}"
    )


def article(corpus: Corpus, wanted: Target, terminal: Terminal, *, raw: bool, as_json: bool, pager: bool) -> None:
    """Prints an article, its quote marked. Raises BadPath where there is no such article or version."""
    document = corpus.article(wanted.document, wanted.version)
    if as_json:
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


def versions(corpus: Corpus, wanted: Target, terminal: Terminal, *, as_json: bool) -> None:
    """Prints an article's versions. Raises BadPath where there is no such article."""
    document = corpus.article(wanted.document)
    known = corpus.versions(document.id)
    if not known:
        raise BadPath(f"No article has the id '{wanted.document}'.", "List the ids with: footnote sources")
    if as_json:
        head = {"schema_version": plain.SCHEMA_VERSION, "document_id": document.id}
        terminal.json({**head, "versions": plain.versions(known)})
        return
    for number, published, live in known:
        terminal.out(f"{number}  {published or 'undated'}{'  current' if live else ''}")
