"""Live blogs: each post is a part of the article with a time of its own, in the order of the page."""

import re
from collections import defaultdict
from datetime import date, timedelta

from store.formats.days import day
from store.formats.page.jsonld import Described, Update, types
from store.formats.page.lines import page_line
from store.formats.page.parse import Page, Region, parse
from store.formats.page.story import Line, Story, story

_LIVE = re.compile(r"live-?(?:blog|post|update|event|stream|story|feed)|\blive\b|ticker", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d\d))?\s?(?:([ap])\.?m\b\.?)?(?!\d|[:.]\d)", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.? ([A-Z][a-z]{2,8})\b|"
    r"\b([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?\b(?![:.]\d)"
)
MOST = 5_000  # posts of a page that are told apart
KEY = 30  # letters by which the beginning of a post is known again


def is_live(page: Page, data: Described) -> bool:
    """Whether a page says that it is a live blog."""
    if "LiveBlogPosting" in types(data.article):
        return True
    return sum(bool(_LIVE.search(region.names)) for region in page.regions[:5000]) > 1


def posts(page: Page, data: Described, found: Story, first: str | None, last: str | None) -> list[str]:
    """Gives each line of a live blog its post, and returns the time of each; none where there are no posts.

    `first` and `last` are the days between which the page was written.
    """
    if not is_live(page, data):
        return []
    updates = data.updates()[:MOST]
    told = _Told(updates)
    regions = _regions(page, found)[:MOST]
    if not regions and not any(told.by(line) for line in found.lines):
        return _from_data(found, updates)
    if not regions:
        return _by_text(found.lines, told)
    times: list[str] = []
    for number, region in enumerate(regions):
        lines = [line for line in found.lines if region.first <= line.number < region.last]
        for line in lines:
            line.post = number
        update = next(filter(None, map(told.by, lines)), None)
        times.append(_written(update.when if update else "") or _shown(page, region, first, last))
    return times


class _Told:
    """The posts of the data, by their headlines and by the beginnings of their texts."""

    def __init__(self, updates: list[Update]) -> None:
        self.headlines = {_key(update.headline): update for update in reversed(updates) if update.headline}
        plain = [(re.sub(r"<[^<>]{0,500}>", " ", update.body[:2000]), update) for update in reversed(updates)]
        self.bodies = {_key(text): update for text, update in plain if len(text.strip()) >= 20}

    def by(self, line: Line) -> Update | None:
        """The post whose headline a line is, or with which it begins."""
        return (self.headlines if line.kind == "heading" else self.bodies).get(_key(line.text))


def _key(text: str) -> str:
    """The first letters of a text, without case and signs."""
    return re.sub(r"[\W_]+", "", text[: 4 * KEY].lower())[:KEY]


def _regions(page: Page, found: Story) -> list[Region]:
    """The regions that are posts: the most telling group of neighbours of one kind, each with a time."""
    dated = {mark.block for mark in page.marks if mark.tag == "time"}
    dated |= {number for number in found.span if page_line(page.blocks[number].text) == "time stamp"}
    text = {line.number: len(line.text) for line in found.lines if not line.furniture}
    groups: dict[tuple[int, str], list[Region]] = defaultdict(list)
    for region in page.regions:
        if region.tag in ("html", "body", "main", "p", "td", "tr", "ul", "ol") or region.first < found.span.start:
            continue
        head = range(region.first, min(region.last, region.first + 4))
        if region.last <= found.span.stop and any(number in dated for number in head):
            groups[(region.parent, region.tag)].append(region)

    def size(group: list[Region]) -> int:
        return sum(text.get(number, 0) for region in group for number in range(region.first, region.last))

    several = [group for group in groups.values() if len(group) > 1 and size(group)]
    best = max(several, key=size, default=[])
    return [region for region in best if size([region])] if size(best) * 2 >= sum(text.values()) else []


def _by_text(lines: list[Line], told: _Told) -> list[str]:
    """Posts that no region holds: each begins at the line that tells it."""
    times: list[str] = []
    current: Update | None = None
    for line in lines:
        update = told.by(line)
        if update is not None and update is not current:
            current = update
            times.append(_written(update.when))
        line.post = len(times) - 1
    return times


def _from_data(found: Story, updates: list[Update]) -> list[str]:
    """Posts that only the structured data holds, set below what the page shows."""
    times: list[str] = []
    for update in updates:
        body = paragraphs(update.body)
        if not body:
            continue
        if update.headline:
            found.lines.append(Line("heading", update.headline, level=2, post=len(times)))
        for line in body:
            line.post = len(times)
            found.lines.append(line)
        times.append(_written(update.when))
    return times


def paragraphs(body: str) -> list[Line]:
    """The lines of a running text of structured data, which may hold markup."""
    if re.search(r"<(?:p|br|div)\b", body):
        return story(parse(body), [], whole=True).lines
    return [Line("paragraph", " ".join(part.split())) for part in re.split(r"\s*\n\s*", body) if part.strip()]


def _written(value: str) -> str:
    """A time of the data as day and clock, as it is written there."""
    iso = day(value)[0] if value else ""
    clock = re.search(r"[T ](\d\d):(\d\d)", value)
    return f"{iso}T{clock[1]}:{clock[2]}" if iso and clock else iso


def _shown(page: Page, region: Region, first: str | None, last: str | None) -> str:
    """The time that a post shows, with the day and year that the page leaves no doubt of; else empty."""
    inside = [mark for mark in page.marks if mark.tag == "time" and region.first <= mark.block < region.last]
    for mark in inside:
        if exact := _written(mark.attributes.get("datetime", "")):
            return exact
    words = [mark.text for mark in inside]
    head = page.blocks[region.first : min(region.last, region.first + 4)]
    words += [block.text for block in head if page_line(block.text) == "time stamp"]
    for text in words:
        if when := _moment(" ".join(text.split()), first, last):
            return when
    return ""


def _moment(text: str, first: str | None, last: str | None) -> str:
    """A time stamp in words ("10:40 pm, 21 Nov") as day and clock, the year being that of the page."""
    named = _DAY.search(text)
    low = date.fromisoformat(first) - timedelta(days=1) if first else None
    high = date.fromisoformat(last or first or "9999-12-30") + timedelta(days=1)
    iso = next((found for part in re.split(r"\s*[|·•]\s*|,? (?:at|updated) ", text) if (found := day(part)[0])), "")
    if not iso and named and low:
        number, month = (named[1], named[2]) if named[1] else (named[4], named[3])
        years = sorted({low.year, high.year})
        days = [day(f"{number} {month} {year}")[0] for year in years]
        fitting = [one for one in days if one and low <= date.fromisoformat(one) <= high]
        iso = fitting[0] if len(fitting) == 1 else ""
    if not iso and not named and first and (not last or first == last):
        iso = first
    clock = next((match for match in _CLOCK.finditer(text) if match[2] or match[3]), None)
    if not iso or not clock or int(clock[1]) > 23:
        return iso
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    return f"{iso}T{hour:02}:{clock[2] or '00'}"
