"""List deliveries that were tried many times with those that need attention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"

# Written out here, not imported: a migration must keep its meaning when the models change.
NAME = "ix_delivery_needs_a_person"
BEFORE = sa.text("reason IN ('never', 'configuration')")
AFTER = sa.text("reason IN ('never', 'configuration') OR (reason = 'later' AND attempts >= 5)")


def upgrade() -> None:
    """Replace the index by one that includes deliveries that are still retried."""
    _index(AFTER)


def downgrade() -> None:
    """Restore the former index."""
    _index(BEFORE)


def _index(where: sa.TextClause) -> None:
    op.drop_index(NAME, table_name="delivery")
    op.create_index(NAME, "delivery", ["id"], sqlite_where=where, postgresql_where=where)
