"""Entries of the audit log say which right their content needs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    """Add the column. All earlier entries are for everyone who may read the log."""
    empty = sa.text("''")
    op.add_column("audit", sa.Column("needs", sa.String(40), nullable=False, server_default=empty))


def downgrade() -> None:
    """Drop the column, and clear what the earlier release would show to everyone."""
    op.execute(
        "UPDATE audit SET before = '{}', after = '{}', member_id = NULL, person_id = NULL"
        " WHERE needs <> ''"
    )
    op.execute("UPDATE audit SET actor = 'a member' WHERE needs <> '' AND actor LIKE 'member:%'")
    op.drop_column("audit", "needs")
