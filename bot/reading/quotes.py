"""Quotes: words found in a text although case, quotation marks, dashes, spaces and ways of writing a letter differ."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.conversation import Quote
from bot.reading import Support
from bot.reading.assertion import asserting
from store.passage import Passage
from store.words import ENTITY, INVISIBLE, character

_ALIKE = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...",
                        "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-"})  # fmt: skip
_SAID = re.compile(r"(?<!\w)[\"“„«]([^\"“”„«»]+)[\"”»]")
_LEFT_OUT = re.compile(r"\[[^\[\]]{0,200}\]|\.\.\.|…")  # "[the] plan", "we ... agreed"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_UNSEEN_END = re.compile(rf"(?:\s|{INVISIBLE.pattern}){{1,80}}$")
_UNSEEN_RUN = re.compile(rf"(?:\s|{INVISIBLE.pattern}){{1,80}}")
_UNSEEN = re.compile(rf"(?:{INVISIBLE.pattern})|(?P<entity>{ENTITY.pattern})")


@lru_cache(maxsize=64)
def normal(text: str) -> tuple[str, list[int]]:
    """A text with everything that quotes may differ in made alike, and each of its characters' place in `text`.

    Alike become case, quotation marks, dashes, runs of space, composed and decomposed letters, character references and
    their characters; invisible characters are left out.
    """
    letters: list[str] = []
    places: list[int] = []
    marks = 0  # combining marks since the last letter, kept in their canonical order
    for place, letter in _letters(text):
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letter = " "
        if letter.isascii():
            letters.append(letter.lower())
            places.append(place)
            marks = 0
            continue
        for part in unicodedata.normalize("NFD", letter.translate(_ALIKE).casefold()):
            order = unicodedata.combining(part)
            at = len(letters)
            while order and marks and at > len(letters) - marks and unicodedata.combining(letters[at - 1]) > order:
                at -= 1
            letters.insert(at, part)
            places.insert(at, place)
            marks = min(marks + 1, 30) if order else 0
    return "".join(letters), places


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """The characters that are seen, each with its place."""
    place = 0
    for match in _UNSEEN.finditer(text):
        yield from enumerate(text[place : match.start()], place)
        if match["entity"]:
            yield from ((match.start(), letter) for letter in character(match["entity"]))
        place = match.end()
    yield from enumerate(text[place:], place)


def plain(text: str) -> str:
    """A text as `normal` makes it, without space at its ends."""
    if text.isascii() and "&" not in text:
        return " ".join(text.lower().split())
    return normal(text)[0].strip()


def locate(words: str, text: str) -> tuple[int, int] | None:
    """The span of `words` in `text`, alike as `normal` makes them; None where they do not stand there."""
    words = words.strip()
    if words and (at := text.find(words)) >= 0:
        return at, at + len(words)
    wanted = plain(words)
    if not wanted:
        return None
    letters, places = normal(text)
    at = letters.find(wanted)
    while at >= 0 and _inside(places, at + len(wanted)):
        at = letters.find(wanted, at + 1)
    if at < 0:
        return None
    start = places[at]
    if INVISIBLE.match(words):
        before = max(0, start - 80)
        start = before + len(_UNSEEN_END.sub("", text[before:start]))
    end = _end(text, places[at + len(wanted) - 1])
    if INVISIBLE.match(words[-1]) and (unseen := _UNSEEN_RUN.match(text, end)):
        end = unseen.end()
    return start, end


def _inside(places: list[int], after: int) -> bool:
    """Whether the letters before and after a place are parts of one character of the text, such as "ë"."""
    return after < len(places) and places[after] == places[after - 1]


def _end(text: str, last: int) -> int:
    """The end of a character, or of the character reference that begins there."""
    reference = ENTITY.match(text, last)
    return reference.end() if reference else last + 1


def quoted(text: str, passages: Sequence[Passage]) -> Support | None:
    """The whole text as one or more whole sentences of a passage that assert something.

    Half an article's sentence is no quote: what stood before it may deny it.
    """
    wanted = plain(text)
    if not any(letter.isalnum() for letter in wanted):
        return None
    for passage in passages:
        pieces = _pieces(passage.text)
        for first, (start, _, head, _) in enumerate(pieces):
            if not wanted.startswith(head):
                continue
            for _, end, _, asserts in pieces[first:]:
                so_far = plain(passage.text[start:end]) if asserts and len(head) <= len(wanted) else ""
                if so_far == wanted:
                    return Support("quoted", passage, passage.start + start, passage.start + end, score=1.0)
                if not so_far or len(so_far) >= len(wanted):
                    break
    return None


@lru_cache(maxsize=512)
def _pieces(text: str) -> tuple[tuple[int, int, str, bool], ...]:
    """A passage's sentences: start, end, normal text, whether it asserts anything."""
    return tuple((start, end, plain(text[start:end]), asserts) for start, end, asserts in asserting(text))


def misquoted(words: str, texts: Sequence[str]) -> bool:
    """Whether two or more words in quotation marks stand in none of the texts, alike but for case and punctuation."""
    spaced = [_spaced(text) for text in texts]
    for match in _SAID.finditer(words):
        for piece in map(_spaced, _LEFT_OUT.split(match[1])):
            if len(piece.split()) > 1 and not any(piece in text for text in spaced):
                return True
    return False


@lru_cache(maxsize=512)
def _spaced(text: str) -> str:
    """A text's words alone, a space before and after each."""
    return f" {' '.join(_WORD.findall(plain(text)))} "


def answering(words: str, quote: Quote) -> tuple[int, int] | None:
    """The place in a sentence of the words of its quote that answer; None where they do not stand in it as they are."""
    if quote.answer is None:
        return None
    low, high = (place - quote.start for place in quote.answer)
    answer = " ".join(quote.text[low:high].split())
    before = len(" ".join(quote.text[:low].split())) if " ".join(quote.text.split()) == words else 0
    at = words.find(answer, before)
    return (at, at + len(answer)) if at >= 0 else None
