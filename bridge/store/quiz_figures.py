"""What was last counted of quizzes and their questions: small tables, read by the pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bridge.store.first_tries import Counted
from bridge.store.quiz_tables import QuestionFigure, QuizFigure


@dataclass(frozen=True, slots=True)
class AskedRecord:
    """How often a question was asked in first attempts, and how often it was missed."""

    curriculum: str
    quiz: str
    question: str
    asked: int
    wrong: int
    partly: int


def put_quizzes(session: Session, counted: Iterable[Counted], now: datetime) -> None:
    """What was counted takes the place of everything counted before."""
    session.execute(delete(QuizFigure))
    if rows := [{**asdict(each), "counted_at": now} for each in counted]:
        session.execute(insert(QuizFigure), rows)


def put_questions(session: Session, asked: Iterable[AskedRecord], now: datetime) -> None:
    """What was counted takes the place of everything counted before."""
    session.execute(delete(QuestionFigure))
    if rows := [{**asdict(each), "counted_at": now} for each in asked]:
        session.execute(insert(QuestionFigure), rows)


def quizzes(session: Session, regions: Collection[str] | None) -> list[QuizFigure]:
    """The figures of quizzes in these regions (None: in all). One query."""
    query = select(QuizFigure)
    if regions is not None:
        query = query.where(QuizFigure.region.in_(regions))
    return list(session.scalars(query))


def questions(session: Session, curricula: Collection[str]) -> list[QuestionFigure]:
    """The figures of the questions of these curricula. One query."""
    query = select(QuestionFigure).where(QuestionFigure.curriculum.in_(curricula))
    return list(session.scalars(query))
