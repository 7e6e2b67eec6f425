"""Roles as sources write them, and when they are held."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.membership.roles import HeldRole, held_on, main_role, parse_roles, roles_problem

REGIONS = ("north", "West Coast")
JANUARY, JUNE, JULY, DECEMBER = (date(2026, month, 1) for month in (1, 6, 7, 12))
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 20))
ROLES = st.builds(HeldRole, st.just("steward"), since=DAYS, until=DAYS)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("steward", [HeldRole("steward")]),
        (" Chief  Steward ", [HeldRole("chief-steward")]),
        ("steward; trustee", [HeldRole("steward"), HeldRole("trustee")]),
        ("steward;;steward;", [HeldRole("steward")]),
        (
            "Trustee / region=west coast / unit=Transit 12 / program=leadership",
            [HeldRole("trustee", "West Coast", "Transit 12", "leadership")],
        ),
        (
            "steward/since=2026-01-01/until=2026-06-01",
            [HeldRole("steward", since=JANUARY, until=JUNE)],
        ),
        ("steward/region=-", [HeldRole("steward")]),
    ],
)
def test_roles_are_read(text: str, roles: list[HeldRole]) -> None:
    assert list(parse_roles(text, REGIONS)) == roles


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("steward/region=wst coast", "no region `wst coast`; did you mean `West Coast`?"),
        ("steward/since=May", "the date `May` is not a date"),
        ("steward/term=2", "is not written like steward/region=north"),
        ("steward/region", "is not written like steward/region=north"),
        ("steward/unit=1/unit=2", "is not written like"),
        ("steward/role=chair", "is not written like"),
        (";", "a role has no name."),
        ("/region=north", "a role has no name."),
    ],
)
def test_roles_that_cannot_be_read_have_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"role|region|date") as caught:
        parse_roles(text, REGIONS)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        ([HeldRole("steward", since=JUNE, until=JANUARY)], "ends before it begins"),
        ([HeldRole("x" * 41)], "the role is longer than 40"),
        ([HeldRole("steward", unit="a\nb")], "the unit of a role contains an unprintable"),
        ([HeldRole("steward"), HeldRole("steward", since=JUNE)], "listed twice for the same time"),
        ([HeldRole("steward"), HeldRole("steward", "north")], ""),
        ([HeldRole("steward", until=JUNE), HeldRole("steward", since=JULY)], ""),
        ([HeldRole("steward", since=JUNE, until=JUNE)], ""),
    ],
)
def test_roles_that_cannot_be_stored_have_a_reason(roles: list[HeldRole], problem: str) -> None:
    found = roles_problem(roles)
    assert problem in found
    assert bool(problem) == bool(found)


def test_a_role_counts_from_its_first_through_its_last_day() -> None:
    role = HeldRole("steward", since=JUNE, until=JULY)
    held = [role.is_held(day) for day in (date(2026, 5, 31), JUNE, JULY, date(2026, 7, 2))]
    assert held == [False, True, True, False]
    assert HeldRole("steward").is_held(date.min)


def test_several_roles_are_held_at_once_and_the_newest_is_the_main_one() -> None:
    roles = [
        HeldRole("steward"), HeldRole("trustee", "north", since=JUNE),
        HeldRole("chair", since=DECEMBER), HeldRole("delegate", until=JANUARY),
    ]  # fmt: skip
    assert held_on(roles, JULY) == {"steward", "trustee"}
    assert main_role(roles, JULY) == roles[1]
    assert main_role(roles[2:], JULY) is None


@given(one=ROLES, other=ROLES)
def test_roles_overlap_exactly_if_they_share_a_day(one: HeldRole, other: HeldRole) -> None:
    days = [date(2025, 12, 31), *(date(2026, 1, n) for n in range(1, 22))]
    shared = any(one.is_held(day) and other.is_held(day) for day in days)
    valid = not roles_problem([one]) and not roles_problem([other])
    assert one.overlaps(other) == other.overlaps(one)
    assert not valid or one.overlaps(other) == shared
