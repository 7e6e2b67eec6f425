"""The function that reports what members have."""

from __future__ import annotations

from tests.contract.moodle_site import STUDENT, MoodleSite


def test_what_a_member_has(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()
    (state,) = moodle_site.moodle.plugin("get_member_states", userids=[user["id"]])["members"]
    assert (state["userid"], state["deleted"], state["suspended"]) == (user["id"], False, False)
    assert state["enrolments"] == state["cohorts"] == state["badges"] == []
    assert state["templates"] == state["competencies"] == []
    enrolment = {"roleid": STUDENT, "userid": user["id"], "courseid": moodle_site.course}
    moodle_site.moodle.call("enrol_manual_enrol_users", enrolments=[enrolment])
    (state,) = moodle_site.moodle.plugin("get_member_states", userids=[user["id"]])["members"]
    assert state["enrolments"] == [{"courseid": moodle_site.course, "suspended": False}]
    moodle_site.moodle.call("enrol_manual_enrol_users", enrolments=[enrolment | {"suspend": 1}])
    (state,) = moodle_site.moodle.plugin("get_member_states", userids=[user["id"]])["members"]
    assert state["enrolments"] == [{"courseid": moodle_site.course, "suspended": True}]


def test_a_name_and_an_email_that_were_changed(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()
    changed = {"firstname": "Corrected", "email": f"c{user['id']}@example.org"}
    answer = moodle_site.moodle.call(
        "core_user_update_users", users=[{"id": user["id"], **changed}]
    )
    assert answer == {"warnings": []}
    (state,) = moodle_site.moodle.plugin("get_member_states", userids=[user["id"]])["members"]
    assert {name: state[name] for name in changed} == changed


def test_a_user_that_never_existed_is_left_out(moodle_site: MoodleSite) -> None:
    assert moodle_site.moodle.plugin("get_member_states", userids=[99999999]) == {"members": []}


def test_at_most_500_users(moodle_site: MoodleSite) -> None:
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_get_member_states", userids=list(range(1, 502))
    )
    assert refusal["errorcode"] == "outofbounds"
