"""Undoing an import within an hour: 500 rows in a transaction, until all are undone.

What someone changed since stays, and the row says what.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.member_imports.confidential import confidential_owners
from bridge.member_imports.reading import Office
from bridge.member_imports.record_json import read_role, role_as_json
from bridge.member_records import PRIVATE_FACTS, email_key
from bridge.messages import Message
from bridge.progress import milestone_renames
from bridge.store.batches import member_imports
from bridge.store.batches.member_imports import UNDO_TIME
from bridge.store.database import Database
from bridge.store.delivery import profiles
from bridge.store.learning import enrolments
from bridge.store.member_changes import import_undo
from bridge.store.members.candidates import values_of
from bridge.store.members.locking import lock_addresses, lock_members
from bridge.store.members.role_changes import RoleChange, StoredRole
from bridge.store.members.roles import change_roles, roles_of
from bridge.store.operations import audit_log
from bridge.store.operations.audit_log import AuditRecord
from bridge.store.persons.proof import follow_members
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.workflows.awards import assess
from bridge.workflows.corrections.decisions import Correction, follow_up, settle
from bridge.workflows.member_changes.outcome import own_addresses
from bridge.workflows.member_imports.preview import BATCH_SIZE
from bridge.workflows.role_lists.recording import lacking_awards, overlaps_another

TOO_LATE = Message("this import is more than an hour old and can't be undone any more.")
NOT_RECORDED = Message("there is no such import.")
NOW_CORRECT = Message("Correct the members on their pages, or import a corrected file.")
OWN, SINCE, USED, CONFIDENTIAL, MERGED = "own", "since", "used", "confidential", "merged"
"""Why a row is left as it is: it is about the person who undoes it; someone changed the member
since; the member has done something since; they wrote something that the person may not read; two
records became one since."""


_RoleDifference = tuple[int, dict[str, object], dict[str, object]]
"""A role that a row changed: its ID, before, after."""


@dataclass(slots=True)
class _Plan:
    """What undoing these rows does, by member ID. `left`: why rows are left, by their ID.

    `restored`: when members were imported who are entirely as before. `rest`: what is still to be
    undone of rows that are left in part, by their ID. `times`: when changed members were imported.
    """

    removed: list[int] = field(default_factory=list)
    values: dict[int, dict[str, object]] = field(default_factory=dict)
    roles: dict[int, list[RoleChange]] = field(default_factory=dict)
    left: dict[int, dict[str, object]] = field(default_factory=dict)
    restored: dict[int, datetime] = field(default_factory=dict)
    rest: dict[int, dict[str, object]] = field(default_factory=dict)
    times: dict[int, datetime] = field(default_factory=dict)


def can_undo(found: MemberImport, now: datetime) -> bool:
    """Whether the hour isn't over, or the undo has begun."""
    if found.recorded_at is None or found.rows_deleted_at is not None:
        return False
    return found.undone_at is not None or now < found.recorded_at + UNDO_TIME


def can_try_again(found: MemberImport, now: datetime) -> bool:
    """Whether rows that were left can be undone now: by someone else, or after other changes."""
    is_undone = found.undone_at is not None and found.rows_deleted_at is None
    return is_undone and found.recorded_at is not None and now < found.recorded_at + UNDO_TIME


def undo_import(database: Database, import_id: int, office: Office, reason: str) -> None:
    """Undo what an import changed, except what was changed since.

    Members that it added are removed, unless they have something else by now. Doing it again goes
    on after a kill; otherwise, within the hour, it tries the rows that were left. Raises
    MemberError if the hour is over, or there is no such import.
    """
    with database.transaction() as session:
        start_undoing(session, import_id, office, reason)
    while True:
        with database.transaction() as session:
            if not undo_batch(session, import_id, office):
                return


def start_undoing(session: Session, import_id: int, office: Office, reason: str) -> None:
    """Note who undoes it and why. Nothing more is recorded from then on. Raises MemberError."""
    found = member_imports.lock(session, import_id)
    if found is None or found.recorded_at is None:
        raise MemberError(NOT_RECORDED)
    if not can_undo(found, office.now):
        raise MemberError(TOO_LATE, todo=NOW_CORRECT)
    if found.undone_at is not None and not _has_left_rows(session, found, office.now):
        return
    member_imports.try_left_again(session, import_id)
    found.undone_by, found.undone_at, found.reason = office.actor, office.now, reason
    found.key = f"undone-{import_id}"
    session.flush()
    after = {"list": import_id, "reason": reason}
    audit_log.write(session, office.actor, "import-undone", None, {}, after, office.now)


