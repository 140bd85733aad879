"""Sync: make the record equal to the roots, then let each index catch up; the only writer of a corpus."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING

from store import families
from store.dense import Dense
from store.embed import Embedding
from store.errors import BadPath, CorpusLocked, CorpusMissing, FootnoteError, StoreError
from store.index import Index
from store.lexical import Lexical
from store.lock import writer
from store.outlets import Outlets
from store.progress import Report, steps
from store.record import FILE, Erasure, Record, Root, filling
from store.second import Second

if TYPE_CHECKING:
    from store.ingest import Summary

OFTEN = 0.2  # seconds after which the second process looks for more
LITTLE = 2_000  # changes that an index catches up with in about a second, without a word beforehand


@dataclass(slots=True)
class Sync:
    """One corpus as its writer sees it."""

    folder: Path
    embedding: Embedding
    report: Report | None = None
    erase: Callable[[set[str]], None] = lambda documents: None
    """Clears what was saved outside the corpus about articles that are forgotten."""
    outlets: Outlets = field(default_factory=Outlets)

    def ingest(self, paths: Iterable[Path] = (), *, yes: bool = False, dry_run: bool = False) -> "Summary":
        """Adds the roots named, syncs them (all roots where none is named), and lets the indexes catch up.

        Raises BadPath for a path that cannot be a root, CorpusLocked, DiskFull and the record's errors.
        """
        from store.ingest import Run  # with every format, which a question does without
        from store.prepare import Preparer
        from store.walk import checked_root

        wanted = [checked_root(path) for path in paths]
        is_new = not (self.folder / FILE).exists()
        if is_new and not wanted:
            raise CorpusMissing(f"There is no corpus at {self.folder}.", f"Make one with: {filling(self.folder.name)}")
        if is_new and dry_run:  # against an empty corpus that goes away again
            with TemporaryDirectory() as folder:
                Record(Path(folder), create=True).close()
                return Sync(Path(folder), self.embedding, self.report, outlets=self.outlets).ingest(paths, dry_run=True)
        with (
            writer(self.folder, "ingest"),
            closing(Record(self.folder, create=True)) as record,
            closing(Second()) as second,
        ):
            targets = [self._target(record, path, dry_run) for path in wanted]
            preparer = Preparer(second, None if dry_run else self.embedding)
            run = Run(record, self.report, self.outlets, preparer, yes=yes, dry_run=dry_run)
            targets = targets or [(root, "") for root in record.roots()]
            if dry_run:
                run.sync(targets)
            else:
                with self._beside(second):
                    with record.together():
                        run.sync(targets)
                    families.update(record)
                    self.level(record, Lexical(self.folder))
                self.level(record)
                try:
                    self._finish(record)
                except FootnoteError as error:  # no reason to keep new articles out
                    run.summary.problems.append(error)
            run.summary.passages = record.active_count()
            run.summary.undated = record.coverage().undated
            run.summary.families = record.family_count()
        return run.summary

    @contextmanager
    def _beside(self, second: Second) -> Iterator[None]:
        """Lets the second process, once it has been started, write the dense index as the record grows."""

        def write() -> None:
            while not second.process:
                if written.wait(OFTEN):
                    return
            with suppress(Exception), closing(Record(self.folder)) as record:  # `level` does again what fails
                dense.catch_up(record, written=lambda: written.wait(OFTEN))

        dense, written = Dense(self.folder, self.embedding, second), Event()
        thread = Thread(target=write)
        thread.start()
        try:
            yield
            written.set()
            thread.join()
        except BaseException:
            second.close()
            written.set()
            thread.join()
            raise

    def level(self, record: Record, *legs: Index, rebuild: bool = False) -> None:
        """Lets some indexes, or both, catch up with the record, or builds them anew."""
        for leg in legs or (Lexical(self.folder), Dense(self.folder, self.embedding)):
            total = record.last_seq() - (0 if rebuild else record.stamp(leg.name).applied)
            leg.catch_up(record, rebuild=rebuild, progress=steps(self.report, leg.label, total))

    def repair(self) -> None:
        """Rebuilds both indexes from the record."""
        with closing(Record(self.folder)) as record, writer(self.folder, "doctor --repair"):
            self.level(record, rebuild=True)
            self._finish(record)

    def forget(self, name: str) -> Erasure:
        """Erases a root (by name or path) or an article (by id), from the indexes too.

        Raises BadPath where nothing has that name; a part of an id is not enough to erase by.
        """
        if not name.strip():  # an empty path would mean the folder one stands in
            raise BadPath("An empty name was given.", "List what there is with: footnote sources")
        with closing(Record(self.folder)) as record, writer(self.folder, "forget"):
            path = Path(os.path.realpath(name))
            begun = [erasure for erasure in record.erasures() if name == erasure.name or str(path) == erasure.path]
            roots = [root for root in record.roots() if name == root.name or path == root.path]
            if roots and not begun:
                record.forget_root(roots[0])
            elif not begun:
                document = record.document(name)
                if document.id != name:
                    raise BadPath(
                        f"'{name}' is only the beginning of the id {document.id} ({document.title}).",
                        f"If you mean that article, run: footnote forget {document.id}",
                    )
                record.forget(document.id, document.title)
            erasure = (begun or record.erasures())[-1]
            self._finish(record)
        return erasure

    def finish(self) -> list[str]:
        """Finishes erasures that were cut short; returns what they forgot, in words."""
        with closing(Record(self.folder)) as record, writer(self.folder, "forget"):
            return [erasure.said for erasure in self._finish(record)]

    def _finish(self, record: Record) -> list[Erasure]:
        """Clears the traces of erased articles from log, indexes and whatever `erase` knows, then the notes of them."""
        erasures = record.erasures()
        if erasures:
            families.update(record)
            record.empty_log()
            self.level(record)
            Dense(self.folder, self.embedding).sweep(record, previous=False)
            self.erase({document for erasure in erasures for document in erasure.documents})
        for erasure in erasures:
            record.erased(erasure)
        return erasures

    def _target(self, record: Record, path: Path, dry_run: bool) -> tuple[Root, str]:
        """The root that a path names, new or known, and the part of it ("" for all)."""
        lifted = not dry_run and any(gone.path == str(path) for gone in record.exclusions())
        if lifted:
            record.lift_exclusion(path)
        for root in record.roots():
            if path.is_relative_to(root.path):
                below = "" if path == root.path else str(path.relative_to(root.path))
                if lifted:  # the file's other articles are as they were
                    record.restamp(root, below, "")
                return root, below
            if root.path.is_relative_to(path):
                raise BadPath(
                    f"{path} contains the root '{root.name}' ({root.path}).",
                    f"Take that root out first: footnote forget {root.name}",
                )
        return Root(-1, path.name or "root", path) if dry_run else record.add_root(path), ""


def mend(folder: Path, embedding: Embedding, notice: Callable[[str], None], report: Report | None = None) -> None:
    """Brings an index that is behind, missing or damaged level with the record, before a question is asked.

    It is told through `notice`. While another process writes, or if that fails, the index is left to `Search`, which
    answers without it. Raises the record's errors.
    """
    with closing(Record(folder)) as record:
        for index in (Lexical(folder), Dense(folder, embedding)):
            state = index.state(record)
            if not state:
                continue
            try:
                with writer(folder, "ask"):
                    behind = record.last_seq() - (record.stamp(index.name).applied if index.sound(record) else 0)
                    if behind > LITTLE:
                        notice(f"{state}; it is brought level first ({behind:,} passages)")
                    index.catch_up(record, progress=steps(report, index.label, behind))
                    notice(f"{state.replace(' is ', ' was ', 1)} and has been brought level")
            except CorpusLocked:
                notice(f"{state} and the corpus is being written; mend it later with: footnote doctor --repair")
            except StoreError as error:
                notice(f"{state} and could not be mended: {error.message}")
