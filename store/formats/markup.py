"""HTML inside a field or a Markdown file: tags become paragraphs and lines, and only the words stay.

It is for fragments, which have no page around them. A text is read once, whatever it holds.
"""

import html
import re

from store.formats.letters import clean
from store.passage import Span

_ATTRIBUTES = r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_TAG = re.compile(
    rf"<(?:(?P<close>/?)(?P<name>[a-zA-Z][\w:-]{{0,40}})(?=[\s/>]){_ATTRIBUTES}>|(?P<note>!--)|[!?][^<>]*+>)"
)
_INLINE = "a|b|i|u|em|strong|span|img|sup|sub|small|cite|q|font|mark|abbr|time|code|br|iframe|script|style"
_BLOCKS = (
    "p|div|h1|h2|h3|h4|h5|h6|ul|ol|li|blockquote|figure|figcaption|section|article|aside|header|footer|nav|main|table"
    "|thead|tbody|tr|hr|pre|form|address|details|summary|center|dl|dt|dd|picture"
)
_MARKED = re.compile(rf"</?(?:{_INLINE}|{_BLOCKS})(?=[\s/>]){_ATTRIBUTES}>", re.IGNORECASE)
"""A tag that shows a text to be HTML: "x < y" and "<name>" do not."""
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})(?=[\s/>]){_ATTRIBUTES}>", re.IGNORECASE)
_LINES = frozenset("br li tr dt dd".split())
_PARAGRAPHS = frozenset(_BLOCKS.split("|")) - _LINES
_UNSEEN = frozenset("script style template noscript iframe svg object video audio select button head title".split())


def is_html(text: str) -> bool:
    """Whether a text holds tags of HTML."""
    return "<" in text and bool(_MARKED.search(text))


def tagless(text: str) -> str:
    """A Markdown text with its tags of HTML as Markdown: only its own white space and tags of blocks break lines."""
    return _read(text, _Writer(flows=False)).text


_SHORTCODE = re.compile(r"\[/?(?:caption|embed|gallery|video|audio|playlist|wp_caption)(?: [^\[\]]{0,300})?\]")
"""The marks by which WordPress calls for a picture or the like."""


def plain(text: str) -> tuple[str, tuple[Span, ...]]:
    """The words of an HTML fragment, a blank line between paragraphs, with its headings as spans.

    Its letters are the clean ones. A text without tags keeps its lines; escaped tags (`&lt;p&gt;`) are tags.
    """
    if not is_html(text):
        escaped = html.unescape(text) if "&lt;" in text else ""
        if not _BLOCK.search(escaped):
            return clean(text), ()
        text = escaped
    if "[/" in text or "[gallery" in text:
        text = _SHORTCODE.sub("", text)
    writer = _read(text, _Writer(flows=bool(_BLOCK.search(text))))
    return writer.text, tuple(writer.spans)


def _read(text: str, writer: "_Writer") -> "_Writer":
    """Gives the words and tags of a text to a writer, in order, without what a page does not show."""
    position, endless = 0, set[str]()
    for tag in _TAG.finditer(text):
        if tag.start() < position:
            continue
        name, closes = (tag["name"] or "").lower(), bool(tag["close"])
        writer.write(text[position : tag.start()])
        position = tag.end()
        end = "-->" if tag["note"] else f"</{name}" if name in _UNSEEN and not closes else ""
        if end and end not in endless:
            found = _find(text, end, position)
            if found < 0:
                endless.add(end)  # it is looked for once, not again from every tag of its name
            else:
                position = found
        writer.tag(name, closes=closes)
    writer.write(text[position:])
    writer.end_heading()
    return writer


def _find(text: str, end: str, start: int) -> int:
    """The offset after the closing mark `end` of an element that is not shown; -1 where there is none."""
    if end == "-->":
        found = text.find(end, start)
        return found + len(end) if found >= 0 else -1
    closing = re.compile(rf"{end}\s{{0,20}}>", re.IGNORECASE).search(text, start)
    return closing.end() if closing else -1


class _Writer:
    """Words and tags in order become text; `flows` where only tags break lines, and white space does not."""

    def __init__(self, *, flows: bool) -> None:
        self.flows = flows
        self.parts: list[str] = []
        self.length = 0
        self.end = "\n\n"  # the last two characters
        self.break_ = 0  # line ends that come before the next words
        self.space = False  # a space comes before the next words
        self.heading: tuple[int, str] | None = None  # start and level of the heading that is open
        self.spans: list[Span] = []

    def write(self, words: str) -> None:
        """Appends words between two tags."""
        words = clean(html.unescape(words), entities=False)
        if not self.flows:
            self._append(words.lstrip("\r\n") if self.end == "\n\n" else words)
            return
        line = " ".join(words.split())
        if words[:1].isspace():
            self.space = True
        if not line:
            return
        before = "" if not self.length else "\n" * self.break_ if self.break_ else " " if self.space else ""
        self._append(before)
        if self.heading and self.heading[0] < 0:
            self.heading = (self.length, self.heading[1])
        self._append(line)
        self.break_, self.space = 0, words[-1].isspace()

    def _append(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)
        self.end = (self.end + words[-2:])[-2:]

    def tag(self, name: str, *, closes: bool) -> None:
        """Heeds a tag: a break of a line or a paragraph, the start or the end of a heading."""
        if not self.flows:
            self._tag_in_lines(name, closes=closes)
            return
        if name in _PARAGRAPHS:
            self.break_ = 2
        elif name in _LINES:
            self.break_ = min(2, self.break_ + 1) if name == "br" else max(self.break_, 1)
        elif name in ("td", "th"):
            self.space = True
        if re.fullmatch(r"h[1-6]", name):
            self.end_heading()
            self.heading = None if closes else (-1, name[1])
        if name == "li" and not closes:
            self.write("- ")
            self.space = True

    def _tag_in_lines(self, name: str, *, closes: bool) -> None:
        """Heeds a tag in a text that has lines of its own."""
        if name == "br":
            self._append("\n")
        elif name == "li":
            self._append("" if closes else "\n- ")
        elif name in _PARAGRAPHS:
            self._append("" if self.end == "\n\n" else "\n" if self.end[-1:] == "\n" else "\n\n")
            if re.fullmatch(r"h[1-6]", name) and not closes:
                self._append("#" * int(name[1]) + " ")

    def end_heading(self) -> None:
        """Marks the heading that is open, up to here."""
        if self.heading and self.heading[0] >= 0:
            self.spans.append(Span(self.heading[0], self.length, "heading", self.heading[1]))

    @property
    def text(self) -> str:
        return "".join(self.parts)
