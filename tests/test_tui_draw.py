"""What the chat screen shows, as text: turns, sources, the open article's head, the corpus."""

from __future__ import annotations

from dataclasses import replace

from chat_engine import BUILD, CLOSEST, COVERAGE, QUESTION, READING, SECOND, TRAM, TURNOUT, VOTE, answer, quoted
from textual.content import Content

from bot.conversation import Failure, Speaker
from bot.reading import Candidate
from bot.tui.draw.article import Opening, body, head
from bot.tui.draw.base import OPEN
from bot.tui.draw.corpus import chips, described, ingest_line
from bot.tui.draw.shown import ShownTurn, found
from bot.tui.draw.sources import rows
from bot.tui.draw.turn import View, turn_content
from bot.tui.engine import Article
from bot.tui.keys import reader_keys
from store.passage import Coverage, Filters, Span
from store.progress import Progress

CITED = (quoted(1, TRAM, VOTE), quoted(2, TRAM, BUILD), replace(SECOND, number=3), quoted(4, TRAM, "Paragraph 8 tells"))
TURN = ShownTurn(QUESTION, answer(citations=CITED), paragraphs={"1": 1, "2": 2, "3": 2, "4": 10})


def styled(content: Content, words: str) -> set[str]:
    """The styles of some words of a content."""
    start = content.plain.index(words)
    return {str(span.style) for span in content.spans if span.start <= start < span.end}


def test_an_article_stands_once_with_all_its_footnotes_and_their_paragraphs() -> None:
    tram, poll = rows(TURN, "3", 60)
    assert tram.title.plain == "  Council backs tram line" and poll.title.plain == "▸ Turnout climbs to 61%"
    assert tram.below.plain == "Daily Ledger · 14 Mar 2024   [1] ¶1 [2] ¶2 [4] ¶10"
    assert (tram.name, tram.opened, poll.name, poll.opened) == ("1", False, "3", True)
    assert VOTE not in tram.below.plain  # the answer has said it


def test_numbers_that_do_not_fit_beside_the_facts_go_on_below_whole() -> None:
    many = tuple(quoted(number, TRAM, VOTE) for number in range(1, 21))
    turn = ShownTurn(QUESTION, answer(citations=many), paragraphs={str(number): 1 for number in range(1, 21)})
    (row,) = rows(turn, "", 30)
    lines = row.below.plain.splitlines()
    assert lines[0] == "Daily Ledger · 14 Mar 2024" and len(lines) > 4
    assert all(len(line) <= 30 and not line.endswith("]") for line in lines)


def test_without_a_pane_the_sources_stand_in_a_line_each_under_the_answer() -> None:
    drawn = turn_content(TURN, View(76, narrow=True)).plain.splitlines()
    assert drawn[-2] == "  Council backs tram l… · Daily Ledger · 14 Mar 2024   [1] ¶1 [2] ¶2 [4] ¶10"
    assert len(drawn[-1]) <= 76 and drawn[-1].startswith("  Turnout climbs")


def test_speakers_leave_a_headline_its_line() -> None:
    said = replace(SECOND, speaker=Speaker("harbour officials", 0, 17))
    turn = ShownTurn(QUESTION, answer(citations=(said,)), paragraphs={"2": 2})
    for room, named in ((100, True), (64, False)):
        last = turn_content(turn, View(room, narrow=True)).plain.splitlines()[-1]
        assert last.startswith("  Turnout climbs to 61% ·") and last.endswith("[2] ¶2") and len(last) <= room
        assert ("said by harbour officials" in last) is named


def test_the_footnote_that_is_open_is_marked_in_the_answer() -> None:
    drawn = turn_content(ShownTurn(QUESTION, answer()), View(opened="2"))
    assert any("underline" in style for style in styled(drawn, "[2]"))
    assert not any("underline" in style for style in styled(drawn, "[1]"))
    assert "underline" in OPEN


def test_the_question_that_was_looked_up_is_told_in_one_line_and_only_if_it_is_another() -> None:
    same = turn_content(ShownTurn("Who  won?", answer(standalone="who won")), View(60)).plain
    other = turn_content(ShownTurn("Who won?", answer(standalone="Who won the vote " + "x" * 80)), View(60)).plain
    assert "looked up" not in same
    told = other.splitlines()[1]
    assert told.startswith("looked up as: Who won the vote") and told.endswith("…") and len(told) == 60


def test_a_refusal_is_six_rows_of_words_and_headlines_by_letter() -> None:
    none: dict[str, object] = {"sentences": (), "citations": (), "closest": CLOSEST}
    refused = answer(outcome="not_in_corpus", words="Not there. Searched all.", **none)
    drawn = turn_content(ShownTurn(QUESTION, refused), View(76, narrow=True)).plain.splitlines()
    assert len(drawn) == 6
    assert drawn[2] == "· Not there. Searched all. Closest, not used:"
    assert drawn[3] == "  a  Council backs tram line · Daily Ledger · 14 Mar 2024"
    unsure = turn_content(ShownTurn(QUESTION, replace(refused, outcome="unsure")), View(60, narrow=True)).plain
    assert "\n     Construction …\n" in unsure and max(map(len, unsure.splitlines()[3:])) <= 60


