"""Content of the rows of lists: saved conversations and articles."""

from collections.abc import Collection, Sequence

from textual.content import Content

from bot.conversation import Session
from bot.show.clean import columns, one_line
from bot.show.page import day
from bot.tui.draw.base import BOLD, DIM, counted, marked
from store.passage import Document

DAY, OUTLET = 13, 22  # columns of an article's day and outlet
SHORT = 20  # columns under which a headline does not shrink


def session_rows(session: Session, room: int, current: bool, opened: int | None) -> Sequence[Content]:
    """A conversation in two lines: its title with its facts, and the words that were looked for."""
    told = f"{counted(session.turns, 'turn')} · {day(session.asked[:10])}{' · open' if session.id == opened else ''}"
    sign = "▸ " if current else "  "
    left = max(SHORT, room - 5 - columns(told))
    in_title = not session.turn or one_line(session.hit) == one_line(session.title)
    name = _hit(session, left) if session.hit and in_title else Content(one_line(session.title, left))
    first = Content.assemble((sign, BOLD), name.stylize_before(BOLD), "   ", (told, DIM))
    return first, Content("") if in_title else Content.assemble("    ", _hit(session, room - 4))


def _hit(session: Session, room: int) -> Content:
    """The words around a hit with the hit marked, begun so that the first mark is in view."""
    low = session.marks[0][0] if session.marks else 0
    start = 0 if low < room - 16 else session.hit.rfind(" ", 0, low - 8) + 1
    return marked(session.hit[start:], start, session.marks).truncate(max(SHORT, room), ellipsis=True)


def article_row(document: Document, room: int, current: bool, ticked: Collection[str]) -> Sequence[Content]:
    """An article in one line: its tick, day, outlet and headline."""
    tick = f"{'▸' if current else ' '}{'[x]' if document.id in ticked else '[ ]'} "
    narrow = room < DAY + OUTLET + 60
    outlet = one_line(document.outlet or "no outlet", OUTLET // 2 if narrow else OUTLET - 2)
    used = OUTLET // 2 + 2 if narrow else OUTLET
    facts = f"{day(document.published):<{DAY}}{outlet}{' ' * (used - columns(outlet))}"
    return (Content.assemble((tick, BOLD), (facts, DIM), (one_line(document.title), BOLD if current else "")),)
