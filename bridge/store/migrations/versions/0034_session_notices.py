"""Which notices about sessions were queued, and how far announcing has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision: str | None = "0033"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "session_notice",
        sa.Column("id", ID, primary_key=True),
        sa.Column("session_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("notice", sa.String(20), nullable=False),
        sa.Column("queued_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_session_notice_session_id_person_id_notice", "session_notice",
        ["session_id", "person_id", "notice"], unique=True,
    )  # fmt: skip
    op.create_index("ix_session_notice_person_id", "session_notice", ["person_id"])
    op.create_table(
        "session_announcement",
        sa.Column("session_id", ID, sa.ForeignKey("live_session.id"), nullable=False),
        sa.Column("dated_at", UTC),
        sa.Column("after_member", sa.BigInteger, nullable=False),
        sa.Column("complete_at", UTC),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_announcement"),
    )


def downgrade() -> None:
    op.drop_table("session_announcement")
    op.drop_table("session_notice")
