"""Guards over roles: who did what to whom."""

from bot.reading.claims import Claims, read
from bot.reading.comparison import Comparison
from bot.reading.guards.names import named
from bot.reading.lists import listed
from bot.reading.token import Token
from store.words import STOP

_AUXILIARIES, _PLACING = listed("auxiliaries"), frozenset(("of", "in", "at", "from"))
_SAYS = frozenset(("said", "says", "wrote", "writes"))  # verbs before which or behind which their subject may stand


def swapped(compared: Comparison) -> bool:
    """Whether two names have changed places round a word that both texts share ("A beat B", "B beat A").

    For each such word the nearest name before it and after it in the span votes: for a swap where the sentence
    has that name on the other side only. A passive voice in one of the two texts turns the vote round.
    """
    claims, span = compared.claims, compared.span
    long = [place for place, name in claims.names if len(name) > 1]
    places = {place for place in long if not claims.tokens[place].first or named(compared, place)}
    places = {place for place in places if not _fronted(claims, place)}
    names = {claims.tokens[place].key for place in places}
    if len(names) < 2:
        return False
    votes = 0
    for place, token in enumerate(claims.tokens):
        if not token.content or place in places or _number_word(token):
            continue
        before = {claims.tokens[p].key for p in places if p < place}
        after = {claims.tokens[p].key for p in places if p > place}
        if not (before - after) or not (after - before) or _whose(claims, place):
            continue
        spots = [(row, at) for row in span for at, t in enumerate(row.tokens) if t.key == token.key]
        spots = [(row, at) for row, at in spots if not _whose(row, at)]
        for row, spot in spots if len(spots) <= 2 else ():
            flip = _passive(claims, place) != _passive(row, spot)
            votes += _vote(row, spot, *((after, before) if flip else (before, after)))
    return votes > 0


def _vote(row: Claims, spot: int, before: set[str], after: set[str]) -> int:
    """How many of the two nearest names round a place stand on the wrong side, less those on the right one."""
    names = [(place, row.tokens[place].key) for place, _ in row.names if row.tokens[place].key in before | after]
    left = [key for place, key in names if place < spot][-1:]
    right = [key for place, key in names if place > spot][:1]
    votes = 0
    for key, good, bad in [(k, before, after) for k in left] + [(k, after, before) for k in right]:
        votes += (key in bad - good) - (key in good - bad)
    return votes


def _passive(claims: Claims, place: int) -> bool:
    """Whether a word is followed by "by", at once or after a particle ("carried out by")."""
    after = [token.folded for token in claims.tokens[place + 1 : place + 3]]
    return after[:1] == ["by"] or (after[1:] == ["by"] and after[0] in ("out", "up", "off", "down", "for", "on"))


def _number_word(token: Token) -> bool:
    return token.raw[:1].isdigit() or bool(read(token.folded).numbers)


def _whose(claims: Claims, place: int) -> bool:
    """Whether the name behind a word tells whose, where or who says it: "teams in CONCACAF", "said Penman"."""
    after = claims.tokens[place + 1 : place + 2]
    inverted = claims.tokens[place].folded in _SAYS and any(token.capital for token in after)
    return inverted or any(token.folded in _PLACING for token in after)


def _fronted(claims: Claims, place: int) -> bool:
    """Whether a name belongs to an adverbial that opens its clause: "In Hawaii, waves came ashore"."""
    names = dict(claims.names)
    while place and (place in names or claims.tokens[place].folded == "the"):
        place -= 1
    opens = not place or claims.tokens[place - 1].folded == ","
    return opens and claims.tokens[place].folded in _PLACING


def reversed_verb(compared: Comparison) -> bool:
    """Whether a thing suffers here ("overruled their managers") what it did there, by the same form of a verb."""
    claims, span = compared.claims, compared.span
    for place, token in enumerate(claims.tokens):
        if not _active(claims, place):
            continue
        after, before = _sides(claims, place)
        for row in span:
            for spot, word in enumerate(row.tokens):
                if word.folded != token.folded or not _active(row, spot):
                    continue
                right, left = _sides(row, spot)
                if after & left and not after & right and not before & left:
                    return True
    return False


def _active(claims: Claims, place: int) -> bool:
    """Whether a word looks like a verb in the past that is neither passive nor a participle before its noun."""
    token = claims.tokens[place]
    if not token.folded.endswith("ed") or token.raw[:1].isupper() or place == 0:
        return False
    before = claims.tokens[place - 1].folded
    return (
        before not in _AUXILIARIES
        and before not in STOP - {"they", "he", "she", "it", "who", "which", "that"}
        and not _passive(claims, place)
    )


def _sides(claims: Claims, place: int) -> tuple[set[str], set[str]]:
    """The words after a place and before it, within its clause: two to each side."""
    sides: list[set[str]] = []
    for step in (1, -1):
        words: set[str] = set()
        at = place + step
        while 0 <= at < len(claims.tokens) and len(words) < 2 and claims.tokens[at].folded not in (",", "and", "after"):
            if claims.tokens[at].content:
                words.add(claims.tokens[at].key)
            at += step
        sides.append(words)
    return sides[0], sides[1]
