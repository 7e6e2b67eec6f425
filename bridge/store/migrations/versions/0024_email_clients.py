"""Count emails that a form causes by address and client."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"

TABLES = ("signin_link", "pending_signup")


def upgrade() -> None:
    """Add the column. Links from before count as those of one client."""
    for table in TABLES:
        column = sa.Column("client", sa.String(32), nullable=False, server_default=sa.text("''"))
        op.add_column(table, column)


def downgrade() -> None:
    """Drop the column. The earlier release counts by address alone."""
    for table in TABLES:
        op.drop_column(table, "client")
