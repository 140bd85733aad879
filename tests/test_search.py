"""Search: both legs blended, filters that are hard, and an answer from either leg when the other is gone."""

from __future__ import annotations

import shutil

import pytest
from conftest import Library
from hypothesis import given
from hypothesis import strategies as st

from store.dense import Dense
from store.errors import IndexDamaged
from store.passage import Filters, Query
from store.search import AROUND, DENSE, HALF_LIFE, RECENCY, blend, nearness, recency, scaled

SCORES = st.dictionaries(st.integers(0, 20), st.floats(0, 100), min_size=1)


# -- the blend -------------------------------------------------------------------------------------


@given(SCORES, SCORES)
def test_a_blend_lies_between_its_legs(bm25: dict[int, float], cosines: dict[int, float]) -> None:
    ids = sorted({*bm25, *cosines})
    fused = blend(ids, bm25, cosines)
    assert set(fused) == set(ids) and all(-1e-9 <= value <= 1 + 1e-9 for value in fused.values())


def test_words_lead_and_meaning_decides_between_equals() -> None:
    fused = blend([1, 2, 3], {1: 9.0, 2: 3.0, 3: 3.0}, {1: 0.1, 2: 0.1, 3: 0.9})
    assert fused[1] > fused[3] > fused[2]
    assert fused[1] == pytest.approx(1 - DENSE) and fused[3] == pytest.approx(DENSE)


def test_scaling_at_its_edges() -> None:
    assert scaled([2.0, 4.0, 3.0]) == [0.0, 1.0, 0.5] and scaled([7.0, 7.0]) == [1.0, 1.0]


def test_recency_halves_and_never_drowns() -> None:
    assert recency("2010-10-14", "2010-10-14") == 1.0
    assert recency("2010-10-01", "2010-10-15") == pytest.approx(1 - RECENCY + RECENCY * 0.5 ** (14 / HALF_LIFE))
    assert recency("1912-04-15", "2010-10-14") == pytest.approx(1 - RECENCY)
    assert recency("2011-10-14", "2010-10-14") == pytest.approx(1 - RECENCY), "not written yet"
    assert recency("1912-04-15", "2010-10-14") < recency(None, "2010-10-14") < 1


# -- a search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question, source",
    [
        ("How deep was the shaft for the trapped miners?", "mine.md"),
        ("How many barrels of oil a day flowed?", "spill.md"),
        ("Which liner picked up survivors?", "ship.txt"),
        ("What did the astronauts leave on the moon?", "landing.md"),
    ],
)
def test_the_best_passage_is_of_the_right_article(corpus: Library, question: str, source: str) -> None:
    found = corpus.search(question)
    assert found.passages[0].document.source == source
    assert [p.score for p in found.passages] == sorted((p.score for p in found.passages), reverse=True)
    assert found.missing == () and -2 <= found.agreement <= 0


def test_every_passage_is_verbatim_in_its_version_and_apart_from_furniture(corpus: Library) -> None:
    found = corpus.search("Titanic survivors advertisement miners oil moon")
    with corpus.record() as record:
        for passage in found.passages:
            version = record.document(passage.document.id, passage.document.version)
            assert version.text[passage.start : passage.end] == passage.text
            assert passage.document.text == ""
            page = [span for span in version.spans if span.kind == "furniture"]
            assert all(passage.end <= s.start or s.end <= passage.start for s in page)


def test_a_question_without_any_of_the_words_still_finds_the_nearest(corpus: Library) -> None:
    found = corpus.search("astronauts spaceflight lunar")
    assert found.passages[0].document.source == "landing.md"


def test_k_is_the_number_of_passages(corpus: Library) -> None:
    assert len(corpus.search(Query("the day they found it", k=2)).passages) == 2
    assert len(corpus.search(Query("the day they found it", k=50)).passages) == 4


def test_the_same_passage_in_two_articles_is_shown_once_and_named_twice(corpus: Library) -> None:
    body = "Engineers tested the turbine at the harbour for nine hours on Monday."
    corpus.write("first.md", f"---\ntitle: One\noutlet: Sample Wire\n---\n{body}\n")
    corpus.write("second.md", f"---\ntitle: Two\noutlet: Sample Daily\n---\n{body}\n")
    corpus.ingest()
    first, *rest = corpus.search("turbine tested harbour").passages
    assert first.text == body and len(first.also_in) == 1
    assert {first.document.title, first.also_in[0].title} == {"One", "Two"}
    assert body not in [p.text for p in rest]


