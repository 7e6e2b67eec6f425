"""Every table with personal data, of the store and of all features; export, erasure, and changes of
persons that could show someone else what they wrote in confidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.access.file_purposes import FilePurpose
from bridge.access.rights import CONFIDENTIAL, Right
from bridge.errors import MemberError, NoSuchMember, PersonError
from bridge.features import FEATURES
from bridge.features.registers import all_file_purposes, personal_tables
from bridge.foundations.feature import Feature
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.owners import Owned
from bridge.member_records import email_key
from bridge.messages import Message
from bridge.store import privacy
from bridge.store.auth import team
from bridge.store.members.locking import lock_members
from bridge.store.members.queries import members_by_ids
from bridge.store.persons import changes, member_links
from bridge.store.persons.changes import MoveRows
from bridge.store.persons.locking import lock_with_members
from bridge.store.persons.records import PersonRecord, lock
from bridge.store.tables.persons import Person

PERSONAL_TABLES = personal_tables(FEATURES)
"""A feature gives its tables in its `Feature`."""


def export_member(
    session: Session, member_id: int, features: Sequence[Feature] = FEATURES
) -> dict[str, object]:
    """Return everything stored about a member: rows by table, as values that JSON can hold.

    Raises MemberError if there is no such member.
    """
    return privacy.export_member(session, personal_tables(features), member_id)


def erase_member(
    session: Session,
    member_id: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = CONFIDENTIAL,
) -> int | None:
    """Delete a member. A count of their awards and audit entries without content remain.

    Their entry among the people stays, without the link, if it may be someone else's: then this
    returns its ID. `rights`: as for `erase_person`; by default for a member who does it themselves.
    Raises MemberError if there is no such member, or they have written what takes other rights.
    """
    lock_members(session, [member_id])
    for member in members_by_ids(session, [member_id]).values():
        team.require_no_role(session, member.email)
    left = _leave_uncertain_person(session, member_id, actor, now, features)
    needed = _rights_for(export_member(session, member_id, features), features)
    if uncertain := privacy.uncertain_person(session, member_id):
        needed |= confidential_rights(session, uncertain.id, features)
    if needed - set(rights):
        raise MemberError(
            Message("this member has written something confidential."),
            todo=Message("If they want it erased too, add --confidential."),
        )
    privacy.erase_member(session, personal_tables(features), member_id, actor, now)
    return left


def require_same_reader(
    session: Session,
    member_id: int,
    rights: Collection[Right],
    features: Sequence[Feature] = FEATURES,
) -> None:
    """Raises MemberError if a member has written something confidential.

    Call it in the transaction that gives them another address: its reader could sign in and read
    it. `rights`: as for `erase_person`.
    """
    if _rights_for(export_member(session, member_id, features), features) - set(rights):
        raise MemberError(
            Message("this member has written something that you may not read, so their address "
                    "can't be changed here."),
            todo=Message(
                "They can change it themselves, on their page My account. Or a committee member "
                "who may read it changes it."
            ),
        )  # fmt: skip


def _leave_uncertain_person(
    session: Session, member_id: int, actor: str, now: datetime, features: Sequence[Feature]
) -> int | None:
    """Give a person who may be someone else back their address; return the ID of the entry.

    Not if that address would get to read something confidential that came with another entry.
    """
    person = privacy.uncertain_person(session, member_id)
    if person is None:
        return None
    person = lock(session, person.id)
    mixed = bool(person.before_link and person.before_link.get("mixed"))
    if mixed and confidential_rights(session, person.id, features):
        return None
    return member_links.leave_behind(session, person.id, _moves(features), actor, now)


def export_person(
    session: Session, person_id: int, features: Sequence[Feature] = FEATURES
) -> dict[str, object]:
    """Return everything stored about a person: rows by table, as values that JSON can hold.

    Their member's data is exported separately. Raises PersonError if there is no such person.
    """
    return privacy.export_person(session, personal_tables(features), person_id)


def export_person_for_committee(
    session: Session, person_id: int, features: Sequence[Feature] = FEATURES
) -> dict[str, object]:
    """The same without the rows that are not for the committee, such as a claim's receipts.

    `left_out` has their number. Raises PersonError if there is no such person.
    """
    everything = export_person(session, person_id, features)
    lists = {name: each for name, each in everything.items() if isinstance(each, list)}
    purposes = all_file_purposes(features)
    shown = {
        name: [row for row in each if not _is_confidential(name, row, purposes)]
        for name, each in lists.items()
    }
    left_out = sum(map(len, lists.values())) - sum(map(len, shown.values()))
    return {**everything, **shown, **({"left_out": left_out} if left_out else {})}


def confidential_rights(
    session: Session, person_id: int, features: Sequence[Feature] = FEATURES
) -> frozenset[str]:
    """The confidential rights that reading what a person wrote or uploaded takes.

    Raises PersonError if there is no such person.
    """
    return _rights_for(export_person(session, person_id, features), features)


def _rights_for(everything: Mapping[str, object], features: Sequence[Feature]) -> frozenset[str]:
    """The confidential rights that reading what an export has takes."""
    purposes = all_file_purposes(features)
    own = {each.key for each in personal_tables(features) if issubclass(each.model, Owned)}
    rights = {
        right_to_read(name, row, purposes)
        for name, rows in everything.items()
        if name in own and isinstance(rows, list)
        for row in rows
    }
    return frozenset(rights - {""})


def _is_confidential(
    table: str, row: Mapping[str, object], purposes: Mapping[str, FilePurpose]
) -> bool:
    """Whether a row is not for the committee.

    A file with an unknown purpose is for no one. What a row without a right is about may be a
    confidential form, so it is left out if it says so.
    """
    if table == StoredFile.__tablename__ or "needs" in row:
        return right_to_read(table, row, purposes) != ""
    return bool(row.get("subject"))


def right_to_read(
    table: str, row: Mapping[str, object], purposes: Mapping[str, FilePurpose]
) -> str:
    """The confidential right that reading a row takes, '' for none, a file's purpose if unknown."""
    if table != StoredFile.__tablename__:
        return str(row.get("needs") or "")
    purpose = purposes.get(str(row["purpose"]))
    return str(row["purpose"]) if purpose is None else purpose.content_right or ""


