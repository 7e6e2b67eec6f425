"""The category and course functions."""

from __future__ import annotations

import pytest

from tests.contract.moodle_site import MoodleSite, new_course, unique
from tests.contract.rest_client import Moodle


def test_a_category_by_idnumber(moodle_site: MoodleSite) -> None:
    criteria = [{"key": "idnumber", "value": moodle_site.id("category")}]
    found = moodle_site.moodle.call("core_course_get_categories", criteria=criteria)
    assert [category["id"] for category in found] == [moodle_site.category]
    assert found[0]["parent"] == 0


def test_updating_a_category_answers_null(moodle_site: MoodleSite) -> None:
    change = {"id": moodle_site.category, "name": "Other", "description": "<p>So</p>"}
    assert moodle_site.moodle.call("core_course_update_categories", categories=[change]) is None
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    known = state["categories"][0]
    assert (known["name"], known["description"]) == ("Other", "<p>So</p>")


def test_a_taken_category_idnumber(moodle_site: MoodleSite) -> None:
    category = {"name": "Again", "idnumber": moodle_site.id("category")}
    refusal = moodle_site.moodle.refusal("core_course_create_categories", categories=[category])
    assert refusal["errorcode"] == "categoryidnumbertaken"
    assert refusal["message"] == "ID number is already used for another category"


def test_a_category_with_a_missing_parent(moodle: Moodle) -> None:
    category = {"name": "Lost", "parent": 99999999}
    refusal = moodle.refusal("core_course_create_categories", categories=[category])
    assert refusal["errorcode"] == "unknowcategory"


def test_a_course_by_idnumber(moodle_site: MoodleSite) -> None:
    answer = moodle_site.moodle.call(
        "core_course_get_courses_by_field", field="idnumber", value=moodle_site.id("course")
    )
    assert answer["warnings"] == []
    course = answer["courses"][0]
    assert (course["id"], course["categoryid"]) == (moodle_site.course, moodle_site.category)
    assert (course["visible"], course["enablecompletion"]) == (1, 1)
    assert course["idnumber"] == moodle_site.id("course")


def test_no_course_is_an_empty_list(moodle_site: MoodleSite) -> None:
    answer = moodle_site.moodle.call(
        "core_course_get_courses_by_field", field="idnumber", value=moodle_site.id("none")
    )
    assert answer["courses"] == []


def test_an_unknown_field(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_course_get_courses_by_field", field="summary", value="x")
    assert refusal["errorcode"] == "invalidparameter"


def test_one_bad_course_refuses_the_batch(moodle_site: MoodleSite) -> None:
    good = new_course(moodle_site.id("good"), moodle_site.category)
    bad = new_course(moodle_site.id("course"), moodle_site.category, shortname=unique())
    refusal = moodle_site.moodle.refusal("core_course_create_courses", courses=[good, bad])
    assert refusal["errorcode"] == "courseidnumbertaken"
    assert moodle_site.id("course") in refusal["message"]
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    assert [course["idnumber"] for course in state["courses"]] == [moodle_site.id("course")]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"fullname": " "}, "errorinvalidparam"),
        ({"shortname": ""}, "errorinvalidparam"),
        ({"lang": "xx"}, "errorinvalidparam"),
        ({"categoryid": 99999999}, "errorcatcontextnotvalid"),
        ({"fullname": "<b>Bold</b>"}, "invalidparameter"),
    ],
    ids=str,
)
def test_a_bad_course(moodle_site: MoodleSite, wrong: dict[str, object], code: str) -> None:
    course = new_course(moodle_site.id("bad"), moodle_site.category) | wrong
    refusal = moodle_site.moodle.refusal("core_course_create_courses", courses=[course])
    assert refusal["errorcode"] == code


def test_a_taken_short_name(moodle_site: MoodleSite) -> None:
    course = new_course(
        moodle_site.id("other"), moodle_site.category, shortname=moodle_site.id("course")
    )
    refusal = moodle_site.moodle.refusal("core_course_create_courses", courses=[course])
    assert refusal["errorcode"] == "shortnametaken"


def test_update_warns_about_invalid_records(moodle_site: MoodleSite) -> None:
    name = '<span lang="en" class="multilang">A</span><span lang="fr" class="multilang">B</span>'
    other = new_course(moodle_site.id("other"), moodle_site.category)
    key = moodle_site.moodle.call("core_course_create_courses", courses=[other])[0]["id"]
    changes = [
        {
            "id": moodle_site.course,
            "fullname": name,
            "visible": 0,
            "summary": "<p>New &amp; so</p>",
        },
        {"id": key, "idnumber": moodle_site.id("course")},
        {"id": 99999999, "fullname": "None"},
    ]
    warnings = moodle_site.moodle.call("core_course_update_courses", courses=changes)["warnings"]
    assert [(w["itemid"], w["warningcode"]) for w in warnings] == [
        (key, "courseidnumbertaken"),
        (99999999, "invalidrecord"),
    ]
    course = moodle_site.state()["course"]
    assert (course["fullname"], course["visible"]) == (name, False)
    assert course["summary"] == "<p>New &amp; so</p>"


def test_an_empty_language_changes_nothing(moodle_site: MoodleSite) -> None:
    forced = {"id": moodle_site.course, "lang": "en"}
    assert moodle_site.moodle.call("core_course_update_courses", courses=[forced])["warnings"] == []
    change = {"id": moodle_site.course, "fullname": "Other", "lang": ""}
    warnings = moodle_site.moodle.call("core_course_update_courses", courses=[change])["warnings"]
    assert [w["warningcode"] for w in warnings] == ["errorinvalidparam"]
    assert moodle_site.state()["course"]["fullname"] != "Other"


def test_contents_and_modules(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    cmid = moodle_site.page()["id"]
    sections = moodle_site.moodle.call("core_course_get_contents", courseid=moodle_site.course)
    assert [section["section"] for section in sections] == [0, 1]
    module = sections[1]["modules"][0]
    assert (module["id"], module["modname"], module["name"]) == (cmid, "page", "Page p1")
    found = moodle_site.moodle.call("core_course_get_course_module", cmid=cmid)["cm"]
    assert (found["idnumber"], found["instance"]) == (moodle_site.id("p1"), module["instance"])


def test_a_missing_module(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_course_get_course_module", cmid=99999999)
    assert refusal["errorcode"] == "invalidrecordunknown"
    refusal = moodle.refusal("core_course_get_contents", courseid=99999999)
    assert refusal["errorcode"] == "invalidrecord"


def test_a_name_changed_by_hand_shows_in_the_state(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    cmid = moodle_site.page()["id"]
    edit = {"component": "core_course", "itemtype": "activityname", "itemid": cmid}
    moodle_site.moodle.call("core_update_inplace_editable", **edit, value="By hand")
    assert moodle_site.state()["activities"][0]["name"] == "By hand"
    assert moodle_site.page()["action"] == "updated"
    assert moodle_site.state()["activities"][0]["name"] == "Page p1"
