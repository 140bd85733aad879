"""A model server on loopback for tests: three streaming protocols over real HTTP, played from a script.

    with serve(Script(["The toll ", "rose to 14 [1]."])) as server:
        model = init_chat_model("openai:x", base_url=server.url("openai"), api_key="test")
        ...
        assert server.requests[0].messages[-1] == ("user", "How many?")

It speaks OpenAI chat completions (`POST /v1/chat/completions`), Anthropic messages (`POST /v1/messages`) and Ollama
chat (`POST /api/chat`), streamed or whole as the request asks, and the lists of models that each of them has. What
the real classes make of each fault stands in `test_model_server.py`.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from http.server import BaseHTTPRequestHandler
from itertools import repeat
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, ClassVar
from urllib.parse import urlsplit

PROTOCOLS = ("openai", "anthropic", "ollama")
HTML = b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"
KEEPALIVE = 0.02  # seconds between two signs of life
SECRET_HEADERS = ("authorization", "x-api-key", "proxy-authorization", "cookie")


class Fault(Enum):
    """What goes wrong. Those halfway come when `Script.after` chunks have been sent."""

    REFUSED_KEY = "401; its message repeats the key that was sent, as some servers do"
    UNKNOWN_MODEL = "404"
    RATE_LIMIT = "429, with Retry-After where the script has one"
    TOO_LONG = "400: the prompt does not fit in the model's context"
    SERVER_ERROR = "500"
    OVERLOADED = "503; 529 where that is the protocol's own"
    HTML_PAGE = "an HTML page with 200"
    HTML_GATEWAY = "an HTML page with 502"
    WHOLE_JSON = "200 and one JSON error object that is no stream"
    EMPTY_BODY = "200, the headers of a stream, and nothing"
    HANG = "takes the request and says nothing, not even a status"
    HANG_FIRST = "opens the stream, then nothing before the first token"
    HANG_MID = "stops halfway and keeps the connection"
    KEEPALIVE = "signs of life without a token, halfway, for ever"
    CUT = "halfway the stream ends in good order, with neither a finish reason nor its terminator"
    NO_REASON = "all chunks and the terminator, but no finish reason"
    NO_TERMINATOR = "all chunks and the finish reason, but no terminator"
    DISCONNECT = "closes the connection without a word"
    DROP = "halfway closes the connection inside the HTTP body"
    RESET = "halfway resets the connection"
    BAD_UTF8 = "halfway a token with bytes that are not UTF-8"
    BAD_JSON = "halfway a line that is not JSON"
    BAD_SHAPE = "halfway JSON of another shape"
    ERROR_MID = "halfway an error object"


HALFWAY = {
    Fault.HANG_MID,
    Fault.KEEPALIVE,
    Fault.CUT,
    Fault.DROP,
    Fault.RESET,
    Fault.BAD_UTF8,
    Fault.BAD_JSON,
    Fault.BAD_SHAPE,
    Fault.ERROR_MID,
}


@dataclass(frozen=True)
class Script:
    """What the server says to one chat request, or to several where `times` says so.

    `delays` are seconds before each chunk and before a fault halfway: one number for all, or one each. `times` faulty
    answers are followed by the same script without its fault; None is for ever. `pieces` cuts the wire into pieces of
    so many bytes.
    """

    chunks: Sequence[str] = ("The toll ", "rose to 14 [1]", ".")
    delays: float | Sequence[float] = 0.0
    fault: Fault | None = None
    after: int = 1
    times: int | None = None
    retry_after: str | None = None
    finish: str = "stop"  # or "length", or any other
    error: tuple[int, str] | None = None  # a refusal with that status and message, or ERROR_MID's own message
    extras: bool = True  # without them a request with stream_options is refused
    thoughts: Sequence[str] = ()  # before the chunks, each in a field of its own (OpenAI's protocol only)
    parts: bool = False  # the content of a token is a list of parts (OpenAI's protocol only)
    input_tokens: int = 21
    output_tokens: int = 7
    pieces: int | None = None

    def pauses(self) -> Iterator[float]:
        return iter(self.delays) if isinstance(self.delays, Sequence) else repeat(self.delays)


@dataclass(frozen=True)
class Request:
    """One request as it came. Header names are in lower case; a secret is shown as `***`."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def messages(self) -> list[tuple[str, str]]:
        """(role, text) in order, the system prompt first, whatever the protocol."""
        system = [("system", _text(self.body["system"]))] if self.body.get("system") else []
        return system + [(message["role"], _text(message["content"])) for message in self.body["messages"]]


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(block.get("text", "") for block in content)


