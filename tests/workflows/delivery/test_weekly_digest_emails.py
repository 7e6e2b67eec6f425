"""The weekly digest: when it is due, what it counts, and that each chair gets one a week."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bridge.config import Contact, MailSettings, Region
from bridge.jobs.tasks import run_deliver
from bridge.store.delivery import outbox
from bridge.store.persons import mailings, records
from bridge.store.statistics import weekly_digest
from bridge.store.tables.learning import Award, Enrolment
from bridge.store.tables.members import Member
from bridge.workflows.delivery.outbox import send_due_emails
from bridge.workflows.delivery.weekly_digest import enqueue_digests, last_week
from tests.support.job_environment import CHAIR, JobEnvironment, config_for, person

WEDNESDAY = datetime(2026, 2, 25, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
SOUTH = Region(name="South", chair=Contact(name="Other", email="south@union.example"))
NORTH = Region(name="North", chair=CHAIR)


def configure(
    env: JobEnvironment, *no_digest: str, digest: str = "weekly", language: str = "en"
) -> None:
    mail = MailSettings(
        folder=Path("mail"), digest=digest, no_digest=no_digest, reply_to="office@union.example"
    )
    regions = {"north": NORTH, "south": SOUTH, "west": Region(name="West")}
    env.config = config_for(env.folder, env.site.url, mail=mail, regions=regions, language=language)
    env.time = WEDNESDAY
    env.sign_up(person(1), person(2), person(3, region="south"), person(4, region="west"))


def award(env: JobEnvironment, number: str, at: datetime, milestone: str = "") -> None:
    path = env.curricula[0]
    with env.database.transaction() as session:
        member = session.scalars(select(Member.id).where(Member.number == number)).one()
        key = milestone or path.milestones[0].key
        row = Award(member_id=member, curriculum=path.key, milestone=key, revision="r",
                    evidence={}, at=at)  # fmt: skip
        session.add(row)


def enqueue(env: JobEnvironment, at: datetime = MONDAY) -> int:
    env.time = at
    return enqueue_digests(env.database, env.config, env.curricula, at)


def send(env: JobEnvironment) -> None:
    send_due_emails(env.database, env.config, owner="one", clock=env.clock)


@pytest.mark.parametrize(
    ("now", "number", "first"),
    [
        ("2026-03-02T11:59:59+00:00", 202608, date(2026, 2, 16)),
        ("2026-03-02T12:00:00+00:00", 202609, date(2026, 2, 23)),
        ("2026-03-08T23:00:00+00:00", 202609, date(2026, 2, 23)),
        ("2026-03-09T10:59:59+00:00", 202609, date(2026, 2, 23)),
        ("2026-03-09T11:00:00+00:00", 202610, date(2026, 3, 2)),
        ("2027-01-04T12:00:00+00:00", 202653, date(2026, 12, 28)),
    ],
)
def test_a_week_is_due_on_monday_at_seven_local_time(now: str, number: int, first: date) -> None:
    """Toronto's clocks go forward on 8 March 2026, so that week is an hour shorter."""
    week = last_week(datetime.fromisoformat(now), ZoneInfo("America/Toronto"))
    assert (week.number, week.first) == (number, first)
    assert week.since.isoformat()[:16] == f"{first}T00:00"
    assert week.until.utcoffset() is not None


def test_it_is_off_by_default(env: JobEnvironment) -> None:
    configure(env, digest="off")
    assert config_for(env.folder, "http://x.example").mail.digest == "off"
    assert enqueue(env) == 0
    assert env.rows("SELECT * FROM outbox_email") == []


def test_each_chair_gets_their_region_once_a_week(env: JobEnvironment) -> None:
    configure(env)
    award(env, "N1", WEDNESDAY)
    award(env, "N3", MONDAY)
    assert enqueue(env) == 2
    assert enqueue(env) == 0
    send(env)
    assert enqueue(env, datetime(2026, 3, 8, 23, 0, tzinfo=UTC)) == 0
    assert set(env.rows("SELECT state FROM outbox_email")) == {("done",)}
    mails = {mail["To"]: mail for mail in env.emails()}
    assert set(mails) == {CHAIR.email, "south@union.example"}
    north = mails[CHAIR.email].get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert "New members: 2" in north
    assert "February 23, 2026 to March 1, 2026" in north
    title = env.curricula[0].milestones[0].title.pick("en")
    assert f"{title}: reached by 1" in north
    south = mails["south@union.example"].get_body(("plain",)).get_content()  # type: ignore[attr-defined]
    assert "New members: 1" in south
    assert "reached by 1" not in south
    for word in ("First1", "Last1", "N1", "m1@example.org"):
        assert word not in north + south


