"""Files of the evals: written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.errors import EvalInvalid


def save(file: Path, text: str) -> Path:
    """Writes a file whole or leaves what was there. Raises EvalInvalid where it cannot be written.

    A device or a pipe is written as it is, since no file may take its place.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            file.write_text(text, encoding="utf-8")
            return file
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise EvalInvalid(f"{file} cannot be written: {error.strerror or error}.", _mend(file)) from error
    return file


def ready(files: Iterable[Path]) -> None:
    """Raises EvalInvalid for the first of the files that will have no folder to be in."""
    for file in files:
        if not file.parent.is_dir():
            raise EvalInvalid(f"{file} cannot be written: there is no folder {file.parent}.", _mend(file))


def _mend(file: Path) -> str:
    """What helps where a file could not be written."""
    return "Name another file." if file.parent.is_dir() else f"Make the folder first: mkdir -p {file.parent}"
