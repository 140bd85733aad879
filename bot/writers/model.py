"""The writer over any LangChain chat model: its prompt, its connection, and what its failures are called."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import math
import os
import re
import secrets
import shutil
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import prompts
from bot.conversation import Conversation, Turn
from bot.errors import BotError, ProviderError, StreamCut, UsageError
from bot.question import leans
from bot.reading import Reading
from store.passage import Found, Passage

ABSENT = "The articles do not say."  # what a model writes where the passages lack the answer
EARLIER = 1000  # tokens of earlier turns that a question is rewritten by
LONGEST = 400  # characters of a question rewritten
ANSWER_ROOM = 2048  # tokens of context beside the prompt, where we say how large it is
MARGIN = 8  # tokens added to each piece's estimate
OFTEN = sys.maxsize  # as often as Patience has it
THOUGHT = "<think>"
PATIENT = 30.0  # seconds: the longest Retry-After that is obeyed
BASES = {
    "openai": ("OPENAI_BASE_URL", "https://api.openai.com/v1"),
    "anthropic": ("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    "ollama": ("OLLAMA_HOST", "http://127.0.0.1:11434"),
}
KEYED = ("openai", "anthropic")
TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2")
TRACING_TOO = ("LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_GATEWAY")
REASONS = ("finish_reason", "stop_reason", "done_reason")
CUT = {"length", "max_tokens", "model_context_window_exceeded", "incomplete", "content_filter", "refusal"}
_TOO_LONG = re.compile(r"context.{0,20}(?:length|window|size)|prompt is too long|too many tokens|maximum context", re.I)
_NO_CREDIT = re.compile(r"insufficient_quota|credit balance", re.I)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds, and how often a call is tried again before it has shown anything.

    `first` bounds the wait for the first text, connecting included, `chunk` that for each later one; `pause` is the
    wait before the first retry and doubles. A Retry-After of up to 30 s goes before it.
    """

    connect: float = 5.0
    first: float = 60.0
    chunk: float = 30.0
    retries: int = 2
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a model is asked: its provider, its name there, and the base URL (none where LangChain alone knows it)."""

    provider: str
    model: str
    base: str | None

    @property
    def netloc(self) -> str:
        """Host and port without credentials; the provider's name where there is no base URL."""
        return urlsplit(self.base).netloc.rpartition("@")[2] if self.base else self.provider

    @property
    def address(self) -> str:
        """The base URL as it may be shown: without credentials and query."""
        if self.base is None:
            return self.provider
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{self.netloc}{parts.path}".rstrip("/")

    @property
    def loopback(self) -> bool:
        return self.base is not None and _is_loopback(urlsplit(self.base).hostname or "")

    @property
    def who(self) -> str:
        """The provider, with the address where that is not the provider's own."""
        own = self.base is None or self.base == BASES[self.provider][1]
        return self.provider if own else f"{self.provider} at {self.netloc}"

    @property
    def host(self) -> str | None:
        if self.provider == "ollama" and re.search(r"[:-]cloud$", self.model):
            return "ollama.com"  # a local Ollama hands these on
        if self.base is None:
            return self.provider
        return None if self.loopback else urlsplit(self.base).hostname


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _place(name: str, environ: Mapping[str, str]) -> _Place:
    """Reads "provider:model"; UsageError for a name or an address that is none."""
    provider, colon, model = (part.strip() for part in name.partition(":"))
    provider = provider.lower().replace("-", "_")
    if not colon or not provider:
        raise UsageError(
            f"There is no model '{name}'.", "A model is extract or PROVIDER:NAME, such as openai:NAME or ollama:NAME."
        )
    if not model:
        raise UsageError(f"'{name}' names no model.", f"Add the model's name: {provider}:NAME")
    if provider not in BASES:
        return _Place(provider, model, None)
    variable, base = BASES[provider]
    given = environ.get(variable, "").strip()
    return _Place(provider, model, _address(provider, variable, given) if given else base)


