"""Mail: subject, sender and day from the headers, the text from the part that is shown, and nothing fetched."""

from __future__ import annotations

import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import story
from hypothesis import given, settings
from hypothesis import strategies as st

from store import formats
from store.formats import Article, Unreadable

STORY = "The café at the harbour of Tarn closed on Thursday for want of cooks."
HTML = f"""<html><body><span style="display:none">A glance at what is inside</span><table><tr><td><h1>A café closes</h1>
<p>{STORY}</p><p>It had 4 tables and a stove.</p><ul><li>The cafés open on Friday.</li></ul></td></tr></table>
<p>You are receiving this because you joined our list. <a href="https://t.example/u">Unsubscribe</a></p>
<img src="https://t.example/p.gif"></body></html>"""


def message(
    text: str = "",
    html: str = "",
    *,
    sender: str = "Pier Letter <letter@pier.example>",
    subject: str = "A café closes",
) -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = sender, "reader@home.example", subject
    made["Date"] = "Wed, 14 Jun 2023 07:15:00 +0200"
    if text:
        made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html") if text else made.set_content(html, subtype="html")
    return made


def read(data: EmailMessage | bytes, name: str = "brief.eml") -> list[Article]:
    whole = data if isinstance(data, bytes) else data.as_bytes()
    found = [item for item in formats.read(Path(name), whole) if isinstance(item, Article)]
    for article in found:
        assert all(0 <= span.start < span.end <= len(article.text) for span in article.spans)
    return found


def test_the_headers_give_the_facts_and_the_html_the_text(no_network: None) -> None:
    (article,) = read(message("Plain words that are not shown.", HTML, subject="Fwd: The café by the harbour closes"))
    assert (article.title, article.outlet, article.published) == (
        "The café by the harbour closes",
        "Pier Letter",
        "2023-06-14",
    )
    assert article.date_source == "mail header"
    assert STORY in article.text and "- The cafés open on Friday." in article.text
    assert "Unsubscribe" not in story(article) and "glance" not in article.text and "Plain words" not in article.text


def test_plain_text_is_read_where_there_is_no_html_and_wrapped_lines_are_joined() -> None:
    wrapped = f"{STORY[:-1]}\nand guests.\n\n--\nPier Letter, Mill Street"
    (article,) = read(message(wrapped))
    assert "for want of cooks and guests." in article.text and "Mill Street" not in story(article)


@pytest.mark.parametrize(
    ("sender", "outlet", "author"),
    [
        ("Pier Letter <letter@pier.example>", "Pier Letter", None),
        ("Mia Rask at Quay News <ida@quay.example>", "Quay News", "Mia Rask"),
        ("'Mia Rask' via Quay News <news@quay.example>", "Quay News", "Mia Rask"),
        ("Mia Rask from Quay News <news@quay.example>", "Quay News", "Mia Rask"),
        ('"Rask, Mia" <x@quay.example>', "Rask, Mia", None),
        ("Mia Rask <mia.rask@quay.example>", None, "Mia Rask"),
        ("letter@pier.example", None, None),
        ("=?utf-8?q?Caf=C3=A9_Courier?= <c@courier.example>", "Café Courier", None),
    ],
)
def test_a_sender_is_an_outlet_or_a_person(sender: str, outlet: str | None, author: str | None) -> None:
    data = b"From: " + sender.encode() + b"\r\n" + message(html=HTML).as_bytes().split(b"\r\n", 1)[1]
    (article,) = read(data)
    assert (article.outlet, article.author) == (outlet, author)


def test_the_message_inside_a_message_is_the_text_under_the_outer_headers() -> None:
    outer = message(subject="The café by the harbour closes")
    inner = message(html=HTML, sender="news@pier.example", subject="within")
    outer.set_content("See below.")
    outer.add_attachment(inner)
    (article,) = read(outer)
    assert (
        article.title == "The café by the harbour closes" and STORY in article.text and article.outlet == "Pier Letter"
    )


def test_several_messages_inside_are_articles_of_their_own() -> None:
    outer = message("Two letters of this week.")
    for subject in ("One", "Two"):
        outer.add_attachment(message(html=HTML.replace("Tarn", subject), subject=subject))
    found = read(outer)
    assert [(article.item, article.title) for article in found[1:]] == [("message 1", "One"), ("message 2", "Two")]


def test_attachments_are_named_and_not_read() -> None:
    made = message("", HTML)
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="table of pay.pdf")
    made.add_attachment(b"Secret words.", maintype="text", subtype="plain", filename="notes.txt")
    (article,) = read(made)
    assert article.warnings == ("attached files are not read: table of pay.pdf, notes.txt",)
    assert "Secret" not in article.text


