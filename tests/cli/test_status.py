"""`status`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bridge.store import outgoing
from bridge.store.database import open_database

from .running import Folder


def test_before_anything_was_done(folder: Folder) -> None:
    shown = folder.run("status").out
    assert "Members: 0" in shown
    assert "Milestones awarded: none yet" in shown
    assert "pull       never" in shown
    assert "Nothing waits for a person." in shown
    data = folder.run("status", "--format", "json").data
    assert set(data) == {"members", "awards", "deliveries", "runs", "waiting", "letters"}
    assert data["runs"] == dict.fromkeys(("apply", "pull", "quizzes", "drift", "reconcile"))


def test_after_some_work(folder: Folder) -> None:
    folder.run("apply")
    folder.run("pull")
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    shown = folder.run("status").out
    assert "Members: 1" in shown
    assert "s ago, went well (changes 0, members 0, awards 0)" in shown
    assert "  enrol            1       0       0" in shown
    assert "a@example.org" not in shown


def test_mails_of_the_pages_that_were_not_sent(folder: Folder) -> None:
    """Those that may still be of use are tried again by `deliver --retry`."""
    folder.run("status")
    now = datetime.now(UTC)
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    with store.transaction() as session:
        outgoing.owe(session, "already", "kim@example.org", "en", {"link": "https://x"}, now)
        [letter] = outgoing.claim(session, "test", now, timedelta(minutes=1), 5)
        outgoing.fail(session, letter.id, "test", "refused")
        outgoing.owe(session, "sign-in", "kim@example.org", "en", {}, now, expires_at=now)
        outgoing.expire(session, now)
    store.close()
    shown = folder.run("status").out
    assert "already         never: refused" in shown
    assert "sign-in         late: no time left" in shown
    assert "kim@" not in shown
    folder.run("deliver", "--retry")
    [late] = folder.run("status", "--format", "json").data["letters"]
    assert late["kind"] == "sign-in"
