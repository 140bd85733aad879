"""The terminal: what commands print goes through it to stdout and stderr.

Everything of an article, a question, a file name or a model goes through `bot.show.clean` here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from bot.conversation import Answer
from bot.show.clean import clean, columns, one_line, wrapped
from bot.show.page import also_in, differing, excerpt, pages, reference, said_by
from bot.show.timeline import steps
from store.passage import Document

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from store.progress import Progress

MARK = ("\x1b[1;7m", "\x1b[0m")  # bold reverse: seen without colours too
ANSWER = ("\x1b[1;4;7m", "\x1b[0m")  # the answering words in a quote: underlined as well
BOLD = ("\x1b[1m", "\x1b[22m")
DIM = ("\x1b[2m", "\x1b[0m")
PLAIN_MARK = ("**", "**")
Span = tuple[int, int]
WIDEST = 100  # columns of running text
INDENT, GAP = "    ", "  "  # before a passage, and between the columns of a table


class Terminal:
    """Both streams of one command. `style` is off where ANSI codes would be noise."""

    def __init__(self, *, quiet: bool = False, color: bool = True, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        wanted = color and not self._environ.get("NO_COLOR") and self._environ.get("TERM") != "dumb"
        self.quiet = quiet
        self.tty = sys.stdout.isatty()
        self.style = wanted and self.tty
        self.lively = wanted and not quiet and sys.stderr.isatty()  # room for a bar that redraws itself
        size = shutil.get_terminal_size((WIDEST, 24))
        self.columns, self.lines = size.columns - 1, size.lines
        self.width = min(WIDEST, self.columns)
        self._column = 0  # where the running text on stdout stands in its line

    @property
    def asks(self) -> bool:
        """Whether a person can be asked before something is done."""
        return self.tty and sys.stdin.isatty()

    def holds(self, text: str) -> bool:
        """Whether the encoding of stdout has every character of a text."""
        try:
            text.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:
            return False
        return True

    def out(self, line: str = "") -> None:
        """A line that the caller has cleaned."""
        _write(sys.stdout, line + "\n")

    def note(self, line: str) -> None:
        """A line of narration on stderr."""
        if not self.quiet:
            self._aside(one_line(line) + "\n")

    def json(self, value: Any) -> None:
        """Exactly one JSON value; control characters are escaped by JSON itself, the rest is cleaned of nothing."""
        _write(sys.stdout, json.dumps(value, ensure_ascii=True) + "\n")

    def fail(self, message: str, following: str) -> None:
        """An error: what and where, and on a second line what to do."""
        self._aside(one_line(message) + "\n" + (f"  {one_line(following)}\n" if following else ""))

    def flush(self) -> None:
        """Sends on what was printed, for a reader who waits for it."""
        _write(sys.stdout, "", flush=True)

    def _aside(self, lines: str) -> None:
        """Whole lines on stderr; running text on stdout is broken off first where both streams are one place."""
        if self._column and _same_place(sys.stdout, sys.stderr):
            self.end_flow()
        _write(sys.stdout, "", flush=True)
        _write(sys.stderr, lines)

    def page(self, text: str, *, at: int = 0, pager: bool = True) -> None:
        """A text that the caller has cleaned; one longer than the screen is opened in the user's pager at line `at`."""
        command = self._environ.get("PAGER", "less -R").strip()
        long = text.count("\n") + 1 >= self.lines
        if not (pager and long and command and self.asks and self._environ.get("TERM") != "dumb"):
            self.out(text)
            return
        import signal
        import subprocess

        if command.split()[0].endswith("less") and at:
            command += f" +{at}"
        environ = {"LESS": "R", **self._environ}
        interrupting = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
        try:
            done = subprocess.run(command, shell=True, input=text.encode("utf-8", "replace"), env=environ)
        finally:
            signal.signal(signal.SIGINT, interrupting)
        if done.returncode in (126, 127):  # the shell found no such program
            self.out(text)

    def rich(self, drawn: Any) -> None:
        """A rich table, as wide as it needs where there is no terminal to cut it."""
        from rich.console import Console

        width = None if self.tty else 200
        colors: Literal["auto"] | None = "auto" if self.style else None
        console = Console(color_system=colors, markup=False, emoji=False, highlight=False, width=width)
        with console.capture() as held:  # what rich does where nobody reads on would lose the exit code
            console.print(drawn)
        _write(sys.stdout, held.get())

    def flow(self, text: str, answer: tuple[int, int] | None = None) -> None:
        """A piece of running text as it comes, wrapped at words on a terminal; its part `answer` is bold."""
        text = clean(text, lines=False)
        if answer:  # \1 and \2 stand for the marks: no clean text has them
            text = f"{text[: answer[0]]}\1{text[slice(*answer)]}\2{text[answer[1] :]}"
        begin, end = BOLD if self.style else PLAIN_MARK
        for word in filter(None, text.split(" ")):
            wide = columns(word.translate({1: "", 2: ""} if self.style else {1: begin, 2: end}))
            gap = " " if self._column else ""
            if self.tty and self._column and self._column + 1 + wide > self.width:
                gap, self._column = "\n", 0
            _write(sys.stdout, gap + word.translate({1: begin, 2: end}))
            self._column += len(gap.strip("\n")) + wide
        _write(sys.stdout, "", flush=True)

    def end_flow(self) -> None:
        """Ends the running text, where there is any."""
        if self._column:
            _write(sys.stdout, "\n")
        self._column = 0

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Rows in columns; on a terminal the widest columns are cut until a row fits, elsewhere nothing is cut."""
        cleaned = [[one_line(cell) for cell in row] for row in rows]
        widths = [max(map(columns, column)) for column in zip(*cleaned, strict=True)]
        if self.tty:
            room = self.columns - len(GAP) * (len(widths) - 1)
            while sum(widths) > room and max(widths) > 1:
                widths[widths.index(max(widths))] -= 1
        for row in cleaned:
            cells = [one_line(cell, width) for cell, width in zip(row, widths, strict=True)]
            padded = [cell + " " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
            self.out(GAP.join(padded).rstrip())

    @contextmanager
    def bars(self) -> Iterator[Callable[[Progress], None]]:
        """Takes reports of progress; draws a bar on stderr for each stage, where it may, and clears them at the end."""
        with ExitStack() as stack:
            drawn: list[Bars] = []
            tasks: dict[str, TaskID] = {}

            def report(now: Progress) -> None:
                if not drawn:
                    drawn.append(stack.enter_context(_display()))
                if now.stage not in tasks:
                    tasks[now.stage] = drawn[0].add_task(now.stage, total=now.total, rate="")
                speed = next(task.speed for task in drawn[0].tasks if task.id == tasks[now.stage])
                rate = f"{speed:,.0f}/s" if speed else ""
                drawn[0].update(tasks[now.stage], completed=now.done, total=now.total, rate=rate)

            yield report if self.lively else lambda now: None

    def dim(self, text: str) -> str:
        return f"{DIM[0]}{text}{DIM[1]}" if self.style else text

    def marked(
        self, text: str, start: int, marks: Iterable[Span], indent: str = INDENT, answers: Sequence[Span] = ()
    ) -> str:
        """A passage that begins at `start` in its article, with the spans `marks` and `answers` of the article marked.

        Wrapped at words and in reverse on a terminal, answers underlined; elsewhere one line with ** round the answers,
        or round a mark without one.
        """
        text = clean(text)
        lit = bytearray(len(text))  # 1 for a marked character, 2 for an answer's
        plain = [span for span in marks if self.style or not any(span[0] <= a and b <= span[1] for a, b in answers)]
        for level, spans in ((b"\1", plain), (b"\2", answers)):
            for low, high in spans:
                inside = range(len(text))[max(low - start, 0) : max(high - start, 0)]
                lit[inside.start : inside.stop] = level * len(inside)
        cells: list[tuple[str, int]] = []  # what is printed, and whether it is marked
        column = 0
        for word in re.finditer(r"\S+", text):
            wide = columns(word.group())
            if cells:
                wraps = self.tty and column + 1 + wide > self.width - len(indent)
                joined = cells[-1][1] if cells[-1][1] == lit[word.start()] and not wraps else 0
                cells.append((f"\n{indent}" if wraps else " ", joined))
                column = 0 if wraps else column + 1
            cells += zip(word.group(), lit[word.start() : word.end()], strict=True)
            column += wide
        around = ("", ""), *((MARK, ANSWER) if self.style else (PLAIN_MARK, PLAIN_MARK))
        runs = [(level, "".join(piece for piece, _ in run)) for level, run in groupby(cells, key=itemgetter(1))]
        return indent + "".join(f"{around[level][0]}{run}{around[level][1]}" for level, run in runs)


def _display() -> Bars:
    """A display for bars, each with its rate and the time left."""
    from rich import progress
    from rich.console import Console

    shown = (
        progress.TextColumn("{task.description:14}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}", markup=False),
        progress.TimeRemainingColumn(),
    )
    return progress.Progress(*shown, console=Console(stderr=True, markup=False), transient=True)


def _same_place(one: TextIO, other: TextIO) -> bool:
    """Whether two streams lead to the same terminal, pipe or file."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno())
    except (OSError, ValueError):  # one of them is no file, or is closed
        return False


