"""The sandbox shows the images of texts to those who may see the course."""

from __future__ import annotations

import re
from base64 import b64encode
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.curriculum.images.sample_images import sample_image

from .sample_site import PREFIX, make_site, signed_in

TEXT = '<p><img src="@@PLUGINFILE@@/a.png" alt="A"></p>'
FILES = [{"name": "a.png", "content": b64encode(sample_image()).decode()}]


@pytest.fixture
def learner(app: Flask) -> FlaskClient:
    site = make_site(app)
    place = {"sectionidnumber": PREFIX + "s", "intro": "", "files": FILES}
    named = {"idnumber": PREFIX + "page", "name": "Read"}
    site.plugin("save_page", **place, **named, content=TEXT)
    section = {"idnumber": PREFIX + "s", "name": "S", "summary": TEXT}
    site.plugin("save_section", **section, files=FILES)
    return signed_in(site)


@pytest.mark.parametrize("page", ["/mod/page/view.php?id=1", "/course/view.php?id=2"])
def test_a_learner_sees_the_image_of_a_text(learner: FlaskClient, page: str) -> None:
    (address,) = re.findall('<img src="([^"]+)"', learner.get(page).text)
    answer = learner.get(unescape(address))
    assert (answer.data, answer.content_type) == (sample_image(), "image/png")


@pytest.mark.parametrize(
    "file",
    ["/activity/1/b.png", "/activity/99/a.png", "/section/1/../a.png", "/badge/1/a.png", "",
     "/question/1/a.png", "/activity/1/../../x.png"],
)  # fmt: skip
def test_nothing_else_is_served(learner: FlaskClient, file: str) -> None:
    assert learner.get("/pluginfile.php", query_string={"file": file}).status_code == 404


def test_an_image_of_a_course_of_others_is_refused(learner: FlaskClient, app: Flask) -> None:
    with learner.session_transaction() as session:
        session["userid"] = 2
    answer = learner.get("/pluginfile.php", query_string={"file": "/activity/1/a.png"})
    assert answer.status_code == 403
