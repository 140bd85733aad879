"""MHTML: the page of an archive, its own address and day, and nothing of the day on which it was saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import formats
from store.formats import Article, Unreadable

PAGE = "<html><head><title>Vind pass opens</title></head><body><h1>Vind pass opens</h1><p>{}</p></body></html>"
STORY = "The road over Vind pass is open again, the county said."


def read(data: bytes, name: str = "page.mhtml") -> Article:
    (article,) = formats.read(Path(name), data)
    assert isinstance(article, Article)
    return article


def archive(*parts: tuple[str, str, str], head: str = "", boundary: str = "----b") -> bytes:
    """An archive of parts, each (media type, address, content), with further lines of its head."""
    lines = ["From: <Saved by Blink>", "Date: Tue, 4 Feb 2025 09:12:00 -0000", "MIME-Version: 1.0"]
    lines += [head] if head else []
    lines += [f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"', ""]
    for number, (kind, address, content) in enumerate(parts):
        lines += [f"--{boundary}", f"Content-Type: {kind}", f"Content-ID: <part{number}@saved>"]
        lines += [f"Content-Location: {address}", "", content]
    return "\r\n".join([*lines, f"--{boundary}--", ""]).encode()


ADDRESS = "https://herald.example/2018/06/11/pass"
WHOLE = archive(("text/html", ADDRESS, PAGE.format(STORY)), head=f"Snapshot-Content-Location: {ADDRESS}")


def test_the_address_and_the_day_are_those_of_the_page_and_not_of_its_saving() -> None:
    article = read(WHOLE)
    assert (article.url, article.published, article.date_source) == (ADDRESS, "2018-06-11", "address")
    assert STORY in article.text and article.title == "Vind pass opens"


def test_a_page_without_a_day_of_its_own_is_undated() -> None:
    assert read(archive(("text/html", "https://herald.example/pass", PAGE.format(STORY)))).published is None


def test_the_page_is_the_part_of_the_archives_address_and_not_a_frame() -> None:
    frame = ("text/html", "https://ads.example/frame", PAGE.format("Buy a boat today and pay for it next year."))
    page = ("text/html", ADDRESS, PAGE.format(STORY))
    for parts, head in (
        ((frame, page), f"Snapshot-Content-Location: {ADDRESS}"),
        ((page, frame), ""),
    ):
        article = read(archive(*parts, head=head))
        assert STORY in article.text and "boat" not in article.text


def test_the_part_that_is_named_as_the_start_is_the_page() -> None:
    frame = ("text/html", "https://ads.example/frame", PAGE.format("Buy a boat today and pay for it next year."))
    page = ("text/html", "https://herald.example/pass", PAGE.format(STORY))
    data = archive(frame, page).replace(b'type="text/html"', b'type="text/html"; start="<part1@saved>"')
    assert STORY in read(data).text


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
def test_transfer_encodings_and_charsets_are_read(coding: str) -> None:
    import base64
    import quopri

    content = PAGE.format("The café of Hallby is open on the ice until noon.").encode("iso-8859-1")
    coded = quopri.encodestring(content) if coding == "quoted-printable" else base64.encodebytes(content)
    kind = f"text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: {coding}"
    assert "The café of Hallby" in read(archive((kind, ADDRESS, coded.decode()))).text


def test_an_archive_is_known_by_its_content_and_may_be_cut_off() -> None:
    assert STORY in read(WHOLE, "saved.txt").text
    assert STORY in read(WHOLE[: WHOLE.index(b"</body>")]).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (archive(("image/png", "https://herald.example/a.png", "x")), "no web page"),
        (archive(("text/html", ADDRESS, "")), "is empty"),
        (archive(("text/html", ADDRESS, "<p></p>")), "no running text"),
    ],
)
def test_an_archive_without_a_page_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data)
