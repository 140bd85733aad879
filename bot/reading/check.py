"""The check of a written sentence: whether it stands in the passages that its writer was given, and where.

Word overlap and guards on facts, and the reading model's support of the sentence by its span. `make bench-public
ARGS="qags verdicts"` measures the score on QAGS (Wang et al. 2020) and the verdicts over news, `evals.fit.guards` what
each guard brings.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from bot.conversation import Verdict
from bot.reading import NO_SOURCE, OTHERWISE, PASSED, TO_A_MACHINE, Support, onnx
from bot.reading.assertion import asks
from bot.reading.claims import read
from bot.reading.quotes import quoted
from bot.reading.spans import Match, Subject, best
from store.machine import paragraphs, speaks_to_machine
from store.passage import Passage

SUPPORT = 0.05  # weight of the logarithm of the model's probability that the span supports the sentence
UNREAD = -1.0  # what stands for that logarithm where the span fails in any case: about its mean
ENOUGH = 0.14  # least score of a span that supports a paraphrase whose facts all stand there
BETTER = 0.12  # by how much a passage that was not cited must score better
LONGEST = 4_000  # characters of a sentence that is looked up; no span is longer, so that a longer one stands nowhere

_MARKERS = re.compile(
    r"(?:\s{0,3}[\[【(]\s{0,3}P?\d{1,3}(?:\s{0,3}[,;–-]\s{0,3}P?\d{1,3}){0,20}\s{0,3}[\]】)]){1,20}"
    r"(?=\s?[.!?]?[\"'”’)]{0,3}$)"
)
_LAYOUT = re.compile(r"^\s*(?:[-*•>]\s+|\d{1,2}[.)]\s+)|\*\*|__|`")
_SOURCES = r"(?:articles?|passages?|sources?|texts?|documents?|excerpts?|reports?|information|context)"
_SILENT = re.compile(
    rf"\b{_SOURCES}\b[^.;:]{{0,40}}\b(?:do|does|did)(?: not|n't) (?:say|mention|give|state|specify|contain|provide|tell"
    rf"|cover|report|include|answer|explain|name)\b|\b(?:not|nothing|no)\b[^.;:]{{0,40}}\bin the"
    rf" (?:\w+ )?{_SOURCES}\b|^i (?:do not|don't|cannot|can't|could not|couldn't) (?:find|know|tell|answer|say)\b",
    re.IGNORECASE,
)
_BUT = re.compile(r"[;:]|\b(?:but|however|although|though|only that|they do)\b", re.IGNORECASE)
_JOINTS = re.compile(
    r";\s|,\s(?=(?:and|but|while|whereas|although|though|after|on a|with)\s)|\s(?=(?:whereas|while)\s)"
    r"|\s(?=(?:and|but)\s(?:was|were|is|are|had|has|have|then|later|also|\w+ed)\s)"
)
_AND = re.compile(r"(?:and|but|while|whereas|although|though|after)\s+(?![A-Z])")  # a name behind it opens no sentence
_HEADLESS = re.compile(r"(?:was|were|is|are|had|has|have|then|later|also|on|with|\w{1,40}ed)\s")
_VERB = re.compile(r"\s(?:was|were|is|are|had|has|have|will|would|could|did|\w+ed)\s")
_LEAD = re.compile(rf"\b(?:{_SOURCES}|following|here|summary|details?|points?|answer)\b", re.IGNORECASE)


class ModelChecker:
    """The checker by guards on facts, word overlap and the reading model."""

    id = "checker-7"

    def __init__(self, model: onnx.ReadingModel | None = None) -> None:
        self._model = model or onnx.load()

    def check(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
        """The verdict by a span, several, or each main clause; paragraphs that speak to a machine carry nothing."""
        every = {passage.id: passage for passage in (*cited, *found)}
        sound = {number: replace(passage, text=_for_readers(passage.text)) for number, passage in every.items()}
        if all(sound[number].text is passage.text for number, passage in every.items()):
            return self._supported(sentence, cited, found)
        support = self._supported(sentence, [sound[p.id] for p in cited], [sound[p.id] for p in found])
        if support.verdict == "unsupported" and self._supported(sentence, cited, found).verdict in PASSED:
            return replace(support, why=TO_A_MACHINE)
        return _in(support, every)

    def _supported(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
        """The verdict by one span, or by one for each main clause of the same article."""
        whole = self._judged(sentence, cited, found)
        if whole.verdict != "unsupported" or len(sentence) > LONGEST:
            return whole
        alone = [self._judged(clause, cited, found) for clause in _main_clauses(bare(sentence))]
        homes = {part.passage.document.id if part.passage and part.verdict in PASSED else "" for part in alone}
        if len(homes) != 1 or "" in homes:
            return whole
        spans = [span for part in alone for span in (part, *part.others)]
        return replace(alone[0], verdict="supported", score=min(part.score for part in alone), others=tuple(spans[1:]))

    def _judged(self, sentence: str, cited: Sequence[Passage], found: Sequence[Passage]) -> Support:
        """The verdict by one span, or several of an article: quoted word for word, else those that fit best."""
        others = [passage for passage in found if passage not in cited]
        words = bare(sentence)
        if asks(words):
            return Support("none")
        for text in dict.fromkeys((sentence, words, words.strip("\"'“”‘’"))):
            if (quote := quoted(text, [*cited, *others])) is not None:
                return quote
        if len(words) > LONGEST:
            return Support("unsupported", why=NO_SOURCE)
        if claims_nothing(words):
            return Support("none")
        subject = Subject.of(words, [*cited, *others])
        match = best(subject, cited)
        floor = match.worth + BETTER if match else -1.0
        other = best(subject, others, floor)
        if other and other.worth > floor:
            match = other
        if match is None:
            return Support("unsupported", why=NO_SOURCE)
        may_pass = not match.missing and match.score >= ENOUGH
        support = self._support(words, match) if may_pass else UNREAD
        score = match.score + SUPPORT * support
        verdict: Verdict = "unsupported" if match.missing or score < ENOUGH else "supported"
        why = "" if verdict == "supported" else OTHERWISE if match.otherwise and score >= ENOUGH else NO_SOURCE
        first, *more = [
            Support(verdict, passage, passage.start + window.start, passage.start + window.end, why, score)
            for passage, window in match.spans
        ]
        sure = math.exp(support) if may_pass else 0.0
        return replace(first, probability=sure, missing=match.missing, others=tuple(more))

    def _support(self, words: str, match: Match) -> float:
        """The logarithm of the model's probability that the span that was matched supports a sentence."""
        span = replace(match.passage, text=match.passage.text[match.window.start : match.window.end])
        logits = self._model.scores(words, [span])[0].support
        return logits[0] - math.log(sum(map(math.exp, logits)))


