"""Passages and text a second of an ingest, beside a plain loader, splitter and `langchain-chroma`.

Both have the same embedder and the same articles, each in a process of its own, timed by the clock from start to end.
The plain one embeds all of a text in passages of at most 900 characters; ours leaves boilerplate out, ends a passage
with a sentence, and finds dates, copies and a lexical index besides.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from evals.bench.screen import FOOTNOTE, Pairs, Process, started
from evals.find import load

SET = "realtimeqa_2022/corpus.jsonl"
ARTICLES = 1_000
PLAIN = """
import json, sys
import chromadb
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from store.embed import WordLlama
class Same(Embeddings):
    def __init__(self): self.embedder = WordLlama()
    def embed_documents(self, texts): return self.embedder.embed_documents(texts)
    def embed_query(self, text): return self.embedder.embed_documents([text])[0]
with open(sys.argv[1], encoding="utf-8") as file:
    rows = [json.loads(line) for line in file]
documents = [Document(row["text"], metadata={key: row[key] for key in row if key != "text"}) for row in rows]
passages = RecursiveCharacterTextSplitter(chunk_size=900, chunk_overlap=0).split_documents(documents)
settings = Settings(_env_file=None, anonymized_telemetry=False, is_persistent=True, persist_directory=sys.argv[2])
Chroma.from_documents(passages, Same(), client_settings=settings, persist_directory=sys.argv[2])
print(json.dumps({"passages": len(passages)}))
"""


def articles(folder: Path) -> Path:
    """The first articles of RealTimeQA, else those of the sample corpus, as one JSONL file."""
    source = Path(os.environ.get("FOOTNOTE_BENCHMARKS", "")) / SET
    if source.is_file():
        with source.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line, _ in zip(file, range(ARTICLES), strict=False)]
        rows = [{key: row[key] or "" for key in ("title", "url", "publish_date", "site", "text")} for row in rows]
    else:
        corpus = Path(str(load("starter").corpus))
        rows = [{"title": path.stem, "text": path.read_text("utf-8")} for path in sorted(corpus.iterdir())]
    target = folder / "news" / "articles.jsonl"
    target.parent.mkdir()
    target.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return target


def timed(process: Process, home: Path) -> tuple[int, float]:
    """Passages of one process, and its seconds from start to end. Raises SystemExit where it fails."""
    command, env = started(process, home)
    began = perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    took = perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{process[1]}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return int(json.loads(done.stdout)["passages"]), took


def rates(runs: int) -> tuple[Pairs, Pairs]:
    """Passages a second, and megabytes, of Footnote and of the plain pipeline, in turn, each into an empty folder."""
    passages: Pairs = []
    megabytes: Pairs = []
    with tempfile.TemporaryDirectory() as folder:
        file = articles(Path(folder))
        size = file.stat().st_size / 1e6
        for run in range(runs + 1):  # the first warms the disk's cache
            home = Path(folder) / f"home-{run}"
            ours, seconds = timed((FOOTNOTE, ["ingest", "-q", "--json", str(file.parent)]), home)
            plain, plain_seconds = timed((PLAIN, [str(file), str(home / "plain")]), home)
            passages.append((ours / seconds, plain / plain_seconds))
            megabytes.append((size / seconds, size / plain_seconds))
    return passages[1:], megabytes[1:]
