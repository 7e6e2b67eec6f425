"""Which sessions Moodle's calendar has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision: str | None = "0036"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session_moodle_event",
        sa.Column(
            "session_id", ID,
            sa.ForeignKey("live_session.id", name="fk_session_moodle_event_session_id"),
            nullable=False,
        ),
        sa.Column("course", sa.String(100), nullable=False),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "course", name="pk_session_moodle_event"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("session_moodle_event")
