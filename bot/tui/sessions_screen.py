"""The saved conversations (ctrl+s): searched, opened, renamed, deleted, written to a file."""

from functools import partial
from typing import ClassVar

from textual import work

from bot.conversation import Session
from bot.show.clean import one_line
from bot.tui import keys
from bot.tui.draw.base import counted
from bot.tui.draw.rows import session_rows
from bot.tui.engine import Engine
from bot.tui.listing import ListScreen
from bot.tui.modals import Confirm, TitleScreen
from store.errors import FootnoteError


class SessionsScreen(ListScreen[int | None]):
    """Closes with the conversation to open, or with None."""

    AUTO_FOCUS = "#search"
    BINDINGS = keys.bindings("sessions")
    part: ClassVar[str] = "sessions"
    lines: ClassVar[int] = 2

    def __init__(self, engine: Engine, opened: int | None, deleted: Session | None, *, lively: bool) -> None:
        super().__init__(engine, partial(session_rows, opened=opened), lively=lively)
        self.opened: int | None = opened  # the conversation that is open in the chat; None once it is deleted
        self.renamed = ""  # its title where it was renamed
        self.deleted = deleted  # what an undo brings back

    def on_mount(self) -> None:
        self.look()

    async def fill(self, *, top: bool) -> None:
        words = self.search.value
        try:
            sessions = await self.engine.sessions(words)
        except FootnoteError as error:
            self.note(f"{error.message} {error.next}")
            return
        self.listed = words
        self.rows.fill(sessions, top=top)
        self.name_list(f"Saved conversations · {counted(len(sessions), 'hit' if words.strip() else 'conversation')}")
        if not sessions:
            self.note("No conversation has these words." if words.strip() else "Nothing is saved yet.")

    def choose(self, item: Session) -> None:
        self.dismiss(item.id)

    @work(group="change")
    async def action_rename(self) -> None:
        session: Session | None = self.marked
        if session is None:
            return
        title = await self.app.push_screen_wait(TitleScreen(session.title, lively=self.lively))
        if title is None or title == session.title:
            return
        try:
            await self.engine.rename(session.id, title)
        except FootnoteError as error:
            self.note(f"{error.message} {error.next}")
            return
        if session.id == self.opened:
            self.renamed = one_line(title)
        self.look(top=False)

    @work(group="change")
    async def action_delete(self) -> None:
        session: Session | None = self.marked
        if session is None:
            return
        told = (session.title, f"{counted(session.turns, 'turn')}, with all answers")
        if not await self.app.push_screen_wait(Confirm(f"Delete {session.name}?", told, "deletes it")):
            return
        try:
            await self.engine.delete(session.id)
        except FootnoteError as error:
            self.note(f"{error.message} {error.next}")
            return
        self.deleted = session
        self.opened = None if session.id == self.opened else self.opened
        self.note(f"Deleted: {one_line(session.title, 60)} · {keys.hint('sessions_undo')} brings it back.")
        self.look(top=False)

    @work(group="change")
    async def action_undo(self) -> None:
        if self.deleted is None:
            self.note("There is nothing to undo.")
            return
        try:
            await self.engine.restore()
        except FootnoteError as error:
            self.note(f"{error.message} {error.next}")
            return
        self.deleted = None
        self.look(top=False)

    @work(group="change")
    async def action_export(self) -> None:
        session: Session | None = self.marked
        if session is not None:
            try:
                self.note(await self.engine.export(session.id, ""))
            except FootnoteError as error:
                self.note(f"{error.message} {error.next}")
