"""Member records: what a source says about a person, and how it is checked. Does no I/O."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridge.membership import LEFT, MEMBER, NOT_YET_MEMBER, RETIRED, STATUSES

MAX_LENGTHS = {
    "number": 100,
    "email": 254,
    "first_name": 100,
    "last_name": 100,
    "region": 40,
    "language": 10,
    "role": 40,
    "source": 20,
    "status": 20,
    "unit": 100,
    "classification": 100,
    "job_class": 40,
    "payroll_number": 40,
    "supervisor_name": 200,
    "supervisor_email": 254,
}
FACTS = (
    "status", "unit", "classification", "job_class", "payroll_number", "supervisor_name",
    "supervisor_email",
)  # fmt: skip
"""Fields that only the membership system may set."""
PRIVATE_FACTS = frozenset({"payroll_number", "supervisor_name", "supervisor_email"})
"""Facts that the audit log names without their values."""
CLEARED = "-"
"""The value by which a source clears a field, as '' means that it doesn't say."""
CLEARABLE = ("region", "role", *FACTS)
STATUS_WORDS = {
    "active": MEMBER, "actif": MEMBER, "active-member": MEMBER, "membre": MEMBER,
    "retiree": RETIRED, "retraite": RETIRED, "parti": LEFT, "former-member": LEFT,
    "not-yet-a-member": NOT_YET_MEMBER, "pas-encore-membre": NOT_YET_MEMBER,
}  # fmt: skip
"""Other words for a status, in lower case without accents."""
UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
"""Control characters, line separators, and surrogates (bytes that were not UTF-8)."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What one source says about one person. '' and None mean that the source doesn't say.

    `number`: the union's member number. `role`: for example `steward`, held since `role_since`.
    `source`: csv, webhook, api, cli, form or moodle. The fields in `CLEARABLE` may be `CLEARED`.
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
    status: str = ""
    unit: str = ""
    classification: str = ""
    job_class: str = ""
    payroll_number: str = ""
    supervisor_name: str = ""
    supervisor_email: str = ""


def validation_error(record: MemberRecord) -> str:
    """Why the record cannot be accepted, as a sentence; '' if it is valid."""
    for name, limit in MAX_LENGTHS.items():
        value: str = getattr(record, name) or ""
        label = name.replace("_", " ")
        if len(value) > limit:
            return f"the {label} is longer than {limit} characters."
        if bad := UNPRINTABLE.search(value):
            return f"the {label} contains an unprintable character (U+{ord(bad[0]):04X})."
    if not record.email:
        return "the email address is missing."
    if not EMAIL.fullmatch(record.email):
        return "the email is not an address such as name@example.org."
    if record.supervisor_email not in ("", CLEARED) and not EMAIL.fullmatch(
        record.supervisor_email
    ):
        return "the supervisor email is not an address such as name@example.org."
    return ""


def parse_record(
    values: Mapping[str, str], regions: Collection[str], source: str = "csv"
) -> MemberRecord:
    """The record for one person. `values`: texts by field name, already stripped of spaces.

    Raises ValueError with the reason if the record is not valid. The reason repeats input only
    between backticks, so that callers can remove it.
    """
    if not values.get("first_name", "") and not values.get("last_name", ""):
        raise ValueError("the name is missing.")
    facts: dict[str, Any] = {name: values.get(name, "") for name in FACTS}
    facts["status"] = _status(facts["status"])
    record = MemberRecord(
        number=_number(values.get("number", "")),
        email=values.get("email", ""),
        first_name=values.get("first_name", ""),
        last_name=values.get("last_name", ""),
        region=_region(values.get("region", ""), regions),
        language=_language(values.get("language", "")),
        role="-".join(values.get("role", "").lower().split()),
        role_since=_date(values.get("role_since", "")),
        source=source,
        **facts,
    )
    if problem := validation_error(record):
        raise ValueError(problem)
    return record


def _number(text: str) -> str:
    if not text:
        raise ValueError("the member number is missing.")
    if re.fullmatch(r"\d+([.,]\d+)?E\+?\d+", text):
        raise ValueError("the spreadsheet shortened the member number; format the column as text.")
    return text


def _region(text: str, regions: Collection[str]) -> str:
    """The region as spelled in the configuration, ignoring case."""
    known = {region.casefold(): region for region in regions}
    if text in ("", CLEARED) or not known or text.casefold() in known:
        return known.get(text.casefold(), text)
    matches = difflib.get_close_matches(text.casefold(), known, n=1)
    hint = (
        f"did you mean `{known[matches[0]]}`?"
        if matches
        else f"use one of {', '.join(sorted(regions))}."
    )
    raise ValueError(f"there is no region `{text[:40]}`; {hint}")


def _status(text: str) -> str:
    letters = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text.casefold()))
    word = "-".join(part for part in re.split(r"[\s_-]+", letters) if part) or text
    word = STATUS_WORDS.get(word, word)
    if word in ("", CLEARED, *STATUSES):
        return word
    matches = difflib.get_close_matches(word, STATUSES, n=1)
    hint = f"did you mean `{matches[0]}`?" if matches else f"use one of {', '.join(STATUSES)}."
    raise ValueError(f"there is no status `{text[:40]}`; {hint}")


def _language(text: str) -> str:
    if not re.fullmatch(r"([A-Za-z]{2,3}([-_][A-Za-z]{2,4})?)?", text):
        raise ValueError(f"the language `{text[:40]}` is not a language code such as en or fr.")
    return text.lower().replace("_", "-")


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"the date `{text[:40]}` is not a date such as 2026-01-31.")
