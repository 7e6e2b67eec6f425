"""A row of a person in each table of consultations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bridge.consultations.tables import (
    Consultation,
    ConsultationAnswer,
    ConsultationResponse,
    Invitation,
    StakeholderGroup,
)


def add_consultation(session: Session, now: datetime) -> tuple[int, int]:
    """A consultation with a group, as ID of each."""
    row = Consultation(
        curriculum="path", milestone="", revision="r", draft={"milestones": []}, title="Path",
        introduction="", state="open", closes=datetime.fromisoformat("2026-06-01T17:00"),
        zone="America/Toronto", version=1, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    group = StakeholderGroup(
        consultation_id=row.id, name="Board", degree="decides", channel="page", meeting=""
    )
    session.add(group)
    session.flush()
    return row.id, group.id


def add_invitation(
    session: Session, consultation: int, group: int, person: int, now: datetime
) -> int:
    invitation = Invitation(
        consultation_id=consultation, group_id=group, person_id=person, state="invited",
        invited_at=now, sent_at=now, entered_by="chair", approval="approved", approved_text="f",
        approval_note="", approved_at=now, version=1,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    session.add(
        ConsultationAnswer(
            invitation_id=invitation.id, point="m/whole", choice="keep",
            comment=f"Says person {person}.", rank=1, changed_at=now,
        )
    )  # fmt: skip
    session.flush()
    return invitation.id


def use_consultations(session: Session, person: int, now: datetime) -> None:
    """The person is invited to a consultation, and has answered and approved."""
    consultation, group = add_consultation(session, now)
    add_invitation(session, consultation, group, person, now)
    session.add(
        ConsultationResponse(
            consultation_id=consultation, point="m/whole", decision="adopted", text="Kept.",
            version=1, sent_version=0, changed_at=now,
        )
    )  # fmt: skip
    session.flush()
