"""The enrolment functions, and the feed row of an unenrolment."""

from __future__ import annotations

from typing import Any

from tests.contract.moodle_site import STUDENT, MoodleSite


def _enrolment(moodle_site: MoodleSite, user: int, **more: Any) -> dict[str, Any]:
    return {"roleid": STUDENT, "userid": user, "courseid": moodle_site.course, **more}


def _enrolled(moodle_site: MoodleSite) -> list[dict[str, Any]]:
    found = moodle_site.moodle.call("core_enrol_get_enrolled_users", courseid=moodle_site.course)
    assert isinstance(found, list)
    return found


def test_enrolling_twice_is_enrolling_once(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()["id"]
    for _ in range(2):
        enrolments = [_enrolment(moodle_site, user)]
        assert moodle_site.moodle.call("enrol_manual_enrol_users", enrolments=enrolments) is None
    assert [(u["id"], u["roles"][0]["roleid"]) for u in _enrolled(moodle_site)] == [(user, STUDENT)]


def test_one_unknown_user_refuses_the_batch(moodle_site: MoodleSite) -> None:
    enrolments = [
        _enrolment(moodle_site, moodle_site.user()["id"]),
        _enrolment(moodle_site, 99999999),
    ]
    refusal = moodle_site.moodle.refusal("enrol_manual_enrol_users", enrolments=enrolments)
    assert refusal["errorcode"] == "invaliduser"
    assert _enrolled(moodle_site) == []


def test_an_unknown_course(moodle_site: MoodleSite) -> None:
    enrolment = _enrolment(moodle_site, moodle_site.user()["id"], courseid=99999999)
    refusal = moodle_site.moodle.refusal("enrol_manual_enrol_users", enrolments=[enrolment])
    assert refusal["errorcode"] == "invalidparameter"


def test_a_role_that_may_not_be_assigned(moodle_site: MoodleSite) -> None:
    enrolment = _enrolment(moodle_site, moodle_site.user()["id"], roleid=999)
    refusal = moodle_site.moodle.refusal("enrol_manual_enrol_users", enrolments=[enrolment])
    assert refusal["errorcode"] == "wsusercannotassign"


def test_unenrolling_answers_null_and_shows_in_the_feed(moodle_site: MoodleSite) -> None:
    user = moodle_site.learner()["id"]
    newest = moodle_site.moodle.plugin("get_changes", after=0, limit=1)["newest"]
    gone = [{"userid": user, "courseid": moodle_site.course}]
    assert moodle_site.moodle.call("enrol_manual_unenrol_users", enrolments=gone) is None
    assert _enrolled(moodle_site) == []
    changes = moodle_site.moodle.plugin("get_changes", after=newest)["changes"]
    mine = [c for c in changes if c["courseid"] == moodle_site.course]
    assert [(c["kind"], c["userid"], c["state"]) for c in mine] == [("enrolment-deleted", user, 0)]
    assert mine[0]["courseidnumber"] == moodle_site.id("course")


def test_unenrolling_a_user_who_is_not_enrolled(moodle_site: MoodleSite) -> None:
    gone = [{"userid": moodle_site.user()["id"], "courseid": moodle_site.course}]
    assert moodle_site.moodle.call("enrol_manual_unenrol_users", enrolments=gone) is None


def test_enrolled_users_page_by_page(moodle_site: MoodleSite) -> None:
    users = [moodle_site.learner()["id"] for _ in range(3)]
    options = [{"name": "limitfrom", "value": "1"}, {"name": "limitnumber", "value": "1"}]
    found = moodle_site.moodle.call(
        "core_enrol_get_enrolled_users", courseid=moodle_site.course, options=options
    )
    assert len(found) == 1
    assert found[0]["id"] in users


def test_a_suspended_enrolment_is_listed(moodle_site: MoodleSite) -> None:
    user = moodle_site.user()["id"]
    enrolments = [_enrolment(moodle_site, user, suspend=1)]
    moodle_site.moodle.call("enrol_manual_enrol_users", enrolments=enrolments)
    assert [u["id"] for u in _enrolled(moodle_site)] == [user]
