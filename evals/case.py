"""One question of a suite with what must hold of its answer, read from its keys; and what of a suite is asked.

CASE_KEYS names every key with its kind. Faults are EvalInvalid, which names the place and the nearest key.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from bot.conversation import REFUSALS, Outcome
from bot.errors import EvalInvalid
from store.passage import Filters

ANSWERS: frozenset[Outcome] = frozenset({"answered", "partly", "conflicting"})
REFUSED = "refused"
"""As an expected outcome: any of the refusals."""
_EXPECTED = (REFUSED, *(name for name in get_args(Outcome) if name in ANSWERS | REFUSALS))


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what must hold of its answer. Documents are paths inside the corpus folder."""

    id: str
    question: str
    outcome: str
    """One of "answered" (also partly, conflicting), "refused" (any refusal), or the name of one refusal or answer."""
    facts: tuple[tuple[str, ...], ...] = ()
    """Of each inner tuple one spelling must be said."""
    documents: tuple[str, ...] = ()
    """At least one must be cited."""
    tags: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    """Its `documents` are paths, too."""
    answers: tuple[str, ...] = ()
    """Gold answer strings."""
    relevant: Mapping[str, int] = field(default_factory=dict)
    """Documents with grades, for the ranking."""
    cluster: str = ""
    """Cases of one cluster are resampled together; empty: those that share their first document."""
    absent: tuple[tuple[str, ...], ...] = ()
    """No spelling of these may be said."""
    quote_from: tuple[str, ...] = ()
    """If not empty, every citation must come from one of them."""
    turns: tuple[str, ...] = ()
    """Earlier questions of the conversation, oldest first."""
    must_pass: bool = False

    @property
    def answerable(self) -> bool:
        return self.outcome in ANSWERS

    @property
    def grades(self) -> Mapping[str, int]:
        """The documents that a ranking should bring, each with its grade; none for a case to be refused."""
        return self.relevant or dict.fromkeys(self.documents, 1)

    @property
    def drawn_with(self) -> str:
        """The name of the cluster that the case is resampled with."""
        return self.cluster or (self.documents[0] if self.documents else self.id)


@dataclass(frozen=True, slots=True)
class Plan:
    """The part of a suite to ask, and the way to ask it."""

    limit: int | None = None
    """Only the first cases."""
    only: str | None = None
    """Only cases with this tag."""
    repeat: int = 1
    jobs: int = 1
    """Bots that ask at once."""
    retrieval_only: bool = False
    """Every question ends at its passages, and their ranking alone is scored."""
    fresh: bool = False
    """No interrupted run is resumed."""


EVERYTHING = Plan()
"""Every case of a suite, once."""


