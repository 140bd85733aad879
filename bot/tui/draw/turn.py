"""Content of a turn in the transcript: the question, its answer by outcome, the figures under it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from bot.conversation import REFUSALS, Answer, Failure, Sentence, shown
from bot.show.clean import clean, one_line
from bot.show.page import days, differing
from bot.tui.draw.base import BOLD, CAUTION, CITE, DIM, FAULT, OPEN, Part, counted, opens, origin
from bot.tui.draw.shown import ShownTurn
from bot.tui.draw.sources import lines

_FOOTNOTE = re.compile(r"\[(\d{1,3})\]")
_ENDINGS = {"unsure": "unsure", "not_in_corpus": "not in the corpus", "outside_coverage": "outside the corpus"}


@dataclass(frozen=True, slots=True)
class View:
    """How turns are seen: in how many columns, whether without a pane for the sources, and which footnote is open."""

    room: int = 80
    narrow: bool = False
    opened: str = ""


def turn_content(turn: ShownTurn, view: View) -> Content:
    """A question with its answer; without a pane also its sources."""
    parts: list[Part] = [("❯ ", DIM), (clean(turn.question).strip(), BOLD), "\n"]
    answer = turn.answer
    standalone = answer.standalone if answer is not None else turn.standalone
    if _plain(standalone) not in ("", _plain(turn.question)):
        parts.append((f"{one_line(f'looked up as: {standalone}', view.room)}\n", DIM))
    if answer is not None:
        since = answer.since.lines if answer.since else ()
        told = [(f"{one_line(line)}\n", DIM) for line in since]
        return Content.assemble(*parts, "\n", *_answer(turn, answer, view), *told).rstrip()
    if turn.text:
        parts += ["\n", _numbered(clean(turn.text, lines=False), view), "\n"]
    parts += [(f"  {one_line(notice)}\n", DIM) for notice in turn.notices]
    if turn.lost:
        parts.append(("  No answer is saved: it never came, or quoted an article since forgotten.\n", DIM))
    return Content.assemble(*parts).rstrip()


def _plain(question: str) -> str:
    """A question without what makes no other question of it: case, spaces, the sign at its end."""
    return " ".join(question.casefold().split()).rstrip(" ?.!？。！")


def _answer(turn: ShownTurn, answer: Answer, view: View) -> Iterator[Part]:
    """An answer by its outcome, then its notices, figures and sources."""
    if answer.outcome == "error":
        yield from _error(turn, answer, view)
        return
    if answer.refused:
        yield from _refusal(turn, answer, view)
        return
    if answer.outcome == "conflicting":
        yield from _versions(answer, view)
    elif answer.drawn:
        from bot.tui.draw.course import course  # not needed for the first frame

        yield from course(answer, view.room, view.opened)
    elif answer.text:
        yield from (_sentences(answer, view), "\n")
    yield "\n" if answer.text else ""
    for line in (
        *(_here(one_line(notice)) for notice in answer.notices),
        *filter(None, [differing(answer)]),
        *_figures(answer),
    ):
        yield (f"{line}\n", DIM)
    if view.narrow:
        yield from lines(turn, view.room, view.opened)


def _here(words: str) -> str:
    """Words that name an option of the command line, with the command of the chat in its place."""
    return words.replace("--undated", "/undated").replace("with -m.", "with /model.")


def _error(turn: ShownTurn, answer: Answer, view: View) -> Iterator[Part]:
    """The answer so far, why no more came, the next step, and without a pane what was found."""
    failure = answer.failure or Failure("Something went wrong.")
    if answer.partial:
        yield from (_sentences(answer, view), "\n\n")
    yield (f"✗ {one_line(failure.message)}\n", FAULT)
    if failure.next:
        yield f"  {_here(one_line(failure.next))}\n"
    if view.narrow and turn.entries:
        yield ("  Found before it failed:\n", DIM)
        yield from lines(turn, view.room, view.opened)


def _sentences(answer: Answer, view: View) -> Content:
    """The sentences of an answer with their numbers, or the text so far of one that was stopped."""
    if not answer.sentences:
        return _numbered(clean(answer.text, lines=False).strip(), view)
    return Content(" ").join(_sentence(sentence, view) for sentence in answer.sentences)


def _sentence(sentence: Sentence, view: View) -> Content:
    """A sentence with its numbers, the words that answer in bold."""
    content = _numbered(clean(shown(sentence), lines=False), view)
    if sentence.why:
        content = content.stylize(CAUTION, -len(f"({sentence.why})"))
    return content.stylize(BOLD, *sentence.answer) if sentence.answer else content


def _numbered(text: str, view: View) -> Content:
    """Text in which a click on [2] opens footnote 2."""
    pieces = enumerate(_FOOTNOTE.split(text))  # every second one is a number
    return Content.assemble(
        *(opens(one, f"[{one}]", OPEN if one == view.opened else CITE) if at % 2 else one for at, one in pieces)
    )


def _refusal(turn: ShownTurn, answer: Answer, view: View) -> Iterator[Part]:
    """A refusal's words and a line for each of the closest passages; their words too, if they may yet answer.

    With a pane their words stand there.
    """
    if answer.sentences:  # a model's sentences that no article supports
        yield from (_sentences(answer, view), "\n\n")
    words = _here(clean(answer.words, lines=False).strip())
    unsure = answer.outcome == "unsure"
    yield f"· {words}{'' if unsure or not answer.closest else ' Closest, not used:'}\n"
    yield from lines(turn, view.room, view.opened, told=unsure and view.narrow)
    for line in _figures(answer):
        yield (f"{line}\n", DIM)


def _versions(answer: Answer, view: View) -> Iterator[Part]:
    """The sentences of sources that disagree, each with its outlet and day, newest first, undated last."""
    documents = {citation.number: citation.document for citation in answer.citations}
    rows = [([documents[number] for number in row.citations if number in documents], row) for row in answer.sentences]
    rows.sort(key=lambda row: max((document.published or "" for document in row[0]), default=""), reverse=True)
    for sources, sentence in rows:
        if sources:
            yield (f"{origin(sources[0])}: ", DIM)
        yield from (_sentence(sentence, view), "\n")


def _figures(answer: Answer) -> list[str]:
    """The lines under an answer: how it ended, its footnotes, its supported sentences, its time."""
    total = answer.timing.total
    seconds = f"{total / 1e3:.1f} s" if total >= 95 else f"{total:.0f} ms"
    if answer.outcome == "stopped":
        return [
            f"stopped; {'what stands here was not checked to its end' if answer.partial else 'nothing had come yet'}"
        ]
    if answer.outcome in REFUSALS:
        return [" · ".join((_ENDINGS[answer.outcome], seconds, *_spent(answer)))]
    claims = [sentence.verdict for sentence in answer.sentences if sentence.verdict != "none"]
    supported = [verdict for verdict in claims if verdict != "unsupported"]
    figures = [
        counted(len(answer.citations), "footnote"),
        f"{len(supported)}/{len(claims)} {'supported' if 'supported' in supported else 'quoted'}",
        days(citation.document.published for citation in answer.citations), seconds, *_spent(answer),
    ]  # fmt: skip
    cut = ["The model stopped early."] if answer.outcome == "cut" else []
    return [*cut, " · ".join(filter(None, figures))]


def _spent(answer: Answer) -> Iterator[str]:
    """The tokens of a model that read and wrote, and what they cost where its price is known."""
    if any(answer.usage):
        yield "{:,} + {:,} tokens".format(*answer.usage)
    if answer.dollars is not None:
        yield f"${answer.dollars:,.4f}" if answer.dollars < 1 else f"${answer.dollars:,.2f}"
