"""Follow-ups: a question that leans on the conversation is put so that it stands alone; one that does not stays."""

from __future__ import annotations

import pytest

from bot.conversation import Answer, Citation, Conversation, Quote, Sentence, Turn
from bot.question.followup import again, carried, marked, put, standing
from bot.reading import Candidate, Reading
from store.passage import Document, Filters, Passage


def standalone(question: str, conversation: Conversation) -> str:
    return put(question, conversation).standalone


def leans(question: str, conversation: Conversation) -> bool:
    return put(question, conversation).leans


def earlier(question: str, conversation: Conversation) -> tuple[str, ...]:
    return put(question, conversation).earlier


def said(*turns: tuple[str, str, str]) -> Conversation:
    """A conversation of questions, each with its answer's sentence and the words in it that answer."""
    conversation = Conversation()
    for question, text, words in turns:
        at = text.find(words) if words else -1
        answer = Sentence(text, (1,), "quoted", answer=(at, at + len(words)) if at >= 0 else None)
        alone = standalone(question, conversation)
        told = Answer(question, alone, "answered", sentences=(answer,) if text else ())
        conversation = conversation.add(Turn(question, told))
    return conversation


HARBOUR = ("Who is the harbour master of Skell?", "Ada Thorne has been the harbour master since 1998.", "Ada Thorne")
FERRY = ("When did the ferry Larkspur first sail to Skell?", "The Larkspur first sailed in May 1821.", "May 1821")
PRIZE = ("Did Ada Thorne win a medal?", "She won two medals.", "two medals")
STORM = ("How many boats sank in Skell in 1987?", "Nine boats sank.", "Nine")
FAMILY = ("What did the Thorne family promise for the pier?", "They promised nine million.", "nine million")
STAIRS = ("Who was the first of the rowers to arrive?", "Ada Thorne came first.", "Ada Thorne")
OWNER = ("Which company owns the Larkspur?", "The ferry belongs to Tern Lines.", "Tern Lines")

RULING = ("Was Tern Lines cleared by the court?", "The clerk said that it was cleared.", "")
QUAKE = ("How many people died in the earthquake in Skell?", "Nine died.", "Nine")
ATTACK = ("Who attacked Ada Thorne?", "A passer-by did.", "")
SPEECH = ("What did Thorne say about the ferries?", "That they were old.", "")
FIRE = ("Who started the Skell Harbour ferry fire?", "Nobody knows.", "")
JUDGE = ("What happened to the first judge in Skell?", "The first judge resigned.", "")
BOARD = ("What did Thorne's board say about the ferries?", "It said that they were old.", "")
MATE = ("Who was alone on the bridge of the Larkspur?", "The first mate was alone there.", "The first mate")
BRIDGE = ("Who opened the bridge in Skell?", "Ada Thorne opened it.", "Ada Thorne")
DATED = ("On which day does the Skell regatta begin?", "It begins on May 3.", "May 3")
COUNT = ("How many boats did Tern Lines lose?", "It lost nine.", "nine")
CREW = ("Who saved the nine rowers near Skell?", "Ada Thorne saved them.", "Ada Thorne")
GAMES = ("On what day will the Games of Skell be opened?", "They open on May 3.", "May 3")
DELAY = ("How many ferries were delayed on Friday?", "Nine were delayed.", "Nine")
ERUPTION = ("How is the Etna eruption disrupting ferries?", "Ash falls on them.", "")
CLAIM = ("Do eels hunt by smell?", "Eels hunt by smell.", "")