def test_an_article_that_repeats_itself_is_not_named_beside_itself(corpus: Library) -> None:
    line = "the turbine at the harbour ran for nine hours and then "
    corpus.write("first.txt", line * 100)
    corpus.write("second.txt", line * 100)
    corpus.ingest()
    for passage in corpus.search("turbine harbour").passages:
        named = [document.source for document in (passage.document, *passage.also_in)]
        assert len(named) == len(set(named)), named


def test_earlier_questions_help_a_short_one_and_do_not_rule_it(corpus: Library) -> None:
    history = ("How deep was the mine shaft in Chile?",)
    assert corpus.top(Query("How many were there?", history=history)) == "mine.md"
    assert corpus.top(Query("How many survivors did the Carpathia pick up?", history=history)) == "ship.txt"


def test_recent_articles_lead_only_where_it_is_asked_for(corpus: Library) -> None:
    for name, day in (("old.md", "2010-01-01"), ("new.md", "2010-12-30")):
        words = "turbine turbine" if name == "old.md" else "turbine"
        corpus.write(name, f"---\ntitle: {name}\npublished: {day}\n---\nThe {words} was tested in {day[:7]}.\n")
    corpus.ingest()
    assert corpus.top(Query("turbine", filters=Filters(as_of="2010-12-31"))) == "old.md"
    assert corpus.top(Query("turbine", filters=Filters(as_of="2010-12-31"), recent=True)) == "new.md"


@pytest.mark.parametrize(
    "time, first", [(("2010-12-01", "2010-12-31"), "new.md"), (("2008-01-01", "2008-12-31"), "old.md")]
)
def test_a_time_that_the_question_names_weighs_and_hides_nothing(
    corpus: Library, time: tuple[str, str], first: str
) -> None:
    for name, day in (("old.md", "2008-06-01"), ("new.md", "2010-12-20")):
        corpus.write(name, f"---\npublished: {day}\n---\nThe turbine of {name[:3]} was switched on.")
    corpus.ingest()
    found = corpus.search(Query("turbine switched on", around=(time,)))
    assert found.passages[0].document.source == first
    assert {"old.md", "new.md"} <= {passage.document.source for passage in found.passages}


def test_nearness_falls_with_the_days_and_is_midway_where_undated() -> None:
    around = ("2010-06-01", "2010-06-30")
    assert nearness("2010-06-10", around) == nearness("2010-07-14", around) == 1.0
    assert 1 - AROUND < nearness("2012-01-01", around) < nearness("2010-08-01", around) < 1.0
    assert nearness(None, around) == 1 - AROUND / 2


@pytest.mark.parametrize(
    "text", ["", "?", "the of and", "x" * 100_000, "word " * 20_000, "\x00\u202e\ufffd", "שלום 👩‍👩‍👧"], ids=range(7)
)
def test_any_question_is_answered_with_passages_or_none(corpus: Library, text: str) -> None:
    assert isinstance(corpus.search(text).passages, tuple)


# -- hard filters ----------------------------------------------------------------------------------

ALL = "miners oil barrels Titanic survivors Moon rock day"


@pytest.mark.parametrize("without", ["", "lexical", "dense"])
@pytest.mark.parametrize(
    "filters, left",
    [
        ({"since": "2010-06-15", "until": "2010-06-15"}, "spill.md"),
        ({"since": "2010-06-16"}, "mine.md"),
        ({"until": "2010-06-15"}, "spill.md landing.md"),
        ({"until": "1969-12-31", "undated": True}, "landing.md ship.txt"),
        ({"outlets": ("sample WIRE",)}, "mine.md landing.md"),
        ({"not_outlets": ("Sample Wire",)}, "spill.md ship.txt"),
        ({"outlets": ("Sample Wire",), "since": "2000-01-01"}, "mine.md"),
        ({"documents": ("news",)}, "mine.md spill.md ship.txt landing.md"),
        ({"outlets": ("Nobody",)}, ""),
    ],
    ids=str,
)
def test_filters_are_hard_in_both_legs(corpus: Library, filters: dict[str, object], left: str, without: str) -> None:
    if without:
        shutil.rmtree(corpus.folder / without)
    found = corpus.search(Query(ALL, filters=Filters(**filters)))  # type: ignore[arg-type]
    assert {passage.document.source for passage in found.passages} == set(left.split())


