"""Provider errors: an exception of any provider's class becomes our error, a number of retries and a notice."""

import math
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.errors import ProviderError
from bot.writers.provider import Patience, Place

OFTEN = sys.maxsize  # as many retries as Patience allows
READ = 4000  # characters of a provider's words that are searched: some servers repeat the whole prompt after them
_TOO_LONG = re.compile("|".join(Path(__file__).with_name("too_long.txt").read_text("utf-8").splitlines()), re.I | re.S)
_TOO_LARGE = re.compile(r"request too large|must be reduced|maximum context|context[ _](?:length|window)", re.I)
_NO_CREDIT = re.compile(r"insufficient_quota|insufficient (?:credit|balance|funds)|credit balance|out of credits", re.I)
_EXTRAS = re.compile(r"stream_options|include_usage", re.I)


class Fault(Exception):
    """The meaning of a provider's exception: `error` for the user, and whether another try may help.

    `words` are the reason for a retry, for its notice; without them there is none. `after`: the seconds that the
    provider asks to be left alone for. `plainer`: the request may pass without its optional parameters.
    """

    def __init__(
        self, code: str, message: str, advice: str, words: str = "", *,
        retries: int = OFTEN, after: float | None = None, plainer: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.error = ProviderError(message, advice, f"provider_{code}")
        self.words, self.retries, self.after, self.plainer = words, retries if words else 0, after, plainer


def fault_of(error: Exception, place: Place, patience: Patience, *, shown: bool, head: str = "") -> Fault:
    """The meaning of an exception for the user; none of its own words are kept.

    `head` is the beginning of the reply's body, which the exception may lack; `shown`: words were shown already.
    """
    if isinstance(error, Fault):
        return error
    causes = list(_causes(error))
    words = " ".join(str(cause)[:READ] for cause in causes) + ("" if shown else f" {head[:READ]}")
    if (status := _status(causes)) is not None:
        return _refused(status, words, causes, place)
    return _unconnected(_kinds(causes), place, patience) or _unread(causes, words, place, shown=shown)


def empty(place: Place, reason: str | None) -> Fault:
    """The fault of a reply without a word, by its finish reason."""
    if reason in ("content_filter", "refusal", "safety"):
        return Fault("empty", f"{place.who} declined to answer.", "Ask in other words.")
    advice = "Ask again, or choose another model with -m."
    return Fault("empty", f"{place.provider}:{place.model} gave an empty answer.", advice)


def silent(place: Place, seconds: float, *, shown: bool, alive: bool = False) -> Fault:
    """The fault of a provider that sent nothing for so many seconds, or, where `alive`, no word of an answer."""
    more, advice = " more" if shown else "", "Try again, or choose another model with -m."
    if alive:
        return Fault("timeout", f"{place.netloc} sent signs of life, but no{more} words for {seconds:.3g} s.", advice)
    words = f"{place.netloc} sent nothing{more} for {seconds:.3g} s"
    return Fault("timeout", f"{words}.", advice, words)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kinds(causes: Sequence[BaseException]) -> set[str]:
    """The names of the exceptions' classes, bases included: each provider has its own classes."""
    return {kind.__name__ for cause in causes for kind in type(cause).__mro__}


def _status(causes: Sequence[BaseException]) -> int | None:
    """The HTTP status of a refusal, 300 to 599."""
    holders = (holder for cause in causes for holder in (cause, getattr(cause, "response", None)))
    codes = (getattr(holder, "status_code", None) for holder in holders)
    return next((code for code in codes if isinstance(code, int) and 300 <= code <= 599), None)


def _retry_after(causes: Sequence[BaseException]) -> float | None:
    """The seconds until a Retry-After header's number or date; None for one that is not in the future."""
    headers = [getattr(getattr(cause, "response", None), "headers", None) or {} for cause in causes]
    value = next((each["retry-after"] for each in headers if each.get("retry-after")), "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            at = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - datetime.now(UTC).timestamp()
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _refused(status: int, words: str, causes: Sequence[BaseException], place: Place) -> Fault:
    """A refusal, by its HTTP status and its words."""
    if status in (401, 403):
        advice = f"Set it with: footnote keys set {place.provider}" if place.keyed else f"Check {place.provider}'s key."
        return Fault("key", f"{place.who} refused the key.", advice)
    limits = _TOO_LARGE if status == 429 else _TOO_LONG
    too_long = status == 413 or "ContextOverflowError" in _kinds(causes) or (status >= 400 and limits.search(words))
    if exhausted := _exhausted(place, too_long, status == 402 or _NO_CREDIT.search(words)):
        return exhausted
    plainer = status in (400, 422) or bool(_EXTRAS.search(words))
    refused = f"{place.who} refused a request to '{place.model}' ({status})."
    wrong = Fault("model", refused, "Check that it is a chat model.", plainer=plainer)
    if plainer:
        return wrong
    if status == 404:
        own = place.who == place.provider
        where = "Check the name." if own else f"Check the name, and the address {place.address}."
        where = f"Fetch it with: ollama pull {place.model}" if place.provider == "ollama" else where
        return Fault("model", f"{place.who} knows no model '{place.model}'.", where)
    if status == 429:
        after = _retry_after(causes)
        again = f"Try again in {after:.0f} s." if after else "Try again later."
        busy = f"{place.who} is busy: it refused the request (429)."
        return Fault("limit", busy, again, "the provider is busy (429)", after=after)
    if status >= 500 or status == 408:
        failed = f"the provider failed ({status})"
        return Fault("down", f"{place.who} failed ({status}).", "Try again later.", failed, after=_retry_after(causes))
    if status < 400:
        moved = f"{place.netloc} sends requests on to another address ({status})."
        return Fault("reply", moved, "Check the address.")
    return wrong


def _exhausted(place: Place, too_long: object, no_credit: object) -> Fault | None:
    """The fault of a prompt that the model has no room for, or of an account with no credit."""
    if too_long:
        advice = "Give fewer: -k 4, or choose a model with a longer context with -m."
        return Fault("limit", f"The passages are too long for {place.model}.", advice)
    return Fault("limit", f"The account at {place.who} has no credit left.", "Top it up.") if no_credit else None


def _unconnected(kinds: set[str], place: Place, patience: Patience) -> Fault | None:
    """A request that did not come through, by the class names in the chain."""
    network = "Check the network and the address."
    if "gaierror" in kinds:
        return Fault("down", f"{place.netloc} cannot be found.", network)
    if kinds & {"SSLError", "SSLCertVerificationError"}:
        advice = "Check the address and its certificate; SSL_CERT_FILE names a file of certificates to trust."
        return Fault("down", f"There is no safe connection to {place.netloc}.", advice)
    if "ConnectTimeout" in kinds:
        words = f"{place.address} does not answer within {patience.connect:.3g} s"
        return Fault("timeout", f"{words}.", network, words)
    if kinds & {"ConnectError", "ConnectionRefusedError"}:
        advice = "Start the server, or choose another model with -m." if place.loopback else network
        at = place.address
        return Fault("down", f"Nothing answers at {at}.", advice, f"nothing answers at {at}", retries=1)
    if any(kind.endswith(("Timeout", "TimeoutError")) for kind in kinds):
        return silent(place, patience.first, shown=False)
    if kinds & {"ModelConnectionError", "ConnectionError", "NetworkError", "TransportError"}:
        broke = f"connection to {place.netloc} broke"
        return Fault("down", f"The {broke}.", "Try again.", f"the {broke}")
    return None


def _unread(causes: Sequence[BaseException], words: str, place: Place, *, shown: bool) -> Fault:
    """The rest: an error object in the stream or in a reply with status 200, or a reply that cannot be read."""
    if exhausted := _exhausted(place, _TOO_LONG.search(words), _NO_CREDIT.search(words)):
        return exhausted
    if _kinds(causes[:1]) & {"APIError", "ResponseError", "ModelAPIError"}:
        reported = f"{place.netloc} reported an error"
        return Fault("down", f"{reported} in its answer.", "Try again.", reported)
    advice = "Try again." if shown or not place.base else f"Check that {place.address} is the address of a model."
    return Fault("reply", f"The reply of {place.netloc} could not be read.", advice)
