"""What invited people do: answer, and approve. Also entering what someone said elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.consultations.approvals import APPROVED, REFUSED, current_text
from bridge.consultations.emails import RECEIPT
from bridge.consultations.office import Office, draft_of_row, find, lock
from bridge.consultations.publishers import check_independent
from bridge.consultations.rules import (
    MAX_TEXT,
    Answer,
    Choice,
    WrongAnswers,
    check_saved,
    check_text,
    takes_answers,
    unfinished,
)
from bridge.consultations.sending import is_too_often, send_page
from bridge.consultations.tables import (
    Consultation,
    ConsultationAnswer,
    Invitation,
    StakeholderGroup,
)
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.operations import audit_log
from bridge.store.persons import records


@dataclass(frozen=True, slots=True)
class Place:
    """Someone's place in a consultation."""

    consultation: Consultation
    group: StakeholderGroup
    invitation: Invitation


class StaleAnswers(ConsultationError):
    """The answers were changed in another tab, or by someone else."""


def find_place(session: Session, consultation_id: int, person_id: int) -> Place | None:
    """The place of an invited person; None without one, or if it was withdrawn."""
    mine = (Invitation.consultation_id == consultation_id, Invitation.person_id == person_id)
    invitation = session.scalar(select(Invitation).where(*mine, Invitation.state == "invited"))
    consultation = find(session, consultation_id)
    if invitation is None or consultation is None:
        return None
    group = session.get_one(StakeholderGroup, invitation.group_id)
    return Place(consultation, group, invitation)


def can_answer(place: Place, office: Office) -> bool:
    """Whether the person's answers count now."""
    row = place.consultation
    asked = place.group.degree != "informed"
    return asked and takes_answers(row.state, row.closes, row.zone, office.now)


def answers_of(session: Session, invitation_id: int) -> dict[str, Answer]:
    """What a person has saved, by point. One query."""
    own = select(ConsultationAnswer).where(ConsultationAnswer.invitation_id == invitation_id)
    return {
        each.point: Answer(each.point, cast(Choice, each.choice), each.comment, each.rank)
        for each in session.scalars(own)
    }


def save(
    session: Session,
    office: Office,
    place: Place,
    answers: Sequence[Answer],
    version: int,
    *,
    entered_by: str = "",
) -> int:
    """Save all answers of a person; return the new version.

    `version`: that of the page. `entered_by`: the committee member who enters what was said in a
    session or an email, also after the end. Answers that were sent stay complete, because each
    change counts. Raises ConsultationError, StaleAnswers, WrongAnswers.
    """
    invitation = _lock(session, office, place, closed_too=bool(entered_by))
    draft = draft_of_row(place.consultation)
    _check_own(invitation, entered_by)
    check_saved(draft, answers)
    before = answers_of(session, invitation.id)
    given = {each.point: each for each in answers if not each.is_empty}
    if given == before:
        return invitation.version
    if invitation.version != version:
        raise StaleAnswers(
            Message("these answers were changed in another window."),
            todo=Message("What you typed is below. Save again to replace the others."),
        )
    problems = unfinished(draft, given)
    if problems and invitation.sent_at is not None:
        raise WrongAnswers(problems)
    _store(session, office, invitation.id, given)
    invitation.version += 1
    invitation.entered_by = entered_by
    session.flush()
    if entered_by or invitation.sent_at is not None:
        _record_answers(session, office, invitation)
        _tell_changed(session, office, place, entered_by)
    return invitation.version


def _check_own(invitation: Invitation, entered_by: str) -> None:
    """Raises ConsultationError if the committee would replace what someone sent themselves."""
    if entered_by and invitation.sent_at is not None and not invitation.entered_by:
        raise ConsultationError(
            Message("this person has answered by their link, so nobody else changes that."),
            todo=Message("Send them the link again, so that they can change it."),
        )


def _tell_changed(session: Session, office: Office, place: Place, entered_by: str) -> None:
    """Tell the person that answers of theirs that count were changed, in case it wasn't they."""
    row, person_id = place.consultation, place.invitation.person_id
    if entered_by or not is_too_often(session, row, person_id, RECEIPT, office.now):
        what = "entered" if entered_by else "changed"
        send_page(session, office, row, person_id, RECEIPT, {"what": what})


