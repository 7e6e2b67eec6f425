"""Email addresses. Pure functions."""

from __future__ import annotations

import re

MAX_EMAIL_LENGTH = 254
MAX_MOODLE_EMAIL_LENGTH = 100
"""The longest email address of a Moodle account (4.5.6), and so of a member."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_FITS_MOODLE = re.compile(r"[^@]{1,64}@(?:[^.]{1,63}\.)+[A-Za-z][^.]{0,62}")
"""PHP's FILTER_VALIDATE_EMAIL, which Moodle uses, is stricter than EMAIL in these points."""


def is_member_email(email: str) -> bool:
    """Whether the address, of any length, is one that Moodle accepts too."""
    return bool(EMAIL.fullmatch(email) and _FITS_MOODLE.fullmatch(email))


def email_key(email: str) -> str:
    """Return the email for comparing: trimmed and in lower case."""
    return email.strip().lower()
