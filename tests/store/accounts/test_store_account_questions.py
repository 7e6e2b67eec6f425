"""Questions about Moodle accounts, and what their answers change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.store.accounts import answers as account_answers
from bridge.store.accounts.questions import (
    Answers,
    ListedQuestion,
    NewQuestion,
    add_questions,
    answer,
    answered_questions,
    answers,
    count_open,
    drop_open,
    open_questions,
    withdraw,
)
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning import enrolments
from bridge.store.members.queries import members_by_ids
from bridge.store.members.roles import give_role, roles_of
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.learning import Enrolment
from bridge.store.tables.operations import AuditEntry
from tests.store.sample_members import ANNA, BEN, LATER, NOW, add, many_members

WHY = "The number fits, the email address does not."


KIM = MemberRecord(None, "kim@example.org", "Kim", "Doe", source="moodle", moodle_user_id=41)


def ask_about(session: Session, *pairs: tuple[int, int]) -> list[int]:
    """Ask about these members and accounts; returns the questions' ids in that order."""
    add_questions(
        session, [NewQuestion(m, a, WHY, "kim@example.org", "7777") for m, a in pairs], NOW
    )
    ids = {(one.member_id, one.moodle_user_id): one.id for one in open_questions(session, 100)}
    return [ids[pair] for pair in pairs]


def failed_account(session: Session, member: int) -> None:
    deliveries.enqueue(session, [DeliveryRecord(member, "account", "", {})], NOW)
    [one] = deliveries.claim(session, "account", "worker", NOW, timedelta(minutes=5), 5)
    deliveries.mark_failed(session, one.id, "worker", "two accounts fit")


def account(session: Session, member: int) -> int | None:
    return members_by_ids(session, [member])[member].moodle_user_id


def states(session: Session, member: int) -> dict[str, tuple[str, int]]:
    rows = session.scalars(select(Delivery).where(Delivery.member_id == member))
    fresh = {one.kind: one for one in rows}
    for one in fresh.values():
        session.refresh(one)
    return {kind: (one.state, one.attempts) for kind, one in fresh.items()}


def lines(session: Session) -> list[tuple[str, str, int | None]]:
    return [(one.actor, one.action, one.member_id) for one in session.scalars(select(AuditEntry))]


