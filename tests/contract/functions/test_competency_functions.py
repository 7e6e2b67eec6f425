"""The competency functions: frameworks, competencies, templates, plans, grades."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.moodle_site import MoodleSite

SYSTEM = {"contextlevel": "system", "instanceid": 0}


@dataclass
class Path:
    """A framework with two competencies and a template of both."""

    moodle_site: MoodleSite
    framework: int
    competencies: list[int]
    template: int


def _framework(moodle_site: MoodleSite, **more: Any) -> dict[str, Any]:
    scale = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)[
        "competencyscale"
    ]
    configuration = [
        {"scaleid": str(scale)},
        {"id": 2, "scaledefault": 1, "proficient": 1},
    ]
    return {
        "shortname": "Path",
        "idnumber": moodle_site.id("framework"),
        "scaleid": scale,
        "scaleconfiguration": json.dumps(configuration),
        "visible": True,
        **SYSTEM,
        **more,
    }


def _competency(framework: int, idnumber: str) -> dict[str, Any]:
    return {"shortname": idnumber, "idnumber": idnumber, "competencyframeworkid": framework}


@pytest.fixture
def path(moodle_site: MoodleSite) -> Path:
    call = moodle_site.moodle.call
    framework = call(
        "core_competency_create_competency_framework", competencyframework=_framework(moodle_site)
    )["id"]
    names = [moodle_site.id("one"), moodle_site.id("two")]
    competencies = [
        call("core_competency_create_competency", competency=_competency(framework, name))["id"]
        for name in names
    ]
    marker = f'<p class="{moodle_site.prefix}">The path</p>'
    template = call(
        "core_competency_create_template",
        template={"shortname": "Path", "description": marker, "visible": True, **SYSTEM},
    )["id"]
    for key in competencies:
        added = {"templateid": template, "competencyid": key}
        assert call("core_competency_add_competency_to_template", **added) is True
    return Path(moodle_site, framework, competencies, template)


def test_the_site_state_shows_the_path(path: Path) -> None:
    state = path.moodle_site.moodle.plugin("get_site_state", prefix=path.moodle_site.prefix)
    assert [(f["id"], f["idnumber"]) for f in state["frameworks"]] == [
        (path.framework, path.moodle_site.id("framework"))
    ]
    assert [c["id"] for c in state["competencies"]] == path.competencies
    assert {c["frameworkid"] for c in state["competencies"]} == {path.framework}
    assert [t["id"] for t in state["templates"]] == [path.template]
    assert state["templates"][0]["competencyids"] == path.competencies


def test_listing(path: Path) -> None:
    call = path.moodle_site.moodle.call
    frameworks = call(
        "core_competency_list_competency_frameworks",
        sort="shortname",
        order="",
        skip=0,
        limit=0,
        context=SYSTEM,
        includes="self",
        onlyvisible=False,
    )
    assert path.framework in [framework["id"] for framework in frameworks]
    found = call(
        "core_competency_list_competencies",
        filters=[{"column": "competencyframeworkid", "value": path.framework}],
        sort="id",
        order="",
        skip=0,
        limit=0,
    )
    assert [competency["id"] for competency in found] == path.competencies
    inside = call("core_competency_list_competencies_in_template", id=path.template)
    assert [competency["id"] for competency in inside] == path.competencies
    templates = call(
        "core_competency_list_templates",
        sort="id",
        order="",
        skip=0,
        limit=0,
        context=SYSTEM,
        includes="self",
        onlyvisible=False,
    )
    assert path.template in [template["id"] for template in templates]


def test_searching(path: Path) -> None:
    found = path.moodle_site.moodle.call(
        "core_competency_search_competencies",
        searchtext=path.moodle_site.id("one"),
        competencyframeworkid=path.framework,
    )
    assert path.competencies[0] in [competency["id"] for competency in found]


def test_a_comment_does_not_survive_in_a_description(moodle_site: MoodleSite) -> None:
    template = {"shortname": "Path", "description": f"<!-- {moodle_site.prefix} -->", **SYSTEM}
    refusal = moodle_site.moodle.refusal("core_competency_create_template", template=template)
    assert refusal["errorcode"] == "invalidparameter"


def test_adding_to_a_template_twice(path: Path) -> None:
    added = {"templateid": path.template, "competencyid": path.competencies[0]}
    answer = path.moodle_site.moodle.call("core_competency_add_competency_to_template", **added)
    assert answer is False


def test_updates_answer_true(path: Path) -> None:
    call = path.moodle_site.moodle.call
    competency = {
        **_competency(path.framework, path.moodle_site.id("one")),
        "shortname": "New name",
    }
    competency["id"] = path.competencies[0]
    assert call("core_competency_update_competency", competency=competency) is True
    state = path.moodle_site.moodle.plugin("get_site_state", prefix=path.moodle_site.prefix)
    assert state["competencies"][0]["shortname"] == "New name"
    template = {"id": path.template, "shortname": "Other path"}
    assert call("core_competency_update_template", template=template) is True
    framework = {**_framework(path.moodle_site, shortname="Other"), "id": path.framework}
    del framework["contextlevel"], framework["instanceid"]
    changed = call("core_competency_update_competency_framework", competencyframework=framework)
    assert changed is True


def test_a_taken_idnumber(path: Path) -> None:
    refusal = path.moodle_site.moodle.refusal(
        "core_competency_create_competency_framework",
        competencyframework=_framework(path.moodle_site),
    )
    assert refusal["errorcode"] == "invalidpersistenterror"
    competency = _competency(path.framework, path.moodle_site.id("one"))
    refusal = path.moodle_site.moodle.refusal(
        "core_competency_create_competency", competency=competency
    )
    assert refusal["errorcode"] == "invalidpersistenterror"


def test_scale_values(path: Path) -> None:
    state = path.moodle_site.moodle.plugin("get_site_state", prefix=path.moodle_site.prefix)
    values = path.moodle_site.moodle.call(
        "core_competency_get_scale_values", scaleid=state["competencyscale"]
    )
    assert [value["name"] for value in values] == state["competencyscalevalues"]
    assert [value["id"] for value in values] == [1, 2]


def test_a_missing_scale_is_a_php_error(path: Path) -> None:
    answer = path.moodle_site.moodle.answer("core_competency_get_scale_values", scaleid=99_999_999)
    assert answer["exception"] == "Error"
    assert "errorcode" not in answer


def test_a_plan_from_the_template(path: Path) -> None:
    user = path.moodle_site.user()["id"]
    first = path.moodle_site.moodle.plugin("save_plan", userid=user, templateid=path.template)
    assert first["action"] == "created"
    again = path.moodle_site.moodle.plugin("save_plan", userid=user, templateid=path.template)
    assert again == {"id": first["id"], "action": "unchanged"}
    plans = path.moodle_site.moodle.call("core_competency_list_user_plans", userid=user)
    assert [(plan["id"], plan["templateid"]) for plan in plans] == [(first["id"], path.template)]
    inside = path.moodle_site.moodle.call("core_competency_list_plan_competencies", id=first["id"])
    assert [item["competency"]["id"] for item in inside] == path.competencies


def test_a_plan_for_a_missing_user_or_template(path: Path) -> None:
    refusal = path.moodle_site.moodle.refusal(
        "local_stewardpath_save_plan", userid=99999999, templateid=path.template
    )
    assert refusal["errorcode"] == "unknownuser"
    user = path.moodle_site.user()["id"]
    refusal = path.moodle_site.moodle.refusal(
        "local_stewardpath_save_plan", userid=user, templateid=99999999
    )
    assert refusal["errorcode"] == "unknowntemplate"


def test_a_plan_by_core_functions_alone(path: Path) -> None:
    call, user = path.moodle_site.moodle.call, path.moodle_site.user()["id"]
    plan = call("core_competency_create_plan", plan={"name": "Path", "userid": user, "status": 1})
    for key in path.competencies:
        added = {"planid": plan["id"], "competencyid": key}
        assert call("core_competency_add_competency_to_plan", **added) is True
    inside = call("core_competency_list_plan_competencies", id=plan["id"])
    assert [item["competency"]["id"] for item in inside] == path.competencies


def test_core_cannot_create_a_plan_from_a_template(path: Path) -> None:
    plan = {"name": "Path", "userid": path.moodle_site.user()["id"], "templateid": path.template}
    refusal = path.moodle_site.moodle.refusal("core_competency_create_plan", plan=plan)
    assert refusal["errorcode"] in ("codingerror", "invalidparameter")


def test_grading_shows_in_the_plan(path: Path) -> None:
    call, user = path.moodle_site.moodle.call, path.moodle_site.user()["id"]
    plan = path.moodle_site.moodle.plugin("save_plan", userid=user, templateid=path.template)["id"]
    graded = call(
        "core_competency_grade_competency",
        userid=user,
        competencyid=path.competencies[0],
        grade=2,
        note="New Steward, 2026",
    )
    assert (graded["grade"], graded["note"]) == (2, "New Steward, 2026")
    again = call(
        "core_competency_grade_competency",
        userid=user, competencyid=path.competencies[0], grade=2, note="Again",
    )  # fmt: skip
    assert min(graded["id"], again["id"]) >= 1
    in_plan = {"planid": plan, "competencyid": path.competencies[1], "grade": 1}
    assert call("core_competency_grade_competency_in_plan", **in_plan)["grade"] == 1
    inside = call("core_competency_list_plan_competencies", id=plan)
    shown = [(i["usercompetency"]["grade"], i["usercompetency"]["proficiency"]) for i in inside]
    assert shown == [(2, True), (1, False)]


def test_a_grade_outside_the_scale(path: Path) -> None:
    refusal = path.moodle_site.moodle.refusal(
        "core_competency_grade_competency",
        userid=path.moodle_site.user()["id"],
        competencyid=path.competencies[0],
        grade=9,
    )
    assert refusal["errorcode"]
