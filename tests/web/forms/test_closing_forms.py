"""A form with a last day: before, on and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bridge.config import Config
from bridge.foundations.deadlines.queries import list_deadlines
from bridge.jobs.deadlines import run_deadlines
from tests.web.sample_site import NOON, PATH
from tests.web.signed_in_users import SignedInUsers

ADDRESS = "/forms/a-path/a-form"
DRAFT = {"field-why": "Because", "version": "0"}
TODAY = NOON.date()


@pytest.fixture
def closing(users: SignedInUsers) -> SignedInUsers:
    users.shelf[:] = [replace(PATH, forms=(replace(PATH.forms[0], closes=TODAY),))]
    return users


def test_a_draft_and_its_last_day_are_on_the_members_page(closing: SignedInUsers) -> None:
    browser = closing.client("member")
    assert "To do" not in browser.get("/me").text
    assert browser.post(ADDRESS, data=DRAFT).status_code == 303
    html = browser.get("/me").text
    link = f'<a href="{ADDRESS}">Finish the form “A form” and send it</a>'
    assert f"{link} · by March 1, 2026" in html
    assert "Last day to send the form “A form”" in html
    assert "Last day" not in closing.client("other_member").get("/me").text.partition("Dates")[0]


def test_a_member_can_send_it_on_the_last_day_only(closing: SignedInUsers) -> None:
    browser = closing.client("member")
    assert browser.get(ADDRESS).status_code == 200
    closing.clock.forward(days=1)
    browser = closing.client("member")
    assert ADDRESS not in browser.get("/forms").text
    page = browser.get(ADDRESS)
    assert (page.status_code, "This form is closed" in page.text) == (410, True)
    kept = browser.post(ADDRESS, data={**DRAFT, "send": "1"})
    assert (kept.status_code, "Because" in kept.text) == (410, True)


def test_a_saved_draft_gets_a_reminder(closing: SignedInUsers, config: Config) -> None:
    later = replace(PATH.forms[0], closes=date(2026, 3, 20))
    closing.shelf[:] = [replace(PATH, forms=(later,))]
    closing.client("member").post(ADDRESS, data=DRAFT)
    run_deadlines(closing.database, config, closing.shelf, closing.clock)
    with closing.database.reading() as session:
        [row] = list_deadlines(session, 5)
    assert (row.kind, row.subject, row.member_id) == (
        "form-closing", "a-path/a-form", closing.member
    )  # fmt: skip
    assert f"{row.local_time} {row.zone}" == "2026-03-17 09:00:00 UTC"


@pytest.mark.parametrize("gone", [False, True])
def test_a_form_that_cannot_be_sent_again_is_withdrawn_after_a_warning(
    closing: SignedInUsers, gone: bool
) -> None:
    browser = closing.client("member")
    browser.post(ADDRESS, data={**DRAFT, "send": "1"})
    assert "correct them and send it again" in browser.get("/forms/sent/1").text
    if gone:
        closing.shelf[:] = [replace(PATH, forms=())]
    else:
        closing.clock.forward(days=1)
    browser = closing.client("member")
    warned = browser.post("/forms/sent/1/withdraw", follow_redirects=True).text
    assert "If you withdraw it, it is gone." in warned
    assert "Withdraw for good" in warned
    assert 'name="for_good"' in warned
    done = browser.post("/forms/sent/1/withdraw", data={"for_good": "1"}, follow_redirects=True)
    assert "The form is withdrawn." in done.text
    assert "correct and send" not in done.text
