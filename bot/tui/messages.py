"""The messages that widgets and the engine's answers post to the chat screen, which alone changes the picture."""

from dataclasses import dataclass

from textual.message import Message

from bot.conversation import Place


class TextGrew(Message):
    """More text of the answer in progress has come. One such message stands for all that are still in the queue."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, TextGrew)


@dataclass
class Notice(Message):
    """A sentence for the user, drawn under the question in progress; in the status line with `apart`."""

    sentence: str
    apart: bool = False


@dataclass
class Asked(Message):
    """A question to ask, `typed` into the prompt or not; an empty one asks the marked sample.

    `at_once`: it came faster than one types, as lines do that a terminal pastes. `again`: the saved turn whose question
    it is, where that is asked to tell what changed.
    """

    question: str
    typed: bool = True
    at_once: bool = False
    again: Place | None = None


@dataclass
class SampleMoved(Message):
    """The mark moves one sample question up (-1) or down (1)."""

    by: int


class TurnChosen(Message):
    """The user chose another turn of the transcript."""


@dataclass
class QuoteChosen(Message):
    """The user opens the footnote or closest passage `name` of the chosen turn by a click."""

    name: str


@dataclass
class CommandGiven(Message):
    """The user gives a command: the name of an action that was clicked."""

    action: str


@dataclass
class SlashGiven(Message):
    """The user enters a slash command; `words` are all that stands behind the slash."""

    words: str


@dataclass
class FilterDropped(Message):
    """The user takes the filter away that stands in place `at` of the header."""

    at: int


@dataclass
class More(Message):
    """An article was scrolled to the first (-1) or last (1) paragraph drawn; `whole`: is to be scrolled to its own."""

    by: int
    whole: bool = False


class RowChosen(Message):
    """The user chose the marked row of a list."""
