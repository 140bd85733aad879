"""How well notes of correction are told: `python -m evals.fit.corrections`.

`corrections.tsv` holds those of RealTimeQA's 2022 articles, found by a broad net and marked by hand; reads the folder
FOOTNOTE_BENCHMARKS. Prints recall, the share of them that are found from their first letter to their last, and
precision, the share of what is found that is one of them, with 95 % bootstrap intervals over articles. `--missed`
lists the errors.
"""

import sys
from pathlib import Path

from evals.fit import lines, told
from evals.measure import Sample, mean
from store.formats.corrections import corrections

LABELS = Path(__file__).with_suffix(".tsv")
LISTS = {"0963711ef9b3", "6d09f1bcfb22", "eb64b3e12e4b", "1397b727754d", "0c67f71362fc"}
"""Articles that list the corrections of others."""


def main() -> None:
    """Prints the figures, or the notes that are missed and the stretches that are none."""
    rows = [row.split("\t") for row in LABELS.read_text(encoding="utf-8").splitlines() if row[0] != "#"][1:]
    real = {(article, int(start), int(end)) for article, start, end in rows}
    texts = {item["_id"]: item["text"] for item in lines("realtimeqa_2022/corpus.jsonl") if item["_id"] not in LISTS}
    found = {(key, span.start, span.end) for key, text in texts.items() for span in corrections(text)}
    if "--missed" in sys.argv[1:]:
        for key, start, end in sorted(real ^ found):
            print("missed" if (key, start, end) in real else "no note", key, " ".join(texts[key][start:end].split()))
        return
    recall = [Sample(f"{note}", note[0], (float(note in found),)) for note in sorted(real)]
    precision = [Sample(f"{note}", note[0], (float(note in real),)) for note in sorted(found)]
    print(f"recall {told(recall, mean)} of {len(real)}; precision {told(precision, mean)} of {len(found)} found")


if __name__ == "__main__":
    main()
