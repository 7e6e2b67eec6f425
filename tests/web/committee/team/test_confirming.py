"""Who confirms a confidential role, and what counts as one's own address or login."""

from __future__ import annotations

from datetime import timedelta

from bridge.store.auth import logins, team
from bridge.store.members import queries as members
from bridge.web.common.cookies import cookie_name
from bridge.web.common.visitor import COOKIE
from tests.web.committee.team.inviting import (
    NEW,
    TEAM,
    configure,
    confirmed_payroll,
    invite,
    number_of,
    record,
    rows,
    sign_in,
    status,
)
from tests.web.signed_in_users import ADDRESSES, SignedInUsers


def test_who_gave_a_confidential_role_cannot_bring_in_who_confirms(users: SignedInUsers) -> None:
    configure(users, payroll=())
    invite(users, "committee", email="second@union.example")
    second = sign_in(users, "second@union.example")
    invite(users, "committee", email="third@union.example", client=second)
    third = sign_in(users, "third@union.example")
    invite(users, "payroll")
    for each in (second, third):
        each.post(f"/access/confirm/{number_of(users, NEW)}")
    assert confirmed_payroll(users) == []
    invite(users, "payroll", email="other@x.example", client=third)
    users.client("committee").post(f"/access/confirm/{number_of(users, 'other@x.example')}")
    assert confirmed_payroll(users) == []


def test_two_people_of_the_configuration_confirm_for_each_other(users: SignedInUsers) -> None:
    second = "second@union.example"
    configure(users, payroll=(), committee=(ADDRESSES["committee"], second))
    invite(users, "payroll")
    sign_in(users, second).post(f"/access/confirm/{number_of(users, NEW)}")
    assert len(confirmed_payroll(users)) == 1


def test_who_is_not_on_the_committee_confirms_only_their_own_role(users: SignedInUsers) -> None:
    configure(users, payroll=())
    invite(users, "payroll")
    reviewer = users.client("reviewer")
    assert "Kim New" not in reviewer.get("/access/confirm").get_data(as_text=True)
    reviewer.post(f"/access/confirm/{number_of(users, NEW)}")
    assert confirmed_payroll(users) == []


def test_a_former_address_is_one_s_own(users: SignedInUsers) -> None:
    record(users, "old@union.example", ADDRESSES["committee"])
    assert "Nobody gives a role to themselves." in invite(
        users, "auditor", email="old@union.example"
    )
    assert rows(users) == []


def test_a_later_address_does_not_confirm_what_a_former_one_gave(users: SignedInUsers) -> None:
    later = "newer@union.example"
    record(users, ADDRESSES["committee"], later)
    configure(users, payroll=(), committee=(ADDRESSES["committee"], later))
    invite(users, "payroll")
    sign_in(users, later).post(f"/access/confirm/{number_of(users, NEW)}")
    assert confirmed_payroll(users) == []


def test_accepting_a_role_ends_the_logins_from_before(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        logins.start(session, "earlier", NEW, None, users.clock())
    earlier = users.app.test_client()
    earlier.set_cookie(cookie_name(users.config, COOKIE), "earlier")
    invite(users, "committee")
    assert status(sign_in(users), TEAM) == 200
    assert status(earlier, TEAM) == 303


def test_who_has_a_role_is_erased_after_it_has_ended(users: SignedInUsers) -> None:
    invite(users, "committee")
    record(users, NEW)
    client = sign_in(users)
    configure(users, committee=())
    answer = client.post("/me/data/erase", data={"sure": "y"}, follow_redirects=True)
    assert "has a role in Stewardpath" in answer.get_data(as_text=True)
    assert len(rows(users)) == 1
    with users.database.reading() as session:
        assert members.find(session, NEW)


def test_a_role_that_nobody_confirms_is_deleted(users: SignedInUsers) -> None:
    invite(users, "payroll")
    with users.database.transaction() as session:
        team.prune(session, users.clock() + team.EXPIRED_RETENTION)
        assert len(team.all_roles(session)) == 1
        team.prune(session, users.clock() + team.EXPIRED_RETENTION + timedelta(seconds=1))
        assert team.all_roles(session) == []