def test_what_was_found_is_offered_by_letter_with_its_best_sentence_marked() -> None:
    tram, poll, _ = READING.found.passages
    start = TRAM.text.index(BUILD)
    again = replace(READING, sentences=(Candidate(replace(tram, id=9), start, start + len(BUILD), BUILD),))
    reading = replace(again, found=replace(again.found, passages=(replace(tram, id=9), poll, replace(tram, id=8))))
    first, second = found(reading)
    assert (first.letter, second.letter) == ("a", "b") and first.document.id == TRAM.id
    assert first.marks == ((start, start + len(BUILD)),) and second.marks == ()
    failed = replace(ShownTurn(QUESTION, found=(first, second)))
    assert failed.ended("error", "m").closest == (first, second) and list(failed.quotes) == ["a", "b"]


def test_the_head_of_an_article_names_footnote_paragraph_and_keys_in_the_room_there_is() -> None:
    article = Article(TRAM, [(1, "2024-03-14", False), (2, "2024-03-15", True)])
    opening = Opening(article, CITED[1].quote, "2", ("1", "2", "3"))
    wide = head(opening, reader_keys(focused=True), 120).plain.splitlines()
    assert wide == [
        "[2] of 3 · Council backs tram line",
        "Daily Ledger · 14 Mar 2024 · the file has changed since · ¶2 of 10 · o open  y copy  m mark  t only this",
    ]
    narrow = head(opening, reader_keys(focused=False), 30).plain.splitlines()
    assert narrow[0] == "[2] of 3 · Council backs tram…" and narrow[-1] == "alt+ o open  y copy  m mark  t only this"


def test_boilerplate_is_muted_and_the_answering_words_are_marked_in_the_quote() -> None:
    end = TRAM.text.index(VOTE)
    document = replace(TRAM, spans=(Span(0, end, "furniture", "front"),))
    start = end + VOTE.index("7-2")
    quote = replace(CITED[0].quote, answer=(start, start + 3))
    (first, mark), *_ = body(Article(document, []), quote)
    assert mark == end and any("muted" in style for style in styled(first, "title: Council"))
    assert any("underline" in style for style in styled(first, "7-2"))


def test_a_corpus_is_told_in_counts_and_years_and_each_filter_can_be_taken_away() -> None:
    assert described(COVERAGE) == "2,412 articles · 1990–2024" and described(Coverage(1, 1)) == "1 article · undated"
    filters = Filters(since="2022-07-01", outlets=("cnn.com", "bbc.com"), documents=("x1",), as_of="2022-08-01")
    told = dict(chips(filters, {"x1": "Mill to reopen"}))
    assert list(told) == ["since 2022-07-01", "as of 2022-08-01", "cnn.com", "bbc.com", "in Mill to reopen"]
    assert told["cnn.com"] == replace(filters, outlets=("bbc.com",))
    assert told["since 2022-07-01"] == replace(filters, since=None)


def test_a_turn_is_drawn_at_any_width() -> None:
    for room in (1, 10, 96):
        assert TURNOUT in turn_content(TURN, View(room, narrow=True)).plain


def test_tokens_and_money_stand_behind_the_seconds() -> None:
    def figures(**changes: object) -> str:
        return turn_content(ShownTurn(QUESTION, answer(**changes)), View()).plain.splitlines()[-1]

    assert figures().endswith("0.4 s")
    assert figures(usage=(1234, 56)).endswith("0.4 s · 1,234 + 56 tokens")
    assert figures(usage=(1234, 56), dollars=0.00123).endswith(" tokens · $0.0012")
    assert figures(usage=(1234, 56), dollars=12.3, outcome="unsure").endswith(" · 1,234 + 56 tokens · $12.30")


def test_a_step_of_the_command_line_is_told_as_the_chat_has_it() -> None:
    down = answer(outcome="error", sentences=(), failure=Failure("It is gone.", "Choose another model with -m."))
    undated = answer(outcome="not_in_corpus", sentences=(), words="3 undated left out; --undated keeps them.")
    told = [turn_content(ShownTurn(QUESTION, one), View()).plain for one in (down, undated)]
    assert "with /model." in told[0] and "; /undated keeps" in told[1]
    stopped = turn_content(ShownTurn(QUESTION, answer(outcome="stopped", sentences=())), View()).plain
    assert stopped == f"❯ {QUESTION}\n\nstopped; nothing had come yet"


def test_an_ingest_tells_its_stage_its_rate_and_the_time_left() -> None:
    assert ingest_line(Progress("reading", 0, 0), 0.0, 60).plain == f"ingest: reading {'─' * 27} … · /ingest stop"
    told = ingest_line(Progress("reading", 1_000, 4_000), 10.0, 100).plain
    assert told == f"ingest: reading {'━' * 7}{'─' * 23} 1,000 of 4,000 · 100/s · 30 s left · /ingest stop"
    assert ingest_line(Progress("reading", 5, 10), 0.1, 20).plain == "ingest: reading  5 of 10 · /ingest stop"
