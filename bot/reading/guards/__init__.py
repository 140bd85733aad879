"""Guards: each tells by one kind of fact whether a span of an article fails to carry a sentence.

Overlap of words is blind to a changed number, name, date or negation (Kryściński et al. 2020, FactCC), so each of them
is looked up. All that is guarded against stands in GUARDS.
"""

from collections.abc import Callable, Iterator, Mapping

from bot.reading.comparison import Comparison
from bot.reading.guards import denial, figures, modality, names, roles, wording

GUARDS: Mapping[str, tuple[Callable[[Comparison], bool], ...]] = {
    "number": (figures.numbers_missing, figures.counts_differ, figures.exchanged),
    "date": (figures.dates_missing,),
    "name": (names.missing, names.displaced),
    "negation": (denial.crossed,),
    "denial": (denial.unheard,),
    "contrary": (denial.contrary,),
    "hedged": (modality.hedged, modality.certain, modality.unasserted),
    "roles": (roles.swapped, roles.reversed_verb),
    "wording": (wording.unseen, wording.added),
    "reason": (wording.reasoned,),
    "quotation": (wording.misquoted,),
}
"""Kind of fact → the guards that look for it; one of them that fires keeps the span from carrying the sentence."""
CONTRADICTS = frozenset(("negation", "contrary", "hedged"))
"""Kinds for which a span that scores better but says the opposite is preferred as the place to show."""
SILENT = frozenset(("wording", "reason", "quotation", "denial", "roles"))
"""Kinds that do not show that an article says otherwise."""
FACTS = frozenset(("number", "name"))
"""Kinds of which one is lacking where further sentences of the article are looked for; these may bring wording too."""


def missing(compared: Comparison) -> Iterator[str]:
    """The kinds of fact for which the span fails the sentence."""
    return (kind for kind, guards in GUARDS.items() if any(guard(compared) for guard in guards))
