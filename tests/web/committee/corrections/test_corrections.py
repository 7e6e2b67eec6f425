"""Changing a sign-off, a role or attendance, and deciding about the milestones that lack it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.membership.roles import HeldRole
from bridge.store.learning import awards, decisions
from bridge.store.learning.credits import CreditRecord, credits_of, record
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members.roles import give_role, roles_of
from bridge.workflows.awards import assess
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers


@pytest.fixture
def signed(users: SignedInUsers) -> SignedInUsers:
    """A member who earned a milestone by a sign-off, and another by a role."""
    walk = SignedOff("walk", english("A walk"))
    talk = SignedOff("talk", english("A talk"))
    first, second = PATH.milestones
    users.shelf[:] = [
        replace(PATH, milestones=(replace(first, requirements=(walk,)),
                                  replace(second, requirements=(HasRole("steward"),)),
                                  replace(second, key="third", requirements=(talk,))))
    ]  # fmt: skip
    with users.database.transaction() as session:
        record_signoff(session, users.member, PATH.key, "walk", "Lee", "", "c", users.clock())
        give_role(session, users.member, HeldRole("steward"), "c", users.clock())
        assess(session, users.shelf, [users.member], users.clock())
    return users


def page(users: SignedInUsers, rest: str) -> str:
    return f"/committee/members/{users.member}/{rest}"


def post(users: SignedInUsers, rest: str, data: Mapping[str, str]) -> str:
    browser = users.client("committee")
    return browser.post(page(users, rest), data=dict(data), follow_redirects=True).text


CHANGED = {"requirement": "a-path:walk", "occurred_on": "2026-02-01", "by_name": "Kim",
           "note": "In the hall", "reason": "Wrong name"}  # fmt: skip
CHANGE = "credits/1/change"


def state(users: SignedInUsers) -> tuple[int, int]:
    """How many awards the member has, and how many decisions are open."""
    with users.database.reading() as session:
        return len(awards.awards_of(session, users.member)), decisions.count_open(session)


def test_a_sign_off_is_changed_with_a_reason(signed: SignedInUsers) -> None:
    form = signed.client("committee").get(page(signed, CHANGE)).text
    assert '<option value="a-path:walk" selected>' in form
    assert "Please fix" in post(signed, CHANGE, CHANGED | {"reason": ""})
    assert "Saved." in post(signed, CHANGE, CHANGED)
    with signed.database.reading() as session:
        [new, old] = credits_of(session, signed.member)
    assert (old.withdrawn_reason, old.withdrawn_by) == ("Wrong name", "committee@union.example")
    assert new.evidence == {"by_name": "Kim", "note": "In the hall", "corrects": old.id}
    assert (new.occurred_on.isoformat(), new.withdrawn_at) == ("2026-02-01", None)
    assert state(signed) == (2, 0), "nothing depends on who confirmed it"
    assert "No change." in post(signed, f"credits/{new.id}/change", CHANGED)


def test_a_change_that_milestones_depend_on_asks_first(signed: SignedInUsers) -> None:
    other = CHANGED | {"requirement": "a-path:talk"}
    asked = post(signed, CHANGE, other)
    assert "These milestones were awarded because of it:" in asked
    assert "Choose what happens to the milestones." in asked
    assert 'value="Wrong name"' in asked or ">Wrong name</textarea>" in asked.replace("\r\n", "")
    post(signed, CHANGE, other | {"milestones": "later"})
    assert state(signed)[1] == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"occurred_on": "2999-01-01"}, "This day is in the future."),
        ({"by_name": ""}, "Enter who confirms it."),
        ({"requirement": ""}, "Choose a requirement."),
    ],
)
def test_a_wrong_change_keeps_what_was_typed(
    signed: SignedInUsers, sent: dict[str, str], words: str
) -> None:
    shown = post(signed, CHANGE, CHANGED | {"milestones": "later"} | sent)
    assert words in shown
    assert 'value="In the hall"' in shown


def test_a_milestone_is_decided_about_from_the_to_do_list(signed: SignedInUsers) -> None:
    post(signed, "credits/1/withdraw", {"reason": "Wrong member", "milestones": "later"})
    assert state(signed) == (2, 1)
    browser = signed.client("committee")
    assert (
        'Milestones to decide about</a> <strong class="count">1</strong>'
        in browser.get("/committee").text
    )
    listed = browser.get("/committee/decisions").text
    assert "A walk" in listed
    assert "Wrong member" in listed
    assert page(signed, "decisions/1") in listed
    assert page(signed, "decisions/1") in browser.get(page(signed, "")[:-1]).text
    assert "decisions/1" not in signed.client("auditor").get("/committee/decisions").text
    shown = browser.get(page(signed, "decisions/1")).text
    assert "“A walk”" in shown
    assert "Please fix" in post(signed, "decisions/1", {"answer": "keep", "reason": ""})
    assert "Saved." in post(signed, "decisions/1", {"answer": "keep", "reason": "Was there"})
    assert state(signed) == (2, 0)
    assert "Was there" in browser.get(page(signed, "")[:-1]).text
    assert "decide about" not in browser.get("/committee").text
    again = post(signed, "decisions/1", {"answer": "withdraw", "reason": "x"})
    assert "decided before" in again
    assert state(signed) == (2, 0)


def test_a_milestone_is_withdrawn_after_a_decision(signed: SignedInUsers) -> None:
    post(signed, "credits/1/withdraw", {"reason": "Wrong member", "milestones": "later"})
    post(signed, "decisions/1", {"answer": "withdraw", "reason": "Not earned"})
    assert state(signed) == (1, 0)
    assert signed.woken


def test_a_deleted_role_that_a_milestone_depends_on_asks(signed: SignedInUsers) -> None:
    with signed.database.reading() as session:
        [role] = roles_of(session, [signed.member])[signed.member]
    sent = {"role": "steward", "reason": "Another person", "delete": "y"}
    asked = post(signed, f"role/{role.id}", sent)
    assert "Choose what happens to the milestones." in asked
    with signed.database.reading() as session:
        assert roles_of(session, [signed.member])
    post(signed, f"role/{role.id}", sent | {"milestones": "later"})
    assert state(signed) == (2, 1)
    with signed.database.reading() as session:
        [listed] = decisions.list_open(session, 9)
    assert (listed.about, listed.reason) == ("role:steward", "Another person")
    post(signed, "role", {"role": "steward"})
    assert state(signed) == (2, 0), "the member holds it again"


def test_a_role_that_only_ends_asks_nothing(signed: SignedInUsers) -> None:
    with signed.database.reading() as session:
        [role] = roles_of(session, [signed.member])[signed.member]
    sent = {"role": "steward", "reason": "Term is over", "until": "2026-03-01"}
    assert "The roles were changed." in post(signed, f"role/{role.id}", sent)
    assert state(signed) == (2, 0)


def test_the_record_links_to_where_each_line_is_corrected(signed: SignedInUsers) -> None:
    attended = CreditRecord(
        member_id=signed.member, curriculum=PATH.key, kind="session", key="hearings",
        occurred_on=signed.clock().date(), source="sessions", source_id="1",
        evidence={"sessions": [7]}, recorded_by="x",
    )  # fmt: skip
    with signed.database.transaction() as session:
        record(session, attended, signed.clock())
    shown = signed.client("committee").get(page(signed, "record")).text
    for address in (page(signed, CHANGE), page(signed, "awards/1/withdraw"),
                    "/committee/sessions/7/roster"):  # fmt: skip
        assert f'href="{address}"' in shown
    assert ">Correct<" not in signed.client("auditor").get(page(signed, "record")).text
    assert "/change" not in signed.client("member").get("/me/record").text
    elsewhere = signed.client("committee").get(page(signed, "credits/2/withdraw"))
    assert elsewhere.location == "/committee/sessions/7/roster"
