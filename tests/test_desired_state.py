"""The desired state: unique idnumbers, safe content, no time limits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.curriculum.library.folders import read_folder
from bridge.curriculum.model import Curriculum, Text
from bridge.desired_state import UNTIMED, build_desired_state
from bridge.plan import ACTIVITIES, Resource
from bridge.resources import resource
from tests.support.sample_curricula import curriculum, milestone, question, quiz, section, small

FOLDERS = [
    resource("curricula") / "member-steward-path",
    Path(__file__).parent / "data" / "curricula" / "two-languages",
]


@pytest.fixture(params=FOLDERS, ids=lambda folder: str(folder.name))
def path(request: pytest.FixtureRequest) -> Curriculum:
    read = read_folder(Path(request.param)).curriculum
    assert read is not None
    return read


def test_resources_are_unique_and_within_moodles_limits(path: Curriculum) -> None:
    resources = build_desired_state(path)
    keys = [(r.kind, r.idnumber) for r in resources]
    assert len(keys) == len(set(keys))
    for one in resources:
        assert one.idnumber.startswith(f"stewardpath:{path.key}:")
        assert len(one.idnumber) <= 100
        assert len(str(one.fields.get("name", ""))) <= 254


def test_resources_come_after_their_containers(path: Curriculum) -> None:
    seen: set[tuple[str, str]] = set()
    for one in build_desired_state(path):
        if one.course and one.kind != "course":
            assert ("course", one.course) in seen
        if one.kind in ACTIVITIES:
            assert ("section", one.parent) in seen
        for name in one.fields.get("questions", ()):  # type: ignore[union-attr]
            assert ("question", name) in seen
        seen.add((one.kind, one.idnumber))


def test_short_names_are_unique_and_without_keys(path: Curriculum) -> None:
    names = [str(r.fields["shortname"]) for r in build_desired_state(path) if r.kind == "course"]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 255 and path.key not in name for name in names)


def test_two_milestones_with_one_title_have_two_short_names() -> None:
    first, second = small().milestones
    same = curriculum(first, replace(second, title=first.title))
    names = [str(r.fields["shortname"]) for r in build_desired_state(same) if r.kind == "course"]
    assert names == ["Milestone first · The path (first)", "Milestone first · The path (second)"]


def test_no_quiz_has_a_time_limit(path: Curriculum) -> None:
    quizzes = [r for r in build_desired_state(path) if r.kind == "quiz"]
    assert quizzes
    for one in quizzes:
        assert UNTIMED.items() <= one.fields.items()


def test_there_is_no_active_content(path: Curriculum) -> None:
    for one in build_desired_state(path):
        words = " ".join(str(value) for value in one.fields.values()) + one.payload
        assert not re.search(r"<script|<[^>]+\son\w+=|javascript:", words, re.IGNORECASE)


def test_the_desired_state_is_deterministic(path: Curriculum) -> None:
    assert build_desired_state(path) == build_desired_state(path)


def find(path: Curriculum, kind: str, key: str) -> Resource:
    return next(
        r
        for r in build_desired_state(path)
        if (r.kind, r.idnumber) == (kind, f"stewardpath:path:{key}")
    )


def test_a_question_can_have_several_former_names() -> None:
    asked = quiz("test", question("uno", previously="one"), previously="check")
    path = curriculum(milestone("first", section("s", asked)))
    assert find(path, "question", "test.uno").previously == (
        "stewardpath:path:check.one",
        "stewardpath:path:check.uno",
        "stewardpath:path:test.one",
    )
    assert find(small(), "question", "check.one").previously == ()


def test_a_badge_without_an_image_keeps_the_existing_image() -> None:
    first = small().milestones[0]
    badge = first.acknowledgement.badge
    assert badge is not None
    bare = replace(first.acknowledgement, badge=replace(badge, content=b"", image=""))
    path = curriculum(replace(first, acknowledgement=bare))
    assert "image" in find(small(), "badge", "first").fields
    assert "image" not in find(path, "badge", "first").fields


def test_a_badge_name_shows_all_languages_without_tags() -> None:
    first = small().milestones[0]
    badge = first.acknowledgement.badge
    assert badge is not None
    named = replace(badge, name=Text((("en", "New Member"), ("fr", "Nouveau membre"))))
    path = curriculum(replace(first, acknowledgement=replace(first.acknowledgement, badge=named)))
    assert find(path, "badge", "first").fields["name"] == "New Member / Nouveau membre"


def test_a_changed_question_text_changes_the_content_hash() -> None:
    one, other = (
        find(curriculum(milestone("m", section("s", quiz("q", question("a", words))))),
             "question", "q.a")
        for words in ("This?", "That?")
    )  # fmt: skip
    assert one.fields != other.fields
    assert one.payload != other.payload
