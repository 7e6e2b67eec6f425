"""A small site for page tests: one course and one learner, with all kinds of content."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from .conftest import SERVER, TOKEN

PREFIX = "stewardpath:demo:"
EVIL = '<p>Hello</p><script>alert("body")</script><img src=x onerror=alert(1)>'
XML = (
    '<quiz><question type="truefalse"><name><text>q</text></name>'
    "<questiontext><text><![CDATA[<p>Is it <em>so</em>?</p>]]></text></questiontext>"
    "<generalfeedback><text>Because of the act</text></generalfeedback>"
    '<answer fraction="100"><text>true</text><feedback><text>Well seen</text></feedback></answer>'
    '<answer fraction="0"><text>false</text><feedback><text>Not quite</text></feedback></answer>'
    f"<idnumber>{PREFIX}quiz.q</idnumber></question></quiz>"
)
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def flatten(value: Any, name: str = "") -> dict[str, Any]:
    if not isinstance(value, dict | list):
        return {name: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    flat: dict[str, Any] = {}
    for key, inside in items:
        flat |= flatten(inside, f"{name}[{key}]" if name else str(key))
    return flat


@dataclass
class Site:
    """The site, and the ids of its objects."""

    app: Flask
    course: int = 0
    user: int = 0
    page: int = 0
    link: int = 0
    quiz: int = 0

    def call(self, function: str, **params: Any) -> Any:
        form = {"wstoken": TOKEN, "wsfunction": function, "moodlewsrestformat": "json"}
        answer = self.app.test_client().post(SERVER, data=form | flatten(params))
        data = json.loads(answer.data)
        assert not (isinstance(data, dict) and "exception" in data), data
        return data

    def plugin(self, function: str, **params: Any) -> Any:
        return self.call(f"local_stewardpath_{function}", courseid=self.course, **params)


def make_site(app: Flask) -> Site:
    """Fill an empty sandbox."""
    site = Site(app)
    course = {"fullname": "Steward <1>", "shortname": "s", "categoryid": 1}
    course["idnumber"] = PREFIX + "course"
    site.course = site.call("core_course_create_courses", courses=[course])[0]["id"]
    site.plugin("save_section", idnumber=PREFIX + "s", name="Basics & more", summary="<p>S</p>")
    place = {"sectionidnumber": PREFIX + "s", "intro": ""}
    body = {"name": "Read <b>this</b>", "content": EVIL, "idnumber": PREFIX + "page"}
    site.page = site.plugin("save_page", **place, **body)["id"]
    link = {"name": "Act", "url": "https://example.org/act", "idnumber": PREFIX + "link"}
    site.link = site.plugin("save_link", **place, **link)["id"]
    question = {"idnumber": PREFIX + "quiz.q", "hash": "h", "xml": XML}
    made = site.plugin(
        "import_questions", category=PREFIX + "quiz", categoryname="Q", questions=[question]
    )
    assert made["questions"][0]["action"] == "created", made
    quiz = {"name": "Check", "pass": 70, "questions": [PREFIX + "quiz.q"]}
    site.quiz = site.plugin("save_quiz", **place, idnumber=PREFIX + "quiz", **quiz)["id"]
    user = {"username": "ada", "password": "Secret-1!", "firstname": "Ada", "lastname": "L"}
    user["email"] = "ada@example.org"
    site.user = site.call("core_user_create_users", users=[user])[0]["id"]
    enrolment = {"roleid": 5, "userid": site.user, "courseid": site.course}
    site.call("enrol_manual_enrol_users", enrolments=[enrolment])
    return site


def csrf(client: FlaskClient) -> str:
    """The CSRF token of the client's session."""
    client.get("/login/index.php")
    with client.session_transaction() as session:
        return str(session["csrf"])


def signed_in(site: Site) -> FlaskClient:
    """A test client with the learner signed in."""
    client = site.app.test_client()
    form = {"userid": site.user, "csrf": csrf(client)}
    assert client.post("/login/index.php", data=form).status_code == 303
    return client
