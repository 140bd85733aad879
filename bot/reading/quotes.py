"""Finding words in a text although case, quotes, dashes and spaces differ, with exact offsets."""

from __future__ import annotations

from functools import lru_cache

_ALIKE = str.maketrans({"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
                        "‐": "-", "‑": "-", "–": "-", "—": "-"})  # fmt: skip


@lru_cache(maxsize=64)
def normal(text: str) -> tuple[str, list[int]]:
    """A text with case, quotes, dashes and spaces made alike, and each of its characters' place in `text`."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letter = " "
        for folded in letter.translate(_ALIKE).casefold():
            letters.append(folded)
            places.append(place)
    return "".join(letters), places


def locate(words: str, text: str) -> tuple[int, int] | None:
    """Where `words` stand in `text`, alike but for case, quotes, dashes and spaces: a span, or None."""
    wanted = normal(words)[0].strip()
    held, places = normal(text)
    at = held.find(wanted) if wanted else -1
    if at < 0:
        return None
    end = places[at + len(wanted) - 1] + 1
    return places[at], end
