"""A scripted engine for the chat screen: every question plays a list of events, gates and errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from textual.events import Key
from textual.pilot import Pilot

from bot.conversation import (
    Answer,
    Citation,
    Closest,
    Conversation,
    Mark,
    Place,
    Quote,
    Sentence,
    Session,
    Since,
    Timing,
)  # fmt: skip
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.reading import Reading
from bot.show.page import paragraph_of, paragraphs
from bot.tui.app import Chat
from bot.tui.engine import Article, Opened
from bot.tui.widgets.reader import Headline
from store.errors import CorpusMissing, FootnoteError
from store.passage import Coverage, Document, Filters, Found, Passage
from store.progress import Progress

PATIENCE = 20  # seconds

VOTE = "After a four-hour debate, members voted 7-2 in favour of the plan, with the mayor abstaining."
BUILD = "Construction is due to begin in spring, the transport office said."
TURNOUT = "Turnout at the consultation rose to 61 percent, the highest in a decade."
TRAM = Document(
    "tram1", "news", "tram.md", "Council backs tram line", outlet="Daily Ledger", author="Jo Marsh",
    published="2024-03-14", version=1,
    text=f"---\ntitle: Council backs tram line\n---\n{VOTE}\n\n{BUILD}\n\n" + "\n\n".join(
        f"Paragraph {number} tells at some length what the line will pass, where it will stop, and when it will open."
        for number in range(1, 9)
    ),
)  # fmt: skip
POLL = Document(
    "poll1", "news", "turnout.md", "Turnout climbs to 61%", outlet="Harbour Times", published="2024-03-15",
    text=f"The harbour ward led.\n\n{TURNOUT}\n",
)  # fmt: skip
LETTER = Document("letter1", "news", "letter.txt", "A letter to the editor", text="Nobody asked the shopkeepers.\n")
SHELF = {document.id: document for document in (TRAM, POLL, LETTER)}
COVERAGE = Coverage(2412, 12, "1990-01-02", "2024-03-15", (("Daily Ledger", 1400), ("Harbour Times", 1000)))
QUESTION = "What did the council decide about the eastern tram line?"


def quoted(number: int, document: Document, words: str, also_in: tuple[Document, ...] = ()) -> Citation:
    start = document.text.index(words)
    quote = Quote(document.id, document.version, start, start + len(words), words)
    return Citation(number, quote, replace(document, text=""), also_in)


def passage(document: Document) -> Passage:
    return Passage(1, replace(document, text=""), 0, len(document.text), document.text)


FIRST, SECOND = quoted(1, TRAM, VOTE, (replace(POLL, text=""),)), quoted(2, POLL, TURNOUT)
READING = Reading(Found((passage(TRAM), passage(POLL), passage(LETTER))))
CLOSEST = (
    Closest("a", Quote("tram1", 1, TRAM.text.index(BUILD), TRAM.text.index(BUILD) + len(BUILD), BUILD), TRAM,
            ((TRAM.text.index(BUILD), TRAM.text.index(BUILD) + 12),)),
    Closest("b", Quote("letter1", 1, 0, 29, LETTER.text[:29]), LETTER),
)  # fmt: skip


def answer(question: str = QUESTION, **changes: object) -> Answer:
    """An answer with two quoted sentences, changed where wanted."""
    whole = Answer(
        question, question, "answered",
        (Sentence(VOTE, (1,), "quoted"), Sentence(TURNOUT, (2,), "quoted")),
        (FIRST, SECOND), coverage=COVERAGE, timing=Timing(100, 200, 400),
    )  # fmt: skip
    return replace(whole, **changes)  # type: ignore[arg-type]


def searching(question: str = QUESTION, standalone: str = "") -> Searching:
    return Searching(question, standalone or question, COVERAGE, "2024-03-15")


def stream(whole: Answer) -> list[Event]:
    """The events of an answer that comes without a pause."""
    said = [Delta(f"{whole.text} ", whole.citations)] if whole.sentences else []
    return [searching(whole.question, whole.standalone), Retrieved(READING), *said, Answered(whole)]


Step = Event | asyncio.Event | FootnoteError


@dataclass
class Scripted:
    """Plays `script`, a list of steps a question. A gate (an asyncio.Event) holds what comes after it."""

    script: Sequence[Sequence[Step]] = ()
    opened: Opened = field(default_factory=lambda: Opened(COVERAGE))
    questions: tuple[str, ...] = ("Who voted against the line?", "How many people were asked?", "Who is Jo Marsh?")
    gates: dict[str, asyncio.Event] = field(default_factory=dict)  # "open", "load", "samples", "begin", "article"
    faults: dict[str, FootnoteError] = field(default_factory=dict)  # of the same steps, and "finish"
    corpus: str = "default"
    model: str = "extract"
    saves: bool = True
    conversations: list[Session] = field(default_factory=list)
    kept: list[tuple[str, ...]] = field(default_factory=list)  # queues of questions as they were saved
    drafts: list[str] = field(default_factory=list)  # unsent texts as they were saved
    parts: list[str] = field(default_factory=list)  # texts of answers that were saved before their end
    branched: list[tuple[int | None, int]] = field(default_factory=list)  # session and turn of each branch
    done: list[tuple[object, ...]] = field(default_factory=list)  # what was done with saved conversations
    shelf: dict[str, Document] = field(default_factory=lambda: dict(SHELF))
    files: dict[str, Path] = field(default_factory=dict)  # of articles, by their ids
    asked: list[tuple[str, Conversation]] = field(default_factory=list)
    saved: list[tuple[str, int | None, int]] = field(default_factory=list)  # question, session asked for, turn
    finished: dict[Place, Answer] = field(default_factory=dict)
    limits: list[Filters] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    marked: dict[tuple[Place, int], Mark | None] = field(default_factory=dict)
    pinning: Place | None = None
    pinned: list[Place] = field(default_factory=list)
    told: str = ""  # the text of the log
    closed: int = 0  # answers whose stream was closed before its end
    notice: Callable[[str], None] = lambda words: None

    async def _step(self, name: str) -> None:
        if name in self.gates:
            await self.gates[name].wait()
        if name in self.faults:
            raise self.faults[name]

    async def open(self) -> Opened:
        await self._step("open")
        return self.opened

    async def load(self, notice: Callable[[str], None]) -> None:
        self.notice = notice
        await self._step("load")

    async def samples(self) -> tuple[str, ...]:
        await self._step("samples")
        return self.questions

    async def answer(self, question: str, conversation: Conversation) -> AsyncGenerator[Event]:
        steps = self.script[len(self.asked)] if len(self.asked) < len(self.script) else stream(answer(question))
        self.asked.append((question, conversation))
        whole = False
        try:
            for step in steps:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, FootnoteError):
                    raise step
                else:
                    yield step
            whole = True
        finally:
            self.closed += not whole

    async def again(self, place: Place) -> AsyncGenerator[Event]:
        self.asked.append((str(place), Conversation()))
        for event in stream(replace(answer(), since=Since(str(place), ("nothing has changed since 1 Mar 2024",)))):
            yield event

    async def article(self, quote: Quote) -> Article:
        await self._step("article")
        return Article(self.shelf[quote.document], [(1, "2024-03-14", True)], self.files.get(quote.document))

    async def paragraphs(self, quotes: Sequence[Quote]) -> tuple[int | None, ...]:
        await self._step("paragraphs")
        return tuple(paragraph_of(q, paragraphs(self.shelf[q.document])) for q in quotes)

    async def limit(self, filters: Filters) -> Filters:
        await self._step("limit")
        self.limits.append(filters)
        return filters

    async def switch(self, corpus: str, model: str, notice: Callable[[str], None]) -> Opened:
        await self._step("switch")
        self.corpus, self.model = corpus or self.corpus, model or self.model
        return replace(self.opened, turns=(), host="api.example.com" if model else None)

    async def extent(self) -> tuple[Coverage, Coverage]:
        await self._step("extent")
        left = replace(self.opened.coverage, documents=12) if self.limits and self.limits[-1].hides else None
        return self.opened.coverage, left or self.opened.coverage

    async def begin(self, question: str, session: int | None, before: int | None = None) -> Place | None:
        await self._step("begin")
        if before is not None:
            self.branched.append((session, before))
            session = None
        place = Place(session or 7 + len(self.branched), len(self.saved) + 1)
        self.saved.append((question, session, place.turn))
        return place if self.saves else None

    async def finish(self, place: Place, answer: Answer) -> None:
        await self._step("finish")
        self.finished[place] = answer
        self.parts.append(answer.partial)

    async def withdraw(self, place: Place) -> None:
        self.done.append(("withdraw", place))
        self.saved.pop()

    async def keep(self, session: int, queued: Sequence[str]) -> None:
        await self._step("keep")
        self.kept.append(tuple(queued))

    async def keep_draft(self, text: str) -> None:
        await self._step("draft")
        self.drafts.append(text)

    async def sessions(self, words: str) -> Sequence[Session]:
        await self._step("sessions")
        return [one for one in self.conversations if words.casefold() in f"{one.title} {one.hit}".casefold()]

    async def resume(self, session: int) -> Opened:
        await self._step("resume")
        self.done.append(("resume", session))
        return replace(self.opened, session=session)

    async def leave(self) -> None:
        await self._step("leave")

    async def rename(self, session: int, title: str) -> None:
        await self._step("rename")
        self.conversations = [replace(one, title=title) if one.id == session else one for one in self.conversations]

    async def delete(self, session: int) -> None:
        await self._step("delete")
        self.done.append(("delete", session))
        self.conversations = [one for one in self.conversations if one.id != session]

    async def restore(self) -> None:
        self.done.append(("restore",))

    async def ingest(self, path: str) -> AsyncGenerator[Progress | str]:
        self.done.append(("ingest", path))
        yield Progress("reading", 0, 400)
        await self._step("ingest")
        yield f"{path or 'All roots'}: 400 added."

    async def articles(self) -> Sequence[Document]:
        await self._step("articles")
        return [replace(document, text="") if document.text else document for document in self.shelf.values()]

    async def keep_theme(self, name: str) -> None:
        await self._step("theme")
        self.themes.append(name)

    async def mark(self, place: Place, footnote: int, mark: Mark | None) -> None:
        await self._step("mark")
        self.marked[place, footnote] = mark

    async def export(self, session: int, path: str) -> str:
        await self._step("export")
        return f"Written s{session} to {path}."

    def report(self, trace: str) -> str:
        self.done.append(("report", trace))
        return "its report: log.txt"

    async def log(self) -> tuple[Path, str]:
        await self._step("log")
        return Path("/home/me/footnote/log.txt"), self.told

    async def pin(self, place: Place) -> tuple[str, ...]:
        await self._step("pin")
        self.pinning = place
        return (f"{place} as a case", "  outcome  answered")

    async def keep_pin(self) -> str:
        assert self.pinning is not None
        self.pinned.append(self.pinning)
        return "Pinned in cases.toml."


def no_corpus() -> CorpusMissing:
    said = "There is no corpus at /home/me/footnote/corpora/default."
    return CorpusMissing(said, "Make one with: footnote ingest PATH")


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def chat(engine: Scripted, clock: Clock | None = None, keymap: dict[str, str] | None = None) -> Chat:
    """The app with nothing in it that moves by itself."""
    return Chat(engine, keymap=keymap, clock=clock or Clock(), lively=False)


async def wait_until(pilot: Pilot[FootnoteError], predicate: Callable[[], object], what: str = "") -> None:
    """Lets the app work until `predicate` holds; fails after PATIENCE seconds."""
    end = monotonic() + PATIENCE
    while not predicate():
        assert monotonic() < end, f"{what or 'it'} did not come about; the screen:\n{shown(pilot.app)}"
        await pilot.pause()
    await pilot.pause()


def shown(app: object) -> str:
    """What stands on the screen, line by line, right ends stripped."""
    assert isinstance(app, Chat)
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def lit(app: Chat) -> str:
    """The words on the screen in bold reverse, joined by spaces."""
    pieces = []
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None and segment.style.reverse and segment.style.bold and segment.text.strip():
                pieces.append(segment.text.strip())
    return " ".join(" ".join(pieces).split())


async def ready(pilot: Pilot[FootnoteError]) -> None:
    app = pilot.app
    assert isinstance(app, Chat)
    await wait_until(pilot, lambda: app.chat.state != "loading", "a corpus that is ready")


async def ask(pilot: Pilot[FootnoteError], question: str = QUESTION) -> None:
    """Types a question and enters it."""
    app = pilot.app
    assert isinstance(app, Chat)
    app.chat.prompt.focus()
    app.chat.prompt.text = question
    await pilot.press("enter")


async def answered(pilot: Pilot[FootnoteError], question: str = QUESTION) -> None:
    """Asks, and waits for the end of the answer."""
    app = pilot.app
    assert isinstance(app, Chat)
    await ask(pilot, question)
    screen = app.chat
    await wait_until(pilot, lambda: screen.asking is None and screen.transcript.turns[-1].answer, "an answer")
    assert screen.transcript.turns[-1].question == question


WIDE, NARROW = (120, 36), (80, 24)


@asynccontextmanager
async def running(engine: Scripted, size: tuple[int, int] = WIDE) -> AsyncIterator[tuple[Pilot[FootnoteError], Chat]]:
    app = chat(engine, Clock())
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        yield pilot, app


def held_open(*before: Any) -> list[Any]:
    """An answer that has begun and does not go on."""
    return [searching(), Retrieved(READING), *before, asyncio.Event()]


async def until_streamed(pilot: Pilot[FootnoteError], app: Chat, words: str) -> None:
    await wait_until(pilot, lambda: app.chat.transcript.turns and words in app.chat.transcript.turns[-1].text, words)


def send(app: Chat, text: str) -> None:
    """Sends keys all at once, as a terminal does that pastes without brackets: \r for Enter, \n for ctrl+j."""
    names = {"\r": "enter", "\n": "ctrl+j"}
    for letter in text:
        app.post_message(Key(names.get(letter, letter), letter))


async def click(pilot: Pilot[FootnoteError], app: Chat, words: str) -> None:
    """Clicks in the middle of where some words were drawn."""
    for y, line in enumerate(shown(app).splitlines()):
        if words in line:
            assert await pilot.click(offset=(line.index(words) + len(words) // 2, y))
            return
    raise AssertionError(f"{words!r} is not on the screen:\n{shown(app)}")


def over_article(app: Chat) -> str:
    """The head of the open article, which never scrolls away."""
    return str(app.chat.side.query_one(Headline).content)
