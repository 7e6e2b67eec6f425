"""Who leads a session, as members see it; guests who aren't the member with their address."""

from __future__ import annotations

from sqlalchemy import select

from bridge.privacy import unlink_person
from bridge.sessions.tables import Registration
from bridge.store.persons import records
from bridge.store.tables.members import Member
from tests.web.sessions.schedule import schedule
from tests.web.sessions.test_session_pages import GUEST, emails, link_in, page
from tests.web.signed_in_users import MEMBER, SignedInUsers


def test_someone_who_is_not_the_member_with_their_address_registers_for_themselves(
    users: SignedInUsers,
) -> None:
    """The committee has removed their link to the member."""
    number, browser = schedule(users, topic="a-path/evening/"), users.client("nobody")
    with users.database.transaction() as session:
        member = session.scalars(select(Member).where(Member.number == MEMBER.number)).one()
        person = records.person_of_member(session, member.id, users.clock())
        unlink_person(session, person, "committee", users.clock())
    browser.post(f"/sessions/{number}/guest", data=GUEST | {"email": MEMBER.email})
    with users.database.reading() as session:
        mine = session.scalars(select(Registration)).one()
        assert mine.person_id == person
        assert records.find_of_member(session, member.id) is None
    link = link_in(emails(users, MEMBER.email)[-1])
    assert link.startswith("/link/")
    assert "You are registered." in browser.post(f"{link}/confirm", follow_redirects=True).text
    assert "Registered" not in page(users.client("member"), number)


def test_members_see_who_leads_a_session_by_name_only(users: SignedInUsers) -> None:
    number = schedule(users, topic="a-path/evening/", leaders=MEMBER.number)
    for who in ("member", "committee"):
        shown = page(users.client(who), number)
        assert f"Led by {MEMBER.first_name} {MEMBER.last_name}" in shown
        assert f"{MEMBER.email}</p>" not in shown
    assert "Led by" not in page(users.client("nobody"), number)
