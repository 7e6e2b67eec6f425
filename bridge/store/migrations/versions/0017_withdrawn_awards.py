"""Awards can be withdrawn and earned again; each award has its own deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0017"
down_revision: str | None = "0016"

# Written out here, not imported: a migration must keep its meaning when the models change.
MOMENT = sa.DateTime(timezone=True)
CURRENT = sa.text("withdrawn_at IS NULL")
WITHOUT_AWARD = sa.text("award_id IS NULL")
OF_AWARD = sa.text("award_id IS NOT NULL")
WITHDRAWN = "SELECT id FROM award WHERE withdrawn_at IS NOT NULL"


def upgrade() -> None:
    """Add the columns, and make awards unique among those that were not withdrawn."""
    with _changed("award") as award:
        award.drop_constraint("uq_award_member_id_curriculum_milestone", type_="unique")
        award.add_column(sa.Column("withdrawn_at", MOMENT, nullable=True))
        award.add_column(_text("withdrawn_by", sa.String(length=254)))
        award.add_column(_text("withdrawn_reason", sa.Text()))
        award.add_column(sa.Column("reopened_at", MOMENT, nullable=True))
    with _changed("delivery") as delivery:
        delivery.drop_constraint("uq_delivery_member_id_kind_target", type_="unique")
    key = ["member_id", "curriculum", "milestone"]
    _unique("uq_award_current", "award", key, CURRENT)
    op.create_index("ix_award_member_id", "award", ["member_id"])
    key = ["member_id", "kind", "target"]
    _unique("uq_delivery_without_award", "delivery", key, WITHOUT_AWARD)
    _unique("uq_delivery_of_award", "delivery", ["award_id", "kind", "target"], OF_AWARD)
    op.create_index("ix_delivery_member_id_kind", "delivery", ["member_id", "kind"])


def downgrade() -> None:
    """Delete withdrawn awards with their deliveries: the earlier release would count them."""
    op.execute(f"DELETE FROM delivery WHERE award_id IN ({WITHDRAWN})")  # noqa: S608
    op.execute("DELETE FROM award WHERE withdrawn_at IS NOT NULL")
    for name in ("uq_delivery_without_award", "uq_delivery_of_award", "ix_delivery_member_id_kind"):
        op.drop_index(name, table_name="delivery")
    for name in ("uq_award_current", "ix_award_member_id"):
        op.drop_index(name, table_name="award")
    with _changed("delivery") as delivery:
        delivery.create_unique_constraint(
            "uq_delivery_member_id_kind_target", ["member_id", "kind", "target"]
        )
    with _changed("award") as award:
        for column in ("reopened_at", "withdrawn_reason", "withdrawn_by", "withdrawn_at"):
            award.drop_column(column)
        award.create_unique_constraint(
            "uq_award_member_id_curriculum_milestone", ["member_id", "curriculum", "milestone"]
        )


def _text(name: str, kind: sa.String) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, server_default=sa.text("''"))


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
