"""Drafts and submissions of forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NOT_WITHDRAWN = sa.text("withdrawn_at IS NULL")
PLACE = ["member_id", "form", "subject"]


def upgrade() -> None:
    """Create the tables."""
    _create_drafts()
    _create_submissions()


def _create_drafts() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("form", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_form_draft_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_form_draft"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_form_draft_member_id_form_subject", "form_draft", PLACE, unique=True)
    op.create_index("ix_form_draft_saved_at", "form_draft", ["saved_at"])


def _create_submissions() -> None:
    op.create_table(
        "form_submission",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("form", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_form_submission_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_form_submission"),
        sa.UniqueConstraint("token", name="uq_form_submission_token"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_form_submission_current", "form_submission", PLACE, unique=True,
        sqlite_where=NOT_WITHDRAWN, postgresql_where=NOT_WITHDRAWN,
    )  # fmt: skip
    for columns in (["form", "id"], ["member_id"], ["withdrawn_at"]):
        op.create_index(f"ix_form_submission_{'_'.join(columns)}", "form_submission", columns)


def downgrade() -> None:
    """Delete the tables. All drafts and submissions are lost."""
    op.drop_table("form_submission")
    op.drop_table("form_draft")
