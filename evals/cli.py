"""`footnote eval`: suites listed, checked, run, compared, gated and accepted, and turns pinned.

`bot.cli.mount` brings the commands into the command line.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Exit, Option, Typer

from bot import build
from bot.answer import Bot
from bot.commands.options import SCREEN, Given, shares, utf8
from bot.conversation import Place
from bot.credentials import Keys
from bot.errors import BotError, EvalInvalid, UsageError
from bot.sessions import Sessions, session_id
from bot.settings import Paths, Settings, load
from bot.show import plain
from bot.show.clean import one_line
from evals import ask, find
from evals import compare as comparing
from evals import gate as gating
from evals import pin as pinning
from evals import report as reporting
from evals import run as running
from evals.case import Plan
from evals.forms.markdown import markdown as as_markdown
from evals.forms.page import page
from evals.forms.table import compared, table
from evals.kept import baseline, files, runs
from evals.kept.replies import Replies
from evals.report import Report, valid
from evals.suite import Suite
from store.progress import Progress
from store.record import Record

BASELINE = "baseline"  # names a suite's baseline in `eval compare`

app = Typer(rich_markup_mode=None)

Name = Annotated[str, Argument(help="A suite's name, or the path of its folder.")]
Jobs = Annotated[int, Option("--jobs", metavar="N", min=1, help="How many cases are asked at once.")]
Replay = Annotated[bool, Option("--replay", help="Only kept replies of the model; no connection is opened.")]
Fresh = Annotated[bool, Option("--fresh", help="Go on with no interrupted run, and ask the model anew.")]
Html = Annotated[Path | None, Option("--html", metavar="FILE", help="Write the report as a page, too.")]
Markdown = Annotated[Path | None, Option("--markdown", metavar="FILE", help="Write it as Markdown.")]
JUnit = Annotated[Path | None, Option("--junit", metavar="FILE", help="Write it as JUnit XML.")]


@app.command("list")
@shares(SCREEN)
def suites(given: Given) -> None:
    """List the suites."""
    every = find.suites()
    if given.json:
        names = [{"suite": s.name, "cases": len(s.cases), "answerable": s.answerable, "tags": s.tags} for s in every]
        given.terminal.json(names)
        return
    wide = max(len(one_line(suite.name)) for suite in every)
    for suite in every:
        counts = f"{len(suite.cases):5,} cases, {suite.answerable:5,} answerable: {one_line(suite.about)}"
        said = counts if suite.cases else f"SKIPPED: {one_line(suite.missing)}"
        given.terminal.out(f"{one_line(suite.name):{wide}} {said}")


@app.command()
@shares(SCREEN)
def check(given: Given, suite: Name) -> None:
    """Check a suite's cases without asking them."""
    read, terminal = find.load(suite), given.terminal
    if read.corpus is None and not read.optional and read.cases:
        raise EvalInvalid(f"The suite {read.name} has no corpus: {read.missing}.", "Name its folder in suite.toml.")
    if given.json:
        counts = {"suite": read.name, "cases": len(read.cases), "valid": True}
        terminal.json({"schema_version": plain.SCHEMA_VERSION, **counts})
    elif not read.cases:  # a public set that is not on this machine
        terminal.out(f"SKIPPED: {one_line(read.missing)}")
    else:
        said = f"{len(read.cases)} cases, {read.answerable} answerable; all are well formed"
        terminal.out(f"{one_line(read.name)}: {said}")


