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
    - A role that overlaps one that another row keeps is shortened to begin after it, or left out
      while the other row lasts.
    - A role of `source` that it no longer names ends `today`, unless the source only `adds`.
    - Roles that the committee gave stay as they are.
    """
    pairs = _match(stored, said, today)
    matched = {row.id for _, row in pairs if row}
    left = {one.id: one for one in stored if one.id not in matched}
    changes = [] if adds else list(_ended(left.values(), source, today))
    for role, row in pairs:
        changes += _next_terms(_apply(left.values(), changes), role, today)
        after = _fit(role, row, _apply(left.values(), changes), today)
        if after and (row is None or (row.held, row.source) != (after, source)):
            changes.append(RoleChange(row, after, source))
    return changes


def _match(
    stored: Sequence[StoredRole], said: Sequence[HeldRole], today: date
) -> list[tuple[HeldRole, StoredRole | None]]:
    """Each named role with the row that it is about, if any.

    That is one with the same first day, or else one that isn't over.
    """
    found: dict[HeldRole, StoredRole] = {}
    free = [one for one in stored if one.source != PAGE]
    for same_day in (True, False):
        for role in said:
            rows = (one for one in free if one.held.scope == role.scope)
            row = next((one for one in rows if _is_about(one.held, role, today, same_day)), None)
            if row and role not in found:
                found[role] = row
                free.remove(row)
    return [(role, found.get(role)) for role in said]


def _is_about(held: HeldRole, role: HeldRole, today: date, same_day: bool) -> bool:
    """Whether both begin on the same day; or else, neither is over, nor a next term."""
    if same_day:
        return role.since is not None and held.since == role.since
    are_terms = _is_next_term(role, held, today) or _is_next_term(held, role, today)
    return not (held.is_over(today) or role.is_over(today) or are_terms)


def _is_next_term(role: HeldRole, held: HeldRole, today: date) -> bool:
    return held.is_held(today) and role.since is not None and role.since > today


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
) -> HeldRole | None:
    """The role as it can be stored beside the others; None if there is no day left for it."""
    fitted = replace(role, since=role.since or (row.held.since if row else None))
    for other in others:
        if not other.held.overlaps(fitted):
            continue
        if other.held.since and _is_next_term(other.held, fitted, today):
            fitted = replace(fitted, until=other.held.since - DAY)
            continue
        if not other.held.is_over(today) or other.held.until is None:
            return None
        fitted = replace(fitted, since=other.held.until + DAY)
        if role.since is None and row is None:
            fitted = replace(fitted, since=today)  # held before, and again now
    return None if fitted.since and fitted.until and fitted.until < fitted.since else fitted


def _ended(left: Iterable[StoredRole], source: str, today: date) -> Iterator[RoleChange]:
    for one in left:
        if one.source != source or one.held.is_over(today):
            continue
        if one.held.since and one.held.since > today:
            yield RoleChange(one, None, source, is_ended=True)
        elif one.held.until != today:
            yield RoleChange(one, replace(one.held, until=today), source, is_ended=True)
