"""A course of events: its sentences in order of time, with days, gaps, copies once; refused where there is none."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from chat_engine import answer as plain_answer
from conftest import reader

from bot.answer import UNFILTERED, Bot
from bot.commands.timeline import write
from bot.conversation import Answer, Moment
from bot.errors import UsageError
from bot.events import Answered
from bot.reading import Candidate, FakeChecker
from bot.reading.claims import read
from bot.settings import Settings
from bot.show.timeline import as_csv, as_html, span, steps
from bot.timeline.topic import Topic
from bot.timeline.when import happened, moment, to_come
from bot.tui.draw.shown import ShownTurn
from bot.tui.draw.turn import View, turn_content
from bot.writers import FakeWriter, Writer
from bot.writers.extract import Extract
from store.corpus import FakeCorpus
from store.event_dates import event_dates
from store.passage import Document, Filters, Passage, Span


def article(name: str, published: str | None, text: str, title: str = "News", **facts: str) -> Document:
    return Document(
        name, "news", f"{name}.md", title, "Courier", published=published, text=text,
        spans=event_dates(text, published, ()), **facts,
    )  # fmt: skip


STORY = (
    article(
        "raised", "2017-03-23", "The ferry Aurora was lifted to the surface on Thursday, three years after it sank."
    ),
    article("sank", "2014-04-16", "The ferry Aurora sank off Oberau on Wednesday with 300 people aboard."),
    article("court", "2014-11-11", "A court sentenced the captain of the Aurora to 36 years in prison on Tuesday."),
    article("memory", None, "Divers found the bell of the Aurora. It stands in the church of Oberau now."),
    article("plan", "2014-04-20", "The Aurora will be lifted in summer. It may take until autumn."),
    article("other", "2014-04-17", "A mill in Tarn burned down on Wednesday night. Nobody was hurt."),
)


def told(question: str, *documents: Document, filters: Filters = UNFILTERED, writer: Writer | None = None) -> Answer:
    bot = Bot(FakeCorpus(*documents), reader(), FakeChecker(), writer or Extract(), Settings())

    async def follow() -> Answer:
        async for event in bot.answer(question, filters=filters):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("the last event is Answered")

    return asyncio.run(follow())


def sources(answer: Answer) -> list[str]:
    return [step.citation.document.id for step in steps(answer)]


def test_events_are_told_in_order_of_time_and_those_of_no_time_last() -> None:
    course = told("What happened with the Aurora?", *STORY)
    assert course.outcome == "answered" and course.model == "extract"
    assert sources(course) == ["sank", "court", "raised", "memory"]
    assert [one.number for one in course.course] == [1, 2, 3, 4]  # the sentences stand in that order too
    first, *_, last = steps(course)
    assert (first.when, first.moment.told) == ("16 Apr 2014", True)
    assert (last.when, last.moment.first) == ("order unknown", None)
    assert steps(course)[2].gap == "nothing told for 2 years"


def test_a_sentence_of_what_is_to_come_is_no_event() -> None:
    assert "plan" not in sources(told("Timeline of the Aurora", *STORY))


def test_a_day_that_a_sentence_names_counts_before_that_of_its_article() -> None:
    later = article("later", "2014-05-02", "The Aurora had been inspected on 3 April 2014, the ministry admitted.")
    course = told("What happened with the Aurora?", *STORY, later)
    assert sources(course)[0] == "later" and steps(course)[0].when == "3 Apr 2014"


def test_of_copies_the_origin_is_told_once_and_the_others_are_named() -> None:
    text = STORY[1].text
    origin, copy = (article(name, day, text, family="wire", kin="wire") for name, day in
                    (("wire", "2014-04-16"), ("copy", "2014-04-17")))  # fmt: skip
    course = told("What happened with the Aurora?", copy, STORY[0], origin)
    assert sources(course) == ["wire", "raised"]
    assert [one.id for one in course.citations[0].also_in] == ["copy"] and course.citations[0].origins == 1


def test_two_reports_of_one_event_in_the_same_words_are_one_and_new_figures_are_another() -> None:
    again = article("again", "2014-04-17", "The ferry Aurora sank off Oberau on Wednesday with 300 people aboard it.")
    more = article("more", "2014-04-17", "The ferry Aurora sank off Oberau on Wednesday with 310 people aboard.")
    assert sorted(sources(told("What happened with the Aurora?", STORY[0], STORY[1], again)))[:1] != ["again", "sank"]
    assert {"more", "sank"} <= set(sources(told("What happened with the Aurora?", STORY[0], STORY[1], more)))


def test_a_topic_that_no_article_holds_is_refused_and_one_event_is_a_course_only_where_one_is_asked_for() -> None:
    assert told("Timeline of the Borealis", *STORY).outcome in ("not_in_corpus", "unsure")
    assert told("What happened with the Borealis?", *STORY).refused
    assert sources(told("Timeline of the Aurora", STORY[1])) == ["sank"]
    assert not told("What happened with the Aurora?", STORY[1]).course


def test_a_course_keeps_to_the_filters() -> None:
    assert sources(told("Timeline of the Aurora", *STORY, filters=Filters(since="2014-11-01"))) == ["court", "raised"]


@pytest.mark.parametrize(
    ("time", "kept"),
    [
        ("in 2014", ["sank", "court", "memory"]),
        ("since November 2014", ["court", "raised", "memory"]),
        ("until May 2014", ["sank", "memory"]),
        ("between June 2014 and March 2015", ["court", "memory"]),
        ("from 2014 to 2016", ["sank", "court", "memory"]),
        ("before the 2014 trial", ["sank", "court", "raised", "memory"]),
    ],
)
def test_a_time_behind_the_topic_keeps_the_course_to_it(time: str, kept: list[str]) -> None:
    assert sources(told(f"Timeline of the Aurora {time}", *STORY)) == kept


def test_a_post_of_a_live_blog_is_an_event_of_its_own_day() -> None:
    posts = ("The Aurora ran aground off Oberau.", "Tugs freed the Aurora from the sandbank.")
    text, low = "\n\n".join(posts), len(posts[0]) + 2
    spans = (Span(0, low, "post", "2019-05-02T09:00"), Span(low, len(text), "post", "2019-05-03T11:30"))
    blog = Document("blog", "news", "blog.html", "Live", "Courier", published="2019-05-01", text=text, spans=spans)
    told_days = [step.when for step in steps(told("Timeline of the Aurora", blog))]
    assert told_days == ["2 May 2019", "3 May 2019"]


def test_values_that_change_are_told_by_the_sentences_that_give_them() -> None:
    texts = (
        "A storm hit Oberau on Monday. At least 12 people died in the storm.",
        "Oberau buried its dead on Friday. The number of dead in the storm of Oberau has risen to 31.",
    )
    days = ("2019-02-04", "2019-02-08")
    storm = [article(f"s{at}", day, text) for at, (day, text) in enumerate(zip(days, texts, strict=True))]
    course = told("How did the number of dead in Oberau change?", *storm)
    assert ["12" in course.sentences[0].text, "31" in course.sentences[-1].text] == [True, True]


def test_a_model_gets_the_same_articles_in_order_of_time_and_its_footnotes_get_their_days() -> None:
    writer = FakeWriter(["The ferry sank. [1] Its captain was sentenced. [2]"])
    course = told("What happened with the Aurora?", *STORY, writer=writer)
    assert sources(course) == ["sank", "court"]
    assert [moment.first for moment in course.course] == ["2014-04-16", "2014-11-11"]


@pytest.mark.parametrize(
    ("text", "published", "first", "last", "named"),
    [
        ("The dam burst on Monday.", "2020-06-10", "2020-06-08", "2020-06-08", True),
        ("The dam burst two years after it was built.", "2020-06-10", "2020-06-10", "2020-06-10", False),
        ("The dam, which opened in 1987, burst.", "2020-06-10", "2020-06-10", "2020-06-10", False),
        ("Workers found the first crack in March 2018.", "2020-06-10", "2018-03-01", "2018-03-31", True),
        ("The council met on Monday and will vote on 3 July.", "2020-06-10", "2020-06-08", "2020-06-08", True),
        ("The dam had been closed since Monday.", "2020-06-10", "2020-06-10", "2020-06-10", False),
        ("The dam burst on Monday.", None, None, None, False),
        ("The dam burst on 8 June 2020.", None, "2020-06-08", "2020-06-08", True),
    ],
)
def test_a_moment_is_a_day_that_the_sentence_names_else_that_of_publication(
    text: str, published: str | None, first: str | None, last: str | None, named: bool
) -> None:
    document = article("dam", published, text)
    passage = Passage(1, replace(document, text="", spans=()), 0, len(text), text, spans=document.spans)
    assert moment(Candidate(passage, 0, len(text), text), first=False) == Moment(0, first, last, named)


@pytest.mark.parametrize(
    ("text", "is_event", "ahead"),
    [
        ("The dam collapsed.", True, False),
        ("The dam will be rebuilt next year.", False, True),
        ("The dam will be rebuilt, the minister said on Monday.", True, True),
        ("The vote is expected to be held in May.", False, True),
        ("Witnesses asked whether the dam had burst.", True, False),
        ("The council may close the road if the river rises.", False, True),
    ],
)
def test_what_is_planned_is_no_event_but_that_it_was_said_is(text: str, is_event: bool, ahead: bool) -> None:
    claims = read(text)
    assert (happened(claims), to_come(claims)) == (is_event, ahead)


@pytest.mark.parametrize(
    ("head", "text", "held"),
    [
        ("the Ever Given", "He has ever given much.", False),
        ("the Ever Given", "The Ever Given ran aground.", True),
        ("the Thai cave", "MAE SAI, Thailand - Boys left the cave.", True),
        ("the missile in Poland", "Polish officers met.", False),
        ("the Chinese bird flu", "Chinese leaders met.", False),
        ("the Chinese bird flu", "Bird flu was found on a Chinese farm.", True),
        ("the bird flu outbreak", "The outbreak of flu among birds", True),
        ("the bird flu outbreak", "The outbreak of war", False),
    ],
)
def test_a_text_is_on_a_topic_by_its_names_as_they_are_written_else_by_its_words(
    head: str, text: str, held: bool
) -> None:
    rarity = dict.fromkeys(
        ("ever", "given", "thai", "cave", "missil", "poland", "chines", "bird", "flu", "outbreak"), 4.0
    )
    assert Topic(head, rarity).held(text) == held


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2024-03-14", "2024-03-14", "14 Mar 2024"),
        ("2024-03-14", "2024-03-16", "14–16 Mar 2024"),
        ("2024-02-28", "2024-03-05", "28 Feb–5 Mar 2024"),
        ("2024-02-01", "2024-02-29", "Feb 2024"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("2019-01-01", "2021-12-31", "2019–2021"),
        ("2019-12-30", "2020-01-05", "30 Dec 2019 – 5 Jan 2020"),
        (None, None, "order unknown"),
    ],
)
def test_a_time_is_told_as_running_text_has_it(first: str | None, last: str | None, words: str) -> None:
    assert span(Moment(1, first, last)) == words


EVIL = '=HYPERLINK("http://x")</blockquote><script>alert(1)</script> & $title \x1b[31m'


def hostile() -> Answer:
    """A course of an article that would steer a page, a spreadsheet and a terminal."""
    whole = plain_answer(question=EVIL, course=(Moment(1, "2024-03-14", "2024-03-14", True), Moment(2)))
    evil = whole.citations[0]
    document = replace(evil.document, title=EVIL, outlet=EVIL, url='javascript:alert("x")')
    quote = replace(evil.quote, text=EVIL)
    return replace(whole, citations=(replace(evil, document=document, quote=quote), *whole.citations[1:]))


def test_a_page_escapes_every_text_and_needs_nothing_else() -> None:
    page = as_html(hostile(), EVIL)
    assert "<script" not in page and "javascript:" not in page and "\x1b" not in page
    assert page.count("&lt;script&gt;") >= 3 and "order unknown" in page
    assert not re.findall(r"(?:src|href)=\"(?!https?://)", page) and "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page


def test_a_table_has_a_row_an_event_and_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(hostile()))))
    assert [row["first"] for row in rows] == ["2024-03-14", ""] and [row["dated_by"] for row in rows] == [
        "sentence",
        "",
    ]
    assert rows[0]["sentence"].startswith("'=") and rows[0]["outlet"].startswith("'=")


def test_the_chat_draws_the_days_down_a_line_with_numbers_to_click() -> None:
    whole = plain_answer(course=(Moment(1, "2023-03-14", "2023-03-14"), Moment(2, "2024-03-14", "2024-03-14", True)))
    drawn = turn_content(ShownTurn(whole.question, whole), View(60)).plain
    assert drawn.index("14 Mar 2023 ●") < drawn.index("┊ nothing told for 12 months") < drawn.index("14 Mar 2024 ●")
    assert "[1]" in drawn and "day of publication" in drawn and max(map(len, drawn.splitlines())) <= 60


def names(folder: Path) -> Sequence[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_is_written_whole_and_one_that_is_there_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "course.html"
    write(path, "one", force=False)
    with pytest.raises(UsageError, match="already"):
        write(path, "two", force=False)
    assert path.read_text() == "one"
    write(path, "two", force=True)
    assert path.read_text() == "two" and names(tmp_path) == ["course.html"]
