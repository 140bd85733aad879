"""The rows of training: those of the sets that SOURCES.tsv names, and the negatives and claims made from them."""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse

from bot.errors import EvalInvalid
from store.split import TARGET, sentences

HELD_OUT = "clapnq cs224n hostile mtrag news qags realtimeqa scifact seed starter verdicts".split()
"""What measuring reads: a set with one of these words in its name is never trained on."""
HELD_CONTEXTS = frozenset(Path(__file__).with_name("held_out.txt").read_text().partition("\n")[2].split())
"""Contexts that hold text of such a set all the same, by the CRC-32 of each."""
KEEP = {"snli_part": 0.25, "qamr": 0.5, "policyqa": 0.5, "boolq": 0.5, "fairytaleqa": 0.5, "halueval_qa_nli": 0.5}
"""The share of a set's rows that is used, 1 for all others, so that no set outweighs the rest."""
WRITTEN = (None, "squad2", "hotpot_distractor")  # how a negative was made: these by people, others by a search
MADE = 0.5  # weight of a row whose label no person gave, and of SNLI's short captions
SHARES = {"stranger": 0.15, "near miss": 0.2, "statement": 0.4, "sentence": 0.05}
"""Of the rows with a span, the share of which is made: the question with the nearest other context that lacks the
answer; the question with a name, a number or a word exchanged; a statement of it with its answer or another of the same
context; a sentence of the context, as it stands or with something exchanged."""

UNKNOWN = -100  # a label that a row does not have
SUPPORTED, REFUTED, NOT_SUPPORTED = 0, 1, 3  # the last: refuted or neither, the set does not say which
LABELS = {"supported": 0, "refuted": 1, "not_enough_info": 2, "not_supported": 3, "partially_supported": 3}
_PAIRS = """
first last,before after,more fewer,most least,highest lowest,largest smallest,longest shortest,oldest youngest,
earliest latest,early late,north south,east west,northern southern,eastern western,won lost,win lose,rise fall,
increase decrease,begin end,began ended,opened closed,best worst,men women,father mother,son daughter,brother sister,
husband wife,king queen,minimum maximum,above below,inside outside,bought sold,major minor,upper lower,birth death
"""
_CONTRARY = dict(pair for a, b in map(str.split, _PAIRS.split(",")) for pair in ((a, b), (b, a)))
_NAME = r"(?<=[a-z,] )[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*"  # not the first word of a sentence
_THING = re.compile(rf"{_NAME}|\b\d+(?:[.,]\d+)*\b|\b(?:{'|'.join(_CONTRARY)})\b")
_SUBJECT = re.compile(
    r"(?:Who(?! (?:do|does|did|is|are|was|were|else)\b)"
    r"|(?:What|Which) \w+(?= (?:\w+ed|won|led|made|held|became|wrote|took|gave)\b))( .+[^ ,])\?$"
)
"""A question that asks for its subject: with the answer in place of the first words it is a statement."""
_SHORT = 40  # characters of a sentence that is no claim
_BUCKETS = 2**20  # terms are numbered by a hash


@dataclass(frozen=True, slots=True)
class Row:
    """A question or claim with a text; the answer's span in characters, None where there is none or none is known."""

    text: str
    context: str
    title: str = ""
    span: tuple[int, int] | None = None
    answer: int = UNKNOWN  # 1 answered here, 0 not
    support: int = UNKNOWN
    weight: float = 1.0

    @property
    def words(self) -> str:
        """The answer's words, empty where their place is not known."""
        return self.context[slice(*self.span)] if self.span else ""


def load(folder: Path) -> tuple[list[Row], list[Row]]:
    """The rows to train on, and those kept out for the log: every hundredth context, by a hash of it.

    Raises EvalInvalid where a file is missing or a set is held out.
    """
    listing = folder / "SOURCES.tsv"
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    files = {name: folder / f"{name}.jsonl.gz" for name, tab, _ in (line.partition("\t") for line in lines[1:]) if tab}
    if missing := [file for file in (listing, *files.values()) if not file.is_file()]:
        raise EvalInvalid(f"There is no file {missing[0]}.", "DATA must name the folder of the training data.")
    if held := [name for name in files if any(word in name for word in HELD_OUT)]:
        raise EvalInvalid(f"{listing} names {held[0]}, which is held out for measuring.", "Take its line out.")
    train: list[Row] = []
    dev: list[Row] = []
    for name, file in files.items():
        for line in gzip.decompress(file.read_bytes()).splitlines():
            if crc32(line) < KEEP.get(name, 1) * 2**32:
                raw = json.loads(line)
                row = _row(name, raw)
                context = crc32(row.context.encode())
                if f"{context:08x}" not in HELD_CONTEXTS and not raw.get("in_squad_dev"):
                    (train if context % 100 else dev).append(row)
    return train, dev


def _row(name: str, raw: dict[str, Any]) -> Row:
    """One line of a file."""
    if "premise" in raw:
        text = raw["hypothesis"].removeprefix("Question: ").replace(" Answer: ", " ")
        return Row(text, raw["premise"], support=LABELS[raw["label"]], weight=MADE if name == "snli_part" else 1.0)
    start, yes, title = raw["answer_start"], raw.get("yes_no"), raw.get("title", "").replace("_", " ")
    span = None if start is None else (start, start + len(raw["answer_text"]))
    support = UNKNOWN if yes is None else SUPPORTED if yes in (True, "yes") else REFUTED
    weight = 1.0 if raw.get("neg") in WRITTEN else MADE
    return Row(raw["question"], raw["context"], title, span, int(raw["answerable"]), support, weight)


