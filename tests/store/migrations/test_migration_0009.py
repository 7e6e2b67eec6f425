"""Migration 0009 renames tables, columns and kinds of runs, and keeps every row."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bridge.store.database import open_database
from bridge.store.delivery import outbox
from tests.store.migrations.test_migrations import migrate_to
from tests.store.sample_members import NOW

# (former name, new name, columns that make a row) of tables that migration 0009 renamed.
OLD_ROWS = (
    ("letter", "outbox_email", "id, kind, email, language, payload, state, reason, attempts,"
     " next_try, lease_owner, last_error, created_at, member_id",
     "41, 'sign-in', 'a@b.c', 'en', '{}', 'owed', '', 0, :at, '', '', :at, 7"),
    ("web_session", "login", "token, email, created_at, seen_at, expires_at",
     "'t', 'a@b.c', :at, :at, :at"),
    ("signin", "signin_link", "token, nonce, email, next_page, created_at, expires_at",
     "'t', 'n', 'a@b.c', '/me', :at, :at"),
    ("join_request", "pending_signup", "id, token, email, first_name, last_name, number, region,"
     " language, consent, created_at, expires_at",
     "41, 't', 'a@b.c', 'A', 'B', '', '', '', '', :at, :at"),
    ("webhook_delivery", "webhook_request", "signature, at", "'s', :at"),
    ("tally", "erased_award_count", "curriculum, milestone, count", "'p', 'm', 3"),
    ("figures", "saved_statistics", "name, counted_at, seconds, counts", "'all', :at, 1, '{}'"),
    ("quiz_figure", "quiz_statistic", "region, curriculum, quiz, tries, failed, lately_tries,"
     " lately_failed, counted_at", "'r', 'p', 'q', 4, 3, 2, 1, :at"),
    ("question_figure", "question_statistic", "curriculum, quiz, question, asked, wrong, partly,"
     " counted_at", "'p', 'q', 'x', 3, 2, 1, :at"),
)  # fmt: skip
OLD_ROWS_OF_MEMBER = (
    ("recheck", "refresh_request", "member_id, asked_at, lease_owner, outcome", "{}, :at, '', ''"),
    ("first_try", "first_attempt", "member_id, curriculum, quiz, grade, at, change_id",
     "{}, 'p', 'q', 40, :at, 1"),
)  # fmt: skip
FORMER_RUN_KINDS = {
    "asked-plan": "plan-request",
    "asked-apply": "apply-request",
    "letters": "outbox",
    "recheck": "refresh",
    "asked": "plan-requests",
    "figures": "statistics",
    "pull": "pull",
}


def insert_old_rows(session: Session, member: int) -> None:
    """A row in each table, under the names of revision 0008."""
    rows = (
        *OLD_ROWS,
        *((a, b, c, values.format(member)) for a, b, c, values in OLD_ROWS_OF_MEMBER),
    )
    for table, _, columns, values in rows:
        session.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), {"at": NOW})
    entry = "INSERT INTO audit (at, who, action, before, after) VALUES (:at, 'me', 'x', '{}', '{}')"
    session.execute(sa.text(entry), {"at": NOW})
    version = (
        "INSERT INTO curriculum_version (curriculum, file, text, note, who, at)"
        " VALUES ('p', 'f', 't', '', 'me', :at)"
    )
    session.execute(sa.text(version), {"at": NOW})
    session.execute(sa.text("INSERT INTO lock VALUES ('pull', 'w', :at)"), {"at": NOW})
    run = (
        "INSERT INTO run (kind, owner, started_at, heartbeat_at, detail)"
        " VALUES (:k, '', :at, :at, '{}')"
    )
    session.execute(sa.text(run), [{"k": kind, "at": NOW} for kind in FORMER_RUN_KINDS])


def insert_member(session: Session) -> int:
    """A member with the columns of revision 0008."""
    row = (
        "INSERT INTO member (number, email, email_key, first_name, last_name, region, language,"
        " role, source, created_at, updated_at)"
        " VALUES ('1001', 'a@b.c', 'a@b.c', 'Anna', 'Ashevak', '', '', '', 'csv', :at, :at)"
        " RETURNING id"
    )
    return int(session.scalar(sa.text(row), {"at": NOW}) or 0)


def all_rows(session: Session, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(sa.text(f"SELECT * FROM {table}"))]


def first_columns(
    rows: list[tuple[object, ...]], former: list[tuple[object, ...]]
) -> list[tuple[object, ...]]:
    """The rows without the columns that later migrations added at the end."""
    return [row[: len(former[0])] for row in rows]


def test_renamed_tables_keep_their_rows_up_and_down(url: str) -> None:
    database = open_database(url)
    migrate_to(database, "0008")
    names = [(old, new) for old, new, *_ in (*OLD_ROWS, *OLD_ROWS_OF_MEMBER)]
    names += [(name, name) for name in ("audit", "curriculum_version", "lock")]
    with database.transaction() as session:
        insert_old_rows(session, insert_member(session))
        before = {new: all_rows(session, old) for old, new in names}
        kinds = session.scalars(sa.text("SELECT kind FROM run ORDER BY id")).all()
    assert all(len(rows) == 1 for rows in before.values())
    migrate_to(database, "head")
    with database.reading() as session:
        assert {new: first_columns(all_rows(session, new), before[new]) for _, new in names} == (
            before
        )
        assert session.scalar(sa.text("SELECT actor FROM audit")) == "me"
        renamed = session.scalars(sa.text("SELECT kind FROM run ORDER BY id")).all()
    assert renamed == [FORMER_RUN_KINDS[kind] for kind in kinds]
    migrate_to(database, "0008")
    with database.reading() as session:
        assert {new: all_rows(session, old) for old, new in names} == before
        assert session.scalars(sa.text("SELECT kind FROM run ORDER BY id")).all() == kinds
    database.close()


def test_renamed_tables_do_not_reuse_ids(url: str) -> None:
    database = open_database(url)
    with database.transaction() as session:
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {}, NOW)
        first = session.scalar(sa.text("DELETE FROM outbox_email RETURNING id"))
    migrate_to(database, "0008")
    migrate_to(database, "head")
    with database.transaction() as session:
        outbox.enqueue(session, "sign-in", "a@example.org", "en", {}, NOW)
        second = session.scalar(sa.text("SELECT id FROM outbox_email"))
        assert second > first
    database.close()
