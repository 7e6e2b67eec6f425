"""What a sign-up through the form does: kept, confirmed by mail, and then a member.

A member number that is only said proves nothing, and whether it is known is nobody's to learn:
it is written down for the committee, and the record gets it from the membership system. So what
somebody sees, and is sent, is the same for every number.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict

from bridge.member_records import MemberRecord
from bridge.store.delivery import outbox
from bridge.store.members import pending_signups
from bridge.store.members import queries as members
from bridge.store.members.pending_signups import LINK_LIFETIME, PendingSignupData
from bridge.store.operations import audit_log
from bridge.web.common.services import Services
from bridge.workflows.signup import sign_up

MAX_EMAILS_PER_HOUR = 3
"""How many mails an address is sent in an hour."""
LATELY = timedelta(hours=1)
AUDIT_ACTOR = "join"


def request_signup(services: Services, joining: PendingSignupData) -> None:
    """Keep it and owe a mail: the link, or to a member that there is nothing to do."""
    token, now = secrets.token_urlsafe(32), services.now()
    with services.database.transaction() as session:
        often = (
            pending_signups.recent_count(session, joining.email, now - LATELY)
            >= MAX_EMAILS_PER_HOUR
        )
        pending_signups.add_pending_signup(session, token, joining, now)
        if not often and members.members_with_email(session, joining.email):
            _tell(services, session, joining)
        elif not often:
            payload = {
                "first_name": joining.first_name,
                "link": f"{services.config.service.url}/signup/{token}",
                "days": LINK_LIFETIME.days,
            }
            outbox.enqueue(
                session, "confirm", joining.email, joining.language, payload, now,
                expires_at=now + LINK_LIFETIME,
            )  # fmt: skip
    services.wake()


def confirm_signup(services: Services, token: str) -> bool:
    """Sign up whom the link belongs to, once; False if it is too old or never was.

    Raises Conflict, and leaves everything as it was, if they became a member this very moment.
    """
    now = services.now()
    with services.database.transaction() as session:
        joining = pending_signups.confirm(session, token, now)
        if joining is None:
            return pending_signups.find_pending_signup(session, token, now) is not None
        if members.members_with_email(session, joining.email):
            _tell(services, session, joining)
        else:
            _sign_up(services, session, joining)
    services.wake()
    return True


def _tell(services: Services, session: Session, joining: PendingSignupData) -> None:
    """Owe the mail that says they are signed up already."""
    payload = {"link": f"{services.config.service.url}/signin"}
    outbox.enqueue(session, "already", joining.email, joining.language, payload, services.now())


def _sign_up(services: Services, session: Session, joining: PendingSignupData) -> None:
    record = MemberRecord(
        number=None,
        email=joining.email,
        first_name=joining.first_name,
        last_name=joining.last_name,
        region=joining.region,
        language=joining.language,
        source="form",
    )
    now, regions = services.now(), services.config.regions
    written = sign_up(
        session, services.curricula, [record], regions=regions, actor=AUDIT_ACTOR, now=now
    )
    if len(written.created) != 1:
        raise Conflict(gettext("Please try again."))
    said: dict[str, object] = {"number_said": joining.number} if joining.number else {}
    audit_log.write(session, AUDIT_ACTOR, "signed-up", written.created[0], {}, said, now)
