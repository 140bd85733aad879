"""The real engine under the chat screen: a corpus, its bot and the saved conversations."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from chat_engine import FIRST, answer
from conftest import ARTICLES, Library

from bot.commands.chat import Live
from bot.commands.log import LARGEST
from bot.conversation import Answer, Conversation, Place, Sentence, leant_on
from bot.errors import BotError, NotThere, ProviderError, SessionsLocked, UsageError
from bot.events import Answered, Event
from bot.sessions import Sessions
from bot.settings import Paths, Settings
from bot.show.page import paragraphs
from bot.show.plain import answer_from
from bot.tui.engine import Engine
from store.errors import BadPath, CorpusMissing, FootnoteError
from store.passage import Filters

ASKED = "How many miners were brought to the surface in Chile?"
ALL, NOTHING = Filters(), Conversation()
SURE = Settings(answer_at=0.1, refuse_below=0.05)  # four short articles prove little


@pytest.fixture
def engine(corpus: Library, tmp_path: Path) -> Callable[..., Live]:
    """Makes an engine over a corpus of four small articles."""
    paths = Paths(tmp_path, tmp_path / "data")
    paths.ensure(paths.corpora)
    (paths.corpora / "default").symlink_to(corpus.folder)

    def make(filters: Filters = ALL, settings: Settings = SURE, **more: object) -> Live:
        return Live(settings, paths, filters, **more)  # type: ignore[arg-type]

    return make


async def whole(engine: Engine, question: str, conversation: Conversation = NOTHING) -> Answer:
    async for event in engine.answer(question, conversation):
        if isinstance(event, Answered):
            return event.answer
    raise AssertionError("the last event is Answered")


async def test_it_opens_answers_and_shows_the_article_of_a_quote(engine: Callable[..., Live]) -> None:
    live = engine()
    opened = await live.open()
    assert (opened.coverage.documents, opened.host, opened.session, opened.turns) == (4, None, None, ())
    await live.load(lambda words: None)
    found = await whole(live, ASKED)
    assert found.outcome == "answered"
    quote = found.citations[0].quote
    article = await live.article(quote)
    assert article.document.text[quote.start : quote.end] == quote.text and article.versions[0][2]


async def test_the_filters_hold_for_every_question(engine: Callable[..., Live]) -> None:
    live = engine(Filters(until="1970-01-01"))
    await live.open()
    await live.load(lambda words: None)
    assert (await whole(live, ASKED)).coverage.documents == 1


async def test_filters_change_between_questions_and_the_paragraphs_of_quotes_are_counted(
    engine: Callable[..., Live],
) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    assert await live.limit(Filters(until="1970")) == Filters(until="1970-12-31")
    whole_corpus, left = await live.extent()
    assert (whole_corpus.documents, left.documents) == (4, 1)
    with pytest.raises(UsageError, match="No article is from nosuch"):
        await live.limit(Filters(outlets=("nosuch",)))
    with pytest.raises(UsageError, match="'soon' after /since is no date"):
        await live.limit(Filters(since="soon"))
    await live.limit(ALL)
    quote = (await whole(live, ASKED)).citations[0].quote
    number, gone = await live.paragraphs([quote, FIRST.quote])  # the second is of no article of this corpus
    article = (await live.article(quote)).document
    start, end = paragraphs(article)[(number or 0) - 1]
    assert start <= quote.start < end and gone is None


async def test_another_corpus_or_model_is_taken_and_one_that_cannot_be_used_changes_nothing(
    engine: Callable[..., Live],
) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    for corpus, model in (("", "nonsense"), ("other", "")):
        with pytest.raises(FootnoteError):
            await live.switch(corpus, model, lambda words: None)
    assert (await whole(live, ASKED)).outcome == "answered" and (live.corpus, live.model) == ("default", "extract")
    await live.limit(Filters(until="1970-01-01"))
    opened = await live.switch("", "extract", lambda words: None)
    assert opened.left is not None and opened.left.documents == 1 and opened.filters.until == "1970-01-01"


async def test_a_conversation_is_written_to_a_new_file_with_its_quotes(
    engine: Callable[..., Live], tmp_path: Path
) -> None:
    live = engine()
    await live.open()
    place = await live.begin("Why [so] <b>?", None)
    assert place
    await live.finish(place, answer("Why [so] <b>?"))
    await live.begin("And?", place.session)
    file = tmp_path / "notes.md"
    assert await live.export(place.session, str(file)) == f"Written to {file}."
    told = file.read_text()
    assert "## Why \\[so\\] \\<b\\>?" in told and "No answer is saved." in told
    assert f"> \\[1\\] “{FIRST.quote.text}”\n> Council backs tram line · Daily Ledger · 2024-03-14" in told
    with pytest.raises(UsageError, match="already"):
        await live.export(place.session, str(file))


async def test_samples_are_questions_that_the_bot_answers(engine: Callable[..., Live]) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    samples = await live.samples()
    assert 1 <= len(samples) <= 3
    for question in samples:
        assert (await whole(live, question)).outcome == "answered"


async def test_a_conversation_is_saved_and_comes_back_as_it_was(engine: Callable[..., Live]) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    first = await live.begin(ASKED, None)
    assert first
    found = await whole(live, ASKED)
    await live.finish(first, found)
    second = await live.begin("And then?", first.session)
    assert second
    stopped = answer("And then?", outcome="stopped", sentences=(), partial="Half of it [1]", citations=(FIRST,))
    await live.finish(second, stopped)
    third = await live.begin("Lost?", first.session)
    assert third
    again = await engine(go_on=True).open()
    assert (first.turn, second.turn, third.turn) == (1, 2, 3) and again.session == first.session
    assert again.turns == ((ASKED, found), ("And then?", stopped), ("Lost?", None))
    named = await engine(session=f"s{first.session}").open()
    assert named.turns == again.turns


async def test_a_saved_turn_is_asked_again_and_one_without_an_answer_is_refused(engine: Callable[..., Live]) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    place = await live.begin(ASKED, None)
    with pytest.raises(NotThere, match="has no saved answer"):
        await anext(live.again(place))
    await live.finish(place, await whole(live, ASKED))
    (now,) = [event.answer async for event in live.again(place) if isinstance(event, Answered)]
    assert now.since and now.since.lines[0].startswith("nothing has changed since") and now.since.place == "s1:1"


async def test_a_conversation_that_is_gone_on_with_keeps_numbers_and_quotes_when_its_article_has_changed(
    library: Library, tmp_path: Path
) -> None:
    file = library.write("mine.md", ARTICLES["mine.md"])
    library.ingest()
    paths = Paths(tmp_path, tmp_path / "data")
    paths.ensure(paths.corpora)
    (paths.corpora / "default").symlink_to(library.folder)
    first = Live(SURE, paths, ALL)
    await first.open()
    await first.load(lambda words: None)
    place = await first.begin(ASKED, None)
    assert place
    found = await whole(first, ASKED)
    await first.finish(place, found)
    quote = found.citations[0].quote
    await first.leave()
    file.write_text(ARTICLES["mine.md"].replace(quote.text, "It reads otherwise now."))
    library.ingest()
    second = Live(SURE, paths, ALL)
    assert (last := (await second.open()).last) and last.title == ASKED
    (hit,) = await second.sessions("miners")
    opened = await second.resume(hit.id)
    assert opened.turns == ((ASKED, found),) and opened.title == ASKED
    article = await second.article(quote)
    assert article.document.text[quote.start : quote.end] == quote.text and len(article.versions) == 2
    assert [one.id for one in await second.articles()] == [quote.document]


async def test_two_chats_know_of_each_other_and_what_the_second_asks_is_a_copy(engine: Callable[..., Live]) -> None:
    first, second = engine(), engine(go_on=True)
    await first.open()
    place = await first.begin("One?", None)
    assert place
    await first.keep(place.session, ["Later?"])
    opened = await second.open()
    assert opened.elsewhere and opened.queued == ("Later?",)
    with pytest.raises(SessionsLocked, match="open in another chat"):
        await second.delete(place.session)
    copy = await second.begin("Two?", place.session, before=2)
    assert copy == Place(place.session + 1, 2)
    await first.leave()
    assert not (await second.resume(place.session)).elsewhere
    await second.rename(place.session, "First")
    await second.delete(place.session)
    assert [one.title for one in await second.sessions("")] == ["Two?"]
    await second.restore()
    assert [one.title for one in await second.sessions("first")] == ["First"]
    await second.withdraw(copy)
    assert [one.turns for one in await first.sessions("two")] == [1]


async def test_without_saving_nothing_is_written_and_another_corpus_saves_nothing_either(
    engine: Callable[..., Live], tmp_path: Path
) -> None:
    live = engine(saves=False)
    await live.open()
    assert await live.begin("One?", None) is None
    await live.switch("", "extract", lambda words: None)
    assert await live.begin("Two?", None) is None and not list(tmp_path.rglob("sessions*"))


async def test_a_turn_is_pinned_by_what_the_engine_is_handed(engine: Callable[..., Live]) -> None:
    kept: list[Place] = []

    def pin(sessions: Sessions, paths: Paths, corpus: str, place: Place) -> tuple[tuple[str, ...], Callable[[], str]]:
        assert sessions.answer(place).outcome == "answered" and corpus == "default" and paths.data.name == "data"

        def keep() -> str:
            kept.append(place)
            return "Kept."

        return ("question: Why?",), keep

    live = engine(pin=pin)
    await live.open()
    place = await live.begin("Why?", None)
    assert place
    await live.finish(place, answer("Why?"))
    assert await live.pin(place) == ("question: Why?",) and kept == []
    assert await live.keep_pin() == "Kept." and kept == [place]


async def test_a_session_that_is_not_there_or_a_corpus_without_articles_ends_in_a_sentence(
    engine: Callable[..., Live], tmp_path: Path
) -> None:
    with pytest.raises(BotError, match="no session s9"):
        await engine(session="s9").open()
    with pytest.raises(CorpusMissing):
        await engine(settings=Settings(corpus="other")).open()
    with pytest.raises(BadPath, match="No article") as caught:
        live = engine()
        await live.open()
        await live.article(FIRST.quote)
    assert caught.value.exit == 2 and caught.value.code == "bad_path"


def test_a_fault_of_our_own_is_told_in_a_sentence_and_shown_when_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.commands.chat import _ours

    def broken() -> None:
        with _ours():
            raise ZeroDivisionError("division by zero")

    with pytest.raises(BotError, match=r"unexpected.*ZeroDivisionError"):
        broken()
    monkeypatch.setenv("FOOTNOTE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        broken()


def test_a_report_of_a_failed_screen_is_written_or_says_why_not(engine: Callable[..., Live], tmp_path: Path) -> None:
    live = engine()
    file = tmp_path / "data" / "log.txt"
    assert live.report("Traceback: here") == f"its report: {file}" and "UTC\nTraceback: here" in file.read_text()
    for _ in range(60):
        live.report("one line" * 40)
    assert len(file.read_bytes()) == LARGEST and "Traceback: here" not in file.read_text()
    file.unlink()
    file.mkdir()
    assert "could not be written" in live.report("again")


async def test_what_ended_an_answer_stands_in_the_log_without_the_words_of_others(engine: Callable[..., Live]) -> None:
    live = engine()
    await live.open()
    await live.load(lambda words: None)
    file, text = await live.log()
    assert text == "" and not file.exists()

    class Broken:
        def answer(self, *given: object) -> AsyncGenerator[Event]:
            try:
                raise ValueError("the text of an article")
            except ValueError as error:
                raise ProviderError("The reply was garbled.", "Ask again.", "provider_reply") from error

    live._bot = Broken()  # type: ignore[assignment]
    with pytest.raises(ProviderError):
        await whole(live, ASKED)
    _, text = await live.log()
    assert "provider_reply: The reply was garbled. Ask again." in text and "  ValueError, test_chat.py:" in text
    assert "the text of" not in text and file.stat().st_mode & 0o777 == 0o600


def test_what_a_next_question_leans_on_leaves_out_errors_and_what_never_came() -> None:
    error = answer("Second?", outcome="error")
    turns = (("First?", answer("First?")), ("Second?", error), ("Third?", None), ("Fourth?", answer(outcome="stopped")))
    assert leant_on(turns).questions == ("First?", "Fourth?")


def test_a_saved_answer_keeps_why_a_sentence_has_no_source(tmp_path: Path) -> None:
    whole = answer(
        sentences=(answer().sentences[0], Sentence("The mayor was against it.", (), "unsupported", "no source")),
        outcome="partly",
    )
    assert answer_from(json.loads(json.dumps(asdict(whole)))) == whole
    sessions = Sessions(tmp_path / "sessions.sqlite3")
    place = sessions.begin("default", "Q?")
    sessions.finish(place, whole)
    assert sessions.answer(Place(place.session, place.turn)) == whole
