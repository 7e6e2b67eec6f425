"""The tables of consultations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.store.personal_tables import PersonalTable, Subject, of_person
from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base

BY_DEGREE = ("informed", "consulted", "decides")
"""The degrees of participation, from the least."""
LOCAL = DateTime(timezone=False)


class Consultation(Base):
    """Asks people outside the committee about a milestone, or about the whole path.

    `milestone`: '' for the whole path. `draft`: the text at `revision`, as `draft_as_data` gives
    it. `closes`: what the clocks in `zone` show. `version` counts the changes of what the
    form of a consultation shows.
    """

    __tablename__ = "consultation"
    __table_args__ = (Index(None, "curriculum", "state"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100))
    milestone: Mapped[str] = mapped_column(String(100))
    revision: Mapped[str] = mapped_column(String(64))
    draft: Mapped[dict[str, object]]
    title: Mapped[str] = mapped_column(String(120))
    introduction: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    closes: Mapped[datetime] = mapped_column(LOCAL)
    zone: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class StakeholderGroup(Base):
    """A group of people in a consultation, and how it takes part."""

    __tablename__ = "consultation_group"
    __table_args__ = (Index(None, "consultation_id", "name", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    name: Mapped[str] = mapped_column(String(80))
    degree: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(10))
    meeting: Mapped[str] = mapped_column(String(300))


class Invitation(Base):
    """Someone who takes part in a consultation, in one group.

    `state`: invited or withdrawn. `sent_at`: when they sent their answers; until then they don't
    count. `entered_by`: the committee member who entered the answers for them, or ''.
    `approval`: '', approved or refused; `approved_text`: the fingerprint of the text that this is
    about. `version` counts the changes of the answers.
    """

    __tablename__ = "consultation_invitation"
    __table_args__ = (Index(None, "consultation_id", "person_id", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("consultation_group.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    invited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    entered_by: Mapped[str] = mapped_column(String(300))
    approval: Mapped[str] = mapped_column(String(10))
    approved_text: Mapped[str] = mapped_column(String(64))
    approval_note: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    version: Mapped[int]


class ConsultationAnswer(Base):
    """What an invited person says about one point of the draft.

    `choice`: keep, change, drop, missing, or '' if there is none yet. `rank`: 1 matters most.
    `told_version`: that of the response to the point that they were sent, 0 for none.
    """

    __tablename__ = "consultation_answer"
    __table_args__ = (Index(None, "invitation_id", "point", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation_invitation.id", ondelete="CASCADE")
    )
    point: Mapped[str] = mapped_column(String(130))
    choice: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text)
    rank: Mapped[int | None]
    told_version: Mapped[int] = mapped_column(server_default=sql("0"))
    changed_at: Mapped[datetime]


class ConsultationResponse(Base):
    """What the committee answers to a point: adopted with the change, or not, with the reason.

    `version` rises with each change; `sent_version`: the one that was sent last, 0 for none, with
    `sent_decision` and `sent_text`.
    """

    __tablename__ = "consultation_response"
    __table_args__ = (Index(None, "consultation_id", "point", unique=True), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    point: Mapped[str] = mapped_column(String(130))
    decision: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    sent_version: Mapped[int]
    sent_decision: Mapped[str] = mapped_column(String(12), server_default=sql("''"))
    sent_text: Mapped[str] = mapped_column(Text, server_default=sql("''"))
    changed_at: Mapped[datetime]


def _own_answers(subject: Subject) -> ColumnElement[bool]:
    own = select(Invitation.id).where(Invitation.person_id.in_(subject.person_ids))
    return ConsultationAnswer.invitation_id.in_(own)


def _delete_own_answers(session: Session, subject: Subject) -> None:
    session.execute(delete(ConsultationAnswer).where(_own_answers(subject)))


def move_invitations(session: Session, removed: int, kept: int) -> None:
    """Give a person's invitations to another. Of two in one consultation, one stays: a person has
    one voice. It is one that is still valid, then the one whose group decides more. It gets the
    other's answers if it has sent none, and the last decision about the text.
    """
    both = select(Invitation).where(Invitation.person_id.in_((removed, kept)))
    found: dict[int, list[Invitation]] = {}
    for each in session.scalars(both.with_for_update()):
        found.setdefault(each.consultation_id, []).append(each)
    for pair in found.values():
        degrees = {each.id: _degree(session, each) for each in pair}
        pair.sort(key=lambda each: (_worth(each, degrees[each.id]), each.person_id == kept))
        for each in pair[:-1]:
            _take_over(session, pair[-1], each, decides=degrees[each.id] == "decides")
            session.delete(each)
    session.flush()
    theirs = update(Invitation).where(Invitation.person_id == removed)
    session.execute(theirs.values(person_id=kept))


def _degree(session: Session, row: Invitation) -> str:
    return session.get_one(StakeholderGroup, row.group_id).degree


def _worth(row: Invitation, degree: str) -> tuple[bool, int, bool, bool]:
    decided, sent = row.approval != "", row.sent_at is not None
    return row.state == "invited", BY_DEGREE.index(degree), decided, sent


def _take_over(session: Session, stays: Invitation, goes: Invitation, *, decides: bool) -> None:
    """Give what counts of one invitation to the other; the rest is deleted with it."""
    counts = goes.state == stays.state
    if counts and goes.sent_at is not None and stays.sent_at is None:
        _delete_answers(session, stays)
        moved = update(ConsultationAnswer).where(ConsultationAnswer.invitation_id == goes.id)
        session.execute(moved.values(invitation_id=stays.id))
        stays.sent_at, stays.entered_by = goes.sent_at, goes.entered_by
        stays.version = max(stays.version, goes.version) + 1
    if counts and decides and _decided_at(goes) > _decided_at(stays):
        for name in ("approval", "approved_text", "approval_note", "approved_at"):
            setattr(stays, name, getattr(goes, name))
    _delete_answers(session, goes)
    session.flush()


def _decided_at(row: Invitation) -> float:
    return row.approved_at.timestamp() if row.approval and row.approved_at else 0.0


def _delete_answers(session: Session, row: Invitation) -> None:
    own = ConsultationAnswer.invitation_id == row.id
    session.execute(delete(ConsultationAnswer).where(own))


PERSONAL_TABLES = (
    PersonalTable(ConsultationAnswer, export=_own_answers, erase=_delete_own_answers),
    of_person(
        Invitation, _delete_own_answers, hidden=frozenset({"entered_by"}), move=move_invitations
    ),
)
"""The answers come first: they are found through the invitations."""
