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
from bridge.jobs import loop
from bridge.jobs.asked import run_asked
from bridge.jobs.crashes import place
from bridge.jobs.figures import EVERY, count_figures
from bridge.jobs.guard import Busy, owner
from bridge.jobs.recheck import run_rechecks
from bridge.logs import event
from bridge.moodle.client import Moodle
from bridge.store import runs
from bridge.store.database import Database

log = logging.getLogger(__name__)

LETTERS = "letters"
"""The job that needs no Moodle."""
PULL = "pull"
RECHECK = "recheck"
"""The members who want their own results read now."""
ASKED = "asked"
"""The plans and applies that the committee asks for."""
HOUR = 3600
"""Seconds between two looks at whether there are quizzes to count."""
DELIVER = "deliver"
FIGURES = "figures"
UNRECORDED = frozenset({DELIVER, LETTERS, RECHECK, ASKED, FIGURES})
"""The jobs that run too often for a record of every run: only their failures have one."""
WOKEN = frozenset({LETTERS, PULL, RECHECK, ASKED})
"""The jobs that pages wake."""

Open = Callable[[], AbstractContextManager[Moodle]]
Result = Mapping[str, object]
Job = Callable[[], Result]


class Scheduler:
    """Pull, deliver, letters, figures, drift check and nightly reconciliation, each on a thread of
    its own.

    `connect` opens a client for one run. Two processes on one database never run the same job at
    once: see `bridge.jobs.guard`; deliveries are claimed one by one.
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
        often(args=[LETTERS, self._letters], id=LETTERS)
        often(args=[RECHECK, self._recheck], id=RECHECK)
        often(args=[ASKED, self._asked], id=ASKED)
        every(args=[FIGURES, self._figures], seconds=EVERY, next_run_time=soon)
        later = soon + timedelta(seconds=service.drift_every)
        every(args=["drift", drift], seconds=service.drift_every, next_run_time=later)
        counted = ["quizzes", self._with_moodle(self._quizzes)]
        every(args=counted, seconds=HOUR, next_run_time=soon)
        night = ["reconcile", self._with_moodle(self._reconcile)]
        self._scheduler.add_job(self._run, "cron", args=night, hour=hour, minute=minute)
        self._scheduler.start()

    def wake(self, job: str = LETTERS) -> None:
        """Do one of WOKEN now: somebody waits for a letter, their results, or a plan.

        Raises ValueError for another job.
        """
        if job not in WOKEN:
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
        except Busy:
            event(log, f"{kind}-skipped", reason="another process is doing it")
        except StewardpathError as error:
            event(log, f"{kind}-failed", level=logging.WARNING, reason=str(error))
            if kind in UNRECORDED:
                self._note(kind, str(error))
        except Exception as error:  # noqa: BLE001  (a job must not end the others)
            event(log, f"{kind}-crashed", level=logging.ERROR)
            self._note(kind, f"unexpected error {type(error).__name__} at {place(error)}")
        else:
            if any(result.values()):
                event(log, kind, result=" ".join(f"{k}={v}" for k, v in result.items()))

    def _note(self, kind: str, error: str) -> None:
        """Leave a trace; where the database is what failed, there is only the log."""
        try:
            with self._database.transaction() as session:
                runs.note_failure(session, kind, owner(), error, self._clock())
        except StewardpathError as failure:
            event(log, f"{kind}-not-recorded", level=logging.WARNING, reason=str(failure))

    def _with_moodle(self, job: Callable[[Moodle], Result]) -> Job:
        def run() -> Result:
            with self._connect() as moodle:
                return job(moodle)

        return run

    def _letters(self) -> Result:
        return loop.run_letters(
            self._database, self._config, self._clock, stopped=self._stopping.is_set
        )

    def _recheck(self) -> Result:
        return run_rechecks(self._database, self._connect, self._curricula, self._clock)

    def _asked(self) -> Result:
        return run_asked(self._database, self._connect, self._config, self._curricula, self._clock)

    def _figures(self) -> Result:
        count_figures(self._database, self._curricula, self._clock)
        return {}

    def _pull(self, moodle: Moodle) -> dict[str, object]:
        pulled = loop.run_pull(self._database, moodle, self._config, self._curricula, self._clock)
        return {"changes": pulled.changes, "members": pulled.members, "awards": pulled.awards}

    def _reconcile(self, moodle: Moodle) -> dict[str, object]:
        pulled = loop.run_pull(
            self._database, moodle, self._config, self._curricula, self._clock, everything=True
        )
        loop.prune(self._database, self._clock())
        return {"members": pulled.members, "awards": pulled.awards}

    def _quizzes(self, moodle: Moodle) -> dict[str, object]:
        counted = loop.run_quizzes(self._database, moodle, self._curricula, self._clock)
        return {"tries": counted.tries, "questions": counted.questions}

    def _deliver(self, moodle: Moodle) -> dict[str, object]:
        return dict(
            loop.run_deliver(
                self._database,
                moodle,
                self._config,
                self._curricula,
                self._clock,
                stopped=self._stopping.is_set,
            )
        )

    def _drift(self, moodle: Moodle) -> dict[str, object]:
        plans = loop.run_drift(self._database, moodle, self._config, self._curricula, self._clock)
        return {key: len(plan.changes) for key, plan in plans.items()}
