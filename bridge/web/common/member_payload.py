"""Reads member records from a request's JSON body. Errors never repeat personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bridge.member_records import (
    FACTS,
    Contradiction,
    EarlierRecords,
    MemberRecord,
    parse_record,
    record_warnings,
)
from bridge.membership.known_roles import NO_KNOWN_ROLES, KnownRoles
from bridge.membership.roles import FIELDS as ROLE_FIELDS
from bridge.membership.roles import KEPT, HeldRole, make_role, parse_adding, parse_roles

MAX_RECORDS = 500
"""How many members one request may carry."""
FIELDS = (
    "number",
    "email",
    "first_name",
    "last_name",
    "region",
    "language",
    "role",
    "role_since",
    *FACTS,
)


class InvalidBody(Exception):
    """The body can't be read; the message says how it should look."""


class TooManyRecords(InvalidBody):
    """More members than one request may carry."""


@dataclass(slots=True)
class MemberPayload:
    """The records of a body. `places[i]` is the index in the body of `records[i]`.

    `refused`: reason by index in the body, without personal data; `warnings` alike.
    """

    records: list[MemberRecord] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, Sequence[str]] = field(default_factory=dict)

    def warnings_as_data(self, refused: Collection[int]) -> list[dict[str, object]]:
        """The warnings about members that weren't refused, as JSON data."""
        return [
            {"index": index, "warning": warning}
            for index, warnings in sorted(self.warnings.items())
            for warning in warnings
            if index not in refused
        ]


def read_members(
    body: bytes,
    regions: Collection[str],
    source: str = "webhook",
    known: KnownRoles = NO_KNOWN_ROLES,
) -> MemberPayload:
    """Read `{"members": [{…}, …]}`. Each record is accepted or refused separately.

    One that contradicts an earlier one about the same number is refused.

    `regions`: valid region keys; empty accepts any region. `source`: stored as the member's source.
    Raises InvalidBody, and TooManyRecords for more than 500 members.
    """
    incoming, earlier = MemberPayload(), EarlierRecords()
    for place, item in enumerate(_items(body)):
        try:
            roles, adds = _roles(item, regions, known)
            record = parse_record(
                _as_texts(item), regions, source, roles, adds_roles=adds, known=known
            )
            earlier.add(place, record)
        except ValueError as reason:
            incoming.refused[place] = _without_personal_data(str(reason))
        except Contradiction as error:
            incoming.refused[place] = (
                f"the member at index {error.place} has the same member number with different "
                "details."
            )
        else:
            incoming.records.append(record)
            incoming.places.append(place)
            if warnings := record_warnings(record, known, quote=False):
                incoming.warnings[place] = warnings
    return incoming


def _items(body: bytes) -> list[object]:
    try:
        read = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InvalidBody("The body is not JSON in UTF-8.") from None
    members = read.get("members") if isinstance(read, dict) else None
    if not isinstance(members, list):
        raise InvalidBody('The body must be {"members": [ … ]}.')
    if len(members) > MAX_RECORDS:
        raise TooManyRecords(
            f"At most {MAX_RECORDS} members in one request: send the rest in another."
        )
    return members


def _as_texts(item: object) -> dict[str, str]:
    """The item's fields as texts. Raises ValueError if it isn't a valid member."""
    if not isinstance(item, dict):
        raise ValueError("it is not an object with fields such as email.")  # noqa: TRY004
    if not set(item) <= {*FIELDS, "roles"}:
        raise ValueError(f"it has a field that is none of {', '.join((*FIELDS, 'roles'))}.")
    return {name: _text(name, item.get(name)) for name in FIELDS}


def _roles(
    item: object, regions: Collection[str], known: KnownRoles
) -> tuple[tuple[HeldRole, ...] | None, bool]:
    """The roles in the item's list `roles`, None without one; whether they are only added.

    Raises ValueError.
    """
    listed = item.get("roles") if isinstance(item, dict) else None
    if not listed:
        return None, False
    if not isinstance(listed, list):
        raise ValueError("the roles must be a list.")  # noqa: TRY004
    named = [each for each in listed if not _keeps(each)]
    if not named:
        raise ValueError("`*` adds roles, but there is no role beside it; leave it empty.")
    read = [_role(each, regions, known) for each in named]
    adds = len(named) < len(listed) or any(each_adds for _, each_adds in read)
    return tuple(dict.fromkeys(role for roles, _ in read for role in roles)), adds


def _keeps(value: object) -> bool:
    """Whether it stands for the roles that the source named before."""
    text = value.get("role") if isinstance(value, dict) and len(value) == 1 else value
    return isinstance(text, str) and text.strip() == KEPT


def _role(
    value: object, regions: Collection[str], known: KnownRoles
) -> tuple[tuple[HeldRole, ...], bool]:
    if isinstance(value, str):
        text, adds = parse_adding(value)
        return parse_roles(text, regions, known), adds
    if not isinstance(value, dict) or not set(value) <= set(ROLE_FIELDS):
        raise ValueError(f"a role must be a text, or have only {', '.join(ROLE_FIELDS)}.")
    texts = {name: _text(name, each) for name, each in value.items()}
    return (make_role(texts, regions, known),), False


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "number" and type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"the {name.replace('_', ' ')} must be a text.")  # noqa: TRY004
    return value.strip()


def _without_personal_data(reason: str) -> str:
    """Remove quoted values: everything between the first and the last backquote."""
    return re.sub(r"`.*`", "`…`", reason, flags=re.DOTALL)
