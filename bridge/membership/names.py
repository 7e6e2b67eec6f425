"""Names of members. A single name is a valid name. Pure functions."""

from __future__ import annotations

import re

NO_NAME = "-"
"""What Moodle gets in place of the name that a person with a single name doesn't have. It refuses
an empty one (core_user_create_users in user/externallib.php, 4.5.6)."""


def full_name(first_name: str, last_name: str) -> str:
    """Both names; one alone without a space."""
    return f"{first_name} {last_name}".strip()


def greeting_name(first_name: str, last_name: str) -> str:
    """The name to greet a person by: the first name, or the only one."""
    return first_name or last_name


def for_moodle(name: str) -> str:
    """A first or last name as Moodle takes it."""
    return name.strip() or NO_NAME


def from_moodle(name: str) -> str:
    """A first or last name as Moodle has it: '' for one that stands for none."""
    return "" if name.strip() == NO_NAME else name


def has_tags(name: str) -> bool:
    """Whether Moodle may read a part of the name as a tag (`strip_tags` in PARAM_NOTAGS)."""
    return re.search("[<>]", name) is not None
