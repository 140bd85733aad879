"""The terminal: how what it sends is read as keys, and how nobody waits for one that is gone."""

import re
import select
import sys
from collections.abc import Callable, Generator, Iterable

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._parser import Peek1, Read1
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.keys import _character_to_key
from textual.message import Message

from bot.tui import keys

LOOKED = 1.0  # seconds between two looks at whether the terminal is still there
ESCAPE = 0.03  # seconds after Esc in which what comes may be the rest of a sequence that it begins
_APART = re.compile(
    r"(?<=\x1b)(?=(?!O[A-Z])\w\w|[ -/:-@^`{-~\x01-\x07\x0b\x0c\x0e-\x1a])|(?<=\x1b\w)(?=\x1b)"
)  # behind Esc; between keys with alt

assert isinstance(ANSI_SEQUENCES_KEYS, dict)
for digit in keys.DIGITS:  # Textual reads alt and a digit as the sign that a Mac's option key makes of them
    ANSI_SEQUENCES_KEYS.pop(f"\x1b{digit}", None)


class Parser(XTermParser):
    """Tells Esc and a letter typed after it from alt and the letter, which a terminal sends as the same two bytes.

    Alt is meant where the key with alt is one of ours and no text came together with it.
    """

    begun = False  # whether the last that came was Esc

    def feed(self, data: str) -> Iterable[Message]:
        if self.begun and _APART.match(f"\x1b{data}", 1):
            self._timeout_time = self._timeout_time and 0.0
        self.begun = data.endswith("\x1b")
        yield from self.tick()  # Textual looks at its clock only while nothing comes
        *pieces, last = _APART.split(data)
        for piece in pieces:
            yield from super().feed(piece)
            self._timeout_time = self._timeout_time and 0.0
            yield from self.tick()
        yield from super().feed(last)
        if self._timeout_time is not None:
            self._timeout_time = min(self._timeout_time, get_time() + ESCAPE)

    def parse(self, token_callback: Callable[[Message], None]) -> Generator[Read1 | Peek1, str, None]:
        def told(token: Message) -> None:
            if (
                isinstance(token, events.Key)
                and token.is_printable
                and token.key[:4] == "alt+"
                and token.key not in keys.ALT
            ):
                token_callback(events.Key("escape", "\x1b"))
                token = events.Key(_character_to_key(token.character or ""), token.character)
            token_callback(token)

        return super().parse(told)


class Writer(WriterThread):
    """Writes what is drawn. Textual's ends where the terminal is gone, and then all wait who draw anything."""

    def run(self) -> None:
        try:
            super().run()
        except OSError:  # what is still drawn is held, and never written
            with self._queue.mutex:
                self._queue.maxsize = sys.maxsize
                self._queue.not_full.notify_all()


linux_driver.XTermParser = Parser  # type: ignore[attr-defined]
linux_driver.WriterThread = Writer  # type: ignore[attr-defined]


def end_without(terminal: int, end: Callable[[], object]) -> None:
    """Ends the chat where its terminal is gone and no signal told so; Textual would read from it for ever."""
    poll = select.poll()
    poll.register(terminal, 0)
    if any(told & (select.POLLHUP | select.POLLERR) for _, told in poll.poll(0)):
        end()
