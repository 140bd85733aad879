"""What the real LangChain classes make of every fault: `bot.writers` is written on these facts.

The table `SEEN` is an observation: when a raised pin changes a row, look at what `bot.writers` makes of it.

- Timeouts. ChatOpenAI takes an `httpx2.Timeout(read, connect=…)`; ChatAnthropic one number for everything, but lets its
  client be replaced; ChatOllama takes `client_kwargs={"timeout": httpx.Timeout(…)}` and has none by itself. A read
  timeout bounds the silence on the wire, so signs of life (comments, pings, empty tokens) defeat it everywhere, and
  `stream_chunk_timeout` is ChatOpenAI's alone. A timer of ours round each `anext` bounds all three alike.
- Proxies. All three obey HTTP_PROXY for loopback. A client with `trust_env=False` does not: ChatOpenAI takes it as
  `http_async_client`, ChatOllama as `client_kwargs`, ChatAnthropic has no such argument and gets its `_async_client`
  replaced (`anthropic.DefaultAsyncHttpxClient(trust_env=False)` still obeys: it must be a plain `httpx2` client).
- Waits. A chunk may be a sign of life without text (a role, a start, a thought): the first token is the first text.
- Event loops. ChatAnthropic, and ChatOpenAI where its timeout can be hashed, share one HTTP client a process, and the
  second loop finds a dead connection in it: a client of our own for each loop, closed before the loop ends.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx
import httpx2
import pytest
from langchain.chat_models import init_chat_model
from langchain_core import exceptions as core
from langchain_core.messages import AIMessageChunk
from langsmith import utils as langsmith_utils
from model_server import HTML, PROTOCOLS, Fault, Script, Server, serve

SHORT = 0.2  # seconds that a client waits where it is meant to give up
LONG = 20.0  # and where it is not
VERIFY = ssl.create_default_context()  # made once: it is what takes time when a client is made
KEY = "sk-secret"
REASONS = {"openai": "finish_reason", "anthropic": "stop_reason", "ollama": "done_reason"}
STOPPED = {"openai": "stop", "anthropic": "end_turn", "ollama": "stop"}
FOREIGN = ("openai_", "anthropic_", "ollama_", "langsmith_", "langchain_", "http_", "https_", "all_", "no_proxy")

READ: Any = langsmith_utils.get_env_var

every_protocol = pytest.mark.parametrize("protocol", PROTOCOLS)


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment without keys, proxies and tracing; langsmith remembers what it read, so that is forgotten too."""
    for name in os.environ:
        if name.lower().startswith(FOREIGN):
            monkeypatch.delenv(name)
    READ.cache_clear()
    yield
    READ.cache_clear()


@dataclass(frozen=True)
class Heard:
    """What came: the texts, all chunks added up, and the error or None."""

    texts: tuple[str, ...]
    whole: AIMessageChunk | None
    error: Exception | None

    def reason(self, protocol: str) -> str | None:
        return None if self.whole is None else self.whole.response_metadata.get(REASONS[protocol])

    @property
    def usage(self) -> tuple[int, int] | None:
        usage = self.whole and self.whole.usage_metadata
        return (usage["input_tokens"], usage["output_tokens"]) if usage else None

    def seen(self, protocol: str) -> str:
        """The cell of the table: the error's class and how many chunks came before it, or the silent end."""
        if self.error is None:
            return f"ends, {self.reason(protocol)}, {len(self.texts)}"
        kind = type(self.error)
        return f"{kind.__module__.partition('.')[0]}.{kind.__name__}, {len(self.texts)}"


def chat(name: str, **given: Any) -> Any:
    """`init_chat_model`, whose result is looked into here."""
    return init_chat_model(name, **given)


