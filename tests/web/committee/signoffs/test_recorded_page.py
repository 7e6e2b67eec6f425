"""A recorded list: who may see, undo and withdraw it."""

from __future__ import annotations

from dataclasses import replace

from bridge.curriculum.model import Entry
from bridge.member_records import MemberRecord
from bridge.store.members.upsert import upsert_members
from tests.web.committee.signoffs.test_sign_off_page import PAGE, filled, send, signed
from tests.web.committee.signoffs.test_sign_off_page import union as union
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

TALK = "a-path:talk"


def store(union: SignedInUsers, record: MemberRecord) -> int:
    with union.database.transaction() as session:
        [number] = upsert_members(session, [record], union.clock()).ids
    return number


def test_nobody_undoes_their_own_sign_off_with_a_list(union: SignedInUsers) -> None:
    own = store(union, MemberRecord("C1", ADDRESSES["auditor"], "Com", "Mittee", region="north"))
    both = (ADDRESSES["committee"], ADDRESSES["auditor"])
    union.config = union.config.model_copy(update={"committee": both})
    union.app = union._application()
    send(union, filled("C1\n1001", requirement=TALK))
    page = union.client("auditor").post(f"{PAGE}/lists/1/undo", follow_redirects=True).text
    assert "You are in this list." in page
    assert own in signed(union)


def test_chairs_do_not_withdraw_what_a_milestone_depends_on(union: SignedInUsers) -> None:
    [path] = union.shelf
    first, second = path.milestones
    union.shelf[:] = [replace(path, milestones=(first, replace(second, entry=Entry())))]
    assert "1 milestone was reached." in send(union, filled("1001", requirement=TALK), "chair")
    chair = union.client("chair")
    page = chair.get(f"{PAGE}/lists/1").text
    assert "Only the committee can withdraw it" in page
    assert "Withdraw all" not in page
    refused = chair.post(f"{PAGE}/lists/1/undo", data={"reason": "because"})
    assert refused.status_code == 403
    assert signed(union) == [union.member]
    assert "Withdraw all" in union.client("committee").get(f"{PAGE}/lists/1").text


def test_chairs_see_and_undo_only_people_of_their_region(union: SignedInUsers) -> None:
    send(union, filled("1001\nN1", requirement=TALK), "chair")
    store(union, MemberRecord("1001", "member@union.example", "Mem", "Ber", region="south"))
    chair = union.client("chair")
    page = chair.get(f"{PAGE}/lists/1").text
    assert "Mem Ber" not in page
    assert "Nom Ber1" in page
    assert "1 person isn" in page
    assert ">Undo<" not in page
    assert chair.post(f"{PAGE}/lists/1/undo").status_code == 403
    assert union.member in signed(union)
    page = union.client("committee").post(f"{PAGE}/lists/1/undo", follow_redirects=True).text
    assert "2 sign-offs were withdrawn." in page


def test_undoing_says_what_was_corrected_and_stays(union: SignedInUsers) -> None:
    send(union, filled("1001\n1002", requirement=TALK))
    browser = union.client("committee")
    changed = {
        "requirement": TALK, "occurred_on": "2026-02-01", "by_name": "Kim", "note": "",
        "reason": "Wrong day",
    }  # fmt: skip
    browser.post(f"/committee/members/{union.member}/credits/1/change", data=changed)
    assert "corrected or signed off again" in browser.get(f"{PAGE}/lists/1").text
    page = browser.post(f"{PAGE}/lists/1/undo", follow_redirects=True).text
    assert "1 sign-off was withdrawn." in page
    assert "1 sign-off was corrected or recorded again, and stays." in page
    assert signed(union) == [union.member]
