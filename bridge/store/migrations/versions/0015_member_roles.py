"""A member can hold several roles: each becomes a row, with scope, dates and source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MEMBER = sa.table(
    "member", sa.column("id", BIG_ID), sa.column("role", sa.String()),
    sa.column("role_since", sa.Date()),
)  # fmt: skip
ROLE = sa.table(
    "member_role", sa.column("member_id", BIG_ID), sa.column("role", sa.String()),
    sa.column("since", sa.Date()), sa.column("until", sa.Date()),
)  # fmt: skip
# A role that a person set last stays theirs; the membership system owns all others.
MOVE = """
INSERT INTO member_role (member_id, role, region, unit, program, since, until, source)
SELECT id, role, '', '', '', role_since, NULL,
    CASE WHEN EXISTS (
        SELECT 1 FROM audit WHERE audit.member_id = member.id AND audit.action = 'role'
    ) THEN 'page' ELSE source END
FROM member WHERE role <> ''
"""


def upgrade() -> None:
    """Add a table, move the role of each member to it, and drop the two columns."""
    op.create_table(
        "member_role",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member_role"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_member_role_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_member_role_member_id", "member_role", ["member_id"])
    op.execute(MOVE)
    op.drop_column("member", "role")
    op.drop_column("member", "role_since")


def downgrade() -> None:
    """Keep one role of each member: of those without an end, the one that began last."""
    op.add_column(
        "member", sa.Column("role", sa.String(40), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("member", sa.Column("role_since", sa.Date(), nullable=True))
    connection = op.get_bind()
    rows = connection.execute(sa.select(ROLE).where(ROLE.c.until.is_(None)).order_by(ROLE.c.since))
    unknown_first = sorted(rows.all(), key=lambda row: row.since is not None)
    for row in unknown_first:
        chosen = sa.update(MEMBER).where(MEMBER.c.id == row.member_id)
        connection.execute(chosen.values(role=row.role, role_since=row.since))
    op.drop_table("member_role")
