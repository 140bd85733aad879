"""Public sets as suites: `public/NAME`, read from the folder that FOOTNOTE_BENCHMARKS names.

One module a set: its files, its texts as articles with its questions as cases (`parts`), what is asked beyond them
(`rows`), and the figures that a check of one case cannot give (`figures`). A set of claims has neither: its sentences
are judged by a checker alone, and it is no suite; nor is a set of rewrites, whose follow-ups are only put to stand
alone. No text of a set is part of the project.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.errors import EvalInvalid
from evals.public import (
    bipia,
    clapnq,
    mtrag,
    poisonedrag,
    prose,
    qags,
    realtimeqa,
    scifact,
    source,
    squad2,
    treccast,
    verdicts,
)
from evals.public.claims import Claim
from evals.public.figures import Figure
from evals.public.source import Part
from evals.suite import PUBLIC, Suite


class AnySet(Protocol):
    """The interface of any set's module."""

    @property
    def ABOUT(self) -> str: ...
    @property
    def FILES(self) -> tuple[str, ...]: ...
    def figures(self, rows: Sequence[Any]) -> list[Figure]: ...


class Claims(AnySet, Protocol):
    """The interface of the module of a set of claims."""

    def claims(self) -> Iterator[Claim]: ...


class Rewrites(AnySet, Protocol):
    """The interface of the module of a set of follow-ups that people rewrote."""

    def rows(self) -> Sequence[Any]: ...


class Set(AnySet, Protocol):
    """The interface of a suite's module; one may also have `rows`, the cases asked as rows of a kind of its own."""

    def parts(self) -> Iterator[Part]: ...


SETS: Mapping[str, Set] = {
    "realtimeqa": realtimeqa, "scifact": scifact, "squad2": squad2, "clapnq": clapnq, "mtrag": mtrag, "bipia": bipia,
    "poisonedrag": poisonedrag,
}  # fmt: skip
CLAIMS: Mapping[str, Claims] = {"qags": qags, "verdicts": verdicts, "prose": prose}
REWRITES: Mapping[str, Rewrites] = {"treccast": treccast}
ALL: Mapping[str, AnySet] = {**SETS, **CLAIMS, **REWRITES}


def load(name: str, *, listed: bool = False) -> Suite:
    """The suite `public/NAME`; its articles are written to the data folder first.

    Where files are missing the suite has no corpus and says why. For a list nothing is written, and a file in another
    shape counts as missing. Raises EvalInvalid for an unknown name and for a file in another shape.
    """
    if name not in SETS:
        raise EvalInvalid(f"There is no suite of a public set {name!r}; they are {', '.join(SETS)}.")
    chosen, home = SETS[name], source.place(name)
    files: list[Path] = []
    try:
        files += [source.file(file) for file in chosen.FILES]
        cases = tuple(case for _, every in chosen.parts() for case in every)
    except EvalInvalid as error:
        if files and not listed:
            raise
        missing = error.message.rstrip(".")
        return Suite(f"{PUBLIC}{name}", chosen.ABOUT, home, None, (), optional=True, missing=missing)
    articles = (article for every, _ in chosen.parts() for article in every)
    corpus = home / "articles" if listed else source.write(name, articles, files)
    return Suite(f"{PUBLIC}{name}", chosen.ABOUT, home, corpus, cases, optional=True)
