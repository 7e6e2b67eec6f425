"""What a person was called before the committee linked them to a member."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0030"

# Written out here, not imported: a migration must keep its meaning when the models change.
LINKED = (
    "SELECT a.person_id, a.before FROM audit a JOIN person p ON p.id = a.person_id "
    "WHERE a.action = 'person-linked' AND p.link = 'committee' AND a.member_id = p.member_id "
    "ORDER BY a.id"
)


def upgrade() -> None:
    """Add the column. The audit log has the former name and address, but not their proof."""
    op.add_column("person", sa.Column("before_link", sa.JSON(), nullable=True))
    connection = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("email_key"),
                      sa.column("before_link", sa.JSON()))  # fmt: skip
    for row in connection.execute(sa.text(LINKED)).all():
        before = json.loads(row.before) if isinstance(row.before, str) else row.before
        name, email = before.get("name"), before.get("email")
        if not (name and email):
            continue
        own = {"name": name, "email": email, "language": "", "proof": "", "proved_at": None}
        same = person.c.id == row.person_id, person.c.email_key != str(email).lower()
        connection.execute(person.update().where(*same).values(before_link=own))


def downgrade() -> None:
    """Remove the column. The earlier release doesn't know links that were removed."""
    op.execute("UPDATE person SET link = '' WHERE link = 'removed'")
    op.drop_column("person", "before_link")
