"""The tree of commands, in the order of `footnote --help`."""

from typing import Annotated

import typer

from bot import __version__
from bot.cli import asking, care, corpus, mount, saved

EXIT_CODES = """Exit codes: 0 answered or done; 1 unexpected; 2 usage or settings; 3 provider or network;
4 refused (0 with --abstain-ok); 5 corpus missing, empty, damaged, locked, newer, or the disk full;
6 eval regression; 7 eval run invalid; 130 Ctrl-C; 143 SIGTERM."""

app = typer.Typer(
    help="Ask a folder of news articles. Every sentence of an answer carries a quote that stands in an article.",
    epilog=EXIT_CODES,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"footnote {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:  # alone on a terminal it would be the chat: see `bot.cli.main.run`
        typer.echo(context.get_help())


for command in (
    corpus.ingest, corpus.forget, asking.ask, asking.timeline, asking.chat, asking.search, saved.show, corpus.sources,
    corpus.corpora, care.doctor, care.calibrate, care.paths,
):  # fmt: skip
    app.command()(command)
app.add_typer(saved.app, name="sessions")
app.add_typer(mount.app, name="eval")
app.add_typer(care.app, name="keys")
