"""Which roles are known, and by which words."""

from __future__ import annotations

import pytest

from bridge.curriculum.known_roles import known_roles
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.requirements.role import ROLES
from bridge.membership.known_roles import ROLE_WORDS
from bridge.resources import resource
from bridge.web.layout.language import catalogue

KNOWN = known_roles(
    Library(resource("curricula")),
    {"trustee": {"en": "trustee", "fr": "syndic·que"}, "driver": {"": "Bus driver (night)"}},
)


def test_curricula_settings_and_common_roles_are_known() -> None:
    assert {"steward", "trustee", "driver", *ROLES} <= KNOWN.keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("steward", "steward"),
        (" Chief  Steward ", "chief-steward"),
        ("délégué·e syndical·e", "steward"),
        ("Déléguée syndicale", "steward"),
        ("délégué·e en chef", "chief-steward"),
        ("Syndic·que", "trustee"),
        ("bus driver (night)", "driver"),
        ("Health officer", "health-officer"),
        ("stewrad", "stewrad"),
    ],
)
def test_a_role_is_known_by_its_key_and_its_labels(text: str, key: str) -> None:
    assert KNOWN.key(text) == key


@pytest.mark.parametrize("role", ROLES)
def test_every_label_that_pages_show_is_accepted(role: str) -> None:
    for language in ("en", "fr"):
        label = catalogue(language).gettext(ROLES[role].template)
        assert KNOWN.key(label) == role, f"add it to {ROLE_WORDS}"


def test_an_unknown_role_has_a_warning_with_the_nearest() -> None:
    assert KNOWN.warning("steward") == ""
    warning = KNOWN.warning("stewrad")
    assert "names the role `stewrad`, so it opens nothing. Did you mean steward?" in warning
    assert "stewrad" not in KNOWN.warning("stewrad", quote=False)
    assert "Did you mean" not in KNOWN.warning("xyz")
