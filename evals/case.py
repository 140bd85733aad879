"""One question of a suite with what must hold of its answer, read from its keys; and what of a suite is asked.

CASE_KEYS names every key with its kind. Faults are EvalInvalid, which names the place and the nearest key.
"""

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
REFUSED = "refused"  # as an expected outcome: any of the refusals
NOT_SAID = "not_said"  # as an expected outcome of a yes-no question: a refusal, or an answer that says neither
UNDATED = "undated"
_EXPECTED = (REFUSED, NOT_SAID, *(name for name in get_args(Outcome) if name in ANSWERS | REFUSALS))


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what must hold of its answer. Documents are paths inside the corpus folder."""

    id: str
    question: str
    outcome: str  # "answered" (also partly, conflicting), "refused" (any refusal), "not_said", or one by its name
    facts: tuple[tuple[str, ...], ...] = ()  # of each inner tuple one spelling must be said
    documents: tuple[str, ...] = ()  # at least one must be cited
    tags: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)  # its `documents` are paths, too
    answers: tuple[str, ...] = ()  # gold answer strings
    relevant: Mapping[str, int] = field(default_factory=dict)  # documents with grades, for the ranking
    cluster: str = ""  # cases of one cluster are resampled together; empty: those that share their first document
    absent: tuple[tuple[str, ...], ...] = ()  # no spelling of these may be said
    quote_from: tuple[str, ...] = ()  # if not empty, every citation must come from one of them
    turns: tuple[str, ...] = ()  # earlier questions of the conversation, oldest first
    must_pass: bool = False
    leads: tuple[tuple[str, ...], ...] = ()  # like facts, for the first sentence with a footnote and its quote
    begins: str = ""  # the words that the answer begins with
    missing: tuple[tuple[str, ...], ...] = ()  # what the articles lack, to be named in the bot's own words
    each: tuple[str, ...] = ()  # documents that must all be cited
    in_order: bool = False  # those must be cited in their order
    copies: tuple[str, ...] = ()  # copies of one another, of which one may be cited, as one origin
    dated: str = ""  # the ISO day of publication of the first citation from its documents, or "undated"
    unquoted: tuple[tuple[str, ...], ...] = ()  # no spelling of these may be quoted or shown
    came: tuple[str, ...] = ()  # documents that the corpus lacks when the question is asked first
    removed: tuple[str, ...] = ()  # documents that it lacks when the question is asked again
    new: tuple[str, ...] = ()  # documents of which one must then be told as new
    gone: tuple[str, ...] = ()  # documents that must be told as gone
    value: tuple[tuple[str, ...], ...] = ()  # like facts, for the words that answered and those that answer now
    same: bool = False  # nothing may have changed

    @property
    def answerable(self) -> bool:
        return self.outcome in ANSWERS

    @property
    def asked_again(self) -> bool:
        return bool(self.came or self.removed)

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

    limit: int | None = None  # only the first cases
    only: str | None = None  # only cases with this tag
    repeat: int = 1
    jobs: int = 1  # bots that ask at once
    retrieval_only: bool = False  # every question ends at its passages, and their ranking alone is scored
    fresh: bool = False  # no interrupted run is resumed


EVERYTHING = Plan()


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of value that a key holds."""

    sound: Callable[[Any], bool]
    fault: str  # the error for another kind of value, with places for `key` and `value`
    keep: Callable[[Any], Any]  # the value as a case keeps it
    default: Any = None
    needed: bool = False

    def of(self, facts: Mapping[str, Any], key: str, where: str) -> Any:
        """The value of a key, or the default where it is left out. Raises EvalInvalid."""
        if key not in facts and not self.needed:
            return self.default
        value = facts.get(key)
        if not self.sound(value):
            raise EvalInvalid(f"{where}: {self.fault.format(key=key, value=str(value))}")
        return self.keep(value)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _spellings(value: Any) -> bool:
    return isinstance(value, list) and all(group and _texts(group) for group in value)


def _grades(value: Any) -> bool:
    return isinstance(value, dict) and all(type(grade) is int and grade > 0 for grade in value.values())


def _day(value: Any) -> bool:
    """Whether it is an ISO day, written as a text or as a TOML date, or none."""
    try:
        return value is None or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) and date.fromisoformat(str(value)))
    except ValueError:
        return False


