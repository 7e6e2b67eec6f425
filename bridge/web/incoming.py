"""The members in a request's JSON body, as records; what is wrong is said without repeating it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from bridge.roster import MemberRecord, problem_with

MOST = 500
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


class BadBody(Exception):
    """The body as a whole cannot be read; the text says how it should look."""


class BadRow(Exception):
    """One member of the body cannot be read; the text says why, and repeats nothing of it."""


class TooMany(BadBody):
    """More members than one request may carry."""


@dataclass(slots=True)
class Incoming:
    """`records` to be signed up, `places[i]` the index of the i-th in the body; the `refused`
    by index, each with a sentence that repeats nothing of the person."""

    records: list[MemberRecord] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def read_members(body: bytes, regions: Collection[str]) -> Incoming:
    """The members of `{"members": [{…}, …]}`, each accepted or refused on its own.

    `regions`: the keys a region may have; without any, every region is taken.
    Raises BadBody, and TooMany beyond 500.
    """
    incoming = Incoming()
    for place, item in enumerate(_items(body)):
        try:
            record = _record(item)
        except BadRow as error:
            incoming.refused[place] = str(error)
            continue
        if problem := problem_with(record) or _region_problem(record, regions):
            incoming.refused[place] = problem
        else:
            incoming.records.append(record)
            incoming.places.append(place)
    return incoming


def _items(body: bytes) -> list[object]:
    try:
        read = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadBody("The body is not JSON in UTF-8.") from None
    members = read.get("members") if isinstance(read, dict) else None
    if not isinstance(members, list):
        raise BadBody('The body must be {"members": [ … ]}.')
    if len(members) > MOST:
        raise TooMany(f"At most {MOST} members in one request: send the rest in another.")
    return members


def _record(item: object) -> MemberRecord:
    if not isinstance(item, dict):
        raise BadRow("is not an object with fields such as email.")
    if not set(item) <= set(FIELDS):
        raise BadRow(f"has a field that is none of {', '.join(FIELDS)}.")
    text = {name: _text(name, item.get(name)) for name in FIELDS}
    return MemberRecord(
        number=text["number"] or None,
        email=text["email"],
        first_name=text["first_name"],
        last_name=text["last_name"],
        region=text["region"],
        language=text["language"],
        role=text["role"],
        role_since=_date(text["role_since"]) if text["role_since"] else None,
        source="webhook",
    )


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "number" and type(value) is int:
        return str(value)
    if not isinstance(value, str):
        raise BadRow(f"the {name.replace('_', ' ')} must be a text.")
    return value.strip()


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadRow("the role since must be a date such as 2026-03-01.") from None


def _region_problem(record: MemberRecord, regions: Collection[str]) -> str:
    if record.region and regions and record.region not in regions:
        return "the region is none of those under `regions:` in the configuration."
    return ""
