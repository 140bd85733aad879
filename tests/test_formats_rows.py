"""Exports: each record of JSON Lines, JSON and tables is an article; a bad one is named and costs no other."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import formats
from store.formats import Article, Lost, Unreadable
from store.formats.record import IN_A_ROW, RECORD

Read = Callable[..., tuple[list[Article], dict[str, str]]]
BODY = "The ferry to Holm sails again. It had lain still since May."


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file: its articles, and what is lost of it by place."""

    def take(content: str | bytes, name: str = "dump.jsonl") -> tuple[list[Article], dict[str, str]]:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        parts = list(formats.read(path))
        lost = {part.where: part.reason for part in parts if isinstance(part, Lost)}
        return [part for part in parts if isinstance(part, Article)], lost

    return take


def lines(*records: Any) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def sheet(*rows: list[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    "record",
    [
        {"headline": "Ferry sails", "publish_date": "2019-06-02", "site": "Holm Post", "url": "https://h.example/f",
         "body": BODY},
        {"title": "Ferry sails", "published_at": "2019-06-02T08:00:00Z", "source": {"id": "x", "name": "Holm Post"},
         "link": "https://h.example/f", "content": BODY},
        {"title": {"rendered": "Ferry sails"}, "date": "2019-06-02T08:00:00", "publication": "Holm Post",
         "link": "https://h.example/f", "content": {"rendered": f"<p>{BODY}</p>\n", "protected": False}},
        {"_source": {"title": "Ferry sails", "date": 1559462400, "outlet": "Holm Post", "url": "https://h.example/f",
                     "maintext": BODY}},
        {"headline": {"main": "Ferry sails"}, "pub_date": "Sun, 02 Jun 2019 08:00:00 +0000", "newspaper": "Holm Post",
         "web_url": "https://h.example/f", "story": [BODY]},
        {"webTitle": "Ferry sails", "webPublicationDate": "2019-06-02T08:00:00Z", "webUrl": "https://h.example/f",
         "source": {"title": "Holm Post", "url": "https://h.example"}, "fields": {"bodyText": BODY}},
        {"headlines": {"basic": "Ferry sails"}, "display_date": "2019-06-02T08:00:00Z", "site": "Holm Post",
         "canonical_url": "https://h.example/f", "content_elements": [{"type": "text", "content": f"<p>{BODY}</p>"}]},
        {"article": {"meta": {"headline": "Ferry sails", "published": "2019-06-02", "outlet": "Holm Post"},
                     "url": "https://h.example/f", "body": [{"type": "p", "text": BODY}]}},
        {"post_title": "Ferry sails", "post_date": "June 2, 2019 Sunday", "quelle": "Holm Post",
         "url": "https://h.example/f", "post_content": f"<!-- wp:paragraph --><p>{BODY}</p>"},
        {"title": "Ferry sails", "datePublished": {"$date": {"$numberLong": "1559462400000"}}, "siteName": "Holm Post",
         "canonicalUrl": "https://h.example/f", "textContent": BODY},
    ],
)  # fmt: skip
def test_the_usual_names_of_fields_are_known(read: Read, record: dict[str, Any]) -> None:
    ((article,), lost) = read(lines(record))
    assert (article.title, article.published, article.outlet) == ("Ferry sails", "2019-06-02", "Holm Post")
    assert (article.text, article.url, article.date_source) == (BODY, "https://h.example/f", "date field")
    assert not lost and not article.warnings


@pytest.mark.parametrize(
    ("url", "published"),
    [("https://h.example/2019/06/02/ferry", "2019-06-02"), ("https://h.example/2019/06/ferry", "2019-06"),
     ("https://h.example/ferry-2019", None)],
)  # fmt: skip
def test_a_record_without_a_date_has_that_of_its_address(read: Read, url: str, published: str | None) -> None:
    ((article,), _) = read(lines({"title": "Ferry sails", "url": url, "text": BODY}))
    assert (article.published, article.date_source) == (published, "address" if published else None)


def test_records_by_their_ids_or_deep_in_a_backup_are_read(read: Read) -> None:
    records = {"a": {"title": "A", "text": BODY}, "b": {"title": "B", "text": BODY + " So it was."}}
    backup = {"db": [{"meta": {}, "data": {"users": [{"name": "x"}] * 3, "posts": list(records.values())}}]}
    for whole in (records, backup):
        assert [article.title for article in read(json.dumps(whole), "dump.json")[0]] == ["A", "B"]


def test_a_bad_line_is_named_and_costs_no_other(read: Read) -> None:
    good = {"title": "Ferry sails", "text": BODY}
    articles, lost = read(lines(good, '{"title": "Half', "", "[1, 2]", {"title": "No text", "text": " "}, "{}", good))
    assert [article.title for article in articles] == ["Ferry sails", "Ferry sails"]
    assert lost.keys() == {"line 2", "line 4", "line 5", "line 6"}
    assert "not valid JSON" in lost["line 2"] and "a list" in lost["line 4"] and "empty" in lost["line 5"]


@pytest.mark.parametrize(
    "document",
    [
        [{"title": "A", "text": BODY}, {"title": "B", "text": BODY}],
        {"status": "ok", "tags": ["x"], "articles": [{"title": "A", "text": BODY}, {"title": "B", "text": BODY}]},
        {"response": {"docs": [{"title": "A", "text": BODY}, {"title": "B", "text": BODY}]}},
        {"hits": {"hits": [{"_id": "1", "_source": {"title": t, "text": BODY}} for t in "AB"]}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_document_holds_a_list_of_records(read: Read, document: Any, indent: int | None) -> None:
    articles, lost = read(json.dumps(document, indent=indent), "dump.json")
    assert [article.title for article in articles] == ["A", "B"] and not lost


def test_a_json_object_can_be_one_article(read: Read) -> None:
    record = {"title": "A", "text": BODY, "images": [{"url": "x.jpg"}, {"url": "y.jpg"}]}
    (article,), lost = read(json.dumps(record, indent=1), "a.json")
    assert (article.title, article.text) == ("A", BODY) and not lost


def test_objects_below_one_another_are_records(read: Read) -> None:
    records = [{"title": t, "text": BODY, "images": [{"url": "x.jpg"}]} for t in "AB"]
    articles, lost = read("\n".join(json.dumps(record, indent=1) for record in records), "a.json")
    assert [article.title for article in articles] == ["A", "B"] and not lost


def test_a_cut_document_loses_its_last_record_alone(read: Read) -> None:
    document = json.dumps({"articles": [{"title": "A", "text": BODY}, {"title": "B", "text": BODY}]})
    articles, lost = read(document[:-20], "a.json")
    assert [article.title for article in articles] == ["A"] and lost.keys() == {"record 2"}


@pytest.mark.torture
def test_a_large_document_is_read_record_by_record(read: Read) -> None:
    records = [{"title": f"N{n}", "text": "word " * 20_000, "meta": {"a": [n]}} for n in range(100)]
    records.insert(50, {"title": "Long", "text": "x" * RECORD, "meta": {}})
    articles, lost = read(json.dumps({"n": 3, "articles": records}, indent=1), "a.json")
    assert len(articles) == 100 and articles[-1].title == "N99" and lost == {"record 51": "it is longer than 8 MB"}


@pytest.mark.parametrize("name", ["dump.txt", "dump.md", "dump.json", "dump.jsonl"])
def test_records_are_told_by_content(read: Read, name: str) -> None:
    articles, _ = read(lines({"title": "A", "text": BODY}, {"title": "B", "text": BODY}), name)
    assert [article.title for article in articles] == ["A", "B"]


def test_html_in_a_body_becomes_paragraphs_with_headings_as_spans(read: Read) -> None:
    body = "<p>The <a href='x'>ferry</a> sails&nbsp;again.</p><script>no()</script>"
    body += "<h2>Why?</h2>[embed width='9']<p>It was mended.<br>Now.</p>[/embed]"
    (article,), _ = read(lines({"title": "The <i>Holm</i> ferry &amp; she", "content_html": body}))
    assert article.title == "The Holm ferry & she"
    assert article.text == "The ferry sails again.\n\nWhy?\n\nIt was mended.\nNow."
    assert [(article.text[s.start : s.end], s.kind, s.value) for s in article.spans] == [("Why?", "heading", "2")]


def test_a_body_that_is_a_whole_page_is_read_as_one(read: Read) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Ferry sails | Holm Post</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Ferry sails</h1><p>{BODY}</p><p>{BODY.replace('ferry', 'tram')}</p></article></body></html>"
    )
    (article,), lost = read(lines({"url": "https://h.example/f", "date": "2019-06-02", "id": "f1", "html": page}))
    assert BODY in article.text and "Home" not in article.text and not lost
    assert (article.title, article.item, article.url) == ("Ferry sails", "f1", "https://h.example/f")
    assert (article.published, article.date_source) == ("2019-06-02", "date field")
    articles, lost = read(lines({"text": BODY}, {"html": "<html><body></body></html>"}))
    assert len(articles) == 1 and "page" in lost["line 2"]


def test_escaped_html_is_html_and_less_than_is_not(read: Read) -> None:
    articles, _ = read(
        lines(
            {"text": "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &amp;amp; three.&lt;/p&gt;"},
            {"text": "If x < y and y > z.\n\nEnd."},
        )
    )
    assert [article.text for article in articles] == ["One.\n\nTwo & three.", "If x < y and y > z.\n\nEnd."]


def test_a_summary_stands_for_a_missing_text_and_a_cut_text_is_told(read: Read) -> None:
    first, second = read(
        lines({"title": "A", "description": BODY}, {"title": "B", "content": BODY + "… [+812 chars]"})
    )[0]
    assert first.text == BODY and first.warnings == ("it has no text of its own; its description stands for it",)
    assert second.text == BODY and second.warnings == ("its text is cut off in the export",)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (1462060800, "2016-05-01"), (1462060800.5, "2016-05-01"), ("1462060800", "2016-05-01"),
        (1462060800000, "2016-05-01"), (1462060800000000, "2016-05-01"), (20160501, "2016-05-01"),
        ("2016-05-01 10:00:00+00:00", "2016-05-01"), ("Sun, 01 May 2016 10:00:00 GMT", "2016-05-01"),
        (2016, None), (True, None), (float("nan"), None), (-5, None), (10**40, None), ("May 2016", "2016-05"),
        ("03/04/2016", None), (None, None), ([], None), ("NaN", None),
    ],
)  # fmt: skip
def test_a_date_is_taken_only_beyond_doubt(read: Read, value: Any, day: str | None) -> None:
    (article,), _ = read(lines({"title": "A", "text": BODY, "date": value}))
    assert article.published == day and (article.date_source == "date field") == bool(day)


def test_fields_that_are_not_read_are_named(read: Read) -> None:
    (article,), _ = read(lines({"title": "A", "text": BODY, "mood": "calm", "id": 7, "tags": ["x"]}))
    assert article.unread == ("mood",)


# -- the name of a record ---------------------------------------------------------------------------


def test_a_record_keeps_its_name_wherever_it_stands(read: Read) -> None:
    records = [{"title": t, "date": "2020-01-02", "text": t + BODY} for t in "ABC"]
    before, _ = read(lines(*records))
    after, _ = read(lines({"title": "New", "text": BODY}, *reversed(records)))
    assert {a.title: a.item for a in before}.items() <= {a.title: a.item for a in after}.items()


@pytest.mark.parametrize("key", ["id", "_id", "guid", "url"])
def test_an_id_or_an_address_names_a_record_whatever_else_changes(read: Read, key: str) -> None:
    value = "https://h.example/f"
    (one,), _ = read(lines({key: value, "title": "A", "text": BODY}))
    (two,), _ = read(lines({key: value, "title": "Another", "text": BODY * 2}))
    assert one.item == two.item == value


def test_an_id_that_all_records_share_names_none(read: Read) -> None:
    articles, _ = read(lines(*({"id": 0, "title": t, "text": BODY} for t in "ABCC")))
    assert len({article.item for article in articles}) == 4


# -- tables -----------------------------------------------------------------------------------------

HEAD = ["Title", "Publish Date", "Outlet", "Full Text"]


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_separates_its_columns(read: Read, delimiter: str, encoding: str, end: str) -> None:
    content = sheet(HEAD, ["Ferry, again; sails", "2019-06-02", "Holm Post", BODY], delimiter=delimiter)
    (article,), lost = read(content.replace("\r\n", end).encode(encoding), "a.csv")
    assert (article.title, article.published, article.outlet) == ("Ferry, again; sails", "2019-06-02", "Holm Post")
    assert article.text == BODY and not lost and not article.warnings


def test_a_row_of_another_length_is_lost_with_its_line_and_never_shifted(read: Read) -> None:
    content = (
        'title,published,outlet,text\nA,2019-01-01,Post,"One.\nTwo."\n\nB,2 Jan, 2019,Post,Shifted.\nC,2019-01-03'
        ',Post\nD,2019-01-04,Post,"Four."\nE,2019-01-05,Post,Five.,,\n'
    )
    articles, lost = read(content, "a.csv")
    assert [(a.title, a.published, a.text) for a in articles] == [
        ("A", "2019-01-01", "One.\nTwo."), ("D", "2019-01-04", "Four."), ("E", "2019-01-05", "Five.")
    ]  # fmt: skip
    assert lost == {"line 5": "it has 5 fields, and the head has 4", "line 6": "it has 3 fields, and the head has 4"}


def test_quotation_marks_may_be_doubled_or_escaped(read: Read) -> None:
    articles, lost = read('title,text\nA,"He said ""no"", twice."\nB,"He said \\"no\\", twice."\n', "a.csv")
    assert [article.text for article in articles] == ['He said "no", twice.'] * 2 and not lost


@pytest.mark.parametrize("bad", ['B,"Never closed.', 'B,"Closed" too early.', '"B,Never closed.'])
def test_a_quotation_mark_that_is_not_closed_costs_its_row_alone(read: Read, bad: str) -> None:
    articles, lost = read(f'title,text\nA,One.\n{bad}\nC,"Three."\nD,"Four,\nand more."\n', "a.csv")
    assert [article.title for article in articles] == ["A", "C", "D"]
    assert lost == {"line 3": "a quotation mark in it is not closed, or not doubled"}


def test_a_table_without_a_head_says_so_and_how_to_map_it(read: Read) -> None:
    with pytest.raises(
        Unreadable, match=r"names no column that is known as an article.s text .*'Ferry sails'.*\[fields\]"
    ):
        read(sheet(["Ferry sails", "2019-06-02", BODY]), "a.csv")


def test_the_line_of_a_spreadsheet_that_names_the_separator_is_no_head(read: Read) -> None:
    (article,), _ = read(f"\nsep=;\n# exported\ntitle;text\nA;{BODY}\n", "a.csv")
    assert (article.title, article.text) == ("A", BODY)


def test_the_user_names_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(sheet(["Kop", "when_out", "Brød"], ["Ferry sails", "2019-06-02", BODY]))
    (article,) = formats.read(path, fields={"title": "kop", "published": "when_out", "text": "Brød"})
    assert isinstance(article, Article)
    assert (article.title, article.published, article.text) == ("Ferry sails", "2019-06-02", BODY)
    path.write_text(sheet(["Ferry sails", "2019-06-02", BODY]))
    (article,) = formats.read(path, fields={"title": "1", "published": "2", "text": "3"})
    assert isinstance(article, Article)
    assert (article.title, article.published, article.text) == ("Ferry sails", "2019-06-02", BODY)


def test_the_user_names_fields_inside_others(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(lines({"kop": "A", "made": {"when": "2019-06-02"}, "date": "2001-01-01", "parts": {"b": BODY}}))
    (article,) = formats.read(path, fields={"title": "kop", "published": "made.when", "text": "parts.b"})
    assert isinstance(article, Article)
    assert (article.title, article.published, article.text) == ("A", "2019-06-02", BODY)


# -- hostile ----------------------------------------------------------------------------------------


@pytest.mark.torture
@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "," * 1_000_000, "1,000,001 columns"),
        ("a.csv", "x" * (RECORD + 10) + "\n1,2\n", "longer than 8 MB|names no column"),
        ("a.json", "[" * 5_000_000, "no article in it"),
        ("a.json", "{" * 5_000_000, "no article in it"),
        ("a.json", '{"a":' * 100_000, "no article in it"),
        ("a.jsonl", "[],\n" * 2_000_000, "no article in it"),
        ("a.json", "[" + "[]," * 3_000_000, "no article in it"),
        ("a.json", '["' + "\\\"" * 3_000_000, "no article in it"),
        ("a.jsonl", "\x00" * 100_000, "binary"),
        ("a.json", "3", "no article in it"),
        ("a.json", '"text"', "no article in it"),
        ("a.json", "{}", "no article in it"),
        ("a.json", "[]", "no article in it"),
        ("a.jsonl", '{"text": ' + "9" * 5_000 + "}\n", "no article in it"),
        ("a.csv", '"' * 2_000_001, "no column|no article"),
        ("a.csv", "title,text\n" + 'a,"' * 500_000, "no article in it"),
        ("a.csv", "title,text\n" + 'a,"b\n' * 500_000, "no article in it"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_bounded_time(read: Read, name: str, content: str, reason: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable, match=reason):
        read(content, name)
    assert time.process_time() - began < 20


def test_a_line_of_50_megabytes_is_lost_alone(read: Read) -> None:
    long = json.dumps({"title": "L", "text": "x" * 50_000_000})
    articles, lost = read(lines({"title": "A", "text": BODY}, long, {"title": "B", "text": BODY}))
    assert [article.title for article in articles] == ["A", "B"] and lost == {"line 2": "it is longer than 8 MB"}
    rows = f"title,text\nA,{BODY}\nL,{'x' * 50_000_000}\nB,{BODY}\n"
    articles, lost = read(rows, "a.csv")
    assert [article.title for article in articles] == ["A", "B"] and lost == {"line 3": "it is longer than 8 MB"}


def test_after_many_bad_lines_in_a_row_the_rest_is_left_out(read: Read) -> None:
    good = {"title": "A", "text": BODY}
    articles, lost = read(lines(good, *["{"] * (IN_A_ROW + 5), good))
    assert len(articles) == 1 and len(lost) == IN_A_ROW + 1
    assert "the rest of the file is left out" in lost[f"after line {IN_A_ROW + 1}"]


def test_odd_characters_and_values_are_read_or_lost(read: Read) -> None:
    good = '{"title": "A\\ud800", "text": "One\\ud800 two."}\n'
    broken = (
        b'{"title": "B", "text": "f\xc3\xaate caf\xff"}\n{"title": NaN, "text": "Three."}\n{"text": "a", "text": "b"}\n'
    )
    articles, lost = read(good.encode() + broken + b'{"text": "tab\there"}\n')
    assert [article.text for article in articles] == ["One\ufffd two.", "fête caf\ufffd", "Three.", "b", "tab\there"]
    assert articles[0].title == "A\ufffd" and not lost
    assert articles[0].warnings == ("1 broken characters were replaced",)


fragment = st.text(alphabet="ab <>p/&;\n\"',.\u00ad\u0301é1{}[]:", max_size=60)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["title", "text", "html", "date", "id", "x"]), fragment | st.integers()),
        max_size=4,
    )
)
@settings(max_examples=100)
def test_whatever_records_hold_the_spans_lie_within_the_text(records: list[dict[str, Any]]) -> None:
    for name, content in (("a.jsonl", lines(*records)), ("a.json", json.dumps(records))):
        try:
            parts = list(formats.read(Path(name), content.encode()))
        except Unreadable:
            continue
        for part in parts:
            if isinstance(part, Article):
                assert part.text.strip() and part.title and part.item
                assert all(0 <= span.start < span.end <= len(part.text) for span in part.spans)


@given(st.binary(max_size=200) | st.text(alphabet='title,text;\n"\\ab', max_size=80).map(str.encode))
@settings(max_examples=120)
def test_any_bytes_are_articles_or_a_plain_reason(data: bytes) -> None:
    for name in ("a.jsonl", "a.json", "a.csv", "a.tsv"):
        for content in (data, b"title,text\n" + data, b'[{"text": "' + data):
            try:
                assert all(isinstance(part, Article | Lost) for part in formats.read(Path(name), content))
            except Unreadable as reason:
                assert (str(reason) and str(reason)[0].islower()) or str(reason)[0].isdigit()
