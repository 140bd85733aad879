"""Figures: one number however it is written, and never another."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.check import ModelChecker
from bot.reading.claims import read
from store.passage import Document, Passage

numbers = st.integers(1_000_000, 999_999_999)


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def indian(number: int) -> str:
    head, tail = divmod(number, 1_000)
    pairs = ""
    while head >= 100:
        head, pair = divmod(head, 100)
        pairs = f",{pair:02}{pairs}"
    return f"{head}{pairs},{tail:03}"


FORMS = [
    str, indian,
    *(lambda n, mark=mark: grouped(n, mark) for mark in (",", ".", "'", "’", " ", "\u00a0", "\u202f", "\u2009")),
    lambda n: grouped(n, ",").translate({ord(str(d)): 0xFF10 + d for d in range(10)}),
    lambda n: f"{n // 1_000_000}.{n % 1_000_000:06} million",
    lambda n: f"{n // 1_000_000}.{n % 1_000_000:06}bn".replace("bn", " mn"),
]  # fmt: skip


def value(text: str) -> frozenset[str]:
    return read(f"They sold {text} kilos of rye.").values


@given(numbers, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_one_number_in_two_forms_is_one_value(number: int, one, other) -> None:  # type: ignore[no-untyped-def]
    assert value(one(number)) == value(other(number)) == {str(number)}


@given(numbers, numbers, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_two_numbers_are_never_one_value(first: int, second: int, one, other) -> None:  # type: ignore[no-untyped-def]
    assert (value(one(first)) == value(other(second))) is (first == second)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.200.000", 1_200_000), ("1'450'000", 1_450_000), ("12,50,000", 1_250_000), ("3½", Fraction(7, 2)),
        ("3 ½", Fraction(7, 2)), ("3 1/2", Fraction(7, 2)), ("1,2 million", 1_200_000), ("1.2m", 1_200_000),
        ("1.2bn", 1_200_000_000), ("$3.5k", 3_500), ("one and a half", Fraction(3, 2)), ("1.234,5", 1234.5),
        ("two and a half million", 2_500_000), ("half a million", 500_000), ("a million and a half", 1_500_000),
        ("two hundred and fifty thousand", 250_000), ("twenty-one", 21), ("1.250 million", 1_250_000),
        ("10 000", 10_000), ("０.５", 0.5), (".5", 0.5), ("1·5", 1.5), ("1.234.567,89", 1234567.89),
        ("3⅓", Fraction(10, 3)), ("2.5 lakh", 250_000), ("$1.2B", 1_200_000_000), ("1&nbsp;200&#160;000", 1_200_000),
    ],
)  # fmt: skip
def test_the_value_of_a_form(text: str, number: float | Fraction) -> None:
    expected = Fraction(number) if not isinstance(number, float) else Fraction(str(number))
    assert value(text) == {str(expected)}


@pytest.mark.parametrize("text", ["10-12", "10–12", "10 to 12", "10 and 12"])
def test_a_range_has_two_values(text: str) -> None:
    assert value(text) == {"10", "12"}


def test_the_scale_of_a_range_belongs_to_both_ends() -> None:
    assert value("10–12 million") == value("10 million to 12 million") == {"10000000", "12000000"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.200", "1.2"), ("1.200", "1,200"), ("-5", "5"), ("3½", "31/2"), ("1.2", "12"), ("9" * 30, "9" * 31),
        ("9" * 5_000, "9" * 30), ("3rd", "3"), ("1.0000001", "1.0000002"), ("2019, 300", "2019300"),
    ],
)  # fmt: skip
def test_other_values(one: str, other: str) -> None:
    assert value(one) != value(other)


def test_a_day_is_no_part_of_the_number_behind_it() -> None:
    assert read("On May 12 300 people came.").values == {"300"}


SILO = (
    "The Orrin silo holds 1.200.000 kilos of rye, the owner said on Monday. The Ull silo holds 1'450'000 kilos. "
    "The Delhi silo holds 12,50,000 kilos of rice. The river rose by 3½ metres and rain fell on ½ of the days in May. "
    "The fund of Tarnwick rose to 5–7 million crowns. The agent was paid $3.5k. It took 2m people to Sollen."
)


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        ("The Orrin silo holds 1.2 million kilos of rye.", True),
        ("The Orrin silo holds 1.2 kilos of rye.", False),
        ("The Orrin silo holds 12 million kilos of rye.", False),
        ("The Ull silo holds 1,450,000 kilos.", True),
        ("The Ull silo holds 450,000 kilos.", False),
        ("The Delhi silo holds 1,250,000 kilos of rice.", True),
        ("The Delhi silo holds 50,000 kilos of rice.", False),
        ("The river rose by 3.5 metres.", True),
        ("The river rose by three and a half metres.", True),
        ("The river rose by 3 metres.", False),
        ("Rain fell on half of the days in May.", True),
        ("The fund of Tarnwick rose to 5 million to 7 million crowns.", True),
        ("The agent was paid $3,500.", True),
        ("The agent was paid $3.5.", False),
    ],
)  # fmt: skip
def test_forms_in_the_check(sentence: str, passes: bool) -> None:
    passage = Passage(1, Document("a", "news", "a.txt", "Silos"), 0, len(SILO), SILO)
    verdict = ModelChecker().check(sentence, (passage,), (passage,)).verdict
    assert (verdict in ("quoted", "supported")) is passes
