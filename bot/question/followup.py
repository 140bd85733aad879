"""Follow-ups without a model: what a conversation stands at, and a question put so that it stands alone.

Each rule is one with which `python -m evals.public treccast` or `mtrag` were better, on one half of the conversations.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import takewhile

from bot.conversation import Answer, Conversation, Timing, Turn
from bot.question.phrases import body, described, introduced, named, names, own, phrases, topic
from bot.reading import Reading
from bot.reading.kind import kind
from bot.reading.lists import listed
from store.passage import Filters, Query
from store.words import MONTHS, NAME, STOP, UNITS, WEEKDAYS, stem, tokens

AGAIN = "the last answer with its footnotes once more; nothing was looked up"
FEW = 2  # a question with fewer content words of its own says too little by itself
ENOUGH = 4  # a question with so many stands alone
REMEMBERED = 3  # topics that a pronoun may reach back to
SHORT = 6  # most words of a question that only replaces a part of the last one

_HELPERS = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must"
_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|she|him|his|hers|her)"
    r"|(?P<thing>it(?! (?:rain|snow|hail|thunder)(?:s|ed|ing)?\b)|its|they|them|their|theirs)"
    r"|(?P<place>(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )there(?! (?:is|are|was|were|be)\b)))\b",
    re.I,
)
_RANK = re.compile(r"the (?:first|last|second|third|next|(?:most|least) \w+|\w{2,}est)\b", re.I)
_PLURAL = frozenset(("they", "them", "their", "theirs"))
_OWNS = frozenset(("his", "its", "their"))
_STORY = re.compile(r"\b(?:the|this|that|these|those) [a-z]", re.I)  # a noun that only the story explains
_ONE = re.compile(r"who(?:['’]s| is| are| was| were) the [\w’'-]+\W*$", re.I)  # one of those whom only the story tells
_HAPPENS = re.compile(r"(?:it|that|this) (?:happen|occur|take place|took place)", re.I)
_CLAIM = re.compile(r"\b(?:that|this)\W*$", re.I)  # at the end it stands for a whole claim
_CLAUSE = re.compile(r"\b(?:and|but|if|when|because|while|after|before|that|since|so)\b", re.I)
_SUBJECT = re.compile(rf"\b(?:{_HELPERS}) ([A-ZÀ-Þ][\w’'-]+)(?= [a-z])")
_PERSON = re.compile(
    r"(?<![Tt]he )(?<!\bin )(?<!\bat )\b(?!(?:The|A|In|On|At) )(?:[A-ZÀ-Þ][\w’'.-]{1,40} ){1,3}[A-ZÀ-Þ][\w’'-]{1,40}"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_DAY = re.compile(rf"\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b", re.I)
_DESCRIBED = re.compile(r"(?:the|an?|his|her) [a-z][\w’' -]{1,60}")
_PLACE = re.compile(r"\b(?:in|at|near|on|from|to) (?:the )?[A-Z][\w’'-]{1,40}(?: [A-Z][\w’'-]{1,40}){0,3}")
_CHOICE = re.compile(rf"(?:which|what)(?: (?!(?:{_HELPERS})\b)[\w’'-]+)", re.I)
_WH = r"(?:who|whom|whose|what|which|when|where|why|how(?: [\w’'-]+)?)"
_PREPOSITION = r"(?:in|at|on|for|from|to|with|by|during|since|after|before|under|of|about|against)"
_CHOSEN = re.compile(rf"(?:{_PREPOSITION} )?{_CHOICE.pattern}", re.I)
_AUXILIARY = re.compile(rf"\b(?:{_HELPERS})\b", re.I)
_BARE = re.compile(
    rf"(?:{_PREPOSITION} )?{_WH}(?: else)?|(?:{_PREPOSITION} )(?:which|what|whose|how many)(?: [\w’'-]+){{1,3}}", re.I
)
_LIKE = re.compile(r"(?:(?:and|or|but)\s+)?(?:(?:what|how) about\s+)?(.+?)[\s?.!]*", re.I | re.S)
_JOINS = re.compile(r"(?:and|or|but|what about|how about)\b", re.I)
_ABOUT = re.compile(r"(?:(?:and|or|but) )?(?:what|how) about\b", re.I)
_SAYING = "|".join(sorted(listed("speaking") | listed("stating")))
_REPORTED = re.compile(rf"\b(?:which|what) (?!(?:{_HELPERS})\b)[\w’'-]+(?: \w+)? (?:{_SAYING}) (?:that )?$", re.I)
_MANY = re.compile(rf"\bhow many |\bthe (?P<number>(?:\d+|{'|'.join(UNITS)}) )", re.I)
_LEAD = re.compile(rf"(?:{_PREPOSITION} )?(?:{_CHOICE.pattern}|{_WH})\b", re.I)
_TIME = re.compile(rf"\b(?:1[89]|20)\d\d\b|{_DAY.pattern}", re.I)
_SOURCES = re.compile(
    r"(?:(?:what(?:['’]s| is| are)? )?(?:the |your )?(?:sources?|footnotes?|citations?|references?)"
    r"|where (?:does|do|did|is|are) (?:that|it|this|you|they) (?:stand|come from|say that|get that|read that|written)"
    r"|who says (?:so|that)|says who)[\s?.!]*",
    re.I,
)

_GREETS = (
    r"(?:hello|hi|hey|greetings|welcome|good(?:bye| (?:morning|afternoon|evening|night|day))|bye|thanks|thank you"
    r"|cheers|ok(?:ay)?|sorry|how are you|who are you)"
)
_GREETING = re.compile(
    rf"{_GREETS}(?:\W+(?:{_GREETS}|there|again|all|everyone|so|very|a|lot|much|doing|today))*\W*", re.I
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a conversation stands at: the things last asked of or answered, newest first, the person and the place."""

    topics: tuple[str, ...] = ()
    person: str = ""
    place: str = ""  # with its preposition
    asked: str = ""  # the last question
    story: str = ""  # the last question that leaned on nothing
    counted: str = ""  # those whose number a question asked or told

    def thing(self, pronoun: str) -> str:
        """The newest thing that a pronoun can stand for, by its number; the newest where none fits."""
        several = pronoun.lower() in _PLURAL
        if several and self.counted:
            return self.counted
        things = (one for one in self.topics if one not in self.person)
        fitting = (one for one in things if (named(one) and not _PERSON.fullmatch(one)) or _many(one) == several)
        return next(fitting, self.topics[0] if self.topics else "")


