"""Previewing changes and publishing: queued for the jobs, applied with the fingerprint."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bridge.curriculum.library.folders import read_folder
from bridge.errors import MoodleUnavailable
from bridge.jobs.locks import AlreadyRunning
from bridge.messages import Message
from bridge.resources import resource
from bridge.store.curricula import plan_requests
from bridge.store.operations import runs
from bridge.store.tables.operations import AuditEntry
from tests.consultations.environment import ASKED, Consultations
from tests.web.signed_in_users import SignedInUsers

PAGE = "/committee/curricula/member-steward-path/plan"
KEY = "member-steward-path"


@pytest.fixture
def editor(users: SignedInUsers) -> FlaskClient:
    return users.client("committee")


def finish(users: SignedInUsers, kind: str, *, ok: bool = True, **detail: Any) -> None:
    with users.database.transaction() as session:
        run = plan_requests.claim(session, "job", users.clock())
        assert run is not None
        assert run.kind == kind
        runs.finish_run(session, run.id, ok, {**run.detail, **detail}, users.clock())


REVISION = read_folder(resource("curricula") / KEY).curriculum.revision  # type: ignore[union-attr]
PLAN = {
    "fingerprint": "abc123",
    "revision": REVISION,
    "counts": {"create": 1, "change": 1},
    "changes": [
        {"action": "create", "kind": "quiz", "key": "q", "title": "A <b> quiz", "fields": []},
        {"action": "change", "kind": "page", "key": "p", "title": "A page",
         "fields": [{"name": "name", "old": "Old", "new": "New"}]},
    ],
    "blocked": [{"template": "There is no milestone `%(key)s`.", "values": {"key": "<x>"}}],
    "risks": [],
}  # fmt: skip


def test_a_request_triggers_the_job_and_is_queued_once(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    assert editor.post(PAGE, data={"do": "plan"}).status_code == 303
    assert len(users.rung) == 1
    assert "Waiting for a background job." in editor.get(PAGE).text
    assert editor.get(f"{PAGE}/state").get_json()["working"] is True
    editor.post(PAGE, data={"do": "plan"})
    assert len(users.rung) == 1
    assert "This is already in progress." in editor.get(PAGE).text


def test_a_plan_is_shown_and_applied_with_its_fingerprint(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, **PLAN)
    page = editor.get(PAGE).text
    assert "A &lt;b&gt; quiz" in page
    assert "There is no milestone `&lt;x&gt;`." in page
    assert 'value="abc123"' in page
    assert 'name="force"' not in page
    editor.post(PAGE, data={"do": "apply", "fingerprint": "abc123"})
    with users.database.transaction() as session:
        run = plan_requests.newest(session, plan_requests.APPLY, KEY)
        assert run is not None
        assert run.detail == {"curriculum": KEY, "fingerprint": "abc123", "force": False}
        plan_requests.record_progress(session, run.id,
                               {**run.detail, "place": 3, "count": 9, "doing": "quiz"},
                       users.clock())  # fmt: skip
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "apply")).one()
        assert line.actor == "committee@union.example"
    assert "3 / 9: quiz" in editor.get(PAGE).text
    assert editor.get(f"{PAGE}/state").get_json()["place"] == 3
    finish(users, plan_requests.APPLY, made=2, refused=[])
    page = editor.get(PAGE).text
    assert "Changes made: 2." in page
    assert "Publish to Moodle" not in page


def test_risks_must_be_confirmed_before_publishing(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, **(PLAN | {"risks": ["It would hide a quiz."]}))
    page = editor.get(PAGE).text
    assert "It would hide a quiz." in page
    assert 'name="force"' in page
    assert "checked>" not in page
    editor.post(PAGE, data={"do": "apply", "fingerprint": "abc123", "force": "y"})
    with users.database.reading() as session:
        run = plan_requests.newest(session, plan_requests.APPLY, KEY)
        assert run is not None
        assert run.detail["force"] is True


def test_changes_that_moodle_rejected_are_shown(editor: FlaskClient, users: SignedInUsers) -> None:
    editor.post(PAGE, data={"do": "apply", "fingerprint": "abc123"})
    finish(users, plan_requests.APPLY, ok=False, error="the plan changed.")
    assert "the plan changed." in editor.get(PAGE).text


def test_an_interrupted_run_is_shown_and_can_be_repeated(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    editor.post(PAGE, data={"do": "apply", "fingerprint": "abc123"})
    with users.database.transaction() as session:
        assert plan_requests.claim(session, "job", users.clock())
    users.clock.forward(minutes=11)
    editor = users.client("committee")
    assert "Publishing was interrupted" in editor.get(PAGE).text
    assert editor.post(PAGE, data={"do": "plan"}).status_code == 303
    assert editor.get(f"{PAGE}/state").get_json()["working"] is True


def test_an_invalid_request_is_refused(editor: FlaskClient) -> None:
    for data in ({}, {"do": "apply"}, {"do": "apply", "fingerprint": "<x>"}):
        assert editor.post(PAGE, data=data).status_code == 400
    assert editor.get("/committee/curricula/nowhere/plan").status_code == 404


def test_an_auditor_can_view_but_not_publish(editor: FlaskClient, users: SignedInUsers) -> None:
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, **PLAN)
    page = users.client("auditor").get(PAGE).text
    assert "A page" in page
    assert "Publish to Moodle" not in page


def test_changes_are_paginated_completely(editor: FlaskClient, users: SignedInUsers) -> None:
    editor.post(PAGE, data={"do": "plan"})
    changes = [
        {"action": "create", "kind": "question", "key": f"q{n:03}", "title": "?", "fields": []}
        for n in range(205)
    ]
    finish(users, plan_requests.PLAN, **(PLAN | {"changes": changes, "counts": {"create": 205}}))
    pages = [editor.get(PAGE, query_string={"page": n}).text for n in (1, 2, 3)]
    found = [key for page in pages for key in re.findall(r"<code>(q\d{3})</code>", page)]
    assert found == [each["key"] for each in changes]
    assert f"{PAGE}?page=2" in pages[0]
    assert "Page 3 of 3" in pages[2]
    assert ">Next<" not in pages[2]
    for nonsense in ("0", "4", "-1"):
        assert editor.get(PAGE, query_string={"page": nonsense}).status_code == 404


def test_an_outdated_plan_cannot_be_applied(editor: FlaskClient, users: SignedInUsers) -> None:
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, **(PLAN | {"revision": "of yesterday"}))
    page = editor.get(PAGE).text
    assert "The curriculum has changed since this preview" in page
    assert "Publish to Moodle" not in page


def test_obstacles_are_shown_in_the_visitors_language(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    editor.set_cookie("language", "fr")
    away = MoodleUnavailable(
        Message("Cannot connect to %(address)s.", address="https://moodle.union.example"),
        todo=Message("Check moodle.url, the network and the server."),
    )
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, ok=False, error=away.as_data())
    page = editor.get(PAGE).text
    assert "Impossible de se connecter à https://moodle.union.example" in page
    busy = AlreadyRunning(
        Message("another process is running this job now (%(kind)s).", kind="apply")
    )
    editor.post(PAGE, data={"do": "apply", "fingerprint": "abc123"})
    finish(users, plan_requests.APPLY, ok=False, error=busy.as_data())
    assert "Un autre processus exécute cette tâche en ce moment (apply)." in editor.get(PAGE).text


def test_a_plan_that_no_job_picked_up_is_reported(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    editor.post(PAGE, data={"do": "plan"})
    users.clock.forward(minutes=11)
    assert "The last preview was not completed" in users.client("committee").get(PAGE).text


def test_texts_to_enter_by_hand_are_shown(editor: FlaskClient, users: SignedInUsers) -> None:
    """Without the companion plugin, for each page, link and quiz."""
    editor.post(PAGE, data={"do": "plan"})
    by_hand = {
        "action": "by-hand", "kind": "quiz", "key": "the-role-check", "title": "Check", "fields": []
    }  # fmt: skip
    plan = PLAN | {"changes": [by_hand], "languages_together": True}
    finish(users, plan_requests.PLAN, **plan)
    page = editor.get(PAGE).text
    assert "What to enter in Moodle" in page
    assert ">stewardpath:member-steward-path:the-role-check</textarea>" in page
    assert "&lt;span lang=&#34;en&#34; class=&#34;multilang&#34;&gt;" in page
    assert "of the maximum grade" in page
    assert "Learners see all languages together." in page
    in_french = editor.get(PAGE, headers={"Accept-Language": "fr"}).text
    assert "Ce qu’il faut saisir dans Moodle" in in_french


def test_a_text_under_consultation_is_not_published_without_approval(
    editor: FlaskClient, users: SignedInUsers
) -> None:
    path = read_folder(resource("curricula") / KEY).curriculum
    assert path is not None
    consultations = Consultations(users.config, users.database, users.clock, shelf=[path])
    number = consultations.open(replace(ASKED, curriculum=KEY, milestone=""))
    consultations.invite(number, consultations.group(number, "Board", "decides"), "ann")
    editor.post(PAGE, data={"do": "plan"})
    finish(users, plan_requests.PLAN, **PLAN)
    assert "Ann (Board)" in editor.get(PAGE).text
    refused = editor.post(
        PAGE, data={"do": "apply", "fingerprint": "abc123", "force": "y"}, follow_redirects=True
    )
    assert "be published yet: see below who must approve it." in refused.text
    with users.database.reading() as session:
        assert plan_requests.newest(session, plan_requests.APPLY, KEY) is None
