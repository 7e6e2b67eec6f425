"""The page Team: inviting, accepting by signing in, confirming, ending."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bridge.access.roles import Role
from bridge.access.team import INVITATION_LIFETIME
from bridge.member_records import MemberRecord
from bridge.store.auth import logins, team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.members import queries as members
from bridge.store.members.upsert import upsert_members
from bridge.store.operations import audit_queries
from bridge.store.tables.auth import TeamRole
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.common.cookies import cookie_name
from bridge.web.common.visitor import COOKIE
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

TEAM = "/committee/team"
NEW = "kim.new@union.example"


def invite(
    users: SignedInUsers, *roles: Role, email: str = NEW, regions: tuple[str, ...] = (), **more: Any
) -> str:
    """Invite someone as the committee; the text of the page that follows."""
    client = more.get("client") or users.client("committee")
    data = {"name": "Kim New", "email": email, "roles": list(roles), "regions": list(regions)}
    answer = client.post(f"{TEAM}/invite", data=data, follow_redirects=True)
    return str(answer.get_data(as_text=True))


def rows(users: SignedInUsers) -> list[TeamRoleRow]:
    with users.database.reading() as session:
        return list(team.all_roles(session))


def number(users: SignedInUsers) -> int:
    [row] = rows(users)
    return row.id


def emails(users: SignedInUsers, kind: str) -> list[OutboxEmail]:
    with users.database.reading() as session:
        query = select(OutboxEmail).where(OutboxEmail.kind == kind).order_by(OutboxEmail.id)
        return list(session.scalars(query))


def sign_in(users: SignedInUsers, email: str = NEW) -> FlaskClient:
    """Sign in with the link in an email, as a person does."""
    client = users.app.test_client()
    client.post("/signin", data={"email": email})
    found = [each for each in emails(users, "sign-in") if each.email == email]
    if found:
        link = str(found[-1].payload["link"])
        client.post(link[link.index("/signin/") :])
    return client


def status(client: FlaskClient, address: str) -> int:
    return int(client.get(address).status_code)


def test_an_invited_person_gets_the_role_by_signing_in(users: SignedInUsers) -> None:
    assert "An invitation is on its way." in invite(users, "committee")
    [email] = emails(users, "team-invitation")
    assert (email.email, email.payload["by"]) == (NEW, ADDRESSES["committee"])
    assert rows(users)[0].accepted_at is None
    client = sign_in(users)
    assert status(client, TEAM) == 200
    assert rows(users)[0].accepted_at is not None


def test_an_invitation_opens_nothing_before_it_is_accepted(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        logins.start(session, "earlier", NEW, None, users.clock())
    client = users.app.test_client()
    client.set_cookie(cookie_name(users.config, COOKIE), "earlier")
    invite(users, "committee")
    assert status(client, TEAM) == 403


def test_an_invitation_lapses_and_can_be_sent_again(users: SignedInUsers) -> None:
    invite(users, "auditor")
    users.clock.time += INVITATION_LIFETIME
    client = sign_in(users)
    assert emails(users, "sign-in") == []
    assert status(client, TEAM) == 303
    page = users.client("committee").get(TEAM).get_data(as_text=True)
    assert "Invitation expired" in page
    users.client("committee").post(f"{TEAM}/{number(users)}/again")
    assert len(emails(users, "team-invitation")) == 2
    assert status(sign_in(users), TEAM) == 200


def test_a_chair_sees_the_region_that_was_given(users: SignedInUsers) -> None:
    assert "no region was chosen" in invite(users, "chair").lower()
    invite(users, "chair", regions=("south",))
    client = sign_in(users)
    assert status(client, users.address("/committee/members/{other_member}")) == 200
    assert status(client, users.address("/committee/members/{member}")) == 404


def test_nobody_gives_a_role_to_themselves(users: SignedInUsers) -> None:
    page = invite(users, "auditor", email=ADDRESSES["committee"].upper())
    assert "Nobody gives a role to themselves." in page
    assert rows(users) == []


def test_a_role_in_the_configuration_is_not_given_again(users: SignedInUsers) -> None:
    page = invite(users, "auditor", email=ADDRESSES["auditor"])
    assert "has the role Auditor already" in page
    assert rows(users) == []


def test_the_same_role_is_given_once(users: SignedInUsers) -> None:
    invite(users, "auditor")
    assert "has these roles already" in invite(users, "auditor", email=NEW.upper())
    assert len(rows(users)) == len(emails(users, "team-invitation")) == 1


def test_what_was_typed_comes_back(users: SignedInUsers) -> None:
    page = invite(users, email="no address")
    assert "Choose at least one role." in page
    assert 'value="Kim New"' in page
    assert 'value="no address"' in page


def test_a_confidential_role_waits_for_someone_who_has_it(users: SignedInUsers) -> None:
    assert "A second person has to confirm" in invite(users, "payroll")
    assert emails(users, "team-invitation") == []
    sign_in(users)
    assert emails(users, "sign-in") == []
    address = f"/access/confirm/{number(users)}"
    users.client("committee").post(address)
    users.client("grievance").post(address)
    assert rows(users)[0].invited_at is None
    assert "Kim New" in users.client("payroll").get("/access/confirm").get_data(as_text=True)
    users.client("payroll").post(address)
    users.client("payroll").post(address)
    assert len(emails(users, "team-invitation")) == 1
    assert rows(users)[0].confirmed_by == ADDRESSES["payroll"]
    assert status(sign_in(users), "/access") == 200


def configure(users: SignedInUsers, **settings: object) -> None:
    users.config = users.config.model_copy(update=settings)
    users.app = users._application()


def number_of(users: SignedInUsers, email: str) -> int:
    return next(each.id for each in rows(users) if each.email == email)


def confirmed_payroll(users: SignedInUsers) -> list[TeamRoleRow]:
    return [each for each in rows(users) if each.role == "payroll" and each.invited_at]


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


def record(users: SignedInUsers, *addresses: str) -> None:
    """A member whose address was changed: each of these, one after the other."""
    for each in addresses:
        with users.database.transaction() as session:
            upsert_members(session, [MemberRecord("C1", each, "Com", "Mittee")], users.clock())


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


def test_inviting_after_the_invitation_has_lapsed_sends_it_again(users: SignedInUsers) -> None:
    invite(users, "auditor")
    users.clock.time += INVITATION_LIFETIME
    assert "An invitation is on its way." in invite(users, "auditor")
    assert len(emails(users, "team-invitation")) == 2


def test_someone_with_a_configured_role_stays_signed_in(users: SignedInUsers) -> None:
    auditor = ADDRESSES["auditor"]
    invite(users, "chair", email=auditor, regions=("north",))
    client = sign_in(users, auditor)
    users.client("committee").post(f"{TEAM}/{number(users)}/remove")
    assert status(client, TEAM) == 200


def test_a_configured_chair_is_not_invited_for_the_same_region(users: SignedInUsers) -> None:
    chair = ADDRESSES["chair"]
    assert "is the chair of North already" in invite(
        users, "chair", email=chair, regions=("north", "south")
    )
    invite(users, "chair", email=chair, regions=("south",))
    assert [each.region for each in rows(users)] == ["south"]


def test_no_invitation_is_sent_twice_within_an_hour(users: SignedInUsers) -> None:
    invite(users, "auditor")
    for minutes in (0, 59):
        users.clock.forward(minutes=minutes)
        answer = users.client("committee").post(
            f"{TEAM}/{number(users)}/again", follow_redirects=True
        )
        assert "less than an hour ago" in answer.get_data(as_text=True)
    users.clock.forward(minutes=1)
    users.client("committee").post(f"{TEAM}/{number(users)}/again")
    assert len(emails(users, "team-invitation")) == 2


def test_an_invitation_that_is_not_sent_yet_is_taken_back(users: SignedInUsers) -> None:
    invite(users, "auditor")
    users.client("committee").post(f"{TEAM}/{number(users)}/remove")
    assert emails(users, "team-invitation") == emails(users, "team-ended") == []


def test_a_region_that_is_gone_gets_no_invitation(users: SignedInUsers) -> None:
    invite(users, "chair", regions=("south",))
    configure(users, regions={"north": users.config.regions["north"]})
    users.clock.forward(hours=2)
    answer = users.client("committee").post(f"{TEAM}/{number(users)}/again", follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "This region is no longer in the configuration." in page
    assert "A region that is no longer configured" in page


def test_a_role_ends_immediately_and_signs_out(users: SignedInUsers) -> None:
    invite(users, "auditor")
    client = sign_in(users)
    asked = users.client("committee").get(f"{TEAM}/{number(users)}/remove")
    assert NEW in asked.get_data(as_text=True)
    answer = users.client("committee").post(f"{TEAM}/{number(users)}/remove", follow_redirects=True)
    assert "The role has ended." in answer.get_data(as_text=True)
    assert status(client, TEAM) == 303
    assert [each.email for each in emails(users, "team-ended")] == [NEW]
    again = users.client("committee").post(f"{TEAM}/1/remove", follow_redirects=True)
    assert "This role is not there any more." in again.get_data(as_text=True)


def test_someone_with_another_role_stays_signed_in(users: SignedInUsers) -> None:
    invite(users, "auditor", "chair", regions=("north",))
    client = sign_in(users)
    [auditor] = [each for each in rows(users) if each.role == "auditor"]
    users.client("committee").post(f"{TEAM}/{auditor.id}/remove")
    assert status(client, TEAM) == 403
    assert status(client, users.address("/committee/members/{member}")) == 200


def test_the_last_one_on_the_committee_stays(users: SignedInUsers) -> None:
    invite(users, "committee")
    client = sign_in(users)
    configure(users, committee=())
    alone = users.app.test_client()
    cookie = client.get_cookie(cookie_name(users.config, COOKIE))
    assert cookie is not None
    alone.set_cookie(cookie.key, cookie.value)
    page = alone.post(f"{TEAM}/{number(users)}/remove", follow_redirects=True)
    assert "Nobody would be on the committee any more." in page.get_data(as_text=True)
    assert len(rows(users)) == 1


def test_everything_is_in_the_activity_log(users: SignedInUsers) -> None:
    invite(users, "auditor")
    sign_in(users)
    users.client("committee").post(f"{TEAM}/{number(users)}/remove")
    with users.database.reading() as session:
        lines = [each for each in audit_queries.entries(session, 100) if "team" in each.action]
    assert [each.action for each in reversed(lines)] == [
        "team-given", "team-accepted", "team-removed",
    ]  # fmt: skip
    assert all(each.person_id for each in lines)


def test_signing_up_accepts_too(users: SignedInUsers) -> None:
    invite(users, "auditor")
    with users.database.transaction() as session:
        accepted = team.accept(session, NEW.upper(), users.clock())
        assert [each.role for each in accepted] == ["auditor"]
        assert team.accept(session, NEW, users.clock()) == []


def test_old_invitations_are_deleted(users: SignedInUsers) -> None:
    invite(users, "auditor")
    later = users.clock() + team.EXPIRED_RETENTION + timedelta(seconds=1)
    with users.database.transaction() as session:
        team.prune(session, later - timedelta(seconds=2))
        assert len(team.all_roles(session)) == 1
        team.prune(session, later)
        assert team.all_roles(session) == []
        session.execute(update(TeamRole).values(invited_at=None))


@pytest.mark.parametrize("path", ["again", "remove"])
def test_a_number_too_large_is_a_clear_message(users: SignedInUsers, path: str) -> None:
    answer = users.client("committee").post(f"{TEAM}/{10**30}/{path}", follow_redirects=True)
    assert "This role is not there any more." in answer.get_data(as_text=True)
