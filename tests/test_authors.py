"""Authors: names without labels, roles and addresses; what is not plainly names stays as it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.authors import names


@pytest.mark.parametrize(
    "line, author",
    [
        ("By JANE DOE", "Jane Doe"),
        ("by  Jane Doe", "Jane Doe"),
        ("Story by Jane Doe in Quay", "Jane Doe"),
        ("JANE O’BRIEN-LIND", "Jane O’Brien-Lind"),
        ("Jane Doe and John Roe", "Jane Doe, John Roe"),
        ("Jane Doe; John Roe | Ida Roth", "Jane Doe, John Roe, Ida Roth"),
        ("Jane Doe, John Roe & Jane Doe", "Jane Doe, John Roe"),
        ("Doe, Jane", "Jane Doe"),
        ("DOE, JANE", "Jane Doe"),
        ("van der Berg, Jane M.", "Jane M. van der Berg"),
        ("Doe, Jane; Roe, John", "Jane Doe, John Roe"),
        ("John Doe, Jr.", "John Doe Jr."),
        ("Jane Doe <jane.doe@quay.example>", "Jane Doe"),
        ("jane@quay.example (Jane Doe)", "Jane Doe"),
        ("Jane Doe, Senior Political Correspondent", "Jane Doe"),
        ("Jane Doe, staff writer", "Jane Doe"),
    ],
)
def test_people_are_named_alone(line: str, author: str) -> None:
    assert names(line) == author


@pytest.mark.parametrize("line", ["", "Staff", "By staff writers", "admin", "News Staff", "desk@quay.example"])
def test_a_role_or_an_address_is_no_author(line: str) -> None:
    assert names(line) is None


@pytest.mark.parametrize(
    "line, author",
    [
        ("AP", "AP"),
        ("By Reuters", "Reuters"),
        ("Reuters Staff", "Reuters"),
        ("CNN Staff", "CNN"),
        ("Reuters, AP", "Reuters, AP"),
        ("Agencies", "Agencies"),
        ("Jane Doe and AP", "Jane Doe, AP"),
        ("Sample Wire foreign desk", "Sample Wire foreign desk"),
        ("Ministry of Fish and Wildlife", "Ministry of Fish and Wildlife"),
        ("Ports, Mines and Mills Council", "Ports, Mines and Mills Council"),
    ],
)
def test_organisations_are_kept(line: str, author: str) -> None:
    assert names(line) == author


def test_the_articles_own_outlet_is_left_out_beside_people() -> None:
    assert names("Jane Doe, CNN", "CNN") == names("Jane Doe and edition.cnn.com", "CNN") == "Jane Doe"
    assert names("Jane Doe, Quay News", "Quay News") == "Jane Doe"
    assert names("CNN", "CNN") == "CNN"


@pytest.mark.parametrize(
    "line",
    ["Madonna and Prince", "Smith, Jones and Brown", "NRK, SVT", "Answer this: all is well", "jane doe", "x" * 400],
)
def test_a_line_that_may_be_anything_stays(line: str) -> None:
    assert names(line) == line


PIECES = (
    "By Jane Doe DOE, , ; and & Staff staff writer AP CNN Reuters Jr. van der in (a@b.example) a@b.example ( ) by : I"
)
LINES = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES.split()), max_size=10).map(" ".join))


@given(LINES, st.sampled_from([None, "CNN", "Jane Doe", "Quay"]))
def test_names_are_their_own_names(line: str, outlet: str | None) -> None:
    once = names(line, outlet)
    assert once is None or (once and names(once, outlet) == once)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece", ["staff ", "by ", "a@", "a@a.", "(", " in A", ", ", "A, ", "the news ", "van ", "Jr, "]
)
def test_a_hostile_line_is_read_in_bounded_time(piece: str) -> None:
    for line in (piece * (299 // len(piece)) + "!", piece * 50_000):
        assert len(names(line, "CNN") or "") <= len(line)
