"""Changes of many members that were made together: who, and what was there before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision: str | None = "0041"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
BATCH, LINE = "member_batch", "member_batch_line"


def upgrade() -> None:
    op.create_table(
        BATCH,
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("recorded_by", sa.String(254), nullable=False),
        sa.Column("recorded_at", UTC, nullable=False),
        sa.Column("undone_by", sa.String(254), nullable=False),
        sa.Column("undone_at", UTC),
        sa.UniqueConstraint("key", name=f"uq_{BATCH}_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        LINE,
        sa.Column("id", ID, primary_key=True),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("row_id", sa.BigInteger),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sa.Column("undone", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], [f"{BATCH}.id"], name=f"fk_{LINE}_batch_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=f"fk_{LINE}_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{LINE}_batch_id", LINE, ["batch_id"])
    op.create_index(f"ix_{LINE}_member_id", LINE, ["member_id"])


def downgrade() -> None:
    """Drop them. What was changed stays; it can't be undone together any more."""
    op.drop_table(LINE)
    op.drop_table(BATCH)
