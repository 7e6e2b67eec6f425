"""What a delivery was done to, what Moodle's profiles were given, and where Moodle differs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("answer = ''")
PROFILE = {"profile_first_name": 100, "profile_last_name": 100, "profile_email": 254}


def upgrade() -> None:
    """Add the columns, empty, and the table."""
    for name in ("object_id", "account_id"):
        op.add_column("delivery", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index("ix_delivery_kind_target", "delivery", ["kind", "target"])
    for name, length in PROFILE.items():
        op.add_column("member", sa.Column(name, sa.String(length), nullable=True))
    op.create_table(
        "moodle_difference",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("answered_by", sa.String(254), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_moodle_difference_member_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_moodle_difference"),
        sa.UniqueConstraint("delivery_id", name="uq_moodle_difference_delivery_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_moodle_difference_member_id", "moodle_difference", ["member_id"])
    op.create_index(
        "ix_moodle_difference_open", "moodle_difference", ["id"],
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    """Drop them. Answers are lost; what differs is found again by the next check."""
    op.execute("DELETE FROM delivery WHERE kind = 'profile'")
    op.drop_table("moodle_difference")
    for name in PROFILE:
        op.drop_column("member", name)
    op.drop_index("ix_delivery_kind_target", table_name="delivery")
    for name in ("object_id", "account_id"):
        op.drop_column("delivery", name)
