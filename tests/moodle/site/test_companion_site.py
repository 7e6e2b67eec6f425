"""Writes with the plugin, and the checks of its answers."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.desired_state import build_desired_state
from bridge.errors import MoodleOutcomeUnknown
from bridge.moodle.site.companion_site import CompanionSite
from bridge.plan import Change
from tests.support.sample_curricula import small

QUESTIONS = [r for r in build_desired_state(small()) if r.kind == "question"]
STEP = [Change("create", r, ()) for r in QUESTIONS if r.parent == QUESTIONS[0].parent]


@pytest.mark.parametrize("shown", [0, 1])
def test_questions_missing_in_the_answer_are_an_error(
    server: Any, connect: Any, shown: int
) -> None:
    rows = [{"idnumber": c.resource.idnumber, "action": "created"} for c in STEP]
    foreign = [{"idnumber": "stewardpath:path:other", "action": "created"}]
    server.respond_with(server.json_response({"questions": rows[1:] + foreign * shown}))
    with pytest.raises(MoodleOutcomeUnknown, match="other questions"):
        CompanionSite(connect(server.url), 3).apply(STEP)
    server.respond_with(server.json_response({"questions": rows}))
    CompanionSite(connect(server.url), 3).apply(STEP)
