"""The topic of a course: its names as phrases, else its content words, looked for in articles and sentences."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.reading.lists import listed
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
    names: tuple[tuple[re.Pattern[str], float], ...] = field(init=False)
    """Patterns of its names, each with its weight."""
    stems: Mapping[str, float] = field(init=False)
    """Its content words with their weights."""

    def __post_init__(self) -> None:
        known = {stem(token) for token in tokens(self.head) if token not in STOP}
        object.__setattr__(self, "stems", {key: self.rarity.get(key, 0.0) for key in known})
        object.__setattr__(self, "names", tuple(map(self._pattern, _phrases(self.head))))

    def _pattern(self, words: tuple[str, ...]) -> tuple[re.Pattern[str], float]:
        """The pattern of a name, of its last word alone where that is rare, and its weight: that of its rarest word."""
        weights = [max((self.rarity.get(stem(token), 0.0) for token in tokens(word)), default=0.0) for word in words]
        forms = [r"[\W_]+".join(map(re.escape, words))]
        if len(words) > 1 and weights[-1] >= ALONE:
            forms.append(re.escape(words[-1]))
        if len(words) == 1 and len(words[0]) >= SHORT and words[0].isalpha():
            forms[0] += _ENDING
        forms.append(r"[\W_]+".join(re.escape(word.upper()) for word in words))
        return re.compile(rf"\b(?:{'|'.join(forms)})(?![^\W_])"), max(weights)

    def share(self, text: str) -> float:
        """The share of its names, else of its content words, that a text holds, by their weight."""
        if self.names:
            rows = [(weight, bool(pattern.search(text))) for pattern, weight in self.names]
        else:
            held = {stem(token) for token in tokens(text)}
            rows = [(weight, key in held) for key, weight in self.stems.items()]
        whole = sum(weight for weight, _ in rows)
        return sum(weight for weight, there in rows if there) / whole if whole else 0.0

    def held(self, text: str) -> bool:
        """Whether a text is about the topic: it holds most of it, and of its names the rarest."""
        if not self.names:
            return self.share(text) >= WORDED
        rarest = max(self.names, key=lambda name: name[1])[0]
        return bool(rarest.search(text)) and self.share(text) >= ABOUT


def _phrases(head: str) -> Iterator[tuple[str, ...]]:
    """The names of a topic: runs of words with capitals or digits, without days and months."""
    run = list[str]()
    for match in _WORD.finditer(head):
        word = _OWNER.sub("", match[0].rstrip("."))
        named = (word[:1].isupper() or word[:1].isdigit()) and word.lower() not in {*STOP, *MONTHS, *WEEKDAYS}
        if named:
            run.append(word)
        if run and (not named or _OWNER.search(match[0]) or head[match.end() : match.end() + 1] not in ("", " ", "-")):
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)
