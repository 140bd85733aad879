"""What leaves the terminal: copies, exports, the original of an article, marks, and a question for the editor."""

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import get_args

from textual import work
from textual.app import SuspendNotSupported

from bot.conversation import Mark, Place
from bot.show.clean import clean, one_line
from bot.show.page import address, reference
from bot.tui import clipboard
from bot.tui.draw.article import Opening
from bot.tui.shelves import ShelvesScreen
from store.errors import FootnoteError

MARKS: tuple[Mark, ...] = get_args(Mark)
OPEN_FIRST = "Open a footnote first."


class SharingScreen(ShelvesScreen):
    """The chat with what it gives away."""

    @property
    def opening(self) -> Opening | None:
        """The open article with its quote; None while none is open."""
        return self.side.reader.opening if self.reading else None

    def action_original(self) -> None:
        """Opens the web page of the open article at the quote, else its file; without a browser tells where it is."""
        if (opening := self.opening) is None:
            self.say(OPEN_FIRST)
            return
        file = opening.article.file
        at = address(opening.article.document, opening.quote) or (file.as_uri() if file and file.exists() else "")
        if not at:
            gone = file or opening.article.document.source
            self.say(f"This article has no web address, and its file is gone: {gone}")
        elif self.app.is_web or sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
            self.app.open_url(at)
            self.say("Opened in the browser.")
        else:
            self.copy(at, f"the address, for there is no browser here: {at}")

    def action_copy_quote(self) -> None:
        """Copies the open quote with its reference; while none is open, the chosen answer with its sources."""
        if (opening := self.opening) is not None:
            quote = f"“{one_line(opening.quote.text)}”" if opening.name else ""
            told = (quote, reference(opening.article.document), address(opening.article.document, opening.quote))
            what = "the quote with its reference" if quote else "the reference"
            self.copy("".join(f"{line}\n" for line in told if line), what)
        else:
            self.copy_answer(sources=True)

    def action_copy_answer(self) -> None:
        self.copy_answer(sources=False)

    def copy_answer(self, *, sources: bool) -> None:
        """Copies the chosen answer, with or without the references of its footnotes."""
        turn = self.transcript.chosen_turn
        answer = turn.answer if turn is not None else None
        if answer is None or not answer.text:
            self.say("There is nothing to copy yet.")
            return
        told = "".join(f"[{c.number}] {reference(c.document)}\n" for c in answer.citations) if sources else ""
        self.copy(f"{clean(answer.text)}\n{told}", f"the answer with{'' if told else 'out'} its sources")

    @work(group="copy")
    async def copy(self, text: str, what: str) -> None:
        """Copies a text and says what was copied, and how."""
        self.say(f"Copied ({await clipboard.copied(self.app, text)}) {what}")

    def action_export(self, path: str = "") -> None:
        if self.session is None:
            self.say("There is no saved conversation yet.")
        else:
            self.export(self.session, path)

    @work(group="export", exclusive=True)
    async def export(self, session: int, path: str) -> None:
        try:
            self.say(await self.engine.export(session, path))
        except FootnoteError as error:
            self.say(f"{error.message} {error.next}")

    def action_next_mark(self) -> None:
        """Marks the open footnote as checked, then as wrong, then as of use, then not at all."""
        if (opening := self.opening) is not None:
            states = (None, *MARKS)
            self.mark(states[(states.index(opening.mark) + 1) % len(states)])
        else:
            self.say(OPEN_FIRST)

    def action_mark(self, word: str) -> None:
        """Marks the open footnote with a word; with "none" or nothing takes the mark away."""
        found = next((mark for mark in MARKS if mark == word.casefold()), None)
        if found is None and word.casefold() not in ("", "none"):
            self.say(f"A mark is {', '.join(MARKS)} or none.")
        else:
            self.mark(found)

    def mark(self, mark: Mark | None) -> None:
        opening = self.opening
        if opening is None or not opening.name.isdecimal():
            self.say(OPEN_FIRST)
        elif self.session is None:
            self.say("Only a footnote of a saved answer can be marked.")
        else:
            self.save_mark(Place(self.session, self.transcript.chosen + 1), opening.name, mark)

    @work(group="mark")
    async def save_mark(self, place: Place, name: str, mark: Mark | None) -> None:
        try:
            await self.engine.mark(place, int(name), mark)
        except FootnoteError as error:
            self.say(f"The mark was not saved: {error.message} {error.next}")
            return
        turns, key = self.transcript.turns, place.turn - 1
        if place.session == self.session and key < len(turns):
            kept = {one: note for one, note in turns[key].marks.items() if one != name}
            turns[key] = replace(turns[key], marks=kept | ({name: mark} if mark else {}))
            self.transcript.redraw(key)
            self.side.reader.mark(name, mark)
            self.show_sources(self.side.reader.name_shown if self.reading else "")
        self.say(f"Footnote {name} is marked: {mark}." if mark else f"Footnote {name} is not marked.")

    def action_editor(self) -> None:
        """Writes the question in the prompt on in $VISUAL or $EDITOR."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if self.asking is not None:
            self.say("The editor opens when the answer is there; Esc stops it.")
        elif not editor:
            self.say("No editor is named: set EDITOR, for instance to nano.")
        else:
            self.edit(shlex.split(editor))

    def edit(self, editor: list[str]) -> None:
        """Runs an editor on the question, the screen put aside; one that fails changes nothing."""
        with tempfile.TemporaryDirectory() as folder:  # which only the user may read
            file = Path(folder) / "question.md"
            file.write_text(self.prompt.whole, encoding="utf-8")
            try:
                with self.app.suspend():
                    done = subprocess.run([*editor, file], check=False)
            except (OSError, SuspendNotSupported) as error:
                self.say(f"The editor {editor[0]} cannot be started: {error}")
                return
            if done.returncode:
                self.say(f"The editor ended with code {done.returncode}; the question stays as it was.")
                return
            self.prompt.write(clean(file.read_text(encoding="utf-8", errors="replace")).rstrip("\n"))
        self.set_focus(self.prompt)
