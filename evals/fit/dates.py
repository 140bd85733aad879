"""How well times in a text are told: `python -m evals.fit.dates`.

`dates.tsv` holds sentences of RealTimeQA's articles with their phrases of time, marked by hand. Part "tune" was at hand
while the grammar was made, part "unseen" was not looked at. Reads the folder FOOTNOTE_BENCHMARKS. Prints for each part,
with 95 % bootstrap intervals over articles, the share of phrases that are resolved, and of what is resolved the share
that is right; a time found where there is none is resolved and wrong. Beside it, where dateparser is installed, the
same for its `search_dates` on the sentence and its `parse` on the phrase as marked, each right if its day lies in the
interval. `--missed` lists what is open or wrong in the part "tune".
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from evals.fit import lines, told
from evals.measure import Sample, mean
from store.event_dates import event_dates
from store.formats.furniture import furniture

LABELS = Path(__file__).with_suffix(".tsv")


class Found(NamedTuple):
    """A stretch of a text and the interval that it names, empty where that is open."""

    start: int
    end: int
    interval: str


class Sentence(NamedTuple):
    """A labelled sentence: its article, where it stands there, and the times that a reader finds in it."""

    half: str
    article: str
    start: int
    end: int
    times: list[Found]


class Outcome(NamedTuple):
    """A labelled time, or one that was found where there is none."""

    article: str
    is_label: bool
    resolved: bool
    right: bool
    label: str
    found: str


Finder = Callable[[Any, Sentence], list[Found]]


def sentences() -> list[Sentence]:
    """The labelled sentences."""
    found: list[Sentence] = []
    for row in LABELS.read_text(encoding="utf-8").splitlines():
        if not row.startswith(("#", "half")):
            half, article, start, end, kind, interval = row.split("\t")
            if kind == "sentence":
                found.append(Sentence(half, article, int(start), int(end), []))
            else:
                found[-1].times.append(Found(int(start), int(end), interval))
    return found


def ours(item: Any, sentence: Sentence) -> list[Found]:
    """The times that Footnote finds in a sentence, read in its article."""
    spans = event_dates(item["text"], item["publish_date"], furniture(item["text"], 0)[0])
    return [
        Found(span.start, span.end, span.value)
        for span in spans
        if sentence.start < span.end and span.start < sentence.end
    ]


def searched(item: Any, sentence: Sentence) -> list[Found]:
    """The times that dateparser's search finds in a sentence, each a day."""
    from dateparser.search import search_dates

    text, found = item["text"][sentence.start : sentence.end], list[Found]()
    end = 0
    for phrase, when in search_dates(text, languages=["en"], settings=_settings(item)) or ():
        start = text.index(phrase, end)
        end = start + len(phrase)
        found.append(Found(sentence.start + start, sentence.start + end, f"{when.date()}"))
    return found


def parsed(item: Any, sentence: Sentence) -> list[Found]:
    """The times as they are labelled, each resolved by dateparser's `parse` to a day."""
    from dateparser import parse

    found: list[Found] = []
    for time in sentence.times:
        when = parse(item["text"][time.start : time.end], languages=["en"], settings=_settings(item))
        found.append(time._replace(interval=f"{when.date()}" if when else ""))
    return found


def _settings(item: Any) -> dict[str, Any]:
    return {"RELATIVE_BASE": datetime.fromisoformat(item["publish_date"])}


def outcomes(item: Any, sentence: Sentence, finder: Finder) -> Iterator[Outcome]:
    """What a finder makes of each labelled time, and what it finds beside them."""
    found = finder(item, sentence)
    for time in sentence.times:
        over = [one for one in found if one.start < time.end and time.start < one.end and one.interval]
        if time.interval != "misdated":
            interval = over[0].interval if over else ""
            yield Outcome(item["_id"], True, bool(over), _right(interval, time.interval), time.interval, interval)
    for one in found:
        if one.interval and not any(one.start < time.end and time.start < one.end for time in sentence.times):
            yield Outcome(item["_id"], False, True, False, "none", one.interval)


def _right(found: str, interval: str) -> bool:
    """Whether what was found is the interval labelled, or a day of it."""
    first, last = interval.split("/")
    return found == interval or ("/" not in found and first <= found <= last)


def main() -> None:
    """Prints the figures of both halves, or what is open or wrong in the half that the grammar was made by."""
    labelled: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences():
        labelled[sentence.article].append(sentence)
    items = [item for item in lines("realtimeqa_2022/corpus.jsonl") if item["_id"] in labelled]
    finders: dict[str, Finder] = {"Footnote": ours}
    if find_spec("dateparser"):
        finders |= {"dateparser.search_dates": searched, "dateparser.parse of the marked phrase": parsed}
    halves = {
        half: [(item, one) for item in items for one in labelled[item["_id"]] if one.half == half]
        for half in ("tune", "unseen")
    }
    if "--missed" in sys.argv[1:]:
        _missed(halves["tune"])
        return
    for half, pairs in halves.items():
        for name, finder in finders.items():
            rows = [outcome for item, sentence in pairs for outcome in outcomes(item, sentence, finder)]
            resolved = _samples([(row.article, row.resolved) for row in rows if row.is_label])
            right = _samples([(row.article, row.right) for row in rows if row.resolved])
            print(f"{half}, {name}: resolved {told(resolved, mean)} of {len(resolved)}", end="; ")
            print(f"right {told(right, mean)} of {len(right)} resolved")


def _samples(values: list[tuple[str, bool]]) -> list[Sample]:
    """Values by article as samples."""
    return [Sample(str(n), article, (float(value),)) for n, (article, value) in enumerate(values)]


def _missed(pairs: list[tuple[Any, Sentence]]) -> None:
    """Prints what is open or wrong: the label, what was told, the sentence."""
    for item, sentence in pairs:
        for outcome in outcomes(item, sentence, ours):
            if not outcome.right:
                text = " ".join(item["text"][sentence.start : sentence.end].split())
                print(f"{item['publish_date']}\t{outcome.label}\t{outcome.found}\t{text}")


if __name__ == "__main__":
    main()