@pytest.mark.parametrize(
    ("turn", "question", "alone"),
    [
        (HARBOUR, "How old is she?", "How old is Ada Thorne?"),
        (HARBOUR, "What did her father do?", "What did Ada Thorne’s father do?"),
        (PRIZE, "Where does she live?", "Where does Ada Thorne live?"),
        (QUAKE, "How strong was it?", "How strong was the earthquake in Skell?"),
        (ATTACK, "Where did it happen?", "Where did it happen (Who attacked Ada Thorne)?"),
        (SPEECH, "Where did he sail?", "Where did Thorne sail?"),
        (FIRE, "Who put him out?", "Who put him out (the Skell Harbour ferry fire)?"),
        (RULING, "Will it appeal?", "Will Tern Lines appeal?"),
        (JUDGE, "Who came after him?", "Who came after the first judge (Skell)?"),
        (BOARD, "When do they sail again?", "When do the ferries sail again?"),
        (MATE, "How old was he?", "How old was the first mate (the Larkspur)?"),
        (BRIDGE, "How long is it?", "How long is the bridge in Skell?"),
        (DATED, "Who called it off?", "Who called the Skell regatta off?"),
        (FERRY, "Who was the pilot?", "Who was the pilot (Larkspur)?"),
        (CLAIM, "Who had claimed that?", "Who had claimed that (Do eels hunt by smell)?"),
        (BOARD, "And the pilots?", "What did Thorne's board say about the pilots?"),
        (FERRY, "How long is it?", "How long is Larkspur?"),
        (FERRY, "Who owned it then?", "Who owned Larkspur then?"),
        (OWNER, "How many ships does it have?", "How many ships does Tern Lines have?"),
        (STORM, "Who lives there?", "Who lives in Skell?"),
        (FERRY, "Why?", "Why did the ferry Larkspur first sail to Skell?"),
        (PRIZE, "For which deed?", "For which deed did Ada Thorne win a medal?"),
        (HARBOUR, "Since when?", "Since when is the harbour master of Skell?"),
        (OWNER, "Who else?", "Who else owns the Larkspur?"),
        (STORM, "And in 2010?", "How many boats sank in Skell in 2010?"),
        (STORM, "what about Hale?", "How many boats sank in Hale in 1987?"),
        (FAMILY, "and Tern Lines?", "What did Tern Lines promise for the pier?"),
        (STAIRS, "And the youngest?", "Who was the youngest of the rowers to arrive?"),
        (COUNT, "What were they worth?", "What were the boats worth (Tern Lines)?"),
        (CREW, "How old are they?", "How old are the nine rowers (Skell)?"),
        (GAMES, "Until when do they last?", "Until when do the Games of Skell last?"),
        (DATED, "Who said he would sail there?", "Who said he would sail there (the Skell regatta)?"),
        (DELAY, "Which harbours were hit?", "Which harbours were hit (ferries)?"),
        (DELAY, "And on Monday?", "How many ferries were delayed on Monday?"),
        (ERUPTION, "When did it begin?", "When did the Etna eruption begin?"),
        (FERRY, "Is there a timetable?", "Is there a timetable (Larkspur)?"),
    ],
)
def test_a_follow_up_is_put_so_that_it_stands_alone(turn: tuple[str, str, str], question: str, alone: str) -> None:
    assert standalone(question, said(turn)) == alone
    assert leans(question, said(turn))


@pytest.mark.parametrize(
    "question",
    [
        "What did the Coast Guard say in April 2010?",
        "Who signed the memorandum in Washington?",
        "Did the ministry say that prices rose more than wages?",
        "Where did the Carpathia take her passengers?",
        "What is mortadella and where is it from?",
        "Tell me about penicillin.",
        "Which harbour said it would close?",
        "How many calories are there in a banana?",
    ],
)
def test_a_question_that_stands_alone_is_looked_up_as_it_is(question: str) -> None:
    assert standalone(question, said(HARBOUR)) == question


def test_a_topic_switch_takes_nothing_along() -> None:
    question = "Who was world champion at chess in 1972 in Reykjavik?"
    assert not leans(question, said(HARBOUR)) and earlier(question, said(HARBOUR)) == ()
    long = "Which vitamins does a ripe yellow banana hold?"
    assert not leans(long, said(HARBOUR))


def test_a_short_question_weighs_the_last_one_in_as_it_was_looked_up() -> None:
    conversation = said(HARBOUR, ("How old is she?", "She is 61.", "61"))
    assert earlier("Where is the boat with the red sails?", conversation) == ("How old is Ada Thorne?",)
    assert not earlier("Was the office paid?", conversation), "it gets the topic"
    assert earlier("And in 2010?", conversation) == (), "it is the last question already"


def test_a_pronoun_keeps_its_thing_over_several_turns() -> None:
    conversation = said(FERRY, ("How long is it?", "It is 30 metres long.", "30 metres"))
    assert standalone("What did it cost?", conversation) == "What did Larkspur cost?"


def test_the_standing_is_the_thing_the_person_and_the_place_last_asked_of_or_answered() -> None:
    assert standing(said(STORM)).place == "in Skell" and standing(said(HARBOUR)).person == "Ada Thorne"
    assert standing(said(OWNER)).topics == ("Tern Lines",)
    assert standing(said(HARBOUR, STORM)).person == "", "a question that stands alone begins a new story"
    assert standing(said(("Who was the captain of the Larkspur?", "", ""))).person == "the captain of the Larkspur"


