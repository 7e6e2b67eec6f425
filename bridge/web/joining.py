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

from bridge.jobs.enrol import sign_up
from bridge.roster import MemberRecord
from bridge.store import audit, joins, members, outgoing
from bridge.store.joins import VALID, Joining
from bridge.web.collaborators import Collaborators

MOST = 3
"""How many mails an address is sent in an hour."""
LATELY = timedelta(hours=1)
WHO = "join"


def ask(house: Collaborators, joining: Joining) -> None:
    """Keep it and owe a mail: the link, or to a member that there is nothing to do."""
    token, now = secrets.token_urlsafe(32), house.now()
    with house.database.transaction() as session:
        often = joins.asked_lately(session, joining.email, now - LATELY) >= MOST
        joins.ask(session, token, joining, now)
        if not often and members.holders(session, joining.email):
            _tell(house, session, joining)
        elif not often:
            payload = {
                "first_name": joining.first_name,
                "link": f"{house.config.service.url}/join/{token}",
                "days": VALID.days,
            }
            outgoing.owe(
                session, "confirm", joining.email, joining.language, payload, now,
                expires_at=now + VALID,
            )  # fmt: skip
    house.wake()


def enter(house: Collaborators, token: str) -> bool:
    """Sign up whom the link belongs to, once; False if it is too old or never was.

    Raises Conflict, and leaves everything as it was, if they became a member this very moment.
    """
    now = house.now()
    with house.database.transaction() as session:
        joining = joins.confirm(session, token, now)
        if joining is None:
            return joins.find_join(session, token, now) is not None
        if members.holders(session, joining.email):
            _tell(house, session, joining)
        else:
            _sign_up(house, session, joining)
    house.wake()
    return True


def _tell(house: Collaborators, session: Session, joining: Joining) -> None:
    """Owe the mail that says they are signed up already."""
    payload = {"link": f"{house.config.service.url}/signin"}
    outgoing.owe(session, "already", joining.email, joining.language, payload, house.now())


def _sign_up(house: Collaborators, session: Session, joining: Joining) -> None:
    record = MemberRecord(
        number=None,
        email=joining.email,
        first_name=joining.first_name,
        last_name=joining.last_name,
        region=joining.region,
        language=joining.language,
        source="form",
    )
    now, regions = house.now(), house.config.regions
    written = sign_up(session, house.curricula, [record], regions=regions, who=WHO, now=now)
    if len(written.created) != 1:
        raise Conflict(gettext("Please try again."))
    said: dict[str, object] = {"number_said": joining.number} if joining.number else {}
    audit.write(session, WHO, "signed-up", written.created[0], {}, said, now)