def _many(thing: str) -> bool:
    """Whether a thing may be several: its last word ends in an s, or is one of a few that need none."""
    last = thing.lower().split()[-1]
    return last in ("people", "men", "women", "children", "police") or (
        last[-1] == "s" and last[-2:] not in ("ss", "us")
    )


def standing(conversation: Conversation) -> Standing:
    """The standing after all turns."""
    now = Standing()
    for turn in conversation.turns:
        now = _after(turn, now)
    return now


def _after(turn: Turn, before: Standing) -> Standing:
    """The standing after one more turn: what its question brought, then what was answered in its place."""
    alone = turn.answer.standalone
    if alone == turn.question and (names(alone) or not _STORY.search(alone)):
        before = Standing()  # a new story has its own things, people and places
    thing = introduced(turn.question) if not _PRONOUN.search(turn.question) else ""
    kept = [one for one in before.topics if alone != turn.question and one.lower() in alone.lower()]
    thing, said = thing or (kept[0] if kept else topic(alone)), answered(turn.answer)
    people, places = _people(alone[1:]) or _people(said), _places(alone) or _places(said)
    if said and kind(alone) == "person":
        people = _people(said) or _lone(said, alone)
    elif said and _CHOSEN.match(alone) and kind(alone) != "date" and NAME.search(said):
        thing = max(filter(named, phrases(f" {said}")), key=len, default=thing)
    if kind(alone) == "place":
        places = _places(said) or places
    person = people[-1] if people else described(turn.question) or before.person or "".join(_SUBJECT.findall(alone)[:1])
    topics = tuple(dict.fromkeys(filter(None, (_definite(thing, alone), *before.topics))))[:REMEMBERED]
    asked = alone.partition(" (")[0].rstrip(" ?.!")
    story = asked if alone == turn.question or not before.story else before.story
    counted = _counted(alone) or before.counted
    return Standing(topics, person, places[-1] if places else before.place, asked, story, counted)


