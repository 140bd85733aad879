"""How days, paragraphs and the state of an article are told."""

from __future__ import annotations

import pytest

from bot.conversation import Citation, Closest, Quote, Speaker
from bot.show.page import also_in, day, days, excerpt, facts, noted, pages, paragraphs, reference, said_by, within
from store.passage import Document, Span


def test_a_day_is_told_as_running_text_has_it() -> None:
    assert (day("2024-03-04"), day("2024-03"), day(None)) == ("4 Mar 2024", "Mar 2024", "undated")


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ([], ""),
        ([None], "undated"),
        (["2024-03", "2024-03-14"], "Mar 2024"),
        (["2024-03", "2024-05-02"], "Mar 2024 – 2 May 2024"),
        (["2024-03-14", "2024-03-14"], "14 Mar 2024"),
        (["2024-03-15", "2024-03-14"], "14–15 Mar 2024"),
        (["2010-07-02", "2010-06-30", None], "30 Jun 2010 – 2 Jul 2010, 1 undated"),
        (["2010-06-30", "2011-06-30"], "30 Jun 2010 – 30 Jun 2011"),
    ],
)
def test_several_days_are_told_at_once(published: list[str | None], told: str) -> None:
    assert days(published) == told


@pytest.mark.parametrize(
    ("corrected", "told"),
    [(None, "2026-05-01"), ("2026-05-07", "2026-05-01, corrected 7 May 2026"), ("", "2026-05-01, corrected")],
)
def test_a_reference_says_whether_its_article_was_corrected(corrected: str | None, told: str) -> None:
    document = Document("d", "r", "a.txt", "Ferry", published="2026-05-01", corrected=corrected)
    assert reference(document) == f"Ferry · no outlet · {told} · a.txt"


def test_the_paragraph_with_which_a_correction_begins_is_headed() -> None:
    text = "The ferry sank.\n\nCorrection: It was Monday.\n\nWe regret the error."
    document = Document("d", "r", "s", "t", text=text, spans=(Span(17, len(text), "correction"),))
    assert [noted(document, paragraph) for paragraph in paragraphs(document)] == ["", "Correction", ""]


def test_paragraphs_are_spans_of_the_text_and_front_matter_is_none() -> None:
    text = "---\ntitle: x\n---\nOne\r\nline.\r\n\r\n  Two.\n\n\nThree"
    document = Document("d", "r", "s", "t", text=text, spans=(Span(0, 17, "furniture", "front matter"),))
    assert [text[start:end] for start, end in paragraphs(document)] == ["One\r\nline.\r", "Two.", "Three"]


def test_other_outlets_are_named_and_never_the_articles_own_in_another_spelling() -> None:
    own, same, other = (
        Document(name, "news", f"{name}.txt", name, outlet=outlet)
        for name, outlet in (("a", "CNN"), ("b", "edition.cnn.com"), ("c", "The Week"))
    )
    quote = Quote("a", 1, 0, 1, "x")
    assert also_in([Citation(1, quote, own, also_in=(same,))]) == ""
    assert also_in([Citation(1, quote, own, also_in=(same, other, same))]).startswith(
        " · also in The Week · 2 outlets,"
    )


@pytest.mark.parametrize(("on", "told"), [([None], ""), ([3], " · p. 3"), ([5, 3, 5], " · pp. 3, 5")])
def test_the_printed_pages_of_quotes_are_told(on: list[int | None], told: str) -> None:
    article = Document("d", "r", "s", "t")
    quotes = [Citation(number, Quote("d", 1, 0, 1, "x", page=page), article) for number, page in enumerate(on, 1)]
    assert pages(quotes) == told


def test_the_part_of_a_span_in_another_is_empty_where_they_do_not_meet() -> None:
    assert within((2, 8), (5, 10)) == (5, 8)
    low, high = within((2, 4), (5, 10))
    assert low >= high


def test_an_article_that_has_changed_or_gone_says_so() -> None:
    old = Document("d1", "r", "s", "t", author="Jo", version=1)
    assert facts(old, [(1, None, True)]) == ["d1", "version 1 of 1", "by Jo"]
    assert "the file has changed since (now version 2)" in facts(old, [(1, None, False), (2, None, True)])[1]
    assert "no longer in its root" in facts(old, [(1, None, False)])[1]


PASSAGE = "It rained. The ferry sank on Monday. Nobody was hurt. The pier is closed."


@pytest.mark.parametrize(
    ("marked", "room", "shown"),
    [
        ("The ferry sank on Monday.", 240, "It rained. The ferry sank on Monday. …"),
        ("It rained.", 240, "It rained. The ferry sank on Monday. …"),
        ("The pier is closed.", 240, "… Nobody was hurt. The pier is closed."),
        ("The ferry sank on Monday.", 20, "… The ferry sank on Monday. …"),
        ("", 240, "It rained. …"),
    ],
)
def test_a_closest_passage_is_its_best_sentence_with_a_neighbour(marked: str, room: int, shown: str) -> None:
    low = 100 + PASSAGE.index(marked)
    marks = ((low, low + len(marked)),) if marked else ()
    text, start = excerpt(
        Closest("a", Quote("d", 1, 100, 100 + len(PASSAGE), PASSAGE), Document("d", "", "", ""), marks), room
    )
    assert text == shown
    assert text[low - start :].startswith(marked)


@pytest.mark.parametrize(
    ("speakers", "told"),
    [
        ([None], ""),
        ([Speaker("Ruth Hale", 0, 9)], " · said by Ruth Hale"),
        ([Speaker("The transport\noffice", 0, 20)], " · said by the transport office"),
        ([Speaker("An official", 0, 11, anonymous=True)], " · said by an official (unnamed)"),
        ([Speaker("Hale", 0, 4), Speaker("Hale", 9, 13)], " · said by Hale"),
        ([Speaker("Hale", 0, 4), None], " · [1] said by Hale"),
        ([Speaker("Hale", 0, 4), Speaker("Tom Reed", 9, 17)], " · [1] said by Hale · [2] said by Tom Reed"),
    ],
)
def test_who_says_the_quotes_of_an_article_is_told_once(speakers: list[Speaker | None], told: str) -> None:
    article, quote = Document("abcdefghij", "news", "a.txt", "A"), Quote("abcdefghij", 1, 0, 4, "Rain")
    citations = [Citation(number, quote, article, speaker=speaker) for number, speaker in enumerate(speakers, 1)]
    assert said_by(citations) == told
