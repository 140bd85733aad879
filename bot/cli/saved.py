"""`show` and `sessions`: the commands that open what was answered before."""

from typing import Annotated

from typer import Argument, Option, Typer

from bot.commands.options import SCREEN, Given, shares, utf8

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
    from bot.show.plain import SCHEMA_VERSION, picked

    saved = given.sessions.saved(given.settings.corpus if given.corpus else None)
    if given.json:
        listed = [{"session": session.name, **picked(session, "corpus title turns asked")} for session in saved]
        given.terminal.json({"schema_version": SCHEMA_VERSION, "sessions": listed})
    elif saved:
        counts = [f"{session.turns} turn{'' if session.turns == 1 else 's'}" for session in saved]
        rows = [(s.name, s.asked[:10], s.corpus, count, s.title) for s, count in zip(saved, counts, strict=True)]
        given.terminal.table(rows)
    else:
        given.terminal.note("nothing has been asked yet")


@app.command("show")
@shares(SCREEN)
def sessions_show(given: Given, session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")]) -> None:
    """Print a saved conversation with its answers and quotes."""
    from bot.conversation import Place
    from bot.errors import NotThere
    from bot.sessions import session_id
    from bot.show import plain
    from bot.show.clean import one_line
    from bot.show.terminal import refused, since, sources

    terminal, key = given.terminal, session_id(session)
    turns = [(Place(key, number), *turn) for number, turn in enumerate(given.sessions.turns(key), 1)]
    if not turns:
        raise NotThere(f"There is no session s{key}.", "List them with: footnote sessions list")
    if given.json:
        listed = [
            {"question": question, "answer": None if answer is None else plain.ask(answer, place)}
            for place, question, answer in turns
        ]
        terminal.json({"schema_version": plain.SCHEMA_VERSION, "session": f"s{key}", "turns": listed})
        return
    for place, question, answer in turns:
        terminal.out(f"{place}  {one_line(question)}\n")
        if answer is None:
            terminal.out("(no saved answer)")
        elif answer.refused:
            refused(terminal, answer)
        else:
            terminal.flow(answer.text)
            terminal.end_flow()
            sources(terminal, answer)
        if answer:
            since(terminal, answer)
        terminal.out()
