"""Furniture: stretches of an article that are page and not story. Each pattern reads the text once."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

from store.formats.gallery import MARKS, pictures, titles
from store.machine import STRICT, paragraph_end
from store.passage import Span

ENCLOSED = 4_000  # most characters between the two marks of a comment, a script or a chat message

LINE = 600  # most characters of a line that is looked at as a whole: page lines are short
SENTENCE = 300  # most characters of a sentence that can be page
CREDIT = 130  # most characters of a credit at the end of a line, with the space before it
STORY = 100  # fewest characters of a line with which the story begins
HEADLINE = 30  # fewest characters of a line that tells prose from lists
PROSE = 0.8  # least share of such lines that end as sentences do
MANY = 4  # most headlines of other articles in a row
LINK = 160  # most characters of a link in a list
LEAST_TWICE = 15  # fewest characters that two lines share
ENDING = 6  # lines at the end among which a biography of the writer can stand
BIOGRAPHY = 1_000  # most characters of one
REPEATED = 40  # fewest characters of a line that counts as said again


_Group = tuple[tuple[str, ...], re.Pattern[str]]


@cache
def _patterns() -> dict[str, list[_Group]]:
    """The patterns of the table by place, in groups: words or signs of which a line has one, and all patterns of these.

    A pattern's groups are named after what they find.
    """
    named: dict[str, str] = {}
    forms: dict[tuple[str, str], dict[str, list[str]]] = {}  # by place and group
    needed: dict[tuple[str, str], list[str]] = {}
    for row in Path(__file__).with_name("furniture.tsv").read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        place, value, form, needs = (*row.split("\t"), "")[:4]
        form = re.sub(r"%(\w+)%", lambda match: f"(?:{named[match[1]]})", form)
        if place == "word":
            named[value] = form
            continue
        group = place, "words" if re.search(r"[a-z]", needs) else needs
        forms.setdefault(group, {}).setdefault(value, []).append(form)
        needed.setdefault(group, []).extend(filter(None, needs.split("|")))
    found: dict[str, list[_Group]] = {}
    for (place, needs), values in forms.items():
        every = "|".join(f"(?P<{value.replace(' ', '_')}>{'|'.join(each)})" for value, each in values.items())
        every = _AROUND.get(place, "%s") % every
        flags = re.IGNORECASE if place != "holds" else re.NOFLAG  # these read lines in lower case, which is faster
        found.setdefault(place, []).append((tuple(dict.fromkeys(needed[place, needs])), re.compile(every, flags)))
    return found


def _fitting(place: str, small: str) -> list[re.Pattern[str]]:
    """The patterns of a place that can fit a line, by the words and signs in it; it is given in lower case."""
    found: list[re.Pattern[str]] = []
    for needs, pattern in _patterns()[place]:
        for word in needs:
            if word in small:
                found.append(pattern)
                break
        else:
            if not needs:
                found.append(pattern)
    return found


_AROUND = {"tail": r"(?:%s)\Z", "after": r"(?<=[.!?\"”’)>] )(?:%s)\Z"}
_SENTENCE = re.compile(r"(?<=[.!?…>])[\"”’)]{0,2}\s+")
_ENDED = re.compile(r"[.!?…][\"”’)]{0,2}$|^.{200}")
_PERSON = r"[A-Z][\w.'’-]{0,25}(?: (?:(?:d[aeo]|del|der|den|dos|v[ao]n|bin|al|l[aei]) ){0,2}[A-Z][\w.'’-]{0,25}){1,3}"
_NAMES = re.compile(rf"{_PERSON}(?:(?:,| and|, and) {_PERSON}){{0,4}}")
_PLACE = re.compile(
    r"(?i:(?:special )?(?:to|for) [\w ]{2,40}"
    r"|(?:[\w/-]{2,20} ){0,2}(?:contributor|columnist|correspondent|staff|editor|writer|magazine)|\S+@[\w.-]+)"
    r"|(?=.{3,45}$)(?:\d+/\d+ )?[A-Z][\w.&'’-]{1,25}(?: (?:of|the|and|&|[A-Z][\w.&'’-]{0,25})){0,4}"
)
"""What stands below a writer's name: a role, or the name of an outlet."""
_BIOGRAPHY = re.compile(
    rf"(?!(?:An?|The|In|On|At|For|Columnist)\b)(?P<name>{_PERSON})(?:, (?:[A-Z][\w.]{{1,8}},? ?){{1,3}})?,?"
    rf" (?:and {_PERSON} )?(?:(?:is|are|was)(?! \w+ing\b)|covers|hosts|writes|works|teaches|serves|leads"
    r"|has (?:been )?(?:written|writing|covered|reported|worked))\b"
)
_WRITER = re.compile(
    r"\b(?:reporter|editor|(?:sports|free ?lance )?writer|columnist|journalist|correspondent|producer|photographer"
    r"|author|contributor|critic|blogger|newsletters?)s?\b|\bwrit(?:es|ing)\b|\bcovers\b.+\b(?:for|at)\b",
    re.I,
)
_ROLE = re.compile(
    rf"{_WRITER.pattern}|\b(?:professor|lecturer|fellow|director|president|chair|analyst|commentator|host|historian"
    r"|novelist|lawyer|attorney|scholar|scientist|adviser|strategist|founder)s?\b",
    re.I,
)
_SAID = re.compile(r"\b(?:said|says|told|according to)\b")
_CLOSED = re.compile(r"[.!?…:;,—–-][\"”’)\]]{0,2}$|[\"”]$")
_CONTINUED = re.compile(r"(?:[–—-] )?[a-z].*[.?!]")  # a line that begins inside a sentence and ends it
_MARKED = re.compile(r"\w: \w|\? |(?:^| )['‘]\w|^[►▶]")
_LABELLED = re.compile(
    r"(?![^:]*(?:[(“\"]|[.!?] )|\d+[/.]|(?:Q|In|On|At|For|But|And)\b|[A-Z][a-z]{2,8}\.? \d+:)"
    r"(?!.*(?:\d[-–]\d|\bhttps?:|\bvs\b|[.!…,;:][\"”’)]?$))(?=.{30,160}$)"
    r"(?=['‘]|[A-Z ]{5,60}:|[^:]*: (?:Here|How|What|Why|Who|When|Where|Which|Is|Are|Do|Does|Did|Can|Will|Should|See)\b"
    r"|(?=.{60})[^:]*: (?:[^\s\d$£€]\S* )(?:\S+ ){5})"
    r"((?=.{3,80}: )[A-Z‘'$\d][^\s:]*(?: [^\s:]+)+|['‘][^:]{3,60}['’]|[A-Z]{5,20}): (?![“\"])(?:\S+ ){2}.*"
)
"""A headline of two parts ("Rail strike: What travellers can do"), not an entry of a list, a fact, a date or a result:
it opens with a quotation or in capitals, or its second part is a question or long."""
_HEADLINE = re.compile(
    r"(?![•\-–—*▪>]|\d+[.):/]|.*(?:[.!] [A-Z]|\d{3}[-. ]\d{4}|\b(?:said|says|according to)\b|\)$))"
    r"(?=(?:\S+ ){5}).{40,160}"
)
"""A line without a list's mark, a sentence's end inside, a telephone number, a credit or who said it."""
_WITHIN = {
    "Watch more on": r"(?:Video[ \t]{1,20})?Watch more on [^.\r\n]{0,120}[»\"][ \t]{0,20}(?![^\r\n])",
    "Video Ad Feedback": r"Video Ad Feedback\b[^\r\n]{0,300}?\d\d:\d\d - Source: [^\r\n]{2,200}",
    "JUST WATCHED": r"JUST WATCHED\b[^\r\n]{0,200}?\bReplay\b(?:[ \t]More Videos)?(?:[ \t]{0,20}\.\.\.)?"
    r"(?:[ \t]{0,20}MUST WATCH\b(?:[^\r\n]{0,200}?[ \t]\d\d:\d\d\b)?)?",
    "Photos:": r"(?:Hide Caption \d{1,3} of \d{1,3}\b(?:[ \t]Photos:){1,2}|\bPhotos:[ \t]Photos:)",
    "Hide Caption": r"Hide Caption \d{1,3} of \d{1,3}\b(?![ \t]Photos:)",
    "to view)": r"(?m)^[^\r\n]{2,40}[^.!?:\s][ \t]*[\r\n]+([^\r\n]{8,100}[^.!?:\s])[ \t]*[\r\n]+"
    r"[^\r\n]{3,60}[^.!?:\s][ \t]*[\r\n]+[^\r\n]{20,600}\([Cc]lick (?:here )?to view\)",
    "Prev Next": r"\b(?:In (?:pictures|photos): [^.\r\n]{2,120}[ \t])?Prev Next[ \t]{0,20}(?![^\r\n])",
    "Skip advert": r"\bSkip advert(?:isement)?\b",
}
"""Patterns for stretches, each by words that it holds: their group, where they have one. One is the title of a video:
a line between two headings over a paragraph that ends with the link to it."""
_MARKS = re.compile(r"<\|im_start\|>|<\|im_end\|>|<!--|-->|<(?i:script)\b|</(?i:script)>")
_OPENING = {"<|im_start|>": "<|im_end|>", "<!--": "-->", "<script": "</script>"}


