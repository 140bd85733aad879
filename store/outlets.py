"""Outlets: one name for each, however it is spelled; the outlet that an address names; the form for comparing names.

Well-known names and hosts stand in `outlets.tsv`; the user's own come before them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.credits import AGENCIES, agency
from store.words import caseless

HOSTING = frozenset(
    "blogspot.com wordpress.com substack.com medium.com github.io gitlab.io blogger.com tumblr.com typepad.com ghost.io"
    " beehiiv.com weebly.com wixsite.com netlify.app vercel.app pages.dev herokuapp.com neocities.org livejournal.com"
    " squarespace.com webflow.io".split()
)
"""Hosts whose inner hosts are sites of different outlets; by themselves they name none."""
NO_OUTLETS = frozenset(
    "archive.org archive.today archive.ph archive.is archive.li archive.md archive.vn archive.fo googleusercontent.com"
    " google.com bing.com ampproject.org translate.goog facebook.com fb.com twitter.com x.com t.co youtube.com youtu.be"
    " instagram.com linkedin.com reddit.com t.me telegram.me threads.net tiktok.com bit.ly tinyurl.com ow.ly dlvr.it"
    " feedburner.com flip.it apple.news getpocket.com instapaper.com amazonaws.com cloudfront.net dropbox.com 12ft.io"
    "".split()
)
"""Hosts of archives, searches, networks and short links: what they show is another site's."""
_PRIVATE = frozenset("local localhost localdomain internal intranet lan home corp private invalid arpa onion".split())
"""Last parts of the names of machines that are no public site."""

LONGEST, ADDRESS = 300, 4_000  # most characters of a name and of an address that are looked into

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_SITE = re.compile(
    rf"(?:https?://)?(?:www\d?\.)*((?:{_LABEL}\.)+(?:[^\W\d_]{{2,24}}|xn--[a-z0-9-]{{2,59}}))(?::\d+)?/?"
)
"""The address of a site, in small letters, without a page."""
_WITHOUT_SCHEME = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_]{{2,24}}/|www\.", re.IGNORECASE)
_CACHED = re.compile(r"(?:^|[?&])q=cache:(?:[\w-]{6,20}:)?(?:https?://)?([^\s&+]+)")
_AMP = re.compile(r"/(?:amp/)?(?:[cviar]/)?s/([^\s/]+\.[^\s]+)")
_SNAPSHOT = re.compile(r"/(?:web/)?(?:\d{4,14}|\*)(?:[a-z]{2}_)?/([^\s]+)")
_DEPTH = 3  # addresses inside addresses that are followed

_FORMS = "|".join(re.escape(form) for forms in AGENCIES.values() for form in forms)
_AGENCIES = re.compile(
    rf"(?:(?:\s*[,/&]|\s+and|\s*,\s*and)\s+(?:other )?(?:news )?agencies|\s*\((?:via )?(?:{_FORMS})\))$", re.IGNORECASE
)
"""The credit of an agency behind an outlet's name."""


class Outlets:
    """The names of outlets: well-known ones, and before them the user's own by host or spelling.

    Outlets({"mysite.example": "My Site"}).name("www.mysite.example")  # "My Site"
    """

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        bare = {_key(_bare(spelling)): _bare(name) for spelling, name in (own or {}).items()}
        given = {key: name for key, name in bare.items() if key and name}
        self._own = {key: _last(given, key) for key in given}
        for name in list(self._own.values()):
            self._own.setdefault(_key(name), name)

    @property
    def mark(self) -> str:
        """A sign of the user's own names, nothing where there is none."""
        return sha256(repr(sorted(self._own.items())).encode("utf-8", "replace")).hexdigest()[:12] if self._own else ""

    def name(self, written: str) -> str:
        """The one name of an outlet as it is written somewhere; a host that is not known stays, without "www."."""
        if len(written) > LONGEST:
            return " ".join(written.split())
        line = _bare(written)
        key = _key(line)
        if own := _of(key, self._own):
            return own
        name = _of(key, _known()) or (key if _SITE.fullmatch(line.casefold()) else line)
        return _of(_key(name), self._own) or name

    def of_address(self, url: str) -> str | None:
        """The outlet of the site that an address leads to; None where it leads to no public site."""
        host = _host(url) if len(url) <= ADDRESS else None
        return self.name(host) if host else None


@lru_cache(maxsize=10_000)
def comparable(name: str) -> str:
    """The form of an outlet's name in which two are compared: well-known spellings of one outlet have the same."""
    return caseless(Outlets().name(name))


@lru_cache(maxsize=10_000)
def is_known(name: str) -> bool:
    """Whether a name, spelling or host is a well-known outlet's."""
    return len(name) <= LONGEST and _of(_key(name), _known()) is not None


@cache
def _known() -> dict[str, str]:
    """The names of well-known outlets by the keys of their hosts and spellings."""
    lines = Path(__file__).with_name("outlets.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {_key(spelling): row[0] for row in rows for spelling in row}


def _key(written: str) -> str:
    """A name in small letters; of a site's address its host."""
    line = " ".join(caseless(written).split())
    site = _SITE.fullmatch(line)
    return site[1] if site else line


def _last(names: Mapping[str, str], key: str) -> str:
    """The name at the end of a chain of names: each may have another one itself."""
    passed = {key}
    name = names[key]
    while (key := _key(name)) in names and key not in passed:
        passed.add(key)
        name = names[key]
    return name


def _of(key: str, names: Mapping[str, str]) -> str | None:
    """The name for a key; for a host also by the hosts that it lies in."""
    if key in names or "." not in key or not _SITE.fullmatch(key):
        return names.get(key)
    return next((names[host] for host in _hosts(key) if host in names), None)


def _hosts(host: str) -> Iterator[str]:
    """A host and those that it lies in, without the top-level domain."""
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels) - 1))


def _bare(written: str) -> str:
    """An outlet's name on one line, without the credit of an agency behind it."""
    line = " ".join(written.split()).strip(" ,;")
    while not agency(line) and (credited := _AGENCIES.search(line)) and line[: credited.start()].strip(" ,;"):
        line = line[: credited.start()].strip(" ,;")
    return line


def _host(url: str, depth: int = 0) -> str | None:
    """The host of the public site that an address leads to, also through an archive or a cache."""
    url = url.strip()
    if "://" not in url[:12] and _WITHOUT_SCHEME.match(url):
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        named = (parts.hostname or "").casefold()
    except ValueError:
        return None
    site = _SITE.fullmatch(named) if len(named) <= LONGEST else None
    if parts.scheme not in ("http", "https") or not site or site[1].rpartition(".")[2] in _PRIVATE:
        return None
    around = set(_hosts(named))
    if around & NO_OUTLETS:
        inner = _inner(url, named, parts.path, parts.query)
        return _host(inner, depth + 1) if inner and depth < _DEPTH else None
    return None if named in HOSTING or site[1] in HOSTING else site[1]


def _inner(url: str, host: str, path: str, query: str) -> str:
    """The address that an archive, a cache or a copy for telephones was made of; nothing where none is told."""
    if host.endswith("archive.org") or host.startswith("archive."):
        match = _SNAPSHOT.match(path)
    elif host.startswith("webcache."):
        match = _CACHED.search(unquote(query))
    elif "amp" in host or path.startswith("/amp/"):
        match = _AMP.match(path)
    else:
        return ""
    if not match:
        return ""
    inner = re.sub(r"^(https?):/{1,2}", r"\1://", match[1])
    return inner if "://" in inner else f"http://{inner}"
