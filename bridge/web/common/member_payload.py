"""Reads member records from a request's JSON body. Errors never repeat personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from bridge.member_records import (
    FACTS,
    Contradiction,
    EarlierRecords,
    MemberRecord,
    parse_record,
)
from bridge.membership.roles import FIELDS as ROLE_FIELDS
from bridge.membership.roles import HeldRole, make_role, parse_roles

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

    `refused`: reason by index in the body, without personal data.
    """

    records: list[MemberRecord] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def read_members(body: bytes, regions: Collection[str], source: str = "webhook") -> MemberPayload:
    """Read `{"members": [{…}, …]}`. Each record is accepted or refused separately.

    One that contradicts an earlier one about the same number is refused.

    `regions`: valid region keys; empty accepts any region. `source`: stored as the member's source.
    Raises InvalidBody, and TooManyRecords for more than 500 members.
    """
    incoming, earlier = MemberPayload(), EarlierRecords()
    for place, item in enumerate(_items(body)):
        try:
            roles = _roles(item, regions)
            record = parse_record(_as_texts(item), regions, source, roles)
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


def _roles(item: object, regions: Collection[str]) -> tuple[HeldRole, ...] | None:
    """The roles in the item's list `roles`; None without one. Raises ValueError."""
    listed = item.get("roles") if isinstance(item, dict) else None
    if not listed:
        return None
    if not isinstance(listed, list):
        raise ValueError("the roles must be a list.")  # noqa: TRY004
    read = (_role(each, regions) for each in listed)
    return tuple(dict.fromkeys(role for roles in read for role in roles))


def _role(value: object, regions: Collection[str]) -> tuple[HeldRole, ...]:
    if isinstance(value, str):
        return parse_roles(value, regions)
    if not isinstance(value, dict) or not set(value) <= set(ROLE_FIELDS):
        raise ValueError(f"a role must be a text, or have only {', '.join(ROLE_FIELDS)}.")
    return (make_role({name: _text(name, each) for name, each in value.items()}, regions),)


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
