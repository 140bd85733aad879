"""Yes and no: which questions ask whether something is so, and what the passages say to them."""

from dataclasses import replace

import pytest

from bot.reading import Candidate, FakeChecker, Reading
from bot.reading.check import ModelChecker
from bot.reading.yesno import statement, weighed
from store.passage import Document, Found, Passage


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Has the bridge reopened?", "The bridge has reopened."),
        ("Did the Harbour Board sell its cranes?", "The Harbour Board sell its cranes."),
        ("Wasn't Anna Lindqvist elected?", "Anna Lindqvist was elected."),
        ("Will the ferry run in winter?", "The ferry will run in winter."),
        ("Is it true that the mayor resigned?", "The mayor resigned."),
        ("Is there a vaccine against it yet", "There is a vaccine against it yet."),
        ("And did Brazil's coach resign?", "Brazil's coach resign."),
        ("Is Norway in the northern pact?", "Norway is in the northern pact."),
        ("Was the mayor of Oberau known to the police?", "The mayor of Oberau was known to the police."),
        ("Must Helga Brandt pay all the same?", "Helga Brandt must pay."),
    ],
)
def test_a_question_of_whether_becomes_a_statement(question: str, told: str) -> None:
    asked = statement(question)
    assert asked and asked.words == told


@pytest.mark.parametrize(
    "question",
    [
        "Who won the vote?",
        "Do you know who won the vote?",
        "Can anyone say why the bridge closed?",
        "Did the north or the south vote first?",
        "Did they win?",  # of whom is not said
        "Should I travel?",
        "Did?",
        "",
    ],
)
def test_other_questions_are_no_statements(question: str) -> None:
    assert statement(question) is None


def reading(*texts: str, days: tuple[str | None, ...] = ()) -> Reading:
    """A reading of articles of one passage each, a sentence each, of the days and of an outlet each."""
    rows = []
    for number, text in enumerate(texts, 1):
        day = days[number - 1] if days else None
        document = Document(f"d{number}", "root", f"{number}.md", "The bridge at Oberau", str(number), published=day)
        passage = Passage(number, document, 0, len(text), text)
        rows.append(Candidate(passage, 0, len(text), text, 5.0 - number))
    return Reading(Found(tuple(row.passage for row in rows)), tuple(rows))


CLOSED = "Traders in Oberau said on Monday that the winter had been long."
OPEN = "The bridge at Oberau has reopened to traffic, the council said."
SHUT = "The bridge at Oberau has not reopened to traffic."


def test_a_sentence_that_carries_the_statement_says_yes_and_comes_first() -> None:
    found = weighed("Has the bridge at Oberau reopened to traffic?", reading(CLOSED, OPEN), ModelChecker())
    assert (found.stand, found.sentences[0].text) == ("yes", OPEN)


def test_a_sentence_that_only_denies_the_statement_says_no() -> None:
    found = weighed("Has the bridge at Oberau reopened to traffic?", reading(CLOSED, SHUT), ModelChecker())
    assert (found.stand, found.sentences[0].text) == ("no", SHUT)


@pytest.mark.parametrize(
    "told",
    [
        "The bridge at Oberau is expected to be reopened to traffic in May.",
        "Drivers had been told that the bridge at Oberau was reopened to traffic.",
        "The mayor told a court that the bridge at Oberau had not reopened to traffic.",
    ],
)
def test_what_is_expected_or_told_is_neither_yes_nor_no(told: str) -> None:
    assert weighed("Has the bridge at Oberau reopened to traffic?", reading(CLOSED, told), ModelChecker()).stand is None


def test_what_no_sentence_has_is_unsaid() -> None:
    found = weighed("Did Helga Brandt buy the bridge at Oberau?", reading(CLOSED, OPEN), ModelChecker())
    assert found.stand == "unsaid"
    assert found.sentences[0].text == CLOSED


@pytest.mark.parametrize("probability", [0.0, 0.5])
def test_a_sentence_in_other_words_is_no_yes_where_the_model_is_not_sure(probability: float) -> None:
    class Unsure(FakeChecker):
        def check(self, sentence, cited, found):  # type: ignore[no-untyped-def]
            return replace(super().check(sentence, cited, found), score=0.9, probability=probability)

    mended = reading("The bridge at Oberau has been repaired.")
    assert weighed("Has the bridge at Oberau been mended?", mended, Unsure()).stand is None


