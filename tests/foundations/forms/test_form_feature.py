"""What forms give the core: drafts to finish, closing days, and a reminder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bridge.config import Config
from bridge.curriculum.audience import Audience
from bridge.curriculum.forms.form import Form, revision_of
from bridge.features import FEATURES
from bridge.features.registers import calendar, to_dos
from bridge.foundations.calendar_entry import CalendarEntry
from bridge.foundations.feature import Context, ToDo
from bridge.foundations.forms import drafts, submissions
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.jobs.deadlines import run_deadlines
from bridge.jobs.tasks import run_outbox
from bridge.store.database import Database
from tests.store.sample_members import NOW
from tests.web.sample_site import PATH

LAST_DAY = date(2026, 3, 20)
REMINDED = datetime(2026, 3, 17, 13, tzinfo=UTC)
"""09:00 in Toronto, three days before."""
FORM = replace(PATH.forms[0], closes=LAST_DAY)


class Setting:
    """Anna, with a draft of a form that closes."""

    def __init__(self, db: Database, anna: int, folder: Path) -> None:
        self.db = db
        self.anna = anna
        self.place = FormPlace(Owner(anna), ("a-path/a-form",))
        self.config = Config(home=folder, timezone="America/Toronto")
        self.now = NOW
        self.form = FORM

    @property
    def curricula(self) -> list[object]:
        return [replace(PATH, forms=(self.form,))]

    def draft(self) -> None:
        with self.db.transaction() as session:
            drafts.save(session, self.place, {"why": ["Because"]}, 0, self.now)
        self.run_job()

    def run_job(self) -> None:
        run_deadlines(self.db, self.config, self.curricula, lambda: self.now)  # type: ignore[arg-type]

    def send(self) -> int:
        with self.db.transaction() as session:
            answers = {"why": ["Because"]}
            return submissions.submit(
                session, self.place, self.form, answers, f"token-{self.now}", self.now
            )

    def given(self) -> tuple[list[ToDo], list[CalendarEntry]]:
        with self.db.reading() as session:
            context = Context(session, self.config, self.curricula, "en", self.now)  # type: ignore[arg-type]
            owner = Owner(self.anna)
            return to_dos(FEATURES, context, owner), calendar(FEATURES, context, owner)

    def reminders(self) -> list[str]:
        """Subjects of the emails sent when the deadlines run now."""
        self.run_job()
        run_outbox(self.db, self.config, lambda: self.now)
        files = sorted(self.config.path(self.config.mail.folder).glob("*.eml"))
        return [
            str(message_from_bytes(each.read_bytes(), policy=policy.default)["Subject"])
            for each in files
        ]


@pytest.fixture
def setting(db: Database, two_members: list[int], tmp_path: Path) -> Setting:
    return Setting(db, two_members[0], tmp_path)


def test_a_draft_is_something_to_do_until_it_is_sent(setting: Setting) -> None:
    assert setting.given()[0] == []
    setting.draft()
    [to_do] = setting.given()[0]
    assert (str(to_do.title), to_do.path, to_do.due) == (
        "Finish the form “A form” and send it", "/forms/a-path/a-form", LAST_DAY
    )  # fmt: skip
    setting.send()
    assert setting.given()[0] == []


def test_the_closing_day_is_a_date_until_the_form_is_sent(setting: Setting) -> None:
    [entry] = setting.given()[1]
    assert (str(entry.title), entry.when) == ("Last day to send the form “A form”", LAST_DAY)
    number = setting.send()
    assert setting.given()[1] == []
    with setting.db.transaction() as session:
        submissions.withdraw(session, number, setting.place.owner, setting.now)
    assert len(setting.given()[1]) == 1


def test_the_last_day_ends_in_the_unions_time_zone(setting: Setting) -> None:
    setting.draft()
    setting.now = datetime(2026, 3, 21, 3, 59, tzinfo=UTC)
    assert [len(each) for each in setting.given()] == [1, 1]
    setting.now += timedelta(minutes=1)
    assert setting.given() == ([], [])


def test_a_form_for_others_gives_nothing(setting: Setting) -> None:
    setting.draft()
    setting.form = replace(FORM, audience=Audience(role="trustee"))
    assert setting.given() == ([], [])


def test_a_form_without_a_closing_day_only_has_its_draft(setting: Setting) -> None:
    setting.form = replace(FORM, closes=None)
    setting.draft()
    to_do, dates = setting.given()
    assert ([each.due for each in to_do], dates) == ([None], [])
    setting.now = REMINDED
    assert setting.reminders() == []


def test_a_renamed_form_keeps_its_draft_and_its_reminder(setting: Setting) -> None:
    setting.draft()
    setting.form = replace(FORM, key="b-form", previously="a-form")
    assert [each.path for each in setting.given()[0]] == ["/forms/a-path/b-form"]
    setting.now = REMINDED
    assert setting.reminders() == ["Closing soon: A form"]


def test_a_draft_is_remembered_once_before_the_form_closes(setting: Setting) -> None:
    setting.draft()
    setting.now = REMINDED - timedelta(seconds=1)
    assert setting.reminders() == []
    setting.now = REMINDED
    assert setting.reminders() == setting.reminders() == ["Closing soon: A form"]


def test_nothing_is_said_about_a_form_that_was_sent(setting: Setting) -> None:
    setting.draft()
    setting.send()
    setting.now = REMINDED
    assert setting.reminders() == []


@pytest.mark.parametrize("days", [-5, 10, 59])
def test_a_moved_closing_day_moves_the_reminder(setting: Setting, days: int) -> None:
    """The YAML was edited, and the draft not saved since."""
    setting.draft()
    setting.form = replace(FORM, closes=LAST_DAY + timedelta(days=days))
    setting.run_job()
    setting.now = min(REMINDED, REMINDED + timedelta(days=days)) - timedelta(hours=1)
    assert setting.reminders() == []
    if days > 0:
        setting.now = REMINDED
        assert setting.reminders() == []
    setting.now = REMINDED + timedelta(days=days)
    assert setting.reminders() == ["Closing soon: A form"]
    setting.now = max(REMINDED, setting.now) + timedelta(minutes=1)
    assert setting.reminders() == ["Closing soon: A form"]


def test_a_closing_day_that_moves_just_when_the_reminder_is_due(setting: Setting) -> None:
    setting.draft()
    setting.form, setting.now = replace(FORM, closes=LAST_DAY + timedelta(days=9)), REMINDED
    assert setting.reminders() == []


def test_a_closing_day_that_moves_after_the_reminder_is_told_again(setting: Setting) -> None:
    setting.draft()
    setting.now = REMINDED
    assert len(setting.reminders()) == 1
    setting.form = replace(FORM, closes=LAST_DAY + timedelta(days=9))
    setting.run_job()
    setting.now = REMINDED + timedelta(days=9)
    assert len(setting.reminders()) == 2


def test_a_closing_day_that_is_set_later_reminds_of_drafts_that_are_there(setting: Setting) -> None:
    setting.form = replace(FORM, closes=None)
    setting.draft()
    setting.form = FORM
    setting.run_job()
    setting.now = REMINDED
    assert setting.reminders() == ["Closing soon: A form"]


def test_a_withdrawn_form_is_a_draft_with_a_reminder(setting: Setting) -> None:
    number = setting.send()
    with setting.db.transaction() as session:
        submissions.withdraw(session, number, setting.place.owner, setting.now)
    setting.run_job()
    setting.now = REMINDED
    assert setting.reminders() == ["Closing soon: A form"]


def test_another_time_zone_moves_the_reminder(setting: Setting) -> None:
    setting.draft()
    setting.config = setting.config.model_copy(update={"timezone": "America/Vancouver"})
    setting.run_job()
    setting.now = REMINDED
    assert setting.reminders() == []
    setting.now += timedelta(hours=3)
    assert setting.reminders() == ["Closing soon: A form"]


def test_a_draft_begun_in_the_last_days_has_no_reminder(setting: Setting) -> None:
    setting.now = REMINDED + timedelta(hours=1)
    setting.draft()
    assert setting.reminders() == []


def test_the_closing_day_is_no_part_of_what_was_asked() -> None:
    assert revision_of(FORM) == revision_of(Form(FORM.key, FORM.title, FORM.fields))
