"""A circuit breaker: one item that fails doesn't stop the others; a site that fails does."""

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
from bridge.workflows.delivery.outcomes import Halt
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

MAX_SITE_ERRORS_IN_A_ROW = 3
"""After so many errors of the site in a row, the rest is put back."""


class CircuitBreaker:
    """Counts the site's errors in a row. An item that succeeds or is refused resets the count.

    `ignored`: errors that look like the site's but are about single items.
    """

    def __init__(self, ignored: tuple[type[StewardpathError], ...] = ()) -> None:
        self._ignored = ignored
        self._errors_in_a_row = 0
        self._last_error: StewardpathError | None = None

    def attempt(self, work: Callable[[], object], **context: int | str) -> StewardpathError | None:
        """Do one item's work. Returns the error that stopped it, of any kind, or None.

        `context` is what the log says about the item after an unexpected error: ids, never names.
        """
        try:
            work()
        except StewardpathError as error:
            self.count(error)
            return error
        except Exception as error:  # noqa: BLE001  (one item must not end the others)
            event(log, "item-crashed", level=logging.ERROR, **context)
            return as_unexpected_error(error)
        self.count(None)
        return None

    def stop_if_open(self) -> None:
        """Raises Halt if the site is failing, so that nothing else need be tried now."""
        if self._last_error and (
            self._errors_in_a_row >= MAX_SITE_ERRORS_IN_A_ROW or _is_site_down(self._last_error)
        ):
            raise Halt(self._last_error)

    def count(self, error: StewardpathError | None) -> None:
        """Count what one item met: an error, or None if it succeeded."""
        if isinstance(error, self._ignored):
            return
        if error and _is_site_error(error):
            self._errors_in_a_row += 1
            self._last_error = error
        else:
            self._errors_in_a_row = 0


def _is_site_error(error: StewardpathError) -> bool:
    if isinstance(error, MailError):
        return error.again
    return isinstance(error, MoodleUnavailable | MoodleMisconfigured | ConfigError)


def _is_site_down(error: StewardpathError) -> bool:
    """Nothing else can succeed now: no connection, maintenance, or a proxy without its server."""
    return isinstance(error, MoodleUnavailable) and not error.divisible
