"""Facts about members from the membership system: status, unit, classification and more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

# Written out here, not imported: a migration must keep its meaning when the models change.
LENGTHS = {
    "status": 20,
    "unit": 100,
    "classification": 100,
    "job_class": 40,
    "payroll_number": 40,
    "supervisor_name": 200,
    "supervisor_email": 254,
}


def upgrade() -> None:
    """Add the columns, empty."""
    for name, length in LENGTHS.items():
        column = sa.Column(name, sa.String(length), nullable=False, server_default=sa.text("''"))
        op.add_column("member", column)


def downgrade() -> None:
    """Drop the columns. The next import of the membership system's data brings them back."""
    for name in LENGTHS:
        op.drop_column("member", name)