def cut(row: Row, draw: random.Random) -> Row:
    """The row with its context cut to whole sentences, together at most as long as the product's passages are.

    The answer stands at a random place in them; where its place is not known, the sentence that shares most words with
    the question.
    """
    if len(row.context) <= TARGET:
        return row
    places, wanted = sentences(row.context), {*_terms(row.text)}
    low, high = row.span or max(places, key=lambda place: len(wanted & {*_terms(row.context[slice(*place)])}))
    stretches = [(start, max(end for _, end in places if end <= start + TARGET)) for start, _ in places]
    around = [(start, end) for start, end in stretches if start <= low and high <= end]
    start, end = draw.choice(around or [(low, high)])
    return replace(row, context=row.context[start:end], span=row.span and (low - start, high - start))


class Neighbours:
    """The contexts of all sets, found by the terms of a question (TF-IDF, cosine)."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._contexts = list(dict.fromkeys(row.context for row in rows if row.span))
        counts = _counts(self._contexts)
        frequency = np.bincount(counts.indices, minlength=_BUCKETS)
        weights = np.log(len(self._contexts) / np.maximum(frequency, 1))
        self._weights = sparse.diags_array(np.where(frequency > max(10, len(self._contexts) / 20), 0, weights))
        matrix = counts @ self._weights
        lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        self._columns = (sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ matrix).T.tocsr()

    def nearest(self, questions: Sequence[str]) -> Iterator[list[str]]:
        """For each question the eight nearest contexts, best first."""
        scores = (_counts(questions) @ self._weights @ self._columns).tocsr()
        for low, high in zip(scores.indptr, scores.indptr[1:], strict=False):
            best = np.argsort(-scores.data[low:high], kind="stable")[:8]
            yield [self._contexts[at] for at in scores.indices[low:high][best]]


def _counts(texts: Sequence[str]) -> Any:
    """How often each text has each term."""
    numbers = [[crc32(term.encode()) % _BUCKETS for term in _terms(text)] for text in texts]
    columns = np.fromiter((number for row in numbers for number in row), dtype=np.int64)
    ends = np.cumsum([0, *map(len, numbers)])
    counts = sparse.csr_array((np.ones(len(columns)), columns, ends), shape=(len(texts), _BUCKETS))
    counts.sum_duplicates()
    return counts


def _terms(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def made(rows: Sequence[Row], neighbours: Neighbours, draw: random.Random) -> Iterator[Row]:
    """The negatives and claims that are made from these rows."""
    known = [row for row in rows if row.span]
    picked = {kind: [row for row in known if draw.random() < share] for kind, share in SHARES.items()}
    stock: dict[str, list[str]] = defaultdict(list)  # names and numbers by their form
    answers: dict[str, list[str]] = defaultdict(list)  # by their context
    for row in known:
        answers[row.context].append(row.words)
        for thing in _THING.findall(row.text):
            stock[_form(thing)].append(thing)
    asked = picked["stranger"]
    for row, contexts in zip(asked, neighbours.nearest([row.text for row in asked]), strict=True):
        lacking = [context for context in contexts if row.words.lower() not in context.lower()]
        for context in lacking[:1]:
            yield replace(row, context=context, title="", span=None, answer=0, weight=MADE)
    for row in picked["near miss"]:
        if text := exchanged(row.text, stock, draw):
            yield replace(row, text=text, span=None, answer=0, weight=MADE)
    for row in picked["statement"]:
        if subject := _SUBJECT.match(row.text):
            others = [words for words in answers[row.context] if words not in row.words and row.words not in words]
            wrong = bool(others) and draw.random() < 0.5
            words = draw.choice(others) if wrong else row.words
            yield _claim(row, f"{words[:1].upper()}{words[1:]}{subject[1]}.", not wrong)
    for row in picked["sentence"]:
        sentence = row.context[slice(*draw.choice(sentences(row.context)))]
        changed = exchanged(sentence, stock, draw) if draw.random() < 0.5 else ""
        if len(sentence) > _SHORT:
            yield _claim(row, changed or sentence, not changed)


def _claim(row: Row, text: str, true: bool) -> Row:
    """A claim about the row's context."""
    support = SUPPORTED if true else NOT_SUPPORTED
    return replace(row, text=text, span=None, answer=UNKNOWN, support=support, weight=MADE)


def exchanged(text: str, stock: dict[str, list[str]], draw: random.Random) -> str:
    """The text with one name or number exchanged for another of its form, or a word for its contrary; empty if none."""
    places = list(_THING.finditer(text))
    draw.shuffle(places)
    for place in places:
        new = _CONTRARY.get(place[0]) or draw.choice(stock.get(_form(place[0]), [place[0]]))
        if new.lower() not in text.lower():
            return text[: place.start()] + new + text[place.end() :]
    return ""


def _form(thing: str) -> str:
    """The form of a number (each digit a 9) or of a name (a letter for each of its words)."""
    return re.sub(r"\d", "9", thing) if thing[0].isdigit() else "A" * len(thing.split())
