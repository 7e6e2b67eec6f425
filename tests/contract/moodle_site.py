"""Helpers for a site under test: unique names, courses, users, questions, attempts."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
import requests

from tests.contract.rest_client import Moodle
from tests.support.waiting import HANG_SECONDS

STUDENT = 5
PASSWORD = "Kontrakt-2026!"


@dataclass
class MoodleSite:
    """One curriculum `stewardpath:t<hex>:` on a site, and helpers to fill it."""

    moodle: Moodle
    prefix: str
    category: int
    course: int
    made: list[int] = field(default_factory=list)

    def id(self, key: str) -> str:
        """The idnumber of a key."""
        return self.prefix + key

    def section(self, key: str = "s1", **more: Any) -> dict[str, Any]:
        values = {"name": f"Section {key}", "summary": "<p>About</p>", **more}
        return self._plugin("save_section", idnumber=self.id(key), **values)

    def page(self, key: str = "p1", section: str = "s1", **more: Any) -> dict[str, Any]:
        values = {"name": f"Page {key}", "intro": "", "content": "<p>Hello</p>", **more}
        return self._activity("save_page", key, section, values)

    def link(self, key: str = "l1", section: str = "s1", **more: Any) -> dict[str, Any]:
        values = {"name": f"Link {key}", "intro": "", "url": "https://example.org/a?b=1&c=2"}
        return self._activity("save_link", key, section, {**values, **more})

    def questions(self, quiz: str = "q1", *xmls: tuple[str, str, str]) -> list[dict[str, Any]]:
        """Import questions, each (key, hash, xml); the answers in order."""
        items = [{"idnumber": self.id(f"{quiz}.{k}"), "hash": h, "xml": x} for k, h, x in xmls]
        answer = self._plugin(
            "import_questions", category=self.id(quiz), categoryname=f"Quiz {quiz}", questions=items
        )
        return list(answer["questions"])

    def quiz(self, key: str = "q1", section: str = "s1", **more: Any) -> dict[str, Any]:
        values: dict[str, Any] = {"name": f"Quiz {key}", "intro": "", "pass": 70, **more}
        return self._activity("save_quiz", key, section, values)

    def true_false_quiz(self, key: str = "q1", section: str = "s1") -> dict[str, Any]:
        """A quiz of one question whose right answer is True."""
        name = self.id(f"{key}.a")
        self.questions(key, ("a", "h1", true_false(name)))
        return self.quiz(key, section, questions=[name])

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.moodle.plugin("get_course_state", courseid=self.course)
        return answer

    def user(self, **more: Any) -> dict[str, Any]:
        """Create an account; return its fields and id."""
        values = new_user(**more)
        made = self.moodle.call("core_user_create_users", users=[values])
        return {**values, "id": made[0]["id"]}

    def learner(self, **more: Any) -> dict[str, Any]:
        """Create an account, enrolled in the course."""
        user = self.user(**more)
        enrolment = {"roleid": STUDENT, "userid": user["id"], "courseid": self.course}
        assert self.moodle.call("enrol_manual_enrol_users", enrolments=[enrolment]) is None
        return user

    def _activity(self, function: str, key: str, section: str, values: Any) -> dict[str, Any]:
        place = {"sectionidnumber": self.id(section), "idnumber": self.id(key)}
        return self._plugin(function, **place, **values)

    def _plugin(self, function: str, **params: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.moodle.plugin(function, courseid=self.course, **params)
        return answer


def unique() -> str:
    return secrets.token_hex(5)


def make_moodle_site(moodle: Moodle) -> MoodleSite:
    prefix = f"stewardpath:t{unique()}:"
    category = moodle.call(
        "core_course_create_categories",
        categories=[{"name": f"Contract {prefix}", "idnumber": prefix + "category"}],
    )[0]["id"]
    course = moodle.call(
        "core_course_create_courses", courses=[new_course(prefix + "course", category)]
    )[0]["id"]
    return MoodleSite(moodle, prefix, category, course)


def new_course(idnumber: str, category: int, **more: Any) -> dict[str, Any]:
    return {
        "fullname": f"Course {idnumber}",
        "shortname": idnumber,
        "idnumber": idnumber,
        "categoryid": category,
        "summary": "<p>About</p>",
        "enablecompletion": 1,
        "format": "topics",
        "numsections": 0,
        **more,
    }


def new_user(**more: Any) -> dict[str, Any]:
    name = f"t{unique()}"
    return {
        "username": name,
        "password": PASSWORD,
        "firstname": "Ada",
        "lastname": f"Test {name}",
        "email": f"{name}@example.org",
        "idnumber": f"M-{name}",
        **more,
    }


def true_false(idnumber: str, text: str = "Is it so?", *, right: bool = True) -> str:
    """Moodle XML of a true/false question."""
    worth = ("100", "0") if right else ("0", "100")
    answers = "".join(
        f'<answer fraction="{f}" format="moodle_auto_format"><text>{v}</text>'
        f'<feedback format="html"><text>You said {v}</text></feedback></answer>'
        for f, v in zip(worth, ("true", "false"), strict=True)
    )
    return question("truefalse", idnumber, text, answers)


def question(kind: str, idnumber: str, text: str, inside: str) -> str:
    """Moodle XML of any question."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><quiz><question type="{kind}">'
        f"<name><text>{idnumber[-20:]}</text></name>"
        f'<questiontext format="html"><text><![CDATA[<p>{text}</p>]]></text></questiontext>'
        '<generalfeedback format="html"><text>In general</text></generalfeedback>'
        "<defaultgrade>1</defaultgrade><penalty>0</penalty><hidden>0</hidden>"
        f"<idnumber>{idnumber}</idnumber>{inside}</question></quiz>"
    )