def build(protocol: str, base: str, wait: float, **more: Any) -> tuple[Any, Callable[[], Awaitable[None]]]:
    """The model as `bot.writers` should make it, and what closes it before its event loop ends."""
    if protocol == "ollama":
        wire = {"timeout": httpx.Timeout(wait), "trust_env": False, "verify": VERIFY}
        model = chat("ollama:x", **{"base_url": base, "client_kwargs": wire, **more})
        return model, model._async_client.close
    timeout = httpx2.Timeout(wait)
    client = httpx2.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=True, verify=VERIFY)
    given = {"base_url": base, "api_key": KEY, "max_retries": 0, **more}
    if protocol == "openai":
        openai = {
            "http_async_client": client,
            "http_client": httpx2.Client(trust_env=False, verify=VERIFY),  # never used, else one more is made
            "timeout": timeout,
            "stream_usage": True,
            "stream_chunk_timeout": None,
        }
        return chat("openai:x", **{**openai, **given}), client.aclose
    model = chat("anthropic:x", timeout=wait, **given)
    model._async_client = anthropic.AsyncAnthropic(**{**model._client_params, "timeout": timeout}, http_client=client)
    return model, client.aclose


def base_url(server: Server | str, protocol: str) -> str:
    return server.url(protocol) if isinstance(server, Server) else server


async def listen(model: Any, patience: float = LONG) -> Heard:
    """Reads one answer to its end, with a timer of our own round each step."""
    texts: list[str] = []
    whole: AIMessageChunk | None = None
    error: Exception | None = None
    stream = model.astream([("system", "Only from the passages."), ("user", "How many?")])
    try:
        while True:
            async with asyncio.timeout(patience):
                chunk = await anext(stream)
                while not chunk.text and chunk.chunk_position != "last":  # a sign of life is no token
                    whole = chunk if whole is None else whole + chunk
                    chunk = await anext(stream)
            whole = chunk if whole is None else whole + chunk
            if chunk.text:
                texts.append(chunk.text)
    except StopAsyncIteration:
        pass
    except Exception as problem:
        error = problem
    return Heard(tuple(texts), whole, error)


async def talk(protocol: str, server: Server | str, wait: float = LONG, patience: float = LONG, **more: Any) -> Heard:
    """One answer: `wait` is the silence on the wire that the class bears, `patience` our own timer's."""
    model, close = build(protocol, base_url(server, protocol), wait, **more)
    try:
        return await listen(model, patience)
    finally:
        await close()


async def first_texts(stream: Any, count: int) -> AsyncIterator[str]:
    while count:
        if text := (await anext(stream)).text:
            count -= 1
            yield text


# Sound answers.


@every_protocol
async def test_a_script_arrives_chunk_by_chunk(protocol: str) -> None:
    begun = time.monotonic()
    with serve(Script(["The toll ", "rose to 14 [1]", "."], delays=(0, 0.1, 0))) as server:
        heard = await talk(protocol, server)
    assert heard.error is None
    assert heard.texts == ("The toll ", "rose to 14 [1]", ".")
    assert time.monotonic() - begun > 0.1
    assert heard.reason(protocol) == STOPPED[protocol]
    assert heard.usage == (21, 7)


@every_protocol
async def test_a_chunk_is_there_before_the_next_is_sent(protocol: str) -> None:
    with serve(Script(["The toll ", "rose to 14 [1]", "."], fault=Fault.HANG_MID, after=2)) as server:
        model, close = build(protocol, server.url(protocol), LONG)
        stream = model.astream("How many?")
        texts = [text async for text in first_texts(stream, 2)]
        await stream.aclose()
        await close()
    assert texts == ["The toll ", "rose to 14 [1]"]


@every_protocol
async def test_what_was_sent_is_recorded_without_its_secret(protocol: str) -> None:
    with serve(Script()) as server:
        await talk(protocol, server)
    (request,) = server.requests
    assert request.messages == [("system", "Only from the passages."), ("user", "How many?")]
    assert request.body["model"] == "x" and request.body["stream"] is True
    assert KEY not in repr(request)
    assert (request.headers.get("authorization") or request.headers.get("x-api-key")) == (
        None if protocol == "ollama" else "Bearer ***"
    )


@every_protocol
async def test_an_answer_cut_off_by_its_length_says_so(protocol: str) -> None:
    with serve(Script(finish="length")) as server:
        heard = await talk(protocol, server)
    assert heard.reason(protocol) == ("max_tokens" if protocol == "anthropic" else "length")


@every_protocol
async def test_characters_broken_over_the_wire_arrive_whole(protocol: str) -> None:
    with serve(Script(["Der Brand 【1】", " – gelöscht 😀"], pieces=3)) as server:
        heard = await talk(protocol, server)
    assert "".join(heard.texts) == "Der Brand 【1】 – gelöscht 😀" and heard.reason(protocol) == STOPPED[protocol]


