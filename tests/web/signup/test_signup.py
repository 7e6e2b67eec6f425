"""Signing up: with a one-time link, and without revealing or changing existing members."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bridge.member_records import MemberRecord
from bridge.store.database import Database
from bridge.store.members.matching import email_key
from bridge.store.members.upsert import upsert_members
from bridge.store.tables.delivery import Delivery, OutboxEmail
from bridge.store.tables.members import Member, PendingSignup
from bridge.store.tables.operations import AuditEntry
from tests.support.query_lists import listed
from tests.web.query_counter import counted
from tests.web.signed_in_users import ADDRESSES, SignedInUsers

NEW = "new.hire@union.example"
FORM = {
    "first_name": "New",
    "last_name": "Hire",
    "email": NEW,
    "region": "north",
    "language": "fr",
    "number": "",
    "consent": "y",
}


def letters(database: Database) -> list[OutboxEmail]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxEmail).order_by(OutboxEmail.id)))


def members(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Member)) or 0


def asked(users: SignedInUsers, browser: FlaskClient, **changed: str) -> str:
    """The path of the link that is sent."""
    assert browser.post("/signup", data=FORM | changed).status_code == 303
    return urlsplit(str(letters(users.database)[-1].payload["link"])).path


def test_signing_up_creates_a_member_and_a_welcome_email(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    assert members(users.database) == 2
    assert [(each.kind, each.email, each.language) for each in letters(users.database)] == [
        ("confirm", NEW, "fr")
    ]
    assert browser.get(link).status_code == 200
    assert members(users.database) == 2
    assert browser.post(link, follow_redirects=True).request.path == "/me"
    with users.database.reading() as session:
        member = session.scalars(select(Member).where(Member.email == NEW)).one()
        assert (member.first_name, member.region, member.language) == ("New", "north", "fr")
        assert (member.source, member.number) == ("form", None)
        owed = set(
            session.scalars(select(Delivery.kind).where(Delivery.member_id == member.id)).all()
        )
    assert {"account", "welcome", "notice"} <= owed
    assert len(users.rung) == 2


def test_using_a_link_twice_signs_up_once(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    assert [browser.post(link).location for _ in range(3)] == [
        "/signin/done",
        *["/signup/done"] * 2,
    ]
    assert browser.get("/signup/done").location == "/me"
    assert members(users.database) == 3
    assert len(letters(users.database)) == 1


def test_two_links_of_one_person_sign_up_once(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    first, second = asked(users, browser), asked(users, browser, last_name="Other")
    assert [browser.post(each).location for each in (first, second)] == ["/signin/done"] * 2
    assert members(users.database) == 3
    with users.database.reading() as session:
        assert session.scalars(select(Member.last_name).where(Member.email == NEW)).one() == "Hire"
    assert [each.kind for each in letters(users.database)] == ["confirm", "confirm"]


def test_a_link_expires_after_three_days(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    users.clock.forward(days=3)
    assert browser.get(link).status_code == browser.post(link).status_code == 410
    assert members(users.database) == 2


def test_responses_do_not_reveal_members(users: SignedInUsers) -> None:
    known = users.client("nobody").post("/signup", data=FORM | {"email": ADDRESSES["member"]})
    strange = users.client("nobody").post("/signup", data=FORM)
    assert (known.status_code, known.location, known.text) == (
        strange.status_code,
        strange.location,
        strange.text,
    )
    assert [each.kind for each in letters(users.database)] == ["already", "confirm"]


@pytest.mark.parametrize(
    "claim",
    [
        {"email": ADDRESSES["member"].upper()},
        {"email": ADDRESSES["other_member"], "number": "1001"},
    ],
)
def test_the_form_does_not_change_a_members_record(
    users: SignedInUsers, claim: dict[str, str]
) -> None:
    with users.database.reading() as session:
        before = session.execute(select(Member.__table__).order_by(Member.id)).all()
    users.client("nobody").post("/signup", data=FORM | claim)
    assert [each.kind for each in letters(users.database)] == ["already"]
    with users.database.reading() as session:
        assert session.execute(select(Member.__table__).order_by(Member.id)).all() == before


def joined(users: SignedInUsers, **said: str) -> tuple[Any, ...]:
    """Everything that somebody who signs up sees, is sent, and can read of themselves."""
    browser = users.client("nobody")
    answer = browser.post("/signup", data=FORM | said)
    link = urlsplit(str(letters(users.database)[-1].payload["link"])).path
    seen = [answer.status_code, answer.location, browser.get(link).status_code]
    done = browser.post(link, follow_redirects=True)
    with users.database.reading() as session:
        key = email_key(said["email"])
        member = session.scalars(select(Member).where(Member.email_key == key)).one()
        mine = (member.number, member.source, member.region)
        query = select(Delivery.kind).where(Delivery.member_id == member.id)
        owed = sorted(session.scalars(query))
        sent = [each.kind for each in letters(users.database) if each.email == key]
    text = re.sub(r'value="[^"]{40,}"', "", done.text).replace(key, "")
    return (*seen, done.request.path, text, mine, owed, sent)


def test_the_form_does_not_reveal_member_numbers(users: SignedInUsers) -> None:
    """Neither who fills in the form, nor who reads the address they give."""
    known = joined(users, email="a@union.example", number="1001")
    strange = joined(users, email="b@union.example", number="9999")
    silent = joined(users, email="c@union.example", number="")
    assert known == strange == silent
    with users.database.reading() as session:
        holder = session.scalars(select(Member).where(Member.number == "1001")).one()
        assert holder.email == ADDRESSES["member"]


def test_a_typed_member_number_is_in_the_audit_log(users: SignedInUsers) -> None:
    joined(users, email="a@union.example", number=" 1001\t")
    with users.database.reading() as session:
        (line,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "signed-up"))
        member = session.scalars(select(Member).where(Member.email == "a@union.example")).one()
    assert (line.actor, line.member_id, line.after) == ("join", member.id, {"number_said": "1001"})


def test_the_membership_system_gives_the_number_to_the_same_address(users: SignedInUsers) -> None:
    joined(users, email="seven@union.example", number="7")
    record = MemberRecord("7", "seven@union.example", "Se", "Ven")
    with users.database.transaction() as session:
        upsert_members(session, [record], users.clock())
        member = session.scalars(select(Member).where(Member.number == "7")).one()
        assert (member.source, member.last_name) == ("csv", "Ven")
    assert members(users.database) == 3


def test_confirming_does_not_change_someone_who_became_a_member(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    link = asked(users, browser)
    record = MemberRecord("7", NEW, "Se", "Ven")
    with users.database.transaction() as session:
        upsert_members(session, [record], users.clock())
    assert browser.post(link).location == "/signin/done"
    with users.database.reading() as session:
        member = session.scalars(select(Member).where(Member.number == "7")).one()
        assert (member.email, member.last_name) == (NEW, "Ven")


def test_an_address_gets_three_emails_an_hour(users: SignedInUsers) -> None:
    for _ in range(5):
        users.client("nobody").post("/signup", data=FORM)
    assert len(letters(users.database)) == 3
    users.clock.forward(hours=1)
    users.client("nobody").post("/signup", data=FORM)
    assert len(letters(users.database)) == 4


@pytest.mark.usefixtures("stopped_time")
def test_signups_are_rate_limited(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    statuses = [browser.post("/signup", data={}).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@union.example\r\nBcc: all@union.example"),
        ("email", "a@union.example,b@union.example"),
        ("email", "x" * 250 + "@union.example"),
        ("email", f"{'x' * 60}@{'u' * 36}.org"),
        ("email", f"{'x' * 65}@union.example"),
        ("first_name", "x" * 101),
        ("first_name", "New\r\nBcc: all@union.example"),
        ("first_name", "Win at https://evil.example"),
        ("first_name", "Win at evil.example"),
        ("last_name", "www.evil.example"),
        ("last_name", "<script>alert(1)</script>"),
        ("number", "1\x00"),
        ("number", "1" * 101),
        ("number", "1042.0"),
        ("number", '="00124"'),
        ("region", "nowhere"),
        ("language", "xx"),
        ("consent", ""),
    ],
)
def test_invalid_values_show_the_form_again(users: SignedInUsers, field: str, value: str) -> None:
    page = users.client("nobody").post("/signup", data=FORM | {field: value})
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    assert f'href="#{field}"' in page.text
    assert "<script>" not in page.text
    assert letters(users.database) == []


def test_no_email_repeats_a_name_to_an_address_that_is_not_confirmed(users: SignedInUsers) -> None:
    """A stranger may have typed both."""
    names = {"first_name": "Quixotica", "last_name": "Windmill"}
    for email in (NEW, ADDRESSES["member"]):
        users.client("nobody").post("/signup", data=FORM | names | {"email": email})
    queued = letters(users.database)
    assert [each.kind for each in queued] == ["confirm", "already"]
    assert not [each.payload for each in queued if "Quixotica" in str(each.payload)]
    assert not [each.payload for each in queued if "Windmill" in str(each.payload)]


def test_a_single_name_signs_up(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    for names in ({"first_name": ""}, {"last_name": ""}):
        assert browser.post("/signup", data=FORM | names).status_code == 303
    page = browser.post("/signup", data=FORM | {"first_name": "", "last_name": ""})
    assert "Enter your name." in page.text


def test_a_large_body_is_refused(users: SignedInUsers) -> None:
    page = users.client("nobody").post("/signup", data=FORM | {"first_name": "x" * 2_000_000})
    assert page.status_code == 413


def test_the_link_uses_the_configured_url_and_is_stored_hashed(users: SignedInUsers) -> None:
    browser = users.client("nobody")
    browser.post("/signup", data=FORM, headers={"X-Forwarded-Host": "evil.example"})
    link = str(letters(users.database)[0].payload["link"])
    assert link.startswith(f"{users.config.service.url}/signup/")
    with users.database.reading() as session:
        kept = session.scalars(select(PendingSignup)).one()
    assert kept.token not in link
    assert "store these details" in kept.consent


def test_pages_around_the_form_make_no_queries(users: SignedInUsers) -> None:
    browser: Any = users.client("nobody")
    with counted(users.database) as queries:
        for page in ("/signup", "/signup/sent", "/signup/done"):
            assert browser.get(page).status_code == 200
    assert queries == [], listed(queries)
