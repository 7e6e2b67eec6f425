"""The weekly digest: each Monday, every region's chair gets the numbers of the week before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.config import Config, Contact
from bridge.curriculum.model import Curriculum
from bridge.mail.mailings import DIGEST
from bridge.progress import milestone_renames
from bridge.store.auth.role_holders import chairs_of
from bridge.store.database import Database
from bridge.store.delivery import email_keys
from bridge.store.delivery.email_keys import EmailKey
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from bridge.store.statistics import weekly_digest
from bridge.workflows.delivery.email_queue import queue_email, queue_email_to_person
from bridge.workflows.delivery.mailings import subscribe_contact

DIGEST_CURSOR = "digest"
"""Its value is the last week whose digests have been queued."""
SEND_TIME = time(7)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MAX_DELAY = timedelta(days=6)
"""A digest that couldn't be sent for so long is dropped, because the next one is about due."""


@dataclass(frozen=True, slots=True)
class Week:
    """Monday (`first`) to Sunday in the union's time zone. `number` is year and week: 202610."""

    number: int
    first: date
    since: datetime
    until: datetime


def last_week(now: datetime, zone: ZoneInfo) -> Week:
    """The week that the latest digest is about: the last full one, from Monday 07:00 on."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    if local < datetime.combine(monday, SEND_TIME, zone):
        monday -= WEEK
    first = monday - WEEK
    year, number, _ = first.isocalendar()
    since, until = (datetime.combine(day, time(), zone) for day in (first, monday))
    return Week(year * 100 + number, first, since, until)


def enqueue_digests(
    database: Database, config: Config, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Queue the digests of last week, unless they are off or queued already. Returns how many.

    The digests and the cursor are written in one transaction, so that each chair gets one digest
    a week, however often and in however many processes this runs. A region without news gets none.
    """
    if config.mail.digest == "off":
        return 0
    zone = ZoneInfo(config.timezone)
    week = last_week(now, zone)
    with database.reading() as session:
        done = cursors.get(session, DIGEST_CURSOR).value
        if week.number <= done <= last_week(now + WEEK, zone).number:
            return 0
    with database.transaction() as session:
        _forget_impossible_weeks(session, now, zone)
        if not cursors.advance(session, DIGEST_CURSOR, week.number, now):
            return 0
        return _enqueue(session, config, curricula, week, now)


def _forget_impossible_weeks(session: Session, now: datetime, zone: ZoneInfo) -> None:
    """Undo what a clock that was far ahead has recorded: it would stop the digests until then."""
    latest = last_week(now + WEEK, zone).number
    if cursors.get(session, DIGEST_CURSOR).value > latest:
        cursors.put(session, DIGEST_CURSOR, Cursor(), now)
        email_keys.forget_later(session, "digest:", latest)


def _enqueue(
    session: Session, config: Config, curricula: Sequence[Curriculum], week: Week, now: datetime
) -> int:
    content = _content_by_region(session, config, curricula, week, now)
    opted_out = {address.lower() for address in config.mail.no_digest}
    count = 0
    for key, payload in content.items():
        for chair in chairs_of(session, config, key):
            if chair.email.lower() not in opted_out:
                count += _queue_digest(session, config, key, chair, payload, week, now)
    return count


def _queue_digest(
    session: Session,
    config: Config,
    region: str,
    chair: Contact,
    payload: Mapping[str, object],
    week: Week,
    now: datetime,
) -> bool:
    """Queue the digest of a region, unless the chair has unsubscribed."""
    expires_at = now + MAX_DELAY
    subscription = subscribe_contact(session, chair, DIGEST, now)
    if subscription is None:
        queue_email(
            session, "digest", chair.email, config.language, payload, now, expires_at=expires_at
        )
        return True
    key = EmailKey(subscription.person_id, f"digest:{region}", week.number)
    return queue_email_to_person(
        session, "digest", key, config.language, payload, now, expires_at=expires_at
    )


def _content_by_region(
    session: Session, config: Config, curricula: Sequence[Curriculum], week: Week, now: datetime
) -> Mapping[str, Mapping[str, object]]:
    """The context of each region's digest. Regions without news are left out."""
    renamed = milestone_renames(curricula)
    joined = weekly_digest.count_new_members(session, week.since, week.until)
    reached = weekly_digest.count_new_awards(session, week.since, week.until, renamed)
    waiting = weekly_digest.count_waiting_members(session, renamed)
    titles = {
        (c.key, m.key): m.title.pick(config.language) for c in curricula for m in c.milestones
    }
    content: dict[str, Mapping[str, object]] = {}
    for key, region in config.regions.items():
        rows = [
            _milestone_row(
                title, reached.get((key, milestone), 0), waiting.get((key, milestone)), now
            )
            for milestone, title in titles.items()
            if (key, milestone) in reached or (key, milestone) in waiting
        ]
        if rows or joined.get(key):
            content[key] = {
                "region_name": region.name,
                "first": week.first.isoformat(),
                "last": (week.first + WEEK - DAY).isoformat(),
                "joined": joined.get(key, 0),
                "milestones": rows,
                "link": f"{config.service.url}/committee",
            }
    return content


def _milestone_row(
    title: str, reached: int, waiting: weekly_digest.WaitingCount | None, now: datetime
) -> Mapping[str, object]:
    """The numbers of one milestone. `days`: how long the member has waited who waits longest."""
    people, days = (waiting.people, (now - waiting.since).days) if waiting else (0, 0)
    return {"title": title, "reached": reached, "waiting": people, "days": days}
