"""Providers' keys: from the environment, else from a file with mode 0600; never shown."""

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from bot.errors import SettingsError, UsageError
from store import private

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


class Keys:
    """Keys by provider: $PROVIDER_API_KEY, else the file's."""

    def __init__(self, path: Path, environ: Mapping[str, str] | None = None) -> None:
        self._path = path
        self._environ = os.environ if environ is None else environ

    def __repr__(self) -> str:
        return f"Keys({str(self._path)!r})"

    def get(self, provider: str) -> str | None:
        """A provider's key, or None. Raises SettingsError for a damaged file and for one readable by others."""
        given = self._environ.get(f"{provider.upper().replace('-', '_')}_API_KEY", "").strip()
        return given or self._read().get(provider)

    def set(self, provider: str, key: str) -> None:
        """Writes a provider's key into the file; an empty key removes it.

        Raises UsageError for a malformed name or key, SettingsError if the file cannot be written.
        """
        key = key.strip()
        if not _NAME.fullmatch(provider):
            raise UsageError(f"'{provider}' is no provider's name.", "Name one, such as: openai, anthropic")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise UsageError("A key is one word of plain letters, digits and signs.", "Copy it again.")
        keys = {name: value for name, value in {**self._read(), provider: key}.items() if value}
        try:
            private.replace(self._path, json.dumps(keys).encode())
        except OSError as error:
            raise SettingsError(f"{self._path} cannot be written: {error.strerror}.", "Check its folder.") from error

    def _read(self) -> dict[str, str]:
        step = "Move it away, then: footnote keys set NAME"
        try:
            if stat.S_IMODE(self._path.stat().st_mode) & 0o077:
                raise SettingsError(f"{self._path} can be read by others.", f"Close it: chmod 600 {self._path}")
            keys = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(f"{self._path} cannot be read.", step) from error
        if not isinstance(keys, dict) or not all(isinstance(value, str) for value in keys.values()):
            raise SettingsError(f"{self._path} is damaged.", step)
        return keys
