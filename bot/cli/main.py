"""The console script: runs one command line, and ends with the contract's exit code and never with a traceback.

At the top it imports next to nothing, so that a signal or a lack of memory finds a handler as early as possible.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from types import FrameType

_signals: list[int] = []  # numbers of the signals that have come
SOON = 0.01  # seconds until a signal is raised that could not be raised where it came


class Signalled(KeyboardInterrupt):
    """A signal as an exception, of a kind that asyncio passes on, so that files are closed on the way out."""


def main() -> NoReturn:
    """Runs the process's command line and leaves with its exit code."""
    try:
        _prepare()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # one that came while another was being dealt with
        code = _code_of_signal()
    except Exception as error:  # so little memory or so few files that it could not even be told
        if os.environ.get("FOOTNOTE_DEBUG"):
            raise
        os.write(2, f"Footnote could not go on ({type(error).__name__}: {error}).\n".encode("utf-8", "replace"))
        os._exit(1)
    while not _deaf():
        code = _code_of_signal()
    if _signals:
        mute()
        os._exit(code)  # a thread may wait for ever for an import that the signal broke off
    if _is_terminal_gone():
        os._exit(code)  # what is left to write has nowhere to go, and would change the exit code
    sys.exit(code)


def _is_terminal_gone() -> bool:
    """Whether what stands on the streams cannot be written, as their terminal is there no more."""
    import errno

    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except OSError as error:
        return error.errno == errno.EIO
    return False


def _deaf() -> bool:
    """Lets no signal come any more, for nothing is left to stop; returns False where one came in between."""
    try:
        for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
    except KeyboardInterrupt:
        return False
    return True


def _prepare() -> None:
    """Makes signals, the rights of new files, closed streams and the garbage collector ready."""
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _on_signal)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell's background jobs ignore it
        signal.signal(signal.SIGINT, _on_signal)
    sys.unraisablehook = _unraisable
    import gc

    from store.private import keep_private

    keep_private()
    gc.set_threshold(200_000, 20, 20)  # imports make few cycles: collecting them less often saves a tenth of the time
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller: no file that we open may get its descriptor
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 (open to the end of the process)


def _on_signal(number: int, frame: FrameType | None) -> None:
    """Cancels the tasks of the running event loop; without one, or when told again, raises Signalled.

    In `_unraisable` it would be lost, and told as a traceback: there, it is raised a little later.
    """
    if number != signal.SIGALRM:
        _signals.append(number)
    while frame and frame.f_code is not _unraisable.__code__:
        frame = frame.f_back
    if frame:
        signal.setitimer(signal.ITIMER_REAL, SOON)
        return
    if "logging" in sys.modules:
        sys.modules["logging"].disable()  # what is cut off has nothing to report
    asyncio: Any = sys.modules.get("asyncio.events")
    loop = asyncio and asyncio._get_running_loop()
    if loop is None or len(_signals) > 1:
        raise Signalled
    for task in sys.modules["asyncio.tasks"].all_tasks(loop):
        task.cancel()
    loop.call_soon_threadsafe(lambda: None)  # wakes the loop


def _unraisable(failure: Any) -> None:
    """Lets a signal be raised again that was raised where Python passes nothing on, as in a finalizer."""
    if isinstance(failure.exc_value, Signalled):
        signal.setitimer(signal.ITIMER_REAL, SOON)
    elif os.environ.get("FOOTNOTE_DEBUG"):
        sys.__unraisablehook__(failure)


def _code_of_signal() -> int:
    return 128 + (_signals or [signal.SIGINT])[0]


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code."""
    try:
        code = _command(arguments)
        try:
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads on: how it ended is told by the code alone
            mute()
        return _code_of_signal() if _signals else code
    except BrokenPipeError:
        mute()
        return 0
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "Abort" or _signals:
            mute()
            return _code_of_signal()
        if isinstance(error, SystemExit) and isinstance(error.__context__, BrokenPipeError):  # the parser's way out
            mute()
            return 0
        if isinstance(error, SystemExit) and isinstance(error.code, int):
            return error.code
        from bot.cli.failure import tell

        return tell(error, mute, as_json="--json" in arguments or "--jsonl" in arguments)


def _command(arguments: list[str]) -> int:
    """Runs a command and returns its exit code; raises whatever goes wrong in it."""
    from bot.commands.options import on_terminal

    if arguments in ([], ["chat"]) and on_terminal():  # nothing to parse: half the wait for the first frame saved
        from bot.cli.asking import chat

        chat()
        return 0
    from typer.main import get_command

    from bot.cli.app import app

    code = get_command(app).main(arguments, prog_name="footnote", standalone_mode=False)
    return code if isinstance(code, int) else 0


def mute() -> None:
    """Lets what stdout still holds, and all that follows, go nowhere."""
    sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 (open to the end of the process)
