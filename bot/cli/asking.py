"""`ask`, `chat` and `search`: the commands that take a question."""

from typing import Annotated

from typer import Argument, Exit, Option

from bot.cli import mount
from bot.cli.options import FILTERS, SCREEN, Given, on_terminal, question, shares
from bot.errors import ExitCode, UsageError

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
) -> None:
    """Ask one question.

    The answer is sentences with quotes, or a refusal with the closest passages (exit 4).
    """
    from bot import build
    from bot.commands import ask as command
    from bot.conversation import Conversation
    from bot.credentials import Keys
    from bot.sessions import session_id
    from bot.show.progress import bars

    wanted, filters, sessions = question(words), given.filters, given.sessions
    corpus, terminal = given.settings.corpus, given.terminal
    earlier = session_id(given.session) if given.session is not None else sessions.last(corpus) if given.go_on else None
    if earlier is not None:
        sessions.check(earlier, corpus)
    key = Keys(given.paths.keys_file).get
    with bars(shown=terminal.lively) as report:
        bot = build.bot(given.settings, given.folder, terminal.note, key=key, strict=given.strict, report=report)
    answer = command.ask(
        bot,
        wanted,
        bot.corpus.resolved(filters),
        terminal,
        command.Saving(sessions, corpus, terminal, on=not no_save),
        conversation=sessions.conversation(earlier) if earlier is not None else Conversation(),
        session=earlier,
        form="json" if given.json else "jsonl" if given.jsonl else "text",
        stream=not no_stream,
    )
    if answer.outcome == "cut":
        raise Exit(ExitCode.PROVIDER)
    if answer.refused and not abstain_ok:
        raise Exit(ExitCode.REFUSED)


@shares(ASKING)
def chat(given: Given) -> None:
    """Ask in a conversation, on a screen of its own.

    The same as `footnote` alone on a terminal. F1 shows the keys.
    """
    if not on_terminal():
        raise UsageError("The chat needs a terminal.", 'Ask one question with: footnote ask "QUESTION"')
    from bot.commands import chat as command

    engine = command.Live(
        given.settings,
        given.paths,
        given.filters,
        pin=mount.pin,
        session=given.session,
        go_on=given.go_on,
        strict=given.strict,
    )
    command.run(engine)


@shares(f"corpus {FILTERS} as_of k {SCREEN}")
def search(given: Given, words: Annotated[str, Argument(help="What to look for.")]) -> None:
    """Find passages, without an answer."""
    from bot import build
    from bot.commands import search as command
    from bot.show.progress import bars

    wanted, filters = question(words), given.filters
    with bars(shown=given.terminal.lively) as report:
        bot = build.bot(given.settings, given.folder, given.terminal.note, report=report)
    command.search(bot, wanted, bot.corpus.resolved(filters), given.terminal, as_json=given.json)