def _write(stream: TextIO, text: str, *, flush: bool = False) -> None:
    """Writes what the stream's encoding holds. Where nobody reads stdout on, the command goes on to its exit code."""
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        if flush:
            stream.flush()
    except BrokenPipeError:
        if stream is sys.stdout:  # on stderr nobody can be told at all
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (open to the end of the process)


def course(terminal: Terminal, answer: Answer) -> None:
    """The picture of a course of events: its days down a line, each with what is told of it."""
    told = steps(answer)
    wide = max((columns(step.when) for step in told), default=0)
    room = max(24, terminal.width - wide - 4) if terminal.tty else None
    for step in told:
        if step.gap:
            terminal.out(f"{' ' * wide} ┊ {terminal.dim(step.gap)}")
        head = f"{' ' * (wide - columns(step.when))}{step.when} ●"
        words = f"{one_line(step.text)} [{step.citation.number}]"
        for at, line in enumerate(wrapped(words, room)):
            terminal.out(f"{head if at == 0 else f'{chr(32) * wide} │'} {line}")
        terminal.out(f"{' ' * wide} │ {terminal.dim(step.origin)}")


def sources(terminal: Terminal, answer: Answer) -> None:
    """The footnotes under an answer: articles, the passage of the best quote, and every quote that it does not show."""
    if answer.values:
        terminal.out(terminal.dim(terminal.marked(differing(answer), 0, [], indent="")))
    terminal.out()
    copied = {number for sentence in answer.sentences if sentence.verdict == "quoted" for number in sentence.citations}
    context = None if answer.course else answer.context
    shown = {moment.number for moment in answer.course}  # its picture holds the quotes
    if context is not None:
        home = next(c.quote.document for c in answer.citations if c.number == context.number)
        quotes = ((c.number, c.quote) for c in answer.citations if c.quote.document == home)
        shown = {number for number, q in quotes if context.start <= q.start and q.end <= context.end}
    for _, group in groupby(answer.citations, key=lambda one: (one.document.id, one.document.published)):
        same = list(group)
        numbers = "".join(f"[{citation.number}]" for citation in same)
        heading(terminal, numbers, same[0].document, pages(same) + also_in(same) + said_by(same))
        answers = [citation.quote.answer for citation in same if citation.quote.answer]
        for citation in same:
            if citation.number not in (shown if answer.course else copied & shown):
                head, quote = f"[{citation.number}] “", citation.quote
                own = [quote.answer] if quote.answer else []  # another's may end where the number stands
                terminal.out(terminal.marked(f"{head}{quote.text}”", quote.start - len(head), [], answers=own))
        if context is not None and context.number in {citation.number for citation in same}:
            terminal.out(terminal.marked(context.text, context.start, context.marks, answers=answers))


