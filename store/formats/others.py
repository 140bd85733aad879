"""Files of word processors that are not read, each named with what to do."""

import re
from typing import NoReturn

from store.formats.article import Unreadable

SUFFIXES = (".doc", ".odt", ".rtf", ".pages")
BEGINS = re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf\d")
"""Beginnings of an OLE file, which an old or an encrypted Word file is, and of rich text."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes) -> NoReturn:
    """No article: raises Unreadable, with the name of the kind."""
    if data.startswith(b"{\\rtf"):
        raise Unreadable("it is rich text, which is not read; save it as .docx or as plain text")
    if _ENCRYPTED in data:
        raise Unreadable("it is encrypted; save it without a password")
    if data.startswith(b"\xd0\xcf"):
        raise Unreadable("it is an old Word file (.doc), which is not read; save it as .docx")
    raise Unreadable("it is a file of a word processor that is not read; save it as .docx or PDF")
