"""The picture of the chat screen: its parts, its state, how the state is drawn; and the modal screens over it."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from bot.conversation import Place
from bot.show.clean import one_line
from bot.tui import keys
from bot.tui.draw import BOLD, DIM, WIDE, Part, key_line, welcome
from bot.tui.engine import Engine
from bot.tui.widgets.head import Head, Status
from bot.tui.widgets.prompt import Prompt
from bot.tui.widgets.side import Side
from bot.tui.widgets.transcript import Transcript
from store.passage import Coverage

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
TICK = 0.1  # seconds between two frames of the spinner


@dataclass(slots=True)
class Asking:
    """The step of the question in progress, which is that of the last turn."""

    since: float  # the clock's time at which the step began
    doing: str = "waits for the corpus"
    saving: asyncio.Task[Place | None] | None = None  # None while it waits for the corpus


class ChatView(Screen[None]):
    """Transcript, sources and prompt. Draws its state and takes no message that changes it."""

    AUTO_FOCUS = "Prompt"

    def __init__(self, engine: Engine, *, clock: Callable[[], float], lively: bool) -> None:
        super().__init__()
        self.engine, self.clock, self.lively = engine, clock, lively
        self.head, self.transcript, self.side, self.prompt = Head(engine.model), Transcript(), Side(), Prompt()
        self.state: Literal["loading", "ready", "no corpus"] = "loading"
        self.coverage: Coverage | None = None  # None until the corpus is open
        self.samples: tuple[str, ...] = ()
        self.sample = 0  # the index of the one that Enter asks
        self.asking: Asking | None = None
        self.session: int | None = None  # None until a turn of a new conversation is saved
        self.part_before = "prompt"  # the part that had the focus before an article was opened
        self.said: dict[str, float] = {}  # sentences, with the clock's time
        self.frame = 0  # of the spinner

    def compose(self) -> ComposeResult:
        yield self.head
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield self.transcript
                yield Status(id="status")
            yield self.side
        yield Static("", id="why", markup=False)
        with Horizontal(id="asking"):
            yield Static("❯", id="sign", markup=False)
            yield self.prompt
        yield Static("", id="keys", markup=False)

    def on_mount(self) -> None:
        self.prompt.cursor_blink = self.lively
        for name in ("scroll_y", "virtual_size"):
            self.watch(self.transcript, name, self.show_status, init=False)
        if self.lively:
            self.set_interval(TICK, self.tick)

    @property
    def reading(self) -> bool:
        """Whether an article is open."""
        return self.has_class("-reading")

    @property
    def part(self) -> str:
        """The part of the screen that has the focus."""
        name = self.focused.id if self.focused is not None else None
        return name if name in keys.PARTS else "prompt"

    @property
    def lists_last(self) -> bool:
        """Whether the pane lists the sources of the last turn."""
        return not self.reading and self.transcript.chosen == len(self.transcript.turns) - 1

    @on(events.Resize)
    @on(events.ScreenResume)
    def fit(self) -> None:
        """Takes the layout for the terminal's width, which may have changed under a modal screen."""
        narrow = self.app.size.width < WIDE
        self.set_class(narrow, "-narrow")
        self.transcript.fit(narrow)

    def tick(self) -> None:
        self.frame += 1
        if self.asking is not None:
            self.show_status()

    @on(events.DescendantFocus)
    def show_status(self) -> None:
        """Draws the line under the transcript, the keys and the state."""
        asking, status = self.asking, self.query_one(Status)
        below = "" if self.transcript.following else "↓ more below (End)"
        status.hint = " · ".join(filter(None, (below, "esc stop" if asking else "")))
        spinner = SPINNER[self.frame % len(SPINNER)]
        status.doing = f"{spinner} {asking.doing} · {self.clock() - asking.since:.1f} s" if asking is not None else ""
        hints = keys.line(self.part, asking=asking is not None, reading=self.reading)
        self.query_one("#keys", Static).update(key_line(hints), layout=False)
        self.head.state = "answering" if self.state == "ready" and asking is not None else self.state

    def show_turns(self) -> None:
        """Draws the title, and the welcome if there are no turns."""
        turns = self.transcript.turns
        self.head.title, self.head.turns = turns[0].question if turns else "", len(turns)
        if not turns and self.coverage is not None:
            self.transcript.welcome(welcome(self.coverage, self.samples, self.sample))

    def show_sources(self, opened: str = "") -> None:
        self.side.list_turn(self.transcript.chosen, self.transcript.chosen_turn, opened)

    def say(self, sentence: str) -> None:
        """Shows a sentence for some seconds; once, however often it is said meanwhile."""
        now = self.clock()
        if now - self.said.get(sentence, -math.inf) > self.app.NOTIFICATION_TIMEOUT:
            self.said[sentence] = now
            self.notify(one_line(sentence), markup=False)


def help_content() -> Content:
    """Every key and its action, by the place where it acts."""
    parts: list[Part] = []
    for heading in dict.fromkeys(keys.PARTS.values()):
        parts.append((f"{heading}\n", BOLD))
        parts += [f"  {key.name:<22} {key.does}\n" for key in keys.KEYS if keys.PARTS[key.part] == heading]
    return Content.assemble(*parts, ("Esc closes", DIM))


class HelpScreen(ModalScreen[None]):
    """Every key of the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss", "Close", show=False)]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(help_content(), markup=False)


class PinScreen(ModalScreen[bool]):
    """The assertions of a turn as an eval case; closes with True if the user wants the case."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "dismiss(True)", "Pin", show=False),
        Binding("escape,n", "dismiss(False)", "Leave", show=False),
    ]

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self.lines = "\n".join(one_line(line) for line in lines)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(Content.assemble(self.lines, "\n\n", ("Enter pins it, Esc does not", DIM)), markup=False)
