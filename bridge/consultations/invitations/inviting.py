"""Inviting people, withdrawing invitations, and sending links again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.consultations.approvals import current_text, missing_approvals
from bridge.consultations.emails import APPROVAL, INVITATION
from bridge.consultations.invitations.groups import group_of
from bridge.consultations.invitations.pasted_people import Named
from bridge.consultations.office import Office, groups_of, lock_unfinished
from bridge.consultations.publishers import check_independent
from bridge.consultations.sending import A_DAY, is_too_often, send_invitation, send_page
from bridge.consultations.tables import Consultation, Invitation, StakeholderGroup
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.members import queries as members
from bridge.store.operations import audit_log
from bridge.store.persons import changes, records
from bridge.store.persons.records import PersonRecord


@dataclass(frozen=True, slots=True)
class Invited:
    """`new`: the invitations that were made. `known`: people who were invited already.

    `elsewhere`: those of them who stay in another group, each with its name.
    """

    new: Sequence[int]
    known: Sequence[str]
    elsewhere: Sequence[tuple[str, str]] = ()


def invite(
    session: Session, office: Office, consultation_id: int, group_id: int, people: Sequence[Named]
) -> Invited:
    """Invite people to a group, all or none; each gets an email unless they are only informed.

    Who was invited already isn't again; a withdrawn invitation is valid again, in this group.
    Raises ConsultationError, MemberError (several members share an address).
    """
    row = lock_unfinished(session, consultation_id)
    group = group_of(session, row, group_id)
    found = {_find_person(session, office, each): each for each in people}
    if group.degree == "decides":
        check_independent(session, office.config, found)
    mine = (Invitation.consultation_id == row.id, Invitation.person_id.in_(found))
    before = {each.person_id: each for each in session.scalars(select(Invitation).where(*mine))}
    names = {each.id: each.name for each in groups_of(session, row.id)}
    new, known, elsewhere = [], [], []
    for person_id, named in sorted(found.items()):
        invitation = before.get(person_id)
        if invitation is not None and invitation.state == "invited":
            known.append(named.email)
            if invitation.group_id != group.id:
                elsewhere.append((named.email, names[invitation.group_id]))
            continue
        if invitation is not None:
            _check_not_too_often(session, office, row, person_id)
        new.append(_add(session, office, group, person_id, invitation).id)
        send_invitation(session, office, row, group, person_id)
    return Invited(new, known, elsewhere)


def withdraw(session: Session, office: Office, consultation_id: int, invitation_id: int) -> None:
    """Withdraw an invitation: its link shows nothing, its answers no longer count.

    They are kept, and count again if the person is invited again. Raises ConsultationError.
    """
    lock_unfinished(session, consultation_id)
    invitation = find_invitation(session, consultation_id, invitation_id)
    if invitation.state == "withdrawn":
        return
    invitation.state = "withdrawn"
    _record(session, office, invitation, "invited")


def send_again(session: Session, office: Office, consultation_id: int, invitation_id: int) -> None:
    """Send someone a new link. The earlier one goes on working. Raises ConsultationError."""
    row = lock_unfinished(session, consultation_id)
    invitation = find_invitation(session, consultation_id, invitation_id)
    if invitation.state == "withdrawn":
        raise ConsultationError(Message("this invitation was withdrawn."))
    group = group_of(session, row, invitation.group_id)
    if group.degree == "decides":
        check_independent(session, office.config, [invitation.person_id])
    _check_not_too_often(session, office, row, invitation.person_id)
    send_invitation(session, office, row, group, invitation.person_id)
    _record(session, office, invitation, "invited")


def find_invitation(session: Session, consultation_id: int, invitation_id: int) -> Invitation:
    """The invitation, locked. Raises ConsultationError if there is none."""
    query = select(Invitation).where(
        Invitation.id == min(invitation_id, records.MAX_ID),
        Invitation.consultation_id == consultation_id,
    )
    found = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    if found is None:
        raise ConsultationError(Message("there is no such invitation."))
    return found


def invitations_of(
    session: Session, consultation_id: int, people: Sequence[str]
) -> list[Invitation]:
    """The invitations of people, by email address, each once.

    Raises ConsultationError if someone was never invited, PersonError if several have an address.
    """
    found: dict[int, Invitation] = {}
    for each in people:
        person = records.find(session, each)
        mine = (Invitation.consultation_id == consultation_id,
                Invitation.person_id == (person.id if person else 0))  # fmt: skip
        invitation = session.scalar(select(Invitation).where(*mine))
        if invitation is None:
            raise ConsultationError(
                Message("this person isn't invited to the consultation."), where=each
            )
        found[invitation.id] = invitation
    return list(found.values())


def _add(
    session: Session,
    office: Office,
    group: StakeholderGroup,
    person_id: int,
    before: Invitation | None,
) -> Invitation:
    if before is None:
        row = Invitation(
            consultation_id=group.consultation_id, group_id=group.id, person_id=person_id,
            state="invited", invited_at=office.now, sent_at=None, entered_by="", approval="",
            approved_text="", approval_note="", approved_at=None, version=0,
        )  # fmt: skip
        session.add(row)
    else:
        row = before
        row.group_id, row.state, row.invited_at = group.id, "invited", office.now
        row.approval = row.approved_text = row.approval_note = ""
        row.approved_at = None
    _record(session, office, row, "withdrawn" if before else "")
    return row


def _record(session: Session, office: Office, invitation: Invitation, before: str) -> None:
    session.flush()
    after = {
        "consultation": invitation.consultation_id, "group": invitation.group_id,
        "state": invitation.state,
    }  # fmt: skip
    audit_log.write(
        session, office.actor, "consultation-invitation", None, {"state": before}, after,
        office.now, person_id=invitation.person_id,
    )  # fmt: skip


def _check_not_too_often(
    session: Session, office: Office, row: Consultation, person_id: int
) -> None:
    """Raises ConsultationError if the person got enough invitations on one day."""
    if is_too_often(session, row, person_id, INVITATION, office.now):
        raise ConsultationError(
            Message(
                "the link was sent to this address %(count)s times in the last 24 hours.",
                count=A_DAY,
            ),
            where=records.lock(session, person_id).email,
            todo=Message("Ask them to look into their spam folder, or correct the address."),
        )  # fmt: skip


def _find_person(session: Session, office: Office, named: Named) -> int:
    """The person with this address, or a new one. Raises MemberError, PersonError."""
    member = members.find(session, named.email)
    if member is not None:
        return records.person_of_member(session, member.id, office.now)
    record = PersonRecord(named.name, named.email)
    return changes.add(session, record, office.actor, office.now).id


def ask_for_approval(session: Session, office: Office, consultation_id: int) -> int:
    """Ask those who decide and haven't approved the text as it is now; return how many.

    Who was asked often on this day isn't asked again. Raises ConsultationError.
    """
    row = lock_unfinished(session, consultation_id)
    missing = missing_approvals(session, row.id, current_text(office.curricula, row))
    ids = [each.invitation_id for each in missing if each.invitation_id]
    people = sorted(session.scalars(select(Invitation.person_id).where(Invitation.id.in_(ids))))
    check_independent(session, office.config, people)
    asked = [
        each for each in people if not is_too_often(session, row, each, APPROVAL, office.now)
    ]  # fmt: skip
    for person_id in asked:
        send_page(session, office, row, person_id, APPROVAL, {})
    return len(asked)
