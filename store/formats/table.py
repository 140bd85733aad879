"""Exports as tables (CSV, TSV): each row becomes an article, and a bad row costs no other.

A file is read row by row, so that what it takes beside its own bytes is bounded by its largest row.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from store.formats.article import Unreadable
from store.formats.facts import FIELDS, folded_key
from store.formats.letters import clean
from store.formats.record import BODY, IDS, RECORD, SUMMARY, TOO_LONG, Parts, Reader, Record, articles
from store.formats.text import encoding_of

COLUMNS = 1_000  # most columns
_KNOWN = frozenset((*BODY, *SUMMARY, *IDS, *(name for fact, names in FIELDS.items() if fact != "-" for name in names)))
_MAP = (
    "name the columns, or give their numbers where it has no head, in footnote.toml under [fields]:"
    ' text = "…", title = "…"'
)


def table(data: bytes, fields: Mapping[str, str]) -> Parts:
    """The articles of a table whose first row names its columns, separated by commas, semicolons, tabs or bars."""
    warnings, found = records(data, {*BODY, *SUMMARY}, fields)
    yield from articles(Reader(fields, warnings), found)


def records(data: bytes, needed: Set[str], fields: Mapping[str, str]) -> tuple[tuple[str, ...], Iterator[Record]]:
    """Warnings about a table, and its records; one of the columns has a name that is `needed`. Raises Unreadable."""
    encoding, warnings = encoding_of(data)
    csv.field_size_limit(RECORD)
    rows = _Rows(io.TextIOWrapper(io.BytesIO(data), encoding, "replace", newline=""))
    head = _head(rows, needed, fields)
    return warnings, _of_rows(rows, head)


def _of_rows(rows: "_Rows", head: Sequence[str]) -> Iterator[Record]:
    """The records of a table, below its head."""
    for number, row in rows:
        if isinstance(row, str):
            yield f"line {number}", row
        elif any(field.strip() for field in row):
            if len(row) < len(head) or any(row[len(head) :]):
                yield f"line {number}", f"it has {len(row):,} fields, and the head has {len(head)}"
            else:
                record: dict[str, str] = {}
                for name, field in zip(head, row, strict=False):
                    if name and not record.get(name):  # of two columns of one name the first that says something
                        record[name] = field
                yield f"line {number}", record


def _head(rows: "_Rows", needed: Set[str], fields: Mapping[str, str]) -> list[str]:
    """The names of the columns, by the separator that makes the most known names of them.

    Where the user has mapped facts to numbers of columns the table has no head, and the numbers are the names.
    """
    line = rows.peek()
    while line.isspace() or line.lower().startswith(("sep=", "# ")):  # as spreadsheets write it, or a remark
        rows.skip()
        line = rows.peek()
    numbers = bool(fields) and all(name.isdigit() for name in fields.values())
    mapped = {folded_key(name) for name in fields.values()}
    known = _KNOWN | needed | mapped
    best: tuple[int, list[str], str] = (-1, [], ",")
    for delimiter in ",;\t|":
        rows.delimiter = delimiter
        _, row = next(iter(rows), (1, "there is no row in it"))
        rows.step_back(whole=True)
        if isinstance(row, str):
            continue
        names = [" ".join(clean(name).split()) for name in row]
        score = len(names) if numbers else sum(folded_key(name) in known for name in names)
        if score > best[0]:
            best = score, names, delimiter
    score, names, rows.delimiter = best
    if len(names) > COLUMNS:
        raise Unreadable(f"its head has {len(names):,} columns; {COLUMNS:,} are read at most")
    if numbers:
        return [str(number) for number in range(1, len(names) + 1)]
    named = needed | {folded_key(name) for fact, name in fields.items() if fact == "text"}
    if named.isdisjoint(folded_key(name) for name in names):
        raise Unreadable(f"its first line names no column that is known as {_kind(needed)} ({_some(names)}); {_MAP}")
    next(iter(rows))
    rows.accept()
    return names


def _kind(needed: Set[str]) -> str:
    return "an article's text" if needed >= set(BODY) else "a file's name"


def _some(names: Sequence[str]) -> str:
    """The first of some names, for a reason."""
    shown = ", ".join(f"'{name[:30]}'" for name in names[:6])
    return shown + (", …" if len(names) > 6 else "") if shown else "it is empty"


class _Rows:
    """The rows of a table, each with the number of its first line; or the reason why a line is no row."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self.delimiter = ","
        self._stream = stream
        self._again: list[str] = []  # lines that are read once more, the next one last
        self._taken: list[str] = []  # lines of the row that is being read
        self._number = 0  # of the line that was read last
        self._repeated = 0  # characters that were read once more

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while self.peek():
            first = self._number + 1
            row, reason = self._row(doublequote=True)
            if row is None and "\\" in "".join(self._taken[:1]):
                self.step_back(whole=True)
                row, reason = self._row(doublequote=False, escapechar="\\")
            yield first, reason if row is None else row
            if row is None:
                self.step_back()
            self.accept()
            if self._repeated > 8 * RECORD:
                yield first, "quotation marks are not closed in too many lines; the rest of the file is left out"
                return

    def _row(self, **dialect: Any) -> tuple[list[str] | None, str]:
        """One row by one way of quoting, or the reason why it is none."""
        try:
            return next(csv.reader(self._lines(), delimiter=self.delimiter, strict=True, **dialect)), ""
        except csv.Error as error:
            if "limit" in str(error):
                return None, TOO_LONG
            return None, "a quotation mark in it is not closed, or not doubled"
        except _TooLongError:
            return None, TOO_LONG if len(self._taken) == 1 else f"a quotation mark in it is not closed; {TOO_LONG}"

    def _lines(self) -> Iterator[str]:
        """The lines of one row, no more than RECORD characters of them. Raises _TooLongError."""
        size = 0
        while line := self._next():
            self._taken.append(line)
            size += len(line)
            if size > RECORD:
                raise _TooLongError
            yield line

    def _next(self) -> str:
        line = self._again.pop() if self._again else self._stream.readline(RECORD + 1)
        self._number += bool(line)
        return line

    def peek(self) -> str:
        """The line that comes next, which stays there."""
        line = self._next()
        if line:
            self._again.append(line)
            self._number -= 1
        return line

    def skip(self) -> None:
        """Leaves out the line that comes next."""
        self._next()

    def accept(self) -> None:
        """Goes on below the row that was read last."""
        self._taken.clear()

    def step_back(self, *, whole: bool = False) -> None:
        """Goes back to below the first line of the row that was read last, or to its beginning where `whole`."""
        first, *others = self._taken or [""]
        again = self._taken if whole else others
        self._again += reversed(again)
        self._number -= len(again)
        self._repeated += sum(map(len, again))
        self._taken = []
        if not whole and not others and len(first) > RECORD:  # the rest of a line that was cut
            while first and first[-1] not in "\r\n":
                first = self._stream.readline(RECORD)


class _TooLongError(Exception):
    """A row has more than RECORD characters."""
