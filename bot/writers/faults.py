"""Provider errors: an exception of any provider's class becomes our error, a number of retries and a notice."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.errors import ProviderError
from bot.writers.provider import PROVIDERS, Patience, Place

OFTEN = sys.maxsize
"""As many retries as Patience allows."""
READ = 4000
"""Characters of a provider's words that are searched: some servers repeat the whole prompt after them."""
_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|window|size|limit|overflow|shift|exceed)|(?:exceed|overflow|larger|longer).{0,40}context"
    r"|(?:prompt|inputs?|messages?|request|conversation|query)\b.{0,40}(?:too (?:long|large|many tokens)|exceed)"
    r"|(?:exceed|longer|larger|greater|more|over).{0,40}(?:max|limit|allowed).{0,40}tokens?"
    r"|tokens?.{0,40}(?:exceed|over the limit|longer than|must be <)"
    r"|max(?:imum)?[ _-](?:context|model[ _-]len|seq|input|prompt|position)|context the overflows|n_ctx|kv[ _-]?cache"
    r"|too many (?:input )?tokens(?! per)|must have less than \d+ tokens|string_above_max_length"
    r"|reduce (?:the|your) (?:length|prompt|input|messages?)|shorten (?:the|your)|must be reduced",
    re.I | re.S,
)
_TOO_LARGE = re.compile(r"request too large|must be reduced|maximum context|context[ _](?:length|window)", re.I)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient (?:credit|balance|funds)|credit balance|out of credits", re.I)
_EXTRAS = re.compile(r"stream_options|include_usage", re.I)


class Waited(Exception):
    """The provider stayed silent for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Pondered(Waited):
    """The provider sent signs of life, and no word of an answer, for so many seconds."""


@dataclass(frozen=True, slots=True)
class Fault:
    """The meaning of a provider's exception."""

    error: ProviderError
    retries: int = 0
    words: str = ""
    """The reason for a retry, for the notice."""
    after: float | None = None
    """Seconds that the provider asks to be left alone for."""
    plainer: bool = False
    """The request may pass without its optional parameters."""


def fault_of(error: Exception, place: Place, patience: Patience, *, shown: bool, head: str = "") -> Fault:
    """The meaning of an exception for the user; none of its own words are kept.

    `head` is the beginning of the reply's body, which the exception may lack; `shown`: words were shown already.
    """
    causes = list(_causes(error))
    if isinstance(error, Waited):
        return _waited(error, place, shown=shown)
    words = " ".join(str(cause)[:READ] for cause in causes) + ("" if shown else f" {head[:READ]}")
    if (status := _status(causes)) is not None:
        return _refused(status, words, causes, place)
    return _unconnected(causes, place, patience) or _unread(causes, words, place, shown=shown)


def empty(place: Place, reason: str | None) -> ProviderError:
    """The error for a reply without a word, by its finish reason."""
    if reason in ("content_filter", "refusal", "safety"):
        return ProviderError(f"{place.who} declined to answer.", "Ask in other words.", "provider_empty")
    name = f"{place.provider}:{place.model}"
    return ProviderError(
        f"{name} gave an empty answer.", "Ask again, or choose another model with -m.", "provider_empty"
    )


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
    """The seconds until a Retry-After header's number or date; None for one that is not in the future."""
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


def _refused(status: int, words: str, causes: Sequence[BaseException], place: Place) -> Fault:
    """A refusal, by its HTTP status and its words."""
    if status in (401, 403):
        keyed = place.provider in PROVIDERS and PROVIDERS[place.provider].keyed
        advice = f"Set it with: footnote keys set {place.provider}" if keyed else f"Check {place.provider}'s key."
        return Fault(ProviderError(f"{place.who} refused the key.", advice, "provider_key"))
    kinds = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    limits = _TOO_LARGE if status == 429 else _TOO_LONG
    if status == 413 or "ContextOverflowError" in kinds or (status >= 400 and limits.search(words)):
        return _too_long(place)
    if status == 402 or _NO_CREDIT.search(words):
        return _no_credit(place)
    if _EXTRAS.search(words):
        return _wrong(status, place, plainer=True)
    if status == 404:
        own = place.who == place.provider
        where = "Check the name." if own else f"Check the name, and the address {place.address}."
        where = f"Fetch it with: ollama pull {place.model}" if place.provider == "ollama" else where
        return Fault(ProviderError(f"{place.who} knows no model '{place.model}'.", where, "provider_model"))
    if status == 429:
        after = _retry_after(causes)
        again = f"Try again in {after:.0f} s." if after else "Try again later."
        busy = ProviderError(f"{place.who} is busy: it refused the request (429).", again, "provider_limit")
        return Fault(busy, OFTEN, "the provider is busy (429)", after)
    if status >= 500 or status == 408:
        down = ProviderError(f"{place.who} failed ({status}).", "Try again later.", "provider_down")
        return Fault(down, OFTEN, f"the provider failed ({status})", _retry_after(causes))
    if status < 400:
        moved = f"{place.netloc} sends requests on to another address ({status})."
        return Fault(ProviderError(moved, "Check the address.", "provider_reply"))
    return _wrong(status, place, plainer=status in (400, 422))


