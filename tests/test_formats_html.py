"""HTML: a saved page becomes one article; its own facts, its story, and nothing of the page around it."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest
from conftest import story
from hypothesis import given, settings
from hypothesis import strategies as st

from store import formats
from store.formats import Article, Unreadable


def read(markup: str | bytes, name: str = "page.html") -> Article:
    (article,) = formats.read(Path(name), markup.encode() if isinstance(markup, str) else markup)
    assert isinstance(article, Article)
    for span in article.spans:
        assert 0 <= span.start < span.end <= len(article.text)
    return article


BODY = """<p>The pier of Hult was closed on Monday after a storm tore planks from it.</p>
<p>Repairs will take six weeks, the harbour master said.</p>"""


def test_headings_are_spans_and_paragraphs_stand_apart() -> None:
    article = read(f"<title>Pier closed</title><article><h1>Pier closed</h1>{BODY}<h2>What it costs</h2>{BODY[:40]}")
    headings = [(article.text[s.start : s.end], s.value) for s in article.spans if s.kind == "heading"]
    assert headings == [("Pier closed", "1"), ("What it costs", "2")]
    assert "tore planks from it.\n\nRepairs" in article.text


def test_a_page_of_links_alone_is_no_article() -> None:
    with pytest.raises(Unreadable, match="no running text"):
        read("<title>Home</title><nav><a href=/a>All the news of today in one place</a></nav>")


def test_a_page_is_known_by_its_content() -> None:
    assert read(f"<!DOCTYPE html><title>Pier closed</title><body>{BODY}", "page.txt").title == "Pier closed"


PAGES = Path(__file__).parent / "data" / "pages"
EXPECTED = tomllib.loads((PAGES / "expected.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_saved_page_gives_its_own_facts_and_its_story(name: str) -> None:
    """Each after the markup of an outlet or of a blog engine, in our own words."""
    expected = EXPECTED[name]
    article = read((PAGES / f"{name}.html").read_bytes())
    facts = "title outlet author published updated url".split()
    assert {fact: getattr(article, fact) for fact in facts} == {fact: expected.get(fact) for fact in facts}
    text = story(article)
    assert [words for words in expected["says"] if words not in text] == []
    assert [words for words in expected.get("hides", ()) if words in text] == []
    headings = [article.text[span.start : span.end] for span in article.spans if span.kind == "heading"]
    assert headings == expected.get("headings", headings)
    assert any(expected.get("warns", "") in warning for warning in (*article.warnings, ""))


def test_there_are_pages_of_many_makers() -> None:
    assert len(EXPECTED) >= 20 and {path.stem for path in PAGES.glob("*.html")} == set(EXPECTED)


# -- the day ---------------------------------------------------------------------------------------


def page(head: str = "", over: str = "", body: str = BODY, below: str = "") -> str:
    """A page with that in its head, over its text and below it."""
    article = f"<article><h1>Pier closed</h1>{over}{body}</article>"
    return f"<html><head><title>Pier closed</title>{head}</head><body>{article}{below}</body></html>"


def data(**values: object) -> str:
    """JSON-LD of the page's article."""
    article = {"@type": "NewsArticle", "headline": "Pier closed", **values}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


META = '<meta property="article:published_time" content="2019-03-06T01:00:00Z">'
TIME = '<time datetime="2019-03-07">7 March</time>'
LINK = '<link rel="canonical" href="https://herald.example/2019/03/08/pier">'


