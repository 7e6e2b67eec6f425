"""The list of what there is to do on the dashboard: its numbers, its links, and for whom it is."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.sessions.tables import LiveSession, Registration
from bridge.store.accounts import questions as account_questions
from bridge.store.delivery import deliveries, outbox
from bridge.store.delivery.deliveries import DeliveryRecord
from bridge.store.learning.completions import CompletionRecord, upsert_completions
from bridge.store.learning.enrolments import request_enrolments
from bridge.store.learning.signoffs import record_signoff
from bridge.store.members import contact_requests, number_questions
from bridge.store.members.contact_requests import ContactMessage
from bridge.store.members.number_questions import NewNumberQuestion
from bridge.store.operations import runs
from bridge.workflows.signoffs.one_signoff_away import update_one_signoff_away
from tests.sessions.sample_rows import add_session
from tests.web.query_counter import counted
from tests.web.sample_site import PATH, english
from tests.web.signed_in_users import SignedInUsers, Who

FRIENDLY = "Nothing is waiting for you. Enjoy your day!"
LEASE = timedelta(minutes=1)
WALK = SignedOff("walk", english("Took part in a walk"), frozenset({"chair"}))
TALK = SignedOff("talk", english("Gave a talk"))
READ = ActivityDone("read-me")


def to_dos(users: SignedInUsers, who: Who = "committee") -> dict[str, tuple[str, str]]:
    """The number and the address of each line of the list."""
    page = users.client(who).get("/committee").get_data(as_text=True)
    lines = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> <strong class="count">(\d+)', page)
    return {title: (number, address) for address, title, number in lines}


def ask(session: Session, users: SignedInUsers, region: str) -> None:
    message = ContactMessage("Kim", "kim@union.example", "", region, "", "Hello", "en")
    contact_requests.add_request(session, message, users.clock())


def fail(session: Session, users: SignedInUsers) -> None:
    """A refused email to a member, and a refused sign-in email."""
    now = users.clock()
    deliveries.enqueue(session, [DeliveryRecord(users.member, "mail", "", {})], now)
    for one in deliveries.claim(session, "mail", "test", now, LEASE, 1):
        deliveries.mark_failed(session, one.id, "test", "550")
    outbox.enqueue(session, "sign-in", "k@union.example", "en", {"link": "", "minutes": 15}, now)
    for letter in outbox.claim(session, "test", now, LEASE, 1):
        outbox.mark_failed(session, letter.id, "test", "550")


def doubt(session: Session, users: SignedInUsers) -> None:
    why = account_questions.NUMBER_FROM_MOODLE
    asked = account_questions.NewQuestion(users.member, 900, why, "k@elsewhere.example", "7")
    account_questions.add_questions(session, [asked], users.clock())
    question = NewNumberQuestion(
        users.member, "0001001", number_questions.SPELLING, "m@elsewhere.example", "Mem", "Ber",
        "csv",
    )  # fmt: skip
    number_questions.add_questions(session, [question], users.clock())


def test_nothing_to_do_is_one_friendly_sentence(users: SignedInUsers) -> None:
    assert FRIENDLY in users.client("committee").get("/committee").text
    assert FRIENDLY in users.client("chair").get("/committee").text
    assert FRIENDLY not in users.client("auditor").get("/committee").text


def test_each_line_has_its_number_and_leads_to_the_work(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        for region in ("north", "north", "south"):
            ask(session, users, region)
        fail(session, users)
        doubt(session, users)
        compared = runs.start_run(session, "drift", "test", users.clock())
        runs.finish_run(session, compared, True, {PATH.key: 7}, users.clock())
    assert to_dos(users) == {
        "Contact requests to answer": ("3", "/committee/contact-requests"),
        "Updates that failed": ("1", "/committee/failed-deliveries"),
        "Emails that failed": ("1", "/committee/failed-emails"),
        "Questions about Moodle accounts": ("1", "/committee/account-questions"),
        "Questions about member numbers": ("1", "/committee/number-questions"),
        "Changes of “A Path &amp; More” to publish": ("7", "/committee/curricula"),
    }
    assert FRIENDLY not in users.client("committee").get("/committee").text
    assert to_dos(users, "auditor") == {}
    for _, address in to_dos(users).values():
        assert users.client("committee").get(address).status_code == 200


def test_chairs_see_what_they_can_do_in_their_regions(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        ask(session, users, "north")
        fail(session, users)
        doubt(session, users)
    assert to_dos(users, "chair") == {
        "Contact requests to answer": ("1", "/committee/contact-requests")
    }
    assert to_dos(users, "other_chair") == {}


def test_changes_are_published_once_an_apply_ends_later(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        compared = runs.start_run(session, "drift", "test", users.clock())
        runs.finish_run(session, compared, True, {PATH.key: 7}, users.clock())
    users.clock.forward(minutes=1)
    with users.database.transaction() as session:
        applied = runs.start_run(session, "apply", "test", users.clock())
        runs.finish_run(session, applied, True, {"made": 7}, users.clock())
    assert to_dos(users) == {}


def test_sessions_without_attendance_drafts_and_postponed_ones(users: SignedInUsers) -> None:
    with users.database.transaction() as session:
        over, draft, postponed = (add_session(session, f"s-{n}", users.clock()) for n in range(3))
        session.add(
            Registration(
                session_id=over,
                person_id=users.guest,
                format="online",
                state="seated",
                position=1,
                sequence=0,
                joined_at=None,
                created_at=users.clock(),
            )
        )
        day = timedelta(days=1)
        past = {"starts_at": users.clock() - 2 * day, "ends_at": users.clock() - day}
        soon = {"starts_at": users.clock() + day, "ends_at": users.clock() + 2 * day}
        for number, values in ((over, past), (draft, soon | {"state": "draft"}),
                               (postponed, {"state": "postponed"})):  # fmt: skip
            values = {**values, "region": "south"}
            session.execute(update(LiveSession).where(LiveSession.id == number).values(**values))
    attendance = ("1", f"/committee/sessions/{over}/roster")
    assert to_dos(users) == {
        "Sessions without attendance": attendance,
        "Draft sessions that begin soon, without registration": (
            "1", f"/committee/sessions/{draft}",
        ),
        "Postponed sessions without a new date": ("1", f"/committee/sessions/{postponed}"),
    }  # fmt: skip
    assert to_dos(users, "other_chair") == {"Sessions without attendance": attendance}
    assert to_dos(users, "chair") == {}


def almost_there(users: SignedInUsers) -> None:
    """The member lacks only the walk of the first milestone; the other lacks a page, too."""
    first = replace(PATH.milestones[0], requirements=(READ, WALK))
    second = replace(PATH.milestones[1], requirements=(TALK,))
    users.shelf[0] = replace(PATH, milestones=(first, second))
    with users.database.transaction() as session:
        everyone = (users.member, users.other_member)
        request_enrolments(session, [(one, PATH.key, "first") for one in everyone], users.clock())
        done = CompletionRecord(users.member, PATH.key, "read-me", True, None, users.clock())
        upsert_completions(session, [done])
    assert update_one_signoff_away(users.database, users.shelf, users.clock)


def test_members_who_lack_only_a_signoff(users: SignedInUsers) -> None:
    almost_there(users)
    line = {
        "Members who are one sign-off away from a milestone": (
            "1", "/committee/one-signoff-away",
        )
    }  # fmt: skip
    assert to_dos(users) == line
    assert to_dos(users, "chair") == line
    assert to_dos(users, "other_chair") == {}
    page = users.client("chair").get("/committee/one-signoff-away").text
    for wanted in ("Mem Ber", "North", "First", "Took part in a walk"):
        assert wanted in page
    assert "Oth Er" not in users.client("committee").get("/committee/one-signoff-away").text
    empty = users.client("other_chair").get("/committee/one-signoff-away").text
    assert "Nobody is one sign-off away" in empty


def test_those_who_lack_nothing_else_are_listed_for_signing_off(users: SignedInUsers) -> None:
    almost_there(users)
    page = users.client("committee").get("/committee/one-signoff-away").text
    link = f"/committee/sign-offs?requirement={PATH.key}:walk&amp;lacks=only-this"
    assert link in page
    chosen = users.client("committee").get(html.unescape(link)).text
    for value in (f"{PATH.key}:walk", "only-this"):
        assert re.search(rf'<option (selected )?value="{value}"(?(1)| selected)>', chosen), value
    assert ticked(chosen) == [users.member]
    form = {"requirement": f"{PATH.key}:walk", "step": "list"}
    everyone = users.client("committee").post("/committee/sign-offs", data=form).text
    assert ticked(everyone) == [users.member, users.other_member]
    form |= {"lacks": "only-this", "step": "all"}
    assert ticked(users.client("committee").post("/committee/sign-offs", data=form).text) == [
        users.member
    ]
    other = form | {"requirement": f"{PATH.key}:talk"}
    assert "Nobody fits." in users.client("committee").post("/committee/sign-offs", data=other).text
    wrong = users.client("committee").get("/committee/sign-offs?requirement=x:y&lacks=z").text
    assert ticked(wrong) == []
    assert 'value="x:y"' not in wrong


def ticked(page: str) -> list[int]:
    """The IDs of those who can be ticked."""
    return [int(each) for each in re.findall(r'id="ticked-(\d+)"', page)]


def test_who_is_signed_off_leaves_the_list_before_it_is_counted_again(
    users: SignedInUsers,
) -> None:
    almost_there(users)
    users.clock.forward(seconds=5)
    assert not update_one_signoff_away(users.database, users.shelf, users.clock)
    with users.database.transaction() as session:
        record_signoff(session, users.member, PATH.key, "walk", "Ana", "", "chair", users.clock())
    assert to_dos(users) == {}
    assert "Mem Ber" not in users.client("committee").get("/committee/one-signoff-away").text
    users.clock.forward(minutes=1)
    assert update_one_signoff_away(users.database, users.shelf, users.clock)
    assert to_dos(users) == {}


def test_chairs_are_not_asked_for_what_only_the_committee_signs_off(users: SignedInUsers) -> None:
    almost_there(users)
    users.shelf[0] = replace(
        users.shelf[0],
        milestones=(
            replace(
                PATH.milestones[0], requirements=(READ, replace(WALK, signed_off_by=frozenset()))
            ),
        ),
    )
    users.clock.forward(minutes=1)
    assert update_one_signoff_away(users.database, users.shelf, users.clock)
    assert to_dos(users, "chair") == {}
    assert len(to_dos(users)) == 1


def test_the_list_takes_as_many_queries_for_much_work_as_for_little(users: SignedInUsers) -> None:
    client = users.client("committee")
    numbers = []
    for _ in range(2):
        with users.database.transaction() as session:
            for _ in range(30):
                ask(session, users, "north")
        with counted(users.database) as statements:
            client.get("/committee")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
