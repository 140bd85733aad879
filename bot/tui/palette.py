"""The palette (ctrl+p): every command of the table, found by a few of its letters."""

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from bot.tui import keys
from bot.tui.chat_screen import ChatScreen
from bot.tui.themes import THEMES


class Commands(Provider):
    """The slash commands with what they do; one that takes something is written into the prompt, a theme is taken."""

    async def discover(self) -> Hits:
        for key, value in self._given():
            yield DiscoveryHit(_written(key, value), partial(self._run, key, value), help=_help(key))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for key, value in self._given():
            written = _written(key, value)
            score = max(2 * matcher.match(written), matcher.match(f"{written} {key.does}"))  # its name first
            if score > 0:
                yield Hit(score, written, partial(self._run, key, value), help=_help(key))

    def _given(self) -> Iterator[tuple[keys.Key, str | None]]:
        """Every command with what stands behind it, where that is known."""
        for key in keys.COMMANDS.values():
            yield from ((key, value) for value in (THEMES if key.slash == "theme" else (None,)))

    async def _run(self, key: keys.Key, value: str | None) -> None:
        if not isinstance(self.screen, ChatScreen):  # a list over the chat, which the command leaves
            self.screen.dismiss(None)
        chat = self.app.screen_stack[0]
        assert isinstance(chat, ChatScreen)
        await chat.give(key, value)


def _help(key: keys.Key) -> str:
    return f"{key.does} ({key.name})" if key.name else key.does


def _written(key: keys.Key, value: str | None) -> str:
    return key.written if value is None else f"/{key.slash} {value}"
