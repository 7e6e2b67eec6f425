"""Reminders to members who work on a milestone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bridge.store.tables.base import BigId, UtcDateTime

revision = "0044"
down_revision: str | None = "0042"

TABLE = "reminder"
INDEX = "ix_reminder_member_id_sent_at"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        TABLE,
        sa.Column("id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("curriculum", sa.String(100), nullable=False),
        sa.Column("milestone", sa.String(100), nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.Column("sent_by", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_reminder_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sqlite_autoincrement=True,
    )
    op.create_index(INDEX, TABLE, ["member_id", "sent_at"])


def downgrade() -> None:
    """Drop the table. Nobody remembers who was reminded."""
    op.drop_index(INDEX, TABLE)
    op.drop_table(TABLE)
