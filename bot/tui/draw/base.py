"""The styles and small pieces that every part of the screen is drawn with."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from bot.conversation import Citation, Closest, Mark
from bot.show.clean import clean, one_line
from bot.show.page import corrected, day
from bot.tui.keys import Key, hint
from store.passage import Document

WIDE = 110  # columns from which the sources stand beside the transcript, and the header has room for long words
BOLD = Style(bold=True)
DIM, CITE, OPEN = (
    "$muted",
    "bold $cite",
    "bold underline $cite",
)  # text beside; a footnote's number; that of an open one
GOOD, CAUTION, FAULT = "bold $good", "bold $caution", "bold $fault"
MARK = Style(bold=True, reverse=True)  # visible without colours too
ANSWER = Style(bold=True, reverse=True, underline=True)  # the answering words in a quote
SIGNS: dict[Mark, str] = {"checked": "✓", "wrong": "✗", "use": "★"}
OPENS = "opens"  # the key in a style's meta under which a click finds a footnote's name or a sample question
FOUND = Style(reverse=True, underline=True)  # the match of a search that is in view
DOES = "does"  # the same for the name of a command
DROPS = "drops"  # the same for the place of a filter in the header

Part = str | Content | tuple[str, str | Style]
Entry = Citation | Closest


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the list of sources: its headline, the facts under it, the footnote that a click opens."""

    title: Content
    below: Content
    name: str
    opened: bool = False


def opens(name: str, text: str, style: str | Style = "") -> Content:
    """Text that opens the footnote or asks the question `name` when it is clicked."""
    return Content.styled(text, style).stylize(Style.from_meta({OPENS: name}))


def does(command: str, text: str, style: str | Style) -> Content:
    """Text that runs a command when it is clicked."""
    return Content.styled(text, style).stylize(Style.from_meta({DOES: command}))


def drops(at: int, text: str) -> Content:
    """Text that takes the filter in place `at` of the header away when it is clicked."""
    return Content.styled(text, BOLD).stylize(Style.from_meta({DROPS: at}))


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 turn", "2,412 articles"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def name_of(entry: Entry) -> str:
    """The number of a footnote, or the letter of a closest passage."""
    return str(entry.number) if isinstance(entry, Citation) else entry.letter


def label(name: str) -> str:
    """A footnote's name as it stands in an answer: "[2]"; a letter stands bare."""
    return f"[{name}]" if name.isdecimal() else name


def origin(document: Document) -> str:
    """An article's outlet and day."""
    return f"{one_line(document.outlet or 'no outlet')} · {day(document.published)}{corrected(document)}"


def marked(text: str, start: int, marks: Sequence[tuple[int, int]]) -> Content:
    """Text that begins at `start` in its article, with spans of the article marked."""
    flat = clean(text, lines=False)  # keeps the number of characters, so that offsets still hold
    content = Content(flat, strip_control_codes=False)
    for low, high in marks:
        content = content.stylize(MARK, max(0, low - start), min(len(flat), high - start))
    return content


def matches(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where words stand in a text one after the other, in any case and over line ends."""
    if pattern := r"\s+".join(map(re.escape, words.split())):
        yield from (found.span() for found in re.finditer(pattern, text, re.IGNORECASE))


def command_list(commands: Sequence[Key], room: int) -> Content:
    """Slash commands with what they do, in at most `room` lines; Tab writes out the first."""
    if len(commands) > room:
        left = f"  … {len(commands) - room + 1} more: type on, or {hint('help')}"
        return Content.assemble(command_list(commands[: room - 1], room), ("\n" + left, DIM))
    rows = [(f"  {key.written:<18}", BOLD if at == 0 else Style()) for at, key in enumerate(commands)]
    told = [f"{key.does}{' (Tab)' if at == 0 else ''}" for at, key in enumerate(commands)]
    return Content("\n").join(Content.assemble(row, (words, DIM)) for row, words in zip(rows, told, strict=True))


def key_line(hints: Sequence[tuple[str, str]], room: int) -> Content:
    """Keys with their actions on one line, as many as fit in so many columns."""
    told = Content(" ")
    for key, action in hints:
        hint = Content.assemble((key, BOLD), (f" {action}", DIM))
        if told.cell_length + hint.cell_length <= room:
            told = Content.assemble(told, hint, "  ")
    return told
