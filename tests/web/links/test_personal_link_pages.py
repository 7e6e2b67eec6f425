"""Opening a personal link changes nothing; pressing its button does, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.store.persons import personal_links, queries
from bridge.store.persons.personal_links import PersonalLink
from bridge.store.persons.queries import PersonRow
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.common.link_purposes import EXTENSION_KEY, LinkPage, LinkPurpose, add_purpose
from bridge.web.common.services import Services
from bridge.web.links.confirm_email import PURPOSE
from bridge.workflows.personal_links import request_confirmation
from tests.web.signed_in_users import GUEST, SignedInUsers


def guest(users: SignedInUsers) -> PersonRow:
    with users.database.reading() as session:
        found = queries.get_person(session, users.guest)
    assert found is not None
    return found


def request_link(users: SignedInUsers) -> str:
    """The path of the link in the email."""
    with users.database.transaction() as session:
        request_confirmation(session, users.config, users.guest, users.clock())
        query = select(OutboxEmail).order_by(OutboxEmail.id.desc()).limit(1)
        email = session.scalars(query).one()
        assert (email.kind, email.email) == ("confirm-person", GUEST.email)
        return str(email.payload["link"]).removeprefix(users.config.service.url)


def test_a_person_confirms_their_address(users: SignedInUsers) -> None:
    link, browser = request_link(users), users.client("nobody")
    for _ in range(2):  # email scanners open links too
        page = browser.get(link)
        assert page.status_code == 200
        assert "Press the button to confirm that guest@guest.example" in page.text
    assert guest(users).proof == ""
    done = browser.post(link)
    assert "Your email address is confirmed." in done.text
    assert '<button class="btn btn-primary btn-lg">' not in done.text
    assert (guest(users).proof, guest(users).proved_at) == ("link", users.clock())
    assert [browser.get(link).status_code, browser.post(link).status_code] == [410, 410]


def test_a_newer_link_and_time_end_a_link(users: SignedInUsers) -> None:
    old, browser = request_link(users), users.client("nobody")
    new = request_link(users)
    assert [browser.get(each).status_code for each in (old, new)] == [410, 200]
    users.clock.forward(days=7)
    assert browser.post(new).status_code == 410
    assert guest(users).proof == ""


def test_a_link_without_a_csrf_token_is_refused(users: SignedInUsers) -> None:
    link = request_link(users)
    users.app.config["WTF_CSRF_ENABLED"] = True
    assert users.client("nobody").post(link).status_code == 400
    assert guest(users).proof == ""


@pytest.fixture
def refusing(users: SignedInUsers, monkeypatch: pytest.MonkeyPatch) -> str:
    """A link of a feature whose action is refused."""

    def ask(_services: Services, _session: Session, link: PersonalLink) -> LinkPage:
        return LinkPage("Cancel", f"About {link.subject}", "Cancel it")

    def act(*_: object) -> LinkPage:
        raise PersonError("the session has begun.", todo="Ask the leader.")

    purposes = users.app.extensions[EXTENSION_KEY]
    monkeypatch.setitem(purposes, "cancel", LinkPurpose("cancel", ask, act))
    with users.database.transaction() as session:
        personal_links.issue(
            session, "t", "cancel", users.guest, "s:1", users.clock(), timedelta(days=1)
        )
    return "/link/t"


def test_a_refused_action_says_why_and_leaves_the_link(users: SignedInUsers, refusing: str) -> None:
    browser = users.client("nobody")
    assert "About s:1" in browser.get(refusing).text
    refused = browser.post(refusing)
    assert refused.status_code == 409
    assert "The session has begun." in refused.text
    assert browser.get(refusing).status_code == 200


def test_a_link_for_a_purpose_that_is_gone_does_nothing(
    users: SignedInUsers, refusing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(users.app.extensions[EXTENSION_KEY], "cancel")
    browser = users.client("nobody")
    assert [browser.get(refusing).status_code, browser.post(refusing).status_code] == [410, 410]


def test_two_purposes_with_one_key_are_refused() -> None:
    app, pages = Flask(__name__), Blueprint("pages", __name__)
    for _ in range(2):
        add_purpose(pages, PURPOSE)
    with pytest.raises(ValueError, match="two purposes of personal links called `confirm-email`"):
        app.register_blueprint(pages)
