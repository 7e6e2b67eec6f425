"""Acknowledgements in Moodle: carried out once, even if they are repeated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import MoodleMisconfigured, MoodleOutcomeUnknown, MoodleRefused
from bridge.moodle.client.client import Moodle
from bridge.moodle.learners import acknowledgements
from bridge.moodle.site.connection import connect
from bridge.workflows.site_sync import apply
from tests.support.sample_curricula import small
from tests.support.sandbox_server import SandboxServer, running_sandbox

SERVICE = 3
FIRST = "stewardpath:path:first"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SandboxServer]:
    with running_sandbox(tmp_path / "moodle.db") as site:
        with site.client() as client:
            apply(connect(client), small(), max_share=1.0)
        yield site


@pytest.fixture
def moodle(site: SandboxServer) -> Iterator[Moodle]:
    with site.client() as client:
        yield client


def test_adding_to_a_cohort_returns_the_refused_users(site: SandboxServer, moodle: Moodle) -> None:
    users = [site.account("a"), site.account("b")]
    assert acknowledgements.add_to_cohort(moodle, FIRST, users) == {}
    refused = acknowledgements.add_to_cohort(moodle, FIRST, [*users, 999])
    assert list(refused) == [999]
    assert site.one("SELECT count(*) FROM cohortmember") == 2


def test_a_missing_cohort_is_not_an_error_of_a_member(site: SandboxServer, moodle: Moodle) -> None:
    users = [site.account("a"), site.account("b")]
    with pytest.raises(MoodleMisconfigured, match="not exists"):
        acknowledgements.add_to_cohort(moodle, "stewardpath:path:none", users)


@pytest.mark.parametrize("companion", [True, False])
def test_each_member_has_one_plan(site: SandboxServer, moodle: Moodle, companion: bool) -> None:
    user = site.account("a")
    template = site.one("SELECT id FROM template")
    competencies = [key for (key,) in site.rows("SELECT id FROM competency")]
    for _ in range(2):
        acknowledgements.ensure_learning_plan(
            moodle, user, template, competencies, "The path", companion=companion
        )
    assert site.one("SELECT count(*) FROM plan") == 1
    plan = acknowledgements.find_learning_plan(moodle, user, template, "The path")
    assert plan is not None
    assert site.one("SELECT count(*) FROM plancompetency") == (0 if companion else 2)


def test_a_rating_is_looked_up_before_it_is_repeated(site: SandboxServer, moodle: Moodle) -> None:
    user, competency = site.account("a"), site.one("SELECT min(id) FROM competency")
    template = site.one("SELECT id FROM template")
    acknowledgements.ensure_learning_plan(moodle, user, template, [], "x", companion=True)
    plan = site.one("SELECT id FROM plan")
    site.faults.clear()
    acknowledgements.rate_competency(moodle, user, competency, "First", plan=plan, repeated=True)
    acknowledgements.rate_competency(moodle, user, competency, "Again", plan=plan, repeated=True)
    assert site.faults.calls["core_competency_grade_competency"] == 1
    assert site.one("SELECT note FROM usercompetency") == "First"


def test_a_message_is_looked_up_before_it_is_repeated(site: SandboxServer, moodle: Moodle) -> None:
    user = site.account("a")
    text = "<p>Well <strong>done</strong> &amp; on.</p>"
    for repeated in (False, True, True):
        acknowledgements.send_message(moodle, SERVICE, user, text, repeated=repeated)
    acknowledgements.send_message(moodle, SERVICE, user, "<p>Another</p>", repeated=True)
    assert site.one("SELECT count(*) FROM message") == 2


def test_a_message_to_an_unknown_user_is_refused(moodle: Moodle) -> None:
    with pytest.raises(MoodleRefused, match="doesn't exist"):
        acknowledgements.send_message(moodle, SERVICE, 999, "<p>x</p>", repeated=False)


def test_a_badge_is_issued_once(site: SandboxServer, moodle: Moodle) -> None:
    user = site.account("a")
    for _ in range(2):
        acknowledgements.issue_badge(moodle, FIRST, user)
    assert site.one("SELECT count(*) FROM badgeissued") == 1
    with pytest.raises(MoodleRefused, match="no badge"):
        acknowledgements.issue_badge(moodle, "stewardpath:path:none", user)


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ({"issued": False, "already": False, "hash": ""}, "badge"), ({}, "badge"),
        ([], "message"), ([{"msgid": 0}], "message"), ([{"msgid": 1}, {"msgid": 2}], "message"),
        (False, "plan"), ("ok", "plan"), ({}, "rating"), (True, "rating"), ({"id": 0}, "rating"),
        ({}, "cohort"), (None, "cohort"), ([], "cohort"),
        ({"warnings": [{"warningcode": "2", "message": "user id=9 not exists"}]}, "cohort"),
    ],
)  # fmt: skip
def test_an_answer_without_a_change_is_not_a_success(
    server: Any, connect: Any, answer: object, name: str
) -> None:
    server.respond_with(
        server.json_response([]), server.json_response({"id": 3}), server.json_response(answer)
    )
    if name != "plan":
        server.respond_with(server.json_response(answer))
    moodle = connect(server.url)
    calls = {
        "badge": lambda: acknowledgements.issue_badge(moodle, FIRST, 4),
        "message": lambda: acknowledgements.send_message(moodle, SERVICE, 4, "x", repeated=False),
        "plan": lambda: acknowledgements.ensure_learning_plan(
            moodle, 4, 1, [2], "Path", companion=False
        ),
        "rating": lambda: acknowledgements.rate_competency(
            moodle, 4, 1, "x", plan=None, repeated=False
        ),
        "cohort": lambda: acknowledgements.add_to_cohort(moodle, FIRST, [4]),
    }
    with pytest.raises(MoodleOutcomeUnknown, match="unexpected answer"):
        calls[name]()
