"""Drafts, submissions, files and deadlines of persons without an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0022"
down_revision: str | None = "0021"

# Written out here, not imported: a migration must keep its meaning when the models change.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_WITHDRAWN = sa.text("withdrawn_at IS NULL")
NO_MEMBER = sa.text("member_id IS NULL")
NOBODY = sa.text("member_id IS NULL AND person_id IS NULL")
OF_PERSON = sa.text("person_id IS NOT NULL")
ONE_OWNER = "(member_id IS NULL) <> (person_id IS NULL)"
NO_TWO_OWNERS = "member_id IS NULL OR person_id IS NULL"
TABLES = {
    "form_draft": ONE_OWNER,
    "form_submission": ONE_OWNER,
    "stored_file": NO_TWO_OWNERS,
    "due": NO_TWO_OWNERS,
}
PLACE = ["person_id", "form", "subject"]


def upgrade() -> None:
    """Add the columns. Rows of members stay as they are."""
    op.drop_index("uq_due_nobody", table_name="due")
    for table, check in TABLES.items():
        with _changed(table) as changed:
            changed.add_column(sa.Column("person_id", BIG_ID, nullable=True))
            if check == ONE_OWNER:
                changed.alter_column("member_id", existing_type=BIG_ID, nullable=True)
            changed.create_foreign_key(f"fk_{table}_person_id", "person", ["person_id"], ["id"])
            changed.create_check_constraint(f"ck_{table}_owner", sa.text(check))
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    op.create_index("ix_form_draft_member_id", "form_draft", ["member_id"])
    op.create_index("ix_form_draft_person_id_form_subject", "form_draft", PLACE, unique=True)
    _unique("uq_form_submission_current_of_person", "form_submission", PLACE, NOT_WITHDRAWN)
    _unique("uq_due_nobody", "due", ["kind", "subject"], NOBODY)
    _unique("uq_due_person", "due", ["kind", "subject", "person_id"], OF_PERSON)


def downgrade() -> None:
    """Remove the columns. What persons without an account sent is lost."""
    for table in TABLES:
        op.execute(f"DELETE FROM {table} WHERE person_id IS NOT NULL")  # noqa: S608
    for name in ("uq_due_nobody", "uq_due_person"):
        op.drop_index(name, table_name="due")
    op.drop_index("uq_form_submission_current_of_person", table_name="form_submission")
    op.drop_index("ix_form_draft_person_id_form_subject", table_name="form_draft")
    op.drop_index("ix_form_draft_member_id", table_name="form_draft")
    for table, check in TABLES.items():
        op.drop_index(f"ix_{table}_person_id", table_name=table)
        with _changed(table) as changed:
            changed.drop_constraint(f"ck_{table}_owner", type_="check")
            changed.drop_constraint(f"fk_{table}_person_id", type_="foreignkey")
            changed.drop_column("person_id")
            if check == ONE_OWNER:
                changed.alter_column("member_id", existing_type=BIG_ID, nullable=False)
    _unique("uq_due_nobody", "due", ["kind", "subject"], NO_MEMBER)


@contextmanager
def _changed(table: str) -> Iterator[BatchOperations]:
    """Change a table. SQLite copies it; IDs that were used stay used."""
    last = _last_id(table)
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if last is not None:
        names = {"table": table, "last": last}
        connection = op.get_bind()
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), names)
        connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), names)


def _last_id(table: str) -> int | None:
    if op.get_bind().dialect.name != "sqlite":
        return None
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    found: int | None = op.get_bind().execute(query, {"table": table}).scalar()
    return found


def _unique(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
