"""Adding, correcting, merging, deactivating and erasing members, and notes, in every state."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from sqlalchemy import select

from bridge.membership.status import LEFT
from bridge.store.member_changes import notes
from bridge.store.tables.members import Member, MemberNote
from tests.browser.support.app_server import ROLES, AppServer, now
from tests.browser.support.states.page_setup import PageSetup, open_page, submit_form
from tests.browser.support.states.page_state import PageState

MEMBERS = "/committee/members"
MEMBER = f"{MEMBERS}/{{member}}"
WORDS = "She asked to be called after five.\nUnvorhergesehenesbetriebsvereinbarungsverhandlung."


def similar(page: Page, app_server: AppServer) -> None:
    """The question whether the new member is one already."""
    with app_server.database.reading() as session:
        known = session.get_one(Member, app_server.crowd.member)
    submit_form(
        f"{MEMBERS}/add", number="99-1", first_name="Kim", last_name="Doe", email=known.email
    )(page, app_server)  # fmt: skip


def taken(page: Page, app_server: AppServer) -> None:
    """The answer to a number that someone has."""
    with app_server.database.reading() as session:
        known = session.get_one(Member, app_server.crowd.member)
    submit_form(
        f"{MEMBERS}/add", number=known.number or "", first_name="Kim", email="kim@union.example"
    )(page, app_server)  # fmt: skip


def changed_meanwhile(page: Page, app_server: AppServer) -> None:
    submit_form(f"{MEMBER}/edit", version="another", unit="12")(page, app_server)


def noted(then: Callable[[Page, str], object]) -> PageSetup:
    """The notes about the member, one of them the visitor's. `then`: gets the note's address."""

    def setup(page: Page, app_server: AppServer) -> None:
        member = app_server.crowd.member
        with app_server.database.transaction() as session:
            notes.add(session, member, "From a colleague", "lee@union.example", now())
            notes.add(session, member, WORDS, ROLES["committee"], now())
            own = select(MemberNote.id).where(MemberNote.author == ROLES["committee"])
            note = session.scalar(own.order_by(MemberNote.id.desc()).limit(1))
        then(page, f"{MEMBERS}/{member}/notes/{note}")

    return setup


def send_empty(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("main textarea").fill("")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def send_changed(page: Page, address: str) -> None:
    """Another window has changed the note."""
    page.goto(address)
    page.locator("main textarea").fill("Something else")
    page.locator("main [name=shown]").evaluate("field => { field.value = 'before'; }")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def merging(then: Callable[[Page], object] = lambda _page: None) -> PageSetup:
    """Both records of a member, side by side, each with a Moodle account."""

    def setup(page: Page, app_server: AppServer) -> None:
        kept = app_server.crowd.member
        with app_server.database.transaction() as session:
            double = session.scalars(select(Member).where(Member.number == "4012")).one()
            double.unit, other = "Unvorhergesehenesbetriebsvereinbarungsverhandlung", double.id
        page.goto(f"{MEMBERS}/{kept}/merge/{other}")
        then(page)

    return setup


def send_wrong_id(page: Page) -> None:
    page.fill("#typed", "0")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def left(what: Callable[[Page, str], object]) -> PageSetup:
    """The page to reactivate a member who has left."""

    def setup(page: Page, app_server: AppServer) -> None:
        with app_server.database.transaction() as session:
            gone = session.scalars(select(Member).where(Member.number == "4011")).one()
            gone.status = LEFT
            number = gone.id
        what(page, f"{MEMBERS}/{number}")

    return setup


def reactivate_without_reason(page: Page, address: str) -> None:
    page.goto(f"{address}/reactivate")
    with page.expect_navigation():
        page.locator("main form button").first.click()


MEMBER_STATES = (
    PageState("members.add", open_page(f"{MEMBERS}/add"), "committee"),
    PageState("members.add", submit_form(f"{MEMBERS}/add"), "committee", "POST"),
    PageState("members.add", similar, "committee", "POST", state="similar"),
    PageState("members.add", taken, "committee", "POST", state="taken"),
    PageState("members.edit", open_page(f"{MEMBER}/edit"), "committee"),
    PageState("members.edit", submit_form(f"{MEMBER}/edit", email="x"), "committee", "POST"),
    PageState("members.edit", changed_meanwhile, "committee", "POST", state="changed"),
    PageState("members.deactivate", open_page(f"{MEMBER}/deactivate"), "committee"),
    PageState("members.deactivate", submit_form(f"{MEMBER}/deactivate"), "committee", "POST"),
    PageState(
        "members.deactivate",
        left(lambda page, address: page.goto(f"{address}/deactivate")),
        "committee",
        state="left",
    ),
    PageState("members.show", left(lambda page, address: page.goto(address)), "committee",
              state="left"),
    PageState("members.reactivate", open_page(f"{MEMBER}/reactivate"), "committee", state="here"),
    PageState(
        "members.reactivate",
        left(lambda page, address: page.goto(f"{address}/reactivate")),
        "committee",
    ),
    PageState("members.reactivate", left(reactivate_without_reason), "committee", "POST"),
    PageState("members.notes", open_page(f"{MEMBERS}/1/notes"), "committee", state="empty"),
    PageState(
        "members.notes",
        noted(lambda page, address: page.goto(address.rpartition("/")[0])),
        "committee",
    ),
    PageState("members.notes", submit_form(f"{MEMBER}/notes"), "committee", "POST"),
    PageState("members.change_note", noted(lambda page, to: page.goto(to)), "committee"),
    PageState("members.change_note", noted(send_empty), "committee", "POST"),
    PageState("members.change_note", noted(send_changed), "committee", "POST", state="changed"),
    PageState(
        "members.remove_note", noted(lambda page, to: page.goto(f"{to}/remove")), "committee"
    ),
    PageState("members.find_double", open_page(f"{MEMBER}/merge"), "committee"),
    PageState("members.find_double", submit_form(f"{MEMBER}/merge"), "committee", "POST"),
    PageState("members.merge", merging(), "committee"),
    PageState("members.merge", merging(send_wrong_id), "committee", "POST"),
    PageState("members.erase", open_page(f"{MEMBER}/erase"), "committee"),
    PageState("members.erase", submit_form(f"{MEMBER}/erase"), "committee", "POST"),
)  # fmt: skip
MEMBER_REDIRECTS = (("members.remove_note", "POST"),)
