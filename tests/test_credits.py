"""Credits: the agency that an article comes from is named by its outlet, author, dateline or credit line alone."""

import pytest

from store.credits import agency, credit

STORY = "The bridge at Marrow closed on Tuesday.\n\nIt will open again in June."


@pytest.mark.parametrize(
    "text, named",
    [
        (f"MARROW, May 7 (Reuters) - {STORY}", "Reuters"),
        (f"MARROW (AP) — {STORY}", "Associated Press"),
        (f"By Agence France-Presse\n\n{STORY}", "Agence France-Presse"),
        (f"{STORY}\n\n(Reuters)", "Reuters"),
        (f"{STORY} (AFP)", "Agence France-Presse"),
        (f"{STORY} — dpa", "dpa"),
        (f"{STORY}\n\nSource: The Post and agencies", "agencies"),
        (f"Staff and agencies\n\n{STORY}", "agencies"),
        (STORY, None),
        ("The minister told Reuters on Tuesday that the bridge (AP photo) would open in June.", None),
        (f"Ines Vold/Reuters\n\n{STORY}", None),
        (f"{STORY}\n\nReuters contributed to this report.", None),
        ("", None),
    ],
)
def test_a_credit_is_told_from_a_mention(text: str, named: str | None) -> None:
    assert credit(text) == named


def test_an_outlet_or_an_author_that_is_an_agency_is_its_own_credit() -> None:
    assert credit(STORY, outlet="Reuters") == credit(STORY, author="By  reuters") == "Reuters"
    assert credit(STORY, outlet="The Associated Press") == "Associated Press"
    assert agency("Reuters Foundation School") is None and agency(None) is None
