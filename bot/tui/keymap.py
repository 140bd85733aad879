"""Keys of the user's own: those that `[keys]` of the settings gives to commands, in place of the table's."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.errors import SettingsError
from bot.tui.keys import ALT, COMMANDS, IN_FORCE, KEYS, TABLE, Key, spelled

_PLACES = ("prompt", "transcript", "reader", "find"), ("sessions", "browse")
"""The parts that may have the focus in the chat, and in a list."""
_KEY = re.compile(r"ctrl\+[a-z]|alt\+(?:shift\+)?[a-z]|f\d\d?|(?P<letter>[a-z])")
_SENT_AS_ANOTHER = ("ctrl+i", "ctrl+j", "ctrl+m", "ctrl+h", "alt+b", "alt+f")


def use(chosen: Mapping[str, str]) -> None:
    """Takes the user's keys, by the names of commands, for those of the table; SettingsError if one cannot be."""
    known = {name: key for key in TABLE for _, _, name in key.named if name}
    for name, keys in chosen.items():
        if name not in known:
            import difflib

            near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            raise SettingsError(f"config.toml, [keys]: there is no command {name!r}; the nearest is {near}.")
        shape, part = _KEY.fullmatch(keys), known[name].part
        if shape is None or keys in _SENT_AS_ANOTHER or (shape["letter"] and part not in ("reader", *_PLACES[1])):
            allowed = "ctrl+ or alt+ with a letter, or F1 to F12 as f1"
            raise SettingsError(f"config.toml, [keys]: {name} cannot be {keys!r}; take {allowed}.")
    KEYS[:] = [_changed(key, chosen) for key in TABLE]
    for place in (*_PLACES[0], *_PLACES[1]):
        _check(place, chosen)
    IN_FORCE.update({name: keys for key in KEYS for keys, _, name in key.named if name})
    COMMANDS.update((key.slash, key) for key in KEYS if key.slash)
    ALT.update(keys for keys in chosen.values() if keys.startswith("alt+"))


def _changed(key: Key, chosen: Mapping[str, str]) -> Key:
    if chosen.keys().isdisjoint(name for _, _, name in key.named):
        return key
    bound = tuple((chosen.get(name, keys), action) for keys, action, name in key.named)
    return replace(key, bound=bound, name=", ".join(spelled(keys.partition(",")[0]) for keys, _ in bound))


def _check(place: str, chosen: Mapping[str, str]) -> None:
    """Raises SettingsError where a key that was chosen means two things while `place` has the focus."""
    from textual.widgets import Input, TextArea

    field = TextArea if place in _PLACES[0] else Input
    parts = (place, *(("chat",) if place in _PLACES[0] else ("list",)), "app")
    taken = {one: "a text field" for keys in field.BINDINGS for one in getattr(keys, "key", "").split(",")}
    mine = [row for key in KEYS if key.part in parts for row in key.named]
    for keys, _, name in sorted(mine, key=lambda row: row[2] in chosen):
        for one in keys.split(","):
            if name in chosen and one in taken:
                raise SettingsError(f"config.toml, [keys]: {one} is taken twice, by {name} and by {taken[one]}.")
            taken[one] = name or "another command"
