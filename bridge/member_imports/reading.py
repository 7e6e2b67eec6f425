"""Reading an uploaded file: what each row would do. Changes no member."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.config import Region
from bridge.curriculum.model import Curriculum
from bridge.errors import MemberError
from bridge.features import FEATURES
from bridge.foundations.feature import Feature
from bridge.member_csv import AcceptedRow, Notice, RejectedRow, read_member_csv
from bridge.member_imports.confidential import confidential_owners
from bridge.member_imports.record_json import record_as_json, shown_changes, version_of
from bridge.member_records import MemberRecord, email_key, record_warnings
from bridge.membership.known_roles import KnownRoles
from bridge.messages import Message, as_data
from bridge.store.batches import member_imports
from bridge.store.batches.member_imports import RowState
from bridge.store.members.candidates import values_of
from bridge.workflows.member_changes.outcome import own_addresses
from bridge.workflows.member_imports.preview import Outcome, in_batches, preview_records

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_CELL_LENGTH = 500
MAX_NOTES = 20

OWN = Message("it is about you: someone else must import it.")
OWN_ADDRESS = Message("it has your own email address: someone else must import it.")
CONFIDENTIAL = Message(
    "the member has written something that you may not read, so their email can't be changed here. "
    "They can change it themselves, on their page My account."
)
SPLIT = Message(
    "Split it into several files. Or ask the person who runs the server to import it with "
    "`stewardpath members import`."
)


@dataclass(frozen=True, slots=True)
class Office:
    """Who imports members here, and what is known. `now`: in the union's time zone.

    `own`: the member records that are theirs. `rights`: their confidential rights.
    """

    regions: Mapping[str, Region]
    curricula: Sequence[Curriculum]
    known: KnownRoles
    actor: str
    now: datetime
    own: Collection[int] = ()
    rights: Collection[Right] = ()
    features: Sequence[Feature] = FEATURES


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that someone chose, or rows that they pasted. `key`: of the form."""

    name: str
    content: bytes
    key: str


@dataclass(frozen=True, slots=True)
class _Parsed:
    heading: list[str]
    notes: list[str]
    accepted: list[AcceptedRow]
    rejected: list[RejectedRow]


def look_at_file(session: Session, file: UploadedFile, office: Office) -> int:
    """Store what each row of a file would do; return the ID of the import.

    The same person with the same form and the same content stores it once. Raises MemberError if
    the file as a whole can't be read. At most nine queries for each 500 rows, and three.
    """
    key = _key(file, office)
    if (before := member_imports.find_key(session, key)) is not None:
        return before
    parsed = _parse(file, office)
    records = [each.record for each in parsed.accepted]
    found = judge(session, records, [each.line for each in parsed.accepted], office)
    rows = [_accepted_row(*each) for each in zip(parsed.accepted, found, strict=True)]
    rows += [_rejected_row(each) for each in parsed.rejected]
    rows.sort(key=lambda row: int(str(row["line"])))
    values = {
        "key": key, "name": file.name[:200], "heading": list(map(_cell, parsed.heading)),
        "notes": {"notes": [as_data(each) for each in parsed.notes]},
        "counts": {}, "sent_by": office.actor, "sent_at": office.now, "recorded_by": "",
        "recorded_at": None, "undone_by": "", "undone_at": None, "reason": "",
        "rows_deleted_at": None,
    }  # fmt: skip
    stored = member_imports.add(session, values, rows)
    if stored is None:
        return member_imports.find_key(session, key) or 0
    member_imports.save_counts(session, stored)
    return stored


