"""Other conversations and all articles: the lists over the chat, and what is taken from them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from bot.conversation import Quote, Session
from bot.tui.asking import AskingScreen
from bot.tui.draw.article import Opening
from store.errors import FootnoteError
from store.passage import Document

if TYPE_CHECKING:
    from bot.tui.browse_screen import Browsing


class ShelvesScreen(AskingScreen):
    """The chat's picture, with conversations that are left and opened, and articles that are read unasked."""

    deleted: Session | None = None  # the conversation that was deleted last, which an undo brings back
    browsing: Browsing | None = None  # how the list of articles was left; None before it was opened

    async def begin_new(self) -> None:
        """Leaves the conversation, which stays saved, for an empty one."""
        await self.stop()
        self.leave_find()
        self.close_article()
        self.session, self.before, self.named, self.last = None, None, "", None
        self.transcript.fill([])
        self.show_turns()
        self.show_sources()
        self.set_focus(self.prompt)
        try:
            await self.engine.leave()
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")

    @work(group="list", exclusive=True)
    async def action_sessions(self) -> None:
        """Lists the saved conversations, and goes on with the chosen one."""
        from bot.tui.sessions_screen import SessionsScreen

        if self.whole is None:
            self.say(self.wanting)
            return
        screen = SessionsScreen(self.engine, self.session, self.deleted, lively=self.lively)
        chosen = await self.app.push_screen_wait(screen)
        self.deleted = screen.deleted
        if screen.renamed:
            self.named = screen.renamed
            self.show_turns()
        if self.session is not None and screen.opened is None:  # it was deleted
            await self.begin_new()
        if chosen is not None and chosen != self.session:
            await self.resume(chosen)

    async def resume(self, session: int) -> None:
        await self.begin_new()
        try:
            opened = await self.engine.resume(session)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        self.opened(opened)
        self.show_status()

    async def action_edit(self) -> None:
        """Puts the chosen question into the prompt; it will be asked in a new conversation with the turns before it."""
        key, turn = self.transcript.chosen, self.transcript.chosen_turn
        if turn is None or self.asking is not None:
            self.say("Wait for the end of the answer, or stop it." if turn is not None else "There is no question yet.")
            return
        self.before = key + 1
        self.close_article()
        self.set_focus(self.prompt)
        self.prompt.write(turn.question)
        self.say("Enter asks it in a new conversation with the turns before it; Esc does not.")
        self.show_status()

    @work(group="list", exclusive=True)
    async def action_browse(self) -> None:
        """Lists the articles; opens the chosen one, and asks only those that are ticked."""
        from bot.tui.browse_screen import BrowseScreen, Browsing

        if self.whole is None:
            self.say(self.wanting)
            return
        browsing = self.browsing = self.browsing or Browsing()
        before = {name: self.titles.get(name, name) for name in self.filters.documents}
        browsing.ticked = dict(before)
        chosen = await self.app.push_screen_wait(BrowseScreen(self.engine, browsing, lively=self.lively))
        if browsing.ticked.keys() != before.keys():
            ticked = tuple(browsing.ticked)
            self.titles.update(browsing.ticked)
            self.limit(lambda filters: replace(filters, documents=ticked))
        if chosen is not None:
            await self.read(chosen)

    async def read(self, document: Document) -> None:
        """Opens an article without a quote."""
        quote = Quote(document.id, document.version, 0, 0, "")
        try:
            article = await self.engine.article(quote)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        self.browsed = True
        self.add_class("-reading")
        self.show_sources()
        await self.side.reader.show(Opening(article, quote, "", ()))
        self.set_focus(self.side.reader.text)
        self.show_status()