def test_the_headers_of_a_forwarded_message_are_no_story() -> None:
    (article,) = read(
        message(f"---------- Forwarded message ---------\nFrom: Quay <q@quay.example>\nSubject: x\n\n{STORY}")
    )
    assert story(article).strip() == STORY


@pytest.mark.parametrize(
    "body",
    [
        "For you.\n\n---------- Forwarded message ---------\nFrom: Quay News <q@quay.example>\n"
        f"Date: Sat, Jun 10, 2023 at 6:30 AM\nSubject: x\nTo: me\n\n{STORY}",
        "Begin forwarded message:\n\n> From: Quay News <q@quay.example>\n> Date: 10 June 2023 at 06:30\n> To: me\n> "
        f"\n> {STORY}",
        f"For you.\n\nFrom: Quay News <q@quay.example>\nSent: 10 June 2023 06:30\nTo: me\nSubject: x\n\n{STORY}",
    ],
)
def test_a_forwarded_message_has_the_sender_and_the_day_of_its_own(body: str) -> None:
    (article,) = read(message(body, sender="Mia Rask <mia.rask@home.example>", subject="Fwd: A café closes"))
    assert (article.title, article.outlet, article.author) == ("A café closes", "Quay News", None)
    assert article.published == "2023-06-10" and "q@quay" not in story(article)
    outer = message("For you.", sender="Mia Rask <mia.rask@home.example>", subject="Fwd: x")
    outer.replace_header("Date", "Fri, 16 Jun 2023 07:15:00 +0200")
    outer.add_attachment(message(STORY))
    (article,) = read(outer)
    assert (article.outlet, article.author, article.published) == ("Pier Letter", None, "2023-06-14")


@pytest.mark.parametrize(
    ("charset", "encoding", "words"),
    [
        ("iso-2022-jp", "iso-2022-jp", "橋は火曜日に閉じた。"),
        ("x-none", "utf-8", "Café"),
        ("latin1", "cp1252", "“Café”"),
        ("utf-7", "utf-7", "The café asks £5 – no more."),
    ],
)
def test_letters_of_a_mail_are_told_by_its_headers(charset: str, encoding: str, words: str) -> None:
    head = f"From: Café <c@c.example>\nSubject: Café closes\nContent-Type: text/plain; charset={charset}\n\n"
    (article,) = read(head.encode() + words.encode(encoding))
    assert (article.text, article.title, article.outlet) == (words, "Café closes", "Café")


def test_a_signature_is_no_story_where_lines_flow() -> None:
    made = message(f"{STORY}\n\n-- \nMia Rask\nEditor\n")
    made.set_param("format", "flowed")
    assert story(read(made)[0]).strip() == STORY


def test_a_date_that_is_none_leaves_the_mail_undated_with_a_word() -> None:
    (article,) = read(re.sub(rb"(?m)^Date: .*$", b"Date: some day", message(html=HTML).as_bytes()))
    assert article.published is None and "undated" in article.warnings[0]


def test_a_mail_is_known_by_its_content_and_a_text_that_begins_like_one_is_text() -> None:
    assert read(message(html=HTML), "letter.txt")[0].outlet == "Pier Letter"
    assert read(b"Subject: bridges\nDate: 2022-09-02\n\nThe bridge at Sten is open.", "a.txt")[0].outlet is None


DEEP = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1000))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"MIME-Version: 1.0\n" + DEEP + b"Content-Type: text/plain\n\nThe end.", "deep"),
        (b"MIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\n" * 1000, "deep"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nA ferry.\n" * 20_000, "over 5,000"),
        (b"MIME-Version: 1.0\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000, "over 5,000"),
        (b"Subject: x\nMIME-Version: 1.0\n\n", "no text"),
        (b"Content-Type: image/png\nMIME-Version: 1.0\n\nx", "no text"),
    ],
)
def test_a_mail_without_a_text_or_too_deep_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data)


def test_a_truncated_mail_is_read_as_far_as_it_goes() -> None:
    whole = message("x", HTML).as_bytes()
    assert any("harbour" in article.text for article in read(whole[: whole.index(b"It had")]))


PIECES = st.sampled_from(
    rb"""MIME-Version: 1.0|Content-Type: multipart/mixed; boundary=b||--b|--b--|Subject: x|Content-Type: text/html
|Content-Type: message/rfc822|Content-Transfer-Encoding: base64|=?utf-8?q?|Content-Transfer-Encoding: quoted-printable
|Content-Type: text/plain; charset=utf-7|<p>A ferry.</p>|Date: Wed, 14 Jun 2023|From: \xff <a@b>| folded|The ferry sank.
|=E9=""".replace(b"\n", b"").split(b"|")
).map(lambda line: line + b"\n")


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=25).map(b"".join))
def test_any_mail_is_read_or_refused(data: bytes) -> None:
    try:
        read(b"Subject: a\n" + data)
    except Unreadable as reason:
        assert str(reason)
