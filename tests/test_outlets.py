"""Outlets: each has one name, however it is spelled or addressed, in what is read and in filters."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from conftest import Library
from console import Footnote
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.options import Given
from bot.errors import SettingsError
from bot.outcome import outside
from bot.settings import load, outlets
from store import outlets as module
from store.credits import AGENCIES, agency
from store.outlets import Outlets, comparable, is_known
from store.passage import Coverage, Filters

ROWS = [
    line.split("\t")
    for line in Path(module.__file__).with_name("outlets.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
STORY = "The bridge at Marrow closed on Tuesday after a crack was found.\n"


@pytest.mark.parametrize(
    "written, name",
    [
        ("cnn.com", "CNN"),
        ("edition.cnn.com", "CNN"),
        ("www.cnn.com", "CNN"),
        ("https://www.cnn.com/", "CNN"),
        ("CNN.com", "CNN"),
        ("cnn", "CNN"),
        ("usatoday.com", "USA TODAY"),
        ("USA Today", "USA TODAY"),
        ("theweek.co.uk", "The Week"),
        ("abcnews.go.com", "ABC News"),
        ("BBC", "BBC News"),
        ("The  Guardian", "The Guardian"),
        ("www.quay.example", "quay.example"),
        ("Quay.example", "quay.example"),
        ("Quay News", "Quay News"),
        ("QUAY NEWS", "QUAY NEWS"),
        ("U.S. Desk", "U.S. Desk"),
        ("", ""),
    ],
)
def test_the_spellings_of_an_outlet_have_one_name(written: str, name: str) -> None:
    assert Outlets().name(written) == name


@pytest.mark.parametrize(
    "written, name",
    [
        ("TRTWorld and agencies", "TRTWorld"),
        ("Quay News, and other news agencies", "Quay News"),
        ("CNN (Reuters)", "CNN"),
        ("Quay News (via AP) and agencies", "Quay News"),
        ("agencies", "agencies"),
        ("Staff and agencies", "Staff and agencies"),
        ("Ports and Agencies Weekly", "Ports and Agencies Weekly"),
    ],
)
def test_the_credit_of_an_agency_is_no_part_of_a_name(written: str, name: str) -> None:
    assert Outlets().name(written) == name


@pytest.mark.parametrize(
    "url, name",
    [
        ("https://edition.cnn.com/2019/03/05/bridge", "CNN"),
        ("http://www.quay.example:8080/bridge?id=4", "quay.example"),
        ("www.usatoday.com/story/1", "USA TODAY"),
        ("theweek.co.uk/bridge", "The Week"),
        ("https://ida.substack.com/p/bridge", "ida.substack.com"),
        ("https://ida.github.io/bridge", "ida.github.io"),
        ("https://substack.com/@ida", None),
        ("https://www.medium.com/@ida/bridge", None),
        ("https://web.archive.org/web/20190305101112/https://www.cnn.com/bridge", "CNN"),
        ("https://web.archive.org/web/20190305101112if_/http:/quay.example/bridge", "quay.example"),
        ("https://web.archive.org/web/2019/https://web.archive.org/web/2018/http://quay.example/", "quay.example"),
        ("https://archive.ph/2019/https://theweek.co.uk/bridge", "The Week"),
        ("https://archive.ph/x8Kd2", None),
        ("https://archive.org/details/bridge", None),
        ("https://webcache.googleusercontent.com/search?q=cache:x8Kd2Lm0PqRs:https://www.cnn.com/b+bridge", "CNN"),
        ("https://www.google.com/amp/s/www.cnn.com/bridge", "CNN"),
        ("https://www.facebook.com/quay/posts/4", None),
        ("http://localhost:8000/bridge", None),
        ("http://printer.local/bridge", None),
        ("http://192.168.0.4/bridge", None),
        ("http://[::1/bridge", None),
        ("file:///home/ida/bridge.html", None),
        ("mailto:ida@quay.example", None),
        ("ftp://quay.example/bridge", None),
        ("bridge.html", None),
        ("", None),
    ],
)
def test_an_address_names_the_outlet_of_a_public_site_alone(url: str, name: str | None) -> None:
    assert Outlets().of_address(url) == name


def test_the_users_own_names_come_first() -> None:
    own = Outlets({"mysite.example": "My Site", "cnn.com": "Cable News", "MS": "My Site"})
    assert own.name("www.mysite.example") == own.name("blog.mysite.example") == own.name("ms") == "My Site"
    assert own.name("edition.cnn.com") == own.of_address("https://cnn.com/bridge") == "Cable News"
    assert own.name("usatoday.com") == "USA TODAY"
    assert Outlets({"CNN": "Cable News"}).name("edition.cnn.com") == "Cable News"
    assert Outlets({"a.example": "B", "B": "C"}).name("a.example") == "C"


def test_a_sign_tells_whether_the_users_own_names_changed() -> None:
    one, other = Outlets({"a.example": "A"}), Outlets({"a.example": "Ay"})
    assert Outlets().mark == "" and one.mark == Outlets({"www.a.example": "A"}).mark != other.mark


def test_no_spelling_in_the_table_stands_for_two_outlets() -> None:
    spellings = [comparable_form for row in ROWS for comparable_form in {spelling.casefold() for spelling in row}]
    assert len(spellings) == len(set(spellings)) and len(ROWS) >= 120


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_of_the_table_is_one_outlet(row: list[str]) -> None:
    assert {Outlets().name(spelling) for spelling in row} == {row[0]}
    assert {comparable(spelling) for spelling in row} == {row[0].casefold()} and is_known(row[-1])


@pytest.mark.parametrize("name", sorted(AGENCIES))
def test_an_agency_is_still_known_as_one_by_the_name_of_its_outlet(name: str) -> None:
    assert {agency(Outlets().name(form)) for form in AGENCIES[name]} == {name}


PIECES = "www. cnn.com CNN .example quay Quay and agencies (Reuters) (via AP) https:// / , ; . İ ß ＣＮＮ &amp; - 1 :80"
WORDS = st.sampled_from(PIECES.split())
WRITTEN = st.one_of(
    st.text(max_size=30), st.lists(WORDS, max_size=8).map("".join), st.lists(WORDS, max_size=8).map(" ".join)
)


@given(WRITTEN, st.dictionaries(WRITTEN.filter(str.strip), WRITTEN.filter(str.strip), max_size=3))
def test_a_name_is_its_own_name(written: str, own: dict[str, str]) -> None:
    names = Outlets(own)
    assert names.name(names.name(written)) == names.name(written)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(lambda words: "https://" + "".join(words))))
def test_an_address_of_any_form_names_an_outlet_or_none(url: str) -> None:
    name = Outlets().of_address(url)
    assert name is None or (name and Outlets().name(name) == name)


def listed(library: Library, **filters: tuple[str, ...]) -> list[str | None]:
    """The outlets of the articles under the filters, as a user may name them."""
    with library.searching() as corpus:
        return sorted(str(one.outlet) for one in corpus.documents(corpus.resolved(Filters(**filters))))


@pytest.fixture
def library(corpus: Library) -> Library:
    for path in corpus.root.iterdir():
        path.unlink()
    corpus.write("one.txt", f"---\ntitle: One\noutlet: cnn.com\n---\n{STORY}")
    corpus.write("two.txt", "---\ntitle: Two\noutlet: www.cnn.com\n---\nThe ferry at Quay sank on Friday.\n")
    corpus.write(
        "three.txt", "---\ntitle: Three\nurl: https://www.quay.example/3\n---\nThe mill at Low reopens in June.\n"
    )
    corpus.write("four.txt", "Four\n\nThe port of Ostren is shut until May.\n\nSource: Ostren Post and agencies\n")
    corpus.ingest(yes=True)
    return corpus


def test_articles_are_read_under_one_name_of_their_outlet(library: Library) -> None:
    assert listed(library) == ["CNN", "CNN", "Ostren Post", "quay.example"]


@pytest.mark.parametrize("asked", ["CNN", "cnn.com", "edition.cnn.com", "cnn", "https://cnn.com/"])
def test_a_filter_finds_an_outlet_by_each_of_its_spellings(library: Library, asked: str) -> None:
    assert listed(library, outlets=(asked,)) == ["CNN", "CNN"]
    assert listed(library, not_outlets=(asked,)) == ["Ostren Post", "quay.example"]


def test_an_outlet_that_the_table_does_not_know_is_found_by_its_host(library: Library) -> None:
    assert listed(library, outlets=("www.Quay.example",)) == ["quay.example"]


def test_a_corpus_of_older_names_is_filtered_by_each_spelling(library: Library) -> None:
    with library.record() as record, record.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET outlet = 'cnn.com' WHERE title = 'One'")
    assert listed(library, outlets=("CNN",)) == ["CNN", "cnn.com"]


def test_an_outlet_is_outside_the_corpus_only_where_none_of_its_spellings_is_in_it() -> None:
    whole = Coverage(3, outlets=(("CNN", 2), ("The Week", 1)))
    assert outside(Filters(outlets=("edition.cnn.com",)), whole, whole, whole) == ""
    assert "The Week" in outside(Filters(outlets=("The Weak",)), whole, whole, whole)


def test_the_users_own_names_are_taken_at_the_next_ingest(library: Library) -> None:
    named = replace(library.sync, outlets=Outlets({"quay.example": "Quay News"}))
    summary = named.ingest([library.root])
    assert (summary.changed, summary.unchanged) == (1, 3)
    assert listed(library) == ["CNN", "CNN", "Ostren Post", "Quay News"]
    assert named.ingest([library.root]).unchanged == 4


@pytest.mark.parametrize(
    "written, said",
    [
        ('outlets = "CNN"', "must be a table"),
        ("[outlets]\nmysite.example = 'My Site'", "must stand in quotes"),
        ("[outlets]\n'mysite.example' = 4", "must be a name"),
        ("[outlets]\n'mysite.example' = ' '", "must be a name"),
        ("[outlets]\n' ' = 'My Site'", "must be a name"),
    ],
)
def test_a_wrong_name_in_the_settings_is_told_in_a_sentence(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(written, "utf-8")
    for reads in (outlets, partial(load, None)):
        with pytest.raises(SettingsError, match=said):
            reads({"FOOTNOTE_HOME": str(tmp_path)})


def test_the_settings_name_outlets_for_filters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path))
    assert outlets() == {}
    (tmp_path / "config.toml").write_text('k = 3\n[outlets]\n"mysite.example" = "My Site"\n', "utf-8")
    assert load().k == 3 and outlets() == {"mysite.example": "My Site"}
    filters = Given(outlet=["www.mysite.example"], not_outlet=["cnn.com"]).filters
    assert (filters.outlets, filters.not_outlets) == (("My Site",), ("CNN",))


def test_a_user_names_an_outlet_in_the_settings_and_asks_by_its_host(in_process: Footnote, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[outlets]\n"mysite.example" = "My Site"\n', "utf-8")
    (tmp_path / "bridge.txt").write_text(f"---\nurl: https://mysite.example/bridge\n---\n{STORY}", "utf-8")
    in_process(tmp_path, "ingest", tmp_path / "bridge.txt")
    for asked in ("mysite.example", "my site"):
        done = in_process(tmp_path, "sources", "--outlet", asked, "--json")
        assert [one["outlet"] for one in done.value["documents"]] == ["My Site"]


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["a", "www.", " and agencies", "a-", "a.", "(ap)", "https://", "&amp;"])
def test_a_hostile_name_or_address_is_read_in_bounded_time(piece: str) -> None:
    for written in (piece * (299 // len(piece)) + "x", piece * 50_000):
        assert Outlets().name(written)
        assert len(Outlets().of_address(f"https://web.archive.org/web/2/{written}") or "") < 300
