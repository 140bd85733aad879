"""Baselines of the public sets: ids and scores, no text, one file a set in `baselines/`.

`figures` are the set's figures, `ids` and `scores` the single cases behind those that are means: one list a figure, in
the order of the ids, null where a case does not count. Where they would take more than LARGEST bytes there are only
the number of the cases and the hash of their ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from evals.kept.baseline import PUBLIC_BASELINES, short
from evals.kept.files import parsed, save
from evals.public.figures import Figure

SCHEMA = 1
LARGEST = 200_000
"""Bytes that single cases may take."""


def write(name: str, figures: Sequence[Figure], model: str, why: str, folder: Path = PUBLIC_BASELINES) -> Path:
    """Makes these figures a set's baseline, with the reason. Raises EvalInvalid where it cannot be written."""
    ids = list(dict.fromkeys(key for figure in figures for key in figure.scores))
    scores = {f.name: [short(f.scores.get(key)) for key in ids] for f in figures if f.scores}
    hashed = hashlib.sha256("\n".join(ids).encode()).hexdigest()
    cases: dict[str, Any] = {"ids": ids, "scores": scores}
    if len(json.dumps(cases)) > LARGEST:
        cases = {}
    value = {
        "schema_version": SCHEMA,
        "suite": f"public/{name}",
        "model": model,
        "why": why,
        "accepted": date.today().isoformat(),
        "cases": len(ids),
        "ids_sha256": hashed,
        "figures": [figure.plain() for figure in figures],
        **cases,
    }
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = text.replace('{"name"', '\n{"name"').replace(',"ids":', ',\n"ids":') + "\n"
    return save(folder / f"{name}.json", text)


def read(name: str, folder: Path = PUBLIC_BASELINES) -> tuple[Figure, ...]:
    """A set's figures as they were accepted; none where it has no baseline. Raises EvalInvalid for a spoilt file."""
    file = folder / f"{name}.json"
    figures = parsed(file, lambda value: tuple(Figure(**figure) for figure in value["figures"]), "baseline",
                     "Write it anew with --accept.")  # fmt: skip
    return figures or ()
