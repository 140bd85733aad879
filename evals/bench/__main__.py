"""`python -m evals.bench [RUNS]`: `--help`, a cold `ask`, the chat and an ingest, each beside a plain way to do it."""

import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from evals.bench.ingest import articles, rates
from evals.bench.loop import stands
from evals.bench.screen import BARE_TEXTUAL, CHAT, FOOTNOTE, Pairs, Process, first_frame, key_costs, started
from evals.find import load
from evals.measure import Sample, interval, median

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
BOUNDS = {"answering": 100, "ingesting": 200}  # ms
MOST = 5  # runs of what takes a minute
QUESTION = "How much oil flowed from the well each day?"


def seconds(process: Process, home: Path) -> float:
    """The wall time of one Python process. Raises SystemExit where it fails."""
    command, env = started(process, home)
    began = perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{process[1]}: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return perf_counter() - began


def paired(time: Callable[[Process, Path], float], ours: Process, theirs: Process, home: Path, runs: int) -> Pairs:
    """Both timed in turn, after a warm-up each."""
    pairs = [(time(ours, home), time(theirs, home)) for _ in range(runs + 1)]
    return pairs[1:]


def tell(name: str, pairs: Pairs, bound: float, unit: str = "s") -> None:
    """Prints medians and the ratio of each pair with its 95 % interval by the bootstrap.

    The bound is the most that a ratio of seconds may be, and the least of passages a second.
    """
    ratios = [a / b for a, b in pairs]
    low, high = interval([Sample(str(n), str(n), (ratio,)) for n, ratio in enumerate(ratios)], median)
    print(
        f"{name:34} {statistics.median(a for a, _ in pairs):6.3f} {unit}"
        f"  beside {statistics.median(b for _, b in pairs):6.3f} {unit}"
        f"  ratio {statistics.median(ratios):.2f} [{low:.2f}, {high:.2f}]"
        f"  range {min(ratios):.2f}-{max(ratios):.2f}  n={len(pairs)}  bound {bound}"
    )


def tell_stands(home: Path, runs: int) -> None:
    """Prints for how long the chat's loop stood still at most, in each run, beside the bound."""
    with tempfile.TemporaryDirectory() as folder:
        news = articles(Path(folder)).parent
        told: dict[str, list[tuple[float, float]]] = {}
        for run in range(runs):
            copy = Path(folder) / f"home-{run}"
            shutil.copytree(home, copy)
            for name, pair in stands(copy, news).items():
                told.setdefault(name, []).append(pair)
    for name, pairs in told.items():
        clock, own = ([one[at] for one in pairs] for at in (0, 1))
        low, high = interval([Sample(str(n), str(n), (one,)) for n, one in enumerate(clock)], median)
        bound = f"bound {BOUNDS[name]} ms" if name in BOUNDS else ""
        print(
            f"{f'chat stands still, {name}':34} {statistics.median(clock):6.0f} ms [{low:.0f}, {high:.0f}]"
            f"  most {max(clock):.0f} ms, of its own {max(own):.0f} ms  n={len(pairs)}  {bound}"
        )


def main() -> None:
    """Ingests the sample corpus into a folder of its own, and prints one line a comparison."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    corpus = load("starter").corpus
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        seconds((FOOTNOTE, ["ingest", "-q", str(corpus)]), home)
        dense = next(path for path in sorted((home / "corpora" / "default" / "dense").iterdir()) if path.is_dir())
        ask = (FOOTNOTE, ["ask", "-q", "--abstain-ok", QUESTION])
        helped = (FOOTNOTE, ["--help"])
        tell("--help, beside a bare typer app", paired(seconds, helped, (BARE_TYPER, ["--help"]), home, runs), 1.3)
        tell("ask, beside chromadb alone", paired(seconds, ask, (BARE_CHROMA, [str(dense)]), home, runs), 1.5)
        tell("first frame, beside bare textual", paired(first_frame, CHAT, (BARE_TEXTUAL, []), home, runs), 1.3)
        tell("key after 200 turns, beside none", key_costs(home), 1.5)
        tell_stands(home, min(runs, MOST))
    passages, megabytes = rates(min(runs, MOST))
    tell("ingest, beside LangChain and Chroma", passages, 1.5, "passages/s")
    tell("the same, by the text read", megabytes, 1.5, "MB/s")


main()
