"""Consultations of stakeholders: groups, invitations, answers and responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision: str | None = "0044"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
MAIN, GROUP, INVITATION, ANSWER, RESPONSE = (
    "consultation", "consultation_group", "consultation_invitation", "consultation_answer",
    "consultation_response",
)  # fmt: skip


def upgrade() -> None:
    _create_consultations()
    _create_invitations()
    _create_answers()


def _create_consultations() -> None:
    op.create_table(
        MAIN,
        sa.Column("id", ID, primary_key=True),
        sa.Column("curriculum", sa.String(100), nullable=False),
        sa.Column("milestone", sa.String(100), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.Column("draft", sa.JSON, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("introduction", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("closes", sa.DateTime, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UTC, nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{MAIN}_curriculum_state", MAIN, ["curriculum", "state"])
    op.create_table(
        GROUP,
        sa.Column("id", ID, primary_key=True),
        sa.Column("consultation_id", ID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("degree", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("meeting", sa.String(300), nullable=False),
        _reference(GROUP, "consultation_id", MAIN),
        sqlite_autoincrement=True,
    )
    _unique(GROUP, "consultation_id", "name")


def _create_invitations() -> None:
    op.create_table(
        INVITATION,
        sa.Column("id", ID, primary_key=True),
        sa.Column("consultation_id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("invited_at", UTC, nullable=False),
        sa.Column("sent_at", UTC),
        sa.Column("entered_by", sa.String(300), nullable=False),
        sa.Column("approval", sa.String(10), nullable=False),
        sa.Column("approved_text", sa.String(64), nullable=False),
        sa.Column("approval_note", sa.Text, nullable=False),
        sa.Column("approved_at", UTC),
        sa.Column("version", sa.Integer, nullable=False),
        _reference(INVITATION, "consultation_id", MAIN),
        _reference(INVITATION, "group_id", GROUP),
        _reference(INVITATION, "person_id", "person"),
        sqlite_autoincrement=True,
    )
    _unique(INVITATION, "consultation_id", "person_id")
    for column in ("group_id", "person_id"):
        op.create_index(f"ix_{INVITATION}_{column}", INVITATION, [column])


def _create_answers() -> None:
    op.create_table(
        ANSWER,
        sa.Column("id", ID, primary_key=True),
        sa.Column("invitation_id", ID, nullable=False),
        sa.Column("point", sa.String(130), nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer),
        sa.Column("changed_at", UTC, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], [f"{INVITATION}.id"], name=f"fk_{ANSWER}_invitation_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )  # fmt: skip
    _unique(ANSWER, "invitation_id", "point")
    op.create_table(
        RESPONSE,
        sa.Column("id", ID, primary_key=True),
        sa.Column("consultation_id", ID, nullable=False),
        sa.Column("point", sa.String(130), nullable=False),
        sa.Column("decision", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sent_version", sa.Integer, nullable=False),
        sa.Column("changed_at", UTC, nullable=False),
        _reference(RESPONSE, "consultation_id", MAIN),
        sqlite_autoincrement=True,
    )
    _unique(RESPONSE, "consultation_id", "point")


def downgrade() -> None:
    """Drop them: all consultations and their answers are lost."""
    for table in (RESPONSE, ANSWER, INVITATION, GROUP, MAIN):
        op.drop_table(table)


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def _unique(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=True)
