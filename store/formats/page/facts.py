"""Facts of a page: title, outlet, author, days, address, each from the surest place that names it.

The order of the places: JSON-LD of the article, `meta` elements, properties in the markup, the time beside the
headline, a dateline, the page's address.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin, urlsplit

from store.formats.days import day
from store.formats.facts import FIELDS, OUTLET
from store.formats.page.jsonld import Described, alike, text, types
from store.formats.page.parse import Mark, Page, line
from store.formats.page.story import Story

_OWN = """
published articlepublished parselypubdate sailthrudate dcdateissued dctermsissued dctermsdate dctermscreated btpubdate
published ptime pdate originalpublicationdate firstpublished cxensepublishtime ogpublishedtime ogarticlepublishedtime
updated ogupdatedtime articleupdated dctermsmodified dcdatemodified utime ogarticlemodifiedtime
author articleauthorname parselyauthor sailthruauthor byl dctermscreator bylineauthor
outlet ogsitename publisher dcpublisher dctermspublisher copyrightholder applicationname
title ogtitle twittertitle dctitle headline parselytitle sailthrutitle
"""
_META = {fact: set(FIELDS[fact]) if fact in ("published", "updated", "author") else set() for fact in FIELDS}
for _row in _OWN.split("\n"):
    for _name in _row.split()[1:]:
        _META[_row.split()[0]].add(_name)
_PUBLISHED_IN_PAGE = ("datePublished", "published", "pubdate", "entry-date")
_UPDATED = re.compile(r"updat|modif|last\b|revis", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_PATH = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?|[a-z]{3})[/-](\d\d?)(?=[/_.-]|$)|/((?:19|20)\d\d)(\d\d)(\d\d)/", re.IGNORECASE
)
_MONTH_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d?)(?=/|$)")
_WRITTEN = (
    r"(?:\d{4}-\d\d-\d\d|(?:[A-Z][a-z]{2,8}\.?,? )?(?:\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}|"
    r"[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_LABELLED = re.compile(
    rf"(?:(?P<label>[A-Za-z][A-Za-z ]{{0,24}}?)(?: on| at)?\s?:?\s{{0,3}})?(?P<day>{_WRITTEN})(?=$|[\s,.|·•)T–—-])"
)
_DATELINE = re.compile(rf"(?:[A-ZÀ-Þ][\w.'’-]*[, ]+){{1,6}}\(?(?P<day>{_WRITTEN})\)?[^.]{{0,30}}?(?:--|[–—:-])\s")
_ORGANISATION = re.compile(
    r"\b(?:staff|news|press|agency|agencies|desk|team|editors?|editorial|newsroom|board|correspondents?|reporters?|"
    r"writers?|reuters|afp|bloomberg|associated|media|magazine|times|post|herald|daily|journal|gazette|radio|tv|"
    r"service|services|wire|admin|administrator|contributors?|network|online|group|company|inc|ltd|bbc|cnn|npr|guest)\b",
    re.IGNORECASE,
)
_BEHIND_NAMES = re.compile(
    r"\s+(?:in|for|at|of) (?=(?-i:[A-Z]))|\s[|–—-]\s|\b(?:published|updated|posted|photo\w*|pictures?|illustrat\w+)\b",
    re.IGNORECASE,
)
_CONNECT = re.compile(r"\s*(?:,|;|\||/|•|·|&|\band\b|\bwith\b|\n)\s*", re.IGNORECASE)


@dataclass(slots=True)
class PageFacts:
    """The facts of a page, with a sentence for each oddity."""

    title: str = ""
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    date_source: str | None = None
    url: str | None = None
    warnings: list[str] = field(default_factory=list)


def metas(page: Page, fact: str) -> list[str]:
    """The contents of the `meta` elements that name a fact, as lines."""
    found = [(re.sub(r"[\W_]", "", name.lower()), content) for name, content in page.metadata if content]
    return [line(content) for name, content in found if name in _META[fact]]


def titles(page: Page) -> list[str]:
    """The titles that the head of a page gives, the surest first."""
    return [title for title in (*metas(page, "title"), page.title) if title]


def addresses(page: Page, given: str = "") -> list[str]:
    """The addresses that a page may have, the surest first."""
    named = [content for name, content in page.metadata if name.lower() in ("og:url", "twitter:url", "parsely-link")]
    bases = [url for url in (given, page.saved_from, *named) if url.startswith("http")]
    links = [page.canonical, *named, given, page.saved_from]
    found = [urljoin(bases[0], link) if bases and link and ":" not in link[:8] else link for link in links]
    found = [link for link in found if re.match(r"https?://[^\s/]", link) and len(link) < 2000]
    return sorted(dict.fromkeys(found), key=lambda link: not _path(link))


def _path(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path.strip("/") or parts.query


def facts(page: Page, data: Described, story: Story, given: str = "") -> PageFacts:
    """The facts of a page with its structured data and its story; `given` is the address from outside the page."""
    found = PageFacts()
    links = addresses(page, given)
    own = [text(data.article.get(key)) for key in ("url", "mainEntityOfPage", "@id")]
    links += [link for link in own if re.match(r"https?://[^\s/]+/[^#]", link)]
    found.url = links[0].split("#")[0] if links else None
    found.outlet = _outlet(page, data, found.url or "")
    found.title = _title(page, data, story, found.outlet or "", found.url or "")
    found.outlet = found.outlet or _outlet_behind(page.title, found.title)
    found.author = _author(page, data, story, found.outlet or "")
    _days(page, data, story, links, found)
    return found


def _outlet(page: Page, data: Described, url: str) -> str | None:
    """The name of the site, else of the publisher, else of what stands behind the title and in the address."""
    publishers = [text(node.get("name")) for node in data.people("publisher")]
    names = [name for name in (*metas(page, "outlet"), *publishers, data.site) if 0 < len(name) <= OUTLET]
    names = [
        name for name in names if not re.match(r"https?://|@|www\.", name) and name.lower() not in ("null", "none")
    ]
    if names:
        return names[0]
    try:
        host = re.sub(r"[^a-z0-9]", "", (urlsplit(url).hostname or "").lower())
    except ValueError:
        host = ""
    behind = _parts(page.title)[-1:] if len(_parts(page.title)) > 1 else []
    folded = re.sub(r"^the|[\W_]", "", behind[0].lower()) if behind else ""
    return behind[0] if folded and len(folded) > 2 and folded in host else None


def _outlet_behind(title: str, headline: str) -> str | None:
    """The outlet in a title "Headline | Outlet" of which the headline stands over the story."""
    parts = _parts(title)
    if len(parts) == 2 and parts[0] == headline and len(parts[1]) <= 40 and len(parts[1].split()) <= 5:
        return parts[1]
    return None


def _parts(title: str) -> list[str]:
    """A title cut at the signs that sites set before their names."""
    return [part.strip() for part in re.split(r"\s+[|–—·•»:-]\s+|\s*\|\s*", title) if part.strip()]


def without_outlet(title: str, outlet: str, url: str = "") -> str:
    """A title without the outlet's name, its section and such at its end or beginning."""
    host = re.sub(r"^www\.", "", url.split("/")[2].lower()) if url.count("/") > 2 else ""
    for _ in range(3):
        match = re.search(r"\s*(?:\||\s[–—·•»-])\s+([^|–—·•»]{2,80}|[^|]{2,60})$", title)
        if not match or not match.start():
            break
        tail = re.sub(r"[\W_]", "", match[1].lower())
        name = re.sub(r"[\W_]", "", outlet.lower())
        near = bool(name) and (tail in name or name in tail)
        if (
            not near
            and not (tail and tail in re.sub(r"\W", "", host))
            and not (match[0].strip().startswith("|") and name)
        ):
            break
        title = title[: match.start()].strip()
    if outlet and re.match(re.escape(outlet) + r"\s*[|:–—-]\s", title, re.IGNORECASE):
        title = title[len(outlet) :].lstrip(" |:–—-")
    return title


