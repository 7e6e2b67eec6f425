"""The members in a request's JSON body, as records; what is wrong is said without repeating it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from bridge.member_records import MemberRecord, parse_record

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
)


class InvalidBody(Exception):
    """The body as a whole cannot be read; the text says how it should look."""


class TooManyRecords(InvalidBody):
    """More members than one request may carry."""


@dataclass(slots=True)
class MemberPayload:
    """`records` to be signed up, `places[i]` the index of the i-th in the body; the `refused`
    by index, each with a sentence that repeats nothing of the person."""

    records: list[MemberRecord] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def read_members(body: bytes, regions: Collection[str], source: str = "webhook") -> MemberPayload:
    """The members of `{"members": [{…}, …]}`, each accepted or refused on its own.

    `regions`: the keys a region may have; without any, every region is taken. `source`: what is
    remembered of where a member came from.
    Raises BadBody, and TooMany beyond 500.
    """
    incoming = MemberPayload()
    for place, item in enumerate(_items(body)):
        try:
            record = parse_record(_said(item), regions, source)
        except ValueError as reason:
            incoming.refused[place] = _discreet(str(reason))
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


def _said(item: object) -> dict[str, str]:
    """Raises ValueError with the reason why the item is no member."""
    if not isinstance(item, dict):
        raise ValueError("it is not an object with fields such as email.")  # noqa: TRY004
    if not set(item) <= set(FIELDS):
        raise ValueError(f"it has a field that is none of {', '.join(FIELDS)}.")
    return {name: _text(name, item.get(name)) for name in FIELDS}


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "number" and type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise ValueError(f"the {name.replace('_', ' ')} must be a text.")  # noqa: TRY004
    return value.strip()


def _discreet(reason: str) -> str:
    """What the roster quotes from the record is between the first and the last backquote."""
    return re.sub(r"`.*`", "`…`", reason, flags=re.DOTALL)
