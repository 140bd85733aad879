"""Templates: declared and used variables agree, and values go in as they are."""

from __future__ import annotations

from importlib import resources

import pytest

from prompts import PromptError, load, parse

NAMES = sorted(
    entry.name.removesuffix(".md") for entry in resources.files("prompts").iterdir() if entry.name.endswith(".md")
)
SEARCHED = "3 articles (3 undated; CNN, TRTWorld)"


@pytest.mark.parametrize("name", NAMES)
def test_every_file_loads_and_fills(name: str) -> None:
    template = load(name)
    filled = template.fill(**{variable: f"<{variable}>" for variable in template.variables})
    assert all(f"<{variable}>" in filled for variable in template.variables)
    assert filled == filled.strip() != ""


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        (
            "not_in_corpus",
            {"searched": SEARCHED},
            f"The articles do not say. Searched {SEARCHED}. Try other words, or name who, where or when.",
        ),
        ("unsure", {"searched": SEARCHED}, f"The articles may not say. Searched {SEARCHED}. The closest passages:"),
        (
            "outside_outlet",
            {"outlet": "CNBC", "nearest": "CNN", "searched": SEARCHED},
            f"No article is from CNBC; the nearest outlets: CNN. Searched {SEARCHED}.",
        ),
        (
            "outside_dates",
            {"window": "in March 2014", "searched": "2 articles (CNN)"},
            "No article is dated in March 2014. Searched 2 articles (CNN).",
        ),
        (
            "greeting",
            {"searched": SEARCHED},
            f"Ask about the articles: who, what, when, where or how many. There are {SEARCHED}.",
        ),
        ("no_article", {}, "No article passes the filters. Widen them; `footnote sources` lists the articles."),
    ],
)
def test_what_a_refusal_says(name: str, values: dict[str, str], said: str) -> None:
    assert load(name).fill(**values) == said


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(PromptError, match=r"prompts/nothing\.md"):
        load("nothing")


def test_variables_and_text_are_taken_apart() -> None:
    template = parse("x.md", "variables: articles, undated\n\nRead {articles}.\n\n{undated} and {articles}.\n")
    assert template.variables == ("articles", "undated")
    assert template.fill(articles="A", undated="U") == "Read A.\n\nU and A."


def test_windows_line_ends_do_not_reach_a_name() -> None:
    assert parse("x.md", "variables: a\r\n{a}\r\n").variables == ("a",)


def test_values_go_in_as_they_are() -> None:
    template = parse("x.md", "variables: a, b\n{a} {b}\n")
    assert template.fill(a="{b} {{x}} {", b=r"\1 \g<0> }") == r"{b} {{x}} { \1 \g<0> }"


def test_doubled_braces_are_literal() -> None:
    template = parse("x.md", 'variables: a\n{{"key": "{a}"}} {{{a}}} {{a}}\n')
    assert template.fill(a="v") == '{"key": "v"} {v} {a}'


def test_a_variable_may_have_any_name() -> None:
    assert parse("x.md", "variables: self, file\n{self}{file}\n").fill(self="a", file="b") == "ab"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "first line"),
        ("Hello {a}\n", "first line"),
        ("variables a\n{a}\n", "first line"),
        ("variables: a, b\n{a}\n", "b is declared and not used"),
        ("variables: a\n{a} {b}\n", "b is used and not declared"),
        ("variables:\n{a}\n", "a is used and not declared"),
        ("variables: a\n{{a}}\n", "a is declared and not used"),
        ("variables: a, a\n{a}\n", "'a'"),
        ("variables: a,\n{a}\n", "''"),
        ("variables: A\n{A}\n", "'A'"),
        ("variables: a\n{a}\nb } c\n", "line 3"),
        ("variables: a\n{a} { a }\n", "line 2"),
        ("variables: a\n{a} {}\n", "line 2"),
        ("variables: a\n{a} {a!r}\n", "line 2"),
    ],
)
def test_a_faulty_file_is_refused_by_name(source: str, fault: str) -> None:
    with pytest.raises(PromptError) as caught:
        parse("x.md", source)
    assert "prompts/x.md" in str(caught.value) and fault in str(caught.value)


def test_missing_and_extra_values_are_refused() -> None:
    template = load("not_in_corpus")
    with pytest.raises(PromptError, match=r"not_in_corpus\.md is filled without searched"):
        template.fill()
    with pytest.raises(PromptError, match=r"not_in_corpus\.md has no variable more"):
        template.fill(searched="x", more="y")
