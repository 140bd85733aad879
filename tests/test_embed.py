"""The embedder: wordllama's own vectors without its loader, its logging or its downloads."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store import embed
from store.embed import ID, EmbedderMissing, Embedding, WordLlama

TEXTS = [
    "The last of 33 miners was brought to the surface.",
    "",
    "e\u0301 and é",
    "שלום 👩‍👩‍👧 \x00 \u202e",
    "One word.\r\n\r\nAnother.",
    "x" * 5_000,
    "long text " * 1_000,
]

# In a process of its own, for importing wordllama takes over the root logger.
THEIRS = """
import sys, numpy, pathlib, wordllama
folder = pathlib.Path(wordllama.__file__).parent
model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
numpy.save(sys.argv[1], model.embed(eval(sys.stdin.read()), norm=True))
"""


def run(code: str, *args: str, stdin: str = "") -> str:
    done = subprocess.run([sys.executable, "-c", code, *args], input=stdin, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_vectors_are_those_of_wordllama(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text]
    run(THEIRS, str(tmp_path / "theirs.npy"), stdin=repr(texts))
    ours = np.array(WordLlama().embed_documents(texts))
    assert np.abs(ours - np.load(tmp_path / "theirs.npy")).max() < 1e-5


@cache
def loaded() -> WordLlama:
    embedder = WordLlama()
    embedder.embed_documents([])
    return embedder


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["a", " ", "  ", "</s>", "<s>", "\n", "Ärger", "▁", "33", "\u00a0", "x" * 60]),
            st.text(max_size=9),
        )
    )
)
@example(["▁", " ", "▁"])
def test_words_cut_one_by_one_have_the_tokens_of_the_whole_text(parts: list[str]) -> None:
    embedder, text = loaded(), "".join(parts)
    ids = np.frombuffer(embedder._tokens([text])[0], ID)
    assert ids.tolist() == embedder._tokenizer.encode(text, add_special_tokens=False).ids


def test_vectors_are_unit_length_and_alone_as_in_company(embedding: Embedding) -> None:
    rows = embedding.matrix(TEXTS)
    assert rows.shape == (len(TEXTS), 256) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(np.delete(rows, 1, axis=0), axis=1), 1, atol=1e-5)
    assert not rows[1].any(), "no words, no direction"
    assert np.allclose(embedding.matrix([TEXTS[0]])[0], rows[0], atol=1e-6)
    assert embedding.matrix([]).shape[0] == 0


def test_near_texts_are_nearer(embedding: Embedding) -> None:
    first, near, far = embedding.matrix(
        ["The miners were rescued.", "Rescuers saved the miners.", "Stock prices fell in early trading."]
    )
    assert first @ near > first @ far + 0.2


def test_loading_leaves_the_root_logger_alone_and_downloads_nothing() -> None:
    said = run(
        "import logging, socket, sys\n"
        "socket.socket.connect = None\n"
        "from store import embed\n"
        "embed.load('wordllama').stamp\n"
        "print(logging.getLogger().handlers, logging.getLogger().level, 'wordllama' in sys.modules)"
    )
    assert said == "[] 30 False"


class Twin:
    """An embedder of the same name and dimension that sees other things."""

    id, dimension = WordLlama.id, WordLlama.dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(len(text))] + [1.0] * 255 for text in texts]


@pytest.mark.parametrize("seconds", [0, 0.005, 0.02])
def test_a_process_may_end_while_the_vectors_load(seconds: float) -> None:
    imports = "import safetensors.numpy, time, tokenizers; from store.embed import WordLlama"
    for _ in range(2):
        assert run(f"{imports}; WordLlama(); time.sleep({seconds})") == ""


def test_another_model_of_the_same_name_has_another_stamp(embedding: Embedding) -> None:
    assert embedding.stamp == Embedding(WordLlama()).stamp
    assert embedding.stamp.rsplit("/", 1)[0] == Embedding(Twin()).stamp.rsplit("/", 1)[0]
    assert embedding.stamp != Embedding(Twin()).stamp


def test_an_unknown_name_and_a_missing_package_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbedderMissing, match="'gpt'") as caught:
        embed.load("gpt")
    assert "wordllama" in caught.value.next
    assert find_spec("wordllama") is not None
    monkeypatch.setattr(embed, "find_spec", lambda name: None)
    with pytest.raises(EmbedderMissing, match="missing"):
        WordLlama()
