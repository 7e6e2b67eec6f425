"""The functions of the calendar: Moodle's own, and the plugin's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.moodle_site import MoodleSite

STARTS = 1_900_000_000
NAME = '<span lang="en" class="multilang">Hearings</span><span lang="fr" class="multilang">H</span>'
ABOUT = 'Online. <a href="https://union.example/sessions/7">Register &amp; more</a>'


def new_event(moodle_site: MoodleSite, **more: Any) -> dict[str, Any]:
    return {
        "name": NAME, "description": ABOUT, "format": 1, "courseid": moodle_site.course,
        "eventtype": "course", "timestart": STARTS, "timeduration": 7200, **more,
    }  # fmt: skip


def create(moodle_site: MoodleSite, **more: Any) -> int:
    answer = moodle_site.moodle.call(
        "core_calendar_create_calendar_events", events=[new_event(moodle_site, **more)]
    )
    assert answer["warnings"] == []
    [made] = answer["events"]
    return int(made["id"])


def events(moodle_site: MoodleSite) -> list[dict[str, Any]]:
    answer = moodle_site.moodle.call(
        "core_calendar_get_calendar_events",
        events={"courseids": [moodle_site.course]},
        options={"userevents": False, "siteevents": False, "ignorehidden": False},
        moodlewssettingraw=True,
    )
    assert answer["warnings"] == []
    return list(answer["events"])


def save(moodle_site: MoodleSite, **more: Any) -> dict[str, Any]:
    values = {
        "courseid": moodle_site.course, "uuid": "stewardpath:one", "name": NAME,
        "description": ABOUT, "timestart": STARTS, "timeduration": 7200, **more,
    }  # fmt: skip
    return dict(moodle_site.moodle.plugin("save_event", **values))


def check_fields(event: dict[str, Any], **expected: Any) -> None:
    """An event has what was sent, character for character."""
    wanted = {
        "name": NAME, "description": ABOUT, "timestart": STARTS, "timeduration": 7200,
        "eventtype": "course", **expected,
    }  # fmt: skip
    assert {name: event[name] for name in wanted} == wanted
    assert not event["modulename"]


def test_create_read_and_delete(moodle_site: MoodleSite) -> None:
    first, second = create(moodle_site), create(moodle_site)
    found = events(moodle_site)
    assert {each["id"] for each in found} == {first, second}, "a repeated call makes another event"
    check_fields(found[0], courseid=moodle_site.course)
    gone = [{"eventid": first, "repeat": False}]
    assert moodle_site.moodle.call("core_calendar_delete_calendar_events", events=gone) is None
    assert [each["id"] for each in events(moodle_site)] == [second]
    refusal = moodle_site.moodle.refusal("core_calendar_delete_calendar_events", events=gone)
    assert refusal["errorcode"] == "invalidrecord"


def test_deleting_is_all_or_nothing(moodle_site: MoodleSite) -> None:
    made = create(moodle_site)
    both = [{"eventid": each, "repeat": False} for each in (made, 99_999_999)]
    moodle_site.moodle.refusal("core_calendar_delete_calendar_events", events=both)
    assert [each["id"] for each in events(moodle_site)] == [made]


def test_save_finds_its_event_by_the_uuid(moodle_site: MoodleSite) -> None:
    made = save(moodle_site)
    assert made["action"] == "created"
    assert save(moodle_site) == {"id": made["id"], "action": "unchanged"}
    moved = save(moodle_site, timestart=STARTS + 60, name="Moved")
    assert moved == {"id": made["id"], "action": "updated"}
    [event] = events(moodle_site)
    check_fields(event, timestart=STARTS + 60, name="Moved")
    assert "uuid" not in event, "then the core functions could find it too"
    other = save(moodle_site, uuid="stewardpath:two")
    assert other["action"] == "created"
    assert len(events(moodle_site)) == 2


def test_delete_finds_its_event_by_the_uuid(moodle_site: MoodleSite) -> None:
    save(moodle_site)
    other = save(moodle_site, uuid="stewardpath:two")
    params = {"courseid": moodle_site.course, "uuid": "stewardpath:one"}
    assert moodle_site.moodle.plugin("delete_event", **params) == {"deleted": 1}
    assert [each["id"] for each in events(moodle_site)] == [other["id"]]
    assert moodle_site.moodle.plugin("delete_event", **params) == {"deleted": 0}
    wrong = params | {"uuid": "somebody-else"}
    refusal = moodle_site.moodle.refusal("local_stewardpath_delete_event", **wrong)
    assert refusal["errorcode"] == "notmanaged"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"uuid": "somebody-else"}, "notmanaged"),
        ({"name": " "}, "noname"),
        ({"timeduration": -1}, "outofbounds"),
        ({"timeduration": 8 * 86_400}, "outofbounds"),
        ({"courseid": 99_999_999}, "unknowncourse"),
    ],
)
def test_what_is_refused(moodle_site: MoodleSite, wrong: dict[str, Any], code: str) -> None:
    values = {
        "courseid": moodle_site.course, "uuid": "stewardpath:one", "name": NAME,
        "description": ABOUT, "timestart": STARTS, "timeduration": 7200, **wrong,
    }  # fmt: skip
    refusal = moodle_site.moodle.refusal("local_stewardpath_save_event", **values)
    assert refusal["errorcode"] == code
    assert events(moodle_site) == []
