"""Who is more than one thing, and what each role leaves untouched."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.config import Config, Region
from bridge.member_records import MemberRecord
from bridge.store.auth import logins
from bridge.store.database import Database
from bridge.store.members import contact_requests
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.base import Base
from bridge.web.common.visitor import COOKIE
from tests.web.sample_site import Clock
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

from .access_rows import ROWS

CHAIR = ADDRESSES["chair"]
LISTS = ("/committee/members", "/committee/members?region=north", "/committee/members?region=south")


def changed(config: Config, database: Database, clock: Clock, **more: Any) -> SignedInUsers:
    return SignedInUsers(config.model_copy(update=more), database, clock)


def statuses(browser: FlaskClient, *addresses: str) -> list[int]:
    return [browser.get(address).status_code for address in addresses]


@pytest.fixture
def of_two(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """The chair of the north chairs the south as well."""
    north, south = (config.regions[key] for key in ("north", "south"))
    both = {"north": north, "south": south.model_copy(update={"chair": north.chair})}
    return changed(config, database, clock, regions=both)


def test_a_chair_of_two_regions_sees_both_and_each(of_two: SignedInUsers) -> None:
    browser = of_two.client("chair")
    assert statuses(browser, *LISTS) == [200, 200, 200]
    everybody, north, _south = (browser.get(each).text for each in LISTS)
    assert "Mem Ber" in everybody
    assert "Oth Er" in everybody
    assert "Oth Er" not in north
    assert statuses(of_two.client("other_chair"), *LISTS) == [403, 403, 403]


@pytest.mark.parametrize("which", ["member", "other_member"])
def test_a_chair_of_two_regions_opens_members_of_both(of_two: SignedInUsers, which: str) -> None:
    address = f"/committee/members/{getattr(of_two, which)}"
    assert of_two.client("chair").get(address).status_code == 200
    assert of_two.client("chair").post(f"{address}/role", data={"role": "x"}).status_code == 403


def test_a_chair_on_the_committee_sees_all_and_edits(
    config: Config, database: Database, clock: Clock
) -> None:
    users = changed(config, database, clock, committee=(CHAIR.upper(),))
    browser = users.client("chair")
    assert statuses(browser, *LISTS, "/committee/audit") == [200] * 4
    assert "Oth Er" in browser.get("/committee/members").text
    address = f"/committee/members/{users.other_member}/role"
    assert browser.post(address, data={"role": "steward"}).status_code == 303


def test_an_auditor_who_chairs_reads_all_and_handles_the_own_requests(
    config: Config, database: Database, clock: Clock
) -> None:
    users = changed(config, database, clock, auditors=(CHAIR,))
    browser = users.client("chair")
    assert statuses(browser, *LISTS, "/committee/audit") == [200] * 4
    with users.database.transaction() as session:
        own, other = (
            contact_requests.add_request(
                session, ContactMessage("K", "k@u.example", "", place, "", "Hi", "en"), clock()
            )
            for place in ("north", "south")
        )
    offered = browser.get("/committee/contact-requests").text
    assert f"/{own}/handled" in offered
    assert f"/{other}/handled" not in offered
    assert browser.post(f"/committee/contact-requests/{own}/handled").status_code == 303
    assert browser.post(f"/committee/contact-requests/{other}/handled").status_code == 404
    address = f"/committee/members/{users.member}/role"
    assert browser.post(address, data={"role": "steward"}).status_code == 403


def test_a_region_without_a_chair_is_the_committees(
    config: Config, database: Database, clock: Clock
) -> None:
    regions = {"north": Region(name="North"), "south": config.regions["south"]}
    users = changed(config, database, clock, regions=regions)
    address = f"/committee/members/{users.member}"
    answered = {
        who: users.client(who).get(address).status_code  # type: ignore[arg-type]
        for who in ("committee", "auditor", "other_chair", "chair")
    }
    assert answered == {"committee": 200, "auditor": 200, "other_chair": 404, "chair": 403}


def test_a_member_who_chairs_is_both(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        record = MemberRecord("77", CHAIR, "Cha", "Ir", region="north")
        [member] = upsert_members(session, [record], users.clock()).created
        logins.start(session, "both", CHAIR, member, users.clock())
    browser = users.app.test_client()
    browser.set_cookie(COOKIE, "both")
    assert statuses(browser, "/me", "/committee", LISTS[1], LISTS[2]) == [200, 200, 200, 404]


def test_a_role_that_ends_in_the_configuration_ends_at_once(
    users: SignedInUsers, config: Config, database: Database, clock: Clock
) -> None:
    browser = users.client("committee")
    assert browser.get("/committee").status_code == 200
    later = changed(config, database, clock, committee=()).app.test_client()
    later.set_cookie(COOKIE, "session-of-committee")
    assert later.get("/committee").status_code == 403


def held(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows but of the audit log and of sessions."""
    with database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit", "login")
        }


@pytest.mark.parametrize("who", ["auditor", "chair"])
def test_auditors_and_chairs_change_nothing(users: SignedInUsers, who: Who) -> None:
    before, browser = held(users.database), users.client(who)
    for row in ROWS:
        if row.endpoint.partition(".")[0] in ("signup", "signin", "contact", "me", "saved"):
            continue  # what everybody may write for themselves
        if row.endpoint == "forms.ask_for_link":
            continue  # likewise
        address = users.address(row.address)
        browser.open(address, method=row.method, data=row.data).close()
    after = held(users.database)
    changed_tables = [name for name in before if before[name] != after[name]]
    assert changed_tables == [], (
        f"The {who} changed them, and only the committee may: decorate the page's function with "
        "@open_to and a right that only the committee has."
    )
