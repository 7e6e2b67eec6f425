"""The sandbox's pages: for learners, for the preview, and access checks."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from .sample_site import PIXEL, PREFIX, Site, csrf, make_site, signed_in


@pytest.fixture
def site(app: Flask) -> Site:
    return make_site(app)


@pytest.fixture
def learner(site: Site) -> FlaskClient:
    return signed_in(site)


def _take(client: FlaskClient, site: Site, answer: str) -> str:
    form = {"csrf": csrf(client)}
    begun = client.post(f"/mod/quiz/startattempt.php?id={site.quiz}", data=form)
    place = begun.headers["Location"]
    assert 'type="radio"' in client.get(place).text
    done = client.post(place, data=form | {"q1_answer": answer, "finish": ""})
    return client.get(done.headers["Location"]).text


def test_the_banner_says_what_this_is(site: Site) -> None:
    text = site.app.test_client().get("/").text
    assert "Sandbox: a stand-in for Moodle on this machine" in text


def test_a_learner_sees_the_course(site: Site, learner: FlaskClient) -> None:
    assert "Steward &lt;1&gt;" in learner.get("/").text
    text = learner.get(f"/course/view.php?id={site.course}").text
    for name in ("Basics &amp; more", "Read this", "Act", "Check"):
        assert name in text


def test_page_content_is_shown_without_scripts(site: Site, learner: FlaskClient) -> None:
    text = learner.get(f"/mod/page/view.php?id={site.page}").text
    assert "<p>Hello</p>" in text
    assert "<script" not in text
    assert "onerror" not in text


def test_viewing_a_page_or_link_completes_it(site: Site, learner: FlaskClient) -> None:
    learner.get(f"/mod/page/view.php?id={site.page}")
    opened = learner.get(f"/mod/url/view.php?id={site.link}")
    assert opened.headers["Location"] == "https://example.org/act"
    assert learner.get(f"/course/view.php?id={site.course}").text.count(">done<") == 2


def test_a_quiz_failed_then_passed(site: Site, learner: FlaskClient) -> None:
    failed = _take(learner, site, "0")
    assert "0.00 %" in failed
    assert "Not quite" in failed
    assert "Because of the act" in failed
    passed = _take(learner, site, "1")
    assert "100.00 %" in passed
    assert "Well seen" in passed
    quiz = learner.get(f"/mod/quiz/view.php?id={site.quiz}").text
    assert "There is no time limit" in quiz
    assert ">passed<" in quiz
    assert quiz.count("Review") == 2


def test_answers_can_be_saved_for_later(site: Site, learner: FlaskClient) -> None:
    form = {"csrf": csrf(learner)}
    begun = learner.post(f"/mod/quiz/startattempt.php?id={site.quiz}", data=form)
    place = begun.headers["Location"]
    learner.post(place, data=form | {"q1_answer": "1", "keep": ""})
    assert "checked" in learner.get(place).text
    again = learner.post(f"/mod/quiz/startattempt.php?id={site.quiz}", data=form)
    assert again.headers["Location"] == place


def test_messages_and_badges_are_shown(site: Site, learner: FlaskClient) -> None:
    badge = {"idnumber": PREFIX + "badge", "name": "New Steward", "description": "Yes"}
    site.call("local_stewardpath_save_badge", **badge, image=PIXEL, imagehash="i")
    site.call("local_stewardpath_issue_badge", idnumber=PREFIX + "badge", userid=site.user)
    message = {"touserid": site.user, "text": "<p>Well done</p>", "textformat": 1}
    site.call("core_message_send_instant_messages", messages=[message])
    assert "Well done" in learner.get("/message/index.php").text
    badges = learner.get("/badges/mybadges.php").text
    assert "New Steward" in badges
    assert learner.get("/badges/image.php?id=1").mimetype == "image/png"
    assert "no learning plan" in learner.get("/admin/tool/lp/plans.php").text


def test_the_preview_needs_no_sign_in_and_saves_nothing(site: Site) -> None:
    site.plugin("set_visibility", kind="activity", idnumber=PREFIX + "page", visible=0)
    client = site.app.test_client()
    assert "Steward &lt;1&gt;" in client.get("/preview").text
    assert "hidden from learners" in client.get(f"/course/view.php?id={site.course}").text
    place = f"/mod/quiz/preview.php?id={site.quiz}"
    assert "nothing is saved" in client.get(place).text
    result = client.post(place, data={"csrf": csrf(client), "q1_answer": "1"}).text
    assert "100.00 %" in result
    assert site.plugin("get_course_state")["activities"][2]["quiz"]["attemptcount"] == 0


def test_a_learner_does_not_see_what_is_hidden(site: Site, learner: FlaskClient) -> None:
    site.plugin("set_visibility", kind="activity", idnumber=PREFIX + "page", visible=0)
    assert learner.get(f"/mod/page/view.php?id={site.page}").status_code == 403
    site.plugin("set_visibility", kind="course", idnumber=PREFIX + "course", visible=0)
    assert learner.get(f"/course/view.php?id={site.course}").status_code == 403


@pytest.mark.parametrize(
    "place",
    ["/message/index.php", "/badges/mybadges.php", "/admin/tool/lp/plans.php"],
)
def test_personal_pages_need_a_signed_in_user(site: Site, place: str) -> None:
    assert site.app.test_client().get(place).status_code == 403


def test_the_attempt_of_another_is_not_shown(site: Site, learner: FlaskClient) -> None:
    _take(learner, site, "1")
    assert site.app.test_client().get("/mod/quiz/review.php?attempt=1").status_code == 403
    bo = {"username": "bo", "password": "x", "firstname": "Bo", "lastname": "B"}
    bo["email"] = "bo@example.org"
    site.user = site.call("core_user_create_users", users=[bo])[0]["id"]
    assert signed_in(site).get("/mod/quiz/review.php?attempt=1").status_code == 404


@pytest.mark.parametrize("sent", [{}, {"csrf": "wrong"}])
def test_a_form_from_elsewhere_is_refused(
    site: Site, learner: FlaskClient, sent: dict[str, str]
) -> None:
    place = f"/mod/quiz/startattempt.php?id={site.quiz}"
    assert learner.post(place, data=sent).status_code == 400


def test_built_in_users_cannot_sign_in(site: Site) -> None:
    client = site.app.test_client()
    for userid in ("1", "2", "3", "99", "x"):
        form = {"userid": userid, "csrf": csrf(client)}
        assert client.post("/login/index.php", data=form).status_code == 404


def test_headers_forbid_scripts(site: Site) -> None:
    for place in ("/", "/style.css", "/course/view.php?id=none"):
        policy = site.app.test_client().get(place).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy


def test_texts_are_shown_in_one_language(site: Site, learner: FlaskClient) -> None:
    span = '<span lang="{}" class="multilang">{}</span>'
    both = span.format("en", "A &amp; B") + span.format("fr", "É")
    change = {"id": site.course, "fullname": both}
    site.call("core_course_update_courses", courses=[change])
    assert "A &amp; B" in learner.get("/").text
    french = learner.get("/?lang=fr").text
    assert "É" in french
    assert "A &amp; B" not in french


def test_a_course_is_found_by_its_idnumber_too(site: Site, learner: FlaskClient) -> None:
    by_id = learner.get(f"/course/view.php?id={site.course}").text
    assert learner.get(f"/course/view.php?idnumber={PREFIX}course").text == by_id
    assert learner.get("/course/view.php?idnumber=nobody").status_code == 404
