"""The prompt for one answer, and the budget of tokens that its passages and earlier turns are fitted into."""

import secrets
from collections.abc import Sequence

import prompts
from bot.conversation import Conversation, Turn
from store.outlets import comparable
from store.passage import Document, Found, Passage

ABSENT = "The articles do not say."  # a model's words where the passages lack the answer
EARLIER = 1000  # most tokens of earlier turns that a question is rewritten with
MARGIN = 8  # tokens added to each piece's estimate


def prompt_for(question: str, found: Found, conversation: Conversation, budget: int) -> tuple[str, list[str]]:
    """The prompt for one answer, of about `budget` tokens, and a notice for each kind of thing left out of it.

    The oldest turns go first, then the passages from the last on; one passage always stays.
    """
    template = prompts.load("answer")
    earlier = [_turn(turn) for turn in conversation.turns]
    articles = [_facts(passage, found.passages[:number]) for number, passage in enumerate(found.passages)]
    while (delimiter := secrets.token_hex(6)) in "\n".join([question, *earlier, *articles]):
        pass  # letters and digits that stand in no text
    fenced = [f"[{n}]\nbegin {delimiter}\n{text}\nend {delimiter}" for n, text in enumerate(articles, 1)]
    room = budget - estimate(template.text) - estimate(question)
    passages = _fitting(fenced, room) or fenced[:1]
    turns = _fitting(earlier[::-1], room - sum(map(estimate, passages)))[::-1]
    notices = []
    if left := len(earlier) - len(turns):
        notices.append(f"the oldest {left} of {len(earlier)} earlier questions do not fit and are left out")
    if left := len(fenced) - len(passages):
        notices.append(f"the last {left} of {len(fenced)} passages do not fit and are left out")
    text = template.fill(
        delimiter=delimiter, passages="\n\n".join(passages) or "(none)", earlier="\n\n".join(turns) or "(nothing)",
        as_of=found.as_of or "not known", question=question, absent=ABSENT,
    )  # fmt: skip
    return text, notices


def rewriting(question: str, conversation: Conversation) -> str:
    """The prompt that asks for a follow-up question as one that stands alone; the latest turns come with it."""
    turns = _fitting([_turn(turn) for turn in conversation.turns[::-1]], EARLIER)[::-1]
    return prompts.load("condense").fill(earlier="\n\n".join(turns) or "(nothing)", question=question)


def estimate(text: str) -> int:
    """A text's size in tokens, rather too high than too low: its bytes in UTF-8 divided by four, and a margin."""
    return len(text.encode("utf-8", "replace")) // 4 + MARGIN


def _fitting(pieces: Sequence[str], room: int) -> list[str]:
    """The first pieces that fit into `room` tokens."""
    kept = []
    for piece in pieces:
        room -= estimate(piece)
        if room < 0:
            break
        kept.append(piece)
    return kept


def _facts(passage: Passage, before: Sequence[Passage]) -> str:
    """A passage under the facts of its article: its day, which is its post's in a live blog, and where else it stands.

    One that shares its origin with a passage `before` it says so: the two are one report.
    """
    document = passage.document
    facts = {
        "Title": document.title,
        "Outlet": document.outlet or "unknown",
        "Published": document.published or "undated",
    }
    if document.corrected is not None:
        facts["Corrected"] = document.corrected or "yes"
    homes = (document, *passage.also_in)
    if (outlets := len({comparable(home.outlet or home.source) for home in homes})) > 1:
        facts["Stands in"] = f"{outlets} outlets, of {_counted({_origin(home) for home in homes})}"
    same = [number for number, other in enumerate(before, 1) if _origin(other.document) == _origin(document)]
    if same:
        facts["Same origin as"] = f"passage {same[0]}"
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items()) + f"\n\n{passage.text}"


def _origin(document: Document) -> str:
    """What all articles share that go back to one text."""
    return document.kin or document.id


def _counted(origins: set[str]) -> str:
    return f"{len(origins)} origin{'s' if len(origins) > 1 else ''}"


def _turn(turn: Turn) -> str:
    """An earlier question and its answer, without footnote numbers and without unsupported sentences."""
    kept = [sentence.text for sentence in turn.answer.sentences if sentence.verdict != "unsupported"]
    return f"Question: {turn.question}\nAnswer: {' '.join(kept) or turn.answer.words or ABSENT}"
