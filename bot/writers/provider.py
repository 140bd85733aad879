"""Providers: where a model is asked, with which key, through which LangChain class, and how its package is installed.

A new provider is a row in PROVIDERS with its function, an extra in pyproject.toml and a line in the README.
"""

import importlib
import importlib.util
import os
import re
import shlex
import sys
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, requires
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.errors import ProviderError, UsageError

ANSWER_ROOM = 2048  # tokens of context beside the prompt, where we set its size
HEAD = 4000  # bytes of a reply's body that are kept to tell an error by


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits in seconds, and the number of retries of a call that has shown nothing yet."""

    connect: float = 5.0
    first: float = 60.0  # longest silence before the first text, connecting included
    chunk: float = 30.0  # longest silence after it
    retries: int = 2
    pause: float = 1.0  # the wait before the first retry; it doubles. A Retry-After of up to 30 s goes before it
    think: float = 600.0  # longest time without a word while there are signs of life: a model that thinks


@dataclass(frozen=True, slots=True)
class Place:
    """The place where a model is asked."""

    provider: str
    model: str
    base: str | None  # the base URL; None for a provider that only LangChain knows

    @property
    def netloc(self) -> str:
        """Host and port without credentials; the provider's name where there is no base URL."""
        return urlsplit(self.base or "").netloc.rpartition("@")[2] or self.provider

    @property
    def address(self) -> str:
        """The base URL without credentials and query, fit to be shown."""
        if self.base is None:
            return self.provider
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{self.netloc}{parts.path}".rstrip("/")

    @property
    def loopback(self) -> bool:
        return _is_loopback(urlsplit(self.base or "").hostname or "")

    @property
    def keyed(self) -> bool:
        """The provider is known to want a key."""
        return self.provider in PROVIDERS and PROVIDERS[self.provider].keyed

    @property
    def who(self) -> str:
        """The provider, with the address where that is not the provider's own."""
        own = self.base is None or self.base == PROVIDERS[self.provider].base
        return self.provider if own else f"{self.provider} at {self.netloc}"

    @property
    def host(self) -> str | None:
        """The host that gets the text; None for this machine, the provider's name where only LangChain knows it."""
        if self.provider == "ollama" and re.search(r"[:-]cloud$", self.model):
            return "ollama.com"  # a local Ollama hands these on
        return None if self.loopback else urlsplit(self.base or "").hostname or self.provider


@dataclass(slots=True)
class Wire:
    """The bytes of a reply: `beat` is called as each piece comes in, `head` holds the first of them."""

    beat: Callable[[], None] = lambda: None
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Connection:
    """A LangChain chat model, and what closes its client where LangChain has not made that alone."""

    chat: Any
    close: Callable[[], Awaitable[None]] | None = None
    wire: Wire = field(default_factory=Wire)


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        address = ip_address(host)
        return address.is_loopback or address.is_unspecified
    return host == "localhost" or host.endswith(".localhost")


def place_of(name: str, environ: Mapping[str, str]) -> Place:
    """Reads "provider:model"; UsageError for another form of name and for a variable that holds no address."""
    provider, colon, model = (part.strip() for part in name.partition(":"))
    provider = provider.lower().replace("-", "_")
    if not colon or not provider:
        advice = "A model is extract or PROVIDER:NAME, such as openai:NAME or ollama:NAME."
        raise UsageError(f"There is no model '{name}'.", advice)
    if not model:
        raise UsageError(f"'{name}' names no model.", f"Add the model's name: {provider}:NAME")
    if provider not in PROVIDERS:
        return Place(provider, model, None)
    known = PROVIDERS[provider]
    given = environ.get(known.variable, "").strip()
    return Place(provider, model, _address(provider, known.variable, given) if given else known.base)


def _address(provider: str, variable: str, given: str) -> str:
    """The base URL in a variable; OLLAMA_HOST may be a bare host. UsageError for anything else."""
    bare = "://" not in given
    url = f"http://{given}" if provider == "ollama" and bare else given
    wrong = UsageError(f"{variable} is no web address.", f"Set it to something like {PROVIDERS[provider].base}")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or (not host and provider != "ollama"):
        raise wrong
    if provider != "ollama":
        return url.rstrip("/")
    if host in ("", "0.0.0.0", "::"):  # the address that a server listens at, as its users write it down
        host = "127.0.0.1"
    login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    port = port or (11434 if bare else {"http": 80, "https": 443}[parts.scheme])
    return f"{parts.scheme}://{login}{f'[{host}]' if ':' in host else host}:{port}{parts.path.rstrip('/')}"


