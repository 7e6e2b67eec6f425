"""Runs the jobs at their intervals, inside the service process (APScheduler)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import StewardpathError
from bridge.features import FEATURES
from bridge.features.checks import check_features
from bridge.foundations.deadlines.local_time import local_clock
from bridge.foundations.feature import Feature, MoodleWork
from bridge.jobs import file_cleanup, tasks
from bridge.jobs.cleanup import delete_expired
from bridge.jobs.clock import (
    REPAIR_INTERVAL_SECONDS,
    repair_times,
    try_repair_times,
    watch_clock,
)
from bridge.jobs.deadlines import run_deadlines
from bridge.jobs.locks import AlreadyRunning, worker_name
from bridge.jobs.moodle_tasks import INTERVAL_SECONDS as MOODLE_TASKS_SECONDS
from bridge.jobs.moodle_tasks import run_moodle_tasks
from bridge.jobs.plan_requests import run_plan_requests
from bridge.jobs.refresh import run_refresh_requests
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.store.statistics.pace import UPDATE_INTERVAL_SECONDS
from bridge.workflows.alerts import send_alert
from bridge.workflows.signoffs.one_signoff_away import update_one_signoff_away
from bridge.workflows.statistics import update_statistics
from bridge.workflows.unexpected_errors import error_location

log = logging.getLogger(__name__)

PULL = "pull"
DELIVER = "deliver"
OUTBOX = "outbox"
REFRESH = "refresh"
PLAN_REQUESTS = "plan-requests"
STATISTICS = "statistics"
FILES = "files"
DEADLINES = "deadlines"
MOODLE_TASKS = "moodle-tasks"
CLOCK = "clock"
ALERTS = "alerts"
ALERT_CHECK_SECONDS = 300
QUIZ_CHECK_SECONDS = 3600
"""How often to check whether the quiz statistics are out of date."""
UNRECORDED_JOBS = frozenset(
    {
        DELIVER, OUTBOX, REFRESH, PLAN_REQUESTS, STATISTICS, FILES, DEADLINES, MOODLE_TASKS,
        CLOCK, ALERTS,
    }
)  # fmt: skip
"""Jobs that run too often to record every run. Only their failures are recorded."""
TRIGGERABLE_JOBS = frozenset({OUTBOX, PULL, REFRESH, PLAN_REQUESTS, FILES})
"""Jobs that a page can start immediately."""

OpenMoodle = Callable[[], AbstractContextManager[Moodle]]
Result = Mapping[str, object]
Job = Callable[[], Result]


class Scheduler:
    """Runs every job on a thread of its own, at the intervals in the configuration.

    `connect` opens a Moodle client for one run. Two processes that share a database never run the
    same job at the same time (see `bridge.jobs.locks`); deliveries are claimed one by one.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        curricula: Sequence[Curriculum],
        connect: OpenMoodle,
        clock: Callable[[], datetime],
        features: Sequence[Feature] = FEATURES,
    ) -> None:
        check_features(features, config, curricula)
        self._config = config
        self._database = database
        self._curricula = curricula
        self._connect = connect
        self._clock = local_clock(clock, config.timezone)
        self._features = features
        self._stopping = threading.Event()
        self._trigger_lock = threading.Lock()
        self._triggered: set[str] = set()
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(job_defaults=options, timezone=config.timezone)
        self._scheduler.add_listener(self._on_job_end, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)

    def start(self) -> None:
        """Start the jobs. All but drift and reconcile run immediately."""
        try_repair_times(self._database, self._clock())
        service = self._config.service
        hour, minute = service.reconcile_at.split(":")
        now = self._clock()
        add_job = partial(self._scheduler.add_job, self._run, "interval")
        add_frequent_job = partial(add_job, seconds=service.deliver_every, next_run_time=now)
        pull, drift = self._with_moodle(self._pull), self._with_moodle(self._drift)
        add_job(args=[PULL, pull], id=PULL, seconds=service.pull_every, next_run_time=now)
        add_frequent_job(args=[DELIVER, self._with_moodle(self._deliver)])
        add_frequent_job(args=[OUTBOX, self._outbox], id=OUTBOX)
        add_frequent_job(args=[REFRESH, self._refresh], id=REFRESH)
        add_frequent_job(args=[PLAN_REQUESTS, self._plan_requests], id=PLAN_REQUESTS)
        add_frequent_job(args=[DEADLINES, self._deadlines])
        in_moodle = [MOODLE_TASKS, self._moodle_tasks]
        add_job(args=in_moodle, seconds=MOODLE_TASKS_SECONDS, next_run_time=now)
        add_job(
            args=[STATISTICS, self._statistics], seconds=UPDATE_INTERVAL_SECONDS, next_run_time=now
        )
        every = file_cleanup.INTERVAL_SECONDS
        add_job(args=[FILES, self._files], id=FILES, seconds=every, next_run_time=now)
        first_drift = now + timedelta(seconds=service.drift_every)
        add_job(args=["drift", drift], seconds=service.drift_every, next_run_time=first_drift)
        quizzes = ["quizzes", self._with_moodle(self._quizzes)]
        add_job(args=quizzes, seconds=QUIZ_CHECK_SECONDS, next_run_time=now)
        reconcile = ["reconcile", self._with_moodle(self._reconcile)]
        self._scheduler.add_job(self._run, "cron", args=reconcile, hour=hour, minute=minute)
        add_job(args=[ALERTS, self._alerts], seconds=ALERT_CHECK_SECONDS)
        add_job(args=[CLOCK, self._repair_times], seconds=REPAIR_INTERVAL_SECONDS)
        self._scheduler.start()
        self._watch_clock()

    def _watch_clock(self) -> None:
        watch = threading.Thread(
            target=watch_clock, args=(self._clock, self._stopping, self._on_clock_jump), daemon=True
        )
        watch.start()

    def _on_clock_jump(self, _jump: timedelta) -> None:
        """Run every job that has an interval now: its next time was set by the former clock."""
        try_repair_times(self._database, self._clock())
        with self._trigger_lock:
            if self._stopping.is_set():
                return
            for job in self._scheduler.get_jobs():
                if isinstance(job.trigger, IntervalTrigger):
                    job.reschedule(IntervalTrigger(seconds=job.trigger.interval_length))
                    job.modify(next_run_time=self._clock())
                else:
                    job.reschedule(job.trigger)

    def _alerts(self) -> Result:
        return {"problems": len(send_alert(self._database, self._config, self._clock()))}

    def _repair_times(self) -> Result:
        return repair_times(self._database, self._clock())

    def trigger(self, job: str = OUTBOX) -> None:
        """Run one of TRIGGERABLE_JOBS now, because a person is waiting for it.

        If the job is running, it runs again as soon as it ends: it may already be past the row
        that the person is waiting for. Raises ValueError for any other job.
        """
        if job not in TRIGGERABLE_JOBS:
            raise ValueError(f"no page triggers {job}")
        with self._trigger_lock:
            self._triggered.add(job)
            self._run_soon(job)

    def stop(self) -> None:
        """Finish the work in progress, release what has not begun, and end."""
        with self._trigger_lock:
            self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _on_job_end(self, ended: JobExecutionEvent) -> None:
        """APScheduler skips a job that is due while it runs. Run it again if it was triggered."""
        with self._trigger_lock:
            if ended.job_id in self._triggered:
                self._run_soon(ended.job_id)

    def _run_soon(self, job: str) -> None:
        """Call with `_trigger_lock`: a shutdown waits for jobs, and must not begin meanwhile."""
        if not self._stopping.is_set():
            self._scheduler.modify_job(job, next_run_time=self._clock())

    def _run(self, kind: str, job: Job) -> None:
        """Run one job. A failure is logged and recorded; the job runs again at its next time."""
        with self._trigger_lock:
            self._triggered.discard(kind)
        try:
            result = job()
        except AlreadyRunning:
            event(log, f"{kind}-skipped", reason="another process is running it")
        except StewardpathError as error:
            event(log, f"{kind}-failed", level=logging.WARNING, reason=str(error))
            if kind in UNRECORDED_JOBS:
                self._record_failure(kind, str(error))
        except Exception as error:  # noqa: BLE001  (a job must not end the others)
            event(log, f"{kind}-crashed", level=logging.ERROR)
            location = error_location(error)
            self._record_failure(kind, f"unexpected error {type(error).__name__} at {location}")
        else:
            if any(result.values()):
                event(log, kind, result=" ".join(f"{k}={v}" for k, v in result.items()))

    def _record_failure(self, kind: str, error: str) -> None:
        """Record the failure for `status`. If the database is what failed, only the log has it."""
        try:
            with self._database.transaction() as session:
                runs.record_failure(session, kind, worker_name(), error, self._clock())
        except StewardpathError as failure:
            event(log, f"{kind}-not-recorded", level=logging.WARNING, reason=str(failure))

    def _with_moodle(self, job: Callable[[Moodle], Result]) -> Job:
        def run() -> Result:
            with self._connect() as moodle:
                return job(moodle)

        return run

    def _outbox(self) -> Result:
        return tasks.run_outbox(
            self._database, self._config, self._clock, features=self._features,
            stopped=self._stopping.is_set,
        )  # fmt: skip

    def _refresh(self) -> Result:
        return run_refresh_requests(self._database, self._connect, self._curricula, self._clock)

    def _plan_requests(self) -> Result:
        return run_plan_requests(
            self._database, self._connect, self._config, self._curricula, self._clock,
            features=self._features,
        )  # fmt: skip

    def _statistics(self) -> Result:
        update_statistics(self._database, self._curricula, self._clock)
        update_one_signoff_away(self._database, self._curricula, self._clock)
        return {}

    def _deadlines(self) -> Result:
        return run_deadlines(
            self._database, self._config, self._curricula, self._clock, features=self._features,
            stopped=self._stopping.is_set,
        )  # fmt: skip

    def _moodle_tasks(self, *, check: bool = False) -> Result:
        work = MoodleWork(self._database, self._config, self._curricula, self._clock)
        return run_moodle_tasks(work, self._connect, features=self._features, check=check)

    def _files(self) -> Result:
        return file_cleanup.run_file_cleanup(self._database, self._config, self._clock())

    def _pull(self, moodle: Moodle) -> Result:
        pulled = tasks.run_pull(self._database, moodle, self._config, self._curricula, self._clock)
        return {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}

    def _reconcile(self, moodle: Moodle) -> Result:
        pulled = tasks.run_pull(
            self._database, moodle, self._config, self._curricula, self._clock, everything=True
        )
        self._moodle_tasks(check=True)
        delete_expired(self._database, self._clock(), self._features)
        return {"members": pulled.members, "awards": pulled.awards}

    def _quizzes(self, moodle: Moodle) -> Result:
        counted = tasks.run_quizzes(self._database, moodle, self._curricula, self._clock)
        return {"tries": counted.tries, "questions": counted.questions}

    def _deliver(self, moodle: Moodle) -> Result:
        return dict(
            tasks.run_deliver(
                self._database,
                moodle,
                self._config,
                self._curricula,
                self._clock,
                stopped=self._stopping.is_set,
            )
        )

    def _drift(self, moodle: Moodle) -> Result:
        plans = tasks.run_drift(self._database, moodle, self._config, self._curricula, self._clock)
        return {key: len(plan.changes) for key, plan in plans.items()}
