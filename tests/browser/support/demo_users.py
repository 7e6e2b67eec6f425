"""The demo's users. They sign in with the link in their email."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.browser.support.chromium import visiting
from tests.browser.support.keyboard import Keyboard
from tests.browser.support.service import Service

ROLES = {
    "member": "robin@example.org",
    "chair": "chair.north@example.org",
    "auditor": "auditor@example.org",
    "committee": "committee@example.org",
}


LOOK_MS = 500
MAX_LOOKS = 200


class SignedInDemoUsers:
    """Signed-in users by role. Each signs in only once, because links are rate limited."""

    def __init__(self, browser: Browser, service: Service) -> None:
        self._browser = browser
        self._service = service
        self._states: dict[str, StorageState | None] = {"nobody": None}

    def state(self, role: str) -> StorageState | None:
        """The cookies of a user with that role, for `new_context(storage_state=…)`."""
        if role not in self._states:
            context = visiting(self._browser, base_url=self._service.url)
            sign_in(context.new_page(), ROLES[role])
            self._states[role] = context.storage_state()
            context.close()
        return self._states[role]


def sign_in(page: Page, email: str) -> None:
    """Sign in by keyboard: the form, the email, the button."""
    keys = Keyboard(page)
    page.goto("/signin")
    keys.write("Email", email)
    keys.button("Email me a link")
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.goto(emailed_link(page, email, "/signin/"))
    keys.button("Sign in")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def emailed_link(page: Page, email: str, part: str) -> str:
    """The URL that contains `part` in the newest email to `email`, as /demo/mail shows it."""
    found = page.locator(".card", has_text=email).locator(f'a[href*="{part}"]').first
    wait_for_email(page, found)
    return re.sub(r"[.,]$", "", found.get_attribute("href") or "")


def wait_for_email(page: Page, found: Locator) -> None:
    """Open /demo/mail until it shows `found`."""

    def look() -> None:
        page.goto("/demo/mail")
        expect(found).to_be_visible(timeout=LOOK_MS)

    wait_until(look)


def wait_until(look: object, times: int = MAX_LOOKS) -> None:
    """Call `look` until it succeeds. Emails take a moment, because a job sends them."""
    for left in reversed(range(times)):
        try:
            return look()  # type: ignore[operator]
        except AssertionError:
            if not left:
                raise
    return None
