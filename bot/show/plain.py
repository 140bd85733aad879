"""Answers as plain values: the form in which they are saved, and the JSON shapes of the command line."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from bot.conversation import Answer, Citation, Closest, Place, Quote, SavedConversation
from bot.events import Answered, Delta, Event, Retrieved, Searching
from bot.show.page import Versions
from store.outlets import comparable
from store.passage import Coverage, Document, Found, Passage

if TYPE_CHECKING:
    from store.errors import FootnoteError
    from store.ingest import Summary
    from store.record import Family

SCHEMA_VERSION = 1


def answer_from(saved: dict[str, Any]) -> Answer:
    """The answer that was saved as its `asdict`, by this version or an earlier one."""
    answer: Answer = revived(Answer, _modern(saved))
    return answer


def _modern(saved: dict[str, Any]) -> dict[str, Any]:
    """An answer in today's fields; 0.1.0 kept an error, its next step and a stopped answer's text in other ones."""
    if "failure" in saved or saved["outcome"] not in ("stopped", "error"):
        return saved
    if saved["outcome"] == "stopped":
        return {**saved, "words": "", "partial": saved["words"]}
    failure = {"message": saved["words"], "next": " ".join(saved["notices"])}
    partial = " ".join(sentence["text"] for sentence in saved["sentences"])
    return {**saved, "words": "", "notices": [], "sentences": [], "partial": partial, "failure": failure}


_hints = cache(get_type_hints)


def revived(kind: Any, value: Any) -> Any:
    """A value of JSON in the type of a dataclass's field: dataclasses and tuples are made, all else is taken as it is.

    Keys that a dataclass has not are passed over, keys left out take their default. Raises ValueError.
    """
    if get_origin(kind) is not tuple and isinstance(value, list | tuple):  # in "tuple[int, int] | None" the first part
        kind = next((part for part in get_args(kind) if get_origin(part) is tuple), kind)
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise ValueError(f"{value!r} is no list")
        return tuple(map(revived, repeat(parts[0]) if parts[-1] is ... else parts, value))
    made: Any = next((one for one in (kind, *parts) if is_dataclass(one)), None)
    if made is None or (value is None and made is not kind):
        return value
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no {made.__name__.lower()}")
    try:
        return made(**{name: revived(hint, value[name]) for name, hint in _hints(made).items() if name in value})
    except TypeError as error:
        raise ValueError(str(error)) from error


def picked(whole: Any, names: str) -> dict[str, Any]:
    """Some fields of a dataclass, as JSON has them."""
    values = {name: getattr(whole, name) for name in names.split()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def ask(answer: Answer, place: Place | None) -> dict[str, Any]:
    """The JSON of `ask`; `place` is where the turn is saved, None where nothing is."""
    return {
        "schema_version": SCHEMA_VERSION,
        **picked(answer, "outcome question model notices"),
        "standalone_question": answer.standalone,
        "answer": answer.text,
        "sentences": [picked(sentence, "text verdict citations") for sentence in answer.sentences],
        "citations": [
            {
                "number": citation.number,
                **quoted(citation),
                "answer_span": list(citation.quote.answer) if citation.quote.answer else None,
                "also_in": [{"document_id": d.id, **picked(d, "outlet published")} for d in citation.also_in],
                "origins": citation.origins,
                "speaker": None if citation.speaker is None else asdict(citation.speaker),
            }
            for citation in answer.citations
        ],
        "passage": None if answer.context is None else asdict(answer.context),
        "values": list(answer.values),
        "course": [{"footnote": moment.number, **picked(moment, "first last told ahead")} for moment in answer.course],
        "closest": [{"letter": closest.letter, **quoted(closest)} for closest in answer.closest],
        "coverage": coverage(answer.coverage),
        "filters": {
            **picked(answer.filters, "since until undated outlets not_outlets as_of inferred"),
            "in": list(answer.filters.documents),
        },
        "confidence": round(answer.confidence, 4),
        "usage": dict(zip(("input_tokens", "output_tokens", "dollars"), (*answer.usage, answer.dollars), strict=True)),
        "timing_ms": {name: round(value, 1) for name, value in asdict(answer.timing).items()},
        "session": f"s{place.session}" if place else None,
        "turn": place.turn if place else None,
    }


def conversation(saved: SavedConversation) -> dict[str, Any]:
    """The JSON of `sessions show`, and of an export."""
    session = int(saved.name[1:])
    return {
        "schema_version": SCHEMA_VERSION,
        "session": saved.name,
        **picked(saved, "title corpus"),
        "turns": [
            {
                **picked(turn, "question asked"),
                "answer": None if turn.answer is None else ask(turn.answer, Place(session, number)),
                "marks": {str(footnote): mark for footnote, mark in sorted(turn.marks.items())},
            }
            for number, turn in enumerate(saved.turns, 1)
        ],
    }


def quoted(entry: Citation | Closest) -> dict[str, Any]:
    """A footnote's or passage's quote, where it stands, and the facts of its article."""
    quote, facts = entry.quote, picked(entry.document, "title outlet author published corrected date_source source url")
    head = {"quote": quote.text, "document_id": quote.document, **picked(quote, "start end version")}
    return {**head, **facts, "page": quote.page}


def coverage(covered: Coverage) -> dict[str, Any]:
    """Counts, first and last day and outlets of what was searched."""
    return {**picked(covered, "documents undated first last"), "outlets": [name for name, _ in covered.outlets]}


def document(article: Document) -> dict[str, Any]:
    """An article's facts, without its text."""
    return picked(
        article, "id title outlet author published updated corrected date_source ingested source root url version"
    )


