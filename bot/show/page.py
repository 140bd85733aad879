"""Articles, quotes and days in plain words, for the terminal and the chat screen alike."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote as escaped

from bot.conversation import Answer, Citation, Closest, Quote, SavedConversation, Speaker
from bot.show.clean import ELLIPSIS, clean, one_line
from store.passage import Document, Filters, days_of, is_day

Versions = list[tuple[int, str | None, bool]]  # number, published, whether it is the current one
FRAGMENT = 8  # words at either end of a quote by which a browser finds it on a page


def reference(document: Document) -> str:
    """One line that says where a quote stands: title · outlet · date · source, and whether it was corrected."""
    when = f"{document.published or 'undated'}{corrected(document)}"
    return " · ".join(
        one_line(fact) for fact in (document.title, document.outlet or "no outlet", when, document.source)
    )


def web_address(document: Document) -> str:
    """An article's address on the web, its unsafe characters escaped; "" where it has none that can be followed."""
    address = document.url or ""
    if not re.match(r"https?://[^/?#\s]", address, re.I) or clean(address, lines=False) != address:
        return ""
    return re.sub(r"[\s<>{}\"'\\^`|]", lambda sign: escaped(sign[0], safe=""), address)


def address(document: Document, quote: Quote) -> str:
    """The web address at which a browser shows a quote marked, by a text fragment; "" without one."""
    page = web_address(document)
    words = quote.text.split()
    if not (page and words):
        return page
    ends = [words] if len(words) <= 2 * FRAGMENT else [words[:FRAGMENT], words[-FRAGMENT:]]
    named = (escaped(clean(" ".join(part)), safe="").replace("-", "%2D") for part in ends)
    return f"{page}{'' if '#' in page else '#'}:~:text={','.join(named)}"


def corrected(document: Document) -> str:
    """ ", corrected 7 May 2026", without the day where no note names one; nothing for an article without a note."""
    if document.corrected is None:
        return ""
    return f", corrected {day(document.corrected)}" if document.corrected else ", corrected"


def pages(entries: Sequence[Citation | Closest]) -> str:
    """The printed pages on which quotes stand: " · p. 3", " · pp. 3, 5"; nothing where their article has none."""
    numbers = sorted({entry.quote.page for entry in entries if entry.quote.page is not None})
    return f" · {'p.' if len(numbers) == 1 else 'pp.'} {', '.join(map(str, numbers))}" if numbers else ""


def also_in(citations: list[Citation]) -> str:
    """The other outlets in which the quotes of an article stand; with their numbers where not all stand in the same."""
    told = {one.number: _also_in(one) for one in citations}
    if len(set(told.values())) == 1:
        return f" · {told[citations[0].number]}" if told[citations[0].number] else ""
    return "".join(f" · [{number}] {names}" for number, names in told.items() if names)


def _also_in(citation: Citation) -> str:
    """The other outlets (of no outlet: files) of a quote, never its article's own, and how many origins all have."""
    names, counted = _homes(citation)
    return f"also in {', '.join(map(one_line, names))} · {counted}" if names else ""


def _homes(citation: Citation) -> tuple[list[str], str]:
    """The other outlets of a quote, and in words of how many outlets and origins it is; nothing where it has one.

    Where all have one origin, the agency that they credit is named.
    """
    from store.outlets import comparable  # of a table, which the chat's first frame does without

    every = (citation.document, *citation.also_in)
    homes: dict[str, str] = {}
    for document in every:
        name = document.outlet or document.source
        homes.setdefault(comparable(name), name)
    _, *names = homes.values()
    if not names:
        return [], ""
    counted = f"{len(names) + 1} {'outlets' if all(document.outlet for document in every) else 'articles'}"
    agencies = {one_line(document.credit) for document in every if document.credit}
    origin = f" ({agencies.pop()})" if citation.origins == len(agencies) == 1 else ""
    return names, f"{counted}, {citation.origins} origin{'s' if citation.origins > 1 else ''}{origin}"


def said_by(citations: list[Citation]) -> str:
    """Who says the quotes of an article, as the article names them; with their numbers where not all are one's."""
    said = {one.number: _named(one.speaker) for one in citations if one.speaker}
    if len(said) == len(citations) and len(set(said.values())) == 1:
        return f" · said by {said[citations[0].number]}"
    return "".join(f" · [{number}] said by {name}" for number, name in said.items())


def _named(speaker: Speaker) -> str:
    """A speaker inside a line: "the teams", "an official (unnamed)"."""
    name = re.sub(r"^(?:The|An?|Some|One|Her|His|Their|Its)\b", lambda word: word[0].lower(), one_line(speaker.text))
    return f"{name} (unnamed)" if speaker.anonymous else name


def differing(answer: Answer) -> str:
    """The values that articles give for what was asked, on a line: as they changed, or as reports that differ.

    "changed: 9 [2] (4 Mar 2024, A) → 14 [1] (5 Mar 2024, B)"; nothing where all agree.
    """
    told = [next(one for one in answer.citations if one.number == number) for number in answer.values]
    values = [f"{value(one)} [{one.number}] ({_from(one)})" for one in told]
    if not values:
        return ""
    if answer.outcome != "conflicting":
        return f"changed: {' → '.join(_by_day(told, values))}"
    unknown = "" if all(one.document.published for one in told) else "; order unknown"
    return f"reports differ: {'; '.join(values)}{unknown}"


def remarks(answer: Answer) -> list[str]:
    """The lines under an answer: what is new since an earlier one, its notices, the values that differ."""
    since = answer.since.lines if answer.since else ()
    return [one_line(line) for line in (*since, *answer.notices, differing(answer)) if line]