def _counted(asked: str) -> str:
    """Those of whom a question asks how many they are, or tells it, with "the" ("the twelve boys"); else nothing."""
    many = _MANY.search(asked)
    rest = asked[many.end() :].split() if many else []
    things = list(takewhile(lambda word: word.isalpha() and word not in STOP | listed("question verbs"), rest[:2]))
    last = next((at for at, word in enumerate(things, 1) if word.islower() and _many(word)), 0)
    return f"the {many['number'] or ''}{' '.join(things[:last])}" if many and last else ""


def _people(text: str) -> list[str]:
    """The names in a text that may be people’s: none of a day, and none in capitals, as places before a report."""
    names = (_POSSESSIVE.sub("", name) for name in _PERSON.findall(text))
    return [name for name in names if not name.isupper() and not _DAY.search(name)]


def _places(text: str) -> list[str]:
    """The places in a text, each with its preposition: none of a day."""
    return [place for place in _PLACE.findall(text) if not _DAY.search(place)]


def _lone(said: str, asked: str) -> list[str]:
    """The names of one word in an answer; else the answer itself where it describes somebody in words of its own."""
    names = [name for name in NAME.findall(said) if name.lower() not in STOP and not name.isupper()]
    whole = said[:1].lower() + said[1:]
    return names or ([whole] if _DESCRIBED.fullmatch(whole) and not {*own(said)} <= {*own(asked)} else [])


def _definite(thing: str, text: str) -> str:
    """A thing with "the" where a text has an article before it."""
    between = "(?:[a-z-]+ )?" if thing[:1].islower() else ""  # "the new bridge", but not "the mayor Ada Thorne"
    article = thing and re.search(rf"\b(?:the|an?) {between}{re.escape(thing)}\b", text, re.I)
    return f"the {thing}" if article else thing


