"""The meetings and the personal links that providers of meetings were asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision: str | None = "0035"

# Written out here, not imported: a migration must keep its meaning when the models change.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC = sa.DateTime(timezone=True)
LINKS = "session_join_link"


def upgrade() -> None:
    op.create_table(
        "session_meeting",
        sa.Column(
            "session_id", ID,
            sa.ForeignKey("live_session.id", name="fk_session_meeting_session_id"),
            primary_key=True, autoincrement=False,
        ),
        sa.Column("ready_at", UTC),
        *_tries(),
    )  # fmt: skip
    op.create_table(
        LINKS,
        sa.Column("id", ID, primary_key=True),
        sa.Column(
            "session_id", ID,
            sa.ForeignKey("live_session.id", name=f"fk_{LINKS}_session_id"), nullable=False,
        ),
        sa.Column("person_id", ID, sa.ForeignKey("person.id", name=f"fk_{LINKS}_person_id")),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("link", sa.String(2000), nullable=False),
        sa.Column("registrant_id", sa.String(100), nullable=False),
        *_tries(),
        sa.Column("created_at", UTC, nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(
        f"ix_{LINKS}_session_id_person_id_target", LINKS, ["session_id", "person_id", "target"],
        unique=True,
    )  # fmt: skip
    op.create_index(f"ix_{LINKS}_person_id", LINKS, ["person_id"])
    op.create_index(f"ix_{LINKS}_next_try_at", LINKS, ["next_try_at"])


def downgrade() -> None:
    op.drop_table(LINKS)
    op.drop_table("session_meeting")


def _tries() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", UTC, nullable=False),
        sa.Column("error", sa.JSON),
    )
