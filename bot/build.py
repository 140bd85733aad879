"""The only place that puts parts together: settings become a bot over a corpus."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError, UsageError
from bot.settings import Settings, calibration, paths, price
from bot.traces import Traces
from store import embed
from store.corpus import Corpus
from store.errors import CorpusMissing, FootnoteError
from store.outlets import Outlets
from store.progress import Report
from store.record import filling
from store.sync import Sync, mend

if TYPE_CHECKING:
    from bot.answer import Bot
    from bot.writers import Writer
    from bot.writers.model import Replies
    from bot.writers.provider import Patience


def bot(
    settings: Settings,
    where: Path,
    notice: Callable[[str], None],
    *,
    key: Callable[[str], str | None] = lambda provider: None,
    strict: bool = False,
    replies: Replies | None = None,
    report: Report | None = None,
) -> Bot:
    """A bot over the corpus in `where`, its indexes brought level; `key` gives a provider's key.

    `replies` stand before a model, to keep what it says or to say it again. Raises CorpusMissing (also for a corpus
    that holds nothing) and the record's other errors, UsageError for a model that there is not or that a local corpus
    refuses.
    """
    from bot.answer import Bot  # with all that answers, which an ingest does without
    from bot.reading import onnx
    from bot.reading.check import ModelChecker
    from bot.reading.evidence import ModelReader

    try:
        calibration(where)
    except SettingsError as error:
        notice(f"{error.message} {error.next}")
    writer = _writer(settings, key, notice, replies)
    model = onnx.load()  # loads while the corpus opens
    opened = corpus(settings, where, notice, report)
    read, check = ModelReader(model, opened.embedding), ModelChecker(model)
    return Bot(opened, read, check, writer, settings, strict=strict, price=price(writer.name))


def corpus(settings: Settings, where: Path, notice: Callable[[str], None], report: Report | None = None) -> Corpus:
    """The corpus in `where`, ready to be searched, its indexes brought level. Raises as `bot` does."""
    opened = Corpus(where, settings.embedder)
    _finish(opened, settings, where, notice)
    if not opened.count():
        raise CorpusMissing(f"The corpus '{settings.corpus}' is empty.", f"Fill it with: {filling(settings.corpus)}")
    mend(where, opened.embedding, notice, report)
    opened.warm()
    return opened


def patience(settings: Settings) -> Patience:
    """How long a model is waited for."""
    from bot.writers.provider import Patience

    waits = (settings.connect_seconds, settings.first_seconds, settings.next_seconds)
    return Patience(*waits, retries=settings.retries)


def _writer(
    settings: Settings, key: Callable[[str], str | None], notice: Callable[[str], None], replies: Replies | None
) -> Writer:
    """The writer that the settings name; says once which machine gets text, where one does."""
    if settings.model == "extract":
        from bot.writers.extract import Extract

        return Extract(settings.sentences)
    from bot.writers.model import Model
    from bot.writers.provider import traced_to

    waits, tracing = patience(settings), settings.tracing
    model = Model(settings.model, key=key, notice=notice, patience=waits, replies=replies, tracing=tracing)
    traces = traced_to(os.environ) if tracing else None
    if settings.local_only and (model.host or traces):
        who, where = (settings.model, model.host) if model.host else ("tracing", traces)
        raise UsageError(
            f"The corpus '{settings.corpus}' is local only, and {who} would send its text to {where}.",
            "Ask without a model, or with one on this machine and tracing off.",
        )
    hosts = [host for host in (model.host, traces) if host]
    if hosts and model.keyed:
        notice(f"passages of this corpus are sent to {' and '.join(hosts)}")
    return model


def sync(
    settings: Settings,
    where: Path,
    report: Report | None = None,
    traces: Traces | None = None,
    outlets: Outlets | None = None,
) -> Sync:
    """The writer of the corpus in `where`; `traces` clears what was saved elsewhere about articles it forgets."""
    traces = traces or Traces(paths(), settings.corpus)
    return Sync(where, embed.load(settings.embedder), report, traces.erase, outlets or Outlets())


def _finish(corpus: Corpus, settings: Settings, where: Path, notice: Callable[[str], None]) -> None:
    """Finishes erasures that were cut short; a failure is told and does not keep a question from its answer."""
    if not corpus.unfinished():
        return
    try:
        for said in sync(settings, where).finish():
            notice(f"forgetting was cut short and has been finished: {said}")
    except FootnoteError as error:
        notice(f"forgetting was cut short and could not be finished: {error.message}")
