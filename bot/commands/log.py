"""The log of a chat: when and how questions and screens failed. Of what others raised it tells the kind and the place.

A provider's own words may repeat an article, so they are left out.
"""

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from store import private
from store.errors import FootnoteError

LARGEST = 16_000  # bytes that are kept, the newest


def append(file: Path, words: str) -> None:
    """Writes an entry behind the others, under the time of now. Raises OSError."""
    before = file.read_bytes() if file.exists() else b""
    entry = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{words.rstrip()}\n\n".encode("utf-8", "replace")
    private.replace(file, (before + entry)[-LARGEST:])


def told(error: FootnoteError) -> str:
    """An error in its words, then what it came from: each exception's class with the place that raised it."""
    return "\n".join((f"{error.code}: {error.message} {error.next}".rstrip(), *_chain(error)))


def _chain(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        for frame in traceback.extract_tb(error.__traceback__)[-1:]:
            yield f"  {type(error).__name__}, {Path(frame.filename).name}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or error.__context__
