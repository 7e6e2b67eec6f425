"""Names of members. A single name is a valid name. Pure functions."""

from __future__ import annotations

import re
from html import unescape

from bridge.messages import Message
from bridge.printable_text import find_unprintable

NO_NAME = "-"
"""What Moodle gets in place of the name that a person with a single name doesn't have. It refuses
an empty one (core_user_create_users in user/externallib.php, 4.5.6)."""


_ERROR = re.compile(r"#+|#[A-Z/0]+[!?A]|N/A|n/a")
_CODE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")


def name_problem(name: str) -> str:
    """Why a first or last name from a file or a program is none, as a sentence; '' if it is one."""
    if not name or find_unprintable(name):  # which is reported by itself
        return ""
    shown = f"`{name[:40]}`"
    if name[0] == "=" or _ERROR.fullmatch(name):
        return Message(
            "%(text)s is a formula or its error; export the name instead, or leave it empty.",
            text=shown,
        )
    if "@" in name:
        return Message("%(text)s is an email address; give the name here.", text=shown)
    if _CODE.search(name):
        return Message(
            "%(text)s has a code of a web page; write `%(plain)s`.",
            text=shown, plain=unescape(name)[:40],
        )  # fmt: skip
    if not any(map(str.isalpha, name)):
        return Message(
            "%(text)s has no letters; leave it empty for a person with a single name.", text=shown
        )
    return ""


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
