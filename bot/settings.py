"""The settings (flags over environment over config.toml over defaults) and the places of Footnote's files."""

import json
import math
import os
import re
import reprlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.errors import SettingsError

HOME_VARIABLE = "FOOTNOTE_HOME"
TABLES = "corpora"
OUTLETS = "outlets"
PRICES = "prices"
KEYS = "keys"
OUTLET = 120  # most characters of an outlet's name
CALIBRATION = "calibration.json"
_CORPUS_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CORPUS_RULE = "up to 64 of a-z, 0-9, dot, dash and underscore, beginning with a letter or a digit"


def _setting(
    default: Any, help: str, low: float = -math.inf, high: float = math.inf, choices: tuple[str, ...] = ()
) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's settings; `load` makes one, and whatever needs it is handed it.

    Each field's `metadata` holds its sentence ("help"), for numbers bounds, included ("low", "high"), and the texts
    among which it must be ("choices"; any where empty).
    """

    corpus: str = _setting("default", "Name of the corpus that is asked.")
    model: str = _setting("extract", "Who writes the answers: extract (no model) or a provider:model.")
    embedder: str = _setting("wordllama", "The embedding model: wordllama is the one there is.")
    k: int = _setting(8, "How many passages the writer is given.", 1, 50)
    answer_at: float = _setting(0.225, "Confidence (0 to 1) from which an answer is given.", 0, 1)
    refuse_below: float = _setting(0.10, "Confidence (0 to 1) under which the corpus lacks it.", 0, 1)
    local_only: bool = _setting(False, "Refuse models that send the corpus's text to another machine.")
    tracing: bool = _setting(False, "Report each call of a model, passages included, to LangSmith.")
    connect_seconds: float = _setting(5.0, "How long a model's server may take to connect.", 0.05, 600)
    first_seconds: float = _setting(60.0, "How long a model may take to its first word.", 0.05, 3600)
    next_seconds: float = _setting(30.0, "How long a model may fall silent between words.", 0.05, 3600)
    retries: int = _setting(2, "How often a busy model is asked again.", 0, 10)
    sentences: int = _setting(3, "How many sentences an extracted answer may have.", 1, 5)
    theme: str = _setting("dark", "The colours of the chat.", choices=("dark", "light", "ansi-dark", "ansi-light"))


_FIELDS = {field.name: field for field in fields(Settings)}
_KINDS: dict[str, type] = {key: type(getattr(Settings(), key)) for key in _FIELDS}
_VARIABLES = {key: f"FOOTNOTE_{key.upper()}" for key in _FIELDS}


@dataclass(frozen=True, slots=True)
class Paths:
    """The places of Footnote's files; both folders absolute, and neither needs to exist."""

    config: Path
    data: Path

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def keys_file(self) -> Path:
        return self.config / "keys.json"

    @property
    def corpora(self) -> Path:
        """The folder that has one folder for each corpus."""
        return self.data / "corpora"

    @property
    def sessions_file(self) -> Path:
        return self.data / "sessions.sqlite3"

    @property
    def draft_file(self) -> Path:
        return self.data / "draft.txt"

    @property
    def log_file(self) -> Path:
        return self.data / "log.txt"

    def corpus_folder(self, name: str) -> Path:
        """The folder of the corpus called `name`, there or not; SettingsError if that is no corpus name."""
        if not _CORPUS_NAME.fullmatch(name):
            raise SettingsError(f"{name!r} is no name for a corpus: a name is {_CORPUS_RULE}.")
        return self.corpora / name

    def ensure(self, folder: Path | None = None) -> Path:
        """Make `folder` (the data folder by default), called just before something is written there.

        Folders that it makes on the way are 0700; one that exists keeps its mode. Returns the folder;
        SettingsError if it cannot be made.
        """
        wanted = self.data if folder is None else folder
        try:
            for step in (*reversed(wanted.parents), wanted):
                if not step.is_dir():
                    step.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            sentence = f"The folder {wanted} cannot be made: {reason}."
            raise SettingsError(sentence, f"Set {HOME_VARIABLE} to a folder you may write to.") from error
        return wanted


def paths(environ: Mapping[str, str] | None = None) -> Paths:
    """The places of the files: all directly in $FOOTNOTE_HOME if `environ` has it, else the XDG directories.

    `environ` is the process's by default; the XDG directories and the meaning of ~ are always the process's.
    Looks at no file. SettingsError if ~ names no home.
    """
    named = (os.environ if environ is None else environ).get(HOME_VARIABLE, "")
    if named:
        try:
            home = Path(named).expanduser().absolute()
        except RuntimeError as error:
            raise SettingsError(f"{HOME_VARIABLE} is {named!r}, and no such home is known.") from error
        if any("\ud800" <= letter <= "\udfff" for letter in str(home)):  # bytes that are not UTF-8
            raise SettingsError(f"{HOME_VARIABLE} is {named!r}, and it must be UTF-8.", "Name another folder.")
        return Paths(config=home, data=home)
    from platformdirs import PlatformDirs

    folders = PlatformDirs("footnote", appauthor=False)
    return Paths(config=folders.user_config_path.absolute(), data=folders.user_data_path.absolute())


