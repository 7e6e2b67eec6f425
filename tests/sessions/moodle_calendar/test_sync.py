"""Sessions and Moodle's calendar stay in sync, and nothing is lost or made twice."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from bridge.errors import MoodleError
from bridge.sessions import scheduling
from bridge.sessions.moodle_calendar import sync
from bridge.store.database import Database
from tests.sessions.environment import DATA, times
from tests.sessions.moodle_calendar.conftest import COURSE, FIRST, PATH, Calendar
from tests.support.sample_curricula import milestone


def cancel(calendar: Calendar, number: int) -> None:
    with calendar.union.db.transaction() as session:
        scheduling.cancel(session, calendar.union.office, number, "")


def move(calendar: Calendar, number: int, day: str) -> None:
    union = calendar.union
    with union.db.transaction() as session:
        data = replace(DATA, times=times(day))
        version = union.session(number).version
        scheduling.change(session, union.office, number, data, version)


def days(calendar: Calendar, course: str = COURSE) -> list[int]:
    """When the events start, in days from now."""
    now = calendar.union.now.timestamp()
    return [int((each["timestart"] - now) // 86_400) for each in calendar.events(course)]


def test_the_whole_life_of_a_session(calendar: Calendar) -> None:
    union = calendar.union
    number = union.schedule(opened=False)
    assert calendar.sync() == {}, "a draft is not in Moodle"
    assert calendar.status(number) == {}
    with union.db.transaction() as session:
        scheduling.open_registration(session, union.office, number)
    assert set(calendar.status(number).values()) == {"waiting"}
    assert calendar.sync() == {"saved": 2}
    for course in (COURSE, COURSE.replace("first", "second")):
        [event] = calendar.events(course)
        assert event["name"] == "Hearings"
        assert event["timestart"] == int(union.session(number).starts_at.timestamp())
        assert event["timeduration"] == 7200
        assert f'/sessions/{number}"' in event["description"]
        assert "meet.example" not in event["description"]
    assert set(calendar.status(number).values()) == {"there"}
    assert not sync.is_due(calendar.work)
    assert calendar.sync() == {}

    move(calendar, number, "2027-04-20")
    assert set(calendar.status(number).values()) == {"waiting"}
    assert calendar.sync() == {"saved": 2}
    assert days(calendar) == [50]
    with union.db.transaction() as session:
        scheduling.postpone(session, union.office, number, "Snow")
    assert set(calendar.status(number).values()) == {"leaving"}
    assert calendar.sync() == {"removed": 2}
    assert calendar.events() == []
    with union.db.transaction() as session:
        scheduling.set_new_date(session, union.office, number, times("2027-04-30"))
    assert calendar.sync() == {"saved": 2}
    assert days(calendar) == [60]
    cancel(calendar, number)
    assert calendar.sync() == {"removed": 2}
    assert calendar.events() == []
    assert not sync.is_due(calendar.work)


def test_no_course_if_no_milestone_requires_the_topic(calendar: Calendar) -> None:
    number = calendar.union.schedule(replace(DATA, topic="other"))
    assert calendar.sync() == {}
    assert calendar.status(number) == {}


def test_a_session_that_is_over_stays(calendar: Calendar) -> None:
    number = calendar.union.schedule()
    calendar.sync()
    calendar.union.wait(days=60)
    assert calendar.sync(check=True) == {}
    assert len(calendar.events()) == 1
    assert set(calendar.status(number, over=True).values()) == {"there"}


def test_what_was_made_but_not_recorded_is_found(calendar: Calendar) -> None:
    """The connection breaks after Moodle has made the event, as if this process was killed."""
    number = calendar.union.schedule()
    calendar.break_off(calendar.save)
    with pytest.raises(MoodleError):
        calendar.sync()
    calendar.site.faults.clear()
    assert len(calendar.events()) == 1
    assert set(calendar.status(number).values()) == {"failed"}
    assert calendar.sync() == {}, "not again before its time"
    calendar.union.wait(minutes=1)
    assert calendar.sync() == {"saved": 1}, "the other course's"
    assert len(calendar.events()) == 1
    assert set(calendar.status(number).values()) == {"there"}


def test_what_was_made_but_not_recorded_is_removed(calendar: Calendar) -> None:
    number = calendar.union.schedule()
    calendar.break_off(calendar.save)
    with pytest.raises(MoodleError):
        calendar.sync()
    calendar.site.faults.clear()
    cancel(calendar, number)
    calendar.union.wait(minutes=1)
    assert calendar.sync()["removed"] == 1
    assert calendar.events() == []
    assert not sync.is_due(calendar.work)


class Killed(BaseException):
    """Ends the process, as a kill does: nothing catches it."""


@pytest.mark.parametrize("step", range(1, 5))
@pytest.mark.parametrize("then", ["kept", "moved", "cancelled"])
def test_killed_before_any_write_it_goes_on(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch, step: int, then: str
) -> None:
    """Writes: the rows of the first course, its event, then the second course's."""
    number, left = calendar.union.schedule(), count(1)
    database = type(calendar.union.db)
    transaction = database.transaction

    def stop(self: Database) -> AbstractContextManager[Session]:
        if next(left) == step:
            raise Killed
        return transaction(self)

    monkeypatch.setattr(database, "transaction", stop)
    with pytest.raises(Killed):
        calendar.sync()
    monkeypatch.undo()
    if then == "moved":
        move(calendar, number, "2027-04-20")
    elif then == "cancelled":
        cancel(calendar, number)
    calendar.sync()
    for course in (COURSE, COURSE.replace("first", "second")):
        expected = {"kept": [47], "moved": [50], "cancelled": []}[then]
        assert days(calendar, course) == expected
    assert not sync.is_due(calendar.work)


