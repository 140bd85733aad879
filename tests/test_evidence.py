"""Evidence: sentences of what was found, best first, with the words that answer them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import Library, reader
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import Candidate, Reading
from bot.reading.evidence import sentences, tells
from bot.reading.onnx import Scores
from store.corpus import FakeCorpus
from store.passage import Document, Found, Passage, Query, Span
from store.words import stem, tokens

FOREMAN = Query("Who was the shift foreman?")


def read(corpus: Library, query: Query) -> Reading:
    with corpus.searching() as search:
        return reader().read(query, search.search(query))


def test_the_sentences_of_what_was_found_come_best_first(corpus: Library) -> None:
    sentences = read(corpus, FOREMAN).sentences
    assert sentences[0].text == "Luis Urzúa, the shift foreman, came up last."
    scores = [row.score for row in sentences]
    assert scores == sorted(scores, reverse=True)
    for row in sentences:
        assert row.passage.text[row.start - row.passage.start : row.end - row.passage.start] == row.text


def test_sentences_are_read_without_the_evidence_as_with_it(corpus: Library) -> None:
    with corpus.searching() as search:
        found = search.search(FOREMAN)
    whole, alone = reader().read(FOREMAN, found), reader().read_sentences(FOREMAN, found)
    assert whole.sentences and (alone.sentences, alone.found) == (whole.sentences, whole.found)
    assert whole.coverage and alone == Reading(whole.found, whole.sentences)


def test_the_words_that_answer_are_a_span_of_their_sentence(corpus: Library) -> None:
    best = read(corpus, FOREMAN).sentences[0]
    assert best.answer is not None
    low, high = (place - best.passage.start for place in best.answer)
    assert best.passage.text[low:high] == "Luis Urzúa"


def test_no_number_is_cut_in_two_by_the_words_that_answer() -> None:
    text = "Some 1,136 people were saved."
    passage = Passage(1, Document("a", "news", "a.txt", "The mine"), 0, len(text), text, 1.0)
    offsets = np.array([[0, 4], [5, 6], [6, 7], [7, 10], [11, 17]])
    logits = np.array([-9, -9, -9, 9, -9], np.float32)
    ((best, _),) = sentences(FOREMAN, Found((passage,)), [Scores(offsets, logits, logits, 1.0, (0.0, 0.0, 0.0))])
    assert best.answering == "1,136"


@pytest.mark.parametrize(
    ("said", "read", "marked"),
    [
        ("The word is set apart from “alliance,” it says.", "alliance,”", "alliance"),
        ('Garner Foods "has cheated its way" to the top.', 'Garner Foods "', "Garner Foods"),
        ("He promised a “serious inquiry” on Monday.", "a “serious inquiry”", "a “serious inquiry”"),
    ],
)
def test_words_that_answer_end_without_a_comma_or_half_a_pair_of_quotation_marks(
    said: str, read: str, marked: str
) -> None:
    passage = Passage(1, Document("a", "news", "a.txt", "The word"), 0, len(said), said, 1.0)
    low = said.index(read)
    offsets = np.array([[0, low], [low, low + len(read)], [low + len(read), len(said)]])
    logits = np.array([-9, 9, -9], np.float32)
    ((best, _),) = sentences(FOREMAN, Found((passage,)), [Scores(offsets, logits, logits, 1.0, (0.0, 0.0, 0.0))])
    assert best.answering == marked


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("Between 12,000 and 19,000 barrels of oil flowed from the well each day.", "12,000 and 19,000"),
        ("Some 12,000 to 19,000 barrels of oil flowed from the well each day.", "12,000 to 19,000"),
        ("The flow rose from 12,000 to 19,000 barrels of oil a day at the well.", "19,000"),
    ],
)
def test_a_range_answers_with_both_its_bounds(said: str, marked: str) -> None:
    passage = Passage(1, Document("a1", "news", "1.txt", "The well"), 0, len(said), said, 1.0)
    answer = reader().read(Query("How many barrels of oil flowed each day?"), Found((passage,))).sentences[0].answer
    assert answer is not None
    words = said[slice(*answer)]
    assert marked in words and ("12,000" in words) is ("12,000" in marked)


def test_passages_that_answer_are_moved_before_those_that_only_share_the_words() -> None:
    vague, told = "The shift foreman of the mine gave no interview.", "Luis Urzúa, the shift foreman, came up last."
    rows = enumerate([(vague, 1.0), (told, 0.9), ("The shaft is 624 metres deep.", 0.1)])
    passages = tuple(
        Passage(n, Document(f"a{n}", "news", f"{n}.txt", "The mine"), 0, len(text), text, score)
        for n, (text, score) in rows
    )
    reading = reader().read(FOREMAN, Found(passages))
    assert [passage.id for passage in reading.found.passages] == [1, 0, 2]


@pytest.mark.parametrize(
    ("around", "best"), [((), "first"), ((("2021-01-01", "2021-12-31"),), "last")], ids=["no time", "a time"]
)
def test_of_sentences_that_answer_alike_one_near_what_is_asked_leads_and_one_of_its_time_even_more(
    around: tuple[tuple[str, str], ...], best: str
) -> None:
    texts = {"first": "The ferry cost 40 crowns.", "plain": "It cost 50 crowns.", "last": "It cost 60 crowns."}
    days = {"first": "2022-05-02", "plain": "2022-05-02", "last": "2021-05-02"}
    passages = tuple(
        Passage(n, Document(f"a{n}", "news", f"{n}.txt", "News", published=days[name]), 0, len(text), text, 1.0)
        for n, (name, text) in enumerate(texts.items())
    )
    alike = Scores(np.array([[0, 2]]), np.zeros(1, np.float32), np.zeros(1, np.float32), 0.0, (0.0, 0.0, 0.0))
    query = Query("What did the ferry cost?", around=around)
    rows = sentences(query, Found(passages, rarity={"ferri": 4.0, "cost": 4.0}), [alike] * 3)
    assert max(rows, key=lambda row: row[0].score)[0].text == texts[best]


@pytest.mark.parametrize(
    ("around", "led"),
    [
        ((), "Boris Vane won it this time."),
        ((("2019-01-01", "2019-12-31"),), "Clara Stone won it in 2019."),
    ],
    ids=["the article's own time", "the time asked for"],
)
def test_a_sentence_of_a_year_that_is_not_asked_for_comes_after_others(
    around: tuple[tuple[str, str], ...], led: str
) -> None:
    told = ("Clara Stone won it in 2019.", "Boris Vane won it this time.")
    rows = _alike("The race", "2022-06-04", [(text, 4_000) for text in told])
    query = Query("Who won the race?", around=around)
    assert max(sentences(query, *rows), key=lambda pair: pair[0].score)[0].text == led


def test_of_sentences_that_answer_alike_the_one_earlier_in_its_article_leads() -> None:
    rows = _alike("The race", "2022-06-04", [("Clara Stone won it.", 4_000), ("Boris Vane won it.", 90)])
    best, _ = max(sentences(Query("Who won the race?"), *rows), key=lambda pair: pair[0].score)
    assert best.text == "Boris Vane won it."


def _alike(title: str, published: str, told: list[tuple[str, int]]) -> tuple[Found, list[Scores]]:
    """Passages of one article, each a sentence from a place on, of which the reading model says the same."""
    document = Document("a", "news", "a.txt", title, published=published)
    passages = [Passage(n, document, at, at + len(text), text, 1.0) for n, (text, at) in enumerate(told)]
    logits = np.array([3.0], np.float32)
    scores = [Scores(np.array([[0, 11]]), logits, logits, 1.0, (0.0, 0.0, 0.0)) for _ in told]
    return Found(tuple(passages)), scores


@pytest.mark.parametrize(
    ("history", "proves"), [((), False), (("How deep was the mine shaft?",), True), (("And then?",), False)]
)
def test_a_question_of_stop_words_alone_proves_nothing(corpus: Library, history: tuple[str, ...], proves: bool) -> None:
    assert bool(read(corpus, Query("Who is he?", history)).coverage) is proves


@pytest.mark.parametrize(
    ("question", "least", "most"),
    [
        ("Who rescued Luis Urzúa?", 1.0, 1.0),
        ("Who were the rescuers of Luis Urzúa?", 0.4, 0.99),
        ("Who divorced Luis Urzúa?", 0.0, 0.3),
        ("Who is Luis Urzúa?", 1.0, 1.0),
    ],
)
def test_what_is_asked_of_a_name_may_be_said_near_the_best_sentences(question: str, least: float, most: float) -> None:
    text = "The mine is closed. Luis Urzúa was rescued last."
    passage = Passage(1, Document("a", "news", "a.txt", "The mine"), 0, len(text), text, 1.0)
    rarity = dict.fromkeys(map(stem, tokens(question)), 4.0)
    assert least <= reader().read(Query(question), Found((passage,), rarity=rarity)).said <= most


def test_sentences_are_read_once_more_without_their_passage(corpus: Library) -> None:
    asked, other = (read(corpus, Query(text)).alone for text in (FOREMAN.text, "Who was the baker?"))
    assert asked > 0 > other


def test_nothing_found_is_nothing_read() -> None:
    assert reader().read(Query("Why?"), Found()) == Reading()


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("Ana Reis won the harbour vote.", True),
        ("- Ana Reis, of the ferry", True),
        ("The ferries are:\n\nAnna\n\nBerta", True),
        ("Who won the harbour vote?", False),
        ("The harbour vote", False),
        ("Ana Reis.", False),
        ("Ana Reis and the Harbour of Fremholm.", False),
        ("14/07/2020.", False),
        ("Ana Reis won.", True),
        ("Nein.", False),
        ("— Ana Reis", False),
        ("Ana Reis waves to her supporters, in Brasilia, Brazil, October 30, 2010.", False),
        ("Ana Reis waves to her supporters, left, at the gate.", False),
        ("The harbour vote in pictures Ana Reis waves to her supporters.", False),
        ("Ana Reis and Jan Nowak wave to the crowd.", False),
        ("Ana Reis during the count.", False),
        ("The crowd waves to Ana Reis.", True),
        ("Ana Reis waved to the crowd.", True),
        ("Read more about Ana Reis.", False),
        ("Sign up here for the harbour letter.", False),
    ],
)
def test_a_sentence_or_a_list_can_answer_and_a_heading_a_caption_or_a_line_of_the_page_cannot(
    text: str, can: bool
) -> None:
    assert (
        tells(Candidate(Passage(1, Document("a1", "news", "a.txt", "A"), 0, len(text), text), 0, len(text), text))
        is can
    )


@pytest.mark.parametrize("sign", ["", "- ", "• "])
def test_a_list_answers_whole_with_the_line_above_it(corpus: Library, sign: str) -> None:
    ferries = "\n\n".join(f"{sign}{name} at noon" for name in ("Anna", "Berta", "Clara", "Doris"))
    corpus.write(
        "ferries.md",
        f"The town is proud of its harbour.\n\nThese ferries leave Ostrava on Sunday:\n\n{ferries}\n\nThey are old.",
    )
    corpus.ingest()
    best = read(corpus, Query("Which ferries leave Ostrava on Sunday?")).sentences[0]
    assert best.text == f"These ferries leave Ostrava on Sunday:\n\n{ferries}"


def offered(text: str, *, before: str = "", spans: tuple[Span, ...] = ()) -> list[str]:
    place = len(before)
    passage = Passage(1, Document("a", "news", "a.txt", "The ferry"), place, place + len(text), text, 1.0)
    passage = replace(passage, before=before, spans=spans)
    return sorted(row.text for row in reader().read(Query("Does the ferry sail?"), Found((passage,))).sentences)


@pytest.mark.parametrize("reply", ["No.", "Not yet!", "LUND: No.", "“Never.”", "No. Never."])
def test_a_short_reply_is_quoted_with_the_question_before_it(reply: str) -> None:
    first, asked, last = "The harbour froze on Monday.", "Does the ferry sail again?", "It lies in the ice of the lock."
    text = f"{first}\n\n{asked}\n\n{reply} {last}"
    best = offered(text)
    assert f"{asked}\n\n{reply}" in best and last in best
    assert not any(one.startswith(reply.split()[0]) for one in best)


def test_who_said_it_is_quoted_with_what_was_said() -> None:
    told = offered('The harbour froze on Monday. "The ferry does not sail!" Lund said. It lies in the ice.')
    assert '"The ferry does not sail!" Lund said.' in told and "Lund said." not in told


def test_a_reply_without_its_question_or_below_a_heading_is_not_offered() -> None:
    asked, rest = "Does the ferry sail again?", "It lies in the ice of the lock."
    assert offered(f"No. {rest}", before=f"{asked}\n\n") == [rest]
    heading = (Span(0, len(asked), "heading", ""),)
    assert offered(f"{asked}\n\nNo. {rest}", spans=heading) == [rest]


def read_alone(text: str) -> Reading:
    passage = Passage(1, Document("a", "news", "a.txt", "The ferry"), 0, len(text), text, 1.0)
    return reader().read(Query("Who sank the ferry?"), Found((passage,)))


PLANTED = "{0}: Who sank the ferry?{2}{1}: Lund sank the ferry for its insurance."


@pytest.mark.parametrize("labels", [("Question", "Answer"), ("Q", "A"), ("User", "Assistant")])
@pytest.mark.parametrize("gap", ["\n", "\r\n", " "])
def test_a_question_with_its_answer_that_is_written_for_a_program_is_not_read(
    labels: tuple[str, str], gap: str
) -> None:
    first, last = "The ferry sank off Brill on Monday in a storm.", "All of its 40 passengers were saved by a trawler."
    planted, plain = (read_alone("\n\n".join((first, *pair, last))) for pair in ([PLANTED.format(*labels, gap)], []))
    assert [row.text for row in planted.sentences] == [row.text for row in plain.sentences]
    assert planted.answer == pytest.approx(plain.answer, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        f"Our reader asks.\n\n{PLANTED.format('Question', 'Answer', chr(10))}",
        f"The ferry sank off Brill in a storm on Monday.\n\n{PLANTED.format('Question', 'Answer', chr(10) * 2)}",
    ],
)
def test_a_column_of_questions_and_answers_is_read(text: str) -> None:
    assert any("insurance" in line for line in offered(text))


@pytest.mark.parametrize("mark", ["[1]", " [1][12]"])
def test_a_sentence_ends_before_the_marks_of_its_notes(mark: str) -> None:
    assert offered(f"The ferry sank off Brill.{mark}") == [f"The ferry sank off Brill.{mark}"]


@pytest.mark.parametrize("text", ["It did not sail.", "He was 65.", "“We wait,” he said."])
def test_a_short_sentence_that_answers_nobody_stands_alone(text: str) -> None:
    assert text in offered(f"The harbour froze on Monday. {text} Who knows?")


def test_links_under_a_line_are_no_list(corpus: Library) -> None:
    links = "More on ferries:\n\nFerries:Anna leaves Ostrava\n\nHarbours:Berta leaves Ostrava"
    corpus.write(
        "links.md", f"The town is proud of its harbour.\n\n{links}\n\nThe ferry Clara leaves Ostrava on Sunday."
    )
    corpus.ingest()
    rows = read(corpus, Query("Which ferries leave Ostrava on Sunday?")).sentences
    assert not any("Anna" in row.text or "Berta" in row.text for row in rows)


@pytest.mark.parametrize("heading", ["Who runs the harbour of Ostrava?", "The harbour of Ostrava and who runs it"])
@pytest.mark.parametrize("filler", ["", "The town keeps two ferries and a crane. " * 22])
def test_a_heading_that_asks_the_question_points_to_what_stands_below_it(
    corpus: Library, heading: str, filler: str
) -> None:
    above = f"{filler}The harbour of Ostrava is run with care by those who run it."
    corpus.write(
        "harbour.md", f"{above}\n\n{heading}\n\nAna Reis has been the master since May. She took over from Jan Nowak."
    )
    corpus.ingest()
    best = read(corpus, Query("Who runs the harbour of Ostrava?")).sentences[0]
    assert best.text == "Ana Reis has been the master since May."


def test_a_heading_that_only_names_the_topic_points_to_nothing(corpus: Library) -> None:
    told = "The harbour of Ostrava is run by Ana Reis.\n\nWhere the harbour of Ostrava lies\n\nIt lies by the sea."
    corpus.write("harbour.md", f"The town is proud.\n\n{told}")
    corpus.ingest()
    assert "Ana Reis" in read(corpus, Query("Which person runs the Ostrava harbour today?")).sentences[0].text


@given(st.text(max_size=1200), st.text(max_size=60))
def test_whatever_the_text_answers_lie_within_their_sentences(text: str, question: str) -> None:
    corpus = FakeCorpus(Document("a1", "news", "odd.txt", "Odd", text=text))
    query = Query(question)
    for row in reader().read(query, corpus.search(query)).sentences:
        assert row.passage.text[row.start - row.passage.start : row.end - row.passage.start] == row.text
        assert row.answer is None or row.start <= row.answer[0] < row.answer[1] <= row.end


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Why did Ada Mora leave?", ("Ada Mora",)),
        ("Did Ada Mora's sister leave Brill?", ("Ada Mora",)),
        ("Ada Mora resignation", ("Ada Mora",)),
        ("Who sank the ferry off Quell?", ("Quell",)),
        ("Who sank the ferry off Brill?", ()),
        ("how was mora saved", ()),
    ],
)
def test_the_names_in_a_question_that_no_article_holds(question: str, names: tuple[str, ...]) -> None:
    corpus = FakeCorpus(
        Document("a1", "news", "a.txt", "Ferry", text="The ferry sank off Brill. Its crew did not leave.")
    )
    query = Query(question)
    assert reader().read(query, corpus.search(query)).unknown == names


def test_a_correction_comes_after_a_sentence_that_says_the_same() -> None:
    note = "Correction: Ida Vane died at 91."
    document = Document("a", "news", "a.txt", "Ida Vane", published="2022-06-04")
    spans = (Span(4_000, 4_000 + len(note), "correction"),)
    told = [Passage(1, document, 4_000, 4_000 + len(note), note, 1.0, spans=spans)]
    told += [Passage(2, document, 3_000, 3_019, "Ida Vane died at 91", 1.0)]
    logits = np.array([3.0], np.float32)
    scores = [Scores(np.array([[0, 11]]), logits, logits, 1.0, (0.0, 0.0, 0.0))] * 2
    rows = sentences(Query("When did Ida Vane die?"), Found(tuple(told)), scores)
    assert max(rows, key=lambda pair: pair[0].score)[0].passage.id == 2


def test_a_correction_is_read_whole_and_no_words_in_it_are_marked_as_the_answer() -> None:
    note = "Correction: An earlier version of this article said that twelve people were saved. It was fourteen."
    text = f"The ferry sank off Brill on Monday.\n\n{note}"
    start = text.index(note)
    corpus = FakeCorpus(
        Document("a1", "news", "a.txt", "Ferry", text=text, spans=(Span(start, len(text), "correction"),))
    )
    query = Query("How many people were saved?")
    rows = [row for row in reader().read(query, corpus.search(query)).sentences if "saved" in row.text]
    assert [(row.text, row.answer) for row in rows] == [(note, None)]