def test_an_open_question_is_updated_and_an_answered_one_is_not(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        first = NewQuestion(anna, 41, WHY, "old@example.org", "1")
        add_questions(session, [first, replace(first, account_email="new@example.org")], NOW)
        add_questions(
            session, [replace(first, reason="Another reason.", account_number="2")], LATER
        )
        [one] = open_questions(session, 5)
        assert isinstance(one, ListedQuestion)
        assert (one.number, one.email, one.region, one.linked) == (
            "1001", "anna@example.org", "north", None,
        )  # fmt: skip
        assert (one.reason, one.account_email, one.account_number, one.asked_at) == (
            "Another reason.", "old@example.org", "2", NOW,
        )  # fmt: skip
        answer(session, [one.id], "different", "chair", LATER)
        add_questions(session, [first], LATER)
        assert open_questions(session, 5) == []
        [listed] = answered_questions(session, 5)
        assert (listed.answer, listed.answered_by, listed.answered_at) == (
            "different",
            "chair",
            LATER,
        )
        assert (listed.account_email, listed.account_number) == ("", "")


def test_questions_about_erased_members_are_ignored(db: Database) -> None:
    with db.transaction() as session:
        add_questions(session, [NewQuestion(999, 41, WHY)], NOW)
        add_questions(session, [], NOW)
        assert count_open(session) == 0


def test_questions_are_listed_in_pages_and_by_region(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        first, second, third = ask_about(session, (anna, 41), (anna, 42), (ben, 43))
        assert [one.id for one in open_questions(session, 2)] == [first, second]
        assert [one.id for one in open_questions(session, 2, second)] == [third]
        assert [one.id for one in open_questions(session, 5, regions={"east"})] == [third]
        assert (count_open(session), count_open(session, {"east"})) == (3, 1)
        drop_open(session, [anna])
        assert [one.id for one in open_questions(session, 5)] == [third]


def test_an_answer_is_stored_and_audited_and_the_account_is_queued_again(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        failed_account(session, anna)
        first, second, third = ask_about(session, (anna, 41), (anna, 42), (ben, 43))
        assert answer(session, [first], "same", "chair", LATER).changed == [first]
        assert answer(session, [second, third], "different", "chair", LATER).changed == [
            second, third,
        ]  # fmt: skip
        assert answers(session, [anna, ben, 999]) == {
            anna: Answers(41, frozenset({42})),
            ben: Answers(None, frozenset({43})),
        }
        assert states(session, anna) == {"account": ("owed", 0)}
        assert states(session, ben) == {"account": ("owed", 0)}
        assert account(session, anna) is None, "the delivery links it, once it has looked"
        assert lines(session) == [("chair", "account-answer", one) for one in (anna, anna, ben)]
        again = answer(session, [first, 999], "same", "chair", LATER)
        assert (again.changed, again.unchanged) == ([], [first])
        assert again.refused == {999: account_answers.MISSING}
        assert len(lines(session)) == 3


def test_a_worker_that_holds_the_delivery_does_not_undo_the_answer(db: Database) -> None:
    with db.transaction() as session:
        [anna] = add(session, [ANNA])
        deliveries.enqueue(session, [DeliveryRecord(anna, "account", "", {})], NOW)
        [one] = deliveries.claim(session, "account", "worker", NOW, timedelta(minutes=5), 5)
        answer(session, ask_about(session, (anna, 41)), "same", "chair", NOW)
        assert deliveries.mark_failed(session, one.id, "worker", "in doubt") == 0
        assert states(session, anna) == {"account": ("owed", 0)}


def test_one_member_has_one_account_and_one_account_has_one_member(db: Database) -> None:
    with db.transaction() as session:
        anna, ben = add(session, [ANNA, BEN])
        first, second, third = ask_about(session, (anna, 41), (anna, 42), (ben, 42))
        refused = answer(session, [first, second], "same", "chair", NOW).refused
        assert refused == dict.fromkeys((first, second), account_answers.ONE_ACCOUNT)
        refused = answer(session, [second, third], "same", "chair", NOW).refused
        assert set(refused) == {second, third}
        answer(session, [second], "same", "chair", NOW)
        assert answer(session, [first], "same", "chair", NOW).refused == {
            first: account_answers.ONE_ACCOUNT
        }
        assert answer(session, [third], "same", "chair", NOW).refused == {
            third: account_answers.ONE_MEMBER
        }
        assert answer(session, [second], "different", "chair", NOW).refused == {
            second: account_answers.ANSWERED_SAME
        }


def test_the_account_of_a_record_without_number_moves(db: Database) -> None:
    with db.transaction() as session:
        kim, anna = add(session, [KIM, ANNA])
        failed_account(session, anna)
        one, _ = ask_about(session, (anna, 41), (anna, 42))
        result = answer(session, [one], "same", "chair", LATER)
        assert result.moved == {one: kim}
        assert open_questions(session, 5) == [], "nobody needs to answer about the other account"
        assert (account(session, anna), account(session, kim)) == (41, None)
        assert lines(session) == [
            ("chair", "account-answer", anna),
            ("chair", "member", kim),
            ("chair", "member", anna),
        ]
        [listed] = answered_questions(session, 5)
        assert listed.other_id == kim


def test_the_account_of_a_member_with_a_number_does_not_move(db: Database) -> None:
    with db.transaction() as session:
        kim, anna = add(session, [replace(KIM, number="1005"), ANNA])
        [one] = ask_about(session, (anna, 41))
        assert answer(session, [one], "same", "chair", NOW).refused == {one: account_answers.HELD}
        assert (account(session, anna), account(session, kim)) == (None, 41)
        [bens] = add(session, [replace(BEN, moodle_user_id=50)])
        [two] = ask_about(session, (bens, 51))
        refused = answer(session, [two], "same", "chair", NOW).refused
        assert refused == {two: account_answers.HAS_ACCOUNT}


def test_two_records_without_number_and_account_never_share_an_email(db: Database) -> None:
    with db.transaction() as session:
        [kim] = add(session, [KIM])
        other, anna = add(session, [replace(KIM, moodle_user_id=None, email="k@example.org"), ANNA])
        members_by_ids(session, [kim])[kim].email_key = "k@example.org"
        session.flush()
        assert other != kim
        [one] = ask_about(session, (anna, 41))
        refused = answer(session, [one], "same", "chair", NOW).refused
        assert refused == {one: account_answers.DUPLICATE}


def test_a_wrong_account_is_unlinked_and_its_deliveries_are_queued_again(
    db: Database,
) -> None:
    with db.transaction() as session:
        [anna] = add(session, [replace(ANNA, moodle_user_id=41)])
        kinds = ("account", "enrol", "message")
        enrolments.request_enrolments(session, [(anna, "path", "m")], NOW)
        enrolments.mark_enrolled(session, [anna], "path", "m", NOW)
        deliveries.enqueue(session, [DeliveryRecord(anna, kind, "", {}) for kind in kinds], NOW)
        for kind in kinds:
            [one] = deliveries.claim(session, kind, "worker", NOW, timedelta(minutes=5), 5)
            deliveries.mark_done(session, [one.id], "worker", NOW)
        [one_id] = ask_about(session, (anna, 41))
        assert answer(session, [one_id], "different", "chair", LATER).changed == [one_id]
        assert account(session, anna) is None
        assert states(session, anna) == {
            "account": ("owed", 0), "enrol": ("owed", 0), "message": ("done", 1),
        }  # fmt: skip
        assert session.scalar(select(Enrolment.enrolled_at)) is None
        assert answers(session, [anna]) == {anna: Answers(None, frozenset({41}))}


def test_a_record_with_the_accounts_email_keeps_it_and_loses_the_number(db: Database) -> None:
    """A stranger registered in Moodle as member 7777, and the member list gave them the role."""
    with db.transaction() as session:
        [kim] = add(session, [replace(KIM, number="7777")])
        give_role(session, kim, HeldRole("steward"), "csv", NOW)
        failed_account(session, kim)
        [one] = ask_about(session, (kim, 41))
        assert answer(session, [one], "different", "chair", LATER).changed == [one]
        member = members_by_ids(session, [kim])[kim]
        assert (member.number, member.moodle_user_id) == (None, 41)
        assert roles_of(session, [kim]) == {}
        assert lines(session)[-1] == ("chair", "member", kim)
        [new] = add(session, [replace(ANNA, number="7777")])
        assert new != kim


def test_a_record_with_the_members_email_loses_the_account(db: Database) -> None:
    """The member list gave the stranger's record the real email; the next list must not join
    the two again."""
    real = replace(KIM, number="7777", email="real@example.org")
    with db.transaction() as session:
        [kim] = add(session, [real])
        [one] = ask_about(session, (kim, 41))
        answer(session, [one], "different", "chair", LATER)
        upsert_members(session, [replace(real, source="csv", moodle_user_id=None)], NOW)
        member = members_by_ids(session, [kim])[kim]
        assert (member.number, member.moodle_user_id) == ("7777", None)


def test_a_number_from_the_member_list_is_not_removed(db: Database) -> None:
    with db.transaction() as session:
        [kim] = add(session, [KIM])
        assert upsert_members(session, [replace(KIM, number="7777")], NOW, actor="csv").changed
        [one] = ask_about(session, (kim, 41))
        answer(session, [one], "different", "chair", LATER)
        member = members_by_ids(session, [kim])[kim]
        assert (member.number, member.moodle_user_id) == ("7777", None)


def test_an_answer_can_be_withdrawn(db: Database) -> None:
    with db.transaction() as session:
        anna, _ = add(session, [ANNA, BEN])
        failed_account(session, anna)
        first, second = ask_about(session, (anna, 41), (anna, 42))
        answer(session, [first], "same", "chair", NOW)
        result = withdraw(session, [first, second, 999], "chair", LATER)
        assert (result.changed, result.unchanged) == ([first], [second])
        assert result.refused == {999: account_answers.MISSING}
        assert answers(session, [anna]) == {}
        assert [one.id for one in open_questions(session, 5)] == [first, second]
        assert states(session, anna) == {"account": ("owed", 0)}
        assert len(lines(session)) == 2
        assert answer(session, [first], "different", "chair", NOW).changed == [first]


@pytest.mark.parametrize("given", ["same", "different"])
def test_answering_many_questions_needs_no_more_queries(
    db: Database, queries: list[str], given: account_answers.Answer
) -> None:
    counted = []
    for start, count in ((1, 2), (100, 60)):
        with db.transaction() as session:
            ids = add(session, many_members(count, start))
            found = ask_about(session, *((one, 1000 + one) for one in ids))
            queries.clear()
            assert len(answer(session, found, given, "chair", NOW).changed) == count
            counted.append(len(queries))
    assert counted[0] == counted[1]