def choice(idnumber: str, single: str, answers: tuple[tuple[str, str], ...]) -> str:
    """Moodle XML of a choice question: (worth in per cent, text) of each answer."""
    inside = "".join(
        f'<answer fraction="{f}" format="html"><text>{t}</text>'
        f'<feedback format="html"><text>About {t}</text></feedback></answer>'
        for f, t in answers
    )
    more = f"<single>{single}</single><shuffleanswers>true</shuffleanswers>"
    return question("multichoice", idnumber, "Which?", more + inside)


def learner_token(moodle: Moodle, user: dict[str, Any]) -> str:
    """The learner's token, from the site's mobile service."""
    given = os.environ.get("STEWARDPATH_TEST_LEARNER_SERVICE", "moodle_mobile_app")
    form = {"username": user["username"], "password": user["password"], "service": given}
    answer = requests.post(f"{moodle.url}/login/token.php", data=form, timeout=HANG_SECONDS).json()
    if "token" not in answer:
        pytest.skip(f"no learner token on this site: {answer.get('errorcode')}")
    return str(answer["token"])


class Fields(HTMLParser):
    """The form fields of a question, with their labels."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[dict[str, str]] = []
        self._labels: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self._select = ""
        self._row = ""
        self._rows: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and "name" in given:
            label = given.get("aria-labelledby") or given.get("id", "")
            self._add(given.get("type", "text"), given["name"], given.get("value", ""), label)
        elif tag == "tr":
            self._row = ""
        elif tag == "select":
            self._select = given["name"]
            self._rows[self._row.strip()] = self._select
        elif tag == "option":
            label = f"{self._select}={given.get('value', '')}"
            self._add("option", self._select, given.get("value", ""), label)
            self._open.append((tag, label))
        key = given.get("for") if tag == "label" else given.get("id")
        if key and tag in ("label", "div", "span"):
            self._open.append((tag, key))
        elif tag in ("label", "div", "span"):
            self._open.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._row += data
        for _, key in self._open:
            self._labels.setdefault(key, []).append(data)

    def _add(self, kind: str, name: str, value: str, label: str) -> None:
        self.fields.append({"kind": kind, "name": name, "value": value, "label": label})

    def label_of(self, field: dict[str, str]) -> str:
        return "".join(self._labels.get(field["label"], [])).strip()

    def hidden(self) -> dict[str, str]:
        return {f["name"]: f["value"] for f in self.fields if f["name"].endswith("sequencecheck")}

    def pick(self, text: str, kinds: tuple[str, ...] = ("radio", "checkbox")) -> dict[str, str]:
        """Field and value of the choice with this text."""
        for found in self.fields:
            if found["kind"] in kinds and text in self.label_of(found):
                return {found["name"]: found["value"]}
        raise AssertionError(f"no choice '{text}' among {self.fields}")

    def type(self, text: str) -> dict[str, str]:
        """The text field, with `text` in it."""
        name = next(f["name"] for f in self.fields if f["kind"] == "text")
        return {name: text}

    def match(self, left: str, right: str) -> dict[str, str]:
        """Choose `right` in the select beside `left` of a matching question."""
        name = next(name for row, name in self._rows.items() if left in row)
        for found in self.fields:
            if found["name"] == name and right in self.label_of(found):
                return {name: found["value"]}
        raise AssertionError(f"no option '{right}'")


@dataclass
class Learner:
    """A learner who takes quizzes with the functions of Moodle's mobile app."""

    moodle_site: MoodleSite
    user: dict[str, Any]
    token: str

    def call(self, function: str, **params: Any) -> Any:
        return self.moodle_site.moodle.call(function, token=self.token, **params)

    def quizid(self, key: str = "q1") -> int:
        """Moodle's quiz id, from the idnumber."""
        cmid = next(
            a["cmid"]
            for a in self.moodle_site.state()["activities"]
            if a["idnumber"] == self.moodle_site.id(key)
        )
        found = self.call("mod_quiz_get_quizzes_by_courses", courseids=[self.moodle_site.course])
        return int(next(q["id"] for q in found["quizzes"] if q["coursemodule"] == cmid))

    def begin(self, key: str = "q1") -> tuple[int, list[Fields]]:
        """Start an attempt: its id and the fields of each question (one page)."""
        started = self.call("mod_quiz_start_attempt", quizid=self.quizid(key))
        attempt = int(started["attempt"]["id"])
        data = self.call("mod_quiz_get_attempt_data", attemptid=attempt, page=0)
        return attempt, [Fields(question["html"]) for question in data["questions"]]

    def finish(self, attempt: int, questions: list[Fields], *answers: dict[str, str]) -> str:
        """Answer and finish the attempt; return its state."""
        sent: dict[str, str] = {}
        for part in (*(q.hidden() for q in questions), *answers):
            sent |= part
        data = [{"name": name, "value": value} for name, value in sent.items()]
        answer = self.call(
            "mod_quiz_process_attempt", attemptid=attempt, data=data, finishattempt=True
        )
        return str(answer["state"])

    def take(self, text: str, key: str = "q1") -> str:
        """One attempt at a quiz of one choice question."""
        attempt, questions = self.begin(key)
        return self.finish(attempt, questions, questions[0].pick(text))


def learner(moodle_site: MoodleSite, **more: Any) -> Learner:
    """Create a learner in the course, with a token."""
    user = moodle_site.learner(**more)
    return Learner(moodle_site, user, learner_token(moodle_site.moodle, user))
