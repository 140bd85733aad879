"""Collapsing: of passages that stand in several copies, one is shown, and the other articles are named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from store.copies import Said, Sayings, said
from store.passage import Document, Passage


class Collapsed:
    """The first `k` passages by score. One of which every sentence stands in passages before it is left out.

    Passages of two articles are compared by their sentences where the articles are of one family; else word for word.
    """

    def __init__(self, k: int, beside: Callable[[str], Sequence[Passage]]) -> None:
        """`beside` gives the candidates of an article, by its id."""
        self._k, self._beside = k, beside
        self._kept: list[Passage] = []
        self._sayings, self._words = cache(Sayings), cache(_words)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(self._kept)

    @property
    def full(self) -> bool:
        return len(self._kept) >= self._k

    def add(self, passage: Passage) -> None:
        """Takes the next best passage: shown, or its article named with those that hold the same."""
        if any(passage.id == one.id for one in self._kept):
            return
        words = self._words(passage.text)
        homes = [one for one in self._kept if self._words(one.text) == words]
        copies = homes or self._copies(passage)
        rest = self._missing(said(passage.text), copies) if copies and not homes else []
        if copies and rest:
            more = self._rest(rest, copies[0].document, passage.score)
            copies, rest = [*copies, *more], self._missing(rest, more)
            if not rest:
                self._kept += more[: self._k - len(self._kept)]
        if copies and not rest:
            self._name(passage, homes or self._holding(passage, copies))
        elif not self.full:
            self._kept.append(passage)

    def _copies(self, passage: Passage) -> list[Passage]:
        """The passages shown that are of a copy of a passage's article."""
        of, family = passage.document.id, passage.document.family
        return [one for one in self._kept if family and one.document.family == family and one.document.id != of]

    def _missing(self, sentences: Iterable[Said], passages: Sequence[Passage]) -> list[Said]:
        """The sentences that none of some passages has."""
        return [one for one in sentences if not any(one in self._sayings(passage.text) for passage in passages)]

    def _rest(self, sentences: Sequence[Said], document: Document, score: float) -> list[Passage]:
        """The other candidates of an article that hold any of some sentences: two copies are cut at other places."""
        shown = {one.id for one in self._kept}
        others = [one for one in self._beside(document.id) if one.id not in shown]
        held = [one for one in others if len(self._missing(sentences, [one])) < len(sentences)]
        return [replace(one, score=score) for one in held]

    def _holding(self, passage: Passage, copies: Sequence[Passage]) -> list[Passage]:
        """Those of some passages that have a sentence of another."""
        sentences = said(passage.text)
        return [one for one in copies if len(self._missing(sentences, [one])) < len(sentences)]

    def _name(self, passage: Passage, homes: Sequence[Passage]) -> None:
        """Notes a passage that is left out, and its article, with those that hold the same."""
        ids = {one.id for one in homes}
        for at, one in enumerate(self._kept):
            if one.id in ids and one.document.id != passage.document.id:
                also_in = {document.id: document for document in (*one.also_in, passage.document)}
                self._kept[at] = replace(one, also_in=tuple(also_in.values()), copies=(*one.copies, passage))


def _words(text: str) -> str:
    return " ".join(text.split())
