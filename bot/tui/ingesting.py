"""An ingest that runs while one goes on asking: its progress in a line over the status line, and what it came to."""

from contextlib import aclosing

from textual import work
from textual.widgets import Static

from bot.tui.draw.corpus import ingest_line
from bot.tui.sharing import SharingScreen
from store.errors import FootnoteError
from store.progress import Progress

STOP = "stop"  # what /ingest takes in place of a path to end the one that runs


class IngestingScreen(SharingScreen):
    """The chat with a corpus that grows."""

    ingesting = False

    def action_ingest(self, path: str) -> None:
        """Adds a file or folder; without one syncs those there are. "stop" ends the ingest that runs."""
        if path == STOP and self.ingesting:
            self.workers.cancel_group(self, "ingest")
            self.say("The ingest was stopped; what it had written stays, and the next one goes on.")
        elif path == STOP:
            self.say("No ingest is running.")
        elif self.ingesting:
            self.say("An ingest is running: /ingest stop ends it.")
        else:
            self.ingesting = True
            self.ingest(path)

    @work(group="ingest")
    async def ingest(self, path: str) -> None:
        self.show_ingest(Progress("starting", 0, 0), 0.0)
        stage, began = "", self.clock()
        try:
            async with aclosing(self.engine.ingest(path)) as steps:
                async for step in steps:
                    if isinstance(step, str):
                        self.say(step)
                        continue
                    if step.stage != stage:
                        stage, began = step.stage, self.clock()
                    self.show_ingest(step, self.clock() - began)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
        finally:
            self.ingesting = False
            self.remove_class("-ingesting")
        self.follow_corpus()

    def show_ingest(self, step: Progress, seconds: float) -> None:
        self.add_class("-ingesting")
        self.query_one("#ingest", Static).update(ingest_line(step, seconds, self.size.width - 2), layout=False)

    def follow_corpus(self) -> object:
        """Shows what an ingest has brought."""
        raise NotImplementedError