def erase_person(
    session: Session,
    person_id: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = (),
) -> None:
    """Delete a person, but not their member. Audit entries without content remain.

    `rights`: the confidential ones of the person who does it, if they have them for everything.
    Raises PersonError if there is no such person, or they have written what takes other rights: a
    complaint must not disappear without those who handle it.
    """
    person = lock(session, person_id)
    if person.member_id is None:
        team.require_no_role(session, person.email)
    if confidential_rights(session, person_id, features) - set(rights):
        raise PersonError(
            Message("this person has written something that you may not read (ID %(id)s).",
                    id=str(person_id)),
            todo=Message(
                "A committee member who may read it can erase them, or the person who runs the "
                "server: stewardpath persons erase %(id)s --confidential",
                id=str(person_id),
            ),
        )  # fmt: skip
    privacy.erase_person(session, personal_tables(features), person_id, actor, now)


def correct_person(
    session: Session,
    person_id: int,
    record: PersonRecord,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = (),
) -> bool:
    """Change a person's details; return False if nothing changed. See `changes.correct`.

    Raises PersonError as it does, and if someone would get to read what isn't theirs.
    """
    person = lock(session, person_id)
    _refuse_other_reader(session, person, email_key(record.email), rights, features)
    return changes.correct(session, person_id, record, actor, now)


def link_person(
    session: Session,
    person_id: int,
    member_id: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = (),
) -> bool:
    """Link a person to a member; return False if they are linked already.

    See `member_links.link_to_member`. Raises PersonError as it does, and if someone would get to
    read what isn't theirs; MemberError if there is no such member.
    """
    lock_members(session, [member_id])
    member = members_by_ids(session, [member_id]).get(member_id)
    if member is None:
        raise NoSuchMember(Message("there is no such member."), where=f"member {member_id}")
    person = lock(session, person_id)
    _refuse_other_reader(session, person, email_key(member.email), rights, features)
    return member_links.link_to_member(session, person_id, member_id, actor, now)


def unlink_person(
    session: Session,
    person_id: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = (),
) -> int | None:
    """Remove the link to the member; return the ID of the person, None if there is no link.

    See `member_links.unlink`. Raises PersonError as it does, and if someone would get to read what
    isn't theirs.
    """
    person = lock(session, person_id)
    if person.member_id is not None and person.before_link:
        address = email_key(str(person.before_link["email"]))
        _refuse_other_reader(session, person, address, rights, features)
    return member_links.unlink(session, person_id, _moves(features), actor, now)


def merge_persons(
    session: Session,
    kept: int,
    removed: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
    rights: Collection[Right] = (),
) -> None:
    """Make two entries of the same person one: `kept`, which gets all rows of `removed`.

    Raises PersonError as `changes.merge`, and if someone would get to read what isn't theirs.
    """
    if kept != removed:
        keep, gone = lock_with_members(session, kept, removed)
        address = changes.address_after_merging(keep, gone)
        for each in (keep, gone):
            _refuse_other_reader(session, each, address, rights, features)
    changes.merge(session, kept, removed, _moves(features), actor, now)


def _refuse_other_reader(
    session: Session,
    person: Person,
    address: str,
    rights: Collection[Right],
    features: Sequence[Feature],
) -> None:
    """Raises PersonError if another address would get what takes other rights than these.

    What a person wrote is for their address. `address`: the one that the entry would have, in lower
    case. `rights`: those of the person who changes it, if they have them for everything.
    """
    if person.email_key == address:
        return
    if confidential_rights(session, person.id, features) - set(rights):
        raise PersonError(
            Message("this person has written something that you may not read (ID %(id)s).",
                    id=str(person.id)),
            todo=Message(
                "Keep this entry, and use another one for the other address. "
                "A committee member who may read it can make the change."
            ),
        )  # fmt: skip


def _moves(features: Sequence[Feature]) -> list[MoveRows]:
    return [each.move for each in personal_tables(features) if each.move is not None]
