"""What the command line knows of models: keys, the check of a provider, and where text goes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from model_server import Fault, Script, serve

from bot.cli.main import run

SECRET = "sk-typed-0123456789"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "FOOTNOTE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path))
    monkeypatch.setenv("FOOTNOTE_RETRIES", "0")
    return tmp_path


def test_a_key_from_stdin_is_kept_and_never_printed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    assert run(["keys", "set", "openai"]) == 0
    shown = capsys.readouterr()
    assert shown.out == "" and str(home / "keys.json") in shown.err
    assert SECRET not in shown.err
    assert json.loads((home / "keys.json").read_text()) == {"openai": SECRET}
    assert (home / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_closed_stdin_loses_no_key_and_an_empty_line_takes_it_out(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = json.dumps({"openai": SECRET})
    (home / "keys.json").write_text(kept)
    (home / "keys.json").chmod(0o600)
    for sent, code, left in (("", 2, kept), ("\n", 0, "{}")):
        monkeypatch.setattr("sys.stdin", io.StringIO(sent))
        assert run(["keys", "set", "openai"]) == code
        assert (home / "keys.json").read_text() == left
    assert "No key came on stdin." in capsys.readouterr().err


def test_a_key_in_a_file_that_others_can_read_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "keys.json").write_text(json.dumps({"openai": SECRET}))
    (home / "keys.json").chmod(0o644)
    assert run(["doctor", "--online", "-m", "openai:x"]) == 5
    shown = capsys.readouterr()
    assert f"chmod 600 {home / 'keys.json'}" in shown.out and SECRET not in shown.out + shown.err


def test_doctor_asks_the_model_for_a_word_and_sends_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(Script(("yes",))) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url("openai"))
        assert run(["doctor", "--online", "-m", "openai:x"]) == 0
        (request,) = server.requests
    assert len(str(request.body)) < 400
    assert "openai:x answers" in capsys.readouterr().out


def test_doctor_names_what_is_wrong_with_the_model(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(Script(fault=Fault.UNKNOWN_MODEL)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url("openai"))
        assert run(["doctor", "--online", "-m", "openai:x"]) == 5
    assert "fault    model: " in capsys.readouterr().out


@pytest.mark.parametrize("name", ["openai", "openai:", ":x"])
def test_a_model_that_there_is_not_is_a_usage_error(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "-m", name, "Who?"]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") <= 2
