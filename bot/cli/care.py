"""`doctor`, `paths` and `keys`: the commands that look after Footnote's own files."""

from typing import Annotated

from typer import Argument, Exit, Option, Typer

from bot.cli.options import SCREEN, Given, shares
from bot.errors import ExitCode

app = Typer(help="Providers' keys.", rich_markup_mode=None, no_args_is_help=True)


@shares(f"corpus model {SCREEN}")
def doctor(
    given: Given,
    repair: Annotated[bool, Option("--repair", help="Rebuild both indexes from the record.")] = False,
    online: Annotated[bool, Option("--online", help="Ask the model that is set for a word, too.")] = False,
) -> None:
    """Check everything, and say what mends it."""
    from bot.commands import doctor as command
    from bot.credentials import Keys
    from bot.show.progress import bars

    terminal, settings, paths = given.terminal, given.settings, given.paths
    if repair:
        with bars(shown=terminal.lively) as report:
            command.repair(settings, given.folder, report)
    checks = command.examined(settings, paths, given.folder)
    if online:
        checks.append(command.online(settings, Keys(paths.keys_file).get))
    command.tell(checks, terminal, as_json=given.json)
    if command.failure(checks) is not None:
        raise Exit(ExitCode.CORPUS)


@shares(f"corpus {SCREEN}")
def paths(given: Given) -> None:
    """Print where Footnote keeps its files."""
    from bot.commands import paths as command

    command.paths(given.paths, given.folder, given.terminal, as_json=given.json)


@app.command("set")
@shares("quiet no_color")
def keys_set(
    given: Given,
    name: Annotated[str, Argument(metavar="NAME", help="The provider: openai, anthropic …")],
) -> None:
    """Keep a provider's key in a file that only you can read.

    The key is asked for and not shown, or read from stdin; an empty one takes it out.
    """
    from bot.commands import keys as command

    command.keep(name, given.paths, given.terminal)
