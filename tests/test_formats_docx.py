"""Word files: the text once every change is accepted, with its tables, notes, lists and headings."""

from __future__ import annotations

import io
import textwrap
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import WORD, column, docx, paragraph, pdf, run

from store import formats
from store.formats import Article
from store.formats.docx import parse

STYLES = (
    '<w:styles><w:style w:styleId="Rubrik1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Rubrik2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="Our heading"/><w:basedOn w:val="Rubrik2"/></w:style>'
    '<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:styleId="Innehll1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:styleId="Dots"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    "</w:style></w:styles>"
)
NUMBERING = (
    '<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    "</w:numbering>"
)
PARTS = {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING}


def read(body: str, parts: dict[str, str] | None = None, properties: str = "") -> Article:
    """The one article of a Word file with that body."""
    (article,) = formats.read(Path("a.docx"), docx(body, PARTS | (parts or {}), properties=properties))
    assert isinstance(article, Article)
    for span in article.spans:
        assert 0 <= span.start < span.end <= len(article.text)
    return article


def item(text: str, number: int = 1, level: int = 0) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{numbering}</w:pPr>{run(text)}</w:p>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (["The dike cost ", f"<w:del>{run('7')}</w:del>", f"<w:ins>{run('9')}</w:ins>", " million."],
         "The dike cost 9 million."),
        ([f"<w:moveFrom>{run('Old ')}</w:moveFrom>", "The dike, ", f"<w:moveTo>{run('the old ')}</w:moveTo>", "one."],
         "The dike, the old one."),
        (["Says ", f"<w:hyperlink>{run('the ministry')}</w:hyperlink>", "."], "Says the ministry."),
        ([f"<w:smartTag><w:sdt><w:sdtContent>{run('The dike')}</w:sdtContent></w:sdt></w:smartTag>", "."], "The dike."),
        (["Seen.", run("not for print", "<w:vanish/>"), run(" Shown.", '<w:vanish w:val="false"/>')], "Seen. Shown."),
        (["On ", '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE \\@ "d"</w:instrText></w:r>'
          '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "Monday", '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
          " it broke."], "On Monday it broke."),
        ([f'<w:fldSimple w:instr="PAGE">{run("Four")}</w:fldSimple>', " died."], "Four died."),
        (["A well", "<w:r><w:noBreakHyphen/></w:r>", "known har", "<w:r><w:softHyphen/></w:r>", "bour."],
         "A well-known harbour."),
        (["The\u00a0o\ufb03ce in Malmo\u0308,", "<w:r><w:tab/></w:r>", "he said."], "The office in Malmö, he said."),
        (["The dike", '<w:commentRangeStart w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>', " held."],
         "The dike held."),
        (["Built in ", f"<w:ruby><w:rt>{run('kyo')}</w:rt><w:rubyBase>{run('Kyoto')}</w:rubyBase></w:ruby>", "."],
         "Built in Kyoto."),
        (['<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>' + run("Click here") + "</w:sdtContent></w:sdt>",
          "The dike held."], "The dike held."),
    ],
    ids=[
        "replaced", "moved", "linked", "wrapped", "hidden", "a field", "a simple field", "hyphens", "signs",
        "a comment", "a reading aid", "a placeholder",
    ],
)  # fmt: skip
def test_the_text_stands_as_it_is_once_every_change_is_accepted(runs: list[str], text: str) -> None:
    assert read(paragraph(*runs)).text == text


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    first = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('The dike broke ')}</w:p>"
    assert read(first + paragraph("at noon.") + paragraph("It held.")).text == "The dike broke at noon.\n\nIt held."


def test_what_is_hidden_by_its_style_and_a_table_of_contents_are_left_out() -> None:
    body = paragraph("One ...... 3", style="Innehll1") + paragraph("A note to self.", style="Gone") + paragraph("Seen.")
    assert read(body).text == "Seen."


def test_headings_have_the_level_of_their_style_in_any_language() -> None:
    body = (
        paragraph("The dike holds", style="Titel") + paragraph("Water rose all night.")
        + paragraph("The repairs", style="Rubrik1") + paragraph("They cost nine million.")
        + paragraph("Who pays", style="Own") + paragraph("The state pays.")
    )  # fmt: skip
    article = read(body)
    headings = [(span.value, article.text[span.start : span.end]) for span in article.spans if span.kind == "heading"]
    assert headings == [("1", "The dike holds"), ("1", "The repairs"), ("2", "Who pays")]
    assert article.title == "The dike holds"


