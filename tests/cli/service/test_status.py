"""`status`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bridge.store.database import open_database
from bridge.store.delivery import deliveries, outbox
from bridge.store.operations import runs
from tests.cli.command_runner import Folder


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """When the status is asked for: after all else in the test, however long that takes."""
    stopped = datetime.now(UTC) + timedelta(hours=1)
    monkeypatch.setattr("bridge.cli.service.status.now", lambda: stopped)
    return stopped


def test_a_new_installation(folder: Folder) -> None:
    shown = folder.run("status").out
    assert "Members: 0" in shown
    assert "Milestones awarded: none yet" in shown
    assert "pull       never" in shown
    assert "Nothing needs your attention." in shown
    data = folder.run("status", "--format", "json").data
    assert set(data) == {
        "members", "awards", "deliveries", "runs", "failures", "retried", "deadlines",
        "needs_attention", "failed_emails", "waiting", "letters", "moodle_differences",
        "lost_results", "curricula_invalid", "impossible_times", "waiting_for_companion",
    }  # fmt: skip
    kinds = ("apply", "pull", "quizzes", "drift", "reconcile", "check-deliveries")
    assert data["runs"] == dict.fromkeys(kinds)


def test_counts_and_runs(folder: Folder) -> None:
    folder.run("apply")
    folder.run("pull")
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    shown = folder.run("status").out
    assert "Members: 1" in shown
    assert "ago, succeeded (changes 0, members 0, awards 0)" in shown
    assert "  enrol            1       0       0" in shown
    assert "a@example.org" not in shown


def test_emails_from_the_pages_that_were_not_sent(folder: Folder, now: datetime) -> None:
    """`deliver --retry` retries those that haven't expired."""
    folder.run("status")
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    with store.transaction() as session:
        outbox.enqueue(session, "already", "kim@example.org", "en", {"link": "https://x"}, now)
        [email] = outbox.claim(session, "test", now, timedelta(minutes=1), 5)
        outbox.mark_failed(session, email.id, "test", "refused")
        outbox.enqueue(session, "sign-in", "kim@example.org", "en", {}, now, expires_at=now)
        outbox.expire(session, now)
    store.close()
    shown = folder.run("status").out
    assert "already         never: refused" in shown
    assert "sign-in         late: expired" in shown
    assert "kim@" not in shown
    assert "Nothing needs your attention." not in shown
    folder.run("deliver", "--retry")
    [late] = folder.run("status", "--format", "json").data["failed_emails"]
    assert late["kind"] == "sign-in"


def fail_accounts(folder: Folder, attempts: int, now: datetime) -> None:
    """Two members whose Moodle account failed, one after this number of attempts."""
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n"
                 "2,b@example.org,Ben,Ex\n")  # fmt: skip
    folder.run("members", "import", "members.csv")
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    with store.transaction() as session:
        for each in deliveries.claim(session, "account", "test", now, timedelta(minutes=1), 5):
            deliveries.retry_later(session, each.id, "test", "HTTP 500", now + timedelta(hours=1))
        session.execute(text(f"UPDATE delivery SET attempts = {attempts} WHERE member_id = 2"))
    store.close()


def test_retried_deliveries_are_counted_with_the_error(folder: Folder, now: datetime) -> None:
    fail_accounts(folder, attempts=1, now=now)
    shown = folder.run("status").out
    assert "Deliveries that will be retried: 2\n  Most frequent error (2): HTTP 500" in shown
    assert "Nothing needs your attention." not in shown


def test_deliveries_tried_many_times_are_listed(folder: Folder, now: datetime) -> None:
    fail_accounts(folder, attempts=5, now=now)
    shown = folder.run("status").out
    assert "Deliveries that will be retried: 2, 1 of them tried many times" in shown
    assert "account    member 2: HTTP 500 (5 attempts, next try in 1 h)" in shown
    [row] = folder.run("status", "--format", "json").data["needs_attention"]
    assert (row["member"], row["reason"], row["attempts"]) == ("2", "later", 5)
    folder.run("apply")
    folder.run("deliver", "--retry")
    assert "member 2" not in folder.run("status").out


def test_a_failed_job_is_shown(folder: Folder, now: datetime) -> None:
    folder.run("status")
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    with store.transaction() as session:
        for _ in range(3):
            runs.record_failure(session, "deliver", "test", "unexpected error KeyError at x:1", now)
        runs.record_failure(session, "outbox", "test", "long ago", now - timedelta(days=3))
    store.close()
    shown = folder.run("status").out
    assert "deliver    3 times, last 0 s ago: unexpected error KeyError at x:1" in shown
    assert "long ago" not in shown
