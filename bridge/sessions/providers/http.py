"""One request to a provider: limited in time and size, no redirects."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from bridge import __version__
from bridge.messages import Message
from bridge.sessions.providers.errors import ProviderMisconfigured, ProviderUnavailable

_CHUNK_BYTES = 64 * 1024
_NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
_INVALID_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
)
_BUSY = 429
_FAILED = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. `answer`: the longest time for a complete answer."""

    connect: float = 5.0
    read: float = 10.0
    answer: float = 20.0
    answer_size: int = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What to send. `url` may be secret, so errors name only its host."""

    method: str
    url: str
    headers: Mapping[str, str] | None = None
    json: Mapping[str, object] | None = None
    account: tuple[str, str] | None = None
    """The name and the password for Basic authentication."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Http:
    """Sends requests to one provider, which errors call `name`."""

    def __init__(self, name: str, limits: Limits | None = None) -> None:
        self._name = name
        self._limits = limits or Limits()

    def send(self, request: Request) -> Answer:
        """Return the answer, unless the server is busy or has failed.

        Raises ProviderUnavailable, ProviderMisconfigured.
        """
        limits = self._limits
        headers = {"User-Agent": f"stewardpath/{__version__}", **(request.headers or {})}
        started = time.monotonic()
        try:
            with requests.request(
                request.method, request.url, headers=headers, json=request.json,
                auth=request.account or _no_account, timeout=(limits.connect, limits.read),
                allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                body = self._read(response, started + limits.answer)
                status, asked = response.status_code, response.headers.get("Retry-After", "")
        except _NETWORK_ERRORS as error:
            raise self._network_error(error, request.url) from None
        if status == _BUSY or status >= _FAILED:
            raise ProviderUnavailable(
                Message("The server answered with an error (HTTP %(status)s).", status=str(status)),
                where=self._name, after=float(asked) if _is_seconds(asked) else None,
            )  # fmt: skip
        return Answer(status, body)

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._limits.answer_size or time.monotonic() > deadline:
                raise ProviderUnavailable(
                    Message("The answer was too long or too slow."), where=self._name
                )
        return bytes(body)

    def _network_error(
        self, error: Exception, url: str
    ) -> ProviderUnavailable | ProviderMisconfigured:
        """The exception's own text is not used: it has the address, which may be secret."""
        host = urlsplit(url).hostname or ""
        if isinstance(error, requests.exceptions.SSLError):
            return ProviderMisconfigured(
                Message("The TLS certificate of %(address)s is not valid.", address=host),
                where=self._name,
            )
        if isinstance(error, _INVALID_ADDRESS):
            return ProviderMisconfigured(
                Message("%(address)s is not a valid address.", address=host), where=self._name
            )
        if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
            return ProviderUnavailable(
                Message("%(address)s did not answer in time.", address=host), where=self._name
            )
        return ProviderUnavailable(
            Message("Cannot connect to %(address)s.", address=host), where=self._name
        )


def _no_account(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps an account in a .netrc file from replacing the request's own authorization."""
    return request


def _is_seconds(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6
