"""`python -m evals [--write]`: today's figures of all suites, from their baselines, as evals/README.md shows them.

Nothing is asked: `footnote eval accept` and `python -m evals.public --accept` make the baselines. `--write` puts the
figures into the README between its two marks.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import EvalInvalid
from evals.find import shipped
from evals.kept import baseline
from evals.kept.baseline import Baseline
from evals.kept.files import content, save
from evals.measure import Mean
from evals.public.__main__ import baselines, printed, short
from evals.suite import read

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: python -m evals --write -->\n", "<!-- end of figures -->\n"


def figures() -> str:
    """The accepted figures of every suite that travels with Footnote, then of the public sets. Raises EvalInvalid."""
    lines, accepted = "", dict[str, Baseline]()
    for file in sorted(shipped().glob("*/suite.toml")):
        suite, held = read(file.parent), "No baseline yet."
        if one := baseline.read(suite.folder, suite.name):
            accepted[suite.name], held = one, f"Baseline: `{one.model}`, {one.why}."
        cases, due = len(suite.cases), len(suite.cases) - suite.answerable
        lines += f"- **{suite.name}**: {suite.about} {cases} cases, {due} of them to be refused. {held}\n"
    return f"{lines}\n{table(accepted)}\n{baselines()}"


def table(accepted: dict[str, Baseline]) -> str:
    """A metric a line, a suite a column, as Markdown."""
    names = dict.fromkeys(name for one in accepted.values() for name in one.metrics)
    head = f"| metric | {' | '.join(accepted)} |\n|---|{'---|' * len(accepted)}\n"
    rows = (f"| {name} | {' | '.join(_cell(one.metrics.get(name)) for one in accepted.values())} |\n" for name in names)
    return head + "".join(rows)


def _cell(mean: Mean | None) -> str:
    return "" if mean is None else f"{short(mean.mean)} [{short(mean.low)}, {short(mean.high)}] (n {mean.n})"


def write(readme: Path = README) -> str:
    """Puts the figures into the README; says so. Raises EvalInvalid where it lacks the marks or cannot be written."""
    before, begin, rest = (content(readme) or b"").decode().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise EvalInvalid(f"{readme} lacks a line {BEGIN.strip()} or {END.strip()}.")
    return f"Written to {save(readme, f'{before}{BEGIN}{figures()}{END}{after}')}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the figures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Today's figures of all suites.")
    parser.add_argument("--write", action="store_true", help="put them into evals/README.md")
    given = parser.parse_args(arguments)
    return printed(write if given.write else figures)


if __name__ == "__main__":
    sys.exit(main())
