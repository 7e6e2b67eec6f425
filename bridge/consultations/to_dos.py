"""What there is to do about consultations, for the committee and for members who were invited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from bridge.access.visitor import Visitor
from bridge.consultations.approvals import current_text
from bridge.consultations.responses import points_without_response
from bridge.consultations.rules import takes_answers
from bridge.consultations.tables import Consultation, Invitation, StakeholderGroup
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.feature import CommitteeToDo, Context, ToDo
from bridge.foundations.owners import Owner
from bridge.messages import Message

MAX_TO_DOS = 20


@dataclass(frozen=True, slots=True)
class _Mine:
    """An unfinished consultation that someone takes part in."""

    row: Consultation
    invitation: Invitation
    degree: str

    @property
    def path(self) -> str:
        return f"/me/consultations/{self.row.id}"

    def waits_for_answers(self, now: datetime) -> bool:
        row = self.row
        return self.invitation.sent_at is None and takes_answers(
            row.state, row.closes, row.zone, now
        )

    def waits_for_approval(self, context: Context) -> bool:
        """Only once it is closed: until then, the text can change because of what people say."""
        if self.degree != "decides" or self.row.state != "closed":
            return False
        return self.invitation.approved_text != current_text(context.curricula, self.row)


def committee_to_dos(context: Context, visitor: Visitor) -> Sequence[CommitteeToDo]:
    """Consultations that have ended: points to respond to, and those to finish."""
    if not visitor.may("consultations-change"):
        return ()
    closed = select(Consultation).where(Consultation.state == "closed")
    rows = context.session.scalars(closed.order_by(Consultation.id).limit(MAX_TO_DOS)).all()
    points = points_without_response(context.session, rows)
    return [_committee_to_do(each, len(points[each.id])) for each in rows]


def _committee_to_do(row: Consultation, points: int) -> CommitteeToDo:
    path = f"/committee/consultations/{row.id}"
    if points:
        title = Message("Consultation “%(title)s”: points to respond to", title=row.title)
        return CommitteeToDo(title, path, "consultations-change", count=points)
    title = Message("Consultation “%(title)s”: send the result", title=row.title)
    return CommitteeToDo(title, path, "consultations-change")


def members_to_dos(context: Context, owner: Owner) -> Sequence[ToDo]:
    """Consultations to answer, with the last day, and texts to approve. A person without an
    account opens them by the link that they were sent.
    """
    mine = list(_mine(context, owner))
    answers = [
        ToDo(
            Message("Answer the consultation “%(title)s”", title=each.row.title), each.path,
            each.row.closes.date(),
        )
        for each in mine
        if each.waits_for_answers(context.now)
    ]  # fmt: skip
    approvals = [
        ToDo(
            Message("Approve the text of “%(title)s”", title=each.row.title),
            f"{each.path}#approval",
        )
        for each in mine
        if each.waits_for_approval(context)
    ]
    return [*answers, *approvals]


def last_days(context: Context, owner: Owner) -> Sequence[CalendarEntry]:
    """The last days of consultations that the member can still answer."""
    return [
        CalendarEntry(
            f"consultation-{each.row.id}",
            Message("Last day to answer the consultation “%(title)s”", title=each.row.title),
            each.row.closes.date(),
            each.path,
        )
        for each in _mine(context, owner)
        if each.waits_for_answers(context.now)
    ]


def _mine(context: Context, owner: Owner) -> Iterator[_Mine]:
    """One query."""
    if owner.member_id is None or owner.person_id is None:
        return
    query = (
        select(Consultation, Invitation, StakeholderGroup.degree)
        .join(Invitation, Invitation.consultation_id == Consultation.id)
        .join(StakeholderGroup, StakeholderGroup.id == Invitation.group_id)
        .where(
            Invitation.person_id == owner.person_id,
            Invitation.state == "invited",
            StakeholderGroup.degree != "informed",
            Consultation.state != "finished",
        )
        .order_by(Consultation.closes, Consultation.id)
        .limit(MAX_TO_DOS)
        .options(defer(Consultation.draft))
    )
    for row in context.session.execute(query):
        yield _Mine(*row)
