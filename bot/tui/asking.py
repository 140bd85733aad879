"""Asking: the course of a question from the prompt to the saved answer. Workers ask the engine and post messages."""

import asyncio
from contextlib import aclosing

from textual import on, work
from textual.widgets import Static

from bot.conversation import Answer, Failure, Place, leant_on
from bot.errors import ExitCode
from bot.tui import messages
from bot.tui.draw.base import counted
from bot.tui.draw.corpus import absent, unusable
from bot.tui.draw.shown import ShownTurn, found
from bot.tui.engine import Opened
from bot.tui.keys import hint
from bot.tui.saving import SavingScreen
from bot.tui.view import Asking
from bot.tui.widgets.prompt import CLOSED, NO_CORPUS
from store.errors import CorpusMissing, FootnoteError

OFFLINE = ("provider_down", "provider_timeout")  # codes of errors that tell of a server that cannot be reached


class AskingScreen(SavingScreen):
    """The chat's picture, with questions that are asked, answered and stopped."""

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
            if self.whole is None:  # else the corpus was opened before, and something beside it was at fault
                self.opened(await self.engine.open())
            await self.engine.load(self.noticed)
        except FootnoteError as error:
            self.load_failed(error)
            return
        self.state = "ready"
        self.reopen()
        self.show_status()
        self.start_waiting()
        try:
            self.samples = await self.engine.samples()
            self.show_turns()
        except FootnoteError as error:
            self.noticed(error.message)

    def noticed(self, sentence: str) -> None:
        """Passes a sentence for the user on, from any thread."""
        self.post_message(messages.Notice(sentence))

    def opened(self, opened: Opened) -> None:
        self.whole, self.left, self.filters = opened.coverage, opened.left, opened.filters
        self.session, self.head.host = opened.session, opened.host
        self.named, self.last = opened.title, opened.last
        self.show_corpus()
        if opened.turns:
            asked = self.transcript.turns[-1].question if self.asking else None  # before the saved turns were read
            self.transcript.fill([self.shown(number, opened) for number in range(1, len(opened.turns) + 1)])
            if asked is not None:
                self.ask(asked)
        elif self.asking is not None:
            self.begin_waiting()
        if opened.elsewhere:
            self.before = len(opened.turns) + 1
            self.say("This conversation is open in another chat: what you ask here goes on in a copy of it.")
        if self.draft_saved is None:
            self.draft_saved = opened.draft
        if opened.draft:
            self.prompt.restore(opened.draft)
            self.say("What you had not sent is back in the prompt.")
        self.queue_saved = opened.queued
        if opened.queued:
            self.prompt.give_back("\n".join(opened.queued))
            self.say(f"{counted(len(opened.queued), 'question')} had not been asked: back in the prompt.")
        self.show_sources()
        self.show_turns()
        self.number(len(self.transcript.turns) - 1)

    def shown(self, number: int, opened: Opened) -> ShownTurn:
        """A saved turn, counted from 1, with its marks."""
        question, answer = opened.turns[number - 1]
        marks = {str(footnote): mark for (turn, footnote), mark in opened.marks.items() if turn == number}
        return ShownTurn(question, answer, lost=answer is None, marks=marks)

    def load_failed(self, error: FootnoteError) -> None:
        """Says how to make a corpus or to mend what keeps it closed, and waits for that; other errors end the chat."""
        if error.exit != ExitCode.CORPUS:
            self.app.exit(error)
            return
        missing = isinstance(error, CorpusMissing)
        self.state, closed = ("no corpus", NO_CORPUS) if missing else ("closed", CLOSED)
        self.prompt.closed = closed.format(hint("quit"))
        if self.asking is not None:
            self.withdraw()
        self.transcript.welcome((absent if missing else unusable)(error.message, error.next))
        self.query_one("#why", Static).update(self.prompt.closed)
        self.add_class("-closed")
        self.show_status()

    def reopen(self) -> None:
        """Takes questions again once there is a corpus that can be used."""
        if self.prompt.closed:
            self.remove_class("-closed")
            self.prompt.closed = ""
            if self.transcript.turns:
                self.transcript.leave_welcome()
            self.show_turns()
            self.set_focus(self.prompt)

    @on(messages.Asked)
    def asked(self, message: messages.Asked) -> None:
        question = message.question
        if not question and not self.transcript.turns and self.samples:
            question = self.samples[self.sample]
        if question and self.asking is None:
            self.ask(question, message.again)
        elif message.question and message.typed and not message.at_once:
            self.queued.append(message.question)
            self.keep_queue()
            self.say("Asked next; Esc gives it back.")
            self.show_status()
        elif message.question:
            self.say("One question at a time: Esc stops this answer.")
            if message.typed:
                self.prompt.give_back(message.question)

    @on(messages.SampleMoved)
    def sample_moved(self, message: messages.SampleMoved) -> None:
        if self.samples and not self.transcript.turns:
            self.sample = (self.sample + message.by) % len(self.samples)
            self.show_turns()

    def ask(self, question: str, again: Place | None = None) -> None:
        """Adds a turn and asks, at once or when the corpus is ready; what is typed next is the next question."""
        self.close_article()
        self.set_focus(self.prompt)
        self.unsay()
        if self.before is not None:  # the turns from there on stay in the conversation before
            self.named = ""
            if self.before <= len(self.transcript.turns):
                self.transcript.fill(self.transcript.turns[: self.before - 1])
        self.transcript.add(ShownTurn(question))
        self.asking = Asking(self.clock(), again=again)
        self.prompt.busy = True
        self.show_turns()
        self.show_sources()
        self.show_status()
        if self.state in ("ready", "offline"):
            self.start()
        elif self.whole is not None:
            self.begin_waiting()

    def start_waiting(self) -> None:
        """Asks the question that was entered while the corpus was loading."""
        if self.asking is not None:
            self.start()

    def start(self) -> None:
        self.begin_waiting()
        asking = self.asking
        assert asking is not None and asking.saving is not None
        asking.since, asking.doing = self.clock(), "searching"
        self.answer(self.transcript.turns[-1].question, asking.saving, asking.again)
        self.show_status()

    @work(group="answer")
    async def answer(self, question: str, saving: asyncio.Task[Place | None], again: Place | None) -> None:
        """Shows an answer as it comes, once the question is saved; an error is shown and saved as an answer too."""
        from bot.events import Answered  # not needed for the first frame, as those below

        place = await asyncio.shield(saving)  # the question is saved even if the user stops at once
        conversation = leant_on((turn.question, turn.answer) for turn in self.transcript.turns)
        answer: Answer | None = None
        try:
            coming = self.engine.again(again) if again else self.engine.answer(question, conversation)
            async with aclosing(coming) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        answer = event.answer
                    else:
                        self.progressed(event)
        except FootnoteError as error:
            failure = Failure(error.message, error.next)
            answer = self.transcript.turns[-1].ended("error", self.engine.model, failure)
            self.state = "offline" if error.code in OFFLINE else "ready"
        else:
            self.state = "ready"
        if answer is not None:
            assert self.asking is not None
            self.asking.over = True
            await self.finish(place, answer)
            self.answered(answer)
            if self.queued and answer.outcome != "error":
                self.ask(self.queued.pop(0))

    def progressed(self, event: object) -> None:
        from bot.events import Delta, Retrieved, Searching

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
            self.transcript.change(found=found(event.reading), drawn=False)
            if self.lists_last:
                self.show_sources()
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
        self.transcript.change(answer=answer, text="", citations=(), found=(), notices=())
        if answer.outcome == "error":
            self.give_back(answer.question)
        elif answer.outcome == "stopped":
            self.give_back()
        self.show_corpus()
        if self.lists_last:
            self.show_sources()
        if answer.refused or self.engine.model == "extract":  # it came at once, so nobody reads at its end
            self.transcript.call_after_refresh(self.transcript.begin, len(self.transcript.turns) - 1)
        self.show_status()
        self.number(len(self.transcript.turns) - 1)

    @work(group="number")
    async def number(self, key: int) -> None:
        """Finds the paragraphs in which the quotes of a turn stand, and writes them behind its sources."""
        turn = next(iter(self.transcript.turns[key : key + 1]), None)
        if turn is None or not turn.quotes or turn.paragraphs:
            return
        try:
            numbers = await self.engine.paragraphs(list(turn.quotes.values()))
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        if self.transcript.turns[key : key + 1] != [turn] or not self.is_attached:  # it is gone meanwhile
            return
        names = zip(turn.quotes, numbers, strict=True)
        self.transcript.number(key, {name: number for name, number in names if number is not None})
        if key == self.listed:
            self.show_sources(self.side.reader.name_shown if self.reading else "")

    def give_back(self, *questions: str) -> None:
        """Puts questions that cannot be asked now, and those that wait, back into an empty prompt, else those alone."""
        if not self.prompt.text:
            self.queued[:0] = questions
        if self.queued:
            self.prompt.give_back("\n".join(self.queued))
            self.queued.clear()
            self.keep_queue()

    def withdraw(self) -> None:
        """Takes a question that waits for the corpus back into the prompt."""
        if self.asking is not None and self.asking.saving is not None:
            self.withdrawn = asyncio.create_task(self.take_back(self.asking.saving))
        self.asking, self.prompt.busy = None, False
        *before, turn = self.transcript.turns
        self.transcript.fill(before)
        self.queued.insert(0, turn.question)
        self.give_back()

    async def stop(self) -> None:
        """Ends the answer in progress: the text so far stays, and is saved as stopped."""
        asking = self.asking
        if asking is None or asking.over:
            return
        if asking.saving is None or self.state not in ("ready", "offline"):  # it waits for the corpus
            self.withdraw()
            self.show_turns()
            self.show_status()
        else:
            self.workers.cancel_group(self, "answer")
            answer = self.transcript.turns[-1].ended("stopped", self.engine.model)
            place = await asking.saving
            self.answered(answer)
            await self.finish(place, answer)
