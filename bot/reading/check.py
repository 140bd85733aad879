"""Support: whether what a model wrote stands in the passages that it was given, and where.

Rules and word overlap only: no model and no network. The measures are those of the usual summary checkers: word
pairs and triples (Lin 2004, ROUGE-N), the longest common subsequence (ROUGE-L), the weighted share of unseen
words, for which a word near them counts in part; what overlap is blind to stands in `bot.reading.differ`.
`evals.fit.support` measures `score` on QAGS (Wang et al. 2020); the verdicts are measured in tests/test_support.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot.reading import Support
from bot.reading.claims import Claims, about, read
from bot.reading.differ import Word, added, missing, share, wanted
from bot.reading.near import kin, worth
from bot.reading.planted import planted, without
from bot.reading.quotes import normal
from store.passage import Document, Passage
from store.split import sentences

NO_SOURCE, OTHERWISE = "no source", "the articles say otherwise"
TO_A_MACHINE = "an article says this to a machine"  # and to no reader
WEIGHTS = {"seen": 0.55, "pairs": 0.15, "triples": 0.05, "common": 0.25}  # of `Window.fit`
OVERLAP = {"pairs": 0.3, "triples": 0.2, "common": 0.2, "seen": 0.2, "numbers": 0.1}  # of `score`
ENOUGH = 0.42  # from here on a window supports a paraphrase whose facts are all found
NEAR = 0.30  # from here on a window is about the same thing
BETTER = 0.12  # by how much a passage that was not cited must fit better
TRIED = 8  # windows that are measured in full
SPARE = 0.08  # how far behind the best window one may be that has more of the facts

_MARKER = re.compile(r"\s*(?:[\[【(]\s*P?\d{1,3}(?:\s*[,;–-]\s*P?\d{1,3})*\s*[\]】)])+(?=\s*[.!?]?[\"'”’)]*\s*$)")
_LAYOUT = re.compile(r"^\s*(?:[-*•>]\s+|\d{1,2}[.)]\s+)|\*\*|__|`")
_SOURCES = r"(?:articles?|passages?|sources?|texts?|documents?|excerpts?|reports?|information|context)"
_SILENT = re.compile(
    rf"\b{_SOURCES}\b[^.;:]{{0,40}}\b(?:do|does|did)(?: not|n't) (?:say|mention|give|state|specify|contain|provide|tell"
    rf"|cover|report|include|answer|explain|name)\b|\b(?:not|nothing|no)\b[^.;:]{{0,40}}\bin the"
    rf" (?:\w+ )?{_SOURCES}\b|^i (?:do not|don't|cannot|can't|could not|couldn't) (?:find|know|tell|answer|say)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?<!\w)[\"“„«]([^\"“”„«»]+)[\"”»]")
_LEFT_OUT = re.compile(r"\[[^\]]*\]|\.\.\.|…")  # "[the] plan", "we ... agreed"
_WORD = r"[^\W_]+(?:'[^\W_]+)*"
_BUT = re.compile(r"[;:]|\b(?:but|however|although|though|only that|they do)\b", re.IGNORECASE)
_JOINTS = re.compile(
    r";\s|,\s(?=(?:and|but|while|whereas|although|though|after|on a|with)\s)|\s(?=(?:whereas|while)\s)"
    r"|\s(?=(?:and|but)\s(?:was|were|is|are|had|has|have|then|later|also|\w+ed)\s)"
)
_AND = re.compile(r"(?:and|but|while|whereas|although|though|after)\s+")
_HEADLESS = re.compile(r"(?:was|were|is|are|had|has|have|then|later|also|on|with|\w+ed)\s")
_VERB = re.compile(r"\s(?:was|were|is|are|had|has|have|will|would|could|did|\w+ed)\s")
_CONTRADICTS = frozenset(("negation", "contrary", "hedged", "portion"))
_UNTOLD = frozenset(("clause", "quotation", "denial", "roles"))  # these do not show that an article says otherwise
_PRONOUNS = frozenset("he she it they his her its their him them".split())
_LEAD = re.compile(rf"\b(?:{_SOURCES}|following|here|summary|details?|points?|answer)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """One to three neighbouring sentences of a passage, with what they claim."""

    start: int
    end: int
    claims: tuple[Claims, ...]
    keys: frozenset[str]
    pairs: frozenset[tuple[str, ...]]
    triples: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """A window held against a sentence."""

    passage: Passage
    window: Window
    fit: float
    missing: tuple[str, ...] = ()  # what the sentence says and the window does not, or says otherwise
    otherwise: bool = False  # what is missing stands nowhere in the article, which tells of the same thing


class RuleChecker:
    """The checker by rules on words; see `judge`."""

    id = "rules-1"

    def check(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
        return judge(sentence, cited, found)


def judge(sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
    """The verdict on one written sentence by the passages it cites, else by any that were found.

    Where no one span carries it, each of its main clauses may have a span of its own. Paragraphs that speak to a
    machine carry nothing.
    """
    sound = {
        passage.id: replace(passage, text=without(passage.text))
        for passage in (*cited, *found)
        if planted(passage.text)
    }
    if sound:
        kept = _supported(sentence, [sound.get(p.id, p) for p in cited], [sound.get(p.id, p) for p in found])
        if kept.verdict == "unsupported" and _supported(sentence, cited, found).verdict in ("quoted", "supported"):
            return replace(kept, why=TO_A_MACHINE)
        return _in(kept, {passage.id: passage for passage in (*cited, *found)})
    return _supported(sentence, cited, found)


def _in(support: Support, passages: Mapping[int, Passage]) -> Support:
    """Support with its passages as they are."""
    passage = passages[support.passage.id] if support.passage else None
    return replace(support, passage=passage, others=tuple(_in(other, passages) for other in support.others))


def _supported(sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
    """The verdict by one span, or by one for each main clause."""
    whole = _judged(sentence, cited, found)
    parts = _parts(bare(sentence)) if whole.verdict == "unsupported" and whole.why != OTHERWISE else []
    if not parts:
        return whole
    alone = [_judged(part, cited, found) for part in parts]
    if any(part.verdict not in ("quoted", "supported") or part.passage is None for part in alone):
        return whole
    if len({part.passage.document.id for part in alone if part.passage}) > 1:
        return whole
    return replace(alone[0], verdict="supported", score=min(part.score for part in alone), others=tuple(alone[1:]))


def _parts(words: str) -> list[str]:
    """A sentence's main clauses, each with its subject; none where it has only one."""
    cuts = [0, *(cut.start() for cut in _JOINTS.finditer(words)), len(words)]
    pieces = [words[a:b].strip(" ,;") for a, b in pairwise(cuts)]
    if len(pieces) < 2:
        return []
    subject = _subject(pieces[0])
    pieces[1:] = [_AND.sub("", piece) for piece in pieces[1:]]
    return [pieces[0], *(f"{subject} {piece}" if _HEADLESS.match(piece) else piece for piece in pieces[1:])]