def test_rows_of_a_table_are_lines_and_cells_of_running_text_are_paragraphs() -> None:
    cells = [paragraph("Tarn"), paragraph("61,000") + paragraph("homes dark"), paragraph()]
    deleted = row(paragraph("Hult"), paragraph("9"), properties="<w:trPr><w:del/></w:trPr>")
    long = "The water rose all night and stood at the door in the morning. " * 8
    body = f"<w:tbl>{row(*cells)}{deleted}{row(paragraph('Norr'), paragraph('3'))}</w:tbl>"
    columns = f"<w:tbl>{row(paragraph(long), paragraph('He left.'))}</w:tbl>"
    assert read(paragraph("Dark:") + body + columns).text.split("\n\n") == [
        "Dark:", "Tarn · 61,000 homes dark", "Norr · 3", long.strip(), "He left.",
    ]  # fmt: skip


def test_lists_keep_their_lines_and_numbers() -> None:
    styled = '<w:p><w:pPr><w:pStyle w:val="Dots"/></w:pPr>' + run("pumps") + "</w:p>"
    body = paragraph("Needed:") + item("sand") + styled + item("first", 2) + item("inner", 2, 1) + item("second", 2)
    assert read(body).text == "Needed:\n\n• sand\n• pumps\n1. first\n1. inner\n2. second"


def test_notes_stand_at_the_end_in_the_order_of_the_text() -> None:
    refer = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    body = paragraph("The dike", refer.format("endnote", 2), " held", refer.format("footnote", 3), ".") + paragraph(
        "All of it", refer.format("footnote", 2), "."
    )
    notes = (
        f'<w:footnotes><w:footnote w:type="separator" w:id="0">{paragraph("---")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Without the islands.")}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph("Since May.")}</w:footnote></w:footnotes>'
    )
    ends = f'<w:endnotes><w:endnote w:id="2">{paragraph("Built in 1931.")}</w:endnote></w:endnotes>'
    text = read(body, {"word/footnotes.xml": notes, "word/endnotes.xml": ends}).text
    assert text.split("\n\n") == [
        "The dike held.", "All of it.", "Since May.", "Without the islands.", "Built in 1931.",
    ]  # fmt: skip


def test_a_text_box_is_read_once_after_the_paragraph_that_it_hangs_on() -> None:
    box = f"<w:txbxContent>{paragraph('In figures: 41 pumps.')}</w:txbxContent>"
    choice = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(paragraph("The dike ", choice, "held.")).text == "The dike held.\n\nIn figures: 41 pumps."


@pytest.mark.parametrize(
    ("creator", "author"),
    [("Marta Lind", "Marta Lind"), ("Microsoft Office User", None), ("python-docx", None), ("mlind", None), ("", None)],
)
def test_the_creator_is_the_author_where_it_is_a_name(creator: str, author: str | None) -> None:
    properties = (
        f"<dc:creator>{creator}</dc:creator><dcterms:created>2019-05-05T10:00:00Z</dcterms:created>"
        "<dcterms:modified>2020-05-05T10:00:00Z</dcterms:modified><dc:title>The dike holds</dc:title>"
    )
    article = read(paragraph("The water rose all night and fell in the morning."), properties=properties)
    assert (article.author, article.published, article.updated) == (author, None, None)
    assert article.title == "The dike holds"


def test_a_short_first_line_is_the_headline_without_any_style() -> None:
    article = read(paragraph("Dike holds at Tarn") + paragraph("The water rose all night."))
    assert article.title == "Dike holds at Tarn"
    assert [(span.start, span.end, span.kind) for span in article.spans] == [(0, 18, "heading")]
    assert not read(paragraph("The water rose all night.") + paragraph("It fell.")).spans


def test_byline_and_day_are_taken_from_the_text() -> None:
    body = (
        paragraph("The dike holds", style="Titel") + paragraph("By Marta Lind") + paragraph("Published 3 April 2016")
        + paragraph("The water rose all night.") + paragraph("Source: Tarn Courier")
    )  # fmt: skip
    article = read(body, properties="<dc:creator>Olof Berg</dc:creator>")
    assert (article.title, article.author, article.published) == ("The dike holds", "Marta Lind", "2016-04-03")
    assert (article.outlet, article.date_source) == ("Tarn Courier", "statement")


