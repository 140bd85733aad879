"""How a turn, its sources and an article look: nouns become Content. All text is cleaned here, markup is never read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from bot.conversation import REFUSALS, Answer, Citation, Closest, Failure, Quote, Sentence, shown
from bot.show.clean import clean, one_line
from bot.show.page import also_in, day, days, facts, paragraphs, within
from bot.tui.engine import Article
from store.passage import Filters

if TYPE_CHECKING:
    from store.passage import Coverage, Document

BOLD, DIM = Style(bold=True), Style(dim=True)
MARK = Style(bold=True, reverse=True)  # seen without colours too
FAULT = Style(bold=True)
OPENS = "opens"  # the key in a style's meta under which a click finds a footnote's name
_FOOTNOTE = re.compile(r"\[(\d{1,3})\]")

Part = str | Content | tuple[str, Style]


@dataclass(frozen=True, slots=True)
class Shown:
    """One turn as the transcript shows it; `answer` is None until it has come, `text` what has streamed so far."""

    question: str
    answer: Answer | None = None
    text: str = ""
    standalone: str = ""
    citations: tuple[Citation, ...] = ()  # of what has streamed
    lacking: str = ""  # why a turn that is over has no answer
    notices: tuple[str, ...] = ()


def opens(name: str) -> Style:
    """Something that opens a footnote when it is clicked."""
    return Style(bold=True) + Style.from_meta({OPENS: name})


def asks(question: str) -> Style:
    """Something that asks a question when it is clicked."""
    return Style.from_meta({OPENS: question})


def resumed(question: str, answer: Answer | None) -> Shown:
    """A saved turn."""
    lacking = "" if answer is not None else "No answer is saved: it never came, or quoted an article since forgotten."
    return Shown(question, answer, lacking=lacking)


def entries(shown: Shown) -> tuple[Citation, ...] | tuple[Closest, ...]:
    """What a turn rests on: its footnotes, or the closest passages of a refusal."""
    if shown.answer is None:
        return shown.citations
    return shown.answer.citations or shown.answer.closest


def label(entry: Citation | Closest) -> str:
    """The number or letter by which a quote is opened."""
    return str(entry.number) if isinstance(entry, Citation) else entry.letter


def named(shown: Shown) -> dict[str, Quote]:
    """The quotes of a turn that can be opened, by number or letter."""
    return {label(entry): entry.quote for entry in entries(shown)}


# -- a turn ----------------------------------------------------------------------------------------


def turn(shown: Shown, *, narrow: bool) -> Content:
    """A question with its answer; with the list of sources where there is no pane for them (`narrow`)."""
    parts: list[Part] = [("❯ ", DIM), (clean(shown.question).strip(), BOLD), "\n"]
    answer = shown.answer
    standalone = answer.standalone if answer is not None else shown.standalone
    if standalone and standalone != shown.question:
        parts.append((f"  looked up as: {one_line(standalone)}\n", DIM))
    if answer is None:
        if shown.text:
            parts += ["\n", _numbered(clean(shown.text, lines=False)), "\n"]
        parts += [(f"  {one_line(notice)}\n", DIM) for notice in shown.notices]
        if shown.lacking:
            parts.append((f"  {shown.lacking}\n", DIM))
    else:
        parts += ["\n", *_answered(answer, narrow=narrow)]
    return Content.assemble(*parts).rstrip()


def _answered(answer: Answer, *, narrow: bool) -> Iterator[Part]:
    """What came of a question, by its outcome."""
    if answer.outcome == "error":
        if answer.partial:
            yield from (_said(answer), "\n\n")
        failure = answer.failure or Failure("Something went wrong.")
        yield (f"✗ {one_line(failure.message)}\n", FAULT)
        if failure.next:
            yield f"  {one_line(failure.next)}\n"
        yield ("  r asks again\n", DIM)
        return
    if answer.refused:
        if answer.sentences:  # what a model said although nothing carries it
            yield from (_said(answer), "\n\n")
        yield from _refused(answer)
    elif answer.outcome == "conflicting":
        yield from _versions(answer)
    else:
        yield from (_said(answer), "\n")
    yield "\n"
    if not answer.refused:  # a refusal's words say them themselves
        for notice in answer.notices:
            yield (f"{one_line(notice)}\n", DIM)
    for line in endings(answer):
        yield (f"{line}\n", DIM)
    if narrow:
        for citation in answer.citations:
            yield from _line(str(citation.number), citation.document)


def _said(answer: Answer) -> Content:
    """The sentences of an answer with their numbers; of one that was stopped what had come."""
    return _numbered(clean(answer.text, lines=False).strip())


def _numbered(text: str) -> Content:
    """Text in which each [2] opens footnote 2 when it is clicked."""
    parts: list[Part] = []
    at = 0
    for match in _FOOTNOTE.finditer(text):
        parts += [text[at : match.start()], (match[0], opens(match[1]))]
        at = match.end()
    return Content.assemble(*parts, text[at:])


def _refused(answer: Answer) -> Iterator[Part]:
    """A refusal's words and the closest passages: whole ones where they may yet answer, else a line each."""
    words = clean(answer.words, lines=False).strip()
    unsure = answer.outcome == "unsure"
    yield f"· {words}{'' if unsure or not answer.closest else ' Closest, not used:'}\n"
    for closest in answer.closest:
        if unsure:
            yield "\n"
        yield from _line(closest.letter, closest.document)
        if unsure:
            yield from (marked(closest.quote.text, closest.quote.start, closest.marks), "\n")


