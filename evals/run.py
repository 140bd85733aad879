"""The runner: asks every case of a suite through `Bot.answer()`, scores what comes and keeps a row of it."""

import asyncio
import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot import build
from bot.answer import Bot
from bot.errors import UsageError
from bot.settings import Settings, paths
from bot.writers.provider import install_command
from evals import ask
from evals.case import EVERYTHING, Case, Plan
from evals.checks import CHECKS, RANKING
from evals.kept import runs
from evals.kept.replies import Replies
from evals.report import Report
from evals.row import Row, row
from evals.scoring import Asked, scored
from evals.suite import Suite

Checks = Mapping[str, Callable[[Asked], float | None]]
Progress = Callable[[int, int], None]


def run(
    suite: Suite,
    settings: Settings,
    plan: Plan = EVERYTHING,
    *,
    notice: Callable[[str], None] = ask.silent,
    progress: Progress = lambda done, total: None,
    home: Path | None = None,
    index: Path | None = None,
    checks: Checks = CHECKS,
    make: ask.Make = build.bot,
    replies: Replies | None = None,
) -> Report:
    """Asks the suite's cases and scores them; each row is kept in a folder of `home` (the data folder's `evals`).

    `index` is as `evals.ask.bots` has it, `replies` are those that `make` uses; `progress(done, total)` follows each
    row. Raises EvalInvalid for a corpus that is missing (an optional one is skipped) or cannot be read whole,
    UsageError for a plan that fits no case or measures that are not installed, and the store's errors.
    """
    if suite.corpus is None and suite.optional:
        return Report(suite.name, skipped=suite.missing)
    installed()
    cases = chosen(suite, plan)
    names = RANKING if plan.retrieval_only else suite.checks
    checks = {name: check for name, check in checks.items() if name in names}
    with ask.bots(suite, settings, index=index, jobs=plan.jobs, make=make, notice=notice) as bots:
        facts = runs.described(suite, settings, plan, cases, bots[0], tuple(checks))
        writing = runs.begin(home or paths().data / "evals", facts, fresh=plan.fresh)
        try:
            if there := len(writing.rows):
                whole = len(cases) * plan.repeat
                notice(f"going on with {writing.manifest['run']}: {there} of {whole} answers are there")
            asyncio.run(_ask_all(bots, cases, plan, checks, writing, progress, replies))
            writing.whole(**({"replies": replies.counts} if replies else {}))
        finally:
            writing.close()
    return report(suite, writing.manifest, writing.rows)


def report(suite: Suite, manifest: Mapping[str, Any], rows: Iterable[Row]) -> Report:
    """A run's rows as a report, in the suite's order; what the suite no longer has stands last."""
    order = {case.id: number for number, case in enumerate(suite.cases)}
    ordered = sorted(rows, key=lambda row: (order.get(row.id, len(order)), row.attempt))
    return Report(suite.name, manifest["model"], tuple(ordered), manifest=manifest)


def installed() -> None:
    """UsageError with the command that installs the measures, where the extra is missing."""
    if any(importlib.util.find_spec(name) is None for name in ("ir_measures", "scipy", "junitparser")):
        command = install_command("ir-measures", "junitparser", "pytrec-eval-terrier", "scipy")
        raise UsageError("The evals' measures are not installed.", f"Install them with: {command}")


def chosen(suite: Suite, plan: Plan) -> list[Case]:
    """The cases that a run asks. Raises UsageError where there is none."""
    for name, number in (("limit", plan.limit), ("repeat", plan.repeat), ("jobs", plan.jobs)):
        if number is not None and number < 1:
            raise UsageError(f"A {name} of {number} leaves no case.", "Give a number from 1.")
    cases = [case for case in suite.cases if plan.only is None or plan.only in case.tags]
    if not cases:
        raise UsageError(f"No case of {suite.name} has the tag {plan.only!r}.", f"Its tags: {', '.join(suite.tags)}")
    return cases[: plan.limit]


async def _ask_all(
    bots: Sequence[Bot],
    cases: Sequence[Case],
    plan: Plan,
    checks: Checks,
    writing: runs.Writing,
    progress: Progress,
    replies: Replies | None,
) -> None:
    """Asks what has no row yet, one repeat after the other; each bot takes the next case when it is free."""
    texts, ids = ask.lookup(bots[0].corpus), ask.document_ids(bots[0])
    asked_already = {(row.id, row.attempt) for row in writing.rows}
    total = len(cases) * plan.repeat
    progress(len(asked_already), total)

    async def work(bot: Bot, waiting: Iterator[Case], attempt: int) -> None:
        for case in waiting:
            asked, error = await ask.ask(bot, case, ids, texts, plan.retrieval_only)
            scores, raised = scored(asked, checks)
            writing.add(row(asked, attempt, scores, error or raised))
            progress(len(writing.rows), total)

    for attempt in range(1, plan.repeat + 1):
        if replies is not None:
            replies.attempt = attempt
        waiting = iter([case for case in cases if (case.id, attempt) not in asked_already])
        await asyncio.gather(*(work(bot, waiting, attempt) for bot in bots))
