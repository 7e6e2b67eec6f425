"""Links to unsubscribe that survive a merge, and emails of a mailing with subjects of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0029"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add a table. Emails of a mailing no longer wait for each other."""
    op.create_table(
        "former_mailing_token",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("mailing", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_former_mailing_token"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_former_mailing_token_person_id"
        ),
    )
    op.create_index("ix_former_mailing_token_person_id", "former_mailing_token", ["person_id"])
    op.execute(
        "UPDATE outbox_email SET subject = subject || ':' || id WHERE subject LIKE 'mailing:%'"
    )


def downgrade() -> None:
    """Drop it. Links of merged entries stop working."""
    op.drop_table("former_mailing_token")
