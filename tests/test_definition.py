"""Definitions: who somebody or what something is."""

from dataclasses import replace

import pytest

from bot.reading.definition import defined, foremost, subject
from store.passage import Document, Found, Passage, Query


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("Who is Ada Mora?", "Ada Mora"),
        ("who was ada mora", "ada mora"),
        ("Who's Ludwig van Beethoven?", "Ludwig van Beethoven"),
        ("What is a storm surge?", "storm surge"),
        ("What is the Harbour Act?", "Harbour Act"),
        ("What does NKX stand for?", "NKX"),
        ("What does slow reading mean?", "slow reading"),
        ("What is the meaning of hygge?", "hygge"),
        ("Who is the mayor of Hull?", ""),
        ("Who is the CEO of Brill Motors?", ""),
        ("What is the Bank of Hull?", "Bank of Hull"),
        ("What is the death toll?", ""),
        ("What was the cause of the fire?", ""),
        ("Who is running?", ""),
        ("What's new?", ""),
        ("What is Ada Mora accused of?", ""),
        ("Where is Hull?", ""),
    ],
)
def test_a_question_for_a_definition_names_the_thing_itself(question: str, thing: str) -> None:
    assert subject(question) == thing


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        (
            "Who is Ada Mora?",
            "Ada Mora, the head of the harbour board, resigned on Monday.",
            "the head of the harbour board",
        ),
        ("Who is Ada Mora?", "The vote was lost by engineer Ada Mora on Monday.", "engineer"),
        ("Who is Ada Mora?", "Mora, a former pilot, won.", "a former pilot"),
        ("Who is Ada Mora?", "The head of the board, Ada Mora, resigned.", "The head of the board"),
        ("Who is Ada Mora?", "Ada Mora, the No. 1 rower of the town, won.", "the No. 1 rower of the town"),
        ("Who is Ada Mora?", "Ada Mora, its chief, resigned.", "its chief"),
        ("Who is Ada Mora?", "Ada Mora is a pilot.", "a pilot"),
        ("Who is Ada Mora?", "Ada Mora, who led the board for ten years, resigned.", "who led the board for ten years"),
        ("who is ada mora", "Ada Mora, a pilot, won.", "a pilot"),
        (
            "What is a storm surge?",
            "A storm surge is a rise of the sea before a storm.",
            "a rise of the sea before a storm",
        ),
        ("What is a kite bar?", "They met in a small boat called a “kite bar”.", ""),
        (
            "What is hygge?",
            "It is a Danish habit of sitting together called hygge.",
            "a Danish habit of sitting together",
        ),
        ("What is NKX?", "The northern kelp exchange (NKX) closed.", "northern kelp exchange"),
        ("What is hygge?", "The book defines the word as “a warm evening at home”.", "a warm evening at home"),
        ("What is K++?", "K++ is a language for looms.", "a language for looms"),
        ("What is .TAR?", "They use .TAR, a form of files, today.", "a form of files"),
        ("What is K++?", "AK++ is a rifle.", ""),
        ("Who is Ada Mora?", "Ada Mora won the vote.", ""),
        ("Who is Ada Mora?", "Eva Mora, the baker, won the vote.", ""),
        ("Who is Ada Mora?", "It was said after Ada Mora won.", ""),
        ("What is the Harbour Act?", "With the passage of the Harbour Act, the country went on.", ""),
        ("Who won?", "Ada Mora, a pilot, won.", ""),
    ],
)
def test_a_sentence_says_who_or_what_by_words_behind_the_name_or_before_it(
    question: str, sentence: str, words: str
) -> None:
    sure, low, high = defined(question, sentence)
    assert (sentence[low:high].strip(" “”"), sure > 0) == (words, bool(words))


def test_passages_with_the_definition_come_first_and_no_more_than_are_read() -> None:
    texts = ("Ada Mora won.", "The harbour vote.", "Ada Mora, a pilot, won.", "Mora lost.")
    document = Document("a", "news", "a.txt", "The vote")
    passages = tuple(Passage(n, document, 0, len(text), text, 1 / n) for n, text in enumerate(texts, 1))
    query = replace(Query("Who is Ada Mora?"), k=3)
    assert [one.id for one in foremost(query, Found(passages)).passages] == [3, 1, 2]
    assert [one.id for one in foremost(replace(query, text="Who won?"), Found(passages)).passages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ("Ada Mora, 41, was freed on Monday.", "41"),
        ("The singer Ada Mora (41) was freed.", "41"),
        ("Mora, best known for her songs, has died at the age of 89, her son said.", "89"),
        ("Mora was 65.", "65"),
        ("She was 65.", "65"),
        ("Mora went on stage at age 12.", ""),
        ("She was 65 minutes late.", ""),
        ("Ida Vane, 41, was freed.", ""),
    ],
)
@pytest.mark.parametrize("question", ["How old is Ada Mora?", "how old was Mora when she died?"])
def test_an_age_is_told_beside_the_name(question: str, said: str, age: str) -> None:
    _, low, high = defined(question, said)
    assert said[low:high] == age