def _title(page: Page, data: Described, story: Story, outlet: str, url: str) -> str:
    """The headline: as it stands over the story where another place has it too, else as those places have it."""
    given = [text(data.article.get("headline")) or text(data.article.get("name")), *titles(page)]
    given = [without_outlet(line(title), outlet, url) for title in given if title]
    given = [title for title in given if title and title.lower() != outlet.lower()]
    headline = " ".join(story.title.split())
    if headline and (not given or any(alike(headline, title) for title in given)):
        return without_outlet(headline, outlet, url) if not given or headline not in given else headline
    return given[0] if given else headline


def _author(page: Page, data: Described, story: Story, outlet: str) -> str | None:
    """The names of the people who wrote the article."""
    nodes = [node for key in ("author", "creator") for node in data.people(key)]
    persons = [text(node.get("name")) for node in nodes if "Organization" not in types(node)]
    for candidates in (persons, metas(page, "author"), _bylines(page, story)):
        names = people(candidates, outlet)
        if names:
            return ", ".join(names)
    return None


def _bylines(page: Page, story: Story) -> list[str]:
    """Lines beside the headline that name an author, by their markup or their words."""
    zone = range(max(0, story.span.start - 8), story.opening + 1)
    lines = [
        block.text for block in story.head if re.match(r"(?i)(?:by|words by|written by|reported by)[: ]", block.text)
    ]
    marked: list[str] = []
    for mark in page.marks:
        names = (
            f"{mark.attributes.get('class', '')} {mark.attributes.get('rel', '')} {mark.attributes.get('itemprop', '')}"
        )
        if mark.block in zone and re.search(r"\b(?:author|byline)s?\b", names) and mark.tag != "time":
            marked.append(mark.text)
    for region in page.regions:
        if (
            region.first in zone
            and 0 < region.last - region.first <= 3
            and re.search(r"\b(?:byline|author)s?\b", region.names)
        ):
            marked += [page.blocks[number].text for number in range(region.first, region.last)][:1]
    near = [text for text in marked if people([text], "")]
    return near[:3] or lines[:1]


