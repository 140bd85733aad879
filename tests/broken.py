"""Broken and hostile PDF and Word files, made here, each with words of the reason for which it is skipped."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable

from printed import WORD, Put, bare_pdf, docx, paragraph, pdf, stream

WHOLE = pdf([Put(60, 780, "Fish market to close", 24), Put(60, 740, "The council voted on Tuesday.")])
LETTER = docx(paragraph("The council voted on Tuesday."))
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
DAMAGED = "damaged|scan|no pages|breaks its reader"


def one_page(content: str, *more: str, pages: str = PAGES, page: str = PAGE, trailer: str = "") -> bytes:
    return bare_pdf([CATALOGUE, pages, page, content, FONT, *more], trailer)


def bomb(content: bytes, times: int) -> bytes:
    """A page whose compressed content repeats a stretch; packed once, for packed stretches may follow one another."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"BT /F1 10 Tf 60 100 Td ") + packer.flush(zlib.Z_FULL_FLUSH)
    stretch = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + stretch * times + packer.compress(b"ET") + packer.flush()
    marked = one_page(f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n@@\nendstream")
    return marked.replace(b"@@", data)  # its table of places is then wrong, and is built anew


def white() -> bytes:
    """A page of two gigabytes of spaces."""
    return bomb(b" " * 2**20, 2_000)


def encrypted() -> bytes:
    standard = f"<< /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >>"
    return one_page(stream("BT ET"), standard, trailer="/Encrypt 6 0 R /ID [<00><00>]")


def many_pages(count: int) -> bytes:
    kids = " ".join(["3 0 R"] * count)
    return one_page(
        stream("BT /F1 9 Tf 60 700 Td (a) Tj ET"), pages=f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"
    )


def unnamed_letters() -> bytes:
    """Text in a font whose letters have no names."""
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype"
        " /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        " /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >>] >>"
    )
    return bare_pdf([CATALOGUE, PAGES, PAGE, stream(f"BT /F1 10 Tf 60 700 Td <{'E123' * 60}> Tj ET"), font], "")


PDF: dict[str, tuple[Callable[[], bytes], str]] = {
    "a head alone": (lambda: b"%PDF-1.7\n", DAMAGED),
    "noise": (lambda: b"%PDF-1.7\n" + random.Random(3).randbytes(200_000), DAMAGED),
    "a page of the web": (lambda: b"<p>Not found</p>" * 100, "no PDF file"),
    "cut short": (lambda: WHOLE[: len(WHOLE) // 2], DAMAGED),
    "cut in the first object": (lambda: WHOLE[:60], DAMAGED),
    "encrypted": (encrypted, "encrypted; save it without a password"),
    "encrypted by an unknown handler": (
        lambda: one_page(stream("BT ET"), "<< /Filter /Vault /V 9 /R 9 >>", trailer="/Encrypt 6 0 R /ID [<00><00>]"),
        "encrypted",
    ),
    "a page tree in a circle": (
        lambda: one_page(stream("BT ET"), pages="<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"),
        DAMAGED,
    ),
    "a page that is its own parent": (
        lambda: one_page(stream("BT ET"), page=PAGE.replace("/Parent 2 0 R", "/Parent 3 0 R")),
        DAMAGED,
    ),
    "a million pages, it says": (
        lambda: one_page(stream("BT ET"), pages=PAGES.replace("/Count 1", "/Count 1000000")),
        DAMAGED + "|over the limit",
    ),
    "ten thousand pages": (lambda: many_pages(10_000), "10,000 pages, over the limit"),
    "no pages": (lambda: one_page(stream("BT ET"), pages="<< /Type /Pages /Kids [] /Count 0 >>"), DAMAGED),
    "ten million letters on a page": (
        lambda: bomb(b"0 12 Td (" + b"abcdefghijklmnopqrstuvwxyz" * 100 + b") Tj ", 4_000),
        "over the limit|breaks its reader|memory|longer than",
    ),
    "gigabytes of white": (white, DAMAGED + "|longer than"),
    "a form that draws itself": (
        lambda: one_page(
            stream("/X Do"),
            "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
            " /Length 5 >>\nstream\n/X Do\nendstream",
            page=PAGE.replace("/Font", "/XObject << /X 6 0 R >> /Font"),
        ),
        DAMAGED,
    ),
    "lists in lists": (lambda: one_page("[" * 200_000 + "]" * 200_000), DAMAGED),
    "a table of contents in a circle": (lambda: one_page("4 0 R"), DAMAGED),
    "a page without size": (
        lambda: one_page(stream("BT ET"), page=PAGE.replace("[0 0 595 842]", "[0 0 0 0]")),
        DAMAGED,
    ),
    "letters at no place": (
        lambda: one_page(stream("BT /F1 1e38 Tf 1e38 1e38 1e38 1e38 1e38 1e38 Tm (abc) Tj ET")),
        DAMAGED,
    ),
    "letters without names": (unnamed_letters, "its letters cannot be told"),
}


def archive(*files: tuple[str, bytes], store: bool = False) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED if store else zipfile.ZIP_DEFLATED) as into:
        for name, content in files:
            into.writestr(name, content)
    return data.getvalue()


def word(document: bytes) -> bytes:
    return archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document))


