"""Given roles: their states, and who may confirm a confidential one."""

from __future__ import annotations

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
    ("role", "own", "invited_by", "holders", "may"),
    [
        ("payroll", {"c@x.example"}, "", [], True),
        ("payroll", {"giver@x.example"}, "", [], False),
        ("payroll", {"new@x.example"}, "", [], False),
        ("payroll", {"c@x.example"}, "giver@x.example", [], False),
        ("payroll", {"c@x.example"}, "", ["p@x.example"], False),
        ("payroll", {"p@x.example"}, "giver@x.example", ["p@x.example"], True),
        ("payroll", {"p@x.example", "giver@x.example"}, "", ["p@x.example"], False),
        ("auditor", {"c@x.example"}, "", [], False),
    ],
)
def test_who_confirms(
    role: Role, own: set[str], invited_by: str, holders: list[str], may: bool
) -> None:
    who = Confirmation(own, invited_by, holders)
    assert may_confirm(role, "new@x.example", "giver@x.example", who) is may


def test_given_roles_add_to_the_configured_ones() -> None:
    config = Config(regions={"north": Region(name="North")}, payroll=("a@x.example",))
    given = {Grant("auditor"), Grant("chair", "north"), Grant("chair", "gone")}
    assert roles_of(config, "A@x.example", given) == {"payroll", "auditor", "chair"}
    assert regions_chaired(config, "a@x.example", given) == {"north"}
    assert roles_of(config, "b@x.example", {Grant("chair", "gone")}) == frozenset()
