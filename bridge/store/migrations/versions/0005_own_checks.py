"""Course modules, members' requests to refresh results, and the member of an email."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add two tables and a column."""
    op.create_table(
        "course_module",
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("activity", sa.String(length=100), nullable=False),
        sa.Column("cmid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("curriculum", "activity", name="pk_course_module"),
    )
    op.create_table(
        "recheck",
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("member_id", name="pk_recheck"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_recheck_member_id"),
    )
    op.create_index("ix_recheck_finished_at", "recheck", ["finished_at"])
    op.add_column("letter", sa.Column("member_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_letter_member_id", "letter", ["member_id"])


def downgrade() -> None:
    """Drop them. Open refresh requests are lost; the rest can be rebuilt."""
    op.drop_index("ix_letter_member_id", table_name="letter")
    op.drop_column("letter", "member_id")
    op.drop_table("recheck")
    op.drop_table("course_module")
