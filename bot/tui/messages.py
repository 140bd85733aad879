"""What the chat screen's workers and widgets tell the app, which alone changes what is seen."""

from __future__ import annotations

from textual.message import Message

from bot.conversation import Place
from bot.errors import BotError
from bot.events import Event
from bot.tui.engine import Article, Opened


class CorpusOpened(Message):
    """What is saved has been read; the indexes are still to come."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        super().__init__()


class CorpusReady(Message):
    """Questions can be asked."""


class CorpusAbsent(Message):
    """There is nothing to ask."""

    def __init__(self, error: BotError) -> None:
        self.error = error
        super().__init__()


class Unusable(Message):
    """The corpus or the settings cannot be used: the chat ends with the error."""

    def __init__(self, error: BotError) -> None:
        self.error = error
        super().__init__()


class Sampled(Message):
    """Questions that this corpus answers."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        self.questions = questions
        super().__init__()


class Told(Message):
    """A sentence for the user; a `fault` is shown apart from the question that is being answered."""

    def __init__(self, sentence: str, *, fault: bool = False) -> None:
        self.sentence = sentence
        self.fault = fault
        super().__init__()


class Heard(Message):
    """An event of the answer to turn `key`; with the last one, where the turn was saved."""

    def __init__(self, key: int, event: Event, place: Place | None = None) -> None:
        self.key = key
        self.event = event
        self.place = place
        super().__init__()


class Grew(Message):
    """More of the text of turn `key` has come. One such message stands for all that are still to be read."""

    def __init__(self, key: int) -> None:
        self.key = key
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Grew) and message.key == self.key


class Fetched(Message):
    """An article has come that was asked for to show the quote called `name`."""

    def __init__(self, article: Article, span: tuple[int, int], name: str) -> None:
        self.article = article
        self.span = span
        self.name = name
        super().__init__()


class Asked(Message):
    """A question to ask, `typed` into the prompt or not; an empty one takes the sample that is marked."""

    def __init__(self, question: str, *, typed: bool = True) -> None:
        self.question = question
        self.typed = typed
        super().__init__()


class Chosen(Message):
    """The user wants the footnote or closest passage `name` of turn `key`, or of the chosen turn."""

    def __init__(self, name: str, key: int | None = None) -> None:
        self.name = name
        self.key = key
        super().__init__()


class Moved(Message):
    """The user goes one up (-1) or down (1) in what there is to choose from."""

    def __init__(self, by: int) -> None:
        self.by = by
        super().__init__()


class Scrolled(Message):
    """The transcript's end has come into view or left it."""
