"""Emails with a key: queued once, sent in order, with an attachment; unsubscribing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HAS_KEY = sa.text("person_id IS NOT NULL")
EMPTY, ZERO = sa.text("''"), sa.text("0")


def upgrade() -> None:
    """Add columns, an index and a table. Emails from before have no key."""
    for column in _columns():
        op.add_column("outbox_email", column)
    op.create_index(
        "uq_outbox_email_key", "outbox_email", ["person_id", "subject", "revision", "kind"],
        unique=True, sqlite_where=HAS_KEY, postgresql_where=HAS_KEY,
    )  # fmt: skip
    op.create_table(
        "mailing_subscription",
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("mailing", sa.String(40), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("unsubscribed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", "mailing", name="pk_mailing_subscription"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_mailing_subscription_person_id"
        ),
        sa.UniqueConstraint("token", name="uq_mailing_subscription_token"),
    )


def downgrade() -> None:
    """Drop them. Emails lose their keys and attachments."""
    op.drop_table("mailing_subscription")
    op.drop_index("uq_outbox_email_key", "outbox_email")
    for column in reversed(_columns()):
        op.drop_column("outbox_email", column.name)


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(200), nullable=False, server_default=EMPTY),
        sa.Column("revision", sa.BigInteger(), nullable=False, server_default=ZERO),
        sa.Column("attachment_name", sa.String(100), nullable=False, server_default=EMPTY),
        sa.Column("attachment_type", sa.String(100), nullable=False, server_default=EMPTY),
        sa.Column("attachment", sa.LargeBinary(), nullable=True),
    )
