"""Writes with the plugin, and the checks of its answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bridge.curriculum.images.image_file import ImageFile
from bridge.desired_state import build_desired_state
from bridge.errors import MoodleMisconfigured, MoodleOutcomeUnknown
from bridge.moodle.site.companion_requests import in_parts
from bridge.moodle.site.companion_site import CompanionSite
from bridge.plan import Change, Resource
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


def illustrated() -> Resource:
    image = ImageFile("images/a.png", b"content")
    found = next(r for r in build_desired_state(small()) if r.kind == "page")
    return replace(found, images=(image,))


def test_an_older_plugin_is_not_asked_to_store_images(server: Any, connect: Any) -> None:
    """It would refuse the parameter. Texts without images are saved as before."""
    site = CompanionSite(connect(server.url), 3)
    with pytest.raises(MoodleMisconfigured, match=r"can't store the images of .* 1\.6\.0"):
        site.apply([Change("create", illustrated(), ())])
    assert server.requests == []
    server.respond_with(server.json_response({"id": 5, "action": "created"}))
    site.apply([Change("create", replace(illustrated(), images=()), ())])
    assert "files" not in str(server.requests[0])


def test_questions_are_sent_in_parts_that_are_not_too_large() -> None:
    sizes = [3, 2, 1, 5, 1]
    questions = [replace(QUESTIONS[0], title=str(n), payload="x" * n * 1024 * 1024) for n in sizes]
    parts = [[int(each.title) for each in part] for part in in_parts(questions)]
    assert parts == [[3], [2, 1], [5], [1]]
