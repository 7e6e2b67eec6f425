"""Categories and courses."""

from __future__ import annotations

import pytest

from .wire import Moodle
from .world import World, new_course, unique


def test_a_category_by_idnumber(world: World) -> None:
    criteria = [{"key": "idnumber", "value": world.id("category")}]
    found = world.moodle.call("core_course_get_categories", criteria=criteria)
    assert [category["id"] for category in found] == [world.category]
    assert found[0]["parent"] == 0


def test_updating_a_category_answers_null(world: World) -> None:
    change = {"id": world.category, "name": "Other", "description": "<p>So</p>"}
    assert world.moodle.call("core_course_update_categories", categories=[change]) is None
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    known = state["categories"][0]
    assert (known["name"], known["description"]) == ("Other", "<p>So</p>")


def test_a_taken_category_idnumber(world: World) -> None:
    category = {"name": "Again", "idnumber": world.id("category")}
    refusal = world.moodle.refusal("core_course_create_categories", categories=[category])
    assert refusal["errorcode"] == "categoryidnumbertaken"
    assert refusal["message"] == "ID number is already used for another category"


def test_a_category_below_nothing(moodle: Moodle) -> None:
    category = {"name": "Lost", "parent": 99999999}
    refusal = moodle.refusal("core_course_create_categories", categories=[category])
    assert refusal["errorcode"] == "unknowcategory"


def test_a_course_by_idnumber(world: World) -> None:
    answer = world.moodle.call(
        "core_course_get_courses_by_field", field="idnumber", value=world.id("course")
    )
    assert answer["warnings"] == []
    course = answer["courses"][0]
    assert (course["id"], course["categoryid"]) == (world.course, world.category)
    assert (course["visible"], course["enablecompletion"]) == (1, 1)
    assert course["idnumber"] == world.id("course")


def test_no_course_is_an_empty_list(world: World) -> None:
    answer = world.moodle.call(
        "core_course_get_courses_by_field", field="idnumber", value=world.id("none")
    )
    assert answer["courses"] == []


def test_an_unknown_field(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_course_get_courses_by_field", field="summary", value="x")
    assert refusal["errorcode"] == "invalidparameter"


def test_one_bad_course_refuses_the_batch(world: World) -> None:
    good = new_course(world.id("good"), world.category)
    bad = new_course(world.id("course"), world.category, shortname=unique())
    refusal = world.moodle.refusal("core_course_create_courses", courses=[good, bad])
    assert refusal["errorcode"] == "courseidnumbertaken"
    assert world.id("course") in refusal["message"]
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    assert [course["idnumber"] for course in state["courses"]] == [world.id("course")]


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
def test_a_bad_course(world: World, wrong: dict[str, object], code: str) -> None:
    course = new_course(world.id("bad"), world.category) | wrong
    refusal = world.moodle.refusal("core_course_create_courses", courses=[course])
    assert refusal["errorcode"] == code


def test_a_taken_short_name(world: World) -> None:
    course = new_course(world.id("other"), world.category, shortname=world.id("course"))
    refusal = world.moodle.refusal("core_course_create_courses", courses=[course])
    assert refusal["errorcode"] == "shortnametaken"


def test_update_changes_the_good_and_warns_of_the_bad(world: World) -> None:
    name = '<span lang="en" class="multilang">A</span><span lang="fr" class="multilang">B</span>'
    other = new_course(world.id("other"), world.category)
    key = world.moodle.call("core_course_create_courses", courses=[other])[0]["id"]
    changes = [
        {"id": world.course, "fullname": name, "visible": 0, "summary": "<p>New &amp; so</p>"},
        {"id": key, "idnumber": world.id("course")},
        {"id": 99999999, "fullname": "None"},
    ]
    warnings = world.moodle.call("core_course_update_courses", courses=changes)["warnings"]
    assert [(w["itemid"], w["warningcode"]) for w in warnings] == [
        (key, "courseidnumbertaken"),
        (99999999, "invalidrecord"),
    ]
    course = world.state()["course"]
    assert (course["fullname"], course["visible"]) == (name, False)
    assert course["summary"] == "<p>New &amp; so</p>"


def test_an_empty_language_changes_nothing(world: World) -> None:
    forced = {"id": world.course, "lang": "en"}
    assert world.moodle.call("core_course_update_courses", courses=[forced])["warnings"] == []
    change = {"id": world.course, "fullname": "Other", "lang": ""}
    warnings = world.moodle.call("core_course_update_courses", courses=[change])["warnings"]
    assert [w["warningcode"] for w in warnings] == ["errorinvalidparam"]
    assert world.state()["course"]["fullname"] != "Other"


def test_contents_and_modules(world: World) -> None:
    world.section()
    cmid = world.page()["id"]
    sections = world.moodle.call("core_course_get_contents", courseid=world.course)
    assert [section["section"] for section in sections] == [0, 1]
    module = sections[1]["modules"][0]
    assert (module["id"], module["modname"], module["name"]) == (cmid, "page", "Page p1")
    found = world.moodle.call("core_course_get_course_module", cmid=cmid)["cm"]
    assert (found["idnumber"], found["instance"]) == (world.id("p1"), module["instance"])


def test_a_module_that_is_not_there(moodle: Moodle) -> None:
    refusal = moodle.refusal("core_course_get_course_module", cmid=99999999)
    assert refusal["errorcode"] == "invalidrecordunknown"
    refusal = moodle.refusal("core_course_get_contents", courseid=99999999)
    assert refusal["errorcode"] == "invalidrecord"


def test_a_name_changed_by_hand_shows_in_the_state(world: World) -> None:
    world.section()
    cmid = world.page()["id"]
    edit = {"component": "core_course", "itemtype": "activityname", "itemid": cmid}
    world.moodle.call("core_update_inplace_editable", **edit, value="By hand")
    assert world.state()["activities"][0]["name"] == "By hand"
    assert world.page()["action"] == "updated"
    assert world.state()["activities"][0]["name"] == "Page p1"
