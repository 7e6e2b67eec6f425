"""The outcome of a delivery or an email: what an error means, and when to try again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from bridge.errors import (
    ConfigError,
    MailError,
    MailOutcomeUnknown,
    MoodleMisconfigured,
    MoodleUnavailable,
    StewardpathError,
    StoreError,
)
from bridge.store.delivery.deliveries import ClaimedDelivery
from bridge.workflows.unexpected_errors import UnexpectedError

INITIAL_RETRY_DELAY = timedelta(seconds=30)
MAX_RETRY_DELAY = timedelta(hours=6)
CONFIGURATION_RETRY_DELAY = timedelta(minutes=5)
COMPANION_RETRY_DELAY = timedelta(days=1)
"""How often to look for the plugin. `apply` with the plugin ends the wait."""

Resolution = Literal["done", "later", "never", "configuration", "unknown", "companion"]
"""Done; retry later; never retry by itself; retry, and a person must change a setting; an email
that may have been sent: retry once, then a person decides; wait for the companion plugin."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one delivery.

    `after`: seconds that the server asks to wait. `user`: the Moodle user that was found or
    created. `object_id`: Moodle's id of what it was done to. `on_settle` records more, in the
    transaction that records the outcome. `tried` is False for a delivery that is put back without
    counting an attempt. `began`: sending was begun, and the server's reply or an error says that
    the email was not sent.
    """

    delivery: ClaimedDelivery
    resolution: Resolution
    error: str = ""
    after: float | None = None
    user: int | None = None
    object_id: int | None = None
    on_settle: OnSettle | None = None
    tried: bool = True
    began: bool = False

    @property
    def account(self) -> int | None:
        """The Moodle account that it is about."""
        return self.user or self.delivery.moodle_user_id


OnSettle = Callable[[Session, Sequence[Outcome], datetime], Mapping[int, StewardpathError]]
"""Records several outcomes together. Returns the error of each delivery (id) that it couldn't
record."""


class Halt(Exception):
    """Stop this kind of delivery for this run, because of `error`. The rest was not tried."""

    def __init__(self, error: StewardpathError) -> None:
        super().__init__(str(error))
        self.error = error


def failed_outcome(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome of a delivery that failed with `error`."""
    resolution, after = resolution_for(error)
    return Outcome(delivery, resolution, str(error), after)


def blocked_outcome(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome after an error that isn't about this delivery: never a refusal."""
    is_configuration = isinstance(error, MoodleMisconfigured | ConfigError)
    resolution: Resolution = "configuration" if is_configuration else "later"
    return Outcome(delivery, resolution, str(error), resolution_for(error)[1])


def put_back_outcome(delivery: ClaimedDelivery, error: StewardpathError) -> Outcome:
    """The outcome of a delivery that was not tried, because others met `error`."""
    return replace(blocked_outcome(delivery, error), tried=False)


def resolution_for(error: StewardpathError) -> tuple[Resolution, float | None]:
    """What to do after an error about one delivery, and the seconds the server asks to wait."""
    if isinstance(error, MoodleUnavailable):
        return "later", error.after
    if isinstance(error, MailOutcomeUnknown):
        return "unknown", None
    if isinstance(error, UnexpectedError | StoreError) or (
        isinstance(error, MailError) and error.again
    ):
        return "later", None
    if isinstance(error, MoodleMisconfigured | ConfigError):
        return "configuration", None
    return "never", None


def retry_delay(resolution: Resolution, attempts: int, after: float | None = None) -> timedelta:
    """How long to wait before the next try: twice as long each time, up to MAX_RETRY_DELAY.

    At least `after` seconds, if the server asks for that. A wrong setting is retried soon.
    """
    if resolution == "configuration":
        return CONFIGURATION_RETRY_DELAY
    if resolution == "companion":
        return COMPANION_RETRY_DELAY
    doubled = INITIAL_RETRY_DELAY * int(2 ** min(attempts - 1, 12))
    return max(timedelta(seconds=after or 0), min(doubled, MAX_RETRY_DELAY))
