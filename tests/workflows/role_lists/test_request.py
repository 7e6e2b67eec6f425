"""What giving or ending a role changes for a member."""

from __future__ import annotations

from datetime import date

import pytest

from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import PAGE, StoredRole
from bridge.workflows.role_lists.request import (
    EndedState,
    GivenState,
    RoleRequest,
    role_as_json,
    stored_role,
)

MARCH, JUNE, YEAR_END = date(2026, 3, 1), date(2026, 6, 30), date(2026, 12, 31)
STEWARD = HeldRole("steward", since=MARCH, until=YEAR_END)
IN_NORTH = HeldRole("steward", "north", since=MARCH)


def stored(*held: HeldRole) -> list[StoredRole]:
    return [StoredRole(place, each, "csv") for place, each in enumerate(held, 1)]


@pytest.mark.parametrize(
    ("held", "state"),
    [
        ((), "new"),
        ((STEWARD,), "already"),
        ((HeldRole("steward"),), "already"),
        ((HeldRole("steward", until=JUNE),), "overlaps"),
        ((HeldRole("steward", since=JUNE),), "overlaps"),
        ((HeldRole("steward", until=date(2026, 2, 28)),), "new"),
        ((IN_NORTH,), "new"),
        ((HeldRole("trustee"),), "new"),
    ],
)
def test_giving_a_role(held: tuple[HeldRole, ...], state: GivenState) -> None:
    request = RoleRequest("give", STEWARD)
    assert request.state(stored(*held)) == state
    changes = request.changes(stored(*held))
    assert [(each.stored, each.after) for each in changes] == (
        [(None, STEWARD)] if state == "new" else []
    )


@pytest.mark.parametrize(
    ("held", "state", "ended"),
    [
        ((STEWARD,), "new", 1),
        ((STEWARD, IN_NORTH), "new", 2),
        ((HeldRole("steward", until=JUNE),), "already", 0),
        ((HeldRole("steward", since=date(2026, 7, 1)),), "later", 0),
        ((HeldRole("trustee"),), "none", 0),
        ((), "none", 0),
    ],
)
def test_ending_a_role(held: tuple[HeldRole, ...], state: EndedState, ended: int) -> None:
    request = RoleRequest("end", HeldRole("steward", until=JUNE))
    assert request.state(stored(*held)) == state
    changes = request.changes(stored(*held))
    assert len(changes) == ended
    assert {(each.after and each.after.until, each.source) for each in changes} <= {(JUNE, PAGE)}


def test_ending_it_in_one_region_leaves_the_others() -> None:
    request = RoleRequest("end", HeldRole("steward", "north", until=JUNE))
    [change] = request.changes(stored(STEWARD, IN_NORTH))
    assert change.before == IN_NORTH


def test_a_stored_role_is_read_back() -> None:
    held = HeldRole("steward", "north", "unit", "p", MARCH, None)
    assert stored_role(role_as_json(held, "csv"), 7) == StoredRole(7, held, "csv")
