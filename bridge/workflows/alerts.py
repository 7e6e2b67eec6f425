"""Alerts somebody by email when pulls, deliveries or emails have failed for a while."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bridge.config import Config
from bridge.logs import event
from bridge.store.auth import team
from bridge.store.auth.role_holders import committee_addresses
from bridge.store.database import Database
from bridge.store.operations import cursors
from bridge.store.statistics import job_health
from bridge.store.statistics.job_health import Problem
from bridge.workflows.delivery.email_queue import queue_email

log = logging.getLogger(__name__)

ALERT_CURSOR = "alert"
"""Its value is the last day (proleptic Gregorian ordinal, UTC) with an alert."""


def send_alert(database: Database, config: Config, now: datetime) -> list[Problem]:
    """Queue an alert if something has failed for `service.alert_after`, once a day at most.

    Returns what failed. It is logged as an error too, because emails may be what failed. The alert
    and the day are written in one transaction. Raises StoreError.
    """
    since = now - timedelta(seconds=config.service.alert_after)
    with database.reading() as session:
        found = job_health.problems(session, since)
    if not found:
        return []
    event(log, "jobs-failing", level=logging.ERROR, what=" ".join(found))
    today = now.date().toordinal()
    with database.transaction() as session:
        if cursors.get(session, ALERT_CURSOR).value > today + 1:  # written by a wrong clock
            cursors.put(session, ALERT_CURSOR, cursors.Cursor(), now)
        if not cursors.advance(session, ALERT_CURSOR, today, now):
            return found
        for address in config.operators or committee_addresses(config, team.all_roles(session)):
            variables = {
                "problems": found,
                "hours": round(config.service.alert_after / 3600, 1),
                "link": f"{config.service.url}/committee/failed-deliveries",
            }
            queue_email(session, "alert", address, config.language, variables, now)
    return found