def _subject(clause: str) -> str:
    """The words of a clause before its verb, as far as that can be told."""
    verb = _VERB.search(clause)
    return clause[: verb.start()].rstrip(" ,") if verb and len(clause[: verb.start()].split()) <= 8 else ""


def _judged(sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
    others = [passage for passage in found if passage not in cited]
    words = bare(sentence)
    for text in dict.fromkeys((sentence, words, words.strip("\"'“”‘’"))):
        if (quoted := _quoted(text, [*cited, *others])) is not None:
            return quoted
    if claims_nothing(words):
        return Support("none", None)
    claims = read(words)
    capitals = _capitals([*cited, *others])
    best = _best(words, claims, cited, capitals, [*cited, *others])
    floor = _worth(best) + BETTER if best else -1.0
    other = _best(words, claims, others, capitals, [*cited, *others], floor)
    if other and _worth(other) > floor:
        best = other
    if best is None or best.fit < NEAR:
        return Support("unsupported", None, why=NO_SOURCE, score=best.fit if best else 0.0)
    place = (best.passage, best.passage.start + best.window.start, best.passage.start + best.window.end)
    if best.missing and best.fit >= ENOUGH and best.otherwise:
        return Support("unsupported", *place, OTHERWISE, best.fit)
    if best.fit < ENOUGH or best.missing:
        return Support("unsupported", *place, NO_SOURCE, best.fit)
    return Support("supported", *place, "", best.fit)


def score(sentence: str, passages: Sequence[Passage]) -> float:
    """How much of a sentence's wording its passages hold, 0..1: a measure without verdicts, for `evals.fit.support`."""
    claims = read(bare(sentence))
    held = [claim for passage in passages for window in windows(passage.text) for claim in window.claims[:1]]
    return sum(OVERLAP[name] * value for name, value in overlap(claims, held).items())


def overlap(claims: Claims, held: Sequence[Claims]) -> dict[str, float]:
    """The measures of `score`, each in [0, 1]: against the best sentence, or against all of them together."""
    pairs, triples = frozenset(_grams(claims.keys, 2)), frozenset(_grams(claims.keys, 3))
    told = frozenset(key for claim in held for key in claim.keys)
    values = {value for claim in held for value, _ in claim.numbers} | {str(d) for claim in held for _, d in claim.days}
    everywhere = frozenset(gram for claim in held for gram in _grams(claim.keys, 3))
    found = [value in values for value, _ in claims.numbers]
    return {
        "pairs": max((len(pairs & frozenset(_grams(c.keys, 2))) for c in held), default=0) / (len(pairs) or 1),
        "triples": len(triples & everywhere) / (len(triples) or 1),
        "common": max((_common(claims.keys, claim.keys) for claim in held), default=0) / (len(claims.keys) or 1),
        "seen": share(wanted(claims, {}), told),
        "numbers": sum(found) / len(found) if found else 1.0,
    }


def bare(sentence: str) -> str:
    """A sentence without the citation markers at its end, list bullets and emphasis."""
    return _MARKER.sub("", _LAYOUT.sub("", sentence)).strip()


def claims_nothing(words: str) -> bool:
    """Whether a sentence asserts nothing: a question, heading, lead-in, or "the articles do not say"."""
    tokens = read(words).tokens
    if not any(token.key for token in tokens) or words.startswith("#") or words.endswith("?"):
        return True
    one = sum(token.content for token in tokens) <= 1 and len(tokens) <= 3 and words.isascii()
    if one and not read(words).numbers and not any(token.capital and not token.first for token in tokens):
        return True  # "Done."
    if _SILENT.search(words) and not _BUT.search(words):
        return not read(words).numbers
    if words.endswith(":"):
        names = [place for place, _ in read(words).names if not tokens[place].first]
        return bool(_LEAD.search(words)) and len(tokens) <= 16 and not read(words).numbers and len(names) <= 2
    heading = len(tokens) <= 3 and words[-1].isalpha() and not read(words).numbers
    return heading and not any(token.capital for token in tokens[1:])


# -- quotes --------------------------------------------------------------------------------------


def _quoted(text: str, passages: Sequence[Passage]) -> Support | None:
    """The whole text as one or more whole sentences of a passage, alike but for case, quotes, dashes, spaces.

    Half an article's sentence is no quote: what stood before it may deny it.
    """
    wanted = normal(text)[0].strip()
    if not any(letter.isalnum() for letter in wanted):
        return None
    for passage in passages:
        pieces = _pieces(passage.text)
        for first, (start, _, head) in enumerate(pieces):
            if not wanted.startswith(head):
                continue
            for _, end, _ in pieces[first:]:
                held = normal(passage.text[start:end])[0].strip() if end - start <= 2 * len(text) + 20 else ""
                if held == wanted:
                    return Support("quoted", passage, passage.start + start, passage.start + end, score=1.0)
                if len(held) >= len(wanted) or not held:
                    break
    return None


@lru_cache(maxsize=512)
def _pieces(text: str) -> tuple[tuple[int, int, str], ...]:
    """A passage's sentences: start, end and normalised text."""
    return tuple((start, end, normal(text[start:end])[0].strip()) for start, end in sentences(text))


def misquoted(words: str, texts: Sequence[str]) -> bool:
    """Whether two or more words in quotation marks stand in none of the texts, alike but for case and punctuation."""
    held = [_spaced(text) for text in texts]
    for match in _SAID.finditer(words):
        for piece in map(_spaced, _LEFT_OUT.split(match[1])):
            if len(piece.split()) > 1 and not any(piece in text for text in held):
                return True
    return False


@lru_cache(maxsize=512)
def _spaced(text: str) -> str:
    """A text's words alone, a space before and after each."""
    return f" {' '.join(re.findall(_WORD, normal(text)[0]))} "


def _texts(document: Document, passages: Sequence[Passage]) -> list[str]:
    return [document.title, *(passage.text for passage in passages if passage.document.id == document.id)]


# -- alignment -----------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def windows(text: str) -> tuple[Window, ...]:
    """Every run of one to three sentences of a passage."""
    spans = [(start, end, read(text[start:end])) for start, end in sentences(text)]
    found = []
    for first in range(len(spans)):
        for size in range(1, min(3, len(spans) - first) + 1):
            part = spans[first : first + size]
            claims = tuple(claim for _, _, claim in part)
            keys = [claim.keys for claim in claims]
            found.append(Window(part[0][0], part[-1][1], claims, frozenset().union(*keys),
                                frozenset(g for k in keys for g in _grams(k, 2)),
                                frozenset(g for k in keys for g in _grams(k, 3))))  # fmt: skip
    return tuple(found)


def _grams(keys: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(keys[shift:] for shift in range(size)), strict=False)


@lru_cache(maxsize=512)
def _facts(title: str, outlet: str | None, published: str | None) -> tuple[Claims, ...]:
    """What an article's title, outlet and published day claim."""
    return read(title), read(outlet or ""), about(published)


def _article(document: Document) -> tuple[Claims, ...]:
    return _facts(document.title, document.outlet, document.published)


def _before(passage: Passage, window: Window, passages: Sequence[Passage]) -> tuple[Claims, ...]:
    """The sentence before a window that says "he", "they" or the like; it may end the passage before."""
    if not any(token.folded in _PRONOUNS for claim in window.claims for token in claim.tokens):
        return ()
    own = [other.claims[0] for other in windows(passage.text) if len(other.claims) == 1 and other.end <= window.start]
    if not own:
        earlier = [p for p in passages if p.document.id == passage.document.id and p.end <= passage.start]
        nearest = max(earlier, key=lambda p: p.end, default=None)
        own = [other.claims[0] for other in windows(nearest.text) if len(other.claims) == 1] if nearest else []
    return tuple(own[-1:])


@lru_cache(maxsize=512)
def _told(text: str) -> tuple[tuple[str, str], ...]:
    """The content words of a passage, each with its key; no names."""
    claims = (claim for window in windows(text) for claim in window.claims[:1])
    tokens = (token for claim in claims for token in claim.tokens if token.content and token.raw.islower())
    rows = {(token.folded, token.key): None for token in tokens}
    return tuple(row for row in rows if row[1].isalpha())


def _best(
    words: str,
    claims: Claims,
    passages: Sequence[Passage],
    capitals: frozenset[str],
    everything: Sequence[Passage],
    floor: float = -1.0,
) -> Match | None:
    """The best window of some passages: the best fit, or one little worse in which more facts are found.

    Of `everything` those of the same article tell names in full, quotations and what the article says elsewhere.
    None where none fits better than `floor`.
    """
    near = kin(
        [token.folded for token in claims.tokens if token.content and token.key.isalpha()],
        [_told(p.text) for p in passages],
    )
    looked_for, pairs = wanted(claims, near), frozenset(_grams(claims.keys, 2))
    ranked = []
    for passage in passages:
        told = frozenset(key for claim in _article(passage.document) for key in claim.keys)
        for window in windows(passage.text):
            held = share(looked_for, window.keys, told) + 0.3 * len(pairs & window.pairs) / (len(pairs) or 1)
            if len(window.claims) == 1 or _adds(looked_for, claims, window):
                ranked.append((held - 0.01 * len(window.claims), passage, window))
    ranked.sort(key=lambda row: (-row[0], row[2].end - row[2].start))
    fits = [
        (_fit(claims, looked_for, window, passage.document), passage, window) for _, passage, window in ranked[:TRIED]
    ]
    top = max((fit for fit, _, _ in fits), default=0.0)
    if top <= floor:
        return None
    close = []
    for fit, passage, window in fits:
        if fit >= top - SPARE:
            match = Match(passage, window, fit)
            lacks = tuple(_lacking(words, claims, match, everything, capitals, near))
            if lacks:
                more = _whole(passage.document, everything)
                elsewhere = set(_lacking(words, claims, match, everything, capitals, near, more))
                told_otherwise = bool(elsewhere - _UNTOLD) and "clause" not in elsewhere
                match = replace(match, missing=lacks, otherwise=told_otherwise)
            close.append(match)
    best = max(close, key=_worth, default=None)
    against = [match for match in close if best and match.fit > best.fit + 0.03 and _CONTRADICTS & set(match.missing)]
    return max(against, key=lambda match: match.fit, default=best) if best and not best.missing else best


def _lacking(
    words: str,
    claims: Claims,
    match: Match,
    passages: Sequence[Passage],
    capitals: frozenset[str],
    near: Mapping[str, Mapping[str, float]],
    more: tuple[Claims, ...] = (),
) -> Iterator[str]:
    """What keeps a match from supporting a sentence, by its kind; `more` may hold names, numbers and dates too."""
    document, window = match.passage.document, match.window
    context, article = _before(match.passage, window, passages), (*more, *_article(document))
    whole = _whole(document, passages)
    yield from missing(words, claims, window.claims, context, article, document.published, capitals, near, whole)
    told = frozenset().union(*(claim.keys for claim in (*whole, *article)))
    if added(claims, window.claims, told, near):
        yield "clause"
    if misquoted(words, _texts(document, passages)):
        yield "quotation"


def _whole(document: Document, passages: Sequence[Passage]) -> tuple[Claims, ...]:
    """The sentences of all passages of an article."""
    own = [passage for passage in passages if passage.document.id == document.id]
    return tuple(row.claims[0] for passage in own for row in windows(passage.text) if len(row.claims) == 1)


def _adds(looked_for: Sequence[Word], claims: Claims, window: Window) -> bool:
    """Whether a window's last sentence tells more of what is wanted than a name or number.

    A name may be named first and then be "he"; one that only a later sentence brings belongs to something else.
    """
    loose = {claims.tokens[place].key for place, _ in claims.names}
    before = frozenset(token.key for claim in window.claims[:-1] for token in claim.tokens)
    after = frozenset(token.key for token in window.claims[-1].tokens)
    return any(
        word.key not in loose
        and (word.key in after or word.near)
        and word.key.isalpha()
        and worth(word.near, after) + (word.key in after) > worth(word.near, before) + (word.key in before)
        for word in looked_for
    )


def _worth(match: Match) -> float:
    return match.fit - 0.1 * min(3, len(match.missing))


def features(claims: Claims, looked_for: Sequence[Word], window: Window, document: Document) -> dict[str, float]:
    """The measures of overlap, each in [0, 1]."""
    keys = claims.keys
    told = frozenset(key for claim in _article(document) for key in claim.keys)
    pairs, triples = frozenset(_grams(keys, 2)), frozenset(_grams(keys, 3))
    common = max(_common(keys, claim.keys) for claim in window.claims) / (len(keys) or 1)
    return {
        "seen": share(looked_for, window.keys, told),
        "pairs": len(pairs & window.pairs) / (len(pairs) or 1),
        "triples": len(triples & window.triples) / (len(triples) or 1),
        "common": common,
    }


def _fit(claims: Claims, looked_for: Sequence[Word], window: Window, document: Document) -> float:
    return sum(WEIGHTS[name] * value for name, value in features(claims, looked_for, window, document).items())


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """The length of the longest common subsequence, by the bits of whole numbers (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, key in enumerate(left):
        places[key] = places.get(key, 0) | 1 << place
    full = (1 << len(left)) - 1
    bits = full
    for key in right:
        hits = bits & places.get(key, 0)
        bits = ((bits + hits) | (bits - hits)) & full
    return len(left) - bits.bit_count()


# -- facts ---------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _capitals_of(text: str) -> frozenset[str]:
    claims = [read(text[start:end]) for start, end in sentences(text)]
    return frozenset(name for claim in claims for place, name in claim.names if not claim.tokens[place].first)


def _capitals(passages: Sequence[Passage]) -> frozenset[str]:
    """The names of some passages: what they write with a capital within a sentence."""
    return frozenset().union(*(_capitals_of(passage.text) for passage in passages))
