"""Queues again what was done to Moodle objects that were deleted and created again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from bridge.curriculum.model import Curriculum
from bridge.errors import MoodleError
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.store.database import Database
from bridge.store.delivery.delivery_queries import end_wait_for_companion
from bridge.store.delivery.promises import queue_replaced
from bridge.workflows.delivery_check.site_objects import OBJECTS, SiteObjects

log = logging.getLogger(__name__)


def queue_after_apply(
    database: Database, moodle: Moodle, curriculum: Curriculum, clock: Callable[[], datetime]
) -> int:
    """Queue what was done to objects that `apply` has created again; return how many.

    What waited for the companion plugin is tried now. If Moodle doesn't answer now, the nightly
    check queues the rest.
    """
    with database.transaction() as session:
        end_wait_for_companion(session, clock())
    try:
        return queue_for_replaced_objects(database, moodle, [curriculum], clock())
    except MoodleError as error:
        event(log, "queue-after-apply-failed", level=logging.WARNING, reason=str(error))
        return 0


def queue_for_replaced_objects(
    database: Database, moodle: Moodle, curricula: Sequence[Curriculum], now: datetime
) -> int:
    """Queue the deliveries of every object that has another id in Moodle now; return how many.

    Its learners are enrolled again, for example. Two calls, and one more for each further
    curriculum. Raises MoodleError.
    """
    objects = SiteObjects(moodle, curricula)
    return sum(queue_of_curriculum(database, objects, each, now) for each in curricula)


def queue_of_curriculum(
    database: Database, objects: SiteObjects, curriculum: Curriculum, now: datetime
) -> int:
    """The same for one curriculum: one transaction."""
    queued = 0
    ids = objects.current_ids(curriculum)
    with database.transaction() as session:
        for (kind, target), object_id in sorted(ids.items()):
            kinds = [name for name, about in OBJECTS.items() if about == kind]
            if kinds:
                queued += queue_replaced(session, kinds, [target], object_id, now)
    return queued
