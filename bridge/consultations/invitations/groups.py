"""The groups of a consultation: how much they decide, and how they take part."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.consultations.office import Office, lock_unfinished, record_change
from bridge.consultations.rules import (
    CHANNELS,
    DEGREES,
    MAX_MEETING,
    MAX_NAME,
    MAX_REASON,
    Channel,
    Degree,
    check_name,
    check_text,
)
from bridge.consultations.tables import (
    Consultation,
    ConsultationAnswer,
    Invitation,
    StakeholderGroup,
)
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


def remove_group(
    session: Session, office: Office, consultation_id: int, group_id: int, reason: str = ""
) -> bool:
    """Remove a group to which nobody is invited now. One that decides only with a reason.

    If people of a group that decides have answered, it stays, but no longer decides: then this
    returns False. Raises ConsultationError.
    """
    row = lock_unfinished(session, consultation_id)
    group = group_of(session, row, group_id)
    why = check_text(reason, MAX_REASON)
    _check_removable(session, group, why)
    before: dict[str, object] = {"group": group.name, "degree": group.degree}
    after: dict[str, object] = {"reason": why} if why else {}
    removed = not _has_answers(session, group)
    if removed:
        session.execute(delete(Invitation).where(Invitation.group_id == group.id))
        session.delete(group)
    elif group.degree == "decides":
        group.degree = "consulted"
        after["degree"] = group.degree
    else:
        raise ConsultationError(Message("people have answered in this group, so it stays."))
    record_change(session, office, row, before, after)
    return removed


def _check_removable(session: Session, group: StakeholderGroup, why: str) -> None:
    """Raises ConsultationError while people are invited, or if a group that decides goes silently:
    withdrawing everyone would otherwise be a way around those who decide.
    """
    invited = (Invitation.group_id == group.id, Invitation.state == "invited")
    if session.scalar(select(Invitation.id).where(*invited).limit(1)) is not None:
        raise ConsultationError(
            Message("people are invited to this group."),
            todo=Message("Withdraw their invitations first."),
        )
    if group.degree == "decides" and not why:
        raise ConsultationError(
            Message("publishing waits for this group, because it decides."),
            todo=Message("Say why it is removed. The activity log shows it."),
        )


def _has_answers(session: Session, group: StakeholderGroup) -> bool:
    theirs = select(ConsultationAnswer.id).join(
        Invitation, Invitation.id == ConsultationAnswer.invitation_id
    )
    query = theirs.where(Invitation.group_id == group.id).limit(1)
    return session.scalar(query) is not None


def find_group(session: Session, consultation_id: int, name: str) -> int | None:
    """The group with this name."""
    named = (StakeholderGroup.consultation_id == consultation_id, StakeholderGroup.name == name)
    return session.scalar(select(StakeholderGroup.id).where(*named))


def group_of(session: Session, row: Consultation, group_id: int) -> StakeholderGroup:
    found = session.get(StakeholderGroup, min(group_id, records.MAX_ID))
    if found is None or found.consultation_id != row.id:
        raise ConsultationError(Message("there is no such group."))
    return found
