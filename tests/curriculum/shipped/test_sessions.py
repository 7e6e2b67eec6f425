"""The shipped topics of live sessions: in both languages, and another way to a milestone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.curriculum.library.folders import files_of
from bridge.curriculum.model import Curriculum, Milestone
from bridge.curriculum.reader import read_text
from bridge.curriculum.requirements.credited import Credited
from bridge.curriculum.requirements.facts import NO_FACTS, CreditFact
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.topics import Topic
from bridge.resources import resource

LANGUAGES = ("en", "fr")
PRODUCTS = re.compile(r"Zoom|Google|Teams")


def shipped() -> Curriculum:
    curriculum = read_text(files_of(resource("curricula") / "member-steward-path")).curriculum
    assert curriculum is not None
    return curriculum


TOPICS = {each.key: each for each in shipped().topics}
BEFORE_SESSIONS = {
    "new-steward": {"basic-steward-training"},
    "intermediate-steward": {"intermediate-training", "handled-grievance", "represented-member"},
    "advanced-steward": {"mentored-a-steward", "taught-a-session"},
}
"""Sign-offs that were enough for each milestone, next to its quizzes."""
INSTEAD = {
    "new-steward": (["steward-basics", "disciplines-and-hearings", "grievance-review"], []),
    "intermediate-steward": (
        ["adverse-actions", "sick-leave", "wins-and-losses", "digital-organizing"],
        ["mobilizing-members"],
    ),
    "advanced-steward": (["political-narrative", "running-for-office"], []),
}
"""Sessions attended and led that count instead of a sign-off."""


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_description_says_in_a_few_sentences_what_one_learns(
    topic: Topic, language: str
) -> None:
    text = dict(topic.description.translations)[language]
    assert 2 <= len(re.findall(r"[.?!](?=\s|$)", text)) <= 5
    assert re.search(r"\b(learn|practise|apprenez|exercez)\b", text)
    assert not PRODUCTS.search(text)
    for part in (topic, *topic.parts):
        assert len(dict(part.title.translations)[language]) <= 60


def test_the_readme_counts_them() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    assert f"{len(TOPICS)} topics of live sessions" in readme


def test_the_series_have_parts_and_the_open_session_earns_nothing() -> None:
    assert [each.key for each in TOPICS["adverse-actions"].parts] == [
        "preparing-the-case", "the-hearing",
    ]  # fmt: skip
    for topic in TOPICS.values():
        assert topic.audience.everyone == (topic.credit == "none")


@pytest.mark.parametrize("key", BEFORE_SESSIONS)
def test_members_keep_what_sign_offs_earned_them(key: str) -> None:
    for requirement in _recorded(key):
        assert requirement.is_met(replace(NO_FACTS, signoffs=frozenset(BEFORE_SESSIONS[key]))), (
            requirement
        )


@pytest.mark.parametrize("key", INSTEAD)
def test_sessions_count_instead_of_a_sign_off(key: str) -> None:
    attended, led = INSTEAD[key]
    choice = next(each for each in _recorded(key) if isinstance(each, AtLeast))
    found = [CreditFact("session", each, NO_FACTS.today) for each in attended]
    assert choice.is_met(replace(NO_FACTS, credits=frozenset(found)))
    assert not choice.is_met(replace(NO_FACTS, credits=frozenset(found[1:])))
    for each in led:
        assert Credited(each, "led") in _parts(key)


def _milestone(key: str) -> Milestone:
    return next(each for each in shipped().milestones if each.key == key)


def _recorded(key: str) -> list[Requirement]:
    """What isn't done in Moodle and is no role."""
    kinds = (AtLeast, SignedOff, Credited)
    return [each for each in _milestone(key).requirements if isinstance(each, kinds)]


def _parts(key: str) -> list[Requirement]:
    return [part for each in _recorded(key) for part in each.parts]
