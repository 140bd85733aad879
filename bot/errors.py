"""The bot's errors, drawn with the store's in `store/errors.py`, and the exit code of every way to end."""

from enum import IntEnum

from store.errors import FootnoteError


class ExitCode(IntEnum):
    """The exit codes of every command, as `--help` and the README list them."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    PROVIDER = 3
    REFUSED = 4
    CORPUS = 5
    REGRESSION = 6
    INVALID = 7
    INTERRUPTED = 130
    TERMINATED = 143


class BotError(FootnoteError):
    """Base of the bot's errors."""


class UsageError(BotError):
    code, exit = "usage", ExitCode.USAGE


class SettingsError(BotError):
    code, exit = "settings", ExitCode.USAGE


class NotThere(BotError):
    code, exit = "not_there", ExitCode.USAGE


class SessionsDamaged(BotError):
    code, exit = "sessions_damaged", ExitCode.CORPUS


class SessionsLocked(BotError):
    code, exit = "sessions_locked", ExitCode.CORPUS


class ProviderError(BotError):
    """`code` tells what failed: provider_key, _model, _limit, _down, _timeout, _reply (garbled), _empty."""

    exit = ExitCode.PROVIDER

    def __init__(self, message: str, next: str = "", code: str = "provider") -> None:
        super().__init__(message, next)
        self.code = code


class ReaderMissing(BotError):
    code, exit = "reader", ExitCode.USAGE


class StreamCut(Exception):
    """A writer's stream ended before it said that it was done; what came before it stands."""


class EvalRegression(BotError):
    code, exit = "eval_regression", ExitCode.REGRESSION


class EvalInvalid(BotError):
    code, exit = "eval_invalid", ExitCode.INVALID
