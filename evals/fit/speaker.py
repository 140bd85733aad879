"""How well the speaker of a quote is found: `python -m evals.fit.speaker`.

`speaker.tsv` holds sentences of RealTimeQA's 2022 articles, most of them with quotation marks, and who says each by the
article, labelled by hand. Part 1 was at hand while the rules were made; parts 2 and 3 were labelled before they were
tried. Reads the folder FOOTNOTE_BENCHMARKS; prints precision and recall with 95 % bootstrap intervals for each part.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.reading.speaker import speaker
from evals.fit import lines, told
from evals.measure import Sample, mean
from store.passage import BEFORE, Document, Passage
from store.split import split

LABELS = Path(__file__).with_suffix(".tsv")


class Judged(NamedTuple):
    """A quote: who says it by label and by rule ("" for nobody), and whether that is told as unnamed."""

    part: str
    article: str
    label: str
    found: str
    unnamed: tuple[bool, bool]  # by label and by rule

    @property
    def right(self) -> bool:
        """Whether the rule found the speaker, with or without a title."""
        return bool(self.label and self.found) and (self.label in self.found or self.found in self.label)


def judged() -> Iterator[Judged]:
    """Every labelled quote, with what the rules find in its passage as the bot reads it."""
    texts = {item["_id"]: item["text"] for item in lines("realtimeqa_2022/corpus.jsonl")}
    rows = (row.split("\t") for row in LABELS.read_text(encoding="utf-8").splitlines() if not row.startswith("#"))
    for part, article, start, end, first, last, unnamed in rows:
        text, document = texts[article], Document(article, "news", article, "")
        low, high = next((low, high) for low, high in split(text) if low <= int(start) < high)
        passage = Passage(0, document, low, high, text[low:high], before=text[max(0, low - BEFORE) : low])
        found = speaker(passage, int(start), int(end))
        label = text[int(first) : int(last)] if first else ""
        marks = (unnamed == "1", bool(found and found.anonymous))
        yield Judged(part, article, label, found.text if found else "", marks)


def main() -> None:
    """Prints the figures of each part and of all."""
    rows = list(judged())
    for part in ("1", "2", "3", ""):
        some = [row for row in rows if part in ("", row.part)]
        found = [Sample(str(n), row.article, (float(row.right),)) for n, row in enumerate(some) if row.found]
        named = [Sample(str(n), row.article, (float(row.right),)) for n, row in enumerate(some) if row.label]
        marked = sum(row.unnamed[0] == row.unnamed[1] for row in some if row.right)
        print(
            f"{f'part {part}' if part else 'all'}: {len(some)} quotes; precision {told(found, mean)} of {len(found)}; "
            f"recall {told(named, mean)} of {len(named)}; {marked} of {sum(row.right for row in some)} rightly marked"
        )


if __name__ == "__main__":
    main()
