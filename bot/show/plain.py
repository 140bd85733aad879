"""Answers as plain values: the form in which they are saved, and the JSON shapes of the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.conversation import Answer, Citation, Closest, Context, Failure, Quote, Sentence, Timing
from bot.events import Answered, Delta, Event, Retrieved, Searching
from store.passage import Coverage, Document, Filters, Found

if TYPE_CHECKING:
    from store.errors import FootnoteError
    from store.sync import Summary

SCHEMA_VERSION = 1


def plain(answer: Answer) -> dict[str, Any]:
    """An answer as values that JSON holds, whole; `answer_from` reads it back."""
    return asdict(answer)


def answer_from(held: dict[str, Any]) -> Answer:
    """The answer that `plain` wrote."""
    held = _modern(held)
    context = held["context"]
    return Answer(
        **{
            **held,
            "sentences": tuple(
                Sentence(s["text"], tuple(s["citations"]), s["verdict"], s.get("why", "")) for s in held["sentences"]
            ),
            "citations": tuple(_citation(item) for item in held["citations"]),
            "context": Context(**{**context, "marks": _marks(context["marks"])}) if context else None,
            "closest": tuple(_closest(item) for item in held["closest"]),
            "coverage": Coverage(
                **{**held["coverage"], "outlets": tuple((name, count) for name, count in held["coverage"]["outlets"])}
            ),
            "filters": _filters(held["filters"]),
            "failure": Failure(**held["failure"]) if held.get("failure") else None,
            "usage": tuple(held["usage"]),
            "timing": Timing(**held["timing"]),
            "notices": tuple(held["notices"]),
        }
    )


def _modern(held: dict[str, Any]) -> dict[str, Any]:
    """An answer saved by 0.1.0 kept an error, its next step and what came of a stopped answer in other fields."""
    if "failure" in held or held["outcome"] not in ("stopped", "error"):
        return held
    if held["outcome"] == "stopped":
        return {**held, "words": "", "partial": held["words"]}
    failure = {"message": held["words"], "next": " ".join(held["notices"])}
    partial = " ".join(sentence["text"] for sentence in held["sentences"])
    return {**held, "words": "", "notices": [], "sentences": [], "partial": partial, "failure": failure}


def _filters(held: dict[str, Any]) -> Filters:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in held.items()}
    return Filters(**values)


def _citation(item: dict[str, Any]) -> Citation:
    also_in = tuple(_document(other) for other in item["also_in"])
    return Citation(item["number"], Quote(**item["quote"]), _document(item["document"]), also_in, item["origins"])


def _closest(item: dict[str, Any]) -> Closest:
    return Closest(item["letter"], Quote(**item["quote"]), _document(item["document"]), _marks(item["marks"]))


def _document(item: dict[str, Any]) -> Document:
    return Document(**{**item, "spans": ()})


def _marks(held: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in held)


# -- the shapes of --json, each with a schema in bot/show/schemas ---------------------------------------


def ask(answer: Answer, place: tuple[str | None, int | None]) -> dict[str, Any]:
    """What `ask --json` prints; `place` is the session's name and the turn's number, None where nothing is saved."""
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": answer.outcome,
        "question": answer.question,
        "standalone_question": answer.standalone,
        "answer": answer.text,
        "sentences": [{"text": s.text, "verdict": s.verdict, "citations": list(s.citations)} for s in answer.sentences],
        "citations": [
            {
                "number": c.number,
                **_quoted(c.quote, c.document),
                "also_in": [_also(d) for d in c.also_in],
                "origins": c.origins,
            }
            for c in answer.citations
        ],
        "passage": None if answer.context is None else asdict(answer.context),
        "closest": [{"letter": c.letter, **_quoted(c.quote, c.document)} for c in answer.closest],
        "coverage": coverage(answer.coverage),
        "filters": {
            "since": answer.filters.since,
            "until": answer.filters.until,
            "undated": answer.filters.undated,
            "outlets": list(answer.filters.outlets),
            "not_outlets": list(answer.filters.not_outlets),
            "in": list(answer.filters.documents),
            "as_of": answer.filters.as_of,
            "inferred": list(answer.filters.inferred),
        },
        "confidence": round(answer.confidence, 4),
        "model": answer.model,
        "usage": {"input_tokens": answer.usage[0], "output_tokens": answer.usage[1]},
        "timing_ms": {key: round(value, 1) for key, value in asdict(answer.timing).items()},
        "notices": list(answer.notices),
        "session": place[0],
        "turn": place[1],
    }


def _quoted(quote: Quote, document: Document) -> dict[str, Any]:
    return {
        "quote": quote.text,
        "start": quote.start,
        "end": quote.end,
        "document_id": quote.document,
        "version": quote.version,
        "title": document.title,
        "outlet": document.outlet,
        "author": document.author,
        "published": document.published,
        "date_source": document.date_source,
        "source": document.source,
        "page": None,
    }


def _also(document: Document) -> dict[str, Any]:
    return {"document_id": document.id, "outlet": document.outlet, "published": document.published}


def coverage(held: Coverage) -> dict[str, Any]:
    """Counts, first and last day and outlets of what was searched."""
    return {
        "documents": held.documents,
        "undated": held.undated,
        "first": held.first,
        "last": held.last,
        "outlets": [name for name, _ in held.outlets],
    }


def document(held: Document) -> dict[str, Any]:
    """An article's facts, without its text."""
    return {
        "id": held.id,
        "title": held.title,
        "outlet": held.outlet,
        "author": held.author,
        "published": held.published,
        "updated": held.updated,
        "date_source": held.date_source,
        "ingested": held.ingested,
        "source": held.source,
        "root": held.root,
        "url": held.url,
        "version": held.version,
    }