class Protocol(ABC):
    """How one provider writes it down."""

    type: ClassVar[str] = "text/event-stream"
    alive: ClassVar[bytes] = b": keepalive\n\n"
    overloaded: ClassVar[int] = 503

    def streams(self, body: Any) -> bool:
        return bool(body.get("stream"))

    @abstractmethod
    def opening(self, body: Any, script: Script) -> list[bytes]: ...

    @abstractmethod
    def token(self, body: Any, text: str) -> bytes: ...

    @abstractmethod
    def closing(self, body: Any, script: Script) -> list[bytes]:
        """The finish reason and the terminator, but for the one that the fault takes away."""

    @abstractmethod
    def whole(self, body: Any, script: Script) -> Any: ...

    @abstractmethod
    def error(self, status: int, message: str) -> Any: ...

    @abstractmethod
    def error_line(self) -> bytes: ...

    @abstractmethod
    def odd_line(self) -> bytes: ...

    @abstractmethod
    def bad_line(self) -> bytes: ...


def _data(value: Any) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


class OpenAI(Protocol):
    """https://platform.openai.com/docs/api-reference/chat-streaming"""

    codes: ClassVar[dict[int, str]] = {400: "context_length_exceeded", 401: "invalid_api_key", 404: "model_not_found"}

    def _chunk(self, body: Any, choices: list[Any], **more: Any) -> bytes:
        model = body.get("model")
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": model}
        return _data({**head, "choices": choices, **more})

    def _usage(self, script: Script) -> dict[str, int]:
        total = script.input_tokens + script.output_tokens
        return {
            "prompt_tokens": script.input_tokens,
            "completion_tokens": script.output_tokens,
            "total_tokens": total,
        }

    def opening(self, body: Any, script: Script) -> list[bytes]:
        delta = {"role": "assistant", "content": ""}
        return [self._chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}])]

    def thought(self, body: Any, text: str) -> bytes:
        delta = {"content": None, "reasoning_content": text}
        return self._chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}])

    def part(self, body: Any, text: str) -> bytes:
        delta = {"content": [{"type": "text", "text": text}]}
        return self._chunk(body, [{"index": 0, "delta": delta, "finish_reason": None}])

    def token(self, body: Any, text: str) -> bytes:
        return self._chunk(body, [{"index": 0, "delta": {"content": text}, "finish_reason": None}])

    def closing(self, body: Any, script: Script) -> list[bytes]:
        reason = self._chunk(body, [{"index": 0, "delta": {}, "finish_reason": script.finish}])
        lines = [reason] if script.fault is not Fault.NO_REASON else []
        if script.fault is Fault.NO_TERMINATOR:
            return lines
        if (body.get("stream_options") or {}).get("include_usage"):
            lines.append(self._chunk(body, [], usage=self._usage(script)))
        return [*lines, b"data: [DONE]\n\n"]

    def whole(self, body: Any, script: Script) -> Any:
        message = {"role": "assistant", "content": "".join(script.chunks)}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": body.get("model"),
            "choices": [{"index": 0, "message": message, "finish_reason": script.finish}],
            "usage": self._usage(script),
        }

    def error(self, status: int, message: str) -> Any:
        return {"error": {"message": message, "type": "error", "param": None, "code": self.codes.get(status)}}

    def error_line(self) -> bytes:
        return _data(self.error(500, "the engine died"))

    def odd_line(self) -> bytes:
        return _data({"choices": None})

    def bad_line(self) -> bytes:
        return b'data: {"choices": [\n\n'


