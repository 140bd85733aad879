"""Archives of XML, as Word writes them: parts unpacked within limits and given on as a stream of events."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import XMLParser

from store.formats.article import Unreadable

PART = 64 * 1024**2  # most bytes of one part once it is unpacked
RATIO = 200  # most times that a part of over a megabyte may have been packed
PARTS = 10_000  # most parts of an archive
DEPTH = 2_000  # most elements inside one another

_SPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}


class Parts:
    """The parts of an archive, unpacked within limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = set(archive.namelist()) if len(archive.infolist()) <= PARTS else set()
        if not self.names:
            raise Unreadable(f"it has {len(archive.infolist()):,} parts, as no document has")

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece; none where it is not there."""
        if name not in self.names:
            return
        info = self._archive.getinfo(name)
        if info.flag_bits & 1:
            raise Unreadable("it is encrypted; save it without a password")
        if info.file_size > PART or info.file_size > max(1024**2, RATIO * info.compress_size):
            raise Unreadable(f"it would unpack to {info.file_size / 1e6:,.0f} MB, as no document of its size does")
        with self._archive.open(info) as file:
            while piece := file.read(65_536):
                yield piece

    def parse(self, name: str, target: Events) -> None:
        """Gives a part's elements to a target."""
        target.depth = 0
        parser = XMLParser(target=target)
        empty = True
        for piece in self.stream(name):
            parser.feed(piece)
            empty = False
        if not empty:
            parser.close()


class Events:
    """What an XML parser calls; names are short ("w:p") and attributes bare ("val")."""

    depth = 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise Unreadable("its XML declares a document type, as no document does")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise Unreadable(f"its elements stand over {DEPTH:,} deep in one another")
        self.begin(_short(tag), {name.rpartition("}")[2]: value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.finish(_short(tag))

    def data(self, text: str) -> None: ...

    def begin(self, name: str, attributes: dict[str, str]) -> None: ...

    def finish(self, name: str) -> None: ...

    def close(self) -> None: ...


def _short(tag: str) -> str:
    """A tag's name with the usual prefix of its namespace."""
    space, _, name = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
    prefix = _SPACES.get(space, "")
    return f"{prefix}:{name}" if prefix else name
