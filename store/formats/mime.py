"""MIME: the parts of a mail or of an archived page, found in one pass over the bytes of each level."""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

from store.formats.article import Unreadable

DEEPEST = 20  # levels of parts inside parts
MOST = 5_000  # parts of a file
HEADERS = 262_144  # most bytes of the headers of a part

_LINE = rb"[!-9;-~]{1,80}+:[^\r\n]*+\r?\n(?:[ \t][^\r\n]*+\r?\n)*+"
_BLANK = re.compile(rb"(?:\A|(?<=\n))\r?\n")


@dataclass(slots=True)
class Part:
    """A part: its headers, its body as bytes of the file, and the parts in it."""

    headers: Message
    body: bytes
    parts: list["Part"] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Its media type in lower case."""
        return self.headers.get_content_type()

    @property
    def charset(self) -> str:
        """The encoding that its headers name, or nothing."""
        return self.parameter("charset")

    @property
    def file_name(self) -> str:
        """The name of the file that it is, or nothing."""
        disposition = self.parameter("filename", "content-disposition") or self.parameter("name")
        return " ".join(disposition.split())[:100]

    @property
    def attached(self) -> bool:
        """Whether it is attached and not shown."""
        return self.header("content-disposition").lower().startswith("attachment")

    def header(self, name: str) -> str:
        """A header on one line, encoded words decoded; empty without one."""
        return decoded_words(self.raw(name))

    def raw(self, name: str) -> str:
        """A header as it stands there, its bytes beyond ASCII as UTF-8 or as Western letters."""
        value = next((value for key, value in self.headers.raw_items() if key.lower() == name), "")
        data = str(value).encode("utf-8", "surrogateescape")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter of a header, or nothing."""
        try:
            value = self.headers.get_param(name, "", header)
            value = value[2] if isinstance(value, tuple) else value
        except (ValueError, LookupError, TypeError):
            return ""
        return decoded_words(str(value or ""))

    def content(self) -> bytes:
        """Its body without the encoding for transfer; as far as it goes where that is broken."""
        coding = self.header("content-transfer-encoding").lower()
        if coding == "quoted-printable":
            return quopri.decodestring(self.body)
        if coding == "base64":
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", self.body)
            try:
                return base64.b64decode(
                    letters[: len(letters) // 4 * 4] + (letters[len(letters) // 4 * 4 :] + b"==")[:4]
                )
            except binascii.Error:
                return base64.b64decode(letters[: len(letters) // 4 * 4])
        return self.body

    def walk(self) -> Iterator["Part"]:
        """The parts without parts of their own, in order; a message inside is one."""
        if not self.parts or self.kind == "message/rfc822":
            yield self
        else:
            for part in self.parts:
                yield from part.walk()


def beginning(names: bytes) -> re.Pattern[bytes]:
    """A pattern for bytes that begin with headers of which one has such a name."""
    return re.compile(rb"\s{0,20}+(?:From [^\r\n]*+\r?\n)?(?:" + _LINE + rb"){0,100}?(?i:" + names + rb")")


def parsed(data: bytes) -> Part:
    """The parts of a file. Raises Unreadable where they are too many or too deep."""
    data = re.sub(rb"\A\s*(?:From [^\r\n:]*\r?\n)?", b"", data[:2000]) + data[2000:]
    return _part(data, 0, len(data), 0, [MOST])


def _part(data: bytes, start: int, end: int, depth: int, left: list[int]) -> Part:
    """The part that `data[start:end]` is."""
    left[0] -= 1
    if depth > DEEPEST or left[0] < 0:
        how = f"nested over {DEEPEST} deep" if depth > DEEPEST else f"over {MOST:,}"
        raise Unreadable(f"its parts are {how}")
    blank = _BLANK.search(data, start, min(end, start + HEADERS))
    if data[start : start + 1] in (b"\r", b"\n"):
        headers, body = b"", re.compile(rb"\r?\n?").match(data, start).end()  # type: ignore[union-attr] # it may be empty
    else:
        headers, body = (
            (data[start : blank.start()], blank.end()) if blank else (data[start : min(end, start + HEADERS)], end)
        )
    part = Part(BytesHeaderParser().parsebytes(headers), b"")
    boundary = part.parameter("boundary") if part.kind.startswith("multipart/") else ""
    if boundary:
        for low, high in _between(data, body, end, boundary):
            part.parts.append(_part(data, low, high, depth + 1, left))
    part.body = b"" if part.parts else data[body:end]
    if boundary and not part.parts:  # its boundary stands nowhere
        part.headers.replace_header("content-type", "text/plain")
    if part.kind == "message/rfc822" and part.body:
        inner = part.content()
        part.parts.append(_part(inner, 0, len(inner), depth + 1, left))
    return part


def _between(data: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """The stretches between the lines of a boundary; the last one may lack its end."""
    mark = re.compile(
        rb"(?:\A|\r?\n|(?<=\n))--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
    )
    low = -1
    for line in mark.finditer(data, start, end):
        if low >= 0:
            yield low, max(low, line.start())
        low = -1 if line[1] else line.end()
        if line[1]:
            return
    if low >= 0:
        yield low, end


def decoded_words(line: str) -> str:
    """A header on one line, its encoded words decoded."""
    line = re.sub(r"[\ud800-\udfff]", "\ufffd", " ".join(line.split()))
    if "=?" not in line or len(line) > 10_000:
        return line
    parts: list[str] = []
    try:
        for words, charset in decode_header(line):
            parts.append(words if isinstance(words, str) else words.decode(charset or "ascii", "replace"))
    except (HeaderParseError, LookupError, ValueError):
        return line
    return re.sub(r"[\ud800-\udfff]", "\ufffd", " ".join("".join(parts).split()))
