"""The images of texts and questions: stored, reported, replaced, removed and shown to learners."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import unescape
from typing import Any

import pytest
import requests

from bridge.curriculum.images.image_file import ImageFile
from bridge.curriculum.moodle_xml import question_xml
from bridge.curriculum.question_types.choices import Choice
from bridge.curriculum.question_types.single_choice import SingleChoice
from bridge.curriculum.text import Text
from tests.contract.moodle_site import MoodleSite, learner_token
from tests.curriculum.images.sample_images import sample_image
from tests.support.waiting import HANG_SECONDS

NAVY, RED = sample_image(), sample_image(colour="red")
TEXT = '<p><img src="@@PLUGINFILE@@/steps.png" alt="Two steps"></p>'
SHOWN = re.compile(r'<img [^>]*src="([^"]*/pluginfile[.]php[^"]+)"')


def sent(content: bytes = NAVY, name: str = "steps.png") -> list[dict[str, str]]:
    return [{"name": name, "content": b64encode(content).decode()}]


def stored(content: bytes = NAVY, name: str = "steps.png") -> list[dict[str, str]]:
    return [{"name": name, "hash": hashlib.sha1(content, usedforsecurity=False).hexdigest()}]


@pytest.mark.parametrize(
    ("kind", "text"), [("section", "summary"), ("page", "content"), ("link", "intro"),
                       ("quiz", "intro")]
)  # fmt: skip
def test_the_images_of_a_text(moodle_site: MoodleSite, kind: str, text: str) -> None:
    def save(**more: Any) -> str:
        return str(getattr(moodle_site, kind)(**more)["action"])

    def files() -> Any:
        state = moodle_site.state()
        found = state["sections"] if kind == "section" else state["activities"]
        return found[0]["files"]

    if kind != "section":
        moodle_site.section()
    assert save(**{text: TEXT}, files=sent()) == "created"
    assert files() == stored()
    assert save(**{text: TEXT}, files=sent()) == "unchanged"
    assert save(**{text: TEXT}, files=sent(RED)) == "updated"
    assert files() == stored(RED)
    both = [*sent(RED), *sent(name="b.webp", content=sample_image("WEBP"))]
    assert save(**{text: TEXT + "<p>b</p>"}, files=both) == "updated"
    assert {each["name"] for each in files()} == {"steps.png", "b.webp"}
    assert save(**{text: "<p>None.</p>"}) == "updated"
    assert files() == []


@pytest.mark.parametrize(
    "files",
    [
        sent(b"no image"),
        sent(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        sent(NAVY + b"\0" * 512 * 1024),
        [*sent(), *sent(RED)],
        [{"name": "a.png", "content": "*"}],
    ],
)
def test_what_is_no_image(moodle_site: MoodleSite, files: list[dict[str, str]]) -> None:
    moodle_site.section()
    place = {"courseid": moodle_site.course, "sectionidnumber": moodle_site.id("s1")}
    page = {"idnumber": moodle_site.id("p1"), "name": "P", "intro": "", "content": TEXT}
    refusal = moodle_site.moodle.refusal(
        "local_stewardpath_save_page", **place, **page, files=files
    )
    assert refusal["errorcode"] == "badfile"
    assert moodle_site.state()["activities"] == []


def test_a_question_keeps_the_images_of_its_texts(moodle_site: MoodleSite) -> None:
    """A learner sees those of the text and the choices; a new version has its own."""
    moodle_site.section()
    learner = moodle_site.learner()
    name = moodle_site.id("q1.a")
    for hash_, content in (("h1", NAVY), ("h2", RED)):
        saved = moodle_site.questions("q1", ("a", hash_, question(moodle_site, content)))[0]
        assert saved["error"] == ""
    moodle_site.quiz(questions=[name])
    html = attempt_html(moodle_site, learner)
    addresses = [unescape(each) for each in SHOWN.findall(html)]
    assert len(addresses) == 3, html
    assert "@@PLUGINFILE@@" not in html
    token = learner_token(moodle_site.moodle, learner)
    for address in addresses:
        assert loaded(moodle_site, address, token) == RED


def question(moodle_site: MoodleSite, content: bytes) -> str:
    image = ImageFile("images/steps.png", content)

    def text(words: str) -> Text:
        return Text((("en", f"{words} ![Steps](images/steps.png)"),), (image,))

    asked = SingleChoice(
        key="a", text=text("Which?"), feedback=text("So."), previously="", earlier=(),
        choices=(Choice(text("This"), True), Choice(text("That"), False, text("No."))),
    )  # fmt: skip
    curriculum = moodle_site.prefix.split(":")[1]
    return question_xml(curriculum, "q1", asked)


def attempt_html(moodle_site: MoodleSite, learner: dict[str, Any]) -> str:
    moodle, token = moodle_site.moodle, learner_token(moodle_site.moodle, learner)
    found = moodle.call(
        "mod_quiz_get_quizzes_by_courses", token=token, courseids=[moodle_site.course]
    )
    quiz = found["quizzes"][0]["id"]
    attempt = moodle.call("mod_quiz_start_attempt", token=token, quizid=quiz)["attempt"]["id"]
    shown = moodle.call("mod_quiz_get_attempt_data", token=token, attemptid=attempt, page=0)
    return str(shown["questions"][0]["html"])


def loaded(moodle_site: MoodleSite, address: str, token: str) -> bytes:
    """What a learner's app or browser gets at the address of an image."""
    if moodle_site.moodle.kind == "sandbox":
        url, params = moodle_site.moodle.url + address, {}
    else:
        url = address.replace("/webservice/pluginfile.php", "/pluginfile.php")
        url = url.replace("/pluginfile.php", "/webservice/pluginfile.php")
        params = {"token": token}
    got = requests.get(url, params, timeout=HANG_SECONDS)
    assert got.headers["Content-Type"] == "image/png", got.text[:300]
    return got.content
