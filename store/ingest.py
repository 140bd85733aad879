"""Ingest: a root is read, what is new or changed in it goes into the record, what vanished is taken out."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

from store import formats
from store.authors import names
from store.errors import BadPath, FootnoteError, RootMissing
from store.formats import Article, Lost, Unreadable
from store.formats.manifest import Manifest, Manifests, Told
from store.formats.recurring import marked
from store.identity import address_id, alike, place_id
from store.outlets import Outlets
from store.passage import Document
from store.prepare import SHARED, Prepared, Preparer, told
from store.progress import Report, steps
from store.record import Record, Root, Source
from store.renames import Gone, article_digest
from store.walk import Skipped, Walk, cause, manifests, read_file, shown, stamp_of, walk

MANY = 1 / 3  # a larger share of a root's articles vanishing at once wants a word from the user
BATCH = 1_000  # articles that are read before they are written: lines that recur are learnt among them
TWICE = "its address is that of an article read before it, with nearly the same text; this text counts"
FORGOTTEN = "it was forgotten; ingest it by name to read it again"


@dataclass(slots=True)
class Summary:
    """The outcome of a sync, counted in articles."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Skipped] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)  # files of other kinds, by suffix
    problems: list[FootnoteError] = field(default_factory=list)  # roots left alone, each an error with its next step
    withheld: bool = False  # so many articles vanished that none was taken out without a word
    passages: int = 0
    undated: int = 0  # live articles without a date
    families: int = 0  # groups of articles that are copies of one another


@dataclass(slots=True)
class Walked:
    """A root, or a part of one: what the disk holds, what the record knows, what of that is gone or vanished."""

    root: Root
    found: Walk
    known: dict[str, list[Source]]
    gone: Gone
    vanished: list[Source] = field(default_factory=list)


