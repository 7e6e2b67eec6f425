"""Tables for sign-in, sign-up, contact requests, the API and the editor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add seven tables."""
    _api_token()
    _contact_request()
    _curriculum_version()
    _join_request()
    _letter()
    _signin()
    _web_session()


def downgrade() -> None:
    """Drop them. Logins, emails, requests, API tokens and file versions are lost."""
    op.drop_table("web_session")
    op.drop_table("signin")
    op.drop_table("letter")
    op.drop_table("join_request")
    op.drop_table("curriculum_version")
    op.drop_table("contact_request")
    op.drop_table("api_token")


def _api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("token", name="uq_api_token_token"),
        sqlite_autoincrement=True,
    )


def _contact_request() -> None:
    op.create_table(
        "contact_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT, nullable=True),
        sa.Column("handled_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_request"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_request_email", "contact_request", ["email"])
    op.create_index(
        "ix_contact_request_region_handled_at_id", "contact_request", ["region", "handled_at", "id"]
    )


def _curriculum_version() -> None:
    op.create_table(
        "curriculum_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("curriculum", sa.String(length=100), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_curriculum_version"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_curriculum_version_curriculum_file_id",
        "curriculum_version",
        ["curriculum", "file", "id"],
    )


def _join_request() -> None:
    op.create_table(
        "join_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_join_request"),
        sa.UniqueConstraint("token", name="uq_join_request_token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_join_request_email", "join_request", ["email"])
    op.create_index("ix_join_request_expires_at", "join_request", ["expires_at"])


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.String(length=200), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_letter_email", "letter", ["email"])
    op.create_index("ix_letter_state_next_try", "letter", ["state", "next_try"])


def _signin() -> None:
    op.create_table(
        "signin",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("next_page", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_signin"),
    )
    op.create_index("ix_signin_email", "signin", ["email"])
    op.create_index("ix_signin_expires_at", "signin", ["expires_at"])


def _web_session() -> None:
    op.create_table(
        "web_session",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_web_session_member_id"),
        sa.PrimaryKeyConstraint("token", name="pk_web_session"),
    )
    op.create_index("ix_web_session_email", "web_session", ["email"])
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
    op.create_index("ix_web_session_member_id", "web_session", ["member_id"])
