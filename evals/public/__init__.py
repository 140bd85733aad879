"""Public sets as suites: `public/NAME`, read from the folder that FOOTNOTE_BENCHMARKS names.

One module a set: its files, its texts as articles, its questions as cases, what is asked beyond them (`rows`), and
the figures that a check of one case cannot give (`figures`). No text of a set is part of the project.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.errors import EvalInvalid
from evals.case import Case
from evals.public import clapnq, mtrag, realtimeqa, scifact, source, squad2
from evals.public.figures import Figure
from evals.public.source import Article
from evals.suite import PUBLIC, Suite


class Set(Protocol):
    """The interface of a set's module; one may also have `rows`, the cases asked as rows of a kind of its own."""

    @property
    def ABOUT(self) -> str: ...
    @property
    def FILES(self) -> tuple[str, ...]: ...
    def articles(self) -> Iterator[Article]: ...
    def cases(self) -> tuple[Case, ...]: ...
    def figures(self, rows: Sequence[Any]) -> list[Figure]: ...


SETS: Mapping[str, Set] = {
    "realtimeqa": realtimeqa, "scifact": scifact, "squad2": squad2, "clapnq": clapnq, "mtrag": mtrag,
}  # fmt: skip
NAMES = tuple(SETS)


def load(name: str, *, listed: bool = False) -> Suite:
    """The suite `public/NAME`; its articles are written to the data folder first.

    Where files are missing the suite has no corpus and says why. For a list nothing is written, and a file in another
    shape counts as missing. Raises EvalInvalid for an unknown name and for a file in another shape.
    """
    if name not in SETS:
        raise EvalInvalid(f"There is no public set {name!r}; the sets are {', '.join(NAMES)}.")
    chosen, home = SETS[name], source.place(name)
    files: list[Path] = []
    try:
        files += [source.file(file) for file in chosen.FILES]
        cases = chosen.cases()
    except EvalInvalid as error:
        if files and not listed:
            raise
        missing = error.message.rstrip(".")
        return Suite(f"{PUBLIC}{name}", chosen.ABOUT, home, None, (), optional=True, missing=missing)
    corpus = home / "articles" if listed else source.write(name, chosen.articles(), files)
    return Suite(f"{PUBLIC}{name}", chosen.ABOUT, home, corpus, cases, optional=True)