def event(happened: Event, place: tuple[str | None, int | None]) -> dict[str, Any]:
    """One event as a line of `ask --jsonl`; the last one holds the whole answer."""
    match happened:
        case Searching():
            return {
                "event": "searching",
                "standalone_question": happened.standalone,
                "coverage": coverage(happened.coverage),
            }
        case Retrieved():
            passages = happened.reading.found.passages
            return {
                "event": "retrieved",
                "passages": [
                    {"document_id": p.document.id, "start": p.start, "end": p.end, "score": round(p.score, 4)}
                    for p in passages
                ],
            }
        case Delta():
            return {"event": "delta", "text": happened.text}
        case Answered():
            return {"event": "answered", "answer": ask(happened.answer, place)}


def search(words: str, found: Found) -> dict[str, Any]:
    """What `search --json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "query": words,
        "passages": [
            {**document(p.document), "start": p.start, "end": p.end, "text": p.text, "score": round(p.score, 4)}
            for p in found.passages
        ],
        "notices": list(found.missing),
    }


def show(
    held: Document, span: tuple[int, int] | None, name: str, versions: list[tuple[int, str | None, bool]]
) -> dict[str, Any]:
    """What `show --json` prints: an article with its text, and the quote asked for as offsets into it."""
    quote = None if span is None else {"name": name, "start": span[0], "end": span[1], "text": held.text[slice(*span)]}
    return {
        "schema_version": SCHEMA_VERSION,
        "document_id": held.id,
        **{key: value for key, value in document(held).items() if key != "id"},
        "text": held.text,
        "quote": quote,
        "versions": [{"version": number, "published": day, "current": live} for number, day, live in versions],
    }


def ingest(summary: Summary, seconds: float, failure: FootnoteError | None, *, dry_run: bool) -> dict[str, Any]:
    """What `ingest --json` prints; `outcome` is "error" where there was a `failure`, of a root or of the whole."""
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": "error" if failure else "dry_run" if dry_run else "ingested",
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "skipped": [asdict(item) for item in summary.skipped],
        "warnings": [asdict(item) for item in summary.warnings],
        "ignored": summary.ignored,
        "passages": summary.passages,
        "seconds": round(seconds, 3),
        **({"error": error(failure)["error"]} if failure else {}),
    }


def error(failure: FootnoteError) -> dict[str, Any]:
    """What stdout holds under --json when a command fails."""
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": "error",
        "error": {
            "code": failure.code,
            "exit": int(failure.exit),
            "message": failure.message,
            "next": failure.next,
        },
    }
