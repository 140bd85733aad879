"""Saved conversations: every turn, the question before it is asked and the answer with its frozen quotes after."""

import re
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from bot.conversation import Answer, Place
from bot.errors import NotThere, SessionsDamaged, SessionsLocked, UsageError
from bot.show.plain import answer_from
from store.sqlite import Database, Schema, key, now, number, text

metadata = sa.MetaData()
sessions = sa.Table(
    "sessions",
    metadata,
    key("id", sa.Integer),
    *(text("corpus", index=True), text("title")),
    number("used"),  # grows with each turn, so that the last one used is known
    sqlite_autoincrement=True,
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("session", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    *(key("number", sa.Integer), text("asked"), text("question")),
    sa.Column("answer", sa.JSON),  # NULL until it has come
)
SCHEMA = Schema(metadata)


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation as a list shows it."""

    id: int
    corpus: str
    title: str
    turns: int
    asked: str  # when the last question came, UTC

    @property
    def name(self) -> str:
        return f"s{self.id}"


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

    @cached_property
    def _file(self) -> _File:
        """The open file, made where it is missing. Raises SessionsLocked, SessionsDamaged, FileRefused or DiskFull."""
        return _File(self.path, create=True)

    def close(self) -> None:
        if "_file" in self.__dict__:
            self._file.close()
            del self._file

    def begin(self, corpus: str, question: str, session: int | None = None) -> Place:
        """Saves a question before it is asked, in that session or a new one."""
        with self._file.begin(write=True) as connection:
            used = connection.execute(sa.select(sa.func.coalesce(sa.func.max(sessions.c.used), 0))).scalar_one() + 1
            if session is None:
                title = " ".join(question.split())[:120]
                row = sessions.insert().values(corpus=corpus, title=title, used=used).returning(sessions.c.id)
                session = int(connection.execute(row).scalar_one())
            else:
                connection.execute(sessions.update().where(sessions.c.id == session).values(used=used))
            last = sa.select(sa.func.coalesce(sa.func.max(turns.c.number), 0)).where(turns.c.session == session)
            number = connection.execute(last).scalar_one() + 1
            connection.execute(turns.insert().values(session=session, number=number, asked=now(), question=question))
        return Place(session, number)

    def finish(self, place: Place, answer: Answer) -> None:
        """Saves the answer to a question."""
        with self._file.begin(write=True) as connection:
            this = (turns.c.session == place.session, turns.c.number == place.turn)
            connection.execute(turns.update().where(*this).values(answer=asdict(answer)))

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
                    connection.execute(turns.update().where(*this).values(answer=sa.null()))
                    gone += 1
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
        with self._file.begin() as connection:
            rows = connection.execute(statement).all()
        return [Session(row.id, row.corpus, row.title, row.turns, row.asked) for row in rows]

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
        owner = next((saved.corpus for saved in self.saved() if saved.id == session), None)
        if owner is None:
            raise NotThere(f"There is no session s{session}.", "List them with: footnote sessions list")
        if owner != corpus:
            said = f"Session s{session} belongs to the corpus '{owner}', not to '{corpus}'."
            raise UsageError(said, f"Add: --corpus {owner}")

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
