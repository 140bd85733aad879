"""The word index: what matches, what scores higher, and how it follows the record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import Library

from store.errors import IndexDamaged
from store.lexical import Lexical, LexicalReader
from store.passage import Query
from store.words import weighted


@pytest.fixture
def opened(corpus: Library) -> LexicalReader:
    return fresh(corpus)


def hits(reader: LexicalReader, query: str | Query, documents: set[str] | None = None) -> list[tuple[int, float]]:
    """The best passages with their scores."""
    asked = query if isinstance(query, Query) else Query(query)
    return list(reader.search(weighted(asked.text, asked.history), 10, documents).items())


def sources(library: Library, reader: LexicalReader, query: str | Query) -> list[str]:
    """Where a reader's hits stand, best first."""
    with library.record() as record:
        return [passage.document.source for passage in record.passages([key for key, _ in hits(reader, query)])]


def fresh(library: Library) -> LexicalReader:
    with library.record() as record:
        return Lexical(library.folder).reader(record)


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
    corpus: Library, opened: LexicalReader, question: str, source: str
) -> None:
    assert sources(corpus, opened, question)[0] == source


def test_titles_count_too(corpus: Library, opened: LexicalReader) -> None:
    assert sources(corpus, opened, "estimate")[0] == "spill.md"


def test_an_exact_form_scores_above_its_stem(library: Library) -> None:
    library.write("a.txt", "Report\n\nThe operators were operating all day long.")
    library.write("b.txt", "Report\n\nThe operation was an operational one today.")
    library.ingest()
    assert sources(library, fresh(library), "operational") == ["b.txt", "a.txt"]
    assert sources(library, fresh(library), "operating") == ["a.txt", "b.txt"]


def test_no_words_find_nothing(opened: LexicalReader) -> None:
    assert hits(opened, "") == [] == hits(opened, "?!… \x00")


@pytest.mark.parametrize(
    "text", ['title:"a" AND (', "x" * 100_000, "word " * 20_000, "-a +b ~c *", "👩‍👧"], ids=range(5)
)
def test_any_question_is_words_and_never_syntax(opened: LexicalReader, text: str) -> None:
    assert isinstance(hits(opened, text), list)


def test_hits_are_the_best_in_order_and_only_of_the_articles_given(corpus: Library, opened: LexicalReader) -> None:
    every = hits(opened, "miners shaft day Gulf oil")
    assert [score for _, score in every] == sorted((score for _, score in every), reverse=True)
    only = {corpus.id_of("spill.md")}
    among = hits(opened, "miners shaft day Gulf oil", only)
    assert len(among) == 1 and among[0] in [pytest.approx(hit) for hit in every], "a filter leaves scores alone"
    assert hits(opened, "miners", only) == [] == hits(opened, "miners", set())


def test_earlier_questions_weigh_less_than_the_one_asked(corpus: Library, opened: LexicalReader) -> None:
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
            Lexical(library.folder).reader(record)


def test_an_index_of_an_older_footnote_answers_until_it_is_rebuilt(corpus: Library) -> None:
    with corpus.record() as record:
        index = Lexical(corpus.folder)
        record.set_stamp("lexical", replace(record.stamp("lexical"), embedder=""))
        assert index.reader(record).total == 4 and index.state(record) == "the word index is of an older Footnote"
        assert index.catch_up(record) == 4 and index.state(record) == ""
