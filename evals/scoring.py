"""What a check is, the registry of all of them, and the scores of one case.

A check stands beside the condition under which it applies and, where a case must meet it to pass, what its failing
says; `@check` registers it under its function's name. One that does not apply gives no score, which counts nowhere.
One that raises counts as failed and makes the run invalid. The checks themselves are in `evals.checks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.commands.again import Difference
from bot.conversation import Answer
from bot.reading import Checker
from evals.case import Case
from store.errors import FootnoteError
from store.passage import Passage

Texts = Callable[[str, int], str | None]  # (document id, version) → the version's text, None where there is none
Scores = Mapping[str, float | None]
PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A case that was asked: the answer, the passages that were found, the record's texts, the bot's checker."""

    case: Case
    answer: Answer
    passages: tuple[Passage, ...]
    texts: Texts
    checker: Checker
    since: Difference | None = None  # to the answer before, where the case was asked again


@dataclass(frozen=True, slots=True)
class Check:
    """A named score."""

    name: str
    score: Callable[[Asked], float]  # from 0.0 to 1.0
    applies: Callable[[Asked], bool]
    why: Callable[[Asked], str] | None = None  # the failure in words; to pass, a case must meet each check that has one

    def __call__(self, asked: Asked) -> float | None:
        """The score, None where the check does not apply."""
        return self.score(asked) if self.applies(asked) else None


CHECKS: dict[str, Check] = {}


def check(
    applies: Callable[[Asked], bool], *, why: Callable[[Asked], str] | None = None, name: str = ""
) -> Callable[[Callable[[Asked], float]], Check]:
    """Registers a function as a check, under its own name where none is given."""

    def register(score: Callable[[Asked], float]) -> Check:
        made = Check(name or score.__name__, score, applies, why)
        CHECKS[made.name] = made
        return made

    return register


def scored(asked: Asked, checks: Mapping[str, Callable[[Asked], float | None]]) -> tuple[dict[str, float | None], str]:
    """Every check's score, `passed` the last, and what the first check that raised said.

    Such a check scores 0, and so does `passed`. A run of the retriever alone has no check that counts, and `passed` is
    None there.
    """
    scores: dict[str, float | None] = {}
    raised = ""
    for name, one in checks.items():
        try:
            scores[name] = one(asked)
            if (value := scores[name]) is not None and not 0 <= value <= 1:
                raise ValueError(f"it gave {value}")
        except Exception as error:
            scores[name] = 0.0
            raised = raised or told(f"the check {name}", error)
    counts = any(one.why and name in scores for name, one in CHECKS.items())
    scores[PASSED] = 0.0 if raised else passed(scores) if counts else None
    return scores, raised


def passed(scores: Scores) -> float:
    """Whether every check that counts and applies holds."""
    return float(all(scores.get(name) in (None, 1.0) for name, one in CHECKS.items() if one.why))


def why(asked: Asked, scores: Scores) -> str:
    """Why a case did not pass, in words; empty where it did."""
    missed = [name for name, one in CHECKS.items() if one.why and scores.get(name) == 0.0]
    if asked.case.answerable and missed[:1] == ["outcome"]:  # a refusal says no fact and cites nothing
        missed = [name for name in missed if name in ("outcome", "absent", "quotes")]
    return "; ".join(say(asked) for name in missed if (say := CHECKS[name].why))


def told(what: str, error: Exception) -> str:
    """The words of an error: our own as they are, any other with its kind and with what raised it."""
    if isinstance(error, FootnoteError):
        return f"{error.message} {error.next}".strip()
    return f"{what} raised {type(error).__name__}: {error}"
