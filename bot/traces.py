"""Traces of forgotten articles outside their corpus: saved answers, and the rows of eval runs that quote them."""

import fcntl
import os
from contextlib import closing
from pathlib import Path

from bot.sessions import Sessions
from bot.settings import Paths
from store import private
from store.errors import CorpusLocked, os_error


class Traces:
    """Clears the traces of one corpus's articles and counts them; `left` says what it cannot tell apart."""

    def __init__(self, paths: Paths, corpus: str) -> None:
        self._paths, self._corpus = paths, corpus
        self.answers = 0  # saved answers that were erased
        self.rows = 0  # rows of eval runs that were erased
        replies = paths.data / "evals" / "replies"
        self.left = f"Replies of models that were kept for evals may repeat it; to be sure, delete {replies}"
        self.left *= replies.is_dir() and any(replies.iterdir())

    def erase(self, documents: set[str]) -> None:
        """Erases every answer and every row that quotes one of the articles.

        It may be called again. Raises SessionsLocked or CorpusLocked while another program writes them, and DiskFull.
        """
        with closing(Sessions(self._paths.sessions_file)) as sessions:
            self.answers += sessions.erase(self._corpus, documents)
        marks = [f'"{document}"'.encode() for document in documents]
        for file in sorted((self._paths.data / "evals").rglob("rows*.jsonl")):
            try:
                self.rows += _without(file, marks)
            except OSError as error:
                raise os_error(error, file) from error


def _without(file: Path, marks: list[bytes]) -> int:
    """Takes the lines that hold one of the marks out of a file; returns how many."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        if not any(mark in file.read_bytes() for mark in marks):
            return 0
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as a run that is being asked holds its folder
        lines = file.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(mark in line for mark in marks)]
        private.replace(file, b"".join(kept))
        return len(lines) - len(kept)
    except BlockingIOError:
        said = f"An eval run that quotes a forgotten article is being written in {file.parent}."
        raise CorpusLocked(said, "Forget the article again when the run has ended.") from None
    finally:
        os.close(folder)