def traced_to(environ: Mapping[str, str]) -> str | None:
    """The host that tracing sends text to, by LangSmith's own variables; None for this machine."""
    named = (environ.get(name, "").strip() for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"))
    host = urlsplit(next(filter(None, named), "")).hostname or "api.smith.langchain.com"
    return None if _is_loopback(host) else host


def install_command(*packages: str, prefix: Path | None = None) -> str:
    """The command that adds packages to the environment in `prefix` (sys.prefix).

    It never names Footnote's own distribution: a registry may have another project by that name.
    """
    home = prefix or Path(sys.prefix)
    named = " ".join(shlex.quote(_bounded(package)) for package in packages)
    if (home / "pipx_metadata.json").exists():
        return f"pipx inject {home.name} {named}"
    pip, config = home / "bin" / "pip", home / "pyvenv.cfg"
    if pip.exists():
        return f"{shlex.quote(str(pip))} install {named}"
    if (home / "uv-receipt.toml").exists() or (config.exists() and "uv = " in config.read_text("utf-8", "replace")):
        return f"uv pip install --python {shlex.quote(str(home))} {named}"
    return f"{shlex.quote(str(home / 'bin' / 'python'))} -m pip install {named}"


def _bounded(package: str) -> str:
    """A package with the versions that Footnote asks for in its extras."""
    with suppress(PackageNotFoundError):
        for requirement in requires("footnote-news") or []:
            named = requirement.partition(";")[0].strip()
            if re.match(r"[\w.-]+", named)[0].lower() == package:  # type: ignore[index]
                return named.replace(" ", "")
    return package


def missing_package(provider: str, package: str) -> UsageError:
    return UsageError(f"The package for {provider} is not installed.", f"Install it with: {install_command(package)}")


def connect(place: Place, key: str, patience: Patience, budget: int, *, tracing: bool) -> Connection:
    """The chat model with a client of its own; blocks while LangChain loads.

    ProviderError for a class that cannot be made, UsageError for a provider or package that is not there.
    """
    # LangSmith reads these variables once: they are set whatever the environment says.
    os.environ.update(dict.fromkeys(("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2"), "true" if tracing else "false"))
    for name in ("LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_GATEWAY"):
        os.environ.pop(name, None)
    # OpenAI's client warns at every chunk whose content is a list of parts, as some servers send it.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings", category=UserWarning)
    try:
        if place.provider in PROVIDERS:
            return PROVIDERS[place.provider].build(place, key, patience, budget)
        return Connection(_init(place))
    except ImportError as error:
        advised = re.search(r"pip install (?:-U )?([\w-]+)", str(error))
        package = advised[1] if advised else f"langchain-{place.provider.replace('_', '-')}"
        raise missing_package(place.provider, package) from None
    except Exception as error:
        if "Unsupported provider" in str(error):
            known = f"Those that there are: {', '.join(PROVIDERS)}"
            raise UsageError(f"There is no provider '{place.provider}'.", known) from None
        advice = f"Check the key and the settings of {place.provider}."
        raise ProviderError(f"{place.provider}:{place.model} could not be set up.", advice) from None


def _init(place: Place, **given: Any) -> Any:
    from langchain.chat_models import init_chat_model

    return init_chat_model(place.model, model_provider=place.provider, **given)


def _client(place: Place, patience: Patience, http: Any, wire: Wire) -> dict[str, Any]:
    """The arguments of an HTTP client. No redirects: only the host that was named may get text.

    On loopback a proxy of the environment is left aside, but its certificates (SSL_CERT_FILE) are not. The timeout is
    longer than our own bounds, except for connecting.
    """

    class Heard(http.AsyncByteStream):  # type: ignore[misc]
        """A body whose pieces the wire hears of."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> Any:
            async for piece in self._stream:
                wire.head += piece[: max(0, HEAD - len(wire.head))]
                wire.beat()
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def listen(response: Any) -> None:
        wire.head, response.stream = b"", Heard(response.stream)

    safe = not (place.loopback and place.address.startswith("http:"))  # certificates take time to load
    return {
        "timeout": http.Timeout(patience.first + patience.chunk, connect=patience.connect),
        "trust_env": not place.loopback,
        "follow_redirects": False,
        "verify": http.create_ssl_context() if safe else False,
        "event_hooks": {"response": [listen]},
    }


def _openai(place: Place, key: str, patience: Patience, budget: int) -> Connection:
    http, wire = importlib.import_module("httpx2"), Wire()
    given = _client(place, patience, http, wire)
    client = http.AsyncClient(**given)
    responses = {} if place.base == PROVIDERS["openai"].base else {"use_responses_api": False}
    unused = http.Client(**{**given, "event_hooks": None})  # without it one more is made
    chat = _init(
        place, base_url=place.base, api_key=key, max_retries=0, timeout=given["timeout"], stream_usage=True,
        stream_chunk_timeout=None, openai_proxy=None, http_async_client=client, http_client=unused, **responses,
    )  # fmt: skip
    return Connection(chat, client.aclose, wire)


def _anthropic(place: Place, key: str, patience: Patience, budget: int) -> Connection:
    http, sdk, wire = importlib.import_module("httpx2"), importlib.import_module("anthropic"), Wire()
    given = _client(place, patience, http, wire)
    chat = _init(place, base_url=place.base, api_key=key, max_retries=0, timeout=patience.first + patience.chunk)
    client = http.AsyncClient(**given)
    params = {**chat._client_params, "timeout": given["timeout"]}
    chat._async_client = sdk.AsyncAnthropic(**params, http_client=client)  # its own is shared by all event loops
    return Connection(chat, client.aclose, wire)


def _ollama(place: Place, key: str, patience: Patience, budget: int) -> Connection:
    """Ollama silently cuts a prompt that is longer than its context, so the context's size is set."""
    wire = Wire()
    given = _client(place, patience, importlib.import_module("httpx"), wire)
    context = budget + ANSWER_ROOM
    chat = _init(place, base_url=place.base, client_kwargs=given, num_ctx=context, temperature=0, reasoning=False)
    return Connection(chat, chat._async_client.close, wire)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider with a base URL that a variable may replace."""

    variable: str
    base: str
    build: Callable[[Place, str, Patience, int], Connection]
    keyed: bool = True
    plainer: Mapping[str, Any] = field(default_factory=dict)
    """A call's arguments that leave its optional parameters out, for servers that refuse them."""


PROVIDERS = {
    "openai": Provider("OPENAI_BASE_URL", "https://api.openai.com/v1", _openai, plainer={"stream_usage": False}),
    "anthropic": Provider("ANTHROPIC_BASE_URL", "https://api.anthropic.com", _anthropic),
    "ollama": Provider("OLLAMA_HOST", "http://127.0.0.1:11434", _ollama, keyed=False),
}