@dataclass(frozen=True, slots=True)
class Calibration:
    """The threshold that `footnote calibrate` fitted to one corpus, as a file of the corpus's folder keeps it."""

    answer_at: float
    pairs: int
    fitted: str  # the day, in ISO form


def calibration(folder: Path) -> Calibration | None:
    """What was fitted to the corpus in `folder`, None if nothing was; SettingsError where that cannot be read."""
    file = folder / CALIBRATION
    try:
        kept = Calibration(**json.loads(file.read_bytes()))
        checked("answer_at", kept.answer_at, str(file))
        if type(kept.pairs) is int and isinstance(kept.fitted, str):
            return kept
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError, SettingsError):
        pass
    raise SettingsError(f"{file} cannot be read and is not used.", "Fit it again: footnote calibrate --save")


def load(
    flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None, *, calibrated: bool = True
) -> Settings:
    """The settings of this run.

    `flags` are by field name, None meaning not given; `environ` is the process's by default, and an empty
    variable counts as not set. Every value of every source is checked, also where a stronger source hides it.
    SettingsError for the first that is wrong: one sentence with the source, the key and what is allowed.
    An `answer_at` that no source names is the corpus's own where `calibrated`; `bot.build` tells of a damaged one.
    """
    environ = os.environ if environ is None else environ
    places = paths(environ)
    file = places.config_file
    written = _toml(file)
    tables = _tables(written.pop(TABLES, {}), file)
    _outlets(written.pop(OUTLETS, {}), file)
    _prices(written.pop(PRICES, {}), file)
    _keys(written.pop(KEYS, {}), file)
    top = _source((key, value, str(file)) for key, value in written.items())
    typed = _source((key, _typed(environ.get(name, ""), _KINDS[key]), name) for key, name in _VARIABLES.items())
    given = _source((key, value, _flag(key)) for key, value in (flags or {}).items())
    corpus, _ = {**top, **typed, **given}.get("corpus", (Settings().corpus, ""))
    values = {**top, **tables.get(corpus, {}), **typed, **given}
    settings = Settings(**{key: value for key, (value, _) in values.items()})
    if settings.refuse_below > settings.answer_at:
        low, high = (
            f"{key} ({values[key][1] if key in values else 'default'}: {getattr(settings, key):g})"
            for key in ("refuse_below", "answer_at")
        )
        raise SettingsError(f"{low} must not be over {high}.")
    if calibrated and "answer_at" not in values:
        with suppress(SettingsError):
            if own := calibration(places.corpus_folder(settings.corpus)):
                return replace(settings, answer_at=max(own.answer_at, settings.refuse_below))
    return settings


