"""Unsubscribing with one click, from the email program or on the page."""

from __future__ import annotations

import pytest

from bridge.store.persons import mailings
from tests.web.signed_in_users import SignedInUsers


def subscribe(users: SignedInUsers, person: int, mailing: str = "digest") -> str:
    """The address of the page to unsubscribe."""
    with users.database.transaction() as session:
        return f"/unsubscribe/{mailings.subscribe(session, person, mailing, users.clock()).token}"


def is_active(users: SignedInUsers, person: int) -> list[bool]:
    with users.database.reading() as session:
        return [each.active for each in mailings.subscriptions_of(session, person)]


def test_opening_the_link_changes_nothing_and_the_button_unsubscribes(
    users: SignedInUsers,
) -> None:
    page, browser = subscribe(users, users.guest), users.client("nobody")
    assert "Weekly digest" in browser.get(page).text
    assert is_active(users, users.guest) == [True]
    assert "You no longer receive these emails." in browser.post(page).text
    assert is_active(users, users.guest) == [False]
    assert "You receive these emails." in browser.post(f"{page}/again").text
    assert is_active(users, users.guest) == [True]


def test_a_mail_program_unsubscribes_with_one_post_without_cookies(users: SignedInUsers) -> None:
    page = subscribe(users, users.guest)
    users.app.config["WTF_CSRF_ENABLED"] = True
    browser = users.app.test_client(use_cookies=False)
    for _ in range(2):
        answer = browser.post(page, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert is_active(users, users.guest) == [False]
    assert browser.post(f"{page}/again").status_code == 400
    assert is_active(users, users.guest) == [False]


def test_all_types_of_email_are_listed(users: SignedInUsers) -> None:
    page = subscribe(users, users.guest)
    users.client("nobody").post(page)
    other = subscribe(users, users.guest, "new-members")
    gone = subscribe(users, users.guest, "a-former-type")
    text = users.client("nobody").get(f"{page}/all").text
    assert f'action="{page}/again"' in text
    assert f'action="{other}"' in text
    assert f'action="{gone}"' in text
    for label in ("Weekly digest", "Notices about new members", "a-former-type"):
        assert label in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_member_sees_and_changes_theirs_on_their_account(
    users: SignedInUsers, language: str
) -> None:
    browser = users.client("member")
    browser.get(f"/language/{language}")
    title = {"en": "Emails you can turn off", "fr": "Courriels que vous pouvez désactiver"}
    assert title[language] not in browser.get("/me/data").text
    page = subscribe(users, users.person)
    text = browser.get("/me/data").text
    assert title[language] in text
    assert f'action="{page}"' in text
    assert page not in users.client("other_member").get("/me/data").text
