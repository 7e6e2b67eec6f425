"""Faster lists: saved statistics, searchable names and open enrolments."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"

# Written out here, not imported: a migration must keep its meaning when the models change.
NAME = sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql")
NEEDS_A_PERSON = sa.text("reason IN ('never', 'configuration')")
OPEN = sa.text("earned_at IS NULL")
BATCH = 1000

EARNED = """
UPDATE enrolment SET earned_at = (
    SELECT at FROM award
    WHERE award.member_id = enrolment.member_id AND award.curriculum = enrolment.curriculum
        AND award.milestone = enrolment.milestone
)
"""


def upgrade() -> None:
    """Add a table, three columns with their values, and indexes."""
    op.create_table(
        "figures",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_figures"),
    )
    for name in ("first_key", "last_key"):
        op.add_column("member", sa.Column(name, NAME, nullable=False, server_default=sa.text("''")))
    _fold_names()
    op.create_index("ix_member_first_key", "member", ["first_key"])
    op.create_index("ix_member_last_key", "member", ["last_key"])
    op.add_column("enrolment", sa.Column("earned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(EARNED)
    _index("ix_enrolment_open", "enrolment", ["id"], OPEN)
    _index("ix_enrolment_open_step", "enrolment", ["curriculum", "milestone", "id"], OPEN)
    _index("ix_delivery_needs_a_person", "delivery", ["id"], NEEDS_A_PERSON)
    op.create_index(
        "ix_award_curriculum_milestone_member_id", "award", ["curriculum", "milestone", "member_id"]
    )
    op.drop_index("ix_award_curriculum_milestone", table_name="award")


def downgrade() -> None:
    """Drop them. Everything can be rebuilt."""
    op.create_index("ix_award_curriculum_milestone", "award", ["curriculum", "milestone"])
    op.drop_index("ix_award_curriculum_milestone_member_id", table_name="award")
    op.drop_index("ix_delivery_needs_a_person", table_name="delivery")
    op.drop_index("ix_enrolment_open_step", table_name="enrolment")
    op.drop_index("ix_enrolment_open", table_name="enrolment")
    op.drop_column("enrolment", "earned_at")
    op.drop_index("ix_member_last_key", table_name="member")
    op.drop_index("ix_member_first_key", table_name="member")
    op.drop_column("member", "last_key")
    op.drop_column("member", "first_key")
    op.drop_table("figures")


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _fold_names() -> None:
    """Fill the name keys of all members."""
    connection, after = op.get_bind(), 0
    read = sa.text(
        "SELECT id, first_name, last_name FROM member WHERE id > :after ORDER BY id LIMIT :most"
    )
    write = sa.text("UPDATE member SET first_key = :first, last_key = :last WHERE id = :id")
    while people := connection.execute(read, {"after": after, "most": BATCH}).all():
        rows = [{"id": n, "first": _folded(f), "last": _folded(last)} for n, f, last in people]
        connection.execute(write, rows)
        after = people[-1][0]


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()[:100]
