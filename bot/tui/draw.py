"""Content of a turn, its sources, an article, an empty transcript. All text is cleaned here, markup is never read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from bot.conversation import REFUSALS, Answer, Citation, Closest, Failure, Outcome, Quote, Sentence, shown
from bot.show.clean import clean, one_line
from bot.show.page import also_in, day, days, facts, pages, paragraphs, said_by, within
from bot.tui.engine import Article
from store.passage import Coverage, Document

WIDE = 110  # columns from which the sources stand beside the transcript, and the header has room for long words
BOLD, DIM = Style(bold=True), Style(dim=True)
MARK = Style(bold=True, reverse=True)  # visible without colours too
ANSWER = Style(bold=True, reverse=True, underline=True)  # the answering words in a quote
OPENS = "opens"  # the key in a style's meta under which a click finds a footnote's name or a sample question
_FOOTNOTE = re.compile(r"\[(\d{1,3})\]")

Part = str | Content | tuple[str, Style]
Listing = tuple[Content, Content]  # a source in the pane: a line with its title, and the indented lines under it


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn in the transcript; `text` and `citations` hold the streamed part of an answer in progress."""

    question: str
    answer: Answer | None = None
    text: str = ""
    standalone: str = ""
    citations: tuple[Citation, ...] = ()
    lost: bool = False  # whether it is a saved turn without an answer
    notices: tuple[str, ...] = ()

    def ended(self, outcome: Outcome, model: str, failure: Failure | None = None) -> Answer:
        """The answer as far as it has come, without verdicts: it was stopped, or an error ended it."""
        return Answer(
            self.question, self.standalone or self.question, outcome,
            partial=self.text.strip(), citations=self.citations, failure=failure, model=model,
        )  # fmt: skip

    @property
    def entries(self) -> tuple[Citation, ...] | tuple[Closest, ...]:
        """Its footnotes, or the closest passages of a refusal."""
        if self.answer is None:
            return self.citations
        return self.answer.citations or self.answer.closest

    @property
    def quotes(self) -> dict[str, Quote]:
        """The quotes that can be opened, by number or letter."""
        return {_name(entry): entry.quote for entry in self.entries}


def _name(entry: Citation | Closest) -> str:
    return str(entry.number) if isinstance(entry, Citation) else entry.letter


def opens(name: str, style: Style | None = None) -> Style:
    """A style whose text opens the footnote or asks the question `name` when it is clicked."""
    return Style.from_meta({OPENS: name}) + (style or Style())


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 turn", "2,412 articles"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def turn_content(turn: ShownTurn, *, narrow: bool) -> Content:
    """A question with its answer; with `narrow` also its sources, for which there is no pane."""
    parts: list[Part] = [("❯ ", DIM), (clean(turn.question).strip(), BOLD), "\n"]
    answer = turn.answer
    standalone = answer.standalone if answer is not None else turn.standalone
    if standalone and standalone != turn.question:
        parts.append((f"  looked up as: {one_line(standalone)}\n", DIM))
    if answer is not None:
        return Content.assemble(*parts, "\n", *_answer(answer, narrow=narrow)).rstrip()
    if turn.text:
        parts += ["\n", _numbered(clean(turn.text, lines=False)), "\n"]
    parts += [(f"  {one_line(notice)}\n", DIM) for notice in turn.notices]
    if turn.lost:
        parts.append(("  No answer is saved: it never came, or quoted an article since forgotten.\n", DIM))
    return Content.assemble(*parts).rstrip()


def _answer(answer: Answer, *, narrow: bool) -> Iterator[Part]:
    """An answer by its outcome, then its notices and figures."""
    if answer.outcome == "error":
        yield from _error(answer)
        return
    if answer.refused:
        yield from _refusal(answer)
    elif answer.outcome == "conflicting":
        yield from _versions(answer)
    else:
        yield from (_sentences(answer), "\n")
    yield "\n"
    notices = () if answer.refused else answer.notices  # the words of a refusal hold its notices
    for line in (*map(one_line, notices), *_figures(answer)):
        yield (f"{line}\n", DIM)
    if narrow:
        for citation in answer.citations:
            yield from _source(str(citation.number), citation.document, pages([citation]) + said_by([citation]))


