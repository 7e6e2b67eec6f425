"""The groups of a consultation: how much they decide, and how they take part."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.consultations.office import Office, lock_unfinished, record_change
from bridge.consultations.rules import (
    CHANNELS,
    DEGREES,
    MAX_MEETING,
    MAX_NAME,
    Channel,
    Degree,
    check_name,
    check_text,
)
from bridge.consultations.tables import Consultation, Invitation, StakeholderGroup
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.persons import records


def add_group(
    session: Session,
    office: Office,
    consultation_id: int,
    name: str,
    degree: Degree,
    channel: Channel,
    meeting: str = "",
) -> int:
    """Add a group; return its ID. `meeting`: when and where it is discussed in a session.

    Raises ConsultationError.
    """
    row = lock_unfinished(session, consultation_id)
    if degree not in DEGREES or channel not in CHANNELS:
        raise ConsultationError(Message("choose how the group takes part."))
    title = check_name(name, MAX_NAME, Message("the group has no name."))
    if find_group(session, row.id, title) is not None:
        raise ConsultationError(Message("there is a group “%(name)s” already.", name=title))
    place = check_text(meeting, MAX_MEETING)
    if channel == "session" and not place:
        raise ConsultationError(Message("say when and where the session is."))
    group = StakeholderGroup(
        consultation_id=row.id, name=title, degree=degree, channel=channel, meeting=place
    )
    session.add(group)
    session.flush()
    added = {"group": title, "degree": degree, "channel": channel, "meeting": place}
    record_change(session, office, row, {}, added)
    return group.id


def remove_group(session: Session, office: Office, consultation_id: int, group_id: int) -> None:
    """Remove a group that was never used. Raises ConsultationError."""
    row = lock_unfinished(session, consultation_id)
    group = group_of(session, row, group_id)
    used = select(Invitation.id).where(Invitation.group_id == group.id).limit(1)
    if session.scalar(used) is not None:
        raise ConsultationError(
            Message("people were invited to this group, so it stays."),
            todo=Message("Withdraw their invitations instead."),
        )
    session.delete(group)
    record_change(session, office, row, {"group": group.name}, {})


def find_group(session: Session, consultation_id: int, name: str) -> int | None:
    """The group with this name."""
    named = (StakeholderGroup.consultation_id == consultation_id, StakeholderGroup.name == name)
    return session.scalar(select(StakeholderGroup.id).where(*named))


def group_of(session: Session, row: Consultation, group_id: int) -> StakeholderGroup:
    found = session.get(StakeholderGroup, min(group_id, records.MAX_ID))
    if found is None or found.consultation_id != row.id:
        raise ConsultationError(Message("there is no such group."))
    return found
