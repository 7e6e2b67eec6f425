"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
UNIDENTIFIED = sa.text("number IS NULL AND moodle_user_id IS NULL")


def upgrade() -> None:
    """Create the tables in an empty database."""
    _audit()
    _cursor()
    _lock()
    _member()
    _run()
    _tally()
    _webhook_delivery()
    _award()
    _completion()
    _enrolment()
    _signoff()
    _delivery()


def downgrade() -> None:
    """Drop all tables. All data is lost."""
    op.drop_table("delivery")
    op.drop_table("signoff")
    op.drop_table("enrolment")
    op.drop_table("completion")
    op.drop_table("award")
    op.drop_table("webhook_delivery")
    op.drop_table("tally")
    op.drop_table("run")
    op.drop_table("member")
    op.drop_table("lock")
    op.drop_table("cursor")
    op.drop_table("audit")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_member_id", "audit", ["member_id"])


def _cursor() -> None:
    op.create_table(
        "cursor",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_cursor"),
    )


def _lock() -> None:
    op.create_table(
        "lock",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lock"),
    )


def _member() -> None:
    op.create_table(
        "member",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("role_since", sa.Date(), nullable=True),
        sa.Column("moodle_user_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("moodle_user_id", name="uq_member_moodle_user_id"),
        sa.UniqueConstraint("number", name="uq_member_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_member_email_key", "member", ["email_key"])
    op.create_index(
        "uq_member_unidentified",
        "member",
        ["email_key"],
        unique=True,
        sqlite_where=UNIDENTIFIED,
        postgresql_where=UNIDENTIFIED,
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("heartbeat_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_kind_started_at", "run", ["kind", "started_at"])


def _tally() -> None:
    op.create_table(
        "tally",
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("milestone", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("curriculum", "milestone", name="pk_tally"),
    )


def _webhook_delivery() -> None:
    op.create_table(
        "webhook_delivery",
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("signature", name="pk_webhook_delivery"),
    )
    op.create_index("ix_webhook_delivery_at", "webhook_delivery", ["at"])


def _award() -> None:
    op.create_table(
        "award",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("milestone", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_award_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_award"),
        sa.UniqueConstraint(
            "member_id", "curriculum", "milestone", name="uq_award_member_id_curriculum_milestone"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_award_curriculum_milestone", "award", ["curriculum", "milestone"])


def _completion() -> None:
    op.create_table(
        "completion",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("activity", sa.String(length=100), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Double(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_completion_member_id"),
        sa.PrimaryKeyConstraint("member_id", "curriculum", "activity", name="pk_completion"),
    )
    op.create_index(
        "ix_completion_curriculum_activity_member_id",
        "completion",
        ["curriculum", "activity", "member_id"],
    )


def _enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("milestone", sa.String(length=100), nullable=False),
        sa.Column("wanted_at", MOMENT, nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_enrolment_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint(
            "member_id",
            "curriculum",
            "milestone",
            name="uq_enrolment_member_id_curriculum_milestone",
        ),
        sqlite_autoincrement=True,
    )


def _signoff() -> None:
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


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("award_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(length=200), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name="fk_delivery_award_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_delivery_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint(
            "member_id", "kind", "target", name="uq_delivery_member_id_kind_target"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_award_id", "delivery", ["award_id"])
    op.create_index("ix_delivery_state_kind_next_try", "delivery", ["state", "kind", "next_try"])
