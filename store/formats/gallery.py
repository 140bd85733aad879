"""Galleries within a text: their titles, and the captions that tell what a picture shows and nothing else."""

import re
from collections import Counter
from collections.abc import Iterator

CAPTION = 2_000  # most characters of a caption of a gallery
MOST = 0.9  # least share of a gallery's captions that begin with its title
FIRST = 15  # fewest characters of a caption's first clause
TITLE = 80  # most characters of a gallery's title
MARKS = ("Hide Caption", "Prev Next", "Photos: ")  # words of which a line of a gallery has one

_LINE = re.compile(r"[ \t]*([^\r\n]+)")
_MARK = re.compile(r"Hide Caption \d{1,3} of \d{1,3}|\bPrev Next\s*$|\bPhotos: .{1,2000}?\bPhotos: ")
"""What only a line of a gallery holds: the count of a picture, the buttons at the end, two titles."""
_SENTENCE = re.compile(
    r"(?![\"“]|(?:After|Although|As|Before|During|For|If|In|On|When|While|With)\b)(?:\S+\s+){4}.*?"
    r"(?<!\b[A-Z])(?<!\b(?:St|Mr|Ms|Dr|Jr|Sr|Lt|No))(?<!\b(?:Mrs|Gov|Sen|Rep|Rev|Gen|Sgt|Col|Maj))"
    r"[.!?][\"”’)]{0,2}(?=\s+[\"“(]?[A-Z0-9]|\s*$)"
)
"""A first sentence that begins with its main clause."""
_CLAUSE = re.compile(
    r"\b(?:after|as|where|wh[oy]\w*|while|that|which|when|what|how|before|during|with|to|for)\b|[,“\"]"
)
_PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|became|won|led|met|wed|made|took|gave|left|lost|said|told|will|would|could)\b"
    r"|(?<!\ba )(?<!\bthe )\b[a-z]{2,20}ed\b(?! (?:by|in|on|at)\b)"
)
"""A verb of what has happened or will, which a picture does not show."""


def pictures(text: str, body: int, left: str) -> Iterator[tuple[int, int]]:
    """First sentences of a gallery's captions, told in the present: "Ana Reis waves." What happened stays story.

    `left` is the text with line breaks for what is furniture otherwise, so that each of its lines is one caption.
    """
    for line in _LINE.finditer(text, body):
        if _MARK.search(line[0]):
            for caption in _LINE.finditer(left, *line.span()):
                sentence = _SENTENCE.match(caption[1][:CAPTION])
                clause = _CLAUSE.search(sentence[0], FIRST) if sentence else None
                if sentence and not _PAST.search(sentence[0][: clause.start() if clause else None]):
                    yield caption.start(1), caption.start(1) + len(sentence[0])


def titles(text: str, body: int) -> Iterator[tuple[int, int]]:
    """The title of a gallery wherever it stands between the captions ("Photos: The storm").

    A gallery's pictures are counted to one number, and their captions begin with its title.
    """
    galleries: dict[str, list[tuple[int, list[str]]]] = {}  # by that number: each place, and the words from it on
    for mark in re.compile(r"\bPhotos:[ \t]{1,4}(?!Photos:)").finditer(text, body):
        count = re.compile(r"Hide Caption \d{1,3} of (\d{1,3})").search(text, mark.end(), mark.end() + CAPTION)
        words = text[mark.end() : mark.end() + TITLE].split(" ")
        galleries.setdefault(count[1] if count else "", []).append((mark.start(), [mark[0], *words]))
    for marks in galleries.values():
        title = _title([words for _, words in marks])
        for start, words in marks:
            if title and words[: len(title)] == title:
                yield start, start + len(title[0] + " ".join(title[1:]))


def _title(captions: list[list[str]]) -> list[str]:
    """The words with which most captions begin ("Photos: " and a title), none where they begin with no title."""
    title: list[str] = []
    while True:
        following = Counter(words[len(title)] for words in captions if words[: len(title)] == title != words)
        word, count = following.most_common(1)[0] if following else ("", 0)
        if count < max(2, MOST * len(captions)):
            return title if len(title) > 1 else []
        title.append(word)
