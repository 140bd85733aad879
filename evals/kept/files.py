"""Files of the evals: read as JSON, written whole or not at all, and their faults as errors of ours."""

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import EvalInvalid
from bot.settings import paths
from store.errors import os_error
from store.private import SHOWN, replace

T = TypeVar("T")


@contextmanager
def refusals(folder: Path) -> Iterator[None]:
    """Raises the store's error in place of an OSError."""
    try:
        yield
    except OSError as error:
        raise os_error(error, folder) from error


def content(file: Path) -> bytes | None:
    """A file's bytes, None where there is no such file. Raises the store's errors."""
    with refusals(file.parent):
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return None


def parsed(file: Path, make: Callable[[Any], T], what: str, mend: str) -> T | None:
    """A JSON file's value as `make` converts it, None where there is no such file.

    Raises EvalInvalid, which says that it is no `what` and how to `mend` that, for a file of another shape.
    """
    text = content(file)
    if text is None:
        return None
    try:
        return make(json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise EvalInvalid(f"{file} is no {what} ({error}).", mend) from error


def save(file: Path, text: str, *, private: bool = False) -> Path:
    """Writes a file whole or leaves what was there; one that is `private` or Footnote's is for its owner's eyes alone.

    A device or a pipe is written as it is, since no file may take its place. Raises EvalInvalid where it cannot be
    written, and DiskFull.
    """
    try:
        if file.exists() and not file.is_file() and not file.is_dir():
            file.write_text(text, encoding="utf-8")
            return file
        ours = private or file.absolute().is_relative_to(paths().data)
        replace(file, text.encode(), 0o600 if ours else SHOWN)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise os_error(error, file.parent) from error
        raise EvalInvalid(f"{file} cannot be written: {error.strerror or error}.", _mend(file)) from error
    return file


def folder(place: Path) -> Path:
    """A folder, made with those above it for its owner's eyes alone where it is not there. Raises DiskFull."""
    with refusals(place):
        for step in (*reversed(place.parents), place):
            if not step.is_dir():
                step.mkdir(mode=0o700, exist_ok=True)
    return place


def ready(*files: Path | None) -> None:
    """Raises EvalInvalid for the first of the files, where one is named, that will have no folder to be in."""
    for file in files:
        if file and not file.parent.is_dir():
            raise EvalInvalid(f"{file} cannot be written: there is no folder {file.parent}.", _mend(file))


def _mend(file: Path) -> str:
    return "Name another file." if file.parent.is_dir() else f"Make the folder first: mkdir -p {file.parent}"
