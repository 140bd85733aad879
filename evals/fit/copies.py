"""How well copies are told: `python -m evals.fit.copies`. Fits HELD, CHANGED and LENGTH of `store.copies`.

Three sets over RealTimeQA's 2022 articles. Real pairs: `copies.tsv`, labelled by hand. Made pairs: copies that are
shortened, reordered, reworded, or all of it, of articles and of briefs; and against them reports after one template,
with other figures or other names, and articles that share a part. Events: the pairs of articles of one time that have
most rare names in common and are no copies by hand: two reports of one event. Thresholds are fitted on the tuning half
of the first two and tried on the other. Prints F1, precision and recall with 95 % bootstrap intervals.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from math import log
from pathlib import Path
from typing import NamedTuple

from evals.fit import lines, table, told
from evals.measure import Sample, f1, mean, precision
from evals.public.figures import tuning
from store.copies import CHANGED, HELD, LENGTH, Likeness, Text, likeness
from store.formats.furniture import furniture
from store.split import sentences, split
from store.words import NAME, STOP, contraries, listed

LABELS = Path(__file__).with_suffix(".tsv")
SEED = 0
BASES = 120  # articles, and as many briefs, that copies are made of
BRIEF = 500  # most characters of a brief
EVENTS, DAYS = 500, 3  # pairs on one event, and most days between the two
REWORDED = 0.08  # share of the plain words that are replaced
GRID = {
    "held": (0.75, 0.8, 0.825, 0.85, 0.875, 0.9),
    "changed": (0.02, 0.03, 0.05, 0.08),
    "length": (0.1, 0.15, 0.2, 0.25),
}
SHIPPED = (HELD, CHANGED, LENGTH)
HANGS = listed("turns.txt").union(
    *(side for row in contraries() for side in row)
)  # never replaced, nor used in place of others
Thresholds = tuple[float, float, float]


class Article(NamedTuple):
    """A text of the set as the product compares it."""

    id: str
    day: date
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair of texts: how alike they are, and whether one is a copy of the other by its label."""

    id: str
    cluster: str
    kind: str
    copy: bool
    likeness: Likeness

    def joined(self, thresholds: Thresholds) -> bool:
        held, changed, length = thresholds
        found = self.likeness
        return found.held >= held and found.changed <= changed and found.length >= length


def main() -> None:
    """Prints the thresholds, and what they reach on each set."""
    articles = {article.id: article for article in map(_article, lines("realtimeqa_2022/corpus.jsonl"))}
    labels = [tuple(row.split("\t")) for row in LABELS.read_text("utf-8").splitlines() if not row.startswith("#")]
    judged = [*_real(articles, labels), *_made(list(articles.values()))]
    fitted = fit([one for one in judged if tuning(one.cluster)])
    print("HELD {}, CHANGED {}, LENGTH {}".format(*fitted))
    rows = []
    for name, thresholds in (("as fitted", fitted), ("as shipped", SHIPPED)):
        for half, some in (("both halves", judged), ("other half", [one for one in judged if not tuning(one.cluster)])):
            for title, part in (
                ("real", [one for one in some if one.kind == "real"]),
                ("made", [one for one in some if one.kind != "real"]),
                ("both", some),
            ):
                samples = [
                    Sample(one.id, one.cluster, (float(not one.copy), float(one.joined(thresholds)))) for one in part
                ]
                copies = [Sample(one.id, one.cluster, (one.values[1],)) for one in samples if not one.values[0]]
                counted = f"{len(copies)} of {len(part)}"
                rows.append(
                    (name, half, title, counted, told(samples, f1), told(samples, precision), told(copies, mean))
                )
    table(("thresholds", "pairs", "set", "copies", "F1", "precision", "recall"), rows)
    kinds = dict.fromkeys(one.kind for one in judged)
    shares = [(kind, [one for one in judged if one.kind == kind]) for kind in kinds]
    table(("kind", "n", "copies by label", "joined as shipped"), [
        (kind, str(len(some)), str(sum(one.copy for one in some)), str(sum(one.joined(SHIPPED) for one in some)))
        for kind, some in shares
    ])  # fmt: skip
    events = list(_events(articles, {frozenset(row[:2]) for row in labels if row[2] == "copy"}))
    samples = [Sample(one.id, one.cluster, (float(one.joined(SHIPPED)),)) for one in events]
    print(f"\n{len(events)} pairs on one event in other words, joined: {told(samples, mean)}")
    print(*(one.id for one in events if one.joined(SHIPPED)), sep="\n")


