"""Enrolments: all or none, and what undoing one leaves in the feed."""

from __future__ import annotations

from typing import Any

from .world import STUDENT, World


def _enrolment(world: World, user: int, **more: Any) -> dict[str, Any]:
    return {"roleid": STUDENT, "userid": user, "courseid": world.course, **more}


def _enrolled(world: World) -> list[dict[str, Any]]:
    found = world.moodle.call("core_enrol_get_enrolled_users", courseid=world.course)
    assert isinstance(found, list)
    return found


def test_enrolling_twice_is_enrolling_once(world: World) -> None:
    user = world.user()["id"]
    for _ in range(2):
        enrolments = [_enrolment(world, user)]
        assert world.moodle.call("enrol_manual_enrol_users", enrolments=enrolments) is None
    assert [(u["id"], u["roles"][0]["roleid"]) for u in _enrolled(world)] == [(user, STUDENT)]


def test_one_unknown_user_refuses_the_batch(world: World) -> None:
    enrolments = [_enrolment(world, world.user()["id"]), _enrolment(world, 99999999)]
    refusal = world.moodle.refusal("enrol_manual_enrol_users", enrolments=enrolments)
    assert refusal["errorcode"] == "invaliduser"
    assert _enrolled(world) == []


def test_an_unknown_course(world: World) -> None:
    enrolment = _enrolment(world, world.user()["id"], courseid=99999999)
    refusal = world.moodle.refusal("enrol_manual_enrol_users", enrolments=[enrolment])
    assert refusal["errorcode"] == "invalidparameter"


def test_a_role_one_may_not_give(world: World) -> None:
    enrolment = _enrolment(world, world.user()["id"], roleid=999)
    refusal = world.moodle.refusal("enrol_manual_enrol_users", enrolments=[enrolment])
    assert refusal["errorcode"] == "wsusercannotassign"


def test_unenrolling_answers_null_and_shows_in_the_feed(world: World) -> None:
    user = world.learner()["id"]
    newest = world.moodle.plugin("get_changes", after=0, limit=1)["newest"]
    gone = [{"userid": user, "courseid": world.course}]
    assert world.moodle.call("enrol_manual_unenrol_users", enrolments=gone) is None
    assert _enrolled(world) == []
    changes = world.moodle.plugin("get_changes", after=newest)["changes"]
    mine = [c for c in changes if c["courseid"] == world.course]
    assert [(c["kind"], c["userid"], c["state"]) for c in mine] == [("enrolment-deleted", user, 0)]
    assert mine[0]["courseidnumber"] == world.id("course")


def test_unenrolling_who_is_not_enrolled(world: World) -> None:
    gone = [{"userid": world.user()["id"], "courseid": world.course}]
    assert world.moodle.call("enrol_manual_unenrol_users", enrolments=gone) is None


def test_enrolled_users_in_portions(world: World) -> None:
    users = [world.learner()["id"] for _ in range(3)]
    options = [{"name": "limitfrom", "value": "1"}, {"name": "limitnumber", "value": "1"}]
    found = world.moodle.call(
        "core_enrol_get_enrolled_users", courseid=world.course, options=options
    )
    assert len(found) == 1
    assert found[0]["id"] in users


def test_a_suspended_enrolment_is_listed(world: World) -> None:
    user = world.user()["id"]
    enrolments = [_enrolment(world, user, suspend=1)]
    world.moodle.call("enrol_manual_enrol_users", enrolments=enrolments)
    assert [u["id"] for u in _enrolled(world)] == [user]
