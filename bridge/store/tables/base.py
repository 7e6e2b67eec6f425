"""What all tables share: constraint names, ID types and times in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BigId = BigInteger().with_variant(Integer(), "sqlite")
# Sorted by code point on both databases, so that a prefix search can use an index.
NameKey = String(100).with_variant(String(100, collation="C"), "postgresql")
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
# IDs are never reused: an audit entry must not point at a different member later.
NO_REUSE = {"sqlite_autoincrement": True}


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: accepts any time zone, returns UTC, refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert to UTC. Raises ValueError for a time without a time zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("cannot store a time without a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Add the time zone: SQLite stores none, and all stored times are in UTC."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        datetime: UtcDateTime,
        dict[str, object]: JSON,
        list[str]: JSON,
        list[tuple[int, str]]: JSON,
    }