def answered(answer: Answer) -> str:
    """The words that answer, of the sentence with most of the question's words, else the best; else nothing."""
    asked, best = set(map(stem, own(answer.standalone))), answer.context.number if answer.context else 0
    rows = [row for row in answer.sentences if row.answer]
    rows.sort(key=lambda row: (-len(asked & set(map(stem, tokens(row.text)))), best not in row.citations))
    return rows[0].text[slice(*rows[0].answer)] if rows and rows[0].answer else ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question after the turns before it: as it was asked, and put by rules so that it stands alone."""

    question: str
    standalone: str
    part: bool = False  # it only replaces a part of the last question
    leans: bool = False  # it needs something of the conversation
    earlier: tuple[str, ...] = ()
    """The last question, to be weighed in where this one is looked up, for a short one that was left as it is."""
    greets: bool = False  # it is a greeting and asks nothing

    def read(self, query: Query) -> Query:
        """The query that the reader reads it by: in its own words unless it is a part of a question.

        Beside passages that were found for the standalone question, the reader does better without the names that rules
        put in: it takes sentences with such a name for the answer ("read in a document" of `evals.public mtrag`).
        """
        if self.part or self.standalone == self.question:
            return query
        return replace(query, text=self.question, history=(query.text,))


def put(question: str, conversation: Conversation) -> FollowUp:
    """A question with what it leans on in its words; unchanged where it stands alone or nothing was said before."""
    if _GREETING.fullmatch(question.strip()):
        return FollowUp(question, question, greets=True)
    if not conversation.turns:
        return FollowUp(question, question)
    if _foreign(question, conversation):
        return FollowUp(question, question, leans=True)  # which a model may yet put otherwise
    whole = _completed(question, conversation)
    alone = whole or _resolved(question, standing(conversation))
    points = any(not _inside(question, match) for match in _PRONOUN.finditer(question))
    leans = points or alone != question or _lacks(question, "")
    short = not whole and alone == question and not names(question) and len(own(question)) < ENOUGH
    last = (conversation.turns[-1].answer.standalone,) if short else ()
    return FollowUp(question, alone, bool(whole), leans, last)


def _foreign(question: str, conversation: Conversation) -> bool:
    """Whether a question is in a script in which nothing was asked before, so that rules can add no words to it."""
    mine = _scripts(question)
    return bool(mine) and mine.isdisjoint(_scripts("".join(turn.question for turn in conversation.turns)))


def _scripts(text: str) -> set[str]:
    """The scripts of a text's letters, each by the first word of a letter's name: LATIN, CJK."""
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}


# -- pronouns, and questions that say too little -------------------------------------------------------


def _resolved(question: str, now: Standing) -> str:
    """The question with its first pronoun replaced, or with the topic behind it."""
    for match in _PRONOUN.finditer(question):
        if not _inside(question, match):
            return _replaced(question, match, now)
    about = now.topics[0] if now.topics else now.counted
    if now.asked and _CLAIM.search(question) and not own(question):
        about = now.asked  # nothing of its own: "that" is all that was asked before
    return f"{question.rstrip(' ?.')} ({about})?" if about and _lacks(question, about) else question


def _inside(question: str, pronoun: re.Match[str]) -> bool:
    """Whether a pronoun stands for something in its own question: a name, or the topic of an earlier clause."""
    before = question[: pronoun.start()]
    if _REPORTED.search(before):
        return True
    if pronoun[0].lower() not in ("it", "him", "them", "there") and NAME.search(before[1:]):
        return True
    clauses = list(_CLAUSE.finditer(body(before)))
    return bool(clauses) and bool(topic(body(before)[: clauses[-1].end()]))


def _replaced(question: str, pronoun: re.Match[str], now: Standing) -> str:
    """The question with a pronoun's thing, person or place in its stead."""
    word, rest = pronoun[0].lower(), question[pronoun.end() :]
    male = word in ("he", "him", "his")  # a ship and a country may be a she
    stead = (pronoun["person"] and now.person) or ("" if male else now.thing(word))
    stead = now.place if pronoun["place"] else stead
    happens = _HAPPENS.match(question, pronoun.start())  # what happens is no thing and nobody
    if happens or not stead:
        about = now.story if happens else now.topics[0] if now.topics else ""
        return f"{question.rstrip(' ?.')} ({about})?" if about else question
    owns = word in _OWNS or (word == "her" and rest[1:2].isalpha())
    bare = stead in (now.person, now.counted) and not named(stead)  # a role or a number of people needs its story
    about = now.topics[0] if bare and now.topics else ""
    ending = f" ({about})?" if about and about not in stead and stead not in about else ""
    rest = rest.rstrip(" ?.") + ending if ending else rest
    return f"{question[: pronoun.start()]}{stead}{'’s' if owns else ''}{rest}"


def _lacks(question: str, about: str) -> bool:
    """Whether a question says too little of its own, and nothing of the topic."""
    if (introduced(question) or names(question)) and not _ONE.match(body(question)):
        return False
    words = own(question)
    short = len({token for token in tokens(question) if token not in STOP}) < ENOUGH
    few = FEW + (short and bool(_STORY.search(question)))
    return len(words) < few and {stem(word) for word in words}.isdisjoint(map(stem, tokens(about)))


# -- questions that are a part of one ------------------------------------------------------------------


def _completed(question: str, conversation: Conversation) -> str:
    """The last question with a part of it replaced by this one, which is no sentence; empty where it is one."""
    last = conversation.turns[-1].answer.standalone.rstrip(" ?.!")
    part = _LIKE.fullmatch(question.strip())
    if part is None or _PRONOUN.search(part[1]):
        return ""
    if _BARE.fullmatch(part[1]):
        return _asked_of(part[1], last)
    if not _JOINS.match(question.strip()) or len(part[1].split()) > SHORT:
        return ""
    if _AUXILIARY.search(part[1]) or _LEAD.match(part[1]):
        return ""
    if _ABOUT.match(question.strip()) and re.match(r"the \w+ of\b", part[1], re.I) and len(own(part[1])) > 1:
        return question  # it names a thing of its own
    return _likened(part[1], last)


