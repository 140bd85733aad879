"""Families: articles that are copies of one another, with the one that they go back to; kept up by each ingest.

Which pairs share text depends on the two alone, and a family on its pairs and days: the order of ingests changes
nothing, as long as no more than COMMON articles share one wording.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from store.copies import SHARED, Hashes, Text, likeness, sketch
from store.credits import agency, credit
from store.passage import Document
from store.record import Record, Signature

COMMON = 64  # most articles that hold a shingle and are all compared with one another
FIRST = 16  # of more, each is compared with the first ones
SLACK = 0.6  # of SHARED: least share by the sketches of a pair that is compared
FEW = 3  # least shingles that two sketches have in common
PAGES = 3  # copies in its own outlet by which an article is known as a page without a story, such as a plea to sign in
KEPT = 512  # texts in memory at once

Numbers = NDArray[np.int64]
Pair = tuple[str, str, str]  # lesser id, greater id, "copy" or "partial"


@dataclass(frozen=True, slots=True)
class _Signed:
    """A live article with its signature."""

    document: Document
    signature: Signature

    @property
    def rank(self) -> tuple[bool, str, int, str]:
        """Origins first: an agency's own article, then the earliest, then the longest; undated ones last."""
        document = self.document
        return not agency(document.outlet), document.published or "9999", -self.signature.size, document.id


def update(record: Record) -> int:
    """Brings the families level with the live articles of the record; returns their number."""
    documents = {document.id: document for document in record.documents()}
    versions = record.unsigned()
    homes = {version: documents[key] for key, version in versions.items()}
    new = [_signature(homes[version], version, *texts) for version, *texts in record.wordings(list(homes))]
    signed = [*record.signatures(), *new]
    ranked = sorted((_Signed(documents[one.document], one) for one in signed), key=lambda one: one.rank)
    pairs = [pair for pair in record.pairs() if not {*pair[:2]} & versions.keys() and {*pair[:2]} <= documents.keys()]
    pairs += _compared(record, ranked, versions.keys()) if new else []
    families = grouped([one.document for one in ranked], pairs)
    record.group(new, pairs, families, kindred([one.document.id for one in ranked], pairs))
    return len(set(families.values()))


def _signature(document: Document, version: int, wording: str, text: str) -> Signature:
    shingles = Text(wording).shingles
    named = credit(text, document.outlet, document.author)
    return Signature(document.id, version, sketch(shingles).astype("<u8").tobytes(), len(shingles), named)


def grouped(ranked: Sequence[Document], pairs: Iterable[Pair]) -> dict[str, str]:
    """The family of each article that has copies, named by its origin: the first in rank that it is a copy of."""
    copies: dict[str, set[str]] = defaultdict(set)
    for one, other, relation in pairs:
        if relation == "copy":
            copies[one].add(other)
            copies[other].add(one)
    outlets = {document.id: document.outlet for document in ranked if document.outlet}
    pages = {
        key
        for key, others in copies.items()
        if sum(outlets.get(other) == outlets.get(key, "") for other in others) >= PAGES
    }
    families: dict[str, str] = {}
    for key in (document.id for document in ranked if document.id not in pages):
        followers = copies.get(key, set()) - families.keys() - pages
        if followers and key not in families:
            families |= dict.fromkeys((key, *followers), key)
    return families


def kindred(ranked: Sequence[str], pairs: Iterable[Pair]) -> dict[str, str]:
    """For each article that shares text the first in rank of all that it is tied to by pairs."""
    tied: dict[str, set[str]] = defaultdict(set)
    for one, other, _ in pairs:
        tied[one].add(other)
        tied[other].add(one)
    kin: dict[str, str] = {}
    for first in ranked:
        waiting = [first] if first in tied and first not in kin else []
        while waiting:
            key = waiting.pop()
            if key not in kin:
                kin[key] = first
                waiting += tied[key]
    return kin


def _compared(record: Record, ranked: Sequence[_Signed], new: Iterable[str]) -> list[Pair]:
    """The pairs that share text among those of which one article at least is new."""
    changed = set(new)
    versions = [one.signature.version for one in ranked]

    @lru_cache(maxsize=KEPT)
    def text(at: int) -> Text:
        return Text(next(record.wordings([versions[at]]))[1])

    sketches = [np.frombuffer(one.signature.sketch, "<u8") for one in ranked]
    wanted = np.array([one.document.id in changed for one in ranked])
    found = list[Pair]()
    for first, second in candidates(sketches, wanted):
        relation = likeness(text(first), text(second)).relation
        if relation != "none":
            one, other = sorted((ranked[first].document.id, ranked[second].document.id))
            found.append((one, other, relation))
    return found


def candidates(sketches: Sequence[Hashes], wanted: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Pairs of texts, by number, that may share much of their words, as their sketches tell; one of each is wanted.

    Of two sketches the hashes up to the lesser of their last ones are compared: below it both are whole.
    """
    one, other, shared = _shared(sketches, wanted)
    sizes = np.array([len(sketch) for sketch in sketches], np.float64)
    last = np.array([sketch[-1] if len(sketch) else 1 for sketch in sketches], np.float64)
    limit = np.minimum(last[one], last[other])
    least = np.minimum(sizes[one] / last[one], sizes[other] / last[other]) * limit  # hashes are spread evenly
    likely = (shared >= np.minimum(FEW, least)) & (shared >= SLACK * SHARED * least)
    return list(zip(one[likely].tolist(), other[likely].tolist(), strict=True))


def _shared(sketches: Sequence[Hashes], wanted: NDArray[np.bool_]) -> tuple[Numbers, Numbers, Numbers]:
    """Pairs of which one at least is wanted, as two columns, and how many hashes their sketches have in common."""
    homes = np.repeat(np.arange(len(sketches)), [len(sketch) for sketch in sketches])
    hashes = np.concatenate([*sketches, np.zeros(0, np.uint64)])
    order = np.argsort(hashes, kind="stable")
    homes, hashes = homes[order], hashes[order]
    starts = np.flatnonzero(np.diff(hashes, prepend=hashes[:1] + np.uint64(1)))
    counts = np.diff(np.append(starts, len(hashes)))
    codes = [np.zeros(0, np.int64)]
    for size in np.unique(counts[counts > 1]).tolist():
        groups = homes[starts[counts == size][:, None] + np.arange(size)]
        for first in range(min(size - 1, FIRST if size > COMMON else COMMON)):
            one, other = groups[:, first : first + 1], groups[:, first + 1 :]
            codes.append((one * len(sketches) + other)[wanted[one] | wanted[other]])
    values, times = np.unique(np.concatenate(codes), return_counts=True)
    return values // len(sketches), values % len(sketches), times