@every_protocol
async def test_four_thousand_words(protocol: str) -> None:
    words = ["four words at once " for _ in range(1000)]
    with serve(Script(words)) as server:
        heard = await talk(protocol, server)
    assert list(heard.texts) == words and heard.error is None


@every_protocol
async def test_an_empty_answer_ends_without_an_error(protocol: str) -> None:
    with serve(Script([])) as server:
        heard = await talk(protocol, server)
    assert heard.texts == () and heard.error is None and heard.reason(protocol) == STOPPED[protocol]


@every_protocol
async def test_a_whole_answer_where_no_stream_is_asked_for(protocol: str) -> None:
    with serve(Script()) as server:
        model, close = build(protocol, server.url(protocol), LONG)
        answer = await model.ainvoke("How many?")
        await close()
    assert answer.text == "The toll rose to 14 [1]." and answer.usage_metadata["output_tokens"] == 7


@pytest.mark.parametrize(("protocol", "pieces"), [("openai", 1), ("anthropic", 1), ("ollama", 3)])
async def test_streaming_false_makes_one_chunk_of_it_but_for_ollama(protocol: str, pieces: int) -> None:
    with serve(Script()) as server:
        heard = await talk(protocol, server, streaming=False)
    assert len(heard.texts) == pieces


async def test_usage_over_a_base_url_must_be_asked_of_openai() -> None:
    with serve(Script()) as server:
        heard = await talk("openai", server, stream_usage=None)
    assert heard.usage is None and "stream_options" not in server.requests[0].body


async def test_scripts_are_played_in_order_and_the_last_one_stays() -> None:
    with serve(Script(["one"]), Script(["two"])) as server:
        heard = [(await talk("openai", server)).texts for _ in range(3)]
    assert heard == [("one",), ("two",), ("two",)]


async def test_many_at_once() -> None:
    with serve(Script(delays=0.02)) as server:
        heard = await asyncio.gather(*(talk(protocol, server) for protocol in PROTOCOLS for _ in range(4)))
    assert {one.texts for one in heard} == {("The toll ", "rose to 14 [1]", ".")}
    assert len(server.requests) == 12


# Faults.

SILENT = (Fault.HANG, Fault.HANG_FIRST, Fault.HANG_MID)
OPENAI, ANTHROPIC = "langchain_openai.OpenAI", "langchain_anthropic.Anthropic"
NOTHING = ("builtins.ValueError, 0",) * 3  # "No generation chunks were returned"
TIMER = ("builtins.TimeoutError, 1",) * 3

