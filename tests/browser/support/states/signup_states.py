"""The pages of signing up and signing in, and those that help, in each of their states."""

from __future__ import annotations

from playwright.sync_api import Page

from bridge.web.signup.confirmation import BROWSER
from tests.browser.support.app_server import AppServer
from tests.browser.support.states import page_setup
from tests.browser.support.states.page_setup import open_page, submit_form
from tests.browser.support.states.page_state import PageState


def several(page: Page, app_server: AppServer) -> None:
    """Several people have signed up in this browser."""
    page.context.add_cookies([app_server.cookie(BROWSER, "one.another")])  # type: ignore[list-item]
    page.goto("/signup/sent")
    page.context.clear_cookies(name=BROWSER)


SIGNUP_STATES = (
    PageState("service.help_page", open_page("/help")),
    PageState("service.glossary", open_page("/help/glossary")),
    PageState("service.privacy", open_page("/privacy")),
    PageState("service.accessibility", open_page("/accessibility")),
    PageState("service.contact", open_page("/contact")),
    PageState("signup.form", open_page("/signup")),
    PageState("signup.form", submit_form("/signup", email="no address"), method="POST"),
    PageState("signup.sent", open_page("/signup/sent")),
    PageState("signup.sent", several, state="several"),
    PageState("signup.sent", submit_form("/signup/sent", code="123456"), method="POST"),
    PageState("signup.confirm", page_setup.confirming),
    PageState("signup.confirm", page_setup.confirmed, status=409),
    PageState("signup.confirm", open_page("/signup/none"), status=410),
    PageState("signup.done", open_page("/signup/done")),
    PageState("signin.form", open_page("/signin")),
    PageState("signin.form", submit_form("/signin", email="no address"), method="POST"),
    PageState("signin.form", page_setup.expired, method="POST", status=400),
    PageState("signin.form", page_setup.too_much, method="POST", status=413),
    PageState("signin.sent", open_page("/signin/sent")),
    PageState("signin.confirm", page_setup.signing_in),
    PageState("signin.confirm", open_page("/signin/none"), status=410),
)
