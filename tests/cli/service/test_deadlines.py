"""`deadlines`, and its lines in `status`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bridge.config import Config
from bridge.foundations.deadlines.local_time import LocalTime
from bridge.foundations.deadlines.runner import DeadlineKind
from bridge.foundations.deadlines.schedule import cancel, schedule
from bridge.foundations.feature import Feature
from bridge.foundations.owners import Owner
from bridge.store.database import open_database
from bridge.store.persons.records import PersonRecord, find_or_add
from tests.cli.command_runner import Folder
from tests.store.sample_members import ANNA, BEN, add

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def at(day: str) -> LocalTime:
    return LocalTime(datetime.fromisoformat(f"{day} 17:00"), "America/Toronto", True)


@pytest.fixture
def scheduled(folder: Folder) -> Folder:
    """One long past, one far in the future (a Saturday and a holiday), one cancelled."""
    folder.run("status")
    config = folder.path / "config.yaml"
    config.write_text(config.read_text() + "holidays: [2099-01-05]\n")
    store = open_database(Config(home=folder.path).database_url)
    with store.transaction() as session:
        schedule(session, "close", "round:1", at("2026-03-02"), NOW)
        schedule(session, "remind", "round:2", at("2099-01-03"), NOW)
        schedule(session, "close", "round:3", at("2026-03-03"), NOW)
        cancel(session, "close", "round:3")
    store.close()
    return folder


def test_the_list(scheduled: Folder) -> None:
    lines = scheduled.run("deadlines", "list").out.splitlines()
    assert lines == [
        "2026-03-02 17:00 America/Toronto  close round:1: pending, due 2026-03-02 22:00 UTC",
        "2099-01-03 17:00 America/Toronto  remind round:2: pending, due 2099-01-06 22:00 UTC",
    ]
    assert "close round:3: cancelled" in scheduled.run("deadlines", "list", "--all").out
    [first, _] = scheduled.run("deadlines", "list", "--format", "json").data["deadlines"]  # type: ignore[misc]
    assert first["due"] == "2026-03-02 22:00:00+00:00"
    assert first["state"] == "pending"


def test_the_list_says_for_whom_each_is(scheduled: Folder) -> None:
    store = open_database(Config(home=scheduled.path).database_url)
    with store.transaction() as session:
        [anna] = add(session, [ANNA])
        [ben] = add(session, [replace(BEN, number=None)])
        kim = find_or_add(session, PersonRecord("Kim", "kim@example.org"), NOW).id
        schedule(session, "remind", "form", at("2099-02-01"), NOW, Owner(anna))
        schedule(session, "remind", "form", at("2099-02-02"), NOW, Owner(person_id=kim))
        schedule(session, "remind", "form", at("2099-02-03"), NOW, Owner(ben))
    store.close()
    shown = scheduled.run("deadlines", "list").out
    assert f"remind form for member {ANNA.number}: pending" in shown
    assert f"remind form for member ID {ben}: pending" in shown
    assert f"remind form for person ID {kim}: pending" in shown
    rows = scheduled.run("deadlines", "list", "--format", "json").data["deadlines"]
    owners = [(each["member"], each["person"]) for each in rows]  # type: ignore[attr-defined]
    assert owners == [(None, None), (None, None), (anna, None), (None, kim), (ben, None)]


def test_an_unknown_zone_and_an_error_are_said(scheduled: Folder) -> None:
    change(scheduled.path, "UPDATE due SET zone = 'Gone/Zone' WHERE id = 1")
    change(scheduled.path, "UPDATE due SET attempts = 3, last_error = 'no round' WHERE id = 2")
    shown = scheduled.run("deadlines", "list").out
    assert "close round:1: unknown time zone, never runs" in shown
    assert "remind round:2: 3 attempts failed: no round" in shown


def change(folder: Path, sql: str) -> None:
    store = open_database(Config(home=folder).database_url)
    with store.transaction() as session:
        session.execute(text(sql))
    store.close()


def test_no_deadlines(folder: Folder) -> None:
    assert folder.run("deadlines", "list").out == "No pending deadlines.\n"
    assert folder.run("deadlines", "run").out == "Nothing is due.\n"
    assert "Deadlines" not in folder.run("status").out


def test_what_is_due_runs(scheduled: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (DeadlineKind("close", reminder=False, run=lambda *_: None),)
    rounds = Feature(name="rounds", deadlines=lambda _config, _curricula: kinds)
    monkeypatch.setattr("bridge.features.FEATURES", (rounds,))
    shown = scheduled.run("status").out
    assert "Deadlines and reminders to come: 2, 1 of them overdue" in shown
    data = scheduled.run("status", "--format", "json").data
    assert data["deadlines"] == {"pending": 2, "overdue": 1}
    assert scheduled.run("deadlines", "run").out == "1 late\n"
    assert scheduled.run("deadlines", "run", "--format", "json").data == {}
    assert "Deadlines and reminders to come: 1\n" in scheduled.run("status").out
    assert "close round:1: done, " in scheduled.run("deadlines", "list", "--all").out
