"""The whole loop by the commands, as a union runs it: YAML in, quizzes taken, awards out."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from bridge.curriculum.folders import read_folder
from bridge.curriculum.model import Curriculum, Pair, Question, Quiz
from bridge.moodle.sandbox import create_sandbox
from tests.contract.moodle_site import Fields, learner_token, new_user, unique
from tests.contract.rest_client import Moodle

from .conftest import TOKEN

COMMAND = Path(sys.executable).with_name("stewardpath")
SAMPLE = Path(__file__).parents[1] / "data" / "curricula" / "two-languages"
PATH = "a-small-path"


@dataclass
class Union:
    """A union of its own on the site: curriculum, configuration, database."""

    moodle: Moodle
    folder: Path
    key: str
    token: str = ""
    """Another token than the site's own: one that offers less."""

    def run(self, *words: str, expect: int = 0) -> str:
        """One command; what it printed."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("STEWARDPATH_")}
        environment = {**clean, "STEWARDPATH_MOODLE_TOKEN": self.token or self.moodle.token}
        done = subprocess.run(
            [COMMAND, *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert self.moodle.token not in done.stdout + done.stderr
        return done.stdout

    def data(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--format", "json"))

    @property
    def curriculum(self) -> Curriculum:
        read = read_folder(self.folder / "curricula" / PATH)
        assert read.curriculum, read.problems
        return read.curriculum

    def edit(self, old: str, new: str) -> None:
        file = self.folder / "curricula" / PATH / "welcome.yaml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def union(moodle: Moodle, tmp_path: Path) -> Union:
    key = f"t{unique()}"
    folder = tmp_path / "curricula" / PATH
    shutil.copytree(SAMPLE, folder)
    top = folder / "curriculum.yaml"
    named = top.read_text("utf-8").replace("curriculum: two-languages", f"curriculum: {key}")
    top.write_text(named, "utf-8")
    region = "{name: North, chair: {name: Chair, email: chair@example.org}}"
    lines = [f"moodle: {{url: '{moodle.url}'}}", "curricula: curricula", "regions:"]
    (tmp_path / "config.yaml").write_text("\n".join([*lines, f"  north: {region}"]), "utf-8")
    return Union(moodle, tmp_path, key)


@dataclass
class Person:
    """A learner at the site, through the functions of Moodle's mobile app."""

    union: Union
    user: dict[str, Any]
    token: str

    def call(self, function: str, **params: Any) -> Any:
        return self.union.moodle.call(function, token=self.token, **params)

    def activity(self, key: str, course: int) -> dict[str, Any]:
        state = self.union.moodle.plugin("get_course_state", courseid=course)
        wanted = f"stewardpath:{self.union.key}:{key}"
        return next(dict(a) for a in state["activities"] if a["idnumber"] == wanted)

    def take(self, quiz: Quiz, course: int, *, right: bool) -> int:
        """One attempt, every answer right or none; the attempt's id."""
        cmid = self.activity(quiz.key, course)["cmid"]
        found = self.call("mod_quiz_get_quizzes_by_courses", courseids=[course])["quizzes"]
        quizid = next(q["id"] for q in found if q["coursemodule"] == cmid)
        attempt = int(self.call("mod_quiz_start_attempt", quizid=quizid)["attempt"]["id"])
        page, sent = 0, {}
        slot = iter(quiz.questions)
        while page >= 0:
            answer = self.call("mod_quiz_get_attempt_data", attemptid=attempt, page=page)
            for shown in answer["questions"]:
                fields, asked = Fields(shown["html"]), next(slot)
                sent |= fields.hidden()
                sent |= right_fields(asked, fields, shown["html"]) if right else {}
            page = answer["nextpage"]
        data = [{"name": name, "value": value} for name, value in sent.items()]
        finish = {"attemptid": attempt, "data": data, "finishattempt": True}
        assert self.call("mod_quiz_process_attempt", **finish)["state"] == "finished"
        return attempt


def right_fields(question: Question, fields: Fields, html: str) -> dict[str, str]:
    """The form's fields that answer a question rightly."""
    if question.type == "one":
        return fields.pick(next(c.text.pick("en") for c in question.choices if c.right))
    if question.type == "many":
        texts = [c.text.pick("en") for c in question.choices if c.right]
        picked = [fields.pick(text, ("checkbox",)) for text in texts]
        return {name: value for one in picked for name, value in one.items()}
    if question.type == "true-false":
        return fields.pick("True" if question.correct else "False")
    if question.type == "number":
        return fields.type(question.number)
    if question.type == "short":
        right = next(a for a in question.answers if a.right)
        return fields.type(right.text.pick("en").replace("*", ""))
    return {name: value for pair in question.pairs for name, value in row(pair, fields, html)}


