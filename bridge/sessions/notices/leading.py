"""Tells people that they have been named as leaders of a session."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bridge.sessions.invitations import Invitations
from bridge.sessions.live_sessions import title_of
from bridge.sessions.notices.kinds import EMAILS, LEADER
from bridge.sessions.tables import LiveSession
from bridge.store.delivery.email_keys import EmailKey, next_revision
from bridge.store.persons import records
from bridge.workflows.delivery.email_queue import queue_email_to_person
from bridge.workflows.personal_links import request_confirmation


def tell_leader(
    session: Session, invitations: Invitations, live: LiveSession, person_id: int
) -> None:
    """Queue an email with the link to the list of those registered.

    An outside speaker who hasn't confirmed their address is asked to: only then are they let in.
    """
    config, now = invitations.config, invitations.now
    person = records.lock(session, person_id)
    unproved = person.member_id is None and not person.proof
    if unproved:
        request_confirmation(session, config, person_id, now)
    variables = {
        "name": records.greeting(person),
        "title": title_of(live, invitations.curricula, person.language or config.language),
        "starts": live.starts.isoformat(timespec="minutes"),
        "ends": live.ends.isoformat(timespec="minutes"), "zone": live.zone, "confirm": unproved,
        "link": f"{config.service.url}/committee/sessions/{live.id}/roster",
    }  # fmt: skip
    subject = f"session-leader:{live.id}"
    key = EmailKey(person_id, subject, next_revision(session, person_id, subject))
    queue_email_to_person(
        session, LEADER, key, config.language, variables, now, expires_at=live.ends_at,
        supersedes=[LEADER], emails=EMAILS,
    )  # fmt: skip
