"""`search`: the passages for some words, without an answer."""

from __future__ import annotations

from bot.answer import Bot
from bot.conversation import Conversation
from bot.show import plain
from bot.show.terminal import INDENT, Terminal, heading
from store.passage import Filters


def search(bot: Bot, words: str, filters: Filters, terminal: Terminal, *, as_json: bool) -> None:
    """Prints passages for some words, best first; nothing found is no failure."""
    reading = bot.look(words, Conversation(), filters)
    found = reading.found
    if as_json:
        terminal.json(plain.search(words, found))
        return
    for notice in found.missing:
        terminal.note(notice)
    if not found.passages:
        terminal.note("nothing found")
    for number, passage in enumerate(found.passages, 1):
        best = next((row for row in reading.sentences if row.passage.id == passage.id), None)
        marks = [(best.start, best.end)] if best else []
        heading(terminal, f"{number} ", passage.document, f" · {passage.document.id}")
        terminal.out(terminal.marked(passage.text, passage.start, marks, INDENT))
