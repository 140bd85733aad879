"""What of an article is page: links, prompts, bylines, biographies and contacts, each by its kind; the story stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats.furniture import furniture, without

STORY = [
    "The harbour of Fremholm was closed on Monday after the ice broke the gate of the northern lock, the council said.",
    "Nobody was hurt when the gate gave way, but eleven boats that lay behind it were carried out to the open sea.",
    "The council wants to build a new gate of steel before the first ships of the spring come in from the north.",
]


def taken(text: str) -> list[str]:
    return [text[span.start : span.end] for span in furniture(text, 0)[0]]


def around(*lines: str) -> str:
    before, after = ([f"On day {day} {STORY[0]}" for day in range(first, first + 5)] for first in (1, 6))
    return "\n\n".join([*before, *lines, *after])


@pytest.mark.parametrize(
    "line",
    [
        "What the lock cost:A gate of steel is dear. Here's what others paid.",
        "EXPLAINER:Why does ice break steel? What we know about locks.",
        "Fremholm live updates::News from the harbour as it comes in",
        "5 YEARS AFTER THE STORM:The pier still lies in ruins. Then came the ice.",
        "Podcasts:True tales of the sea and more, right here.",
    ],
)
def test_a_label_that_touches_its_headline_is_a_link_though_the_headline_ends_as_sentences_do(line: str) -> None:
    assert taken(around(line)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Fremholm:" + "The council met on Tuesday and heard of the gate, of the ice and of the price of steel. " * 2,
        "Answer:It will cost the town nothing.",
        "The time was 11:28 when it broke.",
        "Shares of Locks (NYSE:LOCK) fell on Monday.",
        "The Anchor:12 Quay Street, Fremholm, 555-321-4321, open all week.",
    ],
)
def test_a_label_of_a_report_an_answer_a_time_a_share_or_a_place_is_no_link(line: str) -> None:
    assert taken(around(line)) == []


def test_headlines_in_a_row_between_paragraphs_are_links() -> None:
    links = ["Fremholm's mayor steps down after the winter of the ice", "How the lock of the north harbour was built"]
    assert taken(around(*links)) == links


def test_one_headline_at_the_end_is_a_link_and_a_sentence_that_is_cut_off_is_not() -> None:
    link = "Winter of the ice: The gates that broke before"
    assert taken(f"{around()}\n\n{link}") == [link]
    assert taken(f"{around()}\n\nThe council has said that the gate of steel will be bro") == []


@pytest.mark.parametrize(
    "line",
    [
        "The winter of the ice: What the harbour learnt from it",
        "'Nobody slept': How Fremholm held its gates",
        "FERRY TIMETABLE: Is your boat running today?",
    ],
)
def test_a_headline_of_two_parts_between_paragraphs_is_a_link(line: str) -> None:
    assert taken(around(line)) == [line]


@pytest.mark.parametrize(
    "lines",
    [
        ["Lock gates: 4 of steel, 2-3 of oak"],
        ["Cause of the break: Ice, the harbour master found"],
        ["Vote: The council passed the budget by 9 votes to 4"],
        ["The mayor asked: “Who will pay for a gate of steel?”"],
        ["July 14: The gate of the northern lock is tested again"],
        ["Ida Holm: What broke the gate?", "Ida Holm: Who will pay for it?"],
    ],
)
def test_an_entry_a_quotation_a_day_and_questions_of_an_interview_are_no_links(lines: list[str]) -> None:
    assert taken("\n\n".join(f"On day {n} {STORY[0]}\n\n{line}" for n, line in enumerate([*lines, STORY[1]]))) == []


def test_the_title_of_a_video_between_two_headings_is_page_and_they_are_not() -> None:
    lines = ["AND FINALLY", "Harbour Seals Take Over Pier | Fremholm", "The seals of the pier"]
    assert taken(around(*lines, "They came for the herring and stayed. (Click here to view)"))[0] == lines[1]


def test_links_of_a_list_that_was_read_twice_are_links() -> None:
    links = ["Ice breaks the gate of the lock.", "the gate of the lock. Who built it, and when?"]
    assert taken(around(*links)) == links


def test_lines_of_a_list_of_facts_and_lines_that_share_little_are_none() -> None:
    assert taken(around("Nobody saw the harbour.", "harbour. It was dark.")) == []
    assert taken(around("Place: Fremholm, Norholm", "Fremholm, Norholm Opened: 1911. Closed: never.")) == []
    assert taken(around("The northern lock", "The northern lock of Fremholm was built of steel.")) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["What the council will do about the gate of the lock"],
        [
            "These broke in the harbour:",
            "Northern gate of the Fremholm lock in 1987",
            "Southern gate of the old lock in 1990",
        ],
        ["• A gate of steel for the northern lock of Fremholm", "• A wall of stone for the quay of the old town"],
        [
            "The lock has held since the war, Ove Lund of the harbour said",
            "It was built by two brothers, says his book",
        ],
        ["A sub-heading", "Another one"],
    ],
)
def test_a_heading_a_list_and_what_somebody_says_are_no_links(lines: list[str]) -> None:
    assert taken(around(*lines)) == []


@pytest.mark.parametrize(
    "prompt",
    [
        "See the plan of the lock here.",
        "Keep reading.",
        "Read the full story.",
        "Learn more about the gate.",
        "Follow live updates here.",
        "Catch up on the latest updates.",
        "For more about the ice, check out our coverage here.",
        "Reach the reporter at ove.lund@example.com or 555-321-4321.",
        "Follow harbour reporter Ida Holm on Twitter: @idaholm.",
        "Holm can be reached at iholm@example.com.",
        "Lund reported from Fremholm.",
        "Check out these pictures of the seals.",
        "See the list of the gates that broke.",
        "If you like boats, check out our guide to the harbour.",
        "Stay tuned!",
        "(Related story: 'We heard it crack': The night of the ice)",
    ],
)
def test_a_prompt_is_page_also_behind_a_sentence_of_the_story(prompt: str) -> None:
    assert taken(around(f"The lock was built in 1911. {prompt}")) == [prompt]


@pytest.mark.parametrize(
    "line",
    [
        "This story and headline have been updated.",
        "Support local journalism by subscribing today: example.com/subscribe.",
        "Know of a boat that is not listed? Email boats@example.com",
        "👋 Hello! It's Ida Holm with Monday's news.",
        "Get the Harbour Lamp at Lockshop for $24.99 (save $5)",
        "@idaholm",
        "9 p.m.",
        "Can't read this letter? View it in your browser",
        "Forward this letter to a friend",
        "Vote: 1,204 readers have voted",
        "More on the harbour: https://example.com/harbour and https://example.com/lock",
        "Fremholm and Norholm CNN —",
    ],
)
def test_a_line_of_the_page_is_taken_whole(line: str) -> None:
    assert " ".join(taken(around(line))) == line


@pytest.mark.parametrize(
    "sentence",
    [
        "“Get them out of here,” he cried.",
        "Follow the river to the lock.",
        "For questions, call the town hall at 555-321-4321.",
        "The mayor can be reached by ferry only.",
        "Good mornings are rare on the island.",
        "Support for the gate grew.",
        "See the harbour master for a permit.",
        "Check out the tide before you sail.",
        "If you moor here, pay at the lock.",
        "If you live near the lock, follow our advice, he said.",
        "He asked the court to unsubscribe him from the list.",
    ],
)
def test_a_sentence_that_only_begins_as_a_prompt_does_is_story(sentence: str) -> None:
    assert taken(around(f"The lock was built in 1911. {sentence}")) == []


@pytest.mark.parametrize(
    "top",
    [
        ["Ida Holm and Ove Lund", "The Fremholm Courier"],
        ["Ida Holm", "Opinion contributor"],
        ["Ida Holm, Ove Lund and Per van der Berg", "Special to the Courier"],
        ["Ida Holm"],
        ["Editors"],
    ],
)
def test_names_above_the_story_and_the_outlet_below_them_are_a_byline(top: list[str]) -> None:
    assert taken("\n\n".join([*top, *STORY])) == top


def test_a_byline_is_told_also_above_short_lines_that_sum_up_the_story() -> None:
    summary = ["The lock is closed", "Eleven boats are lost", "A new gate is to come"]
    assert taken("\n\n".join(["Ida Holm", "Special for the Courier", *summary, *STORY])) == [
        "Ida Holm",
        "Special for the Courier",
    ]


@pytest.mark.parametrize(
    ("top", "end"),
    [
        (["Ida Holm", "Opinion contributor"], "Ida Holm is president of the society for old locks."),
        ([], "Ida Holm covers the harbour for the Courier."),
        ([], "Ida Holm is a reporter at the Courier and the author of two books on ice."),
    ],
)
def test_a_biography_of_the_writer_at_the_end_is_page(top: list[str], end: str) -> None:
    assert taken("\n\n".join([*top, *STORY, end])) == [*top, end]


def test_a_biography_before_the_story_is_page() -> None:
    first = "Ida Holm is a professor of ice at Fremholm. She is the author of “Locks.”"
    assert taken("\n\n".join([first, *STORY])) == [first]


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("Ida Holm is a reporter who saw the gate break.", "The first to call for help was Holm."),
        ("Ida Holm is a professor of ice at Fremholm.", ""),
        ("Ida Holm is a writer, the police said.", ""),
        ("Ida Holm is moving to Fremholm, where a reporter met her.", ""),
    ],
)
def test_somebody_of_the_story_is_not_its_writer(end: str, told: str) -> None:
    assert taken("\n\n".join([*STORY, told or STORY[0] + " Again.", end])) == []


@given(st.text(alphabet="ab. \n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_a_text_without_stretches_keeps_every_other_character_in_its_place(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    stretches = [(min(*pair, len(text)), min(max(pair), len(text))) for pair in pairs]
    left = without(text, stretches)
    gone = {place for low, high in stretches for place in range(low, high)}
    assert left == "".join("\n" if place in gone else letter for place, letter in enumerate(text))


@pytest.mark.parametrize(
    "line", ["Ida Holm is a reporter.\n\n", "A headline that goes on and on without an end\n\n", "x:Y "]
)
def test_a_text_is_read_in_time_that_grows_with_it(line: str) -> None:
    began = time.process_time()
    furniture(line * 10_000, 0)
    assert time.process_time() - began < 5


GALLERY = [
    "The Fremholm ice Ana Reis waves from the lock on Monday, May 3, 2021. The lock was built in 1911.",
    "The Fremholm ice The lock was opened by Mayor Jan Holm in 1911.",
    'The Fremholm ice "They are our boats," a fisherman says of those adrift.',
    "The Fremholm ice After the storm, the council shut the harbour.",
    "The Fremholm ice Gov. Ida Ek speaks to fishermen who lost their boats",
    "The Fremholm ice Mayor Jan Holm and Gov. Ida Ek look at the gate.",
]
SHOWN = ["Ana Reis waves from the lock on Monday, May 3, 2021.", "Mayor Jan Holm and Gov. Ida Ek look at the gate."]


def test_of_a_counted_gallery_what_a_picture_shows_is_page_and_what_happened_stays() -> None:
    counted = [f"Photos: {caption} Hide Caption {n} of 6" for n, caption in enumerate(GALLERY, 1)]
    for text in (around(" ".join(counted)), around(*counted)):
        assert [text[s.start : s.end] for s in furniture(text, 0)[0] if s.value == "picture"] == SHOWN


def test_of_a_gallery_with_credits_and_buttons_what_a_picture_shows_is_page() -> None:
    credits = [f"{caption.removeprefix('The Fremholm ice ')} Eva Lund/Reuters" for caption in GALLERY[:4] + GALLERY[5:]]
    text = around(" ".join([*credits, "In pictures: The Fremholm ice Prev Next"]))
    assert [text[s.start : s.end] for s in furniture(text, 0)[0] if s.value == "picture"] == SHOWN
    assert "In pictures: The Fremholm ice Prev Next" in taken(text)


@pytest.mark.parametrize("text", ["\n\n".join(SHOWN), "Photos: " + SHOWN[0], SHOWN[0] + " Eva Lund/Reuters"])
def test_a_caption_outside_a_gallery_stays(text: str) -> None:
    assert not [span for span in furniture(around(text), 0)[0] if span.value == "picture"]


@pytest.mark.parametrize(
    "line",
    [
        "WHAT BREAKS A LOCK?How ice moves steel, and what stops it",
        "Will the harbour open in spring?5 things that sailors should know",
        "Review: 'The Lock' is a slow film with a fast ending",
        "Map: Where the ice lies thickest on the northern sea",
        "Additional reporting contributed by Eva Lund.",
        "Fremholm Post's editorial opinions are decided by its board, apart from the newsroom.",
        "Hit play on the player above and follow along below.This transcript was made by a program. It may err.",
    ],
)
def test_more_kinds_of_links_credits_and_notes_are_page(line: str) -> None:
    assert taken(around(line)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "“Who broke the gate?” Jan Holm asked the council on Monday.",
        "Who broke the gate? The ice did, the council said on Monday.",
        "Map: the ice covers nine tenths of the harbour, said the council.",
    ],
)
def test_a_question_of_the_story_and_a_told_map_stay(line: str) -> None:
    assert taken(around(line)) == []
