"""The messages that workers and widgets post to the chat screen, which alone changes the picture."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from bot.conversation import Place
from bot.errors import BotError
from bot.events import Event
from bot.tui.engine import Article, Opened


@dataclass
class CorpusOpened(Message):
    """The saved conversation has been read; the indexes are not loaded yet."""

    opened: Opened


class CorpusReady(Message):
    """Questions can be asked."""


@dataclass
class LoadFailed(Message):
    """There is no corpus to ask, or the corpus or the settings cannot be used."""

    error: BotError


@dataclass
class SamplesReady(Message):
    """Questions that this corpus answers."""

    questions: tuple[str, ...]


@dataclass
class Progressed(Message):
    """An event of the answer to turn `key`; with the last one, the place where the turn is saved."""

    key: int
    event: Event
    place: Place | None = None


@dataclass
class TextGrew(Message):
    """More text of turn `key` has come. One such message stands for all that are still in the queue."""

    key: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, TextGrew) and message.key == self.key


@dataclass
class ArticleFetched(Message):
    """The article of the quote called `name`."""

    article: Article
    span: tuple[int, int]
    name: str


@dataclass
class Notice(Message):
    """A sentence for the user, drawn under the question in progress; beside the turns with `apart`."""

    sentence: str
    apart: bool = False


@dataclass
class Asked(Message):
    """A question to ask, `typed` into the prompt or not; an empty one asks the marked sample."""

    question: str
    typed: bool = True


@dataclass
class SampleMoved(Message):
    """The mark moves one sample question up (-1) or down (1)."""

    by: int


@dataclass
class TurnChosen(Message):
    """The user chose turn `key`."""

    key: int


@dataclass
class QuoteChosen(Message):
    """The user opens the footnote or closest passage `name` of the chosen turn."""

    name: str
