"""`calibrate`: the threshold of an answer is fitted to one corpus by removal twins, and kept in its folder."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import date
from itertools import islice
from random import Random
from time import perf_counter
from typing import Any

import typer

from bot import build
from bot.commands import twins
from bot.commands.options import Given
from bot.errors import UsageError
from bot.settings import CALIBRATION, Calibration, Settings
from bot.show.plain import SCHEMA_VERSION
from store import private
from store.errors import os_error
from store.progress import Progress

FEWEST, MOST = 12, 100  # pairs without which nothing is fitted; those that are asked at most, unless more are wanted
SECONDS = 8.0  # after which no further pair is asked, unless their number is given
SEED = 0

Pairs = list[tuple[float, float]]


def calibrate(given: Given, *, pairs: int | None, save: bool) -> None:
    """Fits the threshold, prints what it changes, and keeps it with `save` or where a person says so.

    Raises UsageError for a corpus with too few sentences to ask about, and what `build.corpus` raises.
    """
    terminal, settings = given.terminal, given.settings
    asked, default = _asked(given, pairs), Settings().answer_at
    fitted = twins.fitted([whole for whole, _ in asked], default)
    own = Calibration(fitted, len(asked), date.today().isoformat())
    effects = [_effect(name, at, asked) for name, at in (("now", settings.answer_at), ("fitted", fitted))]
    if not given.json:
        terminal.out(f"{len(asked)} questions made of its own sentences, each asked with and without what answers it")
        terminal.table([("", "threshold", "refused, answerable", "refused, not answerable"), *map(_row, effects)])
        if len(asked) < 5 * twins.PRIOR:
            terminal.note(f"few pairs: the fitted threshold is drawn to the default of {default:g}; see --pairs")
        save = save or (terminal.asks and typer.confirm(f"Keep {fitted:g} for this corpus?", err=True))
    if save:
        try:
            private.replace(given.folder / CALIBRATION, json.dumps(asdict(own)).encode())
        except OSError as error:
            raise os_error(error, given.folder) from error
    if given.json:
        terminal.json({"schema_version": SCHEMA_VERSION, **asdict(own), "saved": save, "thresholds": effects})
    else:
        terminal.note(f"kept for the corpus '{settings.corpus}'" if save else "not kept; --save keeps it")


def _asked(given: Given, pairs: int | None) -> Pairs:
    """The confidences of as many twins as are wanted, or as there is time for."""
    began, asked, most = perf_counter(), Pairs(), pairs or MOST
    settings, terminal = given.settings, given.terminal
    with closing(build.corpus(settings, given.folder, terminal.note)) as corpus, terminal.bars() as report:
        documents = corpus.documents()
        Random(SEED).shuffle(documents)
        drawn = list(islice(twins.drawn(corpus.article(document.id) for document in documents[:most]), most))
        if len(drawn) < FEWEST:
            said = f"Of the {FEWEST} sentences that are needed the corpus '{settings.corpus}' has {len(drawn)}"
            raise UsageError(f"{said}.", "Add articles: footnote ingest PATH")
        asker = twins.Asker(corpus, settings.k)
        for twin in drawn:
            if pairs is None and len(asked) >= FEWEST and perf_counter() - began > SECONDS:
                break
            asked.append(asker.pair(twin))
            report(Progress("asking", len(asked), len(drawn)))
    return asked


def _effect(name: str, at: float, pairs: Pairs) -> dict[str, Any]:
    """What a threshold refuses of the twins, each share with its interval."""
    refused = [sum(side < at for side in sides) for sides in zip(*pairs, strict=True)]
    sides = zip(("answerable", "not_answerable"), refused, strict=True)
    shares = {side: {"refused": count, "interval": twins.interval(count, len(pairs))} for side, count in sides}
    return {"name": name, "answer_at": at, **shares}


def _row(effect: dict[str, Any]) -> tuple[str, ...]:
    """A threshold's line of the table."""
    cells = []
    for side in ("answerable", "not_answerable"):
        low, high = effect[side]["interval"]
        cells.append(f"{effect[side]['refused']} ({low:.0%} to {high:.0%})")
    return effect["name"], f"{effect['answer_at']:g}", *cells