def _versions(answer: Answer) -> Iterator[Part]:
    """Sources that disagree: each version on a line with its date and outlet, newest first, undated last."""
    by_number = {citation.number: citation.document for citation in answer.citations}

    def published(sentence: Sentence) -> str:
        return max((by_number[n].published or "" for n in sentence.citations if n in by_number), default="")

    for sentence in sorted(answer.sentences, key=published, reverse=True):
        held = [by_number[n] for n in sentence.citations if n in by_number]
        if held:
            yield (f"{_origin(held[0])}: ", DIM)
        yield from (_numbered(clean(shown(sentence), lines=False)), "\n")


def _line(name: str, document: Document) -> Iterator[Part]:
    """A source on one line: its number or letter, title, outlet and day."""
    yield from ((f"  {name}", opens(name)), f"  {one_line(document.title)}", (f" · {_origin(document)}\n", DIM))


def _origin(document: Document) -> str:
    return f"{one_line(document.outlet or 'no outlet')} · {day(document.published)}"


def endings(answer: Answer) -> list[str]:
    """The lines under an answer: how it ended, and what holds it."""
    total = answer.timing.total
    seconds = f"{total / 1e3:.1f} s" if total >= 95 else f"{total:.0f} ms"
    if answer.outcome == "stopped":
        return ["stopped; what stands here was not checked to its end · r asks again"]
    if answer.outcome in REFUSALS:
        spoken = {"unsure": "unsure", "not_in_corpus": "not in the corpus", "outside_coverage": "outside the corpus"}
        return [f"{spoken[answer.outcome]} · {seconds}"]
    lines = ["The model stopped early. · r asks again"] if answer.outcome == "cut" else []
    count = len(answer.citations)
    claims = [sentence for sentence in answer.sentences if sentence.verdict != "none"]
    held = [sentence for sentence in claims if sentence.verdict != "unsupported"]
    how = "quoted" if all(sentence.verdict == "quoted" for sentence in held) else "supported"
    parts = [
        f"{count} footnote{'' if count == 1 else 's'}", f"{len(held)}/{len(claims)} {how}",
        days(citation.document.published for citation in answer.citations), seconds,
    ]  # fmt: skip
    return [*lines, " · ".join(part for part in parts if part)]


# -- sources ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """A source in the pane: a line with its title, and what stands indented under it."""

    title: Content
    below: Content


def sources(shown: Shown, name: str, *, quotes: bool) -> list[Listing]:
    """The sources of a turn with their quotes, the one called `name` marked; without quotes while it is read."""
    listed = []
    for entry in entries(shown):
        called, here = label(entry), label(entry) == name
        title = one_line(entry.document.title)
        mark = "▸" if here else " "
        others = also_in([entry]) if isinstance(entry, Citation) else ""
        below: list[Part] = [(f"{_origin(entry.document)}{others}", DIM)]
        if quotes:
            below.append(f"\n“{one_line(entry.quote.text)}”")
        listed.append(
            Listing(
                Content.assemble((mark, BOLD), (called, opens(called)), " ", (title, BOLD if here else Style())),
                Content.assemble(*below),
            )
        )
    return listed


