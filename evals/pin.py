"""A past turn as a case of a suite: what it will assert, and how it is written once that was shown."""

import json
import re
import unicodedata
from calendar import day_name
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from bot.conversation import Answer, Place
from bot.errors import EvalInvalid, NotThere, UsageError
from evals.case import ANSWERS, CASE_KEYS, FILTERS, REFUSED, Case
from evals.find import own, shipped
from evals.gold import holds, plain, said
from evals.kept.files import folder, save
from evals.suite import LIVE, Suite, read

CASES = "cases.toml"  # the file of a suite that pinned cases are added to
TAG = "pinned"
FACTS = 3  # facts that are asserted at most
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TAKEN = ("public", "replies", "suites")  # names beside the runs of suites in the data folder
_NUMBER = re.compile(r"[$€£]?\d+(?:[.,:]\d+)*(?:\s?%|\s(?:percent|million|billion|trillion|thousand|hundred|dozen)\b)?")
_PROPER = re.compile(r"(?<=[\w,;:'\"“] )[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*")  # never the first word of a sentence


@dataclass(frozen=True, slots=True)
class Pin:
    """A case that is ready to be added to the suite in `folder`, which is made with it where there is none."""

    case: Case
    suite: str
    folder: Path
    corpus: str  # the user's corpus that it was asked of
    place: Place
    made: bool  # whether the suite exists


def pin(
    turns: Sequence[tuple[str, Answer | None]], place: Place, corpus: str, suite: str, sources: Mapping[str, str]
) -> Pin:
    """The turn at `place` as a case for a suite: one's own by name, or any by its folder.

    `turns` are those of its conversation, `corpus` the one that it was asked of, `sources` the path of each article of
    that corpus by its id. Nothing is written. Raises NotThere for a turn that does not exist or has no answer,
    UsageError for one that neither answered nor refused, that is pinned already or that the suite cannot take, and
    EvalInvalid for a faulty suite.
    """
    case = asserted(turns, place, sources)
    home, existing = _suite(suite, corpus, case)
    cases = existing.cases if existing else ()
    for other in cases:
        if replace(other, id="", tags=case.tags) == case:
            raise UsageError(f"Turn {place} is in {suite} already, as the case {other.id}.", "Pin another turn.")
    made = replace(case, id=_id(case.question, {other.id for other in cases}))
    return Pin(made, suite, home, corpus, place, existing is not None)


def asserted(turns: Sequence[tuple[str, Answer | None]], place: Place, sources: Mapping[str, str]) -> Case:
    """The case that a turn makes: its kind of end, its key facts, the articles it cited.

    Facts are the numbers, else the names, of the best quote that the answer says and the question does not.
    """
    if not 1 <= place.turn <= len(turns):
        raise NotThere(f"There is no turn {place}.", "List the sessions with: footnote sessions list")
    question, answer = turns[place.turn - 1]
    if answer is None:
        raise NotThere(f"Turn {place} has no saved answer.", "Pin another: footnote eval pin --turn N")
    if answer.outcome not in ANSWERS and not answer.refused:
        raise UsageError(f"Turn {place} ended as {answer.outcome}: only an answer or a refusal can be pinned.")
    earlier = tuple(asked for asked, kept in turns[: place.turn - 1] if kept is not None)
    inferred = tuple(name for name in answer.filters.inferred if name == "as_of")  # today, where nobody set a day
    within = tuple(sources.get(name, name) for name in answer.filters.documents)
    filters = replace(answer.filters, documents=within, inferred=inferred)
    case = Case("", question, REFUSED, tags=(TAG,), filters=filters, turns=earlier)
    if answer.refused:
        return case
    if not answer.citations:
        raise UsageError(f"Turn {place} cites nothing, so there is nothing to hold it to.")
    cited = {number for sentence in answer.sentences for number in sentence.citations}
    documents = dict.fromkeys(c.document.source for c in answer.citations if c.number in cited)
    outcome = "conflicting" if answer.outcome == "conflicting" else "answered"
    return replace(case, outcome=outcome, facts=tuple(_facts(answer)), documents=tuple(documents))


def _facts(answer: Answer) -> Iterator[tuple[str, ...]]:
    """The key facts of an answer, each in one spelling."""
    best = answer.context.number if answer.context else 1
    quote = next((c.quote.text for c in answer.citations if c.number == best), "")
    text, asked = plain(said(answer)), plain(answer.question)
    for kind in (_NUMBER, _PROPER):
        words = (" ".join(match.group().split()) for match in kind.finditer(quote))
        facts = [word for word in dict.fromkeys(words) if word not in day_name]  # a weekday is said of everything
        new = [fact for fact in facts if holds(text, plain(fact)) and not holds(asked, plain(fact))]
        yield from ((fact,) for fact in new[:FACTS])
        if new:
            return


