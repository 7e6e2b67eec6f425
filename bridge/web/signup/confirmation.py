"""Store a sign-up and send its email; confirm it with the link or the code, and sign in.

A member number typed into the form proves nothing, so it goes into the audit log for the
committee; the record gets its number from the membership system. What people see and receive is
the same for every number, so the form doesn't reveal which numbers exist.

Someone new is signed in where they confirm. For an address that opens something already, because
it is a member's, has a role or was confirmed by a guest, the rules of sign-in links apply: only the
browser with the form is signed in, and only soon after.
"""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import Literal

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict

from bridge.access.holders import configured_roles
from bridge.logs import event
from bridge.member_records import MemberRecord
from bridge.store.auth import logins, team
from bridge.store.members import pending_signups
from bridge.store.members import queries as members
from bridge.store.members.pending_signups import (
    CODE_DIGITS,
    CODE_LIFETIME,
    LINK_LIFETIME,
    FoundSignup,
    PendingSignupData,
    RefusedCode,
)
from bridge.store.operations import audit_log
from bridge.store.persons import records
from bridge.web.common.cookies import read_cookie
from bridge.web.common.limits.client_network import hashed_client
from bridge.web.common.limits.email_limits import SIGN_UP, check_limit
from bridge.web.common.services import Services
from bridge.web.common.visitor import COOKIE
from bridge.web.layout.region import contact_address
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.signup import sign_up
from bridge.workflows.team import accept_roles

log = logging.getLogger(__name__)

AUDIT_ACTOR = "join"
BROWSER = "stewardpath_signup"
"""Cookie of the browser with the form. The code works only there."""

MAX_SIGNUPS = 5
"""How many of the last sign-ups in a browser the cookie remembers, as when people share a computer.
"""

Confirmed = Literal["signed-in", "signed-up"]
"""Whether the browser is signed in now. If it isn't, the address has to sign in."""


def signups_here() -> list[str]:
    """The cookies of the last sign-ups in this browser, newest first."""
    return [each for each in read_cookie(BROWSER).split(".") if each][:MAX_SIGNUPS]


def with_signup(browser: str) -> str:
    """The cookie with one more sign-up."""
    return ".".join([browser, *signups_here()][:MAX_SIGNUPS])


def without_signup(browser: str) -> str:
    """The cookie without one that was confirmed; '' if no other is left."""
    return ".".join(each for each in signups_here() if each != browser)


def request_signup(services: Services, pending: PendingSignupData, browser: str) -> None:
    """Store the sign-up and queue its email. `browser`: the cookie of this sign-up.

    For every address the same rows are written. Raises TooManyEmails.
    """
    token, now, client = secrets.token_urlsafe(32), services.now(), hashed_client()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    with services.database.transaction() as session:
        sent = pending_signups.sent_since(session, pending.email, now - SIGN_UP.window)
        check_limit(SIGN_UP, sent, client, "signup")
        pending_signups.add_pending_signup(
            session, token, pending, now, client=client, browser=browser, code=code
        )
        _queue_email(services, session, pending, token, code)
    services.trigger_job()


def find(services: Services, token: str) -> FoundSignup | None:
    """The sign-up of a link, None if it isn't valid. `data.email` may be shown to who has it."""
    with services.database.reading() as session:
        return pending_signups.find_pending_signup(session, token, signups_here(), services.now())


def is_elsewhere(services: Services, found: FoundSignup) -> bool:
    """Whether a link can do nothing in this browser: it is a member's, who used another."""
    if found.in_own_browser:
        return False
    with services.database.reading() as session:
        return bool(members.members_with_email(session, found.data.email))


def confirm_with_link(services: Services, token: str, login: str) -> Confirmed | None:
    """Confirm the sign-up of a link, once, and start the login `login`. None if it isn't valid.

    Raises Conflict and changes nothing if another request created the member at the same time.
    """
    now = services.now()
    with services.database.transaction() as session:
        found = pending_signups.find_pending_signup(session, token, signups_here(), now)
        if found is None:
            return None
        if pending_signups.confirm(session, token, now) is None:
            return "signed-up"
        confirmed = _finish(services, session, found.data, login, found.in_own_browser)
    services.trigger_job()
    return confirmed


