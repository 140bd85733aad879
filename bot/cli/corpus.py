"""`ingest`, `forget`, `sources` and `corpora`: the commands that fill, empty and list corpora."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from bot.commands.options import FILTERS, SCREEN, Given, shares, utf8
from bot.errors import UsageError


def _path(text: str) -> Path:
    """A path argument. Raises UsageError for an empty one, which would mean the current folder."""
    if not text.strip():
        raise UsageError("An empty path was given.", "Name a folder of articles: footnote ingest PATH")
    if utf8(text) != text:
        raise UsageError(f"The name {text} is not UTF-8.", "Rename it, then ingest it.")
    return Path(text)


@shares(f"corpus {SCREEN}")
def ingest(
    given: Given,
    path: Annotated[
        list[Path] | None,
        Argument(parser=_path, metavar="[PATH]...", help="Folders or files to add; none: sync all roots."),
    ] = None,
    yes: Annotated[bool, Option("--yes", help="Take out vanished articles, however many.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    watch: Annotated[bool, Option("--watch", help="Then follow all roots, until Ctrl-C.")] = False,
) -> None:
    """Add articles, or sync those there are.

    New and changed files are read, the articles of vanished ones taken out.
    """
    if watch:
        if given.json or dry_run:
            other = "--json" if given.json else "--dry-run"
            raise UsageError(f"--watch and {other} do not go together.", f"Leave {other} out.")
        from bot.commands.watch import watch as follow

        follow(given, path or (), yes=yes)
        return
    from bot.commands import ingest as command

    command.ingest(given, path or (), yes=yes, dry_run=dry_run)


@shares(f"corpus {SCREEN}")
def forget(
    given: Given,
    name: Annotated[str | None, Argument(metavar="ROOT|ID", help="A root's name or path, or an article's id.")] = None,
    whole: Annotated[bool, Option("--all", help="The whole corpus, its folder too.")] = False,
    yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a root or an article out and erase it.

    Saved answers that quote it are erased too; the files themselves stay. On a terminal it asks first; elsewhere --all
    wants --yes.
    """
    if (name is None) != whole:
        said = "Both a name and --all were given." if whole else "Nothing to forget was named."
        raise UsageError(said, "Name a root or an article's id, or add --all for the whole corpus.")
    from bot.commands import forget as command

    command.forget(given, None if name is None else utf8(name), yes=yes)


@shares(f"corpus {FILTERS} {SCREEN}")
def sources(
    given: Given,
    only_undated: Annotated[bool, Option("--only-undated", help="Only undated articles.")] = False,
    coverage: Annotated[bool, Option("--coverage", help="A chart of articles a month by outlet.")] = False,
    forgotten: Annotated[bool, Option("--forgotten", help="What was forgotten.")] = False,
    families: Annotated[bool, Option("--families", help="Articles that are copies of one another.")] = False,
) -> None:
    """List the articles in the corpus."""
    from bot.outcome import described
    from bot.show import copies, plain
    from bot.show.clean import one_line
    from bot.show.coverage import chart, months
    from store.corpus import Corpus

    filters, terminal, head = given.filters, given.terminal, {"schema_version": plain.SCHEMA_VERSION}
    corpus = Corpus(given.folder)
    if forgotten:
        marks = corpus.forgotten()
        if given.json:
            gone = [{"document_id": mark.document, **plain.picked(mark, "path forgotten")} for mark in marks]
            terminal.json({**head, "forgotten": gone})
        else:
            terminal.table([(mark.document, mark.forgotten[:10], mark.path) for mark in marks])
        return
    filters = corpus.resolved(filters)  # newest first, undated last
    if families:
        shown = {item.id for item in corpus.documents(filters)}
        groups = [one for one in corpus.families() if shown & {item.id for item in (one.origin, *one.copies)}]
        if given.json:
            terminal.json({**head, "families": [plain.family(one) for one in groups]})
        else:
            copies.table(groups, terminal)
        return
    articles = [item for item in corpus.documents(filters) if not only_undated or item.published is None]
    covered = corpus.coverage(filters)
    if given.json:
        listed = [] if coverage else [plain.document(item) for item in articles]
        drawn = months(articles) if coverage else []
        terminal.json({**head, "documents": listed, "coverage": plain.coverage(covered), "months": drawn})
    elif coverage:
        terminal.out(one_line(described(covered)))
        chart(articles, terminal)
    else:
        terminal.table([(item.id, item.published or "undated", item.outlet or "-", item.title) for item in articles])
        terminal.note(f"{len(articles)} of {described(corpus.coverage())}")


@shares(SCREEN)
def corpora(given: Given) -> None:
    """List the named corpora."""
    from contextlib import closing

    from bot.outcome import described
    from bot.show import plain
    from store.errors import StoreError
    from store.record import FILE, Record

    rows: list[tuple[str, str, str]] = []
    listed: list[dict[str, object]] = []
    folders = sorted(given.paths.corpora.iterdir()) if given.paths.corpora.is_dir() else []
    for folder in [folder for folder in folders if (folder / FILE).exists()]:
        place = {"name": folder.name, "folder": str(folder)}
        try:
            with closing(Record(folder)) as record:
                covered, roots = record.coverage(), record.roots()
        except StoreError as error:  # one that cannot be opened says why
            rows.append((folder.name, error.message, str(folder)))
            listed.append({**place, "error": error.message})
            continue
        if covered.documents or roots:  # an emptied one is left out
            rows.append((folder.name, described(covered), str(folder)))
            listed.append({**place, "coverage": plain.coverage(covered)})
    if given.json:
        given.terminal.json({"schema_version": plain.SCHEMA_VERSION, "corpora": listed})
    elif rows:
        given.terminal.table(rows)
    else:
        given.terminal.note("there is no corpus yet; make one with: footnote ingest PATH")
