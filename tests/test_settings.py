"""Settings: which source wins, what each wrong value says, and where the files are."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from bot.errors import ExitCode, SettingsError
from bot.settings import Paths, Settings, keep, load, paths, price


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def environ(home: Path, **more: str) -> dict[str, str]:
    return {"FOOTNOTE_HOME": str(home), **more}


def write(home: Path, text: str | bytes) -> Path:
    file = paths(environ(home)).config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def message(home: Path, flags: dict[str, object] | None = None, **more: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(flags, environ(home, **more))
    assert caught.value.exit == ExitCode.USAGE and caught.value.code == "settings"
    assert "\n" not in caught.value.message and caught.value.message.endswith(".")
    return caught.value.message


def test_defaults_hold_without_any_source(home: Path) -> None:
    settings = load(environ=environ(home))
    assert settings == Settings()
    assert (settings.corpus, settings.model, settings.embedder) == ("default", "extract", "wordllama")
    assert (settings.k, settings.sentences) == (8, 3)
    assert (settings.answer_at, settings.refuse_below) == (0.225, 0.1)
    assert not home.exists()


def test_every_field_has_a_sentence_and_a_default_that_passes(home: Path) -> None:
    for field in fields(Settings):
        assert field.metadata["help"].endswith(".")
    defaults = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    assert load(defaults, environ(home)) == Settings()


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().k = 3  # type: ignore[misc]


def test_flags_beat_environment_beats_file_beats_defaults(home: Path) -> None:
    write(home, 'model = "file"\nk = 1\nsentences = 1\nembedder = "minilm"\n')
    settings = load(
        {"model": "flag", "k": None, "corpus": None},
        environ(home, FOOTNOTE_MODEL="variable", FOOTNOTE_K="2", FOOTNOTE_CORPUS="wires"),
    )
    assert settings == Settings(corpus="wires", model="flag", embedder="minilm", k=2, sentences=1)


def test_numbers_come_out_in_the_type_of_their_field(home: Path) -> None:
    write(home, "answer_at = 1\n")
    settings = load(environ=environ(home, FOOTNOTE_REFUSE_BELOW="0", FOOTNOTE_K=" 50 "))
    assert (settings.answer_at, settings.refuse_below, settings.k) == (1.0, 0.0, 50)
    assert [type(value) for value in (settings.answer_at, settings.refuse_below)] == [float, float]


def test_an_empty_variable_counts_as_not_set(home: Path) -> None:
    assert load(environ=environ(home, FOOTNOTE_MODEL="", FOOTNOTE_K="")) == Settings()


def test_a_key_in_the_environment_changes_no_model(home: Path) -> None:
    assert load(environ=environ(home, OPENAI_API_KEY="x", FOOTNOTE_OTHER="y")).model == "extract"


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("modle", "model"), ("answer-at", "answer_at"), ("K", "k"), ("sentence", "sentences")],
)
def test_an_unknown_key_names_the_nearest_one_and_the_file(home: Path, key: str, nearest: str) -> None:
    file = write(home, f"{key} = 1\n")
    assert message(home) == f"{file}: there is no setting {key!r}; the nearest is {nearest}."


def test_an_unknown_key_like_none_lists_them_all(home: Path) -> None:
    file = write(home, 'zzzz = "secret"\n')
    said = message(home)
    assert said.startswith(f"{file}: there is no setting 'zzzz'; the settings are corpus, model, ")
    assert "secret" not in said


def test_an_unknown_flag_is_named_as_it_is_typed(home: Path) -> None:
    assert message(home, {"answers_at": 0.5}).startswith("--answers-at: ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('k = "8"', "k is '8', and it must be a whole number from 1 to 50."),
        ("k = 8.0", "k is 8.0, and it must be a whole number from 1 to 50."),
        ("k = true", "k is True, and it must be a whole number from 1 to 50."),
        ("k = 0", "k is 0, and it must be a whole number from 1 to 50."),
        ("k = 51", "k is 51, and it must be a whole number from 1 to 50."),
        ("sentences = 6", "sentences is 6, and it must be a whole number from 1 to 5."),
        ("answer_at = 1.01", "answer_at is 1.01, and it must be a number from 0 to 1."),
        ("answer_at = nan", "answer_at is nan, and it must be a number from 0 to 1."),
        ("refuse_below = -inf", "refuse_below is -inf, and it must be a number from 0 to 1."),
        ("model = 3", "model is 3, and it must be a text that is not empty."),
        ('model = " "', "model is ' ', and it must be a text that is not empty."),
        ("[model]", "model is {}, and it must be a text that is not empty."),
    ],
)
def test_a_wrong_value_in_the_file_says_what_is_allowed(home: Path, line: str, said: str) -> None:
    file = write(home, f"{line}\n")
    assert message(home) == f"{file}: {said}"


def test_a_wrong_value_in_the_environment_names_the_variable(home: Path) -> None:
    allowed = "and it must be a whole number from 1 to 50."
    assert message(home, FOOTNOTE_K="many") == f"FOOTNOTE_K: k is 'many', {allowed}"
    assert message(home, FOOTNOTE_K="51") == f"FOOTNOTE_K: k is 51, {allowed}"
    assert message(home, FOOTNOTE_K="9" * 5000).startswith("FOOTNOTE_K: k is '999")
    assert message(home, FOOTNOTE_CORPUS="../x").startswith("FOOTNOTE_CORPUS: corpus is '../x', and it must be ")


def test_a_wrong_flag_is_named_as_it_is_typed(home: Path) -> None:
    assert message(home, {"k": 0}).startswith("-k: k is 0, ")
    assert message(home, {"answer_at": 2.0}).startswith("--answer-at: answer_at is 2.0, ")


def test_a_wrong_value_is_named_also_where_a_flag_hides_it(home: Path) -> None:
    assert message(home, {"k": 5}, FOOTNOTE_K="many").startswith("FOOTNOTE_K: ")


def test_the_two_confidences_must_be_in_order(home: Path) -> None:
    said = "refuse_below (default: 0.1) must not be over answer_at (FOOTNOTE_ANSWER_AT: 0.05)."
    assert message(home, FOOTNOTE_ANSWER_AT="0.05") == said
    same = load({"refuse_below": 0.4}, environ(home, FOOTNOTE_ANSWER_AT="0.4"))
    assert same.refuse_below == same.answer_at == 0.4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("k = 1\nmodel = \n", 2),
        ("k = 1\n\nk = 2\n", 3),
        ('k = 1\nmodel = "x', 2),
        ("k = 1\nmodel = [\n1,\n", 3),
        (b"k = 1\n# \xff\n", 2),
    ],
)
def test_a_broken_file_is_named_with_its_line(home: Path, text: str | bytes, line: int) -> None:
    file = write(home, text)
    assert message(home).startswith(f"{file}, line {line}: this is not ")


def test_a_byte_order_mark_and_windows_line_ends_are_read(home: Path) -> None:
    write(home, b"\xef\xbb\xbfk = 4\r\nsentences = 2\r\n")
    assert load(environ=environ(home)) == Settings(k=4, sentences=2)


def test_a_folder_in_place_of_the_file_is_an_error_with_its_name(home: Path) -> None:
    (home / "config.toml").mkdir(parents=True)
    assert message(home).startswith(f"{home / 'config.toml'} cannot be read: ")


def test_all_files_are_under_the_home_that_is_set(home: Path) -> None:
    places = paths(environ(home))
    assert places == Paths(config=home, data=home)
    assert places.config_file == home / "config.toml"
    assert places.corpora == home / "corpora"
    assert places.sessions_file == home / "sessions.sqlite3"
    assert not home.exists()


def test_the_home_is_expanded_and_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert paths({"FOOTNOTE_HOME": "~/notes"}).data == tmp_path / "notes"
    assert paths({"FOOTNOTE_HOME": "here"}).data == tmp_path / "here"
    with pytest.raises(SettingsError, match="FOOTNOTE_HOME"):
        paths({"FOOTNOTE_HOME": "~no-such-user-here/x"})


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG variables are for Linux")
def test_without_a_home_the_xdg_directories_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "d"))
    for none in ({}, {"FOOTNOTE_HOME": ""}):
        assert paths(none) == Paths(config=tmp_path / "c" / "footnote", data=tmp_path / "d" / "footnote")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["default", "a", "0", "world-news_2014.v2", "x" * 64])
def test_a_corpus_has_its_folder(home: Path, name: str) -> None:
    assert paths(environ(home)).corpus_folder(name) == home / "corpora" / name
    assert load({"corpus": name}, environ(home)).corpus == name


@pytest.mark.parametrize("name", ["", "Default", ".", "..", "-x", "a/b", "a\\b", "a b", "a\n", "é", "x" * 65])
def test_a_wrong_corpus_name_is_one_sentence(home: Path, name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        paths(environ(home)).corpus_folder(name)
    assert "a-z, 0-9" in caught.value.message and "\n" not in caught.value.message
    assert "--corpus" in message(home, {"corpus": name})


def test_folders_are_made_private_and_only_on_demand(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    places = paths(environ(tmp_path / "a" / "home"))
    folder = places.corpus_folder("default")
    before = os.umask(0)
    try:
        assert places.ensure(folder) == folder
    finally:
        os.umask(before)
    made = [folder, places.corpora, places.data, tmp_path / "a"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * 4
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert places.ensure() == places.data and places.ensure(folder) == folder


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    places = paths(environ(tmp_path / "file" / "home"))
    with pytest.raises(SettingsError, match="cannot be made") as caught:
        places.ensure()
    assert "FOOTNOTE_HOME" in caught.value.next


def test_importing_and_loading_needs_only_the_standard_library(home: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); import bot.settings; bot.settings.load();"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names) - {'bot', 'store'}))"
    )
    root = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environ(home), capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


# -- written ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# mine\nmodel = 'extract' # no other\n\n[corpora.news]\nk = 4\n",
        "theme = 'dark' # of old\nk = 4\n",
        "[corpora.news]\ntheme = 'light'\n",
        '[outlets]\n"x.example" = """\ntheme = no\n"""\n',
    ],
)
def test_a_setting_is_written_and_all_else_stays(home: Path, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    file = write(home, before)
    keep("theme", "ansi-dark")
    assert load().theme == "ansi-dark"
    after = file.read_text().replace('theme = "ansi-dark"\n', "", 1)
    assert after == before.replace("theme = 'dark' # of old\n", "", 1)


def test_a_setting_is_not_written_where_it_would_change_another_or_the_file_is_broken(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(home))
    for broken in ("model = '''\ntheme = 1\n'''\n", "what is this"):
        file = write(home, broken)
        with pytest.raises(SettingsError):
            keep("theme", "light")
        assert file.read_text() == broken
    with pytest.raises(SettingsError, match="one of dark, light"):
        keep("theme", "pink")


# -- prices ----------------------------------------------------------------------------------------


def test_a_model_has_the_price_that_is_written_for_it(home: Path) -> None:
    write(home, 'model = "openai:a"\n[prices]\n"openai:a" = [2.5, 10]\n')
    assert load(environ=environ(home)).model == "openai:a"
    assert price("openai:a", environ(home)) == (2.5, 10.0) and price("openai:b", environ(home)) is None


@pytest.mark.parametrize(
    "line", ["prices = 3", '[prices]\n"openai:a" = 3', '[prices]\n"openai:a" = [1, -2]', '[prices]\na = [1, "2"]',
             '[prices]\na = [1, nan]', "[prices.openai]\na = [1, 2]"],
)  # fmt: skip
def test_a_wrong_price_is_named_with_what_is_allowed(home: Path, line: str) -> None:
    write(home, line)
    said = message(home)
    assert "config.toml" in said and "dollars for a million tokens" in said
