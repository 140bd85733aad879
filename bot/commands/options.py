"""The options that several commands take, each once; a command names those it takes and is handed a `Given`."""

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from bot.commands import completion
from bot.errors import BotError, UsageError

if TYPE_CHECKING:
    from bot.sessions import Sessions
    from bot.settings import Paths, Settings
    from bot.show.terminal import Terminal
    from store.outlets import Outlets
    from store.passage import Filters

FILTERS = "since until undated outlet not_outlet only"
SCREEN = "json quiet no_color"
FILES, MEMORY = 64, 600_000_000  # open files and bytes of address space that a command may need


@dataclass(frozen=True)
class Given:
    """The options that commands share, as one command was given them; the rest is made when it is first asked for."""

    corpus: Annotated[
        str | None,
        Option("--corpus", metavar="NAME", help="Which corpus (default: default).", autocompletion=completion.corpora),
    ] = None
    model: Annotated[str | None, Option("-m", "--model", help="Who writes the answer (default: extract).")] = None
    since: Annotated[str | None, Option(metavar="DATE", help="Only articles of that day or later.")] = None
    until: Annotated[str | None, Option(metavar="DATE", help="Only articles of that day or earlier.")] = None
    undated: Annotated[bool, Option("--undated", help="Keep undated articles under a date filter.")] = False
    outlet: Annotated[
        list[str] | None,
        Option(metavar="NAME", help="Only that outlet; repeatable.", autocompletion=completion.outlets),
    ] = None
    not_outlet: Annotated[
        list[str] | None, Option(metavar="NAME", help="Not that outlet.", autocompletion=completion.outlets)
    ] = None
    only: Annotated[
        list[str] | None,
        Option(
            "--in", metavar="ID|ROOT", help="Only that article or root; repeatable.", autocompletion=completion.within
        ),
    ] = None
    as_of: Annotated[str | None, Option(metavar="DATE", help="The day that counts as now.")] = None
    k: Annotated[int | None, Option("-k", help="Passages given to the writer (default: 8).")] = None
    go_on: Annotated[bool, Option("-c", "--continue", help="Continue the last conversation.")] = False
    session: Annotated[str | None, Option(metavar="ID", help="Continue that one.")] = None
    strict: Annotated[bool, Option("--strict", help="Drop what a model says without support.")] = False
    json: Annotated[bool, Option("--json", help="Exactly one JSON value on stdout.")] = False
    jsonl: Annotated[bool, Option("--jsonl", help="Events as JSON lines, as they happen.")] = False
    quiet: Annotated[bool, Option("-q", "--quiet", help="Nothing on stderr but errors.")] = False
    no_color: Annotated[bool, Option("--no-color", help="No ANSI codes.")] = False

    @cached_property
    def terminal(self) -> "Terminal":
        from bot.show.terminal import Terminal

        return Terminal(quiet=self.quiet or self.json or self.jsonl, color=not self.no_color)

    @cached_property
    def settings(self) -> "Settings":
        from bot.settings import load

        return load({"corpus": self.corpus, "model": self.model, "k": self.k})

    @cached_property
    def outlets(self) -> "Outlets":
        """The names of outlets, with the user's own."""
        from bot.settings import outlets
        from store.outlets import Outlets

        return Outlets(outlets())

    @cached_property
    def paths(self) -> "Paths":
        from bot.settings import paths

        return paths()

    @property
    def folder(self) -> Path:
        """The folder of the corpus."""
        return self.paths.corpus_folder(self.settings.corpus)

    @cached_property
    def sessions(self) -> "Sessions":
        from bot.sessions import Sessions

        return Sessions(self.paths.sessions_file)

    @property
    def filters(self) -> "Filters":
        """The filters as they were given. Raises UsageError."""
        from store.passage import Filters

        low, high = day(self.since, "--since"), day(self.until, "--until", last=True)
        if low and high and low > high:
            raise UsageError(f"--since {low} is after --until {high}.", "Swap them.")
        as_of = day(self.as_of, "--as-of")
        only, without = names(self.outlet, "--outlet"), names(self.not_outlet, "--not-outlet")
        if only or without:
            only, without = (tuple(map(self.outlets.name, one)) for one in (only, without))
        return Filters(low, high, self.undated, only, without, names(self.only, "--in"), as_of)


