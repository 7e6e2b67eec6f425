"""What a status in the union allows."""

from __future__ import annotations

from dataclasses import astuple

import pytest

from bridge.membership.status import STATUSES, participation, statuses_without

# status: learns, courses for stewards, served (Moodle and emails), counted as a member
RULES = {
    "": (True, True, True, True, True),
    "not-yet-member": (True, False, True, False, True),
    "member": (True, True, True, True, True),
    "retired": (True, True, True, True, True),
    "left": (False, False, False, False, False),
}


@pytest.mark.parametrize(("status", "rights"), RULES.items())
def test_what_each_status_allows(status: str, rights: tuple[bool, ...]) -> None:
    assert astuple(participation(status)) == rights


def test_every_status_has_a_rule() -> None:
    assert {"", *STATUSES} == set(RULES)


def test_an_unknown_status_counts_as_none() -> None:
    assert participation("astronaut") == participation("")


def test_statuses_are_found_by_a_right_they_lack() -> None:
    assert statuses_without(lambda rights: rights.counted) == ("not-yet-member", "left")
    assert statuses_without(lambda rights: rights.served) == ("left",)
