"""TREC CAsT 2019 and 2020 (Dalton et al.): how many words of the people's rewrite a follow-up is looked up by.

Every turn of a conversation has its question as it was asked and as people rewrote it to stand alone. The content words
(stems, no stop words) of what is looked up are held against those of the rewrite: precision, recall and F1, each a mean
over the turns after the first. Only questions stand before a turn, as the years give no answers. Nothing is ranked, so
the set has no articles. Rows are resampled by conversation, and the other half holds the conversations on which no rule
was chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.conversation import Answer, Conversation, Turn
from bot.question.followup import put
from evals.public import source
from evals.public.figures import Figure, means
from store.words import STOP, stem, tokens

ABOUT = "Follow-ups of 75 conversations with people's rewrites: the words of the rewrite that are looked up."
ASKED = "treccast/2019/data/evaluation/evaluation_topics_v1.0.json"
REWRITTEN = "treccast/2019/data/evaluation/evaluation_topics_annotated_resolved_v1.0.tsv"
ANNOTATED = "treccast/2020/automatic_evaluation_topics_annotated_v1.1.json"
FILES = (ASKED, REWRITTEN, ANNOTATED)

Talk = list[tuple[str, str]]  # the turns of a conversation: as asked, as people rewrote them
FORMS = ("as asked", "with all earlier questions", "looked up")


@dataclass(frozen=True, slots=True)
class Row:
    """A turn: content words of the people's rewrite, and of each form in which it may be looked up."""

    id: str  # its conversation's, so that halves hold whole conversations
    cluster: str
    rewrite: frozenset[str]
    forms: Mapping[str, frozenset[str]]

    def precision(self, form: str) -> float:
        """The share of a form's words that the rewrite has."""
        said = self.forms[form]
        return len(said & self.rewrite) / len(said) if said else 0.0

    def recall(self, form: str) -> float:
        """The share of the rewrite's words that a form has."""
        return len(self.forms[form] & self.rewrite) / len(self.rewrite)

    def f1(self, form: str) -> float:
        """The harmonic mean of the two."""
        return 2 * len(self.forms[form] & self.rewrite) / (len(self.forms[form]) + len(self.rewrite))


def talks() -> Iterator[tuple[str, Talk]]:
    """Each conversation's name and turns. Raises EvalInvalid."""
    path = source.file(REWRITTEN)
    with source.shaped(path):
        rewrites = dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    yield from next(source.each(ASKED, lambda value: [_talk2019(topic, rewrites) for topic in value]))
    yield from next(source.each(ANNOTATED, lambda value: [_talk2020(topic) for topic in value]))


def _talk2019(topic: Any, rewrites: Mapping[str, str]) -> tuple[str, Talk]:
    number = topic["number"]
    turns = [(turn["raw_utterance"], rewrites[f"{number}_{turn['number']}"]) for turn in topic["turn"]]
    return f"2019/{number}", turns


def _talk2020(topic: Any) -> tuple[str, Talk]:
    """A first turn that needs no rewrite has none."""
    turns = [(turn["raw_utterance"], turn.get("manual_rewritten_utterance")) for turn in topic["turn"]]
    return f"2020/{topic['number']}", [(raw, rewrite or raw) for raw, rewrite in turns]


def rows() -> list[Row]:
    """A row for each turn after the first of its conversation, where its rewrite has a content word."""
    rows = []
    for name, talk in talks():
        said = Conversation()
        for asked, rewrite in talk:
            alone = put(asked, said).standalone
            texts = (asked, " ".join((*said.questions, asked)), alone)
            if said.turns and content(rewrite):
                rows.append(Row(name, name, content(rewrite), dict(zip(FORMS, map(content, texts), strict=True))))
            said = said.add(Turn(asked, Answer(asked, alone, "answered")))
    return rows


def content(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    return frozenset(stem(word) for word in tokens(text) if word not in STOP)


def figures(rows: Sequence[Row]) -> list[Figure]:
    """Precision, recall and F1 of each form."""
    of_form = [means("turn", rows, {
        f"words {name}, {form}": partial(value, form=form)
        for name, value in (("precision", Row.precision), ("recall", Row.recall), ("F1", Row.f1))
    }) for form in FORMS]  # fmt: skip
    return [figure for found in of_form for figure in found]
