"""Adding, correcting and merging persons, each with an audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bridge.errors import PersonError
from bridge.messages import Message
from bridge.store.members.matching import email_key
from bridge.store.members.profile import move_address_rows
from bridge.store.operations import audit_log
from bridge.store.persons import personal_links
from bridge.store.persons.locking import lock_with_members
from bridge.store.persons.proof import (
    details_before_link,
    has_own_address,
    lose_proof,
    refuse_taken_address,
)
from bridge.store.persons.records import (
    FoundPerson,
    PersonRecord,
    find_or_add,
    lock,
    person_of_member,
    set_texts,
)
from bridge.store.tables.operations import AuditEntry
from bridge.store.tables.persons import Person

MoveRows = Callable[[Session, int, int], None]
"""Moves the rows of one table from a person (first ID) to another (second ID)."""


def add(session: Session, record: PersonRecord, actor: str, now: datetime) -> FoundPerson:
    """Find or add a person for the committee, with an audit entry if anything changed.

    See `find_or_add`.
    """
    found = find_or_add(session, record, now, "committee")
    if found.kept:
        audit_log.write(
            session, actor, "person", None, {"source": "self"}, {"source": "committee"}, now,
            person_id=found.id,
        )  # fmt: skip
    if found.added:
        after = {"name": record.name, "email": record.email}
        audit_log.write(session, actor, "person-added", None, {}, after, now, person_id=found.id)
    return found


def correct(
    session: Session, person_id: int, record: PersonRecord, actor: str, now: datetime
) -> bool:
    """Change a person's details; return False if nothing changed.

    A new address isn't proved, and links sent to the former one stop working. Raises PersonError
    if someone else has the new address, if the person is linked to a member (their details are
    the member's), or if there is no such person.
    """
    person = lock(session, person_id)
    before, after = _details(person), {
        "name": record.name, "email": record.email, "language": record.language,
    }  # fmt: skip
    if before == after:
        return False
    if person.member_id is not None:
        raise PersonError(
            Message("their name and email are those of the member."),
            todo=Message("Correct the member's record."),
        )
    refuse_taken_address(session, person, email_key(record.email))
    former, new = person.email_key, email_key(record.email)
    if former != new:
        person.link = ""
        if has_own_address(session, person):
            move_address_rows(session, former, new)
        lose_proof(session, person, now)
    set_texts(person, record)
    person.updated_at = now
    _flush(session)
    changed = {name: value for name, value in after.items() if before[name] != value}
    replaced = {name: before[name] for name in changed}
    audit_log.write(session, actor, "person", None, replaced, changed, now, person_id=person_id)
    return True


def merge(
    session: Session,
    kept: int,
    removed: int,
    moves: Iterable[MoveRows],
    actor: str,
    now: datetime,
) -> None:
    """Make two entries of the same person one: `kept`, which gets the rows of `removed`.

    `moves`: one for each table with rows of persons. The kept entry keeps its name and, unless
    only the other one is proved, its address. It gets the member of the other if it has none. Links
    sent to the removed entry stop working.
    Raises PersonError if the two are linked to different members, or one of them doesn't exist.
    """
    keep, gone = _lock_both(session, kept, removed)
    before = {"id": removed, **_details(gone), "member_id": gone.member_id}
    member_id, proved = gone.member_id, _proved_address(gone)
    if keep.source == "self":
        keep.source = "committee" if gone.source == "member" else gone.source
    personal_links.end_all(session, removed)
    if keep.proof and has_own_address(session, gone):
        move_address_rows(session, gone.email_key, keep.email_key)
    absorb(session, gone, keep, moves)
    if member_id is not None:
        _give_member(session, keep, member_id, now)
    elif proved and not keep.proof:
        _give_address(session, keep, proved)
    if keep.before_link is not None:
        keep.before_link = {**keep.before_link, "mixed": True}
    audit_log.write(
        session, actor, "person-merged", keep.member_id, before, {}, now, person_id=kept
    )


def absorb(session: Session, gone: Person, keep: Person, moves: Iterable[MoveRows]) -> None:
    """Give all rows of a person to another, and delete the first. Both are locked."""
    for move in moves:
        move(session, gone.id, keep.id)
    entries = update(AuditEntry).where(AuditEntry.person_id == gone.id)
    session.execute(entries.values(person_id=keep.id))
    session.delete(gone)
    session.flush()


def address_after_merging(keep: Person, gone: Person) -> str:
    """The address, in lower case, that `merge` leaves."""
    takes_over = gone.member_id is not None or (bool(gone.proof) and not keep.proof)
    return gone.email_key if takes_over else keep.email_key


def _lock_both(session: Session, kept: int, removed: int) -> tuple[Person, Person]:
    """Lock two entries that may be merged. Raises PersonError if they may not."""
    if kept == removed:
        raise PersonError(Message("an entry can't be merged with itself."), where=f"person {kept}")
    keep, gone = lock_with_members(session, kept, removed)
    if None not in (keep.member_id, gone.member_id):
        raise PersonError(
            Message("the two entries are linked to different members."),
            todo=Message("If that is wrong, remove one of the links first."),
        )
    return keep, gone


def _proved_address(person: Person) -> dict[str, object]:
    """The columns with the address, its proof, and whether a link to a member was removed.

    None if it isn't proved.
    """
    names = ("email", "email_key", "proof", "proved_at", "link") if person.proof else ()
    return {name: getattr(person, name) for name in names}


def _give_address(session: Session, keep: Person, proved: Mapping[str, object]) -> None:
    for name, value in proved.items():
        setattr(keep, name, value)
    personal_links.end_all(session, keep.id)
    session.flush()


def _give_member(session: Session, keep: Person, member_id: int, now: datetime) -> None:
    former, own = keep.email_key, details_before_link(keep)
    keep.member_id, keep.link = member_id, "committee"
    session.flush()
    person_of_member(session, member_id, now)
    if keep.email_key != former:
        keep.before_link = own
        personal_links.end_all(session, keep.id)


def _details(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "language": person.language}


def _flush(session: Session) -> None:
    """Raises PersonError if another process has just taken the address."""
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise PersonError(
            Message("someone else has this email address."), todo=Message("Try again.")
        ) from None
