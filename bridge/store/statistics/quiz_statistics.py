"""Saved statistics of quizzes and questions. Pages read these instead of counting."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bridge.store.statistics.first_attempts import QuizCount
from bridge.store.tables.statistics import QuestionStatistic, QuizStatistic


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How often a question was asked in first attempts, and answered wrong or partly right."""

    curriculum: str
    quiz: str
    question: str
    asked: int
    wrong: int
    partly: int


def save_quizzes(session: Session, counts: Iterable[QuizCount], now: datetime) -> None:
    """Replace the saved statistics."""
    session.execute(delete(QuizStatistic))
    if rows := [{**asdict(each), "counted_at": now} for each in counts]:
        session.execute(insert(QuizStatistic), rows)


def save_questions(session: Session, counts: Iterable[QuestionCount], now: datetime) -> None:
    """Replace the saved statistics."""
    session.execute(delete(QuestionStatistic))
    if rows := [{**asdict(each), "counted_at": now} for each in counts]:
        session.execute(insert(QuestionStatistic), rows)


def load_quiz_statistics(session: Session, regions: Collection[str] | None) -> list[QuizStatistic]:
    """Return the statistics of quizzes in these regions (None means all). One query."""
    query = select(QuizStatistic)
    if regions is not None:
        query = query.where(QuizStatistic.region.in_(regions))
    return list(session.scalars(query))


def load_question_statistics(
    session: Session, curricula: Collection[str]
) -> list[QuestionStatistic]:
    """Return the statistics of questions of these curricula. One query."""
    query = select(QuestionStatistic).where(QuestionStatistic.curriculum.in_(curricula))
    return list(session.scalars(query))
