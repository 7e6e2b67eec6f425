"""The shipped curriculum says what trains and what assesses each expectation."""

from __future__ import annotations

import pytest

from bridge.curriculum.model import Milestone
from tests.curriculum.shipped.test_framework_page import MILESTONES

NOT_ASSESSED = {"Knows how to reach a steward, and whether they would like to become one"}
"""A wish is not to be tested."""
NOT_TAUGHT = {"Knows one subject well enough for other stewards to ask"}
"""The subject is the member's choice; courses in class teach it."""


@pytest.mark.parametrize("step", MILESTONES.values(), ids=list(MILESTONES))
def test_each_expectation_is_trained_and_assessed(step: Milestone) -> None:
    assert len(step.training) == len(step.expectations)
    for text, training in step.trained_expectations:
        assert training.teaching or text.pick("en") in NOT_TAUGHT, text.pick("en")
        assert training.assessing or text.pick("en") in NOT_ASSESSED, text.pick("en")