@pytest.mark.parametrize(
    ("markup", "published", "source"),
    [
        (page(data(datePublished="2019-03-05T23:30:00Z") + META + LINK, TIME), "2019-03-05", "JSON-LD"),
        (page(META + LINK, TIME), "2019-03-06", "page metadata"),
        (page(LINK, TIME), "2019-03-07", "time beside the headline"),
        (page("", '<p class="date">Published 9 March 2019 at 10:00</p>'), "2019-03-09", "dateline"),
        (page("", "", BODY.replace("<p>The", "<p>HULT, March 9, 2019 (Wire) — The", 1)), "2019-03-09", "dateline"),
        (page(LINK), "2019-03-08", "address"),
        (page('<meta name="pubdate" content="20190306">'), "2019-03-06", "page metadata"),
        (page('<meta itemprop="datePublished" content="2019-03-06">'), "2019-03-06", "page metadata"),
        (page('<meta name="date" content="March 2019">', TIME), "2019-03-07", "time beside the headline"),
        (page('<meta name="date" content="March 2019">'), "2019-03", "page metadata"),
        (page('<link rel="canonical" href="https://herald.example/2019/03/pier">'), "2019-03", "address"),
    ],
)
def test_the_day_comes_from_the_surest_place(markup: str, published: str, source: str) -> None:
    article = read(markup)
    assert (article.published, article.date_source) == (published, source)


@pytest.mark.parametrize(
    "markup",
    [
        page(data(video={"@type": "VideoObject", "datePublished": "2019-03-05"})),
        page('<script type="application/ld+json">{"@type": "WebSite", "datePublished": "2011-01-01"}</script>'),
        page(data(headline="Seal found asleep in a bath", datePublished="2019-03-05")),
        page("", "", BODY, f"<aside>{TIME} Whale song heard</aside>"),
        page("", "", BODY, f'<div class="comment">{TIME} I liked the pier.</div><footer>7 March 2019</footer>'),
        page("", "", f"<figure><img><figcaption>The pier on 7 March 2019.</figcaption></figure>{BODY}"),
        page("", "", BODY + "<p>The pier was opened on 7 March 1919.</p>"),
        page("", '<p class="meta">Updated 7 March 2019</p>'),
        page('<meta name="date" content="03/04/2019">'),
        page('<link rel="canonical" href="https://herald.example/2019/13/pier">'),
    ],
)
def test_a_day_of_another_thing_or_a_part_of_one_is_not_taken(markup: str) -> None:
    assert read(markup).published is None


def test_days_that_disagree_are_told_and_a_change_before_publication_is_left_out() -> None:
    article = read(page(data(datePublished="2021-07-01", dateModified="2020-01-01") + LINK))
    assert article.published == "2021-07-01" and article.updated is None
    assert [warning for warning in article.warnings if "2019-03-08 by its address" in warning]
    assert [warning for warning in article.warnings if "lies before its publication" in warning]


# -- people, outlet, title -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "over", "author"),
    [
        (
            data(author=[{"@type": "Person", "name": "Mia Rask"}, {"@type": "Organization", "name": "Quay"}]),
            "",
            "Mia Rask",
        ),
        (data(author="By Mia Rask and Bo Lind"), "", "Mia Rask, Bo Lind"),
        (data(author={"name": "MIA RASK"}), "", "Mia Rask"),
        (data(author="https://quay.example/ida"), '<p class="byline">By Mia Rask, climate reporter</p>', "Mia Rask"),
        ('<meta name="author" content="Mia Rask, Quay News">', "", "Mia Rask"),
        ('<meta name="author" content="ida@quay.example">', "", None),
        ('<meta name="author" content="Reuters Staff">', "", None),
        (
            '<meta name="author" content="Siobhán O’Neill-Byrne; José da Silva">',
            "",
            "Siobhán O’Neill-Byrne, José da Silva",
        ),
        ("", "<p>By Mia Rask in Hult</p>", "Mia Rask"),
        ("", '<div>Written by <a rel="author" href="/i">Mia Rask</a></div>', "Mia Rask"),
        ("", "<figure><img><figcaption>The pier. Photo by Mia Rask</figcaption></figure>", None),
    ],
)
def test_authors_are_names_of_people_alone(head: str, over: str, author: str | None) -> None:
    assert read(page(head, over)).author == author


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta property="og:site_name" content="Hult Herald">', "Hult Herald"),
        (data(publisher={"@type": "Organization", "name": "Hult Herald"}), "Hult Herald"),
        ('<link rel="canonical" href="https://www.hult-herald.example/pier"><title>', None),
    ],
)
def test_the_outlet_is_the_sites_or_the_publishers_name(head: str, outlet: str | None) -> None:
    assert read(page(head)).outlet == outlet


