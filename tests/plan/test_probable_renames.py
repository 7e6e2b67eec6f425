"""A plan that hides an item and makes it again under another key asks before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.model import Activity
from tests.plan.test_plan import first, synced
from tests.support.sample_curricula import edited, page, quiz, small, text


@pytest.mark.parametrize(
    ("new", "risky"),
    [
        (replace(quiz("cheque"), title=text("Quiz check")), True),
        (quiz("check"), False),
        (replace(quiz("cheque", previously="check"), title=text("Quiz check")), False),
        (quiz("cheque"), False),
        (replace(page("cheque"), title=text("Quiz check")), False),
    ],
)
def test_a_key_that_was_probably_renamed_is_a_risk(new: Activity, risky: bool) -> None:
    plan = synced(small()).plan(edited(small(), 0, first(page("hello"), new)))
    assert bool(plan.risks) == risky
    if risky:
        assert "previously: check" in plan.risks[0]


def test_a_milestone_that_was_probably_renamed_is_one_risk() -> None:
    moodle = synced(small())
    old = small().milestones[0]
    plan = moodle.plan(edited(small(), 0, replace(old, key="begun")))
    assert [str(risk)[-20:] for risk in plan.risks] == ["`previously: first`."]
