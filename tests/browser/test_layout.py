"""What pages look like where axe doesn't look."""

from __future__ import annotations

from tests.browser.support.app_server import AppServer
from tests.browser.support.reused_pages import ReusedPages
from tests.browser.support.states.page_setup import PATH, SHEET, submit_form

NAMES = ("email", "first_name", "last_name")
STEPS = """
lines => lines.slice(1).map((line, at) =>
  line.getBoundingClientRect().top - lines[at].getBoundingClientRect().bottom)
"""


def test_the_lines_of_a_diff_follow_each_other(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    with reused_pages.page("en", app_server.state("committee")) as page:
        page.goto(f"{SHEET}/history/{app_server.crowd.version}")
        gaps = page.locator(".diff > *").evaluate_all(STEPS)
    assert len(gaps) > 3
    assert {round(gap) for gap in gaps} == {0}


def test_the_language_link_keeps_the_page_and_what_was_typed(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    """Also on a page with errors, which was posted."""
    with reused_pages.page("en", app_server.state("nobody")) as page:
        page.goto("/signup")
        page.locator("[name=email]").fill("no address")
        page.locator("[name=first_name]").fill("Zoë")
        page.locator("main form button").click()
        page.locator(".alert").wait_for()
        page.locator("[name=last_name]").fill("Typed later")
        page.get_by_role("link", name="Français").click()
        page.locator("html[lang=fr]").wait_for()
        assert page.url.endswith("/signup")
        kept = [page.locator(f"[name={each}]").input_value() for each in NAMES]
    assert kept == ["no address", "Zoë", "Typed later"]


def test_back_shows_a_search_a_self_check_and_a_form_with_errors(
    reused_pages: ReusedPages, app_server: AppServer
) -> None:
    pages = (
        ("/committee/members", {"words": "kim"}, "#words[value=kim]"),
        (f"{PATH}/new-member/quiz/union-basics-check", {}, ".result"),
        ("/signup", {"email": "no address"}, "[name=email]"),
    )
    with reused_pages.page("en", app_server.state("committee")) as page:
        for address, fields, seen in pages:
            submit_form(address, **fields)(page, app_server)
            page.goto("/contact/thanks")
            page.go_back()
            assert page.locator(seen).count() == 1, address
