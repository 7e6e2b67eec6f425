"""What the committee may want to rewrite: quizzes failed at the first try, questions missed.

Counted beforehand, so that no page counts a row a member and quiz while somebody waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from bridge.curriculum.model import Curriculum, curriculum_prefix, idnumber
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import change_feed
from bridge.moodle.schemas.companion_feed import FirstAttemptRow, MissedQuestion
from bridge.moodle.site.connection import Site
from bridge.store.database import Database
from bridge.store.members.queries import members_by_moodle_ids
from bridge.store.operations import cursors
from bridge.store.operations.cursors import Cursor
from bridge.store.statistics import first_attempts, quiz_statistics
from bridge.store.statistics.first_attempts import FirstAttemptRecord, Key
from bridge.store.statistics.quiz_statistics import QuestionCount
from bridge.workflows.results.pull import FEED_CURSOR

COUNTED_CURSOR = "quizzes-counted"
"""Cursor whose value is the row of the change feed up to which the figures count."""
READ_CURSOR = "quizzes-read"
"""Cursor whose value is when everything was last read from Moodle, in unix seconds."""
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
RECENT_PERIOD = timedelta(weeks=12)

DueCheck = Literal["", "changes", "everything"]


@dataclass(frozen=True, slots=True)
class QuizStatisticsResult:
    """`tries`: those the feed had not told of; `questions`: those that were asked at all."""

    tries: int = 0
    questions: int = 0


def is_due(database: Database, now: datetime) -> DueCheck:
    """What there is to do: nothing while nothing has happened, everything once a day."""
    with database.reading() as session:
        read = cursors.get(session, READ_CURSOR).value
        position, counted = (
            cursors.get(session, name).value for name in (FEED_CURSOR, COUNTED_CURSOR)
        )
    if now.timestamp() - read >= DAY.total_seconds():
        return "everything"
    return "changes" if position != counted else ""


def update_quiz_statistics(
    database: Database,
    moodle: Moodle,
    site: Site,
    curricula: Sequence[Curriculum],
    now: datetime,
    *,
    everything: bool,
) -> QuizStatisticsResult:
    """Count the first tries of a year anew, and ask Moodle how their questions went: one call a
    course. With `everything` first read the tries that the feed did not tell of: one call for
    each 1,000 of a course. Without the companion there is nothing to read. Raises MoodleError;
    what the store knows is counted even then.
    """
    curricula = tuple(curricula)
    with database.reading() as session:
        position = cursors.get(session, FEED_CURSOR).value
    tries, asked = 0, list[QuestionCount]()
    try:
        for curriculum, course in _courses(site, curricula):
            tries += _fill_in(database, moodle, curriculum, course, now) if everything else 0
            asked += _asked(moodle, curriculum, course, now)
    finally:
        _count(database, curricula, now)
    with database.transaction() as session:
        quiz_statistics.save_questions(session, asked, now)
        cursors.put(session, COUNTED_CURSOR, Cursor(position), now)
        if everything:
            cursors.put(session, READ_CURSOR, Cursor(int(now.timestamp())), now)
    return QuizStatisticsResult(tries, len(asked))


def _courses(site: Site, curricula: Iterable[Curriculum]) -> Iterator[tuple[Curriculum, int]]:
    """The courses there are, by Moodle's ids; none on a site that cannot tell of attempts."""
    for curriculum in curricula if site.way == "companion" else ():
        ids = site.look_up(curriculum.key)
        for milestone in curriculum.milestones:
            course = ids.get(("course", idnumber(curriculum.key, milestone.key)))
            if course is not None:
                yield curriculum, course


def _fill_in(
    database: Database, moodle: Moodle, curriculum: Curriculum, course: int, now: datetime
) -> int:
    """Each page is a transaction of its own; none is open while Moodle is asked."""
    filled, former = 0, former_quizzes(curriculum)
    for page in change_feed.first_attempts(moodle, course, _since(now)):
        with database.transaction() as session:
            known = members_by_moodle_ids(session, {row.userid for row in page.tries})
            records = list(_records(page.tries, known, curriculum))
            filled += first_attempts.fill_in(session, records, former)
    return filled


def _records(
    rows: Iterable[FirstAttemptRow], known: Mapping[int, int], curriculum: Curriculum
) -> Iterator[FirstAttemptRecord]:
    prefix = curriculum_prefix(curriculum.key)
    for row in rows:
        if row.userid in known and row.idnumber.startswith(prefix):
            quiz = row.idnumber.removeprefix(prefix)
            at = datetime.fromtimestamp(row.time, UTC)
            yield FirstAttemptRecord(known[row.userid], curriculum.key, quiz, row.grade, at, 0)


def _asked(
    moodle: Moodle, curriculum: Curriculum, course: int, now: datetime
) -> Iterator[QuestionCount]:
    prefix = curriculum_prefix(curriculum.key)
    for row in change_feed.missed_questions(moodle, course, _since(now)).questions:
        if row.quiz.startswith(prefix) and row.question.startswith(row.quiz + "."):
            yield _record(row, curriculum, prefix)


def _record(row: MissedQuestion, curriculum: Curriculum, prefix: str) -> QuestionCount:
    quiz, question = row.quiz.removeprefix(prefix), row.question.removeprefix(row.quiz + ".")
    return QuestionCount(curriculum.key, quiz, question, row.asked, row.wrong, row.partly)


def _count(database: Database, curricula: Iterable[Curriculum], now: datetime) -> None:
    with database.reading() as session:
        counted = first_attempts.count(
            session, pass_marks(curricula), now - YEAR, now - RECENT_PERIOD
        )
    with database.transaction() as session:
        quiz_statistics.save_quizzes(session, counted, now)


def pass_marks(curricula: Iterable[Curriculum]) -> dict[Key, float]:
    """What a first try must reach, by every key a quiz has or had."""
    return {
        (curriculum.key, key): quiz.pass_mark
        for curriculum in curricula
        for milestone in curriculum.milestones
        for quiz in milestone.course.quizzes
        for key in (quiz.previously, quiz.key)
        if key
    }


def former_quizzes(curriculum: Curriculum) -> dict[Key, str]:
    """The key each renamed quiz had before, by the key of now."""
    return {
        (curriculum.key, quiz.key): quiz.previously
        for milestone in curriculum.milestones
        for quiz in milestone.course.quizzes
        if quiz.previously
    }


def _since(now: datetime) -> int:
    return int((now - YEAR).timestamp())