def shares(options: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Adds shared options, by their names, to a command whose first parameter is a `Given`.

    Annotations are evaluated here and not kept as strings: the parser would evaluate each at every start.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command).parameters.values())[1:]
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        wanted = [field for field in fields(Given) if field.name in options.split()]
        shared = [inspect.Parameter(one.name, kind, default=one.default, annotation=one.type) for one in wanted]

        def parsed(**values: Any) -> None:
            check_limits()
            given = Given(**{one.name: values.pop(one.name) for one in wanted if one.name in values})
            command(given, **values)

        parsed.__name__, parsed.__doc__ = command.__name__, command.__doc__
        vars(parsed)["__signature__"] = inspect.Signature([*own, *shared])
        return parsed

    return decorate


def check_limits() -> None:
    """Raises the limit of open files where it is low and may be raised; BotError for limits that no command fits in."""
    import resource

    unlimited = resource.RLIM_INFINITY
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != unlimited and files < FILES <= (FILES if most == unlimited else most):
        files = FILES
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    if files != unlimited and files < FILES:
        said = f"Footnote opens up to {FILES} files at once, and {files} are allowed."
        raise BotError(said, f"Try: ulimit -n {FILES}")
    memory = resource.getrlimit(resource.RLIMIT_AS)[0]
    if memory != unlimited and memory < MEMORY:
        said = f"Footnote takes up to {MEMORY // 10**6:,} MB of address space, and {memory // 10**6:,} are allowed."
        raise BotError(said, "Try: ulimit -v unlimited")


def day(text: str | None, option: str, *, last: bool = False) -> str | None:
    """A date option as an ISO day; a month or a year stands for its first or `last` day. Raises UsageError."""
    if text is None:
        return None
    import calendar
    import re
    from datetime import date

    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text.strip())
    try:
        if match is None:
            raise ValueError
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        number = int(match[3] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, number).isoformat()
    except ValueError:
        raise UsageError(f"'{text}' after {option} is no date.", "Write it as 2024-03-14, 2024-03 or 2024.") from None


def utf8(text: str) -> str:
    """An argument with its bytes that are not UTF-8 replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def names(values: list[str] | None, option: str) -> tuple[str, ...]:
    """The values of a repeatable option. Raises UsageError for one that is empty."""
    cleaned = tuple(utf8(name).strip() for name in values or ())
    if not all(cleaned):
        raise UsageError(f"There is nothing after {option}.", "List what there is with: footnote sources")
    return cleaned


def question(words: str | None, noun: str = "question", step: str = 'Ask: footnote ask "QUESTION"') -> str:
    """The question, or what else the `noun` says, from the argument, or from stdin where it is `-` or left out.

    Raises UsageError, which names the noun and the next `step`.
    """
    from bot.conversation import LONGEST

    if words is None and sys.stdin.isatty():
        raise UsageError(f"There is no {noun}.", step)
    if words is None or words == "-":
        given = sys.stdin.buffer.read(4 * LONGEST + 4)
        if b"\0" in given:
            raise UsageError(f"The {noun} on stdin is not UTF-8 text.", step)
        words = given.decode("utf-8", "replace")
    words = utf8(words).strip()
    if not any(letter.isalnum() for letter in words):
        raise UsageError(f"There is no word in the {noun}." if words else f"The {noun} is empty.", step)
    if len(words) > LONGEST:
        raise UsageError(f"The {noun} is longer than {LONGEST:,} characters.", "Give a shorter one.")
    return words


def on_terminal() -> bool:
    """Whether a person sits at all three streams, on a terminal that can draw a screen."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"
