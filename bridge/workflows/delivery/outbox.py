"""Letters that pages owe: sign-in links, confirmations, requests to be contacted."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Literal, get_args
from urllib.parse import urlsplit

from bridge.config import Config
from bridge.errors import ConfigError, MailError, StewardpathError
from bridge.logs import event
from bridge.mail.mailers import Mailer, open_mailer
from bridge.mail.mime import compose
from bridge.mail.rendering import EmailKind, render
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.outbox import ClaimedEmail
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import (
    INITIAL_RETRY_DELAY,
    LEASE,
    MAX_BATCH_DURATION,
    Halt,
    Resolution,
    resolution_for,
    retry_delay,
)
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)

EMAIL_BATCH_SIZE = 50
UNSOLICITED_KINDS: frozenset[EmailKind] = frozenset({"digest"})
"""Letters that answer nothing somebody did: they say how to stop them. (So does the notice to a
chair: see `bridge.workflows.delivery.email_deliveries`.)"""


def send_due_emails(
    database: Database,
    config: Config,
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Resolution]:
    """Send all letters that are due until none is, or `stopped`; returns their fates.

    Each is settled before the next is sent: a kill repeats one mail at most.
    """
    resolutions: Counter[Resolution] = Counter()
    breaker, halted = CircuitBreaker(), False
    while not (halted or stopped()):
        settled, halted = _batch(database, config, owner, clock, stopped, breaker)
        resolutions += settled
        if settled["done"] + settled["never"] == 0:
            break
    return resolutions


def _batch(
    database: Database,
    config: Config,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
    breaker: CircuitBreaker,
) -> tuple[Counter[Resolution], bool]:
    """One batch, each letter by itself; when the mail server fails (True) the rest is put back."""
    begun, resolutions = clock(), Counter[Resolution]()
    with database.transaction() as session:
        outbox.expire(session, begun)
        claimed = outbox.claim(session, owner, begun, LEASE, EMAIL_BATCH_SIZE)
    with open_mailer(config) as mailer:
        for letter in claimed:
            resolution, error = _sent(breaker, mailer, config, letter, clock())
            _settle(database, letter, owner, resolution, error, clock())
            resolutions[resolution] += 1
            try:
                breaker.stop_if_open()
            except Halt as halt:
                _put_back(database, owner, halt.error, clock())
                return resolutions, True
            if stopped() or clock() - begun > MAX_BATCH_DURATION:
                break
    if len(claimed) > resolutions.total():
        with database.transaction() as session:
            outbox.release(session, owner)
    return resolutions, False


def _put_back(database: Database, owner: str, error: StewardpathError, now: datetime) -> None:
    reason: Literal["later", "configuration"] = (
        "configuration" if isinstance(error, ConfigError) else "later"
    )
    with database.transaction() as session:
        outbox.put_back(session, owner, str(error), now + INITIAL_RETRY_DELAY, reason)


def _sent(
    breaker: CircuitBreaker, mailer: Mailer, config: Config, letter: ClaimedEmail, now: datetime
) -> tuple[Resolution, str]:
    """Only the mail server's errors count for all: a template may be broken in one language."""
    try:
        mail = build_message(config, letter, now)
    except StewardpathError as error:
        return resolution_for(error)[0], str(error)
    except Exception as error:  # noqa: BLE001  (one letter must not end the others)
        event(log, "email-crashed", level=logging.ERROR, kind=letter.kind, email_id=letter.id)
        return "later", str(as_unexpected_error(error))
    failed = breaker.attempt(partial(mailer.send, mail), kind=letter.kind, email_id=letter.id)
    return (resolution_for(failed)[0], str(failed)) if failed else ("done", "")


def build_message(config: Config, letter: ClaimedEmail, now: datetime) -> EmailMessage:
    """The mail; its payload is what its templates speak of. Raises ConfigError, MailError.

    `reply_to` in a payload goes before the configured one: whoever asked is answered.
    """
    kind = next((each for each in get_args(EmailKind) if each == letter.kind), None)
    if kind is None:
        raise MailError(f"there is no letter of the kind {letter.kind}.", again=False)
    folder = config.templates and config.path(config.templates)
    words = {**letter.payload, "union": config.union}
    host = urlsplit(config.service.url).hostname or "localhost"
    office = config.mail.reply_to or config.mail.sender
    return compose(
        render(kind, words, language=letter.language or config.language, folder=folder),
        to=letter.email,
        sender=config.mail.sender,
        sender_name=config.union.name,
        reply_to=str(letter.payload.get("reply_to") or config.mail.reply_to or "") or None,
        message_id=f"letter-{letter.id}@{host}",
        date=now,
        unsubscribe=office if kind in UNSOLICITED_KINDS else None,
    )


def _settle(
    database: Database,
    letter: ClaimedEmail,
    owner: str,
    resolution: Resolution,
    error: str,
    now: datetime,
) -> None:
    with database.transaction() as session:
        match resolution:
            case "done":
                outbox.mark_done(session, letter.id, owner, now)
            case "never":
                outbox.mark_failed(session, letter.id, owner, error)
            case _:
                next_try = now + retry_delay(resolution, letter.attempts)
                outbox.retry_later(session, letter.id, owner, error, next_try, reason=resolution)
    event(
        log,
        "email",
        kind=letter.kind,
        email_id=letter.id,
        resolution=resolution,
        attempt=letter.attempts,
    )
