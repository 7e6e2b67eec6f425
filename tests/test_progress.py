"""Which milestones are earned: depends only on the facts, and more facts never earn less."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.curriculum.requirements.activity import ActivityDone
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.requirement import Requirement
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.progress import NO_FACTS, Facts, evaluate, evidence, missing
from tests.support.sample_curricula import curriculum, milestone, page, quiz, section, small

FACTS = st.builds(
    partial(replace, NO_FACTS),
    activities=st.frozensets(st.sampled_from(["check", "deep", "hello", "agreement"])),
    signoffs=st.frozensets(st.sampled_from(["seen", "met"])),
    roles=st.frozensets(st.sampled_from(["steward", "chair"])),
    awarded=st.frozensets(st.sampled_from(["first", "second", "gone"])),
)


def done(*keys: str) -> Facts:
    return replace(NO_FACTS, activities=frozenset(keys))


def recorded(activities: set[str], signoffs: set[str], roles: set[str]) -> Facts:
    return replace(
        NO_FACTS,
        activities=frozenset(activities),
        signoffs=frozenset(signoffs),
        roles=frozenset(roles),
    )


def test_a_chain_resolves_in_one_call() -> None:
    progress = evaluate(small(), done("check", "deep"))
    assert progress.entered == progress.earned == ("first", "second")


def test_the_order_of_the_curriculum_does_not_matter() -> None:
    turned = replace(small(), milestones=small().milestones[::-1])
    assert set(evaluate(turned, done("check", "deep")).earned) == {"first", "second"}


def test_nothing_is_earned_before_the_entry_rule_is_met() -> None:
    progress = evaluate(small(), done("deep"))
    assert progress.entered == ("first",)
    assert progress.earned == ()


def test_a_circle_is_an_error() -> None:
    one, two = milestone("a", after=("b",)), milestone("b", after=("a",))
    with pytest.raises(ValueError, match="a, b"):
        evaluate(curriculum(one, two), NO_FACTS)


@given(facts=FACTS)
def test_awarded_milestones_stay_earned(facts: Facts) -> None:
    earned = evaluate(small(), facts).earned
    assert facts.awarded & {"first", "second"} <= set(earned)
    assert set(earned) <= {"first", "second"}


@given(facts=FACTS, more=FACTS)
def test_more_facts_never_earn_less(facts: Facts, more: Facts) -> None:
    both = replace(
        NO_FACTS,
        activities=facts.activities | more.activities,
        signoffs=facts.signoffs | more.signoffs,
        roles=facts.roles | more.roles,
        awarded=facts.awarded | more.awarded,
    )
    assert set(evaluate(small(), facts).earned) <= set(evaluate(small(), both).earned)


@given(facts=FACTS)
def test_awarding_earned_milestones_changes_nothing(facts: Facts) -> None:
    progress = evaluate(small(), facts)
    assert evaluate(small(), replace(facts, awarded=frozenset(progress.earned))) == progress


@pytest.mark.parametrize(
    ("requirement", "met"),
    [
        (ActivityDone("check"), True),
        (ActivityDone("deep"), False),
        (SignedOff("seen"), True),
        (SignedOff("met"), False),
        (HasRole("steward"), True),
        (HasRole("chair"), False),
        (AtLeast(2, (ActivityDone("check"), SignedOff("met"), HasRole("steward"))), True),
        (AtLeast(3, (ActivityDone("check"), SignedOff("met"), HasRole("steward"))), False),
        (AtLeast(1, (AtLeast(2, (SignedOff("seen"), HasRole("steward"))),)), True),
    ],
)
def test_requirements(requirement: Requirement, met: bool) -> None:
    facts = recorded({"check"}, {"seen"}, {"steward"})
    assert requirement.is_met(facts) is met
    step = milestone("m", requirements=[requirement])
    assert bool(missing(step, facts)) is not met
    assert (evaluate(curriculum(step), facts).earned == ("m",)) is met


def test_evidence_lists_only_what_the_requirements_name() -> None:
    needed = [ActivityDone("check"), AtLeast(1, (SignedOff("seen"), HasRole("steward")))]
    facts = recorded({"check", "other"}, {"seen", "more"}, {"steward", "chair"})
    stored = evidence(milestone("m", requirements=needed), facts)
    assert {name: keys for name, keys in stored.items() if keys} == {
        "activities": ["check"], "signoffs": ["seen"], "role": ["steward"],
    }  # fmt: skip
    unmet = evidence(milestone("m", requirements=needed), NO_FACTS)
    assert (unmet["activities"], unmet["signoffs"], unmet["role"]) == ([], [], [])


def test_former_keys_still_count() -> None:
    path = curriculum(
        milestone("begun", section("s", page("a"), quiz("test", previously="check")),
                  previously="first"),
        milestone("next", section("t", quiz("deep")), after=("begun",)),
    )  # fmt: skip
    assert evaluate(path, done("check")).earned == ("begun",)
    assert evaluate(path, replace(NO_FACTS, awarded=frozenset({"first"}))).entered == (
        "begun",
        "next",
    )
