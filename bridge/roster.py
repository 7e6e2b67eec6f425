"""Member records, and the CSV files that unions export them to. No files, no database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LONGEST = {
    "number": 100,
    "email": 254,
    "first_name": 100,
    "last_name": 100,
    "region": 40,
    "language": 10,
    "role": 40,
    "source": 20,
}
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What one source says of one person; '' and None mean that it says nothing.

    `number` is the union's member number, `role` for example `steward` (since `role_since`),
    `source` one of csv, webhook, cli, form, moodle.
    """

    number: str | None
    email: str
    first_name: str
    last_name: str
    region: str = ""
    language: str = ""
    role: str = ""
    role_since: date | None = None
    source: str = "csv"
    moodle_user_id: int | None = None


def problem_with(record: MemberRecord) -> str:
    """Why the record cannot be accepted, as a sentence; '' if it can."""
    for name, limit in LONGEST.items():
        value: str = getattr(record, name) or ""
        label = name.replace("_", " ")
        if len(value) > limit:
            return f"the {label} is longer than {limit} characters."
        if (bad := _unprintable(value)) is not None:
            return f"the {label} contains a character that cannot be printed (U+{bad:04X})."
    if not record.email:
        return "the e-mail is missing."
    if not EMAIL.fullmatch(record.email):
        return "the e-mail is not an address such as name@example.org."
    return ""


def _unprintable(value: str) -> int | None:
    """The first control character, line separator or half character, as its number."""
    kinds = ("Cc", "Cs", "Zl", "Zp")
    return next((ord(c) for c in value if unicodedata.category(c) in kinds), None)
