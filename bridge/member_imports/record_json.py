"""Member records, roles and their changes as JSON, to store them. Pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any, cast

from bridge.member_records import MemberRecord
from bridge.membership.roles import HeldRole
from bridge.store.members.role_changes import StoredRole
from bridge.workflows.member_imports.preview import Outcome

Json = dict[str, object]


def record_as_json(record: MemberRecord) -> Json:
    """The record, as `read_record` reads it."""
    values: Json = {
        name: value for name, value in asdict(record).items() if value not in ("", None)
    }
    values["role_since"] = _iso(record.role_since)
    if record.roles is not None:
        values["roles"] = [held_as_json(each) for each in record.roles]
    return values


def read_record(values: Mapping[str, object]) -> MemberRecord:
    """What `record_as_json` stored."""
    kept: dict[str, Any] = {"number": None, **values}
    roles = cast("list[Json] | None", kept.pop("roles", None))
    since = kept.pop("role_since", "")
    record = MemberRecord(**kept, role_since=_day(since))
    return record if roles is None else replace(record, roles=tuple(map(read_held, roles)))


def held_as_json(held: HeldRole | None) -> Json:
    """A role; {} for none."""
    if held is None:
        return {}
    return {**asdict(held), "since": _iso(held.since), "until": _iso(held.until)}


def read_held(values: Mapping[str, object]) -> HeldRole:
    kept: dict[str, Any] = dict(values)
    kept |= {"since": _day(kept["since"]), "until": _day(kept["until"])}
    return HeldRole(**kept)


def role_as_json(role: StoredRole | None) -> Json:
    """A stored role with its source; {} for none."""
    return {**held_as_json(role.held), "source": role.source} if role else {}


def read_role(values: Mapping[str, object], role_id: int) -> StoredRole:
    held = {name: value for name, value in values.items() if name != "source"}
    return StoredRole(role_id, read_held(held), str(values["source"]))


def shown_changes(outcome: Outcome) -> Json:
    """What a row would change, as a page shows it: private values are hidden."""
    values = outcome.values or {}
    return {
        "values": {name: list(pair) for name, pair in values.items()},
        "roles": [[held_as_json(e.before), held_as_json(e.after)] for e in outcome.roles],
    }


def version_of(outcome: Outcome, stored: Mapping[str, object]) -> str:
    """A text that is another one if the outcome is, or if a value that it changes was changed.

    `stored`: the values of the member, also those that pages don't show.
    """
    before = [(name, stored.get(name)) for name in outcome.values or ()]
    roles = [(e.stored, e.after) for e in outcome.roles]
    said = (outcome.state, outcome.member_id, outcome.values, before, roles, outcome.asks)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def role_differences(
    before: Sequence[StoredRole], after: Sequence[StoredRole]
) -> list[list[object]]:
    """The roles that differ: ID, before, after."""
    old, new = ({each.id: each for each in roles} for roles in (before, after))
    ids = sorted(old.keys() | new.keys())
    return [
        [each, role_as_json(old.get(each)), role_as_json(new.get(each))]
        for each in ids
        if old.get(each) != new.get(each)
    ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None
