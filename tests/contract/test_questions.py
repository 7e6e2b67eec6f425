"""Importing questions, and quizzes made of them."""

from __future__ import annotations

from typing import Any

import pytest

from .world import World, learner, question, true_false


def _quiz(world: World) -> dict[str, Any]:
    found = (a for a in world.state()["activities"] if a["modname"] == "quiz")
    return dict(next(found))


def test_created_unchanged_updated_failed(world: World) -> None:
    name = world.id("q1.a")
    first = world.questions("q1", ("a", "h1", true_false(name)))[0]
    assert (first["action"], first["version"], first["error"]) == ("created", 1, "")
    same = world.questions("q1", ("a", "h1", true_false(name)))[0]
    assert same == {**first, "action": "unchanged"}
    new = world.questions("q1", ("a", "h2", true_false(name, "Is it still so?")))[0]
    assert (new["action"], new["version"]) == ("updated", 2)
    assert new["questionid"] != first["questionid"]
    known = world.state()["questions"]
    assert known == [
        {
            "idnumber": name,
            "questionid": new["questionid"],
            "version": 2,
            "hash": "h2",
            "category": world.id("q1"),
            "status": "ready",
        }
    ]


@pytest.mark.parametrize(
    "xml",
    [
        "<quiz><question",
        "<quiz></quiz>",
        "not xml at all",
        '<!DOCTYPE q [<!ENTITY a "b">]><quiz></quiz>',
        "<quiz><question type='essay'><name><text>e</text></name></question></quiz>",
    ],
)
def test_a_bad_question_reports_itself_and_stops_nobody(world: World, xml: str) -> None:
    good = ("b", "h1", true_false(world.id("q1.b")))
    first, second = world.questions("q1", ("a", "h1", xml), good)
    assert (first["action"], bool(first["error"])) == ("failed", True)
    assert (second["action"], second["error"]) == ("created", "")
    assert [q["idnumber"] for q in world.state()["questions"]] == [world.id("q1.b")]


def test_a_question_with_another_idnumber_than_announced(world: World) -> None:
    answer = world.questions("q1", ("a", "h1", true_false(world.id("q1.other"))))[0]
    assert answer["action"] == "failed"


def test_a_choice_question_nobody_can_answer(world: World) -> None:
    wrong = '<single>true</single><answer fraction="0"><text>No</text></answer>'
    xml = question("multichoice", world.id("q1.a"), "Which?", wrong + wrong)
    assert world.questions("q1", ("a", "h1", xml))[0]["action"] == "failed"


def test_importing_into_a_category_that_is_not_ours(world: World) -> None:
    refusal = world.moodle.refusal(
        "local_stewardpath_import_questions",
        courseid=world.course,
        category="theirs",
        categoryname="Theirs",
        questions=[{"idnumber": world.id("q.a"), "hash": "h", "xml": "<quiz/>"}],
    )
    assert refusal["errorcode"] == "notmanaged"


def test_a_quiz_is_untimed_and_unlimited(world: World) -> None:
    world.section()
    first = world.true_false_quiz()
    assert first["action"] == "created"
    same = {"id": first["id"], "action": "unchanged"}
    assert world.quiz(questions=[world.id("q1.a")]) == same
    known = _quiz(world)
    assert (known["cmid"], known["completion"]) == (first["id"], 2)
    quiz = known["quiz"]
    limits = ("timelimit", "timeopen", "timeclose", "attempts")
    assert [quiz[name] for name in limits] == [0, 0, 0, 0]
    assert (quiz["grademethod"], quiz["grade"], quiz["gradepass"]) == (1, 100, 70)
    assert quiz["completionpassgrade"] is True
    assert quiz["completionusegrade"] is True
    assert bool(quiz["shuffleanswers"]) is True
    assert quiz["questions"] == [world.id("q1.a")]
    counts = ("attemptcount", "learnercount", "finishedcount")
    assert [quiz[name] for name in counts] == [0, 0, 0]
    assert quiz["sumgrades"] == 1


def test_changing_a_quiz(world: World) -> None:
    world.section()
    world.true_false_quiz()
    assert world.quiz(questions=[world.id("q1.a")], **{"pass": 80})["action"] == "updated"
    assert _quiz(world)["quiz"]["gradepass"] == 80
    world.questions("q1", ("b", "h1", true_false(world.id("q1.b"))))
    both = [world.id("q1.b"), world.id("q1.a")]
    assert world.quiz(questions=both)["action"] == "updated"
    assert _quiz(world)["quiz"]["questions"] == both


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"pass": 101}, "badpass"),
        ({"pass": "most"}, "invalidparameter"),
        ({"questions": ["stewardpath:none:q"]}, "unknownquestion"),
        ({"questions": ["q1.a", "q1.a"]}, "questiontwice"),
    ],
    ids=str,
)
def test_a_bad_quiz(world: World, wrong: dict[str, Any], code: str) -> None:
    world.section()
    world.questions("q1", ("a", "h1", true_false(world.id("q1.a"))))
    quiz = {"name": "Quiz", "intro": "", "pass": 70, "questions": ["q1.a"], **wrong}
    quiz["questions"] = [q if ":" in q else world.id(q) for q in quiz["questions"]]
    place = {"sectionidnumber": world.id("s1"), "idnumber": world.id("q1")}
    refusal = world.moodle.refusal(
        "local_stewardpath_save_quiz", courseid=world.course, **place, **quiz
    )
    assert refusal["errorcode"] == code


def test_a_quiz_with_attempts_keeps_its_questions(world: World) -> None:
    world.section()
    world.true_false_quiz()
    world.questions("q1", ("b", "h1", true_false(world.id("q1.b"))))
    learner(world).take("True")
    refusal = world.moodle.refusal(
        "local_stewardpath_save_quiz",
        courseid=world.course,
        sectionidnumber=world.id("s1"),
        idnumber=world.id("q1"),
        name="Quiz q1",
        intro="",
        questions=[world.id("q1.a"), world.id("q1.b")],
        **{"pass": 70},
    )
    assert refusal["errorcode"] == "quizhasattempts"
    assert "1" in refusal["message"]
    quiz = _quiz(world)["quiz"]
    assert quiz["questions"] == [world.id("q1.a")]
    assert (quiz["attemptcount"], quiz["learnercount"], quiz["finishedcount"]) == (1, 1, 1)
    assert world.quiz(questions=[world.id("q1.a")], name="Other")["action"] == "updated"


def test_an_attempt_keeps_the_version_it_was_made_with(world: World) -> None:
    world.section()
    world.true_false_quiz()
    person = learner(world)
    person.take("True")
    name = world.id("q1.a")
    world.questions("q1", ("a", "h2", true_false(name, "Turned round?", right=False)))
    best = {"quizid": person.quizid()}
    assert person.call("mod_quiz_get_user_best_grade", **best)["grade"] == 100
    _, fields = person.begin()
    assert fields[0].pick("True")
