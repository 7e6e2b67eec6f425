"""Credits are recorded once, counted by curriculum, and withdrawn with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bridge.store.database import Database
from bridge.store.learning import credits
from bridge.store.learning.credits import CreditRecord, credits_of, record, withdraw
from bridge.store.learning.member_progress import facts_of
from bridge.store.learning.signoffs import record_signoff, signoffs_of
from bridge.store.operations import audit_queries
from bridge.store.tables.learning import Credit
from tests.store.sample_members import LATER, NOW

TODAY = NOW.date()


def led(member: int, source_id: str = "1") -> CreditRecord:
    return CreditRecord(
        member_id=member, curriculum="path", kind="led", key="talk", occurred_on=TODAY,
        source="sessions", source_id=source_id, recorded_by="leader", evidence={"place": "Hall"},
    )  # fmt: skip


def test_a_source_is_recorded_once(db: Database, two_members: list[int]) -> None:
    anna, ben = two_members
    with db.transaction() as session:
        assert record(session, led(anna), NOW)
        assert not record(session, led(anna), LATER)
        assert not record(session, replace(led(ben), key="other"), LATER)
        assert record(session, led(anna, "2"), LATER)
        assert record(session, replace(led(anna), source="other"), LATER)
    with db.reading() as session:
        assert [each.recorded_at for each in credits_of(session, anna)] == [NOW, LATER, LATER]
        assert credits_of(session, ben) == []
        actions = [line.action for line in audit_queries.entries(session, 9)]
    assert actions == ["credit"] * 3


def test_a_withdrawn_credit_does_not_count_and_is_kept(
    db: Database, two_members: list[int]
) -> None:
    anna, _ = two_members
    with db.transaction() as session:
        record(session, led(anna), NOW)
        [credit] = credits_of(session, anna)
        assert withdraw(session, credit.id, "Wrong person", "chair", LATER)
        assert not withdraw(session, credit.id, "Again", "other", LATER + timedelta(1))
        assert not withdraw(session, 999, "Nothing", "chair", LATER)
        assert not record(session, led(anna), LATER), "its source is known"
    with db.reading() as session:
        [credit] = credits_of(session, anna)
        assert (credit.withdrawn_at, credit.withdrawn_by) == (LATER, "chair")
        assert credit.withdrawn_reason == "Wrong person"
        assert facts_of(session, "path", [anna], TODAY)[anna].credits == frozenset()
        newest = audit_queries.entries(session, 1)[0]
    assert (newest.action, newest.after) == ("credit-withdrawn", {"reason": "Wrong person"})


def test_a_signoff_counts_in_its_curriculum_only(db: Database, two_members: list[int]) -> None:
    anna, _ = two_members
    with db.transaction() as session:
        record_signoff(session, anna, "path", "basic", "Lee", "", "chair", NOW)
        assert record_signoff(session, anna, "other", "basic", "Lee", "", "chair", NOW)
        found = {path: facts_of(session, path, [anna], TODAY)[anna] for path in ("path", "third")}
    assert found["path"].signoffs == {"basic"}
    assert found["third"].signoffs == frozenset()


def test_a_signoff_without_a_curriculum_counts_in_all(db: Database, two_members: list[int]) -> None:
    anna, _ = two_members
    with db.transaction() as session:
        record_signoff(session, anna, credits.EVERY_CURRICULUM, "basic", "Lee", "", "c", NOW)
        assert not record_signoff(session, anna, "path", "basic", "Lee", "", "c", LATER)
        assert facts_of(session, "third", [anna], TODAY)[anna].signoffs == {"basic"}


def test_a_signoff_can_be_recorded_again_after_a_withdrawal(
    db: Database, two_members: list[int]
) -> None:
    anna, _ = two_members
    for _round in range(3):
        with db.transaction() as session:
            assert record_signoff(session, anna, "path", "basic", "Lee", "", "c", NOW)
            assert not record_signoff(session, anna, "path", "basic", "Lee", "", "c", NOW)
            [active] = signoffs_of(session, anna)
            withdraw(session, active.id, "Not yet", "c", LATER)
    with db.reading() as session:
        assert len({each.source_id for each in credits_of(session, anna)}) == 3


def test_keys_with_the_same_beginning_are_different(db: Database, two_members: list[int]) -> None:
    anna, _ = two_members
    with db.transaction() as session:
        assert record_signoff(session, anna, "path", "a-b", "Lee", "", "c", NOW)
        assert record_signoff(session, anna, "path", "a", "Lee", "", "c", NOW)
        assert record_signoff(session, anna, "path", "a-b-c", "Lee", "", "c", NOW)
        assert session.query(Credit).count() == 3
