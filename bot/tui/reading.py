"""Reading: a footnote opens its article at the quote, and the article's own commands."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote as escaped

from textual import on, work

from bot.conversation import Quote
from bot.show.clean import clean, one_line
from bot.show.page import reference
from bot.tui import messages
from bot.tui.draw.article import Opening
from bot.tui.draw.sources import speaker
from bot.tui.view import ChatView
from store.errors import FootnoteError
from store.passage import Filters

FRAGMENT = 8  # words of a quote by which a browser finds it on a page


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
        await self.side.reader.show(Opening(article, quote, name, tuple(turn.quotes), speaker(turn, name)))
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

    def action_original(self) -> None:
        """Opens the web page of the open article at the quote; where there is none, or no browser, says where it is."""
        opening = self.side.reader.opening
        if not self.reading or opening is None:
            self.say("Open a footnote first.")
            return
        document = opening.article.document
        address = document.url or ""
        if not address.startswith(("http://", "https://")):
            self.say(f"This article has no web address; its file is {document.source}.")
            return
        address = f"{clean(address, lines=False)}#:~:text={_fragment(opening.quote.text)}"
        if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
            self.app.open_url(address)
            self.say("Opened in the browser.")
        else:
            self.app.copy_to_clipboard(address)
            self.say(f"There is no browser here; copied: {address}")

    def action_copy_quote(self) -> None:
        """Copies the open quote with its reference; while none is open, the chosen answer."""
        opening, turn = self.side.reader.opening, self.transcript.chosen_turn
        if self.reading and opening is not None:
            words = f"“{one_line(opening.quote.text)}”\n" if opening.name else ""
            self.app.copy_to_clipboard(f"{words}{reference(opening.article.document)}\n")
            self.say(f"Copied the {'quote with its ' if opening.name else ''}reference (OSC 52).")
        elif turn is not None and turn.answer is not None and turn.answer.text:
            told = "".join(f"[{c.number}] {reference(c.document)}\n" for c in turn.answer.citations)
            self.app.copy_to_clipboard(f"{clean(turn.answer.text)}\n{told}")
            self.say("Copied the answer with its sources (OSC 52).")
        else:
            self.say("There is nothing to copy yet.")

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
        self.say(f"The next questions ask {self.left.documents:,} of {self.whole.documents:,} articles.")


def _fragment(quote: str) -> str:
    """The first and last words of a quote, as a text fragment of an address names them."""
    words = quote.split()
    if len(words) <= 2 * FRAGMENT:
        return escaped(" ".join(words), safe="")
    ends = (" ".join(part) for part in (words[:FRAGMENT], words[-FRAGMENT:]))
    return ",".join(escaped(part, safe="") for part in ends)