def test_a_clock_that_was_a_year_ahead_stops_no_digest(env: JobEnvironment) -> None:
    configure(env)
    award(env, "N1", WEDNESDAY)
    assert enqueue(env, MONDAY + timedelta(days=364)) > 0
    count = enqueue(env)
    assert count > 0
    assert enqueue(env) == 0
    award(env, "N2", MONDAY + timedelta(days=1))
    assert enqueue(env, MONDAY + timedelta(days=7)) > 0


def test_the_digest_has_an_unsubscribe_header(env: JobEnvironment) -> None:
    configure(env)
    enqueue(env)
    with env.database.transaction() as session:
        words = {"link": "https://path.example", "minutes": 15}
        outbox.enqueue(session, "sign-in", "kim@example.org", "en", words, env.time)
    send(env)
    ways = {mail["To"]: mail["List-Unsubscribe"] for mail in env.emails()}
    assert ways.pop("kim@example.org") is None
    found = [str(way).split(", ") for way in ways.values()]
    assert {address for _, address in found} == {
        "<mailto:office@union.example?subject=unsubscribe>"
    }
    assert len({link for link, _ in found}) == 2


def unsubscribe(env: JobEnvironment, address: str) -> None:
    with env.database.transaction() as session:
        person = records.find(session, address)
        assert person is not None
        [subscription] = mailings.subscriptions_of(session, person.id)
        mailings.set_active(session, subscription.token, False, env.time)


def test_a_chair_who_unsubscribes_gets_neither_a_queued_nor_a_later_digest(
    env: JobEnvironment,
) -> None:
    configure(env)
    enqueue(env)
    unsubscribe(env, "south@union.example")
    send(env)
    assert [mail["To"] for mail in env.emails()] == [CHAIR.email]
    env.sign_up(person(8), person(9, region="south"))
    assert enqueue(env, MONDAY + timedelta(days=7)) == 1


def test_a_chair_with_an_address_of_this_machine_gets_the_digest(env: JobEnvironment) -> None:
    configure(env)
    chair = Contact(name="", email="chair@localhost")
    north = env.config.regions["north"].model_copy(update={"chair": chair})
    env.config = env.config.model_copy(update={"regions": {"north": north}})
    assert enqueue(env) == 1
    send(env)
    [mail] = env.emails()
    assert mail["To"] == "chair@localhost"


def test_a_digest_expires_after_a_week(env: JobEnvironment) -> None:
    configure(env)
    enqueue(env)
    env.advance_time(days=6)
    send(env)
    assert env.emails() == []


def test_opted_out_chairs_and_regions_without_news_get_none(env: JobEnvironment) -> None:
    configure(env, "South@union.example")
    assert enqueue(env) == 1
    with env.database.transaction() as session:
        session.query(Enrolment).delete()
    assert enqueue(env, datetime(2026, 3, 9, 7, 0, tzinfo=UTC)) == 0


def test_after_a_kill_between_two_regions_each_digest_is_queued_once(
    env: JobEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(env)
    real, calls = outbox.enqueue, Counter[str]()

    def dying(*args: object, **more: object) -> bool:
        calls["enqueue"] += 1
        if calls["enqueue"] == 2:
            raise KeyboardInterrupt
        return real(*args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "enqueue", dying)
        with pytest.raises(KeyboardInterrupt):
            enqueue(env)
    assert env.rows("SELECT * FROM outbox_email") == []
    assert (enqueue(env), enqueue(env)) == (2, 0)


def test_it_is_written_in_french(env: JobEnvironment) -> None:
    configure(env, language="fr")
    enqueue(env)
    send(env)
    subjects = {str(mail["Subject"]) for mail in env.emails()}
    assert subjects == {
        "North\u00a0: la semaine du 23 février 2026",
        "South\u00a0: la semaine du 23 février 2026",
    }


def test_the_deliver_job_queues_and_sends_it(applied: JobEnvironment) -> None:
    configure(applied)
    applied.time = MONDAY
    for _ in range(2):
        run_deliver(
            applied.database, applied.moodle, applied.config, applied.curricula, applied.clock
        )
    assert applied.rows("SELECT state FROM outbox_email WHERE kind = 'digest'") == [("done",)] * 2


def test_a_renamed_milestone_counts_under_its_current_key(env: JobEnvironment) -> None:
    configure(env)
    path, key = env.curricula[0].key, env.curricula[0].milestones[0].key
    award(env, "N1", WEDNESDAY, milestone="of-old")
    renamed = {(path, "of-old"): key}
    with env.database.reading() as session:
        reached = weekly_digest.count_new_awards(session, WEDNESDAY, MONDAY, renamed)
        before = weekly_digest.count_waiting_members(session, {})["north", (path, key)]
        now = weekly_digest.count_waiting_members(session, renamed)["north", (path, key)]
    assert reached == {("north", (path, key)): 1}
    assert (before.people, now.people) == (2, 1)
    assert now.since == WEDNESDAY