@lru_cache(maxsize=512)
def _for_readers(text: str) -> str:
    """A text with its paragraphs that speak to a machine blanked, every other character in its place."""
    for start, end in paragraphs(text):
        if speaks_to_machine(text[start:end]):
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _in(support: Support, passages: Mapping[int, Passage]) -> Support:
    """Support with its passages as they are."""
    passage = passages[support.passage.id] if support.passage else None
    return replace(support, passage=passage, others=tuple(_in(other, passages) for other in support.others))


def _main_clauses(words: str) -> list[str]:
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


def bare(sentence: str) -> str:
    """A sentence without the citation markers at its end, list bullets and emphasis."""
    words = _LAYOUT.sub("", sentence).strip()
    end = max(0, len(words) - 400)
    return (words[:end] + _MARKERS.sub("", words[end:])).strip()


def claims_nothing(words: str) -> bool:
    """Whether a sentence asserts nothing: a question, heading, lead-in, or "the articles do not say"."""
    claims = read(words)
    tokens = claims.tokens
    if asks(words) or not any(token.key for token in tokens) or words.startswith("#"):
        return True
    one = sum(token.content for token in tokens) <= 1 and len(tokens) <= 3 and words.isascii()
    if one and not claims.numbers and not any(token.capital and not token.first for token in tokens):
        return True  # "Done."
    if _SILENT.search(words) and not _BUT.search(words):
        return not claims.numbers
    if words.endswith(":"):
        names = [place for place, _ in claims.names if not tokens[place].first]
        return bool(_LEAD.search(words)) and len(tokens) <= 16 and not claims.numbers and len(names) <= 2
    heading = len(tokens) <= 3 and words[-1].isalpha() and not claims.numbers
    return heading and not any(token.capital for token in tokens[1:])