class Anthropic(Protocol):
    """https://docs.anthropic.com/en/docs/build-with-claude/streaming"""

    alive = b'event: ping\ndata: {"type": "ping"}\n\n'
    overloaded = 529
    reasons: ClassVar[dict[str, str]] = {"stop": "end_turn", "length": "max_tokens"}
    types: ClassVar[dict[int, str]] = {
        400: "invalid_request_error",
        401: "authentication_error",
        404: "not_found_error",
        429: "rate_limit_error",
        529: "overloaded_error",
    }

    def _event(self, name: str, **more: Any) -> bytes:
        return b"event: " + name.encode() + b"\n" + _data({"type": name, **more})

    def _message(self, body: Any, **more: Any) -> dict[str, Any]:
        head = {"id": "msg_1", "type": "message", "role": "assistant", "model": body.get("model")}
        return {**head, "content": [], "stop_reason": None, "stop_sequence": None, **more}

    def _usage(self, script: Script) -> dict[str, int]:
        return {"input_tokens": script.input_tokens, "output_tokens": script.output_tokens}

    def opening(self, body: Any, script: Script) -> list[bytes]:
        usage = {"input_tokens": script.input_tokens, "output_tokens": 1}
        return [
            self._event("message_start", message=self._message(body, usage=usage)),
            self._event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            self.alive,
        ]

    def token(self, body: Any, text: str) -> bytes:
        return self._event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})

    def closing(self, body: Any, script: Script) -> list[bytes]:
        delta = {"stop_reason": self.reasons.get(script.finish, script.finish), "stop_sequence": None}
        lines = [self._event("content_block_stop", index=0)]
        if script.fault is not Fault.NO_REASON:
            lines.append(self._event("message_delta", delta=delta, usage=self._usage(script)))
        if script.fault is not Fault.NO_TERMINATOR:
            lines.append(self._event("message_stop"))
        return lines

    def whole(self, body: Any, script: Script) -> Any:
        content = [{"type": "text", "text": "".join(script.chunks)}]
        reason = self.reasons.get(script.finish, script.finish)
        return self._message(body, content=content, stop_reason=reason, usage=self._usage(script))

    def error(self, status: int, message: str) -> Any:
        kind = self.types.get(status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}

    def error_line(self) -> bytes:
        return b"event: error\n" + _data(self.error(529, "the engine died"))

    def odd_line(self) -> bytes:
        return self._event("content_block_delta", index=0)

    def bad_line(self) -> bytes:
        return b'event: content_block_delta\ndata: {"type": "content_block_delta",\n\n'


