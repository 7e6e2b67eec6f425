"""`sessions attendance`."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.command_runner import Folder
from tests.cli.sessions.test_sessions_command import schedule
from tests.cli.sessions.test_sessions_command import union as union

FILE = "Name,User Email,Duration (Minutes)\nKim Example,,80\nSam Stranger,,80\n"


def begin(union: Folder, key: str) -> None:
    """Let the session have begun two hours ago, with Kim registered."""
    with closing(sqlite3.connect(union.path / "var/stewardpath.db")) as database, database:
        database.execute(
            "UPDATE live_session SET starts_at = datetime('now', '-120 minutes'),"
            " ends_at = datetime('now', '-30 minutes') WHERE key = ?",
            [key],
        )
        database.execute(
            "INSERT INTO session_registration (session_id, person_id, format, state, position,"
            " sequence, created_at) SELECT s.id, p.id, 'online', 'seated', 1, 0, s.created_at"
            " FROM live_session s, person p"
        )


def test_attendance_from_a_file(union: Folder) -> None:
    key = schedule(union, "--open")
    union.run("persons", "add", "--name", "Kim Example", "--email", "kim@example.org")
    assert union.run("sessions", "attendance", key).out == "Nobody is registered.\n"
    union.write("zoom.csv", FILE)
    early = union.run("sessions", "attendance", key, "zoom.csv", code=1)
    assert "once the session has started" in early.err
    begin(union, key)
    ran = union.run("sessions", "attendance", key, "zoom.csv")
    assert "1 attended according to the file; 1 new." in ran.err
    assert "line 3, Sam Stranger: nobody registered is called so" in ran.err
    assert ran.out == "Kim Example  kim@example.org  attended (csv), 80 minutes\n"
    data = union.run("sessions", "attendance", key, "zoom.csv", "--format", "json").data
    assert data["import"]["changed"] == 0  # type: ignore[index]
    assert data["people"][0]["attended"] is True  # type: ignore[index]
    union.write("zoom.csv", "Name\nKim\n")
    wrong = union.run("sessions", "attendance", key, "zoom.csv", code=1)
    assert "no line of the file names a column" in wrong.err
