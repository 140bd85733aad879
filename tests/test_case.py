"""A suite is read whole or refused with the place and the remedy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.errors import EvalInvalid, ExitCode
from evals.case import CASE_KEYS, METRICS, Suite, load, read, shipped, suites

SUITE = 'name = "tiny"\nabout = "Two briefs."\ncorpus = "corpus"\n'
CASE = """
# one case

[[case]]
id = "a"
question = "Who?"
outcome = "answered"
facts = [["Rice", "Ms Rice"], ["Livni"]]
documents = ["one.md"]
tags = ["name"]
"""
REFUSED = '\n[[case]]\nid = "b"\nquestion = "Why?"\noutcome = "refused"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A suite of one case over a corpus of two files."""
    (tmp_path / "corpus" / "sub").mkdir(parents=True)
    (tmp_path / "corpus" / "one.md").write_text("One.")
    (tmp_path / "corpus" / "sub" / "two.md").write_text("Two.")
    (tmp_path / "suite.toml").write_text(SUITE)
    (tmp_path / "cases.toml").write_text(CASE)
    return tmp_path


def refused(folder: Path) -> str:
    """What reading the suite says is wrong."""
    with pytest.raises(EvalInvalid) as caught:
        read(folder)
    assert caught.value.exit == ExitCode.INVALID
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_suite_is_read(folder: Path) -> None:
    (folder / "cases.toml").write_text(
        CASE + REFUSED + 'since = 2020-01-02\nuntil = "2020-02-01"\noutlet = "X"\nundated = true\n'
    )
    suite = load(str(folder))
    first, second = suite.cases
    assert (suite.name, suite.corpus, suite.missing, suite.optional) == ("tiny", folder / "corpus", "", False)
    assert (suite.answerable, suite.tags, suite.floors) == (1, ("name",), {})
    assert (first.facts, first.documents) == ((("Rice", "Ms Rice"), ("Livni",)), ("one.md",))
    assert first.answerable and not second.answerable
    filters = second.filters
    assert (filters.since, filters.until, filters.outlets, filters.undated) == (
        "2020-01-02", "2020-02-01", ("X",), True,
    )  # fmt: skip


def test_cases_may_stand_in_json_lines(folder: Path) -> None:
    (folder / "cases.toml").unlink()
    rows: list[dict[str, object]] = [
        {"id": "a", "question": "Who?", "outcome": "answered", "facts": [["Rice"]]},
        {"id": "b", "question": "Why?", "outcome": "not_in_corpus"},
    ]
    (folder / "cases.jsonl").write_text("\n\n".join(map(json.dumps, rows)) + "\n")
    assert [case.outcome for case in read(folder).cases] == ["answered", "not_in_corpus"]
    (folder / "cases.jsonl").write_text(json.dumps(rows[0]) + "\n" + json.dumps(rows[1] | {"tag": []}))
    assert "cases.jsonl, line 2 (case b): there is no key 'tag'; the nearest is 'tags'." in refused(folder)
    (folder / "cases.jsonl").write_text("{}\n{")
    assert "cases.jsonl, line 2: this is not JSON" in refused(folder)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("facts", "fcats", r"cases.toml, line 8 \(case a\): there is no key 'fcats'; the nearest is 'facts'"),
        ("tags", "weight", r"line 10 .*no key 'weight'; the keys are as_of, "),
        ("[[case]]", "[[cases]]", r"cases.toml, line 4: there is no key 'cases'; the nearest is 'case'"),
        ('id = "a"', "", r"cases.toml, line 4: id must be a text"),
        ('"Who?"', '" "', r"line 4 \(case a\): question must be a text"),
        ('"answered"', '"answred"', r"no outcome 'answred'; the nearest is 'answered'"),
        ('"answered"', '"stopped"', r"no outcome 'stopped'"),
        ('"answered"', '"refused"', r"neither facts nor documents"),
        ('[["Rice", "Ms Rice"], ["Livni"]]', '["Rice"]', r"facts must be a list of lists"),
        ('["Livni"]]', "[]]", r"facts must be a list of lists"),
        ('"one.md"', '"ane.md"', r"no file 'ane.md'; the nearest is 'one.md'"),
        ('"one.md"', '"../suite.toml"', r"no file '../suite.toml'"),
        ("tags", 'since = "2020-02-30"\ntags', r"since is '2020-02-30', and it must be a day"),
        ("tags", "as_of = 2020\ntags", r"as_of is '2020', and it must be a day"),
        ("tags", 'since = "2020-02-03"\nuntil = "2020-02-02"\ntags', r"since .* is later than until"),
        ('["name"]', '"name"', r"tags must be a list of texts"),
        ("tags", "undated = 1\ntags", r"undated must be true or false"),
        ("documents", 'id = "b"\ndocuments', r"cases.toml is not TOML: .*line 9"),
        ('facts = [["Rice", "Ms Rice"], ["Livni"]]\ndocuments = ["one.md"]', "", r"needs facts or documents"),
    ],
)
def test_a_faulty_case_is_refused_by_place(folder: Path, before: str, after: str, said: str) -> None:
    assert before in CASE
    (folder / "cases.toml").write_text(CASE.replace(before, after, 1))
    assert re.search(said, refused(folder)), refused(folder)


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        (SUITE.replace("about", "abuot"), "suite.toml, line 2: there is no key 'abuot'; the nearest is 'about'"),
        (SUITE.replace('"Two briefs."', "2"), "about must be a text"),
        (SUITE + "optional = 1\n", "optional must be true or false"),
        (SUITE + "floors = 1\n", "floors must be a table"),
        (SUITE + "[floors]\npased = 1\n", "line 5: there is no key 'pased'; the nearest is 'passed'"),
        (SUITE + "[floors]\npassed = 90\n", "line 5: the floor of passed must be a number from 0 to 1"),
        ("name = ", "suite.toml is not TOML"),
    ],
)  # fmt: skip
def test_a_faulty_suite_is_refused_by_place(folder: Path, suite: str, said: str) -> None:
    (folder / "suite.toml").write_text(suite)
    assert said in refused(folder)


