"""Batches of rows in an order that the seed fixes, so that a run that was stopped goes on with the same rows."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from bot.reading.onnx import TEXT, TOKENS, WEIGHTS
from evals.fit.reader.data import UNKNOWN, Neighbours, Row, cut, made

SIZE = 3_200  # most tokens of a batch, padding among them
POOL = 4_096  # rows that are sorted by length together


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids, types and mask (3 × batch × tokens); start, end, answer and support (4 × batch), each may be UNKNOWN."""

    tokens: NDArray[np.int64]
    labels: NDArray[np.int64]
    weight: NDArray[np.float32]


class Feed:
    """The batches of endless passes over the rows."""

    def __init__(self, rows: Sequence[Row], tokenizer: Tokenizer, seed: int) -> None:
        self._rows, self._tokenizer, self._seed = rows, tokenizer, seed
        self._neighbours = Neighbours(rows)

    def batches(self, pool: int, skip: int) -> Iterator[tuple[int, int, Batch]]:
        """The batches from one of a pool on, each with the place of the next."""
        for number in count(pool):
            for at, batch in enumerate(self._pool(number)):
                if number > pool or at >= skip:
                    yield number, at + 1, batch

    def _pool(self, number: int) -> list[Batch]:
        """The batches of one pool in random order: its rows, and those made from them."""
        order, pools = list(range(len(self._rows))), -(-len(self._rows) // POOL)
        random.Random(f"{self._seed} pass {number // pools}").shuffle(order)
        begin = number % pools * POOL
        draw = random.Random(f"{self._seed} pool {number}")
        rows = [self._rows[at] for at in order[begin : begin + POOL]]
        batches = batched([cut(row, draw) for row in (*rows, *made(rows, self._neighbours, draw))], self._tokenizer)
        draw.shuffle(batches)
        return batches


def tokenizer() -> Tokenizer:
    """The tokenizer that ships, the same as the base; where both texts together are too long, it cuts the passage."""
    found = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    found.no_padding()
    found.enable_truncation(TOKENS, strategy="only_second")
    return found


def batched(rows: Sequence[Row], tokenizer: Tokenizer) -> list[Batch]:
    """The rows as batches of at most SIZE tokens, the shortest first."""
    pairs = [(row.text[:TEXT], f"{_heading(row)}{row.context}") for row in rows]
    ready = sorted(zip(tokenizer.encode_batch(pairs), rows, strict=True), key=lambda pair: len(pair[0].ids))
    groups: list[list[tuple[Encoding, Row]]] = [[]]
    for encoding, row in ready:
        if groups[-1] and (len(groups[-1]) + 1) * len(encoding.ids) > SIZE:
            groups.append([])
        groups[-1].append((encoding, row))
    return [_batch(group) for group in groups if group]


def _batch(group: Sequence[tuple[Encoding, Row]]) -> Batch:
    tokens = np.zeros((3, len(group), len(group[-1][0].ids)), dtype=np.int64)
    for at, (encoding, _) in enumerate(group):
        tokens[:, at, : len(encoding.ids)] = encoding.ids, encoding.type_ids, encoding.attention_mask
    labels = np.asarray([(*_span(encoding, row), row.answer, row.support) for encoding, row in group]).T
    return Batch(tokens, labels, np.asarray([row.weight for _, row in group], dtype=np.float32))


def _heading(row: Row) -> str:
    return f"{row.title}. " if row.title else ""


def _span(encoding: Encoding, row: Row) -> tuple[int, int]:
    """The answer's first and last token; 0 for both where the passage does not answer."""
    if row.span is None:
        return (0, 0) if row.answer == 0 else (UNKNOWN, UNKNOWN)
    start, end = (place + len(_heading(row)) for place in row.span)
    first, last = encoding.char_to_token(start, 1), encoding.char_to_token(end - 1, 1)
    return (UNKNOWN, UNKNOWN) if first is None or last is None else (first, last)
