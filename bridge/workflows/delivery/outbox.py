"""Sends the emails in the outbox: sign-in links, confirmations, contact requests, digests."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Literal, assert_never
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.errors import ConfigError, MailError, StewardpathError
from bridge.logs import event
from bridge.mail.kinds import CORE_EMAILS, Emails
from bridge.mail.mailers import Mailer, open_mailer
from bridge.mail.mime import Attachment, compose
from bridge.mail.rendering import about_union, render
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.delivery.kinds import EMAIL_BATCH_SIZE
from bridge.store.delivery.outbox import ClaimedEmail
from bridge.store.delivery.unknown_outcomes import SENDING
from bridge.store.persons import mailings
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import LEASE, MAX_BATCH_DURATION
from bridge.workflows.delivery.mailings import (
    mailing_by_kind,
    unsubscribe_header,
    unsubscribe_link,
)
from bridge.workflows.delivery.outcomes import (
    INITIAL_RETRY_DELAY,
    Halt,
    Resolution,
    resolution_for,
    retry_delay,
)
from bridge.workflows.unexpected_errors import as_unexpected_error

log = logging.getLogger(__name__)


def send_due_emails(
    database: Database,
    config: Config,
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
    emails: Emails = CORE_EMAILS,
) -> Counter[Resolution]:
    """Send all emails that are due, or until `stopped`. Returns the resolutions.

    `emails`: every kind that there is.

    Each email is settled before the next is sent, so that a kill repeats one at most.
    """
    resolutions: Counter[Resolution] = Counter()
    breaker, halted = CircuitBreaker(), False
    with open_mailer(config) as mailer:
        while not (halted or stopped()):
            batch = _Batch(database, owner, clock, mailer, breaker)
            settled, halted = _send_batch(config, emails, batch, stopped)
            resolutions += settled
            if settled["done"] + settled["never"] == 0:
                break
    return resolutions


@dataclass(slots=True)
class _Batch:
    """Sends emails, and records each outcome in the transaction that begins the next email.

    So each is settled before the next is sent, with one transaction for each. `flush` records the
    last outcome.
    """

    database: Database
    owner: str
    clock: Callable[[], datetime]
    mailer: Mailer
    breaker: CircuitBreaker
    _unrecorded: list[_Outcome] = field(default_factory=list)

    def send(self, email: ClaimedEmail, message: EmailMessage) -> Resolution:
        """Send one email. It isn't sent if another worker holds it now.

        The attempt is counted before, so that a kill leaves a trace: see docs/decisions/0051, and
        0079 for why it doesn't wait for the disk.
        """
        with self.database.transaction(wait_for_disk=False) as session:
            self._record(session)
            until = self.clock() + SENDING
            held = outbox.begin_sending(session, email.id, self.owner, until)
        self._unrecorded.clear()
        if not held:
            return "later"
        send = partial(self.mailer.send, message)
        error = self.breaker.attempt(send, kind=email.kind, email_id=email.id)
        return self.settle(email, error, began=True)

    def settle(
        self, email: ClaimedEmail, error: StewardpathError | None, *, began: bool = False
    ) -> Resolution:
        """Note the outcome of one email. `began`: the attempt to send it was counted."""
        resolution: Resolution = resolution_for(error)[0] if error else "done"
        self._unrecorded.append(_Outcome(email, error, resolution, began))
        event(log, "email", kind=email.kind, email_id=email.id, resolution=resolution,
              attempt=email.attempts)  # fmt: skip
        return resolution

    def flush(self) -> None:
        if self._unrecorded:
            with self.database.transaction() as session:
                self._record(session)
            self._unrecorded.clear()

    def _record(self, session: Session) -> None:
        for each in self._unrecorded:
            _record_outcome(session, self.owner, each, self.clock())


@dataclass(frozen=True, slots=True)
class _Outcome:
    email: ClaimedEmail
    error: StewardpathError | None
    resolution: Resolution
    began: bool


def _send_batch(
    config: Config, emails: Emails, batch: _Batch, stopped: Callable[[], bool]
) -> tuple[Counter[Resolution], bool]:
    """Send one batch. Returns the resolutions, and whether the mail server failed.

    If it failed, the rest of the batch is put back.
    """
    database, owner, clock = batch.database, batch.owner, batch.clock
    begun, resolutions = clock(), Counter[Resolution]()
    claimed = _claim(database, config, emails, owner, begun)
    try:
        for email, link in claimed:
            message = _write(config, emails, email, link, clock())
            if isinstance(message, StewardpathError):
                resolutions[batch.settle(email, message)] += 1
            else:
                resolutions[batch.send(email, message)] += 1
            batch.breaker.stop_if_open()
            if stopped() or clock() - begun > MAX_BATCH_DURATION:
                break
    except Halt as halt:
        batch.flush()
        _put_back(database, owner, halt.error, clock())
        return resolutions, True
    finally:
        batch.flush()
    if len(claimed) > resolutions.total():
        with database.transaction() as session:
            outbox.release(session, owner)
    return resolutions, False


def _claim(
    database: Database, config: Config, emails: Emails, owner: str, now: datetime
) -> list[tuple[ClaimedEmail, str]]:
    """Claim what is due, except for people who have unsubscribed from it, or have left.

    Returns each email with the link to unsubscribe, '' if it has none.
    """
    mailing_of = mailing_by_kind(emails)
    with database.transaction() as session:
        outbox.expire(session, now)
        outbox.skip_unsubscribed(session, mailing_of, now)
        outbox.skip_left(session, _kinds_for_members(emails), now)
        claimed = outbox.claim(session, owner, now, LEASE, EMAIL_BATCH_SIZE)
        mine = {
            email.id: (email.person_id, mailing_of[email.kind]) for email in claimed
            if email.person_id is not None and email.kind in mailing_of
        }  # fmt: skip
        found = mailings.subscribe_all(session, set(mine.values()), now)
    links = {each: unsubscribe_link(config, found[key]) for each, key in mine.items()}
    return [(email, links.get(email.id, "")) for email in claimed]


def _kinds_for_members(emails: Emails) -> list[str]:
    """The kinds that people who have left the union don't get."""
    mailings_of = ((kind, each.mailing) for kind, each in emails.items())
    return [str(kind) for kind, mailing in mailings_of if mailing and not mailing.by_settings]


