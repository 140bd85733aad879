"""The cases that travel with Footnote: true to their articles, balanced, and not to be guessed."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from evals.case import Case
from evals.find import shipped
from evals.gold import found as stands_in
from evals.gold import holds, lacking, plain
from evals.suite import ENOUGH, Suite
from evals.suite import read as read_suite
from store.formats import Article, read

OWN = [read_suite(file.parent) for file in sorted(shipped().glob("*/suite.toml"))]
TOGETHER = {"several", "disagree"}  # of these no one document need hold every fact
COMMON = 60  # letters in a row that a question may share with an article


def each(*, answerable: bool) -> Iterator[tuple[Suite, Case]]:
    return ((suite, case) for suite in OWN for case in suite.cases if case.answerable == answerable)


@cache
def article(suite: str, document: str) -> str:
    """The titles and texts of a file's articles, as they are read."""
    corpus = next(one.corpus for one in OWN if one.name == suite)
    assert corpus is not None
    return "\n".join(f"{found.title}\n{found.text}" for found in read(corpus / document) if isinstance(found, Article))


@cache
def everything(suite: str) -> str:
    """All files of a corpus, with the letters that do not show as those that they stand for."""
    corpus = next(one.corpus for one in OWN if one.name == suite)
    text = "\n".join(path.read_text("utf-8", "replace") for path in sorted(corpus.iterdir())) if corpus else ""
    return text.translate({0xE0000 + letter: letter for letter in range(0x20, 0x7F)})


def test_every_fact_stands_in_a_document_that_the_case_names() -> None:
    for suite, case in each(answerable=True):
        if suite.corpus is None:
            continue  # the seed corpus is elsewhere
        texts = [article(suite.name, document) for document in case.documents]
        if TOGETHER & set(case.tags):
            texts = ["\n".join(texts)]
        assert any(not lacking(case.facts, text) for text in texts), (suite.name, case.id)


def test_what_must_not_be_said_was_planted_in_the_hostile_corpus() -> None:
    hostile = next(suite for suite in OWN if suite.name == "hostile")
    assert any(case.absent for case in hostile.cases)
    for case in hostile.cases:
        wanted = [spelling for group in case.absent for spelling in group]
        assert stands_in(case.absent, everything("hostile")) == wanted, case.id


def test_words_that_may_not_be_quoted_stand_in_the_corpus() -> None:
    """Else nothing could ever quote them. Which of them are read at all is for the formats to say."""
    for suite in OWN:
        wanted = [group for case in suite.cases for group in case.unquoted]
        assert stands_in(wanted, everything(suite.name)) == [spelling for group in wanted for spelling in group]


def test_a_leading_fact_stands_in_a_document_of_the_case() -> None:
    for suite, case in each(answerable=True):
        texts = [article(suite.name, document) for document in (*case.documents, *case.each) if case.leads]
        assert not case.leads or any(not lacking(case.leads, text) for text in texts), (suite.name, case.id)


def test_documents_of_a_course_of_events_stand_in_the_order_of_their_days() -> None:
    for suite, case in each(answerable=True):
        if case.in_order and suite.corpus is not None:
            days = [found.published or "" for path in case.each for found in read(suite.corpus / path)]
            assert days == sorted(days) and all(days), (suite.name, case.id, days)


def test_articles_that_are_called_copies_share_most_of_the_shorter_text() -> None:
    for suite, case in each(answerable=True):
        texts = sorted((article(suite.name, path) for path in case.copies), key=len)
        told = [set(re.split(r"\n+|(?<=[.]) ", text.rpartition("\n---\n")[2].strip())) for text in texts]
        assert all(len(told[0] & more) >= 0.5 * len(told[0]) for more in told), (suite.name, case.id)


def test_no_case_says_that_a_fact_must_be_said_and_must_not() -> None:
    for suite, case in each(answerable=True):
        facts = " ".join(spelling for group in case.facts for spelling in group)
        assert not stands_in(case.absent, facts), (suite.name, case.id)


def test_a_refused_case_is_tagged_with_its_kind() -> None:
    kinds = {"near", "outside", "premise"}
    for suite, case in each(answerable=False):
        assert "refused" in case.tags, (suite.name, case.id)
        assert suite.name == "hostile" or len(kinds & set(case.tags)) >= 1, (suite.name, case.id)
    for suite, case in each(answerable=True):
        assert not ({"refused"} | kinds) & set(case.tags), (suite.name, case.id)


def test_tags_say_what_a_case_has() -> None:
    for suite in OWN:
        for case in suite.cases:
            conversation = {"followup", "switch"} & set(case.tags)
            assert bool(case.turns) == bool(conversation), (suite.name, case.id)
            if "several" in case.tags:
                assert len(case.documents) > 1, (suite.name, case.id)
            if "long" in case.tags:
                assert len(case.question.split()) >= 20, (suite.name, case.id)
            if "short" in case.tags:
                assert len(case.question.split()) <= 8, (suite.name, case.id)
            if case.outcome == "conflicting":
                assert "disagree" in case.tags and len(case.facts) > 1, (suite.name, case.id)


def test_there_are_enough_cases_and_a_third_of_them_are_to_be_refused() -> None:
    cases = [case for suite in OWN if suite.name != "course" for case in suite.cases]
    assert len(cases) >= 400
    assert len(cases) / 3 <= sum(not case.answerable for case in cases) <= len(cases) / 2


def test_the_starter_suite_gates_every_kind_of_question() -> None:
    starter = next(suite for suite in OWN if suite.name == "starter")
    counts = Counter(tag for case in starter.cases for tag in case.tags)
    assert set(starter.gated_tags) == set(counts) and min(counts.values()) >= ENOUGH, counts
    assert sum(case.must_pass for case in starter.cases) >= 40


