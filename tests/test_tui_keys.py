"""Keys of the user's own: they act, and every place that names a key names those."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_engine import Scripted, answered, chat, ready, shown, wait_until

from bot.errors import SettingsError
from bot.tui.keymap import use
from bot.tui.keys import ALT, hint


@pytest.fixture(autouse=True)
def _keys_of_the_table() -> Iterator[None]:
    known = set(ALT)
    yield
    use({})
    ALT.intersection_update(known)


async def test_a_key_of_ones_own_acts_and_is_the_one_that_is_shown() -> None:
    mine = {"sessions": "ctrl+l", "retry": "alt+g", "reader_original": "v", "help": "f3", "quit": "alt+q"}
    use(mine)
    engine = Scripted()
    app = chat(engine, keymap=mine)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert "^l Sessions" in shown(app) and "F3 Help" in shown(app) and "F3 keys" in shown(app)
        await answered(pilot)
        await pilot.press("ctrl+r", "ctrl+s", "f1")  # which the table had
        await pilot.press(*"abc", "alt+g")
        await wait_until(pilot, lambda: len(engine.asked) == 2 and app.chat.asking is None)
        assert app.chat.prompt.text == "abc" and len(app.screen_stack) == 1
        await pilot.press("f3")
        await wait_until(pilot, lambda: "ctrl+l       saved conversations" in shown(app))
        await pilot.press("escape", "tab", "1")
        await wait_until(pilot, lambda: app.chat.reading and "v open  y copy" in shown(app))
        await pilot.press("v")
        await wait_until(pilot, lambda: "its file is gone" in shown(app))
        await pilot.press("ctrl+p", *"saved")
        await wait_until(pilot, lambda: "saved conversations (ctrl+l)" in shown(app))
        await pilot.press("escape", "alt+q")
        await wait_until(pilot, lambda: not app.is_running)


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        ({"sesions": "ctrl+l"}, "there is no command 'sesions'; the nearest is sessions"),
        ({"sessions": "ctrl+b"}, "ctrl+b is taken twice, by sessions and by browse"),
        ({"sessions": "alt+g", "browse": "alt+g"}, "alt+g is taken twice"),
        ({"sessions": "ctrl+k"}, "ctrl+k is taken twice, by sessions and by a text field"),
        ({"reader_original": "n"}, "n is taken twice"),
        ({"reader_original": "a"}, "a is taken twice"),
        ({"sessions": "s"}, "sessions cannot be 's'"),
        ({"sessions": "alt+b"}, "sessions cannot be 'alt+b'"),  # which terminals send for ctrl+left
        ({"sessions": "ctrl+i"}, "sessions cannot be 'ctrl+i'"),  # and this one is Tab
    ],
    ids=str,
)
def test_what_cannot_be_a_key_is_said_in_a_sentence(mine: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=r"\[keys\]: ") as raised:
        use(mine)
    assert said in raised.value.message


def test_two_commands_may_change_places() -> None:
    use({"sessions": "ctrl+b", "browse": "ctrl+s"})
    assert (hint("sessions"), hint("browse", short=True)) == ("ctrl+b", "^s")
