"""The jobs, as commands and the scheduler call them: each with its lock and run record."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import MoodleError
from bridge.features import FEATURES
from bridge.features.registers import all_emails
from bridge.foundations.feature import Feature
from bridge.jobs.locks import AlreadyRunning, run_locked, worker_name
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import connect
from bridge.plan import Plan
from bridge.store.database import Database
from bridge.store.delivery.differences import CHECK_RUN
from bridge.workflows import account_check
from bridge.workflows.delivery import unclear_accounts
from bridge.workflows.delivery.dispatcher import deliver
from bridge.workflows.delivery.email_deliveries import EmailDeliveries
from bridge.workflows.delivery.moodle_deliveries import MoodleDeliveries
from bridge.workflows.delivery.outbox import send_due_emails
from bridge.workflows.delivery.weekly_digest import enqueue_digests
from bridge.workflows.delivery_check.check import Report, check_deliveries
from bridge.workflows.member_emails.handing_over import hand_over
from bridge.workflows.quiz_statistics import QuizStatisticsResult, is_due, update_quiz_statistics
from bridge.workflows.reminders.sending import send_automatic_reminders
from bridge.workflows.renames import remember_renames
from bridge.workflows.results.pull import PullResult, clear_feed_gap, has_feed_gap, pull
from bridge.workflows.results.reconcile import reconcile
from bridge.workflows.saved_reports.sending import send_due_reports
from bridge.workflows.site_sync import make_plan, update_caches

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


def run_pull(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    everything: bool = False,
    force: bool = False,
) -> PullResult:
    """Read the results that are new in Moodle. With `everything`, compare all of them.

    All of them are also compared after a gap in the feed or a course reset, and on a site without
    the companion. With `force`, also results that are held because too many are lost.
    With `everything`, deliveries and linked accounts are checked too; an error there is only
    reported. Raises AlreadyRunning, MoodleError.
    """
    with run_locked(database, "pull", clock) as detail:
        remember_renames(database, curricula, clock())
        site = connect(moodle)
        pulled = PullResult()
        if site.way == "companion":
            trust = _with_checked_trust(database, config).site.trust_numbers
            pulled = pull(
                database, moodle, curricula, config.regions, clock=clock, trust_numbers=trust
            )
        if everything or has_feed_gap(database) or site.way != "companion":
            expected = force or pulled.reset
            share = 1.0 if expected else config.sync.max_missing_share
            pulled += reconcile(
                database, moodle, site, curricula, clock=clock, max_lost_share=share
            )
            clear_feed_gap(database, clock())
        detail |= {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}
        if pulled.lost:
            detail["lost"] = pulled.lost
    if everything:
        _try_delivery_check(database, moodle, config, curricula, clock)
        _try_account_check(database, moodle, config, curricula, clock)
    return pulled


def run_delivery_check(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    change: bool = True,
    force: bool = False,
) -> Report:
    """Compare what was delivered with Moodle; with `change`, queue what is lost.

    With `force`, also what is held because too much is missing. Raises AlreadyRunning, MoodleError.
    """
    max_share = 1.0 if force else config.sync.max_missing_share
    with run_locked(database, CHECK_RUN, clock) as detail:
        report = check_deliveries(
            database, moodle, curricula, max_share=max_share, clock=clock, change=change
        )
        detail |= {
            "checked": report.checked.total(),
            "queued": report.queued.total() + report.replaced,
            "accounts": report.accounts,
            "corrections": report.corrections,
            "differ": report.differs.total(),
        }
        if report.held:
            held = {kind: [each.missing, each.checked] for kind, each in report.held.items()}
            detail["held"] = held
        if not change:
            detail["only_looked"] = True
    return report


def _try_delivery_check(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> None:
    try:
        run_delivery_check(database, moodle, config, curricula, clock)
    except (AlreadyRunning, MoodleError) as error:
        event(log, "check-deliveries-failed", level=logging.WARNING, reason=str(error))


def run_account_check(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    ask: bool,
) -> account_check.Report:
    """Compare the linked accounts with their members. With `ask`, create questions.

    Raises AlreadyRunning, MoodleError.
    """
    with run_locked(database, account_check.RUN_KIND, clock) as detail:
        with database.reading() as session:
            checked_before = account_check.numbers_checked(session)
        trusting = config.site.trust_numbers and _numbers_locked(moodle, curricula)
        report = account_check.check_accounts(
            database, moodle, numbers_trusted=trusting and checked_before
        )
        if ask:
            account_check.create_questions(database, report, clock())
        detail |= {
            "checked": report.checked,
            "suspicious": len(report.suspicions),
            "numbers_checked": trusting and (ask or checked_before),
        }
    return report


def _try_account_check(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> None:
    try:
        run_account_check(database, moodle, config, curricula, clock, ask=True)
    except (AlreadyRunning, MoodleError) as error:
        event(log, "check-accounts-failed", level=logging.WARNING, reason=str(error))


def _numbers_locked(moodle: Moodle, curricula: Sequence[Curriculum]) -> bool:
    """Whether Moodle locks the ID number in profiles. Without the companion, no one knows."""
    site = connect(moodle)
    if site.way != "companion" or not curricula:
        return False
    site.look_up(curricula[0].key)
    return site.numbers_locked


def _with_checked_trust(database: Database, config: Config) -> Config:
    """The configuration, with `moodle.trust_numbers` off until an account check has run."""
    settings = config.moodle
    if settings is None or not settings.trust_numbers:
        return config
    with database.reading() as session:
        if account_check.numbers_checked(session):
            return config
    untrusting = settings.model_copy(update={"trust_numbers": False})
    return config.model_copy(update={"moodle": untrusting})


def run_deliver(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Carry out all deliveries and send all emails that are due. Returns a count by resolution.

    From Monday on, the digests of the week before are queued and sent too, and each day the
    automatic reminders and the saved reports of the day. No lock is needed: each delivery is
    claimed by one worker.
    """
    answers = partial(unclear_accounts.answers, database)
    checked = _with_checked_trust(database, config)
    kinds = (
        *MoodleDeliveries(moodle, checked, curricula, answers).kinds,
        *EmailDeliveries(database, config, curricula, clock).kinds,
    )
    resolutions = deliver(database, kinds, owner=worker_name(), clock=clock, stopped=stopped)
    try:
        enqueue_digests(database, config, curricula, clock())
        send_automatic_reminders(database, config, curricula, clock())
        send_due_reports(database, config, curricula, clock())
    finally:  # an error of these must not hold up other emails
        counts = Counter(run_outbox(database, config, clock, stopped=stopped))
    counts.update({resolution: count for resolution, count in resolutions.items() if count})
    return dict(counts)


