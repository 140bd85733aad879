"""The topic of a course: its names as phrases, else its content words, looked for in articles and sentences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.reading.lists import heads, listed
from store.words import MONTHS, STOP, WEEKDAYS, stem, tokens

ABOUT = 0.5  # least share of its names, by rarity, that a text about it holds
WORDED = 0.6  # the same of its content words, where it has no names
ALONE = 4.2  # least rarity of the last word of a name that stands for the whole of it ("Bout")
SHORT = 4  # fewest letters of a name that a people's name may go on from ("Thai", "Thailand")

_WORD = re.compile(r"[^\W_][\w’'.-]*")
_OWNER = re.compile(r"[’']s?$")
_ENDING = rf"(?:{'|'.join(sorted(listed('endings'), key=len, reverse=True))}|land)?"


@dataclass(frozen=True)
class Topic:
    """What a course is of; `rarity` weighs the stems of its words."""

    head: str
    rarity: Mapping[str, float]
    names: tuple[tuple[tuple[re.Pattern[str], ...], float], ...] = field(init=False)
    """Its names, each as the patterns of its words and its weight."""
    stems: Mapping[str, float] = field(init=False)
    """Its content words with their weights."""
    nouns: frozenset[str] = field(init=False)
    """The stems of the other words, where its only names tell of which people it is ("the Chinese yuan")."""

    def __post_init__(self) -> None:
        known = {stem(token) for token in tokens(self.head) if token not in STOP}
        phrases = list(_phrases(self.head))
        peoples = {stem(name[0].lower()) for name in phrases if len(name) == 1 and _of_a_people(name[0])}
        object.__setattr__(self, "stems", {key: self.rarity.get(key, 0.0) for key in known})
        object.__setattr__(self, "names", tuple(map(self._name, phrases)))
        object.__setattr__(self, "nouns", frozenset(known - peoples if len(peoples) == len(phrases) else ()))

    def _name(self, words: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], ...], float]:
        """The patterns of a name's words, of the last alone where that is rare; and the weight of the rarest."""
        weights = [max((self.rarity.get(stem(token), 0.0) for token in tokens(word)), default=0.0) for word in words]
        wanted = words[-1:] if weights[-1] >= ALONE else words
        goes_on = _ENDING if len(words) == 1 and len(words[0]) >= SHORT and words[0].isalpha() else ""
        forms = (rf"{re.escape(word)}{goes_on}|{re.escape(word.upper())}" for word in wanted)
        return tuple(re.compile(rf"\b(?:{form})(?![^\W_])") for form in forms), max(weights)

    def share(self, text: str) -> float:
        """The share of its names, else of its content words, that a text holds, by their weight."""
        if self.names:
            rows = [(weight, _there(name, text)) for name, weight in self.names]
        else:
            held = {stem(token) for token in tokens(text)}
            rows = [(weight, key in held) for key, weight in self.stems.items()]
        whole = sum(weight for weight, _ in rows)
        return sum(weight for weight, there in rows if there) / whole if whole else 0.0

    def held(self, text: str) -> bool:
        """Whether a text is about the topic: it holds most of it, of its names the rarest, and one of its nouns."""
        if not self.names:
            return self.share(text) >= WORDED
        if self.nouns and self.nouns.isdisjoint(map(stem, tokens(text))):
            return False
        rarest = max(self.names, key=lambda name: name[1])[0]
        return _there(rarest, text) and self.share(text) >= ABOUT


def _there(name: tuple[re.Pattern[str], ...], text: str) -> bool:
    """Whether a text has every word of a name, as it is written."""
    return all(word.search(text) for word in name)


def _phrases(head: str) -> Iterator[tuple[str, ...]]:
    """The names of a topic: runs of words with capitals or digits, without days, months and numbers alone."""
    runs, run = list[list[str]](), list[str]()
    for match in _WORD.finditer(head):
        word = _OWNER.sub("", match[0].rstrip("."))
        named = (word[:1].isupper() or word[:1].isdigit()) and word.lower() not in {*STOP, *MONTHS, *WEEKDAYS}
        if named:
            run.append(word)
        if run and (not named or _OWNER.search(match[0]) or head[match.end() : match.end() + 1] not in ("", " ", "-")):
            runs.append(run)
            run = []
    return (tuple(one) for one in (*runs, run) if any(word[0].isalpha() for word in one))


def _of_a_people(word: str) -> bool:
    """Whether a word tells of which country or people something is ("Chinese"), and names none itself."""
    return heads("peoples.txt").get(word.lower(), word.lower()) != word.lower()
