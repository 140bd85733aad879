"""HTML elements in which no text can become markup."""

from html import escape

from bot.show.clean import clean


class Html(str):
    """A string that is markup, so that no other text can become such: `el` escapes it."""


def el(tag: str, /, *children: str | None, **attributes: object) -> Html:
    """An element with cleaned and escaped texts and elements in it; None is left out.

    `class_` is written as class, `stroke_width` as stroke-width.
    """
    facts = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(clean(str(value), lines=False))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(child if isinstance(child, Html) else escape(clean(child or "")) for child in children)
    return Html(f"<{tag}{facts}>" if tag == "input" else f"<{tag}{facts}>{inside}</{tag}>")
