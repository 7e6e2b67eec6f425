"""Chains of renames are followed, whether or not the files still say them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.curriculum.former_keys import former_keys
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.library.renames import (
    KnownRenames,
    Renames,
    taken_back,
    with_known_renames,
    written_renames,
)
from bridge.curriculum.model import Curriculum
from bridge.curriculum.text import plain_text
from bridge.curriculum.topics import Topic, TopicPart
from bridge.resources import resource
from tests.support.sample_curricula import curriculum, milestone, quiz, section


def path(key: str, previously: str = "", earlier: tuple[str, ...] = ()) -> Curriculum:
    """A curriculum with a milestone, a quiz and a topic with these keys, and another of each."""
    names = {"previously": previously, "earlier": earlier}
    lesson = section("s", replace(quiz(key), **names), quiz("other"))
    first = replace(milestone(key, lesson), **names)
    topics = [Topic(each, plain_text(each)) for each in (key, "other")]
    parts = (TopicPart(key, plain_text(key), **names), TopicPart("other", plain_text("other")))
    topics[0] = replace(topics[0], parts=parts, **names)
    return replace(curriculum(first, milestone("other")), topics=tuple(topics))


def known(*steps: tuple[str, str]) -> Renames:
    """These steps for each kind. A part was renamed before its topic."""
    kinds = ("milestone", "activity", "topic")
    found = {("path", kind, old): new for kind in kinds for old, new in steps}
    return found | {("path", "part", f"{old}/{old}"): f"{old}/{new}" for old, new in steps}


CASES: dict[str, tuple[Curriculum, Renames, tuple[str, ...]]] = {
    "never renamed": (path("a"), {}, ()),
    "one step": (path("b", "a"), known(("a", "b")), ("a",)),
    "two steps": (path("c", "b"), known(("a", "b"), ("b", "c")), ("b", "a")),
    "three steps": (path("d", "c"), known(("a", "b"), ("b", "c")), ("c", "b", "a")),
    "the file no longer says it": (path("c"), known(("a", "b"), ("b", "c")), ("b", "a")),
    "a list": (path("c", "b", ("a",)), {}, ("b", "a")),
    "renamed back": (path("a", "b"), known(("a", "b")), ("b",)),
    "in a circle, of old": (path("c"), known(("a", "b"), ("b", "a")), ()),
    "the key of something else now": (path("b"), known(("other", "b")), ()),
    "the file says otherwise": (path("c", "a"), known(("a", "other")), ("a",)),
    "of something else": (path("c"), known(("a", "other")), ()),
    "of another curriculum": (path("c"), {("else", "milestone", "a"): "c"}, ()),
}


@pytest.mark.parametrize("name", CASES)
def test_former_keys(name: str) -> None:
    before, renames, expected = CASES[name]
    (found,) = with_known_renames([before], KnownRenames(renames))
    first = found.milestones[0]
    for item in (first, next(first.course.activities), found.topics[0], found.topics[0].parts[0]):
        assert former_keys(item) == expected
    assert replace(found, milestones=(), topics=()) == replace(before, milestones=(), topics=())


UNAPPLIED: dict[str, tuple[Curriculum, Renames, tuple[str, ...]]] = {
    "the file says it": (path("b", "a"), known(("a", "b")), ("a",)),
    "the file no longer says it": (path("b"), known(("a", "b")), ()),
    "the file says otherwise": (path("b", "c"), known(("a", "b")), ("c",)),
    "renamed again": (path("c", "b"), known(("a", "b")), ("b", "a")),
    "renamed again, no longer said": (path("c"), known(("a", "b"), ("b", "c")), ()),
    "the next step is taken back": (path("b"), known(("a", "b"), ("b", "other")), ()),
}


@pytest.mark.parametrize("name", UNAPPLIED)
def test_a_rename_that_was_never_applied_can_be_taken_back(name: str) -> None:
    before, steps, expected = UNAPPLIED[name]
    (found,) = with_known_renames([before], KnownRenames(steps, frozenset(steps)))
    first = found.milestones[0]
    for item in (first, next(first.course.activities), found.topics[0]):
        assert former_keys(item) == expected


def test_only_what_is_there_takes_a_rename_back() -> None:
    part = ("path", "part", "b/a")
    steps = {**known(("a", "b")), part: "b/b"}
    del steps["path", "part", "a/a"]
    for each, gone in ((path("b"), set(steps)), (path("c"), set()), (path("b", "a"), set())):
        assert taken_back([each], KnownRenames(steps, frozenset(steps))) == gone
        assert taken_back([each], KnownRenames(steps)) == set()
    assert taken_back([], KnownRenames(steps, frozenset(steps))) == set()


def test_what_the_files_say_is_remembered() -> None:
    parts = {("path", "part", f"c/{old}"): "c/c" for old in ("b", "a")}
    found = written_renames([path("c", "b", ("a",))])
    assert found == _without_parts(known(("b", "c"), ("a", "c"))) | parts


def _without_parts(renames: Renames) -> dict[tuple[str, str, str], str]:
    return {name: key for name, key in renames.items() if name[1] != "part"}


def test_renames_that_cannot_be_read_now_are_asked_for_again(tmp_path: Path) -> None:
    shutil.copytree(resource("curricula"), tmp_path / "curricula")
    (shipped,) = Library(tmp_path / "curricula")
    key = shipped.milestones[0].key
    known = KnownRenames({(shipped.key, "milestone", "old"): key})
    answers: list[KnownRenames | None] = [None, known]
    library = Library(tmp_path / "curricula", known_renames=lambda: answers.pop(0))
    found = [former_keys(library[0].milestones[0]) for _ in range(3)]
    assert found == [(), ("old",), ("old",)]
