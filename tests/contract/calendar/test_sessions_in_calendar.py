"""Live sessions in Moodle's calendar, with the commands: with the plugin, and without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.sample_union import PATH, Union, course_of

SESSIONS = """\
sessions:
  - session: hearings
    title: {en: Hearings, fr: Audiences}
"""
LINK = "https://meet.example/private"


def add_topic(folder: Path) -> None:
    """A topic that the first milestone accepts, in a group."""
    (folder / "sessions.yaml").write_text(SESSIONS, "utf-8")
    file = folder / "welcome.yaml"
    text = file.read_text("utf-8")
    last = "      - page: what-the-union-does\n      - link: our-site\n"
    assert last in text
    text = text.replace(last, f"{last}      - session: hearings\n")
    file.write_text(text, "utf-8")


@pytest.fixture(params=["with the plugin", "without the plugin"])
def scheduler(union: Union, request: pytest.FixtureRequest) -> Union:
    """The union that schedules sessions."""
    found: Union = union if request.param == "with the plugin" else request.getfixturevalue("core")
    for folder in {union.folder, found.folder}:
        add_topic(folder / "curricula" / PATH)
    union.run("apply")
    return found


def events(union: Union, course: int) -> list[dict[str, Any]]:
    answer = union.moodle.call(
        "core_calendar_get_calendar_events",
        events={"courseids": [course]},
        options={"userevents": False, "siteevents": False},
        moodlewssettingraw=True,
    )
    return [each for each in answer["events"] if each["courseid"] == course]


def test_the_whole_life_of_a_session(union: Union, scheduler: Union) -> None:
    course, topic = course_of(union, "welcome"), f"{union.key}/hearings"
    options = ("--zone", "Europe/Paris", "--link", LINK, "--room", "Union <hall> & more", "--open")
    key = scheduler.run("sessions", "schedule", topic, "2037-04-17 18:00", *options).strip()
    assert scheduler.data("sessions", "moodle") == {"saved": 1, "removed": 0, "failed": 0}
    [event] = events(union, course)
    assert event["name"] == (
        '<span lang="en" class="multilang">Hearings</span>'
        '<span lang="fr" class="multilang">Audiences</span>'
    )
    assert (event["timestart"], event["timeduration"]) == (2_123_596_800, 7200)
    assert LINK not in event["description"]
    assert "Union &lt;hall&gt; &amp; more" in event["description"]
    assert event["description"].count('/sessions/1"') == 2
    assert scheduler.data("sessions", "moodle", "--check")["saved"] == 0, "it is as it was sent"
    assert [each["id"] for each in events(union, course)] == [event["id"]]

    scheduler.run("sessions", "postpone", key)
    assert scheduler.data("sessions", "moodle")["removed"] == 1
    assert events(union, course) == []
    scheduler.run("sessions", "postpone", key, "--to", "2037-05-20 18:00")
    assert scheduler.data("sessions", "moodle")["saved"] == 1
    scheduler.run("sessions", "postpone", key, "--to", "2037-05-21 18:00")
    assert scheduler.data("sessions", "moodle")["saved"] == 1
    [moved] = events(union, course)
    assert moved["timestart"] == event["timestart"] + 34 * 86_400
    gone = [{"eventid": moved["id"], "repeat": False}]
    union.moodle.call("core_calendar_delete_calendar_events", events=gone)
    assert scheduler.data("sessions", "moodle", "--check")["saved"] == 1, "a lost one is made again"
    assert len(events(union, course)) == 1
    scheduler.run("sessions", "cancel", key)
    assert scheduler.data("sessions", "moodle")["removed"] == 1
    assert events(union, course) == []
    assert scheduler.run("sessions", "moodle", "--check") == "Nothing to change.\n"
