"""Sections, pages and links: upserts by idnumber; arranging, hiding, renaming."""

from __future__ import annotations

from typing import Any

import pytest

from .world import World, new_course


def _activity(world: World, key: str) -> dict[str, Any]:
    found = (a for a in world.state()["activities"] if a["idnumber"] == world.id(key))
    return dict(next(found))


def _order(world: World) -> list[tuple[str, list[str]]]:
    state = world.state()
    return [
        (
            section["idnumber"].removeprefix(world.prefix),
            [
                activity["idnumber"].removeprefix(world.prefix)
                for activity in sorted(state["activities"], key=lambda a: a["position"])
                if activity["sectionidnumber"] == section["idnumber"]
            ],
        )
        for section in state["sections"]
    ]


def test_a_section_created_unchanged_updated(world: World) -> None:
    first = world.section()
    assert first["action"] == "created"
    assert world.section() == {"id": first["id"], "action": "unchanged"}
    changed = world.section(name="Other", summary="<p>A &amp; B</p>")
    assert changed == {"id": first["id"], "action": "updated"}
    sections = world.state()["sections"]
    assert sections == [
        {
            "id": first["id"],
            "number": 1,
            "idnumber": world.id("s1"),
            "name": "Other",
            "summary": "<p>A &amp; B</p>",
            "visible": True,
        }
    ]


def test_a_page(world: World) -> None:
    world.section()
    first = world.page()
    assert first["action"] == "created"
    assert world.page() == {"id": first["id"], "action": "unchanged"}
    body = '<p><span lang="en" class="multilang">A</span> &amp; <em>é</em></p>'
    assert world.page(content=body)["action"] == "updated"
    known = _activity(world, "p1")
    assert (known["cmid"], known["modname"]) == (first["id"], "page")
    assert (known["sectionidnumber"], known["position"]) == (world.id("s1"), 0)
    assert (known["content"], known["intro"], known["visible"]) == (body, "", True)
    assert (known["completion"], known["completionview"]) == (2, True)
    assert known.get("quiz") is None


def test_a_link(world: World) -> None:
    world.section()
    first = world.link()
    assert first["action"] == "created"
    assert world.link()["action"] == "unchanged"
    assert world.link(url="https://example.org/é", intro="<p>So</p>")["action"] == "updated"
    known = _activity(world, "l1")
    assert (known["modname"], known["content"]) == ("url", "https://example.org/é")
    assert (known["intro"], known["completionview"]) == ("<p>So</p>", True)


def test_an_activity_moves_to_the_section_it_is_saved_in(world: World) -> None:
    world.section("s1")
    world.section("s2")
    world.page()
    assert world.page(section="s2")["action"] in ("updated", "unchanged")
    world.moodle.plugin(
        "arrange_course",
        courseid=world.course,
        sections=[{"idnumber": world.id("s2"), "activities": [world.id("p1")]}],
    )
    assert _activity(world, "p1")["sectionidnumber"] == world.id("s2")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"courseid": 99999999}, "unknowncourse"),
        ({"courseid": 1}, "notmanaged"),
        ({"idnumber": "theirs:p1"}, "notmanaged"),
        ({"idnumber": "stewardpath:" + "x" * 100}, "idnumbertoolong"),
        ({"sectionidnumber": "stewardpath:none:s"}, "unknownsection"),
        ({"name": "x" * 256}, "nametoolong"),
        ({"name": ""}, "noname"),
        ({"visible": "maybe"}, "invalidparameter"),
    ],
    ids=str,
)
def test_a_bad_page(world: World, wrong: dict[str, Any], code: str) -> None:
    world.section()
    page = {
        "courseid": world.course,
        "sectionidnumber": world.id("s1"),
        "idnumber": world.id("p1"),
        "name": "Page",
        "intro": "",
        "content": "<p>Hello</p>",
    }
    refusal = world.moodle.refusal("local_stewardpath_save_page", **{**page, **wrong})
    assert refusal["errorcode"] == code
    assert world.state()["activities"] == []


def test_a_link_that_is_none(world: World) -> None:
    world.section()
    refusal = world.moodle.refusal(
        "local_stewardpath_save_link",
        courseid=world.course,
        sectionidnumber=world.id("s1"),
        idnumber=world.id("l1"),
        name="Link",
        intro="",
        url="javascript:alert(1)",
    )
    assert refusal["errorcode"] == "badlink"


def test_an_idnumber_of_another_kind(world: World) -> None:
    world.section()
    world.page("x")
    refusal = world.moodle.refusal(
        "local_stewardpath_save_link",
        courseid=world.course,
        sectionidnumber=world.id("s1"),
        idnumber=world.id("x"),
        name="Link",
        intro="",
        url="https://example.org",
    )
    assert refusal["errorcode"] == "wrongkind"


def test_the_course_of_somebody_else_is_not_shown(world: World) -> None:
    theirs = new_course("theirs-" + world.prefix, world.category)
    key = world.moodle.call("core_course_create_courses", courses=[theirs])[0]["id"]
    refusal = world.moodle.refusal("local_stewardpath_get_course_state", courseid=key)
    assert refusal["errorcode"] == "notmanaged"


def test_arranging(world: World) -> None:
    for section in ("s1", "s2"):
        world.section(section)
    for key in ("p1", "p2", "p3"):
        world.page(key)
    wanted = [
        {"idnumber": world.id("s2"), "activities": [world.id("p3")]},
        {"idnumber": world.id("s1"), "activities": [world.id("p2"), world.id("p1")]},
    ]
    for action in ("updated", "unchanged"):
        answer = world.moodle.plugin("arrange_course", courseid=world.course, sections=wanted)
        assert answer == {"action": action}
    assert _order(world) == [("s2", ["p3"]), ("s1", ["p2", "p1"])]