@pytest.mark.parametrize("sign", [" | ", " - ", " – ", " — ", " • "])
def test_the_title_is_without_the_outlet(sign: str) -> None:
    markup = page('<meta property="og:site_name" content="Hult Herald">').replace(
        "<title>Pier closed", f"<title>Pier closed{sign}Hult Herald"
    )
    assert read(markup.replace("<h1>Pier closed</h1>", "")).title == "Pier closed"


# -- the text --------------------------------------------------------------------------------------


def test_quotes_items_rows_and_captions_stand_in_the_text() -> None:
    article = read(
        page(
            "",
            "",
            BODY + "<blockquote><p>We shall rebuild it.</p></blockquote><ol><li>the planks<li>the lamps</ol>"
            "<table><tr><th>Year<th>Visitors</tr><tr><td>2018<td>4,100</tr></table>"
            "<figure><img><figcaption>The pier in January. PHOTO: Ada Frey / Seapix FILE PHOTO, NO RESALES"
            "</figcaption></figure>"
            "<figure><img><figcaption>The pier in January.</figcaption></figure>",
        )
    )
    text = story(article)
    assert "We shall rebuild it.\n\n1. the planks\n2. the lamps\n\nYear | Visitors\n2018 | 4,100" in text
    assert text.count("The pier in January.") == 1 and "Seapix" not in text and "RESALES" not in text


def test_letters_are_plain() -> None:
    body = "<p>The par&shy;lia&#173;ment of H&uuml;lt met&nbsp;on 4&#8239;May&#8203; &ndash; it&#146;s o&#64259;cial"
    body += "&amp;nbsp;now.</p>"
    assert "The parliament of Hült met on 4 May – it’s official now." in read(page("", "", body)).text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "windows-1252"), ("iso-8859-1", "iso-8859-1"),
     ("iso-8859-2", "iso-8859-2"), ("shift_jis", "shift_jis"), ("utf-8", "iso-8859-1"), ("koi8-r", "koi8-r")],
)  # fmt: skip
def test_a_page_is_read_in_its_encoding(encoding: str, declared: str) -> None:
    words = {
        "shift_jis": "港は月曜日に閉鎖された。",
        "koi8-r": "Пирс закрыли в понедельник.",
        "iso-8859-2": "Molo zavřel přístav.",
    }
    line = words.get(encoding, "The café of Jörn Bäcker stays open, as before.")
    meta = f'<meta charset="{declared}">' if declared else ""
    assert line in read(page(meta, "", f"<p>{line}</p>{BODY}").encode(encoding)).text


def test_what_is_hidden_or_struck_or_a_note_is_not_in_the_text() -> None:
    body = (
        '<p>It cost <s>4</s> 5 crowns.<sup><a href="#n1">[1]</a></sup> <span class="sr-only">Opens in a tab</span></p>'
        '<div style="display:none"><p>The secret words of this page.</p></div><p hidden>More secret words of it.</p>'
    )
    text = read(page("", "", body + BODY)).text
    assert "It cost 5 crowns.\n" in text and "secret" not in text and "tab" not in text


def test_text_for_subscribers_is_no_story_and_a_stub_is_told() -> None:
    gate = "<p>This article is for subscribers only.</p><p>Already a subscriber? Log in</p>"
    article = read(page("", "", f"<p>The pier of Hult was closed on Monday after</p>{gate}"))
    assert "subscriber" not in story(article) and "only the beginning" in article.warnings[0]
    box = f'<div class="banner">{gate}</div>'
    assert (
        "only the beginning"
        in read(page("", "", f"<p>The pier of Hult was closed on Monday after</p>{box}")).warnings[0]
    )
    assert read(page("", "", BODY + box)).warnings == ()
    assert read(page("", "", BODY + "<p>Subscribe to our newsletter.</p>")).warnings == ()


