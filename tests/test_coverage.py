"""The chart of coverage: a row for each outlet, a sign for each month, aligned at any width."""

from __future__ import annotations

import io
import sys

import pytest

from bot.show.clean import columns
from bot.show.coverage import chart, months
from bot.show.terminal import Terminal
from store.passage import Document


def articles(*facts: tuple[str | None, str | None]) -> list[Document]:
    """Articles of an outlet and a day each."""
    return [
        Document(f"a{number}", "news", "a.txt", "Title", outlet=outlet, published=published)
        for number, (outlet, published) in enumerate(facts)
    ]


def drawn(
    monkeypatch: pytest.MonkeyPatch, found: list[Document], *, width: int = 80, encoding: str = "utf-8"
) -> tuple[list[str], str]:
    """The lines of a chart at a width and in an encoding, and its notes."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setenv("COLUMNS", str(width))
        chart(found, Terminal())
        out.flush()
        err.flush()
    shown = [stream.buffer.getvalue().decode(encoding) for stream in (out, err)]  # type: ignore[attr-defined]
    return shown[0].splitlines(), shown[1]


FEW = articles(
    *[("Sample Wire", "2010-01-05")] * 8, *[("Sample Wire", "2010-03-05")] * 2, ("Sample Daily", "2010-02-01"),
    *[("Sample Daily", None)] * 3, (None, "2010-04-30"),
)  # fmt: skip


def test_each_outlet_has_a_row_with_a_sign_for_each_month_scaled_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, notes = drawn(monkeypatch, FEW)
    assert lines == [
        "Sample Wire   10  █ ▂",
        "Sample Daily   1   ▁",
        "no outlet      1     ▁",
        "undated        3",
        "                  2010-01 to 2010-04",
    ]
    assert notes == "a sign is a month; the highest is 8 articles\n"


def test_an_encoding_without_blocks_gets_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, _ = drawn(monkeypatch, FEW, encoding="ascii")
    assert [line.split()[-1] for line in lines[:3]] == ["9030", "0200", "0002"]


def test_over_60_months_a_sign_is_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, notes = drawn(monkeypatch, articles(("Sample Wire", "2010-01-05"), ("Sample Wire", "2014-12-31")))
    assert len(lines[0].split("  ", 2)[-1]) == 60 and "2010-01" in lines[1] and "a month" in notes
    lines, notes = drawn(monkeypatch, articles(("Sample Wire", "2010-01-05"), ("Sample Wire", "2015-01-01")))
    assert lines == ["Sample Wire  2  █    █", "                2010 to 2015"] and "a year" in notes


def test_after_twelve_outlets_the_others_share_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    found = articles(*[(f"Outlet {number:02}", "2010-01-05") for number in range(15) for _ in range(20 - number)])
    lines, _ = drawn(monkeypatch, found)
    assert [line.split("  ")[0] for line in lines[:13]] == [*(f"Outlet {number:02}" for number in range(12)), "others"]
    assert lines[12].split()[1] == str(8 + 7 + 6)


@pytest.mark.parametrize("width", range(40, 201, 7))
def test_it_is_aligned_at_any_width_and_says_what_it_cuts(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    outlets = ("Sample Wire", "日本の新聞社の長い名前", "A name that goes on and on and has no end in sight at all")
    found = articles(*[(outlets[n % 3], f"{1900 + n}-03-01") for n in range(120)], (None, None))
    lines, notes = drawn(monkeypatch, found, width=width)
    assert max(map(columns, lines)) < width and len(lines) == 5
    assert len({columns(line.split("  40  ", 1)[0]) for line in lines[:3]}) == 1
    first = lines[-1].split()[0]
    assert lines[-1].endswith("2019") and (first == "1900") == ("cut to fit" not in notes)
    assert first == "1900" or f"cut to fit the width: 1900 to {int(first) - 1}" in notes


def test_nothing_dated_has_no_bars_and_nothing_at_all_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, articles(("Sample Wire", None))) == (["undated  1"], "")
    assert drawn(monkeypatch, []) == ([], "")


def test_an_outlet_may_have_the_name_of_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    lines, _ = drawn(monkeypatch, articles(("undated", "2010-01-05"), ("Sample Wire", None)))
    assert lines[:2] == ["undated  1  █", "undated  1"]


def test_months_are_listed_oldest_first() -> None:
    assert months(FEW) == [
        {"month": "2010-01", "outlet": "Sample Wire", "articles": 8},
        {"month": "2010-02", "outlet": "Sample Daily", "articles": 1},
        {"month": "2010-03", "outlet": "Sample Wire", "articles": 2},
        {"month": "2010-04", "outlet": None, "articles": 1},
    ]