def test_the_readme_s_suite_is_well_formed(tmp_path: Path) -> None:
    text = (shipped().parent / "README.md").read_text()
    suite, cases = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lighthouse.md").write_text("Repairs to the lamp room cost 48,000 pounds.")
    (tmp_path / "suite.toml").write_text(suite)
    (tmp_path / "cases.toml").write_text(cases)
    found = read(tmp_path)
    assert (found.name, len(found.cases), found.answerable, found.floors) == ("harbour", 2, 1, {"passed": 0.9})
    documented = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in text.splitlines() if "|" in line)))
    assert documented == set(CASE_KEYS) | set(METRICS)


def test_ids_are_unique(folder: Path) -> None:
    (folder / "cases.toml").write_text(CASE + CASE)
    assert "two cases have the id 'a'" in refused(folder)


def test_a_text_that_looks_like_a_case_line_costs_only_the_line_number(folder: Path) -> None:
    odd = CASE.replace('"Who?"', '"""\n[[case]]\nWho?"""').replace("tags", "tgas")
    (folder / "cases.toml").write_text(odd)
    assert "cases.toml (case a): there is no key 'tgas'" in refused(folder)


def test_there_is_one_file_of_cases(folder: Path) -> None:
    (folder / "cases.jsonl").write_text("")
    assert refused(folder).endswith("it has both.")
    (folder / "cases.jsonl").unlink()
    (folder / "cases.toml").write_text("")
    assert refused(folder).endswith("cases.toml holds no case.")
    (folder / "cases.toml").unlink()
    assert refused(folder).endswith("it has neither.")
    (folder / "cases.toml").write_bytes(b"\xff\xfe\x00")
    assert refused(folder).endswith("cases.toml is not UTF-8 text.")


def test_a_missing_corpus_is_noted_with_its_reason(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "suite.toml").write_text(SUITE.replace('"corpus"', '"$ELSEWHERE/corpus"') + "optional = true\n")
    monkeypatch.delenv("ELSEWHERE", raising=False)
    suite = read(folder)
    assert (suite.corpus, suite.optional) == (None, True)
    assert suite.missing == "its corpus is $ELSEWHERE/corpus, and ELSEWHERE is not set"
    monkeypatch.setenv("ELSEWHERE", str(folder / "nowhere"))
    assert read(folder).missing == f"there is no folder {folder}/nowhere/corpus"
    monkeypatch.setenv("ELSEWHERE", str(folder))
    assert read(folder).corpus == folder / "corpus"


@pytest.mark.parametrize("name", ["startr", "", "/nowhere/at/all", "~nobody-of-that-name", "x" * 5000, "\0"])
def test_an_unknown_suite_is_refused_with_the_names_there_are(name: str) -> None:
    with pytest.raises(EvalInvalid, match=r"There is no suite .*; the suites are seed, starter\."):
        load(name)


# -- the shipped suites ----------------------------------------------------------------------------


@pytest.mark.parametrize("suite", suites(), ids=lambda suite: suite.name)
def test_every_shipped_suite_loads_under_its_folder_s_name(suite: Suite) -> None:
    assert load(suite.name) == suite
    assert suite.folder == shipped() / suite.name
    assert len({case.question for case in suite.cases}) == len(suite.cases)


def test_the_starter_suite_has_its_corpus_and_enough_cases() -> None:
    starter = load("starter")
    assert starter.corpus == starter.folder / "corpus" and not starter.optional
    assert len(starter.cases) >= 40 and len(starter.cases) - starter.answerable >= 15
    assert starter.floors["quotes"] == 1.0


def test_the_facts_of_the_starter_suite_stand_in_the_documents_named() -> None:
    from evals.checks import lacking

    starter = load("starter")
    assert starter.corpus is not None
    for case in starter.cases:
        if case.documents:
            texts = [(starter.corpus / document).read_text() for document in case.documents]
            if {"several", "disagree"} & set(case.tags):  # no one document need hold them all
                texts = ["\n".join(texts)]
            assert any(not lacking(case, text) for text in texts), case.id


def test_the_seed_suite_has_its_cases_and_may_lack_its_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_SHARED", raising=False)
    seed = load("seed")
    assert (seed.answerable, len(seed.cases) - seed.answerable) == (20, 15)
    assert seed.optional and seed.corpus is None
