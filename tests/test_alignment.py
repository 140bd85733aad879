"""Value alignment: two sentences with their question agree, conflict, or the newer supersedes the older."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from conftest import Library, reader
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Bot
from bot.conversation import Answer
from bot.events import Answered, Delta
from bot.reading import Candidate, Reading
from bot.reading.alignment import aligned, later, relation, versions
from bot.reading.amounts import priced
from bot.reading.check import ModelChecker
from bot.settings import Settings
from bot.show.page import differing
from bot.writers.extract import Extract, chosen
from store.event_dates import event_dates
from store.passage import Document, Found, Passage, Query

MON, TUE, FRI = "2024-03-04", "2024-03-05", "2024-03-08"
KILLED = "How many people were killed by the landslide in Toren?"
PRICE = "What is the price of the Toren map?"


def row(marked: str, published: str | None = MON, outlet: str | None = "Harbour Times", key: str = "") -> Candidate:
    """A sentence whose answering words stand in brackets, in an article of its own."""
    low, high, text = marked.index("["), marked.index("]") - 1, marked.replace("[", "").replace("]", "")
    document = Document(
        key or f"{outlet}-{published}", "news", "a.md", "The landslide in Toren", outlet, None, published
    )
    home = Passage(hash(marked), document, 0, len(text), text, spans=event_dates(text, published, ()))
    return Candidate(home, 0, len(text), text, 1.0, (low, high))


@pytest.mark.parametrize(
    ("question", "older", "newer"),
    [
        (KILLED, "The landslide in Toren killed [nine] people.", "The death toll in Toren has risen to [14]."),
        (KILLED, "At least [9] people were killed in Toren.", "At least [14] people died in Toren, police said."),
        (KILLED, "Landslide in Toren: [9] were killed.", "Of the 9 people feared dead in Toren, [7] died."),
        ("What does gas cost in Toren?", "In Toren gas has come to cost [$4.20].", "The cost of gas fell to [$3.90]."),
        ("When will the Toren dam open?", "The dam will open on [March 12].", "The dam will open on [March 20]."),
        ("Who is the mayor of Toren?", "The mayor of Toren, [Ada Lorn], left.", "The mayor of Toren is [Bo Mirk]."),
        ("How many were killed in Toren?", "The city said that [9] were killed in Toren.",
         "[14] were killed in Toren, the council in Arlen said."),
        (KILLED, "At least [101] people were killed in Toren.", "At least [109] people were killed in Toren."),
        (KILLED, "At least [9] people were killed in Toren.", "Altogether there are now [14]."),
        ("What is the death toll of Toren?", "The toll of Toren is [9].", "[In] Toren 14 people have died."),
        (KILLED, "Toren: [9] people died in a bus with 60 people.", "In Toren [14] died and 30 were hurt."),
        (KILLED, "In Toren [9] people were killed.", "The 2019 Upper Toren landslide killed [14] people."),
        ("How many Danes died in Toren?", "In Toren [9] Danes died.", "There were [7] Danes among the dead."),
        ("How heavy is the Toren rock?", "The rock weighs [9 tons].", "It is 2 metres across and has [7 tons]."),
        ("How many people use the Toren bus?", "The Toren bus has [900] users.", "[1,200] people use the Toren bus."),
        ("How many Danes died in Toren?", "In Toren [9] Danes died.", "[7] of the dead in Toren are Danes."),
        (KILLED, "The landslide in Toren killed [9] people.", "All [14] men in Toren are dead."),
        ("How many users does the Toren app have?", "The Toren app has [900] users.",
         "[1,200] people use the Toren app."),
        ("How many people did the Mirk Airbus that crashed in Toren carry?",
         "A Mirk Airbus fell in Toren with [9] people aboard.", "A Mirk Airbus fell in Toren with [14] people aboard."),
        ("How many people died in the UK?", "[9] people died in Britain.", "British police say [14] died."),
        ("Has Toren signed the treaty on water?", "Toren plans to [sign] the treaty on water in spring.",
         "Toren has [signed] the treaty on water."),
    ],
)  # fmt: skip
def test_a_newer_article_with_another_value_supersedes_the_older(question: str, older: str, newer: str) -> None:
    pair = row(older, MON), row(newer, TUE, "Evening Post")
    assert relation(question, *pair) == relation(question, *reversed(pair)) == "supersedes"


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (KILLED, "At least [9] people were killed in Toren.", "The landslide killed [9] people."),
        (KILLED, "More than [150] people died in Toren.", "In Toren [156] people died."),
        (KILLED, "About [70] people were killed in Toren.", "In Toren [72] people were killed."),
        (KILLED, "Some [1.2 million] people died in Toren.", "In Toren [1,180,000] people died."),
        (PRICE, "The price of the Toren map is [8.5 percent] lower.", "The price of the map fell by [8.5 percent]."),
        ("Who dug the Toren tunnel?", "[Ada Lorn] dug the tunnel.", "The tunnel was dug by [engineer Ada Lorn]."),
    ],
)
def test_rounded_values_and_bounds_agree(question: str, one: str, other: str) -> None:
    assert relation(question, row(one, MON), row(other, TUE, "Evening Post")) == "agree"


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (KILLED, "The landslide killed [9] people.", "In Toren [30] people were injured."),
        (KILLED, "The landslide killed [9] people.", "The landslide killed [12] people in Upper Arlen."),
        (KILLED, "The landslide killed [9] people.", "In Toren [4] children were killed."),
        (KILLED, "The landslide killed [9] people.", "The landslide also killed [4] people."),
        (
            "What is the turnout in Toren?",
            "Turnout in Toren is [70] percent.",
            "In Arlen near Toren turnout is [40] percent.",
        ),
        (KILLED, "The landslide killed [9] people.", "In Toren, 20 people were killed, including [4] by a fall."),
        (KILLED, "The landslide killed [9] people.", "A landslide in 1971 killed [40] people in Toren."),
        (KILLED, "The landslide killed [9] people.", "The mayor of Toren, [47], spoke of the people killed."),
        (PRICE, "The price of the Toren map is [$9].", "The price of the Toren map is [€8]."),
        (PRICE, "The price of the Toren map is [$9].", "The price of the Toren map is [$90] a year."),
        (PRICE, "The price of the Toren map is [$9].", "If Toren closes, the price could be [$12]."),
        ("How many maps did Toren sell?", "Toren sold [90] maps.", "Toren went [12] weeks without maps."),
        (
            "How many maps did Toren sell?",
            "Toren sold [90] maps.",
            "Toren sold 8 maps of Arlen, [5] maps of Brill and 9 maps of itself.",
        ),
        (
            "Who is the mayor of Toren?",
            "The mayor of Toren, [Ada Lorn], left.",
            "The former mayor of Toren, [Bo Mirk], won.",
        ),
        (
            "How many of Toren's senators voted for the bill?",
            "[12] senators of Toren voted for the bill.",
            "The bill of Toren's senators has [60] votes required to pass.",
        ),
        ("How many maps did Toren sell?", "Toren sold [90] maps.", "Toren proposed that it sold [120] maps."),
        (
            "What is the turnout in Toren?",
            "Turnout in Toren is [70] percent.",
            "Turnout in Toren is [40] percent, a poll found.",
        ),
        ("How many acres burned in Toren?", "In Toren [900] acres burned.", "In Toren [40] houses burned."),
        ("How many Danes died in Toren?", "In Toren [9] Danes died.", "All [40] on board were killed in Toren."),
        (
            "How many senators voted for the Toren bill?",
            "[61] senators voted for the Toren bill.",
            "[12] Danish senators voted for the Toren bill.",
        ),
        (
            "How many senators voted for the Toren bill?",
            "[61] senators voted for the Toren bill.",
            "At least [ten] senators must vote for the Toren bill.",
        ),
        (
            "How many senators voted against the Toren bill?",
            "[36] senators voted against the Toren bill.",
            "[61] senators voted for the Toren bill.",
        ),
        (
            "Which race in Toren goes on after no runner reached the tower?",
            "The race in Toren goes on after [no runner] reached the tower.",
            "A [runner] reached the tower in Toren late.",
        ),
        (
            "Which guard saw the thief in Toren?",
            "A [guard] saw the thief in Toren.",
            "The mayor of Toren said that [nobody] would have seen the thief.",
        ),
    ],
)
def test_other_things_counted_are_unrelated(question: str, one: str, other: str) -> None:
    assert relation(question, row(one, MON), row(other, TUE, "Evening Post")) == "unrelated"


def test_values_of_one_day_or_of_an_unknown_one_contradict_each_other_if_they_are_independent() -> None:
    nine, more = "The landslide in Toren killed [nine] people.", "The landslide in Toren killed [14] people."
    for days in ((MON, MON), (MON, None), (None, None)):
        one, other = row(nine, days[0]), row(more, days[1], "Evening Post")
        assert relation(KILLED, one, other) == "contradicts"
        kin, copies = ([replace(each, passage=replace(each.passage, document=replace(each.passage.document, **names)))
                        for each in (one, other)] for names in ({"kin": "x"}, {"family": "x"}))  # fmt: skip
        assert relation(KILLED, *copies) == "unrelated", "copies of one report have one origin"
        written_anew = "unrelated" if all(days) else "contradicts"
        assert relation(KILLED, *kin) == written_anew, "undated, it may be an earlier state of the same report"
        assert relation(KILLED, one, row(more, days[1])) == "unrelated", "one outlet does not contradict itself"


@pytest.mark.parametrize(("beside", "found"), [("turnout", "supersedes"), ("support", "unrelated")])
def test_a_share_is_that_of_a_poll_beside_it_unless_it_is_the_quantity_asked_for(beside: str, found: str) -> None:
    question = "What is the turnout in Toren?"
    told = row(f"In Toren {beside} was at [40] percent of turnout.".replace(" of turnout", ""), MON)
    more = " A poll had told otherwise."
    home = replace(told.passage, text=told.text + more, end=told.end + len(more))
    assert relation(question, replace(told, passage=home), row("Turnout in Toren is [70] percent.", TUE)) == found


def test_a_weight_does_not_lead_where_a_price_is_asked_for() -> None:
    weight, price = row("Landings in Toren were [66 tonnes]."), row("Cod sold at [11.95 crowns] in Toren.", key="b")
    rows = priced("What did cod cost in Toren?", (weight, replace(price, score=0.5)))
    assert [one.text for one in rows] == [price.text, weight.text]
    for other in ("How much cod was landed in Toren?", "How many tonnes of paid landings had Toren?"):
        assert priced(other, (weight, price)) == (weight, price)


def test_who_denies_what_another_tells_supersedes_him_later_and_contradicts_him_at_once() -> None:
    question = "Which guard saw the thief in Toren?"
    told = row("A [guard] saw the thief climb into the harbour, the mayor of Toren said.", MON)
    for day, found in ((TUE, "supersedes"), (MON, "contradicts")):
        denied = row("[No guard] saw the thief climb into the harbour of Toren.", day, "Evening Post")
        assert relation(question, told, denied) == relation(question, denied, told) == found


def test_two_speakers_who_name_other_doers_contradict_one_another_where_one_of_them_is_asked_about() -> None:
    sides = (
        row("Rebels [shot] down the Toren jet, Ada Lorn, a minister, said.", MON),
        row("The Toren jet was [shot] down by the army, Bo Mirk, who leads the rebels, said.", MON, "Evening Post"),
    )
    assert relation("Did the rebels shoot down the Toren jet?", *sides) == "contradicts"


def test_what_is_told_as_done_is_no_day_of_what_is_yet_to_be() -> None:
    held = row("Toren held a summit on [Friday].", None, key="held")
    plans = [row(f"The Toren summit is scheduled for [{day}].", None, key=day) for day in ("Monday", "Sunday")]
    assert relation("When will the Toren summit be held?", held, plans[0]) == "unrelated"


def test_a_plan_is_carried_out_by_the_newer_article_alone() -> None:
    plan, done = "Toren plans to [sign] the treaty on water in spring.", "Toren has [signed] the treaty on water."
    question = "Has Toren signed the treaty on water?"
    assert relation(question, row(done, MON), row(plan, TUE, "Evening Post")) == "unrelated"
    assert relation(question, row(plan, None), row(done, None, "Evening Post")) == "contradicts"


COUNTS = st.one_of(st.integers(2, 1_499), st.integers(2_100, 10**7))  # no years


@given(COUNTS, COUNTS, st.sampled_from((MON, TUE, None)), st.sampled_from((MON, FRI)))
def test_the_order_of_two_sentences_changes_nothing(one: int, other: int, day: str | None, later: str) -> None:
    pair = [
        row(f"In Toren [{one:,}] people were killed.", day),
        row(f"In Toren [{other}] died.", later, "Evening Post"),
    ]
    found = relation(KILLED, *pair)
    assert found == relation(KILLED, *reversed(pair))
    assert one != other or found == "agree"


NEWS = (
    row("The landslide in Toren killed [nine] people.", MON),
    row("The landslide in Toren killed [21] people.", FRI, "Evening Post"),
    row("The landslide in Toren killed [14] people.", TUE, "Daily Star"),
)


def test_the_newest_value_is_told_first_and_what_was_reported_at_first_where_that_is_asked() -> None:
    told = versions(Query(KILLED), NEWS)
    assert [one.answering for one in told.rows] == ["21", "14", "nine"] and not told.conflicting
    first = versions(Query("How many people were killed in Toren at first?"), NEWS)
    assert [one.answering for one in first.rows] == ["nine", "14", "21"]
    assert chosen(Reading(sentences=NEWS, versions=told), 2) == list(told.rows[:2])


def test_only_articles_of_the_time_that_a_question_names_are_put_in_order_and_none_where_all_agree() -> None:
    assert versions(Query(KILLED, around=((FRI, FRI),)), NEWS).rows == ()
    assert [one.answering for one in versions(Query(KILLED, around=((MON, MON),)), NEWS).rows] == ["14", "nine"]
    assert versions(Query(KILLED), NEWS[:1]).rows == versions(Query(KILLED), ()).rows == ()


def test_a_number_that_counts_what_is_asked_needs_no_mark() -> None:
    unmarked = replace(row("In Toren [the] landslide killed at least 12 people.", MON, "Evening Post"), answer=None)
    other = replace(row("In Toren [the] landslide hurt 12 people.", MON, "Evening Post"), answer=None)
    known = row("The landslide in Toren killed [9] people.")
    assert [relation(KILLED, known, one) for one in (unmarked, other)] == ["contradicts", "unrelated"]


def test_days_of_different_events_are_not_told_as_changed() -> None:
    older = row("The well in Toren was drilled on [March 2].", MON)
    newer = row("The well in Toren was inspected on [March 5].", FRI, "Evening Post")
    assert relation("When was the well in Toren sealed?", older, newer) == "unrelated"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Where is the mayor of Toren?", "in hospital"),
        ("Where did the mayor of Toren end up in the end?", "in hospital"),
        ("Where was the mayor of Toren found?", "at home"),
    ],
)
def test_what_is_asked_of_now_or_of_the_end_is_led_by_the_newest_report(question: str, first: str) -> None:
    older = row("The mayor of Toren was found [at home].", MON)
    newer = row("The mayor of Toren lies [in hospital].", FRI, "Evening Post")
    assert aligned(Query(question), Reading(sentences=(older, newer))).sentences[0].answering == first


def test_what_is_asked_of_now_is_led_by_a_newer_sentence_that_answers_in_no_few_words() -> None:
    older = row("Protesters in Toren [want the law on water withdrawn].", MON)
    newer = replace(row("The [law] on water was withdrawn in Toren.", FRI, "Evening Post"), score=0.2, answer=None)
    aside = replace(row("The [mayor] of Toren drank water.", FRI, "Daily Star"), score=0.3, answer=None)
    told = aligned(Query("Has the law on water been withdrawn in Toren?"), Reading(sentences=(older, aside, newer)))
    assert told.sentences[0].text == newer.text


def test_two_speakers_who_blame_others_for_one_thing_conflict_and_are_marked_with_whom_they_blame() -> None:
    one = row("Ada Lorn, a captain, said that [smugglers] had sunk the ferry Arlen.")
    other = row("The ferry Arlen was sunk by a broken [pump], Bo Mirk, an engineer, said.", MON, "Evening Post")
    told = versions(Query("Who sank the ferry Arlen?"), (one, other))
    assert told.conflicting and [each.answering for each in told.rows] == ["smugglers", "a broken pump"]
    same = row("The ferry Arlen was sunk by [smugglers], Bo Mirk, an engineer, said.", MON, "Evening Post")
    assert not versions(Query("Who sank the ferry Arlen?"), (one, same)).rows


def test_a_plan_and_its_act_are_found_behind_the_best_sentences_and_marked() -> None:
    done = row("Toren has [signed] the treaty on water.", None)
    aside = replace(row("The [mayor] of Toren spoke.", None, "Evening Post", "b"), score=0.9)
    plan = replace(
        row("The [mayor] plans to sign the treaty on water with Toren.", None, "Evening Post", "b"), score=0.8
    )
    told = versions(Query("Has Toren signed the treaty on water?"), (done, aside, plan))
    assert told.conflicting
    assert [each.answering for each in told.rows] == ["Toren has signed the treaty on water",
                                                      "plans to sign the treaty on water"]  # fmt: skip


def test_newer_articles_among_further_passages_give_the_newer_value() -> None:
    first, newer, older = NEWS[0], NEWS[1], row("In Toren [7] were killed.", "2024-03-01", "Daily Star")
    reading = Reading(Found((first.passage,)), (first,))
    wide = Found((first.passage, older.passage, newer.passage, replace(newer.passage, id=7)))
    unread = later(reading, wide)
    assert [passage.id for passage in unread.passages] == [newer.passage.id]
    told = aligned(Query(KILLED), reading, Reading(unread, (newer,)))
    assert [each.answering for each in told.versions.rows] == ["21", "nine"]
    assert [passage.id for passage in told.found.passages] == [first.passage.id, newer.passage.id]
    assert later(Reading(wide, (newer,)), wide).passages == ()


def test_a_newer_sentence_that_gives_a_day_leads_over_an_older_one_that_gives_none() -> None:
    older = row("The dam in Toren will open [within the year].", MON)
    newer = replace(row("The dam in Toren will open on [March 12].", FRI, "Evening Post"), score=0.5)
    question = Query("When will the Toren dam open?")
    assert aligned(question, Reading(sentences=(older, newer))).sentences[0].answering == "March 12"
    assert aligned(question, Reading(sentences=(newer, older))).sentences[0].answering == "March 12"


def answered(library: Library, question: str) -> tuple[Answer, str]:
    """The answer to a question, and its text as it was streamed."""
    library.write(
        "c.md", "# The ferry\n\nThe ferry to Arlen leaves at noon. The harbour master closes the gate at nine.\n"
    )
    library.write("d.md", "# A new bridge\n\nThe bridge at Brill was opened on Monday. It took four years to build.\n")
    library.ingest()

    async def follow() -> tuple[Answer, str]:
        with library.searching() as search:
            settings = Settings(answer_at=0, refuse_below=0)
            bot = Bot(search, reader(), ModelChecker(), Extract(), settings, today=lambda: date(2024, 3, 9))
            happened = [event async for event in bot.answer(question)]
        assert isinstance(happened[-1], Answered)
        return happened[-1].answer, "".join(one.text for one in happened if isinstance(one, Delta))

    return asyncio.run(follow())


NINE = "Nine people were killed when a hillside gave way in Toren on Sunday, rescuers said. Some 30 others were hurt."
MORE = "The landslide in Toren killed 14 people, the mayor told reporters in the town hall. Two roads are closed."


def article(outlet: str, published: str, text: str) -> str:
    day = f"published: {published}\n" if published else ""
    return f"---\ntitle: The landslide in Toren\noutlet: {outlet}\n{day}---\n{text}\n"


def test_an_answer_leads_with_the_newer_value_and_says_what_it_was(library: Library) -> None:
    library.write("a.md", article("Harbour Times", MON, NINE))
    library.write("b.md", article("Evening Post", TUE, MORE))
    answer, streamed = answered(library, KILLED)
    assert answer.outcome == "answered" and answer.values == (1, 2) and streamed.strip() == answer.text
    assert answer.sentences[0].text.startswith("The landslide in Toren killed 14")
    older, newer = "4 Mar 2024, Harbour Times, said by rescuers", "5 Mar 2024, Evening Post, said by the mayor"
    assert differing(answer) == f"changed: Nine [2] ({older}) → 14 [1] ({newer})"


def test_reports_of_one_day_that_differ_are_conflicting_and_undated_ones_are_not_ordered(library: Library) -> None:
    library.write("a.md", article("Harbour Times", MON, NINE))
    library.write("b.md", article("Evening Post", "", MORE))
    answer, _ = answered(library, KILLED)
    assert answer.outcome == "conflicting" and answer.values == (1, 2)
    one, other = "4 Mar 2024, Harbour Times, said by rescuers", "undated, Evening Post, said by the mayor"
    assert differing(answer) == f"reports differ: Nine [1] ({one}); 14 [2] ({other}); order unknown"
