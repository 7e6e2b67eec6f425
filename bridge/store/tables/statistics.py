"""The tables behind what to rewrite: first tries at quizzes, and what was counted of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import Base


class FirstAttempt(Base):
    """How a member's first attempt at a quiz ended; `grade` in per cent.

    `change_id` is the id in Moodle's change feed. Never replaced by a later attempt.
    """

    __tablename__ = "first_attempt"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(100), primary_key=True)
    grade: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime]
    change_id: Mapped[int] = mapped_column(BigInteger)


class QuizStatistic(Base):
    """First tries at a quiz by the members of a region, of the year before `counted_at`;
    `lately` those of its last twelve weeks. `quiz` may be a former key."""

    __tablename__ = "quiz_statistic"

    region: Mapped[str] = mapped_column(String(40), primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(100), primary_key=True)
    tries: Mapped[int]
    failed: Mapped[int]
    lately_tries: Mapped[int]
    lately_failed: Mapped[int]
    counted_at: Mapped[datetime]


class QuestionStatistic(Base):
    """How a question went in first attempts, as Moodle counted them over all regions: asked so
    often, and of these wrong or partly right. Nobody's answers can be told from it."""

    __tablename__ = "question_statistic"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(100), primary_key=True)
    question: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked: Mapped[int]
    wrong: Mapped[int]
    partly: Mapped[int]
    counted_at: Mapped[datetime]


class SavedStatistics(Base):
    """Saved counts (see `bridge.store.statistics.summary`); no personal data.

    `seconds`: how long the counting took.
    """

    __tablename__ = "saved_statistics"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Double)
    counts: Mapped[dict[str, object]]
