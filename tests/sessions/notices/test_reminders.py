"""Reminders one day and one hour before, to those who have a seat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.member_records import MemberRecord
from bridge.sessions import scheduling
from bridge.sessions.notices.kinds import REMINDER
from bridge.store.members.upsert import upsert_members
from tests.sessions.environment import DATA, Union, times
from tests.sessions.notices.environment import notices, recipients, run, send_all, unsubscribe

START = times().since
DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_announcements(union: Union) -> None:
    settings = union.config.sessions.model_copy(update={"announce_days": 0})
    union.config = union.config.model_copy(update={"sessions": settings})


def act(union: Union, what: Callable[..., object], *arguments: object) -> None:
    with union.db.transaction() as session:
        what(session, union.office, *arguments)


def test_one_day_and_one_hour_before(union: Union) -> None:
    number = union.schedule()
    ana, ben, wim = union.people(3)
    for each in (ana, ben, wim):
        union.register(number, each)
    send_all(union)
    run(union, START - DAY - SECOND)
    assert notices(union) == []
    for _ in range(2):
        run(union, START - DAY)
        run(union, START - DAY + MINUTE)
        assert notices(union) == ["reminder"] * 2
    send_all(union)
    run(union, START - HOUR)
    run(union, START - HOUR + MINUTE)
    assert notices(union, ana) == notices(union, ben) == ["reminder"] * 2
    assert notices(union, wim) == []  # still waiting
    run(union, START)
    assert len(notices(union)) == 4


@pytest.mark.parametrize(
    ("hours", "late", "sent"),
    [(24, timedelta(minutes=59), 1), (24, HOUR, 0), (1, timedelta(minutes=29), 1),
     (1, timedelta(minutes=30), 0)],
)  # fmt: skip
def test_a_late_reminder_is_dropped(union: Union, hours: int, late: timedelta, sent: int) -> None:
    number = union.schedule()
    union.register(number, union.person("Ana"))
    run(union, START - timedelta(hours=hours) + late)
    assert len(notices(union)) == sent
    if sent:
        expires = union.emails()[-1].expires_at
        assert expires is not None
        assert START - timedelta(hours=hours) + late < expires < START


@pytest.mark.parametrize("what", ["postpone", "cancel"])
def test_none_for_a_session_that_does_not_take_place(union: Union, what: str) -> None:
    number = union.schedule()
    union.register(number, union.person("Ana"))
    run(union, START - DAY)
    act(union, getattr(scheduling, what), number, "")
    assert notices(union) == []  # the one that wasn't sent is given up
    run(union, START - HOUR)
    assert notices(union) == []


def test_a_moved_session_moves_its_reminders(union: Union) -> None:
    number = union.schedule()
    ana = union.person("Ana")
    union.register(number, ana)
    run(union, START - DAY)
    send_all(union)
    later = times("2027-04-24")
    act(union, scheduling.set_new_date, number, later)
    union.confirm(number, ana)
    run(union, START - HOUR)
    assert notices(union) == ["reminder"]
    run(union, later.since - DAY)
    run(union, later.since - HOUR)
    assert notices(union) == ["reminder"] * 3


@pytest.mark.parametrize("start", ["18:15", "17:45"])
def test_a_session_that_moves_a_little_reminds_nobody_twice(union: Union, start: str) -> None:
    number = union.schedule()
    union.register(number, union.person("Ana"))
    run(union, START - DAY)
    send_all(union)
    moved = replace(DATA, times=times(start=start))
    act(union, scheduling.change, number, moved, union.session(number).version)
    for minutes in range(0, 60, 5):
        run(union, START - DAY + timedelta(minutes=minutes))
    assert notices(union) == ["reminder"]


def test_who_was_told_after_the_reminder_was_due_gets_none(union: Union) -> None:
    """Nor do all, if the date was set then."""
    number = union.schedule()
    union.now = START - DAY + MINUTE
    union.register(number, union.person("Ana"))
    run(union)
    assert notices(union) == []
    other = union.schedule(replace(DATA, topic="series", part="one"))
    union.register(other, union.person("Ben"))
    union.now = START - HOUR - MINUTE
    soon = replace(DATA, topic="series", part="one", times=times(start="17:58"))
    act(union, scheduling.change, other, soon, union.session(other).version)
    run(union, union.now)
    assert notices(union, union.person("Ben")) == []


def test_not_those_who_unsubscribed_or_left_the_union(union: Union) -> None:
    number = union.schedule(replace(DATA, seats_online=9))
    _, gone = union.member("G1", "Gus")
    off, here = union.person("Off"), union.person("Here")
    for each in (gone, off, here):
        union.register(number, each)
    left = MemberRecord("G1", "gus@union.example", "Gus", "Example", status="left")
    with union.db.transaction() as session:
        upsert_members(session, [left], union.now)
    unsubscribe(union, off, "session-reminders")
    run(union, START - DAY)
    assert recipients(union, REMINDER) == {"here@people.example": 1}


def test_the_settings_say_how_often(union: Union) -> None:
    settings = union.config.sessions.model_copy(update={"remind_hours": (48, 0)})
    union.config = union.config.model_copy(update={"sessions": settings})
    number = union.schedule()
    union.register(number, union.person("Ana"))
    for before in (48, 24, 1, 0):
        run(union, START - timedelta(hours=before))
        run(union)
    assert notices(union) == ["reminder"] * 2


def test_where_it_is_and_how_to_say_no(union: Union) -> None:
    """A guest's link works without signing in; a member's leads to the session."""
    data = replace(DATA, in_person=True, room="Union hall")
    number = union.schedule(data)
    _, member = union.member("M1", "Mia")
    guest = union.person("Guest")
    union.register(number, member)
    union.register(number, guest, "room")
    run(union, START - DAY)
    sent = {each.person_id: each.payload for each in union.emails() if each.kind == REMINDER}
    assert sent[member]["link"] == f"{union.config.service.url}/sessions/{number}"
    assert (sent[member]["room"], sent[guest]["room"]) == ("", "Union hall")
    assert str(sent[guest]["link"]).endswith("/session")
    assert "/link/" in str(sent[guest]["link"])
