"""Live sessions, their leaders, registrations and attendance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision: str | None = "0028"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
LOCAL = sa.DateTime(timezone=False)
EARLIER_FIRST = ("session_attendance", "session_registration_change", "session_registration",
                 "session_leader", "live_session")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "live_session",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(60), nullable=False),
        *(sa.Column(name, sa.String(size), nullable=False)
          for name, size in (("curriculum", 30), ("topic", 28), ("part", 28), ("state", 12))),
        sa.Column("starts", LOCAL, nullable=False),
        sa.Column("ends", LOCAL, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts_at", UTC, nullable=False),
        sa.Column("ends_at", UTC, nullable=False),
        sa.Column("online", sa.Boolean, nullable=False),
        sa.Column("in_person", sa.Boolean, nullable=False),
        sa.Column("seats_online", sa.Integer),
        sa.Column("seats_room", sa.Integer),
        sa.Column("link", sa.String(1000), nullable=False),
        sa.Column("room", sa.String(200), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("materials", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("imported", sa.JSON, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sa.UniqueConstraint("key", name="uq_live_session_key"),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_live_session_starts_at", "live_session", ["starts_at"])
    op.create_index("ix_live_session_curriculum_topic", "live_session", ["curriculum", "topic"])
    op.create_table(
        "session_leader",
        _session(primary_key=True),
        _person(primary_key=True),
        sa.PrimaryKeyConstraint("session_id", "person_id", name="pk_session_leader"),
    )
    op.create_index("ix_session_leader_person_id", "session_leader", ["person_id"])
    _create_registrations()
    _create_attendance()


def downgrade() -> None:
    for table in EARLIER_FIRST:
        op.drop_table(table)


def _create_registrations() -> None:
    op.create_table(
        "session_registration",
        sa.Column("id", ID, primary_key=True),
        _session(),
        _person(),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("joined_at", UTC),
        sa.Column("created_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )
    table = "session_registration"
    op.create_index(
        f"ix_{table}_session_id_person_id", table, ["session_id", "person_id"], unique=True
    )
    op.create_index(
        f"ix_{table}_queue", table, ["session_id", "format", "state", "position"]
    )  # fmt: skip
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    registration = sa.ForeignKey(
        f"{table}.id", name=f"fk_{table}_change_registration_id", ondelete="CASCADE"
    )
    op.create_table(
        f"{table}_change",
        sa.Column("id", ID, primary_key=True),
        sa.Column("registration_id", ID, registration, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_change_registration_id", f"{table}_change", ["registration_id"])


def _create_attendance() -> None:
    op.create_table(
        "session_attendance",
        sa.Column("id", ID, primary_key=True),
        _session(),
        _person(),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("attended", sa.Boolean, nullable=False),
        sa.Column("minutes", sa.Integer),
        sa.Column("recorded_by", sa.String(300), nullable=False),
        sa.Column("recorded_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )
    table, key = "session_attendance", ["session_id", "person_id", "source"]
    op.create_index(f"ix_{table}_session_id_person_id_source", table, key, unique=True)
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])


def _session(*, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("live_session.id")
    return sa.Column("session_id", ID, key, nullable=False, primary_key=primary_key)


def _person(*, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("person.id")
    return sa.Column("person_id", ID, key, nullable=False, primary_key=primary_key)
