"""`show` and `sessions`: the commands that open what was answered before."""

from typing import Annotated

from typer import Argument, Option, Typer

from bot.cli.options import SCREEN, Given, shares, utf8

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
    from store.corpus import Corpus

    terminal, as_json = given.terminal, given.json
    opened = Corpus(given.folder)
    target = command.target(utf8(what), given.sessions, given.settings.corpus, version)
    if versions:
        command.versions(opened, target, terminal, as_json=as_json)
    else:
        command.article(opened, target, terminal, raw=raw, as_json=as_json, pager=not no_pager)


@app.command("list")
@shares(f"corpus {SCREEN}")
def sessions_list(given: Given) -> None:
    """List saved conversations, the last used first."""
    from bot.commands import sessions as command

    corpus = given.settings.corpus if given.corpus else None
    command.listed(given.sessions, corpus, given.terminal, as_json=given.json)


@app.command("show")
@shares(SCREEN)
def sessions_show(given: Given, session: Annotated[str, Argument(metavar="ID", help="A session such as s7.")]) -> None:
    """Print a saved conversation with its answers and quotes."""
    from bot.commands import sessions as command
    from bot.sessions import session_id

    command.show(given.sessions, session_id(session), given.terminal, as_json=given.json)