def signup_of(services: Services, email: str) -> str:
    """The cookie of the sign-up that a code is for. `email`: '' for the last one here."""
    with services.database.reading() as session:
        return pending_signups.browser_of(session, signups_here(), email)


def confirm_with_code(
    services: Services, browser: str, code: str, login: str
) -> Confirmed | RefusedCode:
    """Confirm a sign-up of this browser with the code from its email; see `confirm_with_link`.

    `browser`: its cookie. The code is tried for this one only.
    """
    with services.database.transaction() as session:
        found = pending_signups.confirm_with_code(session, browser, code, services.now())
        if isinstance(found, RefusedCode):
            confirmed: Confirmed | RefusedCode = found
        else:
            confirmed = _finish(services, session, found, login, in_own_browser=True)
    if isinstance(confirmed, RefusedCode):
        event(
            log, "signup.code_refused", level=logging.WARNING, reason=confirmed.reason,
            client=hashed_client()[:8],
        )  # fmt: skip
    else:
        services.trigger_job()
    return confirmed


def _queue_email(
    services: Services, session: Session, pending: PendingSignupData, token: str, code: str
) -> None:
    """Queue the email that confirms, signs a member in, or explains why it can't."""
    now, holders = services.now(), members.members_with_email(session, pending.email)
    language = (holders[0].language if len(holders) == 1 else "") or pending.language
    if len(holders) > 1 and not _has_role(services, session, pending.email):
        contact = {"contact": contact_address(services.config)}
        queue_email(session, "shared-address", pending.email, language, contact, now)
        return
    lifetime = CODE_LIFETIME if holders else LINK_LIFETIME
    variables: dict[str, object] = {
        "link": f"{services.config.service.url}/signup/{token}",
        "code": code,
        "minutes": CODE_LIFETIME // timedelta(minutes=1),
    }
    if not holders:  # the first name: a stranger may have typed it, with any address
        variables |= {"first_name": "", "days": LINK_LIFETIME.days}
    queue_email(
        session, "already" if holders else "confirm", pending.email, language, variables, now,
        expires_at=now + lifetime,
    )  # fmt: skip


def _finish(
    services: Services,
    session: Session,
    pending: PendingSignupData,
    login: str,
    in_own_browser: bool,
) -> Confirmed:
    """Create the member, if the address isn't one's, and start the login if that is allowed."""
    holders = members.members_with_email(session, pending.email)
    has_role = _has_role(services, session, pending.email)
    known = bool(holders) or has_role or _is_known_guest(services, session, pending.email)
    if holders:
        member = holders[0].id if len(holders) == 1 else None
    else:
        member = _sign_up(services, session, pending)
    if known and not in_own_browser:
        return "signed-up"
    if member is None and not has_role:  # several members share the address
        return "signed-up"
    logins.end(session, read_cookie(COOKIE))
    accept_roles(session, pending.email, services.now())
    logins.start(session, login, pending.email, member, services.now())
    return "signed-in"


def _has_role(services: Services, session: Session, email: str) -> bool:
    """Whether the address has a role, or an invitation to accept one."""
    configured = configured_roles(services.config, email)
    return bool(configured) or team.may_sign_in(session, email, services.now())


def _is_known_guest(services: Services, session: Session, email: str) -> bool:
    """Whether the member will find something of a person without an account: forms or a session."""
    person, now = records.find(session, email), services.now()
    return bool(person and person.proof) or any(
        each.may_sign_in(session, email, now) for each in services.features
    )


def _sign_up(services: Services, session: Session, pending: PendingSignupData) -> int:
    record = MemberRecord(
        number=None,
        email=pending.email,
        first_name=pending.first_name,
        last_name=pending.last_name,
        region=pending.region,
        language=pending.language,
        source="form",
    )
    now, regions = services.now(), services.config.regions
    result = sign_up(
        session, services.curricula, [record], regions=regions, actor=AUDIT_ACTOR, now=now
    )
    if len(result.created) != 1:
        raise Conflict(gettext("Please try again."))
    typed: dict[str, object] = {"number_said": pending.number} if pending.number else {}
    audit_log.write(session, AUDIT_ACTOR, "signed-up", result.created[0], {}, typed, now)
    return result.created[0]