def outlets(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The user's own names of outlets, by host or spelling. SettingsError as `load` raises it."""
    file = paths(environ).config_file
    return _outlets(_toml(file).get(OUTLETS, {}), file)


def _outlets(table: object, file: Path) -> dict[str, str]:
    """What `[outlets]` in the file says, checked."""
    example = f'[{OUTLETS}] has lines such as "mysite.example" = "My Site"'
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: {OUTLETS} must be a table: {example}.")
    for spelling, name in table.items():
        if isinstance(name, dict):  # a host without quotes
            raise SettingsError(f"{file}, [{OUTLETS}]: a host with a dot must stand in quotes: {example}.")
        if not (spelling.strip() and isinstance(name, str) and 0 < len(name.strip()) <= OUTLET):
            told = f"{spelling!r} is {reprlib.repr(name)}, and it must be a name of at most {OUTLET} characters"
            raise SettingsError(f"{file}, [{OUTLETS}]: {told}.")
    return table


def price(model: str, environ: Mapping[str, str] | None = None) -> tuple[float, float] | None:
    """Dollars for a million tokens that a model reads and that it writes; None where the settings name none.

    SettingsError as `load` raises it.
    """
    file = paths(environ).config_file
    return _prices(_toml(file).get(PRICES, {}), file).get(model)


def _prices(table: object, file: Path) -> dict[str, tuple[float, float]]:
    """What `[prices]` in the file says, checked."""
    wrong = f'[{PRICES}] has lines such as "openai:NAME" = [2.5, 10], dollars for a million tokens read and written'
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: {PRICES} must be a table: {wrong}.")
    for model, dollars in table.items():
        two: list[Any] = dollars if isinstance(dollars, list) and len(dollars) == 2 else [""]
        if not all(type(one) in (int, float) and 0 <= one < math.inf for one in two):
            raise SettingsError(f"{file}, [{PRICES}]: {model!r} is {reprlib.repr(dollars)}. {wrong}.")
    return {model: (float(read), float(written)) for model, (read, written) in table.items()}


def keys(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The user's own keys of the chat, by the commands that they give. SettingsError as `load` raises it."""
    file = paths(environ).config_file
    return _keys(_toml(file).get(KEYS, {}), file)


def _keys(table: object, file: Path) -> dict[str, str]:
    """What `[keys]` in the file says, whose names and keys the chat checks."""
    if not isinstance(table, dict) or not all(isinstance(key, str) for key in table.values()):
        raise SettingsError(f'{file}: [{KEYS}] has lines such as sessions = "ctrl+l".')
    return table


_Source = dict[str, tuple[Any, str]]  # key → the value, and what to call its origin


def _source(rows: Iterable[tuple[str, object, str]]) -> _Source:
    """Keys, values and origins, each value checked; one that is None was not given."""
    return {key: (checked(key, value, origin), origin) for key, value, origin in rows if value is not None}


def _tables(tables: object, file: Path) -> dict[str, _Source]:
    """What each `[corpora.NAME]` in the file sets for its corpus; all are checked, whichever is asked for."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(f"{file}: {TABLES} must be tables, such as [{TABLES}.news].")
    return {
        name: _source((key, value, f"{file}, [{TABLES}.{name}]") for key, value in table.items())
        for name, table in tables.items()
    }


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}" if len(key) > 1 else f"-{key}"


def _typed(text: str, kind: type) -> object:
    """A variable's text in the type of its field, None if empty; unchanged where it is none, for the check to name."""
    if not text:
        return None
    if kind is bool:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower(), text)
    try:
        return kind(text)
    except ValueError:
        return text


def _toml(file: Path) -> dict[str, object]:
    """The values of a TOML file, {} if there is none; SettingsError with file and line if it is broken."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        step = f"Check it, or set {HOME_VARIABLE} to another folder."
        raise SettingsError(f"{file} cannot be read: {error.strerror or error}.", step) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}, line {line}: this is not UTF-8 text.") from error
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        what, _, place = str(error).partition(" (at ")
        number = re.match(r"line (\d+)", place)
        line = int(number[1]) if number else max(1, len(text.splitlines()))
        raise SettingsError(f"{file}, line {line}: this is not TOML ({what}).") from error


def choices(key: str) -> tuple[str, ...]:
    """The texts among which a setting must be; none where any will do."""
    named: tuple[str, ...] = _FIELDS[key].metadata["choices"]
    return named


def keep(key: str, value: str) -> None:
    """Writes a setting into the top of config.toml; whatever else stands there stays as it is.

    SettingsError where that cannot be done.
    """
    import tomllib

    checked(key, value, "the setting")
    places = paths()
    file = places.config_file.resolve()  # which may be a link into a folder of settings
    wanted = {**_toml(file), key: value}
    line = f"{key} = {json.dumps(value)}"
    lines = file.read_text("utf-8-sig").splitlines() if file.exists() else []
    top = next((at for at, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    at = next((at for at, one in enumerate(lines[:top]) if re.match(rf"\s*{key}\s*=", one)), None)
    lines[slice(0, 0) if at is None else slice(at, at + 1)] = [line]
    text = "\n".join(lines) + "\n"
    step = f"Write this line into it yourself: {line}"
    if tomllib.loads(text) != wanted:
        raise SettingsError(f"{file} cannot be changed safely.", step)
    places.ensure(file.parent)
    try:
        fresh = file.with_name(f"{file.name}.new")
        fresh.write_text(text, "utf-8")
        fresh.replace(file)
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error.strerror or error}.", step) from error


def checked(key: str, value: object, origin: str) -> object:
    """`value` in the type of the field `key`; SettingsError names the nearest field, or what is allowed."""
    if key not in _FIELDS:
        import difflib

        near = difflib.get_close_matches(key.lower().replace("-", "_"), _FIELDS, n=1)
        hint = f"the nearest is {near[0]}" if near else f"the settings are {', '.join(_FIELDS)}"
        raise SettingsError(f"{origin}: there is no setting {key!r}; {hint}.")
    kind, bounds = _KINDS[key], _FIELDS[key].metadata
    low, high = bounds["low"], bounds["high"]
    if key == "corpus":
        fits, allowed = isinstance(value, str) and _CORPUS_NAME.fullmatch(value) is not None, _CORPUS_RULE
    elif choices(key):
        fits, allowed = value in choices(key), f"one of {', '.join(choices(key))}"
    elif kind is str:
        fits, allowed = isinstance(value, str) and value.strip() != "", "a text that is not empty"
    elif kind is bool:
        fits, allowed = isinstance(value, bool), "true or false"
    else:
        allowed = f"{'a whole number' if kind is int else 'a number'} from {low} to {high}"
        number = isinstance(value, int | kind) and not isinstance(value, bool)
        fits = number and low <= value <= high
    if not fits:
        raise SettingsError(f"{origin}: {key} is {reprlib.repr(value)}, and it must be {allowed}.")
    return float(value) if kind is float and isinstance(value, int) else value
