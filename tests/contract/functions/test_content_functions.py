"""The functions for sections, pages and links: save, arrange, hide, rename."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.moodle_site import MoodleSite, new_course


def _activity(moodle_site: MoodleSite, key: str) -> dict[str, Any]:
    found = (a for a in moodle_site.state()["activities"] if a["idnumber"] == moodle_site.id(key))
    return dict(next(found))


def _order(moodle_site: MoodleSite) -> list[tuple[str, list[str]]]:
    state = moodle_site.state()
    return [
        (
            section["idnumber"].removeprefix(moodle_site.prefix),
            [
                activity["idnumber"].removeprefix(moodle_site.prefix)
                for activity in sorted(state["activities"], key=lambda a: a["position"])
                if activity["sectionidnumber"] == section["idnumber"]
            ],
        )
        for section in state["sections"]
    ]


def test_a_section_created_unchanged_updated(moodle_site: MoodleSite) -> None:
    first = moodle_site.section()
    assert first["action"] == "created"
    assert moodle_site.section() == {"id": first["id"], "action": "unchanged"}
    changed = moodle_site.section(name="Other", summary="<p>A &amp; B</p>")
    assert changed == {"id": first["id"], "action": "updated"}
    sections = moodle_site.state()["sections"]
    assert sections == [
        {
            "id": first["id"],
            "number": 1,
            "idnumber": moodle_site.id("s1"),
            "name": "Other",
            "summary": "<p>A &amp; B</p>",
            "visible": True,
            "files": [],
        }
    ]


def test_a_page(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    first = moodle_site.page()
    assert first["action"] == "created"
    assert moodle_site.page() == {"id": first["id"], "action": "unchanged"}
    body = '<p><span lang="en" class="multilang">A</span> &amp; <em>é</em></p>'
    assert moodle_site.page(content=body)["action"] == "updated"
    known = _activity(moodle_site, "p1")
    assert (known["cmid"], known["modname"]) == (first["id"], "page")
    assert (known["sectionidnumber"], known["position"]) == (moodle_site.id("s1"), 0)
    assert (known["content"], known["intro"], known["visible"]) == (body, "", True)
    assert (known["completion"], known["completionview"]) == (2, True)
    assert known.get("quiz") is None


def test_a_link(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    first = moodle_site.link()
    assert first["action"] == "created"
    assert moodle_site.link()["action"] == "unchanged"
    assert moodle_site.link(url="https://example.org/é", intro="<p>So</p>")["action"] == "updated"
    known = _activity(moodle_site, "l1")
    assert (known["modname"], known["content"]) == ("url", "https://example.org/é")
    assert (known["intro"], known["completionview"]) == ("<p>So</p>", True)


def test_an_activity_moves_to_the_section_it_is_saved_in(moodle_site: MoodleSite) -> None:
    moodle_site.section("s1")
    moodle_site.section("s2")
    moodle_site.page()
    assert moodle_site.page(section="s2")["action"] in ("updated", "unchanged")
    moodle_site.moodle.plugin(
        "arrange_course",
        courseid=moodle_site.course,
        sections=[{"idnumber": moodle_site.id("s2"), "activities": [moodle_site.id("p1")]}],
    )
    assert _activity(moodle_site, "p1")["sectionidnumber"] == moodle_site.id("s2")


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
def test_a_bad_page(moodle_site: MoodleSite, wrong: dict[str, Any], code: str) -> None:
    moodle_site.section()
    page = {
        "courseid": moodle_site.course,
        "sectionidnumber": moodle_site.id("s1"),
        "idnumber": moodle_site.id("p1"),
        "name": "Page",
        "intro": "",
        "content": "<p>Hello</p>",
    }
    refusal = moodle_site.moodle.refusal("local_stewardpath_save_page", **{**page, **wrong})
    assert refusal["errorcode"] == code
    assert moodle_site.state()["activities"] == []


def test_an_invalid_link(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_save_link",
        courseid=moodle_site.course,
        sectionidnumber=moodle_site.id("s1"),
        idnumber=moodle_site.id("l1"),
        name="Link",
        intro="",
        url="javascript:alert(1)",
    )
    assert refusal["errorcode"] == "badlink"


def test_an_idnumber_of_another_kind(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.page("x")
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_save_link",
        courseid=moodle_site.course,
        sectionidnumber=moodle_site.id("s1"),
        idnumber=moodle_site.id("x"),
        name="Link",
        intro="",
        url="https://example.org",
    )
    assert refusal["errorcode"] == "wrongkind"


def test_unmanaged_courses_are_not_shown(moodle_site: MoodleSite) -> None:
    theirs = new_course("theirs-" + moodle_site.prefix, moodle_site.category)
    key = moodle_site.moodle.call("core_course_create_courses", courses=[theirs])[0]["id"]
    refusal = moodle_site.moodle.refusal("local_stewardpath_get_course_state", courseid=key)
    assert refusal["errorcode"] == "notmanaged"


def test_arranging(moodle_site: MoodleSite) -> None:
    for section in ("s1", "s2"):
        moodle_site.section(section)
    for key in ("p1", "p2", "p3"):
        moodle_site.page(key)
    wanted = [
        {"idnumber": moodle_site.id("s2"), "activities": [moodle_site.id("p3")]},
        {
            "idnumber": moodle_site.id("s1"),
            "activities": [moodle_site.id("p2"), moodle_site.id("p1")],
        },
    ]
    for action in ("updated", "unchanged"):
        answer = moodle_site.moodle.plugin(
            "arrange_course", courseid=moodle_site.course, sections=wanted
        )
        assert answer == {"action": action}
    assert _order(moodle_site) == [("s2", ["p3"]), ("s1", ["p2", "p1"])]


def test_arranging_empty_sections(moodle_site: MoodleSite) -> None:
    moodle_site.section("s1")
    moodle_site.section("s2")
    wanted = [{"idnumber": moodle_site.id("s2")}, {"idnumber": moodle_site.id("s1")}]
    answer = moodle_site.moodle.plugin(
        "arrange_course", courseid=moodle_site.course, sections=wanted
    )
    assert answer == {"action": "updated"}
    assert _order(moodle_site) == [("s2", []), ("s1", [])]


def test_arranging_a_missing_activity_moves_nothing(moodle_site: MoodleSite) -> None:
    moodle_site.section("s1")
    moodle_site.section("s2")
    for wrong, code in (
        ({"idnumber": moodle_site.id("none")}, "unknownsection"),
        (
            {"idnumber": moodle_site.id("s1"), "activities": [moodle_site.id("none")]},
            "unknownactivity",
        ),
    ):
        refusal = moodle_site.moodle.refusal(
            "local_stewardpath_arrange_course",
            courseid=moodle_site.course,
            sections=[{"idnumber": moodle_site.id("s2")}, wrong],
        )
        assert refusal["errorcode"] == code
    assert _order(moodle_site) == [("s1", []), ("s2", [])]


@pytest.mark.parametrize("kind", ["section", "activity", "course"])
def test_hiding_and_showing(moodle_site: MoodleSite, kind: str) -> None:
    moodle_site.section("s1")
    moodle_site.page("p1")
    key = {"section": "s1", "activity": "p1", "course": "course"}[kind]
    change = {"courseid": moodle_site.course, "kind": kind, "idnumber": moodle_site.id(key)}
    for visible, action in ((0, "updated"), (0, "unchanged"), (1, "updated")):
        answer = moodle_site.moodle.plugin("set_visibility", **change, visible=visible)
        assert answer["action"] == action
        state = moodle_site.state()
        found = {"section": state["sections"], "activity": state["activities"]}
        shown = found.get(kind, [state["course"]])[0]
        assert shown["visible"] is bool(visible)
        assert shown.get("cmid", shown.get("id")) == answer["id"]


def test_an_activity_keeps_its_own_visibility_in_a_hidden_section(moodle_site: MoodleSite) -> None:
    moodle_site.section("s1")
    moodle_site.page("p1")
    moodle_site.section("s1", visible=0)
    assert moodle_site.state()["sections"][0]["visible"] is False
    assert _activity(moodle_site, "p1")["visible"] is True
    assert moodle_site.page("p1")["action"] == "unchanged"


def test_hiding_a_missing_object(moodle_site: MoodleSite) -> None:
    for kind, code in (
        ("section", "unknownsection"),
        ("activity", "unknownactivity"),
        ("course", "othercourse"),
        ("cohort", "unknownkind"),
    ):
        change = {"courseid": moodle_site.course, "kind": kind, "idnumber": moodle_site.id("none")}
        refusal = moodle_site.moodle.refusal(
            "local_stewardpath_set_visibility", **change, visible=0
        )
        assert refusal["errorcode"] == code


@pytest.mark.parametrize("kind", ["section", "activity", "question", "questioncategory"])
def test_renaming(moodle_site: MoodleSite, kind: str) -> None:
    moodle_site.section("old-s")
    moodle_site.page("old-p", section="old-s")
    moodle_site.true_false_quiz("old-q", section="old-s")
    old, new = {
        "section": ("old-s", "new-s"),
        "activity": ("old-p", "new-p"),
        "question": ("old-q.a", "new-q.a"),
        "questioncategory": ("old-q", "new-q"),
    }[kind]
    change = {
        "courseid": moodle_site.course,
        "kind": kind,
        "from": moodle_site.id(old),
        "to": moodle_site.id(new),
    }
    first = moodle_site.moodle.plugin("rename", **change)
    assert first["action"] == "updated"
    assert moodle_site.moodle.plugin("rename", **change) == {
        "id": first["id"],
        "action": "unchanged",
    }
    state = moodle_site.state()
    names = {
        *(section["idnumber"] for section in state["sections"]),
        *(activity["idnumber"] for activity in state["activities"]),
        *(question["idnumber"] for question in state["questions"]),
        *(question["category"] for question in state["questions"]),
    }
    assert moodle_site.id(new) in names


def test_a_renamed_question_is_still_in_its_quiz(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    change = {"from": moodle_site.id("q1.a"), "to": moodle_site.id("q1.b")}
    moodle_site.moodle.plugin("rename", courseid=moodle_site.course, kind="question", **change)
    assert _activity(moodle_site, "q1")["quiz"]["questions"] == [moodle_site.id("q1.b")]
    assert moodle_site.state()["questions"][0]["hash"] == "h1"
    assert moodle_site.quiz(questions=[moodle_site.id("q1.b")])["action"] == "unchanged"


def test_renaming_to_a_taken_idnumber_or_from_a_missing_one(moodle_site: MoodleSite) -> None:
    moodle_site.section("s1")
    moodle_site.section("s2")
    for old, new, code in (
        ("s1", "s2", "idnumbertaken"),
        ("none", "other", "unknownsection"),
    ):
        refusal = moodle_site.moodle.refusal(
            "local_stewardpath_rename",
            **{
                "courseid": moodle_site.course,
                "kind": "section",
                "from": moodle_site.id(old),
                "to": moodle_site.id(new),
            },
        )
        assert refusal["errorcode"] == code
    change = {"courseid": moodle_site.course, "kind": "section", "from": "theirs:x"}
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_rename", **change, to=moodle_site.id("x")
    )
    assert refusal["errorcode"] == "notmanaged"


def test_the_site_state_shows_one_curriculum(moodle_site: MoodleSite) -> None:
    state = moodle_site.moodle.plugin("get_site_state", prefix=moodle_site.prefix)
    assert (state["contract"], state["release"][:2]) == (1, "1.")
    assert [course["idnumber"] for course in state["courses"]] == [moodle_site.id("course")]
    assert [category["id"] for category in state["categories"]] == [moodle_site.category]
    switches = {"completion", "badges", "multilang", "competencies", "messaging"}
    assert set(state["settings"]) == switches
    assert all(isinstance(on, bool) for on in state["settings"].values())
    assert state["maxinputvars"] >= 1000
    me = moodle_site.moodle.call("core_webservice_get_site_info")["userid"]
    assert state["serviceuser"] == me
    refusal = moodle_site.moodle.refusal("local_stewardpath_get_site_state", prefix="theirs:")
    assert refusal["errorcode"] == "notmanaged"
