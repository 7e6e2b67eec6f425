"""How many emails one address gets because someone typed it into a form."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.logs import event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmailLimit:
    """`per_client`: emails to one address that one client may cause within `window`.

    `per_address`: emails to one address within `window`, from all clients together.
    """

    per_client: int
    per_address: int
    window: timedelta


Sent = Sequence[tuple[datetime, str]]
"""When each email to an address was caused, and by which client (a hash)."""


SIGN_IN = EmailLimit(3, 10, timedelta(minutes=15))
"""Also for links that confirm a new address."""
SIGN_UP = EmailLimit(3, 10, timedelta(hours=1))


class TooManyEmails(Exception):
    """The address gets no more emails before `retry_at`. What was sent still works."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__()
        self.retry_at = retry_at


def check_limit(limit: EmailLimit, sent: Sent, client: str, page: str) -> None:
    """Raises TooManyEmails, and logs it, if the client may not cause another email.

    `sent`: the emails to the address within the window. `page`: what the log calls the form.
    """
    own = [at for at, by in sent if by == client]
    everyone = [at for at, _ in sent]
    waits = {
        "client": _free_again(own, limit.per_client, limit.window),
        "address": _free_again(everyone, limit.per_address, limit.window),
    }
    found = {scope: at for scope, at in waits.items() if at is not None}
    if not found:
        return
    scope = max(found, key=lambda each: found[each])
    event(log, "emails.limited", level=logging.WARNING, page=page, by=scope, client=client[:8])
    raise TooManyEmails(found[scope])


def _free_again(times: Sequence[datetime], count: int, window: timedelta) -> datetime | None:
    """When fewer than `count` of these times are within the window; None if that is so now."""
    return sorted(times)[-count] + window if len(times) >= count else None
