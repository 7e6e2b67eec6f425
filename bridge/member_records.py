"""Member records, and the CSV files that unions export them to. No files, no database."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

MAX_LENGTHS = {
    "number": 100,
    "email": 254,
    "first_name": 100,
    "last_name": 100,
    "region": 40,
    "language": 10,
    "role": 40,
    "source": 20,
}
UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
"""Control characters, line separators, and half characters (bytes that were not UTF-8)."""

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


def validation_error(record: MemberRecord) -> str:
    """Why the record cannot be accepted, as a sentence; '' if it can."""
    for name, limit in MAX_LENGTHS.items():
        value: str = getattr(record, name) or ""
        label = name.replace("_", " ")
        if len(value) > limit:
            return f"the {label} is longer than {limit} characters."
        if bad := UNPRINTABLE.search(value):
            return f"the {label} contains a character that cannot be printed (U+{ord(bad[0]):04X})."
    if not record.email:
        return "the e-mail is missing."
    if not EMAIL.fullmatch(record.email):
        return "the e-mail is not an address such as name@example.org."
    return ""


def parse_record(
    said: Mapping[str, str], regions: Collection[str], source: str = "csv"
) -> MemberRecord:
    """The record that one person's fields make: texts by name, without spaces around them.

    Raises ValueError with the reason why there is none; only between backquotes does it repeat
    what was said.
    """
    if not said.get("first_name", "") and not said.get("last_name", ""):
        raise ValueError("the name is missing.")
    record = MemberRecord(
        number=_number(said.get("number", "")),
        email=said.get("email", ""),
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        region=_region(said.get("region", ""), regions),
        language=_language(said.get("language", "")),
        role="-".join(said.get("role", "").lower().split()),
        role_since=_date(said.get("role_since", "")),
        source=source,
    )
    if problem := validation_error(record):
        raise ValueError(problem)
    return record


def _number(text: str) -> str:
    if not text:
        raise ValueError("the member number is missing.")
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", text):
        raise ValueError("the spreadsheet has shortened the member number: format it as text.")
    return text


def _region(text: str, regions: Collection[str]) -> str:
    """The region as it is configured, whatever its capitals."""
    known = {region.casefold(): region for region in regions}
    if not text or not known or text.casefold() in known:
        return known.get(text.casefold(), text)
    near = difflib.get_close_matches(text.casefold(), known, n=1)
    hint = f"did you mean `{known[near[0]]}`?" if near else f"known: {', '.join(sorted(regions))}."
    raise ValueError(f"there is no region `{text[:40]}`; {hint}")


def _language(text: str) -> str:
    if not re.fullmatch(r"([A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", text):
        raise ValueError(f"the language `{text[:40]}` is not a code such as en or fr.")
    return text.lower().replace("_", "-")


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"the date `{text[:40]}` is not a day written like 2026-01-31.")
