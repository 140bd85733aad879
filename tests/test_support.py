"""Support: what a model wrote passes only as far as the passages hold it, word for word or fact by fact."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import NO_SOURCE, OTHERWISE, PASSED, Support
from bot.reading.assertion import asks, asserting
from bot.reading.check import ModelChecker, bare
from bot.reading.quotes import normal
from store.passage import Document, Passage
from store.split import sentences, split
from tests.support_answers import KINDS, by_machine, judged, table, unseen

judge = ModelChecker().check
PIECES = [
    "The ferry sank on Monday. ", "It sank again!\r\n", "Nobody was hurt.\n\n", "“Quoted,” she said. ",
    "“So” — 1,200. ",
    "e\u0301a\u0308. ", "👩\u200d👩\u200d👧 came. ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢. ", "غزة مدينة. ", "STRASSE straße İstanbul ſ ﬁ. ",
    "See note [3]. ",
    "[1]", "A list [12] [3].\r", "\t\u00a0\u2003", "\u2028\x85\x1f", "\ufeff", "日本語。", "x" * 40,
]  # fmt: skip
odd_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=30).map("".join)
FERRY = Document("ferry", "news", "ferry.md", "Ferry sinks off Hammerfest", "Sample Wire", published="2021-05-13")
TEXT = (
    "The ferry Aurora sank in heavy seas off Hammerfest on Wednesday with 1,500 tonnes of cargo aboard. "
    "Captain Nils Berg said that two crew members had not reached the boats, according to one report [3]. "
    "He denied that the ship had been overloaded. "
    "Inspectors from Norway had warned the owner, Polar Line, about the pumps in March 2019. "
    "Polar Line sued the inspectors, and the court fined Polar Line $4.9 million, or 12 percent of its income."
)
PASSAGE = Passage(1, FERRY, 100, 100 + len(TEXT), TEXT)
OTHER_TEXT = "Bread prices rose in Oslo. The bakers of Oslo blamed the cost of flour."
OTHER = Passage(2, Document("bread", "news", "bread.md", "Bread"), 0, len(OTHER_TEXT), OTHER_TEXT)


def said(sentence: str, *cited: Passage) -> Support:
    return judge(sentence, cited or (PASSAGE,), (PASSAGE, OTHER))


def words(support: Support) -> str:
    assert support.passage is not None
    return support.passage.text[support.start - support.passage.start : support.end - support.passage.start]


CASES = [
    # the sentence, its verdict, why
    ("He denied that the ship had been overloaded.", "quoted", ""),
    ("he  DENIED that the ship had been overloaded. [1]", "quoted", ""),
    ("- **He denied that the ship had been overloaded** [1, 2].", "quoted", ""),
    ("“He denied that the ship had been overloaded.”", "quoted", ""),
    ("Captain Nils Berg said that two crew members had not reached the boats, according to one report [3].",
     "quoted", ""),
    # what stands in quotation marks was said so
    ("Captain Nils Berg said “two crew members had not reached the boats.”", "supported", ""),
    ("Captain Nils Berg said that “two crew members … [never] reached the boats”.", "supported", ""),
    ("Captain Nils Berg said “two crew members had not made it to the boats”.", "unsupported", NO_SOURCE),
    # half a sentence of the article is no quote, and what stood before it may deny it
    ("The ship had been overloaded.", "unsupported", OTHERWISE),
    ("The ferry Aurora sank in heavy seas off Hammerfest.", "supported", ""),
    ("The ferry Aurora sank in heavy seas, and everybody in the village had feared it for years.",
     "unsupported", NO_SOURCE),
    # numbers
    ("The Aurora sank on Wednesday with 1500 tonnes of cargo.", "supported", ""),
    ("The Aurora sank on Wednesday with 1,600 tonnes of cargo.", "unsupported", OTHERWISE),
    ("2 crew members had not reached the boats, the captain said.", "supported", ""),
    ("Three crew members had not reached the boats, the captain said.", "unsupported", OTHERWISE),
    ("The court fined Polar Line $4.9 million.", "supported", ""),
    ("The court fined Polar Line $4,900,000.", "supported", ""),
    ("The court fined Polar Line $4.9 billion.", "unsupported", OTHERWISE),
    ("The fine came to 12% of the income of Polar Line.", "supported", ""),
    # days
    ("The ferry Aurora sank on Wednesday, May 12, 2021.", "supported", ""),
    ("The ferry Aurora sank off Hammerfest on Tuesday.", "unsupported", OTHERWISE),
    ("Inspectors had warned Polar Line about the pumps in April 2019.", "unsupported", OTHERWISE),
    ("Inspectors had warned Polar Line about the pumps in March 2018.", "unsupported", OTHERWISE),
    # names
    ("Norwegian inspectors had warned Polar Line about the pumps.", "supported", ""),
    ("The Swedish inspectors had warned Polar Line about the pumps.", "unsupported", OTHERWISE),
    ("Hammerfest inspectors had warned the owner about the pumps.", "supported", ""),
    ("Oslo is where the ferry Aurora sank in heavy seas.", "unsupported", OTHERWISE),
    # negations
    ("Two crew members reached the boats, Captain Berg said.", "unsupported", OTHERWISE),
    ("Two crew members never reached the boats, Captain Berg said.", "supported", ""),
    ("The ferry Aurora did not sink off Hammerfest.", "unsupported", OTHERWISE),
    # roles
    ("The owner, Polar Line, had warned Norway about the pumps.", "unsupported", NO_SOURCE),
    # nothing near
    ("The king will open a museum of whaling next summer.", "unsupported", NO_SOURCE),
    ("Die Fähre sank bei schwerer See, und der Kapitän wies jede Schuld von sich.", "unsupported", NO_SOURCE),
    ("フェリーは水曜日に沈没した。", "unsupported", NO_SOURCE),
    # nothing claimed
    ("", "none", ""), ("[1]", "none", ""), ("…", "none", ""),
    ("Here is what the articles say:", "none", ""),
    ("The articles do not say.", "none", ""),
    ("The passages don't mention how many people were hurt.", "none", ""),
    ("Why did the ferry sink?", "none", ""),
    ("## The ferry", "none", ""),
    ("Key points", "none", ""),
    ("The king owns Polar Line", "unsupported", NO_SOURCE),
    # a claim behind a refusal or before a colon is a claim
    ("The articles do not say why, but the king owned the ferry.", "unsupported", NO_SOURCE),
    ("The king bought 300 pounds of gold:", "unsupported", NO_SOURCE),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "verdict", "why"), CASES)
def test_verdicts(sentence: str, verdict: str, why: str) -> None:
    support = said(sentence)
    assert (support.verdict, support.why if verdict == "unsupported" else "") == (verdict, why), support


FORECAST = (
    "Fuel cost $3.20 a litre on Sunday. The agency's forecast predicts a price of $4.25 by spring and till autumn. "
    "Polar Line plans to build a terminal in Bergen and has two days to answer the bid of a French owner. "
    "The fare has fallen from 90 crowns in 2019 to 60 in 2021. "
    "Kari Moe, a 31-year-old British captain, took the record from the American sailor Joan Reed."
)


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        ("The agency predicts that fuel will cost $4.25 by spring.", True),
        ("Fuel reached $4.25 in May and cost that until autumn.", False),
        ("Polar Line plans a terminal in Bergen.", True),
        ("Polar Line built a terminal in Bergen.", False),
        ("Polar Line answered the bid of a French owner.", False),
        ("The fare fell from 90 crowns in 2019 to 60 in 2021.", True),
        ("The fare rose between 2019 and 2021.", False),
        ("The fare rose from 60 crowns in 2019 to 90 in 2021.", False),
        ("An owner from France made a bid for Polar Line.", True),
        ("Moe, 31, took the record from Joan Reed of America.", True),
        ("Joan Reed took the record from Kari Moe.", False),
    ],
)
def test_plans_and_turns(sentence: str, passes: bool) -> None:
    passage = Passage(1, FERRY, 0, len(FORECAST), FORECAST)
    assert (judge(sentence, (passage,), (passage,)).verdict == "supported") is passes


SNAKE = (
    "Biologists of the Conservancy of Southwest Florida found the female by following a male scout snake named Dion. "
    "Amir Siraj, who leads the work, was asked on Thursday. "
    "Siraj would like to put a team together. "
    "The find may be shown in a museum, and the team is considering selling the skin. "
    "The oldest nest was dug up on January 8, 2014, by people of a firm called Snakes Not Wanted. "
    "Renters with landlords in the county get a rebate sent by the council after a brief wait."
)
COPIES = [
    # in what keeps to the article's own wording: the sentence, whether it passes
    ("Biologists found the female by following a male scout snake named Dion.", True),
    ("Renters with landlords in the county get a rebate after a long wait.", False),
    ("Biologists found the female by following a male scout snake named Dion through the sewers.", False),
    ("Amir Siraj would like to put a team together.", True),
    ("Peter Siraj would like to put a team together.", False),
    # a name in place of a common word that opens the sentence, in "-ly" or nearly spelt as a word that is there
    ("Sully, people of a firm called Snakes Not Wanted, dug up the oldest nest.", False),
    ("Landon, in the county, get a rebate sent by the council after a brief wait.", False),
    ("The find was shown in a museum.", False),
    ("The team has sold the skin.", False),
    ("The oldest nest was dug up on January 8, 2014.", True),
    ("The oldest nest was dug up on January 8, 2013.", False),
    ("People of a firm called Snakes Not Wanted dug up the oldest nest.", True),
]


@pytest.mark.parametrize(("sentence", "passes"), COPIES)
def test_a_copy_with_one_thing_changed(sentence: str, passes: bool) -> None:
    passage = Passage(9, Document("snake", "news", "snake.md", "A snake", published="2022-06-23"), 0, len(SNAKE), SNAKE)
    assert (judge(sentence, (passage,), (passage, OTHER)).verdict in ("quoted", "supported")) is passes


PROSE = (
    "Only 300 permits had been issued as of yesterday, the Harbour Safety Agency of Norway reported. "
    "The HSA may lift the ban on night ferries in January. "
    "Sen. Kari Moe, of Oslo, and Per Lund asked for the change last month. "
    "The last storm to strike the coast in June was in 1985. "
    "The owner parted ways with Berg before the hearing, wrote Moe. "
    "Waves of two feet came ashore in Larvik, the Coast Guard reported."
)


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        # titles, opening words and names that a model spells out
        ("Sens. Kari Moe and Per Lund asked for the change last month.", True),
        ("Yes, Kari Moe and Per Lund asked for the change last month.", True),
        ("No, only 300 permits had been issued as of yesterday.", True),
        ("The Harbour Safety Agency may lift the ban on night ferries in January.", True),
        ("The Larvik Safety Agency may lift the ban on night ferries in January.", False),
        # days that the article names by its own day, 8 March 2022
        ("As of Monday, only 300 permits had been issued.", True),
        ("As of Sunday, only 300 permits had been issued.", False),
        ("Kari Moe and Per Lund asked for the change in February 2022.", True),
        ("Kari Moe and Per Lund asked for the change in November 2021.", False),
        # what may be is not what will be; the last of its kind, and the first since then
        ("The HSA will lift the ban on night ferries in January.", False),
        ("It would be the first storm to strike the coast in June since 1985.", True),
        ("The first storm to strike the coast in June was in 1985.", False),
        # a reason that nobody gave; where a thing is changes no role
        ("The owner parted ways with Berg because of the hearing.", False),
        ("In Larvik, where waves of two feet came ashore, the Coast Guard reported.", True),
    ],
)
def test_prose_of_a_model(sentence: str, passes: bool) -> None:
    document = Document("ban", "news", "ban.md", "Night ferries", published="2022-03-08")
    passage = Passage(9, document, 0, len(PROSE), PROSE)
    assert (judge(sentence, (passage,), (passage, OTHER)).verdict == "supported") is passes


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        # what a sentence far off brings comes with words about it
        ("The Aurora, for which Polar Line paid 700 crowns, sank with 1,500 tonnes of cargo aboard.", True),
        ("The Aurora, for which Polar Line paid 700 crowns, sank with 1,600 tonnes of cargo aboard.", False),
        # two sentences far off, each with words of its own; a day that only one of them tells
        ("The Aurora, for which Polar Line paid 700 crowns and which carpenter Kari Moe painted blue, sank.", True),
        ("The Aurora, for which Polar Line paid 800 crowns and which carpenter Kari Moe painted blue, sank.", False),
        ("The hull was painted blue at the yard by Kari Moe, who turned 41 on 2 June.", True),
        ("The hull was painted blue at the yard by Kari Moe, who turned 41 on 3 June.", False),
        # a bare name or number may belong to something else
        ("Kari Moe had warned the owner about the pumps.", False),
        ("Inspectors had warned the owner about the pumps in 1,500 letters.", False),
        # numbers that changed places
        ("Polar Line paid $9 million and the harbour 700 crowns.", False),
        ("Polar Line paid 700 crowns and the harbour $9 million.", True),
        # what is no longer so; a rise for a fall
        ("The owner no longer expects to sail in June.", False),
        ("The fare rises in winter.", False),
        ("The fare drops in winter.", True),
    ],
)
def test_sentences_of_an_article_that_stand_apart(sentence: str, passes: bool) -> None:
    text = TEXT + (
        " Carpenter Kari Moe turned 41 on 2 June. The sea was calm a day later."
        " Polar Line paid 700 crowns and the harbour paid $9 million."
        " The owner expects to sail in June. In winter the fare drops."
        " The hull was painted blue at the yard by Kari Moe."
    )
    passage = Passage(3, FERRY, 0, len(text), text)
    assert (judge(sentence, (passage,), (passage, OTHER)).verdict in PASSED) is passes


def test_a_span_is_whole_sentences_of_the_version() -> None:
    support = said("The captain denied that his ship had been overloaded.")
    assert support.verdict == "supported"
    assert words(support).endswith("He denied that the ship had been overloaded.")
    assert support.start >= PASSAGE.start
    starts = {start for start, _ in sentences(TEXT)}
    assert support.start - PASSAGE.start in starts


def test_a_quote_of_another_passage_is_found() -> None:
    support = said("Bread prices rose in Oslo.", PASSAGE)
    assert (support.verdict, support.passage) == ("quoted", OTHER)


def test_without_passages_nothing_is_supported() -> None:
    assert judge("The ferry sank.", (), ()) == Support("unsupported", None, why=NO_SOURCE)


def test_a_title_and_a_published_day_are_facts() -> None:
    assert said("Sample Wire reported in May 2021 that the ferry Aurora sank in heavy seas.").verdict == "supported"
    undated = replace(PASSAGE, document=replace(FERRY, published=None))
    assert judge("In May 2021 the ferry Aurora sank in heavy seas.", (undated,), ()).why == OTHERWISE


@pytest.mark.parametrize("marker", ["[1]", "[1, 3]", "[1][3]", "[1-3]", "【1】", "(1)", "[P1]", "[1]."])
def test_markers_are_set_aside(marker: str) -> None:
    assert bare(f"The ferry sank {marker}").rstrip(".") == "The ferry sank"


@settings(max_examples=150, deadline=None)
@given(text=odd_texts, pick=st.randoms(use_true_random=False))
def test_any_verbatim_sentence_is_quoted(text: str, pick: random.Random) -> None:
    cut = [Passage(at, FERRY, start, end, text[start:end]) for at, (start, end) in enumerate(split(text))]
    spans = [(p, start, end) for p in cut for start, end, asserts in asserting(p.text) if asserts]
    rows = [(p, a, b) for p, a, b in spans if any(map(str.isalnum, p.text[a:b])) and not asks(bare(p.text[a:b]))]
    if rows:
        passage, start, end = pick.choice(rows)
        wanted = passage.text[start:end]
        support = judge(wanted, (passage,), cut)
        assert support.verdict == "quoted"
        assert support.passage == passage
        found = text[support.start : support.end]
        assert found == passage.text[support.start - passage.start : support.end - passage.start]
        assert normal(found)[0].strip() == normal(wanted)[0].strip()


@pytest.mark.torture
def test_the_eighty_answers() -> None:
    """Measured: 38 of 40 errors caught and 107 of 123 true sentences accepted; floors a little below."""
    print(table())
    for held_out in (False, True):
        rows = [row for row in judged() if row.held_out is held_out]
        bad = [row for row in rows if row.label in KINDS]
        good = [row for row in rows if row.label == "true"]
        assert sum(not row.passed for row in bad) >= 0.90 * len(bad)
        assert sum(row.passed for row in good) >= 0.85 * len(good)
    assert all(row.support.verdict == "none" for row in judged() if row.label == "none")


def test_sentences_of_harder_kinds() -> None:
    """Eighty-nine over the newer briefs; measured: 38 of 51 errors caught, 25 of 38 true ones accepted; floors below.

    Guards that caught errors of these sentences alone, and none elsewhere that they did not pay for, are gone.
    """
    rows = unseen()
    bad, good = [row for row in rows if row.label != "true"], [row for row in rows if row.label == "true"]
    assert sum(not row.passed for row in bad) >= 0.70 * len(bad)
    assert sum(row.passed for row in good) >= 0.55 * len(good)


@pytest.mark.torture
def test_facts_changed_by_machine_are_caught() -> None:
    for kind, (caught, of) in by_machine().items():
        assert caught >= 0.85 * of, kind


@pytest.mark.torture
def test_a_sentence_takes_milliseconds() -> None:
    rows = [row for row in judged() if len(row.found) == 8]
    start = time.process_time()
    for row in rows:
        judge(row.text, row.cited, row.found)
    assert (time.process_time() - start) / len(rows) < 0.060  # about 20 ms on a machine at leisure
