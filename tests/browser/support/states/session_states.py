"""The pages of live sessions: to come, full, postponed, held; for members, guests and leaders."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.messages import Message
from bridge.sessions import registrations, scheduling
from bridge.sessions.feature import office_of
from bridge.sessions.notices.announcements import RSVP_PURPOSE
from bridge.sessions.office import Office
from bridge.sessions.providers.errors import ProviderRefused
from bridge.sessions.providers.tables import JoinLink
from bridge.sessions.rules import SessionData, Times
from bridge.sessions.tables import LiveSession
from bridge.store.persons import personal_links, records
from bridge.store.persons.records import PersonRecord
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.states.page_setup import PageSetup
from tests.browser.support.states.page_state import PageState

CURRICULUM = "member-steward-path"
SCHEDULE = "/committee/sessions"
GUEST = PersonRecord("Gil Guest-with-a-rather-long-name", "gil@guest.example")
NO_MEETING = ProviderRefused(
    Message("there is no meeting with this number."), where="Zoom",
    todo=Message("Check the number on the session's page."),
)  # fmt: skip
TOKEN = "a-link-of-a-guest-of-a-session"
RSVP_TOKEN = "a-link-of-an-announcement"


def _office(app_server: AppServer, at: datetime) -> Office:
    return office_of(app_server.config, [app_server.crowd.path], "committee@union.example", at)


def _scheduled(session: Session, app_server: AppServer, key: str, topic: str) -> int:
    """An open session with this key, three days from now: the one that there is, or a new one."""
    known = session.scalar(select(LiveSession.id).where(LiveSession.key == key))
    if known is not None:
        return known
    starts = (now() + timedelta(days=3)).replace(tzinfo=None, second=0, microsecond=0)
    data = SessionData(
        curriculum=CURRICULUM, topic=topic, part="",
        times=Times(starts, starts + timedelta(hours=2), "UTC"), online=True, in_person=True,
        seats_online=1, seats_room=12, link="https://meet.example/1", room="Union hall, room 3",
        region="north", materials="Read *the agreement* before.",
    )  # fmt: skip
    office = _office(app_server, now())
    number = scheduling.create(session, office, data, key)
    scheduling.open_registration(session, office, number)
    return number


def _with(
    app_server: AppServer, key: str, topic: str = "hearings", *, registered: bool = False
) -> int:
    """A session, for which the member is registered or not."""
    with app_server.database.transaction() as session:
        number = _scheduled(session, app_server, key, topic)
        person = records.person_of_member(session, app_server.crowd.member, now())
    if registered:
        with app_server.database.transaction() as session:
            desk = _office(app_server, now()).desk
            registrations.register(session, desk, number, person, "online")
    return number


def at(address: str, key: str, *, registered: bool = False) -> PageSetup:
    """Open a page of a session."""

    def setup(page: Page, app_server: AppServer) -> None:
        topic = "open-evening" if key == "evening" else "hearings"
        number = _with(app_server, key, topic, registered=registered)
        page.goto(address.format(number=number))

    return setup


def sent(address: str, key: str, form: str = "main form") -> PageSetup:
    """Send the form of a page of a session with nothing changed but emptied fields."""

    def setup(page: Page, app_server: AppServer) -> None:
        at(address, key)(page, app_server)
        page.locator(f"{form} input[type=date], {form} input[type=email]").first.fill("")
        with page.expect_navigation():
            page.locator(f"{form} button").first.click()

    return setup


def postponed(page: Page, app_server: AppServer) -> None:
    number = _with(app_server, f"postponed-{token_hex(4)}", registered=True)
    with app_server.database.transaction() as session:
        scheduling.postpone(session, _office(app_server, now()), number, "A snow storm.")
    page.goto(f"/sessions/{number}")


def held(page: Page, app_server: AppServer) -> None:
    """The roster of a session that began an hour ago."""
    number = _with(app_server, f"held-{token_hex(4)}", registered=True)
    with app_server.database.transaction() as session:
        live = session.get_one(LiveSession, number)
        live.starts_at, live.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=1)
    page.goto(f"{SCHEDULE}/{number}/roster")


def begun(address: str) -> PageSetup:
    """A page of a session that began an hour ago."""

    def setup(page: Page, app_server: AppServer) -> None:
        held(page, app_server)
        page.goto(page.url.replace("/roster", address))

    return setup


def by_link(page: Page, app_server: AppServer) -> None:
    number = _with(app_server, "evening", "open-evening")
    with app_server.database.transaction() as session:
        guest = records.find_or_add(session, GUEST, now()).id
    with app_server.database.transaction() as session:
        desk = _office(app_server, now()).desk
        registrations.register(session, desk, number, guest, "room", confirmed=False)
        month = timedelta(days=30)
        personal_links.issue(session, TOKEN, "session", guest, str(number), now(), month)
    page.goto(f"/link/{TOKEN}/session")


def invited(page: Page, app_server: AppServer) -> None:
    """The page that an announcement leads to, with another session to choose."""
    number = _with(app_server, "plain")
    _with(app_server, "evening", "open-evening")
    with app_server.database.transaction() as session:
        person = records.person_of_member(session, app_server.crowd.member, now())
        month = timedelta(days=30)
        personal_links.issue(session, RSVP_TOKEN, RSVP_PURPOSE, person, str(number), now(), month)
    page.goto(f"/link/{RSVP_TOKEN}/sessions")


def my_learning(page: Page, app_server: AppServer) -> None:
    """*My learning* with a session."""
    _with(app_server, "mine", registered=True)
    page.goto("/me")


def several(page: Page, app_server: AppServer) -> None:
    """The list with the form for several sessions."""
    for key, topic in (("plain", "hearings"), ("evening", "open-evening")):
        _with(app_server, key, topic)
    page.goto("/sessions")


def no_link(page: Page, _app_server: AppServer) -> None:
    page.goto("/link/unknown/session")


def month(page: Page, app_server: AppServer) -> None:
    number = _with(app_server, "plain")
    with app_server.database.reading() as session:
        starts = session.get_one(LiveSession, number).starts
    page.goto(f"/sessions/month/{starts:%Y-%m}")


def with_zoom(address: str, link: str, *, opened: bool = False) -> PageSetup:
    """A page of a session in Zoom, which refuses the member if they have no link."""

    def setup(page: Page, app_server: AppServer) -> None:
        number = _with(app_server, f"zoom-{token_hex(4)}", registered=True)
        with app_server.database.transaction() as session:
            live = session.get_one(LiveSession, number)
            live.link = "zoom:81234567890"
            live.starts_at = now() + timedelta(minutes=5) if opened else live.starts_at
            person = records.person_of_member(session, app_server.crowd.member, now())
            error = None if link else NO_MEETING.as_data()
            session.add(JoinLink(
                session_id=number, person_id=person, target=live.link, wanted=True, link=link,
                registrant_id="", attempts=1, next_try_at=now(), error=error, created_at=now(),
            ))  # fmt: skip
        page.goto(address.format(number=number))

    return setup


def scheduling_a_new_one(page: Page, _app_server: AppServer) -> None:
    page.goto(f"{SCHEDULE}/new")


def with_mistakes(page: Page, _app_server: AppServer) -> None:
    page.goto(f"{SCHEDULE}/new")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def _file(session: str, seats: int, key: str = "imported") -> str:
    return (
        f"- key: {key}\n  session: {session}\n  starts: 2999-04-17 18:00\n"
        f"  timezone: America/Toronto\n  seats: {{online: {seats}}}\n"
    )


def imported(text: str) -> PageSetup:
    """Look at what an import would change."""

    def setup(page: Page, app_server: AppServer) -> None:
        _with(app_server, "plain")
        page.goto(f"{SCHEDULE}/import")
        page.locator("textarea").fill(text)
        with page.expect_navigation():
            page.locator("main form button[value=preview]").click()

    return setup


def importing(page: Page, _app_server: AppServer) -> None:
    page.goto(f"{SCHEDULE}/import")


def repeated(page: Page, app_server: AppServer) -> None:
    page.goto(f"{SCHEDULE}/{_with(app_server, 'plain')}/repeat")
    page.locator("input[name=times]").fill("3")
    with page.expect_navigation():
        page.locator("main form button[value=preview]").click()


def cancelling_several(page: Page, app_server: AppServer) -> None:
    _with(app_server, "plain")
    page.goto(SCHEDULE)
    page.locator("input[name=session]").first.check()
    with page.expect_navigation():
        page.locator("button[name=action][value=cancel]").click()


SESSION_STATES = (
    PageState("sessions.index", at("/sessions", "plain"), "member"),
    PageState("sessions.month", month, "member"),
    PageState("sessions.show", at("/sessions/{number}", "plain"), "member"),
    PageState(
        "sessions.show", at("/sessions/{number}", "mine", registered=True), "member", state="mine"
    ),
    PageState(
        "sessions.show",
        with_zoom("/sessions/{number}", "https://zoom.example/w/1", opened=True),
        "member",
        state="can-join",
    ),
    PageState(
        "sessions.show",
        with_zoom("/sessions/{number}", "", opened=True),
        "member",
        state="link-follows",
    ),
    PageState("sessions.show", postponed, "member", state="postponed"),
    PageState("sessions.show", at("/sessions/{number}", "evening"), state="open-to-all"),
    PageState("sessions.guest", at("/sessions/{number}/guest", "evening")),
    PageState("sessions.guest", sent("/sessions/{number}/guest", "evening"), method="POST"),
    PageState("sessions.guest_sent", at("/sessions/{number}/guest/sent", "evening")),
    PageState("sessions.by_link", by_link),
    PageState("sessions.by_link", no_link, status=410),
    PageState("committee_sessions.code", begun("/code"), "committee"),
    PageState("committee_sessions.attendance_file", begun("/attendance/file"), "committee"),
    PageState("committee_sessions.walk_in", begun("/walk-in"), "committee"),
    PageState("sessions.rsvp", invited),
    PageState("sessions.index", several, "member", state="several"),
    PageState("me.progress", my_learning, "member", state="sessions"),
    PageState("committee_sessions.index", at(SCHEDULE, "plain"), "committee"),
    PageState("committee_sessions.new", scheduling_a_new_one, "committee"),
    PageState("committee_sessions.new", with_mistakes, "committee", "POST"),
    PageState("committee_sessions.show", at(f"{SCHEDULE}/{{number}}", "plain"), "committee"),
    PageState(
        "committee_sessions.show",
        with_zoom(f"{SCHEDULE}/{{number}}", ""),
        "committee",
        state="without-links",
    ),
    PageState(
        "committee_sessions.edit",
        with_zoom(f"{SCHEDULE}/{{number}}/edit", ""),
        "committee",
        state="in-zoom",
    ),
    PageState(
        "committee_sessions.roster",
        with_zoom(f"{SCHEDULE}/{{number}}/roster", ""),
        "committee",
        state="without-links",
    ),
    PageState("committee_sessions.edit", at(f"{SCHEDULE}/{{number}}/edit", "plain"), "committee"),
    PageState(
        "committee_sessions.edit", sent(f"{SCHEDULE}/{{number}}/edit", "plain"), "committee", "POST"
    ),
    PageState(
        "committee_sessions.new_date",
        sent(f"{SCHEDULE}/{{number}}", "plain", "main form[action$=date]"),
        "committee",
        "POST",
    ),
    PageState("committee_sessions.roster", held, "committee"),
    PageState("committee_sessions.import_file", importing, "committee"),
    PageState(
        "committee_sessions.import_file",
        imported(_file("hearings", 3) + _file("hearings", 7, "plain")),
        "committee",
        "POST",
    ),
    PageState(
        "committee_sessions.import_file",
        imported(_file("hearing", 0)),
        "committee",
        "POST",
        state="mistakes",
    ),
    PageState(
        "committee_sessions.repeat", at(f"{SCHEDULE}/{{number}}/repeat", "plain"), "committee"
    ),
    PageState("committee_sessions.repeat", repeated, "committee", "POST"),
    PageState("committee_sessions.several", cancelling_several, "committee", "POST"),
)
SESSION_REDIRECTS = (
    ("sessions.register", "POST"),
    ("sessions.leave", "POST"),
    ("sessions.confirm", "POST"),
    ("sessions.join", "GET"),
    ("sessions.join_by_link", "GET"),
    ("sessions.act_by_link", "POST"),
    ("sessions.feed", "GET"),
    ("sessions.one", "GET"),
    ("sessions.this_month", "GET"),
    ("sessions.code", "POST"),
    ("sessions.code_by_link", "POST"),
    ("sessions.register_several", "POST"),
    ("sessions.rsvp_act", "POST"),
    ("sessions.rsvp_several", "POST"),
    ("committee_sessions.act", "POST"),
    ("committee_sessions.attendance", "POST"),
    ("committee_sessions.attendance_file", "POST"),
    ("committee_sessions.walk_in", "POST"),
    ("committee_sessions.remove_person", "POST"),
)
