"""The chat: workers listen to the engine and post messages, and the handlers here change what is seen."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, TextArea
from textual.worker import Worker

from bot.conversation import Answer, Citation, Conversation, Place, Quote, leant_on
from bot.errors import BotError
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.show.clean import one_line
from bot.tui import draw, keys
from bot.tui.draw import Shown
from bot.tui.engine import Engine, NoCorpus, failed, stopped
from bot.tui.messages import (
    Asked,
    Chosen,
    CorpusAbsent,
    CorpusOpened,
    CorpusReady,
    Fetched,
    Grew,
    Heard,
    Moved,
    Sampled,
    Scrolled,
    Told,
    Unusable,
)
from bot.tui.screens import HelpScreen, PinScreen
from bot.tui.widgets.head import Head, KeyLine, Status
from bot.tui.widgets.prompt import Prompt
from bot.tui.widgets.side import Side
from bot.tui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from store.passage import Coverage

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
TICK = 0.1  # seconds between two frames of the spinner
WIDE = 110  # columns from which the sources stand beside the transcript
TALLEST = 6  # lines of the prompt
WAITS = "waits for the corpus"


@dataclass(slots=True)
class Asking:
    """The question that is being answered, or that waits for the corpus to load."""

    key: int  # of its turn
    question: str
    conversation: Conversation
    session: int | None
    began: float
    doing: str = WAITS
    standalone: str = ""
    text: str = ""
    citations: tuple[Citation, ...] = ()
    saving: asyncio.Task[Place | None] | None = None
    worker: Worker[None] | None = None

    @property
    def came(self) -> tuple[str, str, str, tuple[Citation, ...]]:
        """What there is of a turn whose answer has not come to its end."""
        return self.question, self.standalone or self.question, self.text.strip(), self.citations


class Chat(App[BotError]):
    """The chat over one corpus. Ends with the error that made it unusable, or None."""

    CSS_PATH = Path(__file__).with_name("chat.tcss")
    TITLE = "Footnote"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 (the base declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("app")]

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = monotonic, lively: bool = True) -> None:
        """With `lively` off neither spinner nor cursor moves by itself: for tests."""
        super().__init__()
        self.engine = engine
        self.clock = clock
        self.lively = lively
        self.ready = False  # questions can be asked
        self.closed = False  # there is no corpus to ask
        self.coverage: Coverage | None = None  # None until the corpus is open
        self.samples: tuple[str, ...] = ()
        self.sample = 0  # the one that Enter asks
        self.asking: Asking | None = None
        self.session: int | None = None  # where turns are saved, None for a new conversation
        self.came_from: str = "prompt"  # what had the focus before an article was opened
        self.frame = 0
        self.terminated = False  # SIGTERM came

    # -- what is seen ----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield Head(self.engine.model)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield Transcript()
                yield Status()
            yield Side()
        yield Static("", id="why", markup=False)
        with Horizontal(id="asking"):
            yield Static("❯", id="sign", markup=False)
            yield Prompt()
        yield KeyLine()

    @property
    def head(self) -> Head:
        return self.screen_stack[0].query_one(Head)

    @property
    def transcript(self) -> Transcript:
        return self.screen_stack[0].query_one(Transcript)

    @property
    def side(self) -> Side:
        return self.screen_stack[0].query_one(Side)

    @property
    def prompt(self) -> Prompt:
        return self.screen_stack[0].query_one(Prompt)

    @property
    def reading(self) -> bool:
        """Whether an article is open."""
        return self.screen_stack[0].has_class("-reading")

    def on_mount(self) -> None:
        self.prompt.cursor_blink = self.lively
        self.prompt.focus()
        if self.lively:
            self.set_interval(TICK, self.tick)
        if threading.current_thread() is threading.main_thread():  # nobody else may hear signals
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.terminate)
        self.call_after_refresh(self.begin)

    def terminate(self) -> None:
        """Leaves in good order: an exception out of a signal may come where nobody passes it on."""
        self.terminated = True
        self.exit()

    def tick(self) -> None:
        self.frame += 1
        if self.asking is not None:
            self.tell_status()

    def tell_status(self) -> None:
        """Draws the line under the transcript, the keys and the state anew."""
        screen, asking = self.screen_stack[0], self.asking
        below = "" if self.transcript.following else "↓ more below (End)"
        words = ""
        if asking is not None:
            spinner = SPINNER[self.frame % len(SPINNER)]
            words = f"{spinner} {asking.doing} · {self.clock() - asking.began:.1f} s"
        screen.query_one(Status).tell(words, " · ".join(filter(None, (below, "esc stop" if asking else ""))))
        focus = screen.focused
        where = focus.id if focus is not None and focus.id in keys.WHERE else "prompt"
        screen.query_one(KeyLine).tell(keys.line(where or "prompt", asking=asking is not None, reading=self.reading))
        state = "no corpus" if self.closed else "loading" if not self.ready else "answering" if asking else "ready"
        self.head.tell(state=state)

    def tell_turns(self) -> None:
        """Draws what hangs on the number of turns: the title, and the welcome where there is none."""
        turns = self.transcript.turns
        self.head.tell(title=turns[0].question if turns else "", turns=len(turns))
        if not turns and self.coverage is not None:
            self.transcript.welcome(draw.welcome(self.coverage, self.samples, self.sample))

    def tell_sources(self, name: str = "") -> None:
        """Lists the sources of the chosen turn; `name` is the one that is open."""
        key = self.transcript.chosen
        if 0 <= key < len(self.transcript.turns):
            self.side.list_turn(key, self.transcript.turns[key], name)
        else:
            self.side.list_turn(0, None, "")

    def on_resize(self, event: events.Resize) -> None:
        self.transcript.fit(event.size.width < WIDE)

    def _fatal_error(self) -> None:
        """Ends the chat with a sentence where the screen itself fails; Textual would print a page of its insides."""
        if os.environ.get("FOOTNOTE_DEBUG"):
            super()._fatal_error()
            return
        failed = self._exception
        said = f"Something unexpected went wrong on the screen ({type(failed).__name__}: {failed})."
        following = "This is a fault of Footnote; FOOTNOTE_DEBUG=1 shows where. Go on with: footnote chat -c"
        self._return_value = BotError(one_line(said), following)
        self._close_messages_no_wait()

    # -- loading ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """What the first frame does not wait for."""
        self.run_worker(self._open(), name="open")

    async def _open(self) -> None:
        """Reads what is saved, then loads what answers, then looks for sample questions."""
        try:
            self.post_message(CorpusOpened(await self.engine.open()))
            await self.engine.load(self.tell)
        except NoCorpus as error:
            self.post_message(CorpusAbsent(error))
            return
        except BotError as error:
            self.post_message(Unusable(error))
            return
        self.post_message(CorpusReady())
        try:
            self.post_message(Sampled(await self.engine.samples()))
        except BotError as error:
            self.tell(error.message)

    def tell(self, sentence: str) -> None:
        """Takes a sentence for the user, from any thread."""
        self.post_message(Told(sentence))

    @on(CorpusOpened)
    def corpus_opened(self, message: CorpusOpened) -> None:
        opened = message.opened
        self.coverage, self.session = opened.coverage, opened.session
        limits = draw.limits(opened.filters)
        self.head.tell(corpus=draw.described(opened.coverage) + (f" · {limits}" if limits else ""), host=opened.host)
        if opened.turns:
            asked = self.asking  # typed and entered while this was read
            self.asking = None
            self.transcript.fill([draw.resumed(question, answer) for question, answer in opened.turns])
            if asked is not None:
                self.ask(asked.question)
        self.tell_sources()
        self.tell_turns()

    @on(CorpusReady)
    def corpus_ready(self) -> None:
        self.ready = True
        self.tell_status()
        if self.asking is not None:
            self.start(self.asking)

    @on(Sampled)
    def sampled(self, message: Sampled) -> None:
        self.samples, self.sample = message.questions, 0
        self.tell_turns()

    @on(CorpusAbsent)
    def corpus_absent(self, message: CorpusAbsent) -> None:
        self.closed = True
        if self.asking is not None:  # nothing will answer it: back to where it was typed
            self.prompt.text, self.asking = self.asking.question, None
            self.transcript.fill([])
        self.transcript.welcome(draw.absent(message.error.message, message.error.next))
        self.prompt.disabled = True
        why = self.screen_stack[0].query_one("#why", Static)
        why.update("Nothing can be asked: there is no corpus yet. ctrl+q quits.")
        self.screen_stack[0].add_class("-closed")
        self.transcript.focus()
        self.tell_status()

    @on(Unusable)
    def unusable(self, message: Unusable) -> None:
        self.exit(message.error)

    @on(Told)
    def told(self, message: Told) -> None:
        """A sentence from below stands under the question that it concerns, else it is shown for a while."""
        if self.asking is None or message.fault:
            self.notify(one_line(message.sentence), markup=False)
        else:
            notices = (*self.transcript.turns[self.asking.key].notices, message.sentence)
            self.transcript.change(self.asking.key, notices=notices)

    # -- asking ----------------------------------------------------------------------------------

    @on(Asked)
    def asked(self, message: Asked) -> None:
        question = message.question
        if self.asking is not None:
            if question:
                self.notify("One question at a time: Esc stops this answer.", markup=False)
            return
        if not question and not self.transcript.turns and self.samples:
            question = self.samples[self.sample]
        if not question:
            return
        if message.typed:
            self.prompt.text = ""
        self.ask(question)

    @on(Moved)
    def moved(self, message: Moved) -> None:
        if self.samples and not self.transcript.turns:
            self.sample = (self.sample + message.by) % len(self.samples)
            self.tell_turns()

    def ask(self, question: str) -> None:
        """Adds a turn and asks, at once or when the corpus is ready."""
        earlier = leant_on((shown.question, shown.answer) for shown in self.transcript.turns)
        self.close_article()
        self.transcript.add(Shown(question))
        key = len(self.transcript.turns) - 1
        self.asking = Asking(key, question, earlier, self.session, self.clock())
        self.tell_turns()
        self.tell_sources()
        self.tell_status()
        if self.ready:
            self.start(self.asking)

    def start(self, asking: Asking) -> None:
        asking.doing, asking.began = "searching", self.clock()
        asking.worker = self.run_worker(self._answer(asking), name="answer")
        self.tell_status()

    async def _answer(self, asking: Asking) -> None:
        """Saves the question, listens to the answer, saves it; an error is an answer too."""
        asking.saving = asyncio.create_task(self._saved(asking))
        await asyncio.shield(asking.saving)  # a question that was asked is saved, also when it is stopped at once
        try:
            heard = cast(AsyncGenerator[Event], self.engine.answer(asking.question, asking.conversation))
            async with aclosing(heard):
                async for event in heard:
                    if isinstance(event, Delta):
                        asking.text += event.text
                        asking.citations += event.citations
                        self.post_message(Grew(asking.key))
                    elif isinstance(event, Answered):
                        await self._finish(asking, event.answer)
                    else:
                        self.post_message(Heard(asking.key, event))
        except BotError as error:
            await self._finish(asking, failed(*asking.came, self.engine.model, error))

    async def _saved(self, asking: Asking) -> Place | None:
        """The place of a question that has just been saved; None where it could not be."""
        try:
            return await self.engine.begin(asking.question, asking.session)
        except BotError as error:
            self.post_message(Told(f"The question was not saved: {error.message}", fault=True))
            return None

    async def _finish(self, asking: Asking, answer: Answer) -> None:
        """Saves an answer, then shows it."""
        place = await asking.saving if asking.saving is not None else None
        await self._keep(place, answer)
        self.post_message(Heard(asking.key, Answered(answer), place))

    async def _keep(self, place: Place | None, answer: Answer) -> None:
        """Saves an answer whose question was saved."""
        if place is not None:
            try:
                await self.engine.finish(place, answer)
            except BotError as error:
                self.post_message(Told(f"The answer was not saved: {error.message}", fault=True))

    @on(Grew)
    def grew(self, message: Grew) -> None:
        asking = self.asking
        if asking is not None and asking.key == message.key:
            asking.doing = "answering"
            self.transcript.change(asking.key, text=asking.text, citations=asking.citations)
            if asking.citations and self.transcript.chosen == asking.key and not self.reading:
                self.tell_sources()
            self.tell_status()

    @on(Heard)
    def heard(self, message: Heard) -> None:
        asking, event = self.asking, message.event
        if asking is None or asking.key != message.key:  # it was stopped meanwhile
            return
        if isinstance(event, Searching):
            asking.standalone = event.standalone
            self.transcript.change(asking.key, standalone=event.standalone)
        elif isinstance(event, Retrieved):
            count = len(event.reading.found.passages)
            asking.doing = f"reading {count} passage{'' if count == 1 else 's'}"
            if self.transcript.chosen == asking.key and not self.reading:
                self.side.list_found([passage.document for passage in event.reading.found.passages])
        elif isinstance(event, Answered):
            self.answered(asking, event.answer, message.place)
        self.tell_status()

    def answered(self, asking: Asking, answer: Answer, place: Place | None) -> None:
        """Freezes a turn that is over."""
        self.asking = None
        if place is not None and self.session is None:
            self.session = place.session
        self.transcript.change(asking.key, answer=answer, text="", citations=(), notices=())
        if answer.outcome == "error" and not self.prompt.text:
            self.prompt.text = asking.question
            self.prompt.move_cursor(self.prompt.document.end)
        if self.transcript.chosen == asking.key and not self.reading:
            self.tell_sources()

    async def stop(self) -> None:
        """Ends the answer that is coming: what has come stays, and is saved as stopped."""
        asking = self.asking
        if asking is None:
            return
        if asking.worker is None:  # it still waits for the corpus
            self.asking = None
            self.transcript.fill(self.transcript.turns[:-1])
            self.prompt.text = self.prompt.text or asking.question
            self.tell_turns()
        else:
            asking.worker.cancel()
            answer = stopped(*asking.came, self.engine.model)
            place = await asking.saving if asking.saving is not None else None
            self.answered(asking, answer, place)
            await self._keep(place, answer)
        self.tell_status()

    # -- reading ---------------------------------------------------------------------------------

    @on(Chosen)
    def chosen(self, message: Chosen) -> None:
        """Another turn is chosen, or one of its quotes is to be opened."""
        if message.key is not None:
            self.transcript.choose(message.key)
        key = self.transcript.chosen
        if message.name:
            quotes = draw.named(self.transcript.turns[key]) if key >= 0 else {}
            if message.name in quotes:
                self.open_quote(quotes[message.name], message.name)
            elif quotes:
                self.notify(f"This answer has no footnote {message.name}; it has {', '.join(quotes)}.", markup=False)
        elif not self.reading:
            self.tell_sources()
        self.tell_status()

    def open_quote(self, quote: Quote, name: str) -> None:
        self.run_worker(self._fetch(quote, name), name="fetch", group="fetch", exclusive=True)

    async def _fetch(self, quote: Quote, name: str) -> None:
        try:
            article = await self.engine.article(quote)
        except BotError as error:
            self.post_message(Told(f"{error.message} {error.next}", fault=True))
            return
        self.post_message(Fetched(article, (quote.start, quote.end), name))

    @on(Fetched)
    async def fetched(self, message: Fetched) -> None:
        focus = self.screen_stack[0].focused
        if not self.reading:
            self.came_from = focus.id if focus is not None and focus.id in keys.WHERE else "prompt"
        self.screen_stack[0].add_class("-reading")
        self.tell_sources(message.name)
        await self.side.reader.show(message.article, message.span, message.name)
        self.side.reader.focus()
        self.tell_status()

    def close_article(self) -> None:
        """Gives the place of an article back to what was there before, and the focus, where the article has it."""
        if self.reading:
            if self.side.reader.has_focus:
                self.screen_stack[0].query_one(f"#{self.came_from}").focus()
            self.screen_stack[0].remove_class("-reading")
            self.tell_sources()

    # -- keys ------------------------------------------------------------------------------------

    async def action_back(self) -> None:
        """Stops the answer, else closes the article, else goes to the prompt."""
        if self.asking is not None:
            await self.stop()
        elif self.reading:
            self.close_article()
        else:
            self.prompt.focus()
        self.tell_status()

    async def action_new(self) -> None:
        """A new conversation; the one before stays saved."""
        await self.stop()
        self.close_article()
        self.session = None
        self.transcript.fill([])
        self.tell_turns()
        self.tell_sources()
        self.prompt.focus()

    def action_again(self) -> None:
        """Asks the chosen question once more."""
        key = self.transcript.chosen
        if key >= 0:
            self.post_message(Asked(self.transcript.turns[key].question, typed=False))

    def action_pin(self) -> None:
        """Shows what the chosen turn would assert as an eval case, and makes it one where that is wanted."""
        key = self.transcript.chosen
        if key < 0 or self.session is None or self.asking is not None:
            self.notify("Only a saved turn can be pinned.", markup=False)
            return
        self.run_worker(self._pin(Place(self.session, key + 1)), name="pin", group="pin", exclusive=True)

    async def _pin(self, place: Place) -> None:
        try:
            if await self.push_screen_wait(PinScreen(await self.engine.pin(place))):
                self.post_message(Told(await self.engine.keep_pin(), fault=True))
        except BotError as error:
            self.post_message(Told(f"{error.message} {error.next}", fault=True))

    def action_step(self, by: int) -> None:
        """The next footnote of the answer that is read, or the one before."""
        key = self.transcript.chosen
        names = list(draw.named(self.transcript.turns[key])) if key >= 0 else []
        now = self.side.reader.name_shown
        if now in names and 0 <= (at := names.index(now) + by) < len(names):
            self.post_message(Chosen(names[at]))

    def action_page(self, by: int) -> None:
        self.transcript.page(by)

    def action_help(self) -> None:
        self.push_screen(HelpScreen())

    def action_copy_or_tell(self) -> None:
        focused = self.screen.focused
        text = focused.selected_text if isinstance(focused, TextArea) else ""
        text = text or self.screen.get_selected_text() or ""
        if text:
            self.copy_to_clipboard(text)
            self.notify("Copied.", markup=False)
        else:
            self.notify("ctrl+q quits.", markup=False)

    async def action_quit(self) -> None:
        """Leaves; an answer that is coming is saved as stopped first."""
        await self.stop()
        self.exit()

    # -- what widgets tell -----------------------------------------------------------------------

    @on(Scrolled)
    def scrolled(self) -> None:
        self.tell_status()

    @on(events.DescendantFocus)
    def focus_moved(self) -> None:
        self.tell_status()

    @on(TextArea.Changed)
    def typed(self) -> None:
        """The prompt grows with its lines; its height is set only when it changes, for that lays out the screen."""
        height = min(TALLEST, max(1, self.prompt.wrapped_document.height))
        if self.prompt.styles.height is None or self.prompt.styles.height.value != height:
            self.prompt.styles.height = height
