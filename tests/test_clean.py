"""What reaches a screen: nothing that steers it or hides, and everything that people write."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.show.clean import REPLACEMENT, clean, one_line

BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
HARMLESS = [
    "The military said it stopped 90 percent of 1,200 rockets — “so far”.",
    "Łódź, Zürich, Đà Nẵng, Ἀθῆναι, Кыргызстан, Հայաստան, საქართველო",
    "e\u0301 n\u0303 u\u0308 and a stack: z\u0351\u036b\u0343\u036a\u0302",
    "القاهرة \u200f(مصر)\u200f ١٢٣ \u061cنص",
    "ירושלים \u200e(Jerusalem)\u200e שָׁלוֹם",
    "می\u200cخواهم",
    "हिन्दी क्\u200dष বাংলা தமிழ் ไทย\u200bภาษา ខ្មែរ မြန်မာ አማርኛ",
    "日本語 葛\U000e0100城 中文，简体 繁體 한국어 \u1112\u1161\u11ab",
    "👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🇫🇷 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
    "hy\u00adphen, no\u2060break, non\u00a0break, thin\u2009space, \u3000wide",
    "[@click=app.quit]Click[/] [/x] [bold]b[/bold] [link=https://a.example]a[/link] \\[x]",
    "tab\there\nline two\n\n",
    REPLACEMENT,
    "",
]
HOSTILE = [
    "\x1b[2J\x1b[H",
    "\x1b[31;1mred\x1b[0m",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x07",
    "\x1b]0;title\x07",
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1bP+q544e\x1b\\",
    "\x1b_Ga=T;AAAA\x1b\\",
    "\x9b2J\x9d0;t\x9c\x90q\x85",
    "\u202egnp.exe\u202c",
    "\u2067abc\u2069\u2066\u2068",
    "\U000e0001\U000e0069\U000e0067\U000e007f",
    "[@click=app.quit]x[/]",
    "[/x]",
    "\x00",
    "\x07\x08\x7f\x0b\x0c\x0e\x1f",
    "\r",
    "\r\n",
    "\n\r",
    "\n\t",
    "\ud800",
    "\udfff\ud83d",
    "\ufffe\uffff\U0001fffe\U0010ffff\ufdd0",
    "\u2028\u2029",
    "\ufeff\u2061\u2064\u206a\u3164\uffa0\ufffb",
    "a\u0301\u0489\u20dd",
    "👩\u200d👧\ufe0f",
    "\\x1b[0m",
    "ordinary words",
]
LOW = [chr(point) for point in range(0x180)]
SPREAD = [chr(point) for point in (*range(0x2000, 0x2080), *range(0, 0x110000, 0x7FF))]
hostile_texts = st.lists(st.sampled_from(HOSTILE * 9 + LOW + SPREAD), min_size=4, max_size=16).map("".join)


def forbidden(character: str) -> bool:
    """What the Unicode database says must not reach a screen, told without the module's own list."""
    point = ord(character)
    return (
        (unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character not in "\n\t")
        or unicodedata.bidirectional(character) in BIDI_CONTROLS
        or 0xE0000 <= point <= 0xE007F
        or 0xFDD0 <= point <= 0xFDEF
        or point & 0xFFFE == 0xFFFE
    )


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile_texts)
def test_hostile_text_comes_out_harmless(text: str) -> None:
    cleaned = clean(text)
    assert not [character for character in cleaned if forbidden(character)]
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    pairs = zip(text, cleaned, strict=True)
    assert all(new in (old, REPLACEMENT) or old == "\r" for old, new in pairs)
    flat = clean(text, lines=False)
    assert len(flat) == len(text) and flat == cleaned.replace("\n", " ").replace("\t", " ")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile_texts, st.integers(-1, 60))
def test_one_line_is_clean_and_fits(text: str, width: int) -> None:
    line = one_line(text, width)
    assert not [character for character in line if forbidden(character) or character in "\n\t"]
    assert "  " not in line and line == line.strip()
    wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 0 for character in line)
    assert wide <= max(width, 0)
    whole = one_line(text)
    assert line == whole or line == "" or (line[-1] == "…" and whole.startswith(line[:-1]))


def test_every_code_point_is_judged_as_the_unicode_database_does() -> None:
    hangul_fillers = "\u3164\uffa0"
    for character in map(chr, range(0x110000)):
        category = unicodedata.category(character)
        seen = category[0] in "LMNPS" or category in ("Zs", "Co")
        if forbidden(character) and character != "\r":
            assert clean(character) == REPLACEMENT, ascii(character)
        elif seen and character not in hangul_fillers:
            assert clean(character) == character, ascii(character)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_people_write_is_unchanged(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "character",
    ["\ufeff", "\u2061", "\u2064", "\u206f", "\u3164", "\uffa0", "\ufff9", "\U000e0080", "\U0001d173"],
)
def test_invisible_characters_become_visible(character: str) -> None:
    assert clean(f"a{character}b") == f"a{REPLACEMENT}b"


@pytest.mark.parametrize(
    ("text", "with_lines", "without"),
    [
        ("a\r\nb", "a \nb", "a  b"),
        ("a\rb", "a\nb", "a b"),
        ("a\r\r\nb", "a\n \nb", "a   b"),
        ("a\n\rb", "a\n\nb", "a  b"),
        ("a\tb\x85c", "a\tb\ufffdc", "a b\ufffdc"),
    ],
)
def test_line_ends_keep_their_number_of_characters(text: str, with_lines: str, without: str) -> None:
    assert clean(text) == with_lines
    assert clean(text, lines=False) == without


def test_offsets_of_a_quote_stay_valid() -> None:
    text = "One.\r\n\x1b[1mIt signed\x1b[0m on \u202eFriday\u202c."
    start = text.index("Friday")
    assert clean(text)[start : start + 6] == "Friday"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("  one \r\n\t two\u00a0 three ", None, "one two three"),
        ("one two", 7, "one two"),
        ("one two", 6, "one t…"),
        ("one two", 5, "one…"),
        ("one", 1, "…"),
        ("one", 0, ""),
        ("one", -3, ""),
        ("", 5, ""),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👩\u200d👧 x", 4, "👩…"),
        ("a\x1b[0mb", None, "a\ufffd[0mb"),
    ],
)
def test_one_line_collapses_and_cuts(text: str, width: int | None, expected: str) -> None:
    assert one_line(text, width) == expected


@pytest.mark.parametrize("piece", ["plain words\n", "слова ", "日本語", "😀 ", "\x1b[1m"])
def test_a_megabyte_takes_no_time_to_speak_of(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    begun = time.process_time()
    clean(text)
    assert time.process_time() - begun < 5
