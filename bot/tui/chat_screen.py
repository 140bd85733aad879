"""The chat screen: what its keys, clicks and commands do."""

from dataclasses import replace

from textual import on, work

from bot.conversation import Place
from bot.tui import keys, messages
from bot.tui.ingesting import IngestingScreen
from bot.tui.themes import THEMES
from store.errors import FootnoteError
from store.passage import Filters

FOLLOW = 5.0  # seconds between two looks at what the corpus holds


class ChatScreen(IngestingScreen):
    """One conversation with a corpus: transcript, sources, prompt."""

    BINDINGS = keys.bindings("chat")

    def on_mount(self) -> None:
        if self.lively:
            self.set_interval(FOLLOW, self.follow_corpus)

    @work(group="corpus", exclusive=True)
    async def follow_corpus(self) -> None:
        """Shows what an ingest elsewhere has brought."""
        if self.prompt.closed and self.state != "loading":
            self.state = "loading"
            self.load()
        if self.state not in ("ready", "offline"):
            return
        try:
            extent = await self.engine.extent()
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        if extent != (self.whole, self.left):
            self.whole, self.left = extent
            self.show_corpus()
            self.show_turns()

    @on(messages.TurnChosen)
    def turn_chosen(self) -> None:
        if self.transcript.chosen != self.listed:
            self.show_corpus()
            self.close_article()
            self.show_sources()
            self.number(self.listed)
        self.show_status()

    @on(messages.CommandGiven)
    async def command_given(self, message: messages.CommandGiven) -> None:
        await self.run_action(message.action)

    @on(messages.SlashGiven)
    async def slash_given(self, message: messages.SlashGiven) -> None:
        name, _, value = message.words.partition(" ")
        key = keys.COMMANDS.get(name.casefold())
        if key is None:
            self.say(f"There is no command /{name}; / lists them all.")
        else:
            await self.give(key, value.strip())

    async def give(self, key: keys.Key, value: str | None = None) -> None:
        """Runs a command; one that takes something and has got nothing yet waits for it in the prompt."""
        if self.prompt.closed and key.slash not in keys.WITHOUT:
            self.say(self.wanting)
        elif not key.takes:
            await self.run_action(key.runs)
        elif value is None:
            self.prompt.begin_command(key.slash)
            self.set_focus(self.prompt)
        else:
            getattr(self, f"action_{key.action}")(value)

    def action_timeline(self, topic: str) -> None:
        """Asks for the course of a topic; without one says what is wanting."""
        if topic:
            self.post_message(messages.Asked(f"Timeline of {topic}", typed=False))
        else:
            self.say("Name what the course is of: /timeline WHAT")

    def action_since(self, day: str) -> None:
        self.limit(lambda filters: replace(filters, since=day or None))

    def action_until(self, day: str) -> None:
        self.limit(lambda filters: replace(filters, until=day or None))

    def action_asof(self, day: str) -> None:
        self.limit(lambda filters: replace(filters, as_of=day or None))

    def action_outlet(self, name: str) -> None:
        """Adds an outlet to those that are asked; with no name takes all away."""
        self.limit(lambda filters: replace(filters, outlets=(*filters.outlets, name) if name else ()))

    def action_within(self, key: str) -> None:
        """Asks only an article or a root; with no name all."""
        self.limit(lambda filters: replace(filters, documents=(key,) if key else ()))

    def action_all(self) -> None:
        self.limit(lambda filters: Filters())

    def action_tab(self, by: int) -> None:
        """Completes a slash command, else gives the next or previous part the focus."""
        if not (by > 0 and self.part == "prompt" and self.prompt.complete()):
            (self.app.action_focus_next if by > 0 else self.app.action_focus_previous)()

    @on(messages.FilterDropped)
    def filter_dropped(self, message: messages.FilterDropped) -> None:
        self.drop_filter(message.at)

    def action_drop_filter(self) -> None:
        self.drop_filter(-1)

    def drop_filter(self, at: int) -> None:
        """Takes a filter of the header away, by its place."""
        if self.chips[at:]:  # looked up anew when its turn comes, for a change before it may be on its way
            self.limit(lambda filters: next((rest for _, rest in self.chips[at:]), filters))
        else:
            self.say("No filter is set.")

    def action_undated(self) -> None:
        """Keeps undated articles under a date filter, or leaves them out again."""
        self.limit(lambda filters: replace(filters, undated=not filters.undated))

    async def action_back(self) -> None:
        """Leaves the search, else closes the article, else stops the answer, else goes to the prompt."""
        if self.searched is not None:
            self.leave_find()
        elif self.reading:
            self.close_article()
            if self.browsed:
                self.action_browse()
        elif self.asking is not None:
            await self.stop()
        elif self.before is not None and self.before <= len(self.transcript.turns):
            self.before = None  # the question that was edited is not asked anew
            self.prompt.write("")
        else:
            self.set_focus(self.prompt)
        self.unsay()
        self.show_status()

    async def action_new(self) -> None:
        """Begins a new conversation; the one before stays saved."""
        await self.begin_new()

    def action_retry(self) -> None:
        if (turn := self.transcript.chosen_turn) is not None:
            self.post_message(messages.Asked(turn.question, typed=False))

    def action_again(self) -> None:
        """Asks a saved question again, to tell what changed since its answer."""
        turn = self.transcript.chosen_turn
        if self.session is None or turn is None or turn.answer is None or turn.answer.outcome == "error":
            self.say(f"Only a saved answer can be asked again; {keys.hint('retry')} asks a question anew.")
            return
        place = Place(self.session, self.transcript.chosen + 1)
        self.post_message(messages.Asked(turn.question, typed=False, again=place))

    @work(group="log", exclusive=True)
    async def action_log(self) -> None:
        """Shows why answers failed."""
        from bot.tui.modals import LogScreen

        try:
            self.app.push_screen(LogScreen(*await self.engine.log()))
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")

    def action_standalone(self) -> None:
        """Puts the chosen question into the prompt in the form in which it was looked up."""
        if (turn := self.transcript.chosen_turn) is not None:
            self.prompt.write(turn.answer.standalone if turn.answer else turn.standalone or turn.question)
            self.set_focus(self.prompt)

    def action_page(self, by: int) -> None:
        """Scrolls the open article, else the transcript."""
        shown = self.side.reader.text if self.reading else self.transcript
        shown.release_anchor()
        (shown.scroll_page_down if by > 0 else shown.scroll_page_up)(animate=False)

    def action_follow(self) -> None:
        self.transcript.follow()

    def action_corpus(self, name: str) -> None:
        self.switch(name, "")

    def action_model(self, name: str) -> None:
        self.switch("", name)

    def action_theme(self, name: str) -> None:
        if name not in THEMES:
            self.say(f"The themes are {', '.join(THEMES)}.")
            return
        self.app.theme = name
        self.keep_theme(name)

    @work(group="theme")
    async def keep_theme(self, name: str) -> None:
        try:
            await self.engine.keep_theme(name)
            self.say(f"The theme is {name}, now and at the next start.")
        except FootnoteError as error:
            self.say(f"The theme is {name} until the end: {error.message} {error.next}")

    @work(group="switch", exclusive=True)
    async def switch(self, corpus: str, model: str) -> None:
        """Takes another corpus, which begins a new conversation, or another model."""
        if self.asking is not None or self.state not in ("ready", "offline") or not (corpus or model):
            self.say("Name what to take, and wait for the end of the answer.")
            return
        state, self.state = self.state, "loading"
        self.show_status()
        try:
            opened = await self.engine.switch(corpus, model, self.noticed)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            self.state = state
        else:
            if corpus:
                await self.action_new()
            self.state, self.head.model, self.samples = "ready", self.engine.model, () if corpus else self.samples
            self.opened(replace(opened, session=self.session))
            self.say(f"The next questions ask {self.engine.corpus} with {self.engine.model}.")
        self.start_waiting()
        self.show_status()

    def action_pin(self) -> None:
        """Shows the chosen turn as an eval case, and writes the case if the user wants it."""
        key = self.transcript.chosen
        if key < 0 or self.session is None or self.asking is not None:
            self.say("Only a saved turn can be pinned.")
            return
        self.pin(Place(self.session, key + 1))

    @work(group="pin", exclusive=True)
    async def pin(self, place: Place) -> None:
        from bot.tui.modals import Confirm

        try:
            asked = Confirm("Pin this answer as an eval case?", await self.engine.pin(place), "pins it")
            if await self.app.push_screen_wait(asked):
                self.say(await self.engine.keep_pin())
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
