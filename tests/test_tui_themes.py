"""The look of the chat: contrast in its own themes, measured in what is drawn; colours that mean something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_engine import (
    CLOSEST,
    WIDE,
    Scripted,
    answer,
    answered,
    chat,
    held_open,
    lit,
    ready,
    running,
    searching,
    send,
    shown,
    stream,
    wait_until,
)
from rich.color import Color as Drawn
from textual.color import Color

from bot.conversation import Sentence
from bot.errors import ProviderError
from bot.settings import Settings, choices
from bot.tui.app import Chat
from bot.tui.themes import DARK, LIGHT, MEANINGS, THEMES

TEXT, RULE = 4.5, 3.0  # the least contrast of words, and of lines and scrollbars
LINES = {*"─│┌┐└┘├┤▌▐▔▁█▊▎", *map(chr, range(0x2581, 0x2590))}
FAULT = ProviderError("The provider refused the key.", "Set it with: footnote keys set openai", "provider_key")
PARTLY = answer(
    outcome="partly",
    sentences=(Sentence("It was backed.", (1,), "supported"), Sentence("All did.", (), "unsupported", "no source")),
)
REFUSED = answer(outcome="not_in_corpus", sentences=(), citations=(), closest=CLOSEST, words="Not in the corpus.")


def played() -> Scripted:
    """An answer with a sentence that nothing supports, a refusal, an error, and an answer that does not end."""
    return Scripted([stream(PARTLY), stream(REFUSED), [searching(), FAULT], held_open()])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, as WCAG defines it."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (part / 255 for part in Color.parse(colour).rgb)
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def drawn(app: Chat) -> Iterator[tuple[str, str, str]]:
    """Every piece of text on the screen, or in the window over it, with its colour and the colour behind it."""
    window = next(iter(app.screen.query(".window, #--container")), app.screen).region
    for strip in app.screen._compositor.render_strips()[window.y : window.bottom]:
        for text, style, _ in strip.crop(window.x, window.right):
            if text.strip() and style is not None:
                assert style.color is not None and style.bgcolor is not None and not style.dim
                colours = (named(style.color), named(style.bgcolor))
                yield text.strip(), *(reversed(colours) if style.reverse else colours)


def named(colour: Drawn) -> str:
    assert colour.triplet is not None
    return colour.triplet.hex


def faint(app: Chat) -> list[tuple[str, str, str, float]]:
    """What is drawn with too little contrast."""
    return [
        (text, one, other, found)
        for text, one, other in drawn(app)
        if (found := round(contrast(one, other), 2)) < (RULE if set(text) <= LINES else TEXT)
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_colour_of_a_theme_is_read_on_every_ground_of_it(theme: object) -> None:
    assert theme in (DARK, LIGHT)
    variables = {**theme.to_color_system().generate(), **theme.variables}
    for ground in ("background", "surface", "panel"):
        for name in ("foreground", *MEANINGS[:-1]):
            assert contrast(variables[name], variables[ground]) >= TEXT, (name, ground)
        assert contrast(variables["rule"], variables[ground]) >= RULE, ground
    for state in ("", "-hover", "-active"):
        assert contrast(variables[f"scrollbar{state}"], variables["scrollbar-background"]) >= RULE


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_nothing_that_is_drawn_is_too_faint(theme: str) -> None:
    """The first screen, answers of every kind, commands, an article, help, the palette, lists, an answer to come."""
    app = chat(played())
    app.theme = theme
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await wait_until(pilot, lambda: app.chat.samples)
        assert not faint(app)
        await answered(pilot)
        assert "(no source)" in shown(app)
        await pilot.press("tab", "1")
        await wait_until(pilot, lambda: lit(app))
        assert not faint(app)
        await pilot.press("escape", "/")
        await wait_until(pilot, lambda: app.chat.query_one("#commands").display)
        assert not faint(app)
        app.chat.prompt.text = ""
        for question in ("Why?", "And then?"):
            await answered(pilot, question)
            assert not faint(app)
        for key, words in (("f1", "question in"), ("ctrl+p", "/since DATE")):
            await pilot.press(key)
            await wait_until(pilot, lambda words=words: len(app.screen_stack) == 2 and words in shown(app))
            assert not faint(app)
            await pilot.press("escape")
            await wait_until(pilot, lambda: len(app.screen_stack) == 1)
        for key, words in (("ctrl+s", "type to search"), ("ctrl+b", "type to search"), ("ctrl+f", "words to find")):
            await pilot.press(key)
            await wait_until(pilot, lambda words=words: words in shown(app))
            assert not faint(app)
            await pilot.press("escape")
            await wait_until(pilot, lambda: app.focused is app.chat.prompt)
        send(app, "Still?\r")
        await wait_until(pilot, lambda: "answering" in shown(app))
        assert not faint(app)


async def test_what_has_a_meaning_has_its_colour_and_says_it_in_words_too() -> None:
    async with running(played()) as (pilot, app):
        await wait_until(pilot, lambda: app.chat.samples)
        await answered(pilot)
        await answered(pilot, "Why?")
        await answered(pilot, "And then?")
        colours = {text: colour for text, colour, _ in drawn(app)}
        variables = DARK.variables
        for words, name in (("[1]", "cite"), ("(no source)", "caution"), ("● ready", "good")):
            assert colours[words] == variables[name], words
        assert colours["✗ The provider refused the key."] == variables["fault"]


async def test_a_theme_is_chosen_by_its_name_and_kept_and_every_colour_follows() -> None:
    engine = Scripted()
    async with running(engine) as (pilot, app):
        await answered(pilot)
        send(app, "/theme light\r")
        await wait_until(pilot, lambda: app.theme == "light" and engine.themes == ["light"])
        assert {colour for text, colour, _ in drawn(app) if text == "[1]"} == {LIGHT.variables["cite"]}
        send(app, "/theme pink\r")
        await wait_until(pilot, lambda: "The themes are dark, light, ansi-dark, ansi-light." in shown(app))
        await pilot.press("ctrl+p")
        await wait_until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press(*"theme ansi-d")
        await wait_until(pilot, lambda: "/theme ansi-dark" in shown(app) and "/theme light" not in shown(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.theme == "ansi-dark" and engine.themes[-1] == "ansi-dark")


def test_the_settings_know_the_themes() -> None:
    assert choices("theme") == tuple(THEMES) and Settings().theme == DARK.name
