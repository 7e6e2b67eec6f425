"""Links to unsubscribe that survive a merge, and renames that the files don't say any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision: str | None = "0031"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add two tables. Emails of a mailing no longer wait for each other."""
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
    op.create_table(
        "former_key",
        sa.Column("curriculum", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("former", sa.String(100), nullable=False),
        sa.Column("current", sa.String(100), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("curriculum", "kind", "former", name="pk_former_key"),
    )
    op.execute(
        "UPDATE outbox_email SET subject = subject || ':' || id WHERE subject LIKE 'mailing:%'"
    )


def downgrade() -> None:
    """Drop them. Links of merged entries stop working, and chains of renames are forgotten."""
    op.drop_table("former_key")
    op.drop_table("former_mailing_token")