def test_front_matter_typed_into_the_document_counts() -> None:
    lines = "<w:r><w:br/></w:r>".join(map(run, ("title: The dike holds", "outlet: Tarn Courier", "date: 2016-04-03")))
    article = read(f"<w:p>{lines}</w:p>" + paragraph("The water rose all night."))
    assert (article.title, article.outlet, article.published) == ("The dike holds", "Tarn Courier", "2016-04-03")


BRIEF = """---
title: Dike holds at Tarn
outlet: Tarn Courier
author: Marta Lind
published: 2016-04-03
---
The dike at Tarn held on Friday, said Olof Berg, though the water had risen to 5.3 metres by noon and stood at the
doors of the well-known auction hall. Nine pumps ran all night.

“We were lucky,” he said. Repairs would cost 4.2 million crowns, the trust said, and would be done before the autumn.
"""


@pytest.mark.parametrize("columns", [1, 2])
def test_a_brief_is_the_same_article_as_text_as_pdf_and_as_a_word_file(columns: int) -> None:
    (plain,) = formats.read(Path("a.md"), BRIEF.encode())
    front, _, body = BRIEF.partition("---\nThe")
    blocks = [front + "---", *("The" + body).split("\n\n")]
    typed = "".join(
        f"<w:p>{'<w:r><w:br/></w:r>'.join(map(run, block.strip().split(chr(10))))}</w:p>" for block in blocks
    )
    width = 90 // columns
    lines = [line for block in blocks[1:] for line in [*textwrap.wrap(" ".join(block.split()), width), ""]]
    half = -(-len(lines) // columns)
    sheet = column(60, 780, blocks[0].split("\n"))
    for n in range(columns):
        sheet += [put for put in column(60 + 260 * n, 680, lines[n * half : (n + 1) * half]) if put.text]
    for name, data in (("a.docx", docx(typed)), ("a.pdf", pdf(sheet))):
        (article,) = formats.read(Path(name), data)
        assert isinstance(article, Article) and isinstance(plain, Article)
        for fact in ("title", "outlet", "author", "published", "updated", "date_source"):
            assert getattr(article, fact) == getattr(plain, fact), (name, fact)
        assert article.text.split() == plain.text.split(), name


def test_a_deleted_cell_is_left_out_and_a_page_break_parts_no_sentence() -> None:
    gone = "<w:tcPr><w:cellDel/></w:tcPr>" + paragraph("7")
    assert read(f"<w:tbl>{row(paragraph('Tarn'), gone, paragraph('9'))}</w:tbl>").text == "Tarn · 9"
    assert read(paragraph("The dike", '<w:r><w:br w:type="page"/></w:r>', "held.")).text == "The dike held."


def test_the_strict_form_of_the_format_is_read_from_where_it_keeps_its_text() -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
        b' Target="/word/main.xml" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/>'
        b"</Relationships>"
    )
    main = docx(paragraph("The dike held."))
    with zipfile.ZipFile(io.BytesIO(main)) as archive:
        text = archive.read("word/document.xml").replace(
            WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
    (article,) = formats.read(Path("a.docx"), docx("", {"_rels/.rels": relations, "word/main.xml": text}))
    assert isinstance(article, Article) and article.text == "The dike held."


def test_a_word_file_is_told_by_its_content() -> None:
    (article,) = formats.read(Path("a.txt"), docx(paragraph("The dike held.")))
    assert isinstance(article, Article) and article.text == "The dike held."


def test_files_of_other_word_processors_are_named_but_not_among_those_that_are_read() -> None:
    assert {".doc", ".odt", ".rtf", ".pages"} == set(formats.suffixes()) - set(formats.readable())


@given(st.lists(st.text(st.characters(min_codepoint=32, exclude_characters="<>&", exclude_categories=("Cs", "Cc")))))
def test_spans_lie_within_the_text_whatever_it_holds(texts: list[str]) -> None:
    body = "".join(paragraph(run(text), style="Rubrik1" if n % 2 else "") for n, text in enumerate(texts))
    article = parse(docx(body + paragraph("The dike held."), PARTS))
    for span in article.spans:
        assert 0 <= span.start < span.end <= len(article.text)
    assert article.title and article.text.endswith("The dike held.")