def furniture(text: str, body: int) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Spans of the text from `body` on: bylines, biographies, links, prompts, credits, advertisement marks, gallery
    counts, chat messages, comments, scripts, and paragraphs that speak to a machine (named in a warning)."""
    found, spoken = _lines(text, body)
    for words, pattern in _WITHIN.items():
        if words in text:
            found.update(
                (match.span(match.lastindex or 0), "page") for match in re.compile(pattern).finditer(text, body)
            )
    found |= dict.fromkeys(titles(text, body), "gallery")
    if any(words in text for words in MARKS):
        found |= dict.fromkeys(pictures(text, body, without(text, found)), "picture")
    found |= dict.fromkeys(bylines(text, body), "byline")
    found |= dict.fromkeys(list(_biographies(text, body, found)), "about")
    found |= dict.fromkeys(list(_headlines(text, body, found)), "related")
    found |= dict.fromkeys([*_enclosed(text, body), *spoken], "addressed")
    warnings: tuple[str, ...] = ()
    if spoken:
        first = " ".join(text[spoken[0][0] : spoken[0][0] + 60].split())
        many = f"{len(spoken)} paragraphs that speak" if len(spoken) > 1 else "a paragraph that speaks"
        warnings = (f"{many} to a machine: left out of the story ('{first}')",)
    spans: list[Span] = []
    for (start, end), value in sorted(found.items(), key=lambda one: (one[0][0], -one[0][1])):
        if not spans or end > spans[-1].end:  # else it lies in the one before
            spans.append(Span(start, end, "furniture", value))
    return tuple(spans), warnings


def _lines(text: str, body: int) -> tuple[dict[tuple[int, int], str], list[tuple[int, int]]]:
    """Lines, sentences and credits that are page, and the paragraphs that speak to a machine."""
    found: dict[tuple[int, int], str] = {}
    spoken: list[tuple[int, int]] = []
    seen: set[str] = set()
    before = (0, 0, "")  # the line before
    listed = False  # whether the line stands in a list of related headlines
    for line in re.compile(r"[^\r\n]+").finditer(text, body):
        words = line[0].strip()
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        if (not spoken or start >= spoken[-1][1]) and STRICT.match(text, line.start()):
            spoken.append((line.start(), paragraph_end(text, line.end())))
        if len(words) >= REPEATED and (key := " ".join(words.lower().split())) in seen:
            found[start, start + len(words)] = "repeated"
        elif len(words) >= REPEATED:
            seen.add(key)
        if twice := _said_twice(before[2], words):
            found |= dict.fromkeys([before[:2], (start, start + len(words))], "related")
        before = start, start + len(words), words
        if listed := listed and not _ENDED.search(words):
            found[start, start + len(words)] = "related"
        elif len(words) > 1 and not twice:
            parts = list(of_line(words))
            found.update(((start + low, start + high), value) for low, high, value in parts)
            listed = words.endswith(":") and parts[:1] == [(0, len(words), "related")]
    return found, spoken


def _said_twice(before: str, line: str) -> bool:
    """Whether two lines are links of a list that was read badly: one begins with the words that end the one before."""
    if not LEAST_TWICE < len(before) <= LINK or len(line) > 2 * LINK:
        return False
    ends = (before[space.end() :] for space in re.finditer(r"\s+", before[:-LEAST_TWICE]))
    twice = next(filter(line.startswith, ends), "")
    return bool(twice and (_CONTINUED.match(line) or (len(twice) >= REPEATED and not re.search(r"\d\d", twice))))


def of_line(line: str) -> Iterator[tuple[int, int, str]]:
    """What of a line is page: all of it, some of its sentences, or a credit at an end or between captions."""
    small = line.lower()
    if len(line) <= LINE:
        whole = _first(pattern.fullmatch(line) for pattern in _fitting("line", small))
        whole = whole or _first(pattern.search(small) for pattern in _fitting("holds", small))
        if whole:
            yield 0, len(line), str(whole.lastgroup)
            return
    if head := _first(pattern.match(line) for pattern in _fitting("head", small)):
        yield *head.span(), str(head.lastgroup)
    if sentences := _fitting("sentence", small):
        low = 0
        for end in [*_SENTENCE.finditer(line), None]:
            high = end.start() if end else len(line)
            if high - low <= SENTENCE and (found := _first(each.fullmatch(line, low, high) for each in sentences)):
                yield low, high, str(found.lastgroup)
            low = end.end() if end else high
    for pattern in _fitting("within", small):
        yield from ((*match.span(), str(match.lastgroup)) for match in pattern.finditer(line))
    ends = [*_fitting("tail", small), *_fitting("after", small)]
    tails = filter(None, (pattern.search(line, max(0, len(line) - CREDIT)) for pattern in ends))
    if tail := min(tails, key=lambda match: match.start(), default=None):
        yield *tail.span(), str(tail.lastgroup)


def _first(matches: Iterable[re.Match[str] | None]) -> re.Match[str] | None:
    """The first match that there is."""
    return next(filter(None, matches), None)


def _headlines(text: str, body: int, taken: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Headlines of other articles between a story's paragraphs: lines that do not end as sentences do, two to four in a
    row, or of two parts, or one with a headline's marks at the end. None in a text of many such lines, as lists, tables
    and live blogs have them."""
    lines = [line for line in re.compile(r"[^\r\n]+").finditer(without(text, taken), body) if line[0].strip()]
    long = [line[0].rstrip() for line in lines if len(line[0].strip()) >= HEADLINE]
    if sum(map(bool, map(_CLOSED.search, long))) < PROSE * len(long):
        return
    parts = Counter(match[1] for line in lines if (match := _LABELLED.fullmatch(line[0].strip())))
    once = {part for part, count in parts.items() if count == 1 and not _SAID.search(part) and len(parts) <= MANY}

    before, run = "", list[re.Match[str]]()  # the paragraph before the run of lines without an end
    for line in [*lines, None]:
        words = line[0].strip() if line else ""
        if line and (not _CLOSED.search(words) or _part(words) in once):
            run.append(line)
            continue
        each = [one[0].strip() for one in run]
        rowed = len(before) >= STORY and all(_part(one) in once or _HEADLINE.fullmatch(one) for one in each)
        alone = len(each) == 1 and not (line is None and _MARKED.search(each[0]))
        told = all(_part(one) in once for one in each) or (rowed and not alone)
        if 0 < len(each) <= MANY and _ENDED.search(before) and told:
            yield from (one.span() for one in run)
        before, run = words, []


