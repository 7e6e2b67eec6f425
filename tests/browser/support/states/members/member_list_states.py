"""Giving and ending roles of many members, and importing members, in every state."""

from __future__ import annotations

from collections.abc import Callable
from secrets import randbelow, token_hex

from playwright.sync_api import Page
from sqlalchemy import select, update

from bridge.member_imports.reading import Office, UploadedFile, look_at_file
from bridge.member_imports.recording import record_import
from bridge.member_imports.undoing import undo_import
from bridge.membership.known_roles import NO_KNOWN_ROLES
from bridge.membership.roles import HeldRole
from bridge.store.batches import member_imports
from bridge.store.learning import awards
from bridge.store.learning.awards import AwardRecord
from bridge.store.members import roles
from bridge.store.tables.member_imports import MemberImport
from bridge.store.tables.members import Member
from bridge.workflows.role_lists.recording import record_roles
from bridge.workflows.role_lists.request import RoleRequest
from tests.browser.support.app_server import ROLES, AppServer, now
from tests.browser.support.states.page_setup import PageSetup
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.signoff_states import NOT_FOUND

ROLE_PAGE = "/committee/roles"


def filled(step: str = "preview", action: str = "give", people: str = "") -> PageSetup:
    """Fill in the form, and press a button."""

    def setup(page: Page, app_server: AppServer) -> None:
        page.goto(ROLE_PAGE)
        page.select_option("#action", action)
        page.fill("#role", "Trustee")
        page.fill("#people", people)
        with page.expect_navigation():
            page.locator(f'main button[value="{step}"]:not([tabindex])').first.click()

    return setup


def recorded(
    action: str = "give",
    then: Callable[[Page], object] = lambda _page: None,
    *,
    earned: bool = False,
) -> PageSetup:
    """The page of a list that was just recorded. `earned`: an award depends on it."""

    def setup(page: Page, app_server: AppServer) -> None:
        role = f"delegate-{token_hex(3)}"
        with app_server.database.transaction() as session:
            numbers = ("4005", "4006", "4007")
            people = session.scalars(select(Member.id).where(Member.number.in_(numbers))).all()
            if action == "end":
                for each in people:
                    roles.give_role(session, each, HeldRole(role), "test", now())
            days = {"since": now().date()} if action == "give" else {"until": now().date()}
            request = RoleRequest(action, HeldRole(role, "north", **days))  # type: ignore[arg-type]
            if action == "end":
                request = RoleRequest("end", HeldRole(role, until=now().date()))
            done = record_roles(session, (), request, people, token_hex(8), "test", now())
            if earned:
                step, proof = f"step-{token_hex(4)}", {"role": [role]}
                path = app_server.crowd.path.key
                awards.grant(session, [AwardRecord(people[0], path, step, "r", proof, now())])
        page.goto(f"{ROLE_PAGE}/lists/{done.batch_id}")
        then(page)

    return setup


def sent(page: Page) -> None:
    """Send the last form of the page as it is."""
    with page.expect_navigation():
        page.locator("main form:last-of-type button").first.click()


PEOPLE = f"4001\n4002, 4002\n{NOT_FOUND}"
MEMBER_LIST_STATES = (
    PageState("role_lists.form", lambda page, _server: page.goto(ROLE_PAGE), "committee"),
    PageState("role_lists.form", filled(people=PEOPLE), "committee", "POST"),
    PageState("role_lists.form", filled("list"), "committee", "POST", state="list"),
    PageState("role_lists.form", filled(action="end"), "committee", "POST", state="errors"),
    PageState("role_lists.recorded", recorded(), "committee"),
    PageState("role_lists.recorded", recorded("end"), "committee", state="ended"),
    PageState("role_lists.recorded", recorded(earned=True), "committee", state="earned"),
    PageState("role_lists.undo", recorded(earned=True, then=sent), "committee", "POST"),
)
IMPORT = "/committee/members/import"
HEAD = "number;email;first_name;last_name;region;role"
Then = Callable[[AppServer, int, Office], object]


def import_rows(number: int) -> str:
    """A new member, one whose region and role change, one who is refused."""
    return "\n".join((
        HEAD,
        f"{number};n{number}@union.example;Ann;Ber;north;trustee",
        "4001;m4001@union.example;Anna;Ber;south;trustee",
        "12;no address;Cy;Roy;north;",
        f"{number + 1}",
    ))  # fmt: skip


def pasted(text: Callable[[], str], then: Callable[[Page], object] = lambda _: None) -> PageSetup:
    """Paste rows and look at them."""

    def setup(page: Page, app_server: AppServer) -> None:
        page.goto(IMPORT)
        page.fill("#rows", text())
        with page.expect_navigation():
            page.locator("main form button").first.click()
        then(page)

    return setup


def new_rows() -> str:
    return import_rows(700_000 + randbelow(90_000))


def imported(then: Then, on_page: Callable[[Page], object] = lambda _: None) -> PageSetup:
    """The page of an import that was recorded, and what happened then."""

    def setup(page: Page, app_server: AppServer) -> None:
        office = Office(app_server.config.regions, (), NO_KNOWN_ROLES, ROLES["committee"], now())
        number = 800_000 + randbelow(90_000)
        text = "\n".join(import_rows(number).splitlines()[:2])
        with app_server.database.transaction() as session:
            file = UploadedFile("members.csv", text.encode(), token_hex(8))
            found = look_at_file(session, file, office)
        record_import(app_server.database, found, office)
        with app_server.database.transaction() as session:
            changed = update(Member).where(Member.number == str(number))
            if then is left:
                session.execute(changed.values(first_name="Zo"))
        then(app_server, found, office)
        page.goto(f"{IMPORT}/{found}")
        on_page(page)

    return setup


def nothing(_server: AppServer, _found: int, _office: Office) -> None:
    """It can be undone."""


def left(server: AppServer, found: int, office: Office) -> None:
    undo_import(server.database, found, office, "Wrong file")


def over(server: AppServer, found: int, _office: Office) -> None:
    """More than an hour ago."""
    with server.database.transaction() as session:
        hour = now() - 2 * member_imports.UNDO_TIME
        session.execute(
            update(MemberImport).where(MemberImport.id == found).values(recorded_at=hour)
        )
        member_imports.prune(session, now())


def press_undo(page: Page) -> None:
    """Press undo without a reason."""
    with page.expect_navigation():
        page.locator('main form[action$="/undo"] button').click()


IMPORT_STATES = (
    PageState("member_imports.form", lambda page, _server: page.goto(IMPORT), "committee"),
    PageState("member_imports.form", pasted(lambda: "a,b\n1,2"), "committee", "POST"),
    PageState("member_imports.show", pasted(new_rows), "committee"),
    PageState("member_imports.show", imported(nothing), "committee", state="recorded"),
    PageState("member_imports.show", imported(left), "committee", state="left"),
    PageState("member_imports.show", imported(over), "committee", state="over"),
    PageState("member_imports.undo", imported(nothing, press_undo), "committee", "POST"),
)
IMPORT_REDIRECTS = (("member_imports.record", "POST"), ("member_imports.discard", "POST"))
