"""Reading: a footnote opens its article at the quote, and the article's own commands."""

from collections.abc import Callable
from dataclasses import replace

from textual import on, work

from bot.conversation import Quote
from bot.tui import messages
from bot.tui.draw.article import Opening
from bot.tui.draw.base import counted
from bot.tui.draw.sources import speaker
from bot.tui.view import ChatView
from store.errors import FootnoteError
from store.passage import Filters


class ReadingScreen(ChatView):
    """The chat's picture, with articles that open, close and follow one another."""

    browsed = False  # whether the open article was taken from the list of articles, without a quote

    @on(messages.QuoteChosen)
    def quote_chosen(self, message: messages.QuoteChosen) -> None:
        self.set_focus(self.prompt)  # a click opens, and what is typed next is a question
        self.action_open(message.name)

    def action_open(self, name: str, focus: bool = False) -> None:
        """Opens the article of a quote of the chosen turn; with `focus` its keys act next."""
        quotes = self.transcript.quotes
        if name in quotes:
            self.fetch(quotes[name], name, focus)
        else:
            self.say(f"This answer has no footnote {name}; it has {', '.join(quotes) or 'none'}.")

    @work(group="fetch", exclusive=True)
    async def fetch(self, quote: Quote, name: str, focus: bool) -> None:
        try:
            article = await self.engine.article(quote)
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")
            return
        turn = self.transcript.chosen_turn
        if turn is None or turn.quotes.get(name) != quote:  # another turn was chosen meanwhile
            return
        self.add_class("-reading")
        self.browsed = False
        self.show_sources(name)
        said, mark = speaker(turn, name), turn.marks.get(name)
        await self.side.reader.show(Opening(article, quote, name, tuple(turn.quotes), said, mark))
        if focus:
            self.set_focus(self.side.reader.text)
        self.show_status()

    def close_article(self) -> None:
        """Shows the transcript and all sources again; the prompt has the focus."""
        if self.reading:
            self.remove_class("-reading")
            self.show_sources()
            self.set_focus(self.prompt)

    def action_step(self, by: int) -> None:
        """Opens the footnote after or before the open one; without one the first."""
        names, name = list(self.transcript.quotes), self.side.reader.name_shown
        if not self.reading:
            names, index = names[:1], 0
        elif name in names:
            index = names.index(name) + by
        else:
            return
        if 0 <= index < len(names):
            self.action_open(names[index], self.part == "reader")

    def action_only(self) -> None:
        """Asks the next questions of the open article alone."""
        opening = self.side.reader.opening
        if not self.reading or opening is None:
            self.say("Open a footnote first.")
            return
        document = opening.article.document
        self.titles[document.id] = document.title
        self.limit(lambda filters: replace(filters, documents=(document.id,)))
        self.set_focus(self.prompt)

    @work(group="limit")
    async def limit(self, changed: Callable[[Filters], Filters]) -> None:
        """Asks the next questions under other filters; one change after the other."""
        async with self.limiting:
            try:
                self.filters = await self.engine.limit(changed(self.filters))
                self.whole, self.left = await self.engine.extent()
            except FootnoteError as error:
                self.say(f"{error.message} {error.next}")
                return
        self.show_corpus()
        self.show_turns()
        assert self.left is not None
        asked = f"{self.left.documents:,} of" if self.left.documents < self.whole.documents else "all"
        self.say(f"The next questions ask {asked} {counted(self.whole.documents, 'article')}.")
