"""An index to list the members with a status, such as those who left."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision: str | None = "0018"


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_member_status_id", "member", ["status", "id"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_member_status_id", "member")
