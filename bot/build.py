"""The only place that puts parts together: settings become a bot over a corpus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.answer import Bot
from bot.errors import UsageError
from bot.extract import Extract
from bot.settings import Paths, Settings
from store import embed
from store.errors import CorpusMissing
from store.search import Search
from store.sync import Progress, Sync


def folder(settings: Settings, paths: Paths) -> Path:
    """The folder of the corpus that the settings name."""
    return paths.corpus_folder(settings.corpus)


def bot(settings: Settings, where: Path, notice: Callable[[str], None]) -> Bot:
    """A bot over the corpus in `where`, its indexes brought level where that is quick.

    Raises CorpusMissing (also for a corpus that holds nothing) and the record's other errors, UsageError for a
    model that there is not.
    """
    if settings.model != "extract":
        raise UsageError(f"There is no model '{settings.model}'.", "The one that there is: extract")
    found = search(settings, where)
    if not found.record.active_count():
        raise CorpusMissing(f"The corpus '{settings.corpus}' is empty.", "Fill it with: footnote ingest PATH")
    found.mend(notice)
    return Bot(found, Extract(settings.sentences), settings)


def search(settings: Settings, where: Path) -> Search:
    """The retriever over the corpus in `where`."""
    return Search(where, embed.load(settings.embedder))


def sync(settings: Settings, where: Path, report: Callable[[Progress], None] | None = None) -> Sync:
    """The writer of the corpus in `where`."""
    return Sync(where, embed.load(settings.embedder), report)
