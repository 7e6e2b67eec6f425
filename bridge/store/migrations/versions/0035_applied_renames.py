"""Renames that no `apply` has seen yet can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision: str | None = "0034"


def upgrade() -> None:
    """Nobody knows which of the renames so far were applied: they stay remembered."""
    applied: sa.Column[bool] = sa.Column(
        "applied", sa.Boolean(), nullable=False, server_default=sa.true()
    )
    with op.batch_alter_table("former_key") as table:
        table.add_column(applied)
    with op.batch_alter_table("former_key") as table:
        table.alter_column("applied", server_default=None)


def downgrade() -> None:
    """All of them stay remembered."""
    with op.batch_alter_table("former_key") as table:
        table.drop_column("applied")
