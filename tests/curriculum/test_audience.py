"""Who an audience includes, and how it is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.curriculum.audience import Audience, MemberFacts
from bridge.curriculum.reader import read_text
from bridge.membership.roles import HeldRole
from tests.curriculum.sample_files import FIRST, files

NOBODY = MemberFacts(
    status="", unit="", region="", roles=(), milestones=frozenset(), programs=frozenset()
)
KIM = MemberFacts(
    status="retired",
    unit="Transit 12",
    region="north",
    roles=(HeldRole("chief-steward"), HeldRole("trustee", "west", program="leadership")),
    milestones=frozenset({"new-member"}),
    programs=frozenset({"mentoring"}),
)


@pytest.mark.parametrize(
    ("audience", "included"),
    [
        (Audience(), True),
        (Audience(stewards=True), True),
        (Audience(role="trustee"), True),
        (Audience(role="steward"), False),
        (Audience(unit="transit 12"), True),
        (Audience(unit="transit 13"), False),
        (Audience(region="north"), True),
        (Audience(region="west"), False),
        (Audience(role="trustee", region="west"), True),
        (Audience(role="trustee", region="north"), False),
        (Audience(role="chief-steward", region="north"), True),
        (Audience(role="trustee", unit="Transit 12"), True),
        (Audience(milestone="new-member"), True),
        (Audience(milestone="active-member"), False),
        (Audience(program="mentoring"), True),
        (Audience(program="leadership"), True),
        (Audience(program="other"), False),
        (Audience(role="trustee", program="leadership"), True),
        (Audience(role="trustee", program="mentoring"), False),
        (Audience(role="chief-steward", program="mentoring"), True),
        (Audience(role="chief-steward", program="leadership"), True),
        (Audience(role="chief-steward", program="other"), False),
        (Audience(status="retired"), True),
        (Audience(status="member"), False),
        (Audience(status="retired", role="trustee", unit="Transit 12", region="WEST",
                  milestone="new-member", program="leadership"), True),
        (Audience(status="left", role="trustee"), False),
    ],
)  # fmt: skip
def test_an_audience_includes_those_who_meet_all_conditions(
    audience: Audience, included: bool
) -> None:
    assert audience.matches(KIM) == included


def test_without_facts_only_the_open_audience_matches() -> None:
    assert Audience().matches(NOBODY)
    assert Audience(status="member").matches(NOBODY), "no status counts as member"
    closed = [
        Audience(stewards=True), Audience(role="steward"), Audience(unit="1"),
        Audience(region="north"), Audience(milestone="m"), Audience(program="p"),
        Audience(status="left"),
    ]  # fmt: skip
    assert [each for each in closed if each.matches(NOBODY)] == []


@pytest.mark.parametrize(
    ("role", "is_steward"),
    [("steward", True), ("shop-steward", True), ("trustee", False), ("stewardess", False)],
)
def test_stewards_hold_a_role_that_ends_in_steward(role: str, is_steward: bool) -> None:
    member = replace(NOBODY, roles=(HeldRole(role, "west"),))
    assert Audience(stewards=True).matches(member) == is_steward
    assert Audience(role=role).group == ("stewards" if is_steward else "members")


@pytest.mark.parametrize(
    ("written", "audience"),
    [
        ("members", Audience()),
        ("Stewards", Audience(stewards=True)),
        ("{role: trustee, region: West Coast}", Audience(role="trustee", region="West Coast")),
        (
            "{unit: 12, milestone: second-step, program: leadership, status: Retired}",
            Audience(unit="12", milestone="second-step", program="leadership", status="retired"),
        ),
    ],
)
def test_an_audience_is_read_from_yaml(written: str, audience: Audience) -> None:
    first = FIRST.replace("audience: members", f"audience: {written}")
    reading = read_text(files(first=first))
    assert reading.problems == ()
    assert reading.curriculum
    assert reading.curriculum.milestones[0].audience == audience


@pytest.mark.parametrize(
    ("audience", "included"),
    [
        (Audience(), False),
        (Audience(stewards=True), False),
        (Audience(unit="Transit 12"), False),
        (Audience(status="member"), False),
        (Audience(status="left"), True),
        (Audience(status="left", role="trustee"), True),
    ],
)
def test_someone_who_has_left_is_included_only_by_name(audience: Audience, included: bool) -> None:
    assert audience.matches(replace(KIM, status="left")) is included
