"""`footnote eval …`: suites listed, checked, run, compared, gated and accepted, and turns pinned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bot import build
from bot.answer import Bot
from bot.conversation import Place
from bot.credentials import Keys
from bot.errors import BotError, EvalInvalid, UsageError
from bot.sessions import Sessions, session_id
from bot.settings import Paths, Settings, load
from bot.show import plain
from bot.show.clean import one_line
from bot.show.terminal import Terminal
from evals import ask, find
from evals import compare as comparing
from evals import gate as gating
from evals import pin as pinning
from evals import report as reporting
from evals import run as running
from evals.case import Plan
from evals.forms.markdown import markdown
from evals.forms.page import page
from evals.forms.table import table
from evals.kept import baseline, files, runs
from evals.kept.replies import Replies
from evals.report import Report, valid
from evals.suite import Suite
from store.record import Record
from store.sync import Progress

BASELINE = "baseline"
"""Names a suite's baseline in `eval compare`."""


def suites(terminal: Terminal, *, as_json: bool) -> None:
    """Prints the suites with their counts."""
    every = find.suites()
    if as_json:
        terminal.json(
            [{"suite": s.name, "cases": len(s.cases), "answerable": s.answerable, "tags": s.tags} for s in every]
        )
        return
    wide = max(len(one_line(suite.name)) for suite in every)
    for suite in every:
        counts = f"{len(suite.cases):5,} cases, {suite.answerable:5,} answerable: {one_line(suite.about)}"
        said = counts if suite.cases else f"SKIPPED: {one_line(suite.missing)}"
        terminal.out(f"{one_line(suite.name):{wide}} {said}")


def check(name: str, terminal: Terminal, *, as_json: bool) -> None:
    """Loads a suite, which checks it. Raises EvalInvalid."""
    suite = find.load(name)
    if suite.corpus is None and not suite.optional and suite.cases:
        raise EvalInvalid(f"The suite {suite.name} has no corpus: {suite.missing}.", "Name its folder in suite.toml.")
    if as_json:
        version = plain.SCHEMA_VERSION
        terminal.json({"schema_version": version, "suite": suite.name, "cases": len(suite.cases), "valid": True})
    elif not suite.cases:  # a public set that is not on this machine
        terminal.out(f"SKIPPED: {one_line(suite.missing)}")
    else:
        counts = f"{len(suite.cases)} cases, {suite.answerable} answerable"
        terminal.out(f"{one_line(suite.name)}: {counts}; all are well formed")


