"""Citing: a quote is always the words of the stored version at the place where they stand."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cite import Citer
from bot.conversation import Conversation
from bot.conversation import Sentence as Said
from bot.errors import StreamCut
from bot.reading import Candidate, FakeChecker, Reading, Support
from bot.reading.check import ModelChecker
from bot.reading.quotes import locate, plain
from bot.writers.extract import Extract
from store.passage import Document, Found, Passage, Span
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


def found_in(*texts: str) -> Reading:
    """All passages of some articles with all of their sentences, every one as good as the others."""
    passages: list[Passage] = []
    for number, text in enumerate(texts):
        document = Document(f"article{number}", "news", f"{number}.txt", "Title", version=number + 1)
        for start, end in split(text):
            passages.append(Passage(len(passages) + 1, document, start, end, text[start:end]))
    rows = [
        Candidate(passage, passage.start + start, passage.start + end, passage.text[start:end], 1.0)
        for passage in passages
        for start, end in sentences(passage.text)
        if plain(passage.text[start:end])  # else there is nothing to be seen
    ]
    return Reading(Found(tuple(passages)), tuple(rows))


def followed(found: Reading, *chunks: str) -> tuple[Citer, list[Said]]:
    """A citer after it has read those chunks, or what the extractive writer writes where there are none."""
    citer = Citer(found, ModelChecker())

    async def written() -> AsyncIterator[str]:
        for chunk in chunks:
            yield chunk

    async def follow() -> list[Said]:
        text = written() if chunks else Extract(5).write("", found, Conversation())
        shown = [piece async for piece in citer.lines(text)]
        assert len(shown) == len(citer.sentences)
        return citer.sentences

    return citer, asyncio.run(follow())


@settings(max_examples=150, deadline=None)
@given(st.lists(odd_texts, min_size=1, max_size=3))
@example(["?\ufeff"])
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


@settings(max_examples=120, deadline=None)
@given(odd_texts, st.data())
def test_words_are_found_whatever_their_case_quotes_dashes_and_spaces(text: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text)))
    words = text[low : data.draw(st.integers(low, len(text)))]
    span = locate(words, text)
    if plain(words):
        assert span is not None
        located = plain(text[slice(*span)])  # whole letters: an accent that words leave off comes with them
        assert plain(words) in located and len(located) - len(plain(words)) <= 30


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
    assert citer.citations[0].origins == 2


def test_a_copy_that_lacks_the_quote_is_not_named_and_articles_that_share_text_are_one_origin() -> None:
    reading = found_in("The ferry sank. It rained all night.", "Copy: the ferry sank.", "The ferry sank.")
    first, second, third = reading.found.passages
    short = Document("article9", "news", "9.txt", "Short", kin="article0")
    kept = replace(first, document=replace(first.document, kin="article0"), also_in=(short,),
                   copies=(replace(first, document=short, end=15, text="The ferry sank."),))  # fmt: skip
    second = replace(second, document=replace(second.document, kin="article0"))
    reading = replace(reading, found=replace(reading.found, passages=(kept, second, third)))
    citer, _ = followed(reading, "The ferry sank. [1]\nIt rained all night. [1]")
    told = [({document.id for document in one.also_in}, one.origins) for one in citer.citations]
    assert told == [({"article9", "article1", "article2"}, 2), (set(), 1)]


# -- prose, as a model streams it ------------------------------------------------------------------

PROSE = (
    "The toll in the U.S. Army base rose to 14 [1]. Officials said (in 2010) that it was over. [2, 3] "
    '"We won," he said [1-3].\n\n- A **bold** bullet【2】.\nNo marker here (1) and more (12). Last [99]\n\n'
    "It rose.¹ It fell.[^1] It stood (Article 1) and sat (Source: [1]). Full［1］. <b>Tags</b> and 5 < 6 [2010].\n"
    "| Who | What |\n|---|---|\n| The toll | rose to 14 [1] |\n---\n"
    "Sources:\n[1] An invented page\n"
)


def passage_of(text: str) -> Passage:
    """A passage that is a whole article."""
    return Passage(1, Document("a", "news", "a.txt", "Title"), 0, len(text), text)


def spoken(text: str, sizes: list[int], *, strict: bool = False) -> tuple[str, Citer]:
    """What is shown of a text that comes in pieces of those sizes, in turn."""
    citer = Citer(
        Reading(Found((passage_of("The toll in the U.S. Army base rose to 14."),))), ModelChecker(), strict=strict
    )

    async def written() -> AsyncIterator[str]:
        at, turn = 0, 0
        while at < len(text):
            yield text[at : at + sizes[turn % len(sizes)]]
            at, turn = at + sizes[turn % len(sizes)], turn + 1

    async def all_of_it() -> str:
        return "".join([piece async for piece in citer.prose(written())])

    return asyncio.run(all_of_it()), citer


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_prose_is_the_same_however_it_is_cut_into_chunks(sizes: list[int]) -> None:
    shown, citer = spoken(PROSE, sizes)
    whole, reference = spoken(PROSE, [len(PROSE)])
    assert shown == whole
    assert citer.sentences == reference.sentences


def test_markers_of_every_form_go_and_the_models_own_sources_with_them() -> None:
    shown, citer = spoken(PROSE, [7])
    assert "【" not in shown and "**" not in shown and "99" not in shown and "invented" not in shown
    assert "(12)" in shown and "(in 2010)" in shown and "[2010]" in shown and "5 < 6" in shown
    assert not any(form in shown for form in ("¹", "^", "Article", "Source", "［", "<b>", "|", "---"))
    assert citer.sentences[0].text == "The toll in the U.S. Army base rose to 14." and citer.sentences[0].citations == (
        1,
    )
    assert max(number for sentence in citer.sentences for number in sentence.citations) <= len(citer.citations)


def test_strict_prose_shows_no_sentence_that_is_not_carried() -> None:
    shown, citer = spoken("The toll in the U.S. Army base rose to 14 [1]. The moon is cheese [1].", [5], strict=True)
    assert shown.strip() == "The toll in the U.S. Army base rose to 14. [1]"
    assert [sentence.verdict for sentence in citer.sentences] == ["quoted"]


def test_a_sentence_that_draws_on_two_places_shows_both() -> None:
    text = (
        "The ferry Aurora sank in heavy seas with 1,500 tonnes of cargo aboard. The sea was calm a day later. "
        "Bread prices rose in Oslo. Inspectors had warned the owner. Polar Line paid 700 crowns."
    )
    sentence = "The Aurora, for which Polar Line paid 700 crowns, sank with 1,500 tonnes of cargo aboard."
    citer = Citer(Reading(Found((passage_of(text),))), ModelChecker())
    judged = asyncio.run(citer.judged(sentence, [1], cut_off=False))
    quotes = [citer.citations[number - 1].quote.text for number in judged.citations]
    assert judged.verdict == "supported" and len(quotes) == 2
    assert any("700 crowns" in quote for quote in quotes) and any("1,500 tonnes" in quote for quote in quotes)


def test_a_stream_that_is_cut_is_judged_as_far_as_it_came() -> None:
    citer = Citer(Reading(Found((passage_of("The toll rose to 14."),))), ModelChecker())

    async def written() -> AsyncIterator[str]:
        yield "The toll rose to 14. [1] The ra"
        raise StreamCut

    async def all_of_it() -> list[str]:
        return [piece async for piece in citer.prose(written())]

    with pytest.raises(StreamCut):
        asyncio.run(all_of_it())
    assert [sentence.verdict for sentence in citer.sentences] == ["quoted", "unsupported"]
    assert citer.sentences[1].why == "cut off"


@pytest.mark.parametrize("end", ["The toll", "The toll rose to 14 [1]", "The toll rose to 1.", "The toll rose at U.S."])
def test_the_fragment_before_a_cut_carries_nothing(end: str) -> None:
    citer = Citer(Reading(Found((passage_of("The toll rose to 14. The toll rose at U.S. bases."),))), ModelChecker())

    async def written() -> AsyncIterator[str]:
        yield f"The toll rose to 14. [1] {end}"
        raise StreamCut

    async def all_of_it() -> str:
        return "".join([piece async for piece in citer.prose(written())])

    with pytest.raises(StreamCut):
        asyncio.run(all_of_it())
    assert [(sentence.verdict, sentence.citations) for sentence in citer.sentences] == [
        ("quoted", (1,)),
        ("unsupported", ()),
    ]


TOLL = "The toll in the U.S. Army base rose to 14."


@pytest.mark.parametrize("size", [1, 6, 1000])
@pytest.mark.parametrize(
    "marker",
    [
        "【1†source】", "【1†L1-L3】", "[[1]](https://x.example/a-2_3)", " [1](https://x.example)", "[1](#fn1)",
        " [Passage 1]", " (Source 1)", " (Source 2)", "^1^", "<sup>1</sup>", "<sup>[1]</sup>", "[^1]", "^[1]",
        " [1-3]", " [1, 2]", " [1 and 2]", " ([1], [2])", " {1}", "\\[1\\]", " $^{1}$", " [cite: 1]", " [1][2]",
        " (see passage 1)", " [Passage 1, Sample Wire]", "①", "¹", " (Source: a.txt)", '<a href="#1">[1]</a>', " [#1]",
        "\\cite{1}", " (1)", "［1］", " (Passages 1 and 3)",
    ],
)  # fmt: skip
def test_markers_of_every_dialect_are_resolved_or_dropped(marker: str, size: int) -> None:
    shown, citer = spoken(f"{TOLL}{marker} {TOLL}", [size])
    assert shown == f"{TOLL} [1] {TOLL} [1]\n"
    assert [sentence.verdict for sentence in citer.sentences] == ["quoted", "quoted"]


@pytest.mark.parametrize(
    "words", ["[sic]", "(2021)", "[2010]", "(Article 5)", "[12-year-old]", "(12)", "x² + 10⁹", "{a}"]
)
def test_brackets_that_are_no_marker_stay(words: str) -> None:
    for size in (1, 5, 1000):
        assert words in spoken(f"The toll {words} rose to 14 [1].", [size])[0]


def test_a_marker_of_many_digits_is_dropped() -> None:
    for marker in ("¹" * 5000, "[" + "1" * 5000 + "]", "[1" + ",1" * 5000 + "]"):
        shown, _ = spoken(f"{TOLL}{marker}", [1000])
        assert shown.startswith(TOLL)


async def test_a_slow_check_leaves_the_event_loop_free_and_can_be_cancelled() -> None:
    class Slow(FakeChecker):
        def check(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
            time.sleep(0.2)
            return super().check(sentence, cited, found)

    async def written() -> AsyncIterator[str]:
        yield "The toll rose to 14. [1] Then it fell. [1]"

    async def listen(citer: Citer) -> str:
        return "".join([piece async for piece in citer.prose(written())])

    async def tick() -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.01)

    beats: list[float] = []
    reading = Reading(Found((passage_of("The toll rose to 14."),)))
    ticking = asyncio.create_task(tick())
    assert await listen(Citer(reading, Slow())) == "The toll rose to 14. [1] Then it fell. [1]\n"
    citer = Citer(reading, Slow())
    listening = asyncio.create_task(listen(citer))
    await asyncio.sleep(0.1)
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    ticking.cancel()
    assert citer.sentences == [] and citer.citations == []
    assert sum(later - sooner < 0.15 for sooner, later in pairwise(beats)) > 10


def seconds(text: str, size: int) -> float:
    """The time to read a text in chunks of `size`, every sentence taken for supported."""

    async def written() -> AsyncIterator[str]:
        for low in range(0, len(text), size):
            yield text[low : low + size]

    async def listen() -> None:
        citer = Citer(Reading(Found((passage_of(TOLL),))), FakeChecker())
        async for _ in citer.prose(written()):
            pass

    began = time.process_time()
    asyncio.run(listen())
    return time.process_time() - began


@pytest.mark.torture
def test_a_very_long_line_takes_time_by_its_length() -> None:
    line = f"{TOLL} [1] " * 2000
    half, whole = (min(seconds(text, 16) for _ in range(2)) for text in (line, line * 2))
    assert len(line) * 2 > 180_000 and whole < 2.5 * half + 0.5 and whole < 30


@pytest.mark.parametrize("start", ["", "A "])
@pytest.mark.parametrize(
    "run",
    [
        *" \t\r-=*_\"'“[](){}<>|#^$`~\\/.,:;!?1a¹①【†日",
        "- ",
        '"(',
        "([",
        "[[",
        "[1",
        "[1]",
        "^1",
        "**_",
        "<a ",
        "](",
        "|-",
        "\\[",
    ],
)
def test_no_run_of_signs_is_slow(run: str, start: str) -> None:
    sizes = (20_000, 40_000)
    half, whole = (seconds(start + run * (size // len(run)), 256) for size in sizes)
    assert whole < 3 * half + 1


def test_a_sentence_of_a_correction_is_quoted_with_the_whole_note() -> None:
    text = "Correction: An earlier version of this story misstated the number. Fourteen people were saved."
    passage = Passage(
        1, Document("a", "news", "a.txt", "Ferry"), 0, len(text), text, spans=(Span(0, len(text), "correction"),)
    )
    citer, _ = followed(Reading(Found((passage,))), "Fourteen people were saved. [1]")
    assert [(citation.quote.text, citation.speaker) for citation in citer.citations] == [(text, None)]
