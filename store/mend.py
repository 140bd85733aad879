"""Mend: brings both indexes level with the record before a question is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from store.dense import Dense
from store.embed import Embedding
from store.errors import CorpusLocked, StoreError
from store.lexical import Lexical
from store.lock import writer
from store.record import Record
from store.sync import Report, steps

LITTLE = 2_000  # changes that an index catches up with in about a second, without a word beforehand


def mend(folder: Path, embedding: Embedding, notice: Callable[[str], None], report: Report | None = None) -> None:
    """Brings an index that is behind, missing or damaged level with the record; tells it through `notice`.

    While another process writes, or if that fails, the index is left to `Search`, which answers without it.
    Raises the record's errors.
    """
    with closing(Record(folder)) as record:
        for index in (Lexical(folder), Dense(folder, embedding)):
            state = index.state(record)
            if not state:
                continue
            try:
                with writer(folder, "ask"):
                    _level(index, record, state, notice, report)
            except CorpusLocked:
                notice(f"{state} and the corpus is being written; mend it later with: footnote doctor --repair")
            except StoreError as error:
                notice(f"{state} and could not be mended: {error.message}")


def _level(
    index: Lexical | Dense, record: Record, state: str, notice: Callable[[str], None], report: Report | None
) -> None:
    behind = record.last_seq() - (record.stamp(index.name).applied if index.sound(record) else 0)
    if behind > LITTLE:
        notice(f"{state}; it is brought level first ({behind:,} passages)")
    index.catch_up(record, progress=steps(report, index.label, behind))
    notice(f"{state.replace(' is ', ' was ', 1)} and has been brought level")
