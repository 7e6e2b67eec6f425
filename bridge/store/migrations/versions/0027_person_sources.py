"""Who gave us a person's address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision: str | None = "0026"

# Written out here, not imported: a migration must keep its meaning when the models change.
ADDED = "SELECT person_id FROM audit WHERE action IN ('person-added', 'person')"
NAMED = "SELECT person_id FROM mailing_subscription"
SOURCES = (
    ("member", "member_id IS NOT NULL"),
    ("committee", f"id IN ({ADDED} AND person_id IS NOT NULL)"),
    ("settings", f"id IN ({NAMED})"),
    ("self", "proof = ''"),
)
"""The first that fits. Of a confirmed address, it doesn't matter who gave it."""


def upgrade() -> None:
    """Add the column. The audit log names the persons that the committee added or corrected."""
    nobody = sa.text("''")
    source = sa.Column("source", sa.String(20), nullable=False, server_default=nobody)
    op.add_column("person", source)
    for name, condition in SOURCES:
        op.execute(
            f"UPDATE person SET source = '{name}' WHERE source = '' AND {condition}"  # noqa: S608
        )


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("person", "source")