def test_the_first_question_has_nothing_to_lean_on() -> None:
    assert standalone("And when?", Conversation()) == "And when?" and not leans("And when?", Conversation())


def test_a_conversation_is_never_changed_in_place() -> None:
    first = said(HARBOUR)
    longer = first.add(Turn("And when?", Answer("And when?", "And when?", "unsure")))
    assert first.questions == (HARBOUR[0],) and longer.questions == (HARBOUR[0], "And when?")


# -- the last answer once more, and what is carried on -------------------------------------------------

QUOTE = Quote("d1", 1, 4, 18, "Nine boats sank.")
SHOWN = Answer(
    "How many boats sank?", "How many boats sank?", "answered", sentences=(Sentence(QUOTE.text, (1,), "quoted"),),
    citations=(Citation(1, QUOTE, Document("d1", "news", "a.md", "Storm")),), usage=(9, 9),
)  # fmt: skip
TOLD = Conversation((Turn(SHOWN.question, SHOWN),))


@pytest.mark.parametrize(
    "question",
    ["source?", "Sources?", "and the sources?", "What is your source?", "where does that stand?", "Who says so?"],
)
def test_a_question_for_the_sources_gets_the_last_footnotes_again(question: str) -> None:
    refused = Turn("Why?", Answer("Why?", "Why?", "unsure"))
    told = again(question, TOLD.add(refused))
    assert told is not None and told.citations == SHOWN.citations and told.sentences == SHOWN.sentences
    assert (told.question, told.standalone, told.usage) == (question, SHOWN.standalone, (0, 0))


@pytest.mark.parametrize(
    ("question", "for_a_model"),
    [("hello", False), ("Thanks a lot!", False), ("Good morning, how are you?", False), ("誰が反対しましたか？", True)],
)
def test_a_greeting_or_a_question_in_another_script_gets_no_words_of_the_conversation(
    question: str, for_a_model: bool
) -> None:
    asked = put(question, said(FERRY))
    assert (asked.standalone, asked.earlier, asked.leans) == (question, (), for_a_model)
    assert "Skell" in standalone("ok, why there?", said(STORM))
    assert put("hello", Conversation()).greets and not put("Who greets whom?", Conversation()).greets
    assert standalone("Did it rain in May?", said(FERRY)) == "Did it rain in May?"  # the rain's own "it"
    tokyo = Conversation((Turn("東京で何が起きた?", Answer("東京で何が起きた?", "東京で何が起きた?", "unsure")),))
    assert standalone("どこで?", tokyo) != "どこで?"


@pytest.mark.parametrize("question", ["What is the source of the Danube?", "Where does that river rise?"])
def test_a_question_about_a_source_is_looked_up(question: str) -> None:
    assert again(question, TOLD) is None


def test_without_a_footnote_there_is_nothing_to_show_again() -> None:
    assert again("source?", Conversation()) is None


def test_a_sentence_that_was_quoted_before_has_its_answering_words_marked_though_they_are_not_sure() -> None:
    passage = Passage(1, Document("d1", "news", "a.md", "Storm"), 0, 40, "Oh! Nine boats sank. Nobody was hurt.")
    rows = (
        Candidate(passage, 4, 20, "Nine boats sank.", likeliest=(4, 8)),
        Candidate(passage, 21, 37, "Nobody was hurt.", likeliest=(21, 27)),
    )
    first, second = marked(Reading(sentences=rows), TOLD).sentences
    assert first.answering == "Nine" and second.answer is None


def test_filters_and_the_as_of_day_are_carried_on_until_others_are_given() -> None:
    asked = Filters(since="2020-01-01", outlets=("CNN",), as_of="2021-01-01")
    conversation = Conversation((Turn("Who?", Answer("Who?", "Who?", "answered", filters=asked)),))
    assert carried(Filters(), conversation) == asked
    later = carried(Filters(until="2022-01-01", not_outlets=("TRTWorld",)), conversation)
    assert later == Filters(until="2022-01-01", not_outlets=("TRTWorld",), as_of="2021-01-01")


def test_an_as_of_day_that_nobody_set_is_not_carried_on() -> None:
    inferred = Filters(as_of="2021-01-01", inferred=("as_of",))
    conversation = Conversation((Turn("Who?", Answer("Who?", "Who?", "answered", filters=inferred)),))
    assert carried(Filters(), conversation) == Filters()
