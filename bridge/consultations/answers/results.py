"""What was answered: each point with its counts and comments, by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.consultations.rules import RANKS
from bridge.consultations.tables import (
    Consultation,
    ConsultationAnswer,
    Invitation,
    StakeholderGroup,
)
from bridge.store.tables.persons import Person


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that counts, and who gave it. `entered_by`: who entered it for them, or ''."""

    point: str
    group: int
    name: str
    email: str
    choice: str
    comment: str
    rank: int | None
    entered_by: str


@dataclass(slots=True)
class PointResult:
    """The answers to one point. `counts`: by group and choice. `weight`: 3 for each first place,
    2 for each second, 1 for each third.
    """

    counts: dict[int, Counter[str]] = field(default_factory=dict)
    comments: list[GivenAnswer] = field(default_factory=list)
    weight: int = 0

    @property
    def total(self) -> Counter[str]:
        return sum(self.counts.values(), Counter())


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A group, and how many of its people are invited and have sent their answers."""

    group: StakeholderGroup
    invited: int
    answered: int
    approved: int
    withdrawn: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody is invited now."""
        return not self.invited


@dataclass(frozen=True, slots=True)
class InvitedPerson:
    """Someone who is invited, for the committee's list."""

    invitation: Invitation
    group: str
    degree: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ConsultationSummary:
    """A consultation in the list. `raised`: points without a response (unknown: None)."""

    id: int
    row: Consultation
    invited: int
    answered: int


def given_answers(session: Session, consultation_id: int) -> list[GivenAnswer]:
    """All answers that count, in the order of the groups and invitations. One query."""
    query = (
        select(ConsultationAnswer, Invitation.group_id, Invitation.entered_by, Person.name,
               Person.email)
        .join(Invitation, Invitation.id == ConsultationAnswer.invitation_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Invitation.consultation_id == consultation_id,
            Invitation.state == "invited",
            Invitation.sent_at.is_not(None),
        )
        .order_by(Invitation.group_id, Invitation.id, ConsultationAnswer.id)
    )  # fmt: skip
    return [
        GivenAnswer(a.point, group, name, email, a.choice, a.comment, a.rank, by)
        for a, group, by, name, email in session.execute(query)
    ]


def by_point(answers: Sequence[GivenAnswer]) -> dict[str, PointResult]:
    """The results by point; a point without answers is left out."""
    found: dict[str, PointResult] = {}
    for each in answers:
        result = found.setdefault(each.point, PointResult())
        if each.choice:
            result.counts.setdefault(each.group, Counter())[each.choice] += 1
        if each.comment:
            result.comments.append(each)
        if each.rank:
            result.weight += RANKS + 1 - each.rank
    return found


def most_important(results: Mapping[str, PointResult]) -> list[tuple[str, int]]:
    """The points that were ranked, the weightiest first."""
    ranked = [(point, each.weight) for point, each in results.items() if each.weight]
    return sorted(ranked, key=lambda each: (-each[1], each[0]))


def group_summaries(session: Session, consultation_id: int, text: str) -> list[GroupSummary]:
    """The groups in order. `text`: the fingerprint of the text now, for approvals. Two queries."""
    groups = select(StakeholderGroup).where(StakeholderGroup.consultation_id == consultation_id)
    mine = select(
        Invitation.group_id, Invitation.state, Invitation.sent_at,
        Invitation.approval, Invitation.approved_text,
    ).where(Invitation.consultation_id == consultation_id)  # fmt: skip
    counts: dict[int, Counter[str]] = {}
    for each in session.execute(mine):
        count = counts.setdefault(each.group_id, Counter())
        count[each.state] += 1
        if each.state == "invited":
            count["sent"] += each.sent_at is not None
            count["approved"] += (each.approval, each.approved_text) == ("approved", text)
    return [
        GroupSummary(each, count["invited"], count["sent"], count["approved"], count["withdrawn"])
        for each in session.scalars(groups.order_by(StakeholderGroup.id))
        for count in [counts.get(each.id, Counter())]
    ]


def invited_people(session: Session, consultation_id: int) -> list[InvitedPerson]:
    """Everyone who is or was invited, by group. One query."""
    query = (
        select(Invitation, StakeholderGroup.name, StakeholderGroup.degree, Person.name,
               Person.email)
        .join(StakeholderGroup, StakeholderGroup.id == Invitation.group_id)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.consultation_id == consultation_id)
        .order_by(StakeholderGroup.id, Person.name_key, Invitation.id)
    )  # fmt: skip
    return [InvitedPerson(*row) for row in session.execute(query)]


def list_consultations(
    session: Session, limit: int, after: int = 0, *, finished: bool = False
) -> list[ConsultationSummary]:
    """Up to `limit` consultations, the newest first, before the ID `after`. One query."""
    valid = Invitation.state == "invited"
    query = (
        select(
            Consultation,
            func.count(Invitation.id).filter(valid),
            func.count(Invitation.sent_at).filter(valid),
        )
        .outerjoin(Invitation, Invitation.consultation_id == Consultation.id)
        .where(Consultation.state == "finished" if finished else Consultation.state != "finished")
        .group_by(Consultation.id)
    )
    if after:
        query = query.where(Consultation.id < after)
    rows = session.execute(query.order_by(Consultation.id.desc()).limit(limit))
    return [ConsultationSummary(row[0].id, *row) for row in rows]
