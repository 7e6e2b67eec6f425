"""Reminding those who haven't sent their answers, some days before the end."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.consultations.emails import REMINDER
from bridge.consultations.office import Office, lock
from bridge.consultations.sending import send_page
from bridge.consultations.tables import ConsultationAnswer, Invitation, StakeholderGroup


def remind(session: Session, office: Office, consultation_id: int) -> int:
    """Queue a reminder for each of them; return how many. Raises ConsultationError."""
    row = lock(session, consultation_id)
    if row.state != "open":
        return 0
    saved = select(ConsultationAnswer.id).where(ConsultationAnswer.invitation_id == Invitation.id)
    query = (
        select(Invitation.person_id, saved.exists())
        .join(StakeholderGroup, StakeholderGroup.id == Invitation.group_id)
        .where(
            Invitation.consultation_id == row.id,
            Invitation.state == "invited",
            Invitation.sent_at.is_(None),
            StakeholderGroup.degree != "informed",
        )
        .order_by(Invitation.person_id)
    )
    waiting = session.execute(query).all()
    for person_id, started in waiting:
        variables = {
            "closes": f"{row.closes:%Y-%m-%dT%H:%M}", "zone": row.zone,
            "started": "yes" if started else "",
        }  # fmt: skip
        send_page(session, office, row, person_id, REMINDER, variables)
    return len(waiting)
