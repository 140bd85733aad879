"""The reading model at work: (text, passage) pairs in, scores of spans, answerability and support out.

The only import of onnxruntime. The weights and the tokenizer lie in `weights/` beside this module, with their card.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from bot.errors import ReaderMissing
from store.passage import Passage

TOKENS = 320  # most tokens of a pair; a longer passage is read in windows
OVERLAP = 64  # tokens that neighbouring windows share
TEXT, TITLE = 400, 160  # most characters read of a question or claim, and of a title
KEPT = 256  # pairs whose scores are remembered: most are read again when an article is left out, or asked again
THREADS = min(4, os.cpu_count() or 1)
WEIGHTS = Path(__file__).with_name("weights")

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says of one pair. A token's logits stand in one place of `offsets`, `start` and `end`."""

    offsets: np.ndarray[Any, np.dtype[np.int64]]
    """Each token's first and last character in the passage's text, shape (tokens, 2)."""
    start: Floats
    """Each token's logit to begin the answer, less that of "the answer is not here"."""
    end: Floats
    """The same for the end."""
    answer: float
    """Log-odds that the passage answers the question."""
    support: tuple[float, float, float]
    """Logits of: the passage supports the claim, refutes it, neither."""


class ReadingModel:
    """The model, loaded in a thread of its own while the indexes open; the first `scores` waits for it."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self._folder = folder
        self._failure: Exception | None = None
        self._remembered = lru_cache(KEPT)(self._read)
        self._loading = Thread(target=self._load)
        self._loading.start()

    def _load(self) -> None:
        """Opens both files; a failure waits until scores are asked for."""
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(TOKENS, stride=OVERLAP, strategy="only_second")
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads sleep
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(
                str(self._folder / "reader.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # raised again in `scores`, in the thread that can tell the user
            self._failure = error

    def scores(self, text: str, passages: Sequence[Passage]) -> list[Scores]:
        """The scores of a question or claim beside each passage. Raises ReaderMissing for a damaged file."""
        self._loading.join()
        if self._failure is not None:
            raise ReaderMissing("The reading model's files are missing or damaged.", "Reinstall Footnote.") from (
                self._failure
            )
        return [
            self._remembered(text[:TEXT], f"{passage.document.title[:TITLE]}. ", passage.text) for passage in passages
        ]

    def _read(self, text: str, head: str, passage: str) -> Scores:
        """The scores of one pair; `head` stands before the passage."""
        coded = self._tokenizer.encode(text, head + passage)
        return _joined([_within(window, len(head), *self._run(window)) for window in (coded, *coded.overflowing)])

    def _run(self, window: Any) -> list[Floats]:
        """One window's outputs: start, end, answer, support. They run one at a time, which bounds memory."""
        inputs = {name: np.array([getattr(window, field)], np.int64) for name, field in _INPUTS.items()}
        return [output[0] for output in self._session.run(_OUTPUTS, inputs)]


@cache
def load() -> ReadingModel:
    """The reading model that ships, loaded once a process."""
    return ReadingModel()


_INPUTS = {"input_ids": "ids", "token_type_ids": "type_ids", "attention_mask": "attention_mask"}
_OUTPUTS = ["start", "end", "answer", "support"]


def _within(window: Any, head: int, start: Floats, end: Floats, answer: Floats, support: Floats) -> Scores:
    """A window's scores over the tokens of the passage's text, which begins `head` characters into the second text."""
    offsets = np.array(window.offsets, np.int64).reshape(-1, 2)
    second = np.array(window.type_ids) == 1
    special = np.array(window.special_tokens_mask) == 1
    kept = np.flatnonzero(second & ~special & (offsets[:, 0] >= head))
    return Scores(
        offsets[kept] - head, start[kept] - start[0], end[kept] - end[0], float(answer[1] - answer[0]),
        (float(support[0]), float(support[1]), float(support[2])),
    )  # fmt: skip


def _joined(windows: Sequence[Scores]) -> Scores:
    """A passage's scores from those of its windows.

    The window that is surest of an answer speaks for the passage; the others' tokens lose what they are less sure. Of
    tokens that two windows share the first window's count.
    """
    if len(windows) == 1:
        return windows[0]
    answer, last, kept = max(window.answer for window in windows), -1, []
    for window in windows:
        new, less = window.offsets[:, 0] > last, (window.answer - answer) / 2
        kept.append((window.offsets[new], window.start[new] + less, window.end[new] + less))
        last = window.offsets[-1, 0] if len(window.offsets) else last
    offsets, start, end = (np.concatenate(parts) for parts in zip(*kept, strict=True))
    return Scores(offsets, start, end, answer, max(window.support for window in windows))
