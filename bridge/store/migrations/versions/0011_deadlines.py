"""Deadlines and reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
FOR_NOBODY = sa.text("member_id IS NULL")
FOR_MEMBER = sa.text("member_id IS NOT NULL")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "due",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("local_time", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("skip_holidays", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("late_seconds", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(200), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_due_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_due_member", "due", ["kind", "subject", "member_id"], unique=True,
        sqlite_where=FOR_MEMBER, postgresql_where=FOR_MEMBER,
    )  # fmt: skip
    op.create_index(
        "uq_due_nobody", "due", ["kind", "subject"], unique=True,
        sqlite_where=FOR_NOBODY, postgresql_where=FOR_NOBODY,
    )  # fmt: skip
    op.create_index("ix_due_member_id", "due", ["member_id"])
    op.create_index("ix_due_state_zone_local_time", "due", ["state", "zone", "local_time"])


def downgrade() -> None:
    """Delete the table. All deadlines are lost."""
    op.drop_table("due")