def row(pair: Pair, fields: Fields, html: str) -> list[tuple[str, str]]:
    """The select beside a left side, wherever it was shuffled to, and the right side's value."""
    texts = re.findall(r'<td class="text[^"]*">(.*?)</td>', html, re.DOTALL)
    left, right = pair.left.pick("en"), pair.right.pick("en")
    places = [place for place, text in enumerate(texts) if left and left in unescape(text)]
    return [
        (field["name"], field["value"])
        for place in places
        for field in fields.fields
        if field["name"].endswith(f"_sub{place}") and right in fields.beside(field)
    ]


def join(union: Union, **more: str) -> Person:
    """Somebody who has an account in Moodle already and whom the union's list names."""
    user = new_user()
    made = union.moodle.call("core_user_create_users", users=[user])
    user["id"] = made[0]["id"]
    row = f"{user['idnumber']};{user['email']};Ada;Example;north"
    roster = union.folder / "members.csv"
    head = "\ufeffMember number;E-mail;First name;Last name;Region\r\n"
    roster.write_text(f"{head}{row}\r\n", "utf-8")
    union.run("members", "import", "members.csv")
    union.run("members", "import", "members.csv")
    union.run("deliver")
    return Person(union, user, learner_token(union.moodle, user))


def course_of(union: Union, milestone: str) -> int:
    prefix = f"stewardpath:{union.key}:"
    courses = union.moodle.plugin("get_site_state", prefix=prefix)["courses"]
    return int(next(c["id"] for c in courses if c["idnumber"] == prefix + milestone))


def states(union: Union, person: Person) -> dict[str, str]:
    shown = union.data("members", "show", person.user["idnumber"])
    return {step["milestone"]: step["state"] for step in shown["paths"][0]["milestones"]}


def delivered(union: Union, person: Person) -> dict[str, set[str]]:
    shown = union.data("members", "show", person.user["idnumber"])
    by_state: dict[str, set[str]] = {}
    for delivery in shown["deliveries"]:
        assert delivery["state"] == "done", delivery
        by_state.setdefault(delivery["kind"], set()).add(delivery["target"].rpartition(":")[2])
    return by_state


def test_from_yaml_to_award(union: Union) -> None:
    fresh = union.data("plan")["plans"][0]
    assert {change["action"] for change in fresh["changes"]} == {"create"}
    union.run("apply", "--fingerprint", fresh["fingerprint"])
    assert union.data("plan")["plans"][0]["changes"] == []

    person = join(union)
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


def view(person: Person, key: str, course: int) -> None:
    cmid = person.activity(key, course)["cmid"]
    sections = person.union.moodle.call("core_course_get_contents", courseid=course)
    modules = [module for section in sections for module in section["modules"]]
    page = next(module["instance"] for module in modules if module["id"] == cmid)
    assert person.call("mod_page_view_page", pageid=page)["status"]


def check_acknowledged(union: Union, person: Person) -> None:
    """In Moodle itself: badge, cohort, learning plan, message."""
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
    person = join(union)
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


def test_what_to_rewrite(union: Union) -> None:
    """First tries by region, and how the questions went in them: later tries change neither."""
    union.run("apply")
    failed, passed = join(union), join(union)
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


def rows(union: Union, sql: str) -> list[Any]:
    """What the union's database says."""
    with closing(sqlite3.connect(union.folder / "var/stewardpath.db")) as database:
        return database.execute(sql).fetchall()


@pytest.fixture
def core(union: Union, request: pytest.FixtureRequest) -> Iterator[Union]:
    """The same union with a token that offers core functions only."""
    if union.moodle.kind == "moodle":
        token = os.environ.get("STEWARDPATH_TEST_MOODLE_CORE_TOKEN", "")
        if not token:
            pytest.skip("STEWARDPATH_TEST_MOODLE_CORE_TOKEN names no token without the companion")
        yield replace(union, token=token)
        return
    state = request.getfixturevalue("sandbox_state")
    app = create_sandbox(state, now=time.time, token=TOKEN, companion=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings = union.folder / "config.yaml"
    text = settings.read_text("utf-8").replace(union.moodle.url, "URL")
    folder = union.folder / "core"
    shutil.copytree(union.folder / "curricula", folder / "curricula")
    url = f"http://127.0.0.1:{server.server_port}"
    (folder / "config.yaml").write_text(text.replace("URL", url), "utf-8")
    yield replace(union, folder=folder)
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_the_companion(union: Union, core: Union) -> None:
    work = core.data("apply")["applied"][0]
    by_hand = {c["kind"] for c in work["changes"] if c["action"] == "by-hand"}
    assert by_hand == {"page", "link", "quiz"}
    assert all(Path(core.folder, file).exists() for file in work["files"].values())
    again = core.data("plan")["plans"][0]["changes"]
    assert {change["action"] for change in again} == {"by-hand"}

    union.run("apply")  # as a person would, activity by activity
    assert core.data("plan")["plans"][0]["changes"] == []
    person = join(core)
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
