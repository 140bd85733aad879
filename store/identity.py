"""Identity: which document an article is, by its address or its place, and whether two texts are one article."""

import hashlib
import re
import string
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ALIKE = 0.8  # least share of common words (Dice) of two texts under one address that are one article
FIGURES = 0.5  # the same for their figures: reports after one template differ in these alone


def place_id(root: str, path: str, item: str = "") -> str:
    """The id of an article by its root, its path in it, and its item in that file."""
    return _short(root, path, *filter(None, [item]))


def address_id(url: str) -> str:
    """The id of an article by its address, wherever its file lies."""
    return _short(canonical(url))


def _short(*key: str) -> str:
    """Ten characters of a-z and 2-7 for a key, the first a letter: never taken for a footnote's number."""
    digest = hashlib.sha256("\x1f".join(key).encode("utf-8", "surrogatepass")).digest()
    value, first = divmod(int.from_bytes(digest, "big"), 26)
    letters = string.ascii_lowercase + "234567"
    return string.ascii_lowercase[first] + "".join(letters[(value >> 5 * i) & 31] for i in range(9))


def digest(*parts: str | None) -> str:
    """A 32-digit hash of some strings, told apart from one another."""
    joined = "\x1f".join("" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def embedded(title: str, text: str) -> str:
    """The words of a passage that an embedder sees."""
    return f"{title}. {text}"


def canonical(url: str) -> str:
    """A URL in one form: no fragment, no campaign marks, host in lower case without `www`."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith("utm_")]
    host = parts.netloc.lower().removeprefix("www.")
    scheme = "https" if parts.scheme in ("http", "https") else parts.scheme
    return urlunsplit((scheme, host, parts.path.rstrip("/"), urlencode(kept), ""))


def alike(one: str, other: str) -> bool:
    """Whether two texts are near-identical: in their words, and in their figures."""
    first, second = (Counter(re.findall(r"\w+", text.lower())) for text in (one, other))
    figures = [Counter({word: n for word, n in words.items() if word[0].isdigit()}) for words in (first, second)]
    return dice(first, second) >= ALIKE and dice(*figures) >= FIGURES


def dice(first: Counter[str], second: Counter[str]) -> float:
    """Share of words that two bags have in common; 1 for two empty ones."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0