def found(documents: Sequence[Document]) -> list[Listing]:
    """The articles of the passages that were just found, before any of them is cited."""
    unique = {document.id: document for document in documents}.values()
    return [Listing(Content(f" · {one_line(d.title)}"), Content.assemble((_origin(d), DIM))) for d in unique]


# -- an article ------------------------------------------------------------------------------------


def head(article: Article) -> Content:
    """An article's title, and the two lines of facts under it."""
    document = article.document
    told = " · ".join(facts(document, article.versions))
    return Content.assemble(
        (one_line(document.title), BOLD), "\n", f"{_origin(document)} · {one_line(document.source)}", "\n", (told, DIM)
    )


def body(article: Article, span: tuple[int, int]) -> list[tuple[Content, int | None]]:
    """An article's paragraphs with a span marked, also over their ends; each with where its mark begins, or None."""
    drawn: list[tuple[Content, int | None]] = []
    for home in paragraphs(article.document):
        start, end = within(span, home)
        held = start < end
        text = article.document.text[home[0] : home[1]]
        drawn.append((marked(text, home[0], ((start, end),) if held else ()), start - home[0] if held else None))
    return drawn


def marked(text: str, start: int, marks: Sequence[tuple[int, int]]) -> Content:
    """A text that begins at `start` in its article, on lines of its own making, with spans of the article marked."""
    flat = clean(text, lines=False)  # as many characters as before, so the offsets hold
    content = Content(flat, strip_control_codes=False)
    for low, high in marks:
        content = content.stylize(MARK, max(0, low - start), min(len(flat), high - start))
    return content


# -- the corpus ------------------------------------------------------------------------------------


def described(coverage: Coverage) -> str:
    """A corpus in the header: "2,412 articles · 1990–2024"."""
    count = f"{coverage.documents:,} article{'' if coverage.documents == 1 else 's'}"
    if coverage.first is None or coverage.last is None:
        return f"{count} · undated" if coverage.documents else count
    first, last = coverage.first[:4], coverage.last[:4]
    return f"{count} · {first if first == last else f'{first}–{last}'}"


def limits(filters: Filters) -> str:
    """What the filters keep, in words; nothing where they keep all."""
    told = [f"since {filters.since}" if filters.since else "", f"until {filters.until}" if filters.until else ""]
    told += [f"only {', '.join(filters.outlets)}" if filters.outlets else ""]
    told += [f"not {', '.join(filters.not_outlets)}" if filters.not_outlets else ""]
    told += [f"in {', '.join(filters.documents)}" if filters.documents else ""]
    return ", ".join(words for words in told if words)


def welcome(coverage: Coverage, samples: Sequence[str], chosen: int) -> Content:
    """What stands in an empty transcript: what the corpus holds, and questions that it answers, one of them chosen."""
    parts: list[Part] = [(described(coverage), BOLD)]
    if coverage.undated and coverage.first:
        parts.append(f", {coverage.undated:,} undated")
    parts.append("\n")
    if coverage.outlets:
        names = [one_line(name) for name, _ in coverage.outlets[:6]]
        more = len(coverage.outlets) - len(names)
        parts.append((f"{', '.join(names)}{f' and {more} more' if more else ''}\n", DIM))
    if samples:
        parts.append("\nQuestions that it answers:\n")
        for number, sample in enumerate(samples):
            here = number == chosen
            parts += [
                f" {'▸' if here else ' '} ",
                (one_line(sample), asks(sample) + BOLD if here else asks(sample)),
                "\n",
            ]
        parts.append(("\nEnter asks the one marked · ↑↓ choose · F1 keys", DIM))
    else:
        parts.append(("\nEnter asks · F1 keys", DIM))
    return Content.assemble(*parts)


def absent(message: str, following: str) -> Content:
    """What stands there without a corpus."""
    parts: list[Part] = [("No corpus yet.\n", BOLD), f"{one_line(message)}\n", f"\n{one_line(following)}\n"]
    parts.append(("in a shell; then: footnote", DIM))
    return Content.assemble(*parts)
