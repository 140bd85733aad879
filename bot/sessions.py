"""Saved conversations: every turn, the question before it is asked and the answer with its frozen quotes after."""

import fcntl
import os
import re
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.conversation import Answer, Mark, Place, SavedConversation, SavedTurn, Session
from bot.errors import NotThere, SessionsDamaged, SessionsLocked, UsageError
from bot.show.clean import clean, one_line
from bot.show.plain import answer_from
from store.sqlite import Database, Schema, key, now, number, text

metadata = sa.MetaData()
sessions = sa.Table(
    "sessions",
    metadata,
    key("id", sa.Integer),
    *(text("corpus", index=True), text("title")),
    number("used"),  # grows with each turn, so that the last one used is known
    sa.Column("queued", sa.JSON),  # questions that wait for the answer in progress
    sqlite_autoincrement=True,
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("session", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    *(key("number", sa.Integer), text("asked"), text("question")),
    sa.Column("answer", sa.JSON),  # NULL until it has come
    sa.Column("marks", sa.JSON),  # what a reader notes of its footnotes, by their numbers; NULL for nothing
)
TITLE = 120  # characters of a title
FOUND = 200  # hits that a search looks through
WORDS = 32  # words of a search that count
PER_SESSION = 1_000_000  # a session's rows in the full-text table: its title at 0, each turn at its number
_TOLD = """
coalesce((SELECT group_concat(json_extract(value, '$.text'), ' ') FROM json_each({0}.answer, '$.sentences')), '')
|| ' ' || coalesce(json_extract({0}.answer, '$.partial'), '')"""  # a refusal's own words are not searched
_TITLED = f"INSERT OR REPLACE INTO words (rowid, title) SELECT new.id * {PER_SESSION}, new.title"
_TURN = f"new.session * {PER_SESSION} + new.number"
_ANSWERED = (
    f"INSERT OR REPLACE INTO words (rowid, question, answer) SELECT {_TURN}, new.question, {_TOLD.format('new')}"
)
_SEARCH = (
    "CREATE VIRTUAL TABLE words USING fts5 (title, question, answer, tokenize = 'unicode61 remove_diacritics 2')",
    *(
        f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} BEGIN {does}; END"
        for table, does, gone in (
            ("sessions", _TITLED, f"old.id * {PER_SESSION}"),
            ("turns", _ANSWERED, f"old.session * {PER_SESSION} + old.number"),
        )
        for name, event, does in (
            ("added", "INSERT", does),
            ("changed", "UPDATE OF title" if table == "sessions" else "UPDATE OF answer", does),
            ("deleted", "DELETE", f"DELETE FROM words WHERE rowid = {gone}"),
        )
    ),
)
# A word that is deleted stays in the full-text table until its parts are merged.
_FORGET = "INSERT INTO words (words) VALUES ('optimize')"
_HITS = sa.text(
    "SELECT rowid, CAST(snippet(words, -1, char(2), char(3), '…', 24) AS BLOB) FROM words WHERE words MATCH :match AND "
    f"rowid / {PER_SESSION} IN (SELECT id FROM sessions WHERE corpus = coalesce(:corpus, corpus)) "
    f"ORDER BY rank LIMIT {FOUND}"
)
SCHEMA = Schema(
    metadata,
    first=_SEARCH,
    steps=(
        (
            "ALTER TABLE sessions ADD COLUMN queued JSON",
            *_SEARCH,
            f"{_TITLED} FROM sessions AS new",
            f"{_ANSWERED} FROM turns AS new",
        ),
        ("ALTER TABLE turns ADD COLUMN marks JSON",),
    ),
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """The rows of a deleted conversation, which `Sessions.restore` writes again."""

    session: dict[str, Any]
    turns: list[dict[str, Any]]


def session_id(name: str) -> int:
    """The number in "s7" or "7". Raises UsageError."""
    match = re.fullmatch(r"s?(\d{1,9})", name.strip())
    if not match:
        raise UsageError(f"'{name}' is no session.", "List them with: footnote sessions list")
    return int(match.group(1))


def place(name: str) -> Place:
    """The turn that is named as "s7:3". Raises UsageError."""
    match = re.fullmatch(r"s?(\d{1,9}):(\d{1,6})", name.strip())
    if not match:
        raise UsageError(f"'{name}' is no turn.", "Write it as s7:3. The sessions: footnote sessions list")
    return Place(int(match[1]), int(match[2]))


class _File(Database):
    """The SQLite file; an answer does not wait long for it to be saved."""

    schema = SCHEMA
    wait = 2.0
    locked, damaged, newer = SessionsLocked, SessionsDamaged, SessionsDamaged
    restore = "Restore it from a backup, or move that file away: a new one is made."


class Sessions:
    """The file `sessions.sqlite3`, which serves all corpora; made on the first write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None  # the handle through which `held` is locked
        self.held: int | None = None  # the conversation that is open in this chat

    @cached_property
    def _file(self) -> _File:
        """The open file, made where it is missing. Raises SessionsLocked, SessionsDamaged, FileRefused or DiskFull."""
        return _File(self.path, create=True)

    def close(self) -> None:
        self.hold(None)
        if "_file" in self.__dict__:
            self._file.close()
            del self._file

    def hold(self, session: int | None) -> bool:
        """Opens a conversation for this chat in place of the one before; False where another chat has it open."""
        if session is not None and (session == self.held or not os.access(self.path.parent, os.W_OK)):
            return True
        lock = None if session is None else self._locked(session)
        if self._lock is not None:
            os.close(self._lock)
        self._lock, self.held = lock, session if lock is not None else None
        return session is None or lock is not None

    def _locked(self, session: int) -> int | None:
        """A handle that locks a conversation until it is closed, or its process ends; None where another has it.

        Each conversation is one byte of the file, locked by the handle and not by the process, so that two chats of
        one process count as two.
        """
        handle = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, session, 1, 0))
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return None
        return handle

    def begin(self, corpus: str, question: str, session: int | None = None, before: int | None = None) -> Place:
        """Saves a question before it is asked: in that session, or in a new one.

        With `before` the new one holds the turns of `session` before that number.
        """
        with self._file.begin(write=True) as connection:
            used = connection.execute(sa.select(sa.func.coalesce(sa.func.max(sessions.c.used), 0))).scalar_one() + 1
            if session is None or before is not None:
                old, session = session, self._new(connection, corpus, one_line(question)[:TITLE], used)
                if old is not None:
                    columns = [column for column in turns.c if column is not turns.c.session]
                    rows = sa.select(sa.literal(session), *columns).where(turns.c.session == old)
                    rows = rows.where(turns.c.number < before)
                    connection.execute(turns.insert().from_select(["session", *(one.name for one in columns)], rows))
            else:
                connection.execute(sessions.update().where(sessions.c.id == session).values(used=used))
            last = sa.select(sa.func.coalesce(sa.func.max(turns.c.number), 0)).where(turns.c.session == session)
            number = connection.execute(last).scalar_one() + 1
            connection.execute(turns.insert().values(session=session, number=number, asked=now(), question=question))
        return Place(session, number)

    def withdraw(self, place: Place) -> None:
        """Takes a question back that was not asked, and its conversation if that was new."""
        with self._file.begin(write=True) as connection:
            connection.execute(turns.delete().where(turns.c.session == place.session, turns.c.number == place.turn))
            left = sa.select(turns.c.number).where(turns.c.session == place.session)
            connection.execute(sessions.delete().where(sessions.c.id == place.session, ~left.exists()))

    @staticmethod
    def _new(connection: sa.Connection, corpus: str, title: str, used: int) -> int:
        row = sessions.insert().values(corpus=corpus, title=title, used=used).returning(sessions.c.id)
        return int(connection.execute(row).scalar_one())

    def keep(self, session: int, queued: Sequence[str]) -> None:
        """Saves the questions that wait for the answer in progress."""
        with self._file.begin(write=True) as connection:
            wait = list(queued) if queued else sa.null()
            connection.execute(sessions.update().where(sessions.c.id == session).values(queued=wait))

    def queued(self, session: int) -> tuple[str, ...]:
        """The questions that were waiting when the conversation was left."""
        return tuple(self._file.rows(sa.select(sessions.c.queued).where(sessions.c.id == session))[0][0] or ())

    def rename(self, session: int, title: str) -> None:
        """Gives a conversation another title. Raises NotThere, and UsageError for an empty one."""
        if not (title := one_line(title)[:TITLE]):
            raise UsageError("A title has at least one letter.", "Give it another.")
        self.named(session)
        with self._file.begin(write=True) as connection:
            connection.execute(sessions.update().where(sessions.c.id == session).values(title=title))

    def delete(self, session: int) -> Deleted:
        """Deletes a conversation with all its words. Raises NotThere, and SessionsLocked where it is open in a chat."""
        self.named(session)
        own = session == self.held
        lock = self._lock if own else self._locked(session)
        if lock is None:
            raise SessionsLocked(f"Session s{session} is open in another chat.", "Close that chat first.")
        try:
            with self._file.begin(write=True) as connection:
                of_session = turns.c.session == session
                row = connection.execute(sa.select(sessions).where(sessions.c.id == session)).mappings().one()
                rows = connection.execute(sa.select(turns).where(of_session)).mappings().all()
                connection.execute(sessions.delete().where(sessions.c.id == session))
                connection.exec_driver_sql(_FORGET)
            self._file.empty_log()
        finally:
            if not own:
                os.close(lock)
        return Deleted(dict(row), [dict(one) for one in rows])

    def restore(self, deleted: Deleted) -> None:
        """Undoes a deletion: the conversation is as it was, under its name."""
        with self._file.begin(write=True) as connection:
            connection.execute(sessions.insert().values(_stored(deleted.session)))
            connection.execute(turns.insert(), [_stored(row) for row in deleted.turns])

    def finish(self, place: Place, answer: Answer) -> None:
        """Saves the answer to a question."""
        with self._file.begin(write=True) as connection:
            this = (turns.c.session == place.session, turns.c.number == place.turn)
            connection.execute(turns.update().where(*this).values(answer=asdict(answer)))

    def mark(self, place: Place, footnote: int, mark: Mark | None) -> None:
        """Saves what a reader notes of a footnote; None takes the note away."""
        this = (turns.c.session == place.session, turns.c.number == place.turn)
        with self._file.begin(write=True) as connection:
            marks = connection.execute(sa.select(turns.c.marks).where(*this)).scalar_one() or {}
            kept = {name: one for name, one in {**marks, str(footnote): mark}.items() if one}
            connection.execute(turns.update().where(*this).values(marks=kept or sa.null()))

    def marks(self, session: int) -> dict[tuple[int, int], Mark]:
        """What a reader noted in a conversation, by turn and footnote."""
        rows = self._file.rows(sa.select(turns.c.number, turns.c.marks).where(turns.c.session == session))
        return {(row.number, int(footnote)): mark for row in rows for footnote, mark in (row.marks or {}).items()}

    def conversation(self, session: int) -> SavedConversation:
        """A whole conversation with its marks. Raises NotThere."""
        saved = self.named(session)
        told = tuple(
            SavedTurn(
                row.question, row.asked, None if row.answer is None else answer_from(row.answer),
                {int(footnote): mark for footnote, mark in (row.marks or {}).items()},
            )
            for row in self._file.rows(sa.select(turns).where(turns.c.session == session).order_by(turns.c.number))
        )  # fmt: skip
        return SavedConversation(saved.name, saved.title, saved.corpus, told)

    def erase(self, corpus: str, documents: set[str]) -> int:
        """Erases every answer of a corpus that quotes one of the articles; returns how many."""
        if not self.path.exists():
            return 0
        gone = 0
        with self._file.begin(write=True) as connection:
            answers = sa.select(turns.c.session, turns.c.number, turns.c.answer).join(sessions)
            answers = answers.where(sessions.c.corpus == corpus, turns.c.answer.is_not(None))
            for row in connection.execute(answers).all():
                quoted = {item["quote"]["document"] for item in (*row.answer["citations"], *row.answer["closest"])}
                if quoted & documents:
                    this = (turns.c.session == row.session, turns.c.number == row.number)
                    connection.execute(turns.update().where(*this).values(answer=sa.null(), marks=sa.null()))
                    gone += 1
            connection.exec_driver_sql(_FORGET)
        self._file.empty_log()
        return gone

    def saved(self, corpus: str | None = None) -> list[Session]:
        """Conversations, the last used first; of one corpus where it is named."""
        if not self.path.exists():
            return []
        counts = (sa.func.count(turns.c.number).label("turns"), sa.func.max(turns.c.asked).label("asked"))
        statement = sa.select(sessions, *counts).join(turns).group_by(sessions.c.id).order_by(sessions.c.used.desc())
        if corpus is not None:
            statement = statement.where(sessions.c.corpus == corpus)
        return [Session(row.id, row.corpus, row.title, row.turns, row.asked) for row in self._file.rows(statement)]

    def search(self, words: str, corpus: str | None = None) -> list[Session]:
        """Conversations with a title or turn that has all these words or their beginnings, the best hit first.

        All of them, the last used first, where nothing but signs is looked for.
        """
        saved = {session.id: session for session in self.saved(corpus)}
        wanted = [word.replace('"', '""') for word in clean(words).split() if any(map(str.isalnum, word))]
        if not wanted or not saved:
            return list(saved.values())
        hits: dict[int, Session] = {}
        match = " ".join(f'"{word}"*' for word in wanted[:WORDS])
        with self._file.begin() as connection:
            for row, hit in connection.execute(_HITS, {"match": match, "corpus": corpus}):
                key, turn = divmod(row, PER_SESSION)
                if key in saved and key not in hits:
                    text, marks = _marked(hit.decode("utf-8", "replace"))
                    hits[key] = replace(saved[key], hit=text, marks=marks, turn=turn)
        return list(hits.values())

    def chosen(self, name: str | None, corpus: str, *, last: bool) -> int | None:
        """The conversation of that name, else with `last` the one of the corpus that was used last.

        Raises UsageError or NotThere for a name that is none of the corpus's.
        """
        if name is None:
            return next((session.id for session in self.saved(corpus)), None) if last else None
        self.check(session_id(name), corpus)
        return session_id(name)

    def last_turn(self, corpus: str) -> Place:
        """The last question asked of a corpus. Raises NotThere."""
        for session in self.saved(corpus):
            return Place(session.id, session.turns)
        raise NotThere(f"Nothing has been asked of the corpus '{corpus}' yet.", 'Ask: footnote ask "QUESTION"')

    def check(self, session: int, corpus: str) -> None:
        """Raises NotThere for no such session, UsageError for one of another corpus."""
        if (owner := self.named(session).corpus) != corpus:
            said = f"Session s{session} belongs to the corpus '{owner}', not to '{corpus}'."
            raise UsageError(said, f"Add: --corpus {owner}")

    def named(self, session: int) -> Session:
        """One conversation as a list shows it. Raises NotThere."""
        for saved in self.saved():
            if saved.id == session:
                return saved
        raise NotThere(f"There is no session s{session}.", "List them with: footnote sessions list")

    def turns(self, session: int) -> list[tuple[str, Answer | None]]:
        """Questions and answers of a conversation in order; None where an answer never came or was erased."""
        if not self.path.exists():
            return []
        with self._file.begin() as connection:
            columns = sa.select(turns.c.question, turns.c.answer).where(turns.c.session == session)
            rows = connection.execute(columns.order_by(turns.c.number)).all()
        return [(row.question, None if row.answer is None else answer_from(row.answer)) for row in rows]

    def answer(self, place: Place) -> Answer:
        """The saved answer of a turn. Raises NotThere."""
        saved = self.turns(place.session)
        if not 1 <= place.turn <= len(saved):
            raise NotThere(f"There is no turn {place}.", "List the sessions with: footnote sessions list")
        answer = saved[place.turn - 1][1]
        if answer is None:
            why = "It was stopped, or quoted an article that was forgotten."
            raise NotThere(f"Turn {place} has no saved answer.", why)
        return answer

    def history(self, place: Place) -> tuple[list[tuple[str, Answer | None]], str]:
        """The turns of a conversation up to one that has an answer, and when that was asked, UTC. Raises NotThere."""
        self.answer(place)
        with self._file.begin() as connection:
            this = (turns.c.session == place.session, turns.c.number == place.turn)
            asked = connection.execute(sa.select(turns.c.asked).where(*this)).scalar_one()
        return self.turns(place.session)[: place.turn], str(asked)


def _marked(snippet: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A snippet without the signs around its hits, and the hits as offsets into it."""
    text, marks = "", []
    for piece in snippet.split("\x02"):
        hit, end, rest = piece.partition("\x03")
        if end and text + hit:
            marks.append((len(text), len(text) + len(hit)))
        text += hit + rest
    return text, tuple(marks)


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """A row with SQL's NULL for what it lacks, which JSON would write as a word."""
    return {name: sa.null() if value is None else value for name, value in row.items()}
