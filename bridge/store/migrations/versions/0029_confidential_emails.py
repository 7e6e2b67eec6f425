"""Emails about something confidential."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision: str | None = "0028"


def upgrade() -> None:
    """Add the column. No email before was confidential."""
    none = sa.text("''")
    needs = sa.Column("needs", sa.String(40), nullable=False, server_default=none)
    op.add_column("outbox_email", needs)


def downgrade() -> None:
    """The earlier release shows everything to the committee, so confidential emails are deleted."""
    op.execute("DELETE FROM outbox_email WHERE needs <> ''")
    op.drop_column("outbox_email", "needs")
