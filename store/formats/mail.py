"""Mail: a newsletter or any other message becomes an article: subject, sender, day, and its text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from store.formats.article import Article, Unreadable
from store.formats.days import day
from store.formats.html import finished
from store.formats.mime import Part, beginning, decoded_words, parsed
from store.formats.page.facts import PageFacts
from store.formats.page.lines import page_line
from store.formats.page.parse import clean, decode, parse
from store.formats.page.story import Line, story
from store.formats.people import people

BEGINS = beginning(rb"mime-version:|received:|message-id:|return-path:|delivered-to:|dkim-signature:")
COMMENT = 200  # characters of a message's own words up to which they only introduce the message that it holds

_PREFIX = re.compile(r"(?:(?:re|fwd?|aw|wg|sv|tr)\s?:\s*|\[[\w .-]{1,30}\]\s+(?=\S))+", re.IGNORECASE)
_FORWARDED = re.compile(
    r"-{2,}\s*(?:forwarded message|original message)\s*-{2,}|begin forwarded message:", re.IGNORECASE
)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr)\s?:", re.IGNORECASE)
_HEADER = re.compile(r"\*?(?:from|to|cc|date|sent|subject|reply-to)\s?:\*?\s.{0,300}", re.IGNORECASE)


def message(data: bytes) -> Iterator[Article]:
    """The article of a message, and one for each further message that is attached to it."""
    whole = parsed(data)
    articles = list(_articles(whole))
    if not articles:
        raise Unreadable("the message has no text")
    yield from articles


def _articles(whole: Part) -> Iterator[Article]:
    """The articles of a message: its own text, or that of the one message in it; other messages on their own."""
    parts = list(whole.walk()) if whole.kind != "message/rfc822" else [whole]
    inner = [part.parts[0] for part in parts if part.kind == "message/rfc822" and part.parts]
    lines, warnings = _lines(parts)
    own = sum(len(line.text) for line in lines if not line.furniture)
    if len(inner) == 1 and own <= COMMENT:
        for number, article in enumerate(_articles(inner[0])):
            yield _headed(article, whole, warnings) if number == 0 else article
        return
    if own:
        yield finished(lines, _facts_of_forwarded(lines, _facts(whole)), warnings)
    for number, message in enumerate(inner, 1):
        for article in _articles(message):
            yield replace(article, item=f"message {number}{' ' + article.item if article.item else ''}")


def _headed(article: Article, whole: Part, warnings: tuple[str, ...]) -> Article:
    """The article of a message that another one holds, under the headers of the outer one where it has them."""
    facts = _facts(whole)
    sent_on = _FORWARD.match(whole.header("subject")) or not facts.outlet
    if sent_on and article.published:  # by whom it was sent on, and when, is not of the article
        facts.outlet = facts.author = facts.published = None
    return replace(
        article,
        title=facts.title or article.title,
        outlet=facts.outlet or article.outlet,
        author=facts.author or article.author,
        published=facts.published or article.published,
        date_source="mail header" if facts.published or article.published else None,
        url=facts.url or article.url,
        warnings=tuple(dict.fromkeys((*warnings, *article.warnings))),
    )


def _facts_of_forwarded(lines: list[Line], facts: PageFacts) -> PageFacts:
    """The facts of the message that another one quotes, where that one's own words only introduce it."""
    heads = [number for number, line in enumerate(lines) if line.furniture == "mail header"]
    if not heads or sum(len(line.text) for line in lines[: heads[0]] if not line.furniture) > COMMENT:
        return facts
    headers = Message()
    for row in "\n".join(lines[number].text for number in heads).split("\n"):
        name, _, value = row.replace("*", "").partition(":")
        headers["date" if name.strip().lower() == "sent" else name.strip()] = value.strip()
    inner = _facts(Part(headers, b""))
    if not inner.published:
        return facts
    return replace(inner, title=facts.title or inner.title, url=facts.url)


def _facts(message: Part) -> PageFacts:
    """Title, sender, day and address from the headers."""
    facts = PageFacts(title=_PREFIX.sub("", message.header("subject"), count=1))
    facts.outlet, facts.author = _sender(message)
    written = message.header("date")
    facts.published = day(written)[0] or _parsed_day(written) or None
    facts.date_source = "mail header"
    if written and not facts.published:
        facts.warnings.append(f"'{written[:40]}' in its Date header is no date; the article counts as undated")
    for name in ("archived-at", "list-post"):
        link = message.header(name).strip("<> ")
        if re.match(r"https?://\S+$", link) and not facts.url:
            facts.url = link
    return facts


