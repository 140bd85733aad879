"""Authors: the names in an author line, without labels, roles and e-mail addresses; organisations are kept."""

import re

from store.credits import agency
from store.formats.people import person
from store.outlets import comparable, is_known

LONGEST = 300  # characters of a line that is looked into

_LABEL = re.compile(r"(?:(?:(?:story|words|written|reported|posted|text|article) )?by\b[: ]+)+(?=\S)", re.IGNORECASE)
_MAIL = re.compile(r"[(<\[]?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}[)>\]]?")
_APART = re.compile(r"\s*(?:;|\||•|·|\s&\s|\sand\s|\swith\s)\s*", re.IGNORECASE)
_HEADS = r"staff|writer|reporter|correspondent|editor|contributor|columnist|producer|administrator|admin|webmaster"
_ROLE = re.compile(
    rf"(?:(?:the|our|a|senior|chief|special|news|political|foreign|national|international|science|business|health"
    rf"|education|sports?|world|deputy|associate|assistant|managing|contributing|freelance|guest|digital|web|online"
    rf"|white house|diplomatic|economics|technology|environment|{_HEADS})\s+)*(?:{_HEADS})s?",
    re.IGNORECASE,
)
_OF_STAFF = re.compile(r"(.+?)\s+(?:staff|editors|contributors?|staff (?:writers?|reporters?))", re.IGNORECASE)
_DEGREE = re.compile(r"(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d)\.?", re.IGNORECASE)
_PLACE = re.compile(r"\s+in\s+[A-Z].*$")
_SURNAME = re.compile(r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|el|al|bin|ten|ter) ){0,3}[^\W\d_][\w'’-]*", re.I)
_GIVEN = re.compile(r"[^\W\d_][\w'’-]*(?: [^\W\d_](?:\.|[\w'’-]+)?)?\.?")


def names(line: str, outlet: str | None = None) -> str | None:
    """An author line as names joined by ", "; None where it names a role alone. A line of another kind stays."""
    line = " ".join(line.split())
    for _ in range(3):  # what stands behind a label or an address may have one itself
        cleaned = _names(line, outlet)
        if cleaned in (line, ""):
            break
        line = cleaned
    return cleaned or None


def _names(line: str, outlet: str | None) -> str:
    if len(line) > LONGEST:
        return line
    line = _MAIL.sub(" ", line)
    whole = re.fullmatch(r"\s*\(([^()]+)\)\s*", line)
    line = " ".join((whole[1] if whole else line).split()).strip(" ,;")
    line = _LABEL.sub("", line, count=1) if _LABEL.match(line) else line
    if re.search(r"[:\[\]{}\x00-\x1f]", line):
        return line
    pieces = [piece.strip(" ,") for piece in _APART.split(line) if piece.strip(" ,")]
    if pieces and all(map(_is_reversed, pieces)):
        parts = [" ".join(reversed(piece.split(", "))) for piece in pieces]
    else:
        parts = [part for piece in pieces for part in re.split(r"\s*,\s*", piece)]
    own = comparable(outlet or "")
    found: dict[str, str] = {}
    for part in filter(None, parts):
        if _DEGREE.fullmatch(part) and found:
            key, name = found.popitem()
            found[key] = f"{name} {part}"
        elif not _ROLE.fullmatch(part):
            name = _name(part, own)
            if not name:
                return line
            found.setdefault(name.casefold(), name)
    people = [name for name in found.values() if comparable(name) != own]
    return ", ".join(people or found.values())


def _name(part: str, own: str) -> str:
    """One name: of a person in the letters of names, of a known organisation as it stands; empty for anything else."""
    of_staff = _OF_STAFF.fullmatch(part)
    part = of_staff[1] if of_staff else part
    if _is_known(part) or comparable(part) == own:
        return part
    return person(_PLACE.sub("", part)) or ""


def _is_reversed(piece: str) -> bool:
    """Whether a piece is plainly one person, the surname first: "Doe, Jane"."""
    surname, comma, given = piece.partition(", ")
    both = bool(comma and _SURNAME.fullmatch(surname) and _GIVEN.fullmatch(given) and not _DEGREE.fullmatch(given))
    short = all(re.fullmatch(r"[A-Z]{2,3}", name) for name in (surname, given))  # NRK, SVT
    return both and person(f"{given} {surname}") is not None and not (short or _is_known(surname) or _is_known(given))


def _is_known(name: str) -> bool:
    """Whether a name is a news agency's or a well-known outlet's."""
    return agency(name) is not None or is_known(name)
