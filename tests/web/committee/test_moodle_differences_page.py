"""Differences in Moodle: shown to those who may see the member, decided by the committee."""

from __future__ import annotations

import pytest

from bridge.store.delivery import deliveries, differences
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.delivery.delivery_queries import deliveries_of
from bridge.store.delivery.differences import NewDifference
from bridge.store.operations import runs
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.members import Member
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

PLACE = "/committee/moodle-differences"
TARGET = "stewardpath:path:first"


@pytest.fixture
def ids(users: SignedInUsers) -> list[int]:
    """One difference about the member in the north, one about the one in the south."""
    members = (users.member, users.other_member)
    payload = {"curriculum": "path", "milestone": "first"}
    with users.database.transaction() as session:
        records = [DeliveryRecord(member, "enrol", TARGET + ":x", payload) for member in members]
        deliveries.enqueue(session, records, users.clock())
        found = []
        for member in members:
            delivery = deliveries_of(session, member)[-1]
            delivery.state = "done"
            found.append(NewDifference(member, delivery.id, "enrol", TARGET, "unenrolled"))
        session.flush()
        differences.record(session, found, [], users.clock())
        return [row.id for row in differences.list_differences(session, 9)]


def post(users: SignedInUsers, what: str, *ids: int, answer: str = "") -> str:
    browser = users.client("committee")
    data = {"difference": [str(one) for one in ids], "answer": answer}
    assert browser.post(f"{PLACE}/{what}", data=data).status_code == 303
    return browser.get(PLACE).text


def states(users: SignedInUsers) -> set[str]:
    with users.database.reading() as session:
        rows = session.query(Delivery).where(Delivery.target == TARGET + ":x")
        return {row.state for row in rows}


def test_the_list_says_who_what_and_since_when(users: SignedInUsers, ids: list[int]) -> None:
    text = users.client("committee").get(PLACE).text
    assert text.count("No longer enrolled in the course") == 2
    assert "2 to decide" in users.client("committee").get("/committee/failed-deliveries").text
    assert users.client("chair").get(PLACE).text.count("No longer enrolled") == 1


def test_both_answers_in_bulk_and_back(users: SignedInUsers, ids: list[int]) -> None:
    assert "2 differences updated" in post(users, "answer", *ids, answer="leave")
    assert states(users) == {"done"}
    answered = users.client("committee").get(PLACE + "?answered=1").text
    assert answered.count("Leave it so") == 2
    assert "2 differences updated" in post(users, "withdraw", *ids)
    assert "2 differences updated" in post(users, "answer", *ids, answer="again")
    assert states(users) == {"owed"}


def test_nobody_decides_about_their_own_record(users: SignedInUsers, ids: list[int]) -> None:
    with users.database.transaction() as session:
        own = session.get_one(Member, users.member)
        own.email = own.email_key = ADDRESSES["committee"]
    text = post(users, "answer", *ids, answer="again")
    assert "1 difference updated" in text
    assert "It is about your own record." in text
    with users.database.reading() as session:
        assert [row.member_id for row in differences.list_differences(session, 9)] == [users.member]
    with users.database.transaction() as session:
        differences.answer(session, ids, "leave", "someone else", users.clock())
    assert "It is about your own record." in post(users, "withdraw", ids[0])


def test_a_refused_answer_says_why(users: SignedInUsers, ids: list[int]) -> None:
    assert "It is not listed any more." in post(users, "answer", 999, answer="leave")
    assert "Select the rows first." in post(users, "answer", answer="leave")


def test_the_members_pages_show_it(users: SignedInUsers, ids: list[int]) -> None:
    committee, member = users.client("committee"), f"/committee/members/{users.member}"
    words = "In Moodle: No longer enrolled in the course"
    assert words in committee.get(member).text
    assert words in committee.get(f"{member}/history.csv").text
    assert "(left so)" not in committee.get(member).text
    post(users, "answer", *ids, answer="leave")
    assert f"{words} (left so)" in committee.get(member).text


def test_what_the_check_held_is_on_the_page(users: SignedInUsers) -> None:
    page, words = "/committee/failed-deliveries", "40 of 200 are missing in Moodle"
    assert words not in users.client("committee").get(page).text
    with users.database.transaction() as session:
        run = runs.start_run(session, differences.CHECK_RUN, "test", users.clock())
        runs.finish_run(session, run, True, {"held": {"enrol": [40, 200]}}, users.clock())
    assert f"{words} (Enrolment in Moodle)" in users.client("committee").get(page).text
