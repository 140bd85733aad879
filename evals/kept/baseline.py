"""The accepted scores of a suite: ids and scores, no text, in `baseline.json` beside its cases."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import EvalInvalid, UsageError
from evals.compare import Side, side
from evals.kept.files import parsed, save
from evals.kept.runs import suite_hash
from evals.measure import Mean
from evals.report import HARD, Report, fallen, metrics, valid
from evals.suite import PUBLIC, Suite

SCHEMA = 1
FILE = "baseline.json"


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted scores, with the day and the reason."""

    suite: str
    model: str
    why: str
    accepted: str
    cases: Mapping[str, Mapping[str, float | None]]
    metrics: Mapping[str, Mean]

    @property
    def side(self) -> Side:
        """The baseline as one side of a comparison."""
        return Side("baseline", self.suite, self.model, self.cases)


def read(folder: Path, suite: str) -> Baseline | None:
    """The baseline in a suite's folder, None where there is none. Raises EvalInvalid for a file that is no baseline."""

    def made(value: Any) -> Baseline:
        whose, model, why, accepted = facts = [value[key] for key in ("suite", "model", "why", "accepted")]
        means = {name: Mean(**mean) for name, mean in value["metrics"].items()}
        if value["schema_version"] != SCHEMA or not all(isinstance(text, str) for text in facts):
            raise ValueError("it is of another version")
        cases = {case: _scores(scores) for case, scores in value["cases"].items()}
        return Baseline(whose, model, why, accepted, cases, means)

    mend = f'Write it anew: footnote eval accept {suite} --why "…"'
    return parsed(folder / FILE, made, "baseline", mend)


def _scores(held: Mapping[str, Any]) -> dict[str, float | None]:
    if not all(value is None or (type(value) in (int, float) and 0 <= value <= 1) for value in held.values()):
        raise ValueError("a score is no number from 0 to 1")
    return {name: None if value is None else float(value) for name, value in held.items()}


def accept(report: Report, suite: Suite, why: str) -> Path:
    """Makes a run the suite's baseline, for this reason. Returns its file.

    Raises EvalInvalid for a run that is invalid, of a part of the suite, of another state of it, below a floor or that
    cannot be written, UsageError without a reason, and DiskFull.
    """
    reasoned(suite, why)
    _acceptable(report, suite)
    scores = side("run", suite.name, report.model, report.rows).scores
    value = {
        "schema_version": SCHEMA, "suite": suite.name, "model": report.model, "why": " ".join(why.split()),
        "accepted": date.today().isoformat(),
        "metrics": {name: {key: short(value) for key, value in asdict(mean).items()}
                    for name, mean in metrics(report).items()},
        "cases": {case: {name: short(score) for name, score in row.items() if score is not None}
                  for case, row in scores.items()},
    }  # fmt: skip
    return save(suite.folder / FILE, _laid(value))


def reasoned(suite: Suite, why: str) -> None:
    """Raises UsageError without a reason, and for a public set, whose baseline is made elsewhere."""
    if not why.strip():
        raise UsageError("A baseline needs a reason.", 'Give one: --why "…"')
    if suite.name.startswith(PUBLIC):
        mend = "Write them with: python -m evals.public --accept WHY"
        raise UsageError("Public sets have baselines of figures.", mend)


def _acceptable(report: Report, suite: Suite) -> None:
    if report.skipped:
        raise EvalInvalid(f"{suite.name} was skipped ({report.skipped}), so there is nothing to accept.")
    valid(report)
    made = report.manifest
    if made["limit"] or made["only"] or made["retrieval_only"] or made["suite_sha256"] != suite_hash(suite):
        said = f"{made['run']} is not a run of the whole suite as it is now, and only that can be accepted."
        raise EvalInvalid(said, f'Ask it anew: footnote eval accept {suite.name} --why "…"')
    for name, mean, floor in fallen(report, suite):
        if name in HARD:
            raise EvalInvalid(f"{name} is {mean.mean:.3f}, and under {floor:.0f} no run is ever accepted.")
        said = f"{name} is {mean.mean:.3f}, below the floor {floor:.3f} that {suite.name} sets, so no gate would pass."
        raise EvalInvalid(said, "Mend what fell, or lower the floor in suite.toml.")


def short(value: float | None) -> float | None:
    """A score in four digits, whole numbers without their fraction."""
    if value is None:
        return None
    return int(value) if value == int(value) else round(value, 4)


def _laid(value: Mapping[str, Any]) -> str:
    """JSON with a line for each metric and each case, so that a change shows which."""

    def block(one: object) -> str:
        if not isinstance(one, dict):
            return json.dumps(one, ensure_ascii=False)
        rows = (f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in one.items())
        return "{\n" + ",\n".join(rows) + "\n }"

    return "{\n" + ",\n".join(f' "{key}": {block(one)}' for key, one in value.items()) + "\n}\n"
