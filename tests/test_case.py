"""A suite is read whole or refused with the place and the remedy."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.errors import EvalInvalid, ExitCode
from evals.case import CASE_KEYS
from evals.checks import METRICS
from evals.find import load, shipped
from evals.suite import SUITE_KEYS, Suite, read

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
        ("tags", "weight", r"line 10 .*no key 'weight'; the keys are absent, "),
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
        ("tags", 'dated = "soon"\ntags', r"dated is 'soon', and it must be a day as YYYY-MM-DD or 'undated'"),
        ("tags", "turns = [1]\ntags", r"turns must be a list of texts"),
        ("tags", 'absent = ["Rice"]\ntags', r"absent must be a list of lists"),
        ("tags", 'quote_from = ["tow.md"]\ntags', r"no file 'tow.md'"),
        ("tags", 'quotes_from = ["one.md"]\ntags', r"line 10 .*no key 'quotes_from'; the nearest is 'quote_from'"),
        ("tags", 'in = "sub"\ntags', r"no file 'sub'"),
        ("tags", 'must_pass = "yes"\ntags', r"must_pass must be true or false"),
        ("tags", 'relevant = {"one.md" = 0}\ntags', r"relevant must give documents whole numbers from 1"),
        ("tags", 'relevant = {"tow.md" = 1}\ntags', r"no file 'tow.md'"),
        ("tags", 'came = ["one.md"]\ntags', r"to ask again needs came or removed, and new, gone, value or same"),
        ("tags", "same = true\ntags", r"to ask again needs came or removed"),
        ("documents", 'id = "b"\ndocuments', r"cases.toml is not TOML: .*line 9"),
        (
            'facts = [["Rice", "Ms Rice"], ["Livni"]]\ndocuments = ["one.md"]',
            "",
            "needs facts, documents, each or answers",
        ),
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
        (SUITE + "floors = 1\n", "suite.toml, line 4: floors must be a table"),
        (SUITE + "[gates]\nR@80 = 1\n", "suite.toml is not TOML"),
        (SUITE + '[gates]\n"R@80" = 1\n', "line 5: there is no key 'R@80'; the nearest is 'R@8'"),
        (SUITE + "[floors]\nRR = 1\n[gates]\nRR = -1\n", "line 7: the greatest drop of RR must be a number"),
        (SUITE + "[settings]\nkk = 3\n", "line 5: there is no key 'kk'; the nearest is 'k'"),
        (SUITE + "[settings]\nk = 0\n", "line 5: k is 0, and it must be a whole number from 1 to 50"),
        (SUITE + 'checks = ["fact"]\n', "line 4: there is no check 'fact'; the nearest is 'facts'"),
        (SUITE + 'gated_tags = ["nme"]\n', "a gated tag needs 20 cases, and 'nme' has 0; the nearest is 'name'"),
        (SUITE + 'gated_tags = ["name"]\n', "line 4: a gated tag needs 20 cases, and 'name' has 1."),
        (SUITE + "[floors]\npased = 1\n", "line 5: there is no key 'pased'; the nearest is 'passed'"),
        (SUITE + "[floors]\npassed = 90\n", "line 5: the floor of passed must be a number from 0 to 1"),
        ("name = ", "suite.toml is not TOML"),
    ],
)  # fmt: skip
def test_a_faulty_suite_is_refused_by_place(folder: Path, suite: str, said: str) -> None:
    (folder / "suite.toml").write_text(suite)
    assert said in refused(folder)


FIGURES = {  # over the cases of a run; no check of one case
    "refusal_precision", "refusal_recall", "refusal_f1", "false_refusals",
    "grounded_refusal_f1", "answer_correctness_f1", "citation_f1", "trust_score",
}  # fmt: skip


def test_the_readme_s_suite_is_well_formed(tmp_path: Path) -> None:
    text = (shipped().parent / "README.md").read_text()
    suite, cases = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lighthouse.md").write_text("Repairs to the lamp room cost 48,000 pounds.")
    (tmp_path / "suite.toml").write_text(suite)
    (tmp_path / "cases.toml").write_text(cases)
    found = read(tmp_path)
    assert (found.name, len(found.cases), found.answerable, found.floors) == ("harbour", 2, 1, {"passed": 0.9})
    documented = set(
        re.findall(r"`([\w@]+)`", "".join(line.split("|")[1] for line in text.splitlines() if "|" in line))
    )
    assert documented - FIGURES == set(CASE_KEYS) | set(METRICS) | set(SUITE_KEYS)


def test_ids_are_unique_over_all_files(folder: Path) -> None:
    (folder / "cases.toml").write_text(CASE + CASE)
    assert "cases.toml, line 15 (case a): its id stands at" in refused(folder)
    (folder / "cases.toml").write_text(CASE)
    (folder / "cases").mkdir()
    (folder / "cases" / "more.toml").write_text(CASE)
    said = refused(folder)
    assert re.search(r"more.toml, line 5 \(case a\): its id stands at .*cases.toml, line 5 too", said), said


def test_a_text_that_looks_like_a_case_line_costs_only_the_line_number(folder: Path) -> None:
    odd = CASE.replace('"Who?"', '"""\n[[case]]\nWho?"""').replace("tags", "tgas")
    (folder / "cases.toml").write_text(odd)
    assert "cases.toml (case a): there is no key 'tgas'" in refused(folder)


def test_cases_may_stand_in_several_files_and_all_are_read(folder: Path) -> None:
    inside = folder / "cases"
    inside.mkdir()
    (inside / "two.toml").write_text(REFUSED)
    (inside / "one.jsonl").write_text(json.dumps({"id": "c", "question": "When?", "outcome": "refused"}))
    (inside / ".swp").write_text("an editor's")
    (folder / "cases.jsonl").write_text(json.dumps({"id": "d", "question": "Where?", "outcome": "refused"}))
    assert [case.id for case in read(folder).cases] == ["a", "d", "c", "b"]
    (inside / "three.yaml").write_text("- case")
    assert "three.yaml is no file of cases" in refused(folder)


def test_a_suite_without_cases_is_refused(folder: Path) -> None:
    (folder / "cases.toml").write_text("")
    assert refused(folder).endswith("cases.toml holds no case.")
    (folder / "cases.toml").write_bytes(b"\xff\xfe\x00")
    assert refused(folder).endswith("cases.toml is not UTF-8 text.")
    (folder / "cases.toml").unlink()
    assert refused(folder).endswith("has no cases: neither cases.toml nor cases.jsonl nor a file in cases/.")


def test_what_a_case_and_a_suite_may_say_is_all_kept(folder: Path) -> None:
    more = """
