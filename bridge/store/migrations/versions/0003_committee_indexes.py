"""Indexes for the committee's lists: members by region and date, audit entries by action."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_member_region_id", "member", ["region", "id"])
    op.create_index("ix_member_created_at", "member", ["created_at"])
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_audit_action_id", table_name="audit")
    op.drop_index("ix_member_created_at", table_name="member")
    op.drop_index("ix_member_region_id", table_name="member")
