"""The names that templates of emails had in earlier versions."""

from __future__ import annotations

from collections.abc import Mapping

_NEW_NAMES: Mapping[str, str] = {
    "welcome": "learning/welcome",
    "milestone": "learning/milestone",
    "chair-notice": "region/new-member",
    "contact": "region/contact-request",
    "digest": "region/weekly-digest",
    "sign-in": "auth/sign-in",
    "new-address": "auth/confirm-email",
    "address-changed": "auth/email-changed",
    "shared-address": "auth/shared-email",
    "confirm": "signup/confirm",
    "already": "signup/already-member",
}
"""Complete: a template that is added now has one name."""
_OLD_NAMES: Mapping[str, str] = {new: old for old, new in _NEW_NAMES.items()}


def other_name(template: str) -> str:
    """The old name of a template, or the new name of an old one; '' if it has only one name.

    In earlier versions a template was named after its kind: `mail/en/already.txt.j2` is now
    `mail/en/signup/already-member.txt.j2`. Both work for one release.
    """
    match template.split("/"):
        case ["mail", language, *rest] if rest:
            stem, dot, ending = "/".join(rest).partition(".")
            other = _OLD_NAMES.get(stem) or _NEW_NAMES.get(stem)
            return f"mail/{language}/{other}{dot}{ending}" if other else ""
    return ""


def is_old_name(template: str) -> bool:
    """Whether `template`, such as `mail/en/already.txt.j2`, is a name from an earlier version."""
    return template.count("/") == 2 and bool(other_name(template))
