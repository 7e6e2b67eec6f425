"""Importing: new, changed, what the pages own, and nothing at all if anything is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bridge.sessions import live_sessions, scheduling
from bridge.sessions.schedule_files.importing import Choices, Imported, import_schedule
from bridge.sessions.tables import LiveSession
from bridge.store.database import Database
from bridge.store.tables.operations import AuditEntry
from tests.sessions.environment import ZONE, Union, times

FILE = """\
- key: spring
  session: hearings
  state: open
  starts: 2027-04-17 18:00
  ends: "20:00"
  timezone: America/Los_Angeles
  seats: {online: 2}
  place: {online: https://meet.example/1}
"""
EVERYTHING = Choices(overwrite=lambda _key, _field, _version: True)


@pytest.fixture
def union(db: Database) -> Union:
    return Union(db)


def run(
    union: Union,
    text: str = FILE,
    choices: Choices | None = None,
    *,
    file: str = "schedule.yaml",
    preview: bool = False,
) -> Imported:
    return import_schedule(
        union.db, union.config, union.office, file, text, choices or Choices(), preview=preview
    )


def kinds(done: Imported) -> list[str]:
    assert not done.problems, done.problems
    return [each.kind for each in done.outcomes]


def problems(done: Imported) -> list[str]:
    return [f"{each.line}:{each.column} {each.message}" for each in done.problems]


def stored(union: Union) -> list[LiveSession]:
    with union.db.reading() as session:
        return list(session.scalars(select(LiveSession).order_by(LiveSession.id)))


def only(union: Union) -> LiveSession:
    [found] = stored(union)
    return found


def edit(union: Union, **values: object) -> None:
    """As on the page."""
    live = only(union)
    with union.db.transaction() as session:
        data = replace(live_sessions.data_of(live), **values)  # type: ignore[arg-type]
        scheduling.change(session, union.office, live.id, data, live.version)


def test_a_session_is_new_once_and_unchanged_afterwards(union: Union) -> None:
    assert kinds(run(union, preview=True)) == ["new"]
    assert stored(union) == []
    assert kinds(run(union)) == ["new"]
    live = only(union)
    assert (live.key, live.state, live.topic, live.seats_online) == (
        "spring",
        "open",
        "hearings",
        2,
    )
    assert (f"{live.starts:%m-%d %H:%M}", f"{live.ends:%H:%M}", live.zone) == (
        "04-17 18:00", "20:00", ZONE,
    )  # fmt: skip
    assert (live.online, live.in_person, live.link) == (True, False, "https://meet.example/1")
    assert kinds(run(union)) == ["unchanged"]
    assert only(union).version == live.version


def test_registered_people_are_told_once_what_the_file_changes(union: Union) -> None:
    run(union)
    kim = union.person("Kim")
    union.register(only(union).id, kim)
    later = FILE.replace("04-17", "04-18")
    assert kinds(run(union, later, preview=True)) == ["changed"]
    assert union.news(kim) == ["seated"]
    assert kinds(run(union, later)) == ["changed"]
    assert kinds(run(union, later)) == ["unchanged"]
    assert union.news(kim) == ["seated", "changed"]
    harmless = later.replace("online: 2", "online: 5").replace("meet.example/1", "meet.example/2")
    assert kinds(run(union, harmless)) == ["changed"]
    assert union.news(kim) == ["seated", "changed"]
    assert kinds(run(union, harmless.replace("state: open", "state: cancelled"))) == ["changed"]
    assert union.news(kim)[2:] == ["cancelled"]


def test_what_was_changed_on_the_pages_stays(union: Union) -> None:
    run(union)
    edit(union, seats_online=7, region="north")
    file = FILE.replace("online: 2", "online: 3").replace("18:00", "17:00")
    done = run(union, file)
    assert kinds(done) == ["changed"]
    changes = {each.field: (each.before, each.after, each.applied) for each in
               done.outcomes[0].changes}  # fmt: skip
    assert changes["seats_online"] == ("7", "3", False)
    assert changes["times"][2]
    assert (only(union).seats_online, only(union).starts.hour, only(union).region) == (
        7, 17, "north",
    )  # fmt: skip
    assert kinds(run(union, file)) == ["different"]
    assert kinds(run(union, file, EVERYTHING)) == ["changed"]
    assert only(union).seats_online == 3
    assert kinds(run(union, file)) == ["unchanged"]
    assert kinds(run(union, file.replace("online: 3", "online: 4"))) == ["changed"]


def test_also_what_the_file_never_said_again_stays_and_a_session_of_the_pages(union: Union) -> None:
    union.schedule()
    key = only(union).key
    file = FILE.replace("spring", key).replace("online: 2", "online: 9")
    assert kinds(run(union, file)) == ["different"]
    assert only(union).seats_online == 2
    assert kinds(run(union, file.replace("online: 9", "online: 2"))) == ["unchanged"]
    assert kinds(run(union, file)) == ["different"]
    version = only(union).version
    older = Choices(
        overwrite=lambda _key, field, seen: (field, seen) == ("seats_online", version - 1)
    )
    assert kinds(run(union, file, older)) == ["different"]
    ticked = Choices(overwrite=lambda _key, field, seen: (field, seen) == ("seats_online", version))
    assert kinds(run(union, file, ticked)) == ["changed"]


def test_every_bad_row_is_reported_in_one_go_and_nothing_is_changed(union: Union) -> None:
    run(union)
    for each in union.people(2):
        union.register(only(union).id, each)
    before = len(union.emails())
    rows = [
        FILE.replace("online: 2", "online: 1").replace("04-17", "04-19"),
        FILE.replace("spring", "a").replace("2027-04-17", "2027-02-17"),
        FILE.replace("spring", "b").replace('"20:00"', '"17:30"'),
        FILE.replace("spring", "c").replace("hearings", "hearing"),
        FILE.replace("spring", "d") + "  leaders: [nobody@union.example]\n",
        FILE.replace("spring", "e").replace("open", "cancelled"),
        FILE.replace("spring", "fine"),
    ]
    done = run(union, "".join(rows))
    assert problems(done) == [
        "1:3 2 seats are taken already: there can't be fewer.",
        "12:11 a session can't start in the past.",
        "21:9 the session ends before it starts.",
        "26:12 there is no topic `hearing`.",
        "41:13 there is no member or person `nobody@union.example`.",
        "42:3 a new session is a draft or open.",
    ]
    assert [each.key for each in stored(union)] == ["spring"]
    assert len(union.emails()) == before


def test_leaders_are_named_and_nobody_names_themselves(union: Union) -> None:
    _, person = union.member("1002", "Lou")
    speaker = union.person("Speaker")
    named = f"{FILE}  leaders: ['1002', SPEAKER@people.example]\n"
    own = Choices(may_name=lambda _session, each: each != person)
    assert problems(run(union, named, own)) == ["9:13 someone else must name you as a leader."]
    assert kinds(run(union, named)) == ["new"]
    with union.db.reading() as session:
        assert live_sessions.leader_ids(session, only(union).id) == {person, speaker}
    assert kinds(run(union, named, own)) == ["unchanged"]
    assert kinds(run(union)) == ["unchanged"]
    done = run(union, f"{FILE}  leaders: []\n")
    assert done.outcomes[0].changes[0].before == "1002, speaker@people.example"
    assert kinds(done) == ["changed"]


def test_a_postponed_session_gets_a_new_date_that_is_confirmed(union: Union) -> None:
    run(union)
    kim = union.person("Kim")
    union.register(only(union).id, kim)
    assert kinds(run(union, FILE.replace("state: open", "state: postponed"))) == ["changed"]
    assert problems(run(union)) == ["1:3 a postponed session needs a new date."]
    assert kinds(run(union, FILE.replace("04-17", "05-20"))) == ["changed"]
    assert union.news(kim) == ["seated", "postponed", "new-date"]
    assert problems(run(union, FILE.replace("open", "draft").replace("04-17", "05-20"))) == [
        "1:3 it can't become a draft again."
    ]


def test_the_activity_log_says_that_a_file_changed_the_state(union: Union) -> None:
    run(union)
    kim = union.person("Kim")
    union.register(only(union).id, kim)
    run(union, FILE.replace("state: open", "state: postponed"), file="spring.yaml")
    with union.db.reading() as session:
        after = [each.after for each in session.scalars(select(AuditEntry)) if each.after]
    why = {each["state"]: each.get("reason") for each in after if "state" in each}
    assert why["postponed"] == "schedule file: spring.yaml"
    assert only(union).reason == union.emails(kim)[-1].payload["reason"] == ""


def test_a_session_that_is_over_stays_as_it_is(union: Union) -> None:
    run(union)
    union.now = times("2027-05-01").since
    assert kinds(run(union)) == ["unchanged"]
    assert problems(run(union, FILE.replace("18:00", "17:00"))) == ["1:3 the session is over."]


def test_the_link_to_join_is_in_no_outcome_and_no_audit_log(union: Union) -> None:
    run(union)
    done = run(union, FILE.replace("meet.example/1", "meet.example/secret"))
    [change] = done.outcomes[0].changes
    assert (change.field, change.before, change.after) == ("link", "", "")
    with union.db.reading() as session:
        lines = session.scalars(select(AuditEntry)).all()
        assert "secret" not in str([(each.before, each.after) for each in lines])