def _address(provider: str, variable: str, given: str) -> str:
    """The base URL that a variable gives; OLLAMA_HOST may be a bare host. UsageError if it is none."""
    bare = "://" not in given
    url = f"http://{given}" if provider == "ollama" and bare else given
    wrong = UsageError(f"{variable} is no web address.", f"Set it to something like {BASES[provider][1]}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or (not host and provider != "ollama"):
        raise wrong
    if provider != "ollama":
        return url.rstrip("/")
    if host in ("", "0.0.0.0", "::"):  # where a server listens, as its users write it down
        host = "127.0.0.1"
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    port = port or (11434 if bare else {"http": 80, "https": 443}[parts.scheme])
    return f"{parts.scheme}://{login}{f'[{host}]' if ':' in host else host}:{port}{parts.path.rstrip('/')}"


def host_of(name: str, environ: Mapping[str, str]) -> str | None:
    """The host that a model sends text to; None where that is this machine.

    For a provider that only LangChain knows it is the provider's name. No network. UsageError as for `Model`.
    """
    return _place(name, environ).host


def traced_to(environ: Mapping[str, str]) -> str | None:
    """The host that tracing sends text to, by LangSmith's own variables; None where that is this machine."""
    named = (environ.get(name, "").strip() for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"))
    host = urlsplit(next(filter(None, named), "")).hostname or "api.smith.langchain.com"
    return None if _is_loopback(host) else host


def install_command(package: str, prefix: Path | None = None) -> str:
    """The command that adds a package to Footnote, by how Footnote was installed in `prefix` (sys.prefix)."""
    home = prefix or Path(sys.prefix)
    if (home / "uv-receipt.toml").exists():
        return f"uv tool install --with {package} footnote"
    if (home / "pipx_metadata.json").exists():
        return f"pipx inject footnote {package}"
    extra = package.removeprefix("langchain-")
    return f'{_pip(home)} install "footnote[{extra}]"' if extra in BASES else f"{_pip(home)} install {package}"


def _pip(home: Path) -> str:
    """The pip that installs into an environment: plain `pip` would ask another one for a package of our name."""
    own = home / "bin" / "pip"
    return "pip" if not own.exists() or shutil.which("pip") == str(own) else str(own)


def _not_installed(provider: str, package: str) -> UsageError:
    return UsageError(f"The package for {provider} is not installed.", f"Install it with: {install_command(package)}")


class Replies(Protocol):
    """Stands before a model and may give a reply that it has kept, in place of `ask`'s; evals replay runs so."""

    def say(
        self, model: Model, prompt: str, ask: Callable[[str], AsyncGenerator[str, None]]
    ) -> AsyncGenerator[str, None]:
        """The text of one reply as it comes, its tokens added to `model.usage`; raises what `ask` raises."""
        ...


class Model:
    """A writer that asks a chat model; `usage` is (input, output) tokens of the last answer, its `ask`s included.

    `name` is "provider:model", `host` what `host_of` says. UsageError for a name that cannot be and for a provider
    whose package is missing. `key` gives a provider's key or None, `notice` takes sentences for the user. `budget` is
    the prompt's size in tokens, by our own estimate.
    """

    verbatim = False

    def __init__(
        self,
        name: str,
        *,
        key: Callable[[str], str | None],
        notice: Callable[[str], None],
        patience: Patience = Patience(),
        environ: Mapping[str, str] | None = None,
        budget: int = 6000,
        replies: Replies | None = None,
        tracing: bool = False,
    ) -> None:
        self._place = _place(name, os.environ if environ is None else environ)
        self.name = f"{self._place.provider}:{self._place.model}"
        self.host = self._place.host
        self.usage: tuple[int, int] = (0, 0)
        self._key, self._notice, self._patience, self._budget = key, notice, patience, budget
        self._answered = False
        self._replies = replies
        self._tracing = tracing
        provider = self._place.provider
        if provider in BASES and importlib.util.find_spec(f"langchain_{provider}") is None:
            raise _not_installed(provider, f"langchain-{provider}")
        if provider not in BASES:  # only LangChain knows whether there is such a one
            with suppress(ProviderError):  # a missing key is told when it is needed
                self._build()

    async def write(self, question: str, reading: Reading, conversation: Conversation) -> AsyncGenerator[str, None]:
        """The answer's text as it comes, with markers [n] that count the passages found from 1.

        ProviderError before anything was shown or halfway; StreamCut where the stream ends before it is done.
        """
        prompt, notices = prompt_for(question, reading.found, conversation, self._budget)
        for words in notices:
            self._notice(words)
        try:
            async with aclosing(self._say(prompt)) as texts:
                async for text in texts:
                    yield text
        finally:
            self._answered = True

    async def ask(self, text: str) -> str:
        """The whole reply to one short prompt, stripped; errors and waits as in `write`."""
        async with aclosing(self._say(text)) as texts:
            return "".join([piece async for piece in texts]).strip()

    async def standalone(self, question: str, conversation: Conversation) -> str:
        """The question so that it stands alone; as it is where it leans on nothing or the reply is no question.

        ProviderError as in `write`, but for an empty reply.
        """
        if not conversation.turns or not leans(question):
            return question
        turns = _fitting([_turn(turn) for turn in conversation.turns[::-1]], EARLIER)[::-1]
        prompt = prompts.load("condense").fill(earlier="\n\n".join(turns) or "(nothing)", question=question)
        try:
            reply = await self.ask(prompt)
        except StreamCut:
            return question
        except ProviderError as error:
            if error.code != "provider_empty":
                raise
            return question
        lines = reply.strip("\"'“”* \n").splitlines()
        return lines[0].strip() if len(lines) == 1 and len(lines[0]) <= LONGEST else question

    @property
    def keyed(self) -> bool:
        """Whether there is a key where its provider wants one; without it nothing is sent."""
        return self._place.provider not in KEYED or self._place.loopback or bool(self._key(self._place.provider))

    @property
    def parameters(self) -> dict[str, int]:
        """What a reply hangs on beside the model's name and the prompt."""
        return {"budget": self._budget}

    def _say(self, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one reply, asked for or kept; begins to count tokens anew after an answer."""
        if self._answered:
            self.usage, self._answered = (0, 0), False
        prompt = prompt.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent
        return self._replies.say(self, prompt, self._asked) if self._replies else self._asked(prompt)

    async def _asked(self, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one reply, tried again where that may help and nothing has been shown."""
        patience, shown = self._patience, False
        async with self._connected() as chat:
            for attempt in range(patience.retries + 1):
                try:
                    async with aclosing(self._stream(chat, prompt)) as texts:
                        async for text in texts:
                            shown = True
                            yield text
                    return
                except (BotError, StreamCut):
                    raise
                except Exception as error:
                    fault = fault_of(error, self._place, patience, shown=shown)
                wait = fault.after if fault.after is not None else patience.pause * 2**attempt
                most = min(fault.retries, patience.retries)
                if shown or attempt >= most or wait > PATIENT:
                    raise fault.error  # without the provider's own as its context: its words may hold a key
                self._notice(f"{fault.words}; trying again in {wait:.3g} s, {attempt + 1} of {most}; Ctrl-C stops")
                await asyncio.sleep(wait)

    async def _stream(self, chat: Any, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one call, from its first word on, each wait bounded; raises what the class raises.

        _Waited where a bound of ours is passed, StreamCut, and ProviderError for an answer without a word.
        """
        patience, reason, shown, last = self._patience, None, False, False
        async with aclosing(chat.astream([("user", prompt)])) as chunks:
            while True:
                seconds = patience.chunk if shown else patience.first
                held = ""
                try:
                    async with asyncio.timeout(seconds) as bound:
                        while not (text := held if shown else _spoken(held)):
                            chunk = await anext(chunks)
                            held += chunk.text
                            reason = _reason(chunk) or reason
                            self._count(chunk)
                            last = last or chunk.chunk_position == "last"
                except StopAsyncIteration:
                    break
                except TimeoutError:
                    if bound.expired():
                        raise _Waited(seconds) from None
                    raise
                yield text
                shown = True
        if not shown:
            raise _empty(self._place, reason)
        foreign = self._place.base is None  # there the reason may have another name
        if reason in CUT or (reason is None and not foreign):
            raise StreamCut(f"{self._place.netloc} stopped before the end of its answer.")

    def _count(self, chunk: Any) -> None:
        if usage := chunk.usage_metadata:
            self.usage = (self.usage[0] + usage["input_tokens"], self.usage[1] + usage["output_tokens"])

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        """A model with a client of this event loop's own, closed at the end; made in a thread because it blocks."""
        chat, close = await asyncio.to_thread(self._build)
        try:
            yield chat
        finally:
            if close is not None:
                await close()

    def _build(self) -> tuple[Any, Any]:
        """The chat model and what closes its client; ProviderError without a key, UsageError for what is not there."""
        place = self._place
        key = self._checked_key() if place.provider in KEYED else None
        _trace(self._tracing)
        builders = {"openai": _openai, "anthropic": _anthropic, "ollama": _ollama}
        try:
            if place.provider in builders:
                return builders[place.provider](place, key, self._patience, self._budget)
            return _init(place), None
        except ImportError as error:
            said = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
            package = said[1] if said else f"langchain-{place.provider.replace('_', '-')}"
            raise _not_installed(place.provider, package) from None
        except Exception as error:
            if "Unsupported provider" in str(error):
                raise UsageError(
                    f"There is no provider '{place.provider}'.", "Those that there are: openai, anthropic, ollama"
                ) from None
            raise ProviderError(
                f"{self.name} could not be set up.", f"Check the key and the settings of {place.provider}."
            ) from None

    def _checked_key(self) -> str:
        """The provider's key; ProviderError where there is none or where no header can hold it."""
        provider = self._place.provider
        key = (self._key(provider) or "").strip()
        advice = f"Set it with: footnote keys set {provider}"
        if not key and not self._place.loopback:
            raise ProviderError(f"There is no key for {provider}.", advice, "provider_key")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ProviderError(f"The key for {provider} has a character that no key has.", advice, "provider_key")
        return key or "none"


# -- the prompt ----------------------------------------------------------------------------------


def prompt_for(question: str, found: Found, conversation: Conversation, budget: int) -> tuple[str, list[str]]:
    """The prompt for one answer, of about `budget` tokens, and what was left out of it, each a sentence.

    The oldest turns go first, then the passages from the last on; one passage always stays.
    """
    template = prompts.load("answer")
    earlier = [_turn(turn) for turn in conversation.turns]
    delimiter = _delimiter([question, *earlier, *(_facts(passage) for passage in found.passages)])
    fenced = [_fenced(number, passage, delimiter) for number, passage in enumerate(found.passages, 1)]
    room = budget - estimate(template.text) - estimate(question)
    passages = _fitting(fenced, room) or fenced[:1]
    turns = _fitting(earlier[::-1], room - sum(map(estimate, passages)))[::-1]
    notices = []
    if len(turns) < len(earlier):
        left = len(earlier) - len(turns)
        notices.append(f"the oldest {left} of {len(earlier)} earlier questions do not fit and are left out")
    if len(passages) < len(fenced):
        notices.append(f"the last {len(fenced) - len(passages)} of {len(fenced)} passages do not fit and are left out")
    text = template.fill(
        delimiter=delimiter,
        passages="\n\n".join(passages) or "(none)",
        earlier="\n\n".join(turns) or "(nothing)",
        as_of=found.as_of or "not known",
        question=question,
        absent=ABSENT,
    )
    return text, notices


def estimate(text: str) -> int:
    """About how many tokens a text is, rather too many: its bytes in UTF-8 by four, and a margin."""
    return len(text.encode("utf-8", "replace")) // 4 + MARGIN


def _fitting(pieces: Sequence[str], room: int) -> list[str]:
    """The first pieces that fit into so many tokens."""
    kept = []
    for piece in pieces:
        room -= estimate(piece)
        if room < 0:
            break
        kept.append(piece)
    return kept


def _delimiter(texts: Sequence[str]) -> str:
    """Letters and digits by chance that stand in none of the texts."""
    drawn = secrets.token_hex(6)
    while any(drawn in text for text in texts):
        drawn = secrets.token_hex(6)
    return drawn


def _facts(passage: Passage) -> str:
    document = passage.document
    return (
        f"Title: {document.title}\nOutlet: {document.outlet or 'unknown'}\n"
        f"Published: {document.published or 'undated'}\n\n{passage.text}"
    )


def _fenced(number: int, passage: Passage, delimiter: str) -> str:
    return f"[{number}]\nbegin {delimiter}\n{_facts(passage)}\nend {delimiter}"


def _turn(turn: Turn) -> str:
    """An earlier question with what was answered, without its numbers and without what no article supports."""
    said = [sentence.text for sentence in turn.answer.sentences if sentence.verdict != "unsupported"]
    return f"Question: {turn.question}\nAnswer: {' '.join(said) or turn.answer.words or ABSENT}"


# -- the connection ------------------------------------------------------------------------------


def _trace(on: bool) -> None:
    """Whether LangChain sends what it sees to LangSmith, whatever the environment says; it reads these once."""
    os.environ.update(dict.fromkeys(TRACING, "true" if on else "false"))
    for name in TRACING_TOO:
        os.environ.pop(name, None)


def _init(place: _Place, **given: Any) -> Any:
    from langchain.chat_models import init_chat_model

    return init_chat_model(place.model, model_provider=place.provider, **given)


def _wire(place: _Place, patience: Patience, http: Any) -> dict[str, Any]:
    """What an HTTP client is made with: no redirects, since only the host that was named may get text.

    A proxy of the environment is not for loopback. Our own bounds are the tighter ones, but for connecting.
    """
    silence = patience.first + patience.chunk
    timeout = http.Timeout(silence, connect=patience.connect)
    plain = place.loopback and place.address.startswith("http:")  # certificates take time to load
    return {"timeout": timeout, "trust_env": not place.loopback, "follow_redirects": False, "verify": not plain}


def _openai(place: _Place, key: str | None, patience: Patience, budget: int) -> tuple[Any, Any]:
    http = importlib.import_module("httpx2")
    wire = _wire(place, patience, http)
    client = http.AsyncClient(**wire)
    given = {} if place.base == BASES["openai"][1] else {"use_responses_api": False}
    chat = _init(
        place,
        base_url=place.base,
        api_key=key,
        max_retries=0,
        timeout=wire["timeout"],
        stream_usage=True,
        stream_chunk_timeout=None,
        openai_proxy=None,
        http_async_client=client,
        http_client=http.Client(**wire),  # never used; without it one more is made
        **given,
    )
    return chat, client.aclose


def _anthropic(place: _Place, key: str | None, patience: Patience, budget: int) -> tuple[Any, Any]:
    http, sdk = importlib.import_module("httpx2"), importlib.import_module("anthropic")
    wire = _wire(place, patience, http)
    chat = _init(place, base_url=place.base, api_key=key, max_retries=0, timeout=patience.first + patience.chunk)
    client = http.AsyncClient(**wire)
    given = {**chat._client_params, "timeout": wire["timeout"]}
    chat._async_client = sdk.AsyncAnthropic(**given, http_client=client)  # its own is shared by all event loops
    return chat, client.aclose


def _ollama(place: _Place, key: str | None, patience: Patience, budget: int) -> tuple[Any, Any]:
    """Ollama cuts a prompt that is longer than its context silently, so it is told how much context there must be."""
    wire = _wire(place, patience, importlib.import_module("httpx"))
    context = budget + ANSWER_ROOM
    chat = _init(place, base_url=place.base, client_kwargs=wire, num_ctx=context, temperature=0, reasoning=False)
    return chat, chat._async_client.close


# -- the end of a stream, and what goes wrong ----------------------------------------------------


class _Waited(Exception):
    """A bound of ours was passed: so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Fault:
    """What a provider's exception comes to: our error, how often to try again, and in what words.

    `after` is the wait that the provider asks for, in seconds.
    """

    error: ProviderError
    retries: int = 0
    words: str = ""
    after: float | None = None


def _spoken(text: str) -> str:
    """What of the text so far is an answer: without blanks and a block of thoughts before it."""
    text = text.lstrip()
    if THOUGHT.startswith(text):
        return ""
    return text.partition("</think>")[2].lstrip() if text.startswith(THOUGHT) else text


def _reason(chunk: Any) -> str | None:
    """Why a chunk says that the text ends here, in lower case."""
    facts = chunk.response_metadata
    for name in REASONS:
        if facts.get(name):
            return str(facts[name]).lower()
    status = facts.get("status")  # the Responses API's
    return status if status in ("completed", "incomplete") else None


def _empty(place: _Place, reason: str | None) -> ProviderError:
    if reason in ("content_filter", "refusal"):
        return ProviderError(f"{place.who} declined to answer.", "Ask in other words.", "provider_empty")
    return ProviderError(
        f"{place.provider}:{place.model} gave an empty answer.",
        "Ask again, or choose another model with -m.",
        "provider_empty",
    )


def fault_of(error: Exception, place: _Place, patience: Patience, *, shown: bool) -> Fault:
    """What an exception of a provider's class means for the user; none of its own words are kept."""
    causes = list(_causes(error))
    if isinstance(error, _Waited):
        return _waited(error.seconds, place, shown=shown)
    if (status := _status(causes)) is not None:
        return _refused(status, " ".join(map(str, causes)), causes, place)
    return _unconnected(causes, place, patience) or _unread(causes, place, shown=shown)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(causes: Sequence[BaseException]) -> int | None:
    """The HTTP status of a refusal, 300 to 599."""
    for cause in causes:
        for holder in (cause, getattr(cause, "response", None)):
            status = getattr(holder, "status_code", None)
            if isinstance(status, int) and 300 <= status <= 599:
                return status
    return None


def _retry_after(causes: Sequence[BaseException]) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or as a date; none that is not in the future."""
    for cause in causes:
        headers = getattr(getattr(cause, "response", None), "headers", None)
        if headers is None or not (value := headers.get("retry-after")):
            continue
        try:
            seconds = float(value)
        except ValueError:
            try:
                at = parsedate_to_datetime(value)
            except ValueError:
                return None
            seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    return None


def _refused(status: int, said: str, causes: Sequence[BaseException], place: _Place) -> Fault:
    """A refusal by its HTTP status; `said` is only looked through."""
    name, who = place.model, place.who
    kinds = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    if status in (401, 403):
        keyed = place.provider in KEYED
        advice = f"Set it with: footnote keys set {place.provider}" if keyed else f"Check {place.provider}'s key."
        return Fault(ProviderError(f"{who} refused the key.", advice, "provider_key"))
    if status == 413 or "ContextOverflowError" in kinds or (status == 400 and _TOO_LONG.search(said)):
        return Fault(ProviderError(f"The passages are too long for {name}.", "Give fewer: -k 4", "provider_limit"))
    if status == 402 or _NO_CREDIT.search(said):
        return Fault(ProviderError(f"The account at {who} has no credit left.", "Top it up.", "provider_limit"))
    if status == 404:
        where = "Check the name." if who == place.provider else f"Check the name, and the address {place.address}."
        where = f"Fetch it with: ollama pull {name}" if place.provider == "ollama" else where
        return Fault(ProviderError(f"{who} knows no model '{name}'.", where, "provider_model"))
    if status == 429:
        after = _retry_after(causes)
        again = f"Try again in {after:.0f} s." if after else "Try again later."
        busy = ProviderError(f"{who} is busy: it refused the request (429).", again, "provider_limit")
        return Fault(busy, OFTEN, "the provider is busy (429)", after)
    if status >= 500 or status == 408:
        down = ProviderError(f"{who} failed ({status}).", "Try again later.", "provider_down")
        return Fault(down, OFTEN, f"the provider failed ({status})", _retry_after(causes))
    if status < 400:
        moved = f"{place.netloc} sends requests on to another address ({status})."
        return Fault(ProviderError(moved, "Check the address.", "provider_reply"))
    wrong = f"{who} refused a request to '{name}' ({status})."
    return Fault(ProviderError(wrong, "Check that it is a chat model.", "provider_model"))


def _waited(seconds: float, place: _Place, *, shown: bool) -> Fault:
    more = " more" if shown else ""
    words = f"{place.netloc} sent nothing{more} for {seconds:.3g} s"
    error = ProviderError(f"{words}.", "Try again, or choose another model with -m.", "provider_timeout")
    return Fault(error, OFTEN, words)


def _unconnected(causes: Sequence[BaseException], place: _Place, patience: Patience) -> Fault | None:
    """What kept a request from coming through, by the class names in the chain: each provider has its own classes."""
    kinds = [kind.__name__ for cause in causes for kind in type(cause).__mro__]
    if "gaierror" in kinds:
        unknown = f"{place.netloc} cannot be found."
        return Fault(ProviderError(unknown, "Check the network and the address.", "provider_down"))
    if "SSLError" in kinds or "SSLCertVerificationError" in kinds:
        unsafe = f"There is no safe connection to {place.netloc}."
        return Fault(ProviderError(unsafe, "Check the address and its certificate.", "provider_down"))
    if "ConnectTimeout" in kinds:
        words = f"{place.address} does not answer within {patience.connect:.3g} s"
        return Fault(ProviderError(f"{words}.", "Check the network and the address.", "provider_timeout"), OFTEN, words)
    if "ConnectError" in kinds or "ConnectionRefusedError" in kinds:
        words = f"nothing answers at {place.address}"
        local = "Start the server, or choose another model with -m."
        advice = local if place.loopback else "Check the network and the address."
        return Fault(ProviderError(f"{words[0].upper()}{words[1:]}.", advice, "provider_down"), 1, words)
    if any(kind.endswith("Timeout") or kind.endswith("TimeoutError") for kind in kinds):
        return _waited(patience.first, place, shown=False)
    if any(kind in ("ModelConnectionError", "ConnectionError", "NetworkError", "TransportError") for kind in kinds):
        words = f"the connection to {place.netloc} broke"
        return Fault(ProviderError(f"T{words[1:]}.", "Try again.", "provider_down"), OFTEN, words)
    return None


def _unread(causes: Sequence[BaseException], place: _Place, *, shown: bool) -> Fault:
    """The rest: an error object in the stream, or a reply that is none."""
    kinds = [kind.__name__ for kind in type(causes[0]).__mro__]
    if any(kind in ("APIError", "ResponseError", "ModelAPIError") for kind in kinds):
        words = f"{place.netloc} reported an error"
        return Fault(ProviderError(f"{words} in its answer.", "Try again.", "provider_down"), OFTEN, words)
    unread = f"The reply of {place.netloc} could not be read."
    advice = "Try again." if shown or not place.base else f"Check that {place.address} is the address of a model."
    return Fault(ProviderError(unread, advice, "provider_reply"))