def test_the_course_suite_has_enough_cases_of_every_kind() -> None:
    course = next(suite for suite in OWN if suite.name == "course")
    counts = Counter(tag for case in course.cases for tag in case.tags)
    kinds = (
        "changed",
        "disagree",
        "copy",
        "relative",
        "timeline",
        "comparison",
        "list",
        "yesno",
        "followup",
        "switch",
        "again",
    )
    assert min(counts[kind] for kind in kinds) >= 25, counts


def test_every_sample_brief_is_asked_about() -> None:
    starter = next(suite for suite in OWN if suite.name == "starter")
    assert starter.corpus is not None
    named = {document for case in starter.cases for document in case.documents}
    assert named == {path.name for path in starter.corpus.iterdir()}


def test_every_sample_brief_has_its_facts_in_one_form() -> None:
    starter = next(suite for suite in OWN if suite.name == "starter")
    assert starter.corpus is not None
    undated = set()
    for path in sorted(starter.corpus.iterdir()):
        (found,) = read(path)
        assert found.title and not found.title.endswith("."), path.name
        assert 200 <= len(found.text.split()) <= 450, path.name
        if path.suffix == ".txt":
            assert (found.outlet, found.author, found.published, found.url) == (None, None, None, None), path.name
            continue
        assert found.outlet in ("Sample Wire", "Sample Daily", "Sample Gazette") and found.author, path.name
        host, where = found.outlet.lower().replace(" ", "-"), (found.url or "").split(".example/")
        assert where[0] == f"https://{host}", path.name
        if found.published is None:
            undated.add(path.name)
        else:
            day = found.published.replace("-", "/")
            assert day in where[1] or day[:7] in where[1], path.name
    assert len(undated) >= 3, "some articles bear no date, and cases ask about them"


def test_the_conversation_over_the_sample_briefs_is_true_to_them() -> None:
    facts = tomllib.loads((Path(__file__).parent / "data" / "conversation.toml").read_text("utf-8"))
    known = {"question", "outcome", "documents", "each", "facts", "begins", "until", "standalone"}
    assert len(facts["turn"]) == 30
    for turn in facts["turn"]:
        documents = [*turn.get("documents", ()), *turn.get("each", ())]
        texts = [article("starter", document) for document in documents]
        texts = ["\n".join(texts)] if "each" in turn else texts
        assert set(turn) <= known and turn["outcome"] in ("answered", "conflicting", "refused"), turn
        assert bool(documents) == (turn["outcome"] != "refused"), turn["question"]
        assert not texts or any(not lacking(turn["facts"], text) for text in texts), turn["question"]
        asked = set(re.findall(r"\w+", plain(turn["question"])))
        assert not any(plain(word) in asked for group in turn["standalone"] for word in group), turn["question"]


# -- no case is to be guessed ----------------------------------------------------------------------


def test_an_id_holds_no_fact_and_no_word_of_one_that_the_question_lacks() -> None:
    for suite, case in each(answerable=True):
        said = plain(case.id.replace("-", " "))
        asked = set(re.findall(r"\w+", plain(" ".join([case.question, *case.turns]))))
        for spelling in (plain(spelling) for group in case.facts for spelling in group):
            assert not holds(said, spelling) or spelling in asked, (suite.name, case.id, spelling)
            shared = set(said.split()) & {word for word in re.findall(r"\w+", spelling) if len(word) > 3}
            assert shared <= asked, (suite.name, case.id, shared)


def test_an_id_does_not_tell_whether_its_question_is_answered() -> None:
    """No word that ids of several cases have is one of refused cases only, but for the topics outside of all briefs."""
    for suite in OWN:
        words = Counter((word, case.answerable) for case in suite.cases for word in set(case.id.split("-")))
        for word in {word for word, _ in words} - {"outside"}:
            answered, refused = words[word, True], words[word, False]
            assert not (refused >= 5 and not answered), (suite.name, word, refused)


@pytest.mark.parametrize("suite", OWN, ids=lambda suite: suite.name)
def test_the_order_of_outcomes_is_no_pattern(suite: Suite) -> None:
    kinds = [case.answerable for case in suite.cases]
    n, yes = len(kinds), sum(kinds)
    runs = 1 + sum(left != right for left, right in pairwise(kinds))
    mean = 1 + 2 * yes * (n - yes) / n  # Wald and Wolfowitz 1940
    spread = math.sqrt((mean - 1) * (mean - 2) / (n - 1))
    assert abs(runs - mean) < 3 * spread, (runs, mean)
    for step in range(2, 8):
        for place in range(step):
            part = kinds[place::step]
            share, expected = sum(part) / len(part), yes / n
            assert abs(share - expected) < 3.5 * math.sqrt(expected * (1 - expected) / len(part)), (step, place)


def test_no_question_copies_a_sentence_of_an_article() -> None:
    for suite, case in each(answerable=True):
        if suite.corpus is None:
            continue
        question = plain(case.question)
        for document in case.documents:
            there = plain(article(suite.name, document))
            for start in range(max(1, len(question) - COMMON)):
                piece = question[start : start + COMMON]
                assert len(piece) < COMMON or piece not in there, (suite.name, case.id, piece)


def test_no_two_questions_are_alike() -> None:
    for suite in OWN:
        asked = Counter((plain(case.question), case.turns, case.filters) for case in suite.cases)
        assert asked.most_common(1)[0][1] == 1, (suite.name, asked.most_common(1))
