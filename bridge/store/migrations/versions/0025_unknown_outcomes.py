"""Count how often an email may have been sent without a reply that said so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"

# Written out here, not imported: a migration must keep its meaning when the models change.
TABLES = ("delivery", "outbox_email")
NAME = "ix_delivery_needs_attention"
OFTEN = "OR (reason = 'later' AND attempts >= 5)"
BEFORE = sa.text(f"reason IN ('never', 'configuration') {OFTEN}")
AFTER = sa.text(f"reason IN ('never', 'configuration', 'unknown') {OFTEN}")


def upgrade() -> None:
    """Add the count, and list emails with an unknown outcome among what needs attention."""
    for table in TABLES:
        none = sa.text("0")
        count = sa.Column("unknown_outcomes", sa.Integer(), nullable=False, server_default=none)
        op.add_column(table, count)
    _index(AFTER)


def downgrade() -> None:
    """The earlier release shows an email that may have been sent as rejected."""
    op.drop_index(NAME, table_name="delivery")
    for table in TABLES:
        op.execute(f"UPDATE {table} SET reason = 'never' WHERE reason = 'unknown'")  # noqa: S608
        op.drop_column(table, "unknown_outcomes")
    op.create_index(NAME, "delivery", ["id"], sqlite_where=BEFORE, postgresql_where=BEFORE)


def _index(where: sa.TextClause) -> None:
    op.drop_index(NAME, table_name="delivery")
    op.create_index(NAME, "delivery", ["id"], sqlite_where=where, postgresql_where=where)
