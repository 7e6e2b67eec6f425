"""The questions that were sent to Moodle, to show what a plan changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "question_content",
        sa.Column("hash", sa.String(40), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_question_content"),
    )


def downgrade() -> None:
    """Drop the table. Plans then say only that a question has changed."""
    op.drop_table("question_content")
