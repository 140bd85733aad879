"""The door to a corpus: what it gives, and that its fake gives the same."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import ARTICLES, Library

from store.corpus import Corpus, FakeCorpus
from store.errors import BadPath
from store.formats.letters import clean
from store.passage import Coverage, Document, Filters, Query

SHAFT = "How deep was the shaft for the trapped miners?"


@pytest.fixture
def fake(corpus: Library) -> FakeCorpus:
    """The four articles in memory."""
    with corpus.searching() as real:
        return FakeCorpus(*(real.article(document.id) for document in real.documents()))


@pytest.mark.parametrize("version", [None, 1])
def test_an_article_is_opened_by_its_id_or_the_beginning_of_it(corpus: Library, version: int | None) -> None:
    key = corpus.id_of("mine.md")
    with corpus.searching() as real:
        article = real.article(key[:10], version)
        assert article.id == key and "624 metres" in article.text and article.version == 1
        assert real.versions(key) == [(1, "2010-10-14", True)]
        with pytest.raises(BadPath):
            real.article("nothing")


def test_filters_are_resolved_to_whole_names(corpus: Library) -> None:
    key = corpus.id_of("ship.txt")
    with corpus.searching() as real:
        assert real.resolved(Filters(documents=("news", key[:10]))).documents == ("news", key)
        with pytest.raises(BadPath):
            real.resolved(Filters(documents=("nowhere",)))


def test_what_it_holds_is_counted_and_told(corpus: Library) -> None:
    with corpus.searching() as real:
        assert real.count() == 4 and [root.path for root in real.roots()] == [corpus.root]
        assert real.states() == {"word index": "", "meaning index": ""} and real.forgotten() == []
        assert {name: stamp.count for name, stamp in real.stamps().items()} == {"lexical": 4, "dense": 4}


def test_opening_it_to_read_articles_loads_no_index(corpus: Library) -> None:
    code = (
        "import pathlib, sys\nfrom store.corpus import Corpus\ncorpus = Corpus(pathlib.Path(sys.argv[1]))\n"
        "print(corpus.coverage().documents, len(corpus.documents()))\ncorpus.close()\n"
        "print(sorted({'chromadb', 'numpy', 'tantivy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(corpus.folder)], capture_output=True, text=True, timeout=60)
    assert done.stdout.split("\n") == ["4 4", "[]", ""], done.stderr


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(since="2010-06-15", until="2010-06-15"),
        Filters(until="1969-12-31", undated=True),
        Filters(outlets=("sample WIRE",)),
        Filters(not_outlets=("Sample Wire",), since="2010-01-01"),
        Filters(documents=("news",)),
        Filters(outlets=("Nobody",)),
    ],
    ids=str,
)
def test_the_fake_holds_what_the_real_one_holds(corpus: Library, fake: FakeCorpus, filters: Filters) -> None:
    with corpus.searching() as real:
        assert {document.id for document in fake.documents(filters)} == {d.id for d in real.documents(filters)}
        assert fake.coverage(filters) == real.coverage(filters)
        asked = Query(" ".join(ARTICLES.values()), filters=filters)
        found = [{passage.document.id for passage in each.search(asked).passages} for each in (fake, real)]
        assert found[0] == found[1]


@pytest.mark.parametrize("asked", ["ÉCHO DU NORD", "E\u0301cho du Nord", "écho du nord"])
def test_an_outlet_is_matched_however_its_name_is_written(library: Library, asked: str) -> None:
    library.write("one.md", "---\ntitle: Mill\noutlet: Écho du Nord\n---\n\nThe mill reopens in June.\n")
    library.write("two.md", "---\ntitle: Ferry\noutlet: Brack Post\n---\n\nThe night ferry stops in May.\n")
    library.ingest()
    with library.searching() as real:
        fake = FakeCorpus(*(real.article(document.id) for document in real.documents()))
        for corpus in (real, fake):
            assert [document.title for document in corpus.documents(Filters(outlets=(asked,)))] == ["Mill"]
            assert [document.title for document in corpus.documents(Filters(not_outlets=(asked,)))] == ["Ferry"]
            found = corpus.search(Query("What reopens or stops?", filters=Filters(outlets=(asked,))))
            assert {passage.document.title for passage in found.passages} == {"Mill"}


def test_the_fake_finds_by_words_and_quotes_verbatim(corpus: Library, fake: FakeCorpus) -> None:
    best, *_ = fake.search(Query(SHAFT)).passages
    whole = fake.article(best.document.id)
    assert best.document == replace(whole, text="", spans=()) and best.document.source == "mine.md"
    assert best.score == 1.0 and whole.text[best.start : best.end] == best.text
    assert fake.search(Query("zebra crossing")).passages == ()
    assert len(fake.search(Query(SHAFT, k=1)).passages) == 1
    with pytest.raises(BadPath):
        fake.article("nothing")


def test_an_empty_fake() -> None:
    assert FakeCorpus().coverage() == Coverage() and FakeCorpus().search(Query("x")).passages == ()
    fake = FakeCorpus(Document("a1", "news", "mill.txt", "Mill to reopen", text="The mill reopens in June."))
    assert fake.search(Query("When does the mill reopen?")).passages[0].text == "The mill reopens in June."
    assert fake.resolved(Filters(documents=("a",))).documents == ("a1",)


def test_every_public_member_of_the_door_is_the_fakes_too() -> None:
    own = {name for name in vars(FakeCorpus) if not name.startswith("_")}
    inherited = {name for name in vars(Corpus) if not name.startswith("_")} - own
    assert inherited == {"count", "embedding", "forgotten", "resolved", "stamps", "states", "unfinished", "warm"}, (
        "these need a record, or only what the fake has"
    )


# -- words without a normal form -----------------------------------------------------------------------

PLAIN = "Amélie Öberg, the first officer of Åmål shut the café in May."
FORMS = {
    "decomposed": "Ame\u0301lie O\u0308berg, the first officer of A\u030ama\u030al shut the cafe\u0301 in May.",
    "soft hyphens": "Amé\u00adlie Ö\u00adberg, the first of\u00adfi\u00adcer of Å\u00admål shut the ca\u00adfé in May.",
    "zero width": "Amé\u200blie Öb\u2060erg, the fir\u200cst offi\ufeffcer of Åm\u200dål shut the ca\u200bfé in May.",
    "ligatures": "Amélie Öberg, the ﬁrst oﬃcer of Åmål, shut the café in\u00a0May.",
    "full width": "Ａmélie Öｂｅｒｇ, the ｆｉｒｓｔ ｏｆｆｉｃｅｒ of Åmål, shut the café ｉｎ May.",
    "references": "Am&eacute;lie &Ouml;berg, the first officer of &Aring;m&aring;l shut the caf&#233;&nbsp;in May.",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("turned", [False, True], ids=["article", "question"])
def test_a_word_is_found_however_it_is_written(library: Library, form: str, *, turned: bool) -> None:
    """An article in that form is found by a plain question, and a plain one by a question in that form."""
    story, other = (PLAIN, FORMS[form]) if turned else (FORMS[form], PLAIN)
    library.write("harbour.txt", "Harbour\n\nA dredger ran aground near the harbour wall.")
    library.write("story.txt", f"Notes\n\n{story}")
    library.write("other.txt", "Sheep\n\nA lost dog was found on the island after eleven days.")
    library.ingest()
    words = other.replace(",", "").split()
    with library.searching() as corpus:
        for question in (f"Who is {words[0]} {words[1]}?", f"{words[4]}", f"the café in {words[6]}"):
            found = corpus.search(Query(corpus.spelled(question)))
            best = found.passages[0]
            assert best.document.source == "story.txt" and not found.absent, question
            text = corpus.article(best.document.id).text
            assert text[best.start : best.end] == best.text and clean(story) in text