def flagged(data: bytes) -> bytes:
    """An archive whose parts say that they are encrypted."""
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01").replace(
        b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01"
    )


OPEN = f'<w:document xmlns:w="{WORD}"><w:body>'.encode()
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
DOCX: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut short": (lambda: LETTER[:-200], "damaged or cut short"),
    "noise in an archive": (lambda: b"PK\x03\x04" + random.Random(4).randbytes(9_000), "damaged or cut short"),
    "a wrong checksum": (
        lambda: archive(("word/document.xml", OPEN + b"<w:p/></w:body></w:document>"), store=True).replace(
            b"<w:p/>", b"<w:q/>"
        ),
        "damaged",
    ),
    "an empty archive": (lambda: archive(), "damaged|parts"),
    "no text in it": (lambda: docx(paragraph("")), "no text"),
    "without its document": (lambda: archive(("word/styles.xml", b"<a/>")), "its text is missing"),
    "a bomb": (lambda: word(OPEN + b"<w:p/>" * 40_000_000), "would unpack to"),
    "a bomb of many parts": (lambda: archive(*((f"word/{n}", b"") for n in range(20_000))), "20,000 parts"),
    "entities in entities": (
        lambda: word(f"<!DOCTYPE w [{ENTITIES}]>".encode() + OPEN + b"&e11;</w:body></w:document>"),
        "document type",
    ),
    "an entity from a file": (
        lambda: word(b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + OPEN + b"&x;</w:body></w:document>"),
        "document type",
    ),
    "in UTF-16, with entities": (
        lambda: word(f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w [{ENTITIES}]><w>&e11;</w>'.encode("utf-16")),
        "document type",
    ),
    "elements in elements": (lambda: word(OPEN + b"<w:p>" * 100_000), "deep in one another"),
    "ended in mid-element": (lambda: word(OPEN + b"<w:p><w:r><w:t>The coun"), "not well-formed"),
    "no XML": (lambda: word(b"\x00\x01\x02" * 99), "not well-formed"),
    "six million letters": (
        lambda: word(
            OPEN
            + b"<w:p><w:r>"
            + b"".join(b"<w:t>%d and more</w:t>" % n for n in random.Random(5).sample(range(10**9), 400_000))
            + b"</w:r></w:p></w:body></w:document>"
        ),
        "characters; split it",
    ),
    "encrypted parts": (lambda: flagged(LETTER), "encrypted"),
    "encrypted whole": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900) + "EncryptedPackage".encode("utf-16-le"),
        "encrypted; save it without a password",
    ),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900), "old Word file"),
    "rich text": (lambda: rb"{\rtf1 The council voted.}", "rich text"),
    "an OpenDocument file": (lambda: archive(("mimetype", b"x"), ("content.xml", b"<a/>")), "OpenDocument"),
    "a spreadsheet": (lambda: archive(("xl/workbook.xml", b"<a/>")), "spreadsheet"),
    "a text that leads out of it": (
        lambda: archive(
            ("word/a.xml", b"<a/>"),
            ("_rels/.rels", b'<Relationship Type="x/officeDocument" Target="../../../../etc/hostname"/>'),
        ),
        "its text is missing",
    ),
}