@pytest.mark.parametrize(
    ("question", "told", "stand"),
    [
        ("Has anybody been charged over the bridge?", "Nobody has been charged over the bridge, the court said.", "no"),
        ("Did the builder of the bridge survive?", "The builder of the bridge died in the fall.", "no"),
        ("Did any of the divers survive?", "All six divers were killed.", "no"),
        ("Did any of the divers survive?", "Two divers were killed.", None),
        ("Was Helga Brandt convicted of fraud?", "Helga Brandt was acquitted of fraud on Monday.", "no"),
        ("Is it true that Helga Brandt took the money?", "Helga Brandt said that she had not taken the money.", None),
        ("Did Brandt coach Turin?", "Brandt coached Turin Rovers for ten years.", None),
    ],
)
def test_a_sentence_says_no_by_nobody_or_the_opposite_and_not_by_anothers_word(
    question: str, told: str, stand: str | None
) -> None:
    assert weighed(question, reading(told), ModelChecker()).stand in ((stand,) if stand else (None, "unsaid"))


@pytest.mark.parametrize(
    ("days", "stand"), [(("2021-03-01", "2021-05-01"), "yes"), (("2021-05-01", "2021-03-01"), "no")]
)
def test_the_newest_article_decides(days: tuple[str, str], stand: str) -> None:
    found = weighed("Has the bridge at Oberau reopened to traffic?", reading(SHUT, OPEN, days=days), ModelChecker())
    assert (found.stand, found.versions.rows) == (stand, ())


def test_articles_of_one_time_that_say_yes_and_no_conflict() -> None:
    both = reading(SHUT, OPEN, days=("2021-03-01", "2021-03-02"))
    found = weighed("Has the bridge at Oberau reopened to traffic?", both, ModelChecker())
    assert (found.stand, [row.text for row in found.versions.rows]) == (None, [OPEN, SHUT])
    assert found.versions.conflicting


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Did Helga Brandt buy the bridge?", "Helga Brandt offered to buy the bridge."),
        ("Did Helga Brandt buy the bridge?", "Helga Brandt bought shares in the bridge."),
        ("Did Helga Brandt buy the bridge?", "Helga Brandt said that she had bought the bridge."),
        ("Did Helga Brandt die?", "The death of Helga Brandt's mother shook Oberau."),
        ("Was Helga Brandt attacked?", "Otto Brandt, the husband of Helga Brandt, was attacked at the bridge."),
        ("Was Helga Brandt fired?", "Helga Brandt fired the builder of the bridge."),
        ("Did Helga Brandt have cancer?", "Helga Brandt ran to raise awareness of cancer among divers."),
        ("Did Helga Brandt kill the builder?", "The builder was killed at the bridge after Helga Brandt left."),
        ("Is Helga Brandt free?", "Helga Brandt, once jailed, was led to the bridge in handcuffs."),
        ("Is Helga Brandt the mayor?", "Helga Brandt remains the mayor until then."),
        ("Is Helga Brandt the mayor?", "Helga Brandt is a former mayor."),
        ("Did Helga Brandt testify?", "Without Helga Brandt to testify, the court closed at noon."),
        ("Did Helga Brandt leave Oberau?", "Helga Brandt did not know that the builder had left Oberau."),
    ],
)
def test_a_sentence_that_says_it_of_another_or_not_as_done_is_neither_yes_nor_no(question: str, told: str) -> None:
    assert weighed(question, reading(told), FakeChecker()).stand in (None, "unsaid")


@pytest.mark.parametrize(
    ("question", "told", "stand"),
    [
        ("Did Helga Brandt buy the bridge?", "The bridge was sold, and Helga Brandt has bought the old mill.", None),
        (
            "Did Helga Brandt buy the bridge?",
            "Helga Brandt, a builder here, bought the bridge on Monday.",
            "yes",
        ),
        ("Did Helga Brandt reach the final?", "Helga Brandt became the first diver to reach the final.", "yes"),
        ("Did Helga Brandt buy the bridge?", "Helga Brandt declined to buy the bridge.", "no"),
        ("Has Helga Brandt conceded defeat?", "Helga Brandt had yet to concede defeat.", "no"),
        ("Is Helga Brandt the mayor?", "Helga Brandt was elected mayor.", "yes"),
        ("Was Helga Brandt sued?", "Otto Lind sued Helga Brandt on Monday.", "yes"),
        ("Was Otto Lind sued?", "Otto Lind sued Helga Brandt on Monday.", None),
    ],
)
def test_the_subject_and_what_is_said_of_it_stand_in_one_clause(question: str, told: str, stand: str | None) -> None:
    assert weighed(question, reading(told), ModelChecker()).stand in ((stand,) if stand else (None, "unsaid"))


