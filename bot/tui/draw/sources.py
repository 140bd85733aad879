"""Content of the sources of a turn: each article once, with the footnotes that it bears."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.style import Style

from bot.conversation import Citation, Closest
from bot.show.clean import columns, one_line
from bot.show.page import also_in, excerpt, pages, said_by
from bot.tui.draw.base import (
    BOLD,
    CITE,
    DIM,
    OPEN,
    OPENS,
    SIGNS,
    Entry,
    Part,
    Row,
    label,
    marked,
    name_of,
    opens,
    origin,
)
from bot.tui.draw.shown import ShownTurn

SHORT = 4  # a headline keeps the fourth part of its line, however many footnotes stand behind it


def grouped(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries by their article, in the order in which each is first named."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.document.id, []).append(entry)
    return list(groups.values())


def rows(turn: ShownTurn, opened: str, room: int) -> list[Row]:
    """The sources of a turn for the pane, that of the footnote `opened` marked; the facts in so many columns.

    While none is open, the closest passages stand there with their marked sentence.
    """
    drawn = []
    for group in grouped(turn.entries):
        names = [name_of(entry) for entry in group]
        mark, style = ("▸ ", BOLD) if opened in names else ("  ", Style())
        title = Content.assemble((mark, BOLD), *_letters(group), (one_line(group[0].document.title), style))
        parts: list[Part] = [(_facts(group), DIM)]
        used = columns(_facts(group))
        for at, number in enumerate(_numbers(turn, group, opened)):
            gap = 1 if at else 3
            fits = used + gap + number.cell_length <= room
            parts += [" " * gap if fits else "\n", number]
            used = (used + gap if fits else 0) + number.cell_length
        if not opened:
            parts += [part for entry in group if isinstance(entry, Closest) for part in ("\n", passage(entry))]
        drawn.append(Row(title, Content.assemble(*parts), names[0], opened in names))
    return drawn


def lines(turn: ShownTurn, room: int, opened: str, *, told: bool = False) -> Iterator[Part]:
    """The sources of a turn for the transcript, each article on a line of its own.

    Speakers are named where the line has room for them beside the whole headline.
    With `told` the marked sentence of a closest passage stands on the line under it.
    """
    for group in grouped(turn.entries):
        cited = isinstance(group[0], Citation)
        numbers = [Content.assemble(" ", each) for each in _numbers(turn, group, opened)] if cited else []
        behind = Content.assemble("  ", *numbers)
        letters = Content.assemble(*_letters(group))
        left = room - 2 - letters.cell_length - behind.cell_length
        headline, facts = one_line(group[0].document.title), f" · {_facts(group, copies=False)}"
        if columns(headline) + columns(facts) > left:
            facts = f" · {_placed(group)}"
        title = one_line(headline, max(room // SHORT, left - columns(facts)))
        row = Content.assemble("  ", letters, title, (facts, DIM), behind).rstrip()
        yield from (row.stylize_before(Style.from_meta({OPENS: name_of(group[0])})), "\n")
        if told:
            for closest in (entry for entry in group if isinstance(entry, Closest)):
                sentence = passage(closest, 0 if closest.marks else room)
                yield from ("     ", sentence.truncate(room - 5, ellipsis=True), "\n")


def passage(closest: Closest, room: int = 240) -> Content:
    """The marked sentence of a closest passage, with the one beside it if both fit in `room` characters."""
    return marked(*excerpt(closest, room), closest.marks)


def speaker(turn: ShownTurn, name: str) -> str:
    """Who says the footnote called `name`, as it is written behind it."""
    return said_by([entry for entry in turn.entries if isinstance(entry, Citation) and name_of(entry) == name])


def _letters(group: Sequence[Entry]) -> list[Part]:
    return [opens(entry.letter, f"{entry.letter}  ", CITE) for entry in group if isinstance(entry, Closest)]


def _placed(group: Sequence[Entry]) -> str:
    """Outlet, day and printed pages of one article's entries."""
    return f"{origin(group[0].document)}{pages(group)}"


def _facts(group: Sequence[Entry], *, copies: bool = True) -> str:
    """Outlet, day, printed pages, copies and speakers of one article's entries."""
    cited = [entry for entry in group if isinstance(entry, Citation)]
    more = f"{also_in(cited) if copies else ''}{said_by(cited)}" if cited else ""
    return f"{_placed(group)}{more}"


def _numbers(turn: ShownTurn, group: Sequence[Entry], opened: str) -> Iterator[Content]:
    """The numbers of an article's footnotes, each with its paragraph where that is known."""
    for entry in group:
        name = name_of(entry)
        style = OPEN if name == opened else CITE
        cited = [opens(name, label(name), style)] if isinstance(entry, Citation) else []
        if name in turn.marks:
            cited.append(opens(name, SIGNS[turn.marks[name]], BOLD))
        number = turn.paragraphs.get(name)
        told = [] if number is None else [opens(name, f"{' ' if cited else ''}¶{number}", DIM)]
        if cited or told:
            yield Content.assemble(*cited, *told)
