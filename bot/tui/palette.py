"""The palette (ctrl+p): every command of the table, found by a few of its letters."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from bot.tui import keys
from bot.tui.chat_screen import ChatScreen


class Commands(Provider):
    """The slash commands with what they do; one that takes something is written into the prompt."""

    async def discover(self) -> Hits:
        for key in keys.COMMANDS.values():
            yield DiscoveryHit(key.written, partial(self._run, key), help=key.does)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for key in keys.COMMANDS.values():
            score = max(2 * matcher.match(key.written), matcher.match(f"{key.written} {key.does}"))  # its name first
            if score > 0:
                yield Hit(score, key.written, partial(self._run, key), help=key.does)

    async def _run(self, key: keys.Key) -> None:
        if not isinstance(self.screen, ChatScreen):  # a list over the chat, which the command leaves
            self.screen.dismiss(None)
        chat = self.app.screen_stack[0]
        assert isinstance(chat, ChatScreen)
        await chat.give(key)
