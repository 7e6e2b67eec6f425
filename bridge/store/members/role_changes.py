"""What a source's list of roles changes in the stored roles of a member. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    - A role that is stored is corrected. Its source is then `source`, the last to name it.
    - A role that overlaps one that another row keeps is shortened to begin after it, or left out
      while the other row lasts.
    - A role of `source` that it no longer names ends `today`, unless the source only `adds`.
    - Roles that the committee gave stay as they are.
    """
    changes: list[RoleChange] = []
    matched: set[int] = set()
    for role in said:
        row = _match(stored, role, today)
        if row:
            matched.add(row.id)
        after = _fit(role, row, [one for one in stored if one is not row], today)
        if after and (row is None or (row.held, row.source) != (after, source)):
            changes.append(RoleChange(row, after, source))
    return changes if adds else changes + list(_ended(stored, matched, source, today))


def _match(stored: Sequence[StoredRole], role: HeldRole, today: date) -> StoredRole | None:
    """The row that a named role is about: one that isn't over, or one with the same first day."""
    rows = [one for one in stored if one.held.scope == role.scope and one.source != PAGE]
    same_day = [one for one in rows if role.since and one.held.since == role.since]
    lasting = [one for one in rows if not one.held.is_over(today) and not role.is_over(today)]
    return next(iter([*same_day, *lasting]), None)


def _fit(
    role: HeldRole, row: StoredRole | None, others: Sequence[StoredRole], today: date
) -> HeldRole | None:
    """The role as it can be stored beside the others; None if there is no day left for it."""
    fitted = replace(role, since=role.since or (row.held.since if row else None))
    for other in others:
        if not other.held.overlaps(fitted):
            continue
        if not other.held.is_over(today) or other.held.until is None:
            return None
        fitted = replace(fitted, since=other.held.until + DAY)
        if role.since is None and row is None:
            fitted = replace(fitted, since=today)  # held before, and again now
    return None if fitted.since and fitted.until and fitted.until < fitted.since else fitted


def _ended(
    stored: Sequence[StoredRole], matched: set[int], source: str, today: date
) -> Iterator[RoleChange]:
    for one in stored:
        if one.source != source or one.id in matched or one.held.is_over(today):
            continue
        if one.held.since and one.held.since > today:
            yield RoleChange(one, None, source, is_ended=True)
        elif one.held.until != today:
            yield RoleChange(one, replace(one.held, until=today), source, is_ended=True)
