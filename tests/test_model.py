"""The writer over the real LangChain classes and a local server: what is sent, what comes, what a fault says."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers
from langsmith import utils as langsmith_utils
from model_server import HTML, PROTOCOLS, Fault, Script, Server, serve

from bot.conversation import Answer, Conversation, Sentence, Turn
from bot.errors import BotError, ProviderError, StreamCut, UsageError
from bot.question.followup import put
from bot.reading import Reading
from bot.writers.model import Model
from bot.writers.prompt import ABSENT
from bot.writers.provider import Patience
from store.passage import Document, Found, Passage

KEY = "sk-secret-3141"
QUICK = Patience(first=5, chunk=5, pause=0.01)
HASTY = Patience(first=0.2, chunk=0.2, pause=0.01, think=0.4)
VARIABLES = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "ollama": "OLLAMA_HOST"}
FOREIGN = ("openai_", "anthropic_", "ollama_", "langsmith_", "langchain_", "http_", "https_", "all_", "no_proxy")
NOTHING_SAID = Conversation()
READ: Any = langsmith_utils.get_env_var

every_protocol = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment without keys, proxies and tracing, put back afterwards."""
    for name in [name for name in os.environ if name.lower().startswith(FOREIGN)]:
        monkeypatch.delenv(name)
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2"):  # the model sets them: this puts them back
        monkeypatch.setenv(name, "false")
    READ.cache_clear()
    yield
    READ.cache_clear()


def passage(number: int, text: str, title: str = "All 33 brought up", published: str | None = "2010-10-14") -> Passage:
    document = Document(f"d{number}", "news", f"{number}.md", title, outlet="Sample Wire", published=published)
    return Passage(number, document, 0, len(text), text)


FOUND = Found(
    (passage(1, "The last of 33 miners came up on Wednesday."), passage(2, "It was 624 metres deep.", published=None)),
    as_of="2010-10-20",
)


@dataclass
class Heard:
    """A model for a test, with what it said to the user and what came of a question."""

    model: Model
    notices: list[str]
    texts: list[str] = field(default_factory=list)
    error: Exception | None = None

    @property
    def code(self) -> str:
        return getattr(self.error, "code", type(self.error).__name__)

    @property
    def sentence(self) -> str:
        return f"{self.error} / {getattr(self.error, 'next', '')}"


def make(
    protocol: str,
    server: Server | str,
    patience: Patience = QUICK,
    *,
    key: str | None = KEY,
    environ: Mapping[str, str] | None = None,
    **more: Any,
) -> Heard:
    base = server if isinstance(server, str) else server.url(protocol)
    notices: list[str] = []
    given = {VARIABLES[protocol]: base} if environ is None else environ
    model = Model(f"{protocol}:x", key=lambda _: key, notice=notices.append, patience=patience, environ=given, **more)
    return Heard(model, notices)


async def hear(heard: Heard, question: str = "How many?", found: Found = FOUND) -> Heard:
    try:
        async for text in heard.model.write(question, Reading(found), NOTHING_SAID):
            heard.texts.append(text)
    except (BotError, StreamCut) as error:
        heard.error = error
    return heard


def prompt_in(server: Server) -> str:
    ((role, text),) = server.requests[0].messages
    assert role == "user"
    return text


# Sound answers.


@every_protocol
async def test_text_streams_as_it_comes(protocol: str) -> None:
    with serve(Script(["The toll ", "rose to 14 [1]", "."], delays=(0, 0.6, 0))) as server:
        heard = make(protocol, server)
        times = []
        async for text in heard.model.write("How many?", Reading(FOUND), NOTHING_SAID):
            heard.texts.append(text)
            times.append(time.monotonic())
    assert heard.texts == ["The toll ", "rose to 14 [1]", "."]
    assert times[1] - times[0] > 0.1
    assert heard.model.usage == (21, 7) and heard.model.host is None and heard.notices == []
    assert len(server.requests) == 1


