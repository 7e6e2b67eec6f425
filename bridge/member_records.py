"""Member records: what a source says about a person, and how it is checked. Does no I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridge.membership.emails import (
    EMAIL,
    MAX_EMAIL_LENGTH,
    MAX_MOODLE_EMAIL_LENGTH,
    is_member_email,
)
from bridge.membership.emails import email_key as email_key
from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.membership.names import has_tags, name_problem
from bridge.membership.numbers import number_warning, parse_number
from bridge.membership.roles import (
    HeldRole,
    parse_adding,
    parse_roles,
    roles_problem,
    too_long,
    unprintable,
)
from bridge.membership.values import (
    CLEARED,
    language_warning,
    parse_date,
    parse_language,
    parse_region,
    parse_status,
)
from bridge.messages import Message
from bridge.printable_text import find_unprintable, misread_letters

MAX_LENGTHS = {
    "number": 100,
    "email": MAX_MOODLE_EMAIL_LENGTH,
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
    "supervisor_email": MAX_EMAIL_LENGTH,
}
FIELD_NAMES: Mapping[str, Message] = {
    "number": Message("number"),
    "email": Message("email"),
    "first_name": Message("first name"),
    "last_name": Message("last name"),
    "region": Message("region"),
    "language": Message("language"),
    "role": Message("role"),
    "source": Message("source"),
    "status": Message("status"),
    "unit": Message("unit"),
    "classification": Message("classification"),
    "job_class": Message("job class"),
    "payroll_number": Message("payroll number"),
    "supervisor_name": Message("supervisor name"),
    "supervisor_email": Message("supervisor email"),
}
"""What the fields are called in a sentence."""
FACTS = (
    "status", "unit", "classification", "job_class", "payroll_number", "supervisor_name",
    "supervisor_email",
)  # fmt: skip
"""Fields that only the membership system may set."""
PRIVATE_FACTS = frozenset({"payroll_number", "supervisor_name", "supervisor_email"})
"""Facts that the audit log names without their values."""
CLEARABLE = ("region", "role", *FACTS)


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What one source says about one person. '' and None mean that the source doesn't say.

    `number`: the union's member number. `role`: for example `steward`, held since `role_since`;
    the short form of `roles` for one role. `roles`: all roles that the source knows of;
    with `adds_roles`, besides those that it named before.
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
    roles: tuple[HeldRole, ...] | None = None
    adds_roles: bool = False

    @property
    def said_roles(self) -> tuple[HeldRole, ...] | None:
        """All roles that the source knows of; None if it doesn't speak about roles."""
        if self.roles is not None or not self.role:
            return self.roles
        return () if self.role == CLEARED else (HeldRole(self.role, since=self.role_since),)


def validation_error(record: MemberRecord) -> str:
    """Why the record cannot be accepted, as a sentence; '' if it is valid."""
    for name, limit in MAX_LENGTHS.items():
        value: str = getattr(record, name) or ""
        if len(value) > limit:
            return _too_long(name, limit)
        if bad := find_unprintable(value):
            return unprintable(FIELD_NAMES[name], bad)
    for name in ("first_name", "last_name"):
        if bad_letter := next(misread_letters(getattr(record, name)), None):
            return Message(
                "the %(field)s has `%(typed)s`, which was `%(meant)s` before the file was read in "
                "a wrong encoding; save or export it again as UTF-8.",
                field=FIELD_NAMES[name], typed=bad_letter.typed, meant=bad_letter.meant,
            )  # fmt: skip
        if has_tags(getattr(record, name)):
            return Message(
                "the %(field)s contains < or >, which Moodle refuses in names.",
                field=FIELD_NAMES[name],
            )
    if not record.email:
        return Message("the email address is missing.")
    if not is_member_email(record.email):
        return Message("the email is not an address such as name@example.org.")
    if record.supervisor_email not in ("", CLEARED) and not EMAIL.fullmatch(
        record.supervisor_email
    ):
        return Message("the supervisor email is not an address such as name@example.org.")
    return roles_problem(record.said_roles or ())


