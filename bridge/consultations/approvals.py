"""The approval of those who decide: publishing what is under consultation needs it.

An approval is about one text. If the committee changes that, it must be approved again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.consultations.drafts import fingerprint, has_text_of
from bridge.consultations.office import draft_of_row
from bridge.consultations.tables import Consultation, Invitation, StakeholderGroup
from bridge.curriculum.model import Curriculum
from bridge.errors import ConsultationError
from bridge.foundations.feature import Context
from bridge.messages import Message
from bridge.store.tables.persons import Person

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class MissingApproval:
    """Who hasn't approved the text: a group, and the name of one of its people.

    `name`: '' if nobody of the group is invited. `refused`: they said no to this text. `note`: why.
    """

    group: str
    name: str = ""
    invitation_id: int = 0
    refused: bool = False
    note: str = ""


def current_text(curricula: Sequence[Curriculum], row: Consultation) -> str:
    """The fingerprint of the text as it is now; '' if there is no such curriculum any more."""
    found = next((each for each in curricula if each.key == row.curriculum), None)
    return fingerprint(found, row.milestone) if found else ""


def missing_approvals(session: Session, consultation_id: int, text: str) -> list[MissingApproval]:
    """Whose approval of a text is missing, by group. One query."""
    query = (
        select(StakeholderGroup, Invitation, Person.name)
        .outerjoin(
            Invitation,
            (Invitation.group_id == StakeholderGroup.id) & (Invitation.state == "invited"),
        )
        .outerjoin(Person, Person.id == Invitation.person_id)
        .where(
            StakeholderGroup.consultation_id == consultation_id,
            StakeholderGroup.degree == "decides",
        )
        .order_by(StakeholderGroup.id, Invitation.id)
    )
    return [
        _missing(group, invitation, name, text)
        for group, invitation, name in session.execute(query)
        if invitation is None or (invitation.approval, invitation.approved_text) != (APPROVED, text)
    ]


def _missing(
    group: StakeholderGroup, invitation: Invitation | None, name: str | None, text: str
) -> MissingApproval:
    if invitation is None:
        return MissingApproval(group.name)
    refused = (invitation.approval, invitation.approved_text) == (REFUSED, text)
    note = invitation.approval_note if refused else ""
    return MissingApproval(group.name, name or "", invitation.id, refused, note)


def check_approved(session: Session, curricula: Sequence[Curriculum], row: Consultation) -> None:
    """Raises ConsultationError if an approval of the text as it is now is missing."""
    text = current_text(curricula, row)
    if missing := missing_approvals(session, row.id, text):
        raise ConsultationError(says_missing(row, missing), todo=_todo(text, missing))


def _todo(text: str, missing: Sequence[MissingApproval]) -> Message:
    if not text:
        return Message(
            "The curriculum isn't there any more, so nobody can approve it: withdraw the "
            "invitations, and remove the groups that decide."
        )
    if any(each.name for each in missing):
        return Message("Ask them, or withdraw their invitations.")
    return Message("Invite someone to the group, or remove it.")


def says_missing(row: Consultation, missing: Sequence[MissingApproval]) -> Message:
    """Whose approval is missing, as a sentence."""
    names = ", ".join(dict.fromkeys(f"{each.name or '—'} ({each.group})" for each in missing))
    return Message(
        "“%(title)s” is under consultation, and these people haven't approved the text: "
        "%(names)s.",
        title=row.title, names=names,
    )  # fmt: skip


def publishing_problems(context: Context, curriculum: Curriculum) -> list[Message]:
    """Why this curriculum can't be published now: approvals that are missing.

    Also those of a consultation about the same text under another key.
    """
    query = select(Consultation).where(Consultation.state != "finished")
    problems = []
    for row in context.session.scalars(query.order_by(Consultation.id)):
        if row.curriculum != curriculum.key and not has_text_of(curriculum, draft_of_row(row)):
            continue
        text = fingerprint(curriculum, row.milestone)
        if missing := missing_approvals(context.session, row.id, text):
            problems.append(says_missing(row, missing))
    return problems
