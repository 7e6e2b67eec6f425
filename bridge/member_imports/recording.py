"""Recording a file that was looked at: 500 rows in a transaction, until all are recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.errors import MemberError
from bridge.member_imports.reading import Judged, Office, judge, state_of
from bridge.member_imports.record_json import read_record, role_differences
from bridge.messages import Message, as_data
from bridge.store.batches import member_imports
from bridge.store.batches.member_imports import HOLD_TIME, UNDO_TIME, RowResult
from bridge.store.database import Database
from bridge.store.delivery import deliveries
from bridge.store.members.candidates import values_of
from bridge.store.members.locking import lock_addresses, lock_members
from bridge.store.members.role_changes import StoredRole
from bridge.store.members.roles import roles_of
from bridge.store.operations import audit_log
from bridge.store.tables.member_imports import MemberImport, MemberImportRow
from bridge.workflows.member_imports.preview import BATCH_SIZE
from bridge.workflows.signup import SignupResult, sign_up

CHANGED_SINCE = Message("the record was changed since you looked at it. Import it again.")
NOT_YOURS = Message("someone else uploaded this file. Upload it yourself to import it.")
UNDONE = Message("this import was undone. Upload the file again to import it.")
TOO_LATE = Message(
    "recording this file was interrupted more than an hour ago. Upload it again to import the rest."
)
GONE = Message("this file was deleted, because nobody imported it within an hour.")


@dataclass(frozen=True, slots=True)
class _Members:
    """The values and roles of members at one moment, by ID."""

    values: Mapping[int, Mapping[str, object]]
    roles: Mapping[int, Sequence[StoredRole]]


def record_import(database: Database, import_id: int, office: Office) -> None:
    """Record the rows of a file as they were looked at, those that aren't recorded yet.

    A row is skipped if its member was changed since. Emails and enrolments wait until the import
    can't be undone any more. Raises MemberError if this office may not record it, or if there is no
    such file. After a kill, doing it again goes on where it stopped.
    """
    with database.transaction() as session:
        start_recording(session, import_id, office)
    while True:
        with database.transaction() as session:
            if not record_batch(session, import_id, office):
                return


def start_recording(session: Session, import_id: int, office: Office) -> None:
    """Note who records the file and when: from then on, it can be undone for an hour.

    Going on after a kill doesn't move the hour. Raises MemberError.
    """
    found = member_imports.lock(session, import_id)
    if found is None or found.rows_deleted_at is not None:
        raise MemberError(GONE)
    if found.sent_by != office.actor:
        raise MemberError(NOT_YOURS)
    if found.undone_at is not None:
        raise MemberError(UNDONE)
    if not member_imports.to_record(session, import_id, 1):
        return
    if found.recorded_at is not None and office.now >= found.recorded_at + UNDO_TIME:
        raise MemberError(TOO_LATE)
    if found.recorded_at is None:
        counted = member_imports.count(session, import_id)
        rows = sum(sum(counted.get(state, {}).values()) for state in ("new", "changed"))
        after = {"list": import_id, "count": rows}
        audit_log.write(session, office.actor, "members-imported", None, {}, after, office.now)
        found.recorded_by, found.recorded_at = office.actor, office.now
    session.flush()


def record_batch(session: Session, import_id: int, office: Office) -> int:
    """Record the next rows; return how many. As many queries for one row as for 500."""
    found = member_imports.lock(session, import_id)
    if found is None or found.undone_at is not None:
        return 0
    rows = member_imports.to_record(session, import_id, BATCH_SIZE)
    if not rows:
        member_imports.save_counts(session, import_id)
        return 0
    records = [read_record(each.record) for each in rows]
    lock_addresses(session, {each.email for each in records})
    lock_members(session, {each.member_id for each in rows if each.member_id})
    judged = judge(session, records, [each.line for each in rows], office)
    accepted = [place for place, row in enumerate(rows) if _is_as_looked_at(row, judged[place])]
    known = [m for place in accepted if (m := rows[place].member_id)]
    before = _members(session, known)
    signed = sign_up(
        session, office.curricula, [records[place] for place in accepted],
        regions=office.regions, actor=office.actor, now=office.now,
    )  # fmt: skip
    deliveries.hold(session, [*signed.created, *signed.changed], office.now, _held_until(found))
    after = _members(session, [each for each in signed.ids if each is not None])
    results = [_result(rows[place], number, signed) for number, place in enumerate(accepted)]
    done = {place: _recorded(rows[place], each, before, after, office)
            for place, each in zip(accepted, results, strict=True)}  # fmt: skip
    changes = [done.get(place) or _skipped(row, judged[place]) for place, row in enumerate(rows)]
    member_imports.save(session, changes)
    member_imports.save_counts(session, import_id)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Result:
    """What signing up did with a row. `member_id`: None if it was refused, for this reason."""

    result: RowResult
    member_id: int | None
    reason: str = ""


def _result(row: MemberImportRow, number: int, signed: SignupResult) -> _Result:
    reason = dict(signed.refused).get(number, "")
    if reason and row.state != "question":
        return _Result("skipped", None, reason)
    return _Result("asked" if reason else "recorded", signed.ids[number])


def _is_as_looked_at(row: MemberImportRow, judged: Judged) -> bool:
    return row.state == state_of(judged.outcome) and row.version == judged.version


def _held_until(found: MemberImport) -> datetime:
    return (found.recorded_at or found.sent_at) + HOLD_TIME


def _members(session: Session, ids: Collection[int]) -> _Members:
    if not ids:
        return _Members({}, {})
    return _Members(values_of(session, ids), roles_of(session, ids))


def _recorded(
    row: MemberImportRow, done: _Result, before: _Members, after: _Members, office: Office
) -> dict[str, object]:
    """What the row has from now on: everything that undoing it takes."""
    member = done.member_id or 0
    old, new = before.values.get(member, {}), after.values.get(member, {})
    changed = [name for name in new if name not in old or old[name] != new[name]]
    undo = {
        "at": office.now.isoformat(),
        "created": row.state == "new",
        "before": {name: old.get(name) for name in changed},
        "after": {name: new[name] for name in changed},
        "roles": role_differences(before.roles.get(member, ()), after.roles.get(member, ())),
    }
    values = {"id": row.id, "result": done.result, "undo": undo}
    details = {**row.details, "reason": as_data(done.reason)} if done.reason else row.details
    return values | {"details": details, "member_id": done.member_id or row.member_id}


def _skipped(row: MemberImportRow, judged: Judged) -> dict[str, object]:
    """A row that would do something else by now: it has the reason, and nothing is recorded."""
    reason = judged.outcome.reason or CHANGED_SINCE
    return {
        "id": row.id, "result": "skipped", "undo": {}, "member_id": row.member_id,
        "details": {**row.details, "reason": as_data(reason)},
    }  # fmt: skip
