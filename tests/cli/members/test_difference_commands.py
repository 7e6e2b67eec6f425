"""`differences`: check, list and answer, on the folder's sandbox."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.command_runner import Folder


def in_moodle(folder: Folder, sql: str) -> None:
    """Somebody changes something in Moodle by hand."""
    with closing(sqlite3.connect(folder.path / "var/sandbox.db")) as database, database:
        database.execute(sql)


def test_a_difference_is_found_listed_and_decided(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", "--number", "1", "--email", "a@x.example", "--first-name", "Ann",
               "--last-name", "Lee")  # fmt: skip
    folder.run("deliver")
    assert "differs" not in folder.run("differences", "check").out
    in_moodle(folder, "DELETE FROM enrolment")
    in_moodle(folder, "DELETE FROM plan")
    looked = folder.run("differences", "check", "--look").out
    assert "enrol: differs, for a person to decide" in looked
    assert "No differences." in folder.run("differences", "list").out
    assert "plan: lost, queued again" in folder.run("differences", "check").out
    assert "Ann Lee (1): no longer enrolled" in folder.run("differences", "list").out
    assert "Moodle differs from what was delivered: 1 to decide" in folder.run("status").out
    assert "no longer enrolled" in folder.run("members", "show", "1").out
    assert "1 difference answered." in folder.run("differences", "answer", "leave", "--all").out
    assert "“leave”" in folder.run("differences", "list", "--answered").out
    assert "1 difference answered." in folder.run("differences", "answer", "again", "1").out
    folder.run("deliver")
    assert "99: It is not listed any more." in folder.run(
        "differences", "answer", "leave", "99", code=1
    ).err  # fmt: skip
    folder.run("differences", "answer", "leave", code=2)
    assert "differs" not in folder.run("differences", "check").out
