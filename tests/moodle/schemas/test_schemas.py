"""The models, with complete and incomplete answers."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bridge.errors import MoodleUnavailable
from bridge.moodle.client.protocol import expect
from bridge.moodle.schemas.base import Id, Time
from bridge.moodle.schemas.companion import CourseState, Saved, SiteState
from bridge.moodle.schemas.companion_feed import Changes
from bridge.moodle.schemas.core import Competency, User, Warnings

COURSE = {
    "id": 4,
    "idnumber": "stewardpath:path:basics",
    "category": 2,
    "fullname": "Basics",
    "shortname": "basics",
    "summary": None,
    "visible": 1,
    "enablecompletion": True,
    "lang": "",
}
SITE = {
    "release": "1.0.0",
    "contract": 1,
    "moodlerelease": "4.5.6 (Build: 20250811)",
    "moodleversion": 2024100706,
    "maxinputvars": 1000,
    "feed": "5f0c2b0e-7a55-4a86-9df0-4d3b0c1a0001",
    "newestchange": 0,
    "settings": {
        "completion": 1,
        "badges": 1,
        "multilang": 0,
        "competencies": 1,
        "messaging": 1,
    },
    "competencyscale": 2,
    "competencyscalevalues": ["Not yet competent", "Competent"],
    "serviceuser": 3,
    "categories": [],
    "courses": [COURSE],
    "cohorts": [],
    "frameworks": [],
    "competencies": [],
    "templates": [{"id": 1, "shortname": "Path", "competencyids": [5, 6]}],
    "badges": [],
}
QUIZ = {
    "timelimit": 0,
    "timeopen": 0,
    "timeclose": 0,
    "attempts": 0,
    "grademethod": 1,
    "gradepass": 80,
    "grade": 100.0,
    "sumgrades": 2,
    "completionpassgrade": 1,
    "completionusegrade": 1,
    "shuffleanswers": 1,
    "attemptcount": 0,
    "learnercount": 0,
    "finishedcount": 0,
    "questions": ["stewardpath:path:q1", ""],
}
ACTIVITY = {
    "cmid": 9,
    "idnumber": "stewardpath:path:quiz",
    "modname": "quiz",
    "sectionidnumber": "",
    "position": 0,
    "name": "Quiz",
    "visible": 1,
    "content": "",
    "intro": "<p>Try it</p>",
    "completion": 2,
    "completionview": 0,
    "quiz": QUIZ,
}
ROW = {
    "id": 12,
    "kind": "completion",
    "userid": 5,
    "courseid": 4,
    "courseidnumber": None,
    "cmid": 9,
    "idnumber": "stewardpath:path:quiz",
    "state": 2,
    "grade": None,
    "time": 1_700_000_000,
}
CHANGES = {"feed": "u", "oldest": 12, "newest": 12, "changes": [ROW], "found": [], "more": False}


def test_site_state():
    site = expect(SiteState, SITE, "get_site_state")
    assert site.moodleversion == "2024100706"
    assert site.courses[0].summary == ""
    assert site.settings.multilang is False
    assert site.templates[0].competencyids == (5, 6)


def test_course_state():
    page = {**ACTIVITY, "modname": "page", "content": "<p>Read</p>", "quiz": None}
    state = {"course": COURSE, "sections": [], "activities": [ACTIVITY, page], "questions": []}
    course = expect(CourseState, state, "get_course_state")
    assert course.activities[0].quiz.gradepass == 80.0
    assert course.activities[1].quiz is None


def test_the_feed_keeps_unknown_kinds():
    news = {**CHANGES, "changes": [ROW, {**ROW, "kind": "something-new"}]}
    changes = expect(Changes, news, "get_changes")
    assert changes.changes[0].grade is None
    assert changes.changes[1].kind == "something-new"


@pytest.mark.parametrize("key", ["feed", "newest", "changes", "more"])
def test_a_feed_page_without_a_required_field_is_refused(key):
    half = {name: value for name, value in CHANGES.items() if name != key}
    with pytest.raises(MoodleUnavailable, match=key):
        expect(Changes, half, "get_changes")


def test_unknown_fields_of_a_newer_plugin_are_ignored():
    assert expect(SiteState, {**SITE, "new": 1}, "f") == expect(SiteState, SITE, "f")


def test_models_are_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        expect(SiteState, SITE, "f").contract = 2


def test_core_answers_are_mapped_to_our_field_names():
    competency = {"id": 1, "idnumber": None, "shortname": "Member", "competencyframeworkid": 8}
    assert expect(Competency, competency, "f").frameworkid == 8
    assert expect(User, {"id": 2}, "f").email == ""


@pytest.mark.parametrize("number", [0, -1, True, False, 2**63, 10**400, 1.5, "", "x", None])
def test_invalid_ids_are_refused(number):
    with pytest.raises(MoodleUnavailable, match="id"):
        expect(Saved, {"id": number, "action": "created"}, "f")


@pytest.mark.parametrize("number", [1, "1", 2**63 - 1])
def test_valid_ids_are_accepted(number):
    assert expect(Id, number, "f") == int(number)


def test_a_time_after_the_year_9999_is_refused():
    assert expect(Time, 253_402_300_799, "f")
    with pytest.raises(MoodleUnavailable):
        expect(Time, 253_402_300_800, "f")


@pytest.mark.parametrize("answer", [{}, [], "ok", 0, None, {"warnings": None}])
def test_a_missing_list_of_warnings_is_refused(answer):
    with pytest.raises(MoodleUnavailable):
        expect(Warnings, answer, "core_user_update_users")
