"""`footnote eval`: the commands of the command line that score answers; `bot.cli.mount` brings them in."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from typer import Argument, Exit, Option, Typer

from bot.commands.options import SCREEN, Given, shares, utf8
from bot.conversation import Place
from bot.errors import BotError
from bot.sessions import Sessions
from bot.settings import Paths
from evals import commands
from evals.case import Plan

app = Typer(rich_markup_mode=None)

Suite = Annotated[str, Argument(help="A suite's name, or the path of its folder.")]
Jobs = Annotated[int, Option("--jobs", metavar="N", min=1, help="How many cases are asked at once.")]
Replay = Annotated[bool, Option("--replay", help="Only kept replies of the model; no connection is opened.")]
Fresh = Annotated[bool, Option("--fresh", help="Go on with no interrupted run, and ask the model anew.")]
Html = Annotated[Path | None, Option("--html", metavar="FILE", help="Write the report as a page, too.")]
Markdown = Annotated[Path | None, Option("--markdown", metavar="FILE", help="Write it as Markdown.")]
JUnit = Annotated[Path | None, Option("--junit", metavar="FILE", help="Write it as JUnit XML.")]


def _asking(given: Given, replay: bool) -> commands.Asking:
    """The settings and streams of a command that asks a suite; a run's notices are told under --json too."""
    given.terminal.quiet = given.quiet
    flags = {"model": given.model}
    return commands.Asking(given.settings, given.paths, given.terminal, flags, replay, given.json)


def _ended(wrong: BotError | None) -> None:
    if wrong:
        raise Exit(wrong.exit)


@app.command("list")
@shares(SCREEN)
def suites(given: Given) -> None:
    """List the suites."""
    commands.suites(given.terminal, as_json=given.json)


@app.command()
@shares(SCREEN)
def check(given: Given, suite: Suite) -> None:
    """Check a suite's cases without asking them."""
    commands.check(suite, given.terminal, as_json=given.json)


@app.command()
@shares(f"model {SCREEN}")
def run(
    given: Given,
    suite: Suite,
    limit: Annotated[int | None, Option("--limit", min=1, help="Only the first cases.")] = None,
    only: Annotated[str | None, Option("--only", metavar="TAG", help="Only cases with that tag.")] = None,
    repeat: Annotated[int, Option("--repeat", metavar="K", min=1, help="Ask each case so often.")] = 1,
    jobs: Jobs = 1,
    retrieval_only: Annotated[bool, Option("--retrieval-only", help="Score the passages alone.")] = False,
    replay: Replay = False,
    fresh: Fresh = False,
    html: Html = None,
    markdown: Markdown = None,
    junit: JUnit = None,
    rows: Annotated[bool, Option("--rows", help="With --json: one row a case too.")] = False,
) -> None:
    """Ask every case of a suite and score the answers.

    The rows are kept; a run that was interrupted is gone on with by the same command.
    """
    plan, files = Plan(limit, only, repeat, jobs, retrieval_only, fresh), commands.Files(html, markdown, junit)
    _ended(commands.run(suite, _asking(given, replay), plan, files, rows=rows))


@app.command()
@shares(SCREEN)
def compare(
    given: Given,
    a: Annotated[str, Argument(metavar="A", help="A run such as starter/3, its folder, or baseline.")],
    b: Annotated[str, Argument(metavar="B", help="The other one.")],
) -> None:
    """Compare two runs, or one with the baseline.

    Each metric's difference over the cases that both have, and the cases mended and broken.
    """
    commands.compare(utf8(a), utf8(b), given.paths.data / "evals", given.terminal, as_json=given.json)


@app.command()
@shares(f"model {SCREEN}")
def gate(
    given: Given,
    suite: Suite,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
    html: Html = None,
    markdown: Markdown = None,
    junit: JUnit = None,
) -> None:
    """Run a suite; fail (exit 6) where it falls below its baseline or its floors."""
    files = commands.Files(html, markdown, junit)
    _ended(commands.gate(suite, _asking(given, replay), Plan(jobs=jobs, fresh=fresh), files))


@app.command()
@shares(f"model {SCREEN}")
def accept(
    given: Given,
    suite: Suite,
    why: Annotated[str, Option("--why", help="The reason, which is kept with the scores.")],
    kept: Annotated[str | None, Option("--run", metavar="RUN", help="That run, not a new one.")] = None,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
) -> None:
    """Make a run's scores the suite's baseline."""
    commands.accept(suite, _asking(given, replay), Plan(jobs=jobs, fresh=fresh), utf8(why), kept)


@app.command()
@shares(f"corpus {SCREEN}")
def pin(
    given: Given,
    suite: Annotated[str, Option("--suite", metavar="NAME", help="A suite of your own, or a suite's folder.")],
    session: Annotated[str | None, Option("--session", metavar="ID", help="Of that session, else the last.")] = None,
    turn: Annotated[int | None, Option("--turn", metavar="N", min=1, help="That turn, else the last.")] = None,
    yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Make a past turn a case of a suite, after showing what it will assert.

    A suite of your own is made on first use, over the corpus that was asked.
    """
    name = given.settings.corpus
    found = commands.pinned(given.sessions, given.folder, name, utf8(suite), session, turn)
    commands.keep(found, given.terminal, yes=yes, as_json=given.json)


def pinned(sessions: Sessions, paths: Paths, corpus: str, place: Place) -> tuple[tuple[str, ...], Callable[[], str]]:
    """A turn of the chat as a case of the user's own suite `pinned`: its lines, and what writes it and says where.

    Raises as `evals.commands.pinned`.
    """
    from evals import pin as pinning

    suite, session = "pinned", f"s{place.session}"
    found = commands.pinned(sessions, paths.corpus_folder(corpus), corpus, suite, session, place.turn)

    def keep() -> str:
        return f"Pinned in {pinning.keep(found)}. Ask it: footnote eval run {suite}"

    return tuple(pinning.lines(found)), keep
