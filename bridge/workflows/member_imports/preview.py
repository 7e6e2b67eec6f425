"""What signing up a list of member records would change. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar, get_args

from sqlalchemy.orm import Session

from bridge.member_records import MemberRecord, validation_error
from bridge.store.members.candidates import find_candidates
from bridge.store.members.matching import (
    MatchRejected,
    MemberDraft,
    MemberIndex,
    NumberInQuestion,
    normalize,
)
from bridge.store.members.number_questions import answers_about
from bridge.store.members.role_changes import RoleChange, StoredRole, role_changes
from bridge.store.members.roles import roles_of
from bridge.store.members.upsert import changed_values, said_roles

T = TypeVar("T")

BATCH_SIZE = 500
"""How many records are looked up with one query."""

State = Literal["new", "changed", "unchanged", "refused"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a record would do. `reason`: why it is refused.

    `values`: the fields that change, each before and after, private ones without their values.
    If several records are about one member, the first one has the changes of all; `first` is its
    place. `asks`: it is refused because a person must say who is meant.
    """

    record: MemberRecord
    state: State
    reason: str = ""
    member_id: int | None = None
    values: Mapping[str, tuple[object, object]] | None = None
    roles: Sequence[RoleChange] = ()
    first: int | None = None
    asks: bool = False


def preview_records(
    session: Session, records: Sequence[MemberRecord], today: date
) -> list[Outcome]:
    """The outcome of each record, by the rules of `bridge.workflows.signup.sign_up`.

    At most five queries for each 500 records.
    """
    normalized = [normalize(record) for record in records]
    refused = {place: why for place, r in enumerate(normalized) if (why := validation_error(r))}
    known = _index(session, normalized)
    drafts: dict[int, MemberDraft] = {}
    asking: set[int] = set()
    for place, record in enumerate(normalized):
        if place in refused:
            continue
        try:
            drafts[place] = known.take(place, record)
        except MatchRejected as refusal:
            refused[place] = refusal.why
            if isinstance(refusal, NumberInQuestion) and refusal.draft.id is not None:
                asking.add(place)
    roles = _role_changes(session, list(drafts.values()), normalized, today)
    return [
        Outcome(record, "refused", refused[place], asks=place in asking)
        if place in refused
        else _outcome(place, record, drafts[place], roles)
        for place, record in enumerate(records)
    ]


def _index(session: Session, records: Sequence[MemberRecord]) -> MemberIndex:
    """All members that the records may be about."""
    answers: dict[str, dict[int, str]] = {}
    found: dict[int, MemberDraft] = {}
    for some in in_batches(records):
        numbers = {record.number for record in some if record.number}
        said = answers_about(session, numbers) if numbers else {}
        answers |= said
        found |= {each.id: each for each in find_candidates(session, some, said) if each.id}
    return MemberIndex(found.values(), answers)


def _role_changes(
    session: Session,
    drafts: Sequence[MemberDraft],
    records: Sequence[MemberRecord],
    today: date,
) -> dict[MemberDraft, list[RoleChange]]:
    """The roles that change, of each draft whose records say something about roles."""
    speaking = [each for each in dict.fromkeys(drafts) if each.after.roles is not None]
    stored: dict[int, list[StoredRole]] = {}
    for some in in_batches([each.id for each in speaking if each.id]):
        stored |= roles_of(session, some)
    changes = {}
    for each in speaking:
        said = said_roles([records[i] for i in each.indexes], each.after.roles or (), "")
        mine = stored.get(each.id or 0, [])
        changes[each] = role_changes(mine, said.roles, said.source, today, adds=said.adds)
    return changes


def _outcome(
    place: int,
    record: MemberRecord,
    draft: MemberDraft,
    roles: Mapping[MemberDraft, Sequence[RoleChange]],
) -> Outcome:
    values, changes = changed_values(draft), roles.get(draft, ())
    first = draft.indexes[0]
    if place != first or not (values or changes):
        return Outcome(record, "unchanged", member_id=draft.id, first=first)
    state: State = "changed" if draft.id else "new"
    return Outcome(record, state, "", draft.id, values, changes, first)


def in_batches(items: Sequence[T]) -> list[Sequence[T]]:
    """The items, in lists of 500."""
    return [items[start : start + BATCH_SIZE] for start in range(0, len(items), BATCH_SIZE)]