def send(session: Session, office: Office, place: Place, *, entered_by: str = "") -> None:
    """Count the saved answers from now on. Someone who answers by a link gets a receipt, once.

    Raises ConsultationError if they aren't complete.
    """
    invitation = _lock(session, office, place, closed_too=bool(entered_by))
    problems = unfinished(draft_of_row(place.consultation), answers_of(session, invitation.id))
    if problems:
        raise WrongAnswers(problems)
    first = invitation.sent_at is None
    if first:
        invitation.sent_at = office.now
        _record_answers(session, office, invitation)
    if entered_by or not first:
        return
    row, person_id = place.consultation, invitation.person_id
    send_page(session, office, row, person_id, RECEIPT, {"what": "answers"})


def decide(
    session: Session,
    office: Office,
    place: Place,
    approval: Literal["approved", "refused", ""],
    text: str,
    note: str = "",
) -> None:
    """Approve the text as it is now, refuse it with a reason, or take that back ('').

    `text`: the fingerprint of the text that the person has read. Only the person does this, by
    their own link. Raises ConsultationError.
    """
    row = lock(session, place.consultation.id, shared=True)
    invitation = _invitation(session, place)
    _check_can_decide(office, row, place.group, text)
    if approval == APPROVED:
        check_independent(session, office.config, [invitation.person_id])
    reason = check_text(note, MAX_TEXT, lines=True)
    if approval == REFUSED and not reason:
        raise ConsultationError(Message("say why you don't approve the text."))
    before = {"approval": invitation.approval, "text": invitation.approved_text}
    same = before == {"approval": approval, "text": text if approval else ""}
    if same and reason == invitation.approval_note:
        return
    invitation.approval, invitation.approved_text = approval, text if approval else ""
    invitation.approval_note = reason if approval else ""
    invitation.approved_at = office.now if approval else None
    session.flush()
    after = {"consultation": row.id, "approval": approval, "text": text, "note": reason}
    audit_log.write(
        session, office.actor, "consultation-approval", None, before, after, office.now,
        person_id=invitation.person_id,
    )  # fmt: skip
    if approval in (APPROVED, REFUSED):
        send_page(session, office, row, invitation.person_id, RECEIPT, {"what": approval})


def _check_can_decide(
    office: Office, row: Consultation, group: StakeholderGroup, text: str
) -> None:
    """Raises ConsultationError if the group can't decide now, or has read another text."""
    if group.degree != "decides":
        raise ConsultationError(Message("your group is asked for answers, not for approval."))
    if row.state == "finished":
        raise ConsultationError(Message("the consultation is finished."))
    if not text or text != current_text(office.curricula, row):
        raise ConsultationError(
            Message("the text has changed since you opened this page."),
            todo=Message("Read it again, then decide."),
        )


def _lock(session: Session, office: Office, place: Place, *, closed_too: bool) -> Invitation:
    """The invitation, locked after the consultation and the person. Raises ConsultationError."""
    row = lock(session, place.consultation.id, shared=True)
    invitation = _invitation(session, place)
    if row.state == "finished" or place.group.degree == "informed":
        raise ConsultationError(Message("the consultation takes no answers."))
    if not closed_too and not takes_answers(row.state, row.closes, row.zone, office.now):
        raise ConsultationError(Message("the last day for answers is over."))
    return invitation


def _invitation(session: Session, place: Place) -> Invitation:
    """Raises ConsultationError if it was withdrawn meanwhile."""
    records.lock(session, place.invitation.person_id)
    query = select(Invitation).where(
        Invitation.id == place.invitation.id, Invitation.state == "invited"
    )
    found = session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
    if found is None:
        raise ConsultationError(Message("this invitation was withdrawn."))
    return found


def _store(
    session: Session, office: Office, invitation_id: int, given: Mapping[str, Answer]
) -> None:
    own = select(ConsultationAnswer).where(ConsultationAnswer.invitation_id == invitation_id)
    rows = {each.point: each for each in session.scalars(own)}
    for point in rows.keys() - given.keys():
        session.delete(rows[point])
    for point, each in given.items():
        row = rows.get(point)
        if row is None:
            row = ConsultationAnswer(invitation_id=invitation_id, point=point)
            session.add(row)
        elif (row.choice, row.comment, row.rank) == (each.choice, each.comment, each.rank):
            continue
        if (row.choice, row.comment) != (each.choice, each.comment):
            row.told_version = 0
        row.choice, row.comment, row.rank = each.choice, each.comment, each.rank
        row.changed_at = office.now
    session.flush()


def _record_answers(session: Session, office: Office, invitation: Invitation) -> None:
    after = {"consultation": invitation.consultation_id, "version": invitation.version}
    audit_log.write(
        session, office.actor, "consultation-answers", None, {}, after, office.now,
        person_id=invitation.person_id,
    )  # fmt: skip
