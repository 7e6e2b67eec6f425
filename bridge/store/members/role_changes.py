"""What a source's list of roles changes in the stored roles of a member. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bridge.membership.roles import HeldRole

PAGE = "page"
"""The source of roles that the committee gave. No other source changes them."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredRole:
    """A role in the database, with its ID and its source."""

    id: int
    held: HeldRole
    source: str


Pair = tuple[HeldRole, StoredRole | None]
"""A role that the source names, and the row that it is about."""


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role to add (`stored` is None), to change, or to delete (`after` is None).

    `is_ended`: because its source no longer names it.
    """

    stored: StoredRole | None
    after: HeldRole | None
    source: str
    is_ended: bool = False

    @property
    def before(self) -> HeldRole | None:
        return self.stored.held if self.stored else None


def role_changes(
    stored: Sequence[StoredRole],
    said: Sequence[HeldRole],
    source: str,
    today: date,
    *,
    adds: bool = False,
) -> list[RoleChange]:
    """The changes by which the stored roles agree with what `source` says.

    - A role that is stored is corrected. Its source is then `source`, the last to name it. A stored
      role is about one role at most.
    - A role that is held is never about one that begins later, whichever of them is stored: that
      one is its next term. If it lasts longer, it ends on the day before its next term.
    - Where a role overlaps one that another row keeps, only the days beside it are stored, from
      today on: before it, after it, or both, in a row each.
    - A role of `source` that it no longer names ends `today`, unless the source only `adds`. If
      another one that it names has these days, it is deleted.
    - Roles that the committee gave stay as they are.

    So each day from today on has the roles that the source names for it, and no day has one twice.
    """
    pairs = _match(stored, said, today)
    while True:
        changes, left_out = _changes_of(pairs, stored, source, today, adds)
        if not left_out:
            return changes
        pairs = [(role, None if row in left_out else row) for role, row in pairs]


def _changes_of(
    pairs: Sequence[Pair], stored: Sequence[StoredRole], source: str, today: date, adds: bool
) -> tuple[list[RoleChange], list[StoredRole]]:
    """The changes; and the rows that can't have the role that they are paired with.

    If there are any, the changes don't count.
    """
    matched = {row.id for _, row in pairs if row}
    left = [one for one in stored if one.id not in matched]
    said = [role for role, _ in pairs]
    spare = [] if adds else [one for one in left if _is_spare(one, said, source, today)]
    left = [one for one in left if one not in spare]
    changes = [] if adds else list(_ended(left, source, today))
    left_out = []
    for role, row in pairs:
        changes += _next_terms(_apply(left, changes), role, today)
        parts = _fit(role, row, _apply(left, changes), today)
        changes += _store(parts, row, spare, source)
        left_out += [row] if row and not _goes_on(row.held, parts, today) else []
    unused = (RoleChange(one, None, source, not one.held.is_held(today)) for one in spare)
    return [*unused, *changes], left_out


def _match(stored: Sequence[StoredRole], said: Sequence[HeldRole], today: date) -> list[Pair]:
    """Each named role with the row that it is about, if any.

    That is one with the same first day; or else one that isn't over, if possible with a day in
    common.
    """
    found: dict[HeldRole, StoredRole] = {}
    free = [one for one in stored if one.source != PAGE]
    for is_about in (_begins_with, _shares_a_day, _is_current):
        for role in said:
            rows = (one for one in free if one.held.scope == role.scope)
            row = next((one for one in rows if is_about(one.held, role, today)), None)
            if row and role not in found:
                found[role] = row
                free.remove(row)
    return [(role, found.get(role)) for role in said]


def _begins_with(held: HeldRole, role: HeldRole, _today: date) -> bool:
    return role.since is not None and held.since == role.since


def _shares_a_day(held: HeldRole, role: HeldRole, today: date) -> bool:
    return held.overlaps(role) and _is_current(held, role, today)


def _is_current(held: HeldRole, role: HeldRole, today: date) -> bool:
    """Whether neither is over, and neither is the next term of the other."""
    are_terms = _is_next_term(role, held, today) or _is_next_term(held, role, today)
    return not (held.is_over(today) or role.is_over(today) or are_terms)


def _is_next_term(role: HeldRole, held: HeldRole, today: date) -> bool:
    return held.is_held(today) and role.since is not None and role.since > today


def _goes_on(held: HeldRole, parts: Sequence[HeldRole], today: date) -> bool:
    """Whether a row can have one of the parts. One that is over only has what began with it."""
    return any(not held.is_over(today) or part.since == held.since for part in parts)


def _is_spare(one: StoredRole, said: Sequence[HeldRole], source: str, today: date) -> bool:
    """Whether the source names other days instead of these, so that the row can have some of them.

    A role that is held now is only replaced by one that is held now. Otherwise, it ends.
    """
    if one.source != source or one.held.is_over(today):
        return False
    same = (role for role in said if role.scope == one.held.scope)
    return not one.held.is_held(today) or any(role.is_held(today) for role in same)


def _apply(stored: Iterable[StoredRole], changes: Sequence[RoleChange]) -> list[StoredRole]:
    """The rows as they are after changes."""
    after = {each.stored.id: each.after for each in changes if each.stored}
    held = ((one, after.get(one.id, one.held)) for one in stored)
    return [replace(one, held=role) for one, role in held if role]


def _next_terms(others: Sequence[StoredRole], role: HeldRole, today: date) -> Iterator[RoleChange]:
    """End what is held on the day before its next term, unless the committee gave it."""
    for other in others:
        if other.source == PAGE or not other.held.overlaps(role):
            continue
        if role.since and _is_next_term(role, other.held, today):
            until = role.since - DAY
            yield RoleChange(other, replace(other.held, until=until), other.source)


def _fit(
    role: HeldRole, row: StoredRole | None, others: Sequence[StoredRole], today: date
) -> list[HeldRole]:
    """The parts of the role that can be stored beside the others, in order; perhaps none.

    What is over before another row begins is left out.
    """
    parts = []
    rest = replace(role, since=role.since or (row.held.since if row else None))
    for other in sorted((one.held for one in others), key=lambda held: held.since or date.min):
        if not other.overlaps(rest):
            continue
        if other.since and other.since > max(today, rest.since or today):
            parts.append(replace(rest, until=other.since - DAY))
        last = other.until or date.max
        if last >= (rest.until or date.max):
            return parts
        rest = replace(rest, since=last + DAY)
        if role.since is None and row is None and other.is_over(today):
            rest = replace(rest, since=today)  # held before, and again now
        if rest.since and rest.until and rest.until < rest.since:
            return parts
    return [*parts, rest]


def _store(
    parts: Sequence[HeldRole], row: StoredRole | None, spare: list[StoredRole], source: str
) -> Iterator[RoleChange]:
    """Store the parts of a role: in its row, in spare ones, which are then used, and in new ones.

    A row keeps the part that begins on its first day, so that saying it again changes nothing.
    """
    own = next((part for part in parts if row and part.since == row.held.since), None)
    own = own or next(iter(parts), None)
    for part in parts:
        place = row if row and part == own else _take(spare, part)
        if place is None or (place.held, place.source) != (part, source):
            yield RoleChange(place, part, source)


def _take(rows: list[StoredRole], part: HeldRole) -> StoredRole | None:
    """Remove and return the row of the same role that begins on the same day, if there is one."""
    same = (one for one in rows if one.held.scope == part.scope)
    found = next((one for one in same if one.held.since == part.since), None)
    if found:
        rows.remove(found)
    return found


def _ended(left: Iterable[StoredRole], source: str, today: date) -> Iterator[RoleChange]:
    for one in left:
        if one.source == source and one.held.is_held(today) and one.held.until != today:
            yield RoleChange(one, replace(one.held, until=today), source, is_ended=True)