def test_news_about_subscriptions_and_shares_is_story() -> None:
    lines = (
        "Subscribers to the paper fell by a tenth, the publisher said on Monday.",
        "The plan costs 5 crowns a month and gives access to every tram.",
        "Share prices in Hult fell by 3 per cent.",
        "By the end of May the pier will be open.",
        "Photo shops in Hult close one after the other.",
        "In March 2019 the pier was sold.",
    )
    text = story(read(page("", "", "".join(f"<p>{line}</p>" for line in lines))))
    assert [line for line in lines if line not in text] == []


# -- live blogs ------------------------------------------------------------------------------------


def posts(article: Article) -> list[tuple[str, str]]:
    return [(span.value, article.text[span.start : span.end]) for span in article.spans if span.kind == "post"]


@pytest.mark.parametrize("name", ["live-blog-without-json-ld"])
def test_each_post_has_its_own_time(name: str) -> None:
    article = read((PAGES / f"{name}.html").read_bytes())
    (later, one), (earlier, two) = posts(article)
    assert (later, earlier) == ("2021-09-13T00:48", "2021-09-12T20:20")
    assert "conceded" in one and "Queues" not in one and "Queues" in two


UPDATES = [
    {"@type": "BlogPosting", "headline": f"Post {n}", "datePublished": f"2021-11-2{n}T0{n}:05:00Z",
     "articleBody": f"The wind reached 1{n}0 kilometres an hour at Sollen."} for n in (2, 1)
]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<section><time>{n}:05</time><h2>Post {n}</h2><p>{{{n}}}</p></section>" for n in (2, 1)),
        "".join(f"<h2>Post {n}</h2><p>{{{n}}}</p>" for n in (2, 1)),
        "",
    ],
    ids=["regions", "headings", "data alone"],
)
def test_posts_are_told_by_their_regions_by_their_headlines_or_by_the_data(body: str) -> None:
    for n in (1, 2):
        body = body.replace(f"{{{n}}}", f"The wind reached 1{n}0 kilometres an hour at Sollen.")
    head = data(datePublished="2021-11-20", dateModified="2021-11-23", liveBlogUpdate=UPDATES)
    article = read(page(head.replace("NewsArticle", "LiveBlogPosting"), "", body))
    assert [time for time, _ in posts(article)] == ["2021-11-22T02:05", "2021-11-21T01:05"]
    assert article.text.count("The wind reached 120") == article.text.count("The wind reached 110") == 1


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("9:15 pm, 21 Nov", "2021-11-21T21:15"),
        ("21 November, 7.05am", "2021-11-21T07:05"),
        ("Nov 21, 2021 at 12:10 a.m.", "2021-11-21T00:10"),
        ("22:40", ""),
        ("4 March, 10:00", ""),
    ],
)
def test_a_time_stamp_in_words_is_dated_within_the_days_of_the_page(stamp: str, when: str) -> None:
    head = data(datePublished="2021-11-20", dateModified="2021-11-22").replace("NewsArticle", "LiveBlogPosting")
    body = "".join(
        f"<section><time>{time}</time><p>{words}</p></section>"
        for time, words in ((stamp, "The ferries of Sollen sail again."), ("20 Nov, 09:00", "All ferries lie in port."))
    )
    assert [time for time, _ in posts(read(page(head, "", body)))] == [when, "2021-11-20T09:00"]


# -- hostile pages ---------------------------------------------------------------------------------

