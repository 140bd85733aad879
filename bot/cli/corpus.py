"""`ingest`, `forget`, `sources` and `corpora`: the commands that fill, empty and list corpora."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option

from bot.cli.options import FILTERS, SCREEN, Given, shares, utf8
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
) -> None:
    """Add articles, or sync those there are.

    New and changed files are read, the articles of vanished ones taken out.
    """
    from bot.commands import ingest as command

    if path and not dry_run:
        given.paths.ensure(given.folder.parent)
    where, terminal = given.folder, given.terminal
    wrong = command.ingest(given.settings, where, path or (), terminal, yes=yes, dry_run=dry_run, as_json=given.json)
    if wrong is not None:
        raise Exit(wrong.exit)


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

    wanted = None if name is None else utf8(name)
    where, terminal = given.folder, given.terminal
    command.forget(given.settings, where, given.paths, wanted, terminal, yes=yes, as_json=given.json)


@shares(f"corpus {FILTERS} {SCREEN}")
def sources(
    given: Given,
    only_undated: Annotated[bool, Option("--only-undated", help="Only undated articles.")] = False,
    coverage: Annotated[bool, Option("--coverage", help="Counts, dates and outlets alone.")] = False,
    forgotten: Annotated[bool, Option("--forgotten", help="What was forgotten.")] = False,
) -> None:
    """List the articles in the corpus."""
    from bot.commands import sources as command
    from store.corpus import Corpus

    filters, terminal, as_json = given.filters, given.terminal, given.json
    opened = Corpus(given.folder)
    if forgotten:
        command.forgotten(opened, terminal, as_json=as_json)
    else:
        kept = opened.resolved(filters)
        command.sources(opened, kept, terminal, only_undated=only_undated, coverage=coverage, as_json=as_json)


@shares(SCREEN)
def corpora(given: Given) -> None:
    """List the named corpora."""
    from bot.commands import corpora as command

    command.corpora(given.paths, given.terminal, as_json=given.json)
