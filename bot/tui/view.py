"""The picture of the chat screen: its parts, its state, and how the state is drawn."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from bot.conversation import Place, Session
from bot.show.clean import one_line
from bot.tui import keys
from bot.tui.draw.base import WIDE, command_list, key_line
from bot.tui.draw.corpus import chips, described, left_of, welcome, years
from bot.tui.engine import Engine
from bot.tui.widgets.find import FindBar
from bot.tui.widgets.head import Head, Status
from bot.tui.widgets.prompt import Prompt
from bot.tui.widgets.side import Side
from bot.tui.widgets.transcript import Transcript
from store.passage import Coverage, Filters

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
OTHERS = 10  # lines beside the list of commands: header, prompt, the lines around it, some of the answer
TICK = 0.1  # seconds between two frames of the spinner
UNFINISHED = ("stopped", "cut", "error")  # outcomes after which a question is worth asking again
STANDS = 8.0  # seconds that a message stands in the status line


@dataclass(slots=True)
class Asking:
    """The step of the question in progress, which is that of the last turn."""

    since: float  # the clock's time at which the step began
    doing: str = "waits for the corpus"
    saving: asyncio.Task[Place | None] | None = None  # None until the corpus is open
    again: Place | None = None  # the saved turn whose question is asked again
    over: bool = False  # whether the whole answer is there, and is being saved


class ChatView(Screen[None]):
    """Transcript, sources and prompt. Draws its state and takes no message that changes it."""

    AUTO_FOCUS = "Prompt"

    def __init__(self, engine: Engine, *, clock: Callable[[], float], lively: bool) -> None:
        super().__init__()
        self.engine, self.clock, self.lively = engine, clock, lively
        self.head, self.transcript, self.side, self.prompt = Head(engine.model), Transcript(), Side(), Prompt()
        self.find_bar = FindBar(lively=lively)
        self.state: Literal["loading", "ready", "offline", "no corpus", "closed"] = "loading"
        self.whole: Coverage | None = None  # the corpus; None until it is open
        self.left: Coverage | None = None  # what its filters leave
        self.filters = Filters()
        self.titles: dict[str, str] = {}  # of articles that are asked alone, by their ids
        self.samples: tuple[str, ...] = ()
        self.sample = 0  # the index of the one that Enter asks
        self.asking: Asking | None = None
        self.queued: list[str] = []  # questions that are asked when the one in progress is answered
        self.session: int | None = None  # None until a turn of a new conversation is saved
        self.before: int | None = None  # the number of the turn before which the next question branches off
        self.named = ""  # the conversation's title, where it has one of its own
        self.last: Session | None = None  # the conversation before this one, offered while this one is empty
        self.limiting = asyncio.Lock()  # held while the filters change
        self.drafting = asyncio.Lock()  # held while the unsent text is saved
        self.listed = -1  # the key of the turn whose sources the pane lists
        self.message: Timer | None = None  # takes the message in the status line away
        self.frame = 0  # of the spinner

    def compose(self) -> ComposeResult:
        yield self.head
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield self.transcript
            yield self.side
        yield Static("", id="commands", markup=False)
        yield self.find_bar
        yield Static("", id="ingest", markup=False)
        yield Status(id="status")
        yield Static("", id="why", markup=False)
        with Horizontal(id="asking"):
            yield Static("❯", id="sign", markup=False)
            yield self.prompt
        yield Static("", id="keys", markup=False)

    def on_mount(self) -> None:
        self.prompt.cursor_blink = self.lively
        for name in ("scroll_y", "virtual_size", "size"):
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

    def typing(self, event: events.Event) -> bool:
        """Whether an event belongs to the next question: a paste, or a key that is no command where the focus is."""
        if not isinstance(event, events.Key):
            return isinstance(event, events.Paste)
        printable = event.is_printable and not event.key.startswith("alt+")
        part = self.part if self.transcript.turns else "prompt"  # before the first question there is nothing to open
        return printable and not keys.acts(part, event.key, self.transcript.quotes, failed=self.failed)

    @property
    def failed(self) -> bool:
        """Whether an error ended the chosen answer."""
        turn = self.transcript.chosen_turn
        return turn is not None and turn.answer is not None and turn.answer.outcome == "error"

    @on(events.Resize)
    @on(events.ScreenResume)
    def fit(self) -> None:
        """Takes the layout for the terminal's width, which may have changed under a modal screen."""
        narrow = self.app.size.width < WIDE
        self.set_class(narrow, "-narrow")
        self.transcript.fit(narrow)

    @property
    def wanting(self) -> str:
        """Why nothing can be done with the corpus yet."""
        return self.prompt.closed or "The corpus is still loading."

    def tick(self) -> None:
        self.frame += 1
        if self.asking is not None:
            self.show_status()

    @on(events.DescendantFocus)
    def show_status(self) -> None:
        """Draws the line over the prompt, the keys and the state."""
        asking, status = self.asking, self.query_one(Status)
        status.hint = " · ".join(self.hints())
        spinner = SPINNER[self.frame % len(SPINNER)]
        status.doing = f"{spinner} {asking.doing} · {self.clock() - asking.since:.1f} s" if asking is not None else ""
        doing = {"asking": asking is not None, "reading": self.reading, "closed": bool(self.prompt.closed)}
        opening = self.side.reader.opening if self.part == "reader" else None
        names = self.transcript.quotes if opening is None else opening.names
        hints = keys.line(self.part, names, **doing)
        self.query_one("#keys", Static).update(key_line(hints, self.size.width), layout=False)
        self.head.state = "answering" if self.state in ("ready", "offline") and asking is not None else self.state

    def hints(self) -> list[str]:
        """What a key would do now, wherever the focus is."""
        turn = self.transcript.chosen_turn
        hidden = self.reading and self.transcript.narrow
        hints = [] if hidden or self.transcript.following else [f"↓ more below ({keys.hint('chat_follow')})"]
        if self.queued:
            hints.append(f"{len(self.queued)} queued")
        if self.asking is not None and not self.reading:
            hints.append("esc stop")
        if self.before is not None and self.asking is None:
            hints.append("Enter asks in a new conversation")
        again = turn is not None and (turn.lost if turn.answer is None else turn.answer.outcome in UNFINISHED)
        if self.asking is None and again:
            hints.append(f"{keys.hint('retry')} asks again")
        if self.failed:
            hints.append(f"{keys.hint('log')} log")
        return hints

    @on(TextArea.Changed, "#prompt")
    def show_commands(self) -> None:
        """Lists the commands that the text in the prompt may become."""
        commands = keys.matching(self.prompt.text)
        listed = self.query_one("#commands", Static)
        if listed.display != bool(commands):
            listed.display = bool(commands)
        if commands:
            listed.update(command_list(commands, max(3, self.size.height - OTHERS)))

    def show_turns(self) -> None:
        """Draws the title, and the welcome if there are no turns."""
        turns = self.transcript.turns
        self.head.title, self.head.turns = self.named or (turns[0].question if turns else ""), len(turns)
        self.head.saves = self.engine.saves
        self.prompt.earlier = tuple(dict.fromkeys(turn.question for turn in turns))
        if not turns and self.whole is not None:
            self.transcript.welcome(welcome(self.left or self.whole, self.samples, self.sample, self.last))

    def show_corpus(self) -> None:
        """Draws the counts of the corpus and its filters in the header."""
        if self.whole is None:
            return
        left = self.left or self.whole
        shorter = left_of(self.whole, left) if self.filters.hides else described(self.whole).split(" · ")[0]
        self.head.corpus = tuple(dict.fromkeys((" · ".join(filter(None, (shorter, years(left)))), shorter)))
        self.head.chips = tuple(words for words, _ in self.chips)

    @property
    def chips(self) -> list[tuple[str, Filters]]:
        """The filters as the header shows them, each with what stays without it."""
        turn = self.transcript.chosen_turn
        around = turn.answer.around if turn is not None and turn.answer is not None else ()
        return chips(self.filters, self.titles, around)

    def show_sources(self, opened: str = "") -> None:
        """Lists the sources of the chosen turn, and marks the footnote whose article is open here and in the answer."""
        self.listed = self.transcript.chosen
        self.side.list_turn(self.listed, self.transcript.chosen_turn, opened)
        self.transcript.mark(opened)

    def say(self, sentence: str) -> None:
        """Shows a sentence in the status line for some seconds."""
        if self.message is not None:
            self.message.stop()
        self.query_one(Status).said = one_line(sentence)
        if self.lively and sentence:
            self.message = self.set_timer(STANDS, self.unsay)

    def unsay(self) -> None:
        self.say("")
