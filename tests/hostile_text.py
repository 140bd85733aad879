"""Strings that would steer a terminal, a screen or a page that shows them as they are."""

from __future__ import annotations

import random
from collections.abc import Callable

SEEDS = (
    "[@click=app.quit]here[/]", "[@click='app.quit']x", "[/x]", "[/]", "[bold]", "[red on blue]r[/red on blue]", "[[",
    "[link=https://evil.example]l[/link]", "https://evil.example", "\\[", "[$primary]", "$(id)", "{x!r}", "%s%n",
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;https://evil.example\x1b\\l\x1b]8;;\x1b\\",
    "\x9b31m", "\x00nul", "\x07bell", "\x08back", "\x7fdel", "\r\nline", "a\rb", "\u202eoverride", "]]",
    "\u2066isolate\u2069",
    "\u2028line", "\ufeffmark", "\U000e0041tag", "\U000e0001\U000e0041\U000e007f", "\ud800lone", "\uffff", "w" * 600,
    "日本語" * 60, "👩‍👩‍👧‍👦" * 20, "e\u0301" * 80, "\u0e19\u0e33" * 30, "\u200b" * 50, "\t\ttabs", " " * 40, "",
    "# head", "* item", "`code`", "![image](file:///etc/passwd)", "<script>", "&lt;", "[1] [2] [99] [1000]", "¶2 of 9",
)  # fmt: skip
AROUND: tuple[Callable[[str], str], ...] = (str, lambda s: f"[b]{s}", lambda s: f"x{s}y", lambda s: f"{s}\n\n{s}")
HOSTILE = tuple(wrap(seed) for wrap in AROUND for seed in SEEDS)


def mixed(count: int, seed: int = 16) -> tuple[str, ...]:
    """So many more of them: two or three seeds in a row, inside each other or cut at any character."""
    draw, made = random.Random(seed), list(HOSTILE)
    while len(made) < count:
        one, other, third = draw.choices(SEEDS, k=3)
        at = draw.randrange(len(one) + 1)
        made.append(draw.choice((f"{one}{other}", f"{one[:at]}{other}{one[at:]}", f"{one[:at]}{other}{third}")))
    return tuple(made)
