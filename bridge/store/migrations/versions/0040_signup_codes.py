"""Confirm a sign-up with a code, in the browser with the form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision: str | None = "0039"

TABLE = "pending_signup"
INDEX = "ix_pending_signup_browser"


def upgrade() -> None:
    """Add the columns. Sign-ups from before have no code, only their link."""
    nothing = sa.text("''")
    for name in ("browser", "code"):
        column = sa.Column(name, sa.String(64), nullable=False, server_default=nothing)
        op.add_column(TABLE, column)
    wrong = sa.Column("wrong_codes", sa.Integer, nullable=False, server_default=sa.text("0"))
    op.add_column(TABLE, wrong)
    op.create_index(INDEX, TABLE, ["browser"])


def downgrade() -> None:
    """Drop the columns. The links that were sent still work."""
    op.drop_index(INDEX, TABLE)
    for name in ("wrong_codes", "code", "browser"):
        op.drop_column(TABLE, name)
