"""One POST to Moodle: limited in time and size, no redirects, the token only in the body."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
import urllib3.exceptions

from bridge import __version__
from bridge.errors import MoodleError, MoodleMisconfigured, MoodleUnavailable
from bridge.messages import Message
from bridge.moodle.client.failures import site_failure
from bridge.moodle.client.http_errors import PATH

_CHUNK_BYTES = 64 * 1024
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,  # refused, no route; its child: no such name
    urllib3.exceptions.ConnectTimeoutError,
)
_INVALID_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


class NotConnected(MoodleUnavailable):
    """No connection was made, so Moodle received nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Timeouts and retries. Times are in seconds, `answer_size` is in bytes."""

    connect: float = 5.0
    read: float = 60.0
    """The longest time without new data."""
    answer: float = 180.0
    """The longest time for one complete answer."""
    call: float = 300.0
    """The longest time for a call with its retries: no retry starts after it."""
    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0
    """The longest wait before a retry, and the longest `Retry-After` that the client waits for."""
    answer_size: int = 64 * 1024 * 1024


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer before decoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Posts form fields to a site's REST address over one keep-alive session."""

    def __init__(
        self,
        url: str,
        session: requests.Session | None = None,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = url.rstrip("/") + PATH
        self._session = session or requests.Session()
        self._limits = limits
        self._clock = clock

    def post(self, fields: list[tuple[str, str]], function: str) -> Answer:
        """Send one POST and return the answer. Raises Unreached or another MoodleError."""
        started = self._clock()
        try:
            with self._session.post(
                self.address,
                data=fields,
                headers={"User-Agent": f"stewardpath/{__version__}"},
                timeout=(self._limits.connect, self._limits.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._read(response, started + self._limits.answer, function)
                return Answer(response.status_code, response.headers, body)
        except _NETWORK_ERRORS as error:
            raise _network_error(error, self.address, function) from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _read(self, response: requests.Response, deadline: float, function: str) -> bytes:
        """Read the body in parts and check the limits; iter_content waits for full chunks."""
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._limits.answer_size:
                raise self._too_large(function)
            if self._clock() > deadline:
                raise self._too_slow(function)
        return bytes(body)

    def _too_large(self, function: str) -> MoodleError:
        limit = self._limits.answer_size
        what = Message("The answer is larger than %(max)s bytes.", max=limit)
        return _limit_error(what, function, divisible=True)

    def _too_slow(self, function: str) -> MoodleError:
        limit = f"{self._limits.answer:g}"
        what = Message("The answer took longer than %(max)s seconds.", max=limit)
        return _limit_error(what, function, divisible=False)


def _limit_error(what: Message, function: str, *, divisible: bool) -> MoodleError:
    todo = Message("Request less data in one call, or try again later.")
    return site_failure(what, function, todo=todo, divisible=divisible)


def _network_error(error: Exception, address: str, function: str) -> MoodleError:
    """Describe a network error. The exception's own text is not used: it may contain secrets."""
    if isinstance(error, requests.exceptions.SSLError):
        return _certificate_error(address, function)
    if isinstance(error, _INVALID_ADDRESS):
        return MoodleMisconfigured(
            Message("%(address)s is not a valid address.", address=address),
            where=function,
            todo=Message("Set moodle.url to an address that begins with https://."),
        )
    if _was_never_sent(error):
        what = Message("Cannot connect to %(address)s.", address=address)
        todo = Message("Check moodle.url, the network and the server.")
        return NotConnected(what, where=function, todo=todo)
    todo = Message("Try again later.")
    if _is_timeout(error):  # Each try takes minutes, so don't halve the batch.
        return site_failure(Message("Moodle did not answer in time."), function, todo=todo)
    what = Message("The connection was lost.")
    return site_failure(what, function, todo=todo, divisible=True)


def _certificate_error(address: str, function: str) -> MoodleError:
    return MoodleMisconfigured(
        Message("The TLS certificate of %(address)s is not valid.", address=address),
        where=function,
        todo=Message(
            "Install a valid certificate on the server, or set REQUESTS_CA_BUNDLE to the file "
            "of the authority that signed it."
        ),
    )


def _was_never_sent(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), _NEVER_SENT)


def _is_timeout(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    kinds = (requests.Timeout, urllib3.exceptions.ReadTimeoutError)
    return isinstance(error, kinds) or isinstance(cause, kinds)
