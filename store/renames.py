"""Renames: a file that is gone and a new one of the same content, maybe in another root, are one file, whose articles
stay what they are."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from store.formats import Article
from store.record import Root, Source


class Gone:
    """The files of a root that a walk did not find, each with its articles; one of them may have a new name."""

    def __init__(self, root: Root, files: Mapping[str, list[Source]]) -> None:
        self.root = root
        self.files = dict(files)
        self._paths: dict[str, list[str]] = defaultdict(list)  # by the digest of each article
        for path, sources in self.files.items():
            for source in sources:
                self._paths[source.digest].append(path)
        self._of_several = any(source.item for sources in self.files.values() for source in sources)

    def taken(self, file: Source, articles: Callable[[], Iterable[Article]]) -> tuple[str, list[Source]] | None:
        """The former path and articles of a new file, which are no longer gone then; None for a file that is new.

        A file of several has `articles`, which are read where one of those that are gone had several: one tells of
        which file, and where size and time differ, all that was there must be there still, as it was.
        """
        paths = self._paths.get(file.digest, [])
        if self._of_several and not paths:
            known = (self._paths.get(article_digest(each), []) for each in articles())  # the first may be forgotten
            paths = next(filter(None, known), [])
            stamps = {path: {_look(one.stamp) for one in self.files.get(path, [])} for path in paths}
            alike = [path for path in paths if stamps[path] == {_look(file.stamp)}]
            if paths and not alike:
                read = {(each.item, article_digest(each)) for each in articles()}
                sources = {path: {(one.item, one.digest) for one in self.files.get(path, [])} for path in paths}
                alike = [path for path in paths if sources[path] <= read]
            paths = alike
        for path in paths:
            if path in self.files and not (self.root.path / path).exists():
                return path, self.files.pop(path)
        return None


def article_digest(article: Article) -> str:
    """The digest of an article as it was read."""
    return hashlib.sha256(repr(article).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _look(stamp: str) -> tuple[str, ...]:
    """The part of a file's stamp that a new name leaves as it is: how it would be read, its size, and its time."""
    return tuple(stamp.split(":")[:3])