def _has_left_rows(session: Session, found: MemberImport, now: datetime) -> bool:
    """Whether only rows that were left are there to be undone, and can be."""
    if not can_try_again(found, now) or member_imports.to_undo(session, found.id, 1):
        return False
    return bool(member_imports.rows_of(session, found.id, 1, results=("left",)))


def undo_batch(session: Session, import_id: int, office: Office) -> int:
    """Undo the next rows; return how many. As many queries for one row as for 500, besides those
    for milestones to decide about."""
    found = member_imports.lock(session, import_id)
    rows = member_imports.to_undo(session, import_id, BATCH_SIZE)
    if found is None or found.undone_at is None:
        return 0
    if not rows:
        member_imports.save_counts(session, import_id)
        return 0
    changed = [each for each in rows if each.result == "recorded" and each.member_id]
    _lock(session, changed)
    plan = _plan(session, changed, office)
    _carry_out(session, plan, office, found.reason)
    asked = [each for each in rows if each.result == "asked"]
    import_undo.drop_questions(session, [(_number(e), _at(e)) for e in asked])
    member_imports.save(session, [_undone(each, plan) for each in rows])
    member_imports.forget_members(session, plan.removed)
    import_undo.remove_members(session, plan.removed)
    member_imports.save_counts(session, import_id)
    return len(rows)


def _undone(row: MemberImportRow, plan: _Plan) -> dict[str, object]:
    left = plan.left.get(row.id, {})
    return {
        "id": row.id, "result": "left" if left else "undone",
        "details": {**row.details, "left": left}, "undo": plan.rest.get(row.id, row.undo),
    }  # fmt: skip


def _lock(session: Session, rows: Sequence[MemberImportRow]) -> None:
    emails = {str(email) for each in rows for part in ("before", "after")
              if (email := _part(each, part).get("email"))}  # fmt: skip
    lock_addresses(session, emails)
    lock_members(session, {each.member_id for each in rows if each.member_id})


def _plan(session: Session, rows: Sequence[MemberImportRow], office: Office) -> _Plan:
    ids = [each.member_id for each in rows if each.member_id]
    plan = _Plan()
    if not ids:
        return plan
    values, roles = values_of(session, ids), roles_of(session, ids)
    created = {e.member_id: _at(e) for e in rows if e.member_id and e.undo["created"]}
    used = import_undo.used_members(session, created)
    moved = {e.member_id for e in rows if "email" in _part(e, "before") and e.member_id}
    secret = confidential_owners(session, moved, office.rights, office.features)
    taken = import_undo.shared_without_number(session, ids)
    mine = own_addresses(session, office.actor, office.own)
    for row in rows:
        member = row.member_id or 0
        if member in office.own or email_key(str(_part(row, "before").get("email", ""))) in mine:
            plan.left[row.id] = {"why": OWN}
        elif row.undo.get("merged"):
            plan.left[row.id] = {"why": MERGED}
        elif row.undo["created"]:
            _plan_removal(plan, row, values[member], roles.get(member, []), member in used)
        else:
            kept = [
                name for name, those in (("email", secret), ("number", taken)) if member in those
            ]
            _plan_change(plan, row, values[member], roles.get(member, []), kept)
            if member in secret and row.id in plan.left:
                plan.left[row.id]["why"] = CONFIDENTIAL
    return plan


def _plan_removal(
    plan: _Plan,
    row: MemberImportRow,
    values: Mapping[str, object],
    roles: Sequence[StoredRole],
    is_used: bool,
) -> None:
    """Remove a member that the import added, if nothing is different since."""
    is_same = all(values[name] == value for name, value in _part(row, "after").items())
    given = {role_id: after for role_id, _, after in _roles(row)}
    has_same_roles = {each.id: role_as_json(each) for each in roles} == given
    if is_used:
        plan.left[row.id] = {"why": USED}
    elif not (is_same and has_same_roles):
        plan.left[row.id] = {"why": SINCE}
    else:
        plan.removed.append(row.member_id or 0)


