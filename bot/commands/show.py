"""`show`: a quote of a saved answer marked inside its article, or an article by its id."""

import re

from bot.commands.options import Given
from bot.conversation import Place, Quote
from bot.errors import NotThere
from bot.show import plain
from bot.show.changes import changes
from bot.show.clean import clean
from bot.show.page import facts, noted, paragraphs, reference, within
from bot.show.terminal import Terminal
from store.corpus import Corpus
from store.passage import Document


def show(given: Given, what: str, version: int | None, *, raw: bool, versions: bool, pager: bool) -> None:
    """Prints an article, its quote marked, or its `versions`. Raises BadPath where there is no such article or version.

    `what` is `2`, `a`, `s7:3/2` or an article's id. Raises NotThere where there is no such answer or quote.
    """
    corpus, terminal = Corpus(given.folder), given.terminal
    name, quote = _named(given, what)
    if quote:
        what, version = quote.document, quote.version
    if versions:
        _versions(given, corpus, corpus.article(what).id)
        return
    document = corpus.article(what, version)
    known = corpus.versions(document.id)
    if given.json:
        terminal.json(plain.show(document, name, quote, known))
    elif raw:
        terminal.page(_dimmed(document, terminal), pager=pager)
    else:
        blocks = [reference(document), terminal.dim(" · ".join(facts(document, known))), ""]
        span = (quote.start, quote.end) if quote else (0, 0)
        quoted = 0  # lines above the quote
        for paragraph in paragraphs(document):
            mark = within(span, paragraph)
            marks = [mark] if mark[0] < mark[1] else []
            if marks and not quoted:
                quoted = sum(block.count("\n") + 1 for block in blocks)
            blocks += [note] if (note := noted(document, paragraph)) else []
            blocks += [terminal.marked(document.text[slice(*paragraph)], paragraph[0], marks, ""), ""]
        terminal.page("\n".join(blocks), at=quoted, pager=pager)


def _versions(given: Given, corpus: Corpus, key: str) -> None:
    """Prints the versions of an article and what changed from each to the next; two of them are held at a time."""
    known, terminal = corpus.versions(key), given.terminal
    if given.json:
        head = {"schema_version": plain.SCHEMA_VERSION, "document_id": key}
        terminal.json({**head, "versions": plain.versions(known)})
        return
    before: Document | None = None
    for number, published, live in known:
        terminal.out(f"{number}  {published or 'undated'}{'  current' if live else ''}")
        after = corpus.article(key, number)
        for change in changes(before, after) if before else ():
            terminal.out(terminal.marked(change, 0, []))
        before = after


def _dimmed(document: Document, terminal: Terminal) -> str:
    """An article's whole text, what is no story dim where the terminal can."""
    text, parts, low = clean(document.text), list[str](), 0
    for span in document.spans:
        if span.kind == "furniture" and span.start >= low:
            parts += [text[low : span.start], terminal.dim(text[span.start : span.end])]
            low = span.end
    return "".join([*parts, text[low:]])


def _named(given: Given, what: str) -> tuple[str, Quote | None]:
    """The number or letter of a saved answer's quote, and the quote; None where an article's id is named."""
    match = re.fullmatch(r"(?:s(\d{1,9}):(\d{1,6})/)?(\d{1,4}|[a-z])", what)
    if match is None:
        return "", None
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
    return name, quotes[name]
