"""No field of a member, a role or a person holds a character that nobody can see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.errors import PersonError
from bridge.member_records import MAX_LENGTHS, MemberRecord, validation_error
from bridge.membership.roles import MAX_LENGTHS as ROLE_LENGTHS
from bridge.membership.roles import HeldRole, roles_problem
from bridge.store.persons.records import PersonRecord

INVISIBLE = ("\x00", "\x1b", "\u202e", "\u200b", "\ufeff")
KIM = MemberRecord("1042", "kim@example.org", "Kim", "Doe")


@pytest.mark.parametrize("name", MAX_LENGTHS)
@pytest.mark.parametrize("character", INVISIBLE)
def test_a_field_of_a_member(name: str, character: str) -> None:
    assert validation_error(KIM) == ""
    problem = validation_error(replace(KIM, **{name: f"a{character}b"}))
    label = name.replace("_", " ")
    assert problem.startswith(f"the {label} contains an unprintable character (U+")
    assert problem.isprintable()


@pytest.mark.parametrize("name", ROLE_LENGTHS)
@pytest.mark.parametrize("character", INVISIBLE)
def test_a_field_of_a_role(name: str, character: str) -> None:
    role = HeldRole("steward")
    assert roles_problem([role]) == ""
    problem = roles_problem([replace(role, **{name: f"a{character}b"})])
    assert "contains an unprintable character" in problem
    assert problem.isprintable()
    assert validation_error(replace(KIM, roles=(replace(role, **{name: f"a{character}b"}),)))


@pytest.mark.parametrize("name", ["name", "email", "language"])
@pytest.mark.parametrize("character", INVISIBLE)
def test_a_field_of_a_person(name: str, character: str) -> None:
    valid = {"name": "Kim Doe", "email": "kim@example.org", "language": "en"}
    assert PersonRecord(**valid).name == "Kim Doe"
    with pytest.raises(PersonError, match="unprintable"):
        PersonRecord(**valid | {name: f"a{character}b"})
