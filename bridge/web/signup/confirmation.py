"""Store a sign-up, send the confirmation email, and create the member once it is confirmed.

A member number typed into the form proves nothing, so it goes into the audit log for the
committee; the record gets its number from the membership system. What people see and receive is
the same for every number, so the form doesn't reveal which numbers exist.
"""

from __future__ import annotations

import secrets

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict

from bridge.member_records import MemberRecord
from bridge.store.members import pending_signups
from bridge.store.members import queries as members
from bridge.store.members.pending_signups import LINK_LIFETIME, PendingSignupData
from bridge.store.operations import audit_log
from bridge.web.common.limits.client_network import hashed_client
from bridge.web.common.limits.email_limits import SIGN_UP, check_limit
from bridge.web.common.services import Services
from bridge.workflows.delivery.email_queue import queue_email
from bridge.workflows.signup import sign_up

AUDIT_ACTOR = "join"


def request_signup(services: Services, pending: PendingSignupData) -> None:
    """Store the sign-up and queue an email: the confirmation link or, to a member, a notice.

    Raises TooManyEmails.
    """
    token, now, client = secrets.token_urlsafe(32), services.now(), hashed_client()
    with services.database.transaction() as session:
        sent = pending_signups.sent_since(session, pending.email, now - SIGN_UP.window)
        check_limit(SIGN_UP, sent, client, "signup")
        pending_signups.add_pending_signup(session, token, pending, now, client=client)
        if members.members_with_email(session, pending.email):
            _queue_already_member(services, session, pending)
        else:
            payload = {
                "first_name": "",  # a stranger may have typed it, with any address
                "link": f"{services.config.service.url}/signup/{token}",
                "days": LINK_LIFETIME.days,
            }
            queue_email(
                session, "confirm", pending.email, pending.language, payload, now,
                expires_at=now + LINK_LIFETIME,
            )  # fmt: skip
    services.trigger_job()


def confirm_signup(services: Services, token: str) -> bool:
    """Create the member that the link belongs to, once. False if the link isn't valid.

    Raises Conflict and changes nothing if another request created the member at the same time.
    """
    now = services.now()
    with services.database.transaction() as session:
        pending = pending_signups.confirm(session, token, now)
        if pending is None:
            return pending_signups.find_pending_signup(session, token, now) is not None
        if members.members_with_email(session, pending.email):
            _queue_already_member(services, session, pending)
        else:
            _sign_up(services, session, pending)
    services.trigger_job()
    return True


def _queue_already_member(services: Services, session: Session, pending: PendingSignupData) -> None:
    """Queue the email that says they're a member already."""
    payload = {"link": f"{services.config.service.url}/signin"}
    queue_email(session, "already", pending.email, pending.language, payload, services.now())


def _sign_up(services: Services, session: Session, pending: PendingSignupData) -> None:
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
