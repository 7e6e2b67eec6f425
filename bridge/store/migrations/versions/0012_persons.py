"""Persons and their personal links; audit entries may be about a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME_KEY = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
NO_MEMBER = sa.text("member_id IS NULL")


def upgrade() -> None:
    """Add two tables and a column."""
    _add_persons()
    _add_personal_links()
    op.add_column("audit", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.create_index("ix_audit_person_id", "audit", ["person_id"])


def downgrade() -> None:
    """Drop them. All persons are lost."""
    op.drop_index("ix_audit_person_id", "audit")
    op.drop_column("audit", "person_id")
    op.drop_table("personal_link")
    op.drop_table("person")


def _add_persons() -> None:
    op.create_table(
        "person",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(201), nullable=False),
        sa.Column("name_key", NAME_KEY, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("email_key", sa.String(254), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("proof", sa.String(20), nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("link", sa.String(20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_person_member_id"),
        sa.UniqueConstraint("member_id", name="uq_person_member_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_name_key", "person", ["name_key"])
    op.create_index("ix_person_email_key", "person", ["email_key"])
    op.create_index(
        "uq_person_address", "person", ["email_key"], unique=True,
        sqlite_where=NO_MEMBER, postgresql_where=NO_MEMBER,
    )  # fmt: skip


def _add_personal_links() -> None:
    op.create_table(
        "personal_link",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_personal_link"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_personal_link_person_id"),
    )
    op.create_index(
        "ix_personal_link_person_id_purpose_subject", "personal_link",
        ["person_id", "purpose", "subject"],
    )  # fmt: skip
    op.create_index("ix_personal_link_expires_at", "personal_link", ["expires_at"])
