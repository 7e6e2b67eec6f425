"""Versions of curriculum files, and the course module of each activity."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class CourseModule(Base):
    """The Moodle course module of an activity: a cache, rebuilt whenever the site is read."""

    __tablename__ = "course_module"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    activity: Mapped[str] = mapped_column(String(100), primary_key=True)
    cmid: Mapped[int] = mapped_column(BigInteger)


class FormerKey(Base):
    """A key of the curricula that was renamed, and the key that came after it.

    `applied`: since an `apply` of the curriculum. Before, the file can still take it back.
    """

    __tablename__ = "former_key"

    curriculum: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    former: Mapped[str] = mapped_column(String(100), primary_key=True)
    current: Mapped[str] = mapped_column(String(100))
    seen_at: Mapped[datetime]
    applied: Mapped[bool]


class QuestionContent(Base):
    """A question that was sent to Moodle, as Moodle XML, by the hash that Moodle keeps of it."""

    __tablename__ = "question_content"

    hash: Mapped[str] = mapped_column(String(40), primary_key=True)
    xml: Mapped[str] = mapped_column(Text)


class CurriculumVersion(Base):
    """The full text of a curriculum file as saved. `file` is relative to the folder."""

    __tablename__ = "curriculum_version"
    __table_args__ = (Index(None, "curriculum", "file", "id"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    curriculum: Mapped[str] = mapped_column(String(100))
    file: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
