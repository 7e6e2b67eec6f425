"""The jobs on their clocks, in the process of the service (APScheduler)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from bridge.config import Config
from bridge.curriculum.model import Curriculum
from bridge.errors import StewardpathError
from bridge.jobs import tasks
from bridge.jobs.locks import AlreadyRunning, worker_name
from bridge.jobs.plan_requests import run_plan_requests
from bridge.jobs.refresh import run_refresh_requests
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.store.database import Database
from bridge.store.operations import runs
from bridge.workflows.statistics import EVERY, update_statistics
from bridge.workflows.unexpected_errors import error_location

log = logging.getLogger(__name__)

OUTBOX = "outbox"
"""The job that needs no Moodle."""
PULL = "pull"
REFRESH = "refresh"
"""The members who want their own results read now."""
PLAN_REQUESTS = "plan-requests"
"""The plans and applies that the committee asks for."""
HOUR = 3600
"""Seconds between two looks at whether there are quizzes to count."""
DELIVER = "deliver"
FIGURES = "statistics"
UNRECORDED = frozenset({DELIVER, OUTBOX, REFRESH, PLAN_REQUESTS, FIGURES})
"""The jobs that run too often for a record of every run: only their failures have one."""
TRIGGERABLE_JOBS = frozenset({OUTBOX, PULL, REFRESH, PLAN_REQUESTS})
"""The jobs that pages wake."""

Open = Callable[[], AbstractContextManager[Moodle]]
Result = Mapping[str, object]
Job = Callable[[], Result]


class Scheduler:
    """Pull, deliver, letters, figures, drift check and nightly reconciliation, each on a thread of
    its own.

    `connect` opens a client for one run. Two processes on one database never run the same job at
    once: see `bridge.jobs.locks`; deliveries are claimed one by one.
    """

    def __init__(
        self,
        config: Config,
        database: Database,
        curricula: Sequence[Curriculum],
        connect: Open,
        clock: Callable[[], datetime],
    ) -> None:
        self._config = config
        self._database = database
        self._curricula = curricula
        self._connect = connect
        self._clock = clock
        self._stopping = threading.Event()
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(job_defaults=options, timezone=config.timezone)

    def start(self) -> None:
        """Begin; all but the drift check and the reconciliation run at once."""
        service = self._config.service
        hour, minute = service.reconcile_at.split(":")
        soon = self._clock()
        every = partial(self._scheduler.add_job, self._run, "interval")
        often = partial(every, seconds=service.deliver_every, next_run_time=soon)
        pull, drift = self._with_moodle(self._pull), self._with_moodle(self._drift)
        every(args=[PULL, pull], id=PULL, seconds=service.pull_every, next_run_time=soon)
        often(args=[DELIVER, self._with_moodle(self._deliver)])
        often(args=[OUTBOX, self._letters], id=OUTBOX)
        often(args=[REFRESH, self._recheck], id=REFRESH)
        often(args=[PLAN_REQUESTS, self._asked], id=PLAN_REQUESTS)
        every(args=[FIGURES, self._figures], seconds=EVERY, next_run_time=soon)
        later = soon + timedelta(seconds=service.drift_every)
        every(args=["drift", drift], seconds=service.drift_every, next_run_time=later)
        counted = ["quizzes", self._with_moodle(self._quizzes)]
        every(args=counted, seconds=HOUR, next_run_time=soon)
        night = ["reconcile", self._with_moodle(self._reconcile)]
        self._scheduler.add_job(self._run, "cron", args=night, hour=hour, minute=minute)
        self._scheduler.start()

    def wake(self, job: str = OUTBOX) -> None:
        """Do one of WOKEN now: somebody waits for a letter, their results, or a plan.

        Raises ValueError for another job.
        """
        if job not in TRIGGERABLE_JOBS:
            raise ValueError(f"no page wakes {job}")
        self._scheduler.modify_job(job, next_run_time=self._clock())

    def stop(self) -> None:
        """Finish what is in hand, release what is not begun, and end."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _run(self, kind: str, job: Job) -> None:
        """One run. What fails is logged, noted for `status`, and comes again at the next tick."""
        try:
            result = job()
        except AlreadyRunning:
            event(log, f"{kind}-skipped", reason="another process is doing it")
        except StewardpathError as error:
            event(log, f"{kind}-failed", level=logging.WARNING, reason=str(error))
            if kind in UNRECORDED:
                self._note(kind, str(error))
        except Exception as error:  # noqa: BLE001  (a job must not end the others)
            event(log, f"{kind}-crashed", level=logging.ERROR)
            self._note(kind, f"unexpected error {type(error).__name__} at {error_location(error)}")
        else:
            if any(result.values()):
                event(log, kind, result=" ".join(f"{k}={v}" for k, v in result.items()))

    def _note(self, kind: str, error: str) -> None:
        """Leave a trace; where the database is what failed, there is only the log."""
        try:
            with self._database.transaction() as session:
                runs.note_failure(session, kind, worker_name(), error, self._clock())
        except StewardpathError as failure:
            event(log, f"{kind}-not-recorded", level=logging.WARNING, reason=str(failure))

    def _with_moodle(self, job: Callable[[Moodle], Result]) -> Job:
        def run() -> Result:
            with self._connect() as moodle:
                return job(moodle)

        return run

    def _letters(self) -> Result:
        return tasks.run_outbox(
            self._database, self._config, self._clock, stopped=self._stopping.is_set
        )

    def _recheck(self) -> Result:
        return run_refresh_requests(self._database, self._connect, self._curricula, self._clock)

    def _asked(self) -> Result:
        return run_plan_requests(
            self._database, self._connect, self._config, self._curricula, self._clock
        )

    def _figures(self) -> Result:
        update_statistics(self._database, self._curricula, self._clock)
        return {}

    def _pull(self, moodle: Moodle) -> dict[str, object]:
        pulled = tasks.run_pull(self._database, moodle, self._config, self._curricula, self._clock)
        return {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}

    def _reconcile(self, moodle: Moodle) -> dict[str, object]:
        pulled = tasks.run_pull(
            self._database, moodle, self._config, self._curricula, self._clock, everything=True
        )
        tasks.delete_expired(self._database, self._clock())
        return {"members": pulled.members, "awards": pulled.awards}

    def _quizzes(self, moodle: Moodle) -> dict[str, object]:
        counted = tasks.run_quizzes(self._database, moodle, self._curricula, self._clock)
        return {"tries": counted.tries, "questions": counted.questions}

    def _deliver(self, moodle: Moodle) -> dict[str, object]:
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

    def _drift(self, moodle: Moodle) -> dict[str, object]:
        plans = tasks.run_drift(self._database, moodle, self._config, self._curricula, self._clock)
        return {key: len(plan.changes) for key, plan in plans.items()}
