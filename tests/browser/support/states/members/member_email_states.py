"""Emails to many members, in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Page
from sqlalchemy import update
from sqlalchemy.orm import Session

from bridge.store.delivery import member_emails
from bridge.store.tables.delivery import OutboxEmail
from bridge.workflows.member_emails import audience, drafts, handing_over, sending
from bridge.workflows.member_emails.drafts import Content
from bridge.workflows.member_emails.texts import Written
from tests.browser.support.app_server import AppServer, now
from tests.browser.support.states.page_state import PageState

EMAILS = "/committee/members/emails"
ENGLISH = Written("New courses this autumn", "Dear members,\n\nthree **new courses**:\n\n- Health")
FRENCH = Written("Nouveaux cours cet automne", "Chers membres,\n\ntrois **nouveaux cours**.")
BOTH = Content({"en": ENGLISH, "fr": FRENCH}, "lee@union.example")
Then = Callable[[Page], object]
Way = Literal["draft", "sending", "stopped", "failed"]


@dataclass(frozen=True)
class Outgoing:
    """An email to members in one of its states, and the page of it."""

    page: str = ""
    way: Way = "draft"
    content: Content = BOTH
    filters: dict[str, object] = field(default_factory=lambda: {"region": "north"})
    then: Then = lambda _page: None

    def __call__(self, page: Page, app_server: AppServer) -> None:
        with app_server.database.transaction() as session:
            number = drafts.add(session, self.filters, self.content, "test", now())
            drafts.note_preview(session, number, (), "en", now())
            if self.way != "draft":
                self._send(session, app_server, number)
        page.goto(f"{EMAILS}/{number}{self.page}")
        self.then(page)

    def _send(self, session: Session, app_server: AppServer, number: int) -> None:
        config = app_server.config
        row = member_emails.find(session, number)
        assert row
        seen = audience.fingerprint(row, audience.read_audience(session, row, (), config.language))
        assert sending.send(session, config, (), number, seen, "test", now()) == "sent"
        if self.way == "failed":
            while handing_over.hand_over_batch(session, config, now()):
                pass  # those of other states come first
            mine = update(OutboxEmail).where(OutboxEmail.kind == "member-email")
            error = {"last_error": "550 5.1.1 unknown user"}
            session.execute(mine.values(state="failed", reason="never", **error))
        if self.way == "stopped":
            sending.stop(session, number, "test", now())


def pressed(value: str, **fields: str) -> Then:
    """Fill in the form, and press a button."""

    def press(page: Page) -> None:
        for name, text in fields.items():
            page.fill(f"#{name}", text)
        with page.expect_navigation():
            page.locator(f'main button[value="{value}"]').click()

    return press


def overtaken(page: Page) -> None:
    """Save a draft that someone else has saved meanwhile."""
    page.evaluate("document.querySelector('#version').value = '0'")
    pressed("save")(page)


MEMBER_EMAIL_STATES: tuple[PageState, ...] = (
    PageState("member_emails.edit", Outgoing("/edit", content=Content({})), "committee"),
    PageState("member_emails.edit", Outgoing("/edit"), "committee", state="written"),
    PageState("member_emails.save",
              Outgoing("/edit", then=pressed("preview", subject_en="", reply_to="nobody")),
              "committee", "POST", 422),
    PageState("member_emails.save", Outgoing("/edit", then=overtaken), "committee", "POST", 409),
    PageState("member_emails.preview", Outgoing("/preview"), "committee"),
    PageState("member_emails.preview",
              Outgoing("/preview", content=Content({"fr": FRENCH}), filters={}), "committee",
              state="french"),
    PageState("member_emails.preview", Outgoing("/preview", filters={"words": "nobody at all"}),
              "committee", state="nobody"),
    PageState("member_emails.show", Outgoing(way="sending"), "committee"),
    PageState("member_emails.show", Outgoing(way="stopped"), "committee", state="stopped"),
    PageState("member_emails.show", Outgoing(way="failed"), "committee", state="failed"),
)  # fmt: skip
MEMBER_EMAIL_REDIRECTS = {
    ("member_emails.new", "POST"),
    ("member_emails.discard", "POST"),
    ("member_emails.test", "POST"),
    ("member_emails.send", "POST"),
    ("member_emails.act", "POST"),
}
