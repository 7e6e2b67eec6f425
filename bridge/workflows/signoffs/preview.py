"""What recording a list of sign-offs would do, for each thing that someone typed or ticked."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.orm import Session

from bridge.membership.status import participation
from bridge.store.learning.signoff_batches import signed_off
from bridge.store.members.lookup import FoundMember
from bridge.store.tables.learning import Credit
from bridge.workflows.people_lists.people import (
    People,
    Preview,
    UnclearState,
    find_people,
    preview_of,
)

MeantState = Literal["new", "already", "left", "own"]
"""The states of members who are certainly meant; `already`: they have the sign-off."""
SignoffState = MeantState | UnclearState
SignoffPreview = Preview[MeantState, Credit]


def preview(session: Session, curriculum: str, requirement: str, people: People) -> SignoffPreview:
    """Look up everyone, with the sign-off that they have. Four queries at most."""
    found = find_people(session, people)
    ids = found.ids
    signed = signed_off(session, curriculum, requirement, ids) if ids else {}

    def judge(member: FoundMember) -> MeantState:
        if member.id in people.own:
            return "own"
        if member.id in signed:
            return "already"
        return "new" if participation(member.status).learns else "left"

    return preview_of(found, judge, signed)