def _error(answer: Answer) -> Iterator[Part]:
    """The answer so far, why no more came, and the next step."""
    failure = answer.failure or Failure("Something went wrong.")
    if answer.partial:
        yield from (_sentences(answer), "\n\n")
    yield (f"✗ {one_line(failure.message)}\n", BOLD)
    if failure.next:
        yield f"  {one_line(failure.next)}\n"
    yield ("  r asks again\n", DIM)


def _sentences(answer: Answer) -> Content:
    """The sentences of an answer with their numbers, or the text so far of one that was stopped."""
    if not answer.sentences:
        return _numbered(clean(answer.text, lines=False).strip())
    return Content(" ").join(_sentence(sentence) for sentence in answer.sentences)


def _sentence(sentence: Sentence) -> Content:
    """A sentence with its numbers, the words that answer in bold."""
    content = _numbered(clean(shown(sentence), lines=False))
    return content.stylize(BOLD, *sentence.answer) if sentence.answer else content


def _numbered(text: str) -> Content:
    """Text in which a click on [2] opens footnote 2."""
    pieces = enumerate(_FOOTNOTE.split(text))  # every second one is a number
    return Content.assemble(*((f"[{piece}]", opens(piece, BOLD)) if at % 2 else piece for at, piece in pieces))


def _refusal(answer: Answer) -> Iterator[Part]:
    """A refusal's words and the closest passages: in full if they may yet answer, else a line each."""
    if answer.sentences:  # a model's sentences that no article supports
        yield from (_sentences(answer), "\n\n")
    words = clean(answer.words, lines=False).strip()
    unsure = answer.outcome == "unsure"
    yield f"· {words}{'' if unsure or not answer.closest else ' Closest, not used:'}\n"
    for closest in answer.closest:
        if unsure:
            yield "\n"
        yield from _source(closest.letter, closest.document, pages([closest]))
        if unsure:
            yield from (_marked(closest.quote.text, closest.quote.start, closest.marks), "\n")


def _versions(answer: Answer) -> Iterator[Part]:
    """The sentences of sources that disagree, each with its outlet and day, newest first, undated last."""
    documents = {citation.number: citation.document for citation in answer.citations}
    rows = [([documents[number] for number in row.citations if number in documents], row) for row in answer.sentences]
    rows.sort(key=lambda row: max((document.published or "" for document in row[0]), default=""), reverse=True)
    for sources, sentence in rows:
        if sources:
            yield (f"{_origin(sources[0])}: ", DIM)
        yield from (_sentence(sentence), "\n")


def _source(name: str, document: Document, said: str = "") -> Iterator[Part]:
    """A source on one line: its number or letter, title, outlet, day, and `said` of its quote."""
    origin = f" · {_origin(document)}{said}\n"
    yield from ((f"  {name}", opens(name, BOLD)), f"  {one_line(document.title)}", (origin, DIM))


def _origin(document: Document) -> str:
    return f"{one_line(document.outlet or 'no outlet')} · {day(document.published)}"


def _figures(answer: Answer) -> list[str]:
    """The lines under an answer: how it ended, its footnotes, its supported sentences, its time."""
    total = answer.timing.total
    seconds = f"{total / 1e3:.1f} s" if total >= 95 else f"{total:.0f} ms"
    if answer.outcome == "stopped":
        return ["stopped; what stands here was not checked to its end · r asks again"]
    if answer.outcome in REFUSALS:
        words = {"unsure": "unsure", "not_in_corpus": "not in the corpus", "outside_coverage": "outside the corpus"}
        return [f"{words[answer.outcome]} · {seconds}"]
    claims = [sentence.verdict for sentence in answer.sentences if sentence.verdict != "none"]
    supported = [verdict for verdict in claims if verdict != "unsupported"]
    figures = [
        counted(len(answer.citations), "footnote"),
        f"{len(supported)}/{len(claims)} {'supported' if 'supported' in supported else 'quoted'}",
        days(citation.document.published for citation in answer.citations), seconds,
    ]  # fmt: skip
    cut = ["The model stopped early. · r asks again"] if answer.outcome == "cut" else []
    return [*cut, " · ".join(filter(None, figures))]


