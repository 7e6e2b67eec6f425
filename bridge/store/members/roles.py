"""The roles of members: read, changed by sources, and changed by the committee."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.membership.roles import FIELDS, HeldRole, held_on, main_role, roles_problem
from bridge.store.members.queries import lock_member
from bridge.store.members.role_changes import PAGE, RoleChange, StoredRole, role_changes
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.tables.members import MemberRole

COLUMNS = tuple(getattr(MemberRole, name) for name in FIELDS)
OVERLAP = "the member already has this role at that time."


@dataclass(frozen=True, slots=True)
class SaidRoles:
    """All roles of a member that `source` knows of. `actor`: for the audit log.

    `adds`: the source names some of them only; those that it named before stay.
    """

    roles: Sequence[HeldRole]
    source: str
    actor: str
    adds: bool = False


def roles_of(session: Session, member_ids: Collection[int]) -> dict[int, list[StoredRole]]:
    """Return the roles of these members, by member ID, in the order they were stored. One query."""
    query = select(MemberRole.member_id, MemberRole.id, MemberRole.source, *COLUMNS)
    query = query.where(MemberRole.member_id.in_(member_ids)).order_by(MemberRole.id)
    found: defaultdict[int, list[StoredRole]] = defaultdict(list)
    for member, role, source, *values in session.execute(query):
        found[member].append(StoredRole(role, HeldRole(*values), source))
    return found


def held_roles(
    session: Session, member_ids: Collection[int], today: date
) -> defaultdict[int, frozenset[str]]:
    """Return the keys of the roles that these members hold today, by member ID. One query."""
    found = roles_of(session, member_ids)
    held = {m: held_on((each.held for each in roles), today) for m, roles in found.items()}
    return defaultdict(frozenset, held)


def main_roles(session: Session, member_ids: Collection[int], today: date) -> dict[int, HeldRole]:
    """Return the role to show of each of these members who holds one today. One query."""
    found = roles_of(session, member_ids)
    held = {m: main_role((each.held for each in roles), today) for m, roles in found.items()}
    return {member: role for member, role in held.items() if role}


def take_said_roles(
    session: Session, said: Mapping[int, SaidRoles], known: Collection[int], now: datetime
) -> dict[int, int]:
    """Change the roles of members to what their sources say.

    Returns who was changed, with how many of their roles ended. `known`: those of the members
    who may have roles; the others are new. Each change is audited. At most five queries.
    """
    stored = roles_of(session, known) if known else {}
    changes = {
        member: found
        for member, each in said.items()
        if (found := _changes(stored.get(member, []), each, now.date()))
    }
    _write(session, changes)
    for actor in sorted({said[member].actor for member in changes}):
        lines = [
            _audit_record(member, change)
            for member, found in changes.items()
            for change in found
            if said[member].actor == actor and member in known
        ]
        audit_log.write_all(session, actor, "role", lines, now)
    return {member: sum(each.is_ended for each in found) for member, found in changes.items()}


def _changes(stored: Sequence[StoredRole], said: SaidRoles, today: date) -> list[RoleChange]:
    return role_changes(stored, said.roles, said.source, today, adds=said.adds)


def give_role(
    session: Session, member_id: int, role: HeldRole, actor: str, now: datetime, reason: str = ""
) -> bool:
    """Give a member a role, as the committee; return False if they have it already.

    Raises MemberError if there is no such member, or if it overlaps the same role.
    """
    lock_member(session, member_id)
    stored = roles_of(session, [member_id]).get(member_id, [])
    if any(each.held == role and each.source == PAGE for each in stored):
        return False
    same = [each for each in stored if each.held == role]
    _check(role, [each for each in stored if each not in same])
    change = RoleChange(same[0] if same else None, role, PAGE)
    _write(session, {member_id: [change]})
    _audit(session, member_id, change, actor, reason, now)
    return True


def correct_role(
    session: Session,
    member_id: int,
    role_id: int,
    role: HeldRole | None,
    actor: str,
    now: datetime,
    reason: str = "",
) -> bool:
    """Change a role, or delete it (None), as the committee; return False if nothing changed.

    It's the committee's role from then on. Raises MemberError if the member has no such role, or
    if it would overlap another row of the same role.
    """
    lock_member(session, member_id)
    stored = roles_of(session, [member_id]).get(member_id, [])
    found = next((each for each in stored if each.id == role_id), None)
    if found is None:
        raise MemberError("the member has no such role.", where=f"role {role_id}")
    if found.held == role:
        return False
    if role:
        _check(role, [each for each in stored if each is not found])
    change = RoleChange(found, role, PAGE)
    _write(session, {member_id: [change]})
    _audit(session, member_id, change, actor, reason, now)
    return True


def change_roles(
    session: Session,
    changes: Mapping[int, Sequence[RoleChange]],
    actor: str,
    now: datetime,
    reason: str = "",
) -> list[tuple[int, int, RoleChange]]:
    """Make these changes of members' roles, as the committee, and audit them. At most five queries.

    Returns each with the IDs of the member and of the role. The members must be locked, and the
    changes made from the roles as they are stored now.
    """
    known = roles_of(session, changes)
    stored = {each.id for found in known.values() for each in found}
    _write(session, changes)
    after = roles_of(session, changes)
    new: dict[tuple[int, HeldRole | None], int] = {
        (m, each.held): each.id for m in after for each in after[m] if each.id not in stored
    }
    made = [
        (member, change.stored.id if change.stored else new[member, change.after], change)
        for member, found in changes.items()
        for change in found
        if change.stored or change.after
    ]
    because = {"reason": reason} if reason else {}
    lines = [_audit_record(member, change) for member, _, change in made]
    told = [replace(each, after={**each.after, **because}) for each in lines]
    audit_log.write_all(session, actor, "role", told, now)
    return made


def end_roles(session: Session, member_id: int, actor: str, now: datetime) -> bool:
    """End all roles of a member as of yesterday, also those that begin later.

    Returns whether there were any. One that began today or later is deleted.
    """
    lock_member(session, member_id)
    yesterday = now.date() - timedelta(days=1)
    stored = roles_of(session, [member_id]).get(member_id, [])
    lasting = [each for each in stored if not each.held.is_over(now.date())]
    for each in lasting:
        began_later = each.held.since is not None and each.held.since > yesterday
        after = None if began_later else replace(each.held, until=yesterday)
        correct_role(session, member_id, each.id, after, actor, now)
    return bool(lasting)


def remove_roles(session: Session, member_id: int) -> list[dict[str, object]]:
    """Delete all roles of a member; return them as JSON for the audit log."""
    removed = [_as_json(each.held) for each in roles_of(session, [member_id]).get(member_id, [])]
    session.execute(delete(MemberRole).where(MemberRole.member_id == member_id))
    return removed


def _check(role: HeldRole, others: Sequence[StoredRole]) -> None:
    """Raises MemberError if the role is not valid or overlaps one of the others."""
    if problem := roles_problem([role]):
        raise MemberError(problem)
    if any(role.overlaps(each.held) for each in others):
        raise MemberError(OVERLAP, todo="Correct that role, or choose other dates.")


def _write(session: Session, changes: Mapping[int, Sequence[RoleChange]]) -> None:
    """Insert, update and delete rows: at most one statement each."""
    new, changed, deleted = [], [], []
    for member, found in changes.items():
        for change in found:
            if change.after is None:
                deleted += [change.stored.id] if change.stored else []
                continue
            values = asdict(change.after) | {"source": change.source}
            if change.stored:
                changed.append(values | {"id": change.stored.id})
            else:
                new.append(values | {"member_id": member})
    if new:
        session.execute(insert(MemberRole), new)
    if changed:
        session.execute(update(MemberRole), changed)
    if deleted:
        session.execute(delete(MemberRole).where(MemberRole.id.in_(deleted)))


def _audit(
    session: Session, member_id: int, change: RoleChange, actor: str, reason: str, now: datetime
) -> None:
    line = _audit_record(member_id, change)
    because = {"reason": reason} if reason else {}
    audit_log.write(session, actor, "role", member_id, line.before, {**line.after, **because}, now)


def _audit_record(member_id: int, change: RoleChange) -> AuditRecord:
    return AuditRecord(member_id, _as_json(change.before), _as_json(change.after))


def _as_json(role: HeldRole | None) -> dict[str, object]:
    """The role's values that are set."""
    values = asdict(role) if role else {}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value
    }
