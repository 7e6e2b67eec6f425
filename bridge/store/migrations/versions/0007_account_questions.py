"""Questions about Moodle accounts, and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNANSWERED = sa.text("answer = ''")


def upgrade() -> None:
    """Add a table with two indexes."""
    op.create_table(
        "account_question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("moodle_user_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_email", sa.String(length=254), nullable=False),
        sa.Column("account_number", sa.String(length=255), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.String(length=254), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("moved_from", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account_question"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_account_question_member_id"),
        sa.UniqueConstraint(
            "member_id", "moodle_user_id", name="uq_account_question_member_id_moodle_user_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_account_question_open",
        "account_question",
        ["id"],
        sqlite_where=UNANSWERED,
        postgresql_where=UNANSWERED,
    )
    op.create_index("ix_account_question_moodle_user_id", "account_question", ["moodle_user_id"])


def downgrade() -> None:
    """Drop the table. All answers are lost."""
    op.drop_table("account_question")
