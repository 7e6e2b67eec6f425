"""Which roles are known, and by which words."""

from __future__ import annotations

import pytest

from bridge.curriculum.known_roles import known_roles
from bridge.curriculum.library.reloading import Library
from bridge.curriculum.requirements.role import ROLES
from bridge.membership.known_roles import ROLE_WORDS
from bridge.membership.roles import parse_roles
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
        ("délégué(e) syndical(e)", "steward"),
        ("Délégué-e-s syndicaux", "steward"),
        ("personne déléguée syndicale", "steward"),
        ("Déléguées syndicales", "steward"),
        ("délégué·e en chef", "chief-steward"),
        ("Déléguée-cheffe", "chief-steward"),
        ("déléguée syndicale en chef", "chief-steward"),
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


@pytest.mark.parametrize("word", ["délégué", "Déléguée", "délégué(e)s", "personne déléguée"])
def test_a_word_that_may_mean_something_else_is_a_question(word: str) -> None:
    assert KNOWN.key(word) not in KNOWN.keys
    assert "Did you mean steward?" in KNOWN.warning(KNOWN.key(word))


SEVERAL = (
    "steward, trustee", "steward,driver", "steward\ntrustee", "steward and trustee",
    "Déléguée syndicale et syndic·que", "steward & driver", "steward+driver", "steward|driver",
    "steward*",
)  # fmt: skip
ONE = (
    "Bus driver (night)", "health and safety officer", "Responsable santé et sécurité",
    "Health & safety officer", "Chief\nSteward", "vice-president",
)  # fmt: skip


@pytest.mark.parametrize("text", SEVERAL)
def test_several_roles_without_a_semicolon_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"may be several roles; separate them with `;`"):
        parse_roles(text, (), KNOWN)


@pytest.mark.parametrize("text", ONE)
def test_one_role_of_several_words_is_accepted(text: str) -> None:
    assert len(parse_roles(text, (), KNOWN)) == 1