def _by_day(told: Sequence[Citation], values: Sequence[str]) -> list[str]:
    """Values in the order in which their articles were published."""
    return [value for _, value in sorted(zip([one.document.published or "" for one in told], values, strict=True))]


def value(citation: Citation) -> str:
    """The answering words of a quote."""
    low, high = citation.quote.answer or (citation.quote.start, citation.quote.end)
    start = citation.quote.start
    return one_line(citation.quote.text[low - start : high - start], 60)


def _from(citation: Citation) -> str:
    """Where a value comes from: "4 Mar 2024, Harbour Times, said by the mayor, 3 outlets, 1 origin"."""
    document = citation.document
    said = f"said by {_named(citation.speaker)}" if citation.speaker else ""
    told = [day(document.published), one_line(document.outlet or document.source), said, _homes(citation)[1]]
    return ", ".join(filter(None, told))


_SENTENCE_END = re.compile(r"""[.!?…]["'”’)\]]*\s+""")


def excerpt(closest: Closest, room: int = 240) -> tuple[str, int]:
    """The marked sentence of a passage with the one before it (else after it) where both fit in `room` characters.

    Of a passage without a mark its first sentence, however long.

    Returns text and the offset of its beginning in the article; … stands where the passage goes on.
    """
    text, begin = closest.quote.text, closest.quote.start
    low, high = (closest.marks[0][0] - begin, closest.marks[0][1] - begin) if closest.marks else (0, 0)
    edges = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    before = max((edge for edge in edges if edge < low), default=low)
    after = min((edge for edge in edges if edge > high + 1), default=high)
    if before < low and high - before <= room:
        low = before
    elif not closest.marks or after - low <= room:
        high = after
    shown, start = text[low:high].rstrip(), begin + low
    if low:
        shown, start = f"{ELLIPSIS} {shown}", start - 2
    return (f"{shown} {ELLIPSIS}" if text[high:].strip() else shown), start


def facts(document: Document, known: Versions) -> list[str]:
    """The second line of an article's head: id, version, author, URL; `known` are all its versions."""
    live = next((number for number, _, current in known if current), None)
    state = f"version {document.version} of {len(known)}"
    if live is None:
        state += ", no longer in its root"
    elif live != document.version:
        state += f", the file has changed since (now version {live})"
    told = [document.id, state, f"by {document.author}" if document.author else "", document.url or ""]
    return [clean(fact, lines=False) for fact in told if fact]


def paragraphs(document: Document) -> list[tuple[int, int]]:
    """The spans of an article's paragraphs; front matter is left out, for its facts stand in the head."""
    start = next((span.end for span in document.spans if span.value == "front matter" and span.start == 0), 0)
    text = document.text[start:].replace("\r\n", " \n").replace("\r", "\n")
    return [(start + match.start(), start + match.end()) for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def paragraph_of(quote: Quote, every: Sequence[tuple[int, int]]) -> int | None:
    """The number of the paragraph in which a quote begins; None if it begins after all."""
    return next((number for number, (_, end) in enumerate(every, 1) if quote.start < end), None)


def noted(document: Document, paragraph: tuple[int, int]) -> str:
    """What stands over a paragraph with which a correction begins: "Correction"; nothing over others."""
    notes = (span.start for span in document.spans if span.kind == "correction")
    return "Correction" if any(paragraph[0] <= start < paragraph[1] for start in notes) else ""


def within(span: tuple[int, int], home: tuple[int, int]) -> tuple[int, int]:
    """The part of a span that lies in another; empty (start >= end) where none does."""
    return max(span[0], home[0]), min(span[1], home[1])


def day(iso: str | None) -> str:
    """A published day or month as running text has it: "14 Mar 2024", "Mar 2024", or "undated"."""
    return f"{days_of(iso)[0]:{'%-d %b %Y' if is_day(iso) else '%b %Y'}}" if iso else "undated"


def days(isos: Iterable[str | None]) -> str:
    """Several published days at once: "14–15 Mar 2024", "30 Jun 2010 – 2 Jul 2010, 1 undated"."""
    every = list(isos)
    dated = sorted(iso for iso in every if iso)
    lacking = len(every) - len(dated)
    if not dated:
        return "undated" if every else ""
    first, last = days_of(dated[0])[0], days_of(dated[-1])[0]
    if dated[-1].startswith(dated[0]):  # one day, or a month and days of it
        said = day(dated[0])
    elif (first.year, first.month) == (last.year, last.month):
        said = f"{first.day}–{day(dated[-1])}"
    else:
        said = f"{day(dated[0])} – {day(dated[-1])}"
    return f"{said}, {lacking} undated" if lacking else said


def limits(filters: Filters) -> str:
    """The filters that the user set, in words; "" where none is."""
    parts = {
        "since": filters.since, "until": filters.until, "only": ", ".join(filters.outlets),
        "not": ", ".join(filters.not_outlets), "in": ", ".join(filters.documents),
        "as of": filters.as_of if "as_of" not in filters.inferred else None,
    }  # fmt: skip
    return ", ".join(f"{word} {value}" for word, value in parts.items() if value)


def settings(saved: SavedConversation) -> list[tuple[str, str]]:
    """What a saved conversation was asked of and under, as name and value."""
    answers = [turn.answer for turn in saved.turns if turn.answer is not None]
    told = {
        "conversation": [saved.name],
        "corpus": [saved.corpus],
        "asked": list(dict.fromkeys(turn.asked[:10] for turn in saved.turns)),
        "written by": list(dict.fromkeys(answer.model for answer in answers)),
        "filters": list(dict.fromkeys(filter(None, (limits(answer.filters) for answer in answers)))),
        "as of": list(dict.fromkeys(answer.filters.as_of for answer in answers if answer.filters.as_of)),
    }
    return [(name, one_line("; ".join(values))) for name, values in told.items() if values]
