"""What the committee answers to each point, and sending it to those who raised the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bridge.consultations.drafts import Draft
from bridge.consultations.emails import RESPONSE, RESULT
from bridge.consultations.office import Office, draft_of_row, lock_unfinished, record_change
from bridge.consultations.rules import DECISIONS, MAX_TEXT, RAISED, Decision, check_text
from bridge.consultations.sending import send_page
from bridge.consultations.tables import (
    Consultation,
    ConsultationAnswer,
    ConsultationResponse,
    Invitation,
)
from bridge.errors import ConsultationError
from bridge.messages import Message
from bridge.store.persons import records


def responses_of(session: Session, consultation_id: int) -> dict[str, ConsultationResponse]:
    """The responses by point. One query."""
    own = select(ConsultationResponse).where(
        ConsultationResponse.consultation_id == consultation_id
    )
    return {each.point: each for each in session.scalars(own)}


@dataclass(frozen=True, slots=True)
class SentResponse:
    """A response as those who raised the point were sent it."""

    decision: str
    text: str


def sent_responses(session: Session, consultation_id: int) -> dict[str, SentResponse]:
    """The responses by point, as they were sent last. One query."""
    return {
        point: SentResponse(each.sent_decision, each.sent_text)
        for point, each in responses_of(session, consultation_id).items()
        if each.sent_decision
    }


def unsent_points(session: Session, consultation_id: int) -> frozenset[str]:
    """The points with a response that someone who raised the point wasn't sent: because it is new
    or changed, or because they raised the point after it was sent. Two queries.
    """
    responses = responses_of(session, consultation_id)
    changed = {point for point, each in responses.items() if each.version > each.sent_version}
    raised = _raised(session, consultation_id).values()
    late = {
        point for points in raised for point, answer in points.items()
        if _is_news(responses.get(point), answer)
    }  # fmt: skip
    return frozenset(changed | late)


def respond(
    session: Session,
    office: Office,
    consultation_id: int,
    point: str,
    decision: Decision,
    text: str,
    version: int,
) -> bool:
    """Respond to a point, or change the response; return False if nothing changed.

    `text`: the change that was made, or the reason why not. `version`: that of the response on the
    page, 0 for none. A changed response is sent again, with `send_responses`. Raises
    ConsultationError.
    """
    row = lock_unfinished(session, consultation_id)
    tidied = _checked(row, point, decision, text)
    found = responses_of(session, row.id).get(point)
    if found is not None and (found.decision, found.text) == (decision, tidied):
        return False
    if (found.version if found else 0) != version:
        raise ConsultationError(
            Message("someone else has responded to this point meanwhile."),
            todo=Message("Read their response, and save again to replace it."),
        )
    before = {"decision": found.decision, "text": found.text} if found else {}
    if found is None:
        found = ConsultationResponse(consultation_id=row.id, point=point, version=0, sent_version=0)
        session.add(found)
    found.decision, found.text, found.changed_at = decision, tidied, office.now
    found.version += 1
    record_change(
        session, office, row, before, {"point": point, "decision": decision, "text": tidied}
    )
    return True


def _checked(row: Consultation, point: str, decision: str, text: str) -> str:
    """The text of a response without spaces around it. Raises ConsultationError."""
    if draft_of_row(row).point(point) is None:
        raise ConsultationError(Message("this isn't a part of the draft."), where=point)
    if decision not in DECISIONS:
        raise ConsultationError(Message("choose whether it is adopted."))
    tidied = check_text(text, MAX_TEXT, lines=True)
    if not tidied:
        raise ConsultationError(Message("say what is changed, or why not."))
    return tidied


def withdraw_response(session: Session, office: Office, consultation_id: int, point: str) -> bool:
    """Take back a response that wasn't sent yet; return False if there is none.

    Raises ConsultationError.
    """
    row = lock_unfinished(session, consultation_id)
    found = responses_of(session, row.id).get(point)
    if found is None:
        return False
    if found.sent_version:
        raise ConsultationError(
            Message("this response was sent already."), todo=Message("Change it instead.")
        )
    before = {"point": point, "decision": found.decision, "text": found.text}
    session.delete(found)
    record_change(session, office, row, before, {})
    return True


def send_responses(session: Session, office: Office, consultation_id: int) -> int:
    """Send responses to those who raised the point and weren't sent them yet, one email each.

    Returns how many people get one. Raises ConsultationError while it is open: answers can still
    change.
    """
    row = lock_unfinished(session, consultation_id)
    if row.state == "open":
        raise ConsultationError(
            Message("the consultation is still open."), todo=Message("Close it first.")
        )
    return _send_new(session, office, row)


def send_results(session: Session, office: Office, row: Consultation) -> int:
    """Send the responses that weren't sent, and the result to everyone; return how many people.

    The consultation is locked.
    """
    _send_new(session, office, row)
    decisions = [each.decision for each in responses_of(session, row.id).values()]
    counts = {
        "adopted": decisions.count("adopted"), "declined": decisions.count("not-adopted")
    }  # fmt: skip
    invited = (Invitation.consultation_id == row.id, Invitation.state == "invited")
    people = sorted(session.scalars(select(Invitation.person_id).where(*invited)))
    for person_id in people:
        send_page(session, office, row, person_id, RESULT, counts)
    return len(people)


def points_without_response(
    session: Session, rows: Sequence[Consultation]
) -> Mapping[int, list[str]]:
    """The points that someone wants changed, and that have no response, by consultation.

    In the order of the draft. Two queries.
    """
    ids = [each.id for each in rows]
    raised = select(Invitation.consultation_id, ConsultationAnswer.point).join(
        ConsultationAnswer, ConsultationAnswer.invitation_id == Invitation.id
    )
    found = {*session.execute(raised.where(Invitation.consultation_id.in_(ids), *_counts()))}
    answered = select(ConsultationResponse.consultation_id, ConsultationResponse.point)
    mine = ConsultationResponse.consultation_id.in_(ids)
    waiting = {tuple(each) for each in found} - {
        tuple(each) for each in session.execute(answered.where(mine))
    }
    return {
        each.id: [key for key in draft_of_row(each).keys if (each.id, key) in waiting]
        for each in rows
    }


def check_answered(session: Session, row: Consultation) -> None:
    """Raises ConsultationError if a point that someone raised has no response."""
    count = len(points_without_response(session, [row])[row.id])
    if count:
        raise ConsultationError(
            Message("points without a response: %(count)s.", count=count),
            todo=Message("Respond to each of them first."),
        )


def _send_new(session: Session, office: Office, row: Consultation) -> int:
    """Send each person the responses to their points that they weren't sent yet."""
    responses, draft = responses_of(session, row.id), draft_of_row(row)
    answers = _raised(session, row.id)
    for person_id, raised in sorted(answers.items()):
        points = [
            each for each in draft.keys
            if each in raised and _is_news(responses.get(each), raised[each])
        ]  # fmt: skip
        answers[person_id] = {each: raised[each] for each in points}
        if points:
            language = records.lock(session, person_id).language or office.config.language
            lines = [_line(draft, responses[each], language) for each in points]
            send_page(session, office, row, person_id, RESPONSE, {"responses": lines}, adds=True)
    sent = {each for points in answers.values() for each in points}
    sent |= {point for point, each in responses.items() if each.version > each.sent_version}
    told = sum(1 for points in answers.values() if points)
    _note_sent(responses, answers)
    if sent:
        record_change(session, office, row, {}, {"responses": sorted(sent), "people": told})
    return told