def run_outbox(
    database: Database,
    config: Config,
    clock: Clock,
    *,
    stopped: Callable[[], bool] = lambda: False,
    features: Sequence[Feature] = FEATURES,
) -> dict[str, int]:
    """Send the emails in the outbox that are due. Returns a count by resolution.

    Emails to many members are handed to the outbox meanwhile, a few at a time. It needs no Moodle.
    """
    resolutions: Counter[str] = Counter()
    while True:
        handed_over = hand_over(database, config, clock())
        sent = send_due_emails(
            database, config, owner=worker_name(), clock=clock, stopped=stopped,
            emails=all_emails(features),
        )  # fmt: skip
        resolutions.update(sent)
        if not handed_over or stopped() or sent["done"] + sent["never"] == 0:
            break
    return {resolution: count for resolution, count in resolutions.items() if count}


def run_drift(
    database: Database,
    moodle: Moodle,
    config: Config,
    curricula: Sequence[Curriculum],
    clock: Clock,
) -> dict[str, Plan]:
    """Compare Moodle with the curricula, without changing it. Returns a plan for each curriculum.

    A plan lists what was changed in Moodle by hand, and what is not applied yet. Moodle's
    addresses of the activities are saved too. Raises AlreadyRunning, MoodleError.
    """
    with run_locked(database, "drift", clock) as detail:
        site = connect(moodle)
        plans = {}
        for curriculum in curricula:
            plans[curriculum.key] = make_plan(site, curriculum, config.sync.max_share)
            update_caches(database, site, curriculum)
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
    """Update the quiz statistics, if anything has happened since the last time.

    Once a day, and with `everything`, all first attempts are read from Moodle before.
    Raises AlreadyRunning, MoodleError.
    """
    due = "everything" if everything else is_due(database, clock())
    if not due:
        return QuizStatisticsResult()
    with run_locked(database, "quizzes", clock) as detail:
        site = connect(moodle)
        detail["way"] = site.way
        counted = update_quiz_statistics(
            database, moodle, site, curricula, clock(), everything=due == "everything"
        )
        detail |= {"tries": counted.tries, "questions": counted.questions}
    return counted
