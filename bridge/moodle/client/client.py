"""The Moodle client: calls, retries, and what a caller knows after an error."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from random import random as any_random
from typing import TypeVar

import requests

from bridge.errors import MoodleError, MoodleMaintenance, MoodleUnavailable
from bridge.moodle.client.failures import unexpected_answer
from bridge.moodle.client.idempotency import is_repeatable
from bridge.moodle.client.protocol import Json, Params, decode, encode, expect, redact
from bridge.moodle.client.transport import DEFAULT_LIMITS, Limits, NotConnected, Transport

log = logging.getLogger(__name__)
T = TypeVar("T")
Observer = Callable[[str, float, str], None]
"""Called after each request with the function, the seconds, and `ok` or the error's class name."""


class Moodle:
    """A client of one Moodle site, with one token.

    Not thread-safe: create one client for each worker, because neither `requests.Session` nor the
    counter can be shared. `calls` counts the requests sent, by function.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        session: requests.Session | None = None,
        limits: Limits = DEFAULT_LIMITS,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = any_random,
        clock: Callable[[], float] = time.monotonic,
        observer: Observer | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.calls: Counter[str] = Counter()
        self._token = token
        self._transport = Transport(self.url, session, limits, clock)
        self._limits = limits
        self._sleep = sleep
        self._random = random
        self._clock = clock
        self._observer = observer

    def __repr__(self) -> str:
        return f"Moodle({self.url!r})"

    def __enter__(self) -> Moodle:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def call(self, function: str, params: Params, answer: type[T]) -> T:
        """Call a function; return its answer, validated as `answer` (a model or a type).

        Retries a few times if that is safe (see `may_repeat`), also if the answer isn't a valid
        `answer`. After MoodleOutcomeUnknown, read the state before you write again.
        MoodleMisconfigured and MoodleRefused are raised without a retry. Raises ValueError if
        `params` cannot be sent.
        """
        fields = encode(params)
        deadline = self._clock() + self._limits.call
        attempt = 0
        while True:
            try:
                return expect(answer, self._once(function, fields), function)
            except MoodleUnavailable as error:
                attempt += 1
                wait = self._wait(function, error, attempt)
                if wait is None or self._clock() + wait > deadline:
                    raise
                log.info("%s: %s Retrying in %.1f s.", function, error.code or error.what, wait)
                self._sleep(wait)

    def change(self, function: str, params: Params) -> None:
        """Call a function that returns whether it succeeded; false is an error."""
        if not self.call(function, params, bool):
            raise unexpected_answer("false", function)

    def _once(self, function: str, fields: list[tuple[str, str]]) -> Json:
        """Send one request; count it, time it and call the observer."""
        self.calls[function] += 1
        started = self._clock()
        outcome = "ok"
        try:
            return self._send(function, fields)
        except MoodleError as error:
            outcome = type(error).__name__
            raise
        finally:
            seconds = self._clock() - started
            log.debug("%s: %s in %.2f s", function, outcome, seconds)
            if self._observer:
                self._observer(function, seconds, outcome)

    def _send(self, function: str, fields: list[tuple[str, str]]) -> Json:
        fixed = [
            ("wstoken", self._token),
            ("wsfunction", function),
            ("moodlewsrestformat", "json"),
        ]
        answer = self._transport.post(fixed + fields, function)
        body = redact(answer.body, self._token)
        return decode(answer.status, answer.headers, body, function)

    def _wait(self, function: str, error: MoodleUnavailable, attempt: int) -> float | None:
        """Seconds before the next retry (full jitter), or None for no more retries."""
        if attempt >= self._limits.tries or not may_repeat(function, error):
            return None
        if error.after is not None:
            return error.after if error.after <= self._limits.longest_wait else None
        if isinstance(error, MoodleMaintenance):
            return None
        bound = min(self._limits.longest_wait, self._limits.first_wait * 2.0 ** (attempt - 1))
        return bound * self._random()


def may_repeat(function: str, error: MoodleUnavailable) -> bool:
    """Whether a failed call can be retried without the risk of doing its work twice."""
    return is_repeatable(function) or isinstance(error, NotConnected)
