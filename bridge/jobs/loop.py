"""The jobs as commands and the scheduler call them: guarded, recorded, on what they are given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.jobs import deliver as delivery
from bridge.jobs import doubts
from bridge.jobs.digest import owe_digests
from bridge.jobs.effects import MoodleEffects
from bridge.jobs.guard import guarded, owner
from bridge.jobs.letters import Letters
from bridge.jobs.outgoing import send_letters
from bridge.jobs.pull import Pulled, pull, seen, unseen
from bridge.jobs.quizzes import QuizzesCounted, count_quizzes, due
from bridge.jobs.reconcile import reconcile
from bridge.jobs.sync import make_plan, remember
from bridge.moodle.client import Moodle
from bridge.moodle.site import connect
from bridge.plan import Plan
from bridge.store import contacts, joins, outgoing, rechecks, runs, sessions, signins, webhooks
from bridge.store.database import Database

Clock = Callable[[], datetime]
KEPT = timedelta(days=30)
REQUESTS_KEPT = timedelta(days=90)


def run_pull(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    everything: bool = False,
) -> Pulled:
    """Read what is new, or `everything`; a gap in the feed leads to everything by itself.

    Raises Busy, MoodleError.
    """
    with guarded(database, "pull", clock) as detail:
        site = connect(moodle)
        pulled = Pulled()
        if site.way == "companion":
            trust = config.site.trust_numbers
            pulled = pull(
                database, moodle, curricula, config.regions, clock=clock, trust_numbers=trust
            )
        if everything or unseen(database) or site.way != "companion":
            pulled += reconcile(database, moodle, site, curricula, clock=clock)
            seen(database, clock())
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
        *MoodleEffects(moodle, config, curricula, partial(doubts.answers, database)).lines,
        *Letters(config, curricula, clock).lines,
    )
    fates = delivery.deliver(database, lines, owner=owner(), clock=clock, stopped=stopped)
    try:
        owe_digests(database, config, curricula, clock())
    finally:  # what keeps the digests from being owed keeps no other letter
        counts = Counter(run_letters(database, config, clock, stopped=stopped))
    counts.update({fate: count for fate, count in fates.items() if count})
    return dict(counts)


def run_letters(
    database: Database,
    config: Config,
    clock: Clock,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Send the letters that pages owe; returns how many met which fate. Needs no Moodle."""
    fates = send_letters(database, config, owner=owner(), clock=clock, stopped=stopped)
    return {fate: count for fate, count in fates.items() if count}


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
    with guarded(database, "drift", clock) as detail:
        site = connect(moodle)
        plans = {}
        for curriculum in curricula:
            plans[curriculum.key] = make_plan(site, curriculum, config.sync.max_share)
            remember(database, site, curriculum)
        detail |= {key: len(plan.changes) for key, plan in plans.items()}
    return plans


def run_quizzes(
    database: Database,
    moodle: Moodle,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    everything: bool = False,
) -> QuizzesCounted:
    """Count what the committee may want to rewrite, if something has happened since; with
    `everything`, and once a day, after reading all first tries. Raises Busy, MoodleError.
    """
    wanted = "everything" if everything else due(database, clock())
    if not wanted:
        return QuizzesCounted()
    with guarded(database, "quizzes", clock) as detail:
        site, whole = connect(moodle), wanted == "everything"
        detail["way"] = site.way
        counted = count_quizzes(database, moodle, site, curricula, clock(), everything=whole)
        detail |= {"tries": counted.tries, "questions": counted.questions}
    return counted


def prune(database: Database, now: datetime) -> None:
    """Forget runs and letters older than a month, requests that were handled a quarter of a year
    ago, and what can no longer be used or replayed."""
    with database.transaction() as session:
        sessions.prune(session, now)
        signins.prune(session, now)
        joins.prune(session, now)
        outgoing.prune(session, now - KEPT)
        contacts.prune(session, now - REQUESTS_KEPT)
        rechecks.prune(session, now - KEPT)
        runs.prune(session, now - KEPT)
        webhooks.prune(session, now - KEPT)
