"""The lines above and below: corpus, model and conversation; the step in progress."""

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from bot.show.clean import one_line
from bot.tui.draw import BOLD, DIM, WIDE, counted

GAP = "   "


class Head(Widget):
    """One line: the product, the corpus, the model, the conversation, the state at the right."""

    host: reactive[str | None] = reactive(None)
    corpus = reactive("")
    title = reactive("")
    turns = reactive(0)
    state = reactive("loading")

    def __init__(self, model: str) -> None:
        super().__init__(id="head")
        self.model = model

    def render(self) -> RenderResult:
        state = f"● {self.state} "
        parts: list[tuple[str, Style]] = [(" footnote", BOLD)]
        room = self.size.width - len(parts[0][0]) - len(state) - 1
        for words, style in ((self.corpus, Style()), (self._model(), Style()), (self._conversation(room), DIM)):
            fitted = Content(one_line(words, room - len(GAP)))
            if fitted.plain:
                parts += [(GAP, Style()), (fitted.plain, style)]
                room -= len(GAP) + fitted.cell_length
        return Content.assemble(*parts, " " * max(1, room + 1), (state, BOLD))

    def _model(self) -> str:
        if self.model == "extract":
            return "extract (no model, local)" if self.size.width >= WIDE else "extract"
        return f"{self.model} → {self.host}" if self.host else f"{self.model} (local)"

    def _conversation(self, room: int) -> str:
        """The title, cut so that corpus, model and the number of turns fit too."""
        if not self.turns:
            return ""
        count = f" · {counted(self.turns, 'turn')}"
        used = sum(len(GAP) + len(words) for words in (self.corpus, self._model()))
        return one_line(self.title, room - used - len(GAP) - len(count)) + count


class Status(Widget):
    """One line under the transcript: the step in progress at the left, a hint at the right."""

    doing = reactive("")
    hint = reactive("")

    def render(self) -> RenderResult:
        hint = Content(one_line(self.hint, self.size.width))
        room = self.size.width - hint.cell_length
        doing = Content(one_line(self.doing, max(0, room - 1)))
        return Content.assemble(doing, " " * max(0, room - doing.cell_length), (hint.plain, DIM))
