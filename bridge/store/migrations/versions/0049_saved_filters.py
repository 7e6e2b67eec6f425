"""Saved filters of list pages, and who gets a report by email."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision: str | None = "0048"

FILTERS, RECIPIENTS = "saved_filter", "saved_filter_recipient"
UTC = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        FILTERS,
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("chosen", sa.JSON, nullable=False),
        sa.Column("owner", sa.String(254), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("saved_at", UTC, nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("every", sa.String(10), nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("sent_at", UTC),
        sa.Column("stopped_at", UTC),
        sa.Column("stopped_because", sa.String(20), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{FILTERS}_page", FILTERS, ["page"])
    op.create_table(
        RECIPIENTS,
        sa.Column("id", ID, primary_key=True),
        sa.Column("filter_id", ID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("added_by", sa.String(254), nullable=False),
        sa.Column("added_at", UTC, nullable=False),
        sa.Column("sent_at", UTC),
        sa.Column("left_out", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"], [f"{FILTERS}.id"], name=f"fk_{RECIPIENTS}_filter_id"
        ),
        sa.UniqueConstraint("filter_id", "email", name=f"uq_{RECIPIENTS}_filter_id_email"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{RECIPIENTS}_email", RECIPIENTS, ["email"])


def downgrade() -> None:
    """Remove the saved filters, and with them the reports by email."""
    op.drop_table(RECIPIENTS)
    op.drop_table(FILTERS)
