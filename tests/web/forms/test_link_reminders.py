"""People who have a link to a form are reminded of their draft too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.audience import Audience
from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.jobs.deadlines import run_deadlines
from bridge.member_records import MemberRecord
from bridge.store.members.upsert import upsert_members
from bridge.store.persons import proof, records
from bridge.store.tables.delivery import OutboxEmail
from tests.web.forms.test_form_pages import TYPED, page, path_with
from tests.web.forms.test_forms_by_link import ADDRESS, FORM, KIM, SENT, ask
from tests.web.signed_in_users import SignedInUsers

LAST_DAY = date(2026, 3, 20)
REMINDED = datetime(2026, 3, 17, 9, tzinfo=UTC)
CLOSING = replace(FORM, closes=LAST_DAY)
NAME = "a-path/mentor"


class Setting:
    """Kim has a draft, saved through a link."""

    def __init__(self, users: SignedInUsers) -> None:
        self.users = users
        self.browser: FlaskClient = users.client("nobody")
        users.shelf[:] = [path_with(CLOSING)]
        self.link = ask(users, self.browser)
        self.browser.post(self.link, data={**TYPED, "draft": "1"})
        self.run_job()

    def run_job(self) -> None:
        users = self.users
        run_deadlines(users.database, users.config, users.shelf, users.clock)

    def reminders(self) -> list[OutboxEmail]:
        """The emails queued when the reminder is due."""
        self.users.clock.time = REMINDED
        self.run_job()
        with self.users.database.reading() as session:
            closing = OutboxEmail.kind == "form-closing"
            return list(session.scalars(select(OutboxEmail).where(closing)))

    @property
    def person(self) -> int:
        with self.users.database.reading() as session:
            person = records.find(session, KIM["email"])
        assert person
        return person.id

    def join(self) -> int:
        """Kim becomes a member, with the same address."""
        with self.users.database.transaction() as session:
            kim = MemberRecord("77", KIM["email"], "Kim", "Stranger", "north", "en")
            [member] = upsert_members(session, [kim], self.users.clock()).ids
            proof.link_by_email(session, [KIM["email"]], self.users.clock())
        assert member
        return member


@pytest.fixture
def setting(users: SignedInUsers) -> Setting:
    return Setting(users)


def test_the_reminder_brings_a_link_to_the_draft(setting: Setting) -> None:
    [email] = setting.reminders()
    assert len(setting.reminders()) == 1
    assert (email.email, email.payload["day"]) == (KIM["email"], "2026-03-20")
    assert (email.payload["first_name"], email.payload["personal"]) == ("Kim Stranger", True)
    link = str(email.payload["link"]).removeprefix(setting.users.config.service.url)
    browser = setting.users.client("nobody")
    assert "Law &amp; &lt;order&gt;" in page(browser, link)
    assert browser.post(link, data={**SENT, "version": "1"}).location == link
    assert f'action="{link}/withdraw"' in page(browser, link)
    assert page(browser, setting.link)


def test_the_link_in_a_reminder_works_until_the_form_closes(setting: Setting) -> None:
    [email] = setting.reminders()
    link = str(email.payload["link"]).removeprefix(setting.users.config.service.url)
    setting.users.clock.time = datetime(2026, 3, 20, 23, 59, tzinfo=UTC)
    assert setting.browser.get(link).status_code == 200
    setting.users.clock.forward(minutes=1)
    assert setting.browser.get(link).status_code == 410
    assert email.expires_at == setting.users.clock.time


def test_nothing_is_said_about_a_form_that_was_sent(setting: Setting) -> None:
    setting.browser.post(setting.link, data={**SENT, "version": "1"})
    assert setting.reminders() == []


def test_a_form_that_is_no_longer_for_everyone_reminds_nobody(setting: Setting) -> None:
    setting.users.shelf[:] = [path_with(replace(CLOSING, audience=Audience(role="steward")))]
    assert setting.reminders() == []


def test_an_address_that_nobody_has_confirmed_gets_no_link(setting: Setting) -> None:
    """The committee has corrected the address since."""
    with setting.users.database.transaction() as session:
        proof.lose_proof(session, records.lock(session, setting.person), setting.users.clock())
    assert setting.reminders() == []


def test_a_person_who_became_a_member_signs_in(setting: Setting) -> None:
    setting.join()
    [email] = setting.reminders()
    assert email.payload["link"] == setting.users.config.service.url + ADDRESS
    assert (email.payload["first_name"], email.payload["personal"]) == ("Kim", False)


def test_a_member_with_two_drafts_is_reminded_once(setting: Setting) -> None:
    place = FormPlace(Owner(setting.join()), (NAME,))
    with setting.users.database.transaction() as session:
        drafts.save(session, place, {"why": ["Because"]}, 0, setting.users.clock())
    setting.run_job()
    assert len(setting.reminders()) == 1


def test_a_moved_closing_day_moves_their_reminder_too(setting: Setting) -> None:
    later = replace(CLOSING, closes=LAST_DAY + timedelta(days=9))
    setting.users.shelf[:] = [path_with(later)]
    assert setting.reminders() == []
