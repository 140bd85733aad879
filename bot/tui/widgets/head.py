"""The line above: the product, the machine that gets text, the corpus under its filters, the state."""

from collections.abc import Sequence

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from bot.show.clean import one_line
from bot.tui.draw.base import BOLD, CAUTION, DIM, DROPS, FAULT, GOOD, WIDE, Part, counted, drops
from bot.tui.messages import FilterDropped

GAP = "   "
STATES = {"ready": GOOD, "answering": CAUTION, "loading": CAUTION}  # in all others nothing can be asked of a model


class Head(Widget):
    """One line. Product, host and state always stand; the filters, the corpus, the model and the title as they fit."""

    host: reactive[str | None] = reactive(None)
    chips: reactive[Sequence[str]] = reactive(())
    corpus: reactive[Sequence[str]] = reactive(())  # the same in words, the longest first
    title = reactive("")
    turns = reactive(0)
    saves = reactive(True)
    model = reactive("")
    state = reactive("loading")

    def __init__(self, model: str) -> None:
        super().__init__(id="head")
        self.set_reactive(Head.model, model)

    def render(self) -> RenderResult:
        width = self.size.width
        state = Content(one_line(f"● {self.state} ", width))
        host = f" → {one_line(self.host)}" if self.host else ""
        name = Content(one_line(f" footnote{host}", width - state.cell_length - 1))
        room = width - name.cell_length - state.cell_length - 1
        parts: list[Part] = [(name.plain, BOLD)]
        for drawn in self._middle(room):
            parts += [GAP, drawn]
            room -= len(GAP) + drawn.cell_length
        return Content.assemble(*parts, " " * max(1, room + 1), (state.plain, STATES.get(self.state, FAULT)))

    def _middle(self, room: int) -> list[Content]:
        """What fits between host and state: chips and corpus, then the model, then the title."""
        middle: list[Content] = []
        for words in (self._chips, self._corpus, self._model, self._conversation):
            room -= len(GAP)
            drawn = words(room)
            if not drawn.plain:
                room += len(GAP)
                continue
            middle.append(drawn)
            room -= drawn.cell_length
        return middle

    def _chips(self, room: int) -> Content:
        """Every filter with a sign that takes it away; their number where they do not fit beside the count."""
        told = [Content.assemble(f"[{one_line(chip, 30)} ", drops(at, "×"), "]") for at, chip in enumerate(self.chips)]
        whole = Content(" ").join(told)
        shortest = len(self.corpus[-1]) + len(GAP) if self.corpus else 0
        if whole.cell_length + shortest <= room:
            return whole
        return Content(one_line(f"[{counted(len(told), 'filter')}]", room))

    def _corpus(self, room: int) -> Content:
        return Content(next((words for words in self.corpus if Content(words).cell_length <= room), ""))

    def _model(self, room: int) -> Content:
        if self.model != "extract":
            words = [one_line(self.model if self.host else f"{self.model} (local)")]
        else:
            words = ["extract (no model, local)", "extract"][self.size.width < WIDE :]
        return Content(next((one for one in words if Content(one).cell_length <= room), ""))

    def _conversation(self, room: int) -> Content:
        """The title, cut so that the number of turns fits; without turns only whether they will be saved."""
        count = f" · {counted(self.turns, 'turn')}" + " · not saved" * (not self.saves)
        title = one_line(self.title, room - len(count)) if self.turns else ""
        if not self.turns and not self.saves:
            return Content("not saved").stylize(DIM)
        return Content(f"{title}{count}").stylize(DIM) if title else Content("")

    def on_click(self, event: events.Click) -> None:
        if DROPS in event.style.meta:
            self.post_message(FilterDropped(int(event.style.meta[DROPS])))


class Status(Widget):
    """The line over the prompt: a message or the step in progress at the left, a hint at the right."""

    said = reactive("", layout=True)
    doing = reactive("")
    hint = reactive("")

    def render(self) -> RenderResult:
        width = self.size.width
        hint = Content(one_line(self.hint, width))
        left = one_line(self.said or self.doing)
        if self.said and Content(left).cell_length + hint.cell_length >= width:
            return Content(left)
        room = width - hint.cell_length
        shown = Content(one_line(left, max(0, room - 1)))
        return Content.assemble(shown, " " * max(0, room - shown.cell_length), (hint.plain, DIM))
