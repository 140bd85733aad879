"""Saving: questions before they are asked, answers as they come, questions that wait."""

import asyncio
import math

from textual import work

from bot.conversation import Answer, Place
from bot.tui.finding import FindingScreen
from store.errors import FootnoteError

OFTEN = 1.0  # least seconds between two times that an answer in progress is saved


class SavingScreen(FindingScreen):
    """The chat's picture, with turns that are saved as they happen."""

    part_saved: asyncio.Task[None] | None = None  # saves a part of the answer in progress
    withdrawn: asyncio.Task[None] | None = None  # takes a saved question back
    text_saved = ""  # what of its text is saved
    time_saved = -math.inf
    queue_saved: tuple[str, ...] = ()  # the questions that are saved as waiting
    draft_saved: str | None = None  # the unsent text as it is saved; None where it is not, or not yet
    draft_time = -math.inf

    def tick(self) -> None:
        super().tick()
        self.save_part()
        due = self.clock() - self.draft_time >= OFTEN
        if due and self.draft_saved is not None and self.prompt.whole != self.draft_saved:
            self.draft_time = self.clock()
            self.run_worker(self.keep_draft(), group="draft")

    async def keep_draft(self) -> None:
        """Saves what stands in the prompt; where that fails says so once."""
        async with self.drafting:
            text, before = self.prompt.whole, self.draft_saved
            if before is None or text == before or not self.engine.saves:
                return
            try:
                await self.engine.keep_draft(text)
                self.draft_saved = text
            except FootnoteError as error:
                self.draft_saved = None
                self.say(f"What is not sent yet is not saved: {error.message} {error.next}")

    def save_part(self) -> None:
        """Saves the answer in progress as far as it has come, as one that was stopped."""
        asking = self.asking
        if asking is None or asking.over or asking.saving is None or not asking.saving.done():
            return
        place, turn = asking.saving.result(), self.transcript.turns[-1]
        due = self.clock() - self.time_saved >= OFTEN and (self.part_saved is None or self.part_saved.done())
        if place is not None and due and turn.text not in ("", self.text_saved):
            self.text_saved, self.time_saved = turn.text, self.clock()
            self.part_saved = asyncio.create_task(self.save(place, turn.ended("stopped", self.engine.model)))

    def begin_waiting(self) -> None:
        """Saves the question that waits for the corpus."""
        if self.asking is not None and self.asking.saving is None:
            self.asking.saving = asyncio.create_task(self.begin(self.transcript.turns[-1].question))

    async def begin(self, question: str) -> Place | None:
        """Saves a question; the place of its turn, or None if it is not saved."""
        self.text_saved = ""
        if self.withdrawn is not None:
            await self.withdrawn
        try:
            place = await self.engine.begin(question, self.session, self.before)
        except FootnoteError as error:
            self.say(f"The question was not saved: {error.message} {error.next}")
            return None
        self.before = None
        if place is not None:
            self.session = place.session
            self.keep_queue()
            await self.keep_draft()
        return place

    async def take_back(self, saving: asyncio.Task[Place | None]) -> None:
        """Takes a saved question back that was never asked."""
        if (place := await saving) is None:
            return
        try:
            await self.engine.withdraw(place)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
        self.session = None if place.turn == 1 else self.session

    async def finish(self, place: Place | None, answer: Answer) -> None:
        """Saves a whole answer, after what was saved of it before."""
        if self.part_saved is not None:
            await self.part_saved
        if place is not None:
            await self.save(place, answer)

    async def save(self, place: Place, answer: Answer) -> None:
        try:
            await self.engine.finish(place, answer)
        except FootnoteError as error:
            self.say(f"The answer was not saved: {error.message} {error.next}")

    @work(group="queue")
    async def keep_queue(self) -> None:
        """Saves the questions that wait."""
        waiting = tuple(self.queued)
        if self.session is None or waiting == self.queue_saved or not self.engine.saves:
            return
        self.queue_saved = waiting
        try:
            await self.engine.keep(self.session, waiting)
        except FootnoteError as error:
            self.say(f"The questions that wait were not saved: {error.message} {error.next}")