def family(group: Family) -> dict[str, Any]:
    """An article with its copies, the agency that they go back to, and what else shares text with them."""
    outlets = {comparable(one.outlet or one.source) for one in (group.origin, *group.copies)}
    return {
        "origin": document(group.origin),
        "credit": group.credit,
        "outlets": len(outlets),
        "copies": list(map(document, group.copies)),
        "partial": list(map(document, group.partial)),
    }


def _scored(passage: Passage) -> dict[str, Any]:
    return {**picked(passage, "start end"), "score": round(passage.score, 4)}


def event(happened: Event, place: Place | None) -> dict[str, Any]:
    """One event as a line of `ask --jsonl`; the last one holds the whole answer."""
    match happened:
        case Searching():
            values = {"standalone_question": happened.standalone, "coverage": coverage(happened.coverage)}
            return {"event": "searching", **values}
        case Retrieved():
            passages = happened.reading.found.passages
            return {"event": "retrieved", "passages": [{"document_id": p.document.id, **_scored(p)} for p in passages]}
        case Delta():
            return {"event": "delta", "text": happened.text}
        case Answered():
            return {"event": "answered", "answer": ask(happened.answer, place)}


def search(words: str, found: Found) -> dict[str, Any]:
    """The JSON of `search`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "query": words,
        "passages": [{**document(p.document), "text": p.text, **_scored(p)} for p in found.passages],
        "notices": list(found.missing),
    }


def show(article: Document, name: str, quote: Quote | None, known: Versions) -> dict[str, Any]:
    """The JSON of `show`: an article with its text, and the quote asked for as offsets into it."""
    facts = document(article)
    return {
        "schema_version": SCHEMA_VERSION,
        "document_id": facts.pop("id"),
        **facts,
        "text": article.text,
        "event_dates": [
            {**picked(span, "start end"), **dict(zip(("first", "last"), span.value.split("/"), strict=True))}
            if span.value
            else {**picked(span, "start end"), "first": None, "last": None}
            for span in article.spans
            if span.kind == "event"
        ],
        "quote": {"name": name, **picked(quote, "start end text")} if quote else None,
        "versions": versions(known),
    }


def versions(known: Versions) -> list[dict[str, Any]]:
    """An article's versions as `show --json` lists them."""
    return [dict(zip(("version", "published", "current"), version, strict=True)) for version in known]


def ingest(summary: Summary, seconds: float, failure: FootnoteError | None, *, dry_run: bool) -> dict[str, Any]:
    """The JSON of `ingest`; `outcome` is "error" where there was a `failure`, of a root or of the whole."""
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": "error" if failure else "dry_run" if dry_run else "ingested",
        **picked(summary, "added changed unchanged removed ignored passages undated families"),
        "skipped": [asdict(item) for item in summary.skipped],
        "warnings": [asdict(item) for item in summary.warnings],
        "seconds": round(seconds, 3),
        **({"error": error(failure)["error"]} if failure else {}),
    }


def error(failure: FootnoteError) -> dict[str, Any]:
    """The JSON of a command that failed."""
    told = {**picked(failure, "code message next"), "exit": int(failure.exit)}
    return {"schema_version": SCHEMA_VERSION, "outcome": "error", "error": told}