def _too_long(place: Place) -> Fault:
    advice = "Give fewer: -k 4, or choose a model with a longer context with -m."
    return Fault(ProviderError(f"The passages are too long for {place.model}.", advice, "provider_limit"))


def _no_credit(place: Place) -> Fault:
    return Fault(ProviderError(f"The account at {place.who} has no credit left.", "Top it up.", "provider_limit"))


def _wrong(status: int, place: Place, *, plainer: bool) -> Fault:
    refused = f"{place.who} refused a request to '{place.model}' ({status})."
    return Fault(ProviderError(refused, "Check that it is a chat model.", "provider_model"), plainer=plainer)


def _waited(error: Waited, place: Place, *, shown: bool) -> Fault:
    more = " more" if shown else ""
    advice = "Try again, or choose another model with -m."
    if isinstance(error, Pondered):
        words = f"{place.netloc} sent signs of life, but no{more} words for {error.seconds:.3g} s"
        return Fault(ProviderError(f"{words}.", advice, "provider_timeout"))
    words = f"{place.netloc} sent nothing{more} for {error.seconds:.3g} s"
    return Fault(ProviderError(f"{words}.", advice, "provider_timeout"), OFTEN, words)


def _unconnected(causes: Sequence[BaseException], place: Place, patience: Patience) -> Fault | None:
    """A request that did not come through, by the class names in the chain: each provider has its own classes."""
    kinds = [kind.__name__ for cause in causes for kind in type(cause).__mro__]
    if "gaierror" in kinds:
        unknown = f"{place.netloc} cannot be found."
        return Fault(ProviderError(unknown, "Check the network and the address.", "provider_down"))
    if "SSLError" in kinds or "SSLCertVerificationError" in kinds:
        unsafe = f"There is no safe connection to {place.netloc}."
        advice = "Check the address and its certificate; SSL_CERT_FILE names a file of certificates to trust."
        return Fault(ProviderError(unsafe, advice, "provider_down"))
    if "ConnectTimeout" in kinds:
        words = f"{place.address} does not answer within {patience.connect:.3g} s"
        return Fault(ProviderError(f"{words}.", "Check the network and the address.", "provider_timeout"), OFTEN, words)
    if "ConnectError" in kinds or "ConnectionRefusedError" in kinds:
        words = f"nothing answers at {place.address}"
        local = "Start the server, or choose another model with -m."
        advice = local if place.loopback else "Check the network and the address."
        return Fault(ProviderError(f"{words[0].upper()}{words[1:]}.", advice, "provider_down"), 1, words)
    if any(kind.endswith("Timeout") or kind.endswith("TimeoutError") for kind in kinds):
        return _waited(Waited(patience.first), place, shown=False)
    if any(kind in ("ModelConnectionError", "ConnectionError", "NetworkError", "TransportError") for kind in kinds):
        words = f"the connection to {place.netloc} broke"
        return Fault(ProviderError(f"T{words[1:]}.", "Try again.", "provider_down"), OFTEN, words)
    return None


def _unread(causes: Sequence[BaseException], words: str, place: Place, *, shown: bool) -> Fault:
    """The rest: an error object in the stream or in a reply with status 200, or a reply that cannot be read."""
    if _TOO_LONG.search(words):
        return _too_long(place)
    if _NO_CREDIT.search(words):
        return _no_credit(place)
    kinds = [kind.__name__ for kind in type(causes[0]).__mro__]
    if any(kind in ("APIError", "ResponseError", "ModelAPIError") for kind in kinds):
        reported = f"{place.netloc} reported an error"
        return Fault(ProviderError(f"{reported} in its answer.", "Try again.", "provider_down"), OFTEN, reported)
    unread = f"The reply of {place.netloc} could not be read."
    advice = "Try again." if shown or not place.base else f"Check that {place.address} is the address of a model."
    return Fault(ProviderError(unread, advice, "provider_reply"))
