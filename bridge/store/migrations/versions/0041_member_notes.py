"""Notes of the committee about members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision: str | None = "0040"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
TABLE = "member_note"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, primary_key=True),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("written_at", UTC, nullable=False),
        sa.Column("changed_at", UTC),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=f"fk_{TABLE}_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{TABLE}_member_id", TABLE, ["member_id"])


def downgrade() -> None:
    """Drop the table, with the notes."""
    op.drop_table(TABLE)
