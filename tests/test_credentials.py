"""Keys: where they come from, how they are kept, and that they are never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.credentials import Keys
from bot.errors import SettingsError, UsageError

SECRET = "sk-test-0123456789"


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    Keys(file, {}).set("openai", f"  {SECRET}\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert Keys(file, {}).get("openai") == SECRET
    assert Keys(file, {}).get("anthropic") is None


def test_the_environment_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    Keys(file, {}).set("openai", SECRET)
    assert Keys(file, {"OPENAI_API_KEY": " other\n"}).get("openai") == "other"
    assert Keys(file, {"OPENAI_API_KEY": ""}).get("openai") == SECRET


def test_a_file_that_others_can_read_is_refused_with_the_command_that_closes_it(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    Keys(file, {}).set("openai", SECRET)
    file.chmod(0o644)
    with pytest.raises(SettingsError) as refused:
        Keys(file, {}).get("openai")
    assert refused.value.next == f"Close it: chmod 600 {file}"
    assert SECRET not in refused.value.message + refused.value.next


def test_an_empty_key_takes_it_out(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.json", {})
    keys.set("openai", SECRET)
    keys.set("openai", "")
    assert keys.get("openai") is None


@pytest.mark.parametrize(("provider", "key"), [("Open AI", SECRET), ("openai", "two words"), ("openai", "schlüssel")])
def test_what_is_no_name_or_no_key_is_refused(tmp_path: Path, provider: str, key: str) -> None:
    with pytest.raises(UsageError) as refused:
        Keys(tmp_path / "keys.json", {}).set(provider, key)
    assert key not in refused.value.message + refused.value.next
    assert not (tmp_path / "keys.json").exists()


@pytest.mark.parametrize("held", ["", "[]", '{"openai": 1}', "not json"])
def test_a_damaged_file_is_named(tmp_path: Path, held: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(held)
    file.chmod(0o600)
    with pytest.raises(SettingsError, match=r"keys\.json"):
        Keys(file, {}).get("openai")


def test_keys_do_not_show_in_a_repr(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys.json", {"OPENAI_API_KEY": SECRET})
    keys.set("anthropic", SECRET)
    assert SECRET not in repr(keys) and SECRET not in str(vars(keys)["_path"])
