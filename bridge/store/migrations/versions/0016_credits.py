"""Credits: sign-offs and other facts that count towards milestones, in one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BATCH = 500
SIGNOFF = sa.table(
    "signoff",
    sa.column("id", ID),
    sa.column("member_id", ID),
    sa.column("requirement", sa.String()),
    sa.column("by_name", sa.String()),
    sa.column("note", sa.Text()),
    sa.column("at", MOMENT),
)
CREDIT = sa.table(
    "credit",
    sa.column("id", ID),
    sa.column("member_id", ID),
    sa.column("curriculum", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("key", sa.String()),
    sa.column("occurred_on", sa.Date()),
    sa.column("valid_until", sa.Date()),
    sa.column("source", sa.String()),
    sa.column("source_id", sa.String()),
    sa.column("evidence", sa.JSON()),
    sa.column("recorded_by", sa.String()),
    sa.column("recorded_at", MOMENT),
    sa.column("withdrawn_at", MOMENT),
    sa.column("withdrawn_by", sa.String()),
    sa.column("withdrawn_reason", sa.Text()),
)


def upgrade() -> None:
    """Move sign-offs into the new table. They still count in every curriculum (curriculum '')."""
    _create_credit()
    rows = op.get_bind().execute(sa.select(SIGNOFF).order_by(SIGNOFF.c.id)).all()
    _insert(CREDIT, [_credit(row) for row in rows])
    op.drop_table("signoff")


def downgrade() -> None:
    """Restore the sign-offs that were not withdrawn. All other credits are lost."""
    _create_signoff()
    signoffs = (CREDIT.c.kind == "signoff", CREDIT.c.withdrawn_at.is_(None))
    rows = op.get_bind().execute(sa.select(CREDIT).where(*signoffs).order_by(CREDIT.c.id)).all()
    first = {(row.member_id, row.key): row for row in reversed(rows)}
    _insert(SIGNOFF, [_signoff(row) for row in reversed(first.values())])
    op.drop_table("credit")


def _insert(table: sa.TableClause, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), BATCH):
        op.get_bind().execute(sa.insert(table), rows[start : start + BATCH])


def _credit(row: sa.Row[Any]) -> dict[str, object]:
    at: datetime = row.at
    return {
        "member_id": row.member_id,
        "curriculum": "",
        "kind": "signoff",
        "key": row.requirement,
        "occurred_on": at.date(),
        "valid_until": None,
        "source": "signoff",
        "source_id": f"{row.member_id}::{row.requirement}#1",
        "evidence": {"by_name": row.by_name, "note": row.note},
        "recorded_by": "",
        "recorded_at": at,
        "withdrawn_at": None,
        "withdrawn_by": "",
        "withdrawn_reason": "",
    }


def _signoff(row: sa.Row[Any]) -> dict[str, object]:
    return {
        "member_id": row.member_id,
        "requirement": row.key,
        "by_name": row.evidence.get("by_name", ""),
        "note": row.evidence.get("note", ""),
        "at": row.recorded_at,
    }


def _create_credit() -> None:
    op.create_table(
        "credit",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.String(length=254), nullable=False),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_credit_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_credit"),
        sa.UniqueConstraint("source", "source_id", name="uq_credit_source_source_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_credit_member_id_kind", "credit", ["member_id", "kind"])


def _create_signoff() -> None:
    op.create_table(
        "signoff",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("requirement", sa.String(length=100), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_signoff_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_signoff"),
        sa.UniqueConstraint("member_id", "requirement", name="uq_signoff_member_id_requirement"),
        sqlite_autoincrement=True,
    )