class Run:
    """One run over roots: the record it writes to and the summary it fills."""

    def __init__(
        self,
        record: Record,
        report: Report | None,
        outlets: Outlets,
        preparer: Preparer,
        *,
        yes: bool,
        dry_run: bool,
    ) -> None:
        self.record, self.report, self.outlets, self.preparer = record, report, outlets, preparer
        self.yes, self.dry_run = yes, dry_run
        self.summary = Summary()
        self.excluded = {(gone.path, gone.document if gone.item else "") for gone in record.exclusions()}
        """Files that are not to be read, and articles in files of several, whose items may have moved since."""
        self.excluded_items = {(gone.path, gone.item) for gone in record.exclusions() if gone.item}
        """Items that are not to be read where no address names their article."""
        self.gone: list[Gone] = []  # for each root, or part of one, that is looked through
        self.added: set[str] = set()  # documents that are new in this run
        self.named: set[str] = set()  # metadata fields that a warning of this run has named
        self.holders: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        """The sources (root, path, item) of each document."""
        self.waiting: list[tuple[Root, Source, Article | None, Source | None]] = []
        """Articles that were read and are not written yet, each with its place and what stood there; None where a file
        is stamped after its articles."""
        self.roots = {root.name: root for root in record.roots()}
        self.manifests: dict[Path, Manifests] = {}  # by the path of the root
        for root in self.roots.values():
            for source in chain.from_iterable(record.sources(root).values()):
                self.holders[source.document].add((root.name, source.path, source.item))

    def sync(self, targets: Iterable[tuple[Root, str]]) -> None:
        """Makes the record equal to some roots, or to the part of each that is named beside it ("" for all).

        All are looked through before any file is read, for a file that is gone from one may lie in another.
        """
        every = [one for root, below in targets if (one := self._walk(root, below))]
        self.gone = [one.gone for one in every]
        for one in every:
            progress = steps(self.report, "reading", len(one.found.files))
            for number, inside in enumerate(one.found.files):
                progress(number)
                one.vanished += self._file(one.root, inside, one.known.get(inside, []))
            progress(len(one.found.files))
            self._write()
        for one in every:
            for path in sorted(one.known.keys() & one.gone.files.keys()):
                one.vanished += one.known[path]
            self._prune(one.root, one.vanished, sum(map(len, one.known.values())))

    def _walk(self, root: Root, below: str) -> Walked | None:
        """What a root holds, or a part of it, and what the record knows of it; None where nothing can be read."""
        if not root.path.exists():
            self._leave(root, "is missing")
            return None
        every = self.record.sources(root)
        known = {path: items for path, items in every.items() if Path(path).is_relative_to(below)}
        found = walk(root.path, below)
        self.summary.skipped += found.skipped
        self.summary.ignored.update(found.ignored)
        if known and not found.files:
            self._leave(root, "is suddenly empty")
            return None
        hidden = [path for path in every if any(Path(path).is_relative_to(part) for part in found.closed)]
        gone = {path: every[path] for path in every.keys() - {*found.files, *hidden}}
        return Walked(root, found, known, Gone(root, gone))

    def _leave(self, root: Root, how: str) -> None:
        """Notes a root of which nothing can be read: its articles stay."""
        message = f"The root '{root.name}' ({root.path}) {how}; nothing was taken out."
        hint = f"Bring it back, or take it out with: footnote forget {root.name}"
        self.summary.problems.append(RootMissing(message, hint))

    def _prune(self, root: Root, vanished: list[Source], known: int) -> None:
        """Retires vanished articles, unless they are suspiciously many."""
        if len(vanished) > MANY * known and len(vanished) > 1 and not self.yes:
            self.summary.withheld = True
            message = f"{len(vanished)} of {known} files of '{root.name}' have vanished; none was taken out."
            self.summary.problems.append(BadPath(message, "If that is right, run: footnote ingest --yes"))
            return
        if self.dry_run:
            self.summary.removed += len(vanished)
            return
        for source in vanished:
            self.summary.removed += self.record.drop_source(root, source.path, source.item)
        summary, self.summary = self.summary, Summary()  # what is read again is not counted
        for other in self.record.roots():  # files that lost an article, or share one with a lost file: read again
            for path, items in self.record.sources(other).items():
                if not all(source.stamp for source in items):
                    self._file(other, path, items)
        self._write()
        self.summary = summary

    def _file(self, root: Root, inside: str, known: list[Source]) -> list[Source]:
        """Reads a file into the record where it is new or changed; returns its sources that vanished."""
        path = root.path / inside if inside else root.path
        name = inside or path.name
        try:
            if (str(path), "") in self.excluded:
                raise Unreadable(FORGOTTEN)
            told = self._told(root, inside)
            told_elsewhere = told.mark + self.outlets.mark
            mark = f":{told_elsewhere}" if told_elsewhere else ""
            stamp = stamp_of(path.stat()) + mark
            if known and all(source.stamp == stamp for source in known):
                self.summary.unchanged += len(known)
                return []
            stamp, data = read_file(root.path, inside)
            digest = hashlib.sha256(data + mark.encode()).hexdigest()[:32]
            file = Source(inside, "", stamp + mark, digest)

            def parts() -> Iterator[Article | Lost]:
                return formats.parts(path, data, fields=told.fields)

            known = known or self._renamed(root, file, lambda: map(self._named, map(told.added, _read(parts()))))
            articles = map(told.added, self._parts(name, parts()))
            return self._articles(root, file, map(self._named, articles), known)
        except (Unreadable, OSError) as error:
            reason = f"it cannot be read ({cause(error)})" if isinstance(error, OSError) else str(error)
            self.summary.skipped.append(Skipped(shown(name), reason))
            return []

    def _renamed(self, root: Root, file: Source, articles: Callable[[], Iterator[Article]]) -> list[Source]:
        """The articles of a new file that had another name before, maybe in another root, now at its new place.

        None for a file that is new.
        """
        near = sorted(self.gone, key=lambda gone: gone.root.name != root.name)
        home, taken = next(((gone.root, it) for gone in near if (it := gone.taken(file, articles))), (root, None))
        if taken is None:
            return []
        before, sources = taken
        for gone in near:  # two parts of one root may both have missed it
            if gone.root.name == home.name:
                gone.files.pop(before, None)
        if not self.dry_run:
            self.record.move(home, before, root, file.path)
        old, new = str(home.path / before), str(root.path / file.path)
        for excluded in (self.excluded, self.excluded_items):
            excluded |= {(new, name) for path, name in excluded if path == old}
        for source in sources:
            self.holders[source.document].discard((home.name, before, source.item))
            self.holders[source.document].add((root.name, file.path, source.item))
        # Written again, so that each says where it lies now; a dry run only counts them as unchanged.
        return [replace(source, path=file.path, digest=source.digest if self.dry_run else "") for source in sources]

    def _told(self, root: Root, inside: str) -> Told:
        """What manifests tell of a file. What is wrong with a manifest is named in the summary."""

        def load(folder: str) -> list[Manifest]:
            read, skipped, odd = manifests(root.path, folder)
            self.summary.skipped += skipped
            self.summary.warnings += odd
            return read

        return self.manifests.setdefault(root.path, Manifests(load)).of(inside or root.path.name)

    def _named(self, article: Article) -> Article:
        """The article with outlet and author by their names; an outlet that it lacks is that of its address."""
        outlet = self.outlets.name(article.outlet or "") or self.outlets.of_address(article.url or "")
        return replace(article, outlet=outlet, author=names(article.author or "", outlet))

    def _parts(self, name: str, parts: Iterable[Article | Lost]) -> Iterator[Article]:
        """The articles of a file; what is lost of it is named in the summary."""
        for part in parts:
            if isinstance(part, Lost):
                self.summary.skipped.append(Skipped(f"{shown(name)}, {part.where}", part.reason))
            else:
                yield part

    def _articles(self, root: Root, file: Source, articles: Iterator[Article], known: list[Source]) -> list[Source]:
        """Writes the articles of a file as they are read; a file of several is stamped after the last of them."""
        before, items = {source.item: source for source in known}, set[str]()
        first, second = next(articles, None), next(articles, None)
        alone = second is None and all(source.item == first.item for source in known if first)
        as_read = "" if self.dry_run else f"r{formats.VERSION}:"
        written = False
        for article in chain(filter(None, (first, second)), articles):
            items.add(article.item)
            digest = article_digest(article) if article.item else file.digest
            place = Source(file.path, "", file.stamp if alone else "", digest, article.item)
            there = before.get(article.item)
            if there and there.digest == digest and there.stamp.startswith(as_read):
                self.summary.unchanged += 1
            else:
                self.waiting.append((root, place, article, there))
                written = True
            if len(self.waiting) >= SHARED:
                self.preparer.second.start()
            if len(self.waiting) >= BATCH:
                self._write()
        vanished = [source for item, source in before.items() if item not in items]
        if not vanished and not (alone and written):
            self.waiting.append((root, file, None, None))
        return vanished

    def _write(self) -> None:
        """Writes the articles that were read, with the lines that recur among them as furniture."""
        articles = [article for _, _, article, _ in self.waiting if article]
        progress = steps(self.report if articles else None, "preparing", len(articles))
        every = list(self.preparer.each(articles, progress))
        known = self.record.recurring() if every else {}
        read = zip(every, marked([one.article for one in every], known), strict=True)
        for root, place, article, there in self.waiting:
            if article:
                before, with_lines = next(read)
                one = before if with_lines is before.article else told([with_lines], self.preparer.embedding)[0]
                self._article(root, place, one, there)
            else:
                self._restamp(root, place.path, place.stamp)
        self.waiting = []

    def _article(self, root: Root, place: Source, one: Prepared, known: Source | None) -> None:
        """Writes one article at its place, under the id that is its own."""
        article = one.article
        path = root.path / place.path if place.path else root.path
        name = _shown((root.name, place.path or path.name, place.item))
        key, same_address = self._identity(root, place, article, known)
        item = "" if article.url else place.item
        if (str(path), key) in self.excluded or (str(path), item) in self.excluded_items:
            self.summary.skipped.append(Skipped(shown(name), FORGOTTEN))
            return
        unread = [field for field in article.unread if field not in self.named]
        self.named.update(unread)
        odd = [f"its fields that were not read: {', '.join(unread)}"] if unread else []
        odd += [f"its address is that of {same_address}, with another text; both are kept"] if same_address else []
        self.summary.warnings += [Skipped(name, warning) for warning in (*article.warnings, *odd)]
        if self.dry_run:
            state = "changed" if known else "added"
        else:
            document = Document(
                id=key, root=root.name, source=place.path or path.name, item=place.item, title=article.title,
                outlet=article.outlet, author=article.author, published=article.published, updated=article.updated,
                date_source=article.date_source, url=article.url, text=article.text,
                spans=(*article.spans, *one.events),
            )  # fmt: skip
            state = self.record.put(document, one.cuts, root, place)
            if state == "added":
                self.added.add(key)
            elif state == "changed" and key in self.added:
                self.summary.warnings.append(Skipped(name, TWICE))
                state = "repeated"
            if state != "same" and self.preparer.embedding:
                self.record.put_vectors(self.preparer.embedding.stamp, one.vectors)
            state = "unchanged" if state == "same" else state
            here = (root.name, place.path, place.item)
            self.holders[known.document if known else key].discard(here)
            self.holders[key].add(here)
        if state != "repeated":
            setattr(self.summary, state, getattr(self.summary, state) + 1)

    def _identity(self, root: Root, place: Source, article: Article, known: Source | None) -> tuple[str, str]:
        """The id of an article: of its address, else of root, path and item; no later change or new name alters it.

        Articles of one address are one document only where their texts are near-identical; else the second has the id
        of its place, and the first is named.
        """
        own = self._own(root, place, known)
        if not article.url:
            return own, ""
        shared = address_id(article.url)
        others = sorted(self.holders[shared] - {(root.name, place.path, place.item)})
        if not others:
            return (own if known and known.document == own else shared), ""
        first = self.record.document(shared)
        if alike(_story(article), _story(first)):
            return shared, ""
        if known and known.document == shared:  # it leaves the other, which is read again and stands for itself
            self._restamp(self.roots[others[0][0]], others[0][1], "")
        return own, _shown(others[0], beside=root.name)

    def _own(self, root: Root, place: Source, known: Source | None) -> str:
        """The id of an article by its place: that under which it is known, where that is not of an address.

        An article whose file had another name before keeps the id of that; a file that is new under the old name gets
        another one.
        """
        first = place_id(root.name, place.path, place.item)
        if known and known.document != first:
            url = self.record.document(known.document).url
            if not url or address_id(url) != known.document:
                return known.document
        here = {(root.name, place.path, place.item)}
        later = (place_id(root.name, place.path, f"{place.item}#{number}") for number in count(2))
        return next(key for key in chain([first], later) if self.holders[key] <= here)

    def _restamp(self, root: Root, path: str, stamp: str) -> None:
        if not self.dry_run:
            self.record.restamp(root, path, stamp)


def _read(parts: Iterable[Article | Lost]) -> Iterator[Article]:
    return (part for part in parts if isinstance(part, Article))


def _story(article: Article | Document) -> str:
    """The text of an article without its metadata."""
    return article.text[max((span.end for span in article.spans if span.start == 0), default=0) :]


def _shown(place: tuple[str, str, str], beside: str | None = None) -> str:
    """A source (root, path, item) for a summary; with its root where that is another than `beside`."""
    root, path, item = place
    name = f"{path or root}#{item}" if item else path or root
    return name if beside in (None, root) else f"{name} in {root}"
