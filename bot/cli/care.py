"""`calibrate`, `doctor`, `paths` and `keys`: the commands that look after Footnote's own files."""

import sys
from typing import Annotated

import typer
from typer import Argument, Option, Typer

from bot.commands.options import SCREEN, Given, shares
from bot.errors import UsageError

app = Typer(help="Providers' keys.", rich_markup_mode=None, no_args_is_help=True)


@shares(f"corpus model {SCREEN}")
def doctor(
    given: Given,
    repair: Annotated[bool, Option("--repair", help="Rebuild both indexes from the record.")] = False,
    online: Annotated[bool, Option("--online", help="Ask the model that is set for a word, too.")] = False,
) -> None:
    """Check everything, and say what mends it."""
    from bot.commands import doctor as command

    command.doctor(given, repair=repair, online=online)


@shares(f"corpus {SCREEN}")
def calibrate(
    given: Given,
    pairs: Annotated[
        int | None, Option("--pairs", min=12, max=5000, help="How many (default: as many as 8 seconds allow).")
    ] = None,
    save: Annotated[bool, Option("--save", help="Keep the threshold for this corpus.")] = False,
) -> None:
    """Fit the threshold of an answer to the corpus.

    Questions made of its own sentences are asked with and without the articles that answer them. A threshold that a
    variable or config.toml sets goes before the fitted one.
    """
    from bot.commands import calibrate as command

    command.calibrate(given, pairs=pairs, save=save)


@shares(f"corpus {SCREEN}")
def paths(given: Given) -> None:
    """Print where Footnote keeps its files."""
    from bot.show.clean import one_line
    from bot.show.plain import SCHEMA_VERSION

    places = given.paths
    listed = {
        "config": places.config_file, "data": places.data, "corpora": places.corpora, "corpus": given.folder,
        "sessions": places.sessions_file,
    }  # fmt: skip
    if given.json:
        given.terminal.json({"schema_version": SCHEMA_VERSION, **{name: str(path) for name, path in listed.items()}})
        return
    for name, path in listed.items():
        given.terminal.out(f"{name:9} {one_line(str(path))}")


@app.command("set")
@shares("quiet no_color")
def keys_set(
    given: Given, name: Annotated[str, Argument(metavar="NAME", help="The provider: openai, anthropic …")]
) -> None:
    """Keep a provider's key in a file that only you can read.

    The key is asked for and not shown, or read from stdin; an empty one takes it out.
    """
    from bot.credentials import Keys

    if sys.stdin.isatty():
        key = typer.prompt(f"Key for {name}", hide_input=True, default="", show_default=False, err=True)
    else:
        key = sys.stdin.readline()
        if not key:  # a closed or empty stdin is no wish to lose the key
            raise UsageError("No key came on stdin.", "Send one on a line; an empty line takes out the one kept.")
    given.paths.ensure(given.paths.config)
    Keys(given.paths.keys_file).set(name, key)
    state = f"kept in {given.paths.keys_file}" if key.strip() else "taken out"
    given.terminal.note(f"the key for {name} is {state}")