def _key(file: UploadedFile, office: Office) -> str:
    """Of what was sent: a form that someone goes back to, and corrects, is another file."""
    sent = (file.key, office.actor, file.name, file.content)
    return hashlib.sha256(repr(sent).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a record would do, and the version of it."""

    outcome: Outcome
    version: str


def judge(
    session: Session, records: Sequence[MemberRecord], lines: Sequence[int], office: Office
) -> list[Judged]:
    """What each record would do, by the rules of the command line and those for pages.

    `lines`: of the records. Only the first of several records about one member is accepted. At most
    nine queries for each 500 records, and three.
    """
    outcomes = list(preview_records(session, records, office.now.date()))
    repeated = {
        place: _same_member(lines[each.first])
        for place, each in enumerate(outcomes)
        if each.first is not None and each.first != place
    }
    if repeated:
        kept = [place for place in range(len(records)) if place not in repeated]
        again = preview_records(session, [records[place] for place in kept], office.now.date())
        for place, outcome in zip(kept, again, strict=True):
            outcomes[place] = outcome
    stored = _stored(session, [each.member_id for each in outcomes if each.member_id])
    reasons = repeated | _not_allowed(session, outcomes, stored, office)
    return [
        Judged(_refused(each, reasons[place]), "")
        if place in reasons
        else Judged(each, version_of(each, stored.get(each.member_id or 0, {})))
        for place, each in enumerate(outcomes)
    ]


def _stored(session: Session, ids: Sequence[int]) -> dict[int, dict[str, object]]:
    found: dict[int, dict[str, object]] = {}
    for some in in_batches(ids):
        found |= values_of(session, some)
    return found


def _not_allowed(
    session: Session,
    outcomes: Sequence[Outcome],
    stored: Mapping[int, Mapping[str, object]],
    office: Office,
) -> dict[int, Message]:
    """Why outcomes are refused on pages, by place: nobody changes their own record, and nobody gets
    to read what a member wrote in confidence."""
    own = own_addresses(session, office.actor, office.own)
    moved = {
        each.member_id: place
        for place, each in enumerate(outcomes)
        if each.member_id and "email" in (each.values or ())
        and email_key(each.record.email) != email_key(str(stored[each.member_id]["email"]))
    }  # fmt: skip
    found = {
        moved[member]: CONFIDENTIAL
        for some in in_batches(list(moved))
        for member in confidential_owners(session, some, office.rights, office.features)
    }
    for place, each in enumerate(outcomes):
        if each.state not in ("new", "changed"):
            continue
        if each.member_id in office.own:
            found[place] = OWN
        elif email_key(each.record.email) in own:
            found[place] = OWN_ADDRESS
    return found


def _same_member(line: int) -> Message:
    return Message(
        "line %(line)s is about the same member: write everything in one row.", line=str(line)
    )


def _refused(outcome: Outcome, reason: str) -> Outcome:
    return Outcome(outcome.record, "refused", reason)


def _parse(file: UploadedFile, office: Office) -> _Parsed:
    """Raises MemberError if it is no list of members, or too long."""
    if len(file.content) > MAX_BYTES:
        raise MemberError(
            Message("the file is larger than %(size)s MB.", size=str(MAX_BYTES // 1024**2)),
            todo=SPLIT,
        )
    parsed = _Parsed([], [], [], [])
    rows = read_member_csv(
        BytesIO(file.content), office.regions, office.known, on_heading=parsed.heading.extend
    )
    for row in rows:
        match row:
            case Notice():
                parsed.notes.append(row.text)
            case AcceptedRow():
                parsed.accepted.append(row)
            case RejectedRow():
                parsed.rejected.append(row)
        if len(parsed.accepted) + len(parsed.rejected) > MAX_ROWS:
            raise MemberError(
                Message("the file has more than %(rows)s rows.", rows=MAX_ROWS), todo=SPLIT
            )
    warnings = Counter(
        text for row in parsed.accepted for text in record_warnings(row.record, office.known)
    )
    parsed.notes.extend(text for text, _ in warnings.most_common(MAX_NOTES))
    return parsed


def _accepted_row(row: AcceptedRow, judged: Judged) -> dict[str, object]:
    outcome = judged.outcome
    return {
        "line": row.line,
        "state": state_of(outcome),
        "result": "",
        "member_id": outcome.member_id,
        "email_key": email_key(row.record.email),
        "cells": list(map(_cell, row.cells)),
        "record": record_as_json(row.record),
        "version": judged.version,
        "details": {"reason": as_data(outcome.reason), **shown_changes(outcome)},
        "undo": {},
    }


def state_of(outcome: Outcome) -> RowState:
    """The outcome as a row has it."""
    return "question" if outcome.asks else outcome.state


def _rejected_row(row: RejectedRow) -> dict[str, object]:
    emails = (cell for cell in row.cells if "@" in cell)
    return {
        "line": row.line, "state": "refused", "result": "", "member_id": None,
        "email_key": email_key(next(emails, "").strip())[:254],
        "cells": list(map(_cell, row.cells)), "record": {}, "version": "",
        "details": {"reason": as_data(row.reason)}, "undo": {},
    }  # fmt: skip


def _cell(text: str) -> str:
    """A cell as both databases can store it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:MAX_CELL_LENGTH]
