"""The whole workflow with the commands: YAML in, quizzes taken, awards out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.sample_union import (
    PATH,
    Person,
    Union,
    course_of,
    create_member,
    delivered,
    rows,
    states,
)
from tests.curriculum.images.sample_images import sample_image


def test_from_yaml_to_award(union: Union) -> None:
    fresh = union.data("plan")["plans"][0]
    assert {change["action"] for change in fresh["changes"]} == {"create"}
    union.run("apply", "--fingerprint", fresh["fingerprint"])
    assert union.data("plan")["plans"][0]["changes"] == []

    person = create_member(union)
    assert states(union, person) == {"welcome": "open", "first-steward-steps": "later"}
    welcome, steps = union.curriculum.milestones
    quiz = next(welcome.course.quizzes)
    course = course_of(union, "welcome")
    person.take(quiz, course, right=False)
    union.run("pull")
    assert states(union, person)["welcome"] == "open"
    person.take(quiz, course, right=True)
    view(person, "what-the-union-does", course)
    assert union.data("pull")["awards"] == 1
    assert union.data("pull")["awards"] == 0
    union.run("deliver")
    assert states(union, person) == {"welcome": "earned", "first-steward-steps": "later"}
    check_acknowledged(union, person)

    union.run("members", "role", person.user["idnumber"], "steward")
    union.run("deliver")
    course = course_of(union, "first-steward-steps")
    person.take(next(steps.course.quizzes), course, right=True)
    number = person.user["idnumber"]
    for key in ("first-training", "shadowed-a-steward"):
        union.run("members", "signoff", number, key, "--by", "The committee")
    union.run("pull")
    union.run("deliver")
    assert set(states(union, person).values()) == {"earned"}
    assert delivered(union, person)["badge"] == {"welcome", "first-steward-steps"}
    check_withdrawn_and_allowed_again(union, person)


def check_withdrawn_and_allowed_again(union: Union, person: Person) -> None:
    """Withdraw an award: the badge is revoked and the cohort left in Moodle. Then allow it."""
    found = union.data("awards", "list", person.user["idnumber"])["awards"]
    award = str(next(each["id"] for each in found if each["milestone"] == "first-steward-steps"))
    union.run("awards", "withdraw", award, "--reason", "A test")
    union.run("pull")
    union.run("deliver")
    assert states(union, person)["first-steward-steps"] == "open", "not awarded again by itself"
    assert in_cohort_and_badged(union, person, "first-steward-steps") == (False, False)
    assert in_cohort_and_badged(union, person, "welcome") == (True, True)
    union.run("awards", "allow", award)
    union.run("deliver")
    assert states(union, person)["first-steward-steps"] == "earned"
    assert in_cohort_and_badged(union, person, "first-steward-steps") == (True, True)


def in_cohort_and_badged(union: Union, person: Person, milestone: str) -> tuple[bool, bool]:
    """Whether Moodle has the person in the milestone's cohort, and the badge issued to them."""
    moodle, user = union.moodle, person.user["id"]
    prefix = f"stewardpath:{union.key}:"
    state = moodle.plugin("get_site_state", prefix=prefix)
    cohort = next(c["id"] for c in state["cohorts"] if c["idnumber"] == prefix + milestone)
    members = moodle.call("core_cohort_get_cohort_members", cohortids=[cohort])[0]["userids"]
    named = {"idnumber": prefix + milestone, "userid": user}
    badged = bool(moodle.plugin("revoke_badge", **named)["revoked"])
    if badged:
        moodle.plugin("issue_badge", **named)
    return user in members, badged


def view(person: Person, key: str, course: int) -> None:
    cmid = person.activity(key, course)["cmid"]
    sections = person.union.moodle.call("core_course_get_contents", courseid=course)
    modules = [module for section in sections for module in section["modules"]]
    page = next(module["instance"] for module in modules if module["id"] == cmid)
    assert person.call("mod_page_view_page", pageid=page)["status"]


def check_acknowledged(union: Union, person: Person) -> None:
    """Check the badge, cohort, learning plan and message in Moodle."""
    moodle, user = union.moodle, person.user["id"]
    prefix = f"stewardpath:{union.key}:"
    kinds = delivered(union, person)
    for kind in ("cohort", "competency", "message", "mail", "badge"):
        assert kinds[kind] == {"welcome"}
    again = moodle.plugin("issue_badge", idnumber=prefix + "welcome", userid=user)
    assert (again["issued"], again["already"]) == (False, True)
    state = moodle.plugin("get_site_state", prefix=prefix)
    cohort = next(c["id"] for c in state["cohorts"] if c["idnumber"] == prefix + "welcome")
    assert moodle.call("core_cohort_get_cohort_members", cohortids=[cohort])[0]["userids"] == [user]
    plans = moodle.call("core_competency_list_user_plans", userid=user)
    assert [p["templateid"] for p in plans] == [t["id"] for t in state["templates"]]
    rated = moodle.call("core_competency_list_plan_competencies", id=plans[0]["id"])
    reached = {
        row["competency"]["idnumber"]
        for row in rated
        if row["usercompetency"] and row["usercompetency"]["proficiency"]
    }
    assert reached == {prefix + "welcome"}
    between = {"useridto": user, "useridfrom": state["serviceuser"], "type": "conversations"}
    messages = moodle.call("core_message_get_messages", **between, read=2)["messages"]
    assert len(messages) == 1
    assert "Well done" in messages[0]["text"]