def _asked_of(part: str, last: str) -> str:
    """The last question asked for another thing ("For which film", "Why", "Who else")."""
    lead, helper = _LEAD.match(last), _AUXILIARY.search(last)
    if part.lower().endswith(" else") and lead:
        return f"{part}{last[lead.end() :]}?"
    if helper and (helper.start() == 0 or (lead and lead.end() + 1 == helper.start())):
        return f"{part[:1].upper()}{part[1:]} {last[helper.start() :][:1].lower()}{last[helper.start() + 1 :]}?"
    return f"{last}, and {part[:1].lower()}{part[1:]}?"


def _likened(part: str, last: str) -> str:
    """The last question with the like of this part replaced: a time by a time, a phrase behind its preposition."""
    first = part.split()[0].lower()
    if re.fullmatch(_PREPOSITION, first):
        for match in reversed(list(re.finditer(rf"\b{_PREPOSITION}\b [^,]*?(?=$|,| {_PREPOSITION}\b)", last, re.I))):
            times = bool(_TIME.search(match[0])), bool(_TIME.search(part))
            if all(times) or (not any(times) and match[0].split()[0].lower() == first):
                return f"{last[: match.start()]}{part}{last[match.end() :]}?"
        return f"{last} {part}?"
    if (new := _RANK.fullmatch(part)) and (rank := _RANK.search(last)):
        return f"{last[: rank.start()]}{new[0]}{last[rank.end() :]}?"
    if about := re.search(r"\babout [^,]+$", last):
        return f"{last[: about.start()]}about {part}?"
    alike = first not in ("the", "a", "an")
    old = next((one for one in (topic(last), *phrases(last)) if one and named(one) == part[0].isupper()), "")
    at = last.lower().find(old.lower())
    within = last.rfind(" (") if last.endswith(")") else len(last)  # what the rules added stays
    if not (alike and old and 0 <= at < within):
        return f"{last[:-1]}, {part})?" if last.endswith(")") else f"{last} ({part})?"
    before = re.sub(r"\b(?:the|an?) $", "", last[:at], flags=re.I)
    return f"{before}{part}{last[at + len(old) :]}?"


# -- what is carried on ----------------------------------------------------------------------------


def carried(filters: Filters, conversation: Conversation) -> Filters:
    """The filters of a next question: those given, else those that the user set for the last one."""
    if not conversation.turns:
        return filters
    last = conversation.turns[-1].answer.filters
    if not (filters.since or filters.until):
        filters = replace(filters, since=last.since, until=last.until, undated=filters.undated or last.undated)
    if not (filters.outlets or filters.not_outlets):
        filters = replace(filters, outlets=last.outlets, not_outlets=last.not_outlets)
    as_of = None if "as_of" in last.inferred else last.as_of
    timeless = filters.timeless or last.timeless
    return replace(
        filters, documents=filters.documents or last.documents, as_of=filters.as_of or as_of, timeless=timeless
    )


# -- the last answer once more -------------------------------------------------------------------------


def again(question: str, conversation: Conversation) -> Answer | None:
    """The last answer with footnotes, for a question that only asks for its sources; else None."""
    if not _SOURCES.fullmatch(body(question).strip()):
        return None
    shown = (turn.answer for turn in reversed(conversation.turns) if turn.answer.citations)
    told = next(shown, None)
    return told and replace(told, question=question, timing=Timing(), usage=(0, 0), dollars=None, notices=(AGAIN,))


def marked(reading: Reading, conversation: Conversation) -> Reading:
    """The reading with the words marked that answer best in each sentence that the last answer quoted, sure or not."""
    quotes = [citation.quote for citation in conversation.turns[-1].answer.citations] if conversation.turns else []
    shown = {(quote.document, quote.version, quote.start) for quote in quotes}
    rows = tuple(
        replace(row, answer=row.answer or row.likeliest)
        if (row.passage.document.id, row.passage.document.version, row.start) in shown
        else row
        for row in reading.sentences
    )
    return replace(reading, sentences=rows)
