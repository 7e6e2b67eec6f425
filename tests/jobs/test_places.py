"""Where Moodle keeps each activity is kept with what is read and made, so that pages can link."""

from __future__ import annotations

from dataclasses import replace

from paths import curriculum, milestone, page, quiz, section
from standin import StandIn

from bridge.jobs.loop import run_drift
from bridge.jobs.sync import apply, remember
from bridge.moodle.site import connect
from bridge.store import course_modules

from .conftest import Build
from .house import House


def kept(house: House) -> dict[str, int]:
    with house.database.reading() as session:
        return {activity: cmid for (_, activity), cmid in course_modules.known(session).items()}


def in_moodle(house: House) -> dict[str, int]:
    """What a learner can open there."""
    found = house.site.rows("SELECT idnumber, cmid FROM activity WHERE visible")
    return {idnumber.rpartition(":")[2]: cmid for idnumber, cmid in found}


def make(house: House) -> None:
    site = connect(house.moodle)
    for path in house.curricula:
        apply(site, path, max_share=1.0)
        remember(house.database, site, path)


def test_what_is_made_is_known_at_once(house: House) -> None:
    make(house)
    assert kept(house) == in_moodle(house)
    assert sorted(kept(house)) == ["agreement", "check", "deep", "hello"]


def test_what_is_read_is_known_without_a_call_more(applied: House) -> None:
    applied.site.faults.clear()
    run_drift(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    calls = len(applied.site.faults.log)
    assert kept(applied) == in_moodle(applied)
    assert applied.site.faults.log == (
        "core_webservice_get_site_info",
        "local_stewardpath_get_site_state",
        "local_stewardpath_get_course_state",
        "local_stewardpath_get_course_state",
    )
    before = applied.rows("SELECT * FROM course_module")
    run_drift(applied.database, applied.moodle, applied.config, applied.curricula, applied.clock)
    assert applied.rows("SELECT * FROM course_module") == before
    assert len(applied.site.faults.log) == 2 * calls


def test_what_is_hidden_is_known_no_more(house: House) -> None:
    make(house)
    first = milestone("first", section("start", quiz("check")))
    house.curricula = [replace(house.curricula[0], milestones=(first,), revision="b" * 64)]
    make(house)
    assert "hello" not in kept(house)
    assert kept(house) == in_moodle(house)
    run_drift(house.database, house.moodle, house.config, house.curricula, house.clock)
    assert kept(house) == in_moodle(house)


def test_what_is_renamed_is_known_by_its_new_key(house: House) -> None:
    make(house)
    before = kept(house)
    first = milestone("first", section("start", page("hello"), quiz("exam", previously="check")))
    second = house.curricula[0].milestones[1]
    house.curricula = [curriculum(first, second, revision="b" * 64)]
    make(house)
    assert kept(house)["exam"] == before["check"]
    assert kept(house) == in_moodle(house)


def test_a_course_that_is_gone_leaves_nothing(house: House) -> None:
    make(house)
    house.site.do("DELETE FROM activity")
    run_drift(house.database, house.moodle, house.config, house.curricula, house.clock)
    assert kept(house) == {}


def test_without_the_companion_a_quiz_made_by_hand_is_known(
    build: Build, bare_standin: StandIn
) -> None:
    house = build(bare_standin)
    make(house)
    assert kept(house) == {}
    house.site.do(
        "INSERT INTO activity (instance, courseid, sectionid, position, modname, name, idnumber)"
        " SELECT 1, courseid, id, 0, 'quiz', 'Quiz check', '' FROM section WHERE name LIKE '%start'"
    )
    run_drift(house.database, house.moodle, house.config, house.curricula, house.clock)
    assert kept(house) == {"check": house.site.one("SELECT cmid FROM activity")}
