"""Calling Moodle: what is tried again, how long, and what a caller may know afterwards."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from random import random as any_random
from typing import TypeVar

import requests

from bridge.errors import MoodleError, MoodleMaintenance, MoodleUnavailable
from bridge.moodle.client.failures import unexpected
from bridge.moodle.client.idempotency import is_repeatable
from bridge.moodle.client.protocol import Json, Params, decode, encode, expect, redact
from bridge.moodle.client.transport import DEFAULT_LIMITS, Limits, Transport, Unreached

log = logging.getLogger(__name__)
T = TypeVar("T")
Observer = Callable[[str, float, str], None]
"""Told after each request: function, seconds, and `ok` or the name of the error's class."""


class Moodle:
    """A Moodle site, spoken to with one token.

    Not for several threads at once: each worker makes its own, as a `requests.Session` and the
    counter are not safe to share. `calls` counts the requests sent, by function.
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
        """Close the kept-alive connections."""
        self._transport.close()

    def call(self, function: str, params: Params, answer: type[T]) -> T:
        """The function's answer, checked to be an `answer` (a model, or a type such as list[X]).

        Repeats what is safe to repeat, a few times (see `may_repeat`), also after an answer that
        is not an `answer`. After MoodleOutcomeUnknown read the state before you write again.
        MoodleMisconfigured and MoodleRefused come immediately. ValueError if `params` cannot be
        sent.
        """
        fields = encode(params)
        give_up = self._clock() + self._limits.call
        attempt = 0
        while True:
            try:
                return expect(answer, self._once(function, fields), function)
            except MoodleUnavailable as error:
                attempt += 1
                wait = self._wait(function, error, attempt)
                if wait is None or self._clock() + wait > give_up:
                    raise
                log.info("%s: %s Again in %.1f s.", function, error.code or error.what, wait)
                self._sleep(wait)

    def change(self, function: str, params: Params) -> None:
        """Call a function that answers whether it did what was asked; false is an error."""
        if not self.call(function, params, bool):
            raise unexpected("false", function)

    def _once(self, function: str, fields: list[tuple[str, str]]) -> Json:
        """One request, counted, timed and observed."""
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
        """Seconds before the next try (full jitter), or None if this call shall not try again."""
        if attempt >= self._limits.tries or not may_repeat(function, error):
            return None
        if error.after is not None:
            return error.after if error.after <= self._limits.longest_wait else None
        if isinstance(error, MoodleMaintenance):
            return None
        bound = min(self._limits.longest_wait, self._limits.first_wait * 2.0 ** (attempt - 1))
        return bound * self._random()


def may_repeat(function: str, error: MoodleUnavailable) -> bool:
    """Whether a failed call can be made again without the risk of doing its work twice."""
    return is_repeatable(function) or isinstance(error, Unreached)
