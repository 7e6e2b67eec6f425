"""People can unsubscribe from the emails of a feature, however these are queued."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bridge.features.checks import check_features
from bridge.features.registers import all_emails, all_mailings
from bridge.foundations.feature import Feature
from bridge.jobs.scheduler import Scheduler
from bridge.jobs.tasks import run_outbox
from bridge.mail.mailings import Mailing
from bridge.messages import Message
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.persons import mailings, records
from bridge.workflows.delivery.email_queue import queue_email, queue_email_to_person
from tests.features.garden import EMAILS, GARDEN, NEWS, THANKS, WITH_GARDEN
from tests.features.garden import config as config
from tests.features.garden import database as database
from tests.features.garden import gardeners as gardeners
from tests.features.garden import url as url
from tests.features.garden import users as users
from tests.web.sample_site import NOON, PATH
from tests.web.signed_in_users import SignedInUsers

PLANT = {"plant": "bean"}


def sent_emails(users: SignedInUsers) -> list[EmailMessage]:
    """Send what is due; return all that was sent so far."""
    run_outbox(users.database, users.config, users.clock, features=WITH_GARDEN)
    files = sorted(users.config.path(users.config.mail.folder).glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]


def queue(users: SignedInUsers, email: str, member_id: int | None = None) -> None:
    with users.database.transaction() as session:
        queue_email(session, THANKS, email, "en", PLANT, NOON, member_id=member_id, emails=EMAILS)


def queue_with_key(users: SignedInUsers, revision: int) -> bool:
    key = EmailKey(users.guest, "garden:1", revision)
    with users.database.transaction() as session:
        return queue_email_to_person(session, THANKS, key, "en", PLANT, NOON, emails=EMAILS)


def unsubscribe_path(email: EmailMessage) -> str:
    """The link in the header and in the text, which are the same."""
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(email["List-Unsubscribe"]).partition("<https")[2].partition(">")[0]
    body = email.get_body(("plain",))
    assert link
    assert body is not None
    assert f"https{link}" in body.get_content()
    return "/unsubscribe/" + link.rpartition("/unsubscribe/")[2]


@pytest.mark.parametrize("to", ["member", "guest", "stranger"])
def test_an_email_to_an_address_has_a_link_to_unsubscribe(
    gardeners: SignedInUsers, to: str
) -> None:
    with gardeners.database.reading() as session:
        guest = records.find(session, gardeners.guest)
        addresses = {"guest": guest.email if guest else "", "stranger": "new@union.example"}
    member = gardeners.member if to == "member" else None
    queue(gardeners, addresses.get(to, "member@union.example"), member)
    [email] = sent_emails(gardeners)
    page = unsubscribe_path(email)
    browser = gardeners.app.test_client(use_cookies=False)
    assert "News of the garden" in browser.get(page).text
    assert "When something grows." in browser.get(f"{page}/all").text
    assert browser.post(page, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    queue(gardeners, addresses.get(to, "member@union.example"), member)
    assert len(sent_emails(gardeners)) == 1
    assert "You receive these emails." in browser.post(f"{page}/again").text
    queue(gardeners, addresses.get(to, "member@union.example"), member)
    assert len(sent_emails(gardeners)) == 2


def test_an_email_with_a_key_is_not_queued_for_people_who_have_unsubscribed(
    gardeners: SignedInUsers,
) -> None:
    assert queue_with_key(gardeners, 1)
    [email] = sent_emails(gardeners)
    gardeners.app.test_client().post(unsubscribe_path(email))
    assert not queue_with_key(gardeners, 2)
    assert len(sent_emails(gardeners)) == 1


def test_those_who_unsubscribe_before_it_is_sent_do_not_get_it(gardeners: SignedInUsers) -> None:
    queue(gardeners, "", gardeners.member)
    with gardeners.database.transaction() as session:
        token = mailings.subscriptions_of(session, gardeners.person)[0].token
        mailings.set_active(session, token, False, NOON)
    assert sent_emails(gardeners) == []


def test_a_member_turns_it_off_on_their_account(users: SignedInUsers) -> None:
    queue(users, "", users.member)
    assert "News of the garden" in users.client("member").get("/me/data").text


UNDECLARED = replace(GARDEN, mailings=())
OTHER = Mailing("garden-news", Message("Other news"), Message("Never."))
CHANGED = replace(GARDEN, mailings=(OTHER,))


@pytest.mark.parametrize("wrong", [UNDECLARED, CHANGED])
def test_a_mailing_that_is_not_declared_stops_the_start(
    users: SignedInUsers, wrong: Feature
) -> None:
    expected = "the email `garden-thanks` has the mailing `garden-news`, which isn't declared"
    with pytest.raises(ValueError, match=expected):
        all_emails([wrong])
    with pytest.raises(ValueError, match=expected):
        check_features([wrong], users.config, [PATH])
    with pytest.raises(ValueError, match=expected):
        SignedInUsers(users.config, users.database, users.clock, features=[wrong])
    with pytest.raises(ValueError, match=expected):
        Scheduler(
            users.config, users.database, [PATH], lambda: None,  # type: ignore[arg-type, return-value]
            users.clock, [wrong],
        )  # fmt: skip


def test_two_mailings_with_one_key_are_refused() -> None:
    assert all_mailings(WITH_GARDEN)["garden-news"] is NEWS
    with pytest.raises(ValueError, match="mailings called garden-news"):
        all_mailings([GARDEN, GARDEN])
