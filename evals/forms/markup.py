"""HTML and SVG as strings of a type of their own, so that no text can become markup: `element` escapes all others."""

from __future__ import annotations

from html import escape

from bot.show.clean import clean


class Html(str):
    """A string that is markup."""


Node = str | None
_VOID = ("input", "meta")


def element(tag: str, /, *children: Node, **attributes: object) -> Html:
    """An element with cleaned and escaped texts and elements in it; None is left out.

    `class_` is written as class, `stroke_width` as stroke-width.
    """
    facts = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(clean(str(value), lines=False))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(child if isinstance(child, Html) else escape(clean(child or "")) for child in children)
    return Html(f"<{tag}{facts}>" if tag in _VOID else f"<{tag}{facts}>{inside}</{tag}>")
