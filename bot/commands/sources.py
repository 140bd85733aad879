"""`sources`: the articles of a corpus, its coverage, and what was forgotten."""

from __future__ import annotations

from bot.outcome import described
from bot.show import plain
from bot.show.clean import one_line
from bot.show.table import table
from bot.show.terminal import Terminal
from store.corpus import Corpus
from store.passage import Filters


def sources(
    corpus: Corpus, filters: Filters, terminal: Terminal, *, only_undated: bool, coverage: bool, as_json: bool
) -> None:
    """Prints the articles that pass the filters, newest first, undated last."""
    articles = [item for item in corpus.documents(filters) if not only_undated or item.published is None]
    covered = corpus.coverage(filters)
    if as_json:
        listed = [] if coverage else [plain.document(item) for item in articles]
        terminal.json(
            {"schema_version": plain.SCHEMA_VERSION, "documents": listed, "coverage": plain.coverage(covered)}
        )
        return
    if coverage:
        terminal.out(one_line(described(covered)))
        for name, count in covered.outlets:
            terminal.out(f"{count:7,}  {one_line(name)}")
        return
    if articles:
        table(terminal, [(item.id, item.published or "undated", item.outlet or "-", item.title) for item in articles])
    terminal.note(f"{len(articles)} of {described(corpus.coverage())}")


def forgotten(corpus: Corpus, terminal: Terminal, *, as_json: bool) -> None:
    """Prints what was forgotten and will not be read again until it is ingested by name."""
    marks = corpus.forgotten()
    if as_json:
        listed = [{"document_id": gone.document, "path": gone.path, "forgotten": gone.forgotten} for gone in marks]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "forgotten": listed})
    elif marks:
        table(terminal, [(gone.document, gone.forgotten[:10], gone.path) for gone in marks])
