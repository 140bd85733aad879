"""`ask`, `chat` and `search`: the commands that take a question."""

import gc
import os
from typing import Annotated, Any

from typer import Argument, Option

from bot.cli import mount
from bot.commands import completion
from bot.commands.options import FILTERS, SCREEN, Given, on_terminal, question, shares
from bot.errors import UsageError

WEB = "textual.drivers.web_driver:WebDriver"
ASKING = f"corpus model {FILTERS} as_of k go_on session strict"


@shares(f"{ASKING} {SCREEN} jsonl")
def ask(
    given: Given,
    words: Annotated[
        str | None, Argument(metavar="QUESTION", help="The question; - or nothing reads it from stdin.")
    ] = None,
    no_stream: Annotated[bool, Option("--no-stream", help="Print the answer when it is whole.")] = False,
    no_save: Annotated[bool, Option("--no-save", help="Save nothing.")] = False,
    abstain_ok: Annotated[bool, Option("--abstain-ok", help="Exit 0 on a refusal too.")] = False,
    again: Annotated[
        str | None,
        Option(
            metavar="TURN", help="Ask a saved turn such as s7:3 again: what changed?", autocompletion=completion.turns
        ),
    ] = None,
) -> None:
    """Ask one question.

    The answer is sentences with quotes, or a refusal with the closest passages (exit 4).
    """
    from bot.commands import ask as command

    if again is None:
        command.ask(given, question(words), stream=not no_stream, save=not no_save, abstain_ok=abstain_ok)
    elif words is None:
        command.again(given, again, stream=not no_stream, save=not no_save, abstain_ok=abstain_ok)
    else:
        raise UsageError("--again asks the question of a saved turn.", "Leave out the question, or --again.")


@shares(f"{ASKING} {SCREEN}")
def timeline(
    given: Given,
    topic: Annotated[str, Argument(metavar="TOPIC", help="What the course of events is of.")],
    csv: Annotated[str | None, Option("--csv", metavar="FILE", help="Write it as CSV; - for stdout.")] = None,
    html: Annotated[str | None, Option("--html", metavar="FILE", help="Write it as one page to keep.")] = None,
    force: Annotated[bool, Option("--force", help="Write over a file that is there.")] = False,
    no_save: Annotated[bool, Option("--no-save", help="Save nothing.")] = False,
    abstain_ok: Annotated[bool, Option("--abstain-ok", help="Exit 0 on a refusal too.")] = False,
) -> None:
    """Tell the course of a topic, in order of time.

    Every event is a quote with its day; a topic that the articles do not hold is refused (exit 4).
    """
    from bot.commands import timeline as command

    topic = question(topic, "topic", 'Name one: footnote timeline "TOPIC"')
    command.timeline(given, topic, csv, html, force=force, save=not no_save, abstain_ok=abstain_ok)


@shares(ASKING)
def chat(
    given: Given,
    no_save: Annotated[bool, Option("--no-save", help="Save nothing.")] = False,
    serve: Annotated[bool, Option("--serve", help="Show the screen in a browser on this machine.")] = False,
    port: Annotated[int, Option(min=1, max=65535, help="The port of --serve.")] = 8000,
) -> None:
    """Ask in a conversation, on a screen of its own.

    The same as `footnote` alone on a terminal. F1 shows the keys.
    """
    served = os.environ.get("TEXTUAL_DRIVER") == WEB  # this is the chat of one tab
    if serve and not served:
        _serve(given, port)
        return
    if not (served or on_terminal()):
        raise UsageError("The chat needs a terminal.", 'Ask one question with: footnote ask "QUESTION"')
    gc.disable()  # until the first frame: what is imported and made for it stays
    from bot.commands.chat import Live
    from bot.settings import keys
    from bot.tui.app import Chat

    chosen = given.settings, given.paths, given.filters
    how: dict[str, Any] = {"session": given.session, "go_on": given.go_on, "strict": given.strict, "saves": not no_save}
    if keymap := keys():
        from bot.tui.keymap import use

        use(keymap)
    app = Chat(Live(*chosen, pin=mount.pin, **how), theme=given.settings.theme, keymap=keymap)
    error = app.run()
    if error is not None:
        raise error
    if app.return_code:  # of SIGTERM
        raise SystemExit(app.return_code)


def _serve(given: Given, port: int) -> None:
    """Serves the chat to a browser until Ctrl-C."""
    try:
        from bot.commands.serve import serve
    except ImportError as error:
        said = "The chat in a browser needs a package that is not installed."
        raise UsageError(said, 'Install it: pip install "footnote-news[serve]"') from error

    def tell(lines: str) -> None:
        given.terminal.out(lines)
        given.terminal.flush()  # who waits for the address may read a pipe

    serve(port, tell)


@shares(f"corpus {FILTERS} as_of k {SCREEN}")
def search(given: Given, words: Annotated[str, Argument(help="What to look for.")]) -> None:
    """Find passages, without an answer."""
    from bot import build
    from bot.question import query
    from bot.show import plain
    from bot.show.terminal import heading

    wanted = question(words, "search", 'Search: footnote search "WORDS"')
    terminal = given.terminal
    with terminal.bars() as report:
        corpus = build.corpus(given.settings, given.folder, terminal.note, report)
    found = corpus.search(query(wanted, corpus.resolved(given.filters), given.settings.k))
    if given.json:
        terminal.json(plain.search(wanted, found))
        return
    passages = found.passages
    for notice in (*found.missing, *([] if passages else ["nothing found"])):
        terminal.note(notice)
    for number, passage in enumerate(passages, 1):
        heading(terminal, f"{number} ", passage.document, f" · {passage.document.id}")
        terminal.out(terminal.marked(passage.text, passage.start, []))
