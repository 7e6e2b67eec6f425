"""Member numbers for comparing, and questions about numbers that may be one member's."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision: str | None = "0029"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNANSWERED = sa.text("answer = ''")
BATCH = 1000


def upgrade() -> None:
    """Add a column with its values, an index, and a table with two indexes."""
    key = sa.Column("number_key", sa.String(100), nullable=False, server_default=sa.text("''"))
    op.add_column("member", key)
    _fill_keys()
    op.create_index("ix_member_number_key", "member", ["number_key"])
    op.create_table(
        "number_question",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.String(length=254), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_number_question_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_number_question"),
        sa.UniqueConstraint("member_id", "number", name="uq_number_question_member_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_number_question_open", "number_question", ["id"],
        sqlite_where=UNANSWERED, postgresql_where=UNANSWERED,
    )  # fmt: skip
    op.create_index("ix_number_question_number", "number_question", ["number"])


def downgrade() -> None:
    """Drop them. The answers are lost: the earlier release treats each number as a member's."""
    op.drop_table("number_question")
    op.drop_index("ix_member_number_key", table_name="member")
    op.drop_column("member", "number_key")


def _fill_keys() -> None:
    connection, after = op.get_bind(), 0
    read = sa.text(
        "SELECT id, number FROM member WHERE id > :after AND number IS NOT NULL"
        " ORDER BY id LIMIT :most"
    )
    write = sa.text("UPDATE member SET number_key = :key WHERE id = :id")
    while members := connection.execute(read, {"after": after, "most": BATCH}).all():
        connection.execute(write, [{"id": id_, "key": _key(number)} for id_, number in members])
        after = members[-1][0]


def _key(number: str) -> str:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).casefold())
    plain = "".join(_digit(each) for each in text if not each.isspace())
    joined = re.sub(r"[\W_]+", "-", plain).strip("-")
    return re.sub(r"(?<!\d)0+(?=\d)", "", joined)[:100].strip("-")


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
