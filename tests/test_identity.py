"""Identity: ids that no content changes, addresses in one form, and texts that are one article or two."""

from __future__ import annotations

import re

import pytest

from store.identity import address_id, alike, canonical, place_id


def test_an_id_is_of_root_path_and_item() -> None:
    ids = {
        place_id("news", "a.txt"),
        place_id("news", "b.txt"),
        place_id("old", "a.txt"),
        place_id("news", "a.txt", "1"),
    }
    assert len(ids) == 4 and place_id("news", "a.txt") in ids
    assert all(re.fullmatch("[a-z][a-z2-7]{9}", key) for key in ids)


def test_a_url_is_the_id_wherever_the_file_lies() -> None:
    first = address_id("http://www.Example.org/a/?utm_campaign=z")
    assert first == address_id("https://example.org/a#part")
    assert first != address_id("https://example.org/A")
    assert first != address_id("https://example.org/a?id=2")


@pytest.mark.parametrize("url", ["", "not a url", "http://[half", "HTTPS://X.org/?a=&b=1"])
def test_canonical_takes_any_string_and_changes_nothing_twice(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)


STORY = (
    "The town council of Hult voted on Monday to repair the old pier, which lost 12 of its 40 piles in the January "
    "storm. The work will cost 3.1 million crowns and is to end in May. Fishermen had asked for it since 2019."
)


@pytest.mark.parametrize(
    "other",
    [
        STORY,
        STORY.upper().replace(". ", ".\r\n\r\n"),
        STORY.replace("12 of", "14 of"),
        STORY + "\n\nAdvertisement\n\nShare this story",
        STORY.replace("The work will", "Work will").replace("is to end", "should end"),
    ],
)
def test_a_copy_a_correction_and_a_light_edit_are_one_article(other: str) -> None:
    assert alike(STORY, other) and alike(other, STORY)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "The town council of Hult voted on Monday to repair the old pier",
        "A whale of 14 metres was beached on Sollen on Friday and was towed back to sea.",
        STORY.replace("12 of its 40", "7 of its 30").replace("3.1", "2.2").replace("2019", "2021"),
        STORY + " " + "On Tuesday the harbour master of Orrin asked for a new crane, a road and two cold stores. " * 3,
    ],
)
def test_a_stub_another_story_and_another_report_of_one_template_are_two_articles(other: str) -> None:
    assert not alike(STORY, other) and not alike(other, STORY)
