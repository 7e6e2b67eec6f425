"""The functions for questions and quizzes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.moodle_site import MoodleSite, learner, question, true_false


def _quiz(moodle_site: MoodleSite) -> dict[str, Any]:
    found = (a for a in moodle_site.state()["activities"] if a["modname"] == "quiz")
    return dict(next(found))


def test_created_unchanged_updated_failed(moodle_site: MoodleSite) -> None:
    name = moodle_site.id("q1.a")
    first = moodle_site.questions("q1", ("a", "h1", true_false(name)))[0]
    assert (first["action"], first["version"], first["error"]) == ("created", 1, "")
    same = moodle_site.questions("q1", ("a", "h1", true_false(name)))[0]
    assert same == {**first, "action": "unchanged"}
    new = moodle_site.questions("q1", ("a", "h2", true_false(name, "Is it still so?")))[0]
    assert (new["action"], new["version"]) == ("updated", 2)
    assert new["questionid"] != first["questionid"]
    known = moodle_site.state()["questions"]
    assert known == [
        {
            "idnumber": name,
            "questionid": new["questionid"],
            "version": 2,
            "hash": "h2",
            "category": moodle_site.id("q1"),
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
def test_an_invalid_question_does_not_stop_the_others(moodle_site: MoodleSite, xml: str) -> None:
    good = ("b", "h1", true_false(moodle_site.id("q1.b")))
    first, second = moodle_site.questions("q1", ("a", "h1", xml), good)
    assert (first["action"], bool(first["error"])) == ("failed", True)
    assert (second["action"], second["error"]) == ("created", "")
    assert [q["idnumber"] for q in moodle_site.state()["questions"]] == [moodle_site.id("q1.b")]


def test_a_question_with_a_different_idnumber(moodle_site: MoodleSite) -> None:
    answer = moodle_site.questions("q1", ("a", "h1", true_false(moodle_site.id("q1.other"))))[0]
    assert answer["action"] == "failed"


def test_a_choice_question_without_a_full_mark(moodle_site: MoodleSite) -> None:
    wrong = '<single>true</single><answer fraction="0"><text>No</text></answer>'
    xml = question("multichoice", moodle_site.id("q1.a"), "Which?", wrong + wrong)
    assert moodle_site.questions("q1", ("a", "h1", xml))[0]["action"] == "failed"


def test_importing_into_an_unmanaged_category(moodle_site: MoodleSite) -> None:
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_import_questions",
        courseid=moodle_site.course,
        category="theirs",
        categoryname="Theirs",
        questions=[{"idnumber": moodle_site.id("q.a"), "hash": "h", "xml": "<quiz/>"}],
    )
    assert refusal["errorcode"] == "notmanaged"


def test_a_quiz_is_untimed_and_unlimited(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    first = moodle_site.true_false_quiz()
    assert first["action"] == "created"
    same = {"id": first["id"], "action": "unchanged"}
    assert moodle_site.quiz(questions=[moodle_site.id("q1.a")]) == same
    known = _quiz(moodle_site)
    assert (known["cmid"], known["completion"]) == (first["id"], 2)
    quiz = known["quiz"]
    limits = ("timelimit", "timeopen", "timeclose", "attempts")
    assert [quiz[name] for name in limits] == [0, 0, 0, 0]
    assert (quiz["grademethod"], quiz["grade"], quiz["gradepass"]) == (1, 100, 70)
    assert quiz["completionpassgrade"] is True
    assert quiz["completionusegrade"] is True
    assert bool(quiz["shuffleanswers"]) is True
    assert quiz["questions"] == [moodle_site.id("q1.a")]
    counts = ("attemptcount", "learnercount", "finishedcount")
    assert [quiz[name] for name in counts] == [0, 0, 0]
    assert quiz["sumgrades"] == 1


def test_changing_a_quiz(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    assert (
        moodle_site.quiz(questions=[moodle_site.id("q1.a")], **{"pass": 80})["action"] == "updated"
    )
    assert _quiz(moodle_site)["quiz"]["gradepass"] == 80
    moodle_site.questions("q1", ("b", "h1", true_false(moodle_site.id("q1.b"))))
    both = [moodle_site.id("q1.b"), moodle_site.id("q1.a")]
    assert moodle_site.quiz(questions=both)["action"] == "updated"
    assert _quiz(moodle_site)["quiz"]["questions"] == both


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
def test_a_bad_quiz(moodle_site: MoodleSite, wrong: dict[str, Any], code: str) -> None:
    moodle_site.section()
    moodle_site.questions("q1", ("a", "h1", true_false(moodle_site.id("q1.a"))))
    quiz = {"name": "Quiz", "intro": "", "pass": 70, "questions": ["q1.a"], **wrong}
    quiz["questions"] = [q if ":" in q else moodle_site.id(q) for q in quiz["questions"]]
    place = {"sectionidnumber": moodle_site.id("s1"), "idnumber": moodle_site.id("q1")}
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_save_quiz", courseid=moodle_site.course, **place, **quiz
    )
    assert refusal["errorcode"] == code


def test_a_quiz_with_attempts_keeps_its_questions(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    moodle_site.questions("q1", ("b", "h1", true_false(moodle_site.id("q1.b"))))
    learner(moodle_site).take("True")
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_save_quiz",
        courseid=moodle_site.course,
        sectionidnumber=moodle_site.id("s1"),
        idnumber=moodle_site.id("q1"),
        name="Quiz q1",
        intro="",
        questions=[moodle_site.id("q1.a"), moodle_site.id("q1.b")],
        **{"pass": 70},
    )
    assert refusal["errorcode"] == "quizhasattempts"
    assert "1" in refusal["message"]
    quiz = _quiz(moodle_site)["quiz"]
    assert quiz["questions"] == [moodle_site.id("q1.a")]
    assert (quiz["attemptcount"], quiz["learnercount"], quiz["finishedcount"]) == (1, 1, 1)
    assert moodle_site.quiz(questions=[moodle_site.id("q1.a")], name="Other")["action"] == "updated"


def test_an_attempt_keeps_the_version_it_was_made_with(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    person = learner(moodle_site)
    person.take("True")
    name = moodle_site.id("q1.a")
    moodle_site.questions("q1", ("a", "h2", true_false(name, "Turned round?", right=False)))
    best = {"quizid": person.quizid()}
    assert person.call("mod_quiz_get_user_best_grade", **best)["grade"] == 100
    _, fields = person.begin()
    assert fields[0].pick("True")
