"""Signing off many people, and corrections, in every state."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.curriculum.model import signoff_titles
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.store.learning import awards, credits, decisions, signoff_batches
from bridge.store.learning.awards import AwardRecord
from bridge.store.learning.signoff_batches import SignoffDetails
from bridge.store.tables.members import Member
from tests.browser.support.app_server import ROLES, AppServer, now
from tests.browser.support.states.page_setup import PageSetup, open_page, submit_form
from tests.browser.support.states.page_state import PageState
from tests.browser.support.states.session_states import held

PAGE = "/committee/sign-offs"
NOT_FOUND = "A-rather-long-number-that-nobody-has-0000-1234-5678"


def filled(address: str = PAGE, **fields: str) -> PageSetup:
    """Fill in the form, and press a button."""

    def setup(page: Page, app_server: AppServer) -> None:
        page.goto(address)
        preview(page, **fields)

    return setup


def preview(page: Page, people: str = f"4001\n4002, 4002\n{NOT_FOUND}", step: str = "") -> None:
    """Send the form with the first requirement."""
    value = page.locator("#requirement option").nth(1).get_attribute("value")
    page.select_option("#requirement", value)
    page.fill("#by_name", "Théodora Vandenberghe-Oppenheimer")
    page.fill("#people", people)
    with page.expect_navigation():
        page.locator(f'main button[value="{step or "preview"}"]:not([tabindex])').first.click()


def recorded(*, earned: bool, then: Callable[[Page], object] = lambda _page: None) -> PageSetup:
    """The page of a list that was just recorded. `earned`: an award depends on it."""

    def setup(page: Page, app_server: AppServer) -> None:
        with app_server.database.transaction() as session:
            number = record(session, app_server, earned=earned)
        page.goto(f"{PAGE}/lists/{number}")
        then(page)

    return setup


def record(session: Session, app_server: AppServer, *, earned: bool) -> int:
    """Record a list of three people; return its number."""
    path = app_server.crowd.path
    key = next(iter(signoff_titles(path)))
    details = SignoffDetails(path.key, key, now().date(), "Théodora Vandenberghe-Oppenheimer")
    number = signoff_batches.start(session, token_hex(8), details, now())
    assert number is not None
    found = session.scalars(select(Member.id).where(Member.number.in_(("4005", "4006", "4007"))))
    people = sorted(found)
    old = [each.id for each in signoff_batches.signed_off(session, path.key, key, people).values()]
    credits.withdraw_all(session, old, "Recorded again", "test", now())
    signoff_batches.record_all(session, number, details, people, ROLES["committee"], now())
    if earned:
        proof: dict[str, object] = {SignedOff.evidence: [key]}
        step = f"step-{token_hex(4)}"
        awards.grant(session, [AwardRecord(people[0], path.key, step, "r", proof, now())])
    return number


def deciding(then: Callable[[Page], object] = lambda _page: None) -> PageSetup:
    """The page of a decision about a milestone."""

    def setup(page: Page, app_server: AppServer) -> None:
        with app_server.database.transaction() as session:
            member, number = question(session, app_server)
        page.goto(f"/committee/members/{member}/decisions/{number}")
        then(page)

    return setup


def question(session: Session, app_server: AppServer) -> tuple[int, int]:
    """The member and the number of an open decision."""
    member = app_server.crowd.member
    known = decisions.open_of(session, [member])
    if not known:
        award = awards.awards_of(session, member)[0]
        lacking = [(award, "signoff:helped-with-event")]
        reason = "She was at the other event. The hall kept the list of participants."
        known = decisions.raise_for(session, lacking, reason, ROLES["committee"], now())
    return member, known[0].id


def listed(page: Page, app_server: AppServer) -> None:
    """The list with a decision."""
    with app_server.database.transaction() as session:
        question(session, app_server)
    page.goto("/committee/decisions")


def changing(then: Callable[[Page], object] = lambda _page: None) -> PageSetup:
    """The page to change the member's sign-off."""

    def setup(page: Page, app_server: AppServer) -> None:
        page.goto(f"/committee/members/{app_server.crowd.member}/credits/1/change")
        then(page)

    return setup


def sent(page: Page) -> None:
    """Send the last form of the page as it is."""
    with page.expect_navigation():
        page.locator("main form:last-of-type button").first.click()


def of_session(page: Page, app_server: AppServer) -> None:
    """Signing off those who attended a session."""
    held(page, app_server)
    number = page.url.split("/")[-2]
    page.goto(f"{PAGE}/session/{number}")


def of_session_sent(page: Page, app_server: AppServer) -> None:
    of_session(page, app_server)
    preview(page)


def recorded_at_session(page: Page, app_server: AppServer) -> None:
    held(page, app_server)
    with app_server.database.transaction() as session:
        number = record(session, app_server, earned=False)
    page.goto(f"{PAGE}/session/{page.url.split('/')[-2]}/lists/{number}")


WITHDRAW = "/committee/members/{member}/credits/1/withdraw"
SIGNOFF_STATES = (
    PageState("members.withdraw_credit", open_page(WITHDRAW), "committee"),
    PageState("members.withdraw_credit", submit_form(WITHDRAW, "main form"), "committee", "POST"),
    PageState("signoffs.form", filled(people="", step="list"), "committee", "POST", state="list"),
    PageState("signoffs.form", filled(), "committee", "POST"),
    PageState("signoffs.form", filled(people=""), "committee", "POST", state="empty"),
    PageState("signoffs.form", lambda page, _server: page.goto(PAGE), "chair", state="nothing"),
    PageState("signoffs.form", lambda page, _server: page.goto(PAGE), "committee"),
    PageState("signoffs.recorded", recorded(earned=False), "committee"),
    PageState("signoffs.recorded", recorded(earned=True), "committee", state="earned"),
    PageState("signoffs.undo", recorded(earned=True, then=sent), "committee", "POST"),
    PageState("signoffs.session_form", of_session, "committee"),
    PageState("signoffs.session_form", of_session_sent, "committee", "POST"),
    PageState("signoffs.session_recorded", recorded_at_session, "committee"),
    PageState("corrections.decisions", listed, "committee"),
    PageState("corrections.decisions", listed, "auditor", state="to-read"),
    PageState("corrections.decide", deciding(), "committee"),
    PageState("corrections.decide", deciding(sent), "committee", "POST"),
    PageState("corrections.change", changing(), "committee"),
    PageState("corrections.change", changing(sent), "committee", "POST"),
)
SIGNOFF_REDIRECTS = (("signoffs.session_undo", "POST"),)
"""It answers with the pages of `signoffs.undo`."""
