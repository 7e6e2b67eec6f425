"""Requirements as the API sends them."""

from __future__ import annotations

from bridge.config import Config
from bridge.curriculum.requirements.group import AtLeast
from bridge.curriculum.requirements.role import HasRole
from bridge.curriculum.requirements.signoff import SignedOff
from bridge.curriculum.text import Text
from bridge.web.api.requirements import requirements_as_data
from bridge.web.api.schemas import Requirement
from tests.support.sample_curricula import small

CONFIG = Config.model_validate({"member_roles": {"steward": {"en": "shop steward"}}})


def test_parts_are_nested_and_described() -> None:
    walk = SignedOff("walk", Text((("fr", "Une promenade"), ("en", "A walk"))))
    [data] = requirements_as_data([AtLeast(1, (HasRole("steward"), walk))], small(), CONFIG)
    assert data == {
        "kind": "at-least",
        "count": 1,
        "text": "One of these: Role in the union: shop steward; Sign-off: A walk",
        "of": [
            {"kind": "role", "key": "steward", "text": "Role in the union: shop steward"},
            {"kind": "signoff", "key": "walk", "text": "Sign-off: A walk"},
        ],
    }
    assert Requirement().validate(data) == {}
