"""The REST protocol, independent of the function."""

from __future__ import annotations

import requests

from tests.contract.moodle_site import MoodleSite
from tests.contract.rest_client import SERVER, Moodle
from tests.support.waiting import HANG_SECONDS


def test_site_info_names_release_and_functions(moodle: Moodle) -> None:
    info = moodle.call("core_webservice_get_site_info")
    assert info["userid"] > 0
    assert info["release"].startswith(("4.", "5."))
    assert info["siteurl"] == moodle.url
    names = {function["name"] for function in info["functions"]}
    assert {"core_user_create_users", "local_stewardpath_get_changes"} <= names


def test_a_wrong_token(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_webservice_get_site_info", token="0" * 32)
    assert refusal["errorcode"] == "invalidtoken"
    assert refusal["message"] == "Invalid token - token not found"


def test_no_token(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_webservice_get_site_info", token="")
    assert refusal["errorcode"] == "invalidtoken"


def test_a_missing_function(moodle: Moodle) -> None:
    refusal = moodle.refusal("local_stewardpath_no_such_function")
    assert refusal["exception"] == "dml_missing_record_exception"
    assert refusal["errorcode"] == "invalidrecord"
    expected = "Can't find data record in database table external_functions."
    assert refusal["message"] == expected


def test_a_function_outside_the_service(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_course_delete_courses", courseids=[1])
    assert refusal["exception"] == "webservice_access_exception"
    assert refusal["errorcode"] == "accessexception"
    assert refusal["message"] == "Access control exception"


def test_no_function(moodle: Moodle) -> None:
    assert moodle.refusal("")["errorcode"] == "invalidparameter"


def test_a_missing_parameter(moodle: Moodle) -> None:
    refusal = moodle.refusal("local_stewardpath_get_course_state")
    assert refusal["exception"] == "core\\exception\\invalid_parameter_exception"
    assert refusal["errorcode"] == "invalidparameter"
    assert refusal["message"] == "Invalid parameter value detected"


def test_an_unknown_parameter(moodle: Moodle) -> None:
    refusal = moodle.refusal("local_stewardpath_get_course_state", courseid=1, wrong=1)
    assert refusal["errorcode"] == "invalidparameter"


def test_a_parameter_of_the_wrong_kind(moodle: Moodle) -> None:
    refusal = moodle.refusal("local_stewardpath_get_course_state", courseid="one")
    assert refusal["errorcode"] == "invalidparameter"
    refusal = moodle.refusal("local_stewardpath_get_course_state", courseid={"a": 1})
    assert refusal["errorcode"] == "invalidparameter"


def test_a_list_is_read_by_any_keys_in_the_order_sent(moodle_site: MoodleSite) -> None:
    users = moodle_site.user(), moodle_site.user()
    reversed_ = {"7": {"number": users[0]["idnumber"]}, "3": {"number": users[1]["idnumber"]}}
    answer = moodle_site.moodle.plugin("find_users", members=reversed_)
    assert [match["userid"] for match in answer["matches"]] == [user["id"] for user in users]


def test_parameters_in_the_address_are_read(moodle: Moodle) -> None:
    query = {"wstoken": moodle.token, "wsfunction": "core_webservice_get_site_info"}
    address = f"{moodle.url}{SERVER}?moodlewsrestformat=json"
    assert requests.post(address, data=query, timeout=HANG_SECONDS).json()["userid"] > 0


def test_a_wrong_password_gives_no_learner_token(moodle_site: MoodleSite) -> None:
    form = {
        "username": moodle_site.user()["username"],
        "password": "no",
        "service": "moodle_mobile_app",
    }
    answer = requests.post(
        f"{moodle_site.moodle.url}/login/token.php", data=form, timeout=HANG_SECONDS
    ).json()
    assert answer["errorcode"] == "invalidlogin"
    assert "token" not in answer


def test_a_language_without_a_pack_is_refused(moodle: Moodle) -> None:
    named = {"stringid": "thislanguage", "component": "langconfig"}
    assert moodle.call("core_get_string", lang="en", **named) == "English"
    refusal = moodle.refusal("core_get_string", lang="xx", **named)
    assert refusal["errorcode"] == "invalidparameter"
