"""A process that runs a job and kills itself at the nth moment when work may be half done."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import requests
from sqlalchemy import event

from bridge.config import Config, Contact, MailSettings, Region
from bridge.curriculum.model import Curriculum
from bridge.mail import mailers
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.store.database import open_database
from bridge.store.delivery import email_keys, member_emails
from bridge.store.delivery import outbox as stored
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.persons import records
from bridge.store.persons.records import PersonRecord
from bridge.workflows.delivery import outbox, weekly_digest
from bridge.workflows.delivery.dispatcher import deliver
from bridge.workflows.delivery.email_deliveries import EmailDeliveries
from bridge.workflows.delivery.email_queue import queue_email_to_person
from bridge.workflows.delivery.moodle_deliveries import MoodleDeliveries
from bridge.workflows.member_emails import drafts, handing_over, sending
from bridge.workflows.member_emails.audience import fingerprint, read_audience
from bridge.workflows.member_emails.drafts import Content
from bridge.workflows.member_emails.texts import Written
from bridge.workflows.quiz_statistics import update_quiz_statistics
from bridge.workflows.results.pull import pull
from bridge.workflows.signup import sign_up
from bridge.workflows.site_sync import apply
from tests.support.job_environment import NOON, config_for, people
from tests.support.sample_curricula import edited, milestone, page, quiz, section, small
from tests.support.sandbox_server import TOKEN

RENAMED = edited(
    small(),
    0,
    milestone(
        "begun",
        section("opening", page("hello"), quiz("test", "one", "two", previously="check"),
                previously="start"),
        previously="first",
    ),
)  # fmt: skip


class Moments:
    """Counts before each request, after each answer, and before each commit."""

    def __init__(self, last: int) -> None:
        self._left = last

    def count_one(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class CountingSession(requests.Session):
    """A session that counts a moment before and after each request."""

    def __init__(self, moments: Moments) -> None:
        super().__init__()
        self._moments = moments

    def post(self, *args: Any, **more: Any) -> requests.Response:
        self._moments.count_one()
        return super().post(*args, **more)


def run(job: str, folder: str, url: str, last: int) -> None:
    """Run `job` in the environment in `folder`. Dies at the moment `last`, if it is reached."""
    moments = Moments(last)
    database = open_database(f"sqlite:///{folder}/store.db")
    event.listen(database._engine, "commit", moments.count_one)
    config = config_for(Path(folder), url)
    watched = {"session": CountingSession(moments), "observer": moments.count_one}
    if job in BY_LINE:
        sys.settrace(every_line(moments))
    with Moodle(url, TOKEN, sleep=lambda _: None, **watched) as moodle:  # type: ignore[arg-type]
        JOBS[job](database, moodle, config)
    sys.settrace(None)
    database.close()


BY_LINE = {"digest", "ordered", "to-members"}
LINES = {
    each.__file__
    for each in (weekly_digest, outbox, stored, mailers, email_keys, handing_over, member_emails)
}
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
CHAIRS = ("north@union.example", "south@union.example")


def every_line(moments: Moments) -> Callable[..., Any]:
    """A trace function that counts each line of the modules that queue and send digests."""

    def line(frame: FrameType, what: str, _: object) -> Callable[..., Any]:
        if what == "line":
            moments.count_one()
        return line

    def call(frame: FrameType, what: str, _: object) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename in LINES else None

    return call


def with_digest(config: Config) -> Config:
    """The same union, with weekly digests for two chairs."""
    regions = {
        address.partition("@")[0]: Region(name="R", chair=Contact(name="C", email=address))
        for address in CHAIRS
    }
    mail = MailSettings(folder=Path("mail"), digest="weekly")
    return config.model_copy(update={"regions": regions, "mail": mail})


def queue_and_send_digests(database: Any, config: Config, now: datetime) -> None:
    """The part of the job `deliver` that is about digests."""
    config = with_digest(config)
    weekly_digest.enqueue_digests(database, config, [small()], now)
    outbox.send_due_emails(database, config, owner=f"one-{os.getpid()}", clock=lambda: now)


def _digest(database: Any, _moodle: Moodle, config: Any) -> None:
    queue_and_send_digests(database, config, MONDAY)


TICK = timedelta(seconds=1)
SUBJECTS = ("session:1", "session:2")


def ticking(start: datetime) -> Callable[[], datetime]:
    """A clock that goes on by a second each time someone looks, so that each email has a date."""
    ticks = itertools.count()
    return lambda: start + next(ticks) * TICK


def queue_and_send_in_order(database: Any, config: Config, start: datetime) -> None:
    """A first and a second email about each of two subjects to a person, and sending them."""
    for revision in (1, 2):
        with database.transaction() as session:
            record = PersonRecord("Kim", "kim@guest.example")
            person = records.find_or_add(session, record, start).id
            for subject in SUBJECTS:
                queue_email_to_person(
                    session, "confirm-person", EmailKey(person, subject, revision), "en",
                    {"name": f"{subject}-{revision}", "link": "https://x.example", "days": 1},
                    start,
                )  # fmt: skip
    owner = f"one-{os.getpid()}"
    outbox.send_due_emails(database, config, owner=owner, clock=ticking(start))


def _ordered(database: Any, _moodle: Moodle, config: Any) -> None:
    queue_and_send_in_order(database, config, MONDAY)


def write_to_members(database: Any, config: Config) -> None:
    """Send an email to all members: fix its recipients."""
    content = Content({"en": Written("News", "Hello")})
    with database.transaction() as session:
        number = drafts.add(session, {}, content, "t", MONDAY)
        row = member_emails.find(session, number)
        assert row
        seen = fingerprint(row, read_audience(session, row, (), config.language))
        assert sending.send(session, config, (), number, seen, "t", MONDAY) == "sent"


def hand_over_and_send(database: Any, config: Config, now: datetime) -> None:
    """The part of the job `outbox` that is about emails to members."""
    handing_over.hand_over(database, config, now)
    outbox.send_due_emails(database, config, owner=f"one-{os.getpid()}", clock=lambda: now)


def _to_members(database: Any, _moodle: Moodle, config: Any) -> None:
    hand_over_and_send(database, config, MONDAY)


def _apply(path: Curriculum) -> Callable[..., None]:
    def job(_database: object, moodle: Moodle, _config: object) -> None:
        apply(connect(moodle), path, max_share=1.0)

    return job


def _sign_up(database: Any, _moodle: Moodle, config: Any) -> None:
    with database.transaction() as session:
        sign_up(session, [small()], people(3), regions=config.regions, actor="t", now=NOON)


def _deliver(database: Any, moodle: Moodle, config: Any) -> None:
    deliveries = MoodleDeliveries(moodle, config, [small()])
    kinds = [*deliveries.kinds, *EmailDeliveries(database, config, [small()], lambda: NOON).kinds]
    deliver(database, kinds, owner=f"victim-{os.getpid()}", clock=lambda: NOON)


def _pull(database: Any, moodle: Moodle, config: Any) -> None:
    pull(database, moodle, [small()], config.regions, clock=lambda: NOON)


def _quizzes(database: Any, moodle: Moodle, _config: Any) -> None:
    update_quiz_statistics(database, moodle, connect(moodle), [small()], NOON, everything=True)


JOBS: dict[str, Callable[..., None]] = {
    "apply": _apply(small()),
    "rename": _apply(RENAMED),
    "sign-up": _sign_up,
    "deliver": _deliver,
    "pull": _pull,
    "digest": _digest,
    "ordered": _ordered,
    "to-members": _to_members,
    "quizzes": _quizzes,
}