@dataclass(frozen=True, slots=True)
class Asking:
    """The way suites are asked: the user's settings, `flags` that go over a suite's own, kept replies or a model."""

    settings: Settings
    paths: Paths
    terminal: Terminal
    flags: Mapping[str, object]
    replay: bool = False
    as_json: bool = False

    @property
    def home(self) -> Path:
        """The folder that keeps the runs."""
        return self.paths.data / "evals"

    def settings_for(self, suite: Suite) -> Settings:
        """The user's settings, over them the suite's, over those the flags."""
        given = {key: value for key, value in self.flags.items() if value is not None}
        chosen: dict[str, Any] = {**suite.settings, **given}
        base = load({"corpus": suite.live}) if suite.live else self.settings
        return replace(base, **chosen)

    def ask(self, suite: Suite, plan: Plan) -> Report:
        """Asks a suite, with a bar on a terminal, and says where the run is kept. Raises as `evals.run.run`."""
        replies = Replies(self.home / "replies", replay=self.replay, anew=plan.fresh and not self.replay)
        making = partial(build.bot, key=Keys(self.paths.keys_file).get, replies=replies)

        def make(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
            return making(settings, where, ask.silent if self.replay else notice)  # a replay sends nothing anywhere

        with self.terminal.bars() as show:
            following = running.Following(self.terminal.note, lambda done, total: show(Progress("asking", done, total)))
            try:
                report = running.run(
                    suite, self.settings_for(suite), plan, following=following, home=self.home, make=make,
                    replies=replies,
                )  # fmt: skip
            except (KeyboardInterrupt, asyncio.CancelledError):
                self.terminal.note("stopped; the same command (without --fresh) goes on with what is there")
                raise
        if report.manifest:
            self.terminal.note(f"kept as {report.manifest['run']}")
        return report


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a report is written to beside the terminal, by its form."""

    html: Path | None = None
    markdown: Path | None = None
    junit: Path | None = None

    def ready(self) -> None:
        """Raises EvalInvalid, before anything is asked, where a file will have no folder to be in."""
        files.ready([file for file in (self.html, self.markdown, self.junit) if file])

    def write(self, report: Report) -> None:
        """Writes those that are named. Raises EvalInvalid where one cannot be written."""
        if self.html:
            files.save(self.html, page(report))
        if self.markdown:
            files.save(self.markdown, markdown(report))
        if self.junit:
            from evals.forms.junit import junit  # needs junitparser, of the extra

            files.save(self.junit, junit(report))


def run(name: str, asking: Asking, plan: Plan, files: Files, *, rows: bool) -> BotError | None:
    """Runs a suite, prints its report, and returns what makes it invalid.

    Raises EvalInvalid for a suite that cannot be run at all.
    """
    files.ready()
    report = asking.ask(find.load(name), plan)
    files.write(report)
    wrong: BotError | None = None
    try:
        valid(report)
    except EvalInvalid as error:
        wrong = error
    if asking.as_json:
        ending = plain.error(wrong) if wrong else {"outcome": "skipped" if report.skipped else "scored"}
        asking.terminal.json({**reporting.as_json(report, rows=rows), "run": report.manifest.get("run"), **ending})
        return wrong
    asking.terminal.rich(table(report))
    if wrong:
        asking.terminal.fail(wrong.message, wrong.next)
    return wrong


def gate(name: str, asking: Asking, plan: Plan, files: Files) -> BotError | None:
    """Runs a suite and holds it against its baseline and floors; returns what is wrong with it.

    Raises EvalInvalid for a suite that cannot be run, or held against its baseline, at all.
    """
    suite, terminal = find.load(name), asking.terminal
    accepted = None if suite.corpus is None else baseline.read(suite.folder, suite.name)
    gating.gateable(suite, accepted, asking.settings_for(suite).model)
    files.ready()
    report = asking.ask(suite, plan)
    files.write(report)
    verdict = gating.Verdict(suite.name)
    wrong: BotError | None = None
    try:
        verdict = gating.judge(report, suite, accepted)
        wrong = verdict.error()
    except EvalInvalid as error:
        wrong = error
    if asking.as_json:
        ending = plain.error(wrong) if wrong else {"outcome": "skipped" if report.skipped else "passed"}
        facts = {"run": report.manifest.get("run"), **gating.as_json(verdict)}
        terminal.json({**reporting.as_json(report, rows=False), **facts, **ending})
        return wrong
    terminal.rich(table(report))
    for line in gating.lines(verdict):
        terminal.out(one_line(line))
    if wrong:
        terminal.fail(wrong.message, wrong.next)
    elif not report.skipped:
        against = "its baseline and floors" if accepted else "its floors alone; it has no baseline yet"
        terminal.out(f"{one_line(suite.name)}: passed, held against {against}")
    return wrong


def accept(name: str, asking: Asking, plan: Plan, why: str, run: str | None) -> None:
    """Makes a run of a suite its baseline: one that is named, else a new one. Raises EvalInvalid and UsageError."""
    suite = find.load(name)
    baseline.reasoned(suite, why)
    if run is None:
        report = asking.ask(suite, plan)
    else:
        kept = runs.read(asking.home, run)
        report = running.report(suite, kept.manifest, kept.rows)
    place = baseline.accept(report, suite, why)
    if asking.as_json:
        asking.terminal.json({
            "schema_version": plain.SCHEMA_VERSION, "suite": suite.name, "run": report.manifest["run"],
            "model": report.model, "cases": len(suite.cases), "why": why, "baseline": str(place),
        })  # fmt: skip
    else:
        asking.terminal.out(f"{one_line(suite.name)}: {one_line(report.manifest['run'])} is the baseline now")


def compare(a: str, b: str, home: Path, terminal: Terminal, *, as_json: bool) -> None:
    """Prints B against A: runs by name or folder, or `baseline` for that of the other one's suite.

    Raises EvalInvalid for what is no whole, valid run, and for two that have no case in common.
    """
    running.installed()
    if a == b == BASELINE:
        raise EvalInvalid(
            "A baseline cannot be compared with itself.", "Name a run: footnote eval compare baseline RUN"
        )
    first, second = _side(a, b, home), _side(b, a, home)
    comparison = comparing.compare(first, second)
    if first.suite != second.suite or not comparison.differences:
        raise EvalInvalid(f"{a} and {b} have no case in common: they are of {first.suite} and {second.suite}.")
    if as_json:
        terminal.json(comparing.as_json(comparison))
    else:
        terminal.rich(comparing.table(comparison))


def _side(name: str, other: str, home: Path) -> comparing.Side:
    """One side of a comparison. Raises EvalInvalid."""
    run = runs.read(home, other if name == BASELINE else name)
    suite = run.manifest["suite"]
    if name != BASELINE:
        valid(Report(suite, run.manifest["model"], run.rows))
        parts = ", ".join(run.manifest[key] for key in ("reader", "checker") if key in run.manifest)
        return replace(comparing.side(name, suite, run.manifest["model"], run.rows), parts=parts)
    accepted = baseline.read(Path(run.manifest["folder"]), suite)
    if accepted is None:
        raise EvalInvalid(f"{suite} has no baseline.", f'Make one: footnote eval accept {suite} --why "…"')
    return accepted.side


def pinned(
    sessions: Sessions, corpus: Path, name: str, suite: str, session: str | None, turn: int | None
) -> pinning.Pin:
    """The turn of a session (the last of each where none is named) as a case, unwritten; `corpus` is `name`'s folder.

    Raises NotThere, UsageError and EvalInvalid as `evals.pin.pin`, and the store's errors.
    """
    if session is None:
        place = sessions.last_turn(name)
    else:
        sessions.check(session_id(session), name)
        place = Place(session_id(session), len(sessions.turns(session_id(session))))
    record = Record(corpus)
    try:
        sources = {document.id: document.source for document in record.documents()}
    finally:
        record.close()
    turns = sessions.turns(place.session)
    return pinning.pin(turns, Place(place.session, turn or place.turn), name, suite, sources)


def keep(pin: pinning.Pin, terminal: Terminal, *, yes: bool, as_json: bool) -> None:
    """Shows a case, asks unless `yes`, writes it and says how to ask it. Raises EvalInvalid and UsageError."""
    import typer

    if not as_json:
        for line in pinning.lines(pin):
            terminal.out(one_line(line))
    if not yes:
        if as_json or not terminal.asks:
            raise UsageError("Nothing was pinned: there is nobody to ask.", "Add --yes.")
        if not typer.confirm(f"Pin it as {pin.case.id}?", err=True):
            return
    file = pinning.keep(pin)
    if as_json:
        terminal.json({
            "schema_version": plain.SCHEMA_VERSION, "suite": pin.suite, "case": pin.case.id, "file": str(file),
            "turn": str(pin.place), "asserts": pinning.lines(pin),
        })  # fmt: skip
    else:
        suite = one_line(pin.suite)
        terminal.out(f"{suite}: {pin.case.id} is pinned; ask it: footnote eval run {suite}")