def people(lines: list[str], outlet: str) -> list[str]:
    """The names of persons in author lines: no "By", no roles, addresses or organisations."""
    names: list[str] = []
    for author in lines[:20]:
        author = re.sub(r"\s*[\(\[<][^)\]>]*[)\]>]", "", " ".join(author.split())[:300])
        author = _BEHIND_NAMES.split(author)[0]
        author = re.sub(
            r"(?i)^\s*(?:words by|written by|reported by|story by|posted by|by|author|text)\b[: ]*", "", author
        )
        for part in _CONNECT.split(author):
            name = re.sub(r"(?i)^by\s+", "", part).strip(" .,:")
            known = {other.lower() for other in names}
            if _is_person(name) and name.lower() not in known | {outlet.lower()}:
                names.append(_capitals(name))
    return names


def _is_person(name: str) -> bool:
    """Whether a line can be a person's name alone."""
    if re.search(r"[\d@:/#_]|\.(?:com|org|net)\b", name) or _ORGANISATION.search(name) or not 2 < len(name) <= 60:
        return False
    words = name.split()
    return 2 <= len(words) <= 6 and words[0][0].isupper() and words[-1][0].isupper()


def _capitals(name: str) -> str:
    """A name that is written in capitals, as names are."""
    return name.title() if name.isupper() else name


