"""`sources`, `corpora` and `sessions`: lists of what there is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation import Answer
from bot.errors import NotThere
from bot.outcome import described
from bot.sessions import Sessions
from bot.settings import Paths
from bot.show import plain
from bot.show.clean import one_line
from bot.show.terminal import Terminal, refused
from bot.show.terminal import sources as footnotes
from store.errors import StoreError
from store.passage import Filters
from store.record import FILE, Record


def table(terminal: Terminal, rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns; the last column is cut to the width of a terminal, and never cut elsewhere."""
    cleaned = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    for row in cleaned:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        terminal.out(one_line(line, terminal.width) if terminal.tty and len(line) > terminal.width else line)


def sources(
    record: Record, filters: Filters, terminal: Terminal, *, only_undated: bool, coverage: bool, as_json: bool
) -> None:
    """Prints the articles that pass the filters, newest first, undated last."""
    found = [item for item in record.documents(filters) if not only_undated or item.published is None]
    covered = record.coverage(filters)
    if as_json:
        listed = [] if coverage else [plain.document(item) for item in found]
        terminal.json(
            {"schema_version": plain.SCHEMA_VERSION, "documents": listed, "coverage": plain.coverage(covered)}
        )
        return
    if coverage:
        terminal.out(one_line(described(covered)))
        for name, count in covered.outlets:
            terminal.out(f"{count:7,}  {one_line(name)}")
        return
    if found:
        table(terminal, [(item.id, item.published or "undated", item.outlet or "-", item.title) for item in found])
    terminal.note(f"{len(found)} of {described(record.coverage())}")


def forgotten(record: Record, terminal: Terminal, *, as_json: bool) -> None:
    """Prints what was forgotten and will not be read again until it is ingested by name."""
    marks = record.exclusions()
    if as_json:
        listed = [{"document_id": gone.document, "path": gone.path, "forgotten": gone.forgotten} for gone in marks]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "forgotten": listed})
    elif marks:
        table(terminal, [(gone.document, gone.forgotten[:10], gone.path) for gone in marks])


def corpora(paths: Paths, terminal: Terminal, *, as_json: bool) -> None:
    """Prints the named corpora with what they hold; one that cannot be opened says why."""
    rows: list[tuple[str, str, str]] = []
    listed: list[dict[str, object]] = []
    folders = (
        sorted(path for path in paths.corpora.iterdir() if (path / FILE).exists()) if paths.corpora.is_dir() else []
    )
    for folder in folders:
        try:
            record = Record(folder)
            covered = record.coverage()
            record.close()
        except StoreError as error:
            rows.append((folder.name, error.message, str(folder)))
            listed.append({"name": folder.name, "folder": str(folder), "error": error.message})
            continue
        rows.append((folder.name, described(covered), str(folder)))
        listed.append({"name": folder.name, "folder": str(folder), "coverage": plain.coverage(covered)})
    if as_json:
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "corpora": listed})
    elif rows:
        table(terminal, rows)
    else:
        terminal.note("there is no corpus yet; make one with: footnote ingest PATH")


def sessions(held: Sessions, corpus: str | None, terminal: Terminal, *, as_json: bool) -> None:
    """Prints the saved conversations, the last used first."""
    found = held.saved(corpus)
    if as_json:
        listed = [
            {"session": s.name, "corpus": s.corpus, "title": s.title, "turns": s.turns, "asked": s.asked} for s in found
        ]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "sessions": listed})
    elif found:
        table(
            terminal,
            [(s.name, s.asked[:10], s.corpus, f"{s.turns} turn{'' if s.turns == 1 else 's'}", s.title) for s in found],
        )
    else:
        terminal.note("nothing has been asked yet")


def session(held: Sessions, key: int, terminal: Terminal, *, as_json: bool) -> None:
    """Prints one conversation. Raises NotThere."""
    turns = held.turns(key)
    if not turns:
        raise NotThere(f"There is no session s{key}.", "List them with: footnote sessions list")
    if as_json:
        listed = [_turn(f"s{key}", number, question, answer) for number, (question, answer) in enumerate(turns, 1)]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "session": f"s{key}", "turns": listed})
        return
    for number, (question, answer) in enumerate(turns, 1):
        terminal.out(f"s{key}:{number}  {one_line(question)}")
        terminal.out()
        if answer is None:
            terminal.out("(no saved answer)")
        elif answer.refused:
            refused(terminal, answer)
        else:
            terminal.flow(answer.text)
            terminal.end_flow()
            footnotes(terminal, answer)
        terminal.out()


def _turn(name: str, number: int, question: str, answer: Answer | None) -> dict[str, object]:
    return {"question": question, "answer": None if answer is None else plain.ask(answer, (name, number))}
