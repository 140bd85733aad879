"""Families: copies of an article are found, go back to one origin, and stay right as files change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Library
from hypothesis import given, settings
from hypothesis import strategies as st

from store import families
from store.passage import Document, Filters, Query
from store.record import Family, Record, Source
from store.split import split

BRIDGE = (
    "The old swing bridge at Marrow closed to traffic on Tuesday after divers found a crack in its northern pier.",
    "Some 14,000 vehicles cross it every day, and the detour by way of Tolland takes 50 minutes.",
    "Harbour engineer Ada Quill said the crack was two metres long and had not been there in March.",
    "A crane ship from Essel will lift the northern span away on Saturday so that the pier can be measured.",
    "Shopkeepers on the east bank asked the council for a ferry, which would cost 9,000 crowns a week.",
    "The bridge was built in 1911 and last repaired in 1987, when its timber deck gave way to steel.",
)
SHORTENED = BRIDGE[:3]
REORDERED = (BRIDGE[0], *reversed(BRIDGE[1:]))
REWORDED = tuple(
    line.replace("closed", "shut")
    .replace("divers", "inspectors")
    .replace("found", "discovered")
    .replace("asked", "urged")
    for line in BRIDGE
)
LATER = (
    "The old swing bridge at Marrow will stay closed for a year, the council said on Friday.",
    "The crane ship has lifted the span; engineers want to replace the whole pier for three million crowns.",
    *BRIDGE[1:3],
    "A ferry begins on Monday. It will carry foot passengers only, every twenty minutes from six in the morning.",
    "Commuters who were asked on the east bank spoke of lost hours and of customers who no longer came.",
)


def article(title: str, lines: tuple[str, ...], outlet: str | None = None, published: str | None = None) -> str:
    facts = {"title": title, "outlet": outlet, "published": published}
    return "\n".join(
        ["---", *(f"{key}: {value}" for key, value in facts.items() if value), "---", "\n\n".join(lines), ""]
    )


def fill(library: Library) -> None:
    """An article and its copies in four outlets, with a later report that uses parts of it."""
    library.write("whole.md", article("Marrow bridge shut", BRIDGE, "Sample Wire", "2019-05-07"))
    library.write("short.md", article("Crack closes crossing", SHORTENED, "Sample Daily", "2019-05-08"))
    library.write("order.md", article("Detour of 50 minutes", REORDERED, "Sample Gazette", "2019-05-08"))
    library.write("words.md", article("Pier cracked at Marrow", REWORDED, "Sample Echo"))
    library.write("later.md", article("A year without a bridge", LATER, "Sample Wire", "2019-05-10"))


def groups(library: Library) -> list[Family]:
    with library.record() as record:
        return record.families()


def members(family: Family) -> tuple[str, set[str], set[str]]:
    """The files of a family: its origin's, its copies', and those that share a part."""
    return family.origin.source, {one.source for one in family.copies}, {one.source for one in family.partial}


# -- who belongs together --------------------------------------------------------------------------


def test_shortened_reordered_retitled_and_reworded_copies_go_back_to_the_earliest(library: Library) -> None:
    fill(library)
    assert library.ingest().families == 1
    (family,) = groups(library)
    assert members(family) == ("whole.md", {"short.md", "order.md", "words.md"}, {"later.md"})


def test_a_brief_of_two_sentences_is_told_too(library: Library) -> None:
    library.write("one.md", article("Owl counted", BRIDGE[:2], "Sample Wire", "2019-05-07"))
    library.write("two.md", article("A bridge", BRIDGE[:2], "Sample Daily", "2019-05-07"))
    library.ingest()
    assert len(groups(library)) == 1


def test_reports_after_one_template_stay_apart(library: Library) -> None:
    places = (("Aller", "7.2", "31"), ("Borne", "6.8", "44"), ("Corm", "9.1", "12"), ("Dunley", "8.4", "27"))
    for place, level, flow in places:
        lines = (
            f"RIVER BULLETIN: {place}. The gauge stood at {level} metres at noon and the flow was {flow} cubic metres.",
            "Levels are read by hand at noon and may differ from those of the automatic stations.",
            "The next bulletin follows tomorrow. Boats without a motor should keep to the marked channel.",
        )
        library.write(f"{place}.txt", "\n\n".join(lines))
    assert library.ingest().families == 0
    for place, level, _ in places:
        best = library.search(Query(f"How high did the gauge stand in {place}?", k=4)).passages
        assert f"stood at {level}" in best[0].text and len(best) == 4


@pytest.mark.parametrize(
    "old, new", [("14,000", "16,000"), ("Ada Quill", "Per Lund"), ("Tuesday", "Sunday"), ("two metres", "three metres")]
)
def test_a_text_with_another_figure_name_or_day_is_a_part_and_no_copy(library: Library, old: str, new: str) -> None:
    library.write("one.md", article("Bridge", BRIDGE, "Sample Wire", "2019-05-07"))
    library.write("two.md", article("Bridge", tuple(line.replace(old, new) for line in BRIDGE), "Sample Daily"))
    library.ingest()
    with library.record() as record:
        assert [relation for _, _, relation in record.pairs()] == ["partial"] and not record.families()
    texts = [passage.text for passage in library.search("Marrow bridge crack").passages]
    assert any(old in text for text in texts) and any(new in text for text in texts)


def test_two_reports_of_one_event_in_their_own_words_are_nothing_to_each_other(library: Library) -> None:
    library.write("one.md", article("Bridge", BRIDGE, "Sample Wire", "2019-05-07"))
    other = (
        "Drivers in Marrow face long detours since the swing bridge had to be shut on Tuesday for a damaged pier.",
        "About 14,000 cars use the crossing daily, and Ada Quill of the harbour office could not say when it reopens.",
    )
    library.write("two.md", article("Long way round", other, "Sample Daily", "2019-05-07"))
    library.ingest()
    with library.record() as record:
        assert not record.pairs()


def test_a_page_that_one_outlet_shows_in_place_of_many_stories_makes_no_family(library: Library) -> None:
    plea = (
        "Sign in to read this story.",
        "Readers of the Gazette support local reporting in the valley and beyond it.",
    )
    for number in range(5):
        library.write(f"{number}.md", article(f"Story number {number}", plea, "Sample Gazette", "2019-05-07"))
    assert library.ingest().families == 0


# -- the origin ------------------------------------------------------------------------------------


def test_an_agencys_own_article_is_the_origin_and_a_credit_names_it(library: Library) -> None:
    library.write(
        "daily.md", article("Bridge", ("MARROW (Reuters) - " + BRIDGE[0], *BRIDGE[1:]), "Sample Daily", "2019-05-07")
    )
    library.write("gazette.md", article("Crack", BRIDGE, "Sample Gazette", "2019-05-06"))
    library.ingest()
    (family,) = groups(library)
    assert (family.origin.source, family.credit) == ("gazette.md", "Reuters")
    library.write("agency.md", article("Marrow bridge closes", BRIDGE, "Reuters", "2019-05-07"))
    library.ingest()
    (family,) = groups(library)
    assert (family.origin.source, family.credit) == ("agency.md", "Reuters")


def test_forgetting_the_origin_hands_over_to_the_next(library: Library) -> None:
    fill(library)
    library.ingest()
    library.sync.forget(library.id_of("whole.md"))
    (family,) = groups(library)
    assert family.origin.source in ("short.md", "order.md") and "whole.md" not in str(members(family))


def test_a_vanished_origin_hands_over_and_comes_back(library: Library) -> None:
    fill(library)
    library.ingest()
    before = [members(family) for family in groups(library)]
    text = (library.root / "whole.md").read_bytes()
    (library.root / "whole.md").unlink()
    library.ingest()
    (family,) = groups(library)
    assert family.origin.source == "order.md", "of one day the longest leads"
    library.write("whole.md", text)
    library.ingest()
    assert [members(family) for family in groups(library)] == before


def test_an_article_that_changes_leaves_its_family(library: Library) -> None:
    fill(library)
    library.ingest()
    library.write("short.md", article("Another thing", ("The owls of Marrow have raised five young this spring.",)))
    library.ingest()
    (family,) = groups(library)
    assert members(family) == ("whole.md", {"order.md", "words.md"}, {"later.md"})


# -- whatever the order ----------------------------------------------------------------------------

TEXTS = {
    "whole": (BRIDGE, "2019-05-07"), "short": (SHORTENED, "2019-05-08"), "order": (REORDERED, "2019-05-08"),
    "words": (REWORDED, None), "later": (LATER, "2019-05-10"), "tail": (BRIDGE[3:], "2019-05-06"),
}  # fmt: skip


def put(record: Record, name: str) -> None:
    lines, published = TEXTS[name]
    document = Document(
        name, "news", f"{name}.md", name, f"Outlet {name}", published=published, text="\n\n".join(lines)
    )
    (root,) = record.roots() or [record.add_root(Path("/news"))]
    record.put(document, split(document.text), root, Source(document.source, name, "stamp", "digest"))


def state(record: Record) -> tuple[object, ...]:
    return record.pairs(), {document.id: (document.family, document.kin) for document in record.documents()}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[object, ...]]:
    record = Record(tmp_path_factory.mktemp("record"), create=True)
    for name in TEXTS:
        put(record, name)
    families.update(record)
    yield state(record)
    record.close()


@settings(max_examples=5, deadline=None)
@given(order=st.permutations(sorted(TEXTS)), cuts=st.sets(st.integers(1, len(TEXTS) - 1)))
def test_the_order_of_ingests_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, at_once: tuple[object, ...], order: list[str], cuts: set[int]
) -> None:
    record = Record(tmp_path_factory.mktemp("record"), create=True)
    try:
        for at, name in enumerate(order):
            put(record, name)
            if at in cuts:
                families.update(record)
        families.update(record)
        assert state(record) == at_once
        families.update(record)
        assert state(record) == at_once, "a second time"
    finally:
        record.close()


def test_an_unchanged_corpus_is_not_compared_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(library)
    library.ingest()
    before = [members(family) for family in groups(library)]
    monkeypatch.setattr("store.families.likeness", lambda *texts: 1 / 0)
    assert library.ingest().families == 1
    assert [members(family) for family in groups(library)] == before


def test_nothing_is_left_of_a_forgotten_article(library: Library) -> None:
    fill(library)
    library.ingest()
    key = library.id_of("short.md")
    library.sync.forget(key)
    with library.record() as record:
        assert key not in str((record.pairs(), [(one.document, one.version) for one in record.signatures()]))


# -- a search --------------------------------------------------------------------------------------


def test_a_search_shows_a_passage_of_a_family_once_and_names_the_others(library: Library) -> None:
    fill(library)
    library.ingest()
    passages = library.search(Query("What did divers find in the pier of Marrow bridge?", k=8)).passages
    of_family = [one for one in passages if one.document.source != "later.md"]
    (shown,) = of_family
    named = {one.source for one in shown.also_in}
    assert named | {shown.document.source} == {"whole.md", "short.md", "order.md", "words.md"}
    assert {one.document.source for one in passages} == {shown.document.source, "later.md"}


def test_copies_that_are_cut_at_other_places_are_shown_as_one_article(library: Library) -> None:
    lines = tuple(
        f"In {year} the keeper of the {name} light wrote that {name} had {year % 89} storms and {year % 7 + 2} wrecks, "
        f"more than any keeper of that coast had counted since the tower of {name} was raised."
        for year, name in zip(range(1801, 1825), ("Arl Besk Cray Dorn Elm Fenn Gale Holt " * 3).split(), strict=True)
    )
    library.write("one.md", article("Storms", lines, "Sample Wire", "2019-05-07"))
    library.write(
        "two.md",
        article(
            "Storms again",
            ("Our correspondent looked at old books of the coast.", *lines[3:]),
            "Sample Daily",
            "2019-05-08",
        ),
    )
    library.ingest()
    passages = library.search(Query("How many storms did the keeper of the light write of?", k=6)).passages
    spans = [(one.document.source, one.start, one.end) for one in passages]
    wholes = [one for one in passages if one.also_in]
    assert len(spans) == len(set(spans)) and wholes
    for one in passages:
        others = [other for other in passages if other.document.id != one.document.id]
        lines_of = set(one.text.split("\n\n"))
        assert not any(lines_of <= set(other.text.split("\n\n")) for other in others), "shown twice"


def test_filters_that_hide_the_origin_leave_its_copies(library: Library) -> None:
    fill(library)
    library.ingest()
    passages = library.search(Query("crack in the pier", filters=Filters(not_outlets=("Sample Wire",)))).passages
    assert {one.document.outlet for one in passages} <= {"Sample Daily", "Sample Gazette", "Sample Echo"}
    assert all(one.outlet != "Sample Wire" for passage in passages for one in passage.also_in)
    assert passages[0].document.family == library.id_of("whole.md")