def _put_back(database: Database, owner: str, error: StewardpathError, now: datetime) -> None:
    reason: Literal["later", "configuration"] = (
        "configuration" if isinstance(error, ConfigError) else "later"
    )
    with database.transaction() as session:
        outbox.postpone(session, owner, str(error), now + INITIAL_RETRY_DELAY, reason)


def _write(
    config: Config, emails: Emails, email: ClaimedEmail, link: str, now: datetime
) -> EmailMessage | StewardpathError:
    """Write one email, or return the error that stopped it.

    The breaker doesn't count this error: only one language of a template may be broken.
    """
    try:
        return build_message(config, email, link, now, emails)
    except StewardpathError as error:
        return error
    except Exception as error:  # noqa: BLE001  (one email must not end the others)
        event(log, "email-crashed", level=logging.ERROR, kind=email.kind, email_id=email.id)
        return as_unexpected_error(error)


def build_message(
    config: Config,
    email: ClaimedEmail,
    unsubscribe: str,
    now: datetime,
    emails: Emails = CORE_EMAILS,
) -> EmailMessage:
    """Render the email; its payload is the template's context. Raises ConfigError, MailError.

    `unsubscribe`: the link with which the recipient unsubscribes, ''  if there is none.

    A `reply_to` in the payload takes precedence over the configured one, so that an answer
    reaches the person who asked.
    """
    kind = next((each for each in emails if each == email.kind), None)
    if kind is None:
        raise MailError(f"there is no email of the kind {email.kind}.", again=False)
    folder = config.templates and config.path(config.templates)
    if not isinstance(email.payload, dict):
        raise MailError("the stored payload is damaged. Its text is kept.", again=False)
    context = {**email.payload, **about_union(config), "unsubscribe": unsubscribe}
    host = urlsplit(config.service.url).hostname or "localhost"
    file = email.attachment
    return compose(
        render(
            kind, context, language=email.language or config.language, folder=folder, emails=emails
        ),
        to=email.email,
        sender=config.mail.sender,
        sender_name=config.union.name,
        reply_to=str(email.payload.get("reply_to") or config.mail.reply_to or "") or None,
        message_id=f"email-{email.id}@{host}",
        date=now,
        unsubscribe=unsubscribe_header(config, kind, unsubscribe, emails),
        attachment=Attachment(file.name, file.content_type, file.content) if file else None,
    )


def _record_outcome(session: Session, owner: str, outcome: _Outcome, now: datetime) -> None:
    """Record the outcome of one email."""
    email, error, resolution = outcome.email, outcome.error, outcome.resolution
    next_try = now + retry_delay(resolution, email.attempts)
    match resolution:
        case "done":
            outbox.mark_done(session, email.id, owner, now)
        case "never":
            outbox.mark_failed(session, email.id, owner, str(error))
        case "later" | "configuration":
            outbox.retry_later(
                session, email.id, owner, str(error), next_try, resolution, began=outcome.began
            )
        case "unknown":
            outbox.record_unknown(session, email.id, owner, str(error), next_try)
        case "companion":
            raise AssertionError("an email doesn't wait for the companion plugin")
        case _:
            assert_never(resolution)
