"""`members imports` and `members undo-import`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from bridge.member_imports.reading import Office, UploadedFile, look_at_file
from bridge.member_imports.recording import record_import
from bridge.membership.known_roles import NO_KNOWN_ROLES
from bridge.store.database import open_database
from bridge.store.tables.members import Member
from tests.cli.conftest import Folder

HEAD = "number,email,first_name,last_name"
ROWS = ("1,m1@example.org,Ann,Ber", "2,m2@example.org,Bo,Roy", "3,no,Cy,Roy")


def imported(folder: Folder, age: timedelta, *, then: Sequence[str] = ()) -> None:
    """Import rows as the committee. `then`: numbers of members that were changed since."""
    folder.run("members", "imports")
    now = datetime.now(UTC) - age
    office = Office({}, (), NO_KNOWN_ROLES, "committee@union.example", now)
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    file = UploadedFile("members.csv", "\n".join((HEAD, *ROWS)).encode(), "k")
    with store.transaction() as session:
        found = look_at_file(session, file, office)
    record_import(store, found, replace(office))
    with store.transaction() as session:
        changed = update(Member).where(Member.number.in_(then))
        session.execute(changed.values(first_name="Zo"))


def test_imports_are_listed_and_undone(folder: Folder) -> None:
    imported(folder, timedelta(minutes=5), then=["2"])
    listed = folder.run("members", "imports").out
    assert "members.csv: 2 new, 1 refused (recorded, can be undone)" in listed
    undo = ("members", "undo-import", "1", "--reason", "Wrong file")
    done = folder.run(*undo, code=1).out
    assert "line 3: changed since the import." in done
    assert "1 undone, 1 not undone, or not entirely." in done
    [row] = folder.run("members", "imports", "--format", "json").data["imports"]
    assert (row["rows"], bool(row["undone_at"])) == ({"new": 2, "refused": 1}, True)
    assert folder.run(*undo, "--format", "json", code=1).data["undone"] == 1


def test_after_an_hour_an_import_stays(folder: Folder) -> None:
    imported(folder, timedelta(minutes=61))
    undo = ("members", "undo-import", "1", "--reason", "Wrong file")
    assert "more than an hour old" in folder.run(*undo, code=1).err
    assert "can be undone" not in folder.run("members", "imports").out
    assert (
        "no such import" in folder.run("members", "undo-import", "9", "--reason", "x", code=1).err
    )
