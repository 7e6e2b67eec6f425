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
from bridge.jobs.breaker import Breaker
from bridge.jobs.crashes import unforeseen
from bridge.jobs.deliver import FIRST_WAIT, LEASE, LONGEST_BATCH, Fate, Halt, fate_of, wait
from bridge.logs import event
from bridge.mail.letters import Kind, render
from bridge.mail.message import compose
from bridge.mail.send import Mailer, open_mailer
from bridge.store import outgoing
from bridge.store.database import Database
from bridge.store.outgoing import Owed

log = logging.getLogger(__name__)

BATCH = 50
NOT_ASKED_FOR: frozenset[Kind] = frozenset({"digest"})
"""Letters that answer nothing somebody did: they say how to stop them. (So does the notice to a
chair: see `bridge.jobs.letters`.)"""


def send_letters(
    database: Database,
    config: Config,
    *,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send all letters that are due until none is, or `stopped`; returns their fates.

    Each is settled before the next is sent: a kill repeats one mail at most.
    """
    fates: Counter[Fate] = Counter()
    breaker, halted = Breaker(), False
    while not (halted or stopped()):
        settled, halted = _batch(database, config, owner, clock, stopped, breaker)
        fates += settled
        if settled["done"] + settled["never"] == 0:
            break
    return fates


def _batch(
    database: Database,
    config: Config,
    owner: str,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
    breaker: Breaker,
) -> tuple[Counter[Fate], bool]:
    """One batch, each letter by itself; when the mail server fails (True) the rest is put back."""
    begun, fates = clock(), Counter[Fate]()
    with database.transaction() as session:
        outgoing.expire(session, begun)
        claimed = outgoing.claim(session, owner, begun, LEASE, BATCH)
    with open_mailer(config) as mailer:
        for letter in claimed:
            fate, error = _sent(breaker, mailer, config, letter, clock())
            _settle(database, letter, owner, fate, error, clock())
            fates[fate] += 1
            try:
                breaker.stop_if_open()
            except Halt as halt:
                _put_back(database, owner, halt.error, clock())
                return fates, True
            if stopped() or clock() - begun > LONGEST_BATCH:
                break
    if len(claimed) > fates.total():
        with database.transaction() as session:
            outgoing.release(session, owner)
    return fates, False


def _put_back(database: Database, owner: str, error: StewardpathError, now: datetime) -> None:
    reason: Literal["later", "configuration"] = (
        "configuration" if isinstance(error, ConfigError) else "later"
    )
    with database.transaction() as session:
        outgoing.put_back(session, owner, str(error), now + FIRST_WAIT, reason)


def _sent(
    breaker: Breaker, mailer: Mailer, config: Config, letter: Owed, now: datetime
) -> tuple[Fate, str]:
    """Only the mail server's errors count for all: a template may be broken in one language."""
    try:
        mail = message(config, letter, now)
    except StewardpathError as error:
        return fate_of(error)[0], str(error)
    except Exception as error:  # noqa: BLE001  (one letter must not end the others)
        event(log, "letter-crashed", level=logging.ERROR, kind=letter.kind, letter=letter.id)
        return "later", str(unforeseen(error))
    failed = breaker.attempt(partial(mailer.send, mail), kind=letter.kind, letter=letter.id)
    return (fate_of(failed)[0], str(failed)) if failed else ("done", "")


def message(config: Config, letter: Owed, now: datetime) -> EmailMessage:
    """The mail; its payload is what its templates speak of. Raises ConfigError, MailError.

    `reply_to` in a payload goes before the configured one: whoever asked is answered.
    """
    kind = next((each for each in get_args(Kind) if each == letter.kind), None)
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
        unsubscribe=office if kind in NOT_ASKED_FOR else None,
    )


def _settle(
    database: Database, letter: Owed, owner: str, fate: Fate, error: str, now: datetime
) -> None:
    with database.transaction() as session:
        match fate:
            case "done":
                outgoing.done(session, letter.id, owner, now)
            case "never":
                outgoing.fail(session, letter.id, owner, error)
            case _:
                next_try = now + wait(fate, letter.attempts)
                outgoing.again(session, letter.id, owner, error, next_try, reason=fate)
    event(log, "letter", kind=letter.kind, letter=letter.id, fate=fate, attempt=letter.attempts)
