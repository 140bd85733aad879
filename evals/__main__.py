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
from evals.kept.files import save
from evals.measure import Mean
from evals.public.__main__ import baselines, short
from evals.suite import read
from store.errors import FootnoteError

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- figures: python -m evals --write -->\n", "<!-- end of figures -->\n"


def figures() -> str:
    """The accepted figures of every suite that travels with Footnote, then of the public sets. Raises EvalInvalid."""
    suites = [read(file.parent) for file in sorted(shipped().glob("*/suite.toml"))]
    accepted = {suite.name: baseline.read(suite.folder, suite.name) for suite in suites}
    lines = []
    for suite in suites:
        one, due = accepted[suite.name], len(suite.cases) - suite.answerable
        held = f"Baseline: `{one.model}`, {one.why}." if one else "No baseline yet."
        lines.append(
            f"- **{suite.name}**: {suite.about} {len(suite.cases)} cases, {due} of them to be refused. {held}\n"
        )
    return f"{''.join(lines)}\n{table({name: one for name, one in accepted.items() if one})}\n{baselines()}"


def table(accepted: dict[str, Baseline]) -> str:
    """A metric a line, a suite a column, as Markdown."""
    names = dict.fromkeys(name for one in accepted.values() for name in one.metrics)
    head = f"| metric | {' | '.join(accepted)} |\n|---|{'---|' * len(accepted)}\n"
    rows = (f"| {name} | {' | '.join(_cell(one.metrics.get(name)) for one in accepted.values())} |\n" for name in names)
    return head + "".join(rows)


def _cell(mean: Mean | None) -> str:
    return "" if mean is None else f"{short(mean.mean)} [{short(mean.low)}, {short(mean.high)}] (n {mean.n})"


def write(readme: Path = README) -> None:
    """Puts the figures into the README. Raises EvalInvalid where it lacks the two marks or cannot be written."""
    try:
        before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
    except OSError as error:
        raise EvalInvalid(f"{readme} cannot be read: {error.strerror or error}.") from error
    if not begin or not end:
        raise EvalInvalid(f"{readme} lacks a line {BEGIN.strip()} or {END.strip()}.")
    save(readme, f"{before}{BEGIN}{figures()}{END}{after}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the figures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Today's figures of all suites.")
    parser.add_argument("--write", action="store_true", help="put them into evals/README.md")
    given = parser.parse_args(arguments)
    try:
        write() if given.write else print(figures(), end="")
    except FootnoteError as error:
        print(f"{error.message} {error.next}".strip(), file=sys.stderr)
        return int(error.exit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
