"""Badges wait for the companion plugin; accounts wait for their language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"


def upgrade() -> None:
    """Queue again what failed because the plugin was missing, and add the language."""
    op.execute(
        "UPDATE delivery SET state = 'owed', reason = 'companion', attempts = 0, last_error = '' "
        "WHERE kind IN ('badge', 'badge-revoke') AND state = 'failed' AND reason = 'never' "
        "AND last_error LIKE 'badges need the companion plugin.%'"
    )
    op.add_column("member", sa.Column("missing_language", sa.String(10), nullable=True))


def downgrade() -> None:
    """The earlier release retries the badges, and forgets which languages are missing."""
    op.execute("UPDATE delivery SET reason = '' WHERE reason = 'companion'")
    op.drop_column("member", "missing_language")
