"""Filters of list pages that someone saved, and who gets a report by email."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bridge.store.tables.base import NO_REUSE, BigId
from bridge.store.tables.base import Base as Base


class SavedFilter(Base):
    """A filter of a list page. Addresses are in lower case.

    `page`: the page's endpoint. `chosen`: the values of its filters, as parameters. `shared`: with
    the committee. `version`: rises with every change by a person. `every`: weekly, monthly, or ''
    if it isn't emailed; `day`: of the week (1 is Monday) or of the month. `done_on`: the day of
    the schedule that was dealt with last. `sent_at`: when it was last emailed. `stopped_because`:
    see `bridge.store.saved_filters.filters`.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index(None, "page"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    page: Mapped[str] = mapped_column(String(100))
    chosen: Mapped[dict[str, object]]
    owner: Mapped[str] = mapped_column(String(254))
    shared: Mapped[bool]
    saved_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int]
    every: Mapped[str] = mapped_column(String(10))
    day: Mapped[int]
    done_on: Mapped[date | None]
    sent_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[str] = mapped_column(String(20))


class SavedFilterRecipient(Base):
    """Someone who gets a report by email. `left_out`: why they got none the last time, or ''."""

    __tablename__ = "saved_filter_recipient"
    __table_args__ = (UniqueConstraint("filter_id", "email"), Index(None, "email"), NO_REUSE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    filter_id: Mapped[int] = mapped_column(ForeignKey("saved_filter.id"))
    email: Mapped[str] = mapped_column(String(254))
    added_by: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    left_out: Mapped[str] = mapped_column(String(20))
