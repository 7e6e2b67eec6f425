"""Credits that must not be too old, and how they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bridge.curriculum.requirements.credited import Credited, months_before
from bridge.curriculum.requirements.facts import NO_FACTS, CreditFact
from tests.curriculum.sample_files import FIRST, changed, only, read_first

DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (DAY, 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 36, date(2023, 1, 15)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(50, 1, 1), 1200, date.min),
        (date.min, 1, date.min),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("credit", "within", "met"),
    [
        (CreditFact("certificate", "aid", date(2023, 3, 31)), 36, True),
        (CreditFact("certificate", "aid", date(2023, 3, 30)), 36, False),
        (CreditFact("certificate", "aid", date(1990, 1, 1)), 0, True),
        (CreditFact("certificate", "aid", DAY, DAY), 0, True),
        (CreditFact("certificate", "aid", DAY, date(2026, 3, 30)), 0, False),
        (CreditFact("certificate", "aid", DAY, date(2026, 3, 30)), 36, False),
        (CreditFact("program", "aid", DAY), 0, False),
        (CreditFact("certificate", "other", DAY), 0, False),
    ],
)
def test_a_credit_counts(credit: CreditFact, within: int, met: bool) -> None:
    facts = replace(NO_FACTS, credits=frozenset({credit}), today=DAY)
    assert Credited("aid", "certificate", within).is_met(facts) is met


def test_a_renewed_certificate_counts_again() -> None:
    old, new = (CreditFact("certificate", "aid", date(year, 1, 1)) for year in (2020, 2026))
    needed = Credited("aid", "certificate", 36)
    assert not needed.is_met(replace(NO_FACTS, credits=frozenset({old}), today=DAY))
    assert needed.is_met(replace(NO_FACTS, credits=frozenset({old, new}), today=DAY))


REQUIREMENT = "next: Go on.\n"
"""What follows the last requirement of the sample file."""


@pytest.mark.parametrize(
    ("within", "message"),
    [
        ("0 months", "not between 1 and 1,200 months"),
        ("-3 months", "not a number of months or years"),
        ("36", "write `36 months`"),
        ("36 weeks", "write a number and the unit"),
        ("a year", "not a number of months or years"),
        ("1.5 years", "not a number of months or years"),
        ("9999 years", "not between 1 and 1,200 months"),
        ("", "is empty"),
    ],
)
def test_a_limit_that_can_never_hold_is_an_error(within: str, message: str) -> None:
    line = f"  - certificate: first-aid\n    within: {within}\nnext: Go on.\n"
    problem = only(read_first(REQUIREMENT, line))
    assert message in f"{problem.message} {problem.suggestion}"
    expected = changed(FIRST, REQUIREMENT, line).splitlines().index(f"    within: {within}") + 1
    assert (problem.line, problem.severity) == (expected, "error")
    assert problem.column == 13 - (not within)


@pytest.mark.parametrize("key", ["mentors", "mentors/", "a/b/c", "Mentors/theory"])
def test_a_mentoring_part_is_two_keys(key: str) -> None:
    problem = only(read_first(REQUIREMENT, f"  - mentoring: {key}\nnext: Go on.\n"))
    assert "two keys with a slash" in problem.message


@pytest.mark.parametrize("kind", ["session", "mentoring", "signoff"])
def test_a_kind_with_a_key_of_its_own_is_written_with_that_key(kind: str) -> None:
    problem = only(read_first(REQUIREMENT, f"  - credit: {kind}/negotiation\nnext: Go on.\n"))
    assert problem.message == f"Credits of the kind `{kind}` have a key of their own."
    assert problem.suggestion == f"Write `{kind}:` instead."
