"""Emails and forms that only people with a right see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision: str | None = "0027"

# Written out here, not imported: a migration must keep its meaning when the models change.
TABLES = ("outbox_email", "form_draft", "form_submission")


def upgrade() -> None:
    """Add the columns. Nothing before was confidential."""
    for table in TABLES:
        none = sa.text("''")
        needs = sa.Column("needs", sa.String(40), nullable=False, server_default=none)
        op.add_column(table, needs)


def downgrade() -> None:
    """The earlier release shows everything to the committee: what is confidential is deleted."""
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE needs <> ''")  # noqa: S608
        op.drop_column(table, "needs")
