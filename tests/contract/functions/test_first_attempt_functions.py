"""First attempts, read page by page."""

from __future__ import annotations

import time

import pytest

from tests.contract.moodle_site import Learner, MoodleSite, learner

NAME = "local_stewardpath_get_first_tries"


@pytest.fixture
def three(moodle_site: MoodleSite) -> list[Learner]:
    """Three learners: one failed and passed later, one passed, one is still working."""
    moodle_site.section()
    moodle_site.true_false_quiz()
    failed, passed, slow = (learner(moodle_site) for _ in range(3))
    for person, text in ((failed, "False"), (passed, "True"), (failed, "True")):
        person.take(text)
    slow.begin()
    return [failed, passed, slow]


def test_each_learners_first_attempt_once(moodle_site: MoodleSite, three: list[Learner]) -> None:
    answer = moodle_site.moodle.plugin("get_first_tries", courseid=moodle_site.course)
    assert answer["more"] is False
    rows = answer["tries"]
    assert [(row["userid"], row["grade"]) for row in rows] == [
        (three[0].user["id"], 0),
        (three[1].user["id"], 100),
    ]
    for row in rows:
        assert set(row) == {"id", "userid", "idnumber", "grade", "time"}
        assert row["idnumber"] == moodle_site.id("q1")
        assert abs(row["time"] - time.time()) < 600


def test_page_by_page_and_since_a_time(moodle_site: MoodleSite, three: list[Learner]) -> None:
    ask = {"courseid": moodle_site.course, "limit": 1}
    first = moodle_site.moodle.plugin("get_first_tries", **ask)
    assert (len(first["tries"]), first["more"]) == (1, True)
    rest = moodle_site.moodle.plugin("get_first_tries", **ask, after=first["tries"][0]["id"])
    assert (len(rest["tries"]), rest["more"]) == (1, False)
    assert rest["tries"][0]["userid"] == three[1].user["id"]
    later = int(time.time()) + 3600
    assert moodle_site.moodle.plugin("get_first_tries", **ask, since=later)["tries"] == []


def test_refusals(moodle_site: MoodleSite) -> None:
    assert moodle_site.moodle.refusal(NAME, courseid=987_654_321)["errorcode"] == "unknowncourse"
    refused = moodle_site.moodle.refusal(NAME, courseid=moodle_site.course, limit=2001)
    assert refused["errorcode"] == "outofbounds"
    person = learner(moodle_site)
    refused = moodle_site.moodle.refusal(NAME, token=person.token, courseid=moodle_site.course)
    assert refused["errorcode"] in ("accessexception", "nopermissions")