class Ollama(Protocol):
    """https://docs.ollama.com/api/chat"""

    type = "application/x-ndjson"

    def streams(self, body: Any) -> bool:
        return bool(body.get("stream", True))

    def _value(self, body: Any, text: str, **more: Any) -> dict[str, Any]:
        head = {"model": body.get("model"), "created_at": "2026-01-02T03:04:05.678901Z"}
        return {**head, "message": {"role": "assistant", "content": text}, "done": False, **more}

    def _counts(self, script: Script) -> dict[str, int]:
        times = dict.fromkeys(("total_duration", "load_duration", "prompt_eval_duration", "eval_duration"), 1000)
        return {**times, "prompt_eval_count": script.input_tokens, "eval_count": script.output_tokens}

    def _line(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode() + b"\n"

    def opening(self, body: Any, script: Script) -> list[bytes]:
        return []

    def token(self, body: Any, text: str) -> bytes:
        return self._line(self._value(body, text))

    def closing(self, body: Any, script: Script) -> list[bytes]:
        """One last line is both: without its terminator the reason has nowhere to stand."""
        if script.fault is Fault.NO_TERMINATOR:
            return []
        reason = {"done_reason": script.finish} if script.fault is not Fault.NO_REASON else {}
        return [self._line(self._value(body, "", done=True, **reason, **self._counts(script)))]

    def whole(self, body: Any, script: Script) -> Any:
        text = "".join(script.chunks)
        return self._value(body, text, done=True, done_reason=script.finish, **self._counts(script))

    def error(self, status: int, message: str) -> Any:
        return {"error": message}

    def error_line(self) -> bytes:
        return self._line(self.error(500, "the engine died"))

    def odd_line(self) -> bytes:
        return self._line([])

    def bad_line(self) -> bytes:
        return b'{"model": "x", "message":\n'


CHATS: dict[str, Protocol] = {
    "/v1/chat/completions": OpenAI(),
    "/v1/messages": Anthropic(),
    "/api/chat": Ollama(),
}


class _Gone(Exception):
    """The client closed the connection, or the server is stopping."""


@dataclass(eq=False)
class Server:
    """A running server: where it is, what it was asked, and whether a client left before the end."""

    scripts: Sequence[Script]
    models: Sequence[str]
    port: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    errors: list[BaseException] = field(default_factory=list)
    _requests: list[Request] = field(default_factory=list)
    _played: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, protocol: str = "") -> str:
        """The base URL as that protocol's class wants it; "" is the bare address."""
        return f"http://127.0.0.1:{self.port}" + ("/v1" if protocol == "openai" else "")

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def record(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def script(self, *, play: bool) -> Script:
        """The script whose turn it is; `play` moves on to the next, and the last one stays."""
        with self._lock:
            script = self.scripts[min(self._played, len(self.scripts) - 1)]
            self._played += play
            return script


class _Listener(ThreadingMixIn, TCPServer):
    """Accepts connections, one thread each, and can leave all of them at once."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, server: Server) -> None:
        self.played = server
        self.stopping, self._wake = socket.socketpair()
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing on stderr: `serve` raises what is no client's doing."""

    def stop(self) -> None:
        self.shutdown()
        self._wake.send(b"x")  # never read: every waiting thread sees it
        with self._guard:
            for connection in self._connections:
                with suppress(OSError):  # it is closed already
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self.stopping.close()
        self._wake.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        try:
            super().handle()
        except (_Gone, ConnectionError):
            self.close_connection = True
        except Exception as error:
            self.server.played.errors.append(error)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._take()

    def do_HEAD(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        """Records the request, then answers it; a proxy's request names the whole URL."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            body = {"raw": len(raw)}
        secret = self.headers.get("Authorization") or self.headers.get("x-api-key") or ""
        headers = {name.lower(): _masked(name, value) for name, value in self.headers.items()}
        played = self.server.played
        played.record(Request(self.command, self.path, headers, body))
        path = urlsplit(self.path).path
        protocol = CHATS.get(path) if self.command == "POST" else None
        script = played.script(play=protocol is not None)
        try:
            if protocol is None:
                self._list(path, body, script, secret)
            elif not script.extras and "stream_options" in body:
                self._json(422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are forbidden"}]})
            elif not self._refuse(protocol, script, secret):
                self._chat(protocol, body, script)
        except ConnectionError:
            self._leave()

    def _list(self, path: str, body: Any, script: Script, secret: str) -> None:
        """What is there to talk to, in the manner of the protocol that asks."""
        anthropic = "anthropic-version" in self.headers
        protocol: Protocol = Ollama() if path.startswith("/api/") else Anthropic() if anthropic else OpenAI()
        models = self.server.played.models
        known = {f"/v1/models/{model}" for model in models}
        if path == "/":
            self._send(200, b"Ollama is running", "text/plain")
        elif script.fault is not Fault.UNKNOWN_MODEL and self._refuse(protocol, script, secret):
            pass
        elif path == "/v1/models":
            extra = {"type": "model", "display_name": "X"} if anthropic else {"object": "model", "owned_by": "test"}
            data = [{"id": model, "created": 0, **extra} for model in models]
            self._json(200, {"object": "list", "data": data, "has_more": False})
        elif path in known and script.fault is not Fault.UNKNOWN_MODEL:
            self._json(200, {"id": path.rpartition("/")[2], "object": "model", "type": "model", "created": 0})
        elif path == "/api/tags":
            self._json(200, {"models": [{"name": model, "model": model, "size": 1} for model in models]})
        elif path == "/api/version":
            self._json(200, {"version": "0.0.0"})
        elif path == "/api/show" and body.get("model") in models and script.fault is not Fault.UNKNOWN_MODEL:
            self._json(200, {"details": {"family": "test"}, "capabilities": ["completion"], "model_info": {}})
        else:
            self._json(404, protocol.error(404, "not found"))

    def _refuse(self, protocol: Protocol, script: Script, secret: str) -> bool:
        """Answers with the script's fault where that fault leaves no stream to speak of."""
        extra = {"Retry-After": script.retry_after} if script.retry_after else {}
        key = secret.removeprefix("Bearer ")
        refusals: dict[Fault, tuple[int, str]] = {
            Fault.REFUSED_KEY: (401, f"Incorrect API key provided: {key}."),
            Fault.UNKNOWN_MODEL: (404, "The model `x` does not exist."),
            Fault.RATE_LIMIT: (429, "Rate limit reached."),
            Fault.TOO_LONG: (400, "prompt is too long: 9001 tokens > 8192 maximum"),
            Fault.SERVER_ERROR: (500, "The server had an error."),
            Fault.OVERLOADED: (protocol.overloaded, "Overloaded."),
            Fault.WHOLE_JSON: (200, "No engine is loaded."),
        }
        if script.error and script.fault is None:
            self._json(script.error[0], protocol.error(*script.error), extra)
        elif script.fault in refusals:
            status, message = refusals[script.fault]
            self._json(status, protocol.error(status, message), extra)
        elif script.fault is Fault.HTML_PAGE:
            self._send(200, HTML, "text/html")
        elif script.fault is Fault.HTML_GATEWAY:
            self._send(502, HTML, "text/html")
        elif script.fault is Fault.HANG:
            self._wait(None)
        elif script.fault is Fault.DISCONNECT:
            self._hang_up(reset=False)
        else:
            return False
        return True

    def _chat(self, protocol: Protocol, body: Any, script: Script) -> None:
        pauses = script.pauses()
        if not protocol.streams(body):
            for pause, _ in zip(pauses, script.chunks, strict=False):
                self._wait(pause)
            self._json(200, protocol.whole(body, script))
            return
        self.send_response(200)
        self.send_header("Content-Type", protocol.type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        fault, sent = script.fault, 0
        if fault is not Fault.EMPTY_BODY:
            self._write(protocol.opening(body, script), script)
            if fault is Fault.HANG_FIRST:
                self._wait(None)
            for thought in script.thoughts if isinstance(protocol, OpenAI) else ():
                self._wait(next(pauses, 0.0))
                self._write([protocol.thought(body, thought)], script)
            for chunk in script.chunks:
                if sent == script.after and not self._halfway(protocol, script, pauses):
                    return
                self._wait(next(pauses, 0.0))
                part = protocol.part if script.parts and isinstance(protocol, OpenAI) else protocol.token
                self._write([part(body, chunk)], script)
                sent += 1
            if sent <= script.after and not self._halfway(protocol, script, pauses):
                return
            self._write(protocol.closing(body, script), script)
        self.wfile.write(b"0\r\n\r\n")

    def _halfway(self, protocol: Protocol, script: Script, pauses: Iterator[float]) -> bool:
        """Does the script's fault where it has one; says whether the stream goes on."""
        words = script.error[1] if script.error else "the engine died"
        lines = {
            Fault.BAD_UTF8: protocol.token({"model": "x"}, "caf@").replace(b"@", b"\xe9\xff"),
            Fault.BAD_JSON: protocol.bad_line(),
            Fault.BAD_SHAPE: protocol.odd_line(),
            Fault.ERROR_MID: protocol.error_line().replace(b"the engine died", words.encode()),
        }
        if script.fault not in HALFWAY:
            return True
        self._wait(next(pauses, 0.0))
        match script.fault:
            case Fault.HANG_MID:
                self._wait(None)
            case Fault.KEEPALIVE:
                alive = protocol.token({"model": "x"}, "") if isinstance(protocol, Ollama) else protocol.alive
                while True:
                    self._wait(KEEPALIVE)
                    self._write([alive], script)
            case Fault.CUT:
                self.wfile.write(b"0\r\n\r\n")
                return False
            case Fault.DROP | Fault.RESET:
                self._hang_up(reset=script.fault is Fault.RESET)
                return False
            case fault if fault in lines:
                self._write([lines[fault]], script)
        return True

    def _write(self, events: Sequence[bytes], script: Script) -> None:
        """Sends each event as one HTTP chunk, or in the script's pieces."""
        for event in events:
            size = script.pieces or len(event)
            for start in range(0, len(event), size):
                piece = event[start : start + size]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def _wait(self, seconds: float | None) -> None:
        """Waits, for ever where None; raises _Gone as soon as the client or the server leaves."""
        if seconds == 0:
            return
        with selectors.DefaultSelector() as both:
            both.register(self.server.stopping, selectors.EVENT_READ)
            both.register(self.connection, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in both.select(seconds)}
        if self.server.stopping in ready:
            raise _Gone
        if self.connection in ready:  # nobody speaks while answered: it is the end
            self._leave()

    def _leave(self) -> None:
        self.server.played.hung_up.set()
        raise _Gone

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())

    def _json(self, status: int, value: Any, extra: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(value).encode(), "application/json", extra)

    def _send(self, status: int, content: bytes, kind: str, extra: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _masked(name: str, value: str) -> str:
    if name.lower() not in SECRET_HEADERS:
        return value
    scheme, space, _ = value.rpartition(" ")
    return f"{scheme}{space}***"


def _in_full(script: Script) -> list[Script]:
    """`times` faulty turns and then a sound one, written out."""
    if script.fault is None or script.times is None:
        return [script]
    return [*[script] * script.times, replace(script, fault=None, retry_after=None)]


@contextmanager
def serve(*scripts: Script, models: Sequence[str] = ("x",)) -> Iterator[Server]:
    """A server that plays one script a chat request, and the last one for ever; gone when the block ends.

    Raises ExceptionGroup at the end where the server itself went wrong.
    """
    server = Server([turn for script in scripts or (Script(),) for turn in _in_full(script)], tuple(models))
    listener = _Listener(server)
    server.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.stop()
        thread.join()
    if server.errors:
        raise ExceptionGroup("the model server failed", [e for e in server.errors if isinstance(e, Exception)])
