"""Citing: a quote is always the words of the stored version at the place where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cite import Citer, locate, normal
from bot.conversation import Conversation
from bot.conversation import Sentence as Said
from bot.extract import Extract
from store.passage import Document, Found, Passage, Sentence
from store.split import sentences, split

PIECES = [
    "The ferry sank on Monday. ", "It sank again!\r\n", "Nobody was hurt.\n\n", "“Quoted,” she said. ",
    "“So” — 1,200. ",
    "e\u0301a\u0308o\u0327 e\u0301. ", "👩\u200d👩\u200d👧 came. ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢. ", "غزة مدينة. ", "ירושלים\u200f. ",
    "a\x00b. ",
    "STRASSE straße İstanbul ſ ﬁ. ", "See note [3]. ", "[1]", "A list [12] [3].\r", "\t\u00a0\u2003",
    "\u2028\x85\x1f", "\ufeff", "日本語。", "x" * 40,
]  # fmt: skip
odd_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=30).map("".join)


def found_in(*texts: str) -> Found:
    """All passages of some articles with all of their sentences, every one as good as the others."""
    passages: list[Passage] = []
    for number, text in enumerate(texts):
        document = Document(f"article{number}", "news", f"{number}.txt", "Title", version=number + 1)
        for start, end in split(text):
            passages.append(Passage(len(passages) + 1, document, start, end, text[start:end]))
    rows = [
        Sentence(passage, passage.start + start, passage.start + end, passage.text[start:end], 1.0)
        for passage in passages
        for start, end in sentences(passage.text)
    ]
    return Found(tuple(passages), sentences=tuple(rows))


def followed(found: Found, *chunks: str) -> tuple[Citer, list[Said]]:
    """A citer after it has read those chunks, or what the extractive writer writes where there are none."""
    citer = Citer(found)

    async def written() -> AsyncIterator[str]:
        for chunk in chunks:
            yield chunk

    async def follow() -> list[Said]:
        text = written() if chunks else Extract(5).write("", found, Conversation())
        return [sentence async for sentence in citer.follow(text)]

    return citer, asyncio.run(follow())


@settings(max_examples=400, deadline=None)
@given(st.lists(odd_texts, min_size=1, max_size=3))
def test_every_quote_stands_in_its_version(texts: list[str]) -> None:
    found = found_in(*texts)
    citer, said = followed(found)
    assert bool(said) == bool(found.sentences)
    for sentence in said:
        assert sentence.verdict == "quoted" and len(sentence.citations) == 1, sentence
    for number, citation in enumerate(citer.citations, 1):
        quote = citation.quote
        assert citation.number == number
        assert texts[int(quote.document[-1])][quote.start : quote.end] == quote.text
        assert quote.version == int(quote.document[-1]) + 1
    context = citer.context()
    if said:
        assert context is not None
        home = texts[int(citer.citations[context.number - 1].quote.document[-1])]
        assert home[context.start : context.end] == context.text
        assert all(context.start <= low < high <= context.end for low, high in context.marks)


@settings(max_examples=300, deadline=None)
@given(odd_texts, st.data())
def test_words_are_found_whatever_their_case_quotes_dashes_and_spaces(text: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text)))
    words = text[low : data.draw(st.integers(low, len(text)))]
    span = locate(words, text)
    if words.strip():
        assert span is not None
        assert normal(text[slice(*span)])[0] == normal(words)[0].strip()


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("the FERRY  sank", "The ferry\r\nsank"),
        ('"so far"', "“so far”"),
        ("1990-1995", "1990–1995"),
        ("it's", "It’s"),
        ("strasse", "Straße"),
    ],
)
def test_what_counts_as_the_same_words(words: str, there: str) -> None:
    text = f"Before. {there} and after."
    span = locate(words, text)
    assert span is not None and text[slice(*span)] == there


@pytest.mark.parametrize("words", ["", "  ", "the ferry swam", "9 men"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    assert locate(words, "The ferry sank with 19 women.") is None


def test_numbers_run_from_one_and_a_quote_keeps_its_own() -> None:
    found = found_in("The ferry sank. Nobody was hurt.", "Rain fell.")
    citer, said = followed(found, "Rain fell. [2]\nThe ferry ", "sank. [1]\nRain fell. [2]\n", "Nobody was hurt. [1]")
    assert [sentence.citations for sentence in said] == [(1,), (2,), (1,), (3,)]
    assert [citation.quote.text for citation in citer.citations] == [
        "Rain fell.",
        "The ferry sank.",
        "Nobody was hurt.",
    ]


@pytest.mark.parametrize(
    "line", ["The ferry swam. [1]", "The ferry sank. [2]", "The ferry sank. [0]", "The ferry sank."]
)
def test_a_line_without_its_words_in_the_passage_named_is_unsupported(line: str) -> None:
    citer, said = followed(found_in("The ferry sank."), line)
    assert said[0].verdict == "unsupported" and said[0].citations == () and citer.citations == []
    assert citer.context() is None


def test_brackets_of_the_article_are_its_own() -> None:
    text = "The rate [3] rose to 9 [sic]. It fell again [12]."
    citer, said = followed(found_in(text), "The rate [3] rose to 9 [sic]. [1]\nIt fell again [12]. [1]")
    assert [sentence.text for sentence in said] == ["The rate [3] rose to 9 [sic].", "It fell again [12]."]
    assert "".join(citation.quote.text for citation in citer.citations) == text.replace(". It", ".It")


def test_other_articles_with_the_same_words_are_named() -> None:
    citer, _ = followed(
        found_in("The ferry sank. It rained.", "Copy: the ferry sank.", "Sun shone."), "The ferry sank. [1]"
    )
    assert [document.id for document in citer.citations[0].also_in] == ["article1"]
