"""`timeline`: the course of a topic, asked as a question, printed or written to a file."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.commands.ask import ask
from bot.commands.options import Given
from bot.conversation import Answer
from bot.errors import UsageError
from bot.show.timeline import as_csv, as_html
from bot.timeline.course import asked as course
from store.errors import os_error

STDOUT = "-"


def timeline(
    given: Given, topic: str, csv: str | None, html: str | None, *, force: bool, save: bool, abstain_ok: bool
) -> None:
    """Asks for the course of a topic; with `csv` or `html` writes it to that file, CSV to stdout for "-".

    Raises UsageError for a file that is there already, and Exit as `ask` does.
    """
    files = [Path(name).expanduser() for name in (csv, html) if name is not None and name != STDOUT]
    if len(set(files)) < len(files):
        raise UsageError("--csv and --html name the same file.", "Give each one of its own.")
    for path in files:
        if path.exists() and not force:
            raise UsageError(f"There is a file {path} already.", "Name another, or write over it with --force.")

    def written(answer: Answer) -> bool:
        """Writes an answer to the files asked for; whether it went to stdout."""
        if csv == STDOUT:
            given.terminal.out(as_csv(answer).rstrip("\n"))
        elif csv is not None:
            write(Path(csv).expanduser(), as_csv(answer), force=force)
        if html is not None:
            write(Path(html).expanduser(), as_html(answer, topic), force=force)
        for path in files:
            given.terminal.note(f"written to {path}")
        return not given.json and bool(csv or html)

    if given.json and csv == STDOUT:
        raise UsageError("--json and --csv both want stdout.", "Name a file after --csv.")
    question = topic if course(topic) else f"Timeline of {topic}"
    ask(given, question, stream=False, save=save, abstain_ok=abstain_ok, into=written)


def write(path: Path, text: str, *, force: bool) -> None:
    """Writes a file whole or not at all; one that is there already is written over only with `force`."""
    draft: str | None = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        if not force:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # nobody else may take the name meanwhile
        Path(draft).replace(path)
    except FileExistsError:
        raise UsageError(f"There is a file {path} already.", "Name another, or write over it with --force.") from None
    except OSError as error:
        raise os_error(error, path) from error
    finally:
        if draft is not None:
            with suppress(FileNotFoundError):  # it bears its name now
                Path(draft).unlink()