def _plan_change(
    plan: _Plan,
    row: MemberImportRow,
    values: Mapping[str, object],
    roles: Sequence[StoredRole],
    kept: Collection[str],
) -> None:
    """Give a member the values and roles from before, where nobody changed them since."""
    member, before = row.member_id or 0, _part(row, "before")
    since = [name for name, value in _part(row, "after").items() if values[name] != value]
    back = {n: value for n, value in before.items() if n not in since and n not in kept}
    changes, others = _role_changes(row, roles)
    left = [name for name in before if name not in back]
    if back or changes:
        plan.times[member] = _at(row)
    if back:
        plan.values[member] = back
    if changes:
        plan.roles[member] = changes
    if not (left or others):
        plan.restored[member] = _at(row)
        return
    names = [str((each[2] or each[1])["role"]) for each in others]
    plan.left[row.id] = {"why": SINCE, "fields": left, "roles": names}
    parts = {part: {name: _part(row, part)[name] for name in left} for part in ("before", "after")}
    plan.rest[row.id] = {**row.undo, **parts, "roles": [list(each) for each in others]}


def _role_changes(
    row: MemberImportRow, roles: Sequence[StoredRole]
) -> tuple[list[RoleChange], list[_RoleDifference]]:
    """The changes that undo the row, and those roles of it that someone changed since."""
    stored = {each.id: each for each in roles}
    mine = [each[0] for each in _roles(row) if role_as_json(stored.get(each[0])) == each[2]]
    others = [each for each in roles if each.id not in mine]
    changes, since = [], []
    for role_id, before, after in _roles(row):
        now = stored.get(role_id)
        former = read_role(before, role_id) if before else None
        if role_id not in mine or (former and overlaps_another(former, others)):
            since.append((role_id, before, after))
            continue
        held, source = (former.held, former.source) if former else (None, "csv")
        changes.append(RoleChange(now, held, source))
    return changes, since


def _carry_out(session: Session, plan: _Plan, office: Office, reason: str) -> None:
    actor, now = office.actor, office.now
    changed = sorted(plan.values.keys() | plan.roles.keys())
    if not changed:
        return
    _take_back_awards(session, plan, office)
    stored = roles_of(session, changed)
    lacking = lacking_awards(session, plan.roles, stored, now)
    change_roles(session, plan.roles, actor, now, reason)
    before = values_of(session, plan.values)
    import_undo.write_values(session, plan.values, now)
    lines = [_audit_line(m, before[m], back, reason) for m, back in plan.values.items()]
    audit_log.write_all(session, actor, "member", lines, now)
    follow_members(session, list(plan.values), now)
    profiles.enqueue_corrections(session, list(plan.values), now)
    import_undo.cancel_queued(session, plan.restored)
    follow_up(session, office.curricula, lacking, Correction(actor, now, reason))
    assess(session, office.curricula, changed, now)
    settle(session, office.curricula, changed, actor, now)


def _take_back_awards(session: Session, plan: _Plan, office: Office) -> None:
    """Those that the import gave, before anyone is told. What is still earned is given again."""
    members = import_undo.take_back_awards(session, plan.times)
    if members:
        enrolments.mark_earned(session, members, milestone_renames(office.curricula))


def _audit_line(
    member: int, before: Mapping[str, object], back: Mapping[str, object], reason: str
) -> AuditRecord:
    def shown(values: Mapping[str, object]) -> dict[str, object]:
        return {
            name: "…" if name in PRIVATE_FACTS and values[name] else values[name] for name in back
        }

    return AuditRecord(member, shown(before), {**shown(back), "reason": reason})


def _part(row: MemberImportRow, name: str) -> Mapping[str, object]:
    found = row.undo.get(name)
    return found if isinstance(found, dict) else {}


def _roles(row: MemberImportRow) -> list[_RoleDifference]:
    found = row.undo.get("roles")
    return [(each[0], each[1], each[2]) for each in found] if isinstance(found, list) else []


def _at(row: MemberImportRow) -> datetime:
    return datetime.fromisoformat(str(row.undo["at"]))


def _number(row: MemberImportRow) -> str:
    return str(row.record.get("number", ""))
