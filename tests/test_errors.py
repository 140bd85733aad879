"""The tree of errors is the drawn one, and a failure of the system is one sentence with a next step."""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import re
from pathlib import Path

import pytest

import bot
import evals
import store
from store import errors
from store.errors import DiskFull, FileRefused, FootnoteError, os_error


def drawn() -> dict[str, str]:
    """Each class of the drawing in `store.errors` with the one above it."""
    found: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r" {4}([ │├└─]*)([A-Z]\w+)(?: |$)", line)
        if match:
            path = [*path[: len(match[1]) // 4], match[2]]
            found[match[2]] = path[-2] if len(path) > 1 else "Exception"
    return found


def classes(base: type[Exception]) -> dict[str, str]:
    """A class and all below it, each with its parent."""
    found = {base.__name__: str(base.__base__.__name__)}
    for child in base.__subclasses__():
        if not child.__module__.startswith("test"):
            found |= classes(child)
    return found


def test_the_drawing_is_the_tree() -> None:
    for package in (store, bot, evals):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # The training of the reading model has requirements of its own, and no errors.
            if not module.name.endswith("__main__") and not module.name.startswith("evals.fit.reader."):
                importlib.import_module(module.name)
    assert drawn() == classes(FootnoteError)


@pytest.mark.parametrize(
    ("number", "kind", "following"),
    [
        (errno.ENOSPC, DiskFull, "Free some space"),
        (errno.EDQUOT, DiskFull, "Free some space"),
        (errno.EACCES, FileRefused, "permissions"),
        (errno.EROFS, FileRefused, "cannot be written"),
        (errno.EMFILE, FileRefused, "ulimit -n"),
        (errno.ENAMETOOLONG, FileRefused, "Check the path"),
    ],
)
def test_a_failure_of_the_system_is_a_sentence(number: int, kind: type[FootnoteError], following: str) -> None:
    failure = os_error(OSError(number, os.strerror(number)), Path("/home/reader/corpus"))
    assert type(failure) is kind and following in failure.next and failure.exit == 5
    assert "/home/reader/corpus" in failure.message and re.fullmatch(r"[^\n]+[^.]\.", failure.message)


def test_a_failure_without_a_number_is_told_too() -> None:
    assert os_error(OSError("odd"), Path("/x")).message == "/x cannot be used: odd."
