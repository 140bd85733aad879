"""An error that ends a command, as one sentence for the user and an exit code."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.errors import BotError, ExitCode, UsageError
from store.errors import FootnoteError, os_error


def tell(error: BaseException, mute: Callable[[], None], *, as_json: bool) -> int:
    """Tells the user of an error and returns its exit code; `mute` silences a stdout that failed.

    Raises an unforeseen error where FOOTNOTE_DEBUG is set.
    """
    if type(error).__name__ == "NoArgsIsHelpError":  # nothing was asked for: help is the answer, not a failure
        print(error)
        return ExitCode.OK
    failure = _known(error)
    if failure is None and os.environ.get("FOOTNOTE_DEBUG"):
        raise error
    if failure is None:
        said = f"Something unexpected went wrong ({type(error).__name__}: {error})."
        failure = BotError(said, "This is a fault of Footnote; FOOTNOTE_DEBUG=1 shows where. Nothing saved was lost.")
    try:
        _print(failure, mute, as_json=as_json)
    except (ImportError, MemoryError, OSError):  # too little memory or too few files even for that
        with suppress(OSError):
            os.write(2, f"{failure.message}\n  {failure.next}\n".encode("utf-8", "replace"))
    return int(failure.exit)


def _print(failure: FootnoteError, mute: Callable[[], None], *, as_json: bool) -> None:
    from bot.show import plain
    from bot.show.terminal import Terminal

    terminal = Terminal()
    try:
        if as_json:
            terminal.json(plain.error(failure))
        sys.stdout.flush()
    except OSError:  # nobody reads on, or the place that stdout leads to is what failed
        mute()
    with suppress(OSError):
        terminal.fail(failure.message, failure.next)


def _known(error: BaseException) -> FootnoteError | None:
    """The error in our words, or None for one that nobody foresaw."""
    if isinstance(error, FootnoteError):
        return error
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error of the parser
        context = getattr(error, "ctx", None)
        said = error.format_message()
        following = f"See: {context.command_path if context else 'footnote'} --help"
        return UsageError(said if said.endswith((".", ")", "?")) else f"{said}.", following)
    number = error.errno if isinstance(error, OSError) else None
    threadless = isinstance(error, RuntimeError) and "new thread" in str(error)
    if isinstance(error, MemoryError) or number == errno.ENOMEM or threadless:
        return BotError("There is too little memory.", "Close other programs, or raise the limit (ulimit -v).")
    if number in (errno.EMFILE, errno.ENFILE):
        return BotError("Too many files are open at once.", "Raise the limit: ulimit -n 1024")
    if isinstance(error, ImportError):
        following = "Where memory or open files are limited (ulimit), raise the limit; else install it again."
        return BotError(f"A part of Footnote could not be loaded ({error}).", following)
    if isinstance(error, OSError) and number is not None and not isinstance(error, ConnectionError):
        return os_error(error, Path(str(error.filename or "stdout")))
    return None
