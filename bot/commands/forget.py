"""`forget`: a root or an article is erased, and with it every saved answer that quotes it."""

from __future__ import annotations

from pathlib import Path

from bot import build
from bot.sessions import Sessions
from bot.settings import Settings
from bot.show.clean import one_line
from bot.show.plain import SCHEMA_VERSION
from bot.show.terminal import Terminal
from store.record import Record


def forget(
    settings: Settings, where: Path, sessions: Sessions, name: str, terminal: Terminal, *, as_json: bool
) -> None:
    """Erases what has that name. Raises CorpusMissing, CorpusLocked, BadPath or DiskFull."""
    Record(where).close()  # a corpus that is not there is not made by forgetting
    gone = build.sync(settings, where).forget(name)
    answers = sessions.erase(settings.corpus, set(gone.documents))
    if as_json:
        erased = {"forgotten": list(gone.documents), "answers_erased": answers}
        terminal.json({"schema_version": SCHEMA_VERSION, **erased})
        return
    terminal.out(f"Forgotten: {one_line(gone.said)}.")
    if answers:
        terminal.note(f"{answers} saved answer{'' if answers == 1 else 's'} that quoted it erased")
