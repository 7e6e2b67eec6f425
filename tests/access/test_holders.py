"""Who has the roles that the configuration gives."""

from __future__ import annotations

import pytest

from bridge.access.holders import addresses, chaired_regions, configured_roles, holders
from bridge.access.roles import ROLES
from bridge.config import Config, Contact, Region

NORTH = Region(name="North", chair=Contact(name="C", email="Chair@union.example"))
CONFIG = Config(
    regions={"north": NORTH, "south": NORTH, "east": Region(name="East")},
    committee=("a@union.example",),
    payroll=("A@union.example", "p@union.example"),
)


def test_roles_of_one_address_add_up() -> None:
    assert configured_roles(CONFIG, " A@Union.example ") == {"committee", "payroll"}
    assert configured_roles(CONFIG, "chair@union.example") == {"chair"}
    assert configured_roles(CONFIG, "someone@union.example") == frozenset()
    assert configured_roles(CONFIG, "") == frozenset()


def test_a_chair_of_two_regions() -> None:
    assert chaired_regions(CONFIG, "chair@union.example") == {"north", "south"}
    assert addresses(CONFIG, "chair") == ("Chair@union.example",)


def test_each_configured_role_is_listed() -> None:
    assert holders(CONFIG)["payroll"] == ("A@union.example", "p@union.example")
    assert holders(CONFIG)["grievance"] == ()


@pytest.mark.parametrize("role", [each for each in ROLES if ROLES[each].setting])
def test_a_role_names_its_setting(role: str) -> None:
    data = ROLES[role]  # type: ignore[index]
    assert data.setting in Config.model_fields
    assert f"`{data.setting}`" in data.source
