"""The word index: what matches, what scores higher, and how it follows the record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Library

from store.errors import IndexDamaged
from store.lexical import Lexical
from store.passage import Query
from store.words import stem, terms, tokens


@pytest.fixture
def opened(corpus: Library) -> Iterator[Lexical]:
    with corpus.record() as record:
        leg = Lexical(corpus.folder)
        leg.open(record)
        yield leg
        leg.close()


def sources(library: Library, leg: Lexical, query: str | Query) -> list[str]:
    """Where a leg's hits stand, best first."""
    hits = leg.search(Query(query) if isinstance(query, str) else query, 10)
    with library.record() as record:
        return [passage.document.source for passage in record.passages([key for key, _ in hits])]


def fresh(library: Library) -> Lexical:
    leg = Lexical(library.folder)
    with library.record() as record:
        leg.open(record)
    return leg


@pytest.mark.parametrize(
    "question, source",
    [
        ("Who was trapped underground in the mine?", "mine.md"),
        ("SURVIVORS of the ship", "ship.txt"),
        ("Luis Urzua", "mine.md"),
        ("seismometers", "landing.md"),
        ("barrels a day?", "spill.md"),
        ("What struck the Titanic's side", "ship.txt"),
    ],
)
def test_words_are_found_in_any_case_form_and_accent(
    corpus: Library, opened: Lexical, question: str, source: str
) -> None:
    assert sources(corpus, opened, question)[0] == source


def test_titles_count_too(corpus: Library, opened: Lexical) -> None:
    assert sources(corpus, opened, "estimate")[0] == "spill.md"


def test_an_exact_form_scores_above_its_stem(library: Library) -> None:
    library.write("a.txt", "Report\n\nThe operators were operating all day long.")
    library.write("b.txt", "Report\n\nThe operation was an operational one today.")
    library.ingest()
    assert sources(library, fresh(library), "operational") == ["b.txt", "a.txt"]
    assert sources(library, fresh(library), "operating") == ["a.txt", "b.txt"]


def test_stop_words_count_only_where_there_is_nothing_else(corpus: Library, opened: Lexical) -> None:
    assert set(terms("Who was the foreman?")) == {stem("foreman")}
    assert terms("Who was it?") and terms("") == {}
    assert opened.search(Query(""), 5) == [] == opened.search(Query("?!… \x00"), 5)


@pytest.mark.parametrize(
    "text", ['title:"a" AND (', "x" * 100_000, "word " * 20_000, "-a +b ~c *", "👩‍👧"], ids=range(5)
)
def test_any_question_is_words_and_never_syntax(opened: Lexical, text: str) -> None:
    assert isinstance(opened.search(Query(text), 5), list)


def test_tokens_are_lower_case_words_without_accents() -> None:
    assert tokens("San José's U.S. café—35,000!") == ["san", "jose", "s", "u", "s", "cafe", "35", "000"]


def test_hits_are_the_best_in_order_and_only_of_the_articles_given(corpus: Library, opened: Lexical) -> None:
    hits = opened.search(Query("miners shaft day Gulf oil"), 10)
    assert [score for _, score in hits] == sorted((score for _, score in hits), reverse=True)
    only = {corpus.id_of("spill.md")}
    among = opened.search(Query("miners shaft day Gulf oil"), 10, only)
    assert len(among) == 1 and among[0] in [pytest.approx(hit) for hit in hits], "a filter leaves scores alone"
    assert opened.search(Query("miners"), 10, only) == [] == opened.search(Query("miners"), 10, set())


def test_earlier_questions_weigh_less_than_the_one_asked(corpus: Library, opened: Lexical) -> None:
    asked = Query("What about survivors?", history=("How long was the mine shaft?",))
    assert sources(corpus, opened, asked)[0] == "ship.txt"
    assert "mine.md" in sources(corpus, opened, asked)


def test_it_follows_changes_and_removals(corpus: Library) -> None:
    corpus.write("mine.md", "The rescued men went to hospital.")
    (corpus.root / "ship.txt").unlink()
    corpus.ingest()
    leg = fresh(corpus)
    assert sources(corpus, leg, "Urzúa capsule") == [] == sources(corpus, leg, "Carpathia")
    assert sources(corpus, leg, "hospital") == ["mine.md"]


def test_catching_up_twice_changes_nothing(corpus: Library) -> None:
    with corpus.record() as record:
        leg = Lexical(corpus.folder)
        before = record.stamp("lexical")
        assert leg.catch_up(record) == 0
        assert record.stamp("lexical") == before
        assert leg.catch_up(record, rebuild=True) == record.last_seq()
        assert leg.sound(record) and record.stamp("lexical").count == record.active_count()


def test_changes_applied_before_the_stamp_was_written_are_not_doubled(corpus: Library) -> None:
    with corpus.record() as record:
        old = record.stamp("lexical")
        corpus.write("new.txt", "A brand new report on turbines.")
        corpus.ingest()
        record.set_stamp("lexical", old)
        Lexical(corpus.folder).catch_up(record)
        assert record.stamp("lexical").count == record.active_count() == 5


def test_a_missing_index_is_said_when_opened(library: Library) -> None:
    library.write("a.txt", "Words.")
    library.ingest()
    with library.record() as record:
        for path in (library.folder / "lexical").iterdir():
            path.unlink()
        with pytest.raises(IndexDamaged, match="word index"):
            Lexical(library.folder).open(record)
