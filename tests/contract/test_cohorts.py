"""Cohorts and their members."""

from __future__ import annotations

from typing import Any

from .wire import Moodle
from .world import World

SYSTEM = {"type": "system", "value": ""}


def _cohort(world: World, key: str = "cohort", **more: Any) -> dict[str, Any]:
    return {"categorytype": SYSTEM, "name": f"Cohort {key}", "idnumber": world.id(key), **more}


def _make(world: World) -> dict[str, Any]:
    made = world.moodle.call(
        "core_cohort_create_cohorts", cohorts=[_cohort(world, description="<p>Who</p>")]
    )
    assert len(made) == 1
    return dict(made[0])


def _member(cohort: dict[str, Any], kind: str, value: object) -> dict[str, Any]:
    return {
        "cohorttype": {"type": "id", "value": cohort["id"]},
        "usertype": {"type": kind, "value": value},
    }


def test_create_and_find(world: World) -> None:
    made = _make(world)
    assert (made["name"], made["idnumber"]) == ("Cohort cohort", world.id("cohort"))
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    assert state["cohorts"] == [
        {
            "id": made["id"],
            "idnumber": world.id("cohort"),
            "name": "Cohort cohort",
            "description": "<p>Who</p>",
            "visible": True,
        }
    ]
    listed = world.moodle.call("core_cohort_get_cohorts", cohortids=[made["id"]])
    assert [cohort["id"] for cohort in listed] == [made["id"]]
    context = {"contextlevel": "system", "instanceid": 0}
    found = world.moodle.call(
        "core_cohort_search_cohorts", query=world.id("cohort"), context=context
    )
    assert [cohort["id"] for cohort in found["cohorts"]] == [made["id"]]


def test_a_taken_idnumber_refuses_the_batch(world: World) -> None:
    _make(world)
    cohorts = [_cohort(world, "fresh"), _cohort(world)]
    refusal = world.moodle.refusal("core_cohort_create_cohorts", cohorts=cohorts)
    assert refusal["errorcode"] == "invalidparameter"
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    assert [cohort["idnumber"] for cohort in state["cohorts"]] == [world.id("cohort")]


def test_update_answers_null(world: World) -> None:
    made = _make(world)
    change = _cohort(world, name="Other", id=made["id"], description="<p>New</p>")
    assert world.moodle.call("core_cohort_update_cohorts", cohorts=[change]) is None
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    known = state["cohorts"][0]
    assert (known["name"], known["description"]) == ("Other", "<p>New</p>")


def test_updating_what_is_not_there(world: World) -> None:
    change = _cohort(world, id=99999999)
    refusal = world.moodle.refusal("core_cohort_update_cohorts", cohorts=[change])
    assert refusal["errorcode"] == "invalidrecord"


def test_members_with_warnings_for_the_others(world: World) -> None:
    cohort, user, other = _make(world), world.user(), world.user()
    members = [
        _member(cohort, "id", user["id"]),
        _member(cohort, "username", other["username"]),
        _member(cohort, "id", 99999999),
        _member(cohort, "id", user["id"]),
        _member(cohort, "email", user["email"]),
        _member({"id": 99999999}, "id", user["id"]),
    ]
    warnings = world.moodle.call("core_cohort_add_cohort_members", members=members)["warnings"]
    assert [w["warningcode"] for w in warnings] == ["2", "3", "1", "2"]
    assert warnings[0]["message"] == "user id=99999999 not exists"
    assert warnings[3]["message"] == "cohort id=99999999 not exists"
    found = world.moodle.call("core_cohort_get_cohort_members", cohortids=[cohort["id"]])
    assert found[0]["cohortid"] == cohort["id"]
    assert set(found[0]["userids"]) == {user["id"], other["id"]}


def test_members_of_what_is_not_there(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_cohort_get_cohort_members", cohortids=[99999999])
    assert refusal["errorcode"] == "invalidrecord"
