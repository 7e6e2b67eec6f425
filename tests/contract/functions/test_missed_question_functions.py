"""Counts of wrong answers in first attempts."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.contract.moodle_site import Learner, MoodleSite, choice, learner, true_false

SEVERAL = (("50", "Right one"), ("50", "Right two"), ("-100", "Wrong one"))
THIRDS = tuple((f"{33.33333}", f"Part {name}") for name in ("one", "two", "three"))


@pytest.fixture
def asked(moodle_site: MoodleSite) -> MoodleSite:
    """A quiz of a true-false and a several-choice question."""
    moodle_site.section()
    keys = ("a", "b")
    truth = true_false(moodle_site.id("q1.a"))
    several = choice(moodle_site.id("q1.b"), "false", SEVERAL)
    made = moodle_site.questions("q1", ("a", "h", truth), ("b", "h", several))
    assert {item["action"] for item in made} == {"created"}
    moodle_site.quiz(questions=[moodle_site.id(f"q1.{key}") for key in keys])
    return moodle_site


def take(person: Learner, truth: str, *several: str) -> None:
    attempt, fields = person.begin()
    chosen = [fields[1].pick(text) for text in several]
    answered = [fields[0].pick(truth)] if truth else []
    assert person.finish(attempt, fields, *answered, *chosen) == "finished"


def counted(moodle_site: MoodleSite, **more: Any) -> dict[str, tuple[int, int, int]]:
    """Question -> asked, wrong, partly."""
    answer = moodle_site.moodle.plugin("get_missed_questions", courseid=moodle_site.course, **more)
    assert list(answer) == ["questions"]
    found = answer["questions"]
    for each in found:
        assert set(each) == {"quiz", "question", "asked", "wrong", "partly"}
        assert each["quiz"] == moodle_site.id("q1")
        assert {type(each[name]) for name in ("asked", "wrong", "partly")} == {int}
    return {
        each["question"].removeprefix(moodle_site.id("q1.")): (
            each["asked"], each["wrong"], each["partly"],
        )
        for each in found
    }  # fmt: skip


def test_first_attempts_are_counted_by_question(asked: MoodleSite) -> None:
    assert counted(asked) == {}
    right, half, wrong, empty = (learner(asked) for _ in range(4))
    take(right, "True", "Right one", "Right two")
    take(half, "True", "Right one")
    take(wrong, "False", "Wrong one")
    take(empty, "")
    assert counted(asked) == {"a": (4, 2, 0), "b": (4, 2, 1)}


def test_later_and_open_attempts_do_not_count(asked: MoodleSite) -> None:
    person, slow = learner(asked), learner(asked)
    take(person, "False", "Wrong one")
    take(person, "True", "Right one", "Right two")
    slow.begin()
    assert counted(asked) == {"a": (1, 1, 0), "b": (1, 1, 0)}


def test_a_changed_question_starts_from_zero(asked: MoodleSite) -> None:
    take(learner(asked), "False", "Right one")
    changed = true_false(asked.id("q1.a"), "Is it so, then?")
    [item] = asked.questions("q1", ("a", "other", changed))
    assert item["action"] == "updated"
    assert counted(asked) == {"b": (1, 0, 1)}
    take(learner(asked), "True", "Right one", "Right two")
    assert counted(asked) == {"a": (1, 0, 0), "b": (2, 0, 1)}


def test_only_attempts_since_a_time(asked: MoodleSite) -> None:
    take(learner(asked), "False", "Wrong one")
    now = int(time.time())
    assert counted(asked, since=now - 3600) == {"a": (1, 1, 0), "b": (1, 1, 0)}
    assert counted(asked, since=now + 3600) == {}


def test_three_thirds_are_right(moodle_site: MoodleSite) -> None:
    """Moodle stores seven decimals, so the sum is slightly less than one."""
    moodle_site.section()
    thirds = choice(moodle_site.id("q1.a"), "false", (*THIRDS, ("0", "Wrong one")))
    [made] = moodle_site.questions("q1", ("a", "h", thirds))
    assert made["action"] == "created", made
    moodle_site.quiz(questions=[moodle_site.id("q1.a")])
    person = learner(moodle_site)
    attempt, fields = person.begin()
    person.finish(attempt, fields, *(fields[0].pick(text) for _, text in THIRDS))
    assert counted(moodle_site) == {"a": (1, 0, 0)}


def test_unenrolled_users_still_count(asked: MoodleSite) -> None:
    person = learner(asked)
    take(person, "False", "Wrong one")
    gone = [{"userid": person.user["id"], "courseid": asked.course}]
    asked.moodle.call("enrol_manual_unenrol_users", enrolments=gone)
    assert counted(asked) == {"a": (1, 1, 0), "b": (1, 1, 0)}


def test_a_renamed_question_has_its_new_idnumber(asked: MoodleSite) -> None:
    take(learner(asked), "False", "Wrong one")
    for kind, key in (("question", "q1.a"), ("question", "q1.b")):
        names = {"from": asked.id(key), "to": asked.id(f"{key}-new")}
        asked.moodle.plugin("rename", courseid=asked.course, kind=kind, **names)
    assert counted(asked) == {"a-new": (1, 1, 0), "b-new": (1, 1, 0)}


def test_refusals(moodle_site: MoodleSite) -> None:
    refused = moodle_site.moodle.refusal(
        "local_stewardpath_get_missed_questions", courseid=987_654_321
    )
    assert refused["errorcode"] == "unknowncourse"
    refused = moodle_site.moodle.refusal("local_stewardpath_get_missed_questions", courseid="x")
    assert refused["errorcode"] == "invalidparameter"
    person = learner(moodle_site)
    name = "local_stewardpath_get_missed_questions"
    refused = moodle_site.moodle.refusal(name, token=person.token, courseid=moodle_site.course)
    assert refused["errorcode"] in ("accessexception", "nopermissions")