def _too_long(name: str, limit: int) -> Message:
    if name == "email":
        return Message(
            "the email is longer than %(limit)s characters, the most that Moodle accepts.",
            limit=str(limit),
        )
    return too_long(FIELD_NAMES[name], limit)


def parse_record(
    values: Mapping[str, str],
    regions: Collection[str],
    source: str = "csv",
    roles: tuple[HeldRole, ...] | None = None,
    *,
    adds_roles: bool = False,
    known: KnownRoles = NO_KNOWN_ROLES,
) -> MemberRecord:
    """The record for one person. `values`: texts by field name, already stripped of spaces.

    `roles`: if the source lists them separately, instead of as text in `role`. With `adds_roles`,
    besides those that it named before. `known`: the words for roles.

    Raises ValueError with the reason if the record is not valid. The reason repeats input only
    between backticks, so that callers can remove it.
    """
    _check_names(values)
    facts: dict[str, Any] = {name: values.get(name, "") for name in FACTS}
    facts["status"] = parse_status(facts["status"])
    text, adds = parse_adding(values.get("role", ""))
    role, since, roles = _read_roles({**values, "role": text}, regions, roles, known)
    record = MemberRecord(
        number=parse_number(values.get("number", "")),
        email=values.get("email", ""),
        first_name=values.get("first_name", ""),
        last_name=values.get("last_name", ""),
        region=parse_region(values.get("region", ""), regions),
        language=parse_language(values.get("language", "")),
        role=role,
        role_since=since,
        source=source,
        **facts,
        roles=roles,
        adds_roles=adds or adds_roles,
    )
    if problem := validation_error(record):
        raise ValueError(problem)
    return record


def _check_names(values: Mapping[str, str]) -> None:
    """Raises ValueError if there is no name, or one of them is not a name."""
    if not values.get("first_name", "") and not values.get("last_name", ""):
        raise ValueError(Message("the name is missing."))
    for name in ("first_name", "last_name"):
        if problem := name_problem(values.get(name, "")):
            raise ValueError(problem)


def _read_roles(
    values: Mapping[str, str],
    regions: Collection[str],
    roles: tuple[HeldRole, ...] | None,
    known: KnownRoles,
) -> tuple[str, date | None, tuple[HeldRole, ...] | None]:
    """`role`, `role_since` and `roles` of the record. Raises ValueError."""
    role, since = values.get("role", ""), parse_date(values.get("role_since", ""))
    if roles is not None and role:
        raise ValueError(Message("it has both role and roles; send one of them."))
    if since and roles is not None:
        raise ValueError(Message("role_since is for role; write the first day in roles."))
    if since and role in ("", CLEARED):
        raise ValueError(Message("it has role_since but no role; send both, or neither."))
    if roles is not None or role in ("", CLEARED):
        return role, since, roles
    listed = parse_roles(role, regions, known)
    if len(listed) == 1 and listed[0] == HeldRole(listed[0].role):
        return listed[0].role, since, None
    if since:
        raise ValueError(
            Message("role_since is for one role; write roles like steward/since=2026-01-31.")
        )
    return "", None, listed


def record_warnings(
    record: MemberRecord, known: KnownRoles, *, quote: bool = True
) -> Sequence[str]:
    """What may be a mistake in a valid record, each as a sentence. `quote`: with its values."""
    roles = dict.fromkeys(each.role for each in record.said_roles or ())
    found = [known.warning(role, quote=quote) for role in roles]
    number = number_warning(record.number or "", quote=quote)
    found += [number, language_warning(record.language)]
    return list(dict.fromkeys(filter(None, found)))


class EarlierRecords:
    """The records of one file or request so far, to find those that contradict one of them.

    It keeps about 200 bytes for each.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}

    def add(self, place: int, record: MemberRecord) -> int | None:
        """Add the record at a place, such as a line.

        Returns the place of an earlier one with the same member number; None if there is none.
        Raises Contradiction if the earlier one has different details.
        """
        if not record.number:
            return None
        content = hash(record)
        first, known = self._seen.setdefault(record.number, (place, content))
        if first == place:
            return None
        if known != content:
            raise Contradiction(first)
        return first


class Contradiction(Exception):
    """A record has the same member number as an earlier one, and different details.

    `place`: that of the earlier one.
    """

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place
