"""Enrolments."""

from __future__ import annotations

from sqlalchemy import select

from bridge.store.database import Database
from bridge.store.learning.awards import AwardRecord, grant
from bridge.store.learning.enrolments import mark_earned, mark_enrolled, request_enrolments
from bridge.store.learning.waiting_members import waiting_members
from bridge.store.tables.learning import Enrolment
from tests.store.sample_members import LATER, NOW, add, member
from tests.support.query_lists import listed


def test_an_enrolment_is_requested_once_and_then_made(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        assert request_enrolments(session, [(anna, "path", "a"), (ben, "path", "a")], NOW) == [
            (anna, "path", "a"), (ben, "path", "a"),
        ]  # fmt: skip
        assert request_enrolments(session, [(anna, "path", "a"), (anna, "path", "b")], LATER) == [
            (anna, "path", "b")
        ]
        assert request_enrolments(session, [], NOW) == []
        assert mark_enrolled(session, [anna], "path", "a", LATER) == 1
        assert mark_enrolled(session, [anna], "path", "a", LATER) == 0
        assert mark_enrolled(session, [anna], "path", "never", LATER) == 0
        stored = session.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        assert {e.milestone for e in stored if e.enrolled_at and e.member_id == anna} == {"a"}
        assert [e for e in stored if e.enrolled_at and e.member_id == ben] == []
        assert [(e.milestone, e.enrolled_at) for e in stored if e.member_id == anna] == [
            ("a", LATER), ("b", None),
        ]  # fmt: skip


def test_an_enrolment_under_a_former_key_is_not_requested_again(
    db: Database, two_members: list[int], queries: list[str]
) -> None:
    anna, ben = two_members
    renamed = {("path", "a"): "c", ("path", "b"): "c", ("else", "a"): "b"}
    with db.transaction() as session:
        request_enrolments(session, [(anna, "path", "a"), (ben, "else", "b")], NOW)
        wanted = [(one, path, "c") for one in (anna, ben) for path in ("path", "else")]
        queries.clear()
        assert request_enrolments(session, wanted, LATER, renamed) == [
            (anna, "else", "c"), (ben, "else", "c"), (ben, "path", "c"),
        ]  # fmt: skip
        assert len(queries) == 2, listed(queries)


def opened(db: Database) -> list[str]:
    query = select(Enrolment.milestone).where(Enrolment.earned_at.is_(None))
    with db.reading() as session:
        return sorted(session.scalars(query))


def test_an_award_under_any_key_closes_the_enrolment(db: Database, queries: list[str]) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [member(1), member(2)])
        request_enrolments(session, [(anna, "path", key) for key in ("now", "other")], NOW)
        request_enrolments(session, [(ben, "path", "now")], NOW)
        grant(session, [AwardRecord(anna, "path", "before", "r", {}, LATER)])
        mark_earned(session, [anna, ben], {})
    assert opened(db) == ["now", "now", "other"]
    with db.transaction() as session:
        queries.clear()
        mark_earned(session, [anna, ben], {("path", "before"): "now"})
        assert len(queries) == 1, listed(queries)
    assert opened(db) == ["now", "other"]
    with db.reading() as session:
        assert [
            one.member_id
            for one in waiting_members(session, {("path", "now"): ""}, None, 9, since=LATER)
        ] == [ben]
