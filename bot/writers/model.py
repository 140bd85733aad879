"""The writer over any LangChain chat model: its calls, their bounds in time, and the end of a stream."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from typing import Any, Protocol

from bot.conversation import Conversation
from bot.errors import ProviderError, StreamCut
from bot.question.followup import FollowUp
from bot.reading import Reading
from bot.writers import thoughts
from bot.writers.faults import empty, fault_of, silent
from bot.writers.prompt import prompt_for, rewriting
from bot.writers.provider import PROVIDERS, Connection, Patience, Wire, connect, missing_package, place_of

LONGEST = 400  # most characters of a rewritten question
PATIENT = 30.0  # the longest Retry-After that is obeyed, in seconds
# Finish reasons of a whole answer, of all providers and the servers that speak their protocols. Any other is a cut:
# the list of limits, filters and failures has no end.
ENDED = """
stop end_turn stop_sequence completed complete end eos eos_token end_of_turn end_of_text endoftext finished finish done
success
""".split()


Ask = Callable[[str], AsyncGenerator[str, None]]


class Replies(Protocol):
    """A store of kept replies in front of a model, so that evals replay runs."""

    def say(self, model: Model, prompt: str, ask: Ask) -> AsyncGenerator[str, None]:
        """One reply's text, kept or from `ask`, its tokens added to `model.usage`; raises the errors of `ask`."""
        ...


