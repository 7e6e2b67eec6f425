"""Merging two entries of a person who was invited twice."""

from __future__ import annotations

from sqlalchemy import select

from bridge.consultations.tables import ConsultationAnswer, Invitation, move_invitations
from bridge.store.database import Database
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from tests.consultations.sample_rows import add_consultation, add_invitation
from tests.web.sample_site import NOON


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
