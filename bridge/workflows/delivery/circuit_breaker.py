"""A circuit breaker: one item that fails is settled alone, a site that fails stops the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bridge.errors import (
    ConfigError,
    MailError,
    MoodleMisconfigured,
    MoodleUnavailable,
    StewardpathError,
)
from bridge.logs import event
from bridge.workflows.delivery.dispatcher import Halt
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

MAX_SITE_ERRORS_IN_A_ROW = 3
"""Items that fail one after the other, because of the site, before the rest is put back."""


class CircuitBreaker:
    """Counts the errors of the site since something last succeeded or was refused.

    `about_one`: errors that look like those of a site and concern single items all the same.
    """

    def __init__(self, about_one: tuple[type[StewardpathError], ...] = ()) -> None:
        self._about_one = about_one
        self._in_a_row = 0
        self._last: StewardpathError | None = None

    def attempt(self, work: Callable[[], object], **about: int | str) -> StewardpathError | None:
        """Do one item's work; returns the error that it met, of whatever kind.

        `about` is what the log says of the item if nobody expected the error: ids, never names.
        """
        try:
            work()
        except StewardpathError as error:
            self._count(error)
            return error
        except Exception as error:  # noqa: BLE001  (one item must not end the others)
            event(log, "item-crashed", level=logging.ERROR, **about)
            return as_unexpected_error(error)
        self._in_a_row = 0
        return None

    def stop_if_open(self) -> None:
        """Raises Halt when the site is to blame: the rest need not be tried now."""
        if self._last and (self._in_a_row >= MAX_SITE_ERRORS_IN_A_ROW or _nobody_there(self._last)):
            raise Halt(self._last)

    def _count(self, error: StewardpathError) -> None:
        if _of_the_site(error) and not isinstance(error, self._about_one):
            self._in_a_row += 1
            self._last = error
        elif not isinstance(error, self._about_one):
            self._in_a_row = 0


def _of_the_site(error: StewardpathError) -> bool:
    if isinstance(error, MailError):
        return error.again
    return isinstance(error, MoodleUnavailable | MoodleMisconfigured | ConfigError)


def _nobody_there(error: StewardpathError) -> bool:
    """Nothing else can succeed now: no connection, maintenance, or a proxy without its server."""
    return isinstance(error, MoodleUnavailable) and not error.divisible
