"""What a member sees whose enrolment someone ended in Moodle."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bridge.store.delivery import differences
from bridge.store.tables.accounts import MoodleDifference
from tests.web.me.test_progress_page import Walk, next_of
from tests.web.me.test_progress_page import walk as walk
from tests.web.sample_site import NOON


@pytest.mark.parametrize(("answer", "shown"), [("", True), ("leave", True), ("again", False)])
def test_an_enrolment_ended_in_moodle_is_said(walk: Walk, answer: str, shown: bool) -> None:
    walk.enrolled("first")
    assert "has ended or is suspended in Moodle" not in next_of(walk.page())
    member, target = walk.users.member, "stewardpath:a-path:first"
    with walk.users.database.transaction() as session:
        found = differences.NewDifference(member, 1, "enrol", target, "unenrolled")
        differences.record(session, [found], [], NOON)
        session.execute(update(MoodleDifference).values(answer=answer))
    assert ("has ended or is suspended in Moodle" in next_of(walk.page())) is shown
