"""The worth of weighing the dates that a question names: `python -m evals.fit.naming`.

RealTimeQA's questions with an article that the quiz linked, asked with " in MONTH YEAR" or " in YEAR" of the quiz's day
behind them and without a day that counts as now. Prints how often that article, or one that a rule found beside it, is
first and among the first five, without the weight and with it, and the paired difference.
"""

from collections.abc import Sequence
from datetime import date

from bot.question import named
from evals.fit import REALTIMEQA, asking
from evals.measure import Sample, interval, mean
from evals.public.asking import Asker
from store.passage import Query

FORMS = ("", " in %B %Y", " in %Y")


def main() -> None:
    """Asks all forms and prints a line for each."""
    with asking(REALTIMEQA) as (every, asker):
        cases = [case for case in every if "gold" in case.tags]
        print(f"n = {len(cases)}; first, among the first five: without the weight, with it, difference [95 % interval]")
        for form in FORMS:
            ranks = []
            for case in cases:
                day = date.fromisoformat(case.filters.as_of or "")
                question = f"{case.question.rstrip('?')}{day.strftime(form)}?"
                ranks.append([_rank(asker, question, case.documents, weighed=weighed) for weighed in (False, True)])
            print(f"{form.strip() or 'as it is':12} {_told(ranks, 1)}; {_told(ranks, 5)}")


def _rank(asker: Asker, question: str, documents: Sequence[str], *, weighed: bool) -> int:
    """The place of the first of some documents among those that are found, from 1; 99 where none is."""
    result = asker.bot.corpus.search(Query(question, around=named(question, None) if weighed else ()))
    ranked = dict.fromkeys(passage.document.source for passage in result.passages)
    return next((place for place, source in enumerate(ranked, 1) if source in documents), 99)


def _told(ranks: Sequence[Sequence[int]], depth: int) -> str:
    """The share of questions whose article is within a depth, without and with the weight, and their difference."""
    off, on = ([float(pair[i] <= depth) for pair in ranks] for i in (0, 1))
    gains = [b - a for a, b in zip(off, on, strict=True)]
    low, high = interval([Sample(str(n), str(n), (gain,)) for n, gain in enumerate(gains)], mean)
    return f"{sum(off) / len(off):.3f} {sum(on) / len(on):.3f} {sum(gains) / len(gains):+.3f} [{low:+.3f}, {high:+.3f}]"


if __name__ == "__main__":
    main()
