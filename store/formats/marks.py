"""Marks of Markdown: a text as people read it, without the targets of links, emphasis and HTML; its headings as spans.

The marks that tools for notes add (wiki links, embedded files, call-outs) are marks too. Every pattern stops at the
next mark of its kind or at a blank line, so that a text is read once whatever it holds.
"""

import re

from store.formats.letters import clean
from store.formats.markup import is_html, tagless
from store.passage import Span

_BLANK = r"\n(?![ \t]*+\r?\n)"
_WORDS = rf"(?:[^\[\]\n]|{_BLANK})"
_TARGET = (
    r"\([ \t]{0,9}(?:<[^<>\n]{0,2000}>|[^\s()]{0,2000}+(?:\([^\s()]{0,300}+\)[^\s()]{0,300}+){0,4}+)"
    r"""(?:\s{1,9}(?:"[^"\n]{0,500}+"|'[^'\n]{0,500}+'|\([^()\n]{0,500}+\)))?+[ \t]{0,9}\)"""
)
_IMAGE = re.compile(rf"!\[{_WORDS}{{0,2000}}+\](?:{_TARGET}|\[[^\[\]\n]{{0,300}}\])|!\[\[[^\[\]\n]{{1,300}}\]\]")
_LINK = re.compile(rf"\[((?:{_WORDS}|\[[^\[\]\n]{{0,300}}+\]){{0,2000}}+)\]{_TARGET}")
_DEFINED = re.compile(r"(?<![^\r\n])[ \t]{0,3}\[(?!\^)([^\[\]\r\n]{1,300}+)\]:[ \t]{1,9}\S[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_REFERENCE = re.compile(rf"\[({_WORDS}{{1,2000}}+)\][ ]?\[([^\[\]\r\n]{{0,300}}+)\]")
_WIKI = re.compile(r"\[\[(?:[^\[\]|\n]{1,300}\|)?([^\[\]|\n]{1,300})\]\]")
_FOOTNOTE = re.compile(r"(?<![^\r\n])[ \t]{0,3}\[\^[^\[\]\s]{1,40}\]:[ \t]{0,9}|\[\^[^\[\]\s]{1,40}\]")
_ADDRESS = re.compile(r"<((?:https?://|mailto:|www\.)[^<>\s]{1,2000})>")
_COMMENT = re.compile(r"%%(?:[^%\n]|\n(?!\n)){1,4000}+%%")
_EMPHASIS = [
    re.compile(rf"(?<![\w\\]){mark}(?=[^\s{other}])((?:[^{other}\n]|{single}|{_BLANK}){{1,4000}}+)(?<=\S){mark}(?!\w)")
    for mark, other, single in (
        (r"\*\*\*", "*", r"(?!)"),
        (r"\*\*", "*", r"\*(?!\*)"),
        ("__", "_", "_(?!_)"),
        (r"~~", "~", r"~(?!~)"),
        ("==", "=", "=(?!=)"),
        (r"\*", "*", r"(?!)"),
        ("_", "_", r"(?<=\w)_(?=\w)"),
    )
]
"""Words in bold, italics, struck out or marked; the marks go, the words stay."""
_CODE = re.compile(r"(?<!`)(`{1,2})([^`\n]{1,1000}+)\1(?!`)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_LINE = re.compile(r"([^\r\n]*+)(\r\n|\r|\n|\Z)")
_QUOTED = re.compile(r"(?:[ \t]{0,3}>[ \t]?){1,9}(?:\[![\w-]{1,20}\][+-]?[ \t]?)?")
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]++(?=[^\s#])")
_UNDERLINE = re.compile(r"[ \t]{0,3}(=|-)\1{2,}[ \t]*+\Z")
_BLOCK_ID = re.compile(r"(?<=\S)[ \t]\^[\w-]{1,30}\Z")
_SHORT = 90  # most characters of a heading with a line under it


def plain(body: str) -> tuple[str, tuple[Span, ...]]:
    """A Markdown text without its marks, and its headings."""
    body = _ADDRESS.sub(r"\1", body)
    body = clean(tagless(body) if is_html(body) else body)
    if "%%" in body:
        body = _COMMENT.sub("", body)
    if "[" in body:
        body = _without_links(body)
    for pattern in _EMPHASIS:
        body = pattern.sub(r"\1", body)
    body = _CODE.sub(r"\2", body)
    return _lines(body)


def _without_links(body: str) -> str:
    """The text with the words of links in their place; images and the marks of footnotes are left out."""
    body = _LINK.sub(r"\1", _IMAGE.sub("", body))
    body = _WIKI.sub(r"\1", body)
    defined = {match[1].lower() for match in _DEFINED.finditer(body)}
    if defined:
        body = _DEFINED.sub("", body)
        body = _REFERENCE.sub(lambda link: link[1] if (link[2] or link[1]).lower() in defined else link[0], body)
    return _FOOTNOTE.sub("", body)


def _lines(body: str) -> tuple[str, tuple[Span, ...]]:
    """The text with the marks at the ends of its lines left out, and its headings."""
    parts: list[str] = []
    spans: list[Span] = []
    length = start = 0  # of the text so far, and of the line before
    above, fence = "", ""
    for match in _LINE.finditer(body):
        line, end = match[1], match[2]
        mark = line.strip()[:3]
        if mark in ("```", "~~~") and (not fence or mark == fence):
            fence = "" if fence else mark
            line = ""
        elif not fence:
            under = _UNDERLINE.match(line) if above else None
            if under and (under[1] == "=" or _is_heading(above, parts)):
                spans.append(Span(start, start + len(above), "heading", "1" if under[1] == "=" else "2"))
                line = ""
            quoted = _QUOTED.match(line)
            line = line[quoted.end() :] if quoted else line
            heading = _HEADING.match(line)
            if heading:
                line = _unhashed(line[heading.end() :])
            line = _ESCAPED.sub(r"\1", _BLOCK_ID.sub("", line) if " ^" in line else line)
            if heading and line:
                spans.append(Span(length, length + len(line), "heading", str(len(heading[1]))))
            above = "" if heading or under or quoted else line.strip() and line
        start = length
        parts += (line, end)
        length += len(line) + len(end)
    return "".join(parts), tuple(spans)


def _unhashed(words: str) -> str:
    """The words of a heading without the marks that may close it."""
    words = words.rstrip()
    bare = words.rstrip("#")
    return bare.rstrip() if bare != words and bare[-1:].isspace() else words


def _is_heading(line: str, parts: list[str]) -> bool:
    """Whether a line with dashes under it is a heading, and not the last line of a paragraph above a rule."""
    alone = len(parts) < 4 or not parts[-4].strip()  # parts are lines and their ends in turn
    return alone and len(line) <= _SHORT and line.rstrip()[-1:] not in ".!:;,”\"'"
