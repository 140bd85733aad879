"""Letters: the one way in which a text is kept, whatever its file wrote, settled before offsets into it exist.

A search for the plain word finds it, and a quote stands verbatim in the version that is shown.
"""

import re
import unicodedata

from store.words import ENTITY, character

_ODD = re.compile(
    "[\u00ad\u200b-\u200d\u2060\ufeff\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufb00-\ufb06\ud800-\udfff](?:(?<=\u00ad)\r?\n)?"
)
"""Soft hyphens (with the line break at which one shows), characters without a width, spaces of all kinds,
ligatures, and halves of a character."""
_SPACE = "\u00a0\u1680\u202f\u205f\u3000"
_JOINERS, _LATIN = "\u200c\u200d", re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"\S{1,200}+")
"""What is composed at once: normalizing takes the square of the number of marks in a row in time."""


def clean(text: str, *, entities: bool = True) -> str:
    """A text with plain spaces, composed letters and no invisible characters; character references resolved.

    Where UTF-8 was mistaken for another encoding, it is mended.
    """
    if entities and "&" in text:
        text = ENTITY.sub(lambda match: character(match[0]), text)
    if text.isascii():
        return text
    if "Ã" in text or "Â" in text or "â€" in text:
        import ftfy

        text = ftfy.fix_encoding(text)
    text = _ODD.sub(_plain, text)
    if not unicodedata.is_normalized("NFC", text):
        text = _WORD.sub(lambda word: unicodedata.normalize("NFC", word[0]), text)
    return text


def _plain(odd: re.Match[str]) -> str:
    """The plain form of a match of _ODD."""
    letter = odd[0][0]
    if letter in _SPACE or "\u2000" <= letter <= "\u200a":
        return " "
    if "\ud800" <= letter <= "\udfff":
        return "\ufffd"
    if letter in _JOINERS and not _LATIN.match(odd.string, max(0, odd.start() - 1)):
        return letter  # other scripts, and signs made of several, need it
    return unicodedata.normalize("NFKC", letter) if "\ufb00" <= letter <= "\ufb06" else ""