@every_protocol
async def test_blank_text_before_the_first_word_is_held_back(protocol: str) -> None:
    with serve(Script(["", "\n ", "\n Yes", " [1].", "\n"])) as server:
        heard = await hear(make(protocol, server))
    assert heard.texts == ["Yes", " [1].", "\n"]


@every_protocol
@pytest.mark.parametrize(
    "chunks",
    [["<think>", "It was 9.", "</th", "ink>\n\n", "Fourteen [1]."], [" <th", "ink></think>Fourteen [1]."]],
)
async def test_thoughts_before_the_answer_are_not_shown(protocol: str, chunks: list[str]) -> None:
    with serve(Script(chunks)) as server:
        heard = await hear(make(protocol, server))
    assert heard.texts == ["Fourteen [1]."]


@every_protocol
async def test_a_long_answer_in_another_language(protocol: str) -> None:
    with serve(Script(["Der Brand 【1】 – gelöscht 😀 "] * 800, pieces=701)) as server:
        heard = await hear(make(protocol, server))
    assert "".join(heard.texts) == "Der Brand 【1】 – gelöscht 😀 " * 800


@every_protocol
def test_a_second_event_loop_in_one_process(protocol: str) -> None:
    with serve(Script()) as server:
        heard = make(protocol, server)
        for _ in range(3):
            asyncio.run(hear(heard))
    assert heard.error is None and "".join(heard.texts) == 3 * "The toll rose to 14 [1]."


@every_protocol
def test_leaving_early_hangs_up_and_leaves_nothing_behind(protocol: str, caplog: pytest.LogCaptureFixture) -> None:
    with serve(Script(fault=Fault.HANG_MID)) as server:

        async def leave() -> None:
            stream = make(protocol, server).model.write("How many?", Reading(FOUND), NOTHING_SAID)
            assert await anext(stream) == "The toll "
            await stream.aclose()

        asyncio.run(leave())
        gc.collect(1)
        assert server.hung_up.wait(5)
    assert not [record for record in caplog.records if record.name == "asyncio"], caplog.text


@every_protocol
def test_cancelling_a_silent_call_hangs_up(protocol: str, caplog: pytest.LogCaptureFixture) -> None:
    with serve(Script(fault=Fault.HANG_FIRST)) as server:

        async def cancelled() -> None:
            task = asyncio.create_task(hear(make(protocol, server)))
            while not server.requests:
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(cancelled())
        gc.collect(1)
        assert server.hung_up.wait(5)
    assert not [record for record in caplog.records if record.name == "asyncio"], caplog.text


@every_protocol
async def test_a_proxy_in_the_environment_is_not_for_this_machine(
    protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(Script(["through a proxy"])) as proxy, serve(Script(["straight"])) as server:
        for variable in ("HTTP_PROXY", "ALL_PROXY", "OPENAI_PROXY"):
            monkeypatch.setenv(variable, proxy.url())
        assert (await hear(make(protocol, server))).texts == ["straight"]
    assert proxy.requests == []


async def test_nothing_reaches_the_tracing_endpoint_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Script()) as server, serve(Script()) as traces:
        for variable in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(variable, "true")
        for variable in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
            monkeypatch.setenv(variable, traces.url())
        monkeypatch.setenv("LANGSMITH_API_KEY", "ls-never-sent")
        heard = await hear(make("openai", server))
        await asyncio.to_thread(wait_for_all_tracers)
    assert heard.error is None and len(server.requests) == 1 and traces.requests == []


