"""Undoing an import whose members were merged, or erased, since."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from sqlalchemy import delete, select, update

from bridge.cli.members.changes.imports import WHY
from bridge.config import Config
from bridge.features import FEATURES
from bridge.foundations.feature import Context
from bridge.member_imports import undoing
from bridge.member_imports.recording import record_import
from bridge.member_merging.merging import Merge, merge_members
from bridge.store.database import Database
from bridge.store.tables.delivery import Delivery
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.web.committee.member_imports.labels import LEFT
from bridge.workflows.member_changes.outcome import Editor
from tests.member_imports.sample_imports import (
    look,
    members,
    office,
    record,
    row,
    rows_of,
    states,
    undo,
)
from tests.store.sample_members import NOW, add, member

FIELDS = ("last_name", "region")


def merge(db: Database, kept: str, removed: str, taken: Collection[str] = FIELDS) -> None:
    editor, known = Editor("committee@union.example", NOW, (), {}), members(db)
    with db.transaction() as session:
        context = Context(session, Config(), (), "en", NOW)
        merge_members(context, FEATURES, Merge(known[kept].id, known[removed].id, taken), editor)


def counts(db: Database, found: int) -> dict[str, object]:
    with db.reading() as session:
        stored = session.get(MemberImport, found)
        assert stored is not None
        return stored.counts


def test_what_was_merged_away_is_listed_as_not_undone(db: Database) -> None:
    record(db, row(1), row(2))
    found = record(db, row(1, "south", last="Wrong"), key="b")
    merge(db, "2", "1")
    undo(db, found)
    assert members(db)["2"].last_name == "Wrong"
    assert states(db, found) == [("changed", "left")]
    assert rows_of(db, found)[0].details["left"] == {"why": "merged"}
    assert rows_of(db, found)[0].member_id == members(db)["2"].id
    assert counts(db, found) == {"changed": {"left": 1}}


def test_the_command_line_and_the_pages_say_every_reason() -> None:
    reasons = {undoing.OWN, undoing.SINCE, undoing.USED, undoing.CONFIDENTIAL, undoing.MERGED}
    assert WHY.keys() == LEFT.keys() == reasons


def test_a_new_member_who_absorbed_another_record_stays(db: Database) -> None:
    with db.transaction() as session:
        add(session, [member(1)])
        session.execute(delete(Delivery))
    found = record(db, row(9))
    [other] = members(db).keys() - {"9"}
    merge(db, "9", other)
    undo(db, found)
    assert set(members(db)) == {"9"}
    assert rows_of(db, found)[0].details["left"] == {"why": "merged"}


def test_a_row_about_a_record_that_was_merged_away_is_skipped(db: Database) -> None:
    record(db, row(1), row(2))
    found = look(db, row(1, "south"), key="b")
    merge(db, "2", "1")
    record_import(db, found, office())
    assert states(db, found) == [("changed", "skipped")]
    assert members(db)["2"].region == "north"


@pytest.mark.parametrize("has_begun", [False, True])
def test_rows_of_erased_members_do_not_count_any_more(db: Database, has_begun: bool) -> None:
    found = look(db, row(1))
    if has_begun:
        with db.transaction() as session:
            session.execute(update(MemberImport).values(recorded_by="a@b.example", recorded_at=NOW))
    else:
        record_import(db, found, office())
    with db.transaction() as session:
        session.execute(delete(MemberImportRow))
    if has_begun:
        record_import(db, found, office())
    else:
        undo(db, found)
    assert counts(db, found) == {}
    with db.reading() as session:
        assert session.scalars(select(MemberImportRow)).all() == []