@app.command()
@shares(f"model {SCREEN}")
def run(
    given: Given,
    suite: Name,
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
    files.ready(html, markdown, junit)
    plan = Plan(limit, only, repeat, jobs, retrieval_only, fresh)
    report = _asked(given, find.load(suite), plan, replay)
    _write(report, html, markdown, junit)
    wrong: BotError | None = None
    try:
        valid(report)
    except EvalInvalid as error:
        wrong = error
    _show(given, report, wrong, "scored", {}, rows=rows)


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
    a, b, home = utf8(a), utf8(b), given.paths.data / "evals"
    running.installed()
    if a == b == BASELINE:
        mend = "Name a run: footnote eval compare baseline RUN"
        raise EvalInvalid("A baseline cannot be compared with itself.", mend)
    first, second = _side(a, b, home), _side(b, a, home)
    comparison = comparing.compare(first, second)
    if first.suite != second.suite or not comparison.differences:
        raise EvalInvalid(f"{a} and {b} have no case in common: they are of {first.suite} and {second.suite}.")
    if given.json:
        given.terminal.json(comparing.as_json(comparison))
    else:
        given.terminal.rich(compared(comparison))


@app.command()
@shares(f"model {SCREEN}")
def gate(
    given: Given,
    suite: Name,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
    html: Html = None,
    markdown: Markdown = None,
    junit: JUnit = None,
) -> None:
    """Run a suite; fail (exit 6) where it falls below its baseline or its floors."""
    read = find.load(suite)
    accepted = None if read.corpus is None else baseline.read(read.folder, read.name)
    gating.gateable(read, accepted, _settings(given, read).model)
    files.ready(html, markdown, junit)
    report = _asked(given, read, Plan(jobs=jobs, fresh=fresh), replay)
    _write(report, html, markdown, junit)
    verdict = gating.Verdict(read.name)
    wrong: BotError | None = None
    try:
        verdict = gating.judge(report, read, accepted)
        wrong = verdict.error()
    except EvalInvalid as error:
        wrong = error
    lines = gating.lines(verdict)
    if not wrong and not report.skipped:
        against = "its baseline and floors" if accepted else "its floors alone; it has no baseline yet"
        lines.append(f"{read.name}: passed, held against {against}")
    _show(given, report, wrong, "passed", gating.as_json(verdict), lines)


@app.command()
@shares(f"model {SCREEN}")
def accept(
    given: Given,
    suite: Name,
    why: Annotated[str, Option("--why", help="The reason, which is kept with the scores.")],
    kept: Annotated[str | None, Option("--run", metavar="RUN", help="That run, not a new one.")] = None,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
) -> None:
    """Make a run's scores the suite's baseline."""
    read, why = find.load(suite), utf8(why)
    baseline.reasoned(read, why)
    if kept is None:
        report = _asked(given, read, Plan(jobs=jobs, fresh=fresh), replay)
    else:
        named = runs.read(given.paths.data / "evals", kept)
        report = running.report(read, named.manifest, named.rows)
    place = baseline.accept(report, read, why)
    if given.json:
        given.terminal.json({
            "schema_version": plain.SCHEMA_VERSION, "suite": read.name, "run": report.manifest["run"],
            "model": report.model, "cases": len(read.cases), "why": why, "baseline": str(place),
        })  # fmt: skip
    else:
        given.terminal.out(f"{one_line(read.name)}: {one_line(report.manifest['run'])} is the baseline now")


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
    terminal = given.terminal
    made = _case(given.sessions, given.folder, given.settings.corpus, utf8(suite), session, turn)
    lines = pinning.lines(made)
    if not given.json:
        for line in lines:
            terminal.out(one_line(line))
    if not yes:
        if given.json or not terminal.asks:
            raise UsageError("Nothing was pinned: there is nobody to ask.", "Add --yes.")
        if not typer.confirm(f"Pin it as {made.case.id}?", err=True):
            return
    file = pinning.keep(made)
    if given.json:
        terminal.json({
            "schema_version": plain.SCHEMA_VERSION, "suite": made.suite, "case": made.case.id, "file": str(file),
            "turn": str(made.place), "asserts": lines,
        })  # fmt: skip
    else:
        name = one_line(made.suite)
        terminal.out(f"{name}: {made.case.id} is pinned; ask it: footnote eval run {name}")


def pinned(sessions: Sessions, paths: Paths, corpus: str, place: Place) -> tuple[tuple[str, ...], Callable[[], str]]:
    """A turn of the chat as a case of the user's own suite `pinned`: its lines, and what writes it and says where.

    Raises NotThere, UsageError and EvalInvalid as `evals.pin.pin`, and the store's errors.
    """
    suite = "pinned"
    made = _case(sessions, paths.corpus_folder(corpus), corpus, suite, f"s{place.session}", place.turn)
    return tuple(pinning.lines(made)), lambda: f"Pinned in {pinning.keep(made)}. Ask it: footnote eval run {suite}"


def _case(
    sessions: Sessions, folder: Path, corpus: str, suite: str, session: str | None, turn: int | None
) -> pinning.Pin:
    """A turn of a session (the last of each where none is named) as a case, unwritten."""
    if session is None:
        place = sessions.last_turn(corpus)
    else:
        sessions.check(session_id(session), corpus)
        place = Place(session_id(session), len(sessions.turns(session_id(session))))
    record = Record(folder)
    try:
        sources = {document.id: document.source for document in record.documents()}
    finally:
        record.close()
    turns = sessions.turns(place.session)
    return pinning.pin(turns, Place(place.session, turn or place.turn), corpus, suite, sources)


def settings_for(suite: Suite, user: Settings, model: str | None) -> Settings:
    """The user's settings, over them the suite's, over those the model that was named for this run."""
    base = load({"corpus": suite.live}) if suite.live else user
    chosen: dict[str, Any] = {**suite.settings, **({} if model is None else {"model": model})}
    return replace(base, **chosen)


def _settings(given: Given, suite: Suite) -> Settings:
    return settings_for(suite, load({"model": given.model}, calibrated=False), given.model)


def _asked(given: Given, suite: Suite, plan: Plan, replay: bool) -> Report:
    """Asks a suite, with a bar on a terminal, and says where the run is kept. Raises as `evals.run.run`."""
    terminal, home = given.terminal, given.paths.data / "evals"
    terminal.quiet = given.quiet  # a run's notices are told under --json too
    replies = Replies(home / "replies", replay=replay, anew=plan.fresh and not replay)
    making = partial(build.bot, key=Keys(given.paths.keys_file).get, replies=replies)

    def make(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
        return making(settings, where, ask.silent if replay else notice)  # a replay sends nothing anywhere

    settings = _settings(given, suite)
    with terminal.bars() as show:
        try:
            report = running.run(
                suite, settings, plan, notice=terminal.note, home=home, make=make, replies=replies,
                progress=lambda done, total: show(Progress("asking", done, total)),
            )  # fmt: skip
        except (KeyboardInterrupt, asyncio.CancelledError):
            terminal.note("stopped; the same command (without --fresh) goes on with what is there")
            raise
    if report.manifest:
        terminal.note(f"kept as {report.manifest['run']}")
    return report


def _write(report: Report, html: Path | None, markdown: Path | None, junit: Path | None) -> None:
    if html:
        files.save(html, page(report))
    if markdown:
        files.save(markdown, as_markdown(report))
    if junit:
        from evals.forms.junit import junit as as_junit  # needs junitparser, of the extra

        files.save(junit, as_junit(report))


def _show(
    given: Given,
    report: Report,
    wrong: BotError | None,
    right: str,
    facts: Mapping[str, Any],
    lines: Sequence[str] = (),
    *,
    rows: bool = False,
) -> None:
    """Prints a report, as JSON with more facts or with lines under it, and ends the command where something is wrong.

    `right` is the outcome of a report with which nothing is wrong.
    """
    if given.json:
        ending = plain.error(wrong) if wrong else {"outcome": "skipped" if report.skipped else right}
        run = {"run": report.manifest.get("run")}
        given.terminal.json({**reporting.as_json(report, rows), **run, **facts, **ending})
    else:
        given.terminal.rich(table(report))
        for line in lines:
            given.terminal.out(one_line(line))
        if wrong:
            given.terminal.fail(wrong.message, wrong.next)
    if wrong:
        raise Exit(wrong.exit)


def _side(name: str, other: str, home: Path) -> comparing.Side:
    """One side of a comparison: a run by name or folder, or `baseline` for that of the other one's suite."""
    kept = runs.read(home, other if name == BASELINE else name)
    if name != BASELINE:
        valid(kept)
        parts = ", ".join(kept.manifest[key] for key in ("reader", "checker") if key in kept.manifest)
        return replace(comparing.side(name, kept.suite, kept.model, kept.rows), parts=parts)
    accepted = baseline.read(Path(kept.manifest["folder"]), kept.suite)
    if accepted is None:
        raise EvalInvalid(f"{kept.suite} has no baseline.", f'Make one: footnote eval accept {kept.suite} --why "…"')
    return accepted.side
