"""Which of many members have written something in confidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bridge.access.rights import Right
from bridge.features import FEATURES
from bridge.features.registers import all_file_purposes, personal_tables
from bridge.foundations.feature import Feature
from bridge.foundations.files.tables import StoredFile
from bridge.foundations.owners import Owned
from bridge.privacy import right_to_read
from bridge.store.tables.persons import Person


def confidential_owners(
    session: Session,
    member_ids: Collection[int],
    rights: Collection[Right],
    features: Sequence[Feature] = FEATURES,
) -> set[int]:
    """Those of these members who have written something that other rights are needed to read.

    `rights`: as for `erase_person`. As many queries for one member as for 500.
    """
    if not member_ids:
        return set()
    linked = select(Person.id, Person.member_id).where(Person.member_id.in_(member_ids))
    persons = {person: member or 0 for person, member in session.execute(linked)}
    purposes = all_file_purposes(features)
    found: set[int] = set()
    for each in personal_tables(features):
        columns = each.table.columns
        name = "purpose" if each.model is StoredFile else "needs"
        if not issubclass(each.model, Owned) or name not in columns:
            continue
        theirs = or_(columns.member_id.in_(member_ids), columns.person_id.in_(persons))
        query = select(columns.member_id, columns.person_id, columns[name]).where(theirs).distinct()
        for member, person, value in session.execute(query):
            if {right_to_read(each.key, {name: value}, purposes)} - {"", *rights}:
                found.add(member or persons[person])
    return found
