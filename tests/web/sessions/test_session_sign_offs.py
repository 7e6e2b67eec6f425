"""Leaders sign off those who attended their session; mentors their own people, in the same way."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import replace

import pytest

from bridge.access.roles import Role
from bridge.access.visitor import Visitor
from bridge.config import Config
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.signoff import SignedOff, Signer
from bridge.features import FEATURES
from bridge.foundations.feature import Context, Feature
from bridge.store.database import Database
from bridge.store.learning import awards, decisions
from bridge.store.learning.credits import credits_of_members
from bridge.store.persons import proof, records
from tests.web.sample_site import PATH, Clock, english
from tests.web.sessions.conftest import TOPICS
from tests.web.sessions.schedule import go_to_its_end, schedule
from tests.web.signed_in_users import ADDRESSES, SignedInUsers, Who

BOTH = "1001\n1002"


def roles_for_pair(_context: Context, visitor: Visitor, subject: str) -> frozenset[Role]:
    mine = subject == "pair:7" and visitor.email == ADDRESSES["mentor"]
    return frozenset({"mentor"} if mine else ())


def people_of_pair(_context: Context, number: int) -> Collection[int]:
    return {1} if number == 7 else ()


PAIRS = Feature(
    name="pairs", subjects={"pair": roles_for_pair}, own_people={"pair": people_of_pair}
)
"""As mentoring will be."""


@pytest.fixture
def users(config: Config, database: Database, clock: Clock) -> SignedInUsers:
    """Sign-offs for leaders and for mentors; a milestone that a session earns."""
    first, second = PATH.milestones
    steps = (
        replace(first, requirements=(Credited("hearings", "session"),)),
        replace(second, requirements=(signoff("walk", "leader"), signoff("talk", "mentor"))),
    )
    shelf = [replace(PATH, topics=TOPICS, milestones=steps)]
    return SignedInUsers(config, database, clock, shelf=shelf, features=(*FEATURES, PAIRS))


def signoff(key: str, signer: Signer) -> SignedOff:
    return SignedOff(key, english(f"A {key}"), frozenset({signer}))


@pytest.fixture
def held(users: SignedInUsers) -> int:
    """A session that the leader has led and the first member attended."""
    name_leader(users)
    number = schedule(users, leaders=ADDRESSES["leader"], seats_online="9")
    for who in ("member", "other_member"):
        users.client(who).post(f"/sessions/{number}/register", data={"format": "online"})
    go_to_its_end(users, number)
    mark(users, number, "yes")
    return number


def name_leader(users: SignedInUsers) -> None:
    """The leader is someone without a member record, who has confirmed their address."""
    with users.database.transaction() as session:
        record = records.PersonRecord("Lea Der", ADDRESSES["leader"])
        person = records.find_or_add(session, record, users.clock()).id
        proof.confirm_email(session, person, users.clock())


def mark(users: SignedInUsers, number: int, answer: str, reason: str = "") -> None:
    """Say whether the first member attended."""
    data = {f"attended-{users.person}": answer, "reason": reason}
    address = f"/committee/sessions/{number}/attendance"
    assert users.client("committee").post(address, data=data).status_code == 303


def sign_off(users: SignedInUsers, who: Who, address: str, requirement: str) -> str:
    """Look at the preview, and record it; return both pages."""
    browser = users.client(who)
    data = {"requirement": f"a-path:{requirement}", "occurred_on": "2026-03-01", "by_name": "Lea",
            "people": BOTH, "key": f"key-{who}"}  # fmt: skip
    seen = browser.post(address, data=data).text
    found = re.search(r'name="previewed" type="hidden" value="([^"]*)"', seen)
    previewed = html.unescape(found[1]) if found else ""
    data |= {"step": "record", "previewed": previewed}
    return seen + browser.post(address, data=data, follow_redirects=True).text


def signed(users: SignedInUsers) -> list[int]:
    with users.database.reading() as session:
        found = credits_of_members(session, [users.member, users.other_member])
        active = (each for each in found if each.withdrawn_at is None)
        return [each.member_id for each in active if each.kind == "signoff"]


def test_a_leader_signs_off_those_who_attended(users: SignedInUsers, held: int) -> None:
    address = f"/committee/sign-offs/session/{held}"
    leader = users.client("leader")
    assert address in leader.get(f"/committee/sessions/{held}/roster").text
    page = leader.get(address).text
    assert "A walk" in page
    assert "A talk" not in page
    assert f'id="ticked-{users.member}"' in page
    assert f'id="ticked-{users.other_member}"' not in page, "was not there"
    shown = sign_off(users, "leader", address, "walk")
    assert "1 new, 1 not found" in shown
    assert "1 person was signed off." in shown
    assert "/undo" in shown
    assert signed(users) == [users.member]
    assert leader.post(f"{address}/lists/1/undo").status_code == 303
    assert signed(users) == []


def test_it_is_for_the_leader_of_this_session_only(users: SignedInUsers, held: int) -> None:
    address = f"/committee/sign-offs/session/{held}"
    statuses = {who: users.client(who).get(address).status_code
                for who in ("mentor", "member", "auditor", "chair", "committee")}  # type: ignore[misc]  # fmt: skip
    assert statuses == {
        "mentor": 404, "member": 404, "auditor": 404, "chair": 404, "committee": 200,
    }  # fmt: skip
    assert users.client("leader").get("/committee/sign-offs").status_code == 403
    sign_off(users, "committee", address, "walk")
    assert users.client("leader").get(f"{address}/lists/1").status_code == 404, "not theirs"


def test_a_mentor_signs_off_their_own_people(users: SignedInUsers) -> None:
    address = "/committee/sign-offs/pair/7"
    assert users.client("mentor").get("/committee/sign-offs/pair/8").status_code == 404
    assert users.client("leader").get(address).status_code == 404
    page = users.client("mentor").get(address).text
    assert "A talk" in page
    assert "A walk" not in page
    assert "1 new, 1 not found" in sign_off(users, "mentor", address, "talk")
    assert signed(users) == [users.member]


def test_a_committee_ticks_people_by_attendance(users: SignedInUsers, held: int) -> None:
    data = {"requirement": "a-path:walk", "session": str(held), "step": "all"}
    page = users.client("committee").post("/committee/sign-offs", data=data).text
    assert f'id="ticked-{users.member}" value="{users.member}" checked' in page
    assert page.count('name="ticked"') == 1


def test_corrected_attendance_asks_about_the_milestone(users: SignedInUsers, held: int) -> None:
    mark(users, held, "no", "She was ill")
    with users.database.reading() as session:
        [asked] = decisions.list_open(session, 9)
        [credit] = credits_of_members(session, [users.member])
        assert len(awards.awards_of(session, users.member)) == 1
    assert (asked.about, asked.reason) == ("session:hearings", "She was ill")
    assert credit.withdrawn_reason == "The attendance was corrected."
    mark(users, held, "yes")
    with users.database.reading() as session:
        assert decisions.count_open(session) == 0, "it lacks nothing any more"
