"""Requirements in words."""

from __future__ import annotations

from bridge.curriculum.descriptions import describe, names_of
from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.text import Text
from tests.support.sample_curricula import curriculum, milestone, quiz, section

WALK = Text((("en", "A walk"), ("fr", "Une promenade")))

LABELS = {"rep": {"en": "shop rep", "fr": "déléguée"}, "driver": {"": "Bus driver"}}


def words(requirement: Requirement, *more: Requirement, language: str = "en") -> str:
    step = milestone(
        "m", section("s", quiz("new", previously="old")), requirements=(requirement, *more)
    )
    return str(describe(requirement, names_of(curriculum(step), language, LABELS)))


def test_groups_in_groups_are_in_parentheses() -> None:
    inner = AtLeast(2, (HasRole("a"), HasRole("b"), HasRole("c")))
    outer = AtLeast(1, (inner, SignedOff("walk", WALK)))
    assert words(outer) == (
        "One of these: At least 2 of these (Role in the union: a; Role in the union: b; "
        "Role in the union: c); Sign-off: A walk"
    )


def test_titles_are_in_the_language() -> None:
    assert words(SignedOff("walk", WALK), language="fr") == "Sign-off: Une promenade"


def test_a_title_given_in_one_milestone_counts_everywhere() -> None:
    assert (
        words(SignedOff("walk"), SignedOff("walk", WALK), SignedOff("walk")) == "Sign-off: A walk"
    )


def test_former_keys_have_the_same_name_and_unknown_keys_are_words() -> None:
    assert words(ActivityDone("old")) == words(ActivityDone("new")) == "Pass the quiz “Quiz new”"
    assert words(ActivityDone("gone-one")) == "Complete “gone one”"
    assert words(SignedOff("long-walk")) == "Sign-off: long walk"


def test_roles_have_the_names_of_the_union() -> None:
    assert words(HasRole("rep")) == "Role in the union: shop rep"
    assert "déléguée" in words(HasRole("rep"), language="fr")
    assert "Bus driver" in words(HasRole("driver"), language="fr")