class Model:
    """A writer that asks a chat model; `usage` is (input, output) tokens of the last answer, its `ask`s included.

    `name` is "provider:model", `host` as in `Place`. UsageError for a name that cannot be and for a provider whose
    package is missing. `key` gives a provider's key or None, `notice` takes sentences for the user. `budget` is the
    prompt's size in tokens, by our own estimate.
    """

    verbatim = False

    def __init__(
        self, name: str, *, key: Callable[[str], str | None], notice: Callable[[str], None],
        patience: Patience | None = None, environ: Mapping[str, str] | None = None, budget: int = 6000,
        replies: Replies | None = None, tracing: bool = False,
    ) -> None:  # fmt: skip
        place = self._place = place_of(name, os.environ if environ is None else environ)
        self.name, self.host = f"{place.provider}:{place.model}", place.host
        self.usage: tuple[int, int] = (0, 0)
        self._key, self._notice, self._patience = key, notice, patience or Patience()
        self._budget, self._replies, self._tracing = budget, replies, tracing
        self.parameters = {"budget": budget}  # the facts that a reply depends on beside the model's name and the prompt
        self._answered = self._thinks_bare = False
        self._options: Mapping[str, Any] = {}
        if place.provider not in PROVIDERS:  # only LangChain knows whether there is such a one
            with suppress(ProviderError):  # a missing key is told when it is needed
                self._connect()
        elif importlib.util.find_spec(f"langchain_{place.provider}") is None:
            raise missing_package(place.provider, f"langchain-{place.provider}")

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

    async def standalone(self, asked: FollowUp, conversation: Conversation) -> str:
        """The question so that it stands alone; as the rules have it where the reply is no question.

        ProviderError as in `write`, but for an empty reply.
        """
        if not asked.leans:
            return asked.question
        try:
            reply = await self.ask(rewriting(asked.question, conversation))
        except (StreamCut, ProviderError) as error:
            if isinstance(error, ProviderError) and error.code != "provider_empty":
                raise
            return asked.standalone
        lines = reply.strip("\"'“”* \n").splitlines()
        return lines[0].strip() if len(lines) == 1 and len(lines[0]) <= LONGEST else asked.standalone

    @property
    def keyed(self) -> bool:
        """Whether there is a key if the provider wants one; without it nothing is sent."""
        return not self._place.keyed or self._place.loopback or bool(self._key(self._place.provider))

    def _say(self, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one reply, asked for or kept; after an answer its tokens are counted anew."""
        if self._answered:
            self.usage, self._answered = (0, 0), False
        prompt = prompt.encode("utf-8", "replace").decode()  # a lone surrogate cannot be sent
        return self._replies.say(self, prompt, self._asked) if self._replies else self._asked(prompt)

    async def _asked(self, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one reply; the call is retried if that may help and nothing has been shown."""
        patience, shown, attempt = self._patience, False, 0
        async with AsyncExitStack() as closing:
            to = await asyncio.to_thread(self._connect)  # a client of this event loop's own
            if to.close is not None:
                closing.push_async_callback(to.close)
            while True:
                try:
                    async with aclosing(self._stream(to, prompt)) as texts:
                        async for text in texts:
                            shown = True
                            yield text
                    return
                except StreamCut:
                    raise
                except Exception as error:
                    head = to.wire.head.decode("utf-8", "replace")
                    fault = fault_of(error, self._place, patience, shown=shown, head=head)
                known = PROVIDERS.get(self._place.provider)
                if known and fault.plainer and not shown and self._options != known.plainer:
                    self._options = known.plainer  # of this call and all later ones
                    continue
                wait = fault.after if fault.after is not None else patience.pause * 2**attempt
                most = min(fault.retries, patience.retries)
                if shown or attempt >= most or wait > PATIENT:
                    raise fault.error  # without the provider's own as its context: its words may hold a key
                attempt += 1
                self._notice(f"{fault.words}; trying again in {wait:.3g} s, {attempt} of {most}; Ctrl-C stops")
                await asyncio.sleep(wait)

    async def _stream(self, to: Connection, prompt: str) -> AsyncGenerator[str, None]:
        """The text of one call, from its first word on. Raises Fault, StreamCut and errors of the provider's class."""
        reason, shown, ended = None, False, False
        answer = thoughts.Answer(held=self._thinks_bare)
        async with aclosing(to.chat.astream([("user", prompt)], **self._options)) as chunks:
            while not ended:
                text = ""
                async with self._bounded(to.wire, shown=shown):
                    while not text and not ended:
                        chunk = await anext(chunks, None)
                        to.wire.beat()
                        if chunk is None:
                            text, ended = answer.finish(), True
                            continue
                        reason = _reason(chunk) or reason
                        if used := chunk.usage_metadata:
                            self.usage = (self.usage[0] + used["input_tokens"], self.usage[1] + used["output_tokens"])
                        text = answer.feed(chunk.text)
                if text and (shown or text.strip()):
                    yield text
                    shown = True
        self._thinks_bare = self._thinks_bare or answer.bare
        if not shown:
            raise empty(self._place, reason)
        ending_unknown = self._place.base is None or answer.over  # LangChain may have another name for the reason
        if reason not in ENDED and not (reason is None and ending_unknown):
            raise StreamCut(f"{self._place.netloc} stopped before the end of its answer.")

    @asynccontextmanager
    async def _bounded(self, wire: Wire, *, shown: bool) -> AsyncIterator[None]:
        """Bounds the silence and the whole wait for the next words; each sign of life begins the silence anew."""
        silence = self._patience.chunk if shown else self._patience.first
        clock = asyncio.get_running_loop().time
        last = clock() + max(silence, self._patience.think)

        def beat() -> None:
            if not bound.expired():
                bound.reschedule(min(last, clock() + silence))

        try:
            async with asyncio.timeout(silence) as bound:
                wire.beat = beat
                yield
        except TimeoutError:
            if not bound.expired():
                raise
            alive = clock() >= last
            raise silent(self._place, self._patience.think if alive else silence, shown=shown, alive=alive) from None
        finally:
            wire.beat = lambda: None

    def _connect(self) -> Connection:
        """The chat model, as `connect` makes it. ProviderError without a key and for one that no header can hold."""
        place, key = self._place, ""
        if place.keyed:
            key = (self._key(place.provider) or "").strip()
            advice = f"Set it with: footnote keys set {place.provider}"
            if not key and not place.loopback:
                raise ProviderError(f"There is no key for {place.provider}.", advice, "provider_key")
            if not key.isascii() or not key.isprintable() or " " in key:
                wrong = f"The key for {place.provider} has a character that no key has."
                raise ProviderError(wrong, advice, "provider_key")
        return connect(place, key or "none", self._patience, self._budget, tracing=self._tracing)


def _reason(chunk: Any) -> str | None:
    """A chunk's finish reason, in lower case."""
    facts = chunk.response_metadata
    for name in ("finish_reason", "stop_reason", "done_reason"):
        if facts.get(name):
            return str(facts[name]).lower().rpartition(".")[2]
    status = facts.get("status")  # the Responses API's
    return status if status in ("completed", "incomplete", "failed", "cancelled") else None