_OF_TEXT, _OF_TEXTS = "{key} must be a text that is not empty.", "{key} must be a list of texts, none of them empty."
_OF_DAY = "{key} is {value!r}, and it must be a day as YYYY-MM-DD."
_OF_SPELLINGS = '{key} must be a list of lists of spellings, such as [["5,000", "5 000"], ["barrels"]].'
_OF_GRADES = '{key} must give documents whole numbers from 1, such as {{"one.md" = 2}}.'
TEXT, LABEL = Kind(_text, _OF_TEXT, str, needed=True), Kind(_text, _OF_TEXT, str, "")
TEXTS = Kind(_texts, _OF_TEXTS, tuple, ())
ONE_OR_MORE = Kind(
    lambda value: _text(value) or _texts(value),
    _OF_TEXTS,
    lambda one: (one,) if isinstance(one, str) else tuple(one),
    (),
)
FLAG = Kind(lambda value: isinstance(value, bool), "{key} must be true or false.", bool, False)
DAY = Kind(_day, _OF_DAY, lambda day: None if day is None else str(day))
PUBLISHED = Kind(
    lambda value: value == UNDATED or (value is not None and _day(value)),
    "{key} is {value!r}, and it must be a day as YYYY-MM-DD or 'undated'.", str, "",
)  # fmt: skip
SPELLINGS = Kind(_spellings, _OF_SPELLINGS, lambda groups: tuple(map(tuple, groups)), ())
GRADES = Kind(_grades, _OF_GRADES, dict, {})

CASE_KEYS: Mapping[str, Kind] = {
    "id": TEXT, "question": TEXT, "turns": TEXTS, "outcome": TEXT, "facts": SPELLINGS, "absent": SPELLINGS,
    "documents": TEXTS, "quote_from": TEXTS, "tags": TEXTS, "must_pass": FLAG, "since": DAY, "until": DAY,
    "undated": FLAG, "outlet": ONE_OR_MORE, "not_outlet": ONE_OR_MORE, "in": ONE_OR_MORE, "as_of": DAY, "today": DAY,
    "answers": TEXTS, "relevant": GRADES, "cluster": LABEL, "leads": SPELLINGS, "begins": LABEL, "missing": SPELLINGS,
    "each": TEXTS, "in_order": FLAG, "copies": TEXTS, "dated": PUBLISHED, "unquoted": SPELLINGS,
    "came": TEXTS, "removed": TEXTS, "new": TEXTS, "gone": TEXTS, "value": SPELLINGS, "same": FLAG,
}  # fmt: skip
FILTERS = {"since": "since", "until": "until", "undated": "undated", "outlet": "outlets", "not_outlet": "not_outlets",
            "in": "documents"}  # fmt: skip
"""The keys of a case that are its filters, with the names of their fields; as_of and today share one."""


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


def read(facts: Mapping[str, Any], files: frozenset[str] | None, where: str) -> Case:
    """A case from its keys; `files` are the corpus's, None where they are not at hand. Raises EvalInvalid."""
    values = {key: kind.of(facts, key, where) for key, kind in CASE_KEYS.items()}
    case = Case(filters=_filters(values, where), **values)
    if case.outcome not in _EXPECTED:
        said = nearest(case.outcome, _EXPECTED, "outcomes")
        raise EvalInvalid(f"{where}: there is no outcome {case.outcome!r}{said}")
    if case.answerable and not (case.facts or case.documents or case.answers or case.each):
        raise EvalInvalid(f"{where}: an answerable case needs facts, documents, each or answers to be checked.")
    if not case.answerable and (case.facts or case.grades or case.answers or case.quote_from or case.each):
        said = "a case to be refused has neither facts nor documents, quote_from, each, answers or relevant."
        raise EvalInvalid(f"{where}: {said}")
    if case.asked_again != bool(case.new or case.gone or case.value or case.same):
        raise EvalInvalid(f"{where}: to ask again needs came or removed, and new, gone, value or same to be checked.")
    for document in (
        *case.grades, *case.documents, *case.quote_from, *case.each, *case.copies, *case.filters.documents,
        *case.came, *case.removed, *case.new, *case.gone,
    ):  # fmt: skip
        if files is not None and document not in files:
            raise EvalInvalid(f"{where}: the corpus has no file {document!r}{nearest(document, files, 'files')}")
    return case


def _filters(values: dict[str, Any], where: str) -> Filters:
    """The filters of a case, their keys taken out of its values."""
    named = {field: values.pop(key) for key, field in FILTERS.items()}
    since, until, as_of, today = named["since"], named["until"], values.pop("as_of"), values.pop("today")
    if since and until and since > until:
        raise EvalInvalid(f"{where}: since ({since}) is later than until ({until}).")
    if as_of and today:
        raise EvalInvalid(f"{where}: as_of and today are both set; today is the day of a question without as_of.")
    return Filters(**named, as_of=as_of or today, inferred=("as_of",) if today else ())