def _part(line: str) -> str:
    """The first part of a headline of two parts, empty for another line."""
    match = _LABELLED.fullmatch(line)
    return match[1] if match else ""


def bylines(text: str, body: int) -> Iterator[tuple[int, int]]:
    """Lines above the story that hold names alone, and an organisation's or a role's below them."""
    above: list[re.Match[str]] = []  # the first lines up to the story, four at most
    for line in re.compile(r"[^\r\n]+").finditer(text, body):
        if len(line[0].strip()) >= STORY or len(above) > 3:
            break
        above += [line] if line[0].strip() else []
    words = [line[0].strip() for line in above]
    placed = len(above) > 1 and _NAMES.fullmatch(words[0]) and _PLACE.fullmatch(words[1])
    signed = above[:2] if placed else above if len(above) < 3 else above[:1] if len(above) == 3 else []
    yield from (line.span() for line in signed if placed or _NAMES.fullmatch(line[0].strip()))


def _biographies(text: str, body: int, taken: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Paragraphs at the beginning or the end that tell who wrote the story: its byline names them, or nothing does."""
    lines = [line for line in re.compile(r"[^\r\n]+").finditer(text, body) if line[0].strip()]
    top = lines[min(2, len(lines) - 1)].end() if lines else body
    bylines = [text[start:end].lower() for start, end in taken if end <= top]
    for line in dict.fromkeys([*lines[:2], *lines[-ENDING:]]):
        words = line[0].strip()
        match = _BIOGRAPHY.match(words) if len(words) <= BIOGRAPHY else None
        if not match or _SAID.search(words):
            continue
        role = (_ROLE if line.end() <= top else _WRITER).search(words)
        surname = match["name"].split()[-1]
        if any(match["name"].lower() in byline for byline in bylines) or (
            role and surname not in without(text, [*taken, line.span()])
        ):
            yield line.span()


def without(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    """The text with a line break for every character of some stretches."""
    parts, end = list[str](), 0
    for low, high in sorted(stretches):
        if high > end:
            parts += [text[end:low], "\n" * (high - max(low, end))]
            end = high
    return "".join([*parts, text[end:]])


def _enclosed(text: str, body: int) -> Iterator[tuple[int, int]]:
    """Stretches from the first opening mark to the closing one, where they are no more than ENCLOSED apart."""
    opened: dict[str, list[int]] = {}
    for mark in _MARKS.finditer(text, body):
        name = mark[0].lower()
        if name in _OPENING:
            opened.setdefault(_OPENING[name], []).append(mark.start())
            continue
        near = [start for start in opened.pop(name, []) if mark.start() - start <= ENCLOSED]
        if near:
            yield near[0], mark.end()