def listings(turn: ShownTurn, opened: str) -> list[Listing]:
    """The sources of a turn, the one called `opened` marked; with their quotes while none is open."""
    drawn = []
    for entry in turn.entries:
        name, title = _name(entry), one_line(entry.document.title)
        mark, style = ("▸", BOLD) if name == opened else (" ", Style())
        others = also_in([entry]) if isinstance(entry, Citation) else ""
        quote = "" if opened else f"\n“{one_line(entry.quote.text)}”"
        said = "" if opened else speaker(turn, name)
        below = Content.assemble((f"{_origin(entry.document)}{pages([entry])}{others}", DIM), quote, (said, DIM))
        drawn.append((Content.assemble((mark, BOLD), (name, opens(name, BOLD)), " ", (title, style)), below))
    return drawn


def speaker(turn: ShownTurn, name: str) -> str:
    """Who says the footnote called `name`, as it is written behind it."""
    return said_by([entry for entry in turn.entries if isinstance(entry, Citation) and _name(entry) == name])


def found_listings(documents: Sequence[Document]) -> list[Listing]:
    """The articles that were just found, before any of them is cited."""
    unique = {document.id: document for document in documents}.values()
    return [(Content(f" · {one_line(d.title)}"), Content.assemble((_origin(d), DIM))) for d in unique]


def article_head(article: Article) -> Content:
    """An article's title, and the two lines of facts under it."""
    document = article.document
    origin = f"{_origin(document)} · {one_line(document.source)}"
    below = " · ".join(facts(document, article.versions))
    return Content.assemble((one_line(document.title), BOLD), f"\n{origin}\n", (below, DIM))


def article_body(article: Article, quote: Quote) -> list[tuple[Content, int | None]]:
    """An article's paragraphs with a quote marked, its answering words underlined.

    Each comes with the offset where its mark begins, or None.
    """
    drawn: list[tuple[Content, int | None]] = []
    for start, end in paragraphs(article.document):
        mark = within((quote.start, quote.end), (start, end))
        marks = (mark,) if mark[0] < mark[1] else ()
        content = _marked(article.document.text[start:end], start, marks)
        if quote.answer and start <= quote.answer[0] and quote.answer[1] <= end:
            content = content.stylize(ANSWER, quote.answer[0] - start, quote.answer[1] - start)
        drawn.append((content, mark[0] - start if marks else None))
    return drawn


def _marked(text: str, start: int, marks: Sequence[tuple[int, int]]) -> Content:
    """Text that begins at `start` in its article, with spans of the article marked."""
    flat = clean(text, lines=False)  # keeps the number of characters, so that offsets still hold
    content = Content(flat, strip_control_codes=False)
    for low, high in marks:
        content = content.stylize(MARK, max(0, low - start), min(len(flat), high - start))
    return content


def described(coverage: Coverage) -> str:
    """A corpus in the header: "2,412 articles · 1990–2024"."""
    count = counted(coverage.documents, "article")
    if coverage.first is None or coverage.last is None:
        return f"{count} · undated" if coverage.documents else count
    first, last = coverage.first[:4], coverage.last[:4]
    return f"{count} · {first if first == last else f'{first}–{last}'}"


def welcome(coverage: Coverage, samples: Sequence[str], chosen: int) -> Content:
    """The corpus, its outlets and the sample questions, the chosen one marked."""
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
    for index, sample in enumerate(samples):
        mark, style = ("▸", BOLD) if index == chosen else (" ", None)
        parts += [f" {mark} ", (one_line(sample), opens(sample, style)), "\n"]
    parts.append((f"\nEnter asks{' the one marked · ↑↓ choose' if samples else ''} · F1 keys", DIM))
    return Content.assemble(*parts)


def absent(message: str, step: str) -> Content:
    """The text in place of a missing corpus, with the next step."""
    return Content.assemble(
        ("No corpus yet.\n", BOLD), f"{one_line(message)}\n\n{one_line(step)}\n", ("in a shell; then: footnote", DIM)
    )


def key_line(hints: Sequence[tuple[str, str]]) -> Content:
    """Keys with their actions, on one line."""
    parts: list[Part] = [" "]
    for key, does in hints:
        parts += [(key, BOLD), (f" {does}  ", DIM)]
    return Content.assemble(*parts)
