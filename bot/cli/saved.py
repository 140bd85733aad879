"""`show` and `sessions`: the commands that open what was answered before."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, Typer

from bot.commands.options import SCREEN, Given, shares, utf8

if TYPE_CHECKING:
    from bot.conversation import Session

app = Typer(help="Saved conversations.", rich_markup_mode=None, no_args_is_help=True)


@shares(f"corpus {SCREEN}")
def show(
    given: Given,
    what: Annotated[str, Argument(metavar="N|ID", help="2 or a (last answer), s7:3/2, or an article's id.")],
    raw: Annotated[bool, Option("--raw", help="The article's text alone.")] = False,
    versions: Annotated[bool, Option("--versions", help="List the article's versions.")] = False,
    version: Annotated[int | None, Option("--version-number", metavar="V", help="An older version.")] = None,
    no_pager: Annotated[bool, Option("--no-pager", help="Print a long article at once.")] = False,
) -> None:
    """Show a quote inside its article.

    A number or letter is of the last answer; an id shows that article. What is longer than the terminal goes to $PAGER,
    or less.
    """
    from bot.commands import show as command

    command.show(given, utf8(what), version, raw=raw, versions=versions, pager=not no_pager)


@app.command("list")
@shares(f"corpus {SCREEN}")
def sessions_list(given: Given) -> None:
    """List saved conversations, the last used first."""
    saved = given.sessions.saved(given.settings.corpus if given.corpus else None)
    if given.json:
        _json(given, saved)
    elif saved:
        given.terminal.table(list(map(_row, saved)))
    else:
        given.terminal.note("nothing has been asked yet")


def _row(session: "Session") -> tuple[str, ...]:
    turns = f"{session.turns} turn{'' if session.turns == 1 else 's'}"
    return session.name, session.asked[:10], session.corpus, turns, session.title


def _json(given: Given, sessions: Iterable["Session"]) -> None:
    from bot.show.plain import SCHEMA_VERSION, picked

    listed = [
        {
            "session": session.name,
            **picked(session, "corpus title turns asked"),
            "hit": {**picked(session, "turn marks"), "text": session.hit} if session.hit else None,
        }
        for session in sessions
    ]
    given.terminal.json({"schema_version": SCHEMA_VERSION, "sessions": listed})


@app.command("search")
@shares(f"corpus {SCREEN}")
def sessions_search(given: Given, words: Annotated[str, Argument(help="What to look for.")]) -> None:
    """Find saved conversations by words of their questions, answers and titles, the best hit first."""
    from bot.commands.options import question
    from bot.show.clean import one_line

    wanted = question(words, "search", 'Search: footnote sessions search "WORDS"')
    found = given.sessions.search(wanted, given.settings.corpus if given.corpus else None)
    if given.json:
        _json(given, found)
        return
    for session in found:
        given.terminal.out("  ".join(map(one_line, _row(session))))
        if session.turn:
            given.terminal.out(given.terminal.marked(session.hit, 0, session.marks))
    if not found:
        given.terminal.note("nothing found")


@app.command("rename")
@shares("json quiet")
def sessions_rename(
    given: Given,
    session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")],
    title: Annotated[str, Argument(help="Its new title.")],
) -> None:
    """Give a saved conversation another title."""
    from bot.sessions import session_id

    key = session_id(session)
    given.sessions.rename(key, utf8(title))
    if given.json:
        _json(given, (one for one in given.sessions.saved() if one.id == key))
    else:
        given.terminal.note(f"renamed: s{key}")


@app.command("delete")
@shares("json quiet")
def sessions_delete(
    given: Given,
    session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")],
    yes: Annotated[bool, Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Delete a saved conversation with all its answers; on a terminal it asks first."""
    import typer

    from bot.errors import UsageError
    from bot.sessions import session_id
    from bot.show.clean import one_line

    key, asks = session_id(session), given.terminal.asks and not given.json
    deleted = given.sessions.named(key)
    if not (yes or asks):
        raise UsageError(f"Nothing was deleted: nobody can be asked about s{key}.", "Add --yes.")
    if yes or typer.confirm(f"Delete {deleted.name} “{one_line(deleted.title)}” for good?", err=True):
        given.sessions.delete(key)
        if given.json:
            _json(given, [deleted])
        else:
            given.terminal.note(f"deleted: {deleted.name} {deleted.title}")


@app.command("show")
@shares(SCREEN)
def sessions_show(given: Given, session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")]) -> None:
    """Print a saved conversation with its answers and quotes."""
    from bot.sessions import session_id
    from bot.show import plain
    from bot.show.clean import one_line
    from bot.show.terminal import course, refused, since, sources

    terminal, saved = given.terminal, given.sessions.conversation(session_id(session))
    if given.json:
        terminal.json(plain.conversation(saved))
        return
    for number, turn in enumerate(saved.turns, 1):
        answer = turn.answer
        terminal.out(f"{saved.name}:{number}  {one_line(turn.question)}\n")
        if answer is None:
            terminal.out("(no saved answer)")
        elif answer.refused:
            refused(terminal, answer)
        else:
            if not answer.drawn:
                terminal.flow(answer.text)
                terminal.end_flow()
            course(terminal, answer)
            sources(terminal, answer)
        if answer:
            since(terminal, answer)
        terminal.out()


@app.command("export")
@shares("json quiet")
def sessions_export(
    given: Given,
    session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")],
    file: Annotated[Path | None, Argument(metavar="FILE", help="A new file; without one it is printed.")] = None,
    form: Annotated[
        str | None, Option("--format", help="markdown, html, json, bibtex, ris or csl-json (default: by FILE's end).")
    ] = None,
) -> None:
    """Write a saved conversation with its quotes to a file, or its sources as references."""
    from bot.commands.export import export
    from bot.sessions import session_id
    from bot.show.export import form_of, written

    saved = given.sessions.conversation(session_id(session))
    form = "json" if given.json else form or (form_of(file.name) if file else "markdown")
    if file is None:
        given.terminal.out(written(saved, form).rstrip("\n"))
    else:
        given.terminal.note(export(saved, file, form))
