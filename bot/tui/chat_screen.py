"""The chat screen: its handlers take the messages of workers and widgets and alone change the picture."""

from __future__ import annotations

from textual import on
from textual.widgets import Static

from bot.conversation import Answer, Place, leant_on
from bot.errors import BotError
from bot.events import Answered, Retrieved, Searching
from bot.tui import keys, messages
from bot.tui.chat_view import ChatView
from bot.tui.draw import ShownTurn, counted
from bot.tui.engine import NoCorpus
from bot.tui.listener import Asking
from bot.tui.screens import PinScreen
from bot.tui.widgets.welcome import absent, described, limits


class ChatScreen(ChatView):
    """One conversation with a corpus: transcript, sources, prompt."""

    BINDINGS = keys.bindings("chat")

    @on(messages.Notice)
    def notice(self, message: messages.Notice) -> None:
        if self.asking is None or message.apart:
            self.say(message.sentence)
        else:
            notices = (*self.transcript.turns[self.asking.key].notices, message.sentence)
            self.transcript.change(self.asking.key, notices=notices)

    # -- loading ---------------------------------------------------------------------------------

    def load(self) -> None:
        """Starts to load the corpus."""
        self.run_worker(self.listener.load(), name="load")

    @on(messages.CorpusOpened)
    def corpus_opened(self, message: messages.CorpusOpened) -> None:
        opened = message.opened
        self.coverage, self.session = opened.coverage, opened.session
        corpus = " · ".join(filter(None, (described(opened.coverage), limits(opened.filters))))
        self.head.corpus, self.head.host = corpus, opened.host
        if opened.turns:
            asked = self.asking  # entered before the saved turns were read
            self.transcript.fill([ShownTurn(*turn, lost=turn[1] is None) for turn in opened.turns])
            if asked is not None:
                self.ask(asked.question)
        self.show_sources()
        self.show_turns()

    @on(messages.CorpusReady)
    def corpus_ready(self) -> None:
        self.state = "ready"
        self.show_status()
        if self.asking is not None:
            self.start(self.asking)

    @on(messages.SamplesReady)
    def samples_ready(self, message: messages.SamplesReady) -> None:
        self.samples, self.sample = message.questions, 0
        self.show_turns()

    @on(messages.LoadFailed)
    def load_failed(self, message: messages.LoadFailed) -> None:
        """Ends the chat; without a corpus it stays and says how to make one."""
        if not isinstance(message.error, NoCorpus):
            self.app.exit(message.error)
            return
        self.state = "no corpus"
        if self.asking is not None:
            self.withdraw(self.asking)
        self.transcript.welcome(absent(message.error.message, message.error.next))
        self.prompt.disabled = True
        self.query_one("#why", Static).update("Nothing can be asked: there is no corpus yet. ctrl+q quits.")
        self.add_class("-closed")
        self.transcript.focus()
        self.show_status()

    # -- asking ----------------------------------------------------------------------------------

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
        conversation = leant_on((turn.question, turn.answer) for turn in self.transcript.turns)
        self.close_article()
        self.transcript.add(ShownTurn(question))
        key = len(self.transcript.turns) - 1
        self.asking = Asking(key, question, conversation, self.session, self.clock())
        self.prompt.busy = True
        self.show_turns()
        self.show_sources()
        self.show_status()
        if self.state == "ready":
            self.start(self.asking)

    def start(self, asking: Asking) -> None:
        asking.doing, asking.since = "searching", self.clock()
        asking.worker = self.run_worker(self.listener.answer(asking), name="answer")
        self.show_status()

    @on(messages.TextGrew)
    def text_grew(self, message: messages.TextGrew) -> None:
        asking = self.asking
        if asking is not None and asking.key == message.key:
            asking.doing = "answering"
            self.transcript.change(asking.key, text=asking.text, citations=asking.citations)
            if asking.citations and self.transcript.chosen == asking.key and not self.reading:
                self.show_sources()
            self.show_status()

    @on(messages.Progressed)
    def progressed(self, message: messages.Progressed) -> None:
        asking, event = self.asking, message.event
        if asking is None or asking.key != message.key:  # it was stopped meanwhile
            return
        if isinstance(event, Searching):
            asking.standalone = event.standalone
            self.transcript.change(asking.key, standalone=event.standalone)
        elif isinstance(event, Retrieved):
            passages = event.reading.found.passages
            asking.doing = f"reading {counted(len(passages), 'passage')}"
            if self.transcript.chosen == asking.key and not self.reading:
                self.side.list_found([passage.document for passage in passages])
        elif isinstance(event, Answered):
            self.answered(asking, event.answer, message.place)
        self.show_status()

    def answered(self, asking: Asking, answer: Answer, place: Place | None) -> None:
        """Freezes a turn that is over."""
        self.asking, self.prompt.busy = None, False
        if place is not None and self.session is None:
            self.session = place.session
        self.transcript.change(asking.key, answer=answer, text="", citations=(), notices=())
        if answer.outcome == "error" and not self.prompt.text:
            self.prompt.give_back(asking.question)
        if self.transcript.chosen == asking.key and not self.reading:
            self.show_sources()

    def withdraw(self, asking: Asking) -> None:
        """Takes a question that waits for the corpus back into the prompt."""
        self.asking, self.prompt.busy = None, False
        self.transcript.fill(self.transcript.turns[: asking.key])
        self.prompt.give_back(asking.question)

    async def stop(self) -> None:
        """Ends the answer in progress: the text so far stays, and is saved as stopped."""
        asking = self.asking
        if asking is None:
            return
        if asking.worker is None:  # it still waits for the corpus
            self.withdraw(asking)
            self.show_turns()
        else:
            asking.worker.cancel()
            answer = asking.ended("stopped", self.engine.model)
            place = await asking.place()
            self.answered(asking, answer, place)
            await self.listener.save(place, answer)
        self.show_status()

    # -- reading ---------------------------------------------------------------------------------

    @on(messages.TurnChosen)
    def turn_chosen(self, message: messages.TurnChosen) -> None:
        self.transcript.choose(message.key)
        if not self.reading:
            self.show_sources()
        self.show_status()

    @on(messages.QuoteChosen)
    def quote_chosen(self, message: messages.QuoteChosen) -> None:
        turn, name = self.transcript.chosen_turn, message.name
        quotes = turn.quotes if turn is not None else {}
        if name in quotes:
            self.run_worker(self.listener.fetch(quotes[name], name), name="fetch", group="fetch", exclusive=True)
        elif quotes:
            self.say(f"This answer has no footnote {name}; it has {', '.join(quotes)}.")

    @on(messages.ArticleFetched)
    async def article_fetched(self, message: messages.ArticleFetched) -> None:
        if not self.reading:
            self.part_before = self.part
        self.add_class("-reading")
        self.show_sources(message.name)
        await self.side.reader.show(message.article, message.span, message.name)
        self.side.reader.focus()
        self.show_status()

    def close_article(self) -> None:
        """Shows the transcript and all sources again, and gives the focus back if the article has it."""
        if self.reading:
            if self.side.reader.has_focus:
                self.query_one(f"#{self.part_before}").focus()
            self.remove_class("-reading")
            self.show_sources()

    # -- keys ------------------------------------------------------------------------------------

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
        """Asks the chosen question once more."""
        if (turn := self.transcript.chosen_turn) is not None:
            self.post_message(messages.Asked(turn.question, typed=False))

    def action_step(self, by: int) -> None:
        """Opens the footnote after or before the open one."""
        turn = self.transcript.chosen_turn
        names = list(turn.quotes) if turn is not None else []
        name = self.side.reader.name_shown
        if name in names and 0 <= (index := names.index(name) + by) < len(names):
            self.post_message(messages.QuoteChosen(names[index]))

    def action_page(self, by: int) -> None:
        self.transcript.release_anchor()
        (self.transcript.scroll_page_down if by > 0 else self.transcript.scroll_page_up)(animate=False)

    def action_pin(self) -> None:
        """Shows the chosen turn as an eval case, and writes the case if the user wants it."""
        key = self.transcript.chosen
        if key < 0 or self.session is None or self.asking is not None:
            self.say("Only a saved turn can be pinned.")
            return
        self.run_worker(self._pin(Place(self.session, key + 1)), name="pin", group="pin", exclusive=True)

    async def _pin(self, place: Place) -> None:
        try:
            if await self.app.push_screen_wait(PinScreen(await self.engine.pin(place))):
                self.say(await self.engine.keep_pin())
        except BotError as error:
            self.say(f"{error.message} {error.next}")
