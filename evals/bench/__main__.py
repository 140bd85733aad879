"""`python -m evals.bench [RUNS]`: `--help`, a cold `ask` and the chat, beside the least that could do the same."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from evals.bench import screen
from evals.bench.pairs import tell
from evals.find import load

FOOTNOTE = "from bot.cli.main import main; main()"
BARE_TYPER = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def one(name: str, loud: bool = False) -> None: ...
@app.command()
def two(name: str) -> None: ...
app()
"""
BARE_CHROMA = """
import sys
import chromadb
from chromadb.config import Settings
client = chromadb.PersistentClient(path=sys.argv[1], settings=Settings(_env_file=None, anonymized_telemetry=False))
collection = client.get_collection("passages", embedding_function=None)
print(collection.query(query_embeddings=[[0.0625] * 256], n_results=8, include=["distances"])["ids"])
"""
QUESTION = "How much oil flowed from the well each day?"


def seconds(code: str, arguments: list[str], home: Path) -> float:
    """The wall time of one Python process that runs `code`, in seconds. Raises where it fails."""
    began = perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "FOOTNOTE_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{arguments}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return perf_counter() - began


Process = tuple[str, list[str]]  # code and arguments


def compared(name: str, ours: Process, theirs: Process, home: Path, runs: int, bound: float) -> None:
    """Times both in turn after a warm-up each; prints medians and the ratio of each pair with its 95 % interval."""
    for code, arguments in (ours, theirs):
        seconds(code, arguments, home)
    pairs = [(seconds(*ours, home), seconds(*theirs, home)) for _ in range(runs)]
    tell(name, pairs, bound)


def main() -> None:
    """Ingests the sample corpus into a folder of its own, and prints one line a comparison."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    corpus = load("starter").corpus
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        seconds(FOOTNOTE, ["ingest", "-q", str(corpus)], home)
        dense = next(path for path in sorted((home / "corpora" / "default" / "dense").iterdir()) if path.is_dir())
        ask = (FOOTNOTE, ["ask", "-q", "--abstain-ok", QUESTION])
        compared("--help, beside a bare typer app", (FOOTNOTE, ["--help"]), (BARE_TYPER, ["--help"]), home, runs, 1.3)
        compared("ask, beside chromadb alone", ask, (BARE_CHROMA, [str(dense)]), home, runs, 1.5)
        tell("first frame, beside bare textual", screen.first_frames(home, runs), 1.3)
        tell("key after 100 turns, beside none", screen.key_costs(home), 1.5)


main()