LINE = "<p>The ferry of Hult sank on Friday at noon.</p>"
HOSTILE = {
    "100,000 nested elements": "<div>" * 100_000 + LINE,
    "nested inline elements": "<p>" + "<span itemprop=x class=byline>a " * 30_000,
    "nested tables": "<table><tr><td>a<td>b" * 20_000,
    "a line without spaces": "<p>" + "w" * 5_000_000,
    "zero bytes": LINE.replace("ferry", "fer\0ry") + LINE,
    "broken JSON-LD": '<script type="application/ld+json">{"@type": "NewsArticle", </script>' + LINE,
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 500_000 + "</script>" + LINE,
    "wide JSON-LD": '<script type="application/ld+json">[' + '{"@type":"Article"},' * 100_000 + "1]</script>" + LINE,
    "a huge attribute": '<p title="' + "x" * 5_000_000 + '">' + LINE,
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">" + LINE,
    "entities": LINE + "<p>" + "&amp;" * 500_000,
    "an entity bomb": "<!DOCTYPE html ["
    + "".join(f'<!ENTITY a{n + 1} "&a{n};&a{n};">' for n in range(60))
    + "]>&a60;"
    + LINE,
    "too many tags": "<p>" * 500_000,
    "too many lines": LINE * 250_000,
    "open comments": "<!--" * 500_000,
    "a long title": "<title>" + "a | " * 300_000 + "</title>" + LINE,
    "a long caption": "<figcaption>" + "Photo: A / " * 100_000,
    "many times": '<main class="liveblog">' + f"<article><time>10:00</time>{LINE}</article>" * 10_000,
    "joiners": "<p>The ferry sank on Friday at noon." + "\u200c" * 500_000,
    "marks": "<p>The ferry sank on Friday at noon." + "\u0301\u0323" * 200_000,
    "a picture in the page": '<img src="data:image/png;base64,' + "A" * 5_000_000 + '">' + LINE,
}


@pytest.mark.torture
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_in_bounded_time(name: str) -> None:
    began = time.process_time()
    try:
        assert read(HOSTILE[name]).text
    except Unreadable as reason:
        assert str(reason) and name in ("too many tags", "too many lines", "open comments")
    assert time.process_time() - began < 20


TAGS = st.sampled_from(
    """<p> </p> <div_class=related> </div> <article> </article> <h1> </h1> <li> <ul> </ul> <table><tr><td> <td> </table>
    <br> <br><br> <a_href=x> </a> <time_datetime=2021-01-01> </time> <figure> <figcaption> </figure> <span_class=credit>
    </span> <sup>1</sup> <b &#0; &amp; <meta_name=author_content=X> <title>x_|_y</title> The_ferry_sank_on_Friday. <pre>
    By_Mia_Rask Share_this 10:00_pm \xad \u200d \ue000 \ufb01 é \x07 <svg> </html> <main_class=liveblog> <hr>
    <blockquote> <section_class=live-post> </section> <nav> </nav> <body_itemscope_itemtype=VideoObject> </blockquote>
    <script_type="application/ld+json">{"@type":"NewsArticle","author":[[1]],"headline":{}}</script>""".split()
).map(lambda tag: tag.replace("_", " "))


@settings(max_examples=120)
@given(st.lists(TAGS, max_size=40).map("".join))
def test_any_markup_is_read_or_refused_and_spans_lie_in_the_text(markup: str) -> None:
    try:
        article = read(markup or "x")
    except Unreadable as reason:
        assert str(reason)
    else:
        assert article.title and article.text.strip()


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("LONDON, March 3, 2026 (Reuters) - ", "2026-03-03"),
        ("NEW YORK, N.Y., March 3, 2026 /Wire/ -- ", "2026-03-03"),
        ("São Paulo, 3 May 2026 – ", "2026-05-03"),
        ("BRILL (May 3, 2026) — ", "2026-05-03"),
        ("Correction, May 7, 2026 — ", None),
        ("On May 3, 2026 - ", None),
    ],
)
def test_the_dateline_of_a_page_is_told_from_other_days_that_lead_a_paragraph(opening: str, day: str | None) -> None:
    article = read(f"<title>Pier closed</title><article><h1>Pier closed</h1>{BODY.replace('<p>', f'<p>{opening}', 1)}")
    assert article.published == day
