"""Shell completion for `--outlet`, `--corpus`, `--in` and `--again`; a corpus that cannot be read offers none."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import Context

from store.errors import FootnoteError

if TYPE_CHECKING:
    from bot.settings import Paths

Offer = tuple[str, str]
"""A value, and a word about it for the shells that show one."""


class Fitting(str):
    """A value that has been compared with what is typed; the parser would compare it again, quoted and case and all."""

    def startswith(self, *begin: Any) -> bool:
        return True


MOST = 50  # articles or turns that are offered
BEGUN = 2  # letters of an id after which articles are offered
_TURNS = """
SELECT 's' || session || ':' || number, question FROM turns JOIN sessions ON sessions.id = session
WHERE corpus = :corpus AND answer IS NOT NULL ORDER BY asked DESC, session DESC, number DESC LIMIT :most
"""
_SPECIAL = re.compile(r"""([\s'"\\$`!&;|<>()*?\[\]{}#~])""")


def outlets(context: Context, incomplete: str) -> list[Offer]:
    """The outlets of the corpus that the command names."""
    from store import names

    try:
        return _offered(((name, "") for name in names.outlets(_corpus(context))), incomplete)
    except (FootnoteError, OSError, names.Error):
        return []


def corpora(incomplete: str) -> list[Offer]:
    """The named corpora."""
    from store import names

    try:
        return _offered(((name, "") for name in names.corpora(_paths().corpora)), incomplete)
    except (FootnoteError, OSError):
        return []


def within(context: Context, incomplete: str) -> list[Offer]:
    """The roots of the corpus, and its articles once their id is begun."""
    from store import names

    try:
        folder = _corpus(context)
        articles = names.articles(folder, incomplete, MOST) if len(incomplete) >= BEGUN else []
        return _offered([*names.roots(folder), *articles], incomplete)
    except (FootnoteError, OSError, names.Error):
        return []


def turns(context: Context, incomplete: str) -> list[Offer]:
    """The turns of the corpus that the command names which have an answer, the newest first."""
    from store import names

    try:
        rows = names.rows(_paths().sessions_file, _TURNS, {"corpus": _corpus(context).name, "most": MOST})
        return _offered(rows, incomplete)
    except (FootnoteError, OSError, names.Error):
        return []


def _paths() -> "Paths":
    from bot.settings import paths

    return paths()


def _corpus(context: Context) -> Path:
    """The folder of the corpus that the command names so far, or that is set."""
    from bot.settings import load

    named = context.params.get("corpus")
    return _paths().corpus_folder(load({"corpus": named}, calibrated=False).corpus)


def _offered(offers: Iterable[Offer], incomplete: str) -> list[Offer]:
    """The offers that begin with what is typed, whatever the case; for bash with a backslash before special letters."""
    from bot.show.clean import one_line

    begin = incomplete.casefold()
    fitting = [(value, one_line(about, 60)) for value, about in offers if value.casefold().startswith(begin)]
    fitting = [(value, about) for value, about in fitting if one_line(value) == value]
    if os.environ.get("_FOOTNOTE_COMPLETE", "").endswith("_bash"):
        fitting = [(_SPECIAL.sub(r"\\\1", value), about) for value, about in fitting]
    return [(Fitting(value), about) for value, about in fitting]
