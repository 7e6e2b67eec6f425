"""Roles that are given on the page Team."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision: str | None = "0046"

TABLE = "team_role"
UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(201), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("region", sa.String(100), nullable=False),
        sa.Column("given_by", sa.String(254), nullable=False),
        sa.Column("lineage", sa.JSON, nullable=False),
        sa.Column("given_at", UTC, nullable=False),
        sa.Column("confirmed_by", sa.String(254), nullable=False),
        sa.Column("invited_at", UTC),
        sa.Column("accepted_at", UTC),
        sa.UniqueConstraint("email", "role", "region", name=f"uq_{TABLE}_email_role_region"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the roles: only those in the configuration remain."""
    op.drop_table(TABLE)
