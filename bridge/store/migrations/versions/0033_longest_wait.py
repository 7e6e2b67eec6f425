"""Lists of waiting members begin with the longest wait, not with the oldest row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision: str | None = "0032"

# Written out here, not imported: a migration must keep its meaning when the models change.
OPEN = sa.text("earned_at IS NULL")
INDEXES = {
    "ix_enrolment_open": [],
    "ix_enrolment_open_milestone": ["curriculum", "milestone"],
}
"""By name: their first columns."""


def upgrade() -> None:
    _rebuild(["wanted_at", "id"])


def downgrade() -> None:
    _rebuild(["id"])


def _rebuild(last: list[str]) -> None:
    for name, first in INDEXES.items():
        op.drop_index(name, table_name="enrolment")
        op.create_index(
            name, "enrolment", [*first, *last], sqlite_where=OPEN, postgresql_where=OPEN
        )
