"""The chat screen: its workers ask the engine, its handlers take the messages of widgets; both change the picture."""

import asyncio
from contextlib import aclosing

from textual import on, work
from textual.widgets import Static

from bot.conversation import Answer, Failure, Place, Quote, leant_on
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.show.page import limits
from bot.tui import keys, messages
from bot.tui.chat_view import Asking, ChatView, PinScreen
from bot.tui.draw import ShownTurn, absent, counted, described
from bot.tui.engine import Opened
from store.errors import CorpusMissing, FootnoteError


class ChatScreen(ChatView):
    """One conversation with a corpus: transcript, sources, prompt."""

    BINDINGS = keys.bindings("chat")

    @on(messages.Notice)
    def notice(self, message: messages.Notice) -> None:
        if self.asking is None or message.apart:
            self.say(message.sentence)
        else:
            self.transcript.change(notices=(*self.transcript.turns[-1].notices, message.sentence))

    @work
    async def load(self) -> None:
        """Reads the saved conversation, loads the indexes and the model, then finds sample questions."""
        try:
            self.opened(await self.engine.open())
            await self.engine.load(self.noticed)
        except FootnoteError as error:
            self.load_failed(error)
            return
        self.state = "ready"
        self.show_status()
        if self.asking is not None:
            self.start()
        try:
            self.samples = await self.engine.samples()
            self.show_turns()
        except FootnoteError as error:
            self.noticed(error.message)

    def noticed(self, sentence: str) -> None:
        """Passes a sentence for the user on, from any thread."""
        self.post_message(messages.Notice(sentence))

    def opened(self, opened: Opened) -> None:
        self.coverage, self.session = opened.coverage, opened.session
        corpus = " · ".join(filter(None, (described(opened.coverage), limits(opened.filters))))
        self.head.corpus, self.head.host = corpus, opened.host
        if opened.turns:
            asked = self.transcript.turns[-1].question if self.asking else None  # before the saved turns were read
            self.transcript.fill([ShownTurn(*turn, lost=turn[1] is None) for turn in opened.turns])
            if asked is not None:
                self.ask(asked)
        self.show_sources()
        self.show_turns()

    def load_failed(self, error: FootnoteError) -> None:
        """Ends the chat; without a corpus it stays and says how to make one."""
        if not isinstance(error, CorpusMissing):
            self.app.exit(error)
            return
        self.state = "no corpus"
        if self.asking is not None:
            self.withdraw()
        self.transcript.welcome(absent(error.message, error.next))
        self.prompt.disabled = True
        self.query_one("#why", Static).update("Nothing can be asked: there is no corpus yet. ctrl+q quits.")
        self.add_class("-closed")
        self.transcript.focus()
        self.show_status()

    @on(messages.Asked)
    def asked(self, message: messages.Asked) -> None:
        question = message.question
        if not question and not self.transcript.turns and self.samples:
            question = self.samples[self.sample]
        if question and self.asking is None:
            self.ask(question)
        elif message.question:
            self.say("One question at a time: Esc stops this answer.")
            if message.typed:
                self.prompt.give_back(message.question)

    @on(messages.SampleMoved)
    def sample_moved(self, message: messages.SampleMoved) -> None:
        if self.samples and not self.transcript.turns:
            self.sample = (self.sample + message.by) % len(self.samples)
            self.show_turns()

    def ask(self, question: str) -> None:
        """Adds a turn and asks, at once or when the corpus is ready."""
        self.close_article()
        self.transcript.add(ShownTurn(question))
        self.asking = Asking(self.clock())
        self.prompt.busy = True
        self.show_turns()
        self.show_sources()
        self.show_status()
        if self.state == "ready":
            self.start()

    def start(self) -> None:
        question = self.transcript.turns[-1].question
        saving = asyncio.create_task(self.begin(question))
        self.asking = Asking(self.clock(), "searching", saving)
        self.answer(question, saving)
        self.show_status()

    @work(group="answer")
    async def answer(self, question: str, saving: asyncio.Task[Place | None]) -> None:
        """Shows an answer as it comes, once the question is saved; an error is shown and saved as an answer too."""
        place = await asyncio.shield(saving)  # the question is saved even if the user stops at once
        conversation = leant_on((turn.question, turn.answer) for turn in self.transcript.turns)
        answer: Answer | None = None
        try:
            async with aclosing(self.engine.answer(question, conversation)) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        answer = event.answer
                    else:
                        self.progressed(event)
        except FootnoteError as error:
            failure = Failure(error.message, error.next)
            answer = self.transcript.turns[-1].ended("error", self.engine.model, failure)
        if answer is not None:
            await self.finish(place, answer)
            self.answered(answer)

    def progressed(self, event: Event) -> None:
        assert self.asking is not None
        if isinstance(event, Delta):
            turn = self.transcript.turns[-1]
            text, citations = turn.text + event.text, turn.citations + event.citations
            self.transcript.change(text=text, citations=citations, drawn=False)
            self.post_message(messages.TextGrew())
        elif isinstance(event, Searching):
            self.transcript.change(standalone=event.standalone)
        elif isinstance(event, Retrieved):
            passages = event.reading.found.passages
            self.asking.doing = f"reading {counted(len(passages), 'passage')}"
            if self.lists_last:
                self.side.list_found([passage.document for passage in passages])
        self.show_status()

    @on(messages.TextGrew)
    def text_grew(self) -> None:
        if self.asking is not None and self.transcript.turns[-1].text:  # else the answer was stopped meanwhile
            self.asking.doing = "answering"
            self.transcript.change()
            if self.lists_last and self.transcript.turns[-1].citations:
                self.show_sources()
            self.show_status()

    def answered(self, answer: Answer) -> None:
        """Freezes the last turn, which is over."""
        self.asking, self.prompt.busy = None, False
        self.transcript.change(answer=answer, text="", citations=(), notices=())
        if answer.outcome == "error" and not self.prompt.text:
            self.prompt.give_back(answer.question)
        if self.lists_last:
            self.show_sources()
        self.show_status()

    async def begin(self, question: str) -> Place | None:
        """Saves a question; the place of its turn, or None if it could not be saved."""
        try:
            place = await self.engine.begin(question, self.session)
        except FootnoteError as error:
            self.say(f"The question was not saved: {error.message}")
            return None
        self.session = place.session
        return place

    async def finish(self, place: Place | None, answer: Answer) -> None:
        if place is not None:
            try:
                await self.engine.finish(place, answer)
            except FootnoteError as error:
                self.say(f"The answer was not saved: {error.message}")

    def withdraw(self) -> None:
        """Takes a question that waits for the corpus back into the prompt."""
        self.asking, self.prompt.busy = None, False
        *before, turn = self.transcript.turns
        self.transcript.fill(before)
        self.prompt.give_back(turn.question)

    async def stop(self) -> None:
        """Ends the answer in progress: the text so far stays, and is saved as stopped."""
        asking = self.asking
        if asking is None:
            return
        if asking.saving is None:
            self.withdraw()
            self.show_turns()
            self.show_status()
        else:
            self.workers.cancel_group(self, "answer")
            answer = self.transcript.turns[-1].ended("stopped", self.engine.model)
            place = await asking.saving
            self.answered(answer)
            await self.finish(place, answer)

    @on(messages.TurnChosen)
    def turn_chosen(self, message: messages.TurnChosen) -> None:
        self.transcript.choose(message.key)
        if not self.reading:
            self.show_sources()
        self.show_status()

    @on(messages.QuoteChosen)
    def quote_chosen(self, message: messages.QuoteChosen) -> None:
        self.action_open(message.name)

    def action_open(self, name: str) -> None:
        """Opens the article of a quote of the chosen turn."""
        quotes = self.transcript.quotes
        if name in quotes:
            self.fetch(quotes[name], name)
        elif quotes:
            self.say(f"This answer has no footnote {name}; it has {', '.join(quotes)}.")

    @work(group="fetch", exclusive=True)
    async def fetch(self, quote: Quote, name: str) -> None:
        try:
            article = await self.engine.article(quote)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        if not self.reading:
            self.part_before = self.part
        self.add_class("-reading")
        self.show_sources(name)
        await self.side.reader.show(article, quote, name)
        self.side.reader.focus()
        self.show_status()

    def close_article(self) -> None:
        """Shows the transcript and all sources again, and gives the focus back if the article has it."""
        if self.reading:
            if self.side.reader.has_focus:
                self.query_one(f"#{self.part_before}").focus()
            self.remove_class("-reading")
            self.show_sources()

    async def action_back(self) -> None:
        """Stops the answer, else closes the article, else goes to the prompt."""
        if self.asking is not None:
            await self.stop()
        elif self.reading:
            self.close_article()
        else:
            self.prompt.focus()
        self.show_status()

    async def action_new(self) -> None:
        """Begins a new conversation; the one before stays saved."""
        await self.stop()
        self.close_article()
        self.session = None
        self.transcript.fill([])
        self.show_turns()
        self.show_sources()
        self.prompt.focus()

    def action_again(self) -> None:
        if (turn := self.transcript.chosen_turn) is not None:
            self.post_message(messages.Asked(turn.question, typed=False))

    def action_step(self, by: int) -> None:
        """Opens the footnote after or before the open one."""
        names, name = list(self.transcript.quotes), self.side.reader.name_shown
        if name in names and 0 <= (index := names.index(name) + by) < len(names):
            self.action_open(names[index])

    def action_page(self, by: int) -> None:
        self.transcript.release_anchor()
        (self.transcript.scroll_page_down if by > 0 else self.transcript.scroll_page_up)(animate=False)

    def action_pin(self) -> None:
        """Shows the chosen turn as an eval case, and writes the case if the user wants it."""
        key = self.transcript.chosen
        if key < 0 or self.session is None or self.asking is not None:
            self.say("Only a saved turn can be pinned.")
            return
        self.pin(Place(self.session, key + 1))

    @work(group="pin", exclusive=True)
    async def pin(self, place: Place) -> None:
        try:
            if await self.app.push_screen_wait(PinScreen(await self.engine.pin(place))):
                self.say(await self.engine.keep_pin())
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
