"""What a list of roles would do, for each thing that someone typed or ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy.orm import Session

from bridge.membership.status import participation
from bridge.store.members.lookup import FoundMember
from bridge.store.members.role_changes import StoredRole
from bridge.store.members.roles import roles_of
from bridge.workflows.people_lists.people import (
    People,
    Preview,
    UnclearState,
    find_people,
    preview_of,
)
from bridge.workflows.role_lists.request import EndedState, GivenState, RoleRequest

Roles = Sequence[StoredRole]
"""The roles that a line of the preview is about."""
MeantState = GivenState | EndedState | Literal["left", "own"]
"""The states of members who are certainly meant."""
GiveState = GivenState | Literal["left", "own"] | UnclearState
EndState = EndedState | Literal["own"] | UnclearState
RoleState = GiveState | EndState
RolePreview = Preview[MeantState, Roles]


def preview(session: Session, request: RoleRequest, people: People) -> RolePreview:
    """Look up everyone, with the same role as it is stored. Four queries at most."""
    found = find_people(session, people)
    ids = found.ids
    stored = roles_of(session, ids) if ids else {}

    def judge(member: FoundMember) -> MeantState:
        if member.id in people.own:
            return "own"
        if request.action == "give" and not participation(member.status).learns:
            return "left"
        return request.state(stored.get(member.id, ()))

    about = {member: request.about(roles) for member, roles in stored.items()}
    return preview_of(found, judge, {member: roles for member, roles in about.items() if roles})
