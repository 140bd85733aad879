"""The command line: each command parses, calls, prints and ends with the contract's exit code.

Annotations are evaluated here and not kept as strings: the parser would evaluate each of them at every start.
"""

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot import __version__
from bot.errors import BotError, ExitCode, UsageError

if TYPE_CHECKING:
    from types import FrameType

    from bot.settings import Paths, Settings
    from bot.show.terminal import Terminal
    from evals.commands import Asking
    from store.passage import Filters

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
sessions_app = typer.Typer(help="Saved conversations.", rich_markup_mode=None, no_args_is_help=True)
eval_app = typer.Typer(help="Regression suites of grounded questions.", rich_markup_mode=None, no_args_is_help=True)
keys_app = typer.Typer(help="Providers' keys.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(sessions_app, name="sessions")
app.add_typer(eval_app, name="eval")
app.add_typer(keys_app, name="keys")

Corpus = Annotated[str | None, typer.Option("--corpus", metavar="NAME", help="Which corpus (default: default).")]
Model = Annotated[str | None, typer.Option("-m", "--model", help="Who writes the answer (default: extract).")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only articles of that day or later.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles of that day or earlier.")]
Undated = Annotated[bool, typer.Option("--undated", help="Keep undated articles under a date filter.")]
Outlet = Annotated[list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only that outlet; repeatable.")]
NotOutlet = Annotated[list[str] | None, typer.Option("--not-outlet", metavar="NAME", help="Not that outlet.")]
In = Annotated[list[str] | None, typer.Option("--in", metavar="ID|ROOT", help="Only that article or root; repeatable.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day that counts as now.")]
Passages = Annotated[int | None, typer.Option("-k", help="Passages given to the writer (default: 8).")]
Json = Annotated[bool, typer.Option("--json", help="Exactly one JSON value on stdout.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Nothing on stderr but errors.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No ANSI codes.")]


class _Terminated(BaseException):
    """SIGTERM, as an exception, so that files are closed on the way out."""


def _on_sigterm(number: int, frame: "FrameType | None") -> NoReturn:
    raise _Terminated


def main() -> NoReturn:
    """The console script: runs a command and leaves with its exit code; no traceback ever shows."""
    gc.set_threshold(200_000, 20, 20)  # imports make few cycles: collecting them less often saves a tenth of the time
    _streams()
    signal.signal(signal.SIGTERM, _on_sigterm)
    sys.exit(run(sys.argv[1:]))


def _streams() -> None:
    """Gives a stream that the caller has closed a place to go, so that no file of ours gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 (open to the end of the process)


def run(arguments: list[str]) -> int:
    """Runs one command line and returns its exit code."""
    try:
        if arguments in ([], ["chat"]) and _on_terminal():  # nothing to parse: half the wait for the first frame saved
            chat()
            return ExitCode.OK
        code = typer.main.get_command(app).main(arguments, prog_name="footnote", standalone_mode=False)
        try:
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads on: how it ended is told by the code alone
            _ended(ExitCode.OK)
        return code if isinstance(code, int) else ExitCode.OK
    except (KeyboardInterrupt, typer.Abort):
        return _ended(ExitCode.INTERRUPTED)
    except _Terminated:
        return _ended(ExitCode.TERMINATED)
    except BrokenPipeError:
        return _ended(ExitCode.OK)
    except SystemExit as leaving:  # the parser's own way out of a broken pipe
        if isinstance(leaving.__context__, BrokenPipeError):
            return _ended(ExitCode.OK)
        raise
    except Exception as error:
        return _failed(error, as_json="--json" in arguments or "--jsonl" in arguments)


def _ended(code: int) -> int:
    """Leaves without a word: what is still buffered has nowhere to go."""
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (closed by the end of the process)
    return code


def _failed(error: Exception, *, as_json: bool) -> int:
    """Tells the user of an error in a sentence, and returns the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":  # nothing was asked for: help is the answer, not a failure
        typer.echo(str(error))
        return ExitCode.OK
    failure = _known(error)
    if failure is None and os.environ.get("FOOTNOTE_DEBUG"):
        raise error
    if failure is None:
        said = f"Something unexpected went wrong ({type(error).__name__}: {error})."
        failure = BotError(said, "This is a fault of Footnote; FOOTNOTE_DEBUG=1 shows where. Nothing saved was lost.")
    from bot.show import plain
    from bot.show.terminal import Terminal

    terminal = Terminal()
    try:
        if as_json:
            terminal.json(plain.error(failure))
        sys.stdout.flush()
    except OSError:  # nobody reads on, or the place that stdout leads to is what failed
        _ended(int(failure.exit))
    with suppress(OSError):
        terminal.fail(failure.message, failure.next)
    return int(failure.exit)


def _known(error: Exception) -> Any:
    """An error with `code`, `exit`, `message` and `next`, or None for one that nobody foresaw."""
    if isinstance(error, BotError):
        return error
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # a usage error of the parser
        context = getattr(error, "ctx", None)
        said = error.format_message()
        following = f"See: {context.command_path if context else 'footnote'} --help"
        return UsageError(said if said.endswith((".", ")", "?")) else f"{said}.", following)
    from store.errors import StoreError

    if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
        from store.errors import os_error

        return os_error(error, Path(str(error.filename or "stdout")))
    return error if isinstance(error, StoreError) else None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"footnote {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:  # alone on a terminal it would be the chat: see `run`
        typer.echo(context.get_help())


def _on_terminal() -> bool:
    """Whether a person sits at all three streams, on a terminal that can draw a screen."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


# -- what commands share -------------------------------------------------------------------------


def _prepared(quiet: bool, no_color: bool, **flags: object) -> "tuple[Terminal, Settings, Paths]":
    """The terminal, the settings and the places of files for one command."""
    from bot.settings import load, paths
    from bot.show.terminal import Terminal

    return Terminal(quiet=quiet, color=not no_color), load(flags), paths()


def _day(text: str | None, option: str, *, last: bool = False) -> str | None:
    """A date option as an ISO day; a month or a year stands for its first or `last` day. Raises UsageError."""
    if text is None:
        return None
    import calendar
    import re
    from datetime import date

    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text.strip())
    try:
        if match is None:
            raise ValueError
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        day = int(match[3] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, day).isoformat()
    except (ValueError, IndexError, calendar.IllegalMonthError):
        raise UsageError(f"'{text}' after {option} is no date.", "Write it as 2024-03-14, 2024-03 or 2024.") from None


def _utf8(text: str) -> str:
    """An argument with its bytes that are not UTF-8 replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _names(given: list[str] | None, option: str) -> tuple[str, ...]:
    """The values of a repeatable option. Raises UsageError for one that is empty."""
    names = tuple(_utf8(name).strip() for name in given or ())
    if not all(names):
        raise UsageError(f"There is nothing after {option}.", "List what there is with: footnote sources")
    return names


def _filters(
    since: str | None,
    until: str | None,
    undated: bool,
    outlet: list[str] | None,
    not_outlet: list[str] | None,
    only: list[str] | None,
    as_of: str | None,
) -> "Filters":
    from store.passage import Filters

    low, high = _day(since, "--since"), _day(until, "--until", last=True)
    if low and high and low > high:
        raise UsageError(f"--since {low} is after --until {high}.", "Swap them.")
    day = _day(as_of, "--as-of")
    outlets, not_outlets = _names(outlet, "--outlet"), _names(not_outlet, "--not-outlet")
    return Filters(low, high, undated, outlets, not_outlets, _names(only, "--in"), day)


def _resolved(filters: "Filters", record: Any) -> "Filters":
    """The same filters with each --in as a root's name or a whole document id. Raises BadPath for neither."""
    from dataclasses import replace

    names = {root.name for root in record.roots()}
    found = [name if name in names else record.document(name).id for name in filters.documents]
    return replace(filters, documents=tuple(found))


def _question(words: str | None) -> str:
    """The question from the argument, or from stdin where it is `-` or left out. Raises UsageError."""
    from bot.conversation import LONGEST

    if words is None and sys.stdin.isatty():
        raise UsageError("There is no question.", 'Ask: footnote ask "QUESTION"')
    if words is None or words == "-":
        words = sys.stdin.buffer.read(4 * LONGEST + 4).decode("utf-8", "replace")
    words = _utf8(words).strip()
    if not any(letter.isalnum() for letter in words):
        said = "There is no word in the question." if words else "The question is empty."
        raise UsageError(said, 'Ask: footnote ask "QUESTION"')
    if len(words) > LONGEST:
        raise UsageError(f"The question is longer than {LONGEST:,} characters.", "Ask a shorter one.")
    return words


# -- the corpus ------------------------------------------------------------------------------------


def _path(given: str) -> Path:
    """A path argument. Raises UsageError for an empty one, which would mean the folder one stands in."""
    if not given.strip():
        raise UsageError("An empty path was given.", "Name a folder of articles: footnote ingest PATH")
    if _utf8(given) != given:
        raise UsageError(f"The name {given} is not UTF-8.", "Rename it, then ingest it.")
    return Path(given)


@app.command()
def ingest(
    path: Annotated[
        list[Path] | None,
        typer.Argument(parser=_path, metavar="[PATH]...", help="Folders or files to add; none: sync all roots."),
    ] = None,
    corpus: Corpus = None,
    yes: Annotated[bool, typer.Option("--yes", help="Take out vanished articles, however many.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Add articles, or sync those there are.

    New and changed files are read, the articles of vanished ones taken out.
    """
    from time import perf_counter

    from bot import build
    from bot.commands import ingest as command

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    where = build.folder(settings, paths)
    if path and not dry_run:
        paths.ensure(where.parent)
    began = perf_counter()
    with command.bar(shown=terminal.lively and not json) as report:
        summary = build.sync(settings, where, report).ingest(path or (), yes=yes, dry_run=dry_run)
    if summary.withheld and sys.stdin.isatty() and terminal.tty and not json:
        terminal.fail(summary.problems[0].message, "")
        if typer.confirm("Take them out?", err=True):
            summary = build.sync(settings, where).ingest(path or (), yes=True)
    command.tell(summary, perf_counter() - began, terminal, dry_run=dry_run, as_json=json)
    failure = command.failure(summary, dry_run=dry_run)
    if failure is not None:
        raise typer.Exit(failure.exit)


@app.command()
def forget(
    name: Annotated[str, typer.Argument(metavar="ROOT|ID", help="A root's name or path, or an article's id.")],
    corpus: Corpus = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Take a root or an article out and erase it.

    Saved answers that quote it are erased too; the files themselves stay.
    """
    from bot import build
    from bot.sessions import Sessions
    from store.record import Record

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    where = build.folder(settings, paths)
    Record(where).close()  # a corpus that is not there is not made by forgetting
    gone = build.sync(settings, where).forget(_utf8(name))
    answers = Sessions(paths.sessions_file).erase(settings.corpus, set(gone.documents))
    if json:
        terminal.json({"schema_version": 1, "forgotten": list(gone.documents), "answers_erased": answers})
        return
    terminal.out(f"Forgotten: {_cleaned(gone.said)}.")
    if answers:
        terminal.note(f"{answers} saved answer{'' if answers == 1 else 's'} that quoted it erased")


def _cleaned(text: str) -> str:
    from bot.show.clean import one_line

    return one_line(text)


# -- asking ----------------------------------------------------------------------------------------


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question; - or nothing reads it from stdin.")] = None,
    corpus: Corpus = None,
    model: Model = None,
    since: Since = None,
    until: Until = None,
    undated: Undated = False,
    outlet: Outlet = None,
    not_outlet: NotOutlet = None,
    only: In = None,
    as_of: AsOf = None,
    k: Passages = None,
    go_on: Annotated[bool, typer.Option("-c", "--continue", help="Continue the last conversation.")] = False,
    session: Annotated[str | None, typer.Option("--session", metavar="ID", help="Continue that one.")] = None,
    json: Json = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Events as JSON lines, as they happen.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Drop what a model says without support.")] = False,
    no_stream: Annotated[bool, typer.Option("--no-stream", help="Print the answer when it is whole.")] = False,
    no_save: Annotated[bool, typer.Option("--no-save", help="Save nothing.")] = False,
    abstain_ok: Annotated[bool, typer.Option("--abstain-ok", help="Exit 0 on a refusal too.")] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Ask one question.

    The answer is sentences with quotes, or a refusal with the closest passages (exit 4).
    """
    from bot import build
    from bot.commands import ask as command
    from bot.conversation import Conversation
    from bot.credentials import Keys
    from bot.sessions import Sessions, session_id

    words = _question(question)
    filters = _filters(since, until, undated, outlet, not_outlet, only, as_of)
    terminal, settings, paths = _prepared(quiet or json or jsonl, no_color, corpus=corpus, model=model, k=k)
    sessions = Sessions(paths.sessions_file)
    earlier = session_id(session) if session is not None else sessions.last(settings.corpus) if go_on else None
    if earlier is not None:
        sessions.check(earlier, settings.corpus)
    key = Keys(paths.keys_file).get
    bot = build.bot(settings, build.folder(settings, paths), terminal.note, key=key, strict=strict)
    answer = command.ask(
        bot,
        words,
        _resolved(filters, bot.search.record),
        terminal,
        command.Saving(sessions, settings.corpus, terminal, on=not no_save),
        conversation=sessions.conversation(earlier) if earlier is not None else Conversation(),
        session=earlier,
        form="json" if json else "jsonl" if jsonl else "text",
        stream=not no_stream,
    )
    if answer.outcome == "cut":
        raise typer.Exit(ExitCode.PROVIDER)
    if answer.refused and not abstain_ok:
        raise typer.Exit(ExitCode.REFUSED)


@app.command()
def chat(
    corpus: Corpus = None,
    model: Model = None,
    since: Since = None,
    until: Until = None,
    undated: Undated = False,
    outlet: Outlet = None,
    not_outlet: NotOutlet = None,
    only: In = None,
    as_of: AsOf = None,
    k: Passages = None,
    go_on: Annotated[bool, typer.Option("-c", "--continue", help="Continue the last conversation.")] = False,
    session: Annotated[str | None, typer.Option("--session", metavar="ID", help="Continue that one.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Drop what a model says without support.")] = False,
) -> None:
    """Ask in a conversation, on a screen of its own.

    The same as `footnote` alone on a terminal. F1 shows the keys.
    """
    if not _on_terminal():
        raise UsageError("The chat needs a terminal.", 'Ask one question with: footnote ask "QUESTION"')
    from bot.commands import chat as command
    from bot.settings import load, paths

    filters = _filters(since, until, undated, outlet, not_outlet, only, as_of)
    settings = load({"corpus": corpus, "model": model, "k": k})
    engine = command.Live(settings, paths(), filters, resolve=_resolved, session=session, go_on=go_on, strict=strict)
    if command.run(engine):
        raise _Terminated


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="What to look for.")],
    corpus: Corpus = None,
    since: Since = None,
    until: Until = None,
    undated: Undated = False,
    outlet: Outlet = None,
    not_outlet: NotOutlet = None,
    only: In = None,
    as_of: AsOf = None,
    k: Passages = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Find passages, without an answer."""
    from bot import build
    from bot.commands import ask as command

    wanted = _question(words)
    filters = _filters(since, until, undated, outlet, not_outlet, only, as_of)
    terminal, settings, paths = _prepared(quiet or json, no_color, corpus=corpus, k=k)
    bot = build.bot(settings, build.folder(settings, paths), terminal.note)
    command.search(bot, wanted, _resolved(filters, bot.search.record), terminal, as_json=json)


@app.command()
def show(
    what: Annotated[str, typer.Argument(metavar="N|ID", help="2 or a (last answer), s7:3/2, or an article's id.")],
    corpus: Corpus = None,
    raw: Annotated[bool, typer.Option("--raw", help="The article's text alone.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List the article's versions.")] = False,
    version: Annotated[int | None, typer.Option("--version-number", metavar="V", help="An older version.")] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show a quote inside its article.

    A number or letter is of the last answer; an id shows that article.
    """
    from bot.commands import show as command
    from bot.sessions import Sessions
    from store.record import Record

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    record = Record(paths.corpus_folder(settings.corpus))
    target = command.target(_utf8(what), Sessions(paths.sessions_file), settings.corpus, version)
    if versions:
        command.versions(record, target, terminal, as_json=json)
    else:
        command.article(record, target, terminal, raw=raw, as_json=json)


@app.command()
def sources(
    corpus: Corpus = None,
    since: Since = None,
    until: Until = None,
    undated: Undated = False,
    outlet: Outlet = None,
    not_outlet: NotOutlet = None,
    only: In = None,
    only_undated: Annotated[bool, typer.Option("--only-undated", help="Only undated articles.")] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Counts, dates and outlets alone.")] = False,
    forgotten: Annotated[bool, typer.Option("--forgotten", help="What was forgotten.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List the articles in the corpus."""
    from bot.commands import sources as command
    from store.record import Record

    filters = _filters(since, until, undated, outlet, not_outlet, only, None)
    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    record = Record(paths.corpus_folder(settings.corpus))
    if forgotten:
        command.forgotten(record, terminal, as_json=json)
    else:
        filters = _resolved(filters, record)
        command.sources(record, filters, terminal, only_undated=only_undated, coverage=coverage, as_json=json)


@app.command()
def corpora(json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """List the named corpora."""
    from bot.commands import sources as command

    terminal, _, paths = _prepared(quiet, no_color)
    command.corpora(paths, terminal, as_json=json)


@sessions_app.command("list")
def sessions_list(corpus: Corpus = None, json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """List saved conversations, the last used first."""
    from bot.commands import sources as command
    from bot.sessions import Sessions

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    command.sessions(Sessions(paths.sessions_file), settings.corpus if corpus else None, terminal, as_json=json)


@sessions_app.command("show")
def sessions_show(
    session: Annotated[str, typer.Argument(metavar="ID", help="A session such as s7.")],
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print a saved conversation with its answers and quotes."""
    from bot.commands import sources as command
    from bot.sessions import Sessions, session_id

    terminal, _, paths = _prepared(quiet, no_color)
    command.session(Sessions(paths.sessions_file), session_id(session), terminal, as_json=json)


# -- care ------------------------------------------------------------------------------------------


@app.command()
def doctor(
    corpus: Corpus = None,
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild both indexes from the record.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Ask the model that is set for a word, too.")] = False,
    model: Model = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Check everything, and say what mends it."""
    from bot import build
    from bot.commands import doctor as command
    from bot.commands.ingest import bar
    from bot.credentials import Keys

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus, model=model)
    where = build.folder(settings, paths)
    if repair:
        with bar(shown=terminal.lively and not json) as report:
            command.repair(settings, where, report)
    found = command.examined(settings, paths, where)
    if online:
        found.append(command.online(settings, Keys(paths.keys_file).get))
    command.tell(found, terminal, as_json=json)
    if command.failure(found) is not None:
        raise typer.Exit(ExitCode.CORPUS)


@app.command("paths")
def show_paths(json: Json = False, corpus: Corpus = None, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Print where Footnote keeps its files."""
    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    places = {
        "config": str(paths.config_file),
        "data": str(paths.data),
        "corpora": str(paths.corpora),
        "corpus": str(paths.corpus_folder(settings.corpus)),
        "sessions": str(paths.sessions_file),
    }
    if json:
        terminal.json({"schema_version": 1, **places})
        return
    for name, place in places.items():
        terminal.out(f"{name:9} {_cleaned(place)}")


@keys_app.command("set")
def keys_set(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The provider: openai, anthropic …")],
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Keep a provider's key in a file that only you can read.

    The key is asked for and not shown, or read from stdin; an empty one takes it out.
    """
    from bot.credentials import Keys

    terminal, _, paths = _prepared(quiet, no_color)
    key = (
        typer.prompt(f"Key for {name}", hide_input=True, default="", show_default=False, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline()
    )
    paths.ensure(paths.config)
    Keys(paths.keys_file).set(name, key)
    terminal.note(
        f"the key for {name} is kept in {paths.keys_file}" if key.strip() else f"the key for {name} is taken out"
    )


# -- evals -----------------------------------------------------------------------------------------


@eval_app.command("list")
def eval_list(json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """List the suites."""
    from evals import commands as command

    terminal, _, _ = _prepared(quiet, no_color)
    command.suites(terminal, as_json=json)


Suite = Annotated[str, typer.Argument(help="A suite's name, or the path of its folder.")]


@eval_app.command("check")
def eval_check(suite: Suite, json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Check a suite's cases without asking them."""
    from evals import commands as command

    terminal, _, _ = _prepared(quiet, no_color)
    command.check(suite, terminal, as_json=json)


Only = Annotated[str | None, typer.Option("--only", metavar="TAG", help="Only cases with that tag.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first cases.")]
Repeat = Annotated[int, typer.Option("--repeat", metavar="K", min=1, help="Ask each case so often.")]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="How many cases are asked at once.")]
Replay = Annotated[bool, typer.Option("--replay", help="Only kept replies of the model; no connection is opened.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Go on with no interrupted run, and ask the model anew.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as a page, too.")]
Markdown = Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="Write it as Markdown.")]
JUnit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML.")]


@eval_app.command("run")
def eval_run(
    suite: Suite,
    model: Model = None,
    limit: Limit = None,
    only: Only = None,
    repeat: Repeat = 1,
    jobs: Jobs = 1,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Score the passages alone.")] = False,
    replay: Replay = False,
    fresh: Fresh = False,
    html: Html = None,
    markdown: Markdown = None,
    junit: JUnit = None,
    rows: Annotated[bool, typer.Option("--rows", help="With --json: one row a case too.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Ask every case of a suite and score the answers.

    The rows are kept; a run that was interrupted is gone on with by the same command.
    """
    from evals import commands as command
    from evals.case import Plan

    asking = _asking(quiet, no_color, model, replay, json)
    plan, files = Plan(limit, only, repeat, jobs, retrieval_only, fresh), command.Files(html, markdown, junit)
    wrong = command.run(suite, asking, plan, files, rows=rows)
    if wrong:
        raise typer.Exit(wrong.exit)


def _asking(quiet: bool, no_color: bool, model: str | None, replay: bool, json: bool) -> "Asking":
    """How a suite is asked by this command."""
    from evals import commands as command

    terminal, settings, paths = _prepared(quiet, no_color, model=model)
    return command.Asking(settings, paths, terminal, {"model": model}, replay, json)


@eval_app.command("compare")
def eval_compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A run such as starter/3, its folder, or baseline.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Compare two runs, or one with the baseline.

    Each metric's difference over the cases that both have, and the cases mended and broken.
    """
    from evals import commands as command

    terminal, _, paths = _prepared(quiet, no_color)
    command.compare(_utf8(a), _utf8(b), paths.data / "evals", terminal, as_json=json)


@eval_app.command("gate")
def eval_gate(
    suite: Suite,
    model: Model = None,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
    html: Html = None,
    markdown: Markdown = None,
    junit: JUnit = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Run a suite; fail (exit 6) where it falls below its baseline or its floors."""
    from evals import commands as command
    from evals.case import Plan

    asking, files = _asking(quiet, no_color, model, replay, json), command.Files(html, markdown, junit)
    wrong = command.gate(suite, asking, Plan(jobs=jobs, fresh=fresh), files)
    if wrong:
        raise typer.Exit(wrong.exit)


@eval_app.command("accept")
def eval_accept(
    suite: Suite,
    why: Annotated[str, typer.Option("--why", help="The reason, which is kept with the scores.")],
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="That run, not a new one.")] = None,
    model: Model = None,
    jobs: Jobs = 1,
    replay: Replay = False,
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Make a run's scores the suite's baseline."""
    from evals import commands as command
    from evals.case import Plan

    asking = _asking(quiet, no_color, model, replay, json)
    command.accept(suite, asking, Plan(jobs=jobs, fresh=fresh), _utf8(why), run)


@eval_app.command("pin")
def eval_pin(
    suite: Annotated[str, typer.Option("--suite", metavar="NAME", help="A suite of your own, or a suite's folder.")],
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="Of that session, else the last.")
    ] = None,
    turn: Annotated[int | None, typer.Option("--turn", metavar="N", min=1, help="That turn, else the last.")] = None,
    corpus: Corpus = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Make a past turn a case of a suite, after showing what it will assert.

    A suite of your own is made on first use, over the corpus that was asked.
    """
    from bot.sessions import Sessions
    from evals import commands as command
    from evals import pin

    terminal, settings, paths = _prepared(quiet, no_color, corpus=corpus)
    where = paths.corpus_folder(settings.corpus)
    found = command.pinned(Sessions(paths.sessions_file), where, settings.corpus, _utf8(suite), session, turn)
    if not json:
        for line in pin.lines(found):
            terminal.out(_cleaned(line))
    if not yes:
        if json or not (sys.stdin.isatty() and terminal.tty):
            raise UsageError("Nothing was pinned: there is nobody to ask.", "Add --yes.")
        if not typer.confirm(f"Pin it as {found.case.id}?", err=True):
            return
    command.keep(found, terminal, as_json=json)
