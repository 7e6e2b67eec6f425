"""Compares all results in Moodle with the stored completions, and repairs the differences.

This finds what a change feed can't show. Without the companion there is no feed, and this is
the only way to read results.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from itertools import islice

from bridge.curriculum.markdown import shown_titles, title_text
from bridge.curriculum.model import Curriculum, Milestone, Quiz, idnumber
from bridge.delivery_check import held_kinds
from bridge.logs import event
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import change_feed
from bridge.moodle.schemas.companion_feed import CompletionRow
from bridge.moodle.schemas.core import GradeItem, UserGrades
from bridge.moodle.site.connection import Site
from bridge.store.database import Database
from bridge.store.learning.completions import CompletionRecord
from bridge.store.learning.reconciliation import Reconciliation
from bridge.store.members.locking import lock_members
from bridge.store.members.queries import iterate_member_ids, members_by_moodle_ids
from bridge.store.operations import runs
from bridge.workflows.awards import assess
from bridge.workflows.results.pull import PullResult

log = logging.getLogger(__name__)

RESULT_BATCH_SIZE = 1_000
LOST_RESULTS = "results-lost"
"""The kind of run that says that a course has lost results."""
DECIMALS = 5
"""As many as Moodle stores of a grade and compares with the pass mark."""
ResultRow = tuple[int, str, bool, float | None, datetime]
"""Moodle user, activity key, done, grade in per cent, time."""


def reconcile(
    database: Database,
    moodle: Moodle,
    site: Site,
    curricula: Sequence[Curriculum],
    *,
    clock: Callable[[], datetime],
    max_lost_share: float = 1.0,
) -> PullResult:
    """Compare all courses of all curricula. Raises MoodleError.

    Results that Moodle doesn't have any more are not done. If a course has lost more than
    `max_lost_share` of them at the same time, they stay until a person confirms it. Awards stay in
    any case.

    With the companion: one call for each 2,000 completions of a course. Without it: one grade
    report for each course, which contains quizzes only.
    """
    curricula, pulled = tuple(curricula), PullResult()
    for curriculum in curricula:
        ids = site.look_up(curriculum.key)
        for milestone in curriculum.milestones:
            course = ids.get(("course", idnumber(curriculum.key, milestone.key)))
            if course is None:
                continue
            started = clock()
            if site.way == "companion":
                activities = [activity.key for activity in milestone.course.activities]
                pages = _read_completions(moodle, course, curriculum, activities)
            else:
                activities = [quiz.key for quiz in milestone.course.quizzes]
                pages = _read_grades(moodle, course, curriculum, milestone)
            comparison = Reconciliation(curriculum.key, activities, started)
            pulled += _compare(database, curriculum, comparison, pages, clock)
            target = idnumber(curriculum.key, milestone.key)
            pulled += _remove_lost(database, comparison, target, max_lost_share, clock())
    return pulled + _assess_all(database, curricula, clock)


def _assess_all(
    database: Database, curricula: Sequence[Curriculum], clock: Callable[[], datetime]
) -> PullResult:
    """Award what members have earned by an edit of the curricula, without new results in Moodle."""
    pulled, last = PullResult(), 0
    while True:
        with database.transaction() as session:
            members = iterate_member_ids(session, after=last)
            if not members:
                return pulled
            pulled += PullResult(awards=assess(session, curricula, members, clock()))
            last = members[-1]


def _compare(
    database: Database,
    curriculum: Curriculum,
    comparison: Reconciliation,
    results: Iterator[ResultRow],
    clock: Callable[[], datetime],
) -> PullResult:
    """Store each batch in one transaction. None is open during a call to Moodle."""
    pulled = PullResult()
    while batch := list(islice(results, RESULT_BATCH_SIZE)):
        with database.transaction() as session:
            known = members_by_moodle_ids(session, {user for user, *_ in batch})
            records = _records(batch, known, curriculum)
            lock_members(session, known.values())
            touched = comparison.page(session, records)
            awarded = assess(session, [curriculum], touched, clock())
        pulled += PullResult(0, len(touched), awarded)
    return pulled


def _remove_lost(
    database: Database,
    comparison: Reconciliation,
    course: str,
    max_share: float,
    now: datetime,
) -> PullResult:
    """Mark results that Moodle no longer has as not done, unless there are too many of them.

    Both are recorded as a run, for `status`.
    """
    with database.transaction() as session:
        counts = comparison.lost(session)
        if not counts.lost:
            return PullResult()
        held = bool(held_kinds({course: counts.stored}, [course] * counts.lost, max_share))
        members = set() if held else comparison.gone(session)
        run = runs.start_run(session, LOST_RESULTS, course, now)
        detail = {"course": course, "lost": counts.lost, "of": counts.stored, "held": held}
        runs.finish_run(session, run, not held, detail, now)
    event(log, "results-lost", level=logging.WARNING, course=course, lost=counts.lost, held=held)
    return PullResult(members=len(members), lost=0 if held else counts.lost)


def _records(
    batch: Iterable[ResultRow], known: Mapping[int, int], curriculum: Curriculum
) -> list[CompletionRecord]:
    return [
        CompletionRecord(known[user], curriculum.key, activity, done, grade, at)
        for user, activity, done, grade, at in batch
        if user in known
    ]


def _read_completions(
    moodle: Moodle, course: int, curriculum: Curriculum, activities: Collection[str]
) -> Iterator[ResultRow]:
    keys = {idnumber(curriculum.key, key): key for key in activities}
    for page in change_feed.completions(moodle, course):
        for row in page.completions:
            if row.idnumber in keys:
                yield _from_row(row, keys[row.idnumber])


def _from_row(row: CompletionRow, activity: str) -> ResultRow:
    at = datetime.fromtimestamp(row.time, UTC)
    return row.userid, activity, row.state in change_feed.DONE_STATES, row.grade, at


def _read_grades(
    moodle: Moodle, course: int, curriculum: Curriculum, milestone: Milestone
) -> Iterator[ResultRow]:
    quizzes = list(milestone.course.quizzes)
    for user in change_feed.grades(moodle, course).usergrades:
        yield from quiz_results(user, curriculum, quizzes)


def quiz_results(
    user: UserGrades, curriculum: Curriculum, quizzes: Sequence[Quiz]
) -> Iterator[ResultRow]:
    """One user's quiz results in a grade report. A quiz is found by its ID number or its name."""
    for item in user.gradeitems:
        quiz = _find_quiz(item, curriculum, quizzes)
        if quiz and item.graderaw is not None and item.grademax > 0:
            grade = round(100.0 * item.graderaw / item.grademax, DECIMALS)
            at = datetime.fromtimestamp(item.gradedategraded or 0, UTC)
            yield user.userid, quiz.key, grade >= quiz.pass_mark, grade, at


def _is_shown_as(quiz: Quiz, name: str) -> bool:
    return unescape(name) in shown_titles(title_text(quiz.title))


def _find_quiz(item: GradeItem, curriculum: Curriculum, quizzes: Sequence[Quiz]) -> Quiz | None:
    if item.itemmodule != "quiz":
        return None
    by_idnumber = {idnumber(curriculum.key, quiz.key): quiz for quiz in quizzes}
    by_name = [quiz for quiz in quizzes if _is_shown_as(quiz, item.itemname)]
    return by_idnumber.get(item.idnumber) or (by_name[0] if len(by_name) == 1 else None)