# Fault: what ChatOpenAI, ChatAnthropic and ChatOllama raise, and after how many chunks.
SEEN: dict[Fault, tuple[str, str, str]] = {
    Fault.REFUSED_KEY: (
        f"{OPENAI}AuthenticationError, 0",
        f"{ANTHROPIC}AuthenticationError, 0",
        "ollama.ResponseError, 0",
    ),
    Fault.UNKNOWN_MODEL: (
        f"{OPENAI}ModelNotFoundError, 0",
        f"{ANTHROPIC}ModelNotFoundError, 0",
        "ollama.ResponseError, 0",
    ),
    Fault.RATE_LIMIT: (f"{OPENAI}RateLimitError, 0", f"{ANTHROPIC}RateLimitError, 0", "ollama.ResponseError, 0"),
    Fault.TOO_LONG: (
        f"{OPENAI}ContextOverflowError, 0",
        f"{ANTHROPIC}ContextOverflowError, 0",
        "ollama.ResponseError, 0",
    ),
    Fault.SERVER_ERROR: (f"{OPENAI}APIError, 0", f"{ANTHROPIC}APIError, 0", "ollama.ResponseError, 0"),
    Fault.OVERLOADED: (f"{OPENAI}APIError, 0", f"{ANTHROPIC}OverloadedError, 0", "ollama.ResponseError, 0"),
    Fault.HTML_GATEWAY: (f"{OPENAI}APIError, 0", f"{ANTHROPIC}APIError, 0", "ollama.ResponseError, 0"),
    Fault.HTML_PAGE: (NOTHING[0], NOTHING[1], "json.JSONDecodeError, 0"),
    Fault.WHOLE_JSON: (NOTHING[0], NOTHING[1], "ollama.ResponseError, 0"),
    Fault.EMPTY_BODY: NOTHING,
    Fault.HANG: (f"{OPENAI}TimeoutError, 0", f"{ANTHROPIC}TimeoutError, 0", "httpx.ReadTimeout, 0"),
    Fault.HANG_FIRST: (f"{OPENAI}TimeoutError, 0", "httpx2.ReadTimeout, 0", "httpx.ReadTimeout, 0"),
    Fault.HANG_MID: (f"{OPENAI}TimeoutError, 1", "httpx2.ReadTimeout, 1", "httpx.ReadTimeout, 1"),
    Fault.KEEPALIVE: TIMER,  # ours: theirs hear signs of life
    Fault.CUT: ("ends, None, 1",) * 3,
    Fault.NO_REASON: ("ends, None, 3",) * 3,
    Fault.NO_TERMINATOR: ("ends, stop, 3", "ends, end_turn, 3", "ends, None, 3"),
    Fault.DISCONNECT: (f"{OPENAI}ConnectionError, 0", f"{ANTHROPIC}ConnectionError, 0", "httpx.RemoteProtocolError, 0"),
    Fault.DROP: (f"{OPENAI}ConnectionError, 1", "httpx2.RemoteProtocolError, 1", "httpx.RemoteProtocolError, 1"),
    Fault.RESET: (f"{OPENAI}ConnectionError, 1", "httpx2.ReadError, 1", "httpx.ReadError, 1"),
    Fault.BAD_UTF8: ("builtins.UnicodeDecodeError, 1", "builtins.UnicodeDecodeError, 1", "ends, stop, 4"),
    Fault.BAD_JSON: ("json.JSONDecodeError, 1",) * 3,
    Fault.BAD_SHAPE: ("ends, stop, 3", "builtins.AttributeError, 1", "builtins.AttributeError, 1"),
    Fault.ERROR_MID: ("openai.APIError, 1", "anthropic.APIStatusError, 1", "ollama.ResponseError, 1"),
}


def test_every_fault_is_in_the_table() -> None:
    assert set(SEEN) == set(Fault)


@pytest.mark.parametrize(
    ("protocol", "fault", "seen"),
    [
        pytest.param(protocol, fault, row[column], id=f"{fault.name}-{protocol}")
        for fault, row in SEEN.items()
        for column, protocol in enumerate(PROTOCOLS)
    ],
)
async def test_a_fault(protocol: str, fault: Fault, seen: str) -> None:
    # A reset may overtake what was just sent: a pause lets the chunk arrive.
    with serve(Script(fault=fault, delays=0.05 if fault is Fault.RESET else 0)) as server:
        wait = SHORT if fault in SILENT else LONG
        heard = await talk(protocol, server, wait, 2 * SHORT if fault is Fault.KEEPALIVE else LONG)
        waited = fault in SILENT or fault is Fault.KEEPALIVE
        assert not waited or await asyncio.to_thread(server.hung_up.wait, 5), "the client kept the connection"
    assert heard.seen(protocol) == seen, repr(heard.error)


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
@pytest.mark.parametrize(
    ("fault", "kind", "again"),
    [
        (Fault.REFUSED_KEY, core.ModelAuthenticationError, False),
        (Fault.UNKNOWN_MODEL, core.ModelNotFoundError, False),
        (Fault.RATE_LIMIT, core.ModelRateLimitError, True),
        (Fault.TOO_LONG, core.ContextOverflowError, False),
        (Fault.SERVER_ERROR, core.ModelAPIError, True),
        (Fault.OVERLOADED, core.ModelAPIError, True),
        (Fault.HTML_GATEWAY, core.ModelAPIError, True),
        (Fault.HANG, core.ModelTimeoutError, True),
        (Fault.DISCONNECT, core.ModelConnectionError, True),
    ],
)
async def test_langchain_cores_classes_tell_the_kinds_apart(
    protocol: str, fault: Fault, kind: type[core.ModelError], again: bool
) -> None:
    with serve(Script(fault=fault)) as server:
        error = (await talk(protocol, server, SHORT if fault is Fault.HANG else LONG)).error
    assert isinstance(error, kind) and error.is_retryable is again


