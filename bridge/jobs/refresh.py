"""Reads the results of members who press "Check now": their own courses only.

The change feed brings what happened since the cursor. A refresh also finds results from before
the account was known, results that the feed lost, and all results on a site without the
companion. It only adds and improves; the nightly reconciliation finds what Moodle no longer has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bridge.curriculum.former_keys import all_keys
from bridge.curriculum.model import Curriculum, Milestone, curriculum_prefix
from bridge.jobs.locks import Clock, worker_name
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.moodle.site.connection import Site, connect
from bridge.store.database import Database
from bridge.store.learning import member_progress, refresh_requests
from bridge.store.learning.completions import CompletionRecord
from bridge.store.learning.member_progress import MemberProgress
from bridge.store.learning.reconciliation import Reconciliation
from bridge.store.learning.refresh_requests import Outcome
from bridge.store.members.locking import lock_members
from bridge.store.members.queries import members_by_ids
from bridge.workflows.awards import assess
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.outcomes import Halt
from bridge.workflows.results.learner_results import read_learner_results

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
REQUEST_BATCH_SIZE = 20

OpenMoodle = Callable[[], AbstractContextManager[Moodle]]


def run_refresh_requests(
    database: Database, open_moodle: OpenMoodle, curricula: Sequence[Curriculum], clock: Clock
) -> dict[str, object]:
    """Refresh the results of every member with a pending request. Returns how many.

    Moodle is opened only if there is a request. If one member's results can't be read, that
    request fails and the others are read. If the site fails, all pending requests fail, and
    MoodleError is raised.
    """
    curricula = tuple(curricula)  # a Library checks its files each time it is iterated
    count = 0
    while pending := _claim(database, name := worker_name(), clock()):
        count += len(pending)
        try:
            with open_moodle() as moodle:
                reader = _ResultReader(database, moodle, connect(moodle), curricula, clock)
                breaker = CircuitBreaker()
                while pending:
                    outcome = _read(reader, breaker, pending[0])
                    _finish(database, pending.pop(0), name, outcome, clock())
                    breaker.stop_if_open()
        except Halt as halt:
            raise halt.error from None
        finally:
            for member in pending:
                _finish(database, member, name, "failed", clock())
    return {"members": count}


def _read(reader: _ResultReader, breaker: CircuitBreaker, member: int) -> Outcome:
    outcomes: list[Outcome] = []
    error = breaker.attempt(lambda: outcomes.append(reader.read(member)), member=member)
    if error is None:
        return outcomes[0]
    event(log, "refresh-refused", level=logging.WARNING, member=member, reason=str(error))
    return "failed"


def _claim(database: Database, name: str, now: datetime) -> list[int]:
    with database.transaction() as session:
        return refresh_requests.claim(session, name, now, LEASE, REQUEST_BATCH_SIZE)


def _finish(database: Database, member: int, name: str, outcome: Outcome, now: datetime) -> None:
    with database.transaction() as session:
        refresh_requests.finish(session, member, name, outcome, now)


class _ResultReader:
    """Reads members' results, all through one connection to Moodle."""

    def __init__(
        self,
        database: Database,
        moodle: Moodle,
        site: Site,
        curricula: Sequence[Curriculum],
        clock: Clock,
    ) -> None:
        self._database = database
        self._moodle = moodle
        self._curricula = curricula
        self._clock = clock
        self._ids = {each.key: site.look_up(each.key) for each in curricula}

    def read(self, member: int) -> Outcome:
        """Read each course that the member is in and has not finished: two calls a course.

        Raises MoodleError.
        """
        with self._database.reading() as session:
            progress = member_progress.read_member_progress(session, member, self._clock().date())
            row = members_by_ids(session, [member]).get(member)
        if progress is None or row is None or row.moodle_user_id is None:
            return "no-account"
        for curriculum in self._curricula:
            for milestone in _unfinished(curriculum, progress):
                self._read_course(curriculum, milestone, member, row.moodle_user_id, progress)
        return "done"

    def _read_course(
        self,
        curriculum: Curriculum,
        milestone: Milestone,
        member: int,
        user: int,
        progress: MemberProgress,
    ) -> None:
        prefix, started = curriculum_prefix(curriculum.key), self._clock()
        course = self._ids[curriculum.key].get(("course", prefix + milestone.key))
        if course is None:
            return
        found = read_learner_results(self._moodle, course, user, curriculum, milestone, started)
        news = [
            each
            for each in found
            if each.is_improvement(progress.results.get((curriculum.key, each.activity)))
        ]
        if not news:
            return
        records = [
            CompletionRecord(member, curriculum.key, each.activity, each.done, each.grade, each.at)
            for each in news
        ]
        comparison = Reconciliation(curriculum.key, {each.activity for each in news}, started)
        with self._database.transaction() as session:
            if not members_by_ids(session, [member]):
                return  # erased while Moodle was read
            lock_members(session, [member])
            touched = comparison.page(session, records)
            assess(session, [curriculum], touched, self._clock())


def _unfinished(curriculum: Curriculum, progress: MemberProgress) -> Iterator[Milestone]:
    """Milestones that the member is enrolled in and has not earned, by their current or old key."""
    for milestone in curriculum.milestones:
        keys = {(curriculum.key, key) for key in all_keys(milestone)}
        if keys & progress.enrolled and not keys & progress.awarded.keys():
            yield milestone