def test_an_edit_keeps_what_learners_did(union: Union) -> None:
    union.run("apply")
    person = create_member(union)
    quiz = next(union.curriculum.milestones[0].course.quizzes)
    course = course_of(union, "welcome")
    person.take(quiz, course, right=True)

    union.edit("The quorum is 20 members, and 13 have come", "The quorum is 20; 13 have come")
    plan = union.data("plan")["plans"][0]
    edited = f"stewardpath:{union.key}:welcome-check.quorum"
    assert [(c["action"], c["idnumber"]) for c in plan["changes"]] == [("change", edited)]
    union.run("apply")
    assert union.data("plan")["plans"][0]["changes"] == []
    state = union.moodle.plugin("get_course_state", courseid=course)
    versions = {q["idnumber"]: q["version"] for q in state["questions"]}
    assert versions.pop(edited) == 2
    assert set(versions.values()) == {1}
    assert person.activity("welcome-check", course)["quiz"]["attemptcount"] == 1

    union.edit("        - quiz: welcome-check", "        - quiz: another-check")
    union.edit("  - quiz: welcome-check", "  - quiz: another-check")
    assert "Needs --force" in union.run("plan")
    union.run("apply", expect=1)
    assert person.activity("welcome-check", course)["visible"]


def test_quiz_statistics_count_first_attempts(union: Union) -> None:
    """First attempts by region and by question; later attempts don't change them."""
    union.run("apply")
    failed, passed = create_member(union), create_member(union)
    quiz = next(union.curriculum.milestones[0].course.quizzes)
    course = course_of(union, "welcome")
    for person, right in ((failed, False), (failed, True), (passed, True)):
        person.take(quiz, course, right=right)
    union.run("pull")
    tries = rows(union, "SELECT quiz, grade FROM first_attempt ORDER BY grade")
    assert tries == [(quiz.key, 0.0), (quiz.key, 100.0)]
    assert rows(union, "SELECT * FROM quiz_statistic") == []
    union.run("pull", "--reconcile")
    assert rows(union, "SELECT quiz, grade FROM first_attempt ORDER BY grade") == tries
    counted = rows(union, "SELECT region, quiz, tries, failed FROM quiz_statistic")
    assert counted == [("north", quiz.key, 2, 1)]
    asked = rows(union, "SELECT question, asked, wrong, partly FROM question_statistic ORDER BY 1")
    assert asked == sorted((question.key, 2, 1, 0) for question in quiz.questions)


def test_without_the_companion(union: Union, core: Union) -> None:
    work = core.data("apply")["applied"][0]
    by_hand = {c["kind"] for c in work["changes"] if c["action"] == "by-hand"}
    assert by_hand == {"page", "link", "quiz"}
    assert all(Path(core.folder, file).exists() for file in work["files"].values())
    again = core.data("plan")["plans"][0]["changes"]
    assert {change["action"] for change in again} == {"by-hand"}

    union.run("apply")  # as a person would, activity by activity
    assert core.data("plan")["plans"][0]["changes"] == []
    person = create_member(core)
    welcome = union.curriculum.milestones[0]
    person.take(next(welcome.course.quizzes), course_of(union, "welcome"), right=True)
    core.run("pull")
    shown = core.data("members", "show", person.user["idnumber"])
    step = shown["paths"][0]["milestones"][0]
    assert "welcome-check" not in str(step["missing"])
    core.run("pull", "--reconcile")
    assert rows(core, "SELECT * FROM first_attempt") == []
    [(detail,)] = rows(core, "SELECT detail FROM run WHERE kind = 'quizzes'")
    assert json.loads(detail)["way"] == "core"


def test_the_images_of_a_curriculum(union: Union) -> None:
    """Applied twice, nothing is left to do; another image with the same name is a change."""
    images = union.folder / "curricula" / PATH / "images"
    images.mkdir()
    (images / "steps.png").write_bytes(sample_image())
    shown = "![Two steps](images/steps.png)"
    union.edit("- A steward can answer your questions.", f"- A steward can answer. {shown}")
    union.edit("en: One page, one link, one quiz.", f"en: '{shown}'")
    union.edit("en: Three questions, and all the time you like.", f"en: '{shown}'")
    union.run("apply", "--force")
    assert union.data("plan")["plans"][0]["changes"] == []
    (images / "steps.png").write_bytes(sample_image(colour="red"))
    changes = union.data("plan")["plans"][0]["changes"]
    assert [(each["kind"], [field["name"] for field in each["fields"]]) for each in changes] == [
        ("section", ["images"]), ("page", ["images"]), ("quiz", ["images"]),
    ]  # fmt: skip
    union.run("apply", "--force")
    assert union.data("plan")["plans"][0]["changes"] == []
