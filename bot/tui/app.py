"""The app of the chat: its screen, its way to end, and the keys that every screen has."""

import asyncio
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual import events
from textual.app import App
from textual.command import Provider
from textual.widget import AwaitMount
from textual.widgets import TextArea
from textual.worker import WorkerFailed

from bot.errors import BotError, ExitCode
from bot.show.clean import one_line
from bot.tui import keys
from bot.tui.chat_screen import ChatScreen
from bot.tui.engine import Engine
from bot.tui.terminal import LOOKED, end_without
from bot.tui.themes import DARK, MEANINGS, THEMES
from store.errors import FootnoteError


def _commands() -> type[Provider]:
    from bot.tui.palette import Commands  # not needed for the first frame, as other screens over the chat

    return Commands


class Chat(App[FootnoteError]):
    """The chat over one corpus. Ends with the error that made it unusable, or None; SIGTERM sets the return code."""

    CSS_PATH = Path(__file__).with_name("chat.tcss")
    TITLE = "Footnote"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS = keys.bindings("app")

    def __init__(
        self,
        engine: Engine,
        *,
        theme: str = DARK.name,
        keymap: Mapping[str, str] | None = None,
        clock: Callable[[], float] = monotonic,
        lively: bool = True,
    ) -> None:
        """`keymap`: keys by commands. With `lively` off neither spinner nor cursor moves by itself: for tests."""
        super().__init__()
        self.set_keymap(keymap or {})
        for one in THEMES.values():
            self.register_theme(one)
        self.set_reactive(App.theme, theme)  # before any style is read, so that none is worked out twice
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())
        self.chat = ChatScreen(engine, clock=clock, lively=lively)
        self.ending: asyncio.Task[None] | None = None  # the way out that a signal has begun

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for the theme of Textual that is taken before ours are registered."""
        return {name: DARK.variables[name] for name in MEANINGS}

    def get_default_screen(self) -> ChatScreen:
        return self.chat

    async def on_mount(self) -> None:
        """Waits for the chat's prompt, so that keys typed before the first frame reach it."""
        if threading.current_thread() is threading.main_thread():  # Python hands signals to no other thread
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.end)
            if not self.is_headless and sys.__stdin__ and sys.__stdin__.isatty():
                self.set_interval(LOOKED, partial(end_without, sys.__stdin__.fileno(), self.end))
        await AwaitMount(self.chat, [self.chat])
        gc.enable()  # which waited for the first frame
        self.call_after_refresh(self.chat.load)

    def _fatal_error(self) -> None:
        """Ends the chat with a sentence when the screen itself fails, in place of Textual's traceback."""
        if os.environ.get("FOOTNOTE_DEBUG"):
            super()._fatal_error()
            return
        error = self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception
        sentence = f"Something unexpected went wrong on the screen ({type(error).__name__}: {error})."
        told = self.chat.engine.report("".join(traceback.format_exception(error)))
        step = f"This is a fault of Footnote; {told}. Go on with: footnote chat -c"
        self._return_value = BotError(one_line(sentence), step)
        self._close_messages_no_wait()

    async def on_event(self, event: events.Event) -> None:
        """Gives the prompt the focus before a key that is typing, or a paste, so that none of it is lost elsewhere."""
        if self.screen_stack and self.screen is self.chat and not event.is_forwarded:
            if isinstance(event, events.Key) and event.key == "escape":
                await self.chat.action_back()  # before a question typed right after it is asked, which it would stop
                return
            if self.chat.typing(event):
                self.chat.set_focus(self.chat.prompt)  # at once, for the next key is already in the queue
        await super().on_event(event)

    def action_help(self) -> None:
        from bot.tui.modals import HelpScreen

        self.push_screen(HelpScreen(getattr(self.screen, "part", "chat")))

    def action_copy(self) -> None:
        """Copies the selection; without one says how to quit, for many try ctrl+c first."""
        focused = self.screen.focused
        text = focused.selected_text if isinstance(focused, TextArea) else ""
        text = text or self.screen.get_selected_text() or ""
        if text:
            self.copy_to_clipboard(text)
        self.chat.say("Copied." if text else f"{keys.hint('quit')} quits.")

    def end(self) -> None:
        """Leaves because of a signal, or without a terminal."""
        if self.ending is None:
            self.ending = asyncio.create_task(self.leave(ExitCode.TERMINATED))

    async def action_quit(self) -> None:
        await self.leave()

    async def leave(self, code: int = 0) -> None:
        """Leaves; an answer in progress is saved as stopped first, and then what was not sent, to its last letter."""
        try:
            typed = asyncio.Event()
            if self.chat.prompt.call_later(typed.set):  # behind the letters that are on their way to it
                await typed.wait()
            await self.chat.stop()
            await self.chat.keep_draft()
        finally:
            self.exit(return_code=code)