# -- kinds of values -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of value that a key holds."""

    read: Callable[[Any], Any]
    """The value as it is kept. Raises ValueError for another kind of value."""
    fault: str
    """The error for another kind of value, with places for `key` and `value`."""
    default: Any = None
    needed: bool = False

    def of(self, facts: Mapping[str, Any], key: str, where: str) -> Any:
        """The value of a key, or the default where it is left out. Raises EvalInvalid."""
        if key not in facts and not self.needed:
            return self.default
        try:
            return self.read(facts.get(key))
        except ValueError as error:
            said = self.fault.format(key=key, value=str(facts.get(key)))
            raise EvalInvalid(f"{where}: {said}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(value)
    return tuple(map(_text, value))


def _spellings(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not all(value):
        raise ValueError(value)
    return tuple(map(_texts, value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _grades(value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not all(type(grade) is int and grade > 0 for grade in value.values()):
        raise ValueError(value)
    return dict(value)


def _day(value: Any) -> str | None:
    """An ISO day, written as a text or as a TOML date."""
    if value is None:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        raise ValueError(value)
    return date.fromisoformat(str(value)).isoformat()


_OF_TEXT, _OF_TEXTS = "{key} must be a text that is not empty.", "{key} must be a list of texts, none of them empty."
TEXT = Kind(_text, _OF_TEXT, needed=True)
LABEL = Kind(_text, _OF_TEXT, default="")
TEXTS = Kind(_texts, _OF_TEXTS, default=())
ONE_OR_MORE = Kind(lambda value: (_text(value),) if isinstance(value, str) else _texts(value), _OF_TEXTS, default=())
FLAG = Kind(_flag, "{key} must be true or false.", default=False)
DAY = Kind(_day, "{key} is {value!r}, and it must be a day as YYYY-MM-DD.")
SPELLINGS = Kind(
    _spellings, '{key} must be a list of lists of spellings, such as [["5,000", "5 000"], ["barrels"]].', default=()
)
GRADES = Kind(_grades, '{key} must give documents whole numbers from 1, such as {{"one.md" = 2}}.', default={})

CASE_KEYS: Mapping[str, Kind] = {
    "id": TEXT, "question": TEXT, "turns": TEXTS, "outcome": TEXT, "facts": SPELLINGS, "absent": SPELLINGS,
    "documents": TEXTS, "quote_from": TEXTS, "tags": TEXTS, "must_pass": FLAG, "since": DAY, "until": DAY,
    "undated": FLAG, "outlet": ONE_OR_MORE, "not_outlet": ONE_OR_MORE, "in": ONE_OR_MORE, "as_of": DAY, "today": DAY,
    "answers": TEXTS, "relevant": GRADES, "cluster": LABEL,
}  # fmt: skip
_FILTERS = {"since": "since", "until": "until", "undated": "undated", "outlet": "outlets", "not_outlet": "not_outlets",
            "in": "documents", "as_of": "as_of", "today": "as_of"}  # fmt: skip
"""The keys of a case that are its filters, with the names of their fields."""


def known(keys: Iterable[str], there: Iterable[str], at: Callable[[str], str], what: str = "key") -> None:
    """Raises EvalInvalid for the first key that does not exist; `at(key)` says where it stands."""
    names = list(there)
    for key in keys:
        if key not in names:
            raise EvalInvalid(f"{at(key)}: there is no {what} {key!r}{nearest(key, names, f'{what}s')}")


def nearest(wrong: str, names: Iterable[str], what: str) -> str:
    """The end of a sentence on a name that does not exist: the nearest one, else all of them."""
    there = sorted(names)
    near = difflib.get_close_matches(wrong, there, n=1)
    return f"; the nearest is {near[0]!r}." if near else f"; the {what} are {', '.join(there)}."


# -- reading ---------------------------------------------------------------------------------------


def read(facts: Mapping[str, Any], files: frozenset[str] | None, where: str) -> Case:
    """A case from its keys; `files` are the corpus's, None where they are not at hand. Raises EvalInvalid."""
    values = {key: kind.of(facts, key, where) for key, kind in CASE_KEYS.items()}
    filters = _filters({key: values.pop(key) for key in _FILTERS}, where)
    case = Case(filters=filters, **values)
    if case.outcome not in _EXPECTED:
        said = nearest(case.outcome, _EXPECTED, "outcomes")
        raise EvalInvalid(f"{where}: there is no outcome {case.outcome!r}{said}")
    if case.answerable and not case.facts and not case.documents and not case.answers:
        raise EvalInvalid(f"{where}: an answerable case needs facts, documents or answers, else nothing is checked.")
    if not case.answerable and (case.facts or case.grades or case.answers or case.quote_from):
        raise EvalInvalid(
            f"{where}: a case to be refused has neither facts nor documents, quote_from, answers or relevant."
        )
    _stands(case, files, where)
    return case


def _stands(case: Case, files: frozenset[str] | None, where: str) -> None:
    """Raises EvalInvalid for a document that is not in the corpus."""
    if files is None:
        return
    for document in (*case.grades, *case.documents, *case.quote_from, *case.filters.documents):
        if document not in files:
            raise EvalInvalid(f"{where}: the corpus has no file {document!r}{nearest(document, files, 'files')}")


def _filters(values: Mapping[str, Any], where: str) -> Filters:
    since, until, as_of, today = (values[key] for key in ("since", "until", "as_of", "today"))
    if since and until and since > until:
        raise EvalInvalid(f"{where}: since ({since}) is later than until ({until}).")
    if as_of and today:
        raise EvalInvalid(f"{where}: as_of and today are both set; today is the day of a question without as_of.")
    named = {_FILTERS[key]: value for key, value in values.items() if key not in ("as_of", "today")}
    return Filters(**named, as_of=as_of or today, inferred=("as_of",) if today else ())
