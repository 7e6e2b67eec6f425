"""Members and guests see sessions, register, leave and join."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from bridge.member_records import MemberRecord
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import records
from bridge.store.tables.delivery import OutboxEmail
from bridge.store.tables.members import MemberRole
from tests.web.signed_in_users import MEMBER, SignedInUsers

from .schedule import go_to_its_end, go_to_its_start, schedule

GUEST = {"name": "Gil Guest", "email": "gil@guest.example", "format": "online"}


def page(browser: FlaskClient, number: int) -> str:
    answer = browser.get(f"/sessions/{number}")
    assert answer.status_code == 200
    return answer.text


def emails(users: SignedInUsers, address: str) -> list[OutboxEmail]:
    with users.database.reading() as session:
        mine = select(OutboxEmail).where(OutboxEmail.email == address).order_by(OutboxEmail.id)
        return list(session.scalars(mine))


def link_in(email: OutboxEmail) -> str:
    """The path of the page that an email leads to."""
    return "/" + str(email.payload["link"]).split("/", 3)[3]


def test_who_sees_which_session(users: SignedInUsers) -> None:
    hearing, evening = schedule(users), schedule(users, topic="a-path/evening/")
    stewards = schedule(users, topic="a-path/stewards/")
    draft = schedule(users, opened=False)
    seen = {
        who: {n for n in (hearing, evening, stewards, draft)
              if f'href="/sessions/{n}"' in users.client(who).get("/sessions").text}
        for who in ("nobody", "member", "committee", "reviewer")
    }  # fmt: skip
    assert seen == {
        "nobody": {evening}, "member": {hearing, evening}, "reviewer": {evening},
        "committee": {hearing, evening, stewards},
    }  # fmt: skip
    member = users.client("member")
    statuses = {n: member.get(f"/sessions/{n}").status_code for n in (hearing, stewards, draft)}
    assert statuses == {hearing: 200, stewards: 404, draft: 404}
    assert (
        member.post(f"/sessions/{stewards}/register", data={"format": "online"}).status_code == 404
    )
    with users.database.transaction() as session:
        steward = MemberRecord(MEMBER.number, MEMBER.email, "Mem", "Ber", role="steward")
        upsert_members(session, [steward], users.clock())
    assert "For stewards" in page(member, stewards)


def test_a_member_registers_joins_and_leaves(users: SignedInUsers) -> None:
    number, member = schedule(users), users.client("member")
    assert "https://meet.example/secret" not in page(member, number)
    registered = member.post(
        f"/sessions/{number}/register", data={"format": "online"}, follow_redirects=True
    )
    assert "You are registered." in registered.text
    assert "<em>this</em>" in registered.text
    assert "secret" not in registered.text
    early = member.get(f"/sessions/{number}/join", follow_redirects=True)
    assert "can join from 15 minutes before the start." in early.text
    assert "You can join here from" in early.text
    assert "Join the meeting" not in early.text
    go_to_its_start(users, number)
    member = users.client("member")
    assert "Join the meeting" in page(member, number)
    join = member.get(f"/sessions/{number}/join")
    assert join.headers["Cache-Control"] == "no-store"
    assert (join.status_code, join.headers["Location"]) == (303, "https://meet.example/secret")
    with users.database.reading() as session:
        assert session.scalars(select(Registration)).one().joined_at is not None
    left = member.post(f"/sessions/{number}/leave", follow_redirects=True)
    assert "You are no longer registered." in left.text
    assert "<em>this</em>" not in left.text
    again = member.get(f"/sessions/{number}/join", follow_redirects=True)
    assert "You aren&#39;t registered" in again.text


def test_the_second_one_waits_and_is_promoted(users: SignedInUsers) -> None:
    number = schedule(users)
    first, second = users.client("member"), users.client("other_member")
    first.post(f"/sessions/{number}/register", data={"format": "online"})
    answer = second.post(
        f"/sessions/{number}/register", data={"format": "online"}, follow_redirects=True
    )
    assert "You are on the waiting list." in answer.text
    assert "secret" not in second.get(f"/sessions/{number}/join", follow_redirects=True).text
    first.post(f"/sessions/{number}/leave")
    assert "Registered" in page(second, number)
    kinds = [each.kind for each in emails(users, "other@union.example")]
    assert kinds == ["session-waiting", "session-promoted"]


def test_a_get_never_registers(users: SignedInUsers) -> None:
    number = schedule(users)
    for address in ("", "/register", "/confirm", "/leave", "/guest"):
        users.client("member").get(f"/sessions/{number}{address}")
    with users.database.reading() as session:
        assert session.scalars(select(Registration)).all() == []


def test_a_guest_registers_with_the_link_that_they_are_sent(users: SignedInUsers) -> None:
    number, browser = schedule(users, topic="a-path/evening/"), users.client("nobody")
    assert f"/sessions/{number}/guest" in page(browser, number)
    sent = browser.post(f"/sessions/{number}/guest", data=GUEST, follow_redirects=True)
    assert sent.request.path == f"/sessions/{number}/guest/sent"
    [asked] = emails(users, GUEST["email"])
    link = link_in(asked)
    opened = browser.get(link)
    assert "Not confirmed yet" in opened.text
    assert "Not confirmed yet" in browser.get(link).text
    confirmed = browser.post(f"{link}/confirm", follow_redirects=True)
    assert "You are registered." in confirmed.text
    go_to_its_start(users, number)
    assert "Join the meeting" in browser.get(link).text
    assert browser.get(f"{link}/join").headers["Location"] == "https://meet.example/secret"
    assert "no longer registered" in browser.post(f"{link}/leave", follow_redirects=True).text
    assert browser.get("/link/wrong/session").status_code == 410


def test_a_guest_cannot_register_for_a_session_of_members(users: SignedInUsers) -> None:
    number, browser = schedule(users), users.client("nobody")
    assert browser.get(f"/sessions/{number}/guest").status_code == 404
    assert browser.post(f"/sessions/{number}/guest", data=GUEST).status_code == 404
    assert browser.get(f"/sessions/{number}").status_code == 303


def test_the_page_for_guests_tells_nobody_who_is_known(users: SignedInUsers) -> None:
    number, browser = schedule(users, topic="a-path/evening/"), users.client("nobody")
    answers = [
        browser.post(f"/sessions/{number}/guest", data=GUEST | {"email": email})
        for email in (MEMBER.email, "new@guest.example")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    [mine] = emails(users, MEMBER.email)
    confirmed = browser.post(f"{link_in(mine)}/confirm", follow_redirects=True)
    assert "You are registered." in confirmed.text
    assert "Registered" in page(users.client("member"), number)


def test_a_guest_takes_part_in_another_way_by_the_link_only(users: SignedInUsers) -> None:
    number = schedule(users, topic="a-path/evening/", in_person="y", room="Hall")
    browser = users.client("nobody")
    browser.post(f"/sessions/{number}/guest", data=GUEST)
    link = link_in(emails(users, GUEST["email"])[0])
    browser.post(f"{link}/confirm")
    browser.post(f"/sessions/{number}/guest", data=GUEST | {"format": "room"})
    assert registration(users).format == "online"
    assert "Take part in person instead" in browser.get(link).text
    browser.post(f"{link}/register", data={"format": "room"})
    assert (registration(users).format, registration(users).state) == ("room", "seated")
    assert browser.post(f"{link}/register", data={"format": "moon"}).status_code == 404


def registration(users: SignedInUsers) -> Registration:
    with users.database.reading() as session:
        return session.scalars(select(Registration)).one()


def test_who_has_left_a_session_comes_back_only_if_it_is_for_them(users: SignedInUsers) -> None:
    number, member = schedule(users, topic="a-path/stewards/"), users.client("member")
    with users.database.transaction() as session:
        steward = MemberRecord(MEMBER.number, MEMBER.email, "Mem", "Ber", role="steward")
        upsert_members(session, [steward], users.clock())
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    with users.database.transaction() as session:
        session.execute(delete(MemberRole))
    assert "I can't come" in page(member, number)
    member.post(f"/sessions/{number}/leave")
    assert "Register online" not in page(member, number)
    again = member.post(f"/sessions/{number}/register", data={"format": "online"})
    assert again.status_code == 404
    assert registration(users).state == "cancelled"


def test_a_session_whose_topic_is_gone_can_be_left(users: SignedInUsers) -> None:
    number, member = schedule(users), users.client("member")
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    with users.database.transaction() as session:
        session.execute(update(LiveSession).values(topic="gone"))
    assert "gone" in page(member, number)
    member.post(f"/sessions/{number}/leave")
    assert registration(users).state == "cancelled"
    assert users.client("reviewer").get(f"/sessions/{number}").status_code == 404


def test_the_link_of_a_postponed_session_works_until_there_is_a_date(users: SignedInUsers) -> None:
    number, browser = schedule(users, topic="a-path/evening/"), users.client("nobody")
    browser.post(f"/sessions/{number}/guest", data=GUEST)
    browser.post(f"{link_in(emails(users, GUEST['email'])[0])}/confirm")
    users.client("committee").post(f"/committee/sessions/{number}/postpone")
    link = link_in(emails(users, GUEST["email"])[-1])
    users.clock.time += timedelta(days=200)
    left = browser.post(f"{link}/leave", follow_redirects=True)
    assert "You are no longer registered." in left.text


@pytest.mark.parametrize("changed", [{"email": "no address"}, {"name": ""}, {"format": "moon"}])
def test_what_a_guest_typed_wrongly_is_shown_again(
    users: SignedInUsers, changed: dict[str, str]
) -> None:
    number, browser = schedule(users, topic="a-path/evening/"), users.client("nobody")
    answer = browser.post(f"/sessions/{number}/guest", data=GUEST | changed)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert GUEST["email"] in answer.text or "no address" in answer.text


def test_an_outside_speaker_signs_in_while_they_lead_a_session(users: SignedInUsers) -> None:
    email, browser = "sam@speakers.example", users.client("nobody")
    with users.database.transaction() as session:
        records.find_or_add(session, records.PersonRecord("Sam Speaker", email), users.clock())
    browser.post("/signin", data={"email": email})
    assert emails(users, email) == []
    number, other = schedule(users, leaders=email), schedule(users)
    browser.post("/signin", data={"email": email, "next": f"/committee/sessions/{number}/roster"})
    [link] = signin_links(users, email)
    signed_in = browser.post(link, follow_redirects=True)
    assert signed_in.request.path == f"/committee/sessions/{number}/roster"
    assert signed_in.status_code == 200
    assert browser.get(f"/committee/sessions/{other}/roster").status_code == 404
    go_to_its_end(users, number)
    users.clock.time += timedelta(days=31)
    users.client("nobody").post("/signin", data={"email": email})
    assert signin_links(users, email) == [link]


def signin_links(users: SignedInUsers, address: str) -> list[str]:
    return [link_in(each) for each in emails(users, address) if each.kind == "sign-in"]


def test_my_learning_and_my_calendar_have_the_session(users: SignedInUsers) -> None:
    number, member = schedule(users), users.client("member")
    member.post(f"/sessions/{number}/register", data={"format": "online"})
    assert f'href="/sessions/{number}"' in member.get("/me").text
