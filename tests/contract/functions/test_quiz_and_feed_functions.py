"""Quiz attempts, grades, completions and the change feed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.moodle_site import (
    Fields,
    Learner,
    MoodleSite,
    choice,
    learner,
    question,
    unique,
)

CHOICES = (
    ("single", "true", (("100", "Right one"), ("0", "Wrong one"), ("0", "Other wrong"))),
    ("several", "false", (("50", "Right one"), ("50", "Right two"), ("-100", "Wrong one"))),
)


def _six(moodle_site: MoodleSite) -> list[tuple[str, str, str]]:
    """One question of each type."""
    short = '<usecase>0</usecase><answer fraction="100"><text>{}</text></answer>'
    number = '<answer fraction="100"><text>25</text><tolerance>0.5</tolerance></answer>'
    pairs = "".join(
        f'<subquestion format="html"><text>{a}</text><answer><text>{b}</text></answer>'
        "</subquestion>"
        for a, b in (("Ottawa", "Canada"), ("Paris", "France"), ("", "Spain"))
    )
    match = "<shuffleanswers>true</shuffleanswers>" + pairs
    names = {key: moodle_site.id(f"q1.{key}") for key in "abcdef"}
    truth = '<answer fraction="100"><text>true</text></answer>' + (
        '<answer fraction="0"><text>false</text></answer>'
    )
    return [
        ("a", "h", choice(names["a"], *CHOICES[0][1:])),
        ("b", "h", choice(names["b"], *CHOICES[1][1:])),
        ("c", "h", question("truefalse", names["c"], "So?", truth)),
        ("d", "h", question("shortanswer", names["d"], "Who?", short.format("shop steward*"))),
        ("e", "h", question("numerical", names["e"], "How many?", number)),
        ("f", "h", question("matching", names["f"], "Where?", match)),
    ]


@pytest.fixture
def six(moodle_site: MoodleSite) -> Learner:
    """A learner and a quiz with all question types."""
    moodle_site.section()
    made = moodle_site.questions("q1", *_six(moodle_site))
    assert [item["action"] for item in made] == ["created"] * 6, made
    moodle_site.quiz(questions=[moodle_site.id(f"q1.{key}") for key in "abcdef"])
    return learner(moodle_site)


def _pages(person: Learner, attempt: int) -> list[Any]:
    found, page = [], 0
    while page >= 0:
        data = person.call("mod_quiz_get_attempt_data", attemptid=attempt, page=page)
        found += data["questions"]
        page = data["nextpage"]
    return found


def _grade(person: Learner) -> float:
    answer = person.call("mod_quiz_get_user_best_grade", quizid=person.quizid())
    assert answer["hasgrade"] is True
    return float(answer["grade"])


def _all(person: Learner, attempt: int) -> list[Any]:
    return [Fields(item["html"]) for item in _pages(person, attempt)]


def test_all_six_types_right(six: Learner) -> None:
    attempt, _ = six.begin()
    fields = _all(six, attempt)
    one, many, truth, short, number, match = fields
    state = six.finish(
        attempt,
        fields,
        one.pick("Right one"),
        many.pick("Right one"),
        many.pick("Right two"),
        truth.pick("True"),
        short.type("SHOP Steward of the local"),
        number.type("25.4"),
        match.match("Ottawa", "Canada") | match.match("Paris", "France"),
    )
    assert state == "finished"
    assert _grade(six) == pytest.approx(100)


def test_all_six_types_partly(six: Learner) -> None:
    attempt, _ = six.begin()
    fields = _all(six, attempt)
    one, many, truth, short, number, match = fields
    six.finish(
        attempt,
        fields,
        one.pick("Wrong one"),
        many.pick("Right one"),
        truth.pick("False"),
        short.type("steward"),
        number.type("25.6"),
        match.match("Ottawa", "Canada") | match.match("Paris", "Spain"),
    )
    assert _grade(six) == pytest.approx(100 * (0.5 + 0.5) / 6, abs=1e-4)


def test_wrong_choices_cost_marks_but_never_below_zero(six: Learner) -> None:
    attempt, _ = six.begin()
    fields = _all(six, attempt)
    six.finish(attempt, fields, fields[1].pick("Right one"), fields[1].pick("Wrong one"))
    assert _grade(six) == 0


def _newest(moodle_site: MoodleSite) -> int:
    return int(moodle_site.moodle.plugin("get_changes", after=0, limit=1)["newest"])


def _changes(moodle_site: MoodleSite, after: int) -> list[dict[str, Any]]:
    found = moodle_site.moodle.plugin("get_changes", after=after)["changes"]
    return [change for change in found if change["courseid"] == moodle_site.course]


def test_failed_then_passed(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    cmid = moodle_site.true_false_quiz()["id"]
    person, before = learner(moodle_site), _newest(moodle_site)
    person.take("False")
    person.take("True")
    person.take("False")
    shown = [(c["kind"], c["state"], c["grade"]) for c in _changes(moodle_site, before)]
    assert [s for s in shown if s[0] == "attempt"] == [
        ("attempt", 1, 0),
        ("attempt", 2, 100),
        ("attempt", 3, 0),
    ]
    assert [s for s in shown if s[0] == "completion"] == [
        ("completion", 3, 0),
        ("completion", 2, 100),
    ]
    for change in _changes(moodle_site, before):
        assert (change["userid"], change["cmid"]) == (person.user["id"], cmid)
        assert change["idnumber"] == moodle_site.id("q1")
        assert change["courseidnumber"] == moodle_site.id("course")
    assert _grade(person) == 100


def test_completions(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    cmid = moodle_site.true_false_quiz()["id"]
    passed, failed = learner(moodle_site), learner(moodle_site)
    passed.take("True")
    failed.take("False")
    ask = {"courseid": moodle_site.course, "after": 0}
    answer = moodle_site.moodle.plugin("get_completions", **ask)
    rows = answer["completions"]
    assert answer["more"] is False
    shown = {(row["userid"], row["state"], row["grade"]) for row in rows}
    assert shown == {(passed.user["id"], 2, 100), (failed.user["id"], 3, 0)}
    assert {(row["cmid"], row["idnumber"]) for row in rows} == {(cmid, moodle_site.id("q1"))}
    first = moodle_site.moodle.plugin("get_completions", **ask, limit=1)
    assert (first["more"], first["completions"]) == (True, rows[:1])
    ask["after"] = rows[0]["id"]
    assert moodle_site.moodle.plugin("get_completions", **ask)["completions"] == rows[1:]


def test_completions_of_unenrolled_users_are_not_shown(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    person = learner(moodle_site)
    person.take("True")
    gone = [{"userid": person.user["id"], "courseid": moodle_site.course}]
    moodle_site.moodle.call("enrol_manual_unenrol_users", enrolments=gone)
    answer = moodle_site.moodle.plugin("get_completions", courseid=moodle_site.course, after=0)
    assert answer["completions"] == []


def _instance(moodle_site: MoodleSite, cmid: int) -> int:
    found = moodle_site.moodle.call("core_course_get_course_module", cmid=cmid)
    return int(found["cm"]["instance"])


def test_reading_a_page_and_opening_a_link_complete_them(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    page, link = moodle_site.page()["id"], moodle_site.link()["id"]
    person, before = learner(moodle_site), _newest(moodle_site)
    person.call("mod_page_view_page", pageid=_instance(moodle_site, page))
    person.call("mod_url_view_url", urlid=_instance(moodle_site, link))
    done = [(c["idnumber"], c["state"], c["grade"]) for c in _changes(moodle_site, before)]
    assert [entry for entry in done if entry[1]] == [
        (moodle_site.id("p1"), 1, None),
        (moodle_site.id("l1"), 1, None),
    ]
    answer = moodle_site.moodle.plugin("get_completions", courseid=moodle_site.course, after=0)
    assert {(row["cmid"], row["state"], row["grade"]) for row in answer["completions"]} == {
        (page, 1, None),
        (link, 1, None),
    }


def test_core_functions_return_the_same_results(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    cmid = moodle_site.true_false_quiz()["id"]
    person = learner(moodle_site)
    person.take("True")
    user = {"courseid": moodle_site.course, "userid": person.user["id"]}
    statuses = moodle_site.moodle.call("core_completion_get_activities_completion_status", **user)
    assert [(s["cmid"], s["state"]) for s in statuses["statuses"]] == [(cmid, 2)]
    report = moodle_site.moodle.call(
        "gradereport_user_get_grade_items", courseid=moodle_site.course, userid=0
    )["usergrades"]
    mine = next(grades for grades in report if grades["userid"] == person.user["id"])
    item = next(item for item in mine["gradeitems"] if item["itemmodule"] == "quiz")
    assert (item["cmid"], item["graderaw"], item["grademax"]) == (cmid, 100, 100)
    assert item["idnumber"] == moodle_site.id("q1")
    assert mine["useridnumber"] == person.user["idnumber"]


def test_a_lowered_pass_mark_completes_users_who_reach_it(moodle_site: MoodleSite) -> None:
    person = _half(moodle_site)
    before = _newest(moodle_site)
    moodle_site.quiz(questions=[moodle_site.id("q1.b")], **{"pass": 50})
    rows = [(c["kind"], c["state"]) for c in _changes(moodle_site, before)]
    assert rows == [("completion", 2)]
    moodle_site.quiz(questions=[moodle_site.id("q1.b")], **{"pass": 90})
    answer = moodle_site.moodle.plugin("get_completions", courseid=moodle_site.course, after=0)
    assert [(c["userid"], c["state"]) for c in answer["completions"]] == [(person.user["id"], 2)]


def _half(moodle_site: MoodleSite) -> Learner:
    """A learner with 50 per cent in a quiz with a pass mark of 70."""
    moodle_site.section()
    moodle_site.questions("q1", ("b", "h", choice(moodle_site.id("q1.b"), *CHOICES[1][1:])))
    moodle_site.quiz(questions=[moodle_site.id("q1.b")])
    person = learner(moodle_site)
    person.take("Right one")
    return person


def test_accounts_in_the_feed(moodle_site: MoodleSite) -> None:
    before = _newest(moodle_site)
    user = moodle_site.user()
    change = {"id": user["id"], "firstname": "Grace", "city": unique()}
    moodle_site.moodle.call("core_user_update_users", users=[change])
    answer = moodle_site.moodle.plugin("get_changes", after=before)
    mine = [c for c in answer["changes"] if c["userid"] == user["id"]]
    assert [c["kind"] for c in mine] == ["user-created", "user-updated"]
    assert all(c["courseid"] == 0 and c["idnumber"] is None for c in mine)
    shown = next(u for u in answer["users"] if u["id"] == user["id"])
    assert shown == {
        "id": user["id"],
        "idnumber": user["idnumber"],
        "username": user["username"],
        "email": user["email"],
        "firstname": "Grace",
        "lastname": user["lastname"],
        "lang": "en",
        "auth": "manual",
        "suspended": False,
        "confirmed": True,
    }


def test_the_feed_page_by_page_with_missing_ids(moodle_site: MoodleSite) -> None:
    before = _newest(moodle_site)
    moodle_site.user()
    moodle_site.user()
    first = moodle_site.moodle.plugin("get_changes", after=before, limit=1)
    assert (first["more"], len(first["changes"])) == (True, 1)
    ids = [c["id"] for c in moodle_site.moodle.plugin("get_changes", after=before)["changes"]]
    assert ids == sorted(ids)
    newest = first["newest"]
    later = moodle_site.moodle.plugin(
        "get_changes", after=newest, missing=[ids[0], newest + 10_000]
    )
    assert [c["id"] for c in later["found"]] == [ids[0]]
    assert all(change["id"] > newest for change in later["changes"])
    assert later["feed"] == first["feed"]
    assert 0 < later["oldest"] <= ids[0]


def test_the_limits_of_feed_requests(moodle_site: MoodleSite) -> None:
    for wrong in ({"limit": 0}, {"limit": 1001}, {"missing": list(range(1, 502))}):
        refusal = moodle_site.moodle.refusal("local_stewardpath_get_changes", after=0, **wrong)
        assert refusal["errorcode"] == "outofbounds"


def test_one_attempt_at_a_time(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    person = learner(moodle_site)
    quizid = person.quizid()
    attempt, fields = person.begin()
    refusal = moodle_site.moodle.refusal(
        "mod_quiz_start_attempt", token=person.token, quizid=quizid
    )
    assert refusal["errorcode"] == "attemptstillinprogress"
    person.finish(attempt, fields, fields[0].pick("True"))
    again = {"attemptid": attempt, "finishattempt": True}
    refusal = moodle_site.moodle.refusal("mod_quiz_process_attempt", token=person.token, **again)
    assert refusal["errorcode"] == "attemptalreadyclosed"


def test_no_grade_before_the_first_attempt(moodle_site: MoodleSite) -> None:
    moodle_site.section()
    moodle_site.true_false_quiz()
    person = learner(moodle_site)
    answer = person.call("mod_quiz_get_user_best_grade", quizid=person.quizid())
    assert answer["hasgrade"] is False
    assert "grade" not in answer


def test_a_learner_may_not_do_what_the_service_may(moodle_site: MoodleSite) -> None:
    person = learner(moodle_site)
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_get_changes", token=person.token, after=0
    )
    assert refusal["errorcode"] == "accessexception"
