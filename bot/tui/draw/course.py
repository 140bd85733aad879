"""Content of a course of events: its days down a line, each with what is told of it."""

from collections.abc import Iterator

from bot.conversation import Answer
from bot.show.clean import columns, one_line, wrapped
from bot.show.timeline import steps
from bot.tui.draw.base import BOLD, CITE, DIM, OPEN, Part, opens


def course(answer: Answer, room: int, opened: str) -> Iterator[Part]:
    """The events of an answer, as wide as `room` columns; a click on a number opens its footnote."""
    told = steps(answer)
    wide = max((columns(step.when) for step in told), default=0)
    for step in told:
        if step.gap:
            yield (f"{' ' * wide} ┊ {step.gap}\n", DIM)
        name = str(step.citation.number)
        lines = wrapped(one_line(step.text), max(20, room - wide - 10))
        for at, line in enumerate(lines):
            yield (step.when.rjust(wide) if at == 0 else " " * wide, BOLD)
            yield f" {'●' if at == 0 else '│'} {line}"
            if at == len(lines) - 1:
                yield (" ", DIM)
                yield opens(name, f"[{name}]", OPEN if name == opened else CITE)
            yield "\n"
        yield (f"{' ' * wide} │ {step.origin}\n", DIM)
