"""Every table with personal data, of the store and of all features; export, erasure, merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.access.file_purposes import FilePurpose
from bridge.features import FEATURES
from bridge.features.registers import all_file_purposes, personal_tables
from bridge.foundations.feature import Feature
from bridge.foundations.files.tables import StoredFile
from bridge.store import privacy
from bridge.store.persons import changes

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
) -> None:
    """Delete a member. A count of their awards and audit entries without content remain.

    Raises MemberError if there is no such member.
    """
    privacy.erase_member(session, personal_tables(features), member_id, actor, now)


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


def _is_confidential(
    table: str, row: Mapping[str, object], purposes: Mapping[str, FilePurpose]
) -> bool:
    """Whether a row is not for the committee. A file with an unknown purpose is for no one."""
    if table != StoredFile.__tablename__:
        return bool(row.get("needs"))
    purpose = purposes.get(str(row["purpose"]))
    return purpose is None or purpose.content_right is not None


def erase_person(
    session: Session,
    person_id: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
) -> None:
    """Delete a person, but not their member. Audit entries without content remain.

    Raises PersonError if there is no such person.
    """
    privacy.erase_person(session, personal_tables(features), person_id, actor, now)


def merge_persons(
    session: Session,
    kept: int,
    removed: int,
    actor: str,
    now: datetime,
    features: Sequence[Feature] = FEATURES,
) -> None:
    """Make two entries of the same person one: `kept`, which gets all rows of `removed`.

    Raises PersonError if the two are linked to different members, or one of them doesn't exist.
    """
    moves = [each.move for each in personal_tables(features) if each.move is not None]
    changes.merge(session, kept, removed, moves, actor, now)
