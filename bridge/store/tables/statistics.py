"""First attempts at quizzes, and statistics that were counted in advance."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import Base


class FirstAttempt(Base):
    """A member's first attempt at a quiz; `grade` in percent.

    `change_id` is the ID in Moodle's change feed. A later attempt never replaces it.
    """

    __tablename__ = "first_attempt"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(100), primary_key=True)
    grade: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime]
    change_id: Mapped[int] = mapped_column(BigInteger)


class QuizStatistic(Base):
    """First attempts at a quiz by the members of a region in the year before `counted_at`.

    The columns `lately_…` count its last twelve weeks. `quiz` may be a former key.
    """

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
    """How often a question was asked in first attempts, and answered wrong or partly right.

    Counted by Moodle over all regions. It doesn't show anyone's answers.
    """

    __tablename__ = "question_statistic"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(100), primary_key=True)
    question: Mapped[str] = mapped_column(String(100), primary_key=True)
    asked: Mapped[int]
    wrong: Mapped[int]
    partly: Mapped[int]
    counted_at: Mapped[datetime]


class SavedStatistics(Base):
    """Saved counts (see `bridge.store.statistics.summary`), without personal data.

    `seconds`: how long counting took.
    """

    __tablename__ = "saved_statistics"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Double)
    counts: Mapped[dict[str, object]]
