"""Runs what the features keep in Moodle."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from bridge.errors import MoodleError
from bridge.features import FEATURES
from bridge.foundations.feature import Feature, MoodleTask, MoodleWork
from bridge.jobs.locks import AlreadyRunning, run_locked
from bridge.logs import event
from bridge.moodle.client.client import Moodle

INTERVAL_SECONDS = 60
log = logging.getLogger(__name__)


def run_moodle_tasks(
    work: MoodleWork,
    connect: Callable[[], AbstractContextManager[Moodle]],
    *,
    features: Sequence[Feature] = FEATURES,
    check: bool = False,
) -> Mapping[str, int]:
    """Run those that are due, all of them with `check`; return counts.

    An error of Moodle doesn't stop the others: it is in the log and in the run. Raises StoreError.
    """
    due = [task for each in features for task in each.moodle_tasks if check or task.is_due(work)]
    counts = Counter[str]()
    if due:
        with connect() as moodle:
            for task in due:
                counts.update(_run(task, work, moodle, check=check))
    return counts


def _run(task: MoodleTask, work: MoodleWork, moodle: Moodle, *, check: bool) -> Mapping[str, int]:
    try:
        with run_locked(work.database, task.name, work.clock) as detail:
            counts = task.run(work, moodle, check=check)
            detail |= counts
            return counts
    except (AlreadyRunning, MoodleError) as error:
        event(log, f"{task.name}-failed", level=logging.WARNING, reason=str(error))
        return {"failed": 1}