def fit(judged: Sequence[Judged]) -> Thresholds:
    """The thresholds of GRID with the most pairs told right; of several the middle one."""
    best: dict[int, list[Thresholds]] = defaultdict(list)
    for held, changed, length in product(*GRID.values()):
        right = sum(one.joined((held, changed, length)) == one.copy for one in judged)
        best[right].append((held, changed, length))
    top = best[max(best)]
    return top[len(top) // 2]


def _article(row: dict[str, str]) -> Article:
    spans, _ = furniture(row["text"], 0)
    paragraphs = (
        part.strip() for start, end in split(row["text"], spans) for part in row["text"][start:end].split("\n")
    )
    return Article(row["_id"], date.fromisoformat(row["publish_date"]), tuple(filter(None, paragraphs)))


def _real(articles: dict[str, Article], labels: Sequence[tuple[str, ...]]) -> Iterator[Judged]:
    for one, other, relation in labels:
        found = likeness(*(Text(articles[key].text) for key in (one, other)))
        yield Judged(f"{one} {other}", min(one, other), "real", relation == "copy", found)


# -- made pairs ------------------------------------------------------------------------------------


def _made(articles: Sequence[Article]) -> Iterator[Judged]:
    """Pairs of an article or a brief and what is made of it, each kind with its label."""
    draw = random.Random(SEED)
    words = sorted({word for one in articles[:500] for word in re.findall(r"\b[a-z]{4,12}\b", one.text)} - STOP - HANGS)
    long = [one for one in articles if len(one.paragraphs) >= 8 and len(one.text) <= 12_000]
    for article in draw.sample(sorted(long), BASES):
        for kind, make in MAKERS.items():
            copy = kind not in OTHERS
            yield _pair(article.id, kind, article.text, make(draw, words, article.paragraphs), copy=copy)
        parts = len(article.paragraphs)
        first, last = article.paragraphs[: parts * 2 // 3], article.paragraphs[parts // 3 :]
        yield _pair(article.id, "shares a part", "\n\n".join(first), "\n\n".join(last), copy=False)
    briefs = [(one.id, brief) for one in long if (brief := _brief(one)) and len(re.findall(r"\d+", brief)) >= 3]
    for key, brief in draw.sample(sorted(briefs), BASES):
        yield _pair(key, "brief, reworded", brief, _reworded(draw, words, [brief]), copy=True)
        yield _pair(key, "brief, retitled", brief, f"Our correspondent\n\n{brief}\n\nMore follows.", copy=True)
        yield _pair(key, "brief, other figures", brief, _figures(draw, brief), copy=False)
        yield _pair(key, "brief, other names", brief, _names(draw, words, _figures(draw, brief)), copy=False)


def _pair(article: str, kind: str, one: str, other: str, *, copy: bool) -> Judged:
    return Judged(f"{article} {kind}", article, kind, copy, likeness(Text(one), Text(other)))


def _brief(article: Article) -> str:
    """The first sentences of an article."""
    text = article.text
    ends = [end for _, end in sentences(text) if end <= BRIEF]
    return " ".join(text[: ends[-1]].split()) if len(ends) >= 3 else ""


Maker = Callable[[random.Random, Sequence[str], Sequence[str]], str]


def _shortened(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    kept = max(3, round(len(paragraphs) * draw.uniform(0.3, 0.8)))
    return "\n\n".join(paragraphs[:kept])


def _reordered(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    rest = list(paragraphs[1:])
    draw.shuffle(rest)
    return "\n\n".join([paragraphs[0], *rest])


def _retitled(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    return "\n\n".join(["Our correspondent", *paragraphs, "More follows."])


def _reworded(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    """The text with some plain words replaced."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        kept = word in STOP or word in HANGS or draw.random() >= REWORDED
        return word if kept else draw.choice(words)

    return re.sub(r"\b[a-z]{4,}\b", other, "\n\n".join(paragraphs))


def _all(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    short = _shortened(draw, words, paragraphs).split("\n\n")
    return _reworded(draw, words, _reordered(draw, words, short).split("\n\n"))


def _figures(draw: random.Random, text: str) -> str:
    """The text with another figure for each."""
    return re.sub(r"\d", lambda match: str((int(match[0]) + draw.randint(1, 8)) % 10), text)


def _names(draw: random.Random, words: Sequence[str], text: str) -> str:
    """The text with another name for each, the same one wherever it stands."""
    others: dict[str, str] = defaultdict(lambda: draw.choice(words).capitalize())
    return NAME.sub(lambda match: others[match[0]] if match[0].casefold() not in STOP else match[0], text)


def _other_figures(draw: random.Random, words: Sequence[str], paragraphs: Sequence[str]) -> str:
    return _figures(draw, "\n\n".join(paragraphs))


MAKERS: dict[str, Maker] = {
    "shortened": _shortened, "reordered": _reordered, "retitled": _retitled, "reworded": _reworded, "all of it": _all,
    "other figures": _other_figures,
}  # fmt: skip
OTHERS = ("other figures",)


# -- events ----------------------------------------------------------------------------------------


def _events(articles: dict[str, Article], copies: set[frozenset[str]]) -> Iterator[Judged]:
    """The pairs of articles of one time that have most rare names in common, and are no copies."""
    names = {
        one.id: {name for name in NAME.findall(one.text) if name.casefold() not in STOP} for one in articles.values()
    }
    common = Counter(name for held in names.values() for name in held)
    weight = {name: log(len(articles) / count) for name, count in common.items()}
    whole = {key: sum(weight[name] for name in held) for key, held in names.items()}
    by_day: dict[date, list[Article]] = defaultdict(list)
    for one in articles.values():
        by_day[one.day].append(one)
    scored = []
    for day, some in by_day.items():
        near = [two for other, those in by_day.items() if 0 < (other - day).days <= DAYS for two in those]
        for one, two in [*combinations(some, 2), *product(some, near)]:
            shared = sum(weight[name] for name in names[one.id] & names[two.id])
            if shared and frozenset((one.id, two.id)) not in copies:
                scored.append((shared / (whole[one.id] * whole[two.id]) ** 0.5, *sorted((one.id, two.id))))
    for _, one, two in sorted(scored, reverse=True)[:EVENTS]:
        found = likeness(Text(articles[one].text), Text(articles[two].text))
        yield Judged(f"{one} {two}", min(one, two), "event", False, found)


if __name__ == "__main__":
    main()
