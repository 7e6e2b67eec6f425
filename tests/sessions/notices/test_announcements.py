"""Who is told about a session before it, when, and how often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bridge.curriculum.audience import Audience
from bridge.curriculum.topics import Topic
from bridge.sessions import scheduling
from bridge.sessions.notices import run as notices_run
from bridge.sessions.notices import senders
from bridge.sessions.notices.kinds import ANNOUNCEMENT
from bridge.sessions.notices.timing import RESCAN
from bridge.store.persons import personal_links
from bridge.store.tables.persons import Person
from tests.sessions.environment import DATA, PATH, Union, times
from tests.sessions.notices.environment import (
    add_members,
    notices,
    recipients,
    run,
    send_all,
    unsent,
    unsubscribe,
)
from tests.support.sample_curricula import text

WEEK_BEFORE = times().since - timedelta(days=7)


def announced(union: Union) -> set[str]:
    found = recipients(union, ANNOUNCEMENT)
    assert set(found.values()) <= {1}
    return {each.partition("@")[0] for each in found}


def act(union: Union, what: Callable[..., object], *arguments: object) -> None:
    with union.db.transaction() as session:
        what(session, union.office, *arguments)


def test_a_week_before_those_who_are_not_registered_get_it_once(union: Union) -> None:
    add_members(union, ["Ana", "Ben"])
    add_members(union, ["Lea"], status="left")
    add_members(union, ["Nia"], status="not-yet-member")
    _, registered = union.member("R1", "Rita")
    _, off = union.member("U1", "Uma")
    _, gone = union.member("G1", "Gus")
    _, leader = union.member("L1", "Lou")
    union.person("Guest")
    number = union.schedule()
    act(union, scheduling.set_leaders, number, [leader])
    for each in (registered, gone):
        union.register(number, each)
    union.leave(number, gone)
    unsubscribe(union, off, "session-announcements")
    run(union, WEEK_BEFORE - timedelta(seconds=1))
    assert announced(union) == set()
    run(union, WEEK_BEFORE)
    assert announced(union) == {"ana", "ben", "nia"}
    run(union)
    run(union, WEEK_BEFORE + RESCAN)
    assert announced(union) == {"ana", "ben", "nia"}


@pytest.mark.parametrize(("day", "times_told"), [("2027-07-17", 2), ("2027-04-18", 1)])
def test_another_date_is_announced_again_unless_it_is_near(
    union: Union, day: str, times_told: int
) -> None:
    add_members(union, ["Ana"])
    number = union.schedule()
    run(union, WEEK_BEFORE + timedelta(hours=1))
    send_all(union)
    act(union, scheduling.postpone, number, "")
    act(union, scheduling.set_new_date, number, times(day))
    for days in (7, 6):
        run(union, times(day).since - timedelta(days=days))
    assert recipients(union, ANNOUNCEMENT) == {"ana@union.example": times_told}


def test_the_link_is_the_recipients_own(union: Union) -> None:
    add_members(union, ["Ana", "Ben"])
    number = union.schedule()
    run(union, WEEK_BEFORE)
    for email in union.emails():
        token = str(email.payload["link"]).split("/")[-2]
        with union.db.reading() as session:
            link = personal_links.find(session, token, union.now)
            assert link is not None
            assert (link.purpose, link.subject) == ("session-rsvp", str(number))
            person = session.get_one(Person, link.person_id)
            assert person.email == email.email
        assert email.expires_at == times().since


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled", "over", "off"])
def test_not_announced(union: Union, state: str) -> None:
    add_members(union, ["Ana"])
    number = union.schedule(opened=state != "draft")
    if state == "postponed":
        act(union, scheduling.postpone, number, "")
    if state == "cancelled":
        act(union, scheduling.cancel, number, "")
    if state == "off":
        settings = union.config.sessions.model_copy(update={"announce_days": 0})
        union.config = union.config.model_copy(update={"sessions": settings})
    run(union, times().since if state == "over" else WEEK_BEFORE)
    assert notices(union) == []


def test_a_full_session_is_announced_while_its_list_advances(union: Union) -> None:
    number = union.schedule(replace(DATA, seats_online=1))
    union.register(number, union.person("Guest"))
    add_members(union, ["Ana"])
    run(union, times().since - timedelta(hours=2))
    assert announced(union) == set()
    run(union, times().since - timedelta(hours=3))
    assert announced(union) == {"ana"}
    assert union.emails()[-1].payload["full"] is True


def test_one_that_opens_later_is_announced_at_once(union: Union) -> None:
    add_members(union, ["Ana"])
    number = union.schedule(opened=False)
    union.now = WEEK_BEFORE + timedelta(days=5)
    act(union, scheduling.open_registration, number)
    run(union)
    assert announced(union) == {"ana"}


def test_someone_who_joins_the_audience_later_gets_it_too(union: Union) -> None:
    stewards = Topic("hearings", text("Hearings"), audience=Audience(stewards=True))
    union.curricula = (replace(PATH, topics=(stewards,)),)
    add_members(union, ["Ana"])
    add_members(union, ["Sam"], role="steward")
    union.schedule()
    run(union, WEEK_BEFORE)
    assert announced(union) == {"sam"}
    add_members(union, ["Ana"], role="chief-steward")
    run(union, WEEK_BEFORE + RESCAN - timedelta(seconds=1))
    assert announced(union) == {"sam"}
    run(union, WEEK_BEFORE + RESCAN)
    assert announced(union) == {"sam", "ana"}


def test_a_session_that_is_moved_is_not_announced_again(union: Union) -> None:
    add_members(union, ["Ana"])
    number = union.schedule()
    run(union, WEEK_BEFORE)
    send_all(union)
    act(union, scheduling.set_new_date, number, times("2027-04-18"))
    add_members(union, ["Ben"])
    run(union, WEEK_BEFORE + timedelta(days=1))
    assert announced(union) == {"ana", "ben"}
    act(union, scheduling.cancel, number, "")
    act(union, scheduling.open_registration, number)
    run(union)
    assert announced(union) == {"ana", "ben"}


@pytest.mark.parametrize("what", ["cancel", "postpone", "move"])
def test_what_is_not_sent_yet_is_given_up(union: Union, what: str) -> None:
    """It would say what is no longer true. If the session takes place again, it is announced."""
    add_members(union, ["Ana"])
    number = union.schedule()
    run(union, WEEK_BEFORE)
    assert unsent(union) == [ANNOUNCEMENT]
    later = times("2027-04-18")
    match what:
        case "move":
            data = replace(DATA, times=later)
            act(union, scheduling.change, number, data, union.session(number).version)
            assert unsent(union) == []
        case "cancel":
            act(union, scheduling.cancel, number, "")
            assert unsent(union) == []
            act(union, scheduling.open_registration, number)
        case _:
            act(union, scheduling.postpone, number, "")
            assert unsent(union) == []
            act(union, scheduling.set_new_date, number, later)
    run(union, WEEK_BEFORE + timedelta(days=1))
    assert notices(union) == ["announcement"]
    assert unsent(union) == [ANNOUNCEMENT]


def test_registering_makes_the_announcement_unnecessary(union: Union) -> None:
    _, ana = union.member("A1", "Ana")
    number = union.schedule()
    run(union, WEEK_BEFORE)
    union.register(number, ana)
    assert unsent(union) == ["session-seated"]


def test_a_large_audience_takes_several_short_transactions(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.sessions.notices.announcements.BATCH_SIZE", 3)
    monkeypatch.setattr(notices_run, "MAX_BATCHES", 2)
    names = [f"M{number:02}" for number in range(10)]
    add_members(union, names)
    union.schedule()
    run(union, WEEK_BEFORE)
    assert len(announced(union)) == 6
    run(union)
    assert announced(union) == {each.lower() for each in names}
    assert senders.BATCH_SIZE <= 500


def test_an_address_that_no_email_can_have_stops_nothing(union: Union) -> None:
    add_members(union, ["Ana", "Ben"])
    with union.db.transaction() as session:
        from bridge.store.tables.members import Member

        first = session.scalars(select(Member).where(Member.number == "Ana")).one()
        first.email = "no address"
        count = session.scalar(select(func.count()).select_from(Member))
    assert count == 2
    union.schedule()
    run(union, WEEK_BEFORE)
    assert announced(union) == {"ben"}
