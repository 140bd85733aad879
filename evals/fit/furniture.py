"""How well page is told from story: `python -m evals.fit.furniture`.

`furniture.tsv` holds stretches of 231 articles, marked by hand. Part "tune" was at hand while the rules were made, part
"fresh" was not looked at. Reads the folders FOOTNOTE_BENCHMARKS and FOOTNOTE_SHARED. Prints for each part, with 95 %
bootstrap intervals over articles, the share of furniture spans that the rules find (nine tenths of their letters), with
and without the counters of galleries, the share of a gallery's pictures, and the share of the story's sentences that
they take any word of.
`--missed` lists what is wrong in the part "tune".
"""

import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evals.fit import lines, told
from evals.measure import Sample, mean
from store.formats import Article
from store.formats.furniture import furniture
from store.formats.recurring import KIND, marked
from store.ingest import BATCH
from store.split import sentences

LABELS = Path(__file__).with_suffix(".tsv")
FOUND = 0.9  # least share of a furniture span's letters that are left out
WORDS = 4  # fewest words of a sentence that is counted
_COUNTER = re.compile(r"(?:\bPhotos:|Hide Caption)")


class Stretch(NamedTuple):
    """A stretch of an article: the share of its letters that the rules leave out."""

    part: str
    article: str
    kind: str  # furniture, counter or picture (of a gallery) or story
    text: str
    taken: float


def articles() -> Iterator[Article]:
    """RealTimeQA's articles and the files of the corpus as an ingest reads them; the titles are their ids."""
    folder = Path(os.environ.get("FOOTNOTE_SHARED", "")) / "corpus"
    texts = [(path.name, path.read_bytes().decode(), "") for path in sorted(folder.glob("*.txt"))]
    texts += [(item["_id"], item["text"], item["site"]) for item in lines("realtimeqa_2022/corpus.jsonl")]
    known: dict[str, set[str]] = defaultdict(set)  # lines learnt from the batches before
    for begin in range(0, len(texts), BATCH):
        batch = texts[begin : begin + BATCH]
        read = [Article(text, key, outlet=site, spans=furniture(text, 0)[0]) for key, text, site in batch]
        for article in marked(read, known):
            recurring = (article.text[span.start : span.end] for span in article.spans if span.value == KIND)
            known[article.outlet or ""].update(recurring)
            yield article


def stretches() -> Iterator[Stretch]:
    """Every labelled furniture span, and every sentence of the story, with what the rules take of it."""
    rows = [row.split("\t") for row in LABELS.read_text(encoding="utf-8").splitlines() if row[0] != "#"][1:]
    labels: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for part, article, first, last, kind in rows:
        labels[part, article].append((int(first), int(last), kind))
    found = {article.title: article for article in articles()}
    for (part, article), spans in labels.items():
        text = found[article].text
        left_out = bytearray(len(text))  # 1 for a character that the rules take
        for span in found[article].spans:
            left_out[span.start : span.end] = b"\1" * (span.end - span.start)
        story = bytearray(b"\1" * len(text))
        for start, end, kind in spans:
            story[start:end] = bytes(end - start)
            if kind in ("furniture", "picture"):
                name = "counter" if kind == "furniture" and _COUNTER.search(text[start:end]) else kind
                yield Stretch(part, article, name, text[start:end], _share(text, left_out, start, end))
        for start, end in sentences(text):
            if all(story[start:end]) and len(text[start:end].split()) >= WORDS:
                yield Stretch(part, article, "story", text[start:end], _share(text, left_out, start, end))


def _share(text: str, left_out: bytearray, start: int, end: int) -> float:
    """The share of the letters and digits of a stretch that are left out."""
    letters = [place for place in range(start, end) if text[place].isalnum()] or range(start, end)
    return sum(left_out[place] for place in letters) / len(letters)


def main() -> None:
    """Prints the figures of both parts and of all, or what is wrong in the part that rules were made by."""
    rows = list(stretches())
    if "--missed" in sys.argv[1:]:
        for row in rows:
            wrong = row.taken > 0 if row.kind == "story" else row.taken < FOUND
            if wrong and row.part == "tune":
                print(f"{row.kind}\t{row.article}\t{row.taken:.2f}\t{' '.join(row.text.split())[:200]}")
        return
    for part in ("tune", "fresh", ""):
        some = [row for row in rows if part in ("", row.part)]
        every = [Sample(str(n), r.article, (float(r.taken >= FOUND),)) for n, r in enumerate(some) if r.kind != "story"]
        found = [one for one in every if some[int(one.id)].kind != "picture"]
        plain = [one for one in found if some[int(one.id)].kind == "furniture"]
        shown = [one.values[0] for one in every if some[int(one.id)].kind == "picture"]
        taken = [Sample(str(n), r.article, (float(r.taken > 0),)) for n, r in enumerate(some) if r.kind == "story"]
        print(
            f"{part or 'all'}: furniture found {told(found, mean)} of {len(found)}; without counters of galleries "
            f"{told(plain, mean)} of {len(plain)}; {sum(shown):.0f} of {len(shown)} pictures; "
            f"story taken {told(taken, mean)} of {len(taken)} sentences"
        )


if __name__ == "__main__":
    main()
