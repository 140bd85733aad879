"""The eighty labelled answers of tests/support_answers.toml, each sentence judged against the sample corpus."""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import evals
from bot.reading import Support
from bot.reading.check import ModelChecker
from store.formats import read
from store.identity import place_id
from store.lexical import scores
from store.passage import Document, Passage
from store.split import split
from store.words import weighted

judge = ModelChecker().check
CORPUS = Path(evals.__file__).parent / "suites" / "starter" / "corpus"
KINDS = ("number", "name", "negation", "date", "roles", "clause")


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence with its label and what the checker made of it."""

    answer: str
    held_out: bool
    label: str
    text: str
    support: Support
    cited: tuple[Passage, ...] = ()
    found: tuple[Passage, ...] = ()

    @property
    def passed(self) -> bool:
        return self.support.verdict in ("quoted", "supported")


@cache
def passages() -> dict[str, tuple[Passage, ...]]:
    """The sample corpus: file stem → its passages."""
    found: dict[str, tuple[Passage, ...]] = {}
    number = 0
    for path in sorted(CORPUS.iterdir()):
        (article,) = read(path)
        facts = Document(place_id("starter", path.name), "starter", path.name, article.title, article.outlet,
                         article.author, article.published, article.updated)  # fmt: skip
        spans = split(article.text, article.spans)
        found[path.stem] = tuple(
            Passage(number + at, facts, start, end, article.text[start:end]) for at, (start, end) in enumerate(spans)
        )
        number += len(spans)
    return found


def retrieved(text: str, cited: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Eight passages: those cited and the best others by BM25 with the answer's own words."""
    everything = {passage.id: passage for row in passages().values() for passage in row}
    ranked = scores({key: passage.text for key, passage in everything.items()}, weighted(text))[0]
    others = [everything[key] for key in sorted(ranked, key=lambda key: -ranked[key]) if everything[key] not in cited]
    return (*cited, *others)[:8]


@cache
def judged() -> tuple[Judged, ...]:
    return tuple(_judged())


def _judged() -> Iterator[Judged]:
    path = Path(__file__).with_suffix(".toml")
    for name, rows in tomllib.loads(path.read_text(encoding="utf-8"))["answers"].items():
        held_out = hashlib.sha256(name.encode()).digest()[0] % 2 == 1
        whole = " ".join(text for _, _, text in rows)
        files = dict.fromkeys(file for _, cited, _ in rows for file in cited.split("+") if file)
        found = retrieved(whole, tuple(p for file in files for p in passages()[file]))
        for label, cited, text in rows:
            own = tuple(p for file in cited.split("+") if file for p in passages()[file])
            yield Judged(name, held_out, label, text, judge(text, own, found), own, found)


@cache
def unseen() -> tuple[Judged, ...]:
    """The labelled sentences of tests/support_unseen.toml, each citing the whole of its article."""
    rows = tomllib.loads(Path(__file__).with_name("support_unseen.toml").read_text(encoding="utf-8"))["sentences"]
    found = [(label, text, passages()[file], retrieved(text, passages()[file])) for label, file, text in rows]
    return tuple(Judged("", False, *row[:2], judge(row[1], *row[2:]), *row[2:]) for row in found)


def spoiled(text: str) -> Iterator[tuple[str, str]]:
    """A true sentence with one fact changed by machine, in every place: (kind, sentence)."""
    for match in re.finditer(r"\d", text):
        digit = str((int(match.group()) + 1) % 9 + 1)
        yield "number", text[: match.start()] + digit + text[match.end() :]
    months = "January February March April June July August September October November December".split()
    for match in re.finditer(rf"\b(?:{'|'.join(months)})\b", text):
        month = months[(months.index(match.group()) + 5) % len(months)]
        yield "date", text[: match.start()] + month + text[match.end() :]
    if (verb := re.search(r"\b(?:was|were|had|could|is|are|would)\b(?! not| never| no| only)", text)) is not None:
        yield "negation", f"{text[: verb.end()]} not{text[verb.end() :]}"
    for match in re.finditer(r"(?<=[a-z,] )[A-Z][a-zé]{3,}\b", text):
        if match.group() not in months and not match.group().endswith("day"):
            yield "name", f"{text[: match.start()]}Wellington{text[match.end() :]}"


@cache
def by_machine() -> dict[str, tuple[int, int]]:
    """Kind → (caught, of) for the accepted true sentences, each spoiled in every place."""
    counts: dict[str, tuple[int, int]] = {}
    for row in judged():
        for kind, text in spoiled(row.text) if row.label == "true" and row.passed else ():
            caught = judge(text, row.cited, row.found).verdict not in ("quoted", "supported")
            hits, of = counts.get(kind, (0, 0))
            counts[kind] = hits + caught, of + 1
    return counts


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z, share = 1.96, hits / of
    middle, scale = share + z * z / (2 * of), 1 + z * z / of
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / scale, (middle + half) / scale


def table() -> str:
    """Errors caught and true sentences accepted, by half and by kind."""
    lines = []
    for title, wanted in (("fitted", (False,)), ("held out", (True,)), ("all", (False, True))):
        rows = [row for row in judged() if row.held_out in wanted]
        good = [row for row in rows if row.label == "true"]
        bad = [row for row in rows if row.label in KINDS]
        for name, hits, of in (
            ("errors caught", sum(not row.passed for row in bad), len(bad)),
            ("true accepted", sum(row.passed for row in good), len(good)),
        ):
            low, high = wilson(hits, of)
            lines.append(f"{title:9} {name:14} {hits:3}/{of:<3} {hits / of:.3f} [{low:.3f}, {high:.3f}]")
    caught = Counter(row.label for row in judged() if not row.passed)
    total = Counter(row.label for row in judged())
    lines.append("by machine: " + ", ".join(f"{kind} {hits}/{of}" for kind, (hits, of) in by_machine().items()))
    lines.append("caught by kind: " + ", ".join(f"{kind} {caught[kind]}/{total[kind]}" for kind in KINDS))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
