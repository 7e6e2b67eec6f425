"""Opening a personal link changes nothing; pressing its button does, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bridge.config import Config
from bridge.errors import PersonError
from bridge.features import FEATURES
from bridge.foundations.feature import Context, Feature, LinkPage, LinkPurpose
from bridge.messages import Message
from bridge.store.database import Database
from bridge.store.persons import personal_links, queries
from bridge.store.persons.personal_links import PersonalLink
from bridge.store.persons.queries import PersonRow
from bridge.store.tables.delivery import OutboxEmail
from bridge.web.app import create_app
from bridge.web.common.metrics import Metrics
from bridge.workflows.personal_links import request_confirmation
from tests.web.sample_site import PATH, Clock
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


def ask(context: Context, link: PersonalLink) -> LinkPage:
    title = Message("Confirm your email address")
    return LinkPage(title, f"About {link.subject} in {context.language}", Message("Cancel"))


def act(*_: object) -> LinkPage:
    raise PersonError("the session has begun.", todo="Ask the leader.")


CANCEL = Feature(name="cancel", link_purposes=(LinkPurpose("cancel", ask, act),))


@pytest.fixture
def refusing(config: Config, database: Database) -> SignedInUsers:
    """With a link of a feature whose action is refused."""
    users = SignedInUsers(config, database, Clock(), features=(*FEATURES, CANCEL))
    with users.database.transaction() as session:
        personal_links.issue(
            session, "t", "cancel", users.guest, "s:1", users.clock(), timedelta(days=1)
        )
    return users


def test_a_refused_action_says_why_and_leaves_the_link(refusing: SignedInUsers) -> None:
    browser = refusing.client("nobody")
    assert "About s:1 in en" in browser.get("/link/t").text
    refused = browser.post("/link/t")
    assert refused.status_code == 409
    assert "The session has begun." in refused.text
    assert browser.get("/link/t").status_code == 200


def test_the_page_of_a_feature_is_in_the_visitors_language(refusing: SignedInUsers) -> None:
    browser = refusing.client("nobody")
    browser.get("/language/fr")
    page = browser.get("/link/t").text
    assert "About s:1 in fr" in page
    assert "Confirmez votre adresse" in page


def test_a_link_for_a_purpose_that_is_gone_does_nothing(
    refusing: SignedInUsers, config: Config, database: Database
) -> None:
    app = create_app(config, database, [PATH], now=refusing.clock, metrics=Metrics())
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    assert [browser.get("/link/t").status_code, browser.post("/link/t").status_code] == [410, 410]