async def test_ollamas_error_tells_by_its_status() -> None:
    faults = (Fault.REFUSED_KEY, Fault.UNKNOWN_MODEL, Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.ERROR_MID)
    statuses = []
    for fault in faults:
        with serve(Script(fault=fault)) as server:
            statuses.append(getattr((await talk("ollama", server)).error, "status_code", None))
    assert statuses == [401, 404, 429, 500, -1]


@every_protocol
async def test_a_rate_limit_passes_after_its_times(protocol: str) -> None:
    with serve(Script(fault=Fault.RATE_LIMIT, times=2, retry_after="3")) as server:
        heard = [await talk(protocol, server) for _ in range(3)]
    assert [one.error is None for one in heard] == [False, False, True]
    response = getattr(heard[0].error, "response", None)
    # ChatOllama's error keeps no headers, so there the wait is ours to choose.
    assert (response.headers["retry-after"] if response is not None else None) == (
        None if protocol == "ollama" else "3"
    )


async def test_no_retry_after_where_the_script_has_none() -> None:
    with serve(Script(fault=Fault.RATE_LIMIT)) as server:
        error: Any = (await talk("openai", server)).error
    assert "retry-after" not in error.response.headers


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
async def test_a_refusal_may_repeat_the_key(protocol: str) -> None:
    with serve(Script(fault=Fault.REFUSED_KEY)) as server:
        error = (await talk(protocol, server)).error
    assert KEY in str(error)  # so whoever shows it must take it out


@pytest.mark.parametrize("protocol", ["anthropic", "ollama"])
async def test_a_gateways_page_stands_in_the_message(protocol: str) -> None:
    with serve(Script(fault=Fault.HTML_GATEWAY)) as server:
        error = (await talk(protocol, server)).error
    assert HTML.decode().strip() in str(error)


async def test_bytes_that_are_not_utf8_are_replaced_by_ollama() -> None:
    with serve(Script(fault=Fault.BAD_UTF8)) as server:
        heard = await talk("ollama", server)
    assert "caf\ufffd" in "".join(heard.texts)


