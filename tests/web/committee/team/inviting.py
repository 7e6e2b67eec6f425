"""Inviting people, and signing in as them."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.access.roles import Role
from bridge.member_records import MemberRecord
from bridge.store.auth import team
from bridge.store.auth.team import TeamRoleRow
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.delivery import OutboxEmail
from tests.web.signed_in_users import SignedInUsers

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


def configure(users: SignedInUsers, **settings: object) -> None:
    users.config = users.config.model_copy(update=settings)
    users.app = users._application()


def number_of(users: SignedInUsers, email: str) -> int:
    return next(each.id for each in rows(users) if each.email == email)


def confirmed_payroll(users: SignedInUsers) -> list[TeamRoleRow]:
    return [each for each in rows(users) if each.role == "payroll" and each.invited_at]


def record(users: SignedInUsers, *addresses: str) -> None:
    """A member whose address was changed: each of these, one after the other."""
    for each in addresses:
        with users.database.transaction() as session:
            upsert_members(session, [MemberRecord("C1", each, "Com", "Mittee")], users.clock())
