"""PDF files: columns one after the other, paragraphs mended over lines and pages, running lines left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from printed import Put, bare_pdf, column, pdf, stream

from store import formats
from store.formats import Article, Unreadable

ROOF = (
    "The harbour council of Hallby voted on Tuesday to close the old fish market after a long dispute about its roof. "
    "Engineers had warned since spring that two beams were rotten, and the well-known auction hall has stood empty for "
    "nine weeks. The council expects that repairs would cost 4.2 million crowns, which it does not have."
)
LIND = (
    "Marta Lind, who has sold herring there since 1988, said she would not leave before the last day of October. She "
    "recalled that in 1994 a storm tore off half the roof and the market opened again within eleven days. A decision "
    "on the site is expected in November."
)
HEADLINE = Put(60, 780, "Fish market to close in October", size=24, bold=True)


def read(data: bytes) -> Article:
    """The one article of a PDF file."""
    (article,) = formats.read(Path("a.pdf"), data)
    assert isinstance(article, Article)
    for span in article.spans:
        assert 0 <= span.start < span.end <= len(article.text)
    return article


def marked(article: Article, kind: str) -> list[tuple[str, str]]:
    """The values of the spans of a kind, each with its text."""
    return [(span.value, article.text[span.start : span.end]) for span in article.spans if span.kind == kind]


def story(article: Article) -> str:
    """The text below the headline, in one line."""
    return " ".join(article.text.split("\n\n", 1)[1].split())


# Columns


@pytest.mark.parametrize(
    ("places", "letters"),
    [([(60, 740), (310, 740)], 44), ([(60, 740), (310, 735)], 44), ([(50, 740), (220, 740), (390, 740)], 28)],
    ids=["two", "two of unlike baselines", "three"],
)
@pytest.mark.parametrize("mixed", [False, True], ids=["in order", "row by row"])
def test_columns_are_read_one_after_the_other(places: list[tuple[int, int]], letters: int, mixed: bool) -> None:
    lines = [put.text for put in column(0, 0, f"{ROOF} {LIND}", letters)]
    size = -(-len(lines) // len(places))
    sheet = [put for n, at in enumerate(places) for put in column(*at, lines[n * size : (n + 1) * size])]
    if mixed:
        sheet.sort(key=lambda put: (-put.y, put.x))
    article = read(pdf([HEADLINE, *sheet]))
    assert story(article) == f"{ROOF} {LIND}"
    assert article.title == HEADLINE.text


def test_a_box_across_the_page_parts_the_columns_above_it_from_those_below() -> None:
    box = Put(
        60, 640, "In figures: 41 stalls, nine weeks without an auction, 4.2 million crowns for the roof alone.", 9
    )
    above, below = column(0, 0, ROOF), column(0, 0, LIND)
    sheet = [
        *column(60, 740, [put.text for put in above[:4]]), *column(310, 740, [put.text for put in above[4:]]), box,
        *column(60, 600, [put.text for put in below[:3]]), *column(310, 600, [put.text for put in below[3:]]),
    ]  # fmt: skip
    assert story(read(pdf([HEADLINE, *sheet]))) == f"{ROOF} {box.text} {LIND}"


def test_a_sentence_over_a_column_with_a_caption_under_it_stands_in_one_piece() -> None:
    lines = [put.text for put in column(0, 0, ROOF)]
    caption = Put(60, 660, "The roof in 2015. Photo: A. Berg", 7)
    sheet = [HEADLINE, *column(60, 740, lines[:4]), caption, *column(310, 740, [*lines[4:]])]
    article = read(pdf(sheet))
    assert ROOF in article.text.split("\n\n") and caption.text in article.text.split("\n\n")


def test_a_sentence_around_a_quotation_in_large_letters_stands_in_one_piece() -> None:
    lines = [put.text for put in column(0, 0, ROOF)]
    quotation = column(70, 650, ["“Two beams", "are rotten”"], leading=18)
    sheet = [HEADLINE, *column(60, 740, lines[:5]), *(Put(put.x, put.y, put.text, 16) for put in quotation)]
    text = read(pdf([*sheet, *column(60, 600, lines[5:]), *column(310, 740, LIND)])).text
    assert ROOF in text.split("\n\n") and "“Two beams are rotten”" in text.split("\n\n")


def test_a_second_story_with_columns_of_its_own_is_read_after_the_first() -> None:
    second = Put(60, 600, "Ice on the lake", size=18, bold=True)
    sheet = [
        HEADLINE, *column(60, 740, ROOF[:114], 30), *column(310, 740, ROOF[114:230], 30),
        second, *column(60, 575, LIND[:108], 30), *column(310, 575, LIND[108:209], 30),
    ]  # fmt: skip
    text = story(read(pdf(sheet)))
    assert text.index(ROOF[150:200]) < text.index(second.text) < text.index("Marta Lind")


def test_rows_of_a_table_are_lines_with_their_cells_apart() -> None:
    rows = [("Harbour", "Stalls", "Tons"), ("Hallby", "41", "920"), ("Tarn", "17", "310"), ("Norr", "5", "88")]
    cells = [
        Put(x, 600 - 14 * n, cell) for n, row in enumerate(rows) for x, cell in zip((60, 200, 300), row, strict=True)
    ]
    text = read(pdf([HEADLINE, *column(60, 740, ROOF, 90), *cells, *column(60, 520, LIND, 90)])).text
    assert "Hallby · 41 · 920\n" in text and "Tarn · 17 · 310\n" in text
    assert ROOF in text and LIND in text


# Lines and paragraphs


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("It was the last bak-", "ery in the street, she said.", "bakery in"),
        ("He is the well-", "known owner of the mill.", "well-known owner"),
        ("The move was state-", "funded until spring, he said.", "state-funded until"),
        ("In the Anglo-", "Norwegian treaty of that year.", "Anglo-Norwegian"),
        ("A bridge of 20-", "metre spans will follow it.", "20-metre"),
        ("The gar-field lies near the gar-", "field of old, they say.", "gar-field of"),
        ("It was a well-known thing that", "they all knew there.", "well-known thing that they all"),
    ],
)
def test_a_hyphen_at_a_line_s_end_is_left_out_where_it_only_broke_the_word(
    first: str, second: str, joined: str
) -> None:
    assert joined in read(pdf([HEADLINE, *column(60, 700, [first, second])])).text


def test_paragraphs_are_told_by_indents_and_by_white_rows() -> None:
    indented = [*column(60, 728, ROOF, 90), *column(60, 640, LIND, 90)]
    whole = [Put(72 if put in (indented[0],) else put.x, put.y, put.text) for put in indented]
    assert read(pdf([HEADLINE, *whole])).text.split("\n\n")[1:] == [ROOF, LIND]
    lines = [put.text for put in column(0, 0, ROOF, 90)]
    more = [put.text for put in column(0, 0, LIND, 90)]
    sheet = column(60, 740, [*lines, *more])
    sheet = [Put(72 if put.text in (lines[0], more[0]) else 60, put.y, put.text) for put in sheet]
    assert read(pdf([HEADLINE, *sheet])).text.split("\n\n")[1:] == [ROOF, LIND]


def test_items_of_a_list_keep_their_lines() -> None:
    items = ["• the beams of the roof, which are rotten", "• the hall and its nine doors", "• 41 stalls"]
    text = read(pdf([HEADLINE, *column(60, 740, ROOF, 90), *column(60, 670, items)])).text
    assert "\n\n" + "\n".join(items) in text


def test_a_tall_initial_begins_its_word_and_the_raised_number_of_a_note_is_left_out() -> None:
    sheet = [
        HEADLINE, Put(60, 716, "T", size=36), Put(84, 740, "he office"), Put(126.5, 744, "2", size=6),
        Put(134, 740, "sold flour that year, as the owner of the mill said"), Put(84, 728, "to a reporter of ours."),
    ]  # fmt: skip
    assert "The office sold flour that year" in read(pdf(sheet)).text


def test_a_space_in_the_file_counts_where_the_letters_leave_no_room() -> None:
    tight = [
        Put(60, 740, "The council voted "),
        Put(138.2, 740, "on Tuesday."),
        Put(196, 740, "It was la"),
        Put(232.5, 740, "te."),
    ]
    assert story(read(pdf([HEADLINE, *tight]))) == "The council voted on Tuesday. It was late."


def test_headings_have_levels_by_the_size_of_their_letters() -> None:
    sheet = [
        HEADLINE, *column(60, 740, ROOF, 90), Put(60, 680, "Who pays for it", size=14),
        *column(60, 660, LIND, 90), Put(60, 610, "What comes next", bold=True), *column(60, 595, ROOF, 90),
    ]  # fmt: skip
    assert marked(read(pdf(sheet)), "heading") == [
        ("1", HEADLINE.text), ("2", "Who pays for it"), ("3", "What comes next"),
    ]  # fmt: skip


def test_a_page_printed_sideways_is_read_upright() -> None:
    turned = pdf([HEADLINE, *column(60, 740, ROOF)])
    assert read(pdf([HEADLINE, *column(60, 740, ROOF)], turned=180)).text == read(turned).text
    sideways = stream(
        "BT " + " ".join(f"/F1 10 Tf 0 1 -1 0 {100 + 12 * n} 60 Tm ({put.text}) Tj" for n, put in
        enumerate(column(0, 0, ROOF))) + " ET"
    )  # fmt: skip
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 90 /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, sideways, font]
    assert read(bare_pdf(objects, "")).text == ROOF


# Pages


def on_pages() -> bytes:
    """A story on three pages, each with a running head and its number."""
    lines = [put.text for put in column(0, 0, f"{ROOF} {LIND}", 80)]
    parts = [lines[:3], lines[3:6], lines[6:]]
    sheets = [
        [Put(60, 815, "The Hallby Post", 8), Put(440, 815, "Saturday edition", 8), *column(60, 740, part),
         Put(290, 30, str(number), 8)]
        for number, part in enumerate(parts, 4)
    ]  # fmt: skip
    return pdf([HEADLINE, *sheets[0]], *sheets[1:])


def test_a_page_s_number_stays_with_its_text_and_running_lines_are_left_out() -> None:
    article = read(on_pages())
    assert story(article) == f"{ROOF} {LIND}"
    pages = marked(article, "page")
    assert [number for number, _ in pages] == ["1", "2", "3"]
    assert pages[0][1].startswith(HEADLINE.text) and pages[2][1].endswith("expected in November.")
    assert " ".join(text for _, text in pages) == article.text


def test_a_running_line_may_state_the_day() -> None:
    foot = [Put(60, 30, "The Hallby Post, published 3 April 2016", 8), Put(500, 30, "7", 8)]
    article = read(pdf([HEADLINE, *column(60, 740, ROOF), *foot], [*column(60, 740, LIND), *foot]))
    assert story(article) == f"{ROOF} {LIND}" and article.published == "2016-04-03"


def test_a_sentence_over_a_page_s_notes_stands_in_one_piece() -> None:
    lines = [put.text for put in column(0, 0, ROOF, 60)]
    note = Put(60, 120, "* The figures are those of the harbour trust, of May.", 7)
    article = read(pdf([HEADLINE, *column(60, 740, lines[:4]), note], column(60, 740, lines[4:])))
    assert ROOF in article.text.split("\n\n") and note.text in article.text
    assert [number for number, _ in marked(article, "page")] == ["1", "2"]


def test_pages_without_text_are_named() -> None:
    article = read(pdf([HEADLINE, *column(60, 740, ROOF)], [], []))
    assert article.warnings == ("pages 2, 3 of 3 have no text, as a scan has none",)
    with pytest.raises(Unreadable, match="it is a scan: no page has text"):
        read(pdf([], []))


def test_what_a_browser_prints_around_a_page_is_left_out_but_for_the_address() -> None:
    around = [
        Put(24, 820, "12/3/2023, 10:15 AM", 8), Put(250, 820, "Fish market to close | The Hallby Post", 8),
        Put(24, 20, "https://post.example/fish/market", 8), Put(560, 20, "1/1", 8),
    ]  # fmt: skip
    article = read(pdf([*around, HEADLINE, *column(60, 740, ROOF)]))
    assert (article.url, article.published) == ("https://post.example/fish/market", None)
    assert story(article) == ROOF


# Facts


@pytest.mark.parametrize("name", ["fish_final.indd", "untitled", "Microsoft Word - fish.doc", "Layout 1", "x"])
def test_the_title_is_the_largest_text_and_no_file_s_name(name: str) -> None:
    assert read(pdf([HEADLINE, *column(60, 740, ROOF)], info=f"/Title ({name})")).title == HEADLINE.text
    plain = column(60, 740, [*(put.text for put in column(0, 0, ROOF, 80))])
    assert read(pdf(plain, info=f"/Title ({name})")).title.startswith("The harbour council")


def test_the_file_s_own_title_counts_where_no_text_is_larger() -> None:
    article = read(pdf(column(60, 740, ROOF, 80), info="/Title (Fish market to close in October)"))
    assert article.title == "Fish market to close in October"


@pytest.mark.parametrize(
    ("info", "author"),
    [
        ("/Author (Marta Lind)", "Marta Lind"),
        ("/Author (Marta van der Lind and Olof Berg)", "Marta van der Lind and Olof Berg"),
        ("/Author (admin)", None),
        ("/Author (Microsoft Office User)", None),
        ("/Author (The Hallby Post)", None),
        ("/Author (C:\\\\lind)", None),
    ],
)
def test_the_author_is_a_name(info: str, author: str | None) -> None:
    assert read(pdf([HEADLINE, *column(60, 740, ROOF)], info=info)).author == author


@pytest.mark.parametrize(
    ("line", "published", "updated", "source"),
    [
        ("Published 3 April 2016", "2016-04-03", None, "statement"),
        ("Published: April 3, 2016 · Updated: April 5, 2016", "2016-04-03", "2016-04-05", "statement"),
        ("Sunday 3 April 2016", "2016-04-03", None, "dateline"),
        ("HALLBY, 3 April 2016", "2016-04-03", None, "dateline"),
        ("By Marta Lind | April 3, 2016, 10:15 am", "2016-04-03", None, "dateline"),
        ("Photo: Marta Lind | 3 April 2016", None, None, None),
        ("Published April 2016", "2016-04", None, "statement"),
        ("Published 3/4/2016", None, None, None),
        ("Archive photo, 3 April 2016", None, None, None),
    ],
)
def test_the_day_is_that_of_a_plain_statement_and_never_the_file_s(
    line: str, published: str | None, updated: str | None, source: str | None
) -> None:
    info = "/CreationDate (D:20190505120000Z) /ModDate (D:20200505120000Z)"
    article = read(pdf([HEADLINE, Put(60, 760, line, 9), *column(60, 740, ROOF)], info=info))
    assert (article.published, article.updated, article.date_source) == (published, updated, source)
    assert bool(article.warnings) == (line == "Published 3/4/2016")


def test_the_name_of_the_paper_over_its_front_page_is_the_outlet_and_no_title() -> None:
    top = [Put(150, 805, "HALLBY POST", 30, bold=True), Put(60, 788, "Sunday 3 April 2016", 9)]
    article = read(pdf([*top, Put(60, 750, HEADLINE.text, 24), *column(60, 720, ROOF)]))
    assert (article.title, article.outlet, article.published) == (HEADLINE.text, "HALLBY POST", "2016-04-03")


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("The Hallby Post", []),
        ("HALLBY", [Put(60, 788, "No. 112, price 2 crowns", 9)]),
        ("Hallby Today", [Put(60, 828, "Sunday 3 April 2016", 9)]),
        ("Hallby Today", [Put(60, 788, "All the news of the valley since 1871", 9)]),
        ("Hallby Today", [Put(60, 788, "www.hallby.example", 9), Put(60, 772, "LOCAL NEWS", 12)]),
    ],
)
def test_a_paper_is_told_by_its_name_or_by_what_stands_beside_it(name: str, beside: list[Put]) -> None:
    top = sorted([Put(150, 805, name, 36), *beside], key=lambda put: -put.y)
    article = read(pdf([*top, Put(60, 750, HEADLINE.text, 20), *column(60, 720, ROOF)]))
    assert (article.title, article.outlet) == (HEADLINE.text, name)


@pytest.mark.parametrize("beside", ["Sunday 3 April 2016", "By Ida Roth"])
def test_a_short_headline_over_a_longer_line_is_no_paper(beside: str) -> None:
    top = [Put(60, 805, "Fish market closes", 30), Put(60, 788, beside, 9)]
    article = read(
        pdf([*top, Put(60, 750, "The council wants a new hall for eleven sellers", 16), *column(60, 720, ROOF)])
    )
    assert (article.title, article.outlet) == ("Fish market closes", None)


@pytest.mark.parametrize("fenced", [True, False])
def test_metadata_printed_at_the_top_counts_as_front_matter(fenced: bool) -> None:
    lines = ["title: Fish market to close in October", "outlet: Hallby Post", "published: 2016-04-03"]
    lines = ["---", *lines, "---"] if fenced else lines
    article = read(pdf([*column(60, 780, lines, 80), *column(60, 700, ROOF, 80)]))
    assert article.text.endswith(ROOF) and story(article) == ROOF
    assert (article.title, article.outlet, article.published) == (HEADLINE.text, "Hallby Post", "2016-04-03")
    assert article.date_source == "front matter"