def _suite(name: str, corpus: str, case: Case) -> tuple[Path, Suite | None]:
    """The folder of a suite and the suite in it, None where it is still to be made."""
    try:
        path = Path(name).expanduser()
        given = path if "/" in name or (path / "suite.toml").is_file() else None
    except (OSError, RuntimeError, ValueError):  # a name too long, ~ of a stranger, a NUL
        given = None
    if given is None and (not _NAME.fullmatch(name) or name in _TAKEN):
        raise UsageError(f"{name!r} is no name for a suite.", "Use up to 64 of a-z, 0-9, dot, dash and underscore.")
    if given is None and (shipped() / name).is_dir():
        raise UsageError(f"The suite {name} travels with Footnote.", "Give another name, or the path of a copy.")
    home = given or own() / name
    if not (home / "suite.toml").is_file():
        if given:
            raise UsageError(f"There is no suite in {home}.", "Give its folder, or a name for one of your own.")
        return home, None
    suite = read(home)
    if suite.live and suite.live != corpus:
        raise UsageError(f"The suite {name} asks the corpus '{suite.live}', and this was asked of '{corpus}'.")
    for document in (*case.documents, *case.filters.documents):
        if suite.corpus is not None and not suite.live and not (suite.corpus / document).is_file():
            raise UsageError(f"The corpus of {suite.name} has no file {document!r}, which this turn rests on.")
    return home, suite


def _id(question: str, taken: set[str]) -> str:
    """An id from the question's first words that no other case has."""
    letters = unicodedata.normalize("NFKD", question.casefold()).encode("ascii", "ignore").decode()
    base = "-".join(re.findall(r"[a-z0-9]+", letters)[:6])[:48].strip("-") or TAG
    return next(name for name in chain([base], (f"{base}-{number}" for number in count(2))) if name not in taken)


def lines(pin: Pin) -> list[str]:
    """A case in lines: what it asks, then what it asserts."""
    case = pin.case
    shown = [f"asked before: {question}" for question in case.turns]
    shown.append(f"question: {case.question}")
    shown += [f"{_SAID[key]}: {_shown(value)}" for key, value in _table(case).items() if key in _SAID]
    shown += [f"must end: {case.outcome}", *(f"must say: {' or '.join(group)}" for group in case.facts)]
    shown += [f"must cite: {' or '.join(case.documents)}"] if case.answerable else []
    return [*shown, "every quote must stand in its article"]


def keep(pin: Pin) -> Path:
    """Adds the case to its suite, which is made where there is none. Returns the file. Raises EvalInvalid, DiskFull."""
    file = pin.folder / CASES
    try:
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise EvalInvalid(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    folder(pin.folder)
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    save(file, f"{before}{gap}# from {pin.place}\n{written(pin.case)}")
    if not pin.made:
        about = f"Turns that were pinned, asked of the corpus {pin.corpus} as it is."
        save(pin.folder / "suite.toml", _toml({"name": pin.suite, "about": about, "corpus": f"{LIVE}{pin.corpus}"}))
    return file


def written(case: Case) -> str:
    """A case as a [[case]] table of TOML."""
    return f"[[case]]\n{_toml(_table(case))}"


_SAID = {
    "since": "since", "until": "until", "undated": "undated too", "outlet": "outlet", "not_outlet": "not outlet",
    "in": "only in", "as_of": "as of", "today": "the day that counts as today",
}  # fmt: skip


def _table(case: Case) -> dict[str, object]:
    """A case's keys that say something, in their order."""
    day = "today" if case.filters.inferred else "as_of"
    values = {key: getattr(case.filters, field) for key, field in FILTERS.items()} | {day: case.filters.as_of}
    values |= {key: getattr(case, key) for key in CASE_KEYS if hasattr(case, key)}
    return {key: values[key] for key in CASE_KEYS if values.get(key)}


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else "yes" if value is True else str(value)


def _toml(values: Mapping[str, object]) -> str:
    """Keys with their values as TOML has them: JSON's, but for DEL, which only TOML escapes."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return "".join(lines).encode("utf-8", "replace").decode("utf-8").replace("\x7f", "\\u007f")