def since(terminal: Terminal, answer: Answer) -> None:
    """What changed since the saved answer to a question that was asked again."""
    if answer.since:
        terminal.out()
        for line in answer.since.lines:
            terminal.out(terminal.marked(line, 0, [], indent=""))


def heading(terminal: Terminal, label: str, document: Document, more: str = "") -> None:
    """An article under its label: its reference, and on a second line its address where it has one."""
    terminal.out(f"{label} {reference(document)}{more}")
    if document.url:
        terminal.out(f"{INDENT}{terminal.dim(one_line(document.url))}")


def refused(terminal: Terminal, answer: Answer) -> None:
    """A refusal: its words, and the closest passages with letters."""
    words = clean(answer.words, lines=False)
    if answer.outcome == "unsure":
        terminal.out(f"{words}\n")
        for closest in answer.closest:
            text, start = excerpt(closest)
            terminal.out(f"{closest.letter}  {reference(closest.document)}{pages([closest])}")
            terminal.out(terminal.marked(text, start, closest.marks))
        return
    terminal.out(f"{words} Closest, not used:" if answer.closest else words)
    for closest in answer.closest:
        terminal.out(
            f"  {closest.letter}  {reference(closest.document)}{pages([closest])}: {one_line(closest.quote.text, 100)}"
        )
