"""A member wants their results read now: their own courses are looked at, and nobody else's.

The change feed brings what happened since the cursor. This sees what it cannot: what was done
before the account was known, what the feed lost, and all of it where there is no companion.
Only news counts; what Moodle has no more is left to the nightly comparison.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

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
from bridge.store.members.queries import members_by_ids
from bridge.workflows.awards import assess
from bridge.workflows.delivery.circuit_breaker import CircuitBreaker
from bridge.workflows.delivery.dispatcher import Halt
from bridge.workflows.results.learner_results import read_learner_results

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
REQUEST_BATCH_SIZE = 20

Open = Callable[[], AbstractContextManager[Moodle]]


def run_refresh_requests(
    database: Database, open_moodle: Open, curricula: Sequence[Curriculum], clock: Clock
) -> dict[str, object]:
    """Answer every member who waits; returns how many. Moodle is opened only for work.

    A member whose results cannot be read is told so, and the others are read. Raises MoodleError
    where Moodle cannot be asked: then all who wait are told so.
    """
    curricula = tuple(curricula)  # a Library looks at its files whenever it is asked
    answered = 0
    while waiting := _take(database, name := worker_name(), clock()):
        answered += len(waiting)
        try:
            with open_moodle() as moodle:
                reading = _Reading(database, moodle, connect(moodle), curricula, clock)
                breaker = CircuitBreaker()
                while waiting:
                    outcome = _read(reading, breaker, waiting[0])
                    _finish(database, waiting.pop(0), name, outcome, clock())
                    breaker.stop_if_open()
        except Halt as halt:
            raise halt.error from None
        finally:
            for member in waiting:
                _finish(database, member, name, "failed", clock())
    return {"members": answered}


def _read(reading: _Reading, breaker: CircuitBreaker, member: int) -> Outcome:
    outcomes: list[Outcome] = []
    error = breaker.attempt(lambda: outcomes.append(reading.of(member)), member=member)
    if error is None:
        return outcomes[0]
    event(log, "refresh-refused", level=logging.WARNING, member=member, reason=str(error))
    return "failed"


def _take(database: Database, name: str, now: datetime) -> list[int]:
    with database.transaction() as session:
        return refresh_requests.claim(session, name, now, LEASE, REQUEST_BATCH_SIZE)


def _finish(database: Database, member: int, name: str, outcome: Outcome, now: datetime) -> None:
    with database.transaction() as session:
        refresh_requests.finish(session, member, name, outcome, now)


class _Reading:
    """Reads members' courses through one connection."""

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

    def of(self, member: int) -> Outcome:
        """Read every course that the member is in and has not finished; two calls each.

        Raises MoodleError.
        """
        with self._database.reading() as session:
            mine = member_progress.read_member_progress(session, member)
            known = members_by_ids(session, [member]).get(member)
        if mine is None or known is None or known.moodle_user_id is None:
            return "no-account"
        for curriculum in self._curricula:
            for milestone in _unfinished(curriculum, mine):
                self._course(curriculum, milestone, member, known.moodle_user_id, mine)
        return "done"

    def _course(
        self,
        curriculum: Curriculum,
        milestone: Milestone,
        member: int,
        user: int,
        mine: MemberProgress,
    ) -> None:
        prefix, started = curriculum_prefix(curriculum.key), self._clock()
        course = self._ids[curriculum.key].get(("course", prefix + milestone.key))
        if course is None:
            return
        found = read_learner_results(self._moodle, course, user, curriculum, milestone, started)
        news = [
            each
            for each in found
            if each.is_news(mine.results.get((curriculum.key, each.activity)))
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
                return  # forgotten while Moodle was asked
            touched = comparison.page(session, records)
            assess(session, [curriculum], touched, self._clock())


def _unfinished(curriculum: Curriculum, mine: MemberProgress) -> Iterator[Milestone]:
    """The milestones whose course the member is in and has not earned, by any key they had."""
    for milestone in curriculum.milestones:
        keys = {(curriculum.key, key) for key in (milestone.key, milestone.previously)}
        if keys & mine.enrolled and not keys & mine.awarded.keys():
            yield milestone
