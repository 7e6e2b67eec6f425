"""Given roles: their states, and who may confirm a confidential one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.access.holders import regions_chaired, roles_of
from bridge.access.roles import ROLES, Role
from bridge.access.team import (
    CONFIDENTIAL_ROLES,
    GIVEN_ROLES,
    INVITATION_LIFETIME,
    Confirmation,
    Grant,
    grant_state,
    may_confirm,
)
from bridge.config import Config, Region

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def test_roles_with_a_confidential_right_are_confidential() -> None:
    assert {"reviewer", "approver", "payroll", "grievance"} == CONFIDENTIAL_ROLES


def test_every_role_with_a_setting_can_be_given() -> None:
    assert set(GIVEN_ROLES) == {role for role in ROLES if ROLES[role].setting} | {"chair"}


def test_states() -> None:
    end = NOW + INVITATION_LIFETIME
    assert grant_state(None, None, NOW) == "unconfirmed"
    assert grant_state(NOW, None, end - A_SECOND) == "invited"
    assert grant_state(NOW, None, end) == "expired"
    assert grant_state(NOW, NOW, end) == "active"


@pytest.mark.parametrize(
    ("role", "own", "brought_in_by", "holders", "may"),
    [
        ("payroll", {"c"}, [], [], True),
        ("payroll", {"giver"}, [], [], False),
        ("payroll", {"c", "root"}, [], [], False),
        ("payroll", {"new"}, [], [], False),
        ("payroll", {"c"}, ["giver"], [], False),
        ("payroll", {"c"}, ["x", "root"], [], False),
        ("payroll", {"c"}, ["x", "y"], [], True),
        ("payroll", {"c"}, [], ["p"], False),
        ("payroll", {"c"}, [], ["giver"], True),
        ("payroll", {"p"}, ["giver"], ["p"], True),
        ("payroll", {"p", "giver"}, [], ["p"], False),
        ("auditor", {"c"}, [], [], False),
    ],
)
def test_who_confirms(
    role: Role, own: set[str], brought_in_by: list[str], holders: list[str], may: bool
) -> None:
    who = Confirmation(own, brought_in_by, True, holders)
    assert may_confirm(role, "new", ["giver", "root"], who) is may
    outside = replace(who, on_committee=False)
    assert may_confirm(role, "new", ["giver", "root"], outside) is (may and holders == ["p"])


def test_given_roles_add_to_the_configured_ones() -> None:
    config = Config(regions={"north": Region(name="North")}, payroll=("a@x.example",))
    given = {Grant("auditor"), Grant("chair", "north"), Grant("chair", "gone")}
    assert roles_of(config, "A@x.example", given) == {"payroll", "auditor", "chair"}
    assert regions_chaired(config, "a@x.example", given) == {"north"}
    assert roles_of(config, "b@x.example", {Grant("chair", "gone")}) == frozenset()