turns = ["And before?", "Why?"]
absent = [["Livni alone"]]
quote_from = ["one.md"]
must_pass = true
not_outlet = "Y"
in = ["one.md", "sub/two.md"]
answers = ["Rice and Livni"]
relevant = {"one.md" = 2, "sub/two.md" = 1}
cluster = "memo"
leads = [["Rice"]]
begins = "Yes"
missing = [["Livni"]]
each = ["one.md", "sub/two.md"]
in_order = true
copies = ["one.md", "sub/two.md"]
dated = 2009-01-16
unquoted = [["Read more"]]
"""
    (folder / "cases.toml").write_text(CASE + more)
    tables = '[settings]\nk = 4\nanswer_at = 1\n[floors]\n"R@8" = 0.5\n[gates]\npassed = 0.02\n'
    (folder / "suite.toml").write_text(SUITE + 'checks = ["quotes", "facts"]\n' + tables)
    suite = read(folder)
    (case,) = suite.cases
    assert (case.turns, case.absent) == (("And before?", "Why?"), (("Livni alone",),))
    assert (case.quote_from, case.must_pass, case.cluster) == (("one.md",), True, "memo")
    assert (case.filters.not_outlets, case.filters.documents) == (("Y",), ("one.md", "sub/two.md"))
    assert (case.answers, case.grades) == (("Rice and Livni",), {"one.md": 2, "sub/two.md": 1})
    assert (case.leads, case.begins, case.missing) == ((("Rice",),), "Yes", (("Livni",),))
    assert (case.each, case.in_order, case.copies) == (("one.md", "sub/two.md"), True, ("one.md", "sub/two.md"))
    assert (case.dated, case.unquoted) == ("2009-01-16", (("Read more",),))
    assert (suite.checks, suite.settings) == (("facts", "quotes"), {"k": 4, "answer_at": 1.0})
    assert (suite.floors, suite.drops, suite.gated_tags) == ({"R@8": 0.5}, {"passed": 0.02}, ())


def test_documents_are_the_judgements_and_every_check_applies_where_nothing_else_is_said(folder: Path) -> None:
    (case,) = read(folder).cases
    assert (case.grades, case.must_pass) == ({"one.md": 1}, False)
    assert read(folder).checks == METRICS[:-1]


def test_a_tag_with_twenty_cases_may_be_gated(folder: Path) -> None:
    (folder / "cases.toml").write_text("".join(CASE.replace('id = "a"', f'id = "a{n}"') for n in range(20)))
    (folder / "suite.toml").write_text(SUITE + 'gated_tags = ["name"]\n')
    assert read(folder).gated_tags == ("name",)


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
    with pytest.raises(EvalInvalid, match=r"There is no suite .*; the suites are course, hostile, reading, seed, "):
        load(name)


# -- the shipped suites ----------------------------------------------------------------------------


SHIPPED = [read(file.parent) for file in sorted(shipped().glob("*/suite.toml"))]


@pytest.mark.parametrize("suite", SHIPPED, ids=lambda suite: suite.name)
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
    from evals.gold import lacking

    starter = load("starter")
    assert starter.corpus is not None
    for case in starter.cases:
        if case.documents:
            texts = [(starter.corpus / document).read_text() for document in case.documents]
            if {"several", "disagree"} & set(case.tags):  # no one document need hold them all
                texts = ["\n".join(texts)]
            assert any(not lacking(case.facts, text) for text in texts), case.id


def test_the_seed_suite_has_its_cases_and_may_lack_its_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTNOTE_SHARED", raising=False)
    seed = load("seed")
    assert (seed.answerable, len(seed.cases) - seed.answerable) == (20, 15)
    assert seed.optional and seed.corpus is None
