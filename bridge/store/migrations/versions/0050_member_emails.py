"""Emails that the committee writes to many members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision: str | None = "0049"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
EMAIL, RECIPIENT = "member_email", "member_email_recipient"
INDEXES = (
    ("ix_member_email_state", EMAIL, ["state"], False),
    ("ix_member_email_recipient_member_email_id_member_id", RECIPIENT,
     ["member_email_id", "member_id"], True),
    ("ix_member_email_recipient_member_id", RECIPIENT, ["member_id"], False),
)  # fmt: skip


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        EMAIL,
        sa.Column("id", ID, primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("reply_to", sa.String(254), nullable=False),
        sa.Column("filters", sa.JSON, nullable=False),
        sa.Column("previewed", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(254), nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sa.Column("sent_by", sa.String(254), nullable=False),
        sa.Column("sent_at", UTC),
        sqlite_autoincrement=True,
    )
    op.create_table(
        RECIPIENT,
        sa.Column("id", ID, primary_key=True),
        sa.Column("member_email_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("outbox_id", sa.BigInteger),
        sa.Column("skipped", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_email_id"], ["member_email.id"],
            name="fk_member_email_recipient_member_email_id",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_member_email_recipient_member_id"
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    for name, table, columns, unique in INDEXES:
        op.create_index(name, table, columns, unique=unique)


def downgrade() -> None:
    """Drop the tables. What is in the outbox is sent; the rest isn't."""
    for name, table, _columns, _unique in INDEXES:
        op.drop_index(name, table)
    op.drop_table(RECIPIENT)
    op.drop_table(EMAIL)
