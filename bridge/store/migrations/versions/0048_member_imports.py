"""Member files that were uploaded on a page: their rows, and what recording them changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision: str | None = "0047"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
IMPORT, ROW = "member_import", "member_import_row"


def upgrade() -> None:
    _create_imports()
    _create_rows()


def _create_imports() -> None:
    op.create_table(
        IMPORT,
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("heading", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("sent_by", sa.String(254), nullable=False),
        sa.Column("sent_at", UTC, nullable=False),
        sa.Column("recorded_by", sa.String(254), nullable=False),
        sa.Column("recorded_at", UTC),
        sa.Column("undone_by", sa.String(254), nullable=False),
        sa.Column("undone_at", UTC),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("rows_deleted_at", UTC),
        sa.UniqueConstraint("key", name=f"uq_{IMPORT}_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{IMPORT}_sent_at", IMPORT, ["sent_at"])


def _create_rows() -> None:
    op.create_table(
        ROW,
        sa.Column("id", ID, primary_key=True),
        sa.Column("import_id", ID, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("member_id", ID),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("cells", sa.JSON, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.Column("undo", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], [f"{IMPORT}.id"], name=f"fk_{ROW}_import_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=f"fk_{ROW}_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{ROW}_import_id_id", ROW, ["import_id", "id"])
    op.create_index(f"ix_{ROW}_member_id", ROW, ["member_id"])
    op.create_index(f"ix_{ROW}_email_key", ROW, ["email_key"])


def downgrade() -> None:
    """Drop them. What was imported stays; it can't be undone together any more."""
    op.drop_table(ROW)
    op.drop_table(IMPORT)
