"""Sync: make the record equal to the roots, then let each index catch up; the only writer of a corpus."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from store import read as reading
from store.dense import Dense
from store.embed import Embedding
from store.errors import BadPath, CorpusMissing, RootMissing
from store.lexical import Lexical
from store.lock import writer
from store.read import SUFFIXES, Unreadable
from store.record import FILE, Erasure, Record, Root, Source, filling
from store.split import split

MANY = 1 / 3  # a larger share of a root's articles vanishing at once wants a word from the user


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one stage of a sync is: `done` of `total` steps ("reading", "word index", "meaning index")."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that gave no article, or gave one with something odd: its path and the reason."""

    path: str
    reason: str


@dataclass(slots=True)
class Summary:
    """What a sync did, in articles; `problems` are roots left alone, each an error with its next step."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Skipped] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)  # files of other kinds, by suffix
    problems: list[BadPath | RootMissing] = field(default_factory=list)
    withheld: bool = False  # so many files vanished that nothing was taken out without a word
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` erased: document ids, and the same in words."""

    documents: tuple[str, ...]
    said: str


Report = Callable[[Progress], None]
Erase = Callable[[set[str]], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A root with the part of it that this run looks at ("" for all)."""

    root: Root
    below: str = ""


class Sync:
    """One corpus as its writer sees it."""

    def __init__(
        self, folder: Path, embedding: Embedding, report: Report | None = None, erase: Erase = lambda documents: None
    ) -> None:
        """`erase` clears what was saved outside the corpus about articles that are forgotten."""
        self.folder = folder
        self.erase = erase
        self.embedding = embedding
        self.report = report or (lambda progress: None)

    def ingest(self, paths: Iterable[Path] = (), *, yes: bool = False, dry_run: bool = False) -> Summary:
        """Adds the roots named, syncs them (all roots where none is named), and lets the indexes catch up.

        Raises BadPath for a path that cannot be a root, CorpusLocked, DiskFull and the record's errors.
        """
        wanted = [_checked(path) for path in paths]
        if not wanted and not (self.folder / FILE).exists():
            raise CorpusMissing(f"There is no corpus at {self.folder}.", f"Make one with: {filling(self.folder.name)}")
        if dry_run and not (self.folder / FILE).exists():
            return self._rehearse(wanted)
        with writer(self.folder, "ingest"), _opened(self.folder, create=True) as record:
            if not dry_run:
                self._finish(record)
            targets = [self._target(record, path, dry_run) for path in wanted] or [
                Target(root) for root in record.roots()
            ]
            summary = Summary()
            for target in targets:
                if target.root.path.exists():
                    self._sync(record, target, summary, yes=yes, dry_run=dry_run)
                else:
                    summary.problems.append(_missing(target.root, "is missing"))
            if not dry_run:
                self.level(record)
            summary.passages = record.active_count()
        return summary

    def _rehearse(self, paths: Sequence[Path]) -> Summary:
        """A dry run where there is no corpus yet: against an empty one that goes away again."""
        with TemporaryDirectory() as folder, _opened(Path(folder), create=True):
            return Sync(Path(folder), self.embedding, self.report).ingest(paths, dry_run=True)

    def level(self, record: Record, *, rebuild: bool = False) -> None:
        """Lets both indexes catch up with the record, or builds them anew."""
        lexical, dense = Lexical(self.folder), Dense(self.folder, self.embedding)
        for leg, stage in ((lexical, "word index"), (dense, "meaning index")):
            total = record.last_seq() - (0 if rebuild else record.stamp(leg.name).applied)
            leg.catch_up(record, rebuild=rebuild, progress=self._steps(stage, total))
            leg.close()

    def _steps(self, stage: str, total: int) -> Callable[[int], None]:
        return lambda done: self.report(Progress(stage, done, max(total, done)))

    def repair(self) -> None:
        """Rebuilds both indexes from the record."""
        with _opened(self.folder) as record, writer(self.folder, "doctor --repair"):
            self.level(record, rebuild=True)
            self._finish(record)

    def forget(self, name: str) -> Forgotten:
        """Erases a root (by name or path) or an article (by id), from the indexes too.

        Raises BadPath where nothing has that name; a part of an id is not enough to erase by.
        """
        if not name.strip():  # an empty path would mean the folder one stands in
            raise BadPath("An empty name was given.", "List what there is with: footnote sources")
        with _opened(self.folder) as record, writer(self.folder, "forget"):
            path = Path(os.path.realpath(name))
            begun = [erasure for erasure in record.erasures() if name == erasure.name or str(path) == erasure.path]
            if not begun:
                self._erase(record, name, path)
            erasure = (begun or record.erasures())[-1]
            self._finish(record)
        return Forgotten(tuple(erasure.documents), erasure.said)

    def _erase(self, record: Record, name: str, path: Path) -> None:
        """Takes a root or an article out of the record, which notes that its traces are still to be cleared."""
        root = next((root for root in record.roots() if name == root.name or path == root.path), None)
        if root is not None:
            record.forget_root(root)
            return
        document = record.document(name)
        if document.id != name:
            raise BadPath(
                f"'{name}' is only the beginning of the id {document.id} ({document.title}).",
                f"If you mean that article, run: footnote forget {document.id}",
            )
        record.forget(document.id, document.title)

    def finish(self) -> list[str]:
        """Finishes erasures that were cut short; returns what they forgot, in words."""
        with _opened(self.folder) as record, writer(self.folder, "forget"):
            return [erasure.said for erasure in self._finish(record)]

    def _finish(self, record: Record) -> list[Erasure]:
        """Clears the traces of erased articles from log, indexes and whatever `erase` knows; then the notes of them."""
        erasures = record.erasures()
        if erasures:
            record.empty_log()
            self.level(record)
            Dense(self.folder, self.embedding).sweep(record, previous=False)
            self.erase({document for erasure in erasures for document in erasure.documents})
        for erasure in erasures:
            record.erased(erasure)
        return erasures

    # -- roots ---------------------------------------------------------------------------------

    def _target(self, record: Record, path: Path, dry_run: bool) -> Target:
        """The root that a path names, new or known; a path inside a root is that part of it."""
        if not dry_run:
            record.lift_exclusion(path)
        for root in record.roots():
            if path == root.path:
                return Target(root)
            if path.is_relative_to(root.path):
                return Target(root, str(path.relative_to(root.path)))
            if root.path.is_relative_to(path):
                raise BadPath(
                    f"{path} contains the root '{root.name}' ({root.path}).",
                    f"Take that root out first: footnote forget {root.name}",
                )
        return Target(Root(-1, path.name or "root", path) if dry_run else record.add_root(path))

    # -- one root ------------------------------------------------------------------------------

    def _sync(self, record: Record, target: Target, summary: Summary, *, yes: bool, dry_run: bool) -> None:
        root = target.root
        known = {k: v[0] for k, v in record.sources(root).items() if _inside(k, target.below)}
        closed: list[str] = []
        found = list(_files(root.path, target.below, summary, closed))
        if known and not found:
            summary.problems.append(_missing(root, "is suddenly empty"))
            return
        forgotten = {gone.path for gone in record.exclusions() if not gone.item}
        for number, inside in enumerate(found, 1):
            if str(root.path / inside) in forgotten:
                summary.skipped.append(
                    Skipped(inside or root.path.name, "it was forgotten; ingest it by name to read it again")
                )
            else:
                self._take(record, root, inside, known.get(inside), summary, dry_run)
            self.report(Progress("reading", number, len(found)))
        gone = sorted(set(known) - set(found))
        vanished = [path for path in gone if not any(_inside(path, part) for part in closed)]
        self._prune(record, root, vanished, len(known), summary, yes=yes, dry_run=dry_run)

    def _take(
        self, record: Record, root: Root, inside: str, known: Source | None, summary: Summary, dry_run: bool
    ) -> bool:
        """Reads one file into the record where it is new or changed; returns whether it holds an article."""
        path = root.path / inside if inside else root.path
        shown = inside or root.path.name
        try:
            stamp = _stamp(path)
            if known and known.stamp == stamp:
                summary.unchanged += 1
                return True
            result = reading.read(path, root=root.name, inside=inside)
        except Unreadable as reason:
            summary.skipped.append(Skipped(shown, str(reason)))
            return False
        except OSError as error:
            summary.skipped.append(Skipped(shown, f"it cannot be read ({(error.strerror or 'input error').lower()})"))
            return False
        summary.warnings.extend(Skipped(shown, warning) for warning in result.warnings)
        source = Source(inside, result.document.id, stamp, result.digest)
        if dry_run:
            state = "unchanged" if known and known.digest == result.digest else "changed" if known else "added"
        elif known and known.digest == result.digest and known.stamp.split(":")[0] == stamp.split(":")[0]:
            record.restamp(root, source)
            state = "unchanged"
        else:
            cuts = split(result.document.text, result.document.spans)
            state = record.put(result.document, cuts, root, source)
            state = "unchanged" if state == "same" else state
        setattr(summary, state, getattr(summary, state) + 1)
        return True

    def _prune(
        self,
        record: Record,
        root: Root,
        vanished: list[str],
        known: int,
        summary: Summary,
        *,
        yes: bool,
        dry_run: bool,
    ) -> None:
        """Retires the articles of vanished files, unless they are suspiciously many."""
        if len(vanished) > MANY * known and len(vanished) > 1 and not yes:
            summary.withheld = True
            summary.problems.append(
                BadPath(
                    f"{len(vanished)} of {known} files of '{root.name}' have vanished; none was taken out.",
                    "If that is right, run: footnote ingest --yes",
                )
            )
            return
        if dry_run:
            summary.removed += len(vanished)
            return
        for path in vanished:
            summary.removed += record.drop_source(root, path)
        for other in record.roots():  # files that share an article with a vanished one are read again
            for source in [s for items in record.sources(other).values() for s in items if not s.stamp]:
                self._take(record, other, source.path, source, Summary(), dry_run=False)


@contextmanager
def _opened(folder: Path, *, create: bool = False) -> Iterator[Record]:
    record = Record(folder, create=create)
    try:
        yield record
    finally:
        record.close()


def _checked(path: Path) -> Path:
    """A path that can be a root, without `~`, `..` and links, so that one folder is one root. Raises BadPath."""
    try:
        path = path.expanduser().resolve()
        there, folder = path.exists(), path.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise BadPath(f"{path} cannot be followed: {error}.", "Check the path.") from error
    if _unsayable(str(path)):
        raise BadPath(f"The name of {_shown(str(path))} is not valid UTF-8.", "Rename it.")
    if not there:
        raise BadPath(f"There is nothing at {path}.", "Check the path.")
    if not folder and not path.is_file():
        raise BadPath(f"{path} is neither a folder nor a file of text.", "Name a folder of .txt or .md articles.")
    if path.is_file() and path.suffix.lower() not in SUFFIXES:
        raise BadPath(f"{path} is not a kind of file that Footnote reads.", f"It reads: {', '.join(SUFFIXES)}")
    return path


def _missing(root: Root, how: str) -> RootMissing:
    return RootMissing(
        f"The root '{root.name}' ({root.path}) {how}; nothing was taken out.",
        f"Bring it back, or take it out with: footnote forget {root.name}",
    )


def _inside(path: str, below: str) -> bool:
    return not below or path == below or path.startswith(below + os.sep)


def _stamp(path: Path) -> str:
    """What tells a changed file from an unchanged one without reading it, and how it would be read."""
    info = path.stat()
    return f"r{reading.VERSION}:{info.st_size}:{info.st_mtime_ns}:{info.st_ctime_ns}"


def _unsayable(name: str) -> bool:
    """Whether a file's name holds bytes that are no UTF-8, which the record cannot keep."""
    return any("\ud800" <= letter <= "\udfff" for letter in name)


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _files(root: Path, below: str, summary: Summary, closed: list[str]) -> Iterator[str]:
    """Readable article files of a root, by their path inside it, in order; what is passed over is noted.

    What could not be looked into goes to `closed`: nothing in there counts as vanished.
    """
    start = root / below if below else root
    if start.is_file():
        yield below
        return

    def noted(error: OSError) -> None:
        shown = os.path.relpath(error.filename or str(start), root)
        closed.append("" if shown == "." else shown)
        summary.skipped.append(Skipped(shown, f"the folder cannot be opened ({(error.strerror or '').lower()})"))

    for folder, folders, names in os.walk(start, onerror=noted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            path = Path(folder) / name
            if path.is_symlink():
                reason = "it is a link to a folder, and those are not followed"
                summary.skipped.append(Skipped(_shown(str(path.relative_to(root))), reason))
        for name in sorted(names):
            path = Path(folder) / name
            if name.startswith("."):
                continue
            if path.suffix.lower() not in SUFFIXES:
                summary.ignored[path.suffix.lower() or name] = summary.ignored.get(path.suffix.lower() or name, 0) + 1
                continue
            inside = str(path.relative_to(root))
            try:
                reason = _refusal(path, root)
            except OSError as error:
                closed.append(inside)
                reason = f"it cannot be looked at ({(error.strerror or '').lower()})"
            if reason:
                summary.skipped.append(Skipped(_shown(inside), reason))
            else:
                yield inside


def _refusal(path: Path, root: Path) -> str:
    """Why a directory entry is not read, or nothing. Raises OSError where it cannot be looked at."""
    if _unsayable(str(path.relative_to(root))):
        return "its name is not valid UTF-8; rename it"
    try:
        real = path.resolve(strict=True)
    except (FileNotFoundError, RuntimeError):
        return "it is a link that leads nowhere or back to itself"
    if path.is_symlink() and not real.is_relative_to(root):
        return "it is a link that leads out of the root"
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
        return f"it is {next((name for test, name in kinds if test(mode)), 'a device')}, not a file"
    return ""
