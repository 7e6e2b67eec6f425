"""The cohort functions."""

from __future__ import annotations

from typing import Any

from tests.contract.moodle_site import MoodleSite
from tests.contract.rest_client import Moodle

SYSTEM = {"type": "system", "value": ""}


def _cohort(moodle_site: MoodleSite, key: str = "cohort", **more: Any) -> dict[str, Any]:
    return {
        "categorytype": SYSTEM,
        "name": f"Cohort {key}",
        "idnumber": moodle_site.id(key),
        **more,
    }


def _make(moodle_site: MoodleSite) -> dict[str, Any]:
    made = moodle_site.moodle.call(
        "core_cohort_create_cohorts", cohorts=[_cohort(moodle_site, description="<p>Who</p>")]
    )
    assert len(made) == 1
    return dict(made[0])


def _member(cohort: dict[str, Any], kind: str, value: object) -> dict[str, Any]:
    return {
        "cohorttype": {"type": "id", "value": cohort["id"]},
        "usertype": {"type": kind, "value": value},
    }


def test_create_and_find(moodle_site: MoodleSite) -> None:
    made = _make(moodle_site)
    assert (made["name"], made["idnumber"]) == ("Cohort cohort", moodle_site.id("cohort"))
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    assert state["cohorts"] == [
        {
            "id": made["id"],
            "idnumber": moodle_site.id("cohort"),
            "name": "Cohort cohort",
            "description": "<p>Who</p>",
            "visible": True,
        }
    ]
    listed = moodle_site.moodle.call("core_cohort_get_cohorts", cohortids=[made["id"]])
    assert [cohort["id"] for cohort in listed] == [made["id"]]
    context = {"contextlevel": "system", "instanceid": 0}
    found = moodle_site.moodle.call(
        "core_cohort_search_cohorts", query=moodle_site.id("cohort"), context=context
    )
    assert [cohort["id"] for cohort in found["cohorts"]] == [made["id"]]


def test_a_taken_idnumber_refuses_the_batch(moodle_site: MoodleSite) -> None:
    _make(moodle_site)
    cohorts = [_cohort(moodle_site, "fresh"), _cohort(moodle_site)]
    refusal = moodle_site.moodle.refusal("core_cohort_create_cohorts", cohorts=cohorts)
    assert refusal["errorcode"] == "invalidparameter"
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    assert [cohort["idnumber"] for cohort in state["cohorts"]] == [moodle_site.id("cohort")]


def test_update_answers_null(moodle_site: MoodleSite) -> None:
    made = _make(moodle_site)
    change = _cohort(moodle_site, name="Other", id=made["id"], description="<p>New</p>")
    assert moodle_site.moodle.call("core_cohort_update_cohorts", cohorts=[change]) is None
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    known = state["cohorts"][0]
    assert (known["name"], known["description"]) == ("Other", "<p>New</p>")


def test_updating_a_missing_cohort(moodle_site: MoodleSite) -> None:
    change = _cohort(moodle_site, id=99999999)
    refusal = moodle_site.moodle.refusal("core_cohort_update_cohorts", cohorts=[change])
    assert refusal["errorcode"] == "invalidrecord"


def test_adding_members_warns_about_invalid_ones(moodle_site: MoodleSite) -> None:
    cohort, user, other = _make(moodle_site), moodle_site.user(), moodle_site.user()
    members = [
        _member(cohort, "id", user["id"]),
        _member(cohort, "username", other["username"]),
        _member(cohort, "id", 99999999),
        _member(cohort, "id", user["id"]),
        _member(cohort, "email", user["email"]),
        _member({"id": 99999999}, "id", user["id"]),
    ]
    warnings = moodle_site.moodle.call("core_cohort_add_cohort_members", members=members)[
        "warnings"
    ]
    assert [w["warningcode"] for w in warnings] == ["2", "3", "1", "2"]
    assert warnings[0]["message"] == "user id=99999999 not exists"
    assert warnings[3]["message"] == "cohort id=99999999 not exists"
    found = moodle_site.moodle.call("core_cohort_get_cohort_members", cohortids=[cohort["id"]])
    assert found[0]["cohortid"] == cohort["id"]
    assert set(found[0]["userids"]) == {user["id"], other["id"]}


def test_removing_members_is_all_or_none_and_can_be_repeated(moodle_site: MoodleSite) -> None:
    cohort, user, other = _make(moodle_site), moodle_site.user(), moodle_site.user()
    rows = [_member(cohort, "id", each["id"]) for each in (user, other)]
    moodle_site.moodle.call("core_cohort_add_cohort_members", members=rows)
    function = "core_cohort_delete_cohort_members"
    leaving = {"cohortid": cohort["id"], "userid": user["id"]}
    unknown = {"cohortid": cohort["id"], "userid": 99999999}
    refusal = moodle_site.moodle.refusal(function, members=[leaving, unknown])
    assert refusal["errorcode"] == "invaliduser"
    for _ in range(2):
        assert moodle_site.moodle.call(function, members=[leaving]) is None
    found = moodle_site.moodle.call("core_cohort_get_cohort_members", cohortids=[cohort["id"]])
    assert found[0]["userids"] == [other["id"]]
    missing = {"cohortid": 99999999, "userid": user["id"]}
    refusal = moodle_site.moodle.refusal(function, members=[missing])
    assert refusal["errorcode"] == "invalidrecord"


def test_members_of_a_missing_cohort(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_cohort_get_cohort_members", cohortids=[99999999])
    assert refusal["errorcode"] == "invalidrecord"
