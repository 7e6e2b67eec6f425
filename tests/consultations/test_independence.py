"""Who could publish a text can't approve it, whatever the committee does to an entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from sqlalchemy.orm import Session

from bridge.consultations.answers import answering
from bridge.consultations.answers.results import invited_people
from bridge.consultations.drafts import fingerprint
from bridge.consultations.invitations import inviting
from bridge.consultations.invitations.pasted_people import Named
from bridge.errors import ConsultationError
from bridge.features import FEATURES
from bridge.features.registers import personal_tables
from bridge.member_records import MemberRecord
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import changes, member_links
from bridge.store.persons.records import PersonRecord
from tests.consultations.environment import MILESTONE, Consultations
from tests.web.sample_site import NOON, PATH

MINE = "committee@union.example"
Trick = Callable[[Session, int], None]


@pytest.fixture
def number(consultations: Consultations) -> int:
    """A consultation that Ann decides about."""
    number = consultations.open()
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann")
    return number


def own_member(session: Session, email: str) -> int:
    record = MemberRecord("5005", email, "Com", "Mit", region="north")
    return upsert_members(session, [record], NOON).created[0]


def merge(session: Session, ann: int) -> None:
    me = changes.add(session, PersonRecord("Me", MINE), MINE, NOON).id
    moves = [each.move for each in personal_tables(FEATURES) if each.move is not None]
    changes.merge(session, me, ann, moves, MINE, NOON)


def correct_address(session: Session, ann: int) -> None:
    changes.correct(session, ann, PersonRecord("Ann", f" {MINE.upper()}"), MINE, NOON)


def address_with_tag(session: Session, ann: int) -> None:
    record = PersonRecord("Ann", "committee+ann@union.example")
    changes.correct(session, ann, record, MINE, NOON)


def link_to_own_member(session: Session, ann: int) -> None:
    member_links.link_to_member(session, ann, own_member(session, MINE), MINE, NOON)


def join_the_committee(session: Session, ann: int) -> None:
    row = TeamRoleRow(
        id=0, email="ann@employer.example", name="Ann", role="committee", region="", given_by=MINE,
        lineage=[], given_at=NOON, confirmed_by="", invited_at=NOON, accepted_at=NOON,
    )  # fmt: skip
    team.give(session, row)


TRICKS: tuple[Trick, ...] = (
    merge, correct_address, address_with_tag, link_to_own_member, join_the_committee,
)  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS, ids=lambda each: each.__name__)
def test_no_link_comes_and_no_approval_counts(
    consultations: Consultations, number: int, trick: Trick
) -> None:
    with consultations.database.transaction() as session:
        place = consultations.place(session, number, "ann")
        trick(session, place.invitation.person_id)
    before = len(consultations.emails())
    office = consultations.office
    with refused(), consultations.database.transaction() as session:
        inviting.send_again(session, office, number, place.invitation.id)
    with refused(), consultations.database.transaction() as session:
        inviting.ask_for_approval(session, office, number)
    assert len(consultations.emails()) == before
    with refused(), consultations.database.transaction() as session:
        decide(session, consultations, number, "approved")
    with consultations.database.transaction() as session:
        decide(session, consultations, number, "refused")


@pytest.mark.parametrize("email", ["old@union.example", MINE.upper(), "committee+x@union.example"])
def test_nobody_invites_themselves_to_decide(
    consultations: Consultations, number: int, email: str
) -> None:
    with consultations.database.transaction() as session:
        own_member(session, "old@union.example")
    with consultations.database.transaction() as session:
        record = MemberRecord("5005", MINE, "Com", "Mit", region="north")
        upsert_members(session, [record], NOON)
    before = len(consultations.emails())
    with refused(), consultations.database.transaction() as session:
        inviting.invite(session, consultations.office, number, 1, [Named("Me", email)])
    assert len(consultations.emails()) == before


def test_the_former_address_of_a_person_is_theirs(
    consultations: Consultations, number: int
) -> None:
    with consultations.database.transaction() as session:
        old = changes.add(session, PersonRecord("Me", "me@home.example"), MINE, NOON).id
        changes.correct(session, old, PersonRecord("Me", MINE), MINE, NOON)
    before = len(consultations.emails())
    with refused(), consultations.database.transaction() as session:
        me = Named("Me", "me@home.example")
        inviting.invite(session, consultations.office, number, 1, [me])
    assert len(consultations.emails()) == before


def test_others_approve(consultations: Consultations, number: int) -> None:
    with consultations.database.transaction() as session:
        decide(session, consultations, number, "approved")
        place = consultations.place(session, number, "ann")
        assert place.invitation.approval == "approved"


def refused() -> pytest.RaisesExc[ConsultationError]:
    return pytest.raises(ConsultationError, match="can't approve it too")


def decide(
    session: Session, consultations: Consultations, number: int,
    decision: Literal["approved", "refused"],
) -> None:  # fmt: skip
    """As by the link of the only person who is invited."""
    [person_id] = {each.invitation.person_id for each in invited_people(session, number)}
    place = answering.find_place(session, number, person_id)
    assert place is not None
    text = fingerprint(PATH, MILESTONE)
    answering.decide(session, consultations.office, place, decision, text, "No.")
