"""People: the names of persons, and the bylines that name them; no roles, organisations or accounts."""

from __future__ import annotations

import re

LINE = 160  # most characters of a paragraph that is looked at whole
NAME = 60  # most characters of an author's name

PICTURE = re.compile(r"(?i)\b(?:photo|photograph|picture|image|archive|file|credit|illustration|graphic)s?\b")
_BYLINE = re.compile(
    r"(?:(?:Story|Words|Written|Text|Reported) )?[Bb][Yy]:? (?P<name>[^\W\d_][^\d\n|·•,]{1,90}?(?:, [^\d\n|·•,]{1,40}"
    r" and [^\d\n|·•,]{1,40})?)(?: ?[|·•,].*| in [A-Z].*|$)"
)
_BAR = re.compile(r"\s[|·•]\s")
_PARTICLE = frozenset("and von van der den de del della di da dos du la le el al bin ben af av ter ten y e i".split())
_NO_NAME = re.compile(
    r"\b(?:administrator|admin|user|owner|office|author|unknown|anonymous|guest|default|test|editors?|editorial|newsroom"
    r"|staff|desk|company|inc|ltd|the|post|times|news|herald|gazette|tribune|courier|press|agency|agencies|media|daily"
    r"|journal|magazine|ministry|university|reuters|afp|bloomberg|associated|institute|council|department|foundation"
    r"|association|services?|group|team|board|correspondents?|reporters?|writers?|radio|tv|wire|contributors?|network"
    r"|online|bbc|cnn|npr|super user|webmaster|redaktion|redaction|redazione)\b",
    re.IGNORECASE,
)
"""Words that no person's name has: roles, accounts, organisations."""
_BEHIND_NAMES = re.compile(
    r"\s+(?:in|for|at|of) (?=(?-i:[A-Z]))|\s[|–—-]\s|\b(?:published|updated|posted|photo\w*|pictures?|illustrat\w+)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\s*(?:(?:words by|written by|reported by|story by|posted by|interview by|by|author|text)\b|interview:|"
    r"(?:von|par|por)(?= (?-i:[A-Z]\S+ [A-Z])))[: ]*",
    re.IGNORECASE,
)
_CONNECT = re.compile(r"\s*(?:,|;|\||/|•|·|&|\band\b|\bwith\b|\n)\s*", re.IGNORECASE)


def parts(paragraph: str) -> list[str]:
    """The first lines of a paragraph, short ones cut at bars and dots; those about a picture are left out."""
    parts: list[str] = []
    for line in paragraph.split("\n")[:4]:
        if not PICTURE.search(line[:LINE]):
            parts += [part.strip() for part in (_BAR.split(line) if len(line) <= LINE else [line])]
    return parts


def byline(paragraph: str) -> str | None:
    """The name or names in a line "By …"."""
    for line in parts(paragraph):
        match = _BYLINE.match(line) if len(line) <= LINE and not line.rstrip().endswith((".", "!", "?")) else None
        if match and (name := person(match["name"])):
            return name
    return None


def person(line: str) -> str | None:
    """A line as the name of a person, or of several; None for the name of a program, an account or a file."""
    line = re.sub(r"(?i)^by\s+(?=\S)", "", " ".join(line.split())).strip(" ,;")
    words = [word for word in re.split(r"[\s,;&]+", line) if word]
    if not 2 <= len(words) <= 12 or len(line) > NAME or _NO_NAME.search(line) or re.search(r"[\d_@/\\:<>()]", line):
        return None
    if not all(word[0].isupper() or word.lower() in _PARTICLE for word in words):
        return None
    if line.isupper():
        line = line.title()
    return line if sum(word[0].isupper() for word in words) >= 2 else None


def people(lines: list[str], outlet: str) -> list[str]:
    """The names of persons in author lines: no "By", no roles, addresses or organisations."""
    names: list[str] = []
    for author in lines[:20]:
        author = re.sub(r"\s*[\(\[<][^)\]>]*[)\]>]", "", re.sub(r"[^\S\n]+", " ", author.strip())[:300])
        author = re.split(r"\s\d", _BEHIND_NAMES.split(author)[0])[0]
        author = author[label.end() :] if (label := _LABEL.match(author)) else author
        for part in _CONNECT.split(author):
            name = re.sub(r"(?i)^by\s+", "", part).strip(" .,:")
            known = {other.lower() for other in names}
            if (one := person(name)) and len(name.split()) <= 6 and name.lower() not in known | {outlet.lower()}:
                names.append(one)
    return names
