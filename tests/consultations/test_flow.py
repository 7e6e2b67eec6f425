"""From opening a consultation to telling everyone the result."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bridge.consultations import opening, responses
from bridge.consultations.answers import answering
from bridge.consultations.answers.results import by_point, given_answers, most_important
from bridge.consultations.invitations import inviting
from bridge.consultations.office import draft_of_row, find
from bridge.consultations.rules import Answer
from bridge.errors import ConsultationError
from bridge.store.tables.operations import AuditEntry
from tests.consultations.environment import (
    ASKED,
    CLOSES,
    EXPECTATION,
    REQUIREMENT,
    WHOLE,
    ZONE,
    Consultations,
    revised,
)

CHANGE = Answer(EXPECTATION, "change", "Say it in plain words.", 1)


@pytest.fixture
def number(consultations: Consultations) -> int:
    """A consultation that Ann, Bob and Cy of the employers, and Ida (informed), are invited to."""
    number = consultations.open()
    employers = consultations.group(number)
    consultations.invite(number, employers, "ann", "bob", "cy")
    consultations.invite(number, consultations.group(number, "Press", "informed"), "ida")
    return number


def test_the_draft_stays_as_it_was(consultations: Consultations, number: int) -> None:
    consultations.shelf[:] = [revised("Something else")]
    with consultations.database.reading() as session:
        row = find(session, number)
        assert row is not None
        draft = draft_of_row(row)
    point = draft.point(EXPECTATION)
    assert point is not None
    assert point.text("en") == "Knows <b>whom</b> to ask"
    assert [each.kind for each in draft.points] == ["whole", "expectation", "requirement"]


def test_a_page_with_an_older_text_opens_nothing(consultations: Consultations) -> None:
    with pytest.raises(ConsultationError, match="has changed"):
        consultations.open(replace(ASKED, revision="an older one"))


def test_those_who_are_only_informed_get_no_invitation(
    consultations: Consultations, number: int
) -> None:
    invited = [each.email for each in consultations.emails("consultation-invitation")]
    assert invited == ["ann@employer.example", "bob@employer.example", "cy@employer.example"]


def test_answers_count_once_they_are_sent_and_can_be_changed(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE, send=False)
    with consultations.database.reading() as session:
        assert given_answers(session, number) == []
    consultations.answer(number, "ann", CHANGE, Answer(REQUIREMENT, "keep"))
    consultations.answer(number, "ann", Answer(EXPECTATION, "drop"))
    consultations.answer(number, "bob", Answer(EXPECTATION, "drop", "", 2), CHANGE_RANKED)
    with consultations.database.reading() as session:
        results = by_point(given_answers(session, number))
    assert results[EXPECTATION].total == {"drop": 2}
    assert REQUIREMENT in results
    assert most_important(results) == [(REQUIREMENT, 3), (EXPECTATION, 2)]


CHANGE_RANKED = Answer(REQUIREMENT, "missing", "A quiz.", 1)


def test_an_answer_that_asks_for_something_says_what(
    consultations: Consultations, number: int
) -> None:
    with pytest.raises(ConsultationError, match="what you would change"):
        consultations.answer(number, "ann", Answer(EXPECTATION, "change"))


def test_two_windows_do_not_overwrite_each_other(consultations: Consultations, number: int) -> None:
    consultations.answer(number, "ann", CHANGE, send=False)
    with consultations.database.transaction() as session:
        place = consultations.place(session, number, "ann")
        with pytest.raises(answering.StaleAnswers):
            answering.save(session, consultations.office, place, [Answer(WHOLE, "keep")], 0)
    consultations.answer(number, "ann", CHANGE, send=False)


def test_nobody_answers_after_the_last_day(consultations: Consultations, number: int) -> None:
    consultations.clock.forward(days=30)
    with pytest.raises(ConsultationError, match="last day"):
        consultations.answer(number, "ann", CHANGE)


def test_a_withdrawn_invitation_counts_no_more_and_can_be_given_again(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE)
    with consultations.database.transaction() as session:
        invitation = consultations.place(session, number, "ann").invitation.id
        inviting.withdraw(session, consultations.office, number, invitation)
    with consultations.database.reading() as session:
        assert given_answers(session, number) == []
    with consultations.database.reading() as session:
        row = find(session, number)
        assert row is not None
    consultations.invite(number, 1, "ann")
    with consultations.database.reading() as session:
        assert [each.name for each in given_answers(session, number)] == ["Ann"]


def test_each_person_is_invited_once(consultations: Consultations, number: int) -> None:
    consultations.invite(number, 1, "ann", "bob", "dee")
    assert len(consultations.emails("consultation-invitation", "ann")) == 1
    assert len(consultations.emails("consultation-invitation", "dee")) == 1


def test_responses_go_to_those_who_raised_the_point_and_again_if_changed(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE)
    consultations.answer(number, "bob", Answer(EXPECTATION, "keep"), CHANGE_RANKED)
    consultations.close(number)
    _respond(consultations, number, EXPECTATION, "We did.", 0)
    assert _send(consultations, number) == 1
    assert _send(consultations, number) == 0
    _respond(consultations, number, EXPECTATION, "We did it differently.", 1)
    _respond(consultations, number, REQUIREMENT, "There is one.", 0)
    assert _send(consultations, number) == 2
    told = [each.email.split("@")[0] for each in consultations.emails("consultation-response")]
    assert told == ["ann", "ann", "bob"]
    last = consultations.emails("consultation-response", "ann")[-1].payload["responses"]
    assert isinstance(last, list)
    assert [each["response"] for each in last] == ["We did it differently."]


def test_who_raises_a_point_after_its_response_was_sent_gets_it_too(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE)
    consultations.close(number)
    _respond(consultations, number, EXPECTATION, "We did.", 0)
    assert _send(consultations, number) == 1
    _reopen(consultations, number)
    consultations.answer(number, "bob", Answer(EXPECTATION, "drop", "It insults us."))
    consultations.close(number)
    with consultations.database.reading() as session:
        assert responses.unsent_points(session, number) == {EXPECTATION}
    assert _send(consultations, number) == 1
    assert _send(consultations, number) == 0
    assert len(consultations.emails("consultation-response", "ann")) == 1
    assert len(consultations.emails("consultation-response", "bob")) == 1
    _reopen(consultations, number)
    consultations.answer(number, "ann", Answer(EXPECTATION, "change", "Still not plain."))
    consultations.close(number)
    assert _send(consultations, number) == 1
    assert len(consultations.emails("consultation-response", "ann")) == 2


def test_a_response_that_waits_to_be_sent_arrives_too(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE, Answer(REQUIREMENT, "drop", "No quiz."))
    consultations.close(number)
    _respond(consultations, number, EXPECTATION, "First A", 0)
    _respond(consultations, number, REQUIREMENT, "First B", 0)
    _send(consultations, number)
    _respond(consultations, number, EXPECTATION, "Second A", 1)
    _send(consultations, number)
    emails = consultations.emails("consultation-response", "ann")
    assert [each.state for each in emails] == ["owed", "owed"]
    assert "First B" in str(emails[0].payload)
    assert "Second A" in str(emails[1].payload)


def test_a_response_of_an_older_page_is_refused(consultations: Consultations, number: int) -> None:
    _respond(consultations, number, EXPECTATION, "We did.", 0)
    with pytest.raises(ConsultationError, match="meanwhile"):
        _respond(consultations, number, EXPECTATION, "We did not.", 0)


def test_it_is_finished_once_every_point_has_a_response(
    consultations: Consultations, number: int
) -> None:
    consultations.answer(number, "ann", CHANGE)
    with pytest.raises(ConsultationError, match="still open"):
        _finish(consultations, number)
    consultations.close(number)
    with pytest.raises(ConsultationError, match="without a response"):
        _finish(consultations, number)
    _respond(consultations, number, EXPECTATION, "We did.", 0)
    assert _finish(consultations, number) == 4
    assert {each.email for each in consultations.emails("consultation-result")} == {
        f"{name}@employer.example" for name in ("ann", "bob", "cy", "ida")
    }
    assert len(consultations.emails("consultation-response")) == 1


def test_a_finished_consultation_can_be_reopened(consultations: Consultations, number: int) -> None:
    consultations.close(number)
    _finish(consultations, number)
    _reopen(consultations, number)
    consultations.answer(number, "cy", CHANGE)
    with consultations.database.reading() as session:
        assert [each.name for each in given_answers(session, number)] == ["Cy"]


def test_every_step_is_in_the_audit_log(consultations: Consultations, number: int) -> None:
    consultations.answer(number, "ann", CHANGE)
    consultations.close(number)
    with consultations.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        found = [(each.action, each.actor) for each in entries]
    assert found.count(("consultation", "committee@union.example")) == 4
    assert found.count(("consultation-invitation", "committee@union.example")) == 4
    answered = [actor for action, actor in found if action == "consultation-answers"]
    assert len(answered) == 1
    assert answered[0].startswith("person:")


def _respond(
    consultations: Consultations, number: int, point: str, text: str, version: int
) -> None:
    with consultations.database.transaction() as session:
        responses.respond(session, consultations.office, number, point, "adopted", text, version)


def _send(consultations: Consultations, number: int) -> int:
    with consultations.database.transaction() as session:
        return responses.send_responses(session, consultations.office, number)


def _finish(consultations: Consultations, number: int) -> int:
    with consultations.database.transaction() as session:
        return opening.finish(session, consultations.office, number)


def _reopen(consultations: Consultations, number: int) -> None:
    with consultations.database.transaction() as session:
        opening.reopen(session, consultations.office, number, CLOSES.replace(day=30), ZONE)
