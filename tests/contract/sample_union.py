"""A union with its own curriculum, database and members, managed by the commands."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.model import Curriculum, Quiz
from bridge.curriculum.question_types.question import FormField, Question, Response
from tests.cli.command_runner import Folder
from tests.contract.moodle_site import Fields, learner_token, new_user
from tests.contract.rest_client import Moodle

PATH = "a-small-path"


@dataclass
class Union:
    """A union on the site, with its own curriculum, configuration and database."""

    moodle: Moodle
    folder: Path
    key: str
    token: str = ""
    """A token with fewer functions than the site's token."""

    def run(self, *words: str, expect: int = 0) -> str:
        """Run one command, within this process because starting one takes longer than most
        commands; return its output."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("STEWARDPATH_")}
        environment = {**clean, "STEWARDPATH_MOODLE_TOKEN": self.token or self.moodle.token}
        done = Folder(self.folder).run(*words, code=expect, **environment)
        assert self.moodle.token not in done.out + done.err
        return done.out

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


@dataclass
class Person:
    """A learner on the site, who uses the functions of Moodle's mobile app."""

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
        """Make one attempt, with all answers right or none; return its id."""
        cmid = self.activity(quiz.key, course)["cmid"]
        found = self.call("mod_quiz_get_quizzes_by_courses", courseids=[course])["quizzes"]
        quizid = next(q["id"] for q in found if q["coursemodule"] == cmid)
        return self.attempt(quiz, quizid, right=right)

    def take_only_quiz(self, quiz: Quiz, course: int) -> int:
        """Answer the only quiz of a course correctly; `quiz` has the answers."""
        (found,) = self.call("mod_quiz_get_quizzes_by_courses", courseids=[course])["quizzes"]
        return self.attempt(quiz, found["id"], right=True)

    def attempt(self, quiz: Quiz, quizid: int, *, right: bool) -> int:
        """Make one attempt at the quiz with this id in Moodle; return its id."""
        attempt = int(self.call("mod_quiz_start_attempt", quizid=quizid)["attempt"]["id"])
        page, sent = 0, {}
        slot = iter(quiz.questions)
        while page >= 0:
            answer = self.call("mod_quiz_get_attempt_data", attemptid=attempt, page=page)
            for shown in answer["questions"]:
                fields, asked = Fields(shown["html"]), next(slot)
                sent |= fields.hidden()
                sent |= right_fields(asked, fields) if right else {}
            page = answer["nextpage"]
        data = [{"name": name, "value": value} for name, value in sent.items()]
        finish = {"attemptid": attempt, "data": data, "finishattempt": True}
        assert self.call("mod_quiz_process_attempt", **finish)["state"] == "finished"
        return attempt


def right_fields(question: Question, fields: Fields) -> dict[str, str]:
    """The form fields of the correct answer to a question."""
    response = question.right_response("")
    sent: dict[str, str] = {}
    for place, field in enumerate(question.form("")):
        sent |= _right_field(field, place, response, fields)
    return sent


def _right_field(
    field: FormField, place: int, response: Response, fields: Fields
) -> dict[str, str]:
    match field.kind:
        case "radio" | "checkbox":
            right = (each.label.pick("en") for each in field.options if each.value in response)
            picked = (fields.pick(label, (field.kind,)) for label in right)
            return {name: value for each in picked for name, value in each.items()}
        case "select":
            side = next(o.label for o in field.options if o.value == response[place])
            return fields.match(field.label.pick("en"), side.pick("en"))
        case "text" | "number":
            return fields.type(response[place])
        case _:
            assert_never(field.kind)


def create_member(union: Union, **more: str) -> Person:
    """Create a member who already has a Moodle account."""
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


def rows(union: Union, sql: str) -> list[Any]:
    """Query the union's database."""
    with closing(sqlite3.connect(union.folder / "var/stewardpath.db")) as database:
        return database.execute(sql).fetchall()
