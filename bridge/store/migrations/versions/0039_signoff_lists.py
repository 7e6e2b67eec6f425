"""Lists of sign-offs that were recorded together, and awards to decide about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision: str | None = "0037"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
BATCH, DECISION, OPEN = "signoff_batch", "award_decision", sa.text("decided_at IS NULL")
RECORDED = sa.text("batch_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        BATCH,
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("curriculum", sa.String(100), nullable=False),
        sa.Column("requirement", sa.String(100), nullable=False),
        sa.Column("occurred_on", sa.Date, nullable=False),
        sa.Column("recorded_at", UTC, nullable=False),
        sa.Column("undone_at", UTC),
        sa.UniqueConstraint("key", name=f"uq_{BATCH}_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        DECISION,
        sa.Column("id", ID, primary_key=True),
        sa.Column("award_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("about", sa.String(130), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("raised_by", sa.String(254), nullable=False),
        sa.Column("raised_at", UTC, nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("decided_by", sa.String(254), nullable=False),
        sa.Column("decided_at", UTC),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=f"fk_{DECISION}_award_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=f"fk_{DECISION}_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        f"uq_{DECISION}_open", DECISION, ["award_id"], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index(f"ix_{DECISION}_member_id", DECISION, ["member_id"])
    op.add_column("credit", sa.Column("batch_id", sa.BigInteger))
    op.create_index(
        "ix_credit_batch_id", "credit", ["batch_id"],
        sqlite_where=RECORDED, postgresql_where=RECORDED,
    )  # fmt: skip


def downgrade() -> None:
    """Drop them. Sign-offs and awards stay; the open decisions and the notes are lost."""
    op.drop_index("ix_credit_batch_id", table_name="credit")
    op.drop_column("credit", "batch_id")
    op.drop_table(DECISION)
    op.drop_table(BATCH)