def test_arranging_empty_sections(world: World) -> None:
    world.section("s1")
    world.section("s2")
    wanted = [{"idnumber": world.id("s2")}, {"idnumber": world.id("s1")}]
    answer = world.moodle.plugin("arrange_course", courseid=world.course, sections=wanted)
    assert answer == {"action": "updated"}
    assert _order(world) == [("s2", []), ("s1", [])]


def test_arranging_what_is_not_there_moves_nothing(world: World) -> None:
    world.section("s1")
    world.section("s2")
    for wrong, code in (
        ({"idnumber": world.id("none")}, "unknownsection"),
        ({"idnumber": world.id("s1"), "activities": [world.id("none")]}, "unknownactivity"),
    ):
        refusal = world.moodle.refusal(
            "local_stewardpath_arrange_course",
            courseid=world.course,
            sections=[{"idnumber": world.id("s2")}, wrong],
        )
        assert refusal["errorcode"] == code
    assert _order(world) == [("s1", []), ("s2", [])]


@pytest.mark.parametrize("kind", ["section", "activity", "course"])
def test_hiding_and_showing(world: World, kind: str) -> None:
    world.section("s1")
    world.page("p1")
    key = {"section": "s1", "activity": "p1", "course": "course"}[kind]
    change = {"courseid": world.course, "kind": kind, "idnumber": world.id(key)}
    for visible, action in ((0, "updated"), (0, "unchanged"), (1, "updated")):
        answer = world.moodle.plugin("set_visibility", **change, visible=visible)
        assert answer["action"] == action
        state = world.state()
        found = {"section": state["sections"], "activity": state["activities"]}
        shown = found.get(kind, [state["course"]])[0]
        assert shown["visible"] is bool(visible)
        assert shown.get("cmid", shown.get("id")) == answer["id"]


def test_an_activity_keeps_its_own_visibility_in_a_hidden_section(world: World) -> None:
    world.section("s1")
    world.page("p1")
    world.section("s1", visible=0)
    assert world.state()["sections"][0]["visible"] is False
    assert _activity(world, "p1")["visible"] is True
    assert world.page("p1")["action"] == "unchanged"


def test_hiding_what_is_not_there(world: World) -> None:
    for kind, code in (
        ("section", "unknownsection"),
        ("activity", "unknownactivity"),
        ("course", "othercourse"),
        ("cohort", "unknownkind"),
    ):
        change = {"courseid": world.course, "kind": kind, "idnumber": world.id("none")}
        refusal = world.moodle.refusal("local_stewardpath_set_visibility", **change, visible=0)
        assert refusal["errorcode"] == code


@pytest.mark.parametrize("kind", ["section", "activity", "question", "questioncategory"])
def test_renaming(world: World, kind: str) -> None:
    world.section("old-s")
    world.page("old-p", section="old-s")
    world.true_false_quiz("old-q", section="old-s")
    old, new = {
        "section": ("old-s", "new-s"),
        "activity": ("old-p", "new-p"),
        "question": ("old-q.a", "new-q.a"),
        "questioncategory": ("old-q", "new-q"),
    }[kind]
    change = {"courseid": world.course, "kind": kind, "from": world.id(old), "to": world.id(new)}
    first = world.moodle.plugin("rename", **change)
    assert first["action"] == "updated"
    assert world.moodle.plugin("rename", **change) == {"id": first["id"], "action": "unchanged"}
    state = world.state()
    names = {
        *(section["idnumber"] for section in state["sections"]),
        *(activity["idnumber"] for activity in state["activities"]),
        *(question["idnumber"] for question in state["questions"]),
        *(question["category"] for question in state["questions"]),
    }
    assert world.id(new) in names


def test_a_renamed_question_is_still_in_its_quiz(world: World) -> None:
    world.section()
    world.true_false_quiz()
    change = {"from": world.id("q1.a"), "to": world.id("q1.b")}
    world.moodle.plugin("rename", courseid=world.course, kind="question", **change)
    assert _activity(world, "q1")["quiz"]["questions"] == [world.id("q1.b")]
    assert world.state()["questions"][0]["hash"] == "h1"
    assert world.quiz(questions=[world.id("q1.b")])["action"] == "unchanged"


def test_a_name_that_is_taken_or_not_there(world: World) -> None:
    world.section("s1")
    world.section("s2")
    for old, new, code in (
        ("s1", "s2", "idnumbertaken"),
        ("none", "other", "unknownsection"),
    ):
        refusal = world.moodle.refusal(
            "local_stewardpath_rename",
            **{
                "courseid": world.course,
                "kind": "section",
                "from": world.id(old),
                "to": world.id(new),
            },
        )
        assert refusal["errorcode"] == code
    change = {"courseid": world.course, "kind": "section", "from": "theirs:x"}
    refusal = world.moodle.refusal("local_stewardpath_rename", **change, to=world.id("x"))
    assert refusal["errorcode"] == "notmanaged"


def test_the_site_state_shows_one_curriculum(world: World) -> None:
    state = world.moodle.plugin("get_site_state", prefix=world.prefix)
    assert (state["contract"], state["release"][:2]) == (1, "1.")
    assert [course["idnumber"] for course in state["courses"]] == [world.id("course")]
    assert [category["id"] for category in state["categories"]] == [world.category]
    switches = {"completion", "badges", "multilang", "competencies", "messaging"}
    assert set(state["settings"]) == switches
    assert all(isinstance(on, bool) for on in state["settings"].values())
    assert state["maxinputvars"] >= 1000
    me = world.moodle.call("core_webservice_get_site_info")["userid"]
    assert state["serviceuser"] == me
    refusal = world.moodle.refusal("local_stewardpath_get_site_state", prefix="theirs:")
    assert refusal["errorcode"] == "notmanaged"
