"""Claims about an article, each labelled by people and judged by a checker, the product's or another one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reading import PASSED, Checker
from evals.public.figures import Figure, aurocs, means
from store.passage import Document, Passage
from store.split import split


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about an article: what people say of it, and the checker's judgement."""

    id: str
    cluster: str  # its article
    text: str
    true: bool
    cited: Sequence[Passage]  # those of its article
    found: Sequence[Passage]  # all that the checker is given
    kind: str = ""  # of its error, or of its article
    passed: bool = False  # quoted or supported
    score: float = 0.0

    def judged(self, checker: Checker) -> "Claim":
        """The claim as a checker judges it; a quote has the highest score."""
        support = checker.check(self.text, self.cited, self.found)
        score = 1.0 if support.verdict == "quoted" else support.score
        return replace(self, passed=support.verdict in PASSED, score=score)


def passages(document: Document, text: str, first: int = 0) -> tuple[Passage, ...]:
    """An article's passages, numbered from `first`."""
    return tuple(Passage(at, document, a, b, text[a:b]) for at, (a, b) in enumerate(split(text), first))


def judgements(rows: Sequence[Claim], label: str = "") -> list[Figure]:
    """Errors caught, true sentences accepted, and how well the score tells the one kind from the other."""
    return means("sentence", rows, {
        f"errors caught{label}": lambda row: None if row.true else not row.passed,
        f"true sentences accepted{label}": lambda row: row.passed if row.true else None,
    }) + aurocs("sentence", rows, lambda row: row.true, {f"support AUROC{label}": lambda row: row.score})  # fmt: skip