@every_protocol
@pytest.mark.parametrize("named", [True, False], ids=["unknown-name", "no-server"])
async def test_nobody_there(protocol: str, named: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve and a port where nothing listens: one class, told apart by its causes."""
    real = socket.getaddrinfo

    def unknown(host: Any, *rest: Any, **more: Any) -> Any:
        if b".invalid" in (host if isinstance(host, bytes) else host.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = "no-such-host.invalid" if named else f"127.0.0.1:{closed.getsockname()[1]}"
        heard = await talk(protocol, f"http://{address}" + ("/v1" if protocol == "openai" else ""))
    expected = {
        "openai": f"{OPENAI}ConnectionError, 0",
        "anthropic": f"{ANTHROPIC}ConnectionError, 0",
        "ollama": "httpx.ConnectError, 0",
    }
    assert heard.seen(protocol) == expected[protocol]
    assert any(isinstance(cause, socket.gaierror) for cause in causes(heard.error)) is named


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


# Keys, packages, proxies, loops, tracing.


def test_openai_without_a_key_fails_when_it_is_made() -> None:
    with pytest.raises(Exception, match="Missing credentials") as raised:
        init_chat_model("openai:x", base_url="http://127.0.0.1:9/v1")
    assert type(raised.value).__name__ == "OpenAIError"


async def test_anthropic_without_a_key_looks_like_a_network_error() -> None:
    with serve(Script()) as server:
        heard = await talk("anthropic", server, api_key="")
    assert heard.seen("anthropic") == f"{ANTHROPIC}ConnectionError, 0" and server.requests == []
    assert "Illegal header value" in repr(list(causes(heard.error)))


async def test_ollama_needs_no_key_and_sends_the_environments_to_any_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", KEY)
    with serve(Script()) as server:
        assert (await talk("ollama", server)).error is None
    assert server.requests[0].headers["authorization"] == "Bearer ***"


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
async def test_a_key_that_ends_in_a_line_break(protocol: str) -> None:
    with serve(Script()) as server:
        heard = await talk(protocol, server, api_key=KEY + "\n")
    assert isinstance(heard.error, core.ModelConnectionError) and server.requests == []


def test_a_missing_package_advises_pip() -> None:
    with pytest.raises(ImportError, match="pip install langchain-mistralai"):
        init_chat_model("mistralai:x")


@pytest.mark.parametrize("name", ["nosuch:x", "x", "openai/x", ":x"])
def test_a_name_without_a_known_provider(name: str) -> None:
    with pytest.raises(ValueError, match="Unable to infer model provider"):
        init_chat_model(name)


@every_protocol
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_a_proxy_in_the_environment(protocol: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(Script(["through a proxy"])) as proxy, serve(Script(["straight"])) as server:
        monkeypatch.setenv(variable, proxy.url())
        assert (await talk(protocol, server)).texts == ("straight",) and proxy.requests == []
        model = chat(f"{protocol}:x", base_url=server.url(protocol), api_key=KEY)
        heard = await listen(model)  # as the classes are by themselves
        await close_theirs(protocol, model)
    assert heard.texts == ("through a proxy",) and server.url() in proxy.requests[0].path


async def close_theirs(protocol: str, model: Any) -> None:
    await (model.root_async_client if protocol == "openai" else model._async_client).close()


@pytest.mark.parametrize(
    ("protocol", "second"),
    [("openai", "ends, stop, 3"), ("anthropic", f"{ANTHROPIC}ConnectionError, 0"), ("ollama", "ends, stop, 3")],
)
def test_a_second_event_loop_in_one_process(protocol: str, second: str) -> None:
    """New models; ChatAnthropic's share a client all the same, and its connections died with the first loop."""
    with serve(Script()) as server:

        async def theirs() -> Heard:
            model = chat(f"{protocol}:x", base_url=server.url(protocol), api_key=KEY, max_retries=0, **wire)
            return await listen(model)

        wire = {"timeout": httpx2.Timeout(LONG)} if protocol == "openai" else {}
        logging.getLogger("asyncio").disabled = True  # what it leaves behind is reported there
        try:
            assert asyncio.run(theirs()).reason(protocol) == STOPPED[protocol]
            assert asyncio.run(theirs()).seen(protocol) == second
            gc.collect(1)
        finally:
            logging.getLogger("asyncio").disabled = False
        for _ in range(3):  # with a client of our own each time
            assert asyncio.run(talk(protocol, server)).reason(protocol) == STOPPED[protocol]


@every_protocol
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_FIRST, Fault.KEEPALIVE], ids=lambda fault: fault.name)
def test_a_cancelled_answer_hangs_up_and_leaves_nothing_behind(
    protocol: str, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(Script(fault=fault)) as server:

        async def cancelled() -> None:
            task = asyncio.create_task(talk(protocol, server))
            while not server.requests:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.05)  # into the stream
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(cancelled())
        gc.collect(1)
        assert server.hung_up.wait(5)
    assert not [record for record in caplog.records if record.name == "asyncio"], caplog.text


