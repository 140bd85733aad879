"""Sample questions: what an article's beginning yields, and that what only looks like a name does not."""

from __future__ import annotations

import pytest

from bot.commands.samples import candidates
from bot.conversation import Answer, Citation, Outcome, Quote
from store.passage import Document


def asked(text: str, title: str = "A plain title") -> list[str]:
    return [sample.question for sample in candidates([Document("d", "r", "s", title, text=text)])]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("After the explosion eleven workers died in the fire.", "How many workers died?"),
        ("In all 1,200 people were evacuated on Monday.", "How many people were evacuated?"),
        ("At least 12 people were killed in Hale on Monday.", "How many people were killed in Hale?"),
        ("so the Hale Rovers have won nine games.", "How many games did the Hale Rovers win?"),
        ("so Ann Lee has planted 40 trees.", "How many trees has Ann Lee planted?"),
        ("so Ann Lee was elected on Monday.", "When was Ann Lee elected?"),
        ("so Ann Lee was seen near Hale.", "Where was Ann Lee seen?"),
        ("so Ann Lee will not stay: Bob Ray was fined after a fight.", "Why was Bob Ray fined?"),
        ("so Ann Lee raised more than $3 million.", "How much did Ann Lee raise?"),
        ("It was Luis Urzúa, the shift foreman, who came up last.", "Who is Luis Urzúa?"),
        ("The figure is wrong, according to Margaret Chan.", "What did Margaret Chan say?"),
        ("Later the World Health Organization said that it was over.", "What did the World Health Organization say?"),
        ("They had sailed through the Suez Canal twice.", "What is said about the Suez Canal?"),
        ("The Harbour Trust said it was over.", "What did the Harbour Trust say?"),
        ("It was won by the Hale Rovers in May.", "What is said about the Hale Rovers?"),
        ("Later Prime Minister Ann Lee said no.", "What did Ann Lee say?"),
    ],
)
def test_a_pattern_becomes_a_question(text: str, question: str) -> None:
    assert question in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday The Minister went home.",
        "A court heard that Lord Mersey said nothing of it.",
        "it was ADVERTISEMENT Mark Twain said so",
        "he met Prime Minister Tony",
        "Ann Lee was the mayor in May.",  # no word that says what she did
        "Ann Lee will not be seen on Monday.",
        "eleven of them were there, and no one was hurt.",
        "the parade, said Hale Pride's chairman, was long.",  # a possessive is no speaker
        "the parade, according to Hale Pride’s board, was long.",
        "it was played by Hale Rovers in May.",  # a plural without its article
        "said Ann Lee Marie Brown Carter Smith to them.",  # a name cut short
        "he went to see Bank of Hale Manager Ann Lee Carter Brown there.",
        "and two others died, and three more miners died, and four other people were hurt.",
        "",
    ],
)
def test_what_only_looks_like_a_name_or_a_count_asks_nothing(text: str) -> None:
    assert asked(text) == []


def test_articles_and_patterns_take_turns() -> None:
    texts = ["so Ann Lee said. so Bob Ray said.", "so Cas Moe said and two men died."]
    documents = [Document(str(n), "r", "s", "t", text=text) for n, text in enumerate(texts)]
    found = [sample.question for sample in candidates(documents)]
    assert found[:2] == ["How many men died?", "What did Cas Moe say?"]  # kinds and articles in turn
    said = [question for question in found if question.startswith("What did")]
    assert said == ["What did Cas Moe say?", "What did Ann Lee say?", "What did Bob Ray say?"]


def test_nobody_is_asked_what_an_outlet_says() -> None:
    assert not candidates([Document("d", "r", "s", "t", text="so she told Business Insider about it, Reuters said.")])


def test_a_sample_is_answered_by_a_quote_of_what_it_was_made_from() -> None:
    sample, *_ = candidates([Document("d", "r", "s", "t", text="so then\nAnn Lee said no. It was over.")])
    assert sample.question == "What did Ann Lee say?"

    def answered(text: str, outcome: Outcome = "answered") -> Answer:
        citation = Citation(1, Quote("d", 1, 0, len(text), text), Document("d", "r", "s", "t"))
        return Answer(sample.question, sample.question, outcome, citations=(citation,))

    assert sample.answered_by(answered("so then\nAnn  Lee said no."))
    assert not sample.answered_by(answered("It was over."))
    assert not sample.answered_by(answered("Ann Lee said no.", "unsure"))
