"""The lines above and below: what is asked and by whom, what is going on, and the keys of the moment."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from bot.show.clean import one_line
from bot.tui.draw import BOLD, DIM

GAP = "   "
WIDE = 110  # columns from which there is room for long words


class Head(Widget):
    """One line: the product, the corpus, the model, the conversation, the state at the right."""

    def __init__(self, model: str) -> None:
        super().__init__(id="head")
        self.model = model
        self.host: str | None = None
        self.corpus = ""
        self.title = ""
        self.turns = 0
        self.state = "loading"

    def tell(self, **facts: object) -> None:
        """Changes some of the facts and draws the line anew."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.refresh()

    def render(self) -> RenderResult:
        width = self.size.width
        state = f"● {self.state} "
        parts: list[tuple[str, Style]] = [(" footnote", BOLD)]
        room = width - len(parts[0][0]) - len(state) - 1
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
        if not self.turns:
            return ""
        count = f" · {self.turns} turn{'' if self.turns == 1 else 's'}"
        taken = sum(len(GAP) + len(words) for words in (self.corpus, self._model()))
        return one_line(self.title, room - taken - len(GAP) - len(count)) + count


class Status(Widget):
    """One line under the transcript: what is going on, or that there is more below."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self.words = ""
        self.hint = ""

    def tell(self, words: str, hint: str) -> None:
        if (words, hint) != (self.words, self.hint):
            self.words, self.hint = words, hint
            self.refresh()

    def render(self) -> RenderResult:
        width = self.size.width
        hint = one_line(self.hint, width)
        words = Content(one_line(self.words, max(0, width - Content(hint).cell_length - 1)))
        gap = width - words.cell_length - Content(hint).cell_length
        return Content.assemble(words, " " * max(0, gap), (hint, DIM))


class KeyLine(Widget):
    """One line at the bottom: the most useful keys where the focus is."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self.told: list[tuple[str, str]] = []

    def tell(self, told: list[tuple[str, str]]) -> None:
        if told != self.told:
            self.told = told
            self.refresh()

    def render(self) -> RenderResult:
        parts: list[str | tuple[str, Style]] = [" "]
        for key, does in self.told:
            parts += [(key, BOLD), (f" {does}  ", DIM)]
        return Content.assemble(*parts)