@every_protocol
def test_leaving_between_two_chunks_hangs_up_and_leaves_nothing_behind(
    protocol: str, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(Script(fault=Fault.HANG_MID)) as server:

        async def leave() -> None:
            model, close = build(protocol, server.url(protocol), LONG)
            stream = model.astream("How many?")
            assert [text async for text in first_texts(stream, 1)] == ["The toll "]
            await stream.aclose()
            await close()

        asyncio.run(leave())
        gc.collect(1)
        assert server.hung_up.wait(5)
    assert not [record for record in caplog.records if record.name == "asyncio"], caplog.text


@pytest.mark.parametrize("variable", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING_V2"])
def test_tracing_needs_more_than_one_variable_to_be_off(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read at the first call, not at import, and remembered; the one with V2 goes first."""
    monkeypatch.setenv(variable, "true")
    assert langsmith_utils.tracing_is_enabled()
    monkeypatch.setenv("LANGSMITH_TRACING", "false")
    assert variable == "LANGSMITH_TRACING" or langsmith_utils.tracing_is_enabled()
    READ.cache_clear()
    assert langsmith_utils.tracing_is_enabled() is (variable != "LANGSMITH_TRACING")
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "false")
    READ.cache_clear()
    assert not langsmith_utils.tracing_is_enabled()


async def test_the_oldest_tracing_variable_breaks_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGCHAIN_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "false")
    with serve(Script()) as server:
        error = (await talk("openai", server)).error
    assert isinstance(error, RuntimeError) and server.requests == []


@pytest.mark.parametrize("protocol", ["openai", "anthropic"])
def test_a_langsmith_gateway_takes_all_that_has_no_base_url(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    model = chat(f"{protocol}:x", api_key=KEY)
    client = model.root_async_client if protocol == "openai" else model._async_client
    assert client.base_url.host == "gateway.smith.langchain.com"


@pytest.mark.parametrize(
    ("protocol", "host"), [("openai", "api.openai.com"), ("anthropic", "api.anthropic.com"), ("ollama", "127.0.0.1")]
)
def test_where_the_host_stands_that_gets_the_text(protocol: str, host: str) -> None:
    model = chat(f"{protocol}:x", api_key=KEY)
    clients = {
        "openai": lambda: model.root_async_client,
        "anthropic": lambda: model._async_client,
        "ollama": lambda: model._async_client._client,
    }
    assert clients[protocol]().base_url.host == host


# The server itself.


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_FIRST, Fault.HANG_MID, Fault.KEEPALIVE])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/api/chat"])
def test_it_stops_at_once_while_it_hangs(fault: Fault, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    with serve(Script(fault=fault)) as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        body = b'{"stream": true, "messages": []}'
        client.sendall(b"POST %b HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (path.encode(), len(body), body))
        while not server.requests:
            time.sleep(0.002)
        time.sleep(0.02)  # into the stream
        begun = time.monotonic()
    assert time.monotonic() - begun < 10  # it would hang for good
    assert capfd.readouterr() == ("", "")


def test_it_stops_at_once_in_a_long_delay() -> None:
    with serve(Script(delays=60)) as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b'POST /api/chat HTTP/1.1\r\nContent-Length: 15\r\n\r\n{"messages":[]}')
        while not server.requests:
            time.sleep(0.002)
        begun = time.monotonic()
    assert time.monotonic() - begun < 10  # not the minute of the delay


def test_lists_of_models() -> None:
    headers = {"x-api-key": KEY, "anthropic-version": "2023-06-01"}
    with serve(Script(), models=("x", "y")) as server, httpx.Client(base_url=server.url(), trust_env=False) as client:
        assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["x", "y"]
        assert client.get("/v1/models", headers=headers).json()["data"][0]["display_name"] == "X"
        assert client.get("/v1/models/y").status_code == 200
        assert client.get("/v1/models/z").status_code == 404
        assert [model["model"] for model in client.get("/api/tags").json()["models"]] == ["x", "y"]
        assert client.post("/api/show", json={"model": "x"}).status_code == 200
        assert client.post("/api/show", json={"model": "z"}).json() == {"error": "not found"}
        assert client.get("/nowhere").status_code == 404
        assert client.get("/").text == "Ollama is running"
        assert KEY not in repr(server.requests)


def test_a_refused_key_is_refused_for_the_lists_too() -> None:
    with serve(Script(fault=Fault.REFUSED_KEY)) as server, httpx.Client(base_url=server.url()) as client:
        assert client.get("/v1/models").status_code == 401
        assert client.get("/api/tags").status_code == 401


def test_it_says_what_went_wrong_inside_it() -> None:
    broken: Any = None
    with (
        pytest.raises(ExceptionGroup, match="the model server failed"),
        serve(Script(chunks=broken)) as server,
        pytest.raises(httpx.HTTPError),
    ):
        httpx.post(server.url() + "/api/chat", json={"messages": []}, trust_env=False)


def test_the_classes_are_the_real_ones() -> None:
    for protocol, name in (("openai", "ChatOpenAI"), ("anthropic", "ChatAnthropic"), ("ollama", "ChatOllama")):
        model = chat(f"{protocol}:x", api_key=KEY)
        assert type(model) is getattr(importlib.import_module(f"langchain_{protocol}"), name)