@pytest.mark.parametrize("variable", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"])
async def test_tracing_is_off_whatever_the_environment_says(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGSMITH_TRACING_V2")
    monkeypatch.setenv(variable, "true")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    with serve(Script()) as server:
        heard = await hear(make("openai", server))
    assert heard.error is None and not langsmith_utils.tracing_is_enabled() and len(server.requests) == 1


@every_protocol
async def test_no_other_host_gets_text_by_a_redirect(protocol: str) -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", other.url() + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with serve(Script()) as other, ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as first:
        thread = threading.Thread(target=first.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        base = f"http://127.0.0.1:{first.server_port}" + ("/v1" if protocol == "openai" else "")
        heard = await hear(make(protocol, base))
        first.shutdown()
        thread.join()
    assert other.requests == [] and heard.code == "provider_reply" and "another address (307)" in heard.sentence


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_without_a_base_url_the_providers_own_host_is_asked(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL", "ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"):
        monkeypatch.setenv(name, "https://elsewhere.example.com")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    model = make(protocol, "", environ={}).model
    chat = model._connect().chat
    client = chat.root_async_client if protocol == "openai" else chat._async_client
    assert client.base_url.host == model.host == f"api.{protocol}.com"


async def test_ask_gives_the_whole_reply_and_its_tokens_count_for_the_answer() -> None:
    with serve(Script([" How many ", "miners?\n"]), Script()) as server:
        heard = make("openai", server)
        assert await heard.model.ask("Rewrite") == "How many miners?"
        await hear(heard)
        assert heard.model.usage == (42, 14)
        await hear(heard)
        assert heard.model.usage == (21, 7)


async def test_ollama_is_told_how_much_context_the_prompt_needs() -> None:
    with serve(Script()) as server:
        await hear(make("ollama", server))
    assert server.requests[0].body["options"]["num_ctx"] >= 6000


# The prompt.


def turn(question: str, *sentences: str, verdict: Any = "quoted") -> Turn:
    said = tuple(Sentence(text, (3,), verdict) for text in sentences)
    return Turn(question, Answer(question, question, "answered", said))


@every_protocol
async def test_what_is_sent(protocol: str) -> None:
    with serve(Script()) as server:
        await hear(make(protocol, server), "How deep was it?")
    text = prompt_in(server)
    for part in ("[1]\nbegin ", "[2]\nbegin ", "Title: All 33 brought up", "Outlet: Sample Wire", "2010-10-20"):
        assert part in text
    assert "Published: 2010-10-14\n\nThe last of 33 miners" in text
    assert "Published: undated\n\nIt was 624 metres deep." in text
    assert "Question: How deep was it?" in text and ABSENT in text
    assert "\n[3]" not in text


async def test_what_is_left_out_is_said() -> None:
    with serve(Script()) as server:
        heard = await hear(make("openai", server, budget=1))
    assert heard.notices == ["the last 1 of 2 passages do not fit and are left out"]


async def test_a_question_that_is_no_unicode_is_sent_all_the_same() -> None:
    with serve(Script()) as server:
        heard = await hear(make("openai", server), "Caf\udce9?")
    assert heard.error is None and "Caf??" in prompt_in(server)


# A follow-up.


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        (['"How old ', 'was Urzúa?"\n'], "How old was Urzúa?"),
        (["Sure!\n\nHow old was Urzúa?"], "How old was he?"),
        (["word " * 200], "How old was he?"),
        ([], "How old was he?"),
    ],
)
async def test_a_follow_up_is_rewritten_where_the_reply_is_one_line(reply: list[str], asked: str) -> None:
    said = Conversation((turn("Who came last?", "Luis Urzúa came last."),))
    with serve(Script(reply)) as server:
        assert await make("openai", server).model.standalone(put("How old was he?", said), said) == asked
    assert "Luis Urzúa came last." in prompt_in(server) and "How old was he?" in prompt_in(server)


async def test_a_question_that_leans_on_nothing_is_not_sent() -> None:
    said = Conversation((turn("Who came last?", "Luis Urzúa came last."),))
    with serve(Script()) as server:
        question = "How many barrels of oil flowed each day?"
        assert await make("openai", server).model.standalone(put(question, said), said) == question
        assert (
            await make("openai", server).model.standalone(put("How old was he?", NOTHING_SAID), NOTHING_SAID)
            == "How old was he?"
        )
    assert server.requests == []


async def test_a_follow_up_that_is_cut_stays_as_it_is_and_a_refused_key_is_an_error() -> None:
    said = Conversation((turn("Who came last?", "Luis Urzúa came last."),))
    with serve(Script(finish="length")) as server:
        assert await make("openai", server).model.standalone(put("How old was he?", said), said) == "How old was he?"
    with serve(Script(fault=Fault.REFUSED_KEY)) as server, pytest.raises(ProviderError, match="refused the key"):
        await make("openai", server).model.standalone(put("How old was he?", said), said)


# Faults: what each comes to and how many requests it takes; three of each where the classes differ.

UNREAD, DOWN, WAITED, CUT = "provider_reply", "provider_down", "provider_timeout", "StreamCut"
FAULTS: dict[Fault, tuple[tuple[str, str, str], str, tuple[int, int, int]]] = {
    Fault.REFUSED_KEY: (("provider_key",) * 3, "refused the key.", (1, 1, 1)),
    Fault.UNKNOWN_MODEL: (("provider_model",) * 3, "knows no model 'x'.", (1, 1, 1)),
    Fault.RATE_LIMIT: (("provider_limit",) * 3, "(429)", (3, 3, 3)),
    Fault.TOO_LONG: (("provider_limit",) * 3, "too long", (1, 1, 1)),
    Fault.SERVER_ERROR: ((DOWN,) * 3, "failed (500).", (3, 3, 3)),
    Fault.OVERLOADED: ((DOWN,) * 3, "failed (5", (3, 3, 3)),
    Fault.HTML_GATEWAY: ((DOWN,) * 3, "failed (502).", (3, 3, 3)),
    Fault.HTML_PAGE: ((UNREAD,) * 3, "could not be read.", (1, 1, 1)),
    Fault.WHOLE_JSON: ((UNREAD, UNREAD, DOWN), "", (1, 1, 3)),
    Fault.EMPTY_BODY: ((UNREAD,) * 3, "could not be read.", (1, 1, 1)),
    Fault.HANG: ((WAITED,) * 3, "sent nothing for 0.2 s.", (3, 3, 3)),
    Fault.HANG_FIRST: ((WAITED,) * 3, "sent nothing for 0.2 s.", (3, 3, 3)),
    Fault.HANG_MID: ((WAITED,) * 3, "sent nothing more for 0.2 s.", (1, 1, 1)),
    Fault.KEEPALIVE: ((WAITED,) * 3, "sent signs of life, but no more words for 0.4 s.", (1, 1, 1)),
    Fault.CUT: ((CUT,) * 3, "stopped before the end", (1, 1, 1)),
    Fault.NO_REASON: ((CUT,) * 3, "stopped before the end", (1, 1, 1)),
    Fault.NO_TERMINATOR: (("NoneType", "NoneType", CUT), "", (1, 1, 1)),
    Fault.DISCONNECT: ((DOWN,) * 3, "The connection to 127.0.0.1:", (3, 3, 3)),
    Fault.DROP: ((DOWN,) * 3, "The connection to 127.0.0.1:", (1, 1, 1)),
    Fault.RESET: ((DOWN,) * 3, "The connection to 127.0.0.1:", (1, 1, 1)),
    Fault.BAD_UTF8: ((UNREAD, UNREAD, "NoneType"), "", (1, 1, 1)),
    Fault.BAD_JSON: ((UNREAD,) * 3, "could not be read.", (1, 1, 1)),
    Fault.BAD_SHAPE: (("NoneType", UNREAD, UNREAD), "", (1, 1, 1)),
    Fault.ERROR_MID: ((DOWN,) * 3, "reported an error in its answer.", (1, 1, 1)),
}
SILENT = (Fault.HANG, Fault.HANG_FIRST, Fault.HANG_MID, Fault.KEEPALIVE)


def test_every_fault_has_a_row() -> None:
    assert set(FAULTS) == set(Fault)


@pytest.mark.parametrize(
    ("fault", "protocol", "code", "said", "requests"),
    [
        pytest.param(fault, protocol, codes[column], said, counts[column], id=f"{fault.name}-{protocol}")
        for fault, (codes, said, counts) in FAULTS.items()
        for column, protocol in enumerate(PROTOCOLS)
    ],
)
async def test_a_fault(fault: Fault, protocol: str, code: str, said: str, requests: int) -> None:
    with serve(Script(fault=fault, delays=0.05 if fault is Fault.RESET else 0)) as server:
        heard = await hear(make(protocol, server, HASTY if fault in SILENT else QUICK))
        assert fault not in SILENT or await asyncio.to_thread(server.hung_up.wait, 5), "it kept the connection"
    assert heard.code == code, repr(heard.error)
    assert said in heard.sentence
    assert len(server.requests) == requests and len(heard.notices) == requests - 1
    assert all("; trying again in 0.0" in words and words.endswith("Ctrl-C stops") for words in heard.notices)
    assert KEY not in heard.sentence + "".join(heard.notices) and HTML.decode()[:9] not in heard.sentence
    assert "engine died" not in heard.sentence
    if isinstance(heard.error, ProviderError):
        assert heard.error.exit == 3 and heard.error.next and heard.error.__context__ is None


@every_protocol
def test_a_reply_of_another_shape_leaves_nothing_behind(protocol: str, caplog: pytest.LogCaptureFixture) -> None:
    with serve(Script(fault=Fault.BAD_SHAPE)) as server:
        asyncio.run(hear(make(protocol, server)))
    gc.collect(1)
    assert not [record for record in caplog.records if record.name == "asyncio"], caplog.text


async def test_a_model_that_ollama_lacks_can_be_fetched() -> None:
    with serve(Script(fault=Fault.UNKNOWN_MODEL)) as server:
        assert (await hear(make("ollama", server))).sentence.endswith("/ Fetch it with: ollama pull x")


@every_protocol
async def test_a_busy_provider_is_asked_again_and_the_user_hears_of_it(protocol: str) -> None:
    with serve(Script(fault=Fault.RATE_LIMIT, times=2)) as server:
        heard = await hear(make(protocol, server))
    assert "".join(heard.texts) == "The toll rose to 14 [1]."
    assert heard.notices == [
        "the provider is busy (429); trying again in 0.01 s, 1 of 2; Ctrl-C stops",
        "the provider is busy (429); trying again in 0.02 s, 2 of 2; Ctrl-C stops",
    ]


@pytest.mark.parametrize(
    ("asked", "requests", "said"),
    [("0.2", 2, ""), ("0", 2, ""), ("31", 1, "Try again in 31 s."), ("nonsense", 2, ""), ("nan", 2, "")],
)
async def test_a_retry_after_is_obeyed_up_to_half_a_minute(asked: str, requests: int, said: str) -> None:
    begun = time.monotonic()
    with serve(Script(fault=Fault.RATE_LIMIT, times=1, retry_after=asked)) as server:
        heard = await hear(make("openai", server))
    assert len(server.requests) == requests and said in heard.sentence and (heard.error is None) == (requests == 2)
    assert asked != "0.2" or time.monotonic() - begun > 0.2


async def test_a_retry_after_may_be_a_date() -> None:
    with serve(Script(fault=Fault.RATE_LIMIT, retry_after="Wed, 21 Oct 2099 07:28:00 GMT")) as server:
        heard = await hear(make("anthropic", server))
    assert len(server.requests) == 1 and re.search(r"Try again in \d+ s\.", heard.sentence)


@every_protocol
async def test_an_empty_answer(protocol: str) -> None:
    for chunks in ([], ["", " \n", "\t"]):
        with serve(Script(chunks)) as server:
            heard = await hear(make(protocol, server))
        assert heard.code == "provider_empty" and heard.texts == [] and len(server.requests) == 1
        assert f"{protocol}:x gave an empty answer." in heard.sentence


@every_protocol
async def test_an_answer_cut_off_by_its_length(protocol: str) -> None:
    with serve(Script(finish="length")) as server:
        heard = await hear(make(protocol, server))
    assert heard.code == CUT and "".join(heard.texts) == "The toll rose to 14 [1]."


async def test_a_filtered_answer_is_declined() -> None:
    with serve(Script([], finish="content_filter")) as server:
        heard = await hear(make("openai", server))
    assert heard.code == "provider_empty" and "declined to answer" in heard.sentence


@every_protocol
async def test_signs_of_life_are_no_first_word(protocol: str) -> None:
    with serve(Script(fault=Fault.KEEPALIVE, after=0)) as server:
        heard = await hear(make(protocol, server, replace(HASTY, retries=0)))
    assert heard.code == WAITED and "signs of life, but no words for 0.4 s." in heard.sentence
    assert len(server.requests) == 1


@every_protocol
async def test_nothing_answers_there(protocol: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}" + ("/v1" if protocol == "openai" else "")
        heard = await hear(make(protocol, address))
    expected = f"Nothing answers at {address}. / Start the server, or choose another model with -m."
    assert (heard.code, heard.sentence) == (DOWN, expected)
    assert heard.notices == [f"nothing answers at {address}; trying again in 0.01 s, 1 of 1; Ctrl-C stops"]


@every_protocol
async def test_a_name_that_cannot_be_found(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def unknown(host: Any, *rest: Any, **more: Any) -> Any:
        if b".invalid" in (host if isinstance(host, bytes) else str(host).encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    heard = await hear(make(protocol, "http://user:word@no-such-host.invalid:81"))
    assert heard.code == DOWN and heard.notices == []
    assert heard.sentence == "no-such-host.invalid:81 cannot be found. / Check the network and the address."


# Names, keys, packages.


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
async def test_a_missing_key_sends_nothing(protocol: str) -> None:
    heard = await hear(make(protocol, "", key=None, environ={}))
    assert (heard.code, heard.sentence) == (
        "provider_key",
        f"There is no key for {protocol}. / Set it with: footnote keys set {protocol}",
    )


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
async def test_a_server_on_this_machine_needs_no_key(protocol: str) -> None:
    with serve(Script()) as server:
        assert (await hear(make(protocol, server, key=None))).error is None
        assert (await hear(make(protocol, server, key=f" {KEY}\n"))).error is None
        heard = await hear(make(protocol, server, key="sk-one two"))
    assert heard.code == "provider_key" and len(server.requests) == 2 and "one" not in heard.sentence


async def test_the_key_shows_nowhere_in_a_refusal() -> None:
    with serve(Script(fault=Fault.REFUSED_KEY)) as server:
        heard = await hear(make("openai", server))
    assert KEY not in repr(heard.error) + repr(vars(heard.error)) + repr(heard.model)
    assert heard.sentence.startswith("openai at 127.0.0.1:")
    assert heard.sentence.endswith("refused the key. / Set it with: footnote keys set openai")


@pytest.mark.parametrize("name", ["gpt", "openai:", ":x", "openai/x", ""])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        Model(name, key=lambda _: None, notice=print, environ={})
    assert raised.value.next


def test_a_provider_that_there_is_not_is_told_before_anything_else() -> None:
    with pytest.raises(UsageError, match="There is no provider 'nosuch'"):
        Model("nosuch:gpt-4", key=lambda _: None, notice=print, environ={})


def test_a_package_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as raised:
        Model("mistralai:x", key=lambda _: None, notice=print, environ={})
    assert raised.value.exit == 2 and "langchain-mistralai" in raised.value.next
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="The package for openai is not installed") as raised:
        Model("openai:x", key=lambda _: None, notice=print, environ={})
    assert "langchain-openai" in raised.value.next


def test_importing_the_writer_is_cheap() -> None:
    heavy = "('lang', 'http', 'openai', 'numpy')"
    code = f"import sys, bot.writers.model; print([m for m in sys.modules if m.startswith({heavy})])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout.strip() in ("[]", "['http']"), done.stdout + done.stderr


# Dialects of servers.


@pytest.mark.parametrize("finish", ["abort", "error", "insufficient_system_resource", "tool_calls", "no_such_reason"])
@every_protocol
async def test_a_finish_reason_that_is_not_known_to_be_good_is_a_cut(protocol: str, finish: str) -> None:
    with serve(Script(finish=finish)) as server:
        heard = await hear(make(protocol, server))
    assert heard.code == CUT and "".join(heard.texts) == "The toll rose to 14 [1]."


@pytest.mark.parametrize("finish", ["eos", "eos_token", "end_turn", "stop_sequence", "COMPLETE", "STOP"])
async def test_other_servers_words_for_a_whole_answer(finish: str) -> None:
    with serve(Script(finish=finish)) as server:
        assert (await hear(make("openai", server))).error is None


@pytest.mark.parametrize("think", [["deep "] * 20, [""] * 20])
async def test_a_model_that_thinks_longer_than_any_silence_is_asked_once(think: list[str]) -> None:
    patient = replace(HASTY, first=0.4, chunk=0.4, think=20)
    with serve(Script(delays=0.05, thoughts=think)) as server:
        heard = await hear(make("openai", server, patient))
    assert heard.error is None and heard.notices == [] and len(server.requests) == 1
    assert "".join(heard.texts) == "The toll rose to 14 [1]."


async def test_a_model_that_never_stops_thinking_is_given_up_and_not_asked_again() -> None:
    with serve(Script(delays=0.05, thoughts=["deep "] * 200)) as server:
        heard = await hear(make("openai", server, replace(HASTY, first=0.3, think=0.6)))
    assert heard.code == WAITED and "no words for 0.6 s" in heard.sentence and len(server.requests) == 1


async def test_a_server_that_refuses_stream_options_is_asked_without_them_from_then_on() -> None:
    with serve(Script(extras=False)) as server:
        heard = make("openai", server)
        for _ in range(2):
            assert (await hear(heard)).error is None
    assert ["stream_options" in request.body for request in server.requests] == [True, False, False]
    assert heard.notices == []


async def test_a_request_that_is_refused_either_way_is_asked_twice_and_no_more() -> None:
    with serve(Script(error=(422, "no"))) as server:
        heard = await hear(make("openai", server))
    assert heard.code == "provider_model" and len(server.requests) == 2 and heard.notices == []


@pytest.mark.parametrize(
    "words",
    [
        "The loaded context holds only 4096 tokens: the context overflows.",
        "context shift is disabled",
        "the request exceeds the available context size",
        "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 6000",
        "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
        "Input is too long for requested model.",
        "Please reduce the length of the messages or completion.",
        "failed to find free space in the KV cache",
    ],
)
@pytest.mark.parametrize("status", [200, 400, 422, 500])
async def test_a_context_that_is_too_small_is_told_in_many_words(words: str, status: int) -> None:
    with serve(Script(error=(status, words))) as server:
        heard = await hear(make("openai", server))
    assert heard.code == "provider_limit" and "-k 4" in heard.sentence and len(server.requests) == 1


@every_protocol
async def test_a_context_that_is_too_small_may_be_told_inside_the_stream(protocol: str) -> None:
    script = Script(fault=Fault.ERROR_MID, after=0, error=(500, "Prompt is too long: 9000 tokens"))
    with serve(script) as server:
        heard = await hear(make(protocol, server))
    assert heard.code == "provider_limit" and "-k 4" in heard.sentence and len(server.requests) == 1


async def test_a_busy_provider_that_counts_tokens_a_minute_is_busy() -> None:
    with serve(Script(error=(429, "Too many tokens per minute, please slow down."))) as server:
        heard = await hear(make("openai", server))
    assert "is busy" in heard.sentence and len(server.requests) == 3


async def test_content_that_comes_as_a_list_of_parts_warns_of_nothing(recwarn: pytest.WarningsRecorder) -> None:
    with serve(Script(parts=True)) as server:
        heard = await hear(make("openai", server))
    assert "".join(heard.texts) == "The toll rose to 14 [1]." and not list(recwarn)


async def test_a_model_once_seen_to_think_without_an_opening_tag_is_held_to_the_end() -> None:
    thinks = ["The toll is in passage 1.", "</think>The toll ", "rose to 14 [1]."]
    with serve(Script(thinks)) as server:
        heard = await hear(make("openai", server))
        heard.texts.clear()
        await hear(heard)
    assert "".join(heard.texts) == "The toll rose to 14 [1]."
