"""Tables, columns and kinds of runs get names that say what they hold."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"

# Written out here, not imported: a migration must keep its meaning when the models change.
TABLES = (
    ("letter", "outbox_email"),
    ("web_session", "login"),
    ("signin", "signin_link"),
    ("join_request", "pending_signup"),
    ("recheck", "refresh_request"),
    ("webhook_delivery", "webhook_request"),
    ("tally", "erased_award_count"),
    ("figures", "saved_statistics"),
    ("quiz_figure", "quiz_statistic"),
    ("question_figure", "question_statistic"),
    ("first_try", "first_attempt"),
)
COLUMNS = (
    ("audit", "who", "actor"),
    ("curriculum_version", "who", "actor"),
    ("lock", "until", "expires_at"),
)
RUN_KINDS = (
    ("asked-plan", "plan-request"),
    ("asked-apply", "apply-request"),
    ("letters", "outbox"),
    ("recheck", "refresh"),
    ("asked", "plan-requests"),
    ("figures", "statistics"),
)
"""Values of `run.kind`."""
RUN = sa.table("run", sa.column("kind", sa.String()))
NEEDS_ATTENTION = sa.text(
    "reason IN ('never', 'configuration') OR (reason = 'later' AND attempts >= 5)"
)
OPEN = sa.text("earned_at IS NULL")


def upgrade() -> None:
    """Rename them. Every row is kept."""
    _rename(TABLES, COLUMNS, RUN_KINDS)
    _replace_index(
        "ix_delivery_needs_a_person", "ix_delivery_needs_attention",
        "delivery", ["id"], NEEDS_ATTENTION,
    )  # fmt: skip
    _replace_index(
        "ix_enrolment_open_step", "ix_enrolment_open_milestone",
        "enrolment", ["curriculum", "milestone", "id"], OPEN,
    )  # fmt: skip


def downgrade() -> None:
    """Restore the former names. Every row is kept."""
    _replace_index(
        "ix_enrolment_open_milestone", "ix_enrolment_open_step",
        "enrolment", ["curriculum", "milestone", "id"], OPEN,
    )  # fmt: skip
    _replace_index(
        "ix_delivery_needs_attention", "ix_delivery_needs_a_person",
        "delivery", ["id"], NEEDS_ATTENTION,
    )  # fmt: skip
    _rename(
        [(old, new) for new, old in TABLES],
        [(table, old, new) for table, new, old in COLUMNS],
        [(old, new) for new, old in RUN_KINDS],
    )


def _rename(
    tables: Iterable[tuple[str, str]],
    columns: Iterable[tuple[str, str, str]],
    run_kinds: Iterable[tuple[str, str]],
) -> None:
    rename_table = _rename_postgresql if _is_postgresql() else _rename_sqlite
    for old, new in tables:
        rename_table(old, new)
    for table, old, new in columns:
        op.execute(f'ALTER TABLE "{table}" RENAME COLUMN "{old}" TO "{new}"')
    for old, new in run_kinds:
        op.execute(sa.update(RUN).where(RUN.c.kind == old).values(kind=new))


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _rename_postgresql(old: str, new: str) -> None:
    """Rename a table with its constraints, indexes and sequence."""
    for name in _constraints(old):
        op.execute(f"ALTER TABLE {old} RENAME CONSTRAINT {name} TO {_renamed(name, old, new)}")
    for name, _ in _indexes(old):
        op.execute(f"ALTER INDEX {name} RENAME TO {_renamed(name, old, new)}")
    op.execute(f"ALTER SEQUENCE IF EXISTS {old}_id_seq RENAME TO {new}_id_seq")
    op.rename_table(old, new)


def _rename_sqlite(old: str, new: str) -> None:
    """Copy a table: SQLite can't rename constraints. Ids that were used stay used."""
    connection = op.get_bind()
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    definition = connection.execute(query, {"name": old}).scalar_one()
    for name in _constraints(old):
        definition = definition.replace(name, _renamed(name, old, new))
    _, _, body = definition.partition("(")
    indexes = _indexes(old)
    connection.exec_driver_sql(f"CREATE TABLE {new} ({body}")
    op.execute(f"INSERT INTO {new} SELECT * FROM {old}")  # noqa: S608  (names from TABLES)
    if "AUTOINCREMENT" in definition:
        _copy_last_id(old, new)
    op.drop_table(old)
    for name, columns in indexes:
        op.create_index(_renamed(name, old, new), new, columns)


def _copy_last_id(old: str, new: str) -> None:
    connection = op.get_bind()
    names = {"old": old, "new": new}
    connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :new"), names)
    connection.execute(
        sa.text(
            "INSERT INTO sqlite_sequence (name, seq)"
            " SELECT :new, seq FROM sqlite_sequence WHERE name = :old"
        ),
        names,
    )


def _constraints(table: str) -> list[str]:
    """The names of the table's primary key, unique constraints and foreign keys."""
    found = sa.inspect(op.get_bind())
    names = [found.get_pk_constraint(table)["name"]]
    names += [each["name"] for each in found.get_unique_constraints(table)]
    names += [each["name"] for each in found.get_foreign_keys(table)]
    return [name for name in names if name]


def _indexes(table: str) -> list[tuple[str, list[str]]]:
    """Names and columns of the table's indexes, without those of its constraints."""
    return [
        (str(each["name"]), [str(column) for column in each["column_names"]])
        for each in sa.inspect(op.get_bind()).get_indexes(table)
        if "duplicates_constraint" not in each
    ]


def _renamed(name: str, old: str, new: str) -> str:
    """`pk_letter` becomes `pk_outbox_email`: the table's name follows the first underscore."""
    return name.replace(f"_{old}", f"_{new}", 1)


def _replace_index(
    old: str, new: str, table: str, columns: list[str], where: sa.TextClause
) -> None:
    op.drop_index(old, table_name=table)
    op.create_index(new, table, columns, sqlite_where=where, postgresql_where=where)