def test_the_nightly_check_makes_a_lost_event_again(calendar: Calendar) -> None:
    calendar.union.schedule()
    calendar.sync()
    calendar.site.do("DELETE FROM event")
    assert calendar.sync() == {}
    assert calendar.sync(check=True) == {"saved": 2}
    assert len(calendar.events()) == 1
    assert calendar.sync(check=True) == {}


def test_the_nightly_check_repairs_and_keeps_one(calendar: Calendar) -> None:
    calendar.union.schedule()
    calendar.sync()
    columns = "courseid, userid, uuid, name, description, timestart, timeduration"
    calendar.site.do(f"INSERT INTO event ({columns}) SELECT {columns} FROM event")
    calendar.site.do("UPDATE event SET name = 'By hand'")
    calendar.sync(check=True)
    assert [each["name"] for each in calendar.events()] == ["Hearings"]


def test_an_event_without_our_link_is_removed_with_the_plugin(calendar: Calendar) -> None:
    """Someone has changed its description: only its uuid tells whose it is."""
    number = calendar.union.schedule()
    calendar.sync()
    calendar.site.do("UPDATE event SET description = 'By hand'")
    cancel(calendar, number)
    calendar.sync()
    assert len(calendar.events()) == (0 if calendar.companion else 1)


def test_an_event_of_a_person_is_left_alone(calendar: Calendar) -> None:
    number = calendar.union.schedule()
    course = calendar.site.one("SELECT id FROM course WHERE idnumber = ?", COURSE)
    calendar.site.do(
        "INSERT INTO event (courseid, userid, name, description, timestart) VALUES (?, 2, ?, ?, 1)",
        course, "Mine", f'<a href="http://127.0.0.1:8080/sessions/{number}">See</a>',
    )  # fmt: skip
    calendar.sync()
    assert [each["name"] for each in calendar.events()] == ["Mine", "Hearings"]
    cancel(calendar, number)
    calendar.sync()
    assert [each["name"] for each in calendar.events()] == ["Mine"]


def test_an_error_of_the_site_blocks_nothing(calendar: Calendar) -> None:
    calendar.break_off("*", kind="error-500")
    number = calendar.union.schedule()
    with pytest.raises(MoodleError):
        calendar.sync()
    calendar.site.faults.clear()
    assert set(calendar.status(number).values()) == {"failed"}
    move(calendar, number, "2027-04-20")
    calendar.union.wait(minutes=1)
    calendar.sync()
    assert days(calendar) == [50]


def test_a_course_that_is_not_there_yet_does_not_stop_others(calendar: Calendar) -> None:
    third = replace(milestone("third"), requirements=FIRST.requirements)
    path = replace(PATH, milestones=(*PATH.milestones, third))
    calendar.union.curricula = (path,)
    number = calendar.union.schedule()
    assert calendar.sync() == {"saved": 2, "failed": 1}
    assert sorted(calendar.status(number).values()) == ["failed", "there", "there"]
    calendar.publish(path)
    calendar.union.wait(minutes=1)
    assert calendar.sync() == {"saved": 1}


def test_a_renamed_milestone_keeps_its_event(calendar: Calendar) -> None:
    calendar.union.schedule()
    calendar.sync()
    before = [each["id"] for each in calendar.events()]
    renamed = replace(FIRST, key="start", previously="first")
    path = replace(PATH, milestones=(renamed, PATH.milestones[1]))
    calendar.union.curricula = (path,)
    assert calendar.sync(check=True) == {}
    calendar.publish(path)
    assert calendar.sync(check=True) == {}
    assert [each["id"] for each in calendar.events(COURSE.replace("first", "start"))] == before


def test_a_topic_that_is_no_longer_required_leaves(calendar: Calendar) -> None:
    calendar.union.schedule()
    calendar.sync()
    first = replace(FIRST, requirements=milestone("first").requirements)
    calendar.union.curricula = (replace(PATH, milestones=(first, PATH.milestones[1])),)
    assert calendar.sync() == {"removed": 1}
    assert calendar.events() == []


def test_a_curriculum_that_cannot_be_read_changes_nothing(calendar: Calendar) -> None:
    calendar.union.schedule()
    calendar.sync()
    calendar.union.curricula = ()
    assert calendar.sync(check=True) == {}
    assert len(calendar.events()) == 1


def test_a_plugin_that_is_installed_later_takes_over(calendar: Calendar) -> None:
    """An event without a uuid is replaced, and none is there twice."""
    calendar.union.schedule()
    calendar.sync()
    calendar.site.do("UPDATE event SET uuid = ''")
    calendar.sync(check=True)
    [event] = calendar.events()
    assert bool(event["uuid"]) == calendar.companion


@pytest.mark.parametrize("days_back", [1, 400])
def test_a_clock_that_was_wrong_delays_nothing(calendar: Calendar, days_back: int) -> None:
    calendar.union.schedule()
    calendar.break_off("*", kind="error-500")
    with pytest.raises(MoodleError):
        calendar.sync()
    calendar.site.faults.clear()
    calendar.union.now -= timedelta(days=days_back)
    assert calendar.sync()["saved"] == 2
