"""The weekly digest: on Monday each region's chair is told how the week before went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.progress import milestone_renames
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.operations import cursors
from bridge.store.statistics import weekly_digest

DIGEST_CURSOR = "digest"
"""Remembers the last week whose digests are owed."""
DUE = time(7)
WEEK = timedelta(days=7)
USEFUL = timedelta(days=6)
"""A digest that could not be sent for so long is not sent: the next one comes."""


@dataclass(frozen=True, slots=True)
class Week:
    """From Monday (`first`) to Sunday in the union's time zone; `number` is such as 202610."""

    number: int
    first: date
    since: datetime
    until: datetime


def last_week(now: datetime, zone: ZoneInfo) -> Week:
    """The last week that is told of: from Monday 07:00 on, the one that has just ended."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    if local < datetime.combine(monday, DUE, zone):
        monday -= WEEK
    first = monday - WEEK
    year, number, _ = first.isocalendar()
    since, until = (datetime.combine(day, time(), zone) for day in (first, monday))
    return Week(year * 100 + number, first, since, until)


def enqueue_digests(
    database: Database, config: Config, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Owe the digests of last week, if they are wanted and not owed yet; returns how many.

    All of them and the record that they are owed are one transaction, so that a week has each
    once, whoever runs this and however often. A region without news is told nothing.
    """
    if config.mail.digest == "off":
        return 0
    week = last_week(now, ZoneInfo(config.timezone))
    with database.reading() as session:
        if cursors.get(session, DIGEST_CURSOR).value >= week.number:
            return 0
    with database.transaction() as session:
        if not cursors.advance(session, DIGEST_CURSOR, week.number, now):
            return 0
        return _owe(session, config, curricula, week, now)


def _owe(
    session: Session, config: Config, curricula: Sequence[Curriculum], week: Week, now: datetime
) -> int:
    news = _news(session, config, curricula, week, now)
    unwanted = {address.lower() for address in config.mail.no_digest}
    owed = 0
    for key, payload in news.items():
        chair = config.regions[key].chair
        if chair and chair.email.lower() not in unwanted:
            outbox.enqueue(
                session, "digest", chair.email, config.language, payload, now,
                expires_at=now + USEFUL,
            )  # fmt: skip
            owed += 1
    return owed


def _news(
    session: Session, config: Config, curricula: Sequence[Curriculum], week: Week, now: datetime
) -> Mapping[str, Mapping[str, object]]:
    """What the digest of each region speaks of; regions without news are left out."""
    renamed = milestone_renames(curricula)
    joined = weekly_digest.joined(session, week.since, week.until)
    reached = weekly_digest.reached(session, week.since, week.until, renamed)
    waiting = weekly_digest.waiting(session, renamed)
    titles = {
        (c.key, m.key): m.title.pick(config.language) for c in curricula for m in c.milestones
    }
    news = {}
    for key, region in config.regions.items():
        rows = [
            _row(title, reached.get((key, place), 0), waiting.get((key, place)), now)
            for place, title in titles.items()
            if (key, place) in reached or (key, place) in waiting
        ]
        if rows or joined.get(key):
            news[key] = {
                "region_name": region.name,
                "first": week.first.isoformat(),
                "last": (week.first + USEFUL).isoformat(),
                "joined": joined.get(key, 0),
                "milestones": rows,
                "link": f"{config.service.url}/committee",
            }
    return news


def _row(
    title: str, reached: int, waiting: weekly_digest.WaitingCount | None, now: datetime
) -> Mapping[str, object]:
    """One milestone; `days` is how long the one waits who has waited longest."""
    people, days = (waiting.people, (now - waiting.since).days) if waiting else (0, 0)
    return {"title": title, "reached": reached, "waiting": people, "days": days}
