"""Tables: aligned by what is seen, cut on a terminal alone."""

from __future__ import annotations

import pytest
from test_terminal import on_screen

from bot.show.clean import columns
from bot.show.terminal import Terminal

ROWS = [
    ("abc", "2024-05-01", "北京日报", "渡轮周一沉没，港务局称无人受伤"),
    ("defghi", "undated", "A gazette of a very long name, of the whole north", "Ferry\nsinks  twice"),
    ("j", "", "-", "🚢 sinks"),
]


@pytest.mark.parametrize("wide", [21, 30, 41, 60, 80, 200])
def test_columns_are_aligned_and_fit_at_any_width(monkeypatch: pytest.MonkeyPatch, wide: int) -> None:
    _, screen = on_screen(monkeypatch)
    monkeypatch.setenv("COLUMNS", str(wide))
    Terminal(environ={}).table(ROWS)
    lines = screen.shown.splitlines()
    assert len(lines) == 3 and all(columns(line) < wide for line in lines)
    starts = [columns(line[: line.index(cell)]) for line, cell in zip(lines, ("2", "u"), strict=False)]
    assert starts[0] == starts[1], lines
    lasts = [columns(line[: line.rindex(sign)]) for line, sign in zip(lines, ("渡", "Fe", "🚢"), strict=True)]
    assert len(set(lasts)) == 1, lines


def test_off_a_terminal_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(environ={}).table(ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(
        "defghi  undated     A gazette of a very long name, of the whole north  Ferry sinks twice"
    )
    assert lines[0].endswith("渡轮周一沉没，港务局称无人受伤")
