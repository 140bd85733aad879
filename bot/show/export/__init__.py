"""A saved conversation as a file: Markdown, HTML or JSON, and its sources as BibTeX, RIS or CSL-JSON."""

import json
from collections.abc import Callable

from bot.conversation import SavedConversation
from bot.errors import UsageError
from bot.show.export import html, markdown, references
from bot.show.plain import conversation


def _json(saved: SavedConversation) -> str:
    return json.dumps(conversation(saved), ensure_ascii=True, indent=2) + "\n"


FORMATS: dict[str, tuple[Callable[[SavedConversation], str], tuple[str, ...]]] = {
    "markdown": (markdown.written, (".md", ".markdown")),
    "html": (html.written, (".html", ".htm")),
    "json": (_json, (".json",)),
    "bibtex": (references.bibtex, (".bib",)),
    "ris": (references.ris, (".ris",)),
    "csl-json": (references.csl_json, (".csl.json", ".csl")),
}
"""How each format is written, and the ends of file names that stand for it."""


def written(saved: SavedConversation, form: str) -> str:
    """A conversation in one of the FORMATS. Raises UsageError for another."""
    if form not in FORMATS:
        raise UsageError(f"There is no format '{form}'.", f"The formats are {', '.join(FORMATS)}.")
    return FORMATS[form][0](saved)


def form_of(name: str) -> str:
    """The format for which the end of a file's name stands. Raises UsageError."""
    ends = {end: form for form, (_, all_ends) in FORMATS.items() for end in all_ends}
    fitting = [end for end in ends if name.lower().endswith(end)]
    if not fitting:
        raise UsageError(f"The end of '{name}' names no format.", f"End it with one of {' '.join(ends)}.")
    return ends[max(fitting, key=len)]