def _is_news(response: ConsultationResponse | None, answer: ConsultationAnswer) -> bool:
    return response is not None and answer.told_version < response.version


def _note_sent(
    responses: Mapping[str, ConsultationResponse],
    answers: Mapping[int, Mapping[str, ConsultationAnswer]],
) -> None:
    """Remember what was sent, and to whom."""
    for points in answers.values():
        for point, answer in points.items():
            answer.told_version = responses[point].version
    for each in responses.values():
        each.sent_version = each.version
        each.sent_decision, each.sent_text = each.decision, each.text


def _raised(session: Session, consultation_id: int) -> dict[int, dict[str, ConsultationAnswer]]:
    """Who asked for something, and about which points, by person. One query."""
    query = (
        select(Invitation.person_id, ConsultationAnswer)
        .join(ConsultationAnswer, ConsultationAnswer.invitation_id == Invitation.id)
        .where(Invitation.consultation_id == consultation_id, *_counts())
    )
    found: dict[int, dict[str, ConsultationAnswer]] = {}
    for person_id, answer in session.execute(query):
        found.setdefault(person_id, {})[answer.point] = answer
    return found


def _counts() -> tuple[ColumnElement[bool], ...]:
    """SQL conditions: an answer counts, and asks for something."""
    return (
        Invitation.state == "invited",
        Invitation.sent_at.is_not(None),
        ConsultationAnswer.choice.in_(RAISED) | (ConsultationAnswer.comment != ""),
    )


def _line(draft: Draft, response: ConsultationResponse, language: str) -> dict[str, object]:
    """A response for an email, with what it is about."""
    milestone, point = next(
        (each, point) for each in draft.milestones for point in each.points
        if point.key == response.point
    )  # fmt: skip
    same: Sequence[str] = [each.key for each in milestone.points if each.kind == point.kind]
    return {
        "milestone": milestone.named(language), "kind": point.kind,
        "number": same.index(point.key) + 1,
        "text": point.text_as_typed(language) if point.kind == "expectation" else "",
        "decision": response.decision, "response": response.text,
    }  # fmt: skip