@pytest.mark.parametrize(
    ("question", "told", "stand"),
    [
        ("Was Helga Brandt found guilty?", "OBERAU - A court in Lund found Ida Helga Brandt guilty on Monday.", "yes"),
        ("Was Helga Brandt convicted of fraud?", "Of fraud Helga Brandt was acquitted.", "no"),
        ("Is Tove guilty of the fall of the bridge?", "Tove Airlines is not guilty over the fall of the bridge.", "no"),
        ("Is a diver suspected of the theft?", "No diver is suspected.", None),
        ("Did the families come to the opening of the bridge?", "The families of these did not come.", None),
        (
            "Did Helga Brandt own shares in the mill?",
            "OBERAU - Helga Brandt said she had owned shares in a mill.",
            None,
        ),
    ],
)
def test_what_is_said_by_a_court_behind_a_dateline_or_at_the_front_is_read(
    question: str, told: str, stand: str | None
) -> None:
    assert weighed(question, reading(told), ModelChecker()).stand in ((stand,) if stand else (None, "unsaid"))


@pytest.mark.parametrize(
    ("question", "stand"),
    [
        ("Did more than 70 people die in Oberau?", "yes"),
        ("Did more than 71 people die in Oberau?", "no"),
        ("Did at least seventy people die in Oberau?", "yes"),
        ("Did fewer than 60 people die in Oberau?", "no"),
        ("Did the fall in Oberau kill more than 80 people?", "no"),
        ("Did more than 70 people die in Lund?", None),
        ("Did more than many people die in Oberau?", None),
    ],
)
def test_a_bound_is_weighed_by_the_number_that_the_newest_sentence_gives(question: str, stand: str | None) -> None:
    both = reading("50 people died in the fall in Oberau.", "71 people died in the fall in Oberau.",
                   days=("2021-03-01", "2021-05-01"))  # fmt: skip
    assert weighed(question, both, FakeChecker()).stand == stand


@pytest.mark.parametrize(
    ("question", "told", "stand"),
    [
        ("Did Norway shoot down the drone?", "Norway's armed forces shot down the drone on Monday.", "yes"),
        ("Did America sign the pact?", "The United States signed the pact.", "yes"),
        ("Did Brandt take the money?", "A court found Helga Brandt guilty of taking the money.", "yes"),
        ("Did Brandt buy the mill?", "Brandt last week bought the mill.", "yes"),
        ("Did Brandt Steel and Lind Steel merge?", "Brandt Steel and Lind Steel have dropped plans to merge.", "no"),
        ("Did Otto Lind win the vote?", "Helga Brandt defeated Otto Lind in the vote.", "no"),
        ("Is the crossing of Oberau common?", "The crossing of Oberau is uncommon.", "no"),
        ("Will Brandt run?", "Brandt is set to run.", "yes"),
        ("Did Brandt have a stroke?", "Brandt suffered a stroke in May.", "yes"),
        ("Can the bridge of Oberau fall?", "It does not mean that the bridge of Oberau cannot fall.", None),
        ("Is Brandt still the mayor?", "Brandt, who became the mayor in May, spoke at noon.", None),
        ("Did Brandt buy the mill?", "Brandt bought shares in the mill.", None),
    ],
)
def test_a_subject_and_what_it_did_are_known_in_other_forms(question: str, told: str, stand: str | None) -> None:
    assert weighed(question, reading(told), ModelChecker()).stand in ((stand,) if stand else (None, "unsaid"))


def test_whether_something_is_still_so_is_left_open_by_a_newer_report_of_it() -> None:
    both = reading(
        "Helga Brandt is still the mayor of Oberau.",
        "Otto Lind was elected mayor of Oberau.",
        days=("2021-03-01", "2021-05-01"),
    )
    assert weighed("Is Helga Brandt still the mayor of Oberau?", both, ModelChecker()).stand is None


@pytest.mark.parametrize(
    ("question", "told", "stand"),
    [
        ("Is Ada Mora dead?", "Ada Mora has died at the age of 91.", "yes"),
        ("Did Ada Mora win the Oberau Prize?", "Ada Mora won the Oberau Prize Monday for her play.", "yes"),
        ("Did Ada Mora own shares in a fund?", "Ada Mora owned shares in Blairmore, a fund at Oberau.", "yes"),
        ("Did Ada Mora die of cancer?", "Ada Mora died of cancer on Monday.", "yes"),
        ("Did Ada Mora apologise?", "Ada Mora refused to apologise.", "no"),
        ("Did Ada Mora ever play at Oberau?", "Ada Mora never played at Oberau.", "no"),
        ("Were there injuries at Oberau?", "No injuries were reported at Oberau.", "no"),
        ("Did Ada Mora meet the president?", "Ada Mora met with the president's lawyer on Monday.", None),
    ],
)
def test_forms_in_which_news_says_yes_or_no(question: str, told: str, stand: str | None) -> None:
    assert weighed(question, reading(told), ModelChecker()).stand in ((stand,) if stand else (None, "unsaid"))
