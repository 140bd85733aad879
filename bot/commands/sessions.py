"""`sessions`: the saved conversations, and one of them as it was."""

from __future__ import annotations

from bot.conversation import Answer
from bot.errors import NotThere
from bot.sessions import Sessions
from bot.show import plain
from bot.show.clean import one_line
from bot.show.table import table
from bot.show.terminal import Terminal, refused, sources


def listed(sessions: Sessions, corpus: str | None, terminal: Terminal, *, as_json: bool) -> None:
    """Prints the saved conversations, the last used first."""
    saved = sessions.saved(corpus)
    if as_json:
        listed = [
            {"session": s.name, "corpus": s.corpus, "title": s.title, "turns": s.turns, "asked": s.asked} for s in saved
        ]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "sessions": listed})
    elif saved:
        table(
            terminal,
            [(s.name, s.asked[:10], s.corpus, f"{s.turns} turn{'' if s.turns == 1 else 's'}", s.title) for s in saved],
        )
    else:
        terminal.note("nothing has been asked yet")


def show(sessions: Sessions, key: int, terminal: Terminal, *, as_json: bool) -> None:
    """Prints one conversation. Raises NotThere."""
    turns = sessions.turns(key)
    if not turns:
        raise NotThere(f"There is no session s{key}.", "List them with: footnote sessions list")
    if as_json:
        listed = [_turn(f"s{key}", number, question, answer) for number, (question, answer) in enumerate(turns, 1)]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "session": f"s{key}", "turns": listed})
        return
    for number, (question, answer) in enumerate(turns, 1):
        terminal.out(f"s{key}:{number}  {one_line(question)}")
        terminal.out()
        if answer is None:
            terminal.out("(no saved answer)")
        elif answer.refused:
            refused(terminal, answer)
        else:
            terminal.flow(answer.text)
            terminal.end_flow()
            sources(terminal, answer)
        terminal.out()


def _turn(name: str, number: int, question: str, answer: Answer | None) -> dict[str, object]:
    return {"question": question, "answer": None if answer is None else plain.ask(answer, (name, number))}
