"""Changing and deleting roles, and what it means for awards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bridge.curriculum.model import Curriculum
from bridge.membership.roles import HeldRole
from bridge.store.learning import awards
from bridge.store.members import roles
from bridge.store.members.locking import lock_members
from bridge.store.tables.learning import Award
from bridge.workflows.corrections.decisions import Correction, follow_up
from bridge.workflows.dependent_awards import about_role, depending_on_role


def awards_lacking_role(
    session: Session, member_id: int, role_id: int, after: HeldRole | None, now: datetime
) -> list[tuple[Award, str]]:
    """The awards that would lack a role if it were this instead, or deleted (None). Two queries."""
    stored = roles.roles_of(session, [member_id]).get(member_id, [])
    found = next((each.held for each in stored if each.id == role_id), None)
    if found is None:
        return []
    before = [each.held for each in stored]
    others = [each.held for each in stored if each.id != role_id]
    changed = [*others, after] if after else others
    earned = awards.awards_of(session, member_id)
    lacking = depending_on_role(found.role, before, changed, earned, now)
    return [(award, about_role(found.role)) for award in lacking]


def correct_role(
    session: Session,
    curricula: Sequence[Curriculum],
    member_id: int,
    role_id: int,
    after: HeldRole | None,
    correction: Correction,
) -> bool:
    """Change a role, or delete it (None), as the committee; return whether anything changed.

    Call `assess` and `settle` afterwards. Raises MemberError as
    `bridge.store.members.roles.correct_role`.
    """
    actor, now = correction.actor, correction.now
    lock_members(session, [member_id])
    lacking = awards_lacking_role(session, member_id, role_id, after, now)
    changed = roles.correct_role(session, member_id, role_id, after, actor, now, correction.reason)
    if changed:
        follow_up(session, curricula, lacking, correction)
    return changed
