"""The embedders by name. `wordllama` is the default: its weights travel in its package, nothing is fetched."""

import hashlib
import math
import re
from collections.abc import Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np

from store.errors import StoreError
from store.passage import NOW, Embedder
from store.words import folded

FLOAT = np.dtype("<f4")  # a number of a vector that is kept
WORDS = 200_000  # most words whose tokens are kept
ID = np.dtype("<i4")  # the number of a token
_SPACE = "▁"  # as the tokenizer writes a space, and the beginning of a text
_SPECIAL = re.compile(rf"{_SPACE}|</?s>|<unk>")


class EmbedderMissing(StoreError):
    """No embedder of that name, or its package lacks its files."""

    code = "embedder"
    exit = 2


class WordLlama:
    """Averaged token vectors of 256 dimensions, read straight from the package's two files.

    Its own loader looks for the tokenizer elsewhere and then downloads; importing it also takes over the
    root logger. The vectors are the same (a test compares them).
    """

    id = "wordllama-l2-supercat-256"
    dimension = 256

    def __init__(self) -> None:
        spec = find_spec("wordllama")
        folder = Path(spec.origin).parent if spec is not None and spec.origin else None
        weights = folder / "weights" / "l2_supercat_256.safetensors" if folder else None
        tokens = folder / "tokenizers" / "l2_supercat_tokenizer_config.json" if folder else None
        if weights is None or tokens is None or not weights.is_file() or not tokens.is_file():
            raise EmbedderMissing("The package wordllama is missing or incomplete.", "Reinstall Footnote.")
        self._failure: Exception | None = None
        self._known: dict[str, bytes] = {}  # the tokens of words that have come, as ID
        # A tenth of a second of native code, in which other modules can be imported. Not a daemon: a process
        # that ends while one is in native code is aborted.
        self._loading = Thread(target=self._load, args=(weights, tokens))
        self._loading.start()

    def __reduce__(self) -> tuple[type["WordLlama"], tuple[()]]:
        return WordLlama, ()  # another process reads the files itself

    def _load(self, weights: Path, tokens: Path) -> None:
        """Reads both files; a failure waits until vectors are asked for."""
        try:
            from safetensors.numpy import load_file
            from tokenizers import Tokenizer

            self._table: np.ndarray[Any, np.dtype[np.float16]] = load_file(weights)["embedding.weight"]
            self._tokenizer = Tokenizer.from_file(str(tokens))
            self._tokenizer.no_padding()
            self._tokenizer.no_truncation()
        except Exception as error:  # raised again in embed_documents, in the thread that can tell the user
            self._failure = error

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors of 256 numbers, one a text; a text without tokens gives zeros. Raises EmbedderMissing."""
        self._loading.join()
        if self._failure is not None:
            raise EmbedderMissing("The package wordllama is damaged.", "Reinstall Footnote.") from self._failure
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        top = self._table.shape[0] - 1
        coded = self._tokens(texts)
        every = np.minimum(np.frombuffer(b"".join(coded), ID), top)
        used, places = np.unique(every, return_inverse=True)
        table = self._table[used].astype(np.float32)  # each token's vector is widened once
        end = 0
        for i, ids in enumerate(coded):
            start, end = end, end + len(ids) // ID.itemsize
            if ids:
                vector = np.add.reduce(table[places[start:end]]) / np.float32(end - start)
                out[i] = vector / (math.sqrt(vector @ vector) or 1.0)
        rows: list[list[float]] = out.tolist()
        return rows

    def _tokens(self, texts: Sequence[str]) -> list[bytes]:
        """The tokens of each text, as ID, word by word: none of the model's tokens goes over a space between two words.

        Words come again and again, so that each is cut once. A text with other spaces than one between words, or with
        the name of a special token in it, is cut whole.
        """
        words = [text.split(" ") for text in texts]
        whole = {
            text
            for text, row in zip(texts, words, strict=True)
            if "" in row or (("<" in text or _SPACE in text) and _SPECIAL.search(text))
        }
        words = [[text] if text in whole else row for text, row in zip(texts, words, strict=True)]
        if len(self._known) > WORDS:
            self._known = {}  # a new one: another thread may be reading the old
        known, cut = self._known, self._tokenizer.model.tokenize
        for word in set(chain.from_iterable(words)) - known.keys():
            if word in whole:
                ids = self._tokenizer.encode(word, add_special_tokens=False).ids
            else:  # the same tokens as by encode, in half the time
                ids = [token.id for token in cut(_SPACE + word)]
            known[word] = np.array(ids, ID).tobytes()
        return [b"".join(map(known.__getitem__, row)) for row in words]


class Embedding:
    """An embedder of folded texts, with the stamp under which its vectors are kept: name, dimension, a probe's hash.

    Another model of the same name and dimension, or another folding, gets another stamp: vectors are never mixed.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @cached_property
    def stamp(self) -> str:
        probe = self.matrix(["The quick brown fox reported 1,234 articles on the o\u00adﬃce caf&eacute;."])[0]
        mark = hashlib.sha256(np.round(probe, 3).tobytes()).hexdigest()[:8]
        return f"{self._embedder.id}/{self._embedder.dimension}/{mark}"

    def matrix(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Unit vectors, shape (len(texts), dimension), float32."""
        rows = np.asarray(self._embedder.embed_documents([folded(text) for text in texts]), dtype=np.float32)
        rows = rows.reshape(len(texts), self._embedder.dimension)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        norms[norms == 0] = 1
        return np.asarray(rows / norms, dtype=np.float32)

    def stored(self, texts: Sequence[str]) -> list[bytes]:
        """The vectors of texts as the record keeps them."""
        return [row.tobytes() for row in self.matrix(texts).astype(FLOAT)]

    def question(self, text: str, history: Sequence[str] = ()) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The unit vector of a question; earlier ones weigh 1 against its NOW."""
        rows = self.matrix([text, *history])
        total = rows[0] * NOW + rows[1:].sum(axis=0)
        return np.asarray(total / (float(np.linalg.norm(total)) or 1.0), dtype=np.float32)


@cache
def load(name: str) -> Embedding:
    """The embedder of that name, loaded once a process. Raises EmbedderMissing."""
    if name != "wordllama":
        raise EmbedderMissing(f"There is no embedder '{name}'.", "The one that there is: wordllama")
    return Embedding(WordLlama())
