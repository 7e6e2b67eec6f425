"""Sign-ups through the public form whose email is not confirmed yet.

The email has a link and a code; either confirms the sign-up, once. The link works in any browser.
The code works only in the browser with the form, which has a long random value in a cookie, one for
each of the last sign-ups there. Only hashes are stored. That of the code includes the cookie, so a
stolen database doesn't reveal it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import Session

from bridge.store.members.locking import lock_addresses
from bridge.store.members.matching import email_key
from bridge.store.tables.members import PendingSignup
from bridge.store.token_hashing import hash_token

LINK_LIFETIME = timedelta(days=3)
CODE_LIFETIME = timedelta(minutes=30)
CODE_DIGITS = 6
MAX_WRONG_CODES = 3
"""For one sign-up. Then its code doesn't work any more; its link does."""
MAX_WRONG_CODES_A_DAY = 100
"""For all sign-ups together: a guess is right once in a million times, so one in 27 years."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PendingSignupData:
    """A filled-in sign-up form. `consent`: the sentence the person agreed to."""

    email: str
    first_name: str
    last_name: str
    number: str
    region: str
    language: str
    consent: str


@dataclass(frozen=True, slots=True)
class FoundSignup:
    """A sign-up that isn't expired. `browser`: the cookie of the browser with the form, if it asks
    in time; '' if not."""

    data: PendingSignupData
    confirmed: bool
    browser: str

    @property
    def in_own_browser(self) -> bool:
        return self.browser != ""


@dataclass(frozen=True, slots=True)
class RefusedCode:
    """Why a code confirms nothing.

    *wrong*: it can be tried `left` more times. *ended*: it expired, was tried too often, or this
    browser has no sign-up. *used*: it is right, but the sign-up is confirmed already. *paused*:
    there were too many wrong codes in one day.
    """

    reason: Literal["wrong", "ended", "used", "paused"]
    left: int = 0


def add_pending_signup(
    session: Session,
    token: str,
    signup: PendingSignupData,
    now: datetime,
    *,
    client: str = "",
    browser: str = "",
    code: str = "",
) -> None:
    """Store a sign-up, which `token` confirms within three days, and `code` within half an hour.

    `client`: see `PendingSignup`. `browser`: the cookie of the browser with the form.
    """
    row = PendingSignup(
        token=hash_token(token),
        email=email_key(signup.email),
        first_name=signup.first_name,
        last_name=signup.last_name,
        number=signup.number,
        region=signup.region,
        language=signup.language,
        consent=signup.consent,
        client=client,
        browser=hash_token(browser) if browser else "",
        code=_hash_code(browser, code) if code else "",
        wrong_codes=0,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
        confirmed_at=None,
    )
    session.add(row)


def find_pending_signup(
    session: Session, token: str, browsers: Sequence[str], now: datetime
) -> FoundSignup | None:
    """Return the sign-up of a link, confirmed or not; None if it is unknown or expired.

    `browsers`: the cookies of the browser that asks, one for each sign-up in it.
    """
    query = select(PendingSignup).where(
        PendingSignup.token == hash_token(token), PendingSignup.expires_at > now
    )
    row = session.scalars(query).first()
    if row is None:
        return None
    mine = (each for each in browsers if row.browser == hash_token(each))
    own = next(mine, "") if row.created_at > now - CODE_LIFETIME else ""
    return FoundSignup(_data(row), row.confirmed_at is not None, own)


def browser_of(session: Session, browsers: Sequence[str], email: str) -> str:
    """Of several sign-ups in a browser, the cookie of the newest one for an address.

    `browsers`: their cookies, newest first. If none is for this address, the first of them, so that
    what a code is answered doesn't tell which addresses were signed up there.
    """
    known = {hash_token(each): each for each in browsers}
    mine = (PendingSignup.browser.in_(known), PendingSignup.email == email_key(email))
    newest = select(PendingSignup.browser).where(*mine).order_by(PendingSignup.id.desc()).limit(1)
    found = session.scalar(newest) if email and len(browsers) > 1 else None
    return known[found] if found else next(iter(browsers), "")


def confirm(session: Session, token: str, now: datetime) -> PendingSignupData | None:
    """Mark a sign-up as confirmed and return it. Its address is locked, so look for members now.

    None if it is unknown, expired or already confirmed.
    """
    mine = (PendingSignup.token == hash_token(token), PendingSignup.expires_at > now)
    _lock_address(session, *mine)
    return _confirm(session, now, *mine)


def confirm_with_code(
    session: Session, browser: str, code: str, now: datetime
) -> PendingSignupData | RefusedCode:
    """Mark the sign-up of a browser as confirmed, if the code is right, and return it.

    A wrong code is counted, also for a sign-up that is confirmed: so what it answers doesn't tell
    a stranger whether the owner of the address has opened the link. The transaction must be
    committed whatever this returns.
    """
    if wrong_codes_since(session, now - DAY) >= MAX_WRONG_CODES_A_DAY:
        return RefusedCode("paused")
    _lock_address(session, PendingSignup.browser == hash_token(browser))
    tried = (
        update(PendingSignup)
        .where(
            PendingSignup.browser == hash_token(browser),
            PendingSignup.code != "",
            PendingSignup.created_at > now - CODE_LIFETIME,
            PendingSignup.wrong_codes < MAX_WRONG_CODES,
        )
        .values(wrong_codes=PendingSignup.wrong_codes + 1)
        .returning(PendingSignup.id, PendingSignup.code, PendingSignup.wrong_codes)
    )
    row = session.execute(tried).first()  # and keeps the row locked
    if row is None:
        return RefusedCode("ended")
    if not hmac.compare_digest(row.code, _hash_code(browser, code)):
        left = MAX_WRONG_CODES - row.wrong_codes
        return RefusedCode("wrong", left) if left else RefusedCode("ended")
    mine = PendingSignup.id == row.id
    session.execute(update(PendingSignup).where(mine).values(wrong_codes=row.wrong_codes - 1))
    return _confirm(session, now, mine) or RefusedCode("used")


def wrong_codes_since(session: Session, since: datetime) -> int:
    """Return how many wrong codes were typed for the sign-ups since a time."""
    recent = PendingSignup.expires_at > since + LINK_LIFETIME
    return session.scalar(select(func.sum(PendingSignup.wrong_codes)).where(recent)) or 0


def sent_since(session: Session, email: str, since: datetime) -> list[tuple[datetime, str]]:
    """When an address was signed up since a time, and by which clients."""
    query = select(PendingSignup.created_at, PendingSignup.client)
    matching = (PendingSignup.email == email_key(email), PendingSignup.created_at > since)
    return [(row.created_at, row.client) for row in session.execute(query.where(*matching))]


def prune(session: Session, now: datetime) -> None:
    """Delete expired sign-ups, confirmed or not."""
    session.execute(delete(PendingSignup).where(PendingSignup.expires_at <= now))


def _lock_address(session: Session, *mine: ColumnElement[bool]) -> None:
    """Lock the address before the row, so that what is found about it afterwards stays true."""
    lock_addresses(session, session.scalars(select(PendingSignup.email).where(*mine)).all())


def _confirm(
    session: Session, now: datetime, *mine: ColumnElement[bool]
) -> PendingSignupData | None:
    confirmed = (
        update(PendingSignup)
        .where(*mine, PendingSignup.confirmed_at.is_(None))
        .values(confirmed_at=now)
        .returning(*(getattr(PendingSignup, name) for name in PendingSignupData.__slots__))
    )
    row = session.execute(confirmed).first()
    return _data(row) if row else None


def _data(row: PendingSignup | Row[tuple[object, ...]]) -> PendingSignupData:
    return PendingSignupData(*(getattr(row, name) for name in PendingSignupData.__slots__))


def _hash_code(browser: str, code: str) -> str:
    return hash_token(f"{browser}/{code}")