def _days(page: Page, data: Described, story: Story, links: list[str], found: PageFacts) -> None:
    """The day of publication and the day of the last change, each from the first place that names one."""
    odd: list[str] = []
    places = [
        ("JSON-LD", [data.value("datePublished")], [data.value("dateModified")]),
        ("page metadata", metas(page, "published"), metas(page, "updated")),
        *_marked(page, story),
        ("dateline", *_written(page, story)),
    ]
    days: list[tuple[str, str]] = []
    for source, first, later in places:
        for value in filter(None, first):
            iso, complaint = day(value)
            days += [(iso, source)] if iso else []
            odd += [f"'{value[:40]}' as its day in {source} {complaint}"] if complaint and not iso else []
        found.updated = found.updated or next((day(value)[0] for value in later if day(value)[0]), None)
    in_path = [iso for link in links if (iso := path_day(link))]
    if days:
        found.published, found.date_source = days[0]
    elif in_path:
        found.published, found.date_source = in_path[0], "address"
    if found.published:
        if days and in_path and abs(_ordinal(in_path[0]) - _ordinal(found.published)) > 2:
            told = f"it is dated {found.published} by its {found.date_source} and {in_path[0]} by its address"
            found.warnings.append(f"{told}; the first is taken")
    else:
        month = next((match for link in links if (match := _MONTH_PATH.search(_path_of(link)))), None)
        if month and 1 <= int(month[2]) <= 12:
            odd.append(f"its address names only a month ({month[1]}-{int(month[2]):02})")
        found.warnings += [f"{complaint}; the article counts as undated" for complaint in odd[:1]]
    if found.updated and found.published and found.updated < found.published:
        found.warnings.append(f"its last change ({found.updated}) lies before its publication; it is left out")
        found.updated = None


def _ordinal(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def _path_of(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def path_day(link: str) -> str:
    """The day in the path of an address; nothing where it names none."""
    match = _PATH.search(_path_of(link))
    if not match:
        return ""
    year, month, number = (match[1], match[2], match[3]) if match[1] else (match[4], match[5], match[6])
    if not month.isdigit():
        month = str(_MONTHS.index(month.lower()) + 1) if month.lower() in _MONTHS else "0"
    return day(f"{year}-{int(month)}-{int(number)}")[0]


def _marked(page: Page, story: Story) -> list[tuple[str, list[str], list[str]]]:
    """Days of properties in the markup, then of times beside the headline."""
    properties: tuple[list[str], list[str]] = ([], [])
    times: tuple[list[str], list[str]] = ([], [])
    zone = range(max(0, story.span.start - 8), story.opening + 1)
    for mark in page.marks:
        value = (
            mark.attributes.get("datetime")
            or mark.attributes.get("content")
            or mark.attributes.get("title")
            or mark.text
        )
        value = " ".join(value.split())
        if (mark.block < len(story.dead) and story.dead[mark.block]) or not day(value)[0] or _within(page, mark):
            continue
        names = " ".join(mark.attributes.get(key, "") for key in ("itemprop", "class")) + (
            " pubdate" if "pubdate" in mark.attributes else ""
        )
        if "dateModified" in names or _UPDATED.search(names + " " + mark.text):
            (properties if "dateModified" in names else times)[1].append(value)
        elif any(name in names for name in _PUBLISHED_IN_PAGE) and mark.block in range(
            zone.start, len(page.blocks) + 1
        ):
            properties[0].append(value)
        elif mark.tag == "time" and mark.block in zone:
            before = (
                page.blocks[mark.block].text.partition(mark.text.strip())[0] if mark.block < len(page.blocks) else ""
            )
            times[1 if _UPDATED.search(before[-24:]) else 0].append(value)
    for name, content in (
        (region.attributes.get("itemprop", ""), region.attributes.get("content", "")) for region in page.regions
    ):
        if name == "datePublished" and content:
            properties[0].append(content)
    return [("page markup", *properties), ("time beside the headline", *times)]


def _within(page: Page, mark: Mark) -> bool:
    """Whether a mark lies in the description of another thing: a video, a comment, a related story."""
    scopes = [region for region in page.above(mark.region) if "itemscope" in region.attributes]
    kind = scopes[0].attributes.get("itemtype", "") if scopes else ""
    return bool(kind) and not re.search(r"Article|Posting|WebPage|Blog", kind)


def _written(page: Page, story: Story) -> tuple[list[str], list[str]]:
    """Days that are written beside the headline, or in the dateline that opens the text."""
    first: list[str] = []
    later: list[str] = []
    for block in story.head:
        if len(block.text) > 160 or block.kind == "heading":
            continue
        for match in _LABELLED.finditer(block.text):
            (later if _UPDATED.search(match["label"] or "") else first).append(match["day"].replace(".,", ","))
    if story.opening < len(page.blocks):
        dateline = _DATELINE.match(page.blocks[story.opening].text)
        first += [dateline["day"]] if dateline else []
    return first, later
