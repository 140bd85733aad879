"""What each guard of the check brings: `python -m evals.fit.guards`.

For the sentences of `evals.public.verdicts` and both halves of `evals.public.qags`: how often each kind of guard fires
on the span that scores best, and how often it alone keeps a sentence from passing, each for wrong sentences and for
true ones. A kind that alone refuses no more wrong sentences than true ones brings nothing there.
"""

import sys
from collections import Counter
from collections.abc import Iterable

from bot.errors import EvalInvalid
from bot.reading.check import ENOUGH, ModelChecker
from bot.reading.guards import GUARDS
from evals.fit import table
from evals.public import qags, verdicts
from evals.public.claims import Claim

Counts = Counter[tuple[str, str, bool]]  # (kind, "fires" or "alone", whether the sentence is true) → sentences


def counted(claims: Iterable[Claim]) -> Counts:
    """How often each kind fires, and alone, on some claims."""
    checker, counts = ModelChecker(), Counts()
    for claim in claims:
        support = checker.check(claim.text, claim.cited, claim.found)
        for kind in support.missing:
            counts[kind, "fires", claim.true] += 1
            counts[kind, "alone", claim.true] += len(support.missing) == 1 and support.score >= ENOUGH
    return counts


def main() -> None:
    """Prints a table for each set."""
    for name, claims in (("verdicts", verdicts.claims()), ("QAGS", qags.claims())):
        counts = counted(claims)
        sides = [(how, true) for how in ("fires", "alone") for true in (False, True)]
        rows = [(kind, *(str(counts[kind, how, true]) for how, true in sides)) for kind in GUARDS]
        table((f"{name}: kind", "fires on wrong", "on true", "alone on wrong", "on true"), rows)


if __name__ == "__main__":
    try:
        main()
    except EvalInvalid as error:
        sys.exit(f"{error.message} {error.next}")
