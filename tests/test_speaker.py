"""Who says it: the speaker that a text names beside a quote, and None wherever it names nobody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from console import ROOT, Footnote, valid

from bot.reading.speaker import speaker
from evals.fit import speaker as measured
from store.passage import Document, Passage

MILL = Document("mill", "news", "mill.txt", "The mill")
Told = tuple[str, bool] | None


def told(text: str, quote: str, *, before: str = "") -> Told:
    """The words that name the speaker of a quote, and whether they are anonymous; they stand where it says they do."""
    passage = Passage(1, MILL, len(before), len(before) + len(text), text, before=before)
    start = passage.start + text.index(quote)
    found = speaker(passage, start, start + len(quote))
    if found is None:
        return None
    assert (before + text)[found.start : found.end] == found.text
    return found.text, found.anonymous


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ruth Hale said the mill would reopen.", "Ruth Hale"),
        ("The mill will reopen, Ruth Hale said.", "Ruth Hale"),
        ("The mill will reopen, said Ruth Hale.", "Ruth Hale"),
        ("“The mill will reopen,” said Ruth Hale.", "Ruth Hale"),
        ("“The mill will reopen”, says Ruth Hale on her website.", "Ruth Hale"),
        ('"The mill will reopen," Hale told reporters on Monday.', "Hale"),
        ("“The mill,” Ruth Hale said, “will reopen in June.”", "Ruth Hale"),
        ("Ruth Hale told the Daily Ledger that the mill would reopen.", "Ruth Hale"),
        ("Ruth Hale tweeted: “The mill will reopen.”", "Ruth Hale"),
        ("Ruth Hale wrote that the mill would reopen.", "Ruth Hale"),
        ("Ruth Hale has also warned that the mill would close.", "Ruth Hale"),
        ("The mill will reopen, Hale announced on Friday.", "Hale"),
        ("“It will reopen,” Hale added.", "Hale"),
        ("According to Ruth Hale, the mill will reopen.", "Ruth Hale"),
        ("The mill will reopen in June, according to Ruth Hale.", "Ruth Hale"),
        ("On Tuesday, Ruth Hale said the mill would reopen.", "Ruth Hale"),
        ("But Ruth Hale said the mill would reopen.", "Ruth Hale"),
        ("In a letter to the council, Ruth Hale said the mill would reopen.", "Ruth Hale"),
    ],
)
def test_a_sentence_that_is_attributed_has_its_speaker(text: str, name: str) -> None:
    assert told(text, text) == (name, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("State Department spokesman Sean McCormack said the talks went on.", "Sean McCormack"),
        ("The talks go on, said department spokesman Sean McCormack.", "Sean McCormack"),
        ("Ruth Hale, who heads the mill trust, said it would reopen.", "Ruth Hale"),
        ("“It will reopen,” Ruth Hale, the founder and head of the trust, said.", "Ruth Hale"),
        ("“It will reopen,” the trust's chairman, Tom Hale Jr., said.", "Tom Hale Jr."),
        ("“It will reopen,” said Dr. Ruth J. Hale, an engineer.", "Dr. Ruth J. Hale"),
        ("“It will reopen,” said Secretary of State Ruth Hale in June.", "Secretary of State Ruth Hale"),
        ("Ruth Hale (D-CA) said the mill would reopen.", "Ruth Hale"),
    ],
)
def test_a_name_is_found_beside_its_title(text: str, name: str) -> None:
    assert told(text, text) == (name, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The WHO said the outbreak was over.", "The WHO"),
        ("The bridge is closed, police said.", "police"),
        ("The bridge is closed, the transport office said in a statement.", "the transport office"),
        ("Greece's coast guard said the boat had sunk.", "Greece's coast guard"),
        ("“The bridge is closed,” the letter reads.", "the letter"),
        ("The bridge is closed, the Daily Ledger reported.", "the Daily Ledger"),
        ("The mayor of London said the bridge was closed.", "The mayor of London"),
    ],
)
def test_bodies_and_offices_speak_without_being_anonymous(text: str, name: str) -> None:
    assert told(text, text) == (name, False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("An official who spoke on condition of anonymity said the talks had failed.",
         "An official who spoke on condition of anonymity"),
        ("The talks have failed, sources said.", "sources"),
        ("The talks have failed, people familiar with the matter said.", "people familiar with the matter"),
        ("Officials said the talks had failed.", "Officials"),
        ("The talks have failed, according to White House officials.", "White House officials"),
        ("“They failed,” said one person close to the talks.", "one person"),
        ("A spokesman for the ministry said the talks had failed.", "A spokesman for the ministry"),
        ("The talks have failed, health experts say.", "health experts"),
    ],
)  # fmt: skip
def test_people_without_a_name_are_told_as_the_text_has_them_and_marked(text: str, name: str) -> None:
    assert told(text, text) == (name, True)


def test_a_quotation_goes_on_behind_its_speaker() -> None:
    text = "“The mill will reopen,” Ruth Hale said. “We have waited for years. It is time.”"
    assert told(text, "“We have waited for years.") == ("Ruth Hale", False)
    assert told(text, "It is time.”") == ("Ruth Hale", False)


def test_a_quotation_of_several_sentences_has_the_speaker_behind_its_last() -> None:
    text = "Rain fell. “The mill will reopen. We have waited for years,” Ruth Hale said."
    assert told(text, "“The mill will reopen.") == ("Ruth Hale", False)
    assert told(text, "Rain fell.") is None


def test_a_quotation_has_the_speaker_of_the_sentence_that_opens_it() -> None:
    assert told("Hale said: “It reopens. It is time.”", "It is time.”") == ("Hale", False)
    assert told("Hale said it was time.\n\n“It reopens in June.”\n\nRain fell.", "“It reopens in June.”")
    assert told("Hale said it was time.\n\n“It reopens in June.”", "It reopens") == ("Hale", False)


def test_a_quotation_of_paragraphs_keeps_its_speaker_though_its_marks_stay_open() -> None:
    text = "“The mill will reopen,” Hale said.\n\n“We have waited.\n\n“It is time.”"
    assert told(text, "“It is time.”") == ("Hale", False)


def test_a_new_speaker_behind_a_quotation_counts_before_an_old_one() -> None:
    text = "“It reopens,” Ruth Hale said.\n\n“It is late,” said Tom Reed."
    assert told(text, "“It is late,”") == ("Tom Reed", False)


def test_a_pronoun_is_the_last_person_who_spoke() -> None:
    text = "“It reopens,” Ruth Hale said. The wheel turned. She added that June was likely."
    assert told(text, "She added that June was likely.") == ("Ruth Hale", False)
    assert told("Ruth Hale won. She said June was likely.", "She said June was likely.") is None
    body = "Ruth Hale said it was time. The trust said it had no money. “We tried,” she added."
    assert told(body, "“We tried,” she added.") == ("Ruth Hale", False)


def test_what_stands_before_the_passage_is_read_too() -> None:
    assert told("“It is time,” she said.", "“It is time,”") is None
    assert told("“It is time,” she said.", "“It is time,”", before="Ruth Hale said so.\n\n") == ("Ruth Hale", False)


@pytest.mark.parametrize(
    "text",
    [
        "The mill will reopen in June.",
        "The mill was said to be closed.",
        "The mill is said by many to be haunted.",
        "Hale announced a plan to reopen the mill.",
        "In May, the government announced a rebate of £150.",
        "The company reported a loss for the year.",
        "The mill will reopen in June, and Hale said the bridge would follow.",
        "The trust owns the mill, but Hale says he pays for it.",
        "After Hale said the mill would reopen, shares rose.",
        "When asked, he said the mill would reopen.",
        "It said the mill would reopen.",
        "Hale did not say whether the mill would reopen.",
        "Hale, who said he was tired, left the mill.",
        "Nobody said the mill would reopen.",
        "The two states that share the river agreed.",
        "Hale's claims that the mill was sold were wrong.",
        "The “mill” and the “bridge” stand by the river.",
        "According to plan, the mill will reopen.",
        "",
    ],
)
def test_nobody_speaks_where_the_text_names_nobody(text: str) -> None:
    assert told(text, text) is None


def test_narration_beside_a_speaker_is_not_said_by_anybody() -> None:
    text = "“It reopens,” Ruth Hale said. The wheel turned for the first time since 1990."
    assert told(text, "The wheel turned for the first time since 1990.") is None


def test_the_command_line_tells_the_speaker_of_each_footnote(tmp_path: Path, in_process: Footnote) -> None:
    sample = ROOT / "evals/suites/starter/corpus/oil-spill-final-figures-daily.md"
    assert in_process(tmp_path, "ingest", sample).code == 0
    question = "How many barrels of oil did the BP well release?"
    citations = valid(in_process(tmp_path, "ask", question, "--json").value, "ask")["citations"]
    said = next(one["speaker"] for one in citations if "4.9 million" in one["quote"])
    assert said["text"] == "government scientists" and said["anonymous"] is True
    article = in_process(tmp_path, "show", citations[0]["document_id"], "--json").value
    assert article["text"][said["start"] : said["end"]] == said["text"]
    shown = in_process(tmp_path, "ask", question).out
    assert "said by government scientists (unnamed)" in " ".join(shown.split())


@pytest.mark.skipif("FOOTNOTE_BENCHMARKS" not in os.environ, reason="needs the folder of the public sets")
def test_labelled_quotes_of_real_articles_have_the_right_speaker() -> None:
    rows = list(measured.judged())
    found, named = [row for row in rows if row.found], [row for row in rows if row.label]
    assert len(rows) == 350
    assert sum(row.right for row in found) / len(found) > 0.95
    assert sum(row.right for row in named) / len(named) > 0.75
