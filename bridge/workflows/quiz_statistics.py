"""Updates the quiz statistics: quizzes that many fail at first, and questions that many miss.

They are counted in advance, so that no page has to count a row for each member and quiz.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Literal

from bridge.curriculum.former_keys import all_keys, former_keys
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
from bridge.store.statistics.first_attempts import FirstAttemptRecord, QuizKey
from bridge.store.statistics.quiz_statistics import QuestionCount
from bridge.workflows.results.pull import FEED_CURSOR

COUNTED_CURSOR = "quizzes-counted"
"""Its value is the last row of the change feed that the statistics include."""
READ_CURSOR = "quizzes-read"
"""Its value is when all first attempts were last read from Moodle, in Unix seconds."""
ATTEMPT_BATCH_SIZE = 250
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
RECENT_PERIOD = timedelta(weeks=12)

DueCheck = Literal["", "changes", "everything"]


@dataclass(frozen=True, slots=True)
class QuizStatisticsResult:
    """`tries`: first attempts that the feed had missed; `questions`: how many have been asked."""

    tries: int = 0
    questions: int = 0


def is_due(database: Database, now: datetime) -> DueCheck:
    """What to update: "" if nothing has changed, "everything" once a day."""
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
    """Count the first attempts of the last year, and read how their questions went: one call a
    course.

    With `everything`, first read the attempts that the feed missed: one call for each 1,000 of a
    course. Without the companion there is nothing to read. Raises MoodleError; the stored attempts
    are counted even then.
    """
    curricula = tuple(curricula)
    with database.reading() as session:
        position = cursors.get(session, FEED_CURSOR).value
    tries, questions = 0, list[QuestionCount]()
    try:
        for curriculum, course in _courses(site, curricula):
            tries += _read_attempts(database, moodle, curriculum, course, now) if everything else 0
            questions += _read_questions(moodle, curriculum, course, now)
    finally:
        _count_quizzes(database, curricula, now)
    with database.transaction() as session:
        quiz_statistics.save_questions(session, questions, now)
        cursors.put(session, COUNTED_CURSOR, Cursor(position), now)
        if everything:
            cursors.put(session, READ_CURSOR, Cursor(int(now.timestamp())), now)
    return QuizStatisticsResult(tries, len(questions))


def _courses(site: Site, curricula: Iterable[Curriculum]) -> Iterator[tuple[Curriculum, int]]:
    """The courses' ids in Moodle. None without the companion, which reports attempts."""
    for curriculum in curricula if site.way == "companion" else ():
        ids = site.look_up(curriculum.key)
        for milestone in curriculum.milestones:
            course = ids.get(("course", idnumber(curriculum.key, milestone.key)))
            if course is not None:
                yield curriculum, course


def _read_attempts(
    database: Database, moodle: Moodle, curriculum: Curriculum, course: int, now: datetime
) -> int:
    """Store few rows in one transaction. None is open during a call to Moodle."""
    added, former = 0, former_quizzes(curriculum)
    pages = change_feed.first_attempts(moodle, course, _year_ago(now))
    rows = (row for page in pages for row in page.tries)
    while part := list(islice(rows, ATTEMPT_BATCH_SIZE)):
        with database.transaction() as session:
            known = members_by_moodle_ids(session, {row.userid for row in part})
            records = list(_records(part, known, curriculum))
            added += first_attempts.add_missing_attempts(session, records, former)
    return added


def _records(
    rows: Iterable[FirstAttemptRow], known: Mapping[int, int], curriculum: Curriculum
) -> Iterator[FirstAttemptRecord]:
    prefix = curriculum_prefix(curriculum.key)
    for row in rows:
        if row.userid in known and row.idnumber.startswith(prefix):
            quiz = row.idnumber.removeprefix(prefix)
            at = datetime.fromtimestamp(row.time, UTC)
            yield FirstAttemptRecord(known[row.userid], curriculum.key, quiz, row.grade, at, 0)


def _read_questions(
    moodle: Moodle, curriculum: Curriculum, course: int, now: datetime
) -> Iterator[QuestionCount]:
    prefix = curriculum_prefix(curriculum.key)
    for row in change_feed.missed_questions(moodle, course, _year_ago(now)).questions:
        if row.quiz.startswith(prefix) and row.question.startswith(row.quiz + "."):
            yield _question_count(row, curriculum, prefix)


def _question_count(row: MissedQuestion, curriculum: Curriculum, prefix: str) -> QuestionCount:
    quiz, question = row.quiz.removeprefix(prefix), row.question.removeprefix(row.quiz + ".")
    return QuestionCount(curriculum.key, quiz, question, row.asked, row.wrong, row.partly)


def _count_quizzes(database: Database, curricula: Iterable[Curriculum], now: datetime) -> None:
    with database.reading() as session:
        counted = first_attempts.count_first_attempts(
            session, pass_marks(curricula), now - YEAR, now - RECENT_PERIOD
        )
    with database.transaction() as session:
        quiz_statistics.save_quizzes(session, counted, now)


def pass_marks(curricula: Iterable[Curriculum]) -> dict[QuizKey, float]:
    """The pass mark of each quiz, by its current key and its former ones."""
    return {
        (curriculum.key, key): quiz.pass_mark
        for curriculum in curricula
        for milestone in curriculum.milestones
        for quiz in milestone.course.quizzes
        for key in reversed(all_keys(quiz))
    }


def former_quizzes(curriculum: Curriculum) -> dict[QuizKey, tuple[str, ...]]:
    """The former keys of each renamed quiz, by its current key."""
    return {
        (curriculum.key, quiz.key): former_keys(quiz)
        for milestone in curriculum.milestones
        for quiz in milestone.course.quizzes
        if former_keys(quiz)
    }


def _year_ago(now: datetime) -> int:
    return int((now - YEAR).timestamp())
