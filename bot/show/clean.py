"""The one door for text that goes to a screen: what could steer a terminal or hide becomes a visible U+FFFD.

Replaced, one character for one:

    C0, DEL, C1                          move the cursor, start an escape sequence, ring the bell
    U+202A-202E, U+2066-2069             bidi embeddings, overrides, isolates: reorder all that follows
    U+2028, U+2029                       line breaks that terminals and widgets count differently
    U+2061-2065, U+206A-206F             invisible operators and deprecated format characters
    U+3164, U+FFA0                       Hangul fillers: letters that show nothing
    U+FEFF, U+FFF0-FFFB                  a stray byte-order mark, annotation marks and reserved invisibles
    U+1BCA0-1BCA3, U+1D173-1D17A         shorthand and musical format characters
    U+E0000-E00FF, U+E01F0-E0FFF         tag characters and reserved invisibles
    lone surrogates, noncharacters       cannot be written to a stream

Kept, because running text needs them: U+061C, U+200E and U+200F (directional marks of Arabic and Hebrew text,
each as strong as one letter and no more), U+200B-200D (word breaks of Thai and Khmer; joiners of Persian,
Indic scripts and emoji), U+2060, U+00AD, variation selectors, combining marks, private use. The price of the
tag characters: the flags of England, Scotland and Wales show as a black flag and marks.

Brackets are never looked at: markup is switched off where text is drawn, not taken apart here.
Sources: Unicode Standard 16.0, sections 23.1-23.9; UAX #9 (bidi); UTR #36 (security).
"""

import re
import unicodedata

REPLACEMENT = "\ufffd"
ELLIPSIS = "…"

_NONCHARACTERS = "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u2028-\u202e\u2061-\u206f\u3164"
    r"\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    rf"{_NONCHARACTERS}]"
)
_ZERO_WIDTH = ("Mn", "Me", "Cf")
_EMOJI_STYLE = "\ufe0f"


def clean(text: str, *, lines: bool = True) -> str:
    r"""`text` with every character that may not reach a screen replaced by U+FFFD.

    The result has as many characters as `text`, so offsets into one hold in the other; cleaning twice
    changes nothing more. With `lines`, newlines and tabs stay, the \r of \r\n becomes a space and a lone \r
    a newline; without, each of the three becomes a space. Give it whole sentences: an \r\n cut in two
    between calls would count as two line ends. Raises nothing.
    """
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    text = _FORBIDDEN.sub(REPLACEMENT, text)
    return text if lines else text.replace("\n", " ").replace("\t", " ")


def one_line(text: str, width: int | None = None) -> str:
    """`text` cleaned, whitespace collapsed to single spaces, cut with … to at most `width` terminal columns.

    Columns are counted as a plain terminal does, joined emoji one by one, so the result may come out narrower
    than `width` but not wider. A `width` under 1 leaves no room and gives "". Raises nothing.
    """
    line = " ".join(clean(text, lines=False).split())
    if width is None:
        return line
    if width < 1:
        return ""
    used, room = 0, 0  # columns so far; characters that fit beside an ellipsis
    for position, character in enumerate(line):
        used += _columns(character)
        if used > width:
            return line[:room].rstrip(" \u200d") + ELLIPSIS
        if used < width:
            room = position + 1
    return line


def columns(text: str) -> int:
    """Terminal columns of a cleaned line, counted as `one_line` does."""
    return sum(map(_columns, text))


def wrapped(words: str, room: int | None) -> list[str]:
    """A line broken at words into lines of at most `room` columns; whole where there is no limit."""
    lines = [""]
    for word in words.split():
        if room and lines[-1] and columns(lines[-1]) + 1 + columns(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def _columns(character: str) -> int:
    """Terminal columns of one character, at most: 2 for East Asian wide and emoji, 0 for marks."""
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    if character == _EMOJI_STYLE:
        return 1
    return 0 if unicodedata.category(character) in _ZERO_WIDTH else 1
