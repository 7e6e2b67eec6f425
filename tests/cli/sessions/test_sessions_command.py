"""`sessions list`, `schedule`, `open`, `postpone` and `cancel`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.command_runner import Folder

YAML = """\
sessions:
  - session: hearings
    title: Hearings
    minutes: 90
  - session: series
    title: A series
    parts:
      - {part: one, title: First}
      - {part: two, title: Second}
"""


@pytest.fixture
def union(folder: Folder) -> Folder:
    folder.write("curricula/small/sessions.yaml", YAML)
    return folder


def schedule(union: Folder, *options: str) -> str:
    """Schedule a session far in the future; return its key."""
    return union.run(
        "sessions", "schedule", "small/hearings", "2999-04-17 18:00", *options
    ).out.strip()


def audited(union: Folder, action: str) -> list[dict[str, object]]:
    """What the activity log says about each of these actions."""
    with closing(sqlite3.connect(union.path / "var" / "stewardpath.db")) as db:
        found = db.execute("SELECT after FROM audit WHERE action = ?", [action])
        return [json.loads(row[0]) for row in found]


def test_from_scheduled_to_cancelled(union: Folder) -> None:
    assert union.run("sessions", "list").out == "No sessions.\n"
    key = schedule(union, "--key", "spring", "--seats-online", "40", "--zone", "Europe/Paris")
    assert key == "spring"
    [listed] = union.run("sessions", "list", "--format", "json").data["sessions"]
    assert (listed["key"], listed["status"], listed["seats_online"]) == ("spring", "draft", 40)
    assert (listed["starts"], listed["ends"]) == ("2999-04-17 18:00", "2999-04-17 19:30")
    assert "Opened." in union.run("sessions", "open", key).err
    assert "open already" in union.run("sessions", "open", key).err
    assert (
        "spring  2999-04-17 18:00 Europe/Paris  open  Hearings" in union.run("sessions", "list").out
    )
    union.run("sessions", "postpone", key, "--reason", "Snow.")
    assert "postponed" in union.run("sessions", "list").out
    union.run("sessions", "postpone", key, "--to", "2999-05-20 18:00", "--reason", "Room taken.")
    assert any(each.get("reason") == "Room taken." for each in audited(union, "session"))
    assert "2999-05-20 18:00 Europe/Paris  open" in union.run("sessions", "list").out
    assert "Cancelled." in union.run("sessions", "cancel", key).err
    assert "cancelled already" in union.run("sessions", "cancel", key).err
    assert union.run("sessions", "list", "--past").out == "No sessions.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["schedule", "small/gone", "2999-04-17 18:00"], "no such topic"),
        (["schedule", "small/hearing", "2999-04-17 18:00"], "did you mean `small/hearings`?"),
        (["schedule", "small/series", "2999-04-17 18:00"], "needs one of its parts"),
        (["schedule", "small/hearings", "2020-04-17 18:00"], "in the past"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--zone", "Mars"], "no time zone"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--link", "http://x.y"], "https://"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--region", "moon"], "no such region"),
        (["schedule", "small/hearings", "tomorrow"], "tomorrow"),
        (["open", "gone"], "no session with this key"),
        (["cancel", "gone"], "no session with this key"),
    ],
)
def test_what_cannot_be_is_said(union: Folder, arguments: list[str], message: str) -> None:
    answer = union.run("sessions", *arguments, code=2 if "tomorrow" in arguments else 1)
    assert message in answer.err
    assert "Traceback" not in answer.err


def test_a_key_is_used_once(union: Folder) -> None:
    assert schedule(union, "--key", "spring", "--open") == "spring"
    again = union.run(
        "sessions", "schedule", "small/hearings", "2999-04-18 18:00", "--key", "spring", code=1
    )
    assert "with this key already" in again.err


def test_people_join_with_a_link_or_through_a_provider(union: Folder) -> None:
    schedule(union, "--key", "typed", "--link", "https://meet.example/1")
    [listed] = union.run("sessions", "list", "--format", "json").data["sessions"]
    assert (listed["provider"], listed["problem"]) == ("link", None)
    assert "meet.example" not in str(listed)
    for option in (["--bigbluebutton"], ["--zoom", "812 3456 7890"]):
        refused = union.run("sessions", "schedule", "small/hearings", "2999-04-17 18:00", *option,
                            code=1)  # fmt: skip
        assert "isn't set up" in refused.err
    both = ["--bigbluebutton", "--link", "https://meet.example/1"]
    wrong = union.run("sessions", "schedule", "small/hearings", "2999-04-17 18:00", *both, code=2)
    assert "give one of" in wrong.err
