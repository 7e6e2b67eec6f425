"""Merging two entries of a person who was invited twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bridge.consultations.answers import answering
from bridge.consultations.answers.results import given_answers
from bridge.consultations.approvals import missing_approvals
from bridge.consultations.drafts import fingerprint
from bridge.consultations.rules import Answer
from bridge.consultations.tables import ConsultationAnswer, Invitation, move_invitations
from bridge.store.database import Database
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.consultations.environment import EXPECTATION, MILESTONE, Consultations
from tests.consultations.sample_rows import add_consultation, add_invitation
from tests.web.sample_site import NOON, PATH


def test_one_voice_stays(database: Database) -> None:
    with database.transaction() as session:
        kept, gone = (
            records.find_or_add(session, PersonRecord(name, f"{name}@people.example"), NOON).id
            for name in ("kept", "gone")
        )
        first, group = add_consultation(session, NOON)
        mine = add_invitation(session, first, group, kept, NOON)
        theirs = add_invitation(session, first, group, gone, NOON)
        session.get_one(Invitation, mine).state = "withdrawn"
        second, other = add_consultation(session, NOON)
        moved = add_invitation(session, second, other, gone, NOON)
        session.flush()
        move_invitations(session, gone, kept)
    with database.reading() as session:
        rows = session.scalars(select(Invitation).order_by(Invitation.id)).all()
        assert [(each.id, each.person_id) for each in rows] == [(theirs, kept), (moved, kept)]
        answers = session.scalars(select(ConsultationAnswer.invitation_id)).all()
        assert sorted(answers) == [theirs, moved]


@pytest.mark.parametrize("kept_decides", [True, False])
def test_the_place_of_who_decides_stays_with_approval_and_answers(
    consultations: Consultations, *, kept_decides: bool
) -> None:
    number = consultations.open()
    board = consultations.group(number, "Board", "decides")
    consultations.invite(number, board, "ann")
    consultations.invite(number, consultations.group(number, "Others"), "bob")
    consultations.answer(number, "bob", Answer(EXPECTATION, "drop"))
    text = fingerprint(PATH, MILESTONE)
    with consultations.database.transaction() as session:
        ann = consultations.place(session, number, "ann")
        answering.decide(session, consultations.office, ann, "approved", text)
        bob = consultations.place(session, number, "bob")
        both = (bob.invitation.person_id, ann.invitation.person_id)
        move_invitations(session, *(both if kept_decides else both[::-1]))
    with consultations.database.reading() as session:
        [stays] = session.scalars(select(Invitation)).all()
        assert (stays.group_id, stays.person_id) == (board, both[kept_decides])
        assert missing_approvals(session, number, text) == []
        assert [each.choice for each in given_answers(session, number)] == ["drop"]


def test_of_two_who_decide_the_last_decision_stays(consultations: Consultations) -> None:
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann", "bob")
    text = fingerprint(PATH, MILESTONE)
    with consultations.database.transaction() as session:
        ann, bob = (consultations.place(session, number, each) for each in ("ann", "bob"))
        answering.decide(session, consultations.office, ann, "approved", text)
        consultations.clock.forward(hours=1)
        answering.decide(session, consultations.office, bob, "refused", text, "No.")
        move_invitations(session, bob.invitation.person_id, ann.invitation.person_id)
    with consultations.database.reading() as session:
        [missing] = missing_approvals(session, number, text)
        assert (missing.name, missing.refused, missing.note) == ("Ann", True, "No.")
