"""A model's thoughts and marks are taken out of its text, however it is cut into chunks, and nothing else is."""

from __future__ import annotations

import time

import pytest

from bot.writers.thoughts import Answer

SAID = "The toll rose to 14. [1]"
THOUGHT = "Okay, the user asks about the toll. Passage 1 says 14. "


def heard(text: str, size: int, *, held: bool = False) -> str:
    """The answer in a text that comes in chunks of `size` characters."""
    answer = Answer(held=held)
    shown = [answer.feed(text[low : low + size]) for low in range(0, len(text), size)]
    return "".join([*shown, answer.finish()])


FORMS = {
    "think": f"<think>{THOUGHT}</think>\n\n{SAID}",
    "thinking": f"<thinking>\n{THOUGHT}\n</thinking>{SAID}",
    "reasoning": f"<reasoning>{THOUGHT}</reasoning>{SAID}",
    "a tag with an attribute": f'<think effort="high">{THOUGHT}</think>{SAID}',
    "upper case": f"<THINK>{THOUGHT}</THINK>{SAID}",
    "square brackets": f"[THINK]{THOUGHT}[/THINK]{SAID}",
    "triangles": f"◁think▷{THOUGHT}◁/think▷{SAID}",
    "a prefix": f"<seed:think>{THOUGHT}</seed:think>{SAID}",
    "only a closing tag": f"{THOUGHT}</think>\n{SAID}",
    "only a closing mark": f"{THOUGHT}[/THINK]{SAID}",
    "channels": f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{SAID}",
    "channels to the end": f"<|start|>assistant<|channel|>final<|message|>{SAID}<|return|>",
    "channels without marks": f"analysis{THOUGHT}assistantfinal{SAID}",
    "a channel of thoughts": f"<|channel>thought\n{THOUGHT}<channel|>{SAID}",
    "tokens": f"<|START_THINKING|>{THOUGHT}<|END_THINKING|><|START_RESPONSE|>{SAID}<|END_RESPONSE|>",
    "a solution": f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|><|begin_of_solution|>{SAID}<|end_of_solution|>",
    "twice": f"<think>{THOUGHT}</think>It rose. [1] <think>{THOUGHT}</think>{SAID}",
    "an answer's tag": f"<think>{THOUGHT}</think><answer>{SAID}</answer>",
    **{f"ends in {mark}": SAID + mark for mark in (
        "<|im_end|>", "</s>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end|>", "<eos>",
        "<|END_OF_TURN_TOKEN|>",
        "<｜end▁of▁sentence｜>", "[/INST]", "<|im_end|>\n<|im_start|>user\nWhat else?", "</s><s>[INST] And?",
    )},
    "a header": f"<|start_header_id|>assistant<|end_header_id|>\n\n{SAID}<|eot_id|>",
    "a mark before": f"<s>{SAID}</s>",
    "a half of a mark": f"{SAID}<|im_e",
}  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("form", FORMS)
def test_only_the_answer_is_left(form: str, size: int) -> None:
    assert heard(FORMS[form], size).strip() == SAID


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "5 < 6 and a > b [1] [sic] [THINKERS] (a) <b>bold</b>.",
        "Okay, the toll rose to 14. [1]",
        "The user of the bridge fell. [1]",
        "analysis of the data shows it [1].",
        'They said "<think>" is a tag. [1]',
        "Let me be clear, he said [1].\nThen he left. [2]\n",
    ],
)
def test_what_is_no_thought_stays_as_it_is(text: str, size: int) -> None:
    assert heard(text, size) == text


@pytest.mark.parametrize(
    "text", [f"<think>{THOUGHT}", "<think></think>", "analysisOkay, so", f"<|channel|>analysis<|message|>{THOUGHT}"]
)
def test_thoughts_alone_are_no_answer(text: str) -> None:
    assert heard(text, 3) == ""


def test_words_flow_at_once_and_thoughts_later_on_are_dropped() -> None:
    answer = Answer()
    assert answer.feed("The toll ") == "The toll " and answer.feed("rose. ") == "rose. "
    assert answer.feed("<thi") == "" and answer.feed("nk>Wait.</think>It ") == "" and answer.finish() == "It "


def test_a_model_that_is_known_to_think_bare_is_held() -> None:
    text = f"The toll is in passage 1.</think>{SAID}"
    assert heard(text, 4, held=True) == SAID
    answer = Answer()
    answer.feed(text)
    assert answer.bare


@pytest.mark.parametrize("run", [" ", "\n", "<", "[", "<think>", "</think>", "<|", "◁", "a", "<|channel|>", "analysis"])
def test_time_grows_with_length_only(run: str) -> None:
    began = time.perf_counter()
    heard(run * (1_000_000 // len(run)), 64)
    assert time.perf_counter() - began < 10  # a second or two alone; with the square it is minutes
