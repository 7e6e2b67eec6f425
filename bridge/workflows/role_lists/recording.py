"""Recording a list of roles, and undoing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.store.batches import batches
from bridge.store.batches.batches import BatchKind, ChangedValues
from bridge.store.learning.awards import current_awards
from bridge.store.members.locking import lock_members
from bridge.store.members.role_changes import RoleChange, StoredRole
from bridge.store.members.roles import change_roles, roles_of
from bridge.store.operations import audit_log
from bridge.store.tables.batches import MemberBatch, MemberBatchLine
from bridge.store.tables.learning import Award
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.dependent_awards import about_role, depending_on_role
from bridge.workflows.people_lists.recorded import Recorded as Recorded
from bridge.workflows.role_lists.request import (
    RoleAction,
    RoleRequest,
    role_as_json,
    stored_role,
)

KINDS: Mapping[RoleAction, BatchKind] = {"give": "roles-given", "end": "roles-ended"}

Lacking = Sequence[tuple[Award, str]]
"""Awards that would lack something, and what."""


@dataclass(frozen=True, slots=True)
class RecordedRoles:
    """A list. `lines`: what it changed. `to_undo`: those that undoing it would change.

    `changed_since`: those that stay, because the role was changed or deleted since. `lacking`:
    the awards that would lack the role.
    """

    batch: MemberBatch
    lines: Sequence[MemberBatchLine]
    to_undo: Sequence[MemberBatchLine] = ()
    changed_since: Sequence[MemberBatchLine] = ()
    lacking: Lacking = ()


def record_roles(
    session: Session,
    curricula: Sequence[Curriculum],
    request: RoleRequest,
    member_ids: Collection[int],
    key: str,
    actor: str,
    now: datetime,
) -> Recorded:
    """Give the role to those who don't have it, or end it for those who do.

    `key`: of the form. What it recorded before isn't recorded again, also if it was undone since.
    `now`: in the union's time zone. As many queries for one member as for 500, besides those for
    milestones to decide about.
    """
    lock_members(session, member_ids)
    batch = batches.start(session, key, KINDS[request.action], _details(request), actor, now)
    if batch is None:
        before = batches.find_key(session, key)
        lines = batches.lines_of(session, before.id) if before else []
        return Recorded(before.id if before else 0, _members(lines), repeated=True)
    stored = roles_of(session, member_ids)
    changes = {
        m: found for m in sorted(member_ids) if (found := request.changes(stored.get(m, [])))
    }
    lacking = lacking_awards(session, changes, stored, now)
    made = change_roles(session, changes, actor, now, request.reason)
    batches.add_lines(session, batch, [_line(*each) for each in made])
    follow_up(session, curricula, lacking, Correction(actor, now, request.reason))
    after = {"list": batch, **_details(request), "count": len(changes)}
    audit_log.write(session, actor, "roles", None, {}, after, now)
    awarded = assess(session, curricula, changes.keys(), now)
    settle(session, curricula, changes.keys(), actor, now)
    return Recorded(batch, list(changes), awarded)


def find_roles(session: Session, batch_id: int, now: datetime) -> RecordedRoles | None:
    """A recorded list; None if there is none. Four queries at most."""
    batch = batches.find(session, batch_id, list(KINDS.values()))
    if batch is None:
        return None
    lines = batches.lines_of(session, batch_id)
    if batch.undone_at:
        left = [each for each in lines if not each.undone]
        return RecordedRoles(batch, lines, changed_since=left)
    stored = roles_of(session, _members(lines)) if lines else {}
    undoing, changed_since = _undoing(lines, stored)
    lacking = lacking_awards(session, undoing, stored, now)
    to_undo = [each for each in lines if each not in changed_since]
    return RecordedRoles(batch, lines, to_undo, changed_since, lacking)


def undo_roles(
    session: Session, curricula: Sequence[Curriculum], batch_id: int, correction: Correction
) -> RecordedRoles | None:
    """Undo a list, except where the role was changed since; return it as it was before.

    Undoes nothing if an award would lack the role and the correction has no reason.
    """
    lock_members(session, _members(batches.lines_of(session, batch_id)))
    found = find_roles(session, batch_id, correction.now)
    if found is None or not found.to_undo or (found.lacking and not correction.reason):
        return found
    actor, now = correction.actor, correction.now
    changes, _ = _undoing(found.to_undo, roles_of(session, _members(found.to_undo)))
    change_roles(session, changes, actor, now, correction.reason)
    batches.mark_undone(session, batch_id, [each.id for each in found.to_undo], actor, now)
    follow_up(session, curricula, found.lacking, correction)
    after = {"list": batch_id, "count": len(changes), "reason": correction.reason}
    audit_log.write(session, actor, "roles-undone", None, {}, after, now)
    assess(session, curricula, changes.keys(), now)
    settle(session, curricula, changes.keys(), actor, now)
    return found


def _details(request: RoleRequest) -> dict[str, object]:
    role = {name: value for name, value in role_as_json(request.role, "").items() if value}
    return {**role, **({"reason": request.reason} if request.reason else {})}


def _members(lines: Iterable[MemberBatchLine]) -> list[int]:
    return list(dict.fromkeys(each.member_id for each in lines))


def _line(member: int, row: int, change: RoleChange) -> ChangedValues:
    before = change.stored
    return ChangedValues(
        member, row,
        role_as_json(before.held, before.source) if before else {},
        role_as_json(change.after, change.source) if change.after else {},
    )  # fmt: skip


def _undoing(
    lines: Iterable[MemberBatchLine], stored: Mapping[int, Sequence[StoredRole]]
) -> tuple[dict[int, list[RoleChange]], list[MemberBatchLine]]:
    """The changes that undo these lines, by member; and the lines whose role was changed since."""
    rows = {each.id: each for found in stored.values() for each in found}
    changes: defaultdict[int, list[RoleChange]] = defaultdict(list)
    changed_since = []
    for line in lines:
        row = rows.get(line.row_id or 0)
        if row is None or row != stored_role(line.after, row.id):
            changed_since.append(line)
            continue
        before = stored_role(line.before, row.id) if line.before else None
        if before and overlaps_another(before, stored.get(line.member_id, ())):
            changed_since.append(line)
            continue
        source = before.source if before else row.source
        changes[line.member_id].append(RoleChange(row, before.held if before else None, source))
    return changes, changed_since


def overlaps_another(role: StoredRole, others: Iterable[StoredRole]) -> bool:
    """Whether the member got the same role again since, at the same time."""
    return any(each.id != role.id and each.held.overlaps(role.held) for each in others)


def lacking_awards(
    session: Session,
    changes: Mapping[int, Sequence[RoleChange]],
    stored: Mapping[int, Sequence[StoredRole]],
    now: datetime,
) -> Lacking:
    """The awards that would lack a role after these changes. One query.

    `stored`: the roles before.
    """
    found = []
    for award in current_awards(session, changes.keys()) if changes else ():
        mine = changes[award.member_id]
        before = {each.id: each.held for each in stored.get(award.member_id, ())}
        after = {**before, **{c.stored.id: c.after for c in mine if c.stored}}
        held = [each for each in after.values() if each]
        for role in sorted({change.before.role for change in mine if change.before}):
            if depending_on_role(role, [*before.values()], held, [award], now):
                found.append((award, about_role(role)))
    return found
