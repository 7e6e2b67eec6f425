"""First attempts at quizzes, and statistics of quizzes and questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add three tables, which fill as attempts are read and counted."""
    op.create_table(
        "first_try",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("quiz", sa.String(length=100), nullable=False),
        sa.Column("grade", sa.Double(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_first_try_member_id"),
        sa.PrimaryKeyConstraint("member_id", "curriculum", "quiz", name="pk_first_try"),
    )
    op.create_table(
        "quiz_figure",
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("quiz", sa.String(length=100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("lately_tries", sa.Integer(), nullable=False),
        sa.Column("lately_failed", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "curriculum", "quiz", name="pk_quiz_figure"),
    )
    op.create_table(
        "question_figure",
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("quiz", sa.String(length=100), nullable=False),
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("curriculum", "quiz", "question", name="pk_question_figure"),
    )


def downgrade() -> None:
    """Drop them. Moodle still has the attempts."""
    op.drop_table("question_figure")
    op.drop_table("quiz_figure")
    op.drop_table("first_try")
