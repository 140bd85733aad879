"""The reading model: scores of pairs, whatever their length; a damaged file is one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import reader

from bot.errors import ReaderMissing
from bot.reading.evidence import best_span
from bot.reading.onnx import WEIGHTS, ReadingModel, Scores
from store.passage import Document, Passage

BRIDGE = "The bridge at Hale was opened in 1931. It was closed for repairs on Tuesday because a cable had snapped."
FILLER = "Nothing else of note was said about the weather that week. " * 40


def passage(text: str) -> Passage:
    return Passage(1, Document("a1", "news", "a.txt", "Bridge at Hale closed"), 0, len(text), text)


def scores(question: str, *texts: str) -> list[Scores]:
    return reader().model.scores(question, [passage(text) for text in texts])


@pytest.mark.parametrize(
    ("question", "answer"),
    [("When was the bridge opened?", "1931"), ("Why was the bridge closed?", "a cable had snapped")],
)
def test_the_best_span_holds_the_answer(question: str, answer: str) -> None:
    _, start, end = best_span(scores(question, BRIDGE)[0])
    assert answer in BRIDGE[start:end]


def test_a_passage_that_answers_beats_one_that_does_not() -> None:
    right, wrong = scores("When was the bridge opened?", BRIDGE, "The mayor of Hale spoke about the budget.")
    assert right.answer > wrong.answer and best_span(right)[0] > best_span(wrong)[0]


def test_a_pair_has_the_same_scores_beside_any_others() -> None:
    alone, beside = scores("When was it opened?", BRIDGE)[0], scores("When was it opened?", FILLER, BRIDGE)[1]
    assert alone.answer == beside.answer == ReadingModel().scores("When was it opened?", [passage(BRIDGE)])[0].answer


@pytest.mark.parametrize("text", [f"{FILLER}{BRIDGE}", f"{BRIDGE} {FILLER}", f"{FILLER}{BRIDGE} {FILLER}"])
def test_a_long_passage_is_read_to_its_end(text: str) -> None:
    read = scores("When was the bridge opened?", text)[0]
    _, start, end = best_span(read)
    assert "1931" in text[start:end]
    assert read.offsets[-1][1] == len(text.rstrip())
    assert (read.offsets[1:, 0] >= read.offsets[:-1, 1]).all()


def test_a_long_question_leaves_room_for_the_passage() -> None:
    assert len(scores("Why? " * 2_000, BRIDGE)[0].offsets)


def test_no_passages_have_no_scores() -> None:
    assert scores("Why?") == []


@pytest.mark.parametrize("file", ["reader.onnx", "tokenizer.json"])
@pytest.mark.parametrize("spoilt", [b"", b"{}", None])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, file: str, spoilt: bytes | None) -> None:
    folder = Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))
    if spoilt is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(spoilt)
    with pytest.raises(ReaderMissing) as raised:
        ReadingModel(folder).scores("Why?", [passage(BRIDGE)])
    assert (raised.value.exit, raised.value.next) == (2, "Reinstall Footnote.")
