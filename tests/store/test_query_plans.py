"""Lists are read by their indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bridge.foundations.deadlines.claims import _due_in
from bridge.foundations.files.rows import deleted_files, used_bytes
from bridge.foundations.owners import Owner
from bridge.store.database import open_database
from bridge.store.delivery import outbox
from bridge.store.delivery.delivery_queries import retry_summary
from bridge.store.delivery.failed_deliveries import list_failed_deliveries
from bridge.store.learning.waiting_members import waiting_members
from bridge.store.members.search import MemberFilter, search
from bridge.store.persons.queries import PersonFilter, list_persons
from tests.store.sample_members import LATER, NOW

TODAY = NOW.date()
PATH = {("path", "first"): ("once",)}
BOTH = PATH | {("path", "second"): ("before", "earlier")}
LISTS: dict[str, tuple[Callable[[Session], object], str]] = {
    "waiting members": (
        lambda s: waiting_members(s, BOTH, None, 9, since=NOW), "ix_enrolment_open "
    ),
    "waiting members by region": (
        lambda s: waiting_members(s, PATH, ["north"], 9, since=NOW),
        "ix_enrolment_open_milestone ",
    ),
    "waiting members by milestone": (
        lambda s: waiting_members(s, PATH, None, 9, 3, since=NOW),
        "ix_enrolment_open_milestone ",
    ),
    "deliveries": (lambda s: list_failed_deliveries(s, 9, 3), "ix_delivery_needs_attention "),
    "retried": (retry_summary, "ix_delivery_state_kind_next_try "),
    "deliveries, region": (
        lambda s: list_failed_deliveries(s, 9, regions=["north"], targets=["t"]),
        "ix_delivery_needs_attention ",
    ),
    "files to delete": (lambda s: deleted_files(s, 9), "ix_stored_file_state_keep_until "),
    "files of a member": (lambda s: used_bytes(s, Owner(1)), "ix_stored_file_member_id "),
    "deadlines": (
        lambda s: list(_due_in(s, "UTC", (), datetime(2026, 3, 1, tzinfo=UTC), ())),
        "ix_due_state_zone_local_time "
    ),
    "region": (
        lambda s: search(s, MemberFilter(regions=["north"]), 9, TODAY), "ix_member_region_id "
    ),
    "status": (
        lambda s: search(s, MemberFilter(status="left"), 9, TODAY), "ix_member_status_id "
    ),
    "milestone": (
        lambda s: search(s, MemberFilter(curriculum="path", milestones=["first"]), 9, TODAY),
        "ix_award_curriculum_milestone_member_id ",
    ),
    "people by name": (lambda s: list_persons(s, 9, 0, PersonFilter("kim")), "ix_person_name_key "),
    "people by email": (
        lambda s: list_persons(s, 9, 0, PersonFilter("a@example.org")), "ix_person_email_key "
    ),
    "emails in order": (
        lambda s: outbox.claim(s, "w", NOW, LATER - NOW, 9), "uq_outbox_email_key "
    ),
    "due emails": (
        lambda s: outbox.claim(s, "w", NOW, LATER - NOW, 9), "ix_outbox_email_state_next_try "
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_by_its_index(tmp_path: Path, sqlite_template: Path, name: str) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    db, plans = open_database(f"sqlite:///{file}"), []

    def explain(_c: object, cursor: object, statement: str, given: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            with db._engine.connect() as connection:
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[call-overload]
                plans.append("\n".join(row[3] for row in rows))

    event.listen(db._engine, "before_cursor_execute", explain)
    ask, index = LISTS[name]
    with db.reading() as session:
        ask(session)
    db.close()
    assert len(plans) == 1
    assert index in plans[0]
    assert "SCAN" not in plans[0]
