"""`sessions export` and `/export`: a conversation written to a new file."""

from itertools import count
from pathlib import Path

from bot.conversation import SavedConversation
from bot.errors import UsageError
from bot.show.export import form_of, written
from store.errors import os_error


def export(saved: SavedConversation, path: Path, form: str | None = None) -> str:
    """Writes a conversation to a file that is not there yet; returns a sentence that names it."""
    text = written(saved, form or form_of(path.name))
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"There is a file {path} already.", "Name another.") from None
    except OSError as error:
        raise os_error(error, path) from error
    return f"Written to {path}."


def free(session: int) -> str:
    """The name of a Markdown file that is not there yet in the current folder."""
    names = (f"footnote-s{session}{f'-{number}' if number > 1 else ''}.md" for number in count(1))
    return next(name for name in names if not Path(name).exists())