LIVE = """<html><head><script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm over Sollen",
"datePublished": "2021-11-20", "dateModified": "2021-11-22"}</script></head><body><h1>Storm over Sollen</h1>
<section><time datetime="2021-11-22T08:00">8:00</time><p>The harbour of Sollen is open to ferries.</p></section>
<section><time datetime="2021-11-20T09:00">9:00</time><p>The harbour of Sollen is closed to all ferries.</p></section>
</body></html>"""


@pytest.mark.parametrize(
    "filters, left",
    [({"until": "2021-11-21"}, ["2021-11-20"]), ({"since": "2021-11-21"}, []), ({}, ["2021-11-20", "2021-11-22"])],
    ids=str,
)
def test_a_date_filter_looks_at_the_posts_of_a_live_blog(
    library: Library, filters: dict[str, str], left: list[str]
) -> None:
    library.write("storm.html", LIVE)
    library.ingest()
    found = library.search(Query("harbour Sollen ferries", filters=Filters(**filters)))
    assert sorted({passage.document.published or "" for passage in found.passages}) == left


def test_a_filter_by_article_leaves_only_that_one(corpus: Library) -> None:
    only = corpus.id_of("landing.md")
    assert [p.document.id for p in corpus.search(Query("miners", filters=Filters(documents=(only,)))).passages] == [
        only
    ]


# -- one leg ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("leg, other", [("lexical", "by meaning only"), ("dense", "by words only")])
def test_either_leg_alone_answers_and_says_so(corpus: Library, leg: str, other: str) -> None:
    shutil.rmtree(corpus.folder / leg)
    found = corpus.search("How deep was the shaft for the trapped miners?")
    assert found.passages[0].document.source == "mine.md"
    (said,) = found.missing
    assert other in said and "footnote doctor --repair" in said
    assert found.agreement <= 0 and found.rarity


def test_without_either_leg_the_next_step_is_named(corpus: Library) -> None:
    for leg in ("lexical", "dense"):
        shutil.rmtree(corpus.folder / leg)
    with pytest.raises(IndexDamaged, match="Both indexes") as caught:
        corpus.search("miners")
    assert caught.value.exit == 5 and "doctor --repair" in caught.value.next


def test_a_leg_that_fails_while_it_is_asked_is_left_out(corpus: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def count(self) -> int:
            raise RuntimeError("hnsw segment reader: nothing found on disk")

    with corpus.searching() as search:
        search.search(Query("shift foreman"))
        reader = search._search._opened
        assert reader is not None
        reader._collection = Broken()
        found = search.search(Query("shift foreman"))
        assert found.passages[0].document.source == "mine.md" and len(found.missing) == 1
        assert search.search(Query("shift foreman")).missing == (), "opened anew"


def test_what_is_behind_is_brought_level_and_said(corpus: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Dense, "catch_up", lambda *args, **named: 0)
        corpus.write("new.txt", "A report on turbines.")
        corpus.ingest()
    said: list[str] = []
    corpus.mend(said.append)
    assert said == ["the meaning index was behind and has been brought level"]
    corpus.mend(said.append)
    assert len(said) == 1
    with corpus.searching() as search:
        assert search.search(Query("turbines")).passages[0].document.source == "new.txt"


def test_an_open_search_follows_what_is_ingested_meanwhile(corpus: Library) -> None:
    with corpus.searching() as search:
        assert len(search.search(Query(ALL)).passages) == 4
        corpus.write("new.txt", "A report on turbines.")
        corpus.ingest()
        assert search.search(Query("turbines")).passages[0].document.source == "new.txt"
        (corpus.root / "new.txt").unlink()
        corpus.ingest()
        assert len(search.search(Query(ALL + " turbines")).passages) == 4
