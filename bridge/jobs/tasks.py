"""The jobs as commands and the scheduler call them: guarded, recorded, on what they are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.jobs.locks import run_locked, worker_name
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.plan import Plan
from bridge.store.auth import logins, signin_links
from bridge.store.database import Database
from bridge.store.delivery import outbox
from bridge.store.learning import refresh_requests
from bridge.store.members import contact_requests, pending_signups
from bridge.store.operations import runs, webhook_signatures
from bridge.workflows.delivery import dispatcher as delivery
from bridge.workflows.delivery import unclear_accounts
from bridge.workflows.delivery.email_deliveries import EmailDeliveries
from bridge.workflows.delivery.moodle_deliveries import MoodleDeliveries
from bridge.workflows.delivery.outbox import send_due_emails
from bridge.workflows.delivery.weekly_digest import enqueue_digests
from bridge.workflows.quiz_statistics import QuizStatisticsResult, is_due, update_quiz_statistics
from bridge.workflows.results.pull import PullResult, clear_feed_gap, has_feed_gap, pull
from bridge.workflows.results.reconcile import reconcile
from bridge.workflows.site_sync import make_plan, save_course_modules

Clock = Callable[[], datetime]
RETENTION = timedelta(days=30)
REQUEST_RETENTION = timedelta(days=90)


def run_pull(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    everything: bool = False,
) -> PullResult:
    """Read what is new, or `everything`; a gap in the feed leads to everything by itself.

    Raises Busy, MoodleError.
    """
    with run_locked(database, "pull", clock) as detail:
        site = connect(moodle)
        pulled = PullResult()
        if site.way == "companion":
            trust = config.site.trust_numbers
            pulled = pull(
                database, moodle, curricula, config.regions, clock=clock, trust_numbers=trust
            )
        if everything or has_feed_gap(database) or site.way != "companion":
            pulled += reconcile(database, moodle, site, curricula, clock=clock)
            clear_feed_gap(database, clock())
        detail |= {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}
    return pulled


def run_deliver(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Make all deliveries that are due; returns how many met which fate. From Monday on, the
    digests of the week before are among the letters.

    Not guarded: each delivery is claimed by one worker alone.
    """
    lines = (
        *MoodleDeliveries(
            moodle, config, curricula, partial(unclear_accounts.answers, database)
        ).lines,
        *EmailDeliveries(config, curricula, clock).lines,
    )
    resolutions = delivery.deliver(
        database, lines, owner=worker_name(), clock=clock, stopped=stopped
    )
    try:
        enqueue_digests(database, config, curricula, clock())
    finally:  # what keeps the digests from being owed keeps no other letter
        counts = Counter(run_outbox(database, config, clock, stopped=stopped))
    counts.update({resolution: count for resolution, count in resolutions.items() if count})
    return dict(counts)


def run_outbox(
    database: Database,
    config: Config,
    clock: Clock,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Send the letters that pages owe; returns how many met which fate. Needs no Moodle."""
    resolutions = send_due_emails(
        database, config, owner=worker_name(), clock=clock, stopped=stopped
    )
    return {resolution: count for resolution, count in resolutions.items() if count}


def run_drift(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> dict[str, Plan]:
    """What somebody changed in Moodle by hand, or has not applied yet: a plan a curriculum.

    Where Moodle keeps the activities is looked at with it.
    """
    with run_locked(database, "drift", clock) as detail:
        site = connect(moodle)
        plans = {}
        for curriculum in curricula:
            plans[curriculum.key] = make_plan(site, curriculum, config.sync.max_share)
            save_course_modules(database, site, curriculum)
        detail |= {key: len(plan.changes) for key, plan in plans.items()}
    return plans


def run_quizzes(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    everything: bool = False,
) -> QuizStatisticsResult:
    """Count what the committee may want to rewrite, if something has happened since; with
    `everything`, and once a day, after reading all first tries. Raises Busy, MoodleError.
    """
    wanted = "everything" if everything else is_due(database, clock())
    if not wanted:
        return QuizStatisticsResult()
    with run_locked(database, "quizzes", clock) as detail:
        site, whole = connect(moodle), wanted == "everything"
        detail["way"] = site.way
        counted = update_quiz_statistics(
            database, moodle, site, curricula, clock(), everything=whole
        )
        detail |= {"tries": counted.tries, "questions": counted.questions}
    return counted


def delete_expired(database: Database, now: datetime) -> None:
    """Forget runs and letters older than a month, requests that were handled a quarter of a year
    ago, and what can no longer be used or replayed."""
    with database.transaction() as session:
        logins.prune(session, now)
        signin_links.prune(session, now)
        pending_signups.prune(session, now)
        outbox.prune(session, now - RETENTION)
        contact_requests.prune(session, now - REQUEST_RETENTION)
        refresh_requests.prune(session, now - RETENTION)
        runs.prune(session, now - RETENTION)
        webhook_signatures.prune(session, now - RETENTION)