def _parsed_day(written: str) -> str:
    """The day of a date in a form of the old mail standards."""
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _sender(message: Part) -> tuple[str | None, str | None]:
    """The outlet and the author that a From line names: "Ida Roth at Quay News", a newsletter, a person."""
    name, address = (getaddresses([message.raw("from")[:1000]]) or [("", "")])[0]
    name = decoded_words(name).strip("\"' ")
    if not name or "@" in name:
        return None, None
    both = re.fullmatch(r"(.+?)\s+(?:at|from|for|\||/|@|-|–|—|via)\s+(.+)|(.+?)\s*,\s*(.+)", name)
    if both:
        first, second = (side.strip("'\"") for side in ((both[1], both[2]) if both[1] else (both[3], both[4])))
        if persons := people([first], ""):
            return second.strip(), ", ".join(persons)
    words = [word.lower() for word in re.findall(r"[^\W\d_]{2,}", name)]
    local = address.partition("@")[0].lower()
    listed = any(map(message.header, ("list-id", "list-unsubscribe", "list-post")))
    if not listed and people([name], "") and words and all(word in local for word in (words[0], words[-1])):
        return None, name
    return name, None


def _lines(parts: list[Part]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines of the parts that are shown, and a warning that names the attachments."""
    shown = [part for part in parts if part.kind in ("text/html", "text/plain") and not part.attached]
    files = [part.file_name for part in parts if part.attached and part.kind != "message/rfc822" and part.file_name]
    warnings: tuple[str, ...] = ()
    if files:
        named = ", ".join(files[:5]) + (f" and {len(files) - 5} more" if len(files) > 5 else "")
        warnings = (f"attached files are not read: {named}",)
    for kind in ("text/html", "text/plain"):
        lines: list[Line] = []
        told: tuple[str, ...] = ()
        for part in shown:
            if part.kind == kind and part.content().strip():
                try:
                    text, odd = decode(part.content(), part.charset)
                    lines += _of_page(text) if kind == "text/html" else list(_of_text(text, part))
                except Unreadable as reason:
                    odd = (f"a part of it was not read: {reason}",)
                told += odd
        if any(not line.furniture for line in lines):
            return lines, warnings + told
    return [], warnings


def _of_page(markup: str) -> list[Line]:
    """The lines of a message in HTML."""
    return _marked(story(parse(markup), [], whole=True).lines)


def _of_text(text: str, part: Part) -> Iterator[Line]:
    """The paragraphs of a message in plain text; lines that were wrapped are joined."""
    flowed = part.parameter("format").lower() == "flowed"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if flowed:
        text = re.sub(r"(?<!\n--)(?<=\S) \n(?=\S)", "" if part.parameter("delsp").lower() == "yes" else " ", text)
    if forwarded := _FORWARDED.search(text):  # what follows may be marked as a quotation, line by line
        text = text[: forwarded.end()] + re.sub(r"(?m)^> ?", "", text[forwarded.end() :])
    ended = False
    paragraphs: list[Line] = []
    for paragraph in re.split(r"\n[ \t]*\n\s*", text):
        lines = [clean(line).rstrip() for line in paragraph.strip("\n").split("\n")]
        ended = ended or lines[0].rstrip() in ("--", "__")
        wrapped = len(lines) > 1 and all(50 <= len(line) <= 80 for line in lines[:-1])
        joined = (" " if wrapped else "\n").join(lines).strip()
        if joined:
            paragraphs.append(Line("paragraph", joined, furniture="signature" if ended else page_line(joined)))
    yield from _marked(paragraphs)


def _marked(lines: list[Line]) -> list[Line]:
    """Lines of which the headers of a forwarded message are marked as such."""
    near = 0
    for line in lines:
        rows = line.text.split("\n")
        headers = sum(bool(_HEADER.fullmatch(row)) for row in rows)
        near = 8 if _FORWARDED.match(line.text) or (headers == len(rows) > 2) else near - 1
        if near > 0 and all(_FORWARDED.match(row) or _HEADER.fullmatch(row) for row in rows):
            line.furniture = "mail header"
    return lines
